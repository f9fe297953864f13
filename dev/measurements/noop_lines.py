"""What the engine costs by itself: five thousand lines about which nothing is done."""

import time

from odoo import api, models
from odoo.orm.model_classes import add_to_registry

from odoo.addons.bigcommerce_connector.sync.operation import Found, FoundPage

from .bench_store import BenchStore
from .timing import take_medians
from .workers import work_off

ROUNDS = 3
LINES = 5_000
PAGE = 250


class BigcommerceBenchNothing(models.AbstractModel):
    """As many lines as ``count`` says, about which nothing is done."""

    _module = None
    _name = "bigcommerce.bench.nothing"
    _inherit = ["bigcommerce.operation"]
    _description = "Do Nothing"

    _code = "bench_nothing"

    @api.model
    def _get_label(self):
        return self._description

    @api.model
    def _discover(self, client, instance, options, resume):
        for start in range(resume.get("start", 0), options["count"], PAGE):
            numbers = range(start, min(start + PAGE, options["count"]))
            yield FoundPage(
                [
                    Found(str(number), f"Thing {number}", {"number": number})
                    for number in numbers
                ],
                {"start": start + PAGE},
            )

    @api.model
    def _apply(self, lines):
        return {}


def measure(env, address, scale):
    store = BenchStore(env, address)
    add_to_registry(env.registry, BigcommerceBenchNothing)
    env.registry._setup_models__(env.cr, [])
    # Nobody else is to load it anew.
    env.registry.registry_invalidated = False
    # One round more, see take_medians.
    seconds = [measure_round(store, count) for count in (PAGE, *ROUNDS * (LINES,))]
    enqueued, done = take_medians(seconds)
    return {
        "noop_line_ms": round(1000 * done / LINES, 2),
        "enqueue_line_ms": round(1000 * enqueued / LINES, 2),
    }


def measure_round(store, count):
    """Return the seconds to make lines, and those to claim and settle them."""
    env = store.env
    job = store.instance._start("bench_nothing", count=count)
    env.cr.commit()
    start = time.perf_counter()
    while env["bigcommerce.engine"]._scan_next(env["ir.cron"]):
        pass
    env.cr.commit()
    enqueued = time.perf_counter()
    work_off(env.cr.dbname)
    done = time.perf_counter()
    env.invalidate_all()
    assert (job.state, job.done_count) == ("done", count), (job.state, job.done_count)
    env.cr.execute("ANALYZE bigcommerce_queue_line")
    env.cr.commit()
    return enqueued - start, done - enqueued
