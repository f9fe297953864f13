from odoo import api, models

from .operation import Found, FoundPage


class BigcommerceImportPrices(models.AbstractModel):
    """Bring all prices that the store has confirmed into its pricelist.

    *Import Listings* brings those that change. This is for all at once: when the
    pricelist is another one, or taxes were corrected.
    """

    _name = "bigcommerce.import.prices"
    _inherit = "bigcommerce.operation"
    _description = "Import Prices"

    _code = "import_prices"
    _subject_model = "bigcommerce.listing"
    _asks_store = False
    # After the listings, from which it takes the prices.
    _priority = 35
    _choices = {"listing_ids": "ids"}

    @api.model
    def _get_label(self):
        return self.env._("Import Product's Price")

    @api.model
    def _discover(self, client, instance, options, resume):
        domain = [("instance_id", "=", instance.id), ("is_excluded", "=", False)]
        if "ids" in options:
            domain.append(("bc_id", "in", options["ids"]))
        pages = self._iterate_records("bigcommerce.listing", domain, resume)
        for listings, after in pages:
            yield FoundPage(
                [
                    Found(listing.bc_id, listing.name, {"id": listing.bc_id})
                    for listing in listings
                ],
                after,
            )

    @api.model
    def _apply(self, lines):
        instance = lines.instance_id
        listings = self.env["bigcommerce.listing"]._find(instance, lines.mapped("key"))
        items = self.env["bigcommerce.listing"].concat(*listings.values()).item_ids
        problems = self.env["bigcommerce.pricelist.rules"]._take_prices(
            instance, [(item, None) for item in items]
        )
        outcomes = {line: listings[line.key] for line in lines if line.key in listings}
        for line, listing in outcomes.items():
            stopped = [item for item in listing.item_ids if item in problems]
            if stopped:
                outcomes[line] = problems[stopped[0]]
        return outcomes
