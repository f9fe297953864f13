from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class SkuMatch(NamedTuple):
    """A product whose internal reference equals a SKU but for case and spaces."""

    product_id: int
    default_code: str
    active: bool


class ProductProduct(models.Model):
    _inherit = "product.product"

    _sku_index = models.Index("(lower(trim(default_code)))")

    @api.model
    def _find_by_sku(self, skus, company):
        """Return the products that may be meant by ``skus``, archived ones too.

        Only products of ``company`` and of no company count.

        :param skus: iterable of str; empty ones match nothing
        :return: dict of lower-case SKU -> list of :class:`SkuMatch`
        """
        wanted = {sku.strip().lower() for sku in skus} - {""}
        if not wanted:
            return {}
        self.flush_model(["default_code", "active", "product_tmpl_id"])
        self.env["product.template"].flush_model(["company_id", "active"])
        self.env.cr.execute(
            SQL(
                """
                SELECT product.id, trim(product.default_code),
                       product.active AND template.active
                  FROM product_product product
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                 WHERE lower(trim(product.default_code)) = ANY(%s)
                   AND (template.company_id IS NULL OR template.company_id = %s)
              ORDER BY product.id
                """,
                list(wanted),
                company.id,
            )
        )
        matches = {}
        for product_id, default_code, active in self.env.cr.fetchall():
            match = SkuMatch(product_id, default_code, active)
            matches.setdefault(default_code.lower(), []).append(match)
        return matches
