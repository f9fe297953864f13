"""What the database believes of the size of its tables."""

from odoo.tools import SQL

# A query that Odoo makes for invoices takes milliseconds, and minutes if the database
# believes these tables to be empty: until there are so many journal items, each batch
# looks.
ENOUGH_JOURNAL_ITEMS = 10_000
TABLES_OF_QUERY = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
)


def refresh_statistics(env):
    """Let the database know of the rows that this transaction has just made.

    The database itself would count without them, after a rollback it would find nothing
    at all, as would this before there are any. Until the transaction ends nobody else
    takes statistics of these tables.
    """
    env.flush_all()
    env.cr.execute(
        "SELECT reltuples FROM pg_class WHERE oid = 'account_move_line'::regclass"
    )
    (count,) = env.cr.fetchone()
    if count < ENOUGH_JOURNAL_ITEMS:
        tables = SQL(", ").join(map(SQL.identifier, TABLES_OF_QUERY))
        # Whoever is at it already is not waited for: it might wait for us.
        env.cr.execute(SQL("ANALYZE (SKIP_LOCKED) %s", tables))
