from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class BigcommerceInstance(models.Model):
    """How operations are started on stores, and on which they may be."""

    _inherit = "bigcommerce.instance"

    def _start(self, operation, **options):
        """Make a queue job for ``operation`` and wake the pumps.

        Every path is this path: button, scheduler and code.

        :param str operation: code of the operation
        :param options: what the operation's ``_discover`` understands
        :return: the queue jobs, one per instance
        :raise UserError: if a store is not open for synchronisation
        """
        self._check_open()
        operation = self.env["bigcommerce.operation"]._get_operation(operation)
        for instance in self:
            for companion in operation._get_companions(instance, options):
                instance._start(companion)
        return (
            self.env["bigcommerce.queue.job"].sudo()._enqueue(self, operation, options)
        )

    def _start_from_button(self, operation, **options):
        """Start an operation that a person wants, and say so."""
        self._check_may_start(operation)
        jobs = self._start(operation, **options)
        return self._notify_started(self.env._("%s started", jobs[:1].display_name))

    def _notify_started(self, title):
        """Return a notification of something that goes on in the background."""
        return self._notification(
            title, self.env._("It runs in the background. Follow it under Queue.")
        )

    def _check_open(self):
        """Refuse what only stores do that are open for synchronisation.

        :raise UserError: if one of these is not
        """
        for instance in self:
            if not instance.active:
                raise UserError(self.env._("Unarchive %s first.", instance.name))
            if instance.state != "confirmed":
                raise UserError(self.env._("Confirm %s first.", instance.name))

    def _check_may_start(self, operation):
        """Refuse a start by hand of what cannot be done, or would do nothing.

        :param str operation: code of the operation
        :raise UserError: if there is something to settle first
        :raise AccessError: if the person may not do by hand what the run does
        """
        self.check_access("read")
        self._check_open()
        for instance in self:
            instance._get_operation(operation)._check_may_start(instance)

    def _start_open(self, operation, **options):
        """Start ``operation`` on those of these stores that are open for it."""
        self._get_open()._start(operation, **options)

    @api.model
    def _find_only(self, *conditions):
        """Return the store that fulfils these conditions, none if several do."""
        stores = self.search(list(conditions), limit=2)
        return stores if len(stores) == 1 else stores.browse()

    def _get_open(self):
        """Return those of these stores that are open for synchronisation."""
        return self.filtered(lambda own: own.active and own.state == "confirmed")

    def _get_operation(self, code):
        """Return an operation as it works for this store."""
        self.ensure_one()
        return self.env["bigcommerce.operation"]._get_operation(code)._with_store(self)

    def _retry_cause(self, code):
        """Retry what a cause keeps from going on that may be cured now."""
        self.env["bigcommerce.cause"]._get(code).sudo()._retry(
            Domain("instance_id", "in", self.ids)
        )
