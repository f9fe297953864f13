"""What Confirm reads from the store, and where it goes."""

from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from ..client.errors import Forbidden, NotFound
from ..client.payloads.store import (
    Channel,
    Currency,
    Location,
    OrderStatus,
    Store,
    TaxClass,
)
from .order_statuses import AWAITING_FULFILLMENT
from .problems import explain_connection


class StoreData(NamedTuple):
    """What was read: payloads, how many requests it took, and what they say of scopes.

    ``inventory_settings``: as the API answers them.
    """

    store: Store
    currencies: list
    order_statuses: list
    channels: list
    locations: list
    tax_classes: list
    inventory_settings: dict
    request_count: int
    scope_answers: dict


class BigcommerceStoreData(models.AbstractModel):
    """Keeps what orders and listings refer to of a store as the store has it."""

    _name = "bigcommerce.store.data"
    _description = "BigCommerce Store Data"

    @api.model
    def _read_and_write(self, instance):
        """Read all reference data of the store, then write it.

        :raise UserError: if the store cannot be read; nothing is written then
        """
        # What belongs to the store is written for the manager, who may only read it.
        self = self.sudo()
        instance = instance.sudo()
        data = self._read(instance)
        self._write_currencies(instance, data)
        self._write_store(instance, data.store)
        self._write_inventory_settings(instance, data.inventory_settings)
        self._write_order_statuses(instance, data.order_statuses)
        self._write_channels(instance, data.channels)
        self._write_locations(instance, data.locations)
        self._write_tax_classes(instance, data.tax_classes)
        instance._note_scopes(data.scope_answers)
        instance._log(
            "success",
            self.env._("Store data read."),
            request_count=data.request_count,
        )

    @api.model
    def _read(self, instance):
        with instance._ask_now(explain_connection) as client:
            return StoreData(
                Store.parse(client.get_store()),
                self._read_list(Currency, client.list_currencies),
                self._read_list(OrderStatus, client.list_order_statuses),
                self._read_list(Channel, client.list_channels),
                self._read_list(Location, client.list_locations),
                self._read_list(TaxClass, client.list_tax_classes),
                self._read_inventory_settings(client),
                client.transport.request_count,
                client.transport.scope_answers,
            )

    @api.model
    def _read_list(self, payload, question):
        """Return a list of the store; a store without such things has an empty one."""
        try:
            return [payload.parse(raw) for raw in question()]
        except NotFound:
            return []

    @api.model
    def _read_inventory_settings(self, client):
        """Return how the store keeps stock; nothing where it does not say."""
        try:
            return client.get_inventory_settings()
        except (Forbidden, NotFound):
            return {}

    @api.model
    def _write_currencies(self, instance, data):
        """Give each transactional currency of the store a pricelist of its own.

        Odoo takes an order's currency from its pricelist.
        """
        code = data.store.currency_code
        currencies = self._find_currencies(instance, data)
        pricelist = instance.pricelist_id
        if pricelist.currency_id != currencies[code]:
            pricelist = self._create_pricelist(instance, currencies[code])
        instance.write(
            {"currency_id": currencies[code].id, "pricelist_id": pricelist.id}
        )
        known = self.env["bigcommerce.currency"]._find(instance, currencies)
        pricelists = {name: own.pricelist_id for name, own in known.items()}
        pricelists[code] = pricelist
        self.env["bigcommerce.currency"]._refresh(
            instance,
            {
                name: {
                    "name": name,
                    "currency_id": currency.id,
                    "is_default": name == code,
                    "pricelist_id": (
                        pricelists.get(name)
                        or self._create_pricelist(instance, currency)
                    ).id,
                }
                for name, currency in currencies.items()
            },
        )

    @api.model
    def _find_currencies(self, instance, data):
        """Return the transactional currencies that Odoo knows, turned on, by code.

        :raise UserError: if the store's own is not among them
        """
        code = data.store.currency_code
        transactional = {
            currency.code
            for currency in data.currencies
            if currency.is_transactional or currency.is_default
        }
        currencies = {
            currency.name: currency
            for currency in self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "in", list({code, *transactional} - {""}))])
        }
        if code not in currencies:
            raise UserError(
                self.env._(
                    "Odoo does not know the store's currency “%s”. Create it first.",
                    code,
                )
            )
        if unknown := transactional - currencies.keys():
            instance._log(
                "error",
                self.env._(
                    "Odoo does not know these currencies of the store: %s. Orders in "
                    "them will be blocked.",
                    ", ".join(sorted(unknown)),
                ),
            )
        self.env["res.currency"].sudo().concat(*currencies.values()).filtered(
            lambda currency: not currency.active
        ).active = True
        return currencies

    @api.model
    def _create_pricelist(self, instance, currency):
        """Make an empty pricelist of the store in ``currency``."""
        return self.env["product.pricelist"].create(
            {
                "name": instance.name,
                "currency_id": currency.id,
                "company_id": instance.company_id.id,
            }
        )

    @api.model
    def _write_store(self, instance, store):
        units = {
            name: unit in dict(instance._fields[name].selection) and unit
            for name, unit in (
                ("weight_unit", store.weight_unit),
                ("dimension_unit", store.dimension_unit),
            )
        }
        instance.write(
            {
                **units,
                "timezone": store.timezone,
                "prices_include_tax": store.is_price_entered_with_tax,
                "control_panel_url": store.control_panel_url,
            }
        )

    @api.model
    def _write_inventory_settings(self, instance, settings):
        behavior = settings.get("update_stock_behavior")
        if behavior in dict(instance._fields["stock_taken_on"].selection):
            instance.stock_taken_on = behavior

    @api.model
    def _write_order_statuses(self, instance, statuses):
        records = self.env["bigcommerce.order.status"]._refresh(
            instance,
            {
                status.id: {
                    "name": status.label or status.name,
                    "system_name": status.name,
                    "sequence": sequence,
                }
                for sequence, status in enumerate(statuses)
            },
        )
        if not instance.order_status_ids and AWAITING_FULFILLMENT in records:
            instance.order_status_ids = records[AWAITING_FULFILLMENT]
        if not instance.paid_status_id and AWAITING_FULFILLMENT in records:
            instance.paid_status_id = records[AWAITING_FULFILLMENT]

    @api.model
    def _write_channels(self, instance, channels):
        self.env["bigcommerce.channel"]._refresh(
            instance,
            {
                channel.id: {
                    "name": channel.name,
                    "type": channel.type,
                    "platform": channel.platform,
                    "status": channel.status,
                }
                for channel in channels
            },
        )

    @api.model
    def _write_locations(self, instance, locations):
        self.env["bigcommerce.location"]._refresh(
            instance,
            {
                location.id: {
                    "name": location.name or location.id,
                    "code": location.code,
                    "is_enabled": location.is_enabled,
                    "is_default": location.is_default,
                }
                for location in locations
            },
        )

    @api.model
    def _write_tax_classes(self, instance, tax_classes):
        self.env["bigcommerce.tax.class"]._refresh(
            instance,
            {
                tax_class.id: {"name": tax_class.name or tax_class.id}
                for tax_class in tax_classes
            },
        )
