import pickle

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..client import codec, errors
from ..client.complaint import Complaint
from ..client.redaction import redact
from .client_case import TOKEN, ClientCase
from .http_server import ScriptedServer, answer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "message",
                    "title",
                    "code",
                    "errors",
                    "details",
                    "data",
                    "batch_errors",
                ]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@tagged("post_install", "-at_install")
class TestErrors(ClientCase):
    def error_of(self, script, **request):
        with ScriptedServer(script) as server:
            with self.assertRaises(errors.BigCommerceError) as caught:
                request = {"method": "POST", "path": "/x", **request}
                self.transport(server.url).exchange(**request)
        return caught.exception

    def test_every_status_is_one_of_our_errors(self):
        for status, kind in {
            400: errors.InvalidRequest,
            401: errors.AuthenticationError,
            403: errors.Forbidden,
            404: errors.NotFound,
            405: errors.InvalidRequest,
            406: errors.InvalidRequest,
            408: errors.RequestTimeout,
            409: errors.Conflict,
            410: errors.NotFound,
            413: errors.InvalidRequest,
            415: errors.InvalidRequest,
            418: errors.InvalidRequest,
            422: errors.InvalidRequest,
            423: errors.Conflict,
            429: errors.RateLimited,
            500: errors.ServerError,
            501: errors.ServerError,
            503: errors.ServerError,
            507: errors.ServerError,
            302: errors.ProtocolError,
            304: errors.ProtocolError,
        }.items():
            for body in (b"", b"<html>", [], {}, None, {"title": None}, "x", 5):
                with self.subTest(status=status, body=body):
                    error = self.error_of(answer(status, body))
                    self.assertIs(type(error), kind)
                    self.assertEqual(error.status, status)
                    self.assertIn(str(status), str(error))
                    self.assertEqual(error.ambiguous, status >= 500)

    def test_a_missing_scope_is_named(self):
        error = self.error_of(answer(403, b""), scope="store_v2_orders")
        self.assertEqual(error.scope, "store_v2_orders")
        self.assertIn("store_v2_orders", str(error))

    def test_the_request_can_be_found_again(self):
        error = self.error_of(answer(500, b"", headers={"x-request-id": "r-17"}))
        self.assertEqual(error.request_id, "r-17")
        self.assertIsNone(self.error_of(answer(500, b"")).request_id)

    def test_a_message_of_v2_is_told(self):
        body = [{"status": 404, "message": "The requested resource was not found."}]
        error = self.error_of(answer(404, body))
        self.assertIn("The requested resource was not found.", str(error))
        self.assertIn("not found", error.excerpt)

    def test_the_details_of_v2_are_told_with_the_message(self):
        details = {
            "invalid_reason": "Status is read-only",
            "errors": [
                {"type": "OutOfStock", "variant_id": 74, "message": "None left"}
            ],
        }
        body = [{"status": 409, "message": "Out of stock", "details": details}]
        error = self.error_of(answer(409, body))
        self.assertEqual(error.errors, {"invalid_reason": "Status is read-only"})
        for text in ("Out of stock", "None left", "Status is read-only"):
            self.assertIn(text, str(error))

    def test_fields_and_code_of_v3_are_told(self):
        body = {
            "status": 422,
            "code": 1063,
            "title": "JSON data is missing or invalid",
            "type": "https://developer.example.com/status-codes",
            "errors": {"name": "error.expected.jsstring", "depth": ""},
        }
        for content_type in ("application/json", "application/problem+json"):
            script = answer(422, body, headers={"Content-Type": content_type})
            error = self.error_of(script)
            self.assertEqual(error.errors, {"name": "error.expected.jsstring"})
            self.assertEqual(error.code, "1063")
            self.assertIn("JSON data is missing or invalid", str(error))
            self.assertIn("name: error.expected.jsstring", str(error))

    def test_a_title_that_says_everything_is_told_alone(self):
        title = "Item with variant_id 106 is tracked by product"
        for more in ({}, {"errors": {}}, {"errors": None}):
            error = self.error_of(answer(422, {"title": title, **more}))
            self.assertEqual(str(error), f"{title} (HTTP 422)")

    def test_what_is_wrong_in_a_batch_is_found_wherever_it_stands(self):
        wrong = {"status": 422, "title": "Bad variant", "errors": {"price": "negative"}}
        for body in (
            {"batch_errors": [wrong]},
            {"data": [wrong]},
            {"data": wrong},
            {"errors": [wrong]},
            {"errors": wrong},
            [wrong],
        ):
            with self.subTest(body=body):
                error = self.error_of(answer(422, body))
                self.assertEqual(error.errors, {"price": "negative"})
                self.assertIn("Bad variant", str(error))
        record = {"data": {"sku": "A"}, "field_errors": {"price": "negative"}}
        error = self.error_of(answer(422, {"batch_errors": [record]}))
        self.assertEqual(error.errors, {"price": "negative"})

    def test_what_is_said_twice_is_told_once(self):
        body = [{"message": "No."}, {"message": "No."}]
        self.assertEqual(str(self.error_of(answer(400, body))), "No. (HTTP 400)")

    def test_a_page_of_html_is_no_message(self):
        error = self.error_of(answer(502, b"<html><h1>Bad gateway</h1></html>"))
        self.assertNotIn("html", str(error))
        self.assertIn("Bad gateway", error.excerpt)

    def test_a_long_answer_is_cut(self):
        error = self.error_of(answer(400, {"title": "long " * 10_000}))
        self.assertLess(len(str(error)), 400)
        self.assertLess(len(error.excerpt), 400)

    def test_an_error_can_be_passed_on(self):
        error = self.error_of(answer(422, {"title": "No", "errors": {"a": "b"}}))
        copied = pickle.loads(pickle.dumps(error))
        self.assertEqual((str(copied), copied.errors), (str(error), error.errors))


