"""The control path: what tests can steer and look at.

Below ``/__control__``; no token, JSON in and out, errors as ``{"error": text}``.

``GET | DELETE ledger``
    ``{"count", "requests": [...]}``: the requests to the API. Filters: ``method``,
    ``path`` (regular expression), ``status``, ``after`` (a sequence number) and
    ``writes=1``. ``DELETE`` empties it.
``GET | POST | DELETE faults``
    The fault script (``faults.py``). ``POST`` adds one fault or a list of them.
``GET | PUT | DELETE clock``
    ``{"now", "frozen"}``. ``PUT`` any of ``now`` (a date), ``advance`` (seconds) and
    ``frozen``; ``DELETE`` follows the machine's time again.
``GET | PUT access``
    ``{"access_token", "scopes"}``; ``scopes`` is a list of names, or null for all.
``GET | PUT quota``
    ``{"limit", "window_ms"}``; with ``PUT`` a new window begins.
``POST reset``
    Everything as at the start: content, ledger, faults, clock, access and quota.
``POST orders``
    Places an order made of a cart (``placing.py``) and answers it. It takes stock as
    the store's settings have it (``v3/settings/inventory``); so does an order of which
    the status is changed.
``PATCH orders``
    Changes an order as the store's people would (``editing.py``), such as ``{"id": 118,
    "lines": {"11801": {"quantity": 3}, "11802": null}, "add": [{"sku": "POT-6"}],
    "discount": "5"}``, and answers it: totals and taxes come anew.
``PUT levels``
    Sets stock as somebody in the store would: a list of ``{location_id, quantity}``
    with ``variant_id``, ``product_id`` or ``sku``.
``GET | PUT payments``
    What becomes of captures: the fields of ``payments.py`` that can be chosen; those
    that ``PUT`` does not name have their default.
``GET | PUT shipping``
    ``{"moves_status"}``: whether a shipment moves the status of its order.
``POST | PUT refunds``
    ``POST`` refunds an order as somebody in the store would: what the API takes, and
    ``order_id``; without ``payments`` the way it was paid. ``PUT`` with ``{"declined":
    text}`` lets gateways refuse refunds with this text, "" lets them not.
``GET | PUT | DELETE pictures``
    ``{"count", "requests"}``: what was asked of the pictures, each with ``path`` and
    ``has_token``. ``PUT`` changes one, such as ``{"name": "101/0", "version": 2}``: the
    fields of ``pictures.py``'s ``Change``. ``DELETE`` lets all be as at the start.
``GET | PUT | PATCH | DELETE v2/… | v3/…``
    The raw content at a path of the API, as in a seed folder: a list
    (``v3/inventory/locations``), an object (``v2/store``, ``v2/orders/118``,
    ``v3/catalog/products/101``) or a list below one (``v2/orders/118/products``).
    ``PUT`` replaces it; ``PATCH`` changes fields of an object and, unless it says
    otherwise, moves its ``date_modified``, and a product and its base variant follow
    each other; ``DELETE`` takes it out, and with a product
    or a variant its stock.
"""

import json
import re

from . import answers
from .answers import Refused
from .catalog_saving import ECHOED, follow
from .dates import iso8601, parse_moment, rfc2822
from .editing import edit_order
from .inventory import forget_stock, set_all
from .paths import ORDERS, PRODUCTS
from .placing import place_order
from .refunds import refund_order
from .stock_moves import follow_order
from .store import Missing

PREFIX = "/__control__/"


