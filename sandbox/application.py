"""The sandbox as a WSGI application: the API below /stores, pictures and control
beside it."""

import json
from email.utils import format_datetime
from threading import RLock

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Request

from . import (
    answers,
    catalog,
    category_writing,
    channel_assignments,
    customers,
    forms,
    images,
    information,
    inventory,
    options,
    orders,
    product_creation,
    product_writing,
    refunds,
    shipments,
    transactions,
    variant_writing,
)
from .access import Access
from .answers import Refused, not_found
from .clock import Clock
from .control import Control
from .disturbance import disturb
from .faults import FaultScript
from .ledger import Ledger
from .pictures import PREFIX, Pictures
from .quota import UNLIMITED, Quota
from .routing import Call, url_map
from .store import Store

API = url_map(
    orders.routes,
    shipments.routes,
    catalog.routes,
    product_creation.routes,
    product_writing.routes,
    variant_writing.routes,
    options.routes,
    channel_assignments.routes,
    category_writing.routes,
    images.routes,
    customers.routes,
    inventory.routes,
    information.routes,
    transactions.routes,
    refunds.routes,
)
STORES = "/stores/"
WITHOUT_BODY = ("GET", "DELETE")


class Sandbox:
    """One store and everything that stands around it.

    :param load: function that fills a :class:`~.store.Store`
    :param store_hash: as in ``/stores/{store_hash}/``
    :param access_token: value of ``X-Auth-Token``
    :param quota_limit: requests allowed in 30 seconds
    """

    def __init__(
        self,
        load,
        store_hash="sandbox",
        access_token="sandbox-token",
        quota_limit=UNLIMITED,
    ):
        self._start = (load, store_hash, access_token, quota_limit)
        self._lock = RLock()
        self._control = Control(self)
        self.reset()

    def reset(self):
        """Make everything as at the start."""
        load, store_hash, access_token, quota_limit = self._start
        self.clock = Clock()
        self.store = Store(self.clock, store_hash)
        self.access = Access(store_hash, access_token)
        self.ledger = Ledger()
        self.faults = FaultScript()
        self.quota = Quota(self.clock, quota_limit)
        self.pictures = Pictures()
        load(self.store)

    def __call__(self, environ, start_response):
        request = Request(environ)
        if request.path.startswith(STORES):
            response = self._answer_api(request)
        elif request.path.startswith(PREFIX):
            with self._lock:
                response = self.pictures.answer(request, self.store)
        else:
            with self._lock:
                transactions.carry_out_due(self.store)
                response = self._control.answer(request)
        return response(environ, start_response)

    def _answer_api(self, request):
        store_hash, _, path = request.path.removeprefix(STORES).partition("/")
        path = f"/{path}"
        with self._lock:
            entry = self.ledger.open(request, path, self.clock.now())
            fault = self.faults.next_for(request.method, path)
            allowed = self.quota.take()
            response = None
            if fault is None or fault.after or not fault.replaces_answer:
                response = self._carry_out(request, store_hash, path, allowed)
                entry["took_effect"] = response.status_code < 400
            headers = {"Date": format_datetime(self.clock.now(), usegmt=True)}
            if fault is None or fault.quota_headers:
                headers.update(self.quota.headers())
        if fault:
            entry["fault"] = fault.kind
            response = disturb(fault, request, path, response)
        entry["status"] = response.status_code
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    def _carry_out(self, request, store_hash, path, allowed):
        try:
            self.access.check_account(
                store_hash, request.headers.get("X-Auth-Token", "")
            )
            if not allowed:
                raise Refused(429, "You have reached your request limit.")
            return self._dispatch(request, path)
        except Refused as refused:
            return answers.error(path, refused)

    def _dispatch(self, request, path):
        if not request.accept_mimetypes["application/json"]:
            raise Refused(406, "The requested format is not available.")
        try:
            route, arguments = API.bind("").match(path, request.method)
        except NotFound:
            raise not_found() from None
        except MethodNotAllowed:
            raise Refused(
                405, "The requested resource does not support this method."
            ) from None
        self.access.check_scope(route.scope, request.method)
        body = None if request.method in WITHOUT_BODY else _body(request, route)
        transactions.carry_out_due(self.store)
        call = Call(self.store, request.args, request.host_url.rstrip("/"), body)
        return route.answer(call, **arguments)


def _body(request, route):
    if request.mimetype == forms.TYPE and route.takes_forms:
        return forms.parse(request)
    if request.method == "POST" and not request.get_data():
        # an action that needs no telling
        return None
    if request.mimetype != "application/json":
        raise Refused(415, "The content type has to be application/json.")
    try:
        return json.loads(request.get_data())
    except ValueError:
        raise Refused(400, "The request body is not valid JSON.") from None
