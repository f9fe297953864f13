"""A database of its own for tests of real processes.

Making a database anew for each test would take most of their time: what a test has
changed is put back instead, table by table.
"""

import io
import os
import re
import shutil
import time
from contextlib import closing, contextmanager

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.orm.model_classes import add_to_registry
from odoo.tools import SQL, config

from .process_operations import OPERATIONS

_NAME = re.compile(r"processes_(\d+)(_copy)?")


class ScratchDatabase:
    """A copy of the database ``template``, to be thrown away.

    :raise RuntimeError: if the addon has changed since this run of the tests began
    """

    def __init__(self, template):
        self.name = f"processes_{os.getpid()}"
        # By the name of what was noted: table -> content.
        self._noted = {}
        self._current = ""
        self._marks = {}
        _drop_abandoned()
        if _get_key(template) != _get_key(config["db_name"][0]):
            raise RuntimeError(
                "The addon was changed while its tests ran: run them again."
            )
        _administer(
            SQL(
                "CREATE DATABASE %s TEMPLATE %s",
                SQL.identifier(self.name),
                SQL.identifier(template),
            )
        )
        shutil.copytree(
            config.filestore(template),
            config.filestore(self.name),
            copy_function=os.link,
            dirs_exist_ok=True,
        )
        self.registry = self._load()

    def _load(self):
        test_enable = config["test_enable"]
        # Or the tests of all modules would be run.
        config["test_enable"] = False
        try:
            registry = Registry(self.name)
        finally:
            config["test_enable"] = test_enable
        with registry.cursor() as cr:
            add_operations(registry, cr)
        return registry

    def prepare(self, name=""):
        """Note what is in the database now, to be put back by this name."""
        contents = {}
        with self.registry.cursor() as cr:
            self._marks = _get_marks(cr, _get_tables(cr))
            for table in self._marks:
                content = io.BytesIO()
                cr._obj.copy_expert(f'COPY "{table}" TO STDOUT', content)
                contents[table] = content.getvalue()
        self._noted[name] = contents
        self._current = name

    def is_prepared(self, name=""):
        """Whether something was noted by this name."""
        return name in self._noted

    def put_back(self, name=""):
        """Put back what was noted; whoever else is connected is cut off."""
        contents, others = self._noted[name], self._noted[self._current]
        self._current = name
        sql_db.close_db(self.name)
        _disconnect(self.name)
        with self.registry.cursor() as cr:
            marks = _get_marks(cr, self._marks)
            changed = [
                table
                for table in marks
                if marks[table] != self._marks[table]
                or contents[table] != others[table]
            ]
            # Without triggers, so that references do not matter meanwhile.
            cr.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                cr.execute(SQL("DELETE FROM ONLY %s", SQL.identifier(table)))
                content = io.BytesIO(contents[table])
                cr._obj.copy_expert(f'COPY "{table}" FROM STDIN', content)
            self._marks.update(_get_marks(cr, changed))
        self.registry.clear_all_caches()
        self.registry.reset_changes()
        self.registry.setup_signaling()

    @contextmanager
    def copied(self):
        """Have a copy of the database as it is now; gives its name."""
        name = f"{self.name}_copy"
        sql_db.close_db(self.name)
        _disconnect(self.name)
        _administer(
            SQL(
                "CREATE DATABASE %s TEMPLATE %s",
                SQL.identifier(name),
                SQL.identifier(self.name),
            )
        )
        try:
            yield name
        finally:
            sql_db.close_db(name)
            _drop(name)

    def drop(self):
        """Delete the database and all that belongs to it."""
        Registry.delete(self.name)
        sql_db.close_db(self.name)
        _drop(self.name)


def add_operations(registry, cr):
    """Let a registry know the operations that only tests have."""
    for operation in OPERATIONS:
        add_to_registry(registry, operation)
    registry._setup_models__(cr, [])
    # That is nobody else's business.
    registry.registry_invalidated = False


def _administer(*statements):
    with closing(sql_db.db_connect("postgres").cursor()) as cr:
        # Databases are not made in a transaction.
        cr._cnx.autocommit = True
        for statement in statements:
            cr.execute(statement)


def _get_tables(cr):
    cr.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = current_schema::regnamespace"
    )
    return [table for (table,) in cr.fetchall()]


def _get_marks(cr, tables):
    """Return by what it is seen that tables have changed: table -> mark.

    A row that is written has a new transaction number, one that is deleted is missing.
    """
    if not tables:
        return {}
    cr.execute(
        SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s, count(*), max(xmin::text::bigint) FROM %s",
                table,
                SQL.identifier(table),
            )
            for table in tables
        )
    )
    return {table: mark for table, *mark in cr.fetchall()}


def _disconnect(database):
    """End all connections to a database, and wait until they have ended."""
    while _select(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
        database,
    ):
        time.sleep(0.01)


def _drop(database):
    _administer(
        SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(database))
    )
    shutil.rmtree(config.filestore(database), ignore_errors=True)


def _drop_abandoned():
    """Drop what test runs have left that were killed."""
    for database in _select("SELECT datname FROM pg_database"):
        match = _NAME.fullmatch(database)
        if match and not os.path.exists(f"/proc/{match[1]}"):
            _drop(database)


def _get_key(database):
    """Return what a database was made from, as the development commands note it."""
    return _select(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = %s",
        database,
    )


def _select(query, *parameters):
    """Return the first column of a query about the server."""
    with closing(sql_db.db_connect("postgres").cursor()) as cr:
        cr.execute(query, parameters)
        return [value for (value,) in cr.fetchall()]
