"""A real server whose cron workers work on the database of a measurement."""

import contextlib
import os
import re
import signal

from odoo import sql_db

import server
from paths import HOME
from processes import background, wait_until

CRON_WORKERS = 2


class BenchServer:
    """A server that runs.

    :param process: that was started; its children are in its process group
    """

    def __init__(self, process):
        self.process = process

    def find_cron_processes(self):
        """Return the process id of each cron worker, as soon as it can be woken.

        It listens on a connection to the database ``postgres``.
        """
        with contextlib.closing(sql_db.db_connect("postgres").cursor()) as cr:
            cr.execute(
                "SELECT application_name FROM pg_stat_activity "
                "WHERE datname = 'postgres' AND state = 'idle'"
            )
            names = [name for (name,) in cr.fetchall()]
        pids = [int(re.fullmatch(r"odoo-(\d+)|.*", name)[1] or 0) for name in names]
        return [pid for pid in pids if pid and self._is_mine(pid)]

    def _is_mine(self, pid):
        try:
            return os.getpgid(pid) == self.process.pid
        except ProcessLookupError:
            return False

    def kill(self):
        """End all its processes as the kernel does when memory runs out."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def serving(database, *options):
    """Have a server with two cron workers; gives it when they wait to be woken.

    :param options: of Odoo, in addition
    """
    log = server.log_of(database)
    arguments = ["--no-http", "--max-cron-threads", str(CRON_WORKERS), *options]
    with background(
        server.command("server", "--database", database, *arguments),
        log=log,
        cwd=HOME,
        env=server.environment(),
    ) as process:
        bench_server = BenchServer(process)
        wait_until(
            lambda: len(bench_server.find_cron_processes()) == CRON_WORKERS,
            process,
            log=log,
            name="Odoo",
            seconds=120,
        )
        yield bench_server
