"""Odoo as a program: its configuration, one-off runs, and the server."""

import contextlib
import re
import urllib.request

import odoo_source
import postgresql
from paths import ADDONS, CONFIGURATION, DATA, DEV, HOME, PYTHON
from processes import background, clean_environment, execute, wait_until

_TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")


def configure():
    """Write Odoo's configuration file."""
    DATA.mkdir(parents=True, exist_ok=True)
    options = {
        "addons_path": ADDONS,
        "data_dir": DATA,
        "db_host": postgresql.connection()["PGHOST"],
        "db_port": postgresql.connection()["PGPORT"],
        "db_user": postgresql.USER,
        "http_interface": "127.0.0.1",
        "list_db": False,
        "workers": 0,
        "max_cron_threads": 2,
        # Imports of a whole store may run in one request or cron run.
        "limit_time_real": 3600,
        "limit_time_real_cron": 3600,
    }
    lines = (f"{name} = {value}\n" for name, value in options.items())
    CONFIGURATION.write_text("[options]\n" + "".join(lines))


def environment():
    """The environment variables of a program that imports Odoo."""
    return clean_environment(
        ODOO_RC=CONFIGURATION,
        PYTHONPATH=odoo_source.folder(),
        **postgresql.connection(),
    )


def command(*arguments):
    """The command line of `odoo`."""
    return [PYTHON, "-m", "odoo", *arguments]


def install(database, modules, *options):
    """Install modules into a database; return the warnings and errors Odoo logged.

    options: for Odoo. Raises Problem if it fails.
    """
    failure = f"Odoo could not install {', '.join(modules)}."
    return _load(database, ["--init", ",".join(modules), *options], failure)


def update(database, module):
    """Update a module of a database; returns and raises what `install` does."""
    return _load(database, ["--update", module], f"Odoo could not update {module}.")


def _load(database, options, failure):
    options = ["--database", database, *options, "--no-http", "--stop-after-init"]
    return troubles(run(["server", *options], failure))


def shell(database, script, *options):
    """Run a script in an Odoo shell, where it finds our modules; returns its output.

    options: for Odoo.
    """
    return run(
        ["shell", "--database", database, "--no-http", "--log-level", "warn", *options],
        f"A script failed in the database {database}.",
        text=f"import sys\nsys.path.append({str(DEV)!r})\n{script}",
    )


def run(arguments, failure, text=None):
    """Run `odoo` with these arguments to its end; returns its output.

    failure: the sentence to say if it fails. text: what it reads.
    """
    return execute(
        command(*arguments),
        failure,
        lines=30,
        text=text,
        # Odoo's package is a namespace: no other `odoo` may be near.
        cwd=HOME,
        env=environment(),
    )


@contextlib.contextmanager
def serving(database, port):
    """Have Odoo, with its cron workers, serve a database; yields (address, process)."""
    log = log_of(database)
    address = f"http://127.0.0.1:{port}"
    with background(
        command("server", "--database", database, "--http-port", str(port)),
        log=log,
        cwd=HOME,
        env=environment(),
    ) as process:
        wait_until(
            lambda: _answers(address), process, log=log, name="Odoo", seconds=120
        )
        yield address, process


def log_of(database):
    """The name of the log file of the server of a database."""
    return f"server-{database}.log"


def troubles(log):
    """The lines of a log that warn, or report an error with what follows it."""
    found = []
    within = False
    for line in log.splitlines():
        if re.match(r"^\d{4}-\d\d-\d\d ", line):
            within = bool(_TROUBLE.match(line))
        if within:
            found.append(line)
    return found


def _answers(address):
    try:
        urllib.request.urlopen(f"{address}/web/health", timeout=10).close()
    except OSError:
        return False
    return True
