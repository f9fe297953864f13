from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..sync.written_lists import read_numbers, read_words

# Fields in which people write what they mean one by one; then nothing else narrows it.
WRITTEN = {
    "order_numbers": read_numbers,
    "product_numbers": read_numbers,
    "customer_numbers": read_numbers,
    "skus": read_words,
}


class BigcommerceOperations(models.TransientModel):
    """Start an operation by hand: on which stores, and how far it goes."""

    _name = "bigcommerce.operations"
    _description = "BigCommerce Operations"

    instance_ids = fields.Many2many(
        "bigcommerce.instance",
        string="Stores",
        required=True,
        domain=[("state", "=", "confirmed"), ("active", "=", True)],
        # Who asks for one that was archived meanwhile is told so.
        context={"active_test": False},
        default=lambda self: self.env["bigcommerce.instance"]._find_only(
            ("state", "=", "confirmed")
        ),
    )
    direction = fields.Selection(
        [("import", "Import"), ("export", "Export")], required=True, default="import"
    )
    import_operation = fields.Selection(
        selection=lambda self: self._selection_operation("import"),
        default="import_orders",
    )
    export_operation = fields.Selection(
        selection=lambda self: self._selection_operation("export"),
        default="export_shipments",
    )
    operation = fields.Char(compute="_compute_operation")
    choice_names = fields.Char(compute="_compute_operation")
    has_preview = fields.Boolean(compute="_compute_operation")
    is_narrowed = fields.Boolean(compute="_compute_is_narrowed")
    first_instance_id = fields.Many2one(
        "bigcommerce.instance", compute="_compute_first_instance_id"
    )

    # What a run may be narrowed by: the names are those of the operations' _choices.
    everything = fields.Boolean(
        help="Not only what has changed since the last run, or differs from what the "
        "store has confirmed.",
    )
    since = fields.Datetime("Changed Since")
    placed_from = fields.Datetime(
        "Placed", help="Also orders before “Import Orders From” of the store."
    )
    placed_until = fields.Datetime("Placed Until")
    status_ids = fields.Many2many(
        "bigcommerce.order.status",
        string="In Status",
        help="Orders in these statuses are imported although the store's settings do "
        "not select them. Empty: what the settings select.",
    )
    order_numbers = fields.Text(
        help="As BigCommerce shows them. Several with a comma, a blank or on lines of "
        "their own; 101-105 means all from 101 to 105.",
    )
    product_numbers = fields.Text(
        "Product IDs",
        help="IDs of products in BigCommerce. Several with a comma, a blank or on "
        "lines of their own; 101-105 means all from 101 to 105.",
    )
    skus = fields.Text(
        "SKUs", help="Of products or variants, with commas or on lines of their own."
    )
    customer_numbers = fields.Text(
        "Customer IDs",
        help="IDs of customers in BigCommerce. Several with a comma, a blank or on "
        "lines of their own; 101-105 means all from 101 to 105.",
    )
    listing_ids = fields.Many2many(
        "bigcommerce.listing", string="Only These Listings", help="Empty: all."
    )
    template_ids = fields.Many2many(
        "product.template",
        "bigcommerce_operations_product_template_rel",
        string="Products",
        context={"active_test": False},
        help="Products that the store does not have yet are made there.",
    )
    category_ids = fields.Many2many(
        "product.category",
        "bigcommerce_operations_product_category_rel",
        string="Product Categories",
        help="All products of these categories and those below them that can be sold.",
    )
    set_price = fields.Boolean(
        "Set Price?",
        help="Send the prices of these products as well where they differ. New "
        "products have their price in any case.",
    )
    set_stock = fields.Boolean(
        "Set Stock?",
        help="Let the store count the stock of new products, and send the levels of "
        "these products where they differ.",
    )
    publish = fields.Selection(
        [("keep", "Keep as It Is"), ("publish", "Publish"), ("hide", "Hide")],
        "Visibility",
        default="keep",
        help="Kept as it is, what is made in the store is not published.",
    )
    channel_ids = fields.Many2many(
        "bigcommerce.channel",
        string="On the Channels",
        help="Empty: on no further channel. A new product that is on none is not seen "
        "by customers.",
    )
    channel_warning = fields.Text(compute="_compute_channel_warning")
    outlook = fields.Text("What Will Happen", compute="_compute_outlook")

    @api.model
    def _selection_operation(self, direction):
        """Return the operations that people may start, those that run by themselves
        first.
        """
        operations = [
            operation
            for operation in self.env["bigcommerce.operation"]._get_operations()
            if operation._choices is not None and operation._direction == direction
        ]
        operations.sort(key=lambda one: (not one._interval, one._priority, one._code))
        return [(operation._code, operation._get_label()) for operation in operations]

    @api.depends("direction", "import_operation", "export_operation")
    def _compute_operation(self):
        operations = self.env["bigcommerce.operation"]._get_operations()
        operations = {operation._code: operation for operation in operations}
        for wizard in self:
            is_import = wizard.direction == "import"
            code = wizard.import_operation if is_import else wizard.export_operation
            wizard.operation = code
            choices = operations[code]._choices if code in operations else ()
            # Never empty: views ask whether a name is in it.
            wizard.choice_names = ",".join(["", *choices, ""])
            wizard.has_preview = code in operations and operations[code]._has_preview

    @api.depends("operation", *WRITTEN)
    def _compute_is_narrowed(self):
        for wizard in self:
            wizard.is_narrowed = bool(wizard._read_written())

    @api.depends("instance_ids")
    def _compute_first_instance_id(self):
        for wizard in self:
            wizard.first_instance_id = wizard.instance_ids[:1]._origin

    @api.depends("operation", "publish", "channel_ids", "instance_ids")
    def _compute_channel_warning(self):
        for wizard in self:
            stores = wizard.instance_ids - wizard.channel_ids.instance_id
            is_published = wizard.publish == "publish" and wizard._may_choose(
                "channel_ids"
            )
            if not (stores and is_published):
                wizard.channel_warning = False
            elif wizard.channel_ids:
                wizard.channel_warning = self.env._(
                    "None of %s: new products are visible there, but on no channel.",
                    format_list(self.env, stores.mapped("name")),
                )
            else:
                wizard.channel_warning = self.env._(
                    "None: new products are visible, but on no channel. Those that the "
                    "store has stay on their channels."
                )

    @api.depends("operation", "template_ids", "category_ids", "listing_ids", "publish")
    def _compute_outlook(self):
        for wizard in self:
            is_about_products = wizard._may_choose("template_ids")
            wizard.outlook = is_about_products and " ".join(wizard._explain_outlook())

    @api.onchange("instance_ids")
    def _onchange_instance_ids(self):
        """Take out the channels of stores that are not chosen any more."""
        self.channel_ids = self.channel_ids.filtered(
            lambda channel: channel.instance_id in self.instance_ids
        )

    def action_process(self):
        """Start the operation, and show how it gets on."""
        options = self._prepare_all_options()
        jobs = self.env["bigcommerce.queue.job"]
        waiting = jobs.browse()
        for instance, own in options.items():
            if job := self._find_waiting(instance, own):
                waiting += job
            else:
                jobs += instance._start(self.operation, **own)
        action = self._open(jobs + waiting)
        if not waiting:
            return action
        notification = self.instance_ids[:1]._notification(
            self.env._("Not started again"),
            self.env._(
                "The same run waits already: %s.",
                ", ".join(waiting.mapped("display_name")),
            ),
            kind="info",
        )
        notification["params"]["next"] = action
        return notification

    def action_preview(self):
        """Show what the operation would do, and do nothing."""
        return self.env["bigcommerce.preview"]._open(
            self.operation, self._prepare_all_options()
        )

    def _explain_outlook(self):
        """Return what an export of products will do, a sentence each."""
        self.ensure_one()
        may_make = bool(self.template_ids or self.category_ids)
        if may_make:
            words = [
                self.env._(
                    "The chosen products are brought up to date in the store. Those "
                    "that it does not have yet are made there."
                )
            ]
        elif self.listing_ids:
            words = [
                self.env._(
                    "The chosen listings are brought up to date. Nothing new is made."
                )
            ]
        else:
            words = [
                self.env._(
                    "Nothing is chosen: all listings that have products are brought up "
                    "to date. Nothing new is made."
                )
            ]
        if self.publish == "publish":
            words.append(self.env._("All of them become visible."))
        elif self.publish == "hide":
            words.append(self.env._("All of them are hidden."))
        elif may_make:
            words.append(self.env._("What is new is not published."))
        return words

    def _prepare_all_options(self):
        """Return the options of a run for each store.

        :raise UserError: if anything keeps any of them from being started
        """
        self.ensure_one()
        if not self.operation:
            raise UserError(self.env._("Choose an operation."))
        if not self.instance_ids:
            raise UserError(self.env._("Choose a store."))
        self.instance_ids._check_may_start(self.operation)
        return {
            instance: instance._get_operation(self.operation)._prepare_options(
                instance, self._read_choices(instance)
            )
            for instance in self.instance_ids
        }

    def _read_written(self):
        """Return what was written into fields that this operation has."""
        return {
            name: self[name].strip()
            for name in WRITTEN
            if self._may_choose(name) and (self[name] or "").strip()
        }

    def _read_choices(self, instance):
        """Return what was entered, JSON-like, by the names of the fields.

        :raise UserError: if something makes no sense
        """
        if written := self._read_written():
            return {
                name: WRITTEN[name](self.env, text) for name, text in written.items()
            }
        choices = {
            "everything": self.everything,
            "since": not self.everything and self._read_moment("since"),
            **self._read_period(),
            "status_ids": self.status_ids.mapped("bc_id"),
            "listing_ids": self._read_listings(instance),
            "template_ids": self.template_ids.ids,
            "category_ids": self.category_ids.ids,
            "set_price": self.set_price,
            "set_stock": self.set_stock,
            "publish": self.publish != "keep" and self.publish,
            "channel_ids": self._read_channels(instance),
        }
        return {
            name: value
            for name, value in choices.items()
            if value and self._may_choose(name)
        }

    def _may_choose(self, name):
        return name in self.choice_names.split(",")

    def _read_moment(self, name):
        return self[name] and self[name].isoformat()

    def _read_period(self):
        if (
            self.placed_from
            and self.placed_until
            and self.placed_from > self.placed_until
        ):
            raise UserError(
                self.env._(
                    "The orders would have to be placed before they were placed."
                )
            )
        return {
            name: self._read_moment(name) for name in ("placed_from", "placed_until")
        }

    def _read_listings(self, instance):
        """Return the ids of the chosen listings of a store."""
        if not (self.listing_ids and self._may_choose("listing_ids")):
            return []
        own = self.listing_ids.filtered(lambda one: one.instance_id == instance)
        has_others = self._may_choose("template_ids") and (
            self.template_ids or self.category_ids
        )
        if not (own or has_others):
            raise UserError(
                self.env._(
                    "No listing of %s is chosen. Choose one, or take the store out.",
                    instance.name,
                )
            )
        return own.mapped("bc_id")

    def _read_channels(self, instance):
        """Return the ids of the chosen channels of a store, where it is to publish."""
        if self.publish != "publish":
            return []
        own = self.channel_ids.filtered(lambda one: one.instance_id == instance)
        return own.mapped("bc_id")

    @api.model
    def _open_export(self, **defaults):
        """Return the action that exports products which somebody has chosen."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bigcommerce_connector.bigcommerce_operations_action"
        )
        action["name"] = self.env._("Export to BigCommerce")
        action["context"] = {
            "default_direction": "export",
            "default_export_operation": "export_products",
            **{f"default_{name}": value for name, value in defaults.items()},
        }
        return action

    def _find_waiting(self, instance, options):
        """Return the run that will do the same anyway, if there is one."""
        jobs = self.env["bigcommerce.queue.job"]
        runs = jobs.search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", self.operation),
                ("state", "in", jobs._UNREAD_STATES),
            ]
        )
        return runs.filtered(
            lambda job: (job.options or {}) == options and job._serves()
        )[:1]

    def _open(self, jobs):
        """Return the action that shows queue jobs."""
        if len(jobs) == 1:
            return jobs.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bigcommerce_connector.bigcommerce_queue_job_action"
        )
        action["domain"] = [("id", "in", jobs.ids)]
        return action
