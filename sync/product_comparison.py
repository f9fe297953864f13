"""How what Odoo says of a product differs from what the store has."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from odoo import api, models
from odoo.tools import html_sanitize
from odoo.tools.mail import html_to_inner_content

from .problems import Blocked
from .values import first_set

# Fields of a variant that are texts, with the owner's name for them.
TEXTS = {"sku": "sku", "upc": "barcode", "gtin": "barcode", "mpn": "mpn"}
LENGTHS = ("width", "depth", "height")


class FieldChange(NamedTuple):
    """A field that is something else in the store.

    ``there`` and ``here``: texts. ``is_sent``: whether an export sends it. ``reason``:
    why not.
    """

    label: str
    there: str
    here: str
    is_sent: bool = True
    reason: str = ""


@dataclass
class ProductChange:
    """What an export does to a product of the store.

    ``product_fields``: to send of the product. ``variant_fields``: of variants, by
    their id there. ``new_variants``: :class:`~.product_sheet.VariantSheet`.
    ``category_ids``: product categories that the store does not have yet.
    ``has_found``: whether the store has variants of Odoo's that are not bound yet.
    ``is_unfinished``: whether not all was saved when the product was made.
    ``is_hidden``: whether it is hidden since it is archived, None for as it was.
    ``sale``: whether variants are off sale for that, by their id, where it was not so.
    """

    product_fields: dict = field(default_factory=dict)
    variant_fields: dict = field(default_factory=dict)
    new_variants: list = field(default_factory=list)
    renames: list = field(default_factory=list)
    fields: list = field(default_factory=list)
    category_ids: tuple = ()
    has_found: bool = False
    is_unfinished: bool = False
    is_hidden: bool | None = None
    sale: dict = field(default_factory=dict)
    problem: Blocked | None = None

    @property
    def names(self):
        """The store's names of the fields that are sent."""
        own = {*self.product_fields, *({"sku"} if self.new_variants else ())}
        return own.union(*self.variant_fields.values())

    @property
    def is_structural(self):
        return bool(self.new_variants or self.renames)

    @property
    def is_empty(self):
        return not (
            self.product_fields
            or self.variant_fields
            or self.category_ids
            or self.has_found
            or self.is_structural
        )


class References(NamedTuple):
    """What products of the store, and Odoo's for them, refer to by ids.

    ``brands``, ``tax_classes`` and ``categories``: records by their id there.
    ``places``: ids there of product categories, by their id. ``items``: listing items
    by the id of the product that they stand for.
    """

    brands: dict
    tax_classes: dict
    categories: dict
    places: dict
    items: dict


