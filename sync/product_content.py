from odoo import api, fields, models
from odoo.tools.mail import html_to_inner_content

from .problems import Blocked
from .product_comparison import LENGTHS, FieldChange


class BigcommerceProductContent(models.AbstractModel):
    """Says how a product that the store does not have yet is made there."""

    _name = "bigcommerce.product.content"
    _description = "BigCommerce Product Content"

    @api.model
    def _prepare_creation(self, instance, sheet, wishes, prices):
        """Return what is sent to make a product, without its categories.

        :param sheet: :class:`~.product_sheet.ProductSheet`
        :param dict wishes: what the person asked for: ``publish``, ``set_stock``
        :param dict prices: of its variants, see :meth:`_find_prices`
        :raise Blocked: if its price is not known
        """
        kept = instance._get_fields_kept(is_new=True)
        prices = self._get_prices(prices, sheet.variants)
        first = sheet.variants[0]
        has_variants = len(sheet.variants) > 1
        price = min(prices.values()) if has_variants else prices[first.product_id]
        content = {
            "name": sheet.name,
            "type": sheet.type,
            "price": price,
            "weight": self._get_weight(instance, first),
            "is_visible": wishes.get("publish") == "publish",
            "inventory_tracking": self._get_tracking(instance, sheet, wishes),
        }
        if "description" not in kept:
            content["description"] = sheet.description
        if "brand" not in kept:
            content["brand_name"] = sheet.brand
        if "tax_class" not in kept and sheet.tax_class_id:
            content["tax_class_id"] = int(sheet.tax_class_id)
        if not has_variants:
            content |= self._prepare_variant(instance, first, kept)
        else:
            content["variants"] = [
                {
                    **self._prepare_variant(instance, own, kept),
                    **(
                        {"price": prices[own.product_id]}
                        if prices[own.product_id] != price
                        else {}
                    ),
                    "option_values": [
                        {"option_display_name": name, "label": label}
                        for name, label in own.options
                        if name in sheet.varying
                    ],
                }
                for own in sheet.variants
            ]
        return {
            name: value for name, value in content.items() if value not in ("", None)
        }

    @api.model
    def _prepare_variant(self, instance, own, kept):
        """Return what a new variant has of its own, as far as Odoo knows it.

        :param kept: fields that are not sent
        """
        dimensions = self.env["bigcommerce.dimensions"]
        known = {
            "sku": own.sku,
            "cost_price": own.cost_price if "cost_price" not in kept else None,
            "weight": self._get_weight(instance, own) or None,
            "upc": own.upc if "barcode" not in kept else "",
            "gtin": own.gtin if "barcode" not in kept else "",
            "mpn": own.mpn if "mpn" not in kept else "",
        }
        if "dimensions" not in kept:
            known |= {
                name: dimensions._to_store(instance, own.lengths[name])
                for name in LENGTHS
            }
        return {name: value for name, value in known.items() if value not in ("", None)}

    @api.model
    def _get_weight(self, instance, own):
        """Return a weight in the store's unit, 0 where nobody knows it."""
        return self.env["bigcommerce.weights"]._to_store(instance, own.weight) or 0

    @api.model
    def _get_tracking(self, instance, sheet, wishes):
        """Return whether the store counts the stock, and of what."""
        job = instance.automatic_job_ids.filtered(
            lambda job: job.operation == "export_inventory"
        )
        if not sheet.is_storable or not (wishes.get("set_stock") or job.active):
            return "none"
        return "variant" if len(sheet.variants) > 1 else "product"

    @api.model
    def _find_prices(self, instance, variants):
        """Return what variants cost in the store: dict of product id -> Decimal.

        A ``Blocked`` in its place if a price is not known.
        """
        products = self.env["product.product"].browse(
            [own.product_id for own in variants]
        )
        found = self.env["bigcommerce.store.prices"]._find_prices(
            instance, products, fields.Datetime.now()
        )
        prices = {}
        for product, (price, _in_odoo) in found.items():
            if not isinstance(price, Blocked) and price < 0:
                price = Blocked(
                    "not_sendable",
                    self.env._("The price of “%s” is negative.", product.display_name),
                )
            prices[product.id] = price
        return prices

    @api.model
    def _get_prices(self, prices, variants):
        """Return those of ``prices`` that are of ``variants``.

        :raise Blocked: if one is not known
        """
        own = {variant.product_id: prices[variant.product_id] for variant in variants}
        for price in own.values():
            if isinstance(price, Blocked):
                raise price
        return own

    @api.model
    def _describe(self, content, categories, tax_classes):
        """Return the fields of a new product, for people: list of FieldChange.

        :param categories: product.category that it will be in
        :param dict tax_classes: the store's by their id there
        """
        labels = self._get_labels()
        texts = {name: str(content[name]) for name in labels if name in content}
        if "description" in texts:
            texts["description"] = html_to_inner_content(texts["description"])
        if tax_class := tax_classes.get(texts.get("tax_class_id")):
            texts["tax_class_id"] = tax_class.name
        changes = [FieldChange(labels[name], "", text) for name, text in texts.items()]
        words = {True: self.env._("yes"), False: self.env._("no")}
        changes.append(
            FieldChange(self.env._("Visible"), "", words[content["is_visible"]])
        )
        if categories:
            names = ", ".join(categories.mapped("name"))
            changes.append(FieldChange(self.env._("Categories"), "", names))
        for own in content.get("variants", ()):
            name = ", ".join(value["label"] for value in own["option_values"])
            rest = [f"{labels[key]} {own[key]}" for key in labels if key in own]
            changes.append(
                FieldChange(self.env._("Variant"), "", f"{name}: {', '.join(rest)}")
            )
        return changes

    @api.model
    def _get_labels(self):
        """Return what people call the fields of products and variants."""
        return {
            "name": self.env._("Name"),
            "sku": self.env._("SKU"),
            "price": self.env._("Price"),
            "cost_price": self.env._("Cost"),
            "weight": self.env._("Weight"),
            "width": self.env._("Width"),
            "depth": self.env._("Depth"),
            "height": self.env._("Height"),
            "brand_name": self.env._("Brand"),
            "tax_class_id": self.env._("Tax Class"),
            "description": self.env._("Description"),
            "upc": self.env._("UPC"),
            "gtin": self.env._("GTIN"),
            "mpn": self.env._("MPN"),
        }
