from odoo import api, models

from .operation import GONE


class BigcommercePreviewListings(models.AbstractModel):
    """What an import of listings would do with each of them."""

    _name = "bigcommerce.preview.listings"
    _inherit = "bigcommerce.preview.report"
    _description = "BigCommerce Preview of Listings"

    _operation = "import_listings"
    _model = "bigcommerce.listing"
    _told_fields = (
        "name",
        "sku",
        "price",
        "active",
        "is_visible",
        "availability",
        "item_count",
        "mapping_state",
    )
    _made_models = ("product.product",)

    @api.model
    def _remember(self, instance, keys):
        former = super()._remember(instance, keys)
        # An item that has its product already is not told of again.
        items = self.env["bigcommerce.listing.item"].search(
            [
                ("instance_id", "=", instance.id),
                ("listing_id.bc_id", "in", list(keys)),
                ("product_id", "!=", False),
            ]
        )
        return former._replace(mapped_ids=frozenset(items.ids))

    @api.model
    def _prepare_vals_list(self, instance, items, lines, former):
        keys = [item.key for item in items]
        listings = self.env["bigcommerce.listing"]._find(instance, keys)
        waiting = self._find_waiting(instance, set(keys) - lines.keys())
        vals_list = []
        for item in items:
            listing = listings.get(item.key, self.env["bigcommerce.listing"])
            if item.key in lines and lines[item.key].state != "done":
                verdict = self._judge_stopped(lines[item.key])
            elif item.key in lines:
                verdict = self._judge_done(item, listing, former)
            elif item.key in waiting:
                verdict = self._judge_waiting(waiting[item.key])
            elif GONE in item.payload:
                verdict = self._judge_gone()
            else:
                verdict = {"verdict": "unchanged"}
            vals_list.append(
                {
                    "name": item.name,
                    **self._prepare_fact_vals(listing, former),
                    **verdict,
                }
            )
        return vals_list

    @api.model
    def _prepare_fact_vals(self, listing, former):
        if not listing:
            return {}
        products = listing.item_ids.product_id
        is_single = len(products) == 1 and not former.is_new(products)
        return {
            "name": listing.name,
            "date": listing.date_modified,
            "sku": listing.sku or listing.item_ids[:1].sku,
            "currency_id": listing.currency_id.id,
            "price": listing.price,
            "variant_count": listing.item_count,
            "products": self._explain_products(listing, former),
            "product_id": is_single and products.id,
            "listing_id": listing.bc_id in former.digests and listing.id,
        }

    @api.model
    def _explain_products(self, listing, former):
        """Return where the products of a listing's variants come from."""
        items = listing.item_ids
        mapped = items.filtered("product_id")
        made = mapped.filtered(lambda item: former.is_new(item.product_id))
        known = mapped.filtered(lambda item: item.id in former.mapped_ids)
        words = {
            self.env._("%s known", len(known)): known,
            self.env._("%s found by SKU", len(mapped - made - known)): (
                mapped - made - known
            ),
            self.env._("%s made", len(made)): made,
            self.env._("%s without product", len(items - mapped)): items - mapped,
        }
        return ", ".join(text for text, own in words.items() if own)

    @api.model
    def _judge_done(self, item, listing, former):
        if not listing:
            return self._judge_gone()
        if listing.bc_id not in former.digests:
            return {"verdict": "create", "reason": self._explain_excluded(listing)}
        if not listing.active:
            words = [self.env._("The store no longer has it: it is archived.")]
        else:
            words = self._explain_changes(listing, former)
        words.append(self._explain_excluded(listing))
        return {"verdict": "update", "reason": self._join(words)}

    @api.model
    def _judge_gone(self):
        return {
            "verdict": "skipped",
            "reason": self.env._("The store has no such product."),
        }

    @api.model
    def _explain_excluded(self, listing):
        return listing.is_excluded and self.env._(
            "It is not synchronised: its products in Odoo stay as they are."
        )
