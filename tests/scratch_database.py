"""A database of its own for tests of real processes, made anew for each test.

It always has the same name, so that what is loaded of Odoo, in this process and in
others, stays valid when it is made anew.
"""

import os
import re
import shutil
from contextlib import closing

from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.orm.model_classes import add_to_registry
from odoo.tools import SQL, config

from .process_operations import OPERATIONS

_NAMES = re.compile(r"processes_(\d+)(_prepared)?")


class ScratchDatabase:
    """A copy of the database ``template``, to be thrown away.

    :raise RuntimeError: if the addon has changed since this run of the tests began
    """

    def __init__(self, template):
        self.name = f"processes_{os.getpid()}"
        self._prepared = f"{self.name}_prepared"
        _drop_abandoned()
        if _get_key(template) != _get_key(config["db_name"][0]):
            raise RuntimeError(
                "The addon was changed while its tests ran: run them again."
            )
        _copy(template, self.name)
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

    def prepare(self):
        """Let the database be as it is now whenever it is made anew."""
        sql_db.close_db(self.name)
        _copy(self.name, self._prepared)

    def make_anew(self):
        """Have the database as it was prepared; nobody stays connected to it."""
        sql_db.close_db(self.name)
        _copy(self._prepared, self.name)
        self.registry.clear_all_caches()
        self.registry.reset_changes()
        self.registry.setup_signaling()

    def drop(self):
        """Delete the database and all that belongs to it."""
        Registry.delete(self.name)
        sql_db.close_db(self.name)
        for name in (self.name, self._prepared):
            _drop(name)


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


def _copy(source, database):
    _administer(
        SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(database)),
        SQL(
            "CREATE DATABASE %s TEMPLATE %s",
            SQL.identifier(database),
            SQL.identifier(source),
        ),
    )


def _drop(database):
    _administer(
        SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(database))
    )
    shutil.rmtree(config.filestore(database), ignore_errors=True)


def _drop_abandoned():
    """Drop what test runs have left that were killed."""
    for database in _select("SELECT datname FROM pg_database"):
        match = _NAMES.fullmatch(database)
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
