from odoo import api, models
from odoo.fields import Command

from .values import first_set


def get_variant_name(product, variant):
    """Return the name of a variant: the product's, with the chosen options."""
    labels = ", ".join(option.label for option in variant.options if option.label)
    name = product.name or variant.sku or variant.id
    return f"{name} ({labels})" if labels else name


class BigcommerceProductCreation(models.AbstractModel):
    """Makes Odoo products for listing items that have none."""

    _name = "bigcommerce.product.creation"
    _description = "BigCommerce Product Creation"

    @api.model
    def _create_products(self, instance, products, listings, variant_ids):
        """Create a product for each of the variants in ``variant_ids``.

        A listing none of whose variants has a product becomes one template with the
        store's variants. Variants that come to a listing which Odoo knows already
        become products of their own: an existing product's attributes stay as they
        are.

        :param products: payloads of the listings
        :param dict listings: the listings by their id there
        :param set variant_ids: ids there of the variants
        :return: dict of variant id there -> product.product
        """
        whole, single, seen = [], [], set()
        for product in products:
            variants = [
                variant
                for variant in product.variants
                if variant.id in variant_ids and self._is_first(variant, seen)
            ]
            if len(variants) == len(product.variants) and any(
                variant.options for variant in variants
            ):
                whole.append((product, variants))
            else:
                single += [(product, variant) for variant in variants]
        categories = self.env["bigcommerce.product.categories"]._find_or_create(
            instance,
            self.env["bigcommerce.listing"].concat(
                *(listings[product.id] for product, _variants in whole + single)
            ),
        )
        find_price = self.env["bigcommerce.store.prices"]._list_price_finder(instance)
        template_vals = {
            product.id: {
                **self._prepare_template_vals(
                    instance, product, listings[product.id], categories
                ),
                "list_price": find_price(product.price),
            }
            for product, _variants in whole + single
        }
        weigh = self.env["bigcommerce.weights"]._get_converter(instance)
        variant_vals = {
            variant.id: self._prepare_variant_vals(product, variant, weigh)
            for product in products
            for variant in product.variants
            if variant.id in variant_ids
        }
        return {
            **self._create_single_products(
                single, template_vals, variant_vals, find_price
            ),
            **self._create_templates(whole, template_vals, variant_vals),
        }

    @api.model
    def _is_first(self, variant, seen):
        """Return whether no product is made for this SKU yet in this batch."""
        sku = variant.sku.strip().lower()
        is_first = not sku or sku not in seen
        seen.add(sku)
        return is_first

    @api.model
    def _create_single_products(
        self, variants, template_vals, variant_vals, find_price
    ):
        """Create a product without attributes for each (listing, variant)."""
        templates = self.env["product.template"].create(
            [
                {
                    **template_vals[product.id],
                    **variant_vals[variant.id],
                    "name": get_variant_name(product, variant),
                    "list_price": find_price(first_set(variant.price, product.price)),
                }
                for product, variant in variants
            ]
        )
        return {
            variant.id: template.product_variant_id
            for (_product, variant), template in zip(variants, templates, strict=True)
        }

    @api.model
    def _create_templates(self, listings, template_vals, variant_vals):
        """Create a template with exactly the store's variants for each listing.

        The price is the listing's: what a variant costs more or less is a matter of
        pricelists.
        """
        attributes = self._find_or_create_attributes(
            option
            for _product, variants in listings
            for variant in variants
            for option in variant.options
        )
        templates = self.env["product.template"].create(
            [
                {
                    **template_vals[product.id],
                    "attribute_line_ids": self._prepare_attribute_lines(
                        variants, attributes
                    ),
                }
                for product, variants in listings
            ]
        )
        vals_list, variant_ids = [], []
        for (_product, variants), template in zip(listings, templates, strict=True):
            values = {
                value.product_attribute_value_id: value
                for value in template.attribute_line_ids.product_template_value_ids
            }
            for variant in variants:
                combination = [
                    values[attributes[option.option_name][option.label]].id
                    for option in variant.options
                ]
                vals_list.append(
                    {
                        **variant_vals[variant.id],
                        "product_tmpl_id": template.id,
                        "product_template_attribute_value_ids": [
                            Command.set(combination)
                        ],
                    }
                )
                variant_ids.append(variant.id)
        created = self.env["product.product"].create(vals_list)
        return dict(zip(variant_ids, created, strict=True))

    @api.model
    def _prepare_template_vals(self, instance, product, listing, categories):
        is_digital = product.type == "digital"
        return {
            "name": product.name or product.sku or product.id,
            "type": "service" if is_digital else "consu",
            "is_storable": not is_digital,
            "company_id": instance.keep_in_company and instance.company_id.id,
            "bigcommerce_listing_id": listing.id,
            **({"categ_id": categories[listing].id} if listing in categories else {}),
        }

    @api.model
    def _prepare_variant_vals(self, product, variant, weigh):
        """Return the values of a variant; ``weigh`` converts its weight."""
        weight = weigh(first_set(variant.weight, product.weight))
        return {
            "default_code": variant.sku.strip() or False,
            **({} if weight is None else {"weight": weight}),
        }

    @api.model
    def _prepare_attribute_lines(self, variants, attributes):
        labels = {}
        for variant in variants:
            for option in variant.options:
                labels.setdefault(option.option_name, []).append(option.label)
        return [
            Command.create(
                {
                    "attribute_id": attributes[name][own[0]].attribute_id.id,
                    "value_ids": [
                        Command.set(
                            list(
                                dict.fromkeys(
                                    attributes[name][label].id for label in own
                                )
                            )
                        )
                    ],
                }
            )
            for name, own in labels.items()
        ]

    @api.model
    def _find_or_create_attributes(self, options):
        """Return attributes and values of the store's options; make the missing ones.

        Only attributes whose variants are made on demand are used: the others would
        make every combination.

        :return: dict of option name -> dict of label -> product.attribute.value
        """
        labels = {}
        for option in options:
            labels.setdefault(option.option_name, {})[option.label] = None
        Attribute = self.env["product.attribute"]
        attributes = {
            attribute.name: attribute
            for attribute in Attribute.search(
                [
                    ("name", "in", list(labels)),
                    ("create_variant", "=", "dynamic"),
                ],
                order="id desc",
            )
        }
        missing = [name for name in labels if name not in attributes]
        attributes.update(
            zip(
                missing,
                Attribute.create(
                    [{"name": name, "create_variant": "dynamic"} for name in missing]
                ),
                strict=True,
            )
        )
        values = {
            (value.attribute_id, value.name): value
            for attribute in attributes.values()
            for value in attribute.value_ids
        }
        wanted = [
            (attributes[name], label) for name, own in labels.items() for label in own
        ]
        missing = [key for key in wanted if key not in values]
        values.update(
            zip(
                missing,
                self.env["product.attribute.value"].create(
                    [
                        {"attribute_id": attribute.id, "name": label}
                        for attribute, label in missing
                    ]
                ),
                strict=True,
            )
        )
        return {
            name: {label: values[attributes[name], label] for label in own}
            for name, own in labels.items()
        }
