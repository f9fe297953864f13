"""How the engine reads details and writes to Odoo: together, else one by one."""

from odoo import api, fields, models

from ..client.errors import BigCommerceError
from .problems import concerns_one_object
from .settlement import TRIES_TOGETHER
from .transactions import BUSY


class BigcommerceApplying(models.AbstractModel):
    """The part of the engine that fetches and applies; no line stops another."""

    _name = "bigcommerce.engine.applying"
    _inherit = "bigcommerce.engine.settlement"
    _description = "BigCommerce Engine: Applying"

    @api.model
    def _fetch_details(self, operation, lines):
        """Read what the lines need in addition, and return those that are ready."""
        if not self._may_work(lines.instance_id, operation._code):
            self._in_transaction(lambda: self._settle_untried(lines))
            return lines.browse()
        try:
            with self._ask(lines.job_id[:1]) as client:
                ready = self._read_again(operation, client, lines)
                details = operation._fetch(client, ready) if ready else {}
                for line, found in details.items():
                    line.details = line._encode(found)
            return ready
        except BUSY:
            raise
        except Exception as error:
            failure = error
        is_theirs = isinstance(failure, BigCommerceError)
        # What fails again and again may be the fault of a single line.
        is_stubborn = max(lines.mapped("tries")) >= TRIES_TOGETHER
        if len(lines) > 1 and (
            not is_theirs or concerns_one_object(failure) or is_stubborn
        ):
            ready = [self._fetch_details(operation, line) for line in lines]
            return lines.browse().concat(*ready)
        settle = self._settle_error if is_theirs else self._settle_failed
        self._in_transaction(lambda: settle(lines, failure))
        return lines.browse()

    @api.model
    def _read_again(self, operation, client, lines):
        """Read what those lines are about that have waited too long to be believed.

        :return: the lines about which there is something to do
        """
        stale = lines.search([("id", "in", lines.ids), ("payload", "=", False)])
        if not stale:
            return lines
        instance = lines.instance_id
        pages = operation._discover(client, instance, {"ids": stale.mapped("key")}, {})
        found = {item.key: item for page in list(pages) for item in page.items}
        wanted = {}
        for job, own in stale.grouped("job_id").items():
            options = {**(job.options or {}), "again": True}
            items = [found[line.key] for line in own if line.key in found]
            kept = operation._keep_found(instance, options, items)
            wanted |= {item.key: item for item in kept}
        for line in stale:
            if item := wanted.get(line.key):
                line.write(
                    {
                        "payload": line._encode(item.payload),
                        "read_on": fields.Datetime.now(),
                    }
                )
        settled = stale.filtered(lambda line: line.key not in wanted)
        self._settle_done(settled, self.env._("There is nothing left to do."))
        problems = {
            line: wanted[line.key].problem
            for line in stale - settled
            if wanted[line.key].problem
        }
        self._settle_blocked(problems)
        self._commit()
        return lines - settled - lines.browse().concat(*problems)

    @api.model
    def _apply_lines(self, operation, lines, results=None):
        """Write a batch; if that fails, write its lines one by one.

        :param dict results: line -> what the store confirmed, where it was changed
        """
        if not lines:
            return
        try:
            self._in_transaction(
                lambda: self._apply_together(operation, lines, results or {})
            )
            return
        except Exception as error:
            failure = error
        if len(lines) > 1:
            for line in lines:
                self._apply_lines(operation, line, results)
        elif results:
            # It was sent, and Odoo does not know: it will look.
            self._in_transaction(lambda: self._settle_unapplied(lines, failure))
        elif isinstance(failure, BUSY):
            self._in_transaction(lambda: self._settle_busy(lines))
        elif isinstance(failure, BigCommerceError):
            # What was read is not what the API promises.
            self._in_transaction(lambda: self._settle_error(lines, failure))
        else:
            self._in_transaction(lambda: self._settle_failed(lines, failure))

    @api.model
    def _apply_together(self, operation, lines, results):
        for line in lines:
            if line in results:
                line.details = line._encode(results[line])
        self._settle(lines, operation._apply(lines))
