from odoo import api, models
from odoo.tools import split_every

from ..client.payloads.product import Product
from ..client.resources.products import VARIANTS_PER_REQUEST
from .option_renames import arrange_renames
from .price_plan import read_price


class BigcommerceProductOptions(models.AbstractModel):
    """Adds variants to products of the store, and the values that tell them apart."""

    _name = "bigcommerce.product.options"
    _description = "BigCommerce Product Options"

    @api.model
    def _rename_options(self, client, line, change):
        """Call options and values what Odoo calls them."""
        if not change.renames:
            return
        options = {str(own["id"]): own for own in client.list_options(line.key)}
        labels = {
            (option_id, str(value["id"])): value["label"]
            for option_id, option in options.items()
            for value in option["option_values"]
        }
        for rename in arrange_renames(change.renames, labels):
            if not rename.value_id:
                client.rename_option(line.key, rename.option_id, rename.name)
                continue
            values = options[rename.option_id]["option_values"]
            value = next(own for own in values if str(own["id"]) == rename.value_id)
            client.rename_option_value(
                line.key,
                rename.option_id,
                rename.value_id,
                rename.name,
                value.get("sort_order", 0),
            )

    @api.model
    def _create_variants(self, client, line, change, prices):
        """Add variants to a product, and the values of its options that they need.

        :param dict prices: product id -> price, where it is not the product's its own
        """
        price = read_price(Product.parse(line._get_payload()["there"]).price)
        instance = line.instance_id
        kept = instance._get_fields_kept(is_new=True)
        options = client.list_options(line.key)
        names, known = self._match_options(line)
        value_ids = {}
        for option in options:
            for value in option["option_values"]:
                value_ids[option["id"], value["label"]] = value["id"]
        # The store may call them otherwise than Odoo.
        value_ids |= known
        Content = self.env["bigcommerce.product.content"]
        contents = []
        for own in change.new_variants:
            chosen = []
            for option in options:
                label = dict(own.options)[names[str(option["id"])]]
                key = (option["id"], label)
                if key not in value_ids:
                    value = client.create_option_value(
                        line.key, option["id"], label, len(option["option_values"])
                    )
                    option["option_values"].append(value)
                    value_ids[key] = value["id"]
                chosen.append({"option_id": option["id"], "id": value_ids[key]})
            contents.append(
                {
                    **Content._prepare_variant(instance, own, kept),
                    **(
                        {"price": prices[own.product_id]}
                        if prices[own.product_id] != price
                        else {}
                    ),
                    "option_values": chosen,
                }
            )
        for part in split_every(VARIANTS_PER_REQUEST, contents, list):
            client.create_variants(line.key, part)

    @api.model
    def _match_options(self, line):
        """Find which attributes and values the options of a listing are.

        :return: dict of option id -> attribute; and of pairs of an option's id and a
            label in Odoo -> value id there, of the values that its variants have
        """
        comparison = self.env["bigcommerce.product.comparison"]
        listing = self.env["bigcommerce.listing"]._find(line.instance_id, [line.key])
        items = listing[line.key].item_ids
        template = listing[line.key]._get_template()
        sheet = self.env["bigcommerce.product.sheets"]._prepare_sheets(
            line.instance_id, template
        )[template]
        product = Product.parse(line._get_payload()["there"])
        sheets = {own.product_id: own for own in sheet.variants}
        by_id = {item.bc_id: item.product_id.id for item in items}
        pairs = [
            (None, variant, sheets[by_id[variant.id]])
            for variant in product.variants
            if by_id.get(variant.id) in sheets
        ]
        names = comparison._match_options(sheet, product, pairs)[1]
        known = {
            (int(option.option_id), dict(own.options)[names[option.option_id]]): int(
                option.id
            )
            for _item, variant, own in pairs
            for option in variant.options
            if option.option_id in names
        }
        return names, known
