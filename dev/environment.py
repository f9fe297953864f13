"""Everything the commands need, made ready in order."""

import contextlib
import shutil

import addon_folder
import databases
import debian
import odoo_source
import postgresql
import python_environment
import server
from locks import alone
from messages import Problem
from paths import HOME, ROOT

# Those Odoo's browser tests look for.
_BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


@contextlib.contextmanager
def ready():
    """Have Odoo, a running PostgreSQL and the template databases within the block."""
    if not (ROOT / "__manifest__.py").is_file():
        raise Problem(f"{ROOT} holds no addon: __manifest__.py is missing.")
    with contextlib.ExitStack() as stack:
        with alone("environment"):
            HOME.mkdir(exist_ok=True)
            postgresql.install()
            odoo_source.install()
            python_environment.install()
            addon_folder.refresh()
            stack.enter_context(postgresql.running())
            server.configure()
            databases.prepare()
        yield


def python_only():
    """Make the Python environment and the addon's folder ready, without Odoo."""
    with alone("environment"):
        python_environment.install()
        addon_folder.refresh()


def browser():
    """Make the browser for the tests available; returns its program."""
    if not any(map(shutil.which, _BROWSERS)):
        debian.install(["chromium"])
    return next(filter(None, map(shutil.which, _BROWSERS)))
