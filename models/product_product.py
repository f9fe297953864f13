from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .product_template import USER


class SkuMatch(NamedTuple):
    """A product whose internal reference equals a SKU but for case and spaces."""

    product_id: int
    default_code: str
    active: bool


class ProductProduct(models.Model):
    """Variants that items of stores stand for."""

    _inherit = "product.product"

    bigcommerce_item_ids = fields.One2many(
        "bigcommerce.listing.item",
        "product_id",
        "BigCommerce Items",
        readonly=True,
        groups=USER,
    )
    bigcommerce_item_count = fields.Integer(
        "BigCommerce Listings", compute="_compute_bigcommerce_item_count", groups=USER
    )
    is_bigcommerce_listed = fields.Boolean(
        "Listed in BigCommerce",
        compute="_compute_bigcommerce_item_count",
        search="_search_is_bigcommerce_listed",
        groups=USER,
    )

    _sku_index = models.Index("(lower(trim(default_code)))")

    @api.depends("bigcommerce_item_ids.active")
    def _compute_bigcommerce_item_count(self):
        for product in self:
            items = product.bigcommerce_item_ids.filtered("active")
            product.bigcommerce_item_count = len(items)
            product.is_bigcommerce_listed = bool(items)

    def _search_is_bigcommerce_listed(self, operator, value):
        if operator != "in":
            return NotImplemented
        listed = Domain("bigcommerce_item_ids", "!=", False)
        return listed if True in value else ~listed

    def action_view_bigcommerce_items(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bigcommerce_connector.bigcommerce_listing_item_action"
        )
        action["domain"] = [("product_id", "in", self.ids)]
        return action

    @api.model
    def _find_by_sku(self, skus, company):
        """Return the products that may be meant by ``skus``, archived ones too.

        Only products of ``company`` and of no company count.

        :param skus: iterable of str; empty ones match nothing
        :return: dict of SKU without spaces around -> list of :class:`SkuMatch`
        """
        wanted = {sku.strip() for sku in skus} - {""}
        if not wanted:
            return {}
        self.flush_model(["default_code", "active", "product_tmpl_id"])
        self.env["product.template"].flush_model(["company_id", "active"])
        self.env.cr.execute(
            SQL(
                """
                SELECT wanted.sku, product.id, trim(product.default_code),
                       product.active AND template.active
                  FROM unnest(%s) wanted(sku)
                  JOIN product_product product
                    ON lower(trim(product.default_code)) = lower(wanted.sku)
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                 WHERE template.company_id IS NULL OR template.company_id = %s
              ORDER BY product.id
                """,
                list(wanted),
                company.id,
            )
        )
        matches = {}
        for sku, *match in self.env.cr.fetchall():
            matches.setdefault(sku, []).append(SkuMatch(*match))
        return matches