class BigcommerceProductComparison(models.AbstractModel):
    """Compares products with listings as the store has them now."""

    _name = "bigcommerce.product.comparison"
    _description = "BigCommerce Product Comparison"

    @api.model
    def _find_references(self, instance, sheets, products):
        """Return the :class:`References` of many products, for :meth:`_compare`."""
        places = self.env["bigcommerce.category.creation"]._find_known(
            instance, {own for sheet in sheets for own in sheet.category_ids}
        )
        tax_class_ids = {
            *(sheet.tax_class_id for sheet in sheets),
            *(product.tax_class_id for product in products),
        }
        category_ids = {own for product in products for own in product.category_ids}
        product_ids = [own.product_id for sheet in sheets for own in sheet.variants]
        items = self.env["bigcommerce.listing.item"].search(
            [("instance_id", "=", instance.id), ("product_id", "in", product_ids)]
        )
        return References(
            self.env["bigcommerce.brand"]._find(
                instance, {product.brand_id for product in products}
            ),
            self.env["bigcommerce.tax.class"]._find(instance, tax_class_ids),
            self.env["bigcommerce.category"]._find(
                instance, category_ids | set(places.values())
            ),
            places,
            {product.id: own for product, own in items.grouped("product_id").items()},
        )

    @api.model
    def _compare(self, instance, listing, sheet, product, wishes, references):
        """Return the :class:`ProductChange` that makes a product what Odoo says.

        :param listing: the listing
        :param sheet: :class:`~.product_sheet.ProductSheet` of the product; None if its
            items stand for several
        :param product: payload of the product as it is now
        :param dict wishes: what the person asked for: ``publish``
        :param references: :class:`References` of the product and its sheet
        """
        change = ProductChange(is_unfinished=listing.is_unfinished)
        owners = instance._get_field_owners()
        variants = {variant.id: variant for variant in product.variants}
        # An item that stands for a variant the sheet has.
        sheets = {own.product_id: own for own in sheet.variants} if sheet else {}
        items = [item for item in listing.item_ids if item.bc_id in variants]
        pairs = [
            (item, variants[item.bc_id], sheets[item.product_id.id])
            for item in items
            if item.product_id.id in sheets
        ]
        found = self._find_unbound(listing, product, sheets, pairs)
        pairs += found
        change.has_found = bool(found)
        if sheet and sheet.is_active:
            items_there = self._find_items(sheet, references)
            self._compare_product(
                change, owners, sheet, product, references, items_there.listing_id
            )
            self._compare_options(
                change, owners, sheet, product, pairs, items_there - listing.item_ids
            )
            for _item, variant, own in pairs:
                is_shared = len(references.items.get(own.product_id, ())) > 1
                self._compare_variant(
                    instance, change, owners, own, variant, product, is_shared
                )
            self._compare_sale(change, items, variants, product)
        self._compare_visibility(instance, change, listing, sheet, product, wishes)
        return change

    @api.model
    def _find_unbound(self, listing, product, sheets, pairs):
        """Return variants that the store has and no item is bound to, by their SKU."""
        known = set(listing.item_ids.filtered("product_id").mapped("bc_id"))
        bound = {own.product_id for _item, _variant, own in pairs}
        by_sku = {
            own.sku.lower(): own
            for own in sheets.values()
            if own.sku and own.product_id not in bound
        }
        return [
            (None, variant, by_sku[variant.sku.lower()])
            for variant in product.variants
            if variant.id not in known and variant.sku.lower() in by_sku
        ]

    @api.model
    def _find_items(self, sheet, references):
        """Return all items of the store that stand for variants of a product."""
        return self.env["bigcommerce.listing.item"].concat(
            *(
                references.items[own.product_id]
                for own in sheet.variants
                if own.product_id in references.items
            )
        )

    # The product

    @api.model
    def _compare_product(self, change, owners, sheet, product, references, listings):
        """Compare what a product has whatever its variants are.

        :param listings: all of the store's that stand for the product: their names
            have to differ
        """
        env = self.env
        self._note(
            change.product_fields,
            change,
            owners["name"],
            "name",
            env._("Name"),
            product.name,
            sheet.name,
            is_shared=len(listings) > 1,
        )
        if sheet.description and self._read_html(sheet.description) != self._read_html(
            product.description
        ):
            self._note(
                change.product_fields,
                change,
                owners["description"],
                "description",
                env._("Description"),
                product.description,
                sheet.description,
                show=html_to_inner_content,
            )
        brand = references.brands.get(product.brand_id)
        brand_name = brand.name if brand else ""
        if sheet.brand.lower() != brand_name.lower():
            self._note(
                change.product_fields,
                change,
                owners["brand"],
                "brand_name",
                env._("Brand"),
                brand_name,
                sheet.brand,
            )
        if sheet.tax_class_id:
            names = references.tax_classes
            self._note(
                change.product_fields,
                change,
                owners["tax_class"],
                "tax_class_id",
                env._("Tax Class"),
                int(product.tax_class_id or 0),
                int(sheet.tax_class_id),
                show=lambda value: (
                    names[str(value)].name if str(value) in names else str(value)
                ),
            )
        self._compare_categories(change, owners, sheet, product, references)

    @api.model
    def _compare_categories(self, change, owners, sheet, product, references):
        """Add the categories of Odoo's product; it is taken out of none.

        Odoo says of a product where it belongs, not where else it may be found.
        """
        places, names = references.places, references.categories
        missing = [own for own in sheet.category_ids if own not in places]
        there = list(product.category_ids)
        known = [places[own] for own in sheet.category_ids if own in places]
        wanted = list(dict.fromkeys([*there, *known]))
        if not missing and wanted == there:
            return
        owner = owners["categories"]
        is_due = change.is_unfinished and owner == "created" and not there
        is_sent = owner == "odoo" or is_due
        categories = self.env["product.category"].browse(missing)
        change.fields.append(
            FieldChange(
                self.env._("Categories"),
                ", ".join(names[own].name for own in there if own in names),
                ", ".join(
                    [
                        *(names[own].name for own in wanted if own in names),
                        *(self.env._("%s (new)", own.name) for own in categories),
                    ]
                ),
                is_sent,
                "" if is_sent else self._explain_owner(owner),
            )
        )
        if is_sent:
            change.product_fields["categories"] = [int(bc_id) for bc_id in wanted]
            change.category_ids = tuple(missing)

    # Variants

    @api.model
    def _compare_variant(
        self, instance, change, owners, own, variant, product, is_shared
    ):
        """Compare a variant; the base variant's fields are the product's.

        :param is_shared: whether other items stand for the same product: their SKUs
            have to differ
        """
        fields = {} if variant.options else change.product_fields
        suffix = ", ".join(option.label for option in variant.options)
        for owner, name, label, there, here in self._iterate_values(
            instance, own, variant, product
        ):
            label = f"{label} ({suffix})" if suffix else label
            self._note(
                fields,
                change,
                owners[owner],
                name,
                label,
                there,
                here,
                is_shared=is_shared and name == "sku",
            )
        if variant.options and fields:
            change.variant_fields[variant.id] = fields

    @api.model
    def _iterate_values(self, instance, own, variant, product):
        """Yield what Odoo knows of a variant, beside what the store has.

        Each as its owner's name, the store's name, a label, and both values; None for
        what Odoo does not know better.
        """
        env = self.env
        labels = {
            "sku": env._("SKU"),
            "upc": env._("UPC"),
            "gtin": env._("GTIN"),
            "mpn": env._("MPN"),
            "width": env._("Width"),
            "depth": env._("Depth"),
            "height": env._("Height"),
        }
        for name, owner in TEXTS.items():
            yield (
                owner,
                name,
                labels[name],
                getattr(variant, name),
                getattr(own, name),
            )
        numbers = [("cost_price", env._("Cost"), "cost_price", own.cost_price)]
        there = first_set(variant.weight, product.weight)
        if not self.env["bigcommerce.weights"]._is_same(instance, own.weight, there):
            weight = env["bigcommerce.weights"]._to_store(instance, own.weight)
            numbers.append(("weight", env._("Weight"), "weight", weight))
        dimensions = env["bigcommerce.dimensions"]
        for name in LENGTHS:
            length = dimensions._to_store(instance, own.lengths[name])
            there = first_set(getattr(variant, name), getattr(product, name))
            if length is not None and not dimensions._is_same(
                instance, own.lengths[name], there
            ):
                numbers.append(("dimensions", labels[name], name, length))
        for owner, label, name, here in numbers:
            there = first_set(getattr(variant, name), getattr(product, name))
            here = None if here is None else here.normalize() + 0
            yield owner, name, label, there.normalize() + 0, here

    @api.model
    def _compare_sale(self, change, items, variants, product):
        """Take variants off sale whose products Odoo does not sell any more.

        Nothing is deleted there. What was taken off sale so comes back.
        """
        for item in items:
            variant = variants[item.bc_id]
            if not variant.options:
                continue
            is_gone = item.is_product_deleted or (
                item.product_id and not item.product_id.active
            )
            if is_gone and not variant.is_disabled:
                wanted, there, here = True, self.env._("yes"), self.env._("no")
            elif item.is_disabled_by_odoo and not is_gone and variant.is_disabled:
                wanted, there, here = False, self.env._("no"), self.env._("yes")
            elif item.is_disabled_by_odoo and not variant.is_disabled:
                # The store's people were quicker: theirs to say from now on.
                change.sale[variant.id] = False
                continue
            else:
                continue
            change.sale[variant.id] = wanted
            fields = change.variant_fields.setdefault(variant.id, {})
            fields["purchasing_disabled"] = wanted
            label = self.env._(
                "For Sale (%s)", ", ".join(option.label for option in variant.options)
            )
            change.fields.append(FieldChange(label, there, here))

    # Visibility

    @api.model
    def _compare_visibility(self, instance, change, listing, sheet, product, wishes):
        publish = wishes.get("publish")
        is_archived = self._is_archived(listing, sheet)
        wanted = product.is_visible
        if is_archived and instance.hide_archived_products or publish == "hide":
            wanted = False
        elif not is_archived and (
            publish == "publish" or listing.is_hidden_by_archiving
        ):
            wanted = True
        if listing.is_hidden_by_archiving and (wanted or publish == "hide"):
            change.is_hidden = False
        if wanted != product.is_visible:
            change.is_hidden = not wanted and publish != "hide"
            change.product_fields["is_visible"] = wanted
            words = {True: self.env._("yes"), False: self.env._("no")}
            change.fields.append(
                FieldChange(
                    self.env._("Visible"), words[product.is_visible], words[wanted]
                )
            )

    @api.model
    def _is_archived(self, listing, sheet):
        """Return whether Odoo does not have the product any more, or archived it."""
        if sheet:
            return not sheet.is_active
        items = listing.item_ids
        return bool(items) and all(item.is_product_deleted for item in items)

    # Helpers

    @api.model
    def _note(
        self,
        fields,
        change,
        owner,
        name,
        label,
        there,
        here,
        show=str,
        is_shared=False,
    ):
        """Note that a field differs, and that it is sent if it is Odoo's.

        :param is_shared: whether Odoo would say the same of others, and may not
        """
        if here in (None, "") or here == there:
            return
        # What a product was not made with is sent as long as nobody has filled it in.
        is_due = change.is_unfinished and owner == "created" and not there
        reason = "" if is_due else self._explain_owner(owner)
        if not reason and is_shared:
            reason = self.env._(
                "Several products or variants of the store stand for this one."
            )
        is_sent = not reason
        if is_sent:
            fields[name] = here
        change.fields.append(
            FieldChange(
                label,
                show(there) if there not in (None, "") else "",
                show(here),
                is_sent,
                reason,
            )
        )

    @api.model
    def _explain_owner(self, owner):
        """Return why a field is not sent whose owner it is, "" if it is."""
        if owner == "odoo":
            return ""
        if owner == "store":
            return self.env._("It belongs to BigCommerce.")
        return self.env._("It is sent only when a product is created.")

    @api.model
    def _read_html(self, html):
        """Return what HTML says, however its lines are broken."""
        text = str(html_sanitize(html or "", silent=True))
        return " ".join(re.sub(r"\s*(<[^>]*>)\s*", r"\1", text).split())
