"""A program that keeps Odoo loaded, and makes worker processes of itself on demand.

Its arguments are a database and a file for the log. It reads one JSON object per line:
the plan of a worker, or ``{}`` to be ready for what is in the database now. It writes
one per line: ``{}`` when it is ready, ``{"pid"}`` for a worker made, ``{"pid",
"status"}`` for a worker ended, by a signal if it is negative. It ends, and its workers
with it, when its input does.

A worker calls what a cron thread of a server calls, again and again. A plan::

    {
        "points": [
            {"model", "method", "after": whether at its end and not at its beginning,
             "nth": at which such call, 0 for each,
             "key": only calls about the queue line of this key, null for all,
             "action": "kill" | "pause" | "note",
             "name": of a pause, until the file "{name}.go" is there},
        ],
        "page_size": orders on a page of the store's list, null for as many as usual,
        "backoff": seconds between repeats of a request, null for as many as usual,
        "timeout": seconds that an exchange may take, null for as many as usual,
        "folder": where pauses and notes are,
        "seconds": after which it ends at the latest,
    }
"""

import functools
import json
import logging
import os
import select
import signal
import sys
import time
from importlib import import_module
from pathlib import Path

import odoo.api
import odoo.http
import odoo.models
import odoo.service.server
from odoo import SUPERUSER_ID, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

ADDON = "odoo.addons.bigcommerce_connector"
PAUSE_SECONDS = 30
# Not empty once SIGTERM has come.
STOPPING = []

_logger = logging.getLogger(f"{ADDON}.tests.worker_process")


def load(database):
    """Load Odoo as a server does, and let go of the database."""
    config.parse_config(
        ["--database", database, "--no-http", "--log-level", "info"], setup_logging=True
    )
    odoo.service.server.load_server_wide_modules()
    registry = Registry(database)
    # Not before Odoo knows where its addons are.
    scratch_database = import_module(f"{ADDON}.tests.scratch_database")
    with registry.cursor() as cr:
        scratch_database.add_operations(registry, cr)
    warm_up(database)


def warm_up(database):
    """Let Odoo work out what every worker would work out for itself."""
    registry = Registry(database).check_signaling()
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, SUPERUSER_ID, {})
        env["bigcommerce.engine"]._recover(env["ir.cron"])
        env["sale.order"].create({"partner_id": env.user.partner_id.id})
        env.flush_all()
        cr.rollback()
    sql_db.close_all()


def serve(database):
    """Make workers until the input ends."""
    workers = set()
    text = b""
    while True:
        ready, _, _ = select.select([0], [], [], 0.02 if workers else None)
        if ready:
            received = os.read(0, 65536)
            if not received:
                break
            *plans, text = (text + received).split(b"\n")
            for plan in map(json.loads, plans):
                if not plan:
                    warm_up(database)
                    tell()
                    continue
                pid = os.fork()
                if not pid:
                    become_worker(database, plan)
                workers.add(pid)
                tell(pid=pid)
        reap(workers)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)


def reap(workers):
    """Tell of the workers that have ended."""
    while workers:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            break
        workers.discard(pid)
        tell(pid=pid, status=os.waitstatus_to_exitcode(status))


def tell(**message):
    os.write(1, json.dumps(message).encode() + b"\n")


def become_worker(database, plan):
    """Work as the plan says; never returns."""
    status = 1
    try:
        signal.signal(signal.SIGTERM, lambda *_: STOPPING.append(True))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        # Whoever hangs ends by SIGALRM.
        signal.alarm(plan["seconds"])
        os.dup2(2, 1)
        os.close(0)
        work(database, plan)
        status = 0
    except BaseException:
        _logger.exception("Worker %s", os.getpid())
    finally:
        logging.shutdown()
        os._exit(status)


def work(database, plan):
    """Do what is due until SIGTERM comes."""
    if plan["page_size"]:
        client = import_module(f"{ADDON}.client.client").BigCommerceClient
        client.iterate_orders.__kwdefaults__["limit"] = plan["page_size"]
    transport = import_module(f"{ADDON}.client.transport")
    if plan["backoff"] is not None:
        transport.backoff = lambda *_arguments, **_options: plan["backoff"]
    if plan["timeout"] is not None:
        transport.Transport.__init__.__kwdefaults__["timeout"] = plan["timeout"]
    registry = Registry(database)
    for point in plan["points"]:
        Point(plan["folder"], **point).install(registry)
    while not STOPPING:
        # What the cron thread of a server calls.
        registry["ir.cron"]._process_jobs(database)
        time.sleep(0.02)


class Point:
    """A place in the program where something is to happen."""

    def __init__(self, folder, model, method, after, nth, key, action, name):
        self.folder = Path(folder)
        self.model = model
        self.method = method
        self.after = after
        self.nth = nth
        self.key = key
        self.act = getattr(self, action)
        self.name = name
        self.calls = 0

    def install(self, registry):
        model_class = registry[self.model]
        original = getattr(model_class, self.method)

        @functools.wraps(original)
        def replacement(model, *args, **kwargs):
            if not self.after:
                self.reach(model, args)
            result = original(model, *args, **kwargs)
            if self.after:
                self.reach(model, [result, *args])
            return result

        setattr(model_class, self.method, replacement)

    def reach(self, model, values):
        lines = []
        if self.key or self.act == self.note:
            lines = self.describe_lines(model, values)
        if self.key and self.key not in [line["key"] for line in lines]:
            return
        self.calls += 1
        if self.nth in (0, self.calls):
            self.act(lines)

    @staticmethod
    def describe_lines(model, values):
        """Say of which queue lines a call is, without a look into its transaction."""
        line_ids = [
            line_id
            for value in values
            if isinstance(value, odoo.models.BaseModel)
            and value._name == "bigcommerce.queue.line"
            for line_id in value.ids
        ]
        with model.pool.cursor() as cr:
            env = odoo.api.Environment(cr, SUPERUSER_ID, {})
            return (
                env["bigcommerce.queue.line"]
                .browse(list(dict.fromkeys(line_ids)))
                .exists()
                .read(["key", "lane", "operation", "instance_id"], load=None)
            )

    def kill(self, _lines):
        os.kill(os.getpid(), signal.SIGKILL)

    def pause(self, _lines):
        """Wait at a point until the test lets all go on that wait there."""
        (self.folder / f"{self.name}.{os.getpid()}").touch()
        end = time.monotonic() + PAUSE_SECONDS
        while not (self.folder / f"{self.name}.go").exists():
            if time.monotonic() > end:
                _logger.error("Nobody let %s go on", self.name)
                os._exit(1)
            time.sleep(0.01)

    def note(self, lines):
        """Add to the journal that all workers share."""
        note = {
            "at": time.monotonic(),
            "pid": os.getpid(),
            "method": self.method,
            "after": self.after,
            "lines": lines,
        }
        journal = os.open(
            self.folder / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT
        )
        os.write(journal, json.dumps(note).encode() + b"\n")
        os.close(journal)


def main():
    database, log = sys.argv[1:]
    # Odoo's test classes end the children of their process.
    if os.fork():
        return
    # It waits for a worker that has only just been made.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 2)
    load(database)
    tell()
    serve(database)


if __name__ == "__main__":
    main()
