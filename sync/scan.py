"""How the engine reads a store's lists: resume point, watermark, lines."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..client.errors import BigCommerceError
from .settlement import MAX_TRIES
from .transactions import COLLISIONS
from .values import to_odoo

_logger = logging.getLogger(__name__)

# The bounds of the store's date filters are not documented: look back a little.
WATERMARK_OVERLAP = timedelta(minutes=5)
# Then lines have their turn: a long scan keeps nobody waiting.
PAGES_AT_A_TIME = 10


class BigcommerceScan(models.AbstractModel):
    """The part of the engine that reads lists and makes lines of them."""

    _name = "bigcommerce.engine.scan"
    _inherit = "bigcommerce.engine.settlement"
    _description = "BigCommerce Engine: Scan"

    @api.model
    def _scan_next(self, pump):
        """Read some pages of the lists of one waiting job.

        :return: the number of pages read, at least 1; 0 if no job waits
        """
        job = self._claim_job(pump)
        if not job:
            return 0
        pages = 0
        try:
            with self._ask(job) as client:
                for page in self._iterate_pages(client, job):
                    self._keep_page(job, page)
                    pages += 1
                    seconds_left = self._commit_progress(1)
                    if job.state != "discovering":
                        break
                    is_turn_over = pages == PAGES_AT_A_TIME or not seconds_left
                    if is_turn_over or not self._may_work(
                        job.instance_id, job.operation
                    ):
                        self._put_back_job(job)
                        break
                else:
                    self._settle_scan(job)
        except BigCommerceError as error:
            failure = error
            self._in_transaction(lambda: self._settle_scan_error(job, failure))
        except COLLISIONS as error:
            _logger.info("Reading the lists of queue job %s: %s", job.id, error)
            self._in_transaction(lambda: self._put_back_job(job))
        except Exception as error:
            _logger.exception("Reading the lists of queue job %s failed", job.id)
            message = str(error) or repr(error)
            self._in_transaction(
                lambda: self._settle_job_failed(job, message, "unexpected_error")
            )
        self._in_transaction(lambda: self._settle_jobs(job))
        return max(pages, 1)

    @api.model
    def _put_back_job(self, job):
        """Let another turn go on from the last page kept."""
        if job.state != "discovering":
            return
        if job.tries < MAX_TRIES:
            job.write({"state": "pending", "pump_id": False})
        else:
            self._settle_job_failed(
                job,
                self.env._("Others were working on the same records each time."),
                "unexpected_error",
            )

    @api.model
    def _claim_job(self, pump):
        self._commit()
        self.env.cr.execute(
            SQL(
                """
                UPDATE bigcommerce_queue_job
                   SET state = 'discovering', pump_id = %s, tries = tries + 1,
                       started_on = COALESCE(started_on, now() AT TIME ZONE 'UTC'),
                       read_on = now() AT TIME ZONE 'UTC'
                 WHERE id = (
                      SELECT job.id
                        FROM bigcommerce_queue_job job
                        JOIN bigcommerce_instance instance
                          ON instance.id = job.instance_id
                       WHERE job.state = 'pending' AND job.operation = ANY(%s)
                         AND %s AND %s
                    ORDER BY job.priority, job.read_on NULLS FIRST, job.id
                       LIMIT 1
                  FOR UPDATE OF job SKIP LOCKED
                 )
             RETURNING id
                """,
                pump.id or None,
                self.env["bigcommerce.operation"]._get_codes(),
                self._sql_is_due("job"),
                self._sql_may_work(SQL("job.operation")),
            )
        )
        row = self.env.cr.fetchone()
        self._commit()
        return self.env["bigcommerce.queue.job"].browse(row or ())

    @api.model
    def _iterate_pages(self, client, job):
        return job.instance_id._get_operation(job.operation)._discover(
            client, job.instance_id, job.options or {}, job.resume_point or {}
        )

    @api.model
    def _keep_page(self, job, page):
        """Store the lines of a page together with the point to resume from."""
        if job.state != "discovering":
            # Somebody has cancelled it while the page was read.
            return
        instance = job.instance_id
        wanted = instance._get_operation(job.operation)._keep_found(
            instance, job.options or {}, page.items
        )
        self._enqueue_lines(job, wanted)
        changes = [job.newest_change, to_odoo(page.newest_change)]
        job.write(
            {
                "resume_point": page.resume,
                "read_count": job.read_count + len(page.items),
                "scan_started_on": job.scan_started_on or to_odoo(page.server_date),
                "newest_change": max(filter(None, changes), default=False),
                # What succeeds up to here does not count against what fails next.
                "tries": 1,
            }
        )

    @api.model
    def _enqueue_lines(self, job, items):
        """Make a line of each item; one that waits already gets the newer payload."""
        QueueLine = self.env["bigcommerce.queue.line"]
        vals_by_key = self._prepare_line_vals_by_key(job, items)
        waiting = QueueLine.search(
            [
                ("instance_id", "=", job.instance_id.id),
                ("operation", "=", job.operation),
                ("key", "in", list(vals_by_key)),
                ("state", "in", QueueLine._WAITING_STATES),
            ]
        )
        approved = waiting.filtered(
            lambda line: (
                line.is_approved and line.payload == vals_by_key[line.key]["payload"]
            )
        )
        for line in approved:
            del vals_by_key[line.key]
        former_jobs = waiting.job_id - job
        for line in waiting - approved:
            line.write({**vals_by_key.pop(line.key), **QueueLine._FRESH_VALS})
        self._settle_jobs(former_jobs)
        lines = (waiting - approved) + QueueLine.create(
            [
                {
                    **vals,
                    "key": key,
                    "instance_id": job.instance_id.id,
                    "operation": job.operation,
                }
                for key, vals in vals_by_key.items()
            ]
        )
        problems = {item.key: item.problem for item in items if item.problem}
        self._settle_blocked(
            {line: problems[line.key] for line in lines if line.key in problems}
        )
        if items:
            self._wake()

    @api.model
    def _prepare_line_vals_by_key(self, job, items):
        """Return the values that a line of each item has, whether it is new or not."""
        QueueLine = self.env["bigcommerce.queue.line"]
        operation = self.env["bigcommerce.operation"]._get_operation(job.operation)
        read_on = fields.Datetime.now()
        return {
            item.key: {
                "job_id": job.id,
                "name": item.name,
                "payload": QueueLine._encode(item.payload),
                "read_on": read_on,
                "lane": operation._is_exclusive and "*" or item.lane or item.key,
                "priority": job.priority,
            }
            for item in items
        }

    @api.model
    def _settle_scan(self, job):
        """Close a complete scan: move the watermark, leave the rest to the lines."""
        automatic_job = self.env["bigcommerce.automatic.job"]._get_job(
            job.instance_id, job.operation
        )
        if automatic_job and not job.options:
            automatic_job.last_processed_on = fields.Datetime.now()
        if automatic_job and job.moves_watermark and job.newest_change:
            seen = min(filter(None, (job.newest_change, job.scan_started_on)))
            watermark = seen - WATERMARK_OVERLAP
            if not automatic_job.watermark or automatic_job.watermark < watermark:
                automatic_job.watermark = watermark
        job.write(
            {"state": "running", "pump_id": False, "tries": 0, "error_message": False}
        )
        job._take_over_failed()
