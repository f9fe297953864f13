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
    def _find_last_answers(self, instances):
        """Return when stores answered last, and what their quota was then.

        One look into the index for each, however many runs there are.

        :return: dict of instance -> moment, requests left, and requests per window; of
            the stores that have answered a run
        """
        self.flush_model(["instance_id", "answered_on", "quota_left", "quota_limit"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT store.id, last.*
                  FROM unnest(%s::int[]) AS store (id)
                 CROSS JOIN LATERAL (
                    SELECT answered_on, quota_left, quota_limit
                      FROM bigcommerce_queue_job
                     WHERE instance_id = store.id AND answered_on IS NOT NULL
                     ORDER BY answered_on DESC, quota_left
                     LIMIT 1
                 ) AS last
                """,
                instances.ids,
            )
        )
        return {instances.browse(store_id): answer for store_id, *answer in rows}
