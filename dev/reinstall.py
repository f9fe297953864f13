"""`make reinstall`: install, update twice, uninstall, and install again.

A store's orders are imported, delivered, invoiced and paid in between. No log may warn,
nothing of the addon may be left when it is gone, and Odoo's own records stay as they
were.
"""

import databases
import environment
import postgresql
import server
import snapshots
import store
from messages import command, report, say
from paths import ADDON

_FILL = """
import daily_life
daily_life.live_quietly(env, {address!r})
"""
# Where something of a model, or of a module, is named.
_NAMING = (
    ("ir_model", "model"),
    ("ir_model_fields", "model"),
    ("ir_model_fields", "relation"),
    ("ir_model_fields", "name"),
    ("ir_model_data", "module"),
    ("ir_model_data", "model"),
    ("ir_config_parameter", "key"),
    ("ir_attachment", "res_model"),
    ("ir_filters", "model_id"),
    ("ir_exports", "resource"),
    ("ir_act_window", "res_model"),
    ("ir_ui_view", "model"),
    ("ir_act_server", "code"),
    ("ir_act_server", "name::text"),
    ("mail_activity", "res_model"),
    ("mail_activity_type", "res_model"),
    ("mail_followers", "res_model"),
    ("mail_message", "model"),
    ("mail_template", "model"),
    ("ir_cron", "cron_name"),
    ("ir_ui_menu", "name::text"),
    ("res_groups_privilege", "name::text"),
    ("pg_catalog.pg_class", "relname"),
    ("information_schema.columns", "column_name"),
    ("pg_catalog.pg_constraint", "conname"),
)
# What Odoo keeps for itself, and changes whenever a module comes or goes.
_MACHINERY = (
    "(ir|bus|mail|base_module|res_config|res_groups|bigcommerce|rule_group|orm|auth"
    "|res_users_log|res_device|module|wizard|web_tour|digest|discuss|report_layout)"
)


def main():
    with (
        environment.ready(),
        databases.temporary("reinstall", databases.BASE) as database,
        store.serving() as address,
    ):
        failures = list(_check(database, address))
    return report("Reinstall", failures)


def _check(database, address):
    """Yields what failed."""
    structure = _take_structure(database)
    say("Installing …")
    yield from server.install(database, (ADDON,))
    say("Living with it …")
    output = server.shell(database, _FILL.format(address=address))
    yield from server.troubles(output)
    before = _take(database)
    say(f"  {len(before['sale_order'])} orders, {len(before['account_move'])} entries")
    for _time in range(2):
        say("Updating …")
        yield from server.update(database, ADDON)
    yield from _compare("the update", before, _take(database))
    say("Uninstalling …")
    yield from _uninstall(database)
    without = _take(database)
    yield from _compare("uninstalling", before, without)
    yield from _find_left(database)
    left = _take_structure(database) - structure
    yield from (f"It is left: {'.'.join(name)}" for name in sorted(left))
    say("Installing again …")
    yield from server.install(database, (ADDON,))
    yield from _compare("installing again", without, _take(database))


def _uninstall(database):
    output = server.run(
        ["module", "uninstall", "--database", database, ADDON],
        "Odoo could not uninstall the addon.",
    )
    return server.troubles(output)


def _take(database):
    """Odoo's own records."""
    return snapshots.take(database, f"relname !~ '^{_MACHINERY}(_|$)'")


def _take_structure(database):
    """All columns and indexes."""
    rows = postgresql.query(
        "SELECT table_name || ' ' || column_name FROM information_schema.columns"
        " WHERE table_schema = 'public'"
        " UNION SELECT tablename || ' ' || indexname FROM pg_indexes"
        " WHERE schemaname = 'public'",
        database,
    )
    return {tuple(row.split(" ", 1)) for row in rows.splitlines()}


def _compare(event, before, after):
    for difference in snapshots.compare(before, after):
        yield f"By {event}: {difference}"
    for table in before.keys() - after.keys():
        yield f"By {event}: {table} is lost"


def _find_left(database):
    """What still names the addon or its models."""
    for table, column in _NAMING:
        found = postgresql.query(
            f"SELECT count(*) || ' ' || min({column}) FROM {table}"
            f" WHERE {column} ILIKE '%bigcommerce%' HAVING count(*) > 0",
            database,
        ).strip()
        if found and (table, column) != ("ir_model_data", "model"):
            yield f"Left in {table}.{column}: {found}"


if __name__ == "__main__":
    command(main)
