"""Faults of size and of the running system: long queues, old rows, stores that go."""

import json
import subprocess
import sys
from unittest.mock import patch

from odoo import sql_db
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.bigcommerce_queue_line import PURGE_BATCH
from .process_case import ENGINE, pauses
from .test_faults_data import ORDERS, DataCase

COUNT = "test_count"
# What is Odoo's own, and stays when the addon goes.
KEPT = (
    "sale_order", "sale_order_line", "product_product", "product_template",
    "res_partner", "stock_quant", "stock_move", "account_move_line", "account_payment",
)  # fmt: skip


class LongQueueCase(DataCase):
    def fill_queue(self, count, instance_id=None, **vals):
        """Let so many lines more wait; what they are about does not exist."""
        vals = {
            "instance_id": instance_id or self.instance_id,
            "operation": COUNT,
            "state": "pending",
            "priority": 50,
            "tries": 0,
            "message": "It waits.",
            "payload": json.dumps({"partners": [2**31 - 1]}),
            **dict.fromkeys(
                ("pump_id", "cause_id", "not_before", "ended_on", "started_on")
            ),
            **vals,
        }
        job_id = self.start(COUNT, vals["instance_id"], items=[])
        with self.transaction() as env:
            job = env["bigcommerce.queue.job"].browse(job_id)
            vals |= {"job_id": job_id, "company_id": job.company_id.id}
            env.cr.execute(
                """
                INSERT INTO bigcommerce_queue_line
                SELECT (jsonb_populate_record(line, %s::jsonb || jsonb_build_object(
                           'id', nextval('bigcommerce_queue_line_id_seq'),
                           'key', gen_random_uuid(), 'lane', gen_random_uuid()))).*
                  FROM bigcommerce_queue_line line, generate_series(1, %s)
                 WHERE line.id = (SELECT min(id) FROM bigcommerce_queue_line)
                """,
                [json.dumps(vals, default=str), count],
            )
            # As Odoo's own vacuum would, sooner or later.
            env.cr.execute("ANALYZE bigcommerce_queue_line")


@tagged("post_install", "-at_install")
class TestLongQueues(LongQueueCase):
    # 58
    def test_the_next_line_of_a_long_queue_is_found_by_its_index(self):
        self.work()
        read = []
        for count in (10, 10_000):
            self.fill_queue(count)
            with self.transaction() as env:
                execute = env.cr.execute
                with patch.object(env.cr, "execute", side_effect=execute) as executed:
                    self.assertEqual(env[ENGINE]._choose_lines()[1], COUNT)
                queries = [call.args for call in executed.call_args_list]
                read.append(len(queries))
                query, *parameters = queries[-1]
                env.cr.execute(SQL("EXPLAIN %s", query), *parameters)
                plan = "\n".join(row for (row,) in env.cr.fetchall())
        self.assertEqual(read[0], read[1])
        self.assertRegex(plan, r"Index Scan using \w*claim_index on \w*queue_line line")
        self.assertNotIn("Seq Scan on bigcommerce_queue_line", plan)
        with self.transaction() as env:
            env.cr.execute("DELETE FROM bigcommerce_queue_line WHERE state = 'pending'")
        self.check()

    # 59
    def test_a_queue_full_of_one_stores_failures_keeps_no_other_store_waiting(self):
        self.work()
        self.set_batch_limit(10)
        self.fill_queue(200)
        (partner_id,) = self.create_counters(1)
        self.start_counting([partner_id], instance_id=self.other_instance_id)
        self.work(count=1)
        lines = self.get_lines(COUNT, "started_on", "instance_id")
        (other,) = [
            one for one in lines if one["instance_id"] == self.other_instance_id
        ]
        before = [one for one in lines if one["started_on"] < other["started_on"]]
        self.assertEqual(other["state"], "done")
        self.assertLessEqual(len(before), 20)
        self.assertEqual({one["state"] for one in lines} - {"done"}, {"failed"})
        self.check()

    # 60
    def test_what_is_long_settled_is_purged_in_batches_and_failures_are_kept(self):
        self.work()
        old, new = "2026-01-01 00:00:00", self.now()
        with self.transaction() as env:
            cause_id = env["bigcommerce.cause"]._get("unexpected_error").id
        self.fill_queue(
            2 * PURGE_BATCH + 1, state="done", ended_on="2020-01-01 00:00:00"
        )
        self.fill_queue(3, state="done", ended_on=new)
        self.fill_queue(3, state="failed", ended_on=new, cause_id=cause_id)
        self.fill_queue(3, state="blocked", ended_on=old, cause_id=cause_id)
        sizes = []
        more = True
        while more:
            with self.transaction() as env:
                purged, more = env["bigcommerce.queue.line"]._gc_settled_lines()
                sizes.append(purged)
        self.assertEqual(sizes, [PURGE_BATCH, PURGE_BATCH, 1])
        states = [line["state"] for line in self.get_lines(COUNT)]
        self.assertCountEqual(states, 3 * ["done", "failed", "blocked"])
        self.check()


