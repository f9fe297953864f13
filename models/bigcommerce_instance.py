import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..client.client import DEFAULT_API_URL, extract_store_hash

# What an instance reaches its store by.
CREDENTIALS = {"store_hash", "access_token", "api_url"}


class BigcommerceInstance(models.Model):
    """A BigCommerce store: credentials, configuration, state."""

    _name = "bigcommerce.instance"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "BigCommerce Instance"
    _order = "name, id"
    _check_company_auto = True

    def _default_warehouse_id(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    def _default_language_id(self):
        return self.env["res.lang"]._lang_get(self.env.lang or "en_US")

    name = fields.Char(required=True, tracking=True)
    marketplace = fields.Selection(
        [("bigcommerce", "BigCommerce")], required=True, default="bigcommerce"
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )

    # Credentials
    store_hash = fields.Char(
        copy=False,
        tracking=True,
        help="The code in the API path of your API account, or the whole path: "
        "https://api.bigcommerce.com/stores/STORE_HASH/v3/",
    )
    access_token = fields.Char(
        copy=False,
        groups="bigcommerce_connector.bigcommerce_group_manager",
        help="Access token of a store-level API account.",
    )
    api_url = fields.Char(
        "API URL",
        required=True,
        default=DEFAULT_API_URL,
        copy=False,
        help="Change it only to reach BigCommerce through a proxy, "
        "or to try the connector against a sandbox store.",
    )
    observe_mode = fields.Boolean(
        tracking=True,
        help="Read from the store, but never change anything there.",
    )
    database_uuid = fields.Char(readonly=True, copy=False)
    is_foreign_database = fields.Boolean(
        compute="_compute_is_foreign_database",
        help="This database is a copy of the one in which the instance was confirmed.",
    )
    is_neutralized = fields.Boolean(compute="_compute_is_neutralized")

    # Configuration
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Fixed once the instance is confirmed.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        default=lambda self: self._default_warehouse_id(),
        help="Warehouse of the orders of this store.",
    )
    country_id = fields.Many2one(
        "res.country",
        required=True,
        default=lambda self: self.env.company.country_id,
        help="Country of addresses that come without one.",
    )
    language_id = fields.Many2one(
        "res.lang",
        required=True,
        default=lambda self: self._default_language_id(),
        domain=[("active", "=", True)],
        help="Language of the names and descriptions read from and written "
        "to the store.",
    )
    queue_batch_limit = fields.Integer(
        required=True, default=100, help="How many records are imported at a time."
    )

    # Read from the store on Confirm
    currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    timezone = fields.Char(readonly=True, copy=False)
    prices_include_tax = fields.Boolean(
        "Prices Entered With Tax", readonly=True, copy=False
    )
    control_panel_url = fields.Char("Control Panel", readonly=True, copy=False)

    automatic_job_ids = fields.One2many(
        "bigcommerce.automatic.job",
        "instance_id",
        context={"active_test": False},
        copy=False,
    )
    currency_ids = fields.One2many(
        "bigcommerce.currency", "instance_id", string="Currencies", copy=False
    )
    order_count = fields.Integer(compute="_compute_counts")
    listing_count = fields.Integer(compute="_compute_counts")
    open_line_count = fields.Integer(compute="_compute_queue_counts")
    failed_job_count = fields.Integer(compute="_compute_queue_counts")

    _store_hash_unique = models.UniqueIndex(
        "(store_hash, api_url, company_id)",
        "An instance of this store exists already.",
    )
    _queue_batch_limit_positive = models.Constraint(
        "CHECK (queue_batch_limit BETWEEN 1 AND 1000)",
        "The queue batch limit must lie between 1 and 1,000.",
    )

    @api.depends("database_uuid")
    def _compute_is_foreign_database(self):
        uuid = self._get_database_uuid()
        for instance in self:
            instance.is_foreign_database = (
                instance.database_uuid and instance.database_uuid != uuid
            )

    def _compute_is_neutralized(self):
        parameters = self.env["ir.config_parameter"].sudo()
        self.is_neutralized = bool(parameters.get_param("database.is_neutralized"))

    def _compute_counts(self):
        orders = self._count("bigcommerce.order")
        listings = self._count("bigcommerce.listing")
        for instance in self:
            instance.order_count = orders.get(instance, 0)
            instance.listing_count = listings.get(instance, 0)

    def _compute_queue_counts(self):
        lines = self.env["bigcommerce.queue.line"]
        waiting = self._count(lines._name, ("state", "in", lines._OPEN_STATES))
        failed_jobs = self._count("bigcommerce.queue.job", ("cause_id", "!=", False))
        for instance in self:
            instance.open_line_count = waiting.get(instance, 0)
            instance.failed_job_count = failed_jobs.get(instance, 0)

    @api.constrains("store_hash")
    def _check_store_hash(self):
        for instance in self.filtered("store_hash"):
            if extract_store_hash(instance.store_hash) != instance.store_hash:
                raise ValidationError(
                    self.env._(
                        "“%s” is not a store hash. Copy the API path of your "
                        "BigCommerce API account.",
                        instance.store_hash,
                    )
                )

    @api.constrains("api_url")
    def _check_api_url(self):
        for instance in self:
            if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", instance.api_url):
                raise ValidationError(
                    self.env._(
                        "“%(address)s” is no address of an API. BigCommerce's is "
                        "%(default)s.",
                        address=instance.api_url,
                        default=DEFAULT_API_URL,
                    )
                )

    @api.constrains("company_id")
    def _check_company_fixed(self):
        if self.filtered(lambda instance: instance.database_uuid):
            raise ValidationError(
                self.env._("The company of a confirmed instance cannot be changed.")
            )

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.warehouse_id.company_id != self.company_id:
            self.warehouse_id = self.with_company(
                self.company_id
            )._default_warehouse_id()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._clean_vals(vals)
        if "store_hash" in vals:
            self._leave_store(vals["store_hash"])
        if vals.keys() & CREDENTIALS:
            vals |= self._prepare_unknown_account_vals()
        were_open = self._get_open()
        result = super().write(vals)
        if opened := self._get_open() - were_open:
            opened._go_on()
        if vals.keys() & CREDENTIALS:
            self._resume()
            self._retry_cause("missing_scope")
        if vals.keys() & {"observe_mode", "database_uuid"}:
            self._retry_cause("read_only")
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for instance, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", instance.name)
        return vals_list

    def action_confirm(self):
        """Read the store's reference data and open the store for synchronisation.

        It can be repeated, for instance after a location was added. A copied database
        stays one: only ``action_allow_this_database`` lets it write to the store.
        """
        self.ensure_one()
        self.check_access("write")
        title = (
            self.env._("Store data of %s is read", self.name)
            if self.state == "confirmed"
            else self.env._("%s is confirmed", self.name)
        )
        with self._logging_failure(self.env._("Confirm")):
            self.env["bigcommerce.store.data"]._read_and_write(self)
        self.state = "confirmed"
        if not self.database_uuid:
            self.database_uuid = self._get_database_uuid()
        if not self.import_orders_from:
            self.import_orders_from = fields.Datetime.now()
        self.env["bigcommerce.automatic.job"]._ensure_jobs(self)
        self._start("import_categories")
        self._start("import_brands")
        return self._notification(
            title,
            self.tax_warning
            or self.env._("Categories and brands are imported in the background."),
            kind="warning" if self.tax_warning else "success",
        )

    def action_reset_to_draft(self):
        self.write({"state": "draft"})

    def action_allow_this_database(self):
        """Let a copied database write to the store from now on."""
        self.write({"database_uuid": self._get_database_uuid()})

    def action_import_orders(self):
        return self._start_from_button("import_orders")

    def action_view_orders(self):
        return self._open("bigcommerce_connector.bigcommerce_order_action")

    def action_view_queue(self):
        return self._open(
            "bigcommerce_connector.bigcommerce_queue_line_action",
            search_default_open=True,
        )

    def action_view_problems(self):
        return self._open(
            "bigcommerce_connector.bigcommerce_queue_line_action",
            search_default_problem=True,
            search_default_group_by_cause=True,
        )

    def action_view_failed_jobs(self):
        return self._open(
            "bigcommerce_connector.bigcommerce_queue_job_action",
            ("cause_id", "!=", False),
        )

    def _count(self, model, *conditions):
        """Return the number of records by instance, of those that have any."""
        groups = self.env[model]._read_group(
            Domain("instance_id", "in", self.ids) & Domain(list(conditions)),
            ["instance_id"],
            ["__count"],
        )
        return dict(groups)

    @api.model
    def _clean_vals(self, vals):
        """Keep the bare store hash of whatever form of it was pasted."""
        vals = dict(vals)
        if vals.get("store_hash"):
            vals["store_hash"] = (
                extract_store_hash(vals["store_hash"]) or vals["store_hash"]
            )
        if vals.get("access_token"):
            vals["access_token"] = vals["access_token"].strip()
        if vals.get("api_url"):
            vals["api_url"] = vals["api_url"].strip().rstrip("/")
        return vals

    @api.model
    def _prepare_unknown_account_vals(self):
        """Return the values of what is not known of another API account yet."""
        return {}

    def _go_on(self):
        """Let these stores go on that have just been opened for synchronisation."""
        self.env["bigcommerce.engine"]._wake()
        # What deliveries and payments would have started meanwhile.
        self.filtered("order_count")._start("process_orders")

    def _open(self, xml_id, *conditions, **context):
        """Return an action that shows records of this store.

        :param conditions: of a domain, that they fulfil
        :param context: of the action
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("instance_id", "=", self.id), *conditions]
        action["context"] = {"default_instance_id": self.id, **context}
        return action

    def _notification(self, title, message, kind="success"):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": title,
                "message": message,
                "type": kind,
                "sticky": kind == "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_database_uuid(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    def _get_admin_url(self, path):
        """Return the address of ``path`` in the store's control panel, or False."""
        self.ensure_one()
        if not self.control_panel_url:
            return False
        return f"{self.control_panel_url.rstrip('/')}/manage/{path}"
