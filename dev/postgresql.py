"""A PostgreSQL cluster of this checkout alone.

It listens on a socket in its own folder and on no port, so that checkouts never meet.
It is started on demand and stopped when the last command that uses it ends.
"""

import contextlib
import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import debian
from locks import alone, shared
from messages import Problem
from paths import HOME, ROOT
from processes import clean_environment, execute

# Odoo refuses to work as the role `postgres`.
USER = "odoo"
_LOCK = "postgresql"
# The kernel takes no longer path for a socket.
_LONGEST_SOCKET = 107
# The databases here can be made again at any time: speed before safety.
_SETTINGS = (
    "listen_addresses=''",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=256MB",
    # A test is one long transaction, whose tables look larger with every test: queries
    # would be compiled that are over in no time.
    "jit=off",
)


def install():
    """Make PostgreSQL's programs available."""
    if not _programs():
        debian.install(["postgresql"])


@contextlib.contextmanager
def running():
    """Have the server running within the block."""
    with shared(_LOCK, last=stop):
        _start()
        yield


def connection():
    """The environment variables with which PostgreSQL's programs find the server."""
    return {"PGHOST": _home(), "PGUSER": USER, "PGPORT": 5432}


def program(name, *arguments):
    """Run one of PostgreSQL's client programs and return what it printed."""
    return execute(
        [_programs() / name, *arguments],
        f"PostgreSQL's {name} failed.",
        lines=5,
        env=clean_environment(**connection()),
    )


def query(statement, database="postgres"):
    """The answer to one statement, as text."""
    return program("psql", "-XAtqd", database, "-c", statement).strip()


def stop():
    """Stop the server if it runs."""
    if _control("status", check=False):
        _control("stop", "--mode", "fast")


def remove():
    """Stop the server and delete its data."""
    with alone(_LOCK, "A command of this checkout is running: end it first."):
        if _programs():
            stop()
        shutil.rmtree(_home(), ignore_errors=True)


def _start():
    if _control("status", check=False):
        return
    if not (_data() / "PG_VERSION").exists():
        _create()
    options = " ".join(f"-c {setting}" for setting in _SETTINGS)
    _control("start", "--log", _home() / "server.log", "-o", f"-k {_home()} {options}")


def _create():
    home = _home()
    home.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    shutil.rmtree(_data(), ignore_errors=True)
    execute(
        [_programs() / "initdb", "--pgdata", _data(), "--username", USER]
        + ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"],
        "PostgreSQL's cluster could not be made.",
        lines=5,
        cwd="/",
        **_owner(),
    )


def _control(*arguments, check=True):
    """Run pg_ctl; return whether it succeeded."""
    # The server keeps the output open, hence a file instead of a pipe.
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(
            [_programs() / "pg_ctl", "--pgdata", _data(), "--wait", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=clean_environment(),
            check=False,
            **_owner(),
        )
        output.seek(0)
        if check and result.returncode:
            raise Problem(
                f"PostgreSQL did not {arguments[0]} (see {_home() / 'server.log'}; "
                f"`make clean` starts anew): {output.read().strip()}"
            )
    return result.returncode == 0


def _programs():
    """The folder of PostgreSQL's programs, the newest release's; None without them."""
    releases = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(releases, key=lambda file: int(file.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).parent if found else None


def _owner():
    """Options of a process of the server: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _data():
    return _home() / "data"


@functools.cache
def _home():
    """The cluster's folder: ours, or a temporary one where ours will not do.

    That is when the path is too long for a socket, or when the server's user may not
    enter the checkout.
    """
    inside = HOME / "postgresql"
    socket = inside / ".s.PGSQL.5432"
    if len(os.fsencode(socket)) <= _LONGEST_SOCKET and _may_enter(HOME):
        return inside
    digest = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"bigcommerce_connector-{digest}"


def _may_enter(folder):
    test = subprocess.run(["test", "-x", folder], cwd="/", check=False, **_owner())
    return test.returncode == 0