class Control:
    """Answers the control path of one sandbox."""

    def __init__(self, sandbox):
        self._sandbox = sandbox

    def answer(self, request):
        """Carry out one request to the control path."""
        name = request.path.removeprefix(PREFIX)
        if name == request.path:
            return answers.as_json({"error": "There is nothing here."}, 404)
        try:
            body = json.loads(request.get_data() or "null")
            if name.startswith(("v2/", "v3/")):
                found = self._content(request.method, f"/{name}", body)
            else:
                verb = getattr(self, f"_{request.method.lower()}_{name}", None)
                if verb is None:
                    raise Missing(f"no {request.method} of {name}")
                found = verb(request.args, body)
        except Missing as missing:
            return answers.as_json({"error": f"Not found: {missing}"}, 404)
        except (KeyError, TypeError, ValueError) as mistake:
            return answers.as_json({"error": str(mistake)}, 400)
        return answers.as_json(found)

    # ledger

    def _get_ledger(self, query, _body):
        entries = self._sandbox.ledger.find(
            method=query.get("method"),
            path=query.get("path"),
            status=query.get("status", type=int),
            after=query.get("after", 0, type=int),
            writes=query.get("writes", 0, type=int),
        )
        return {"count": len(entries), "requests": entries}

    def _delete_ledger(self, query, body):
        self._sandbox.ledger.reset()
        return self._get_ledger(query, body)

    # faults

    def _get_faults(self, _query, _body):
        return self._sandbox.faults.describe()

    def _post_faults(self, query, body):
        for description in body if isinstance(body, list) else [body]:
            self._sandbox.faults.add(description)
        return self._get_faults(query, body)

    def _delete_faults(self, query, body):
        self._sandbox.faults.clear()
        return self._get_faults(query, body)

    # clock

    def _get_clock(self, _query, _body):
        clock = self._sandbox.clock
        return {"now": clock.now().isoformat(), "frozen": clock.frozen}

    def _put_clock(self, query, body):
        clock = self._sandbox.clock
        if "frozen" in body:
            clock.freeze(body["frozen"])
        if "now" in body:
            clock.set(parse_moment(body["now"]))
        clock.advance(body.get("advance", 0))
        return self._get_clock(query, body)

    def _delete_clock(self, query, body):
        self._sandbox.clock.reset()
        return self._get_clock(query, body)

    # access and quota

    def _get_access(self, _query, _body):
        access = self._sandbox.access
        return {"access_token": access.access_token, "scopes": access.scopes}

    def _put_access(self, query, body):
        access = self._sandbox.access
        access.access_token = body.get("access_token", access.access_token)
        access.scopes = body.get("scopes", access.scopes)
        return self._get_access(query, body)

    def _get_quota(self, _query, _body):
        quota = self._sandbox.quota
        return {"limit": quota.limit, "window_ms": quota.window_ms}

    def _put_quota(self, query, body):
        self._sandbox.quota.configure(**{**self._get_quota(query, body), **body})
        return self._get_quota(query, body)

    # orders, and everything at once

    def _post_reset(self, _query, _body):
        self._sandbox.reset()
        return {}

    def _post_orders(self, _query, body):
        return place_order(self._sandbox.store, body)

    def _patch_orders(self, _query, body):
        return edit_order(self._sandbox.store, body)

    # stock, payments, shipments, refunds and pictures

    def _put_levels(self, _query, body):
        set_all(self._sandbox.store, body)
        return {}

    def _get_payments(self, _query, _body):
        return self._sandbox.store.payments.describe()

    def _put_payments(self, query, body):
        self._sandbox.store.payments.choose(**body)
        return self._get_payments(query, body)

    def _get_shipping(self, _query, _body):
        return {"moves_status": self._sandbox.store.shipments_move_status}

    def _put_shipping(self, query, body):
        self._sandbox.store.shipments_move_status = body["moves_status"]
        return self._get_shipping(query, body)

    def _post_refunds(self, _query, body):
        content = dict(body)
        number = int(content.pop("order_id"))
        try:
            return refund_order(self._sandbox.store, number, content, user_id=1)
        except Refused as refused:
            raise ValueError(refused.message) from refused

    def _put_refunds(self, _query, body):
        self._sandbox.store.refunds["declined"] = body["declined"]
        return self._sandbox.store.refunds

    def _get_pictures(self, _query, _body):
        requests = self._sandbox.pictures.requests
        return {"count": len(requests), "requests": requests}

    def _put_pictures(self, query, body):
        description = dict(body)
        name = description.pop("name")
        self._sandbox.pictures.change(name, description)
        self._touch(*name.split("/"))
        return self._get_pictures(query, body)

    def _delete_pictures(self, query, body):
        self._sandbox.pictures.clear()
        return self._get_pictures(query, body)

    def _touch(self, product_id, number):
        """A picture that has changed is one that was modified."""
        store, now = self._sandbox.store, iso8601(self._sandbox.clock.now())
        path = f"{PRODUCTS}/{product_id}"
        product = store.get(path)
        if product is None:
            raise Missing(path)
        images = [
            {**image, "date_modified": now}
            if f"/{product_id}/{number}." in str(image.get("url_zoom"))
            else image
            for image in store.get(f"{path}/images") or []
        ]
        store.put(f"{path}/images", images)
        store.put(path, {**product, "date_modified": now})

    # raw content

    def _content(self, method, path, body):
        store = self._sandbox.store
        order = re.fullmatch(rf"{ORDERS}/(\d+)", path)
        before = store.get(path) if order else None
        if method == "PUT":
            if isinstance(body, list):
                store.remove(path)
            store.put(path, body)
        elif method == "PATCH":
            store.put(path, self._changed(path, body))
            if match := re.fullmatch(rf"{PRODUCTS}/(\d+)(?:/variants/(\d+))?", path):
                product_id, variant_id = match.groups()
                variant_id = variant_id and int(variant_id)
                if variant_id or not ECHOED.isdisjoint(body):
                    follow(store, int(product_id), variant_id, body)
        elif method == "DELETE":
            forget_stock(store, path)
            store.remove(path)
            return {}
        found = store.get(path)
        if order and before and method in ("PUT", "PATCH"):
            follow_order(store, int(order[1]), before.get("status_id"))
        if found is None:
            raise Missing(path)
        return found

    def _changed(self, path, change):
        before = self._sandbox.store.get(path)
        if not isinstance(before, dict):
            raise Missing(path)
        now = self._sandbox.clock.now()
        if "date_modified" in before:
            written = rfc2822(now) if path.startswith("/v2/") else iso8601(now)
            change = {"date_modified": written, **change}
        return {**before, **change}