@tagged("post_install", "-at_install")
class TestComplaint(BaseCase):
    @settings(max_examples=100, deadline=None)
    @given(JSON)
    def test_whatever_the_answer_it_is_read(self, value):
        complaint = Complaint.parse(codec.encode(value).encode())
        self.assertTrue(complaint.message_for(errors.InvalidRequest))

    @settings(deadline=None)
    @given(st.binary())
    def test_whatever_the_bytes_they_are_read(self, content):
        Complaint.parse(content)


@tagged("post_install", "-at_install")
class TestRedaction(BaseCase):
    def test_secrets_and_people_are_taken_out(self):
        for text in (
            "jane.doe+x@example.co.uk", "jane%40example.com", "ö@example.com",
            "+1 512-555-0147", "(512) 555-0147", "512.555.0147", "5125550147",
            "+49 30 1234567", "0410 999 888", TOKEN, f"x{TOKEN}y",
        ):  # fmt: skip
            with self.subTest(text=text):
                shown = redact(f"Wrong: {text}, sorry", TOKEN)
                self.assertNotIn(text, shown)
                self.assertIn("Wrong: ", shown)

    def test_ids_and_amounts_stay(self):
        text = "Item with variant_id 12345678 is tracked, price 236.9667, order 519"
        self.assertEqual(redact(text, TOKEN), text)

    def test_a_text_becomes_one_line_of_bounded_length(self):
        self.assertEqual(redact("a\n\tb  c"), "a b c")
        self.assertEqual(len(redact("x" * 999)), 300)


@tagged("post_install", "-at_install")
class TestCodec(BaseCase):
    def test_amounts_survive_the_way_there_and_back(self):
        for text in ('{"a":19.99}', "[0.1,-3,1000000,12345678.1234]", "1e-07"):
            self.assertEqual(codec.encode(codec.decode(text)), text)

    def test_a_number_that_would_be_rounded_is_refused(self):
        with self.assertRaises(ValueError):
            codec.encode(codec.decode("0.12345678901234567890123"))

    def test_what_is_no_json_is_refused(self):
        for text in (
            "", "NaN", "[Infinity]", "{", "[" * 100_000, "1" * 10_000,
            "1e99999999999999999999", "[-0E-99999999999999999999]",
        ):  # fmt: skip
            with self.subTest(text=text[:10]), self.assertRaises(ValueError):
                codec.decode(text)
        with self.assertRaises(TypeError):
            codec.encode({1, 2})
