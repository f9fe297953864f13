from odoo import api, fields, models
from odoo.exceptions import UserError


class BigcommercePaymentGateway(models.Model):
    """A payment method seen on orders; its id is its text, normalised.

    One that was merged stands for nothing of its own any more: orders that name it are
    orders of the gateway that it was merged into.
    """

    _name = "bigcommerce.payment.gateway"
    _inherit = "bigcommerce.reference"
    _description = "BigCommerce Payment Gateway"

    merged_into_id = fields.Many2one(
        "bigcommerce.payment.gateway",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The gateway that stands for this one as well.",
    )
    merged_ids = fields.One2many(
        "bigcommerce.payment.gateway",
        "merged_into_id",
        "Also Called",
        readonly=True,
        context={"active_test": False},
    )
    workflow_line_ids = fields.One2many(
        "bigcommerce.workflow.line", "gateway_id", "Workflow Lines"
    )

    @api.model
    def _normalise(self, text):
        """Return what two names of one gateway have in common."""
        return " ".join((text or "").split()).casefold()

    @api.model
    def _find_or_create(self, instance, texts):
        """Return the gateways that orders name; those never seen before are made.

        :param texts: names of payment methods; an empty one names no gateway
        :return: dict of text -> gateway, the one that stands for it if it was merged
        """
        names = {}
        for text in texts:
            names.setdefault(self._normalise(text), " ".join((text or "").split()))
        names.pop("", None)
        gateways = self._find(instance, names) if names else {}
        gateways |= {
            gateway.bc_id: gateway
            for gateway in self.create(
                [
                    {"instance_id": instance.id, "bc_id": bc_id, "name": name}
                    for bc_id, name in names.items()
                    if bc_id not in gateways
                ]
            )
        }
        found = {}
        for text in texts:
            gateway = gateways.get(self._normalise(text), self.browse())
            found[text] = gateway.merged_into_id or gateway
        return found

    def _merge_into(self, target):
        """Let ``target`` stand for these gateways from now on.

        Their orders and workflow lines become the target's; of two lines for the same
        payment status the target's stays.

        :raise UserError: if they are of several stores, or the target was merged itself
        """
        if (self | target).instance_id != target.instance_id:
            raise UserError(
                self.env._("Only gateways of the same store can be merged.")
            )
        if target.merged_into_id:
            raise UserError(
                self.env._(
                    "%(gateway)s was itself merged into %(target)s: choose that one.",
                    gateway=target.name,
                    target=target.merged_into_id.name,
                )
            )
        # Those merged into them follow, so that there are no chains and no circles.
        merged = (self | self.with_context(active_test=False).merged_ids) - target
        merged.write({"merged_into_id": target.id, "active": False})
        known = set(target.workflow_line_ids.mapped("payment_status"))
        for line in merged.workflow_line_ids:
            if line.payment_status in known:
                line.unlink()
            else:
                known.add(line.payment_status)
                line.gateway_id = target
        target.instance_id._retry_cause("no_workflow_line")
