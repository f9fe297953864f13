"""BigCommerce's endpoints, as far as they are in use: one method each.

What a method returns is BigCommerce's JSON as it is; ``payloads`` reads it. Every
method raises BigCommerceError, usually one of Unreachable, RequestTimeout, RateLimited,
ServerError, AuthenticationError, Forbidden (with the scope that is missing) and
ProtocolError; docstrings name what comes on top.

A list is complete however long it is. Large ones are iterators of ``paging.Page``,
one request each, so that memory stays flat and the caller can stop or resume.
"""

import re
from itertools import chain
from urllib.parse import quote

from . import codec, paging
from .batches import Batch, BatchAnswer, as_number, refuse_too_many
from .errors import Conflict, InvalidRequest, ProtocolError
from .transport import Transport

DEFAULT_API_URL = "https://api.bigcommerce.com"

_API_PATH = re.compile(r"(?:^|/)stores/(\w+)", re.ASCII)
_STORE_HOST = re.compile(
    r"(?:^|/)store-([a-z0-9]+)(?:-\d+)?\.mybigcommerce\.com(?![\w.-])", re.IGNORECASE
)
_STORE_HASH = re.compile(r"\w+", re.ASCII)

_INFORMATION = "store_v2_information_read_only"
_ORDERS = "store_v2_orders_read_only"
_ORDERS_WRITE = "store_v2_orders"
_PRODUCTS = "store_v2_products_read_only"
_PRODUCTS_WRITE = "store_v2_products"
_INVENTORY = "store_inventory_read_only"
_INVENTORY_WRITE = "store_inventory"
_LOCATIONS = "store_locations_read_only"
_CHANNELS = "store_channel_settings_read_only"
_CUSTOMERS = "store_v2_customers_read_only"
_TRANSACTIONS = "store_v2_transactions_read_only"

# without these an order is a handful of links (§3.3)
_ORDER_DETAILS = {
    "include": ("consignments.line_items", "fees"),
    "consignment_structure": "object",
}
# ids in one filter, so that the address stays short enough (§1.7)
_IDS_PER_REQUEST = 100

#: how many BigCommerce takes in one request (§6.1, §9.2)
LEVELS_PER_REQUEST = 2000
PRODUCTS_PER_REQUEST = 10
VARIANTS_PER_REQUEST = 50


def extract_store_hash(text):
    """Return the store hash in what people copy from BigCommerce, "" if there is none.

    :param text: the hash itself, an API path, or the address of the API, the control
        panel or a storefront below mybigcommerce.com (§1.1)
    """
    text = text.strip()
    if match := _API_PATH.search(text):
        return match[1]
    if match := _STORE_HOST.search(text):
        return match[1].lower()
    return text if _STORE_HASH.fullmatch(text) else ""


