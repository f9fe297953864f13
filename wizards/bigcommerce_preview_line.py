from odoo import fields, models

from ..sync.preview_report import VERDICTS

# What a run about just these would bring in, make, or bring up to date.
IMPORTABLE = ("create", "held", "update")


class BigcommercePreviewLine(models.TransientModel):
    """What a run would do with one order, listing or product."""

    _name = "bigcommerce.preview.line"
    _description = "BigCommerce Preview Line"

    preview_id = fields.Many2one(
        "bigcommerce.preview", required=True, readonly=True, ondelete="cascade"
    )
    operation = fields.Selection(related="preview_id.operation")
    instance_id = fields.Many2one(
        "bigcommerce.instance",
        "Store",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    bc_id = fields.Char("BigCommerce ID", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    verdict = fields.Selection(VERDICTS, required=True, readonly=True)
    reason = fields.Text("Details", readonly=True)
    cause_id = fields.Many2one("bigcommerce.cause", readonly=True, ondelete="cascade")
    fix_action_id = fields.Many2one(related="cause_id.fix_action_id")
    fix_context = fields.Json(
        readonly=True, help="What a form already knows where the cause is cured."
    )
    date = fields.Datetime(
        readonly=True,
        help="When the order was placed, or the listing changed, in the store.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)

    # Orders
    order_id = fields.Many2one(
        "bigcommerce.order",
        readonly=True,
        ondelete="cascade",
        help="Empty: no run has seen it yet.",
    )
    customer_name = fields.Char("Customer", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Contact in Odoo",
        readonly=True,
        ondelete="cascade",
        help="Empty: the customer becomes a new contact.",
    )
    status = fields.Char("Status in BigCommerce", readonly=True)
    store_total = fields.Monetary("Total in BigCommerce", readonly=True)
    odoo_total = fields.Monetary("Total in Odoo", readonly=True)
    difference = fields.Monetary(
        readonly=True,
        help="Odoo's total less what is due in the store: its total less certificates "
        "and store credit that are lines of the order.",
    )
    workflow = fields.Char(
        readonly=True, help="What would be done with the order by itself."
    )

    # Listings
    listing_id = fields.Many2one(
        "bigcommerce.listing",
        readonly=True,
        ondelete="cascade",
        help="Empty: no run has seen it yet.",
    )
    sku = fields.Char("SKU", readonly=True)
    price = fields.Float(readonly=True, digits=(16, 4), aggregator=None)
    variant_count = fields.Integer("Variants", readonly=True)
    products = fields.Char(
        "Odoo Products",
        readonly=True,
        help="Where the Odoo products of its variants come from.",
    )
    product_id = fields.Many2one(
        "product.product", "Odoo Product", readonly=True, ondelete="cascade"
    )

    # Products that are exported
    template_id = fields.Many2one(
        "product.template", "Product in Odoo", readonly=True, ondelete="cascade"
    )
    field_ids = fields.One2many(
        "bigcommerce.preview.field",
        "preview_line_id",
        "Field by Field",
        readonly=True,
        help="What the store has, what Odoo says, and whether it is sent.",
    )

    def action_fix(self):
        """Go where the cause is cured."""
        self.ensure_one()
        action = self.cause_id.action_fix()
        if self.fix_context:
            action.update(
                context=self.fix_context, views=[(False, "form")], target="new"
            )
        return action

    def action_import_now(self):
        """Import or export just these, in the background, whatever the filters say."""
        for (operation, instance), own in self.grouped(
            lambda line: (line.operation, line.instance_id)
        ).items():
            instance.check_access("read")
            options = own.preview_id[:1]._get_options(instance)
            narrowed = instance._get_operation(operation)._narrow(
                options, own.mapped("bc_id")
            )
            instance._start(operation, **narrowed)
        is_export = self[:1].operation == "export_products"
        return self.instance_id[:1]._notify_started(
            self.env._("Export started") if is_export else self.env._("Import started")
        )

    def action_open(self):
        """Open the order or the listing if it is known already, else the product."""
        self.ensure_one()
        record = self.order_id or self.listing_id or self.template_id
        return record.get_formview_action()
