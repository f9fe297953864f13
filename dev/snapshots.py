"""What a database holds of the connector, to compare it before and after."""

import json
from typing import NamedTuple

import postgresql

# Beside the connector's own tables.
_TABLES = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_tax",
    "res_partner",
    "sale_order",
    "sale_order_line",
    "stock_move",
    "stock_picking",
)
# An update writes the records of data files, changed or not.
_IGNORED = {"write_date", "write_uid"}


class Difference(NamedTuple):
    """A value that has changed; without a column, a row that came or went."""

    table: str
    row: str
    column: str = ""
    before: object = None
    after: object = None

    def __str__(self):
        if not self.column:
            return f"{self.table} {self.row} {'is new' if self.after else 'is lost'}"
        values = f"{self.before!r:.100} -> {self.after!r:.100}"
        return f"{self.table} {self.row}: {self.column} {values}"


def take(database, which=None):
    """All rows, as dictionaries: table -> id -> row.

    which: the condition on the tables' names, the connector's and what it makes if left
    out.
    A relation has no ids: its rows stand for themselves.
    """
    which = which or f"relname LIKE 'bigcommerce\\_%' OR relname IN {_TABLES}"
    names = postgresql.query(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND"
        f" relnamespace = 'public'::regnamespace AND ({which})",
        database,
    ).split()
    snapshot = {}
    for name in names:
        lines = postgresql.query(f'SELECT to_jsonb(t) FROM "{name}" t', database)
        rows = map(json.loads, filter(None, lines.split("\n")))
        snapshot[name] = {str(row.get("id", row)): row for row in rows}
    return snapshot


def compare(before, after):
    """The differences in what both know: rows of common tables, values of columns."""
    found = []
    for table in before.keys() & after.keys():
        former, latter = before[table], after[table]
        found += [Difference(table, row, after=True) for row in latter.keys() - former]
        found += [Difference(table, row, before=True) for row in former.keys() - latter]
        for row in former.keys() & latter.keys():
            found += [
                Difference(table, row, column, former[row][column], latter[row][column])
                for column in (former[row].keys() & latter[row].keys()) - _IGNORED
                if former[row][column] != latter[row][column]
            ]
    return found
