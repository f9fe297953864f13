"""Tests of what happens between real processes, on a database of their own.

A worker is a process that calls what a cron thread of a server calls, and dies, pauses
or takes notes where the test wants it to (``worker_process.py``). A server is a server.
Nothing here is on Odoo's test cursor: what one process commits the others see.
"""

import atexit
import functools
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from unittest import SkipTest

from psycopg2.extensions import TransactionRollbackError

from odoo import SUPERUSER_ID, api, fields, sql_db
from odoo.tests import BaseCase, tagged
from odoo.tools import SQL, mute_logger

from .common import SandboxStore
from .scratch_database import ScratchDatabase

TEMPLATE = "BIGCOMMERCE_TEST_TEMPLATE"
ENGINE = "bigcommerce.engine"
# Seconds that anything that a test waits for may take on a busy machine.
PATIENCE = 90


def point(action, method, model=ENGINE, *, after=False, nth=1, key=None, name=None):
    """Return a place in a worker's program; see ``worker_process.py``."""
    return {
        "action": action,
        "method": method,
        "model": model,
        "after": after,
        "nth": nth,
        "key": key,
        "name": name,
    }


dies = functools.partial(point, "kill")
pauses = functools.partial(point, "pause")


def takes_notes(model, *methods):
    """Return the points at which a worker notes when it enters and leaves methods."""
    return [
        point("note", method, model, after=after, nth=0)
        for method in methods
        for after in (False, True)
    ]


def read_end(log, start=0):
    """Return the last lines of a log file, none from before ``start``."""
    with open(log) as file:
        file.seek(start)
        return "\n".join(file.read().splitlines()[-60:])


class Worker:
    """A worker process.

    :ivar status: its exit status, negative for a signal; None while it lives
    """

    def __init__(self, workers, pid):
        self._workers = workers
        self.pid = pid
        self.status = None

    def kill(self):
        self._signal(signal.SIGKILL)

    def stop(self):
        """Let it end after what it is doing, and wait for that."""
        self._signal(signal.SIGTERM)
        return self.wait()

    def wait(self, seconds=PATIENCE):
        """Wait until it has ended, and return its status; None if it has not."""
        end = time.monotonic() + seconds
        while self.status is None and time.monotonic() < end:
            self._workers.listen(0.05)
        return self.status

    def _signal(self, number):
        self._workers.listen(0)
        if self.status is None:
            os.kill(self.pid, number)


