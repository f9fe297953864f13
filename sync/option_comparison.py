from collections import Counter

from odoo import api, models

from .option_renames import Rename
from .problems import Blocked
from .product_comparison import FieldChange


class BigcommerceProductComparison(models.AbstractModel):
    """How options, their values and the set of variants differ."""

    _inherit = "bigcommerce.product.comparison"

    @api.model
    def _compare_options(self, change, owners, sheet, product, pairs, elsewhere):
        """Find renamed options and values, and variants that the store lacks.

        :param elsewhere: items of other listings that stand for its variants
        """
        is_sent = owners["options"] == "odoo"
        counts = Counter(own.product_id for _item, _variant, own in pairs)
        known = counts.keys() | set(elsewhere.product_id.ids)
        new = [own for own in sheet.variants if own.product_id not in known]
        # What several variants stand for tells nothing of what they are called.
        single = [pair for pair in pairs if counts[pair[2].product_id] == 1]
        renames, attributes = self._match_options(sheet, product, single)
        has_options = any(variant.options for variant in product.variants)
        if (
            renames is None
            and (is_sent or new)
            or new
            and not (has_options and self._can_hold(sheet, product, attributes))
        ):
            change.problem = Blocked(
                "options_differ",
                self.env._(
                    "“%s” has other options in the store than in Odoo. BigCommerce "
                    "cannot change the options of its variants: change them there by "
                    "hand, or delete the product there and export it anew.",
                    sheet.name,
                ),
            )
            return
        renames = renames or []
        if is_sent and (problem := self._find_same_labels(product, renames)):
            change.problem = problem
            return
        for rename, there in renames:
            change.fields.append(
                FieldChange(
                    self.env._("Option")
                    if not rename.value_id
                    else self.env._("Option Value"),
                    there,
                    rename.name,
                    is_sent,
                    self._explain_owner(owners["options"]),
                )
            )
        if is_sent:
            change.renames = [rename for rename, _there in renames]
        for own in new:
            name = ", ".join(label for _name, label in own.options)
            change.new_variants.append(own)
            change.fields.append(
                FieldChange(self.env._("Variant"), "", f"{name} {own.sku}".strip())
            )

    @api.model
    def _find_same_labels(self, product, renames):
        """Return the ``Blocked`` of two values that would be called the same, if any.

        :param renames: pairs of a :class:`Rename` and the name there
        """
        options = [own for variant in product.variants for own in variant.options]
        labels = {(own.option_id, own.id): own.label for own in options}
        names = {own.option_id: own.option_name for own in options}
        seen = set()
        for rename, _there in renames:
            if rename.value_id:
                labels[rename.option_id, rename.value_id] = rename.name
        for (option_id, _value_id), label in labels.items():
            if (option_id, label) in seen:
                return Blocked(
                    "not_sendable",
                    self.env._(
                        "Two values of “%(option)s” would be called “%(label)s” in the "
                        "store. Rename one, here or there.",
                        option=names[option_id],
                        label=label,
                    ),
                )
            seen.add((option_id, label))
        return None

    @api.model
    def _can_hold(self, sheet, product, attributes):
        """Return whether the store's options tell all variants of Odoo apart."""
        there = {
            option.option_id
            for variant in product.variants
            for option in variant.options
        }
        return there == set(attributes) and set(sheet.varying) <= set(
            attributes.values()
        )

    @api.model
    def _match_options(self, sheet, product, pairs):
        """Find which option of the store is which attribute, and what is renamed.

        :return: pairs of a :class:`Rename` and the name there, None if they are not the
            same options; and a dict of option id -> attribute
        """
        names, labels = {}, {}
        for _item, variant, own in pairs:
            if not variant.options or not own.options:
                continue
            here = dict(own.options)
            found = self._match_attributes(sheet, variant, here)
            for option in variant.options:
                if option.option_id not in found:
                    continue
                attribute = found[option.option_id]
                if names.setdefault(option.option_id, attribute) != attribute:
                    return None, {}
                place = (option.option_id, option.id)
                if labels.setdefault(place, here[attribute]) != here[attribute]:
                    return None, {}
        there = {
            option.option_id: option.option_name
            for variant in product.variants
            for option in variant.options
        }
        if pairs and there and not set(sheet.varying) <= set(names.values()):
            return None, {}
        values = {
            (option.option_id, option.id): option.label
            for variant in product.variants
            for option in variant.options
        }
        renames = [
            (Rename(option_id, "", name), there[option_id])
            for option_id, name in names.items()
            if name != there[option_id]
        ]
        renames += [
            (Rename(option_id, value_id, label), values[option_id, value_id])
            for (option_id, value_id), label in labels.items()
            if label != values[option_id, value_id]
        ]
        return renames, names

    @api.model
    def _match_attributes(self, sheet, variant, here):
        """Return which option of a variant is which attribute, by the option's id.

        By name, or as the only ones that are left on both sides.

        :param dict here: the variant's value in Odoo of each attribute
        """
        rest = [option for option in variant.options]
        found = {
            option.option_id: option.option_name
            for option in rest
            if option.option_name in here
        }
        rest = [option for option in rest if option.option_id not in found]
        left = [
            name
            for name in here
            if name not in found.values() and name in sheet.varying
        ] or [
            # What does not vary is known by its value alone.
            name
            for name in here
            if name not in found.values()
            and here[name] in [option.label for option in rest]
        ]
        if len(rest) == 1 and len(left) == 1:
            found[rest[0].option_id] = left[0]
        return found
