from typing import NamedTuple

from odoo import api, models

from ..client.payloads.product import Product
from .problems import Blocked
from .product_comparison import ProductChange
from .product_keys import get_template_id
from .product_limits import find_violations
from .values import first_set


class Plan(NamedTuple):
    """What an export does with a product.

    ``kind``: "create", "update" or "unchanged". ``fields``: FieldChange of each field
    that differs. ``content``: what is sent to make it; ``change``: to change it.
    ``category_ids``: product categories that a new product is in.
    """

    kind: str
    fields: list
    content: dict | None = None
    change: ProductChange | None = None
    category_ids: tuple = ()


class Facts(NamedTuple):
    """What plans are made of, found for many lines at once.

    ``sheets``: by the id of the template; ``listings`` and their ``templates``: by the
    id there; ``listed``: templates that the store has; ``products``: by line.
    """

    sheets: dict
    listings: dict
    templates: dict
    listed: models.Model
    clashes: dict
    prices: dict
    products: dict
    references: tuple


class BigcommerceProductPlanning(models.AbstractModel):
    """What an export is to do with each product, before anything is sent."""

    _name = "bigcommerce.product.planning"
    _description = "BigCommerce Product Planning"

    @api.model
    def _plan(self, lines):
        """Return what is to be done: dict of line -> :class:`Plan` or ``Blocked``.

        Changes nothing and asks nobody; an export and its preview do the same.
        """
        new = {
            line: get_template_id(line.key) for line in lines if not line.key.isdigit()
        }
        facts = self._find_facts(lines, new)
        plans = {}
        for line in lines:
            try:
                if line in new:
                    sheet = facts.sheets.get(new[line])
                    plans[line] = self._plan_new(line, sheet, facts)
                else:
                    template = facts.templates.get(line.key)
                    sheet = facts.sheets.get(template.id) if template else None
                    plans[line] = self._plan_update(line, sheet, facts)
            except Blocked as problem:
                plans[line] = problem
        return plans

    @api.model
    def _find_facts(self, lines, new):
        """Return the :class:`Facts` about lines.

        :param dict new: ids of the templates that are to be made, by line
        """
        instance = lines.instance_id
        listings = self.env["bigcommerce.listing"]._find(
            instance, (lines - lines.browse().concat(*new)).mapped("key")
        )
        templates = {
            bc_id: listing._get_template() for bc_id, listing in listings.items()
        }
        Template = self.env["product.template"].with_context(active_test=False)
        known = Template.browse(new.values()).exists() | Template.concat(
            *templates.values()
        )
        sheets = {
            template.id: sheet
            for template, sheet in self.env["bigcommerce.product.sheets"]
            ._prepare_sheets(instance, known)
            .items()
        }
        owned = {}
        for bc_id, own in templates.items():
            if own:
                owned[own.id] = owned.get(own.id, listings[bc_id]) | listings[bc_id]
        listed = self._find_listed(instance, Template.browse(new.values()).exists())
        clashes = self.env["bigcommerce.product.sheets"]._find_clashes(
            instance,
            list(sheets.values()),
            owned,
        )
        prices = self.env["bigcommerce.product.content"]._find_prices(
            instance,
            [
                own
                for template_id in set(new.values()) & sheets.keys()
                for own in sheets[template_id].variants
            ],
        )
        products = self._read_products(lines)
        references = self.env["bigcommerce.product.comparison"]._find_references(
            instance, sheets.values(), products.values()
        )
        return Facts(
            sheets, listings, templates, listed, clashes, prices, products, references
        )

    @api.model
    def _read_products(self, lines):
        """Return what the store has of lines: dict of line -> Product."""
        payloads = {line: line._get_payload() for line in lines}
        return {
            line: Product.parse(payload["there"])
            for line, payload in payloads.items()
            if "there" in payload
        }

    @api.model
    def _plan_new(self, line, sheet, facts):
        if not sheet or not sheet.is_active or sheet.template_id in facts.listed.ids:
            # It has been deleted, archived or listed meanwhile.
            return Plan("unchanged", [])
        instance = line.instance_id
        kept = instance._get_fields_kept(is_new=True)
        category_ids = () if "categories" in kept else sheet.category_ids
        violations = find_violations(self.env, sheet, kept)
        self._check(
            instance,
            violations,
            facts.clashes[sheet.template_id].values(),
            category_ids,
        )
        wishes = line._get_payload().get("wishes", {})
        Content = self.env["bigcommerce.product.content"]
        content = Content._prepare_creation(instance, sheet, wishes, facts.prices)
        if content["is_visible"] and not content["price"] and not line.is_approved:
            raise Blocked(
                "needs_approval",
                self.env._(
                    "“%s” has no price in Odoo, and would be sold for nothing. Give it "
                    "one and retry, or approve.",
                    sheet.name,
                ),
                line._get_payload(),
            )
        categories = self.env["product.category"].browse(category_ids)
        return Plan(
            "create",
            Content._describe(content, categories, facts.references.tax_classes),
            content=content,
            category_ids=category_ids,
        )

    @api.model
    def _plan_update(self, line, sheet, facts):
        instance = line.instance_id
        listing, product = facts.listings.get(line.key), facts.products.get(line)
        if not listing or listing.is_excluded:
            return Plan("unchanged", [])
        if not product:
            raise Blocked(
                "not_found",
                self.env._(
                    "The store does not have this product any more. Import the "
                    "listings."
                ),
            )
        change = self.env["bigcommerce.product.comparison"]._compare(
            instance,
            listing,
            sheet,
            product,
            line._get_payload().get("wishes", {}),
            facts.references,
        )
        if change.problem:
            raise change.problem
        is_shown = change.product_fields.get("is_visible")
        if is_shown and self._is_for_nothing(product) and not line.is_approved:
            raise Blocked(
                "needs_approval",
                self.env._(
                    "“%s” has no price in the store, and would be sold for nothing. "
                    "Export its price first and retry, or approve.",
                    product.name,
                ),
                line._get_payload(),
            )
        if change.is_empty:
            return Plan("unchanged", change.fields, change=change)
        if sheet:
            taken = facts.clashes[sheet.template_id]
            kept = instance._get_fields_kept(is_new=False)
            if not change.renames:
                kept |= {"options"}
            made = {own.product_id for own in change.new_variants}
            self._check(
                instance,
                find_violations(self.env, sheet, kept, made),
                [taken[name] for name in taken if name in change.names],
                change.category_ids,
            )
        return Plan("update", change.fields, change=change)

    @api.model
    def _is_for_nothing(self, product):
        """Return whether the store asks nothing for a product, or one of its variants.

        :param product: payload of the product
        """
        return not all(
            first_set(variant.price, product.price) for variant in product.variants
        )

    @api.model
    def _check(self, instance, violations, clashes, category_ids):
        """Refuse what BigCommerce would not take.

        :param violations: a sentence for each limit that is exceeded
        :param clashes: each ``Blocked`` of a name or a SKU that is another's
        :param category_ids: product categories that the store should have
        :raise Blocked: with a sentence for each thing that is wrong
        """
        if violations:
            raise Blocked("not_sendable", "\n".join(violations))
        for clash in clashes:
            raise clash
        if problem := self.env["bigcommerce.category.creation"]._find_problem(
            instance, category_ids
        ):
            raise problem
