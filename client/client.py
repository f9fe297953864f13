"""A store of BigCommerce: one method per endpoint, which ``resources`` hold.

What a method returns is BigCommerce's JSON as it is; ``payloads`` reads it. Every
method raises BigCommerceError, usually one of Unreachable, RequestTimeout, RateLimited,
ServerError, AuthenticationError, Forbidden (with the scope that is missing) and
ProtocolError; docstrings name what comes on top.

A list is complete however long it is. Large ones are iterators of ``paging.Page``,
one request each, so that memory stays flat and the caller can stop or resume.
"""

import re

from .errors import InvalidRequest
from .resources.brands import Brands
from .resources.categories import Categories
from .resources.channel_assignments import ChannelAssignments
from .resources.customers import Customers
from .resources.images import Images
from .resources.inventory import Inventory
from .resources.options import Options
from .resources.orders import Orders
from .resources.payments import Payments
from .resources.products import Products
from .resources.refunds import Refunds
from .resources.shipments import Shipments
from .resources.store import Store
from .transport import Transport

DEFAULT_API_URL = "https://api.bigcommerce.com"

_API_PATH = re.compile(r"(?:^|/)stores/(\w+)", re.ASCII)
_STORE_HOST = re.compile(
    r"(?:^|/)store-([a-z0-9]+)(?:-\d+)?\.mybigcommerce\.com(?![\w.-])", re.IGNORECASE
)
_STORE_HASH = re.compile(r"\w+", re.ASCII)


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


class BigCommerceClient(
    Store,
    Orders,
    Payments,
    Refunds,
    Shipments,
    Products,
    Options,
    Images,
    ChannelAssignments,
    Categories,
    Brands,
    Customers,
    Inventory,
):
    """A store of BigCommerce.

    :param transport: Transport to the store

    Use it as a context manager, or close it.
    """

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
