import inspect
import json

from odoo.tests import tagged

from ..client.client import BigCommerceClient
from .client_case import CALLS, STORE_HASH, ClientCase, call
from .http_server import ScriptedServer, answer
from .openapi import validate_request

NOT_ENDPOINTS = {"connect", "close"}
# They send a form, which the files describe as one text.
FORMS = {"create_image", "create_variant_image"}


def respond(request):
    """Answer with an empty list or object, whatever the endpoint."""
    if request.path.endswith("/trees/categories") and request.method == "POST":
        return answer(201, {"data": [{"category_id": 1}], "meta": {}})
    if request.path.endswith("/catalog/products") and request.method == "POST":
        return answer(body={"data": {"id": 1}, "meta": {}})
    is_write = request.method == "POST" or (
        request.method == "PUT"
        and ("/options/" in request.path or "/images/" in request.path)
    )
    if is_write or request.path.endswith(
        ("/tax/settings", "/settings/inventory", "/absolute")
    ):
        return answer(body={"data": {}, "meta": {}})
    if "/v3/" in request.path:
        return answer(body={"data": [], "meta": {}})
    is_object = request.method != "GET" or request.path.endswith(
        ("/store", "/time", "/118", "/consignments")
    )
    return answer(body={}) if is_object else answer(204)


@tagged("post_install", "-at_install")
class TestClientContract(ClientCase):
    def test_every_request_fits_the_contract(self):
        server = self.start(ScriptedServer(respond=respond))
        client = self.client(server.url)
        for name in CALLS:
            with self.subTest(name):
                server.requests.clear()
                call(client, name)
                self.assertTrue(server.requests)
                for request in server.requests:
                    path = request.path.removeprefix(f"/stores/{STORE_HASH}")
                    body = json.loads(request.body) if request.body else None
                    validate_request(request.method, path, request.query, body)

    def test_every_argument_of_every_method_is_among_them(self):
        methods = inspect.getmembers(BigCommerceClient, inspect.isroutine)
        endpoints = {
            name: set(inspect.signature(method).parameters) - {"self"}
            for name, method in methods
            if not name.startswith("_") and name not in NOT_ENDPOINTS | FORMS
        }
        self.assertEqual(
            endpoints, {name: set(arguments) for name, arguments in CALLS.items()}
        )
