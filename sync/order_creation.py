from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Command

from ..client.payloads.order import Order
from .order_deliveries import get_shipping_method
from .order_parts import UNTAXED
from .order_plan import PlannedLine, plan_lines
from .problems import Blocked
from .tax_plan import plan_taxes
from .values import get_unit, to_odoo


class ResolvedLine(NamedTuple):
    """A planned line with the records of Odoo that it means.

    ``taxes``: pairs of a tax and its amount, None if the product's own are meant.
    """

    planned: PlannedLine
    product: models.Model
    taxes: list | None


class OrderFinders(NamedTuple):
    """What belongs to an order in Odoo, as functions; what is needed is read before.

    ``find_warehouse(order)``, ``find_carrier(method)``,
    ``get_fiscal_position(partners)`` and ``get_delivery_vals(order, order_line)``.
    """

    find_warehouse: Callable
    find_carrier: Callable
    get_fiscal_position: Callable
    get_delivery_vals: Callable


class ResolvedOrder(NamedTuple):
    """What a sale order is made of, all of it but the contacts.

    ``unit``: smallest amount of the currency.
    """

    order: Order
    pricelist: models.Model
    unit: Decimal
    lines: list[ResolvedLine]


class BigcommerceOrderCreation(models.AbstractModel):
    """Turns orders of the store into sale orders, a batch at a time."""

    _name = "bigcommerce.order.creation"
    _description = "BigCommerce Order Creation"

    @api.model
    def _create_sale_orders(self, instance, orders):
        """Create the sale orders of ``orders``.

        :param orders: list of payloads.Order
        :return: by id of the order, its sale order, or the :class:`Blocked` that keeps
            it from being one
        """
        resolved, outcomes = self._resolve_orders(instance, orders)
        get_identity = self.env["bigcommerce.order.identity"]._identity_finder(
            instance, [one.order for one in resolved]
        )
        vals_list = self._prepare_sale_orders(instance, resolved)
        sale_orders = self.env["sale.order"].create(
            [
                {**get_identity(one.order), **vals}
                for one, vals in zip(resolved, vals_list, strict=True)
            ]
        )
        sale_orders._message_log_batch(
            bodies={
                sale_order.id: self.env._(
                    "Imported from %(store)s, order %(number)s.",
                    store=instance.name,
                    number=sale_order.client_order_ref,
                )
                for sale_order in sale_orders
            }
        )
        ids = [one.order.id for one in resolved]
        return outcomes | dict(zip(ids, sale_orders, strict=True))

    # What the order means in Odoo

    @api.model
    def _resolve_orders(self, instance, orders):
        """Plan the orders, and find the products and taxes of their lines.

        :return: list of :class:`ResolvedOrder`, and by id the problems of the others
        """
        plans, outcomes = self._plan_orders(instance, orders)
        find_product = self.env["bigcommerce.order.products"]._product_finder(
            instance, [order for order, *_plan in plans]
        )
        find_tax = self.env["bigcommerce.order.taxes"]._tax_finder(
            instance, [(order, lines) for order, _pricelist, _unit, lines in plans]
        )
        resolved = []
        for order, pricelist, unit, lines in plans:
            try:
                resolved_lines = [
                    ResolvedLine(
                        line,
                        find_product(line),
                        self._find_taxes(instance, order, line, find_tax),
                    )
                    for line in lines
                ]
            except Blocked as problem:
                outcomes[order.id] = problem
            else:
                resolved.append(ResolvedOrder(order, pricelist, unit, resolved_lines))
        return resolved, outcomes

    @api.model
    def _plan_orders(self, instance, orders):
        """Return (order, pricelist, unit, planned lines) of each order that can go on.

        The problems of the others come second, by id.
        """
        find_pricelist = self.env["bigcommerce.order.pricelists"]._pricelist_finder(
            instance
        )
        plans, outcomes = [], {}
        for order in orders:
            try:
                pricelist = find_pricelist(order)
            except Blocked as problem:
                outcomes[order.id] = problem
                continue
            unit = get_unit(pricelist.currency_id)
            lines = plan_lines(
                order, unit, with_payments=not instance.certificates_as_payments
            )
            if instance._follows_store_taxes():
                lines = plan_taxes(order, lines, unit, instance.tax_rounding)
            plans.append((order, pricelist, unit, lines))
        return plans, outcomes

    @api.model
    def _find_taxes(self, instance, order, planned_line, find_tax):
        if not instance._follows_store_taxes():
            return None
        amounts = {}
        for planned_tax in planned_line.taxes:
            tax = find_tax(planned_tax.key, order.is_tax_inclusive)
            amounts[tax] = amounts.get(tax, 0) + planned_tax.amount
        return list(amounts.items())

    # Values

    @api.model
    def _prepare_sale_orders(self, instance, resolved):
        """Return the values of the sale orders, their contacts found or made.

        All but what a sale order gets only when it is made: what it is called, and who
        looks after it.
        """
        orders = [one.order for one in resolved]
        Partners = self.env["bigcommerce.order.partners"]
        partners = Partners._find_or_create_partners(instance, orders)
        contacts = Partners._find_or_create_delivery_contacts(
            instance, orders, partners
        )
        workflow_lines = self.env["bigcommerce.workflow.line"]._find_lines(
            instance, orders
        )
        Deliveries = self.env["bigcommerce.order.deliveries"]
        find_location = self.env["bigcommerce.location"]._location_finder(instance)
        find_carrier = Deliveries._carrier_finder(instance, orders)
        finders = OrderFinders(
            Deliveries._warehouse_finder(find_location),
            find_carrier,
            self._fiscal_position_finder(instance),
            Deliveries._line_vals_finder(
                orders, partners, contacts, find_location, find_carrier
            ),
        )
        return [
            self._prepare_sale_order_vals(
                instance,
                one,
                partners[one.order.id],
                workflow_lines[one.order.id],
                finders,
            )
            for one in resolved
        ]

    @api.model
    def _fiscal_position_finder(self, instance):
        """Return a function of partners; it asks Odoo only if there is a choice."""
        FiscalPosition = self.env["account.fiscal.position"]
        has_any = FiscalPosition.search_count(
            FiscalPosition._check_company_domain(instance.company_id), limit=1
        )
        if not has_any:
            return lambda partners: FiscalPosition
        return lambda partners: FiscalPosition._get_fiscal_position(
            partners.partner, partners.delivery
        )

    @api.model
    def _prepare_sale_order_vals(
        self, instance, resolved, partners, workflow_line, finders
    ):
        """Return everything that Odoo would otherwise compute, order by order."""
        order = resolved.order
        fiscal_position = finders.get_fiscal_position(partners)
        payment_term = (
            workflow_line.payment_term_id or partners.partner.property_payment_term_id
        )
        return {
            "company_id": instance.company_id.id,
            "warehouse_id": finders.find_warehouse(order).id,
            "carrier_id": finders.find_carrier(get_shipping_method(order)).id,
            "partner_id": partners.partner.id,
            "partner_invoice_id": partners.invoice.id,
            "partner_shipping_id": partners.delivery.id,
            "pricelist_id": resolved.pricelist.id,
            "payment_term_id": payment_term.id,
            "fiscal_position_id": fiscal_position.id,
            "date_order": to_odoo(order.date_created) or fields.Datetime.now(),
            "validity_date": False,
            **self._prepare_no_template(),
            "require_signature": False,
            "require_payment": False,
            "client_order_ref": order.id,
            "origin": self.env._(
                "%(store)s %(number)s", store=instance.name, number=order.id
            ),
            "order_line": [
                Command.create(
                    self._prepare_sale_order_line_vals(
                        instance, resolved, line, fiscal_position, finders
                    )
                )
                for line in resolved.lines
            ],
        }

    @api.model
    def _prepare_no_template(self):
        """Keep quotation templates away: they write to the customer by themselves."""
        field = "sale_order_template_id"
        return {field: False} if field in self.env["sale.order"]._fields else {}

    @api.model
    def _prepare_sale_order_line_vals(
        self, instance, resolved, line, fiscal_position, finders
    ):
        line = self._use_carrier_product(resolved.order, line, finders)
        planned, product = line.planned, line.product
        price_unit = float(planned.price_unit)
        vals = {
            "product_id": product.id,
            "name": self._get_line_name(resolved.order, planned, product),
            "product_uom_id": product.uom_id.id,
            "product_uom_qty": float(planned.quantity),
            "price_unit": price_unit,
            # Any other value than the price says that the price was set by hand.
            "technical_price_unit": 0.0 if price_unit else -1.0,
            "discount": float(planned.discount),
            "customer_lead": product.sale_delay,
            "bigcommerce_part": planned.part,
            "bigcommerce_line_id": planned.line_id,
            "bigcommerce_parent_line_id": planned.source and planned.source.parent_id,
            "bigcommerce_address_id": planned.address_id,
            "is_delivery": planned.part == "shipping",
            **self._prepare_tax_vals(instance, resolved, line, fiscal_position),
        }
        if planned.source:
            vals |= finders.get_delivery_vals(resolved.order, planned.source)
        return vals

    @api.model
    def _use_carrier_product(self, order, line, finders):
        """Return a line of shipping with the product of its delivery method, if any."""
        if line.planned.part != "shipping":
            return line
        method = line.planned.name or get_shipping_method(order)
        carrier = finders.find_carrier(method)
        return line._replace(product=carrier.product_id or line.product)

    @api.model
    def _prepare_tax_vals(self, instance, resolved, line, fiscal_position):
        """Return the taxes of a line, and the amounts that are fixed."""
        if line.taxes is None:
            own = line.product.taxes_id._filter_taxes_by_company(instance.company_id)
            if line.planned.part in UNTAXED:
                own = own.browse()
            return {"tax_ids": [Command.set(fiscal_position.map_tax(own).ids)]}
        is_mapped = instance.tax_system == "marketplace_mapped"
        taxes = self.env["bigcommerce.order.taxes"]._map_taxes(
            line.taxes,
            fiscal_position if is_mapped else fiscal_position.browse(),
            resolved.unit,
        )
        return {
            "tax_ids": [Command.set([tax.id for tax, _amount in taxes])],
            "extra_tax_data": self.env["bigcommerce.order.taxes"]._prepare_forced_tax(
                resolved.order, line.planned, taxes, resolved.pricelist.currency_id
            ),
        }

    @api.model
    def _get_line_name(self, order, planned_line, product):
        """Return the store's words for a line, with what was chosen there."""
        source = planned_line.source
        words = [planned_line.name or product.name]
        if source and source.parent_id:
            # Chosen from the pick list of that line.
            words += [
                self.env._("Part of: %s", other.name)
                for other in order.lines
                if other.id == source.parent_id
            ]
        if source:
            words += [
                f"{option.name}: {option.value}"
                for option in source.options
                if option.value
            ]
        if source and source.wrapping_name:
            words.append(self.env._("Gift wrapping: %s", source.wrapping_name))
            words += filter(None, [source.wrapping_message])
        return "\n".join(words)
