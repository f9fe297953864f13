from odoo import api, fields, models
from odoo.tools import formatLang, plaintext2html

from ..sync import order_changes

OPERATION = "apply_order_changes"


class BigcommerceOrder(models.Model):
    """What people have changed of an imported order in the store."""

    _inherit = "bigcommerce.order"

    snapshot = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        help="What of the store's order Odoo has taken over: lines, amounts, and "
        "digests of its addresses.",
    )
    changed_snapshot = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        help="The same as the store has it now, where that is something else.",
    )
    changes = fields.Text(
        "Changes in BigCommerce",
        readonly=True,
        copy=False,
        help="What was changed in BigCommerce since Odoo took the order over.",
    )
    changes_problem = fields.Text(
        "Why They Were Not Applied", readonly=True, copy=False
    )
    changes_obstacle = fields.Text(
        "Why They Cannot Be Applied",
        compute="_compute_changes_obstacle",
        compute_sudo=True,
    )

    @api.depends("changes")
    def _compute_changes_obstacle(self):
        operation = self.env["bigcommerce.apply.order.changes"]
        for order in self:
            order.changes_obstacle = (
                order.changes and operation._explain_obstacle(order) or False
            )

    def action_apply_changes(self):
        """Let the sale orders become what the store says."""
        self._check_connector_user()
        return self.sudo()._start_applying_changes()

    def action_ignore_changes(self):
        """Leave the sale orders as they are, until something else changes there."""
        self._check_connector_user()
        self.sudo()._ignore_changes(self.env.user.partner_id)

    def _start_applying_changes(self):
        changed = self.filtered("changes")
        changed.filtered("changes_problem").changes_problem = False
        for instance, own in changed.grouped("instance_id").items():
            instance._start(OPERATION, ids=own.mapped("bc_id"))
        return self.instance_id[:1]._notification(
            self.env._("The changes are being applied"),
            self.env._("It runs in the background. Reload the order in a minute."),
        )

    def _ignore_changes(self, author):
        """Take what the store says as known, and leave a trace.

        :param author: the contact of who says so
        """
        for order in self.filtered("changes"):
            order.sale_order_id._message_log(
                author_id=author.id,
                body=order._format_changes(
                    self.env._("Changes in BigCommerce were ignored:")
                ),
            )
            order._settle_changes(order.changed_snapshot)

    def _prepare_imported_vals(self, sale_order, order):
        vals = super()._prepare_imported_vals(sale_order, order)
        return {**vals, "snapshot": order_changes.take_snapshot(order)}

    def _settle_changes(self, snapshot):
        """Forget what was changed in the store: this is what Odoo knows of now."""
        self.ensure_one()
        vals = {"snapshot": snapshot}
        if self.changes:
            vals |= {"changes": False, "changes_problem": False}
            vals["changed_snapshot"] = False
            self.env["bigcommerce.queue.line"]._withdraw(
                self.instance_id, OPERATION, [self.bc_id]
            )
        self.write(vals)

    def _compare_with_store(self, order):
        """Note what was changed in the store, once, or that nothing is any more.

        Of an order that was imported before there were snapshots nothing can be said.

        :param payloads.Order order: the store's order, perhaps without lines
        """
        self.ensure_one()
        after = order_changes.take_snapshot(order)
        before = self.snapshot
        if not before:
            if order.has_lines:
                self.snapshot = after
            return
        difference = order_changes.compare(before, after)
        if not difference:
            if self.changes:
                self._settle_changes(before)
                self.sale_order_id._message_log(
                    body=self.env._("The changes in BigCommerce were undone there.")
                )
            return
        changes = self._describe_changes(order, difference)
        changed_snapshot = {**before, **after}
        if self.changed_snapshot != changed_snapshot:
            # Other changes may be said in the same words.
            self.changed_snapshot = changed_snapshot
        if changes != self.changes:
            self.write({"changes": changes, "changes_problem": False})
            self.sale_order_id._message_log(
                body=self._format_changes(
                    self.env._("The order was changed in BigCommerce:")
                )
            )

    def _describe_changes(self, order, difference):
        return "\n".join(
            order_changes.describe(
                self.env,
                difference,
                lambda amount: formatLang(
                    self.env, float(amount), currency_obj=self.currency_id
                ),
                self._get_known_addresses(),
                order_changes.get_addresses(order),
            )
        )

    def _get_known_addresses(self):
        """Return the addresses of the sale order by the store's ids for them."""
        sale_order = self.sale_order_id
        contacts = {order_changes.BILLING: sale_order.partner_invoice_id} | {
            line.bigcommerce_address_id: line._get_delivery_partner()
            for line in sale_order.order_line.filtered("bigcommerce_address_id")
        }
        return {
            key: order_changes.to_address(contact)
            for key, contact in contacts.items()
            if contact
        }

    def _format_changes(self, title):
        return plaintext2html(f"{title}\n{self.changes}")
