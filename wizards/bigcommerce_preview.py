from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import formatLang

from ..sync.preview_report import VERDICTS
from ..sync.rehearsal import REPORTS
from ..sync.written_lists import read_numbers
from .bigcommerce_preview_line import IMPORTABLE

# How many things are looked at of a store, by operation, unless somebody says so.
LIMITS = {"import_orders": 100, "import_listings": 250, "export_products": 250}


class BigcommercePreview(models.TransientModel):
    """Look at what an import or an export would do. Nothing of it is done."""

    _name = "bigcommerce.preview"
    _description = "BigCommerce Preview"

    instance_ids = fields.Many2many(
        "bigcommerce.instance",
        "bigcommerce_preview_instance_rel",
        string="Stores",
        required=True,
        domain=[("state", "=", "confirmed")],
        default=lambda self: self.env["bigcommerce.instance"]._find_only(
            ("state", "=", "confirmed")
        ),
    )
    operation = fields.Selection(
        selection=lambda self: self._selection_operation(),
        required=True,
        default="import_orders",
    )
    bc_ids = fields.Char(
        "Only These",
        help="Order numbers or product IDs of the store. Several with a comma or a "
        "blank; 101-105 means all from 101 to 105. Orders named here are looked at "
        "whatever the store selects. Empty: what the next run reads, or for listings "
        "all that has changed.",
    )
    max_count = fields.Integer(
        "At Most",
        required=True,
        compute="_compute_max_count",
        precompute=True,
        store=True,
        readonly=False,
        help="How many are looked at in each store.",
    )
    # What narrows it, by the store's id: what is chosen may be called otherwise there.
    options = fields.Json(readonly=True)

    read_on = fields.Datetime(readonly=True)
    line_ids = fields.One2many("bigcommerce.preview.line", "preview_id", readonly=True)
    field_ids = fields.One2many(
        "bigcommerce.preview.field", "preview_id", "Field by Field", readonly=True
    )
    sent_count = fields.Integer("Fields Sent", compute="_compute_field_counts")
    kept_count = fields.Integer("Fields Kept", compute="_compute_field_counts")
    line_count = fields.Integer("All", compute="_compute_counts")
    create_count = fields.Integer("Created", compute="_compute_counts")
    held_count = fields.Integer("Held", compute="_compute_counts")
    update_count = fields.Integer("Updated", compute="_compute_counts")
    unchanged_count = fields.Integer("Unchanged", compute="_compute_counts")
    skipped_count = fields.Integer("Skipped", compute="_compute_counts")
    blocked_count = fields.Integer("Blocked", compute="_compute_counts")
    waiting_count = fields.Integer("In the Queue", compute="_compute_counts")
    unread_count = fields.Integer("Not Read", compute="_compute_counts")
    importable_count = fields.Integer(compute="_compute_counts")
    totals = fields.Html(readonly=True)
    scope_message = fields.Text(
        "What Was Read", readonly=True, help="How much of each store was looked at."
    )
    trouble_message = fields.Text("What Was Not Read", readonly=True)

    _max_count_in_bounds = models.Constraint(
        "CHECK (max_count BETWEEN 1 AND 250)",
        "Between 1 and 250 can be looked at.",
    )

    @api.model
    def _selection_operation(self):
        operations = self.env["bigcommerce.operation"]._get_operations()
        return [
            (operation._code, operation._get_label())
            for operation in operations
            if operation._code in REPORTS
        ]

    @api.depends("operation")
    def _compute_max_count(self):
        for preview in self:
            preview.max_count = LIMITS.get(preview.operation, 100)

    @api.depends("operation")
    def _compute_display_name(self):
        labels = dict(self._selection_operation())
        for preview in self:
            preview.display_name = self.env._(
                "Preview: %s", labels.get(preview.operation, "")
            )

    @api.depends("line_ids.verdict")
    def _compute_counts(self):
        for preview in self:
            lines = preview.line_ids
            preview.line_count = len(lines)
            for code, _label in VERDICTS:
                preview[f"{code}_count"] = len(
                    lines.filtered(lambda line, code=code: line.verdict == code)
                )
            preview.importable_count = len(preview._get_importable())

    @api.depends("field_ids.is_sent")
    def _compute_field_counts(self):
        for preview in self:
            sent = preview.field_ids.filtered("is_sent")
            preview.sent_count = len(sent)
            preview.kept_count = len(preview.field_ids - sent)

    def action_preview(self):
        """Read from the stores and say what the run would do."""
        self.ensure_one()
        self.write(self._prepare_result_vals())
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (
                    self.env.ref(
                        "bigcommerce_connector.bigcommerce_preview_view_form"
                    ).id,
                    "form",
                )
            ],
        }

    def action_import_now(self):
        """Import, or export, what would be created or updated, and nothing else."""
        self.ensure_one()
        return self._get_importable().action_import_now()

    def action_view_lines(self):
        """Open the lines in a list of their own, to filter and group them."""
        action = self._open_own("bigcommerce_connector.bigcommerce_preview_line_action")
        action["context"] |= {"preview_operation": self.operation}
        if self._is_export():
            action["name"] = self.env._("What an Export Would Do")
        return action

    def action_view_fields(self):
        """Open what differs field by field, to filter and group it."""
        return self._open_own("bigcommerce_connector.bigcommerce_preview_field_action")

    @api.model
    def _open(self, operation, options):
        """Look at what a run would do, and return the action that shows it.

        :param str operation: code of the operation
        :param dict options: by store what the operation's ``_discover`` understands
        """
        preview = self.create(
            {
                "instance_ids": [instance.id for instance in options],
                "operation": operation,
                "options": {str(store.id): own for store, own in options.items()},
            }
        )
        return preview.action_preview()

    def _open_own(self, xml_id):
        """Return an action that shows what of this preview a button filters."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("preview_id", "=", self.id)]
        action["context"] = {
            key: value
            for key, value in self.env.context.items()
            if key.startswith("search_default_")
        }
        return action

    def _is_export(self):
        operation = self.env["bigcommerce.operation"]._get_operation(self.operation)
        return operation._direction == "export"

    def _get_importable(self):
        return self.line_ids.filtered(lambda line: line.verdict in IMPORTABLE)

    def _get_options(self, instance):
        """Return what narrows the run on a store.

        :raise UserError: if what was typed are no ids
        """
        options = (self.options or {}).get(str(instance.id), {})
        if self.bc_ids and self.bc_ids.strip():
            return {**options, "ids": read_numbers(self.env, self.bc_ids)}
        return options

    def _prepare_result_vals(self):
        """Return what is found out, one store after the other."""
        self.instance_ids.check_access("read")
        options = {own: self._get_options(own) for own in self.instance_ids}
        vals_list, scopes, troubles = [], [], []
        for instance in self.instance_ids:
            try:
                rehearsal = self.env["bigcommerce.rehearsal"]._rehearse(
                    instance, self.operation, options[instance], self.max_count
                )
            except UserError as error:
                if len(self.instance_ids) == 1:
                    raise
                troubles.append(f"{instance.name}: {error}")
                continue
            vals_list += rehearsal.vals_list
            scopes.append(self._explain_scope(instance, rehearsal.reading))
            if rehearsal.reading.trouble:
                troubles.append(f"{instance.name}: {rehearsal.reading.trouble}")
        return {
            "read_on": fields.Datetime.now(),
            "line_ids": [Command.clear(), *map(Command.create, vals_list)],
            "totals": self._prepare_totals(vals_list),
            "scope_message": "\n".join(scopes),
            "trouble_message": "\n".join(troubles),
        }

    def _explain_scope(self, instance, reading):
        """Return how much of a store was looked at."""
        if reading.has_more:
            return self.env._(
                "%(store)s: the first %(count)s. It has more: they were not looked at.",
                store=instance.name,
                count=len(reading.items),
            )
        if self._is_export():
            return (
                self.env._(
                    "%(store)s: all %(count)s that an export would look at now.",
                    store=instance.name,
                    count=len(reading.items),
                )
                if reading.items
                else self.env._("%s: nothing to export.", instance.name)
            )
        if not reading.items:
            return self.env._("%s has nothing new.", instance.name)
        return self.env._(
            "%(store)s: all %(count)s that an import would read now.",
            store=instance.name,
            count=len(reading.items),
        )

    # Totals

    def _prepare_totals(self, vals_list):
        """Return a table of counts, and of sums by currency, one row per verdict."""
        is_orders = self.operation == "import_orders"
        titles = [self.env._("Verdict"), self.env._("Number")]
        if is_orders:
            titles += [
                self.env._("BigCommerce"),
                self.env._("Odoo"),
                self.env._("Difference"),
            ]
        rows = []
        for code, label in self.line_ids._fields["verdict"]._description_selection(
            self.env
        ):
            own = [vals for vals in vals_list if vals["verdict"] == code]
            if own:
                sums = self._prepare_sums(own) if is_orders else []
                rows.append([label, len(own), *sums])
        return rows and self._prepare_table(titles, rows)

    def _prepare_sums(self, vals_list):
        """Return a cell for each amount, with a line for each currency."""
        by_currency = {}
        for vals in vals_list:
            by_currency.setdefault(vals.get("currency_id"), []).append(vals)
        cells = []
        for field in ("store_total", "odoo_total", "difference"):
            sums = [
                formatLang(
                    self.env,
                    sum(vals.get(field, 0) for vals in own),
                    currency_obj=self.env["res.currency"].browse(currency_id),
                )
                for currency_id, own in by_currency.items()
                if currency_id and any(field in vals for vals in own)
            ]
            cells.append(Markup("<br/>").join(sums))
        return cells

    def _prepare_table(self, titles, rows):
        head = self._prepare_row("th", titles)
        body = Markup("").join(self._prepare_row("td", row) for row in rows)
        return Markup(
            '<div class="table-responsive"><table class="table table-sm w-auto mb-0">'
            "<thead>%s</thead><tbody>%s</tbody></table></div>"
        ) % (head, body)

    def _prepare_row(self, tag, cells):
        first, *others = cells
        cell = Markup('<{0} class="text-end">%s</{0}>').format(tag)
        return Markup("<tr><{0}>%s</{0}>%s</tr>").format(tag) % (
            first,
            Markup("").join(cell % other for other in others),
        )
