import math
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

from ..client.resources.scopes import ORDERS, PRODUCTS
from .operation import GONE, Done
from .order_changes import BILLING, compare, get_moved, take_snapshot
from .order_parts import GOODS
from .problems import Blocked
from .values import to_odoo

# What makes the amounts of a line. All are written if one is to change: Odoo would
# compute the others.
AMOUNTS = (
    "product_uom_qty",
    "price_unit",
    "technical_price_unit",
    "discount",
    "tax_ids",
    "extra_tax_data",
)
# How a line is called and what it is.
DESCRIPTION = ("name", "product_id", "product_uom_id", "customer_lead")
# Where a line goes, and how.
DELIVERY = (
    "bigcommerce_address_id",
    "bigcommerce_carrier_id",
    "bigcommerce_delivery_partner_id",
    "bigcommerce_fulfilment",
    "bigcommerce_is_elsewhere",
    "bigcommerce_location_id",
    "bigcommerce_warehouse_id",
)


class LinePlan(NamedTuple):
    """What is to become of the lines of a sale order.

    ``updates``: pairs of a line and its new values; ``additions``: values;
    ``removals``: lines.
    """

    updates: list
    additions: list
    removals: models.Model


class BigcommerceApplyOrderChanges(models.AbstractModel):
    """Bring sale orders to what their store says, where people changed it there.

    The values are those that an import would make. What the store has not changed, and
    a person may have in Odoo, is left alone; but all amounts become the store's.
    """

    _name = "bigcommerce.apply.order.changes"
    _inherit = "bigcommerce.operation"
    _description = "Apply Order Changes"

    _code = "apply_order_changes"
    _subject_model = "bigcommerce.order"
    _priority = 15
    _scopes = (ORDERS, PRODUCTS)

    @api.model
    def _get_label(self):
        return self.env._("Apply Order Changes")

    # Discover, keep, fetch: as an import of these orders does

    @api.model
    def _discover(self, client, instance, options, resume):
        return self.env["bigcommerce.import.orders"]._discover(
            client, instance, {"ids": options.get("ids", [])}, resume
        )

    @api.model
    def _keep_found(self, instance, options, items):
        """Keep what the store says now, and return what still differs from it."""
        Order = self.env["bigcommerce.order"]
        known = Order._find(instance, [item.key for item in items])
        items = [
            item
            for item in items
            if item.key in known and known[item.key].sale_order_id
        ]
        self.env["bigcommerce.import.orders"]._keep_found(instance, {}, items)
        return [
            item for item in items if known[item.key].changes or GONE in item.payload
        ]

    @api.model
    def _fetch(self, client, lines):
        return self.env["bigcommerce.import.orders"]._fetch(client, lines)

    # Apply

    @api.model
    def _apply(self, lines):
        self = self.with_context(
            # What is done here starts the workflow once, at the end.
            bigcommerce_is_processing=True,
            mail_activity_automation_skip=True,
            sale_no_log_for_new_lines=True,
        )
        instance = lines.instance_id
        records = self.env["bigcommerce.order"]._find(instance, lines.mapped("key"))
        # Found are archived ones as well, and Odoo would go on with archived rules.
        records = {
            bc_id: record.with_env(self.env) for bc_id, record in records.items()
        }
        return {
            line: self._apply_one(records.get(line.key), line._get_payload())
            for line in lines
        }

    @api.model
    def _apply_one(self, record, payload):
        """Apply the changes of one order, all or none.

        :return: what ``_apply`` returns for its line
        """
        Import = self.env["bigcommerce.import.orders"]
        if not (record and record.sale_order_id and record.changes):
            message = self.env._("There is nothing left to do.")
            return Done(record or self.env["bigcommerce.order"], message)
        try:
            order = Import._parse_whole(payload)
            modified = to_odoo(order.date_modified)
            if modified and record.date_modified and modified < record.date_modified:
                # An import has seen something newer since.
                record.instance_id._start_open(self._code, ids=[record.bc_id])
                return Done(
                    record, self.env._("It has changed once more, and is read again.")
                )
            with self.env.cr.savepoint():
                Import._import_listings(record.instance_id, [payload])
                self._bring_up_to_date(record, order)
                self.env.flush_all()
        except Blocked as problem:
            return problem
        except (UserError, RedirectWarning) as error:
            return Blocked(
                "changes_not_applied",
                self.env._("Odoo refused the changes: %s", error.args[0]),
            )
        return record

    @api.model
    def _keep_problems(self, lines):
        for line, record in self._find_subjects(lines).items():
            if record.changes:
                is_open = line.state != "cancelled"
                record.changes_problem = is_open and line.message

    @api.model
    def _bring_up_to_date(self, record, order):
        """Make the sale order of ``record`` what ``order`` says.

        :raise Blocked: if Odoo does not allow it
        """
        sale_order = record.sale_order_id
        self._raise_obstacle(self._explain_state(sale_order))
        before, after = record.snapshot, take_snapshot(order)
        vals = self._prepare_vals(record, order)
        lines_vals = [command[2] for command in vals["order_line"]]
        plan = self._plan_lines(sale_order, lines_vals, before, after)
        self._raise_obstacle(self._explain_lines(self._get_new_quantities(plan)))

        difference = compare(before, after)
        former_carrier = sale_order.carrier_id
        if header := self._prepare_header(sale_order, vals, difference):
            sale_order.write(header)
        for line, change in plan.updates:
            self._write_some(line, change, change.keys() - set(AMOUNTS))
        if difference.addresses:
            # Before quantities change, which then go the same way.
            moved = get_moved(before, after)
            self._redirect_deliveries(sale_order, former_carrier, moved)
        self._write_amounts(sale_order, plan)

        body = record._format_changes(self.env._("Taken over from BigCommerce:"))
        sale_order._message_log(body=body)
        record._settle_changes(after)
        record.write(
            {
                "tax_system": record.instance_id.tax_system,
                "are_certificates_payments": (
                    record.instance_id.certificates_as_payments
                ),
            }
        )
        record._check_holds()
        sale_order.with_context(bigcommerce_is_processing=False)._start_workflows()

    @api.model
    def _prepare_vals(self, record, order):
        """Return the values that an import would give the sale order."""
        Creation = self.env["bigcommerce.order.creation"]
        resolved, problems = Creation._resolve_orders(record.instance_id, [order])
        if problems:
            raise problems[order.id]
        vals = Creation._prepare_sale_orders(record.instance_id, resolved)[0]
        pricelist = resolved[0].pricelist
        if pricelist.currency_id != record.sale_order_id.currency_id:
            self._raise_obstacle(
                self.env._(
                    "The order is in %(odoo)s in Odoo, in %(store)s in BigCommerce.",
                    odoo=record.sale_order_id.currency_id.name,
                    store=pricelist.currency_id.name,
                )
            )
        return vals

    # Header

    @api.model
    def _prepare_header(self, sale_order, vals, difference):
        """Return the values of the sale order itself that are to change."""
        is_quotation = sale_order.state != "sale"
        changed = []
        if BILLING in difference.addresses:
            changed += ["partner_invoice_id"]
            if is_quotation:
                changed += ["partner_id"]
        consignments = [
            pair for key, pair in difference.addresses.items() if key != BILLING
        ]
        changed += [
            field
            for part, field in (
                ("address", "partner_shipping_id"),
                ("method", "carrier_id"),
            )
            if any(
                not (before and after) or before[part] != after[part]
                for before, after in consignments
            )
        ]
        if consignments and is_quotation:
            changed += ["warehouse_id"]
        if {"partner_id", "partner_shipping_id"} & set(changed):
            changed += ["fiscal_position_id"]
        header = {
            field: vals[field]
            for field in changed
            if sale_order[field].id != vals[field]
        }
        if "partner_id" in header:
            # All that Odoo would compute afresh for another customer.
            kept = (
                "partner_shipping_id",
                "partner_invoice_id",
                "pricelist_id",
                "payment_term_id",
                "fiscal_position_id",
                "user_id",
                "team_id",
            )
            header = {field: sale_order[field].id for field in kept} | header
        elif "partner_shipping_id" in header:
            header["fiscal_position_id"] = vals["fiscal_position_id"]
        return header

    # Lines

    @api.model
    def _plan_lines(self, sale_order, vals_list, before, after):
        """Return the :class:`LinePlan` that makes the lines what the values say."""
        moved = get_moved(before, after)
        waiting = {}
        own = sale_order.order_line.filtered("bigcommerce_part")
        # What was replaced before stands there with quantity 0: it comes last.
        for line in own.sorted(lambda line: (not line.product_uom_qty, line.id)):
            address_id = line.bigcommerce_address_id or ""
            if moved and address_id == moved[0]:
                address_id = moved[1]
            key = (line.bigcommerce_part, line.bigcommerce_line_id or "", address_id)
            waiting.setdefault(key, []).append(line)
        difference = compare(before, after)
        updates, additions = [], []
        for vals in vals_list:
            key = tuple(
                vals[f"bigcommerce_{field}"] or ""
                for field in ("part", "line_id", "address_id")
            )
            line = waiting.get(key) and waiting[key][0]
            change = line and self._prepare_line_change(line, vals, difference)
            if not line or change is None:
                additions.append(vals)
            else:
                waiting[key].pop(0)
                updates.append((line, change))
        rest = [line for lines in waiting.values() for line in lines]
        removals = sale_order.order_line.browse().concat(*rest)
        if sale_order.state == "sale":
            removals = removals.filtered("product_uom_qty")
        return LinePlan(
            [(line, change) for line, change in updates if change], additions, removals
        )

    @api.model
    def _prepare_line_change(self, line, vals, difference):
        """Return the values of a line that are to change.

        None if Odoo cannot change it so: then another line takes its place.
        """
        change = {}
        if self._is_described_anew(line, vals, difference):
            change |= {field: vals[field] for field in DESCRIPTION}
        if line.bigcommerce_part == "product" and difference.addresses:
            change |= {field: vals.get(field, False) for field in DELIVERY}
        change = {
            field: value
            for field, value in change.items()
            if not self._is_equal(line, field, value)
        }
        is_confirmed = line.order_id.state == "sale"
        replacing = {"product_id", "bigcommerce_fulfilment", "bigcommerce_warehouse_id"}
        if is_confirmed and line.bigcommerce_part in GOODS and replacing & set(change):
            return None
        if is_confirmed:
            # The product of a charge is a matter of booking alone.
            for field in ("product_id", "product_uom_id", "customer_lead"):
                change.pop(field, None)
        amounts = {field: vals.get(field, False) for field in AMOUNTS}
        if (
            any(
                not self._is_equal(line, field, value)
                for field, value in amounts.items()
                if field != "technical_price_unit"
            )
            or "product_id" in change
        ):
            change |= amounts
        return change

    @api.model
    def _is_described_anew(self, line, vals, difference):
        if line.bigcommerce_part not in GOODS:
            return line.name != vals["name"]
        before, after = difference.lines.get(line.bigcommerce_line_id, (None, None))
        return bool(before and after) and any(
            before[field] != after[field] for field in ("name", "sku", "details")
        )

    @api.model
    def _is_equal(self, line, field, value):
        """Return whether a field of a line has the value already."""
        current = line[field]
        if field == "tax_ids":
            # A single command that sets them.
            return set(current.ids) == set(value[0][2])
        if isinstance(current, models.Model):
            return (current.id or False) == (value or False)
        if isinstance(current, float):
            return math.isclose(current, value, rel_tol=1e-9, abs_tol=1e-9)
        return (current or False) == (value or False)

    @api.model
    def _get_new_quantities(self, plan):
        """Return the lines whose amounts change, each with its quantity then."""
        return [
            (line, change["product_uom_qty"])
            for line, change in plan.updates
            if "product_uom_qty" in change
        ] + [(line, 0) for line in plan.removals]

    @api.model
    def _write_some(self, record, vals, fields):
        """Write those of some values that are of certain fields, if there are any."""
        if own := {field: vals[field] for field in fields if field in vals}:
            record.write(own)

    @api.model
    def _write_amounts(self, sale_order, plan):
        """Write what is sold, at once with what it costs, and see to its delivery."""
        changed = sale_order.order_line.browse()
        for line, change in plan.updates:
            self._write_some(line, change, AMOUNTS)
            changed += line
        if sale_order.state == "sale":
            # Odoo forgets no line of what was once agreed upon.
            plan.removals.write({"product_uom_qty": 0})
            changed += plan.removals
        else:
            plan.removals.unlink()
        changed += changed.create(
            [{**vals, "order_id": sale_order.id} for vals in plan.additions]
        )
        if sale_order.state == "sale":
            changed._deliver_intangible()

    # Deliveries

    @api.model
    def _redirect_deliveries(self, sale_order, former_carrier, moved):
        """Let open deliveries go where, and how, their lines go now.

        :param former_carrier: the order's delivery method until now
        :param moved: ids before and after of an address, None if none has another
        """
        for picking in sale_order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ):
            guide = picking.move_ids.sale_line_id[:1]._get_delivery_guide()
            if not guide:
                continue
            vals = {"partner_id": guide._get_delivery_partner().id}
            if moved and picking.bigcommerce_address_id == moved[0]:
                vals["bigcommerce_address_id"] = moved[1]
            if guide._has_own_carrier():
                carrier = guide.bigcommerce_carrier_id
            else:
                carrier = sale_order.carrier_id
            is_theirs = guide._has_own_carrier() or picking.carrier_id == former_carrier
            if picking.carrier_id and is_theirs and not picking.carrier_tracking_ref:
                vals["carrier_id"] = carrier.id
            differing = [
                field
                for field, value in vals.items()
                if not self._is_equal(picking, field, value)
            ]
            self._write_some(picking, vals, differing)

    # Obstacles

    @api.model
    def _explain_obstacle(self, record):
        """Return why the changes of an order cannot be applied, "" if they can.

        As far as can be told from what the last import saw.
        """
        sale_order = record.sale_order_id
        if not (record.snapshot and record.changed_snapshot):
            return ""
        difference = compare(record.snapshot, record.changed_snapshot)
        quantities = []
        for line in sale_order.order_line:
            before, after = difference.lines.get(line.bigcommerce_line_id, (None, None))
            if before:
                quantity = float(after["quantity"]) if after else 0
                quantities.append((line, quantity))
            elif line.bigcommerce_part in difference.amounts:
                quantities.append((line, line.product_uom_qty))
        return self._explain_state(sale_order) or self._explain_lines(quantities)

    @api.model
    def _explain_state(self, sale_order):
        if sale_order.state == "cancel":
            return self.env._("%s is cancelled in Odoo.", sale_order.name)
        if sale_order.locked:
            return self.env._(
                "%s is locked. Unlock it, then apply the changes.", sale_order.name
            )
        return ""

    @api.model
    def _explain_lines(self, quantities):
        """Return why lines cannot be changed, "" if they can.

        :param quantities: pairs of a line and its quantity after the change
        """
        for line, quantity in quantities:
            name = (line.name or "").split("\n")[0]
            if line.qty_invoiced:
                return self.env._(
                    "Line “%s” is invoiced. Correct the order and its invoice in Odoo, "
                    "then ignore the changes here.",
                    name,
                )
            rounding = line.product_uom_id.rounding or 0.01
            if (
                not line._is_intangible()
                and line.qty_delivered - quantity > rounding / 2
            ):
                return self.env._(
                    "Of line “%(line)s” %(delivered)s are delivered, more than the "
                    "%(quantity)s that are ordered now. Take the rest back, then apply "
                    "the changes.",
                    line=name,
                    delivered=f"{line.qty_delivered:g}",
                    quantity=f"{quantity:g}",
                )
        return ""

    @api.model
    def _raise_obstacle(self, reason):
        """:raise Blocked: if there is a reason"""
        if reason:
            raise Blocked("changes_not_applied", reason)
