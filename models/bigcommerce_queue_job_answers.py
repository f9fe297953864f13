from odoo import api, fields, models
from odoo.tools import SQL


class BigcommerceQueueJob(models.Model):
    """What a run has asked of its store, and what the store said of itself."""

    _inherit = "bigcommerce.queue.job"

    answered_on = fields.Datetime(
        "Last Answer", readonly=True, help="When the store answered the run last."
    )
    quota_left = fields.Integer(
        "Requests Left",
        readonly=True,
        aggregator=None,
        help="Requests that the store's quota allowed after that answer.",
    )
    quota_limit = fields.Integer(
        "Request Quota",
        readonly=True,
        aggregator=None,
        help="Requests that the store allows in each window of some seconds, shared by "
        "all its applications. 0: it did not say.",
    )

    _answered_index = models.Index(
        "(instance_id, answered_on) WHERE answered_on IS NOT NULL"
    )

    def _note_conversation(self, transport):
        """Keep what a conversation with the store says, in one write.

        :param transport: the client's
        """
        self.ensure_one()
        vals = {"request_count": self.request_count + transport.request_count}
        if transport.answer_count:
            vals["answered_on"] = fields.Datetime.now()
            if quota := transport.quota:
                vals |= {"quota_left": quota.left, "quota_limit": quota.limit or 0}
        self.write(vals)

    @api.model
    def _find_last_answered(self, instances):
        """Return the run of each store that was answered last.

        One look into the index for each, however many runs there are.

        :return: dict of instance -> job, of the stores that have answered one
        """
        self.flush_model(["instance_id", "answered_on"])
        self.env.cr.execute(
            SQL(
                """
                SELECT last.id
                  FROM unnest(%s) store (id)
                 CROSS JOIN LATERAL (
                    SELECT job.id
                      FROM bigcommerce_queue_job job
                     WHERE job.instance_id = store.id
                       AND job.answered_on IS NOT NULL
                     ORDER BY job.answered_on DESC
                     LIMIT 1
                 ) last
                """,
                instances.ids,
            )
        )
        jobs = self.browse([job_id for (job_id,) in self.env.cr.fetchall()])
        return {job.instance_id: job for job in jobs}
