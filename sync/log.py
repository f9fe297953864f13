"""What the engine writes to the log: how runs ended, problems, and what was sent."""

from odoo import api, models

# How many things a log names that one request was about.
NAMES_SHOWN = 3


class BigcommerceEngineLog(models.AbstractModel):
    """The part of the engine that keeps the log, as the log levels of stores say."""

    _name = "bigcommerce.engine.log"
    _description = "BigCommerce Engine: Log"

    @api.model
    def _log_run(self, job):
        """Note how a run ended; one that found nothing to do is not worth a note."""
        instance = job.instance_id
        if instance._keeps_log("success") and job.line_count:
            message = self.env._(
                "%(operation)s: %(done)s done, %(problems)s with problems.",
                operation=job.display_name,
                done=job.done_count,
                problems=job.blocked_count + job.failed_count,
            )
            instance._log("success", message, operation=job.operation, job_id=job.id)

    @api.model
    def _log_problems(self, lines, exchange=None):
        """Note why lines have come to a stop, one by one.

        :param exchange: the client's Exchange that they failed at, if there was one
        """
        vals_list = []
        for instance, own in lines.grouped("instance_id").items():
            if not instance._keeps_log("error"):
                continue
            subjects = self._find_subjects(own)
            for line, vals in self._prepare_lines_vals(own, subjects).items():
                words = line._hide_people(line.message, subjects.get(line))
                message = f"{line.cause_id.name}: {words}"
                vals_list.append({**vals, "level": "error", "message": message})
        self.env["bigcommerce.log"]._keep(vals_list, [exchange] if exchange else [])

    @api.model
    def _log_held_back(self, lines, exchange):
        """Note what would have been sent if the store were not only observed."""
        message = self.env._(
            "Would have been sent: %s", f"{exchange.method} {exchange.path}"
        )
        vals = self._prepare_group_vals(lines)
        self.env["bigcommerce.log"]._keep(
            [{**vals, "level": "observed", "message": message}], [exchange]
        )

    @api.model
    def _log_writes(self, lines, writes):
        """Note at level *All* what was sent, and what came back.

        :param lines: what it was about
        :param writes: the client's Exchanges
        """
        vals = self._prepare_group_vals(lines)
        for write in writes:
            name = f"{write.method} {write.path}"
            if write.is_failed:
                level, message = "error", f"{name}: {write.problem}"
            else:
                level, message = "success", self.env._("Sent: %s", name)
            self.env["bigcommerce.log"]._keep(
                [{**vals, "level": level, "message": message}], [write]
            )

    @api.model
    def _prepare_group_vals(self, lines):
        """Return what one log of several lines says, that went in one request."""
        named = lines[:NAMES_SHOWN]
        vals = self._prepare_lines_vals(named, self._find_subjects(named))
        if len(lines) == 1:
            return vals[lines]
        names = ", ".join(own["name"] for own in vals.values())
        if left := len(lines) - len(vals):
            names = self.env._("%(names)s and %(count)s more", names=names, count=left)
        return {
            **vals[lines[0]],
            "name": names,
            "key": False,
            "res_model": False,
            "res_id": False,
            "line_ids": lines.ids,
        }

    @api.model
    def _find_subjects(self, lines):
        """Return dict of line -> the record that it is about, for lines of one store.

        Without those of which there is none.
        """
        operations = self.env["bigcommerce.operation"]
        codes = operations._get_codes()
        subjects = {}
        for code, own in lines.grouped("operation").items():
            if code in codes:
                subjects |= operations._get_operation(code)._find_subjects(own)
        return {line: subject for line, subject in subjects.items() if subject}

    @api.model
    def _prepare_lines_vals(self, lines, subjects):
        """Return dict of line -> what a log says of it.

        :param dict subjects: line -> the record that it is about
        """
        operations = self.env["bigcommerce.operation"]
        codes = operations._get_codes()
        vals = {}
        for code, own in lines.grouped("operation").items():
            is_known = code in codes
            operation = operations._get_operation(code) if is_known else operations
            for line in own:
                subject = subjects.get(line)
                vals[line] = {
                    "instance_id": line.instance_id.id,
                    "operation": code if is_known else False,
                    "job_id": line.job_id.id,
                    "name": operation._get_log_name(line),
                    "key": line.key,
                    "res_model": subject._name if subject else False,
                    "res_id": subject.id if subject else False,
                    "line_ids": line.ids,
                }
        return vals
