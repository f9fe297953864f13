from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.tools import SQL, format_list


class BigcommerceAutomaticJob(models.Model):
    """What came of an operation's last run, and the next one by hand."""

    _inherit = "bigcommerce.automatic.job"

    last_run_id = fields.Many2one("bigcommerce.queue.job", compute="_compute_last_run")
    last_run_state = fields.Char(compute="_compute_last_run")
    last_problem_count = fields.Integer(compute="_compute_last_run")
    last_result = fields.Char(
        compute="_compute_last_run",
        help="Of the last run of the whole operation, by itself or by hand.",
    )

    def _compute_last_run(self):
        runs = self._find_last_runs()
        no_run = self.env["bigcommerce.queue.job"]
        for job in self:
            run = runs.get(job._origin.id, no_run)
            job.last_run_id = run
            job.last_run_state = run.state
            job.last_problem_count = run.problem_count
            job.last_result = job._explain_run(run)

    def action_view_last_run(self):
        self.ensure_one()
        self.check_access("read")
        return self.last_run_id.get_formview_action()

    def action_run_now(self):
        """Start these operations as if they were due.

        Whoever may start the operation otherwise may do so. A run that waits, or still
        reads the store's lists, serves; one that waits for its next try is tried now.

        :raise UserError: if a store is not open for synchronisation, or there is
            something to settle first
        :raise AccessError: if the person may not do by hand what the run does
        """
        self.check_access("read")
        for job in self:
            job.instance_id._check_may_start(job.operation)
        started = self.filtered(lambda job: job._run_now())
        names = format_list(self.env, (started or self).mapped("display_name"))
        pauses = [pause for job in self if (pause := job._explain_pause())]
        return self.instance_id[:1]._notification(
            self.env._("%s started", names)
            if started
            else self.env._("%s has been started already", names),
            self.env._("It begins as soon as the store can be asked. %s", pauses[0])
            if pauses
            else self.env._("It runs in the background. Follow it under Queue."),
            kind="warning" if pauses else "success",
        )

    def _run_now(self):
        """Start a whole run of the operation, unless one is to be read that serves.

        Two people who do so at the same moment write to the same row, so that one of
        them is made to look again, and sees the other's run.

        :return: whether it was started
        """
        own = self.sudo()
        run = own._find_last_runs().get(own.id)
        if run and run._serves():
            if run.not_before:
                run.not_before = False
                self.env["bigcommerce.engine"].sudo()._wake()
            return False
        try:
            with self.env.cr.savepoint():
                self.instance_id._start(self.operation)
                own.last_started_on = fields.Datetime.now()
        except UniqueViolation:
            return False
        return True

    def _explain_run(self, run):
        """Return what came of a run, or how far it is, in words; False without one."""
        if not run:
            return False
        if run.state == "failed":
            return self.env._("Failed: %s", run.error_message)
        if run.state == "cancelled":
            return self.env._("Cancelled")
        if run.state == "pending" and run.error_message:
            return self.env._("Will be tried again: %s", run.error_message)
        counts = [
            run.open_count and self.env._("%s open", run.open_count),
            run.done_count and self.env._("%s done", run.done_count),
            run.problem_count and self.env._("%s with problems", run.problem_count),
        ]
        if any(counts):
            return ", ".join(filter(None, counts))
        if run.state == "done":
            return self.env._("Nothing to do")
        return dict(run._fields["state"]._description_selection(self.env))[run.state]

    def _find_last_runs(self):
        """Return the last whole run of each of these jobs, by the job's id."""
        QueueJob = self.env["bigcommerce.queue.job"]
        QueueJob.flush_model(["instance_id", "operation", "options"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT own.id, run.id
                  FROM bigcommerce_automatic_job own
            CROSS JOIN LATERAL (
                        SELECT id
                          FROM bigcommerce_queue_job
                         WHERE instance_id = own.instance_id
                           AND operation = own.operation AND options IS NULL
                      ORDER BY id DESC
                         LIMIT 1
                       ) run
                 WHERE own.id = ANY(%s)
                """,
                self._origin.ids,
            )
        )
        # Together, so that they are read and counted together.
        runs = QueueJob.browse(run_id for _job_id, run_id in rows)
        return dict(zip((job_id for job_id, _run_id in rows), runs, strict=True))

    def _explain_pause(self):
        """Return why the operation cannot work now because of its store, or ""."""
        self.ensure_one()
        operation = self.env["bigcommerce.operation"]._get_operation(self.operation)
        return self.instance_id._explain_pause() if operation._asks_store else ""
