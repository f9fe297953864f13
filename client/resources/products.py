"""Products and their variants (§6)."""

from typing import NamedTuple

from .. import paging
from ..batches import Batch, BatchAnswer, as_number, refuse_too_many
from ..complaint import Complaint
from ..errors import Conflict, InvalidRequest, ProtocolError
from .resource import Resource, portions
from .scopes import PRODUCTS, PRODUCTS_WRITE

#: how many BigCommerce takes in one request (§6.1)
PRODUCTS_PER_REQUEST = 10
VARIANTS_PER_REQUEST = 50
# what listings are made of
_INCLUDED = ("variants", "images", "custom_fields", "bulk_pricing_rules", "channels")


class SavedProduct(NamedTuple):
    """A product that was made.

    ``raw``: it as JSON; ``complaint``: what of it could not be saved and why (207), ""
    if all was.
    """

    raw: dict
    complaint: str


class Products(Resource):
    """Products of the catalogue."""

    def iterate_products(
        self, *, product_ids=None, min_date_modified=None, after_id=None, limit=250
    ):
        """Yield pages of products by ascending id, with variants, images, custom
        fields, bulk pricing rules and channels: ``GET /v3/catalog/products`` with
        ``id:min`` (§6.2).

        Options are not asked for: they would cap a page at 10 products, and the
        variants name theirs.

        :param product_ids: only these, asked for 100 at a time; none if it is empty
        :param min_date_modified: aware datetime
        :param after_id: only ids above; the last id seen resumes
        :param limit: products per page, 2 to 250
        :return: iterator of Page; the list ends with an empty answer
        """
        filters = {
            "date_modified:min": min_date_modified,
            "include": _INCLUDED,
            "sort": "id",
            "direction": "asc",
            "limit": limit,
        }
        for ids in portions(product_ids):

            def fetch(first_id, ids=ids):
                params = {"id:min": first_id, "id:in": ids, **filters}
                return self._get("/v3/catalog/products", PRODUCTS, params)

            yield from paging.by_id(fetch, paging.read_data_list, int(after_id or 0))

    def find_products(self, *, name=None, sku=None):
        """Return the products of exactly that name or SKU, with what
        :meth:`iterate_products` has of them: ``GET /v3/catalog/products`` (§6.2).

        :param sku: of the product itself; those of variants: :meth:`list_variants`
        """
        return self._list_by_total(
            "/v3/catalog/products",
            PRODUCTS,
            limit=250,
            name=name,
            sku=sku,
            include=_INCLUDED,
        )

    def create_product(self, content):
        """Make a product: ``POST /v3/catalog/products`` (§6.5).

        Its ``variants`` name their options by ``option_display_name`` and ``label``;
        these are made along. It is assigned to no channel.

        :return: :class:`SavedProduct`
        :raises InvalidRequest: if BigCommerce does not accept it; ``errors`` names
            fields
        :raises Conflict: if there is a product with its name or one of its SKUs, or if
            it refers to something that there is not
        """
        return self._write(
            "POST",
            "/v3/catalog/products",
            content,
            PRODUCTS_WRITE,
            self._parse_product,
        )

    def list_variants(self, sku):
        """Return the variants that have a SKU, of whatever product:
        ``GET /v3/catalog/variants`` (§6.1). The base variants of products without
        options are among them.
        """
        return self._list_by_total("/v3/catalog/variants", PRODUCTS, limit=250, sku=sku)

    def update_products(self, changes):
        """Change fields of products: ``PUT /v3/catalog/products``, 10 at most (§6.1).

        What is not named stays. A list that is given replaces the one that is there,
        ``bulk_pricing_rules`` among them: [] takes all rules away, and rules need no
        ids. (That the rules go with the product is BigCommerce's contract; that they
        are replaced as other lists are is inferred, §6.5.) ``price`` and ``cost_price``
        are in the store's currency, 0 unsets ``sale_price``. A changed ``price`` does
        not reach variants with a price of their own (§6.4).

        :param changes: list of dicts, field -> value, each with its ``id``
        :return: BatchAnswer; nothing is sent for none
        :raises InvalidRequest: if BigCommerce does not accept it; ``errors`` names
            fields, but not of which product. Or if there are more than 10
        :raises Conflict: if a name, a SKU or rules contradict others
        :raises NotFound: if there is no such product
        """
        batch = Batch(changes, ("id", "product_id"), PRODUCTS_PER_REQUEST)
        return self._write_batch("/v3/catalog/products", batch)

    def update_variants(self, changes):
        """Change fields of variants: ``PUT /v3/catalog/variants``, 50 at most (§6.1).

        What is not named stays; a ``price`` or ``weight`` of None is inherited from the
        product again (§6.4).

        :param changes: list of dicts, field -> value, each with its ``id``
        :return: BatchAnswer; nothing is sent for none. Where one was refused others may
            not have been saved either: they are in neither of its dicts
        :raises InvalidRequest: if BigCommerce does not accept it and does not say which
            variants are wrong, or if there are more than 50
        :raises Conflict: if a SKU is another's
        :raises NotFound: if there is no such variant
        """
        batch = Batch(changes, ("id", "variant_id"), VARIANTS_PER_REQUEST)
        return self._write_batch("/v3/catalog/variants", batch)

    def create_variants(self, product_id, contents):
        """Add variants to a product: ``PUT /v3/catalog/variants``, 50 at most (§6.1).

        :param contents: list of dicts, each with ``sku`` and ``option_values``: dicts
            of ``option_id`` and ``id`` of values that the product has
        :return: list of raw variants
        :raises InvalidRequest: if one is not accepted: none is made
        :raises Conflict: if a SKU is another's
        """
        refuse_too_many(contents, VARIANTS_PER_REQUEST)
        product_id = as_number(product_id, "product_id")
        changes = [{**content, "product_id": product_id} for content in contents]
        return self._write(
            "PUT",
            "/v3/catalog/variants",
            changes,
            PRODUCTS_WRITE,
            paging.read_data_list,
        )

    def _write_batch(self, path, batch):
        if not batch.changes:
            return BatchAnswer()

        def parse(answer):
            return batch.parse(answer, self.transport)

        try:
            return self._write("PUT", path, batch.changes, PRODUCTS_WRITE, parse)
        except (Conflict, InvalidRequest) as error:
            return batch.parse_refusal(error)

    def _parse_product(self, answer):
        raw = paging.read_data(answer)
        # A 207 is documented with a list of one.
        if isinstance(raw, list) and len(raw) == 1:
            raw = raw[0]
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), (int, str)):
            raise ProtocolError("A product without 'id'", status=answer.status)
        return SavedProduct(raw, self._read_complaint(answer))

    def _read_complaint(self, answer):
        """Return what a 207 says was not saved."""
        said = answer.body.get("errors")
        if not said:
            return ""
        complaint = Complaint.of_item({"errors": said})
        errors = self.transport.redact_complaints([complaint], InvalidRequest)
        return "; ".join(
            f"{name}: {text}" for error in errors for name, text in error.errors.items()
        ) or "; ".join(error.message for error in errors)
