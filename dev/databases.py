"""Prepared databases, kept as templates and copied in a second.

base_template: Odoo's modules alone, made anew when the addon's dependencies, Odoo or
    the Python packages change.
addon_template: a copy of it with the addon installed, made anew when the addon changes.

The comment on a template says what it was made from.
"""

import ast
import contextlib
import hashlib
import os
import shutil

import odoo_source
import postgresql
import python_environment
import server
from locks import alone
from messages import Problem, say
from paths import ADDON, FILESTORE, ROOT, TEMPORARY

BASE = "base_template"
TEMPLATE = "addon_template"
# For the menus, and what people have; the addon does without.
_COMPANIONS = ("sale_management",)
_NOT_IN_DATABASE = {"tests", "dev", "sandbox", "migrations"}
_SUFFIXES = {".py", ".xml", ".csv", ".js", ".scss", ".po", ".html", ".svg", ".png"}
# Compiling these takes a browser test some ten seconds, and each test class anew.
_COMPILE_ASSETS = """
for bundle in (
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_tests",
    "web.assets_frontend_minimal",
    "web.assets_frontend",
    "web.assets_frontend_lazy",
):
    assets = env["ir.qweb"]._get_asset_bundle(bundle)
    assets.css()
    assets.js()
env.cr.commit()
"""
_STOP_AUTOVACUUM = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT oid::regclass FROM pg_class
                 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', name);
    END LOOP;
END $$
"""


def prepare():
    """Bring both templates up to date."""
    manifest = ast.literal_eval((ROOT / "__manifest__.py").read_text())
    modules = (*manifest["depends"], *_COMPANIONS)
    base = _digest(
        [odoo_source.folder(), odoo_source.version(), python_environment.key(), modules]
    )
    if key(BASE) != base:
        say("Installing Odoo's modules, once, for about a minute …")
        _make(BASE, base, None, modules)
    addon = _digest([base, *(file.read_bytes() for file in _files())])
    if key(TEMPLATE) != addon:
        say("Installing the addon …")
        troubles = _make(TEMPLATE, addon, BASE, (ADDON,))
        if troubles:
            drop(TEMPLATE)
            raise Problem(
                "Odoo warned when the addon was installed:\n" + "\n".join(troubles[:40])
            )


def key(database):
    """What a database was made from; empty if it is unknown or does not exist."""
    return postgresql.query(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        f" WHERE datname = '{database}'"
    )


def is_current(database):
    """Whether a database was made from the present addon template."""
    return key(database) == key(TEMPLATE)


def create(database, template=TEMPLATE):
    """Make a database anew as a copy of a template."""
    with alone("environment"):
        _copy(template, database)
        _set_key(database, key(template))


@contextlib.contextmanager
def temporary(purpose, template=TEMPLATE):
    """A copy of a template for one block; yields its name.

    What is put into the folder `TEMPORARY / name` goes with it.
    """
    drop_abandoned(purpose)
    database = f"{purpose}_{os.getpid()}"
    create(database, template)
    try:
        yield database
    finally:
        drop(database)


def stop_autovacuum(database):
    """Let nobody take statistics of a database.

    A test is one long transaction. To whom takes them meanwhile its tables look empty,
    and a query that Odoo makes for each invoice then takes minutes.
    """
    postgresql.query(_STOP_AUTOVACUUM, database)


def drop(database):
    """Delete a database and its files."""
    postgresql.program("dropdb", "--if-exists", "--force", database)
    shutil.rmtree(FILESTORE / database, ignore_errors=True)
    shutil.rmtree(TEMPORARY / database, ignore_errors=True)


def drop_abandoned(purpose):
    """Drop the temporary databases of processes that were killed."""
    names = postgresql.query(
        f"SELECT datname FROM pg_database WHERE datname ~ '^{purpose}_[0-9]+$'"
    )
    for name in names.split():
        if not os.path.exists(f"/proc/{name.rpartition('_')[2]}"):
            drop(name)


def _make(database, wanted, source, modules):
    """Make a template; returns what Odoo warned of."""
    if source:
        _copy(source, database)
    else:
        drop(database)
    troubles = server.install(database, modules)
    server.shell(database, _COMPILE_ASSETS)
    # Last, so that an interrupted attempt is not taken for a template.
    _set_key(database, wanted)
    return troubles


def _copy(source, database):
    drop(database)
    postgresql.program("createdb", "--template", source, database)
    # Odoo names its files by their content and never changes one: links will do.
    shutil.copytree(FILESTORE / source, FILESTORE / database, copy_function=os.link)


def _set_key(database, wanted):
    postgresql.query(f"COMMENT ON DATABASE \"{database}\" IS '{wanted}'")


def _files():
    """The addon's files that make a difference for its database."""
    for folder, folders, names in os.walk(ROOT):
        if folder == str(ROOT):
            folders[:] = set(folders) - _NOT_IN_DATABASE
        folders[:] = sorted(n for n in folders if n[0] not in "._")
        for name in sorted(names):
            if os.path.splitext(name)[1] in _SUFFIXES:
                yield ROOT / folder / name


def _digest(parts):
    digest = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else str(part).encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()