@tagged("post_install", "-at_install")
class TestStoresThatGo(DataCase):
    # 61
    def test_uninstalling_with_a_queue_and_bindings_leaves_what_is_odoos(self):
        self.work()
        self.start_all()
        self.place_order()
        with self.scene.database.copied() as name:
            before = self.count_kept(name)
            subprocess.run(
                [sys.executable, "-m", "odoo", "module", "uninstall"]
                + ["--database", name, "bigcommerce_connector"],
                cwd=self.folder,
                check=True,
                capture_output=True,
                timeout=300,
            )
            self.assertEqual(self.count_kept(name), before)
            with sql_db.db_connect(name).cursor() as cr:
                cr.execute("SELECT relname FROM pg_class WHERE relname ~ 'bigcommerce'")
                self.assertEqual(cr.fetchall(), [])
                cr.execute("SELECT 1 FROM ir_cron WHERE cron_name ~* 'bigcommerce'")
                self.assertEqual(cr.fetchall(), [])
        self.check()

    def count_kept(self, name):
        """Return rows of Odoo's own tables, and what is in stock."""
        found = {}
        with sql_db.db_connect(name).cursor() as cr:
            for table in KEPT:
                cr.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
                found[table] = cr.fetchone()
            cr.execute("SELECT sum(quantity) FROM stock_quant")
            found["quantity"] = cr.fetchone()
            cr.execute("SELECT sum(amount_total), count(*) FROM sale_order")
            found["amount"] = cr.fetchone()
        return found

    def set_active(self, is_active):
        with self.transaction() as env:
            self.get_instance(env).active = is_active

    # 62
    def test_a_store_archived_in_the_middle_of_a_run_is_not_asked_again(self):
        for number, pause in enumerate(
            (
                pauses("_keep_page", after=True, name="0"),
                pauses("_apply_lines", name="1"),
                pauses("_send_lines", name="2"),
            )
        ):
            order_ids = [self.place_order() for _number in range(3)]
            self.start_everything_of_the_first()
            worker = self.start_worker(pause, page_size=2)
            self.wait_paused(str(number))
            self.set_active(False)
            self.store.forget_requests()
            self.let_go(str(number))
            self.wait_until(self.is_idle, "nothing is done any more")
            self.assertEqual(worker.stop(), 0)
            self.work()
            self.assertEqual(self.store.get_requests(), [], pause["method"])
            self.set_active(True)
            self.work_later()
            self.assertOrdersAre("imported", order_ids)
        self.check()

    def test_a_store_with_work_or_orders_is_not_deleted(self):
        self.start(ORDERS)
        worker = self.start_worker(pauses("_keep_page", name="page"))
        self.wait_paused("page")
        self.assertStays("is being synchronised")
        self.let_go("page")
        worker.stop()
        self.drain()
        self.assertStays("has imported orders")
        self.check()

    def assertStays(self, reason):
        with self.assertRaisesRegex(UserError, reason), self.transaction() as env:
            self.get_instance(env).unlink()

    def start_everything_of_the_first(self):
        with self.transaction() as env:
            self.start_everything(self.get_instance(env))
