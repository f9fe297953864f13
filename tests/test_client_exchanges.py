"""What the client keeps of requests and answers, and that nobody is named in it."""

from decimal import Decimal

from odoo.tests import tagged

from ..client.errors import BigCommerceError
from ..client.exchange import LONGEST, Exchange
from ..client.redaction import Redactor
from .client_case import TOKEN, ClientCase
from .http_server import ScriptedServer, answer, reset

PATH = "/v2/orders/118"
PERSON = {
    "first_name": "Zoë",
    "email": "zoe@example.com",
    "street_1": "7 Nettlebed Lane",
    "phone": 442055501,
    "country_id": 44,
}


def exchange(content=None, body=b"", query="", status=200):
    return Exchange("PUT", PATH, query, content, TOKEN, True, status, body)


@tagged("post_install", "-at_install")
class TestWhatIsKept(ClientCase):
    def talk(self, *script):
        """Ask a server that answers as scripted, whatever comes; return Transport."""
        server = self.start(ScriptedServer(*script))
        return self.transport(server.url)

    def test_a_write_is_kept_with_its_answer(self):
        transport = self.talk(answer(body={"id": 118}))
        transport.exchange("PUT", PATH, json={"status_id": 11}, params={"a": 1})
        (kept,) = transport.take_exchanges()
        self.assertFalse(kept.is_failed)
        self.assertEqual(kept.request, f'PUT {PATH}?a=1\n\n{{\n  "status_id": 11\n}}')
        self.assertEqual(kept.answer, 'HTTP 200\n\n{\n  "id": 118\n}')
        self.assertEqual(transport.take_exchanges(), [])

    def test_what_is_read_without_trouble_is_not_kept(self):
        transport = self.talk(answer(body={"id": 118}))
        transport.exchange("GET", PATH)
        self.assertEqual(transport.take_exchanges(), [])

    def test_what_failed_is_kept_and_the_error_knows_it(self):
        for script, said in (
            (answer(422, {"title": "No"}), "HTTP 422"),
            (answer(200, b"no JSON"), "HTTP 200, 7 bytes that are not shown"),
            (reset, "the connection broke"),
        ):
            with self.subTest(said=said):
                transport = self.talk(script)
                with self.assertRaises(BigCommerceError) as caught:
                    transport.exchange("PUT", PATH, json={})
                (kept,) = transport.take_exchanges()
                self.assertIs(caught.exception.exchange, kept)
                self.assertTrue(kept.is_failed)
                self.assertIn(said, kept.answer)

    def test_no_more_than_the_last_fifty_are_kept(self):
        server = self.start(ScriptedServer(respond=lambda _request: answer(body={})))
        transport = self.transport(server.url)
        for number in range(60):
            transport.exchange("PUT", f"/v2/orders/{number}", json={})
        kept = transport.take_exchanges()
        self.assertEqual(len(kept), 50)
        self.assertEqual(kept[-1].path, "/v2/orders/59")


@tagged("post_install", "-at_install")
class TestNobodyIsNamed(ClientCase):
    def assertUnnamed(self, text):
        for word in ("Zoë", "zoe@", "Nettlebed", "4420", TOKEN):
            self.assertNotIn(word, text)

    def test_in_what_was_sent(self):
        request = exchange(
            {"billing_address": PERSON, "staff_notes": f"Ask Zoë {TOKEN}", "id": 7},
            query="email%3Ain=zoe%40example.com&id=3",
        ).request
        self.assertUnnamed(request)
        self.assertIn("id=3", request)
        self.assertIn('"id": 7', request)
        self.assertIn('"country_id": 44', request)

    def test_in_what_came_back_nor_where_it_is_repeated(self):
        body = (
            b'{"title": "Zo\xc3\xab lives at 7 Nettlebed Lane", "customer": '
            b'{"first_name": "Zo\xc3\xab", "street_1": "7 Nettlebed Lane"}}'
        )
        kept = exchange(body=body)
        self.assertUnnamed(kept.answer)
        self.assertEqual(kept.hide("Ask Zoë first"), "Ask […] first")

    def test_in_an_answer_that_is_no_json(self):
        self.assertUnnamed(exchange(body="{'first_name': 'Zoë'".encode()).answer)

    def test_in_its_representation(self):
        kept = exchange(PERSON, b'"zoe@example.com"', "email=zoe@example.com")
        self.assertUnnamed(repr(kept))

    def test_what_says_nothing_of_anybody_stays(self):
        content = {
            "name": "Enamel mug",
            "price": Decimal("12.50"),
            "date_modified": "2026-11-28T10:20:30+00:00",
            "external_order_id": "S00012",
            "capacity": "Large",
            "customer_id": 5,
            "items": [{"sku": "MUG-ENAMEL", "quantity": 70}],
        }
        self.assertEqual(Redactor(TOKEN).redact(content), content)

    def test_long_ones_are_shortened(self):
        request = exchange([{"sku": f"SKU-{number}"} for number in range(2000)]).request
        self.assertIn("… 1900 more", request)
        request = exchange({str(number): "x" * 90 for number in range(2000)}).request
        self.assertLess(len(request), LONGEST + 100)