class BigCommerceClient:
    """A store of BigCommerce.

    :param transport: Transport to the store

    Use it as a context manager, or close it.
    """

    def __init__(self, transport):
        self.transport = transport

    @classmethod
    def connect(
        cls,
        store_hash,
        access_token,
        *,
        api_url=DEFAULT_API_URL,
        **options,
    ):
        """Return the client of a store. Nothing is sent yet.

        :param store_hash: anything that ``extract_store_hash`` understands
        :param access_token: of a store-level API account
        :param api_url: where the API is
        :param options: of the Transport, e.g. ``read_only``
        :raises InvalidRequest: if there is no store hash
        """
        extracted = extract_store_hash(store_hash)
        if not extracted:
            raise InvalidRequest("This is not a store hash of BigCommerce")
        base_url = f"{api_url.rstrip('/')}/stores/{extracted}"
        return cls(Transport(base_url, access_token, **options))

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Close the connections."""
        self.transport.close()

    # the store

    def get_store(self):
        """Return the store's own data: ``GET /v2/store`` (§2).

        :raises NotFound: if there is no store of that hash
        """
        return self._get_object("/v2/store", _INFORMATION)

    def get_time(self):
        """Return ``{"time": seconds since 1970}``: ``GET /v2/time`` (§1.1).

        The cheapest way to try the credentials.
        """
        return self._get_object("/v2/time", _INFORMATION)

    def list_currencies(self):
        """Return all currencies: ``GET /v2/currencies``, 50 per page (§2)."""
        return self._list_numbered("/v2/currencies", _INFORMATION)

    def list_order_statuses(self):
        """Return the 15 order statuses: ``GET /v2/order_statuses``, unpaged (§3.10)."""
        return paging.read_list(self._get("/v2/order_statuses", _ORDERS))

    def get_tax_settings(self):
        """Return how the store enters and rounds taxes: ``GET /v3/tax/settings`` (§2).

        ``tax_entered_with_prices``, ``rounding_strategy`` …, without the envelope.
        """
        return paging.read_data_object(self._get("/v3/tax/settings", _INFORMATION))

    def list_tax_classes(self):
        """Return all tax classes: ``GET /v2/tax_classes``, 250 per page (§11)."""
        return self._list_numbered("/v2/tax_classes", _INFORMATION, limit=250)

    def list_channels(self):
        """Return all channels, the closed ones as well, because old orders name them:
        ``GET /v3/channels``, 50 per page (§10).
        """
        return self._list_by_total("/v3/channels", _CHANNELS, limit=50)

    def list_locations(self):
        """Return all stock locations, [] for a store without any:
        ``GET /v3/inventory/locations``, 1000 per page (§9.5).
        """
        return self._list_by_total("/v3/inventory/locations", _LOCATIONS, limit=1000)

    # orders

    def iterate_orders(
        self,
        *,
        after_id=None,
        min_date_modified=None,
        max_date_modified=None,
        min_date_created=None,
        status_id=None,
        channel_id=None,
        limit=250,
    ):
        """Yield pages of orders by ascending id, with consignments, lines and fees:
        ``GET /v2/orders`` with ``min_id`` and ``sort=id:asc`` (§3.2, §3.3).

        Incomplete orders (status 0) and perhaps archived ones (``is_deleted``) are
        among them. BigCommerce silently ignores a date that it does not understand:
        look at ``date_modified`` of what comes.

        :param after_id: only ids above; the last id seen resumes
        :param min_date_modified: aware datetime, as are the other dates; whether the
            bounds are inclusive is not documented, so let them overlap
        :param status_id: one status, not several
        :param channel_id: one channel
        :param limit: orders per page, 2 to 250
        :return: iterator of Page; the list ends with an empty answer
        """
        filters = {
            "min_date_modified": min_date_modified,
            "max_date_modified": max_date_modified,
            "min_date_created": min_date_created,
            "status_id": status_id,
            "channel_id": channel_id,
            "limit": limit,
            "sort": "id:asc",
            **_ORDER_DETAILS,
        }

        def fetch(first_id):
            return self._get("/v2/orders", _ORDERS, {"min_id": first_id, **filters})

        return paging.by_id(fetch, paging.read_list, int(after_id or 0))

    def get_order(self, order_id):
        """Return an order with consignments, lines and fees:
        ``GET /v2/orders/{id}`` (§3.3, §3.4).

        :raises NotFound: if there is no such order
        """
        path = f"/v2/orders/{_segment(order_id)}"
        return self._get_object(path, _ORDERS, _ORDER_DETAILS)

    def update_order(self, order_id, changes):
        """Change fields of an order and return it: ``PUT /v2/orders/{id}`` (§3.9).

        What is not named stays. Totals are calculated anew only if lines, costs,
        addresses or fees are named.

        :param dict changes: field -> value, e.g. ``external_order_id``, ``status_id``
            (text or number)
        :raises NotFound: if there is no such order
        :raises InvalidRequest: if BigCommerce does not accept a value
        """
        path = f"/v2/orders/{_segment(order_id)}"
        if "status_id" in changes:
            status_id = as_number(changes["status_id"], "status_id")
            changes = {**changes, "status_id": status_id}
        return self._write_object("PUT", path, changes, _ORDERS_WRITE)

    def list_order_products(self, order_id):
        """Return all lines of an order:
        ``GET /v2/orders/{id}/products``, 250 per page (§3.6).

        :raises NotFound: if there is no such order
        """
        return self._list_of_order(order_id, "products")

    def list_order_shipping_addresses(self, order_id):
        """Return the shipping addresses of an order:
        ``GET /v2/orders/{id}/shipping_addresses``, 250 per page (§3.1).

        :raises NotFound: if there is no such order
        """
        return self._list_of_order(order_id, "shipping_addresses")

    def list_order_coupons(self, order_id):
        """Return the coupons that an order used:
        ``GET /v2/orders/{id}/coupons``, 250 per page (§3.8).

        :raises NotFound: if there is no such order
        """
        return self._list_of_order(order_id, "coupons")

    def list_order_taxes(self, order_id):
        """Return the taxes of an order, line by line:
        ``GET /v2/orders/{id}/taxes?details=true``, 250 per page (§3.7).

        :raises NotFound: if there is no such order
        """
        # an id names a tax, which comes once per line
        return self._list_of_order(
            order_id, "taxes", key=codec.encode, params={"details": "true"}
        )

    def list_order_fees(self, order_id):
        """Return the fees of an order: ``GET /v2/orders/{id}/fees``, unpaged (§3.8).

        :raises NotFound: if there is no such order
        """
        answer = self._get(f"/v2/orders/{_segment(order_id)}/fees", _ORDERS)
        return paging.read_list(answer, member="fees")

    def get_order_consignments(self, order_id):
        """Return how the lines of an order reach the customer, with the lines:
        ``GET /v2/orders/{id}/consignments`` (§3.3).

        :raises NotFound: if there is no such order
        """
        path = f"/v2/orders/{_segment(order_id)}/consignments"
        return self._get_object(path, _ORDERS, {"include": "consignments.line_items"})

    def list_order_transactions(self, order_id):
        """Return what happened to the payments of an order, [] for nothing:
        ``GET /v3/orders/{id}/transactions``, unpaged (§4.1).

        Some payment methods leave no transactions.

        :raises NotFound: if there is no such order
        """
        path = f"/v3/orders/{_segment(order_id)}/transactions"
        answer = self._get(path, _TRANSACTIONS)
        return [] if answer.body is None else paging.read_data_list(answer)

    def capture_order_payment(self, order_id):
        """Let BigCommerce take the payment of an order:
        ``POST /v3/orders/{id}/payment_actions/capture`` (§4.3).

        It is accepted now and carried out later: the order's ``payment_status`` is
        "capture pending" until it says what came of it. Not idempotent: look at the
        transactions first.

        :raises NotFound: if there is no such order
        :raises InvalidRequest: if there is nothing to capture, or its payment method
            knows no capture
        """
        path = f"/v3/orders/{_segment(order_id)}/payment_actions/capture"
        self._write("POST", path, None, _ORDERS_WRITE, lambda answer: None)

    # shipments

    def list_order_shipments(self, order_id):
        """Return all shipments of an order, whoever made them:
        ``GET /v2/orders/{id}/shipments``, 250 per page (§5).

        :raises NotFound: if there is no such order
        """
        return self._list_of_order(order_id, "shipments")

    def create_order_shipment(self, order_id, shipment):
        """Ship items of an order, and return the shipment:
        ``POST /v2/orders/{id}/shipments`` (§5).

        It may move the status of the order, and tell the customer. It is not
        idempotent: look at the shipments before it is repeated.

        :param dict shipment: ``order_address_id``, ``items`` (each with
            ``order_product_id`` and a whole ``quantity``), ``tracking_number`` (at most
            50 characters), ``shipping_provider``, ``tracking_carrier``,
            ``tracking_link`` (500), ``comments`` …
        :raises NotFound: if there is no such order
        :raises InvalidRequest: if BigCommerce does not accept a value, or less is left
        """
        content = {
            **shipment,
            "order_address_id": as_number(
                shipment["order_address_id"], "order_address_id"
            ),
            "items": [
                {
                    **item,
                    "order_product_id": as_number(
                        item["order_product_id"], "order_product_id"
                    ),
                }
                for item in shipment["items"]
            ],
        }
        path = f"/v2/orders/{_segment(order_id)}/shipments"
        return self._write_object("POST", path, content, _ORDERS_WRITE)

    def update_order_shipment(self, order_id, shipment_id, changes):
        """Change fields of a shipment and return it:
        ``PUT /v2/orders/{id}/shipments/{shipment_id}`` (§5).

        What is not named stays. Items cannot be changed.

        :param dict changes: field -> value, e.g. ``tracking_number``
        :raises NotFound: if there is no such order, or no such shipment
        :raises InvalidRequest: if BigCommerce does not accept a value
        """
        path = f"/v2/orders/{_segment(order_id)}/shipments/{_segment(shipment_id)}"
        return self._write_object("PUT", path, changes, _ORDERS_WRITE)

    # refunds

    def quote_order_refund(self, order_id, content):
        """Return what a refund would amount to, and the ways to give it back:
        ``POST /v3/orders/{id}/payment_actions/refund_quotes`` (§4.5).

        It changes nothing: it is repeated like any read, and a transport that may only
        read sends it.

        :param dict content: ``{"items": […]}`` or ``{"tax_adjustment_amount": x}``
        :return: the quote, without the envelope
        :raises NotFound: if there is no such order
        :raises InvalidRequest: if it is more than is left, or the payment not settled
        """
        path = f"/v3/orders/{_segment(order_id)}/payment_actions/refund_quotes"
        return paging.read_data_object(
            self.transport.exchange(
                "POST", path, json=content, scope=_ORDERS_WRITE, is_write=False
            )
        )

    def refund_order(self, order_id, content):
        """Give money back: ``POST /v3/orders/{id}/payment_actions/refunds`` (§4.5).

        One refund of an order at a time. It is not idempotent: look at
        ``list_order_refunds`` before it is repeated. That it was accepted says nothing
        of its payments: each may be declined.

        :param dict content: as for a quote, with ``payments`` such that they equal one
            of its methods, and perhaps ``merchant_calculated_override``
        :return: the refund, without the envelope
        :raises NotFound: if there is no such order
        :raises InvalidRequest: if it is more than is left, or the payments are not
            those of a quote
        """
        path = f"/v3/orders/{_segment(order_id)}/payment_actions/refunds"
        return self._write(
            "POST", path, content, _ORDERS_WRITE, paging.read_data_object
        )

    def list_order_refunds(self, order_id):
        """Return the refunds of an order by ascending id, also those of which all
        payments were declined:
        ``GET /v3/orders/{id}/payment_actions/refunds``, unpaged (§4.5).

        :raises NotFound: if there is no such order
        """
        path = f"/v3/orders/{_segment(order_id)}/payment_actions/refunds"
        return paging.read_data_list(self._get(path, _ORDERS))

    def iterate_refunds(
        self,
        *,
        order_ids=None,
        refund_ids=None,
        min_created=None,
        limit=250,
        first_page=1,
    ):
        """Yield pages of refunds of all orders by ascending id:
        ``GET /v3/orders/payment_actions/refunds`` (§4.5).

        :param order_ids: only those of these, asked for 100 at a time; none if empty
        :param refund_ids: only these, likewise
        :param min_created: aware datetime
        :param limit: refunds per page
        :param first_page: number of the page to begin with, to resume; only where
            nothing is asked for in portions
        :return: iterator of Page
        """
        for orders in _portions(order_ids):
            for refunds in _portions(refund_ids):
                yield from self._pages_by_total(
                    "/v3/orders/payment_actions/refunds",
                    _ORDERS,
                    {
                        "order_id:in": orders,
                        "id:in": refunds,
                        "created:min": min_created,
                        "limit": limit,
                    },
                    first_page=first_page,
                )

    # the catalogue

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
            "include": (
                "variants",
                "images",
                "custom_fields",
                "bulk_pricing_rules",
                "channels",
            ),
            "sort": "id",
            "direction": "asc",
            "limit": limit,
        }
        for ids in _portions(product_ids):

            def fetch(first_id, ids=ids):
                params = {"id:min": first_id, "id:in": ids, **filters}
                return self._get("/v3/catalog/products", _PRODUCTS, params)

            yield from paging.by_id(fetch, paging.read_data_list, int(after_id or 0))

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

    def list_category_trees(self):
        """Return the category trees, one per storefront or shared by several:
        ``GET /v3/catalog/trees``, unpaged (§6.6).
        """
        return paging.read_data_list(self._get("/v3/catalog/trees", _PRODUCTS))

    def iterate_categories(self, tree_ids):
        """Yield pages of the categories of some trees:
        ``GET /v3/catalog/trees/categories``, 250 per page (§6.6).

        :param tree_ids: asked for 100 at a time; no categories if it is empty
        :return: iterator of Page
        """
        for ids in _portions(tree_ids):
            yield from self._pages_by_total(
                "/v3/catalog/trees/categories",
                _PRODUCTS,
                {"tree_id:in": ids, "limit": 250},
                key="category_id",
            )

    def iterate_brands(self):
        """Yield pages of brands: ``GET /v3/catalog/brands``, 250 per page (§6.6).

        :return: iterator of Page
        """
        return self._pages_by_total("/v3/catalog/brands", _PRODUCTS, {"limit": 250})

    # customers

    def iterate_customers(
        self, *, customer_ids=None, min_date_modified=None, after="", limit=250
    ):
        """Yield pages of registered customers with the first 10 of their addresses:
        ``GET /v3/customers``, by cursors, which follow the ids (§1.6, §8).

        ``address_count`` says how many addresses there are.

        :param customer_ids: only these, asked for 100 at a time; none if it is empty
        :param min_date_modified: aware datetime; a change of an address alone may not
            count as one of the customer
        :param after: cursor of the last page seen, to resume
        :param limit: customers per page, 250 at most
        :return: iterator of Page
        """
        filters = {
            "date_modified:min": min_date_modified,
            "include": "addresses",
            "limit": limit,
        }
        for ids in _portions(customer_ids):

            def fetch(cursor, ids=ids):
                params = {"id:in": ids, **filters}
                if cursor:
                    params["after"] = cursor
                return self._get("/v3/customers", _CUSTOMERS, params)

            yield from paging.by_cursor(fetch, after)

    def iterate_customer_addresses(self, customer_ids, *, limit=250):
        """Yield pages of all addresses of some customers:
        ``GET /v3/customers/addresses`` (§8).

        :param customer_ids: asked for 100 at a time; no addresses if it is empty
        :param limit: addresses per page, 250 at most
        :return: iterator of Page
        """
        for ids in _portions(customer_ids):
            yield from self._pages_by_total(
                "/v3/customers/addresses",
                _CUSTOMERS,
                {"customer_id:in": ids, "limit": limit},
            )

    # stock

    def iterate_inventory_items(
        self, *, location_ids=None, variant_ids=None, limit=1000, first_page=1
    ):
        """Yield pages of variants with their stock at each location:
        ``GET /v3/inventory/items`` (§9.1).

        :param location_ids: the stock of these only; none if it is empty
        :param variant_ids: only these, asked for 100 at a time; none if it is empty
        :param limit: items per page, 1000 at most
        :param first_page: number of the page to begin with, to resume; only where
            neither filter is asked for in portions
        :return: iterator of Page
        """
        for locations in _portions(location_ids):
            for variants in _portions(variant_ids):
                yield from self._pages_by_total(
                    "/v3/inventory/items",
                    _INVENTORY,
                    {
                        "location_id:in": locations,
                        "variant_id:in": variants,
                        "limit": limit,
                    },
                    key=_inventory_key,
                    first_page=first_page,
                )

    def get_inventory_settings(self):
        """Return when the store takes stock by itself and what it does without any:
        ``GET /v3/settings/inventory`` (§9.6).

        ``update_stock_behavior`` …, without the envelope.
        """
        return paging.read_data_object(
            self._get("/v3/settings/inventory", _INFORMATION)
        )

    def set_inventory_levels(self, items, reason):
        """Set how much is on hand: ``PUT /v3/inventory/adjustments/absolute``, 2,000
        levels at most (§9.2, §9.4).

        What is tracked by product is named by ``product_id``, what is tracked by
        variant by ``variant_id`` or ``sku``. All are set or none. A read straight
        after it may still show the old levels.

        :param items: list of dicts ``{location_id, variant_id | product_id | sku,
            quantity}``; quantities are whole numbers from 0 to 2,147,483,647
        :param reason: what the store's history of the stock says
        :return: BigCommerce's id of the change, "" if it names none, or if there were
            no items and nothing was sent
        :raises InvalidRequest: if BigCommerce does not accept one of them, which it may
            name in its words; or if there are more than 2,000
        """
        refuse_too_many(items, LEVELS_PER_REQUEST)
        if not items:
            return ""
        content = {"reason": reason, "items": [_level(item) for item in items]}
        path = "/v3/inventory/adjustments/absolute"
        answer = self._write_object("PUT", path, content, _INVENTORY_WRITE)
        return str(answer.get("transaction_id") or "")

    # how to ask

    def _get(self, path, scope, params=None):
        return self.transport.exchange("GET", path, params=params, scope=scope)

    def _get_object(self, path, scope, params=None):
        return paging.read_object(self._get(path, scope, params))

    def _write_object(self, method, path, content, scope):
        return self._write(method, path, content, scope, paging.read_object)

    def _write_batch(self, path, batch):
        if not batch.changes:
            return BatchAnswer()

        def parse(answer):
            return batch.parse(answer, self.transport)

        try:
            return self._write("PUT", path, batch.changes, _PRODUCTS_WRITE, parse)
        except (Conflict, InvalidRequest) as error:
            return batch.parse_refusal(error)

    def _write(self, method, path, content, scope, parse):
        answer = self.transport.exchange(method, path, json=content, scope=scope)
        try:
            return parse(answer)
        except ProtocolError as error:
            # It was accepted; only what it says of the outcome is lost.
            error.ambiguous = True
            raise

    def _list_numbered(self, path, scope, limit=paging.DEFAULT_LIMIT, **options):
        params = {"limit": limit, **options.pop("params", {})}

        def fetch(number):
            return self._get(path, scope, {**params, "page": number})

        return _join(paging.by_number(fetch, limit, **options))

    def _list_of_order(self, order_id, name, **options):
        path = f"/v2/orders/{_segment(order_id)}/{name}"
        return self._list_numbered(
            path, _ORDERS, limit=250, short_is_last=True, **options
        )

    def _pages_by_total(self, path, scope, params, **options):
        def fetch(number):
            return self._get(path, scope, {**params, "page": number})

        return paging.by_total(fetch, **options)

    def _list_by_total(self, path, scope, limit):
        return _join(self._pages_by_total(path, scope, {"limit": limit}))


def _join(pages):
    return list(chain.from_iterable(page.items for page in pages))


def _segment(id_):
    """Return an id as a part of a path, which it cannot leave."""
    return quote(str(id_), safe="")


def _portions(ids):
    """Return the ids in lists short enough for a filter; [None] for no filter."""
    if ids is None:
        return [None]
    ids = list(ids)
    starts = range(0, len(ids), _IDS_PER_REQUEST)
    return [ids[start : start + _IDS_PER_REQUEST] for start in starts]


def _level(item):
    """Return a level as BigCommerce wants it, its ids as numbers."""
    ids = ("location_id", "variant_id", "product_id")
    return {
        name: as_number(value, name) if name in ids else value
        for name, value in item.items()
    }


def _inventory_key(item):
    return codec.encode(item.get("identity"))
