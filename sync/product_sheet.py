"""What Odoo says of products, in a store's terms: its language, currency and units."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from .exchange_rates import find_first_rates, has_rate
from .price_plan import read_price
from .problems import Blocked

# Digits of a barcode -> the store's field for it.
BARCODES = {8: "gtin", 12: "upc", 13: "gtin", 14: "gtin"}
# Odoo's type of a product -> the store's; what is not here it does not have.
TYPES = {"consu": "physical", "service": "digital"}


@dataclass(frozen=True)
class VariantSheet:
    """A variant; None and "" are what Odoo does not know.

    ``weight``: number in Odoo's unit. ``lengths``: width, depth and height in Odoo's
    unit. ``options``: pairs of an attribute's name and a value's.
    """

    product_id: int
    sku: str
    cost_price: Decimal | None
    weight: float
    lengths: dict
    upc: str
    gtin: str
    mpn: str
    options: tuple


@dataclass(frozen=True)
class ProductSheet:
    """A product with its active variants; an archived one with all of them.

    ``category_ids``: ids of product categories. ``varying``: names of the attributes of
    which its variants have several values. ``tax_class_id``: the store's, "" for none
    that Odoo knows of.
    """

    template_id: int
    name: str
    type: str
    description: str
    brand: str
    tax_class_id: str
    category_ids: tuple
    is_storable: bool
    is_active: bool
    variants: tuple
    varying: tuple = field(default=())


class BigcommerceProductSheets(models.AbstractModel):
    """Reads products for a store, many at a time."""

    _name = "bigcommerce.product.sheets"
    _description = "BigCommerce Product Sheets"

    @api.model
    def _prepare_sheets(self, instance, templates):
        """Return what Odoo says of products: dict of template -> :class:`ProductSheet`.

        :param templates: product.template, archived ones too
        """
        templates = templates.with_context(lang=instance.language_id.code)
        templates = templates.with_company(instance.company_id)
        tax_classes = {
            tax: tax_class.bc_id
            for tax_class in self.env["bigcommerce.tax.class"].search(
                [("instance_id", "=", instance.id), ("tax_ids", "!=", False)],
                order="id desc",
            )
            for tax in tax_class.tax_ids
        }
        rates = find_first_rates(self.env, instance.company_id)
        return {
            template: self._prepare_sheet(instance, template, tax_classes, rates)
            for template in templates
        }

    @api.model
    def _prepare_sheet(self, instance, template, tax_classes, rates):
        # Those who read archived products get archived variants as well. To filter or
        # sort records would have them read product by product.
        products = [
            product
            for product in template.product_variant_ids
            if product.active or not template.active
        ]
        variants = tuple(
            self._prepare_variant(instance, product, rates)
            for product in sorted(products, key=self._get_place)
        )
        labels = {}
        for variant in variants:
            for name, label in variant.options:
                labels.setdefault(name, set()).add(label)
        return ProductSheet(
            template_id=template.id,
            name=(template.name or "").strip(),
            type=TYPES.get(template.type, template.type),
            description=template._get_bigcommerce_description(),
            brand=(template.bigcommerce_brand or "").strip(),
            tax_class_id=next(
                (tax_classes[tax] for tax in template.taxes_id if tax in tax_classes),
                "",
            ),
            # Below that one the store's are kept; it is none of them.
            category_ids=tuple(
                (
                    (template.categ_id | template.bigcommerce_categ_ids)
                    - instance.product_category_id
                ).ids
            ),
            is_storable=template.is_storable,
            is_active=template.active,
            variants=variants,
            varying=tuple(name for name, own in labels.items() if len(own) > 1),
        )

    @api.model
    def _get_place(self, product):
        """Return where a variant comes by the order of its attributes' values.

        Odoo sorts variants by their reference; customers choose a size from small to
        large.
        """
        values = product.product_template_attribute_value_ids.product_attribute_value_id
        return [(value.sequence, value.id) for value in values]

    @api.model
    def _prepare_variant(self, instance, product, rates):
        barcode = (product.barcode or "").strip()
        is_number = barcode.isascii() and barcode.isdigit()
        kind = BARCODES.get(len(barcode)) if is_number else None
        return VariantSheet(
            product_id=product.id,
            sku=(product.default_code or "").strip(),
            cost_price=self._get_cost(instance, product, rates),
            weight=product.weight,
            lengths={
                name: product[f"bigcommerce_{name}"]
                for name in ("width", "depth", "height")
            },
            upc=barcode if kind == "upc" else "",
            gtin=barcode if kind == "gtin" else "",
            mpn=(product.bigcommerce_mpn or "").strip(),
            options=tuple(
                (value.attribute_id.name, value.name)
                for value in product.product_template_attribute_value_ids
                if value.attribute_id.create_variant != "no_variant"
            ),
        )

    @api.model
    def _get_cost(self, instance, product, rates):
        """Return what a product costs us, in the store's currency.

        :param dict rates: date of the first exchange rate of each currency
        :return: Decimal; None if it costs nothing, or without an exchange rate
        """
        source, target = product.cost_currency_id, instance.currency_id
        if not product.standard_price:
            return None
        if source == target:
            return read_price(product.standard_price)
        today = fields.Date.context_today(self)
        if not all(
            has_rate(currency, instance.company_id, rates, today)
            for currency in (source, target)
        ):
            return None
        cost = source._convert(
            product.standard_price, target, instance.company_id, today, round=False
        )
        return read_price(cost)

    @api.model
    def _find_clashes(self, instance, sheets, listings):
        """Return what keeps products from being sent since others are called so.

        :param sheets: the sheets of a batch
        :param dict listings: template id -> its listings, where it has any
        :return: dict of template id -> dict of "name" or "sku" -> :class:`Blocked`
        """
        names = {sheet.name.lower() for sheet in sheets}
        skus = {variant.sku for sheet in sheets for variant in sheet.variants} - {""}
        own = Domain("instance_id", "=", instance.id)
        holders = {}
        known = self.env["bigcommerce.listing"].search(
            own & Domain.OR(Domain("name", "=ilike", _escape(name)) for name in names)
            if names
            else Domain.FALSE
        )
        for listing in known:
            holders.setdefault(listing.name.strip().lower(), []).append(listing)
        items = {}
        for item in self.env["bigcommerce.listing.item"].search(
            own & Domain.OR(Domain("sku", "=ilike", _escape(sku)) for sku in skus)
            if skus
            else Domain.FALSE
        ):
            items.setdefault(item.sku.strip().lower(), []).append(item)
        seen = {}
        return {
            sheet.template_id: self._find_clash(
                sheet,
                holders,
                items,
                listings.get(sheet.template_id, self.env["bigcommerce.listing"]),
                seen,
            )
            for sheet in sheets
        }

    @api.model
    def _find_clash(self, sheet, holders, items, own, seen):
        """Return what keeps a name or a SKU from being sent: field -> ``Blocked``.

        :param dict holders: listings by name, ``items``: items by SKU, in small letters
        :param own: listings of the product itself, none of a new one
        :param dict seen: names and SKUs of the new products of the same batch
        """
        clashes = {}
        others = [one for one in holders.get(sheet.name.lower(), ()) if one not in own]
        if others or not own and self._is_seen(seen, sheet, "name", sheet.name):
            clashes["name"] = self._explain_taken(sheet.name)
        for variant in sheet.variants:
            if not variant.sku:
                continue
            for item in items.get(variant.sku.lower(), ()):
                if item.listing_id in own:
                    continue
                if own or item.product_id.id not in (False, variant.product_id):
                    clashes["sku"] = self._explain_taken(variant.sku)
                else:
                    clashes["sku"] = Blocked(
                        "exists_in_store",
                        self.env._(
                            "The store has “%(product)s” with the SKU “%(sku)s”. Map "
                            "it to this product.",
                            sku=variant.sku,
                            product=item.name,
                        ),
                    )
            if not own and self._is_seen(seen, sheet, "sku", variant.sku):
                clashes.setdefault("sku", self._explain_taken(variant.sku))
        return clashes

    @api.model
    def _is_seen(self, seen, sheet, field, text):
        """Return whether another product of the batch is called so."""
        holder = seen.setdefault((field, text.lower()), sheet.template_id)
        return holder != sheet.template_id

    @api.model
    def _explain_taken(self, text):
        return Blocked(
            "not_sendable",
            self.env._(
                "Another product in the store or of this export is called “%s”. Names "
                "and SKUs are unique in BigCommerce: change one.",
                text,
            ),
        )


def _escape(text):
    """Return a text that matches just itself, whatever its case."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