class Workers:
    """The program that makes workers, as long as this process lives."""

    def __init__(self, database, log):
        program = Path(__file__).with_name("worker_process.py")
        self._program = subprocess.Popen(
            [sys.executable, str(program), database, str(log)],
            cwd=log.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._log = log
        # The latest of each process number, and of all.
        self._workers = {}
        self._latest = None
        self._text = b""
        self._is_ready = False
        # It goes on in a child of its own.
        self._program.wait()

    def start(self, plan):
        """Make a worker that follows a plan."""
        self._latest = None
        self._tell(plan)
        self._listen_until(lambda: self._latest)
        return self._latest

    def warm_up(self):
        """Let workers made from now on know what is in the database now."""
        self._tell({})
        self._is_ready = False
        self._wait_until_ready()

    def _wait_until_ready(self):
        self._listen_until(lambda: self._is_ready)

    def _tell(self, message):
        self._wait_until_ready()
        self._program.stdin.write(json.dumps(message).encode() + b"\n")
        self._program.stdin.flush()

    def listen(self, seconds):
        """Hear what the program tells within so many seconds."""
        output = self._program.stdout.fileno()
        if not select.select([output], [], [], seconds)[0]:
            return
        received = os.read(output, 65536)
        if not received:
            raise RuntimeError(
                "The program that makes workers has ended:\n" + read_end(self._log)
            )
        *messages, self._text = (self._text + received).split(b"\n")
        for message in map(json.loads, messages):
            if not message:
                self._is_ready = True
            elif "status" in message:
                self._workers[message["pid"]].status = message["status"]
            else:
                self._latest = Worker(self, message["pid"])
                self._workers[message["pid"]] = self._latest

    def _listen_until(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError(
                    "The program that makes workers does not answer:\n"
                    + read_end(self._log)
                )
            self.listen(0.05)

    def close(self):
        self._program.stdin.close()
        self._program.stdout.close()


class Scene:
    """What all these tests share: database, workers, and the store."""

    def __init__(self, template):
        self._folder = tempfile.TemporaryDirectory(prefix="processes-")
        self.log = Path(self._folder.name) / "log"
        self.log.touch()
        self.database = ScratchDatabase(template)
        self.workers = Workers(self.database.name, self.log)
        self.store = SandboxStore()
        atexit.register(self.close)

    @classmethod
    @functools.cache
    def get(cls, template):
        """Return the one that there is, made when it is asked for first."""
        return cls(template)

    def prepare(self, name=""):
        """Let the tests that name it begin with the database as it is now."""
        self.workers.warm_up()
        self.database.prepare(name)

    @functools.cached_property
    def other_store(self):
        """Another store, for the tests that need a second one."""
        store = SandboxStore()
        atexit.register(store.stop)
        return store

    def close(self):
        self.workers.close()
        self.store.stop()
        self.database.drop()
        self._folder.cleanup()


@tagged("post_install", "-at_install")
class ProcessCase(BaseCase):
    """A test with real processes: a confirmed store, its listings imported, no orders.

    Of Odoo's scheduled actions only those of the addon are active.
    """

    # The name of what the database is when a test begins.
    _beginning = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = os.environ.get(TEMPLATE)
        if not template:
            raise SkipTest(
                "Tests of real processes need a database to copy: run `make test`."
            )
        cls.scene = Scene.get(template)
        cls.registry = cls.scene.database.registry
        cls.store = cls.scene.store

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="processes-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.log_start = self.scene.log.stat().st_size
        self.workers = []
        self.addCleanup(self._end_workers)
        if not self.scene.database.is_prepared(self._beginning):
            self._prepare()
        self.scene.database.put_back(self._beginning)
        self.store.reset()
        self.store.delete("v2/orders")
        with self.transaction() as env:
            self.instance_id = self.find_instance(env, self.store).id

    def _prepare(self):
        """Make what every test of a beginning begins with."""
        self._prepare_store()

    def _prepare_store(self):
        with self.transaction() as env:
            env.cr.execute(
                SQL(
                    """
                    UPDATE ir_cron SET active = FALSE
                     WHERE id NOT IN (SELECT res_id FROM ir_model_data
                                       WHERE module = 'bigcommerce_connector'
                                         AND model = 'ir.cron')
                    """
                )
            )
            instance = self.create_instance(env, self.store)
        with self.transaction() as env:
            instance.with_env(env).action_confirm()
            instance.with_env(env)._start("import_listings")
        self.work_off(1)
        self.scene.prepare()

    def _end_workers(self):
        for worker in self.workers:
            worker.kill()
        for worker in self.workers:
            worker.wait()

    # The database

    @classmethod
    @contextmanager
    def transaction(cls):
        """Give an environment of a real transaction, committed at the end."""
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @staticmethod
    def create_instance(env, store, **vals):
        """Return a draft instance of a sandbox store."""
        return env["bigcommerce.instance"].create(
            {
                "name": "Sandbox",
                "store_hash": "sandbox",
                "access_token": "sandbox-token",
                "api_url": store.address,
                "create_odoo_products": True,
                "import_orders_from": "2000-01-01",
                **vals,
            }
        )

    @staticmethod
    def find_instance(env, store):
        """Return the instance of a sandbox store."""
        return env["bigcommerce.instance"].search([("api_url", "=", store.address)])

    def get_instance(self, env):
        return env["bigcommerce.instance"].browse(self.instance_id)

    def start(self, operation, instance_id=None, **options):
        """Start an operation as a button does; return the id of its queue job."""
        with self.transaction() as env:
            instance = env["bigcommerce.instance"].browse(
                instance_id or self.instance_id
            )
            return instance._start(operation, **options).id

    def get_values(self, model, record_id, *names):
        """Return the values of fields as they are committed: one, or a tuple."""
        with self.transaction() as env:
            values = env[model].browse(record_id).read(names, load=None)[0]
        return tuple(values[name] for name in names) if names[1:] else values[names[0]]

    def get_lines(self, operation=None, *names):
        """Return the values of all lines of an operation, oldest first."""
        with self.transaction() as env:
            domain = [("operation", "=", operation)] if operation else []
            return (
                env["bigcommerce.queue.line"]
                .search(domain, order="id")
                .read(["key", "state", "tries", "pump_id", *names], load=None)
            )

    def get_states(self, operation=None):
        """Return the states of lines: key -> state."""
        return {line["key"]: line["state"] for line in self.get_lines(operation)}

    def create_counters(self, count):
        """Return the ids of partners that operations of the tests count."""
        with self.transaction() as env:
            return (
                env["res.partner"]
                .create([{"name": f"Counter {n}", "color": 0} for n in range(count)])
                .ids
            )

    def get_counts(self, partner_ids):
        """Return how often each of these partners was counted."""
        with self.transaction() as env:
            return [partner.color for partner in env["res.partner"].browse(partner_ids)]

    def start_counting(self, partner_ids, operation="test_count", **options):
        """Start an operation with one line per partner, its key the partner's id."""
        items = [
            {"key": str(partner_id), "partners": [partner_id]}
            for partner_id in partner_ids
        ]
        return self.start(operation, items=items, **options)

    def set_batch_limit(self, limit):
        with self.transaction() as env:
            env["bigcommerce.instance"].search([]).queue_batch_limit = limit

    def create_other_store(self):
        """Return the id of a second confirmed instance, which is never asked."""
        with self.transaction() as env:
            return self.create_instance(
                env, self.store, name="Other", store_hash="other", state="confirmed"
            ).id

    # The store

    def place_orders(self, count, **cart):
        """Place orders of as many customers; return their ids."""
        return [
            self.store.place_order(
                lines=[{"sku": "MUG-ENAMEL", "quantity": 1}],
                billing={
                    "first_name": "Sam",
                    "last_name": f"Shopper {number}",
                    "email": f"shopper.{number}@example.com",
                },
                **cart,
            )
            for number in range(count)
        ]

    def get_writes(self, path=""):
        """Return the requests that changed the store, those with a lost answer too."""
        return [
            request
            for request in self.store.get_requests(path)
            if request["method"] != "GET" and request["took_effect"]
        ]

    def let_minutes_pass(self, minutes):
        """Let everything that waits be due so many minutes earlier.

        Scheduled actions that run are left alone.
        """
        for table, column in (
            ("bigcommerce_instance", "not_before"),
            ("bigcommerce_queue_job", "not_before"),
            ("bigcommerce_queue_line", "not_before"),
            ("ir_cron", "nextcall"),
        ):
            self._advance(table, column, minutes)

    def _advance(self, table, column, minutes):
        query = SQL(
            """
            UPDATE %(table)s
               SET %(column)s = %(column)s - %(minutes)s * interval '1 minute'
             WHERE id IN (SELECT id FROM %(table)s WHERE %(column)s IS NOT NULL
                             FOR NO KEY UPDATE SKIP LOCKED)
            """,
            table=SQL.identifier(table),
            column=SQL.identifier(column),
            minutes=minutes,
        )
        while True:
            try:
                with self.transaction() as env, mute_logger("odoo.sql_db"):
                    env.cr.execute(query)
                return
            except TransactionRollbackError:
                # A worker was faster: once more, with what it has written.
                continue

    # The processes

    def start_worker(self, *points, page_size=None, backoff=None, timeout=None):
        """Make a worker; see ``dies``, ``pauses`` and ``takes_notes``.

        For the other options see ``worker_process.py``.
        """
        worker = self.scene.workers.start(
            {
                "points": points,
                "page_size": page_size,
                "backoff": backoff,
                "timeout": timeout,
                "folder": str(self.folder),
                "seconds": 2 * PATIENCE,
            }
        )
        self.workers.append(worker)
        return worker

    def work_off(self, count=2, *points, until=None, **options):
        """Let so many workers work until nothing is due, or until a condition holds."""
        workers = [self.start_worker(*points, **options) for _number in range(count)]
        self.wait_until(until or self.is_idle, "everything is worked off")
        self.assertEqual([worker.stop() for worker in workers], [0] * count)

    def work_until_killed(self, *points, **options):
        """Let a worker work that dies at one of the points."""
        worker = self.start_worker(*points, **options)
        self.assertEqual(worker.wait(), -signal.SIGKILL, self.describe())

    def wait_until(self, condition, what, seconds=PATIENCE):
        """Wait until a condition holds; look at it in short intervals."""
        end = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > end:
                self.fail(f"Not within {seconds} s: {what}\n{self.describe()}")
            time.sleep(0.03)
        return found

    def wait_paused(self, name, count=1):
        """Wait until so many workers wait at the pause of this name."""
        self.wait_until(
            lambda: self.count_paused(name) >= count, f"{count} wait at {name}"
        )

    def count_paused(self, name):
        """Return how many workers have come to the pause of this name."""
        return len(list(self.folder.glob(f"{name}.[0-9]*")))

    def let_go(self, name):
        """Let all go on that wait at the pause of this name, now and later."""
        (self.folder / f"{name}.go").touch()

    def is_idle(self):
        """Whether nothing is in work and nothing that is due waits."""
        with self.transaction() as env:
            env.cr.execute(
                """
                SELECT (SELECT count(*) FROM bigcommerce_queue_job
                         WHERE state = 'discovering'
                            OR state = 'pending' AND COALESCE(not_before, '-infinity')
                                                     <= now() AT TIME ZONE 'UTC')
                     + (SELECT count(*) FROM bigcommerce_queue_line
                         WHERE state IN ('running', 'sending')
                            OR (state IN ('pending', 'retry')
                                OR state = 'unknown' AND cause_id IS NULL)
                               AND COALESCE(not_before, '-infinity')
                                   <= now() AT TIME ZONE 'UTC')
                     + (SELECT count(*) FROM bigcommerce_queue_job job
                         WHERE state = 'running' AND NOT EXISTS (
                               SELECT FROM bigcommerce_queue_line
                                WHERE job_id = job.id
                                  AND state IN ('pending', 'retry', 'running',
                                                'sending', 'unknown')))
                """
            )
            return env.cr.fetchone() == (0,)

    def get_journal(self):
        """Return the notes that the workers have taken, in order of time."""
        journal = self.folder / "journal"
        lines = journal.read_text().splitlines() if journal.exists() else ()
        notes = map(json.loads, lines)
        return sorted(notes, key=lambda note: note["at"])

    @contextmanager
    def server(self):
        """Have a real server with two cron threads; gives its process."""
        process = subprocess.Popen(
            [sys.executable, "-m", "odoo", "server", "--no-http"]
            + ["--database", self.scene.database.name, "--max-cron-threads", "2"]
            + ["--logfile", str(self.scene.log)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.wait_until(lambda: self._has_cron_threads(process), "the server runs")
            yield process
        finally:
            process.kill()
            process.wait()

    def _has_cron_threads(self, process):
        """Whether both cron threads of a server wait to be woken."""
        return self._get_connections(process).count(("postgres", "idle")) == 2

    @staticmethod
    def _get_connections(process):
        """Return database and state of each connection of a server."""
        with sql_db.db_connect("postgres").cursor() as cr:
            cr.execute(
                "SELECT datname, state FROM pg_stat_activity "
                "WHERE application_name = %s AND state IS NOT NULL",
                [f"odoo-{process.pid}"],
            )
            return cr.fetchall()

    def kill_server(self, process, condition):
        """Kill a server in a moment in which a condition holds."""

        def is_stopped_there():
            if condition():
                process.send_signal(signal.SIGSTOP)
                # What it has asked for, it still gets.
                self.wait_until(
                    lambda: all(
                        state != "active"
                        for _database, state in self._get_connections(process)
                    ),
                    "it stands still",
                )
                if condition():
                    return True
                process.send_signal(signal.SIGCONT)
            return False

        self.wait_until(is_stopped_there, "the moment to kill the server")
        process.kill()
        process.wait()

    def wake(self):
        """Wake the pumps of a server."""
        with self.transaction() as env:
            env[ENGINE]._wake()

    # What always holds

    def assertNothingLost(self):
        """Each order has at most one sale order, and nothing is left in work."""
        with self.transaction() as env:
            env.cr.execute(
                """
                SELECT client_order_ref, count(*) FROM sale_order
                 WHERE client_order_ref IS NOT NULL
              GROUP BY client_order_ref HAVING count(*) > 1
                """
            )
            self.assertEqual(env.cr.fetchall(), [], "two sale orders of one order")
            env.cr.execute(
                """
                SELECT id, state FROM bigcommerce_queue_line
                 WHERE state IN ('running', 'sending')
                    OR state = 'unknown' AND pump_id IS NOT NULL
                 UNION ALL
                SELECT id, state FROM bigcommerce_queue_job WHERE state = 'discovering'
                """
            )
            self.assertEqual(env.cr.fetchall(), [], "in work without a worker")

    def assertImported(self, order_ids):
        """Exactly these orders of the store have become sale orders, once each."""
        with self.transaction() as env:
            found = env["sale.order"].search([("client_order_ref", "!=", False)])
            self.assertCountEqual(found.mapped("client_order_ref"), order_ids)
            records = env["bigcommerce.order"].search([("sale_order_id", "!=", False)])
            self.assertEqual(records.sale_order_id, found)
        self.assertNothingLost()

    def describe(self):
        """Return what the queue looks like, and what the processes have logged."""
        with self.transaction() as env:
            env.cr.execute(
                "SELECT operation, state, count(*), max(left(message, 200)) "
                "FROM bigcommerce_queue_line GROUP BY operation, state "
                "UNION ALL SELECT operation, state, NULL, error_message "
                "FROM bigcommerce_queue_job"
            )
            rows = "\n".join(map(str, env.cr.fetchall()))
        log = read_end(self.scene.log, self.log_start)
        return "\n".join(["Queue:", rows, "Log:", log])

    @staticmethod
    def now():
        return fields.Datetime.now()
