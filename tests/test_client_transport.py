import json
import logging
import socket
import ssl
import tempfile
import traceback
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odoo.tests import tagged

from ..client.deadline import DeadlineAdapter
from ..client.errors import (
    AuthenticationError,
    BigCommerceError,
    DamagedAnswer,
    NotFound,
    ProtocolError,
    RateLimited,
    RequestTimeout,
    ServerError,
    Unreachable,
    WriteRefused,
)
from ..client.query import encode_query
from ..client.transport import Transport, backoff
from .client_case import START, TOKEN, ClientCase
from .http_server import ScriptedServer, answer, drip, reset

WRITES = ("POST", "PUT", "DELETE")
LOGGER = "odoo.addons.bigcommerce_connector.client.transport"


def moment(seconds):
    return datetime.fromtimestamp(START + seconds, timezone.utc)


def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@tagged("post_install", "-at_install")
class TestRequest(ClientCase):
    def test_says_who_asks_and_what_it_takes(self):
        server = self.start(ScriptedServer(answer(body={})))
        self.transport(server.url).exchange("GET", "/v2/time")
        request = server.requests[0]
        self.assertEqual(request.path, "/stores/abc123/v2/time")
        self.assertEqual(request.headers["x-auth-token"], TOKEN)
        self.assertEqual(request.headers["accept"], "application/json")
        self.assertIn("bigcommerce_connector", request.headers["user-agent"])
        self.assertNotIn("content-type", request.headers)

    def test_a_body_keeps_every_digit(self):
        server = self.start(ScriptedServer(answer(201, {})))
        body = {"price": Decimal("19.9900"), "weight": Decimal("3"), "name": "Tür"}
        self.transport(server.url).exchange("POST", "/v3/things", json=body)
        request = server.requests[0]
        self.assertEqual(request.headers["content-type"], "application/json")
        self.assertEqual(
            request.body.decode(), '{"price":19.99,"weight":3,"name":"Tür"}'
        )

    def test_a_date_goes_with_its_offset(self):
        server = self.start(ScriptedServer(answer(body={})))
        east = timezone(timedelta(hours=2))
        params = {"min": datetime(2026, 1, 15, 10, tzinfo=east), "max": None, "x": True}
        self.transport(server.url).exchange("GET", "/v2/orders", params=params)
        self.assertEqual(
            server.requests[0].query, {"min": "2026-01-15T10:00:00+02:00", "x": "true"}
        )
        self.assertIn("%2B02:00", encode_query(params))
        with self.assertRaises(ValueError):
            encode_query({"min": datetime(2026, 1, 15)})

    def test_lists_are_joined_by_commas(self):
        self.assertEqual(
            encode_query({"id:in": [1, 2], "name": "a&b"}), "id:in=1,2&name=a%26b"
        )
        self.assertEqual(encode_query(None), "")

    def test_a_token_that_cannot_be_one_is_refused_without_being_shown(self):
        for token in ("canary\nX-Other: 1", "canary\u2026"):
            with self.assertRaises(AuthenticationError) as caught:
                Transport("http://127.0.0.1", token)
            self.assertNotIn("canary", str(caught.exception))

    def test_spaces_around_a_token_do_not_matter(self):
        server = self.start(ScriptedServer(answer(body={})))
        transport = Transport(server.url, f" {TOKEN}\n")
        self.addCleanup(transport.close)
        transport.exchange("GET", "/v2/time")
        self.assertEqual(server.requests[0].headers["x-auth-token"], TOKEN)

    def test_observe_mode_lets_nothing_but_reading_pass(self):
        server = self.start(ScriptedServer(answer(body={})))
        transport = self.transport(server.url, read_only="Only looking.")
        for method in WRITES:
            with self.assertRaises(WriteRefused) as caught:
                transport.exchange(method, "/v2/orders/1", json={})
            self.assertEqual(str(caught.exception), "Only looking.")
            self.assertFalse(caught.exception.ambiguous)
            # What would have been sent is told all the same.
            exchange = caught.exception.exchange
            self.assertEqual(exchange.request, f"{method} /v2/orders/1\n\n{{}}")
        transport.exchange("GET", "/v2/orders/1")
        self.assertEqual([request.method for request in server.requests], ["GET"])
        self.assertEqual(transport.request_count, 1)

    def test_what_is_posted_but_changes_nothing_is_a_read(self):
        server = self.start(ScriptedServer(answer(503, {}), answer(body={"data": {}})))
        transport = self.transport(server.url, read_only="Only looking.")
        path = "/v3/orders/1/payment_actions/refund_quotes"
        transport.exchange("POST", path, json={}, is_write=False)
        self.assertEqual(transport.request_count, 2)
        server = self.start(ScriptedServer(respond=lambda _request: answer(503, {})))
        transport = self.transport(server.url)
        with self.assertRaises(ServerError) as caught:
            transport.exchange("POST", path, json={}, is_write=False)
        self.assertFalse(caught.exception.ambiguous)


@tagged("post_install", "-at_install")
class TestAnswer(ClientCase):
    def test_fractions_are_decimals(self):
        body = b'{"price": 19.9900, "id": 5000000000, "none": null}'
        server = self.start(ScriptedServer(answer(body=body)))
        value = self.transport(server.url).exchange("GET", "/v3/things").body
        self.assertEqual(str(value["price"]), "19.9900")
        self.assertEqual(value["id"], 5_000_000_000)

    def test_the_stores_clock_comes_along(self):
        headers = {"date": "Tue, 28 Apr 2026 13:06:44 GMT"}
        server = self.start(
            ScriptedServer(
                answer(body={}, headers=headers),
                answer(body={}, headers={"Date": "soon"}),
                answer(body={}),
            )
        )
        transport = self.transport(server.url)
        dates = [transport.exchange("GET", "/v2/time").date for _attempt in range(3)]
        expected = datetime(2026, 4, 28, 13, 6, 44, tzinfo=timezone.utc)
        self.assertEqual(dates, [expected, None, None])

    def test_no_content_is_an_answer(self):
        server = self.start(ScriptedServer(answer(204)))
        got = self.transport(server.url).exchange("GET", "/v2/orders")
        self.assertEqual((got.status, got.body), (204, None))

    def test_a_write_may_be_answered_with_nothing(self):
        server = self.start(ScriptedServer(answer(201)))
        self.assertIsNone(self.transport(server.url).exchange("POST", "/x").body)

    def test_what_is_no_json_is_read_again_and_then_an_error(self):
        page = b"<html><body>Down for maintenance</body></html>"
        scripts = {
            "html": answer(body=page, headers={"Content-Type": "text/html"}),
            "empty": answer(body=b""),
            "cut": answer(body=b'[{"id": 1}, {"id"'),
            "short": answer(body=b'[{"id": 1}', length=200),
            "not a number": answer(body=b'{"total": NaN}'),
            "not text": answer(body=b'"\xff\xfe"'),
            "too deep": answer(body=b"[" * 100_000),
            "not gzip": answer(body=b"[]", headers={"Content-Encoding": "gzip"}),
            "bad chunk": answer(
                body=b"zz\r\n[]", length="", headers={"Transfer-Encoding": "chunked"}
            ),
        }
        for name, script in scripts.items():
            with self.subTest(name), ScriptedServer(script) as server:
                with self.assertRaises(DamagedAnswer) as caught:
                    self.transport(server.url).exchange("GET", "/v2/orders")
                self.assertEqual(len(server.requests), 3)
                self.assertFalse(caught.exception.ambiguous)
            with self.subTest(name), ScriptedServer(script, answer(body=[])) as server:
                got = self.transport(server.url).exchange("GET", "/v2/orders")
                self.assertEqual(got.body, [])

    def test_a_write_whose_answer_is_damaged_may_have_been_done(self):
        server = self.start(ScriptedServer(answer(body=b'{"id": ')))
        with self.assertRaises(DamagedAnswer) as caught:
            self.transport(server.url).exchange("POST", "/x", json={})
        self.assertTrue(caught.exception.ambiguous)
        self.assertEqual(len(server.requests), 1)

    def test_a_redirect_is_refused_and_the_token_goes_nowhere(self):
        other = self.start(ScriptedServer(answer(body={})))
        for status in (301, 302, 303, 307, 308):
            for location in (other.url, "http://[", "\xff"):
                script = answer(status, headers={"Location": location})
                with self.subTest(status), ScriptedServer(script) as server:
                    with self.assertRaises(BigCommerceError) as caught:
                        self.transport(server.url).exchange("GET", "/v2/time")
                if location == other.url:
                    self.assertIs(type(caught.exception), ProtocolError)
                    self.assertEqual(len(server.requests), 1)
        self.assertFalse(other.requests)


@tagged("post_install", "-at_install")
class TestRepeat(ClientCase):
    def test_waits_double_up_to_a_cap_and_are_half_chance(self):
        for attempt, longest in enumerate((1, 2, 2.5, 2.5), start=1):
            self.assertEqual(backoff(attempt, lambda: 1), longest)
            self.assertEqual(backoff(attempt, lambda: 0), longest / 2)
        self.assertEqual(backoff(900, lambda: 1), 2.5)

    def test_reading_survives_a_server_that_fails_for_a_moment(self):
        for status in (500, 502, 503, 504):
            script = answer(status, b"<html>")
            server = ScriptedServer(script, script, answer(body={"id": 1}))
            with self.subTest(status), server:
                self.clock.sleeps.clear()
                got = self.transport(server.url).exchange("GET", "/v2/orders/1")
                self.assertEqual(got.body, {"id": 1})
                self.assertSlept(1, 2)

    def test_reading_gives_up_in_the_end(self):
        server = self.start(ScriptedServer(answer(500, b"")))
        transport = self.transport(server.url)
        with self.assertRaises(ServerError) as caught:
            transport.exchange("GET", "/v2/orders")
        self.assertEqual(caught.exception.status, 500)
        self.assertFalse(caught.exception.ambiguous)
        self.assertEqual(transport.request_count, 3)

    def test_nothing_is_repeated_beyond_the_time_for_an_exchange(self):
        server = self.start(ScriptedServer(answer(500, b"")))
        with self.assertRaises(ServerError):
            self.transport(server.url, timeout=0.9).exchange("GET", "/v2/orders")
        self.assertEqual(len(server.requests), 1)

    def test_nothing_is_sent_once_the_patience_with_a_store_is_over(self):
        server = self.start(ScriptedServer(answer(body=[])))
        with self.assertRaises(RequestTimeout):
            self.transport(server.url, patience=0).exchange("GET", "/v2/orders")
        self.assertFalse(server.requests)

    def test_a_write_that_failed_in_the_store_is_not_repeated(self):
        for method in WRITES:
            server = ScriptedServer(answer(502, b"<html>"))
            with self.subTest(method), server:
                with self.assertRaises(ServerError) as caught:
                    self.transport(server.url).exchange(method, "/x", json={})
                self.assertTrue(caught.exception.ambiguous)
                self.assertEqual(len(server.requests), 1)

    def test_a_refusal_is_final(self):
        for method in ("GET", *WRITES):
            server = ScriptedServer(answer(404, []))
            with self.subTest(method), server:
                with self.assertRaises(NotFound) as caught:
                    self.transport(server.url).exchange(method, "/x")
                self.assertFalse(caught.exception.ambiguous)
                self.assertEqual(len(server.requests), 1)
        self.assertSlept()

    def test_a_broken_connection_repeats_a_read_and_leaves_a_write_in_doubt(
        self,
    ):
        cut = answer(body=b'[{"id": 1}', length=4000)

        def cut_and_reset(sock):
            sock.sendall(cut)
            reset(sock)

        for script in (reset, cut_and_reset, b"HTTP/1.1 ", b"SSH-2.0-x\r\n"):
            with ScriptedServer(script, answer(body=[])) as server:
                got = self.transport(server.url).exchange("GET", "/v2/orders")
                self.assertEqual(got.body, [])
            with ScriptedServer(script) as server:
                with self.assertRaises((Unreachable, DamagedAnswer)) as caught:
                    self.transport(server.url).exchange("POST", "/x", json={})
                self.assertTrue(caught.exception.ambiguous)
                self.assertEqual(len(server.requests), 1)

    def test_what_surely_did_not_arrive_is_sent_again(self):
        for method in ("GET", *WRITES):
            transport = self.transport(f"http://127.0.0.1:{unused_port()}")
            with self.subTest(method), self.assertRaises(Unreachable) as caught:
                transport.exchange(method, "/v2/orders/1")
            self.assertFalse(caught.exception.ambiguous)
            self.assertIn("127.0.0.1", str(caught.exception))
            self.assertIn("refuses", str(caught.exception))
            self.assertEqual(transport.request_count, 3)


class HastyAdapter(DeadlineAdapter):
    """Odoo's test classes raise timeouts to ten seconds before they come here."""

    def send(self, request, timeout=None, **kwargs):
        return super().send(request, timeout=0.4, **kwargs)


@tagged("post_install", "-at_install")
class TestDeadline(ClientCase):
    def hasty_transport(self, url):
        session = requests.Session()
        session.mount(url, HastyAdapter())
        return self.transport(url, session=session)

    def assertTimesOut(self, script, tls=None):
        server = self.start(ScriptedServer(script, tls=tls))
        transport = self.hasty_transport(server.url)
        started = datetime.now()
        with self.assertRaises(RequestTimeout) as caught:
            transport.exchange("POST", "/x", json={})
        self.assertLess((datetime.now() - started).total_seconds(), 3)
        self.assertTrue(caught.exception.ambiguous)
        self.assertEqual(len(server.requests), 1)

    def test_a_silent_server_is_left(self):
        self.assertTimesOut(drip(b"x", 5))

    def test_a_body_that_drips_is_left(self):
        whole = answer(body={"name": "x" * 4000})
        head, blank, body = whole.partition(b"\r\n\r\n")
        dripping = drip(body, 0.05)

        def play(sock):
            sock.sendall(head + blank)
            dripping(sock)

        play.stop = dripping.stop
        self.assertTimesOut(play)

    def test_a_head_that_drips_is_left(self):
        self.assertTimesOut(drip(answer(body={}), 0.05))

    def test_an_answer_that_is_slow_but_in_time_is_read(self):
        server = self.start(ScriptedServer(drip(answer(body={"id": 1}), 0.001)))
        got = self.hasty_transport(server.url).exchange("GET", "/x")
        self.assertEqual(got.body, {"id": 1})

    def test_an_answer_that_drips_through_a_proxy_is_left(self):
        proxy = self.start(ScriptedServer(drip(answer(body={}), 0.05)))
        request = requests.Request("GET", "http://store.invalid/x").prepare()
        adapter = DeadlineAdapter()
        self.addCleanup(adapter.close)
        for _attempt in range(2):
            with self.assertRaises(requests.Timeout):
                adapter.send(request, timeout=0.3, proxies={"http": proxy.url})
        self.assertEqual(proxy.requests[0].headers["host"], "store.invalid")

    def test_a_connection_can_be_used_again(self):
        kept = answer(body={"id": 1}, headers={"Connection": "keep-alive"})
        addresses = []

        def play(sock):
            addresses.append(sock.getpeername())
            sock.sendall(kept)
            with sock.makefile("rb") as stream:
                while stream.readline().strip():
                    pass
            sock.sendall(kept)

        server = self.start(ScriptedServer(play))
        transport = self.transport(server.url)
        for _attempt in range(2):
            got = transport.exchange("GET", "/x")
            self.assertEqual(got.body, {"id": 1})
        self.assertEqual(len(addresses), 1)


@tagged("post_install", "-at_install")
class TestEncryption(ClientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.certificate = Path(folder) / "certificate.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "store")])
        now = datetime.now(timezone.utc)
        address = x509.IPAddress(ip_address("127.0.0.1"))
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([address]), critical=False)
            .sign(key, hashes.SHA256())
        )
        cls.certificate.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        cls.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cls.tls.load_cert_chain(cls.certificate)

    def trusting_transport(self, url, adapter):
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.certificate)
        session.mount(url, adapter)
        return self.transport(url, session=session)

    def test_a_certificate_that_nobody_vouches_for_ends_it(self):
        server = self.start(ScriptedServer(answer(body={}), tls=self.tls))
        with self.assertRaises(Unreachable) as caught:
            self.transport(server.url).exchange("POST", "/x", json={})
        self.assertIn("certificate is not trusted", str(caught.exception))
        self.assertFalse(caught.exception.ambiguous)
        self.assertFalse(server.requests)

    def test_a_trusted_certificate_will_do(self):
        server = self.start(ScriptedServer(answer(body={"id": 1}), tls=self.tls))
        transport = self.trusting_transport(server.url, DeadlineAdapter())
        self.assertEqual(transport.exchange("GET", "/x").body, {"id": 1})

    def test_an_encrypted_answer_that_drips_is_left(self):
        server = self.start(
            ScriptedServer(drip(answer(body={"id": 1}), 0.05), tls=self.tls)
        )
        transport = self.trusting_transport(server.url, HastyAdapter())
        with self.assertRaises(RequestTimeout):
            transport.exchange("POST", "/x", json={})


@tagged("post_install", "-at_install")
class TestQuota(ClientCase):
    def limited(self, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return answer(429, b"", headers=names)

    def quota(self, left, reset_ms, limit=150):
        return answer(
            body=[],
            headers={
                "X-Rate-Limit-Requests-Left": left,
                "x-rate-limit-requests-quota": limit,
                "X-RATE-LIMIT-TIME-RESET-MS": reset_ms,
            },
        )

    def test_a_429_is_waited_for(self):
        server = self.start(
            ScriptedServer(
                self.limited(X_Rate_Limit_Time_Reset_Ms=3000), answer(body=[])
            )
        )
        got = self.transport(server.url).exchange("GET", "/v2/orders")
        self.assertEqual(got.body, [])
        self.assertSlept(4)

    def test_a_write_is_repeated_after_a_429_as_it_was_not_done(self):
        server = self.start(
            ScriptedServer(self.limited(X_Retry_After=2), answer(201, {"id": 1}))
        )
        self.transport(server.url).exchange("POST", "/x", json={"a": 1})
        self.assertEqual(
            [request.body for request in server.requests], [b'{"a":1}'] * 2
        )
        self.assertSlept(3)

    def test_a_long_wait_is_the_callers(self):
        for headers in (
            {"X_Rate_Limit_Time_Reset_Ms": "20000"},
            {"x_retry_after": "20"},
            {"Retry_After": " 20 "},
            {"Retry_After": "600", "X_Rate_Limit_Time_Reset_Ms": "20000"},
        ):
            with (
                self.subTest(headers),
                ScriptedServer(self.limited(**headers)) as server,
            ):
                with self.assertRaises(RateLimited) as caught:
                    self.transport(server.url).exchange("POST", "/x", json={})
                self.assertEqual(caught.exception.retry_at, moment(21))
                self.assertFalse(caught.exception.ambiguous)
                self.assertEqual(len(server.requests), 1)
        self.assertSlept()

    def test_a_storm_of_429_releases_the_worker(self):
        server = self.start(
            ScriptedServer(self.limited(X_Rate_Limit_Time_Reset_Ms=500))
        )
        with self.assertRaises(RateLimited) as caught:
            self.transport(server.url).exchange("GET", "/v2/orders")
        self.assertEqual(len(server.requests), 3)
        self.assertSlept(1.5, 2.5)
        self.assertEqual(caught.exception.retry_at, moment(4 + 30))

    def test_nonsense_in_the_headers_is_ignored(self):
        for value in ("-5", "soon", "", "1e300", "NaN", "inf", "99999999999", "0x10"):
            headers = {
                "X_Rate_Limit_Time_Reset_Ms": value,
                "X_Rate_Limit_Requests_Left": value,
                "X_Retry_After": value,
                "Retry_After": value,
            }
            server = ScriptedServer(self.limited(**headers), answer(body=[]))
            with self.subTest(value), server:
                self.clock.sleeps.clear()
                transport = self.transport(server.url)
                self.assertEqual(transport.exchange("GET", "/x").body, [])
                self.assertSlept(1)

    def test_the_quota_is_told(self):
        server = self.start(ScriptedServer(self.quota(140, 29_000)))
        transport = self.transport(server.url)
        self.assertIsNone(transport.quota)
        transport.exchange("GET", "/x")
        quota = transport.quota
        self.assertEqual((quota.left, quota.limit, quota.reset_seconds), (140, 150, 29))

    def test_a_quota_nearly_used_up_is_waited_for_before_the_next_request(self):
        server = self.start(
            ScriptedServer(self.quota(3, 4000), self.quota(149, 30_000))
        )
        transport = self.transport(server.url)
        for _exchange in range(3):
            transport.exchange("GET", "/x")
        self.assertSlept(4)
        self.assertEqual(len(server.requests), 3)

    def test_a_quota_used_up_for_long_is_not_asked_at_all(self):
        server = self.start(
            ScriptedServer(self.quota(0, 25_000), self.quota(149, 30_000))
        )
        transport = self.transport(server.url)
        transport.exchange("GET", "/x")
        for _exchange in range(2):
            with self.assertRaises(RateLimited) as caught:
                transport.exchange("GET", "/x")
            self.assertEqual(caught.exception.retry_at, moment(25))
        self.assertEqual(len(server.requests), 1)
        self.clock.now += 25
        transport.exchange("GET", "/x")
        self.assertSlept()

    def test_a_small_quota_is_used_to_the_last_request(self):
        server = self.start(
            ScriptedServer(
                self.quota(1, 25_000, limit=3), self.quota(0, 25_000, limit=3)
            )
        )
        transport = self.transport(server.url)
        for _exchange in range(2):
            transport.exchange("GET", "/x")
        with self.assertRaises(RateLimited):
            transport.exchange("GET", "/x")

    def test_a_clock_set_back_makes_no_wait_longer(self):
        server = self.start(ScriptedServer(self.quota(0, 4000)))
        transport = self.transport(server.url)
        transport.exchange("GET", "/x")
        self.clock.now -= 7200
        transport.exchange("GET", "/x")
        self.assertSlept(4)

    def test_an_answer_without_quota_leaves_the_pace_alone(self):
        server = self.start(ScriptedServer(answer(body=[])))
        transport = self.transport(server.url)
        for _exchange in range(3):
            transport.exchange("GET", "/x")
        self.assertIsNone(transport.quota)
        self.assertSlept()


@tagged("post_install", "-at_install")
class TestSecrecy(ClientCase):
    CANARIES = (TOKEN, "jane.doe@example.com", "+1 (512) 555-0147")

    def assertNothingShows(self, error, logs):
        shown = [
            str(error),
            repr(error),
            repr(error.args),
            json.dumps(vars(error), default=str),
            "".join(traceback.format_exception(error)),
            *logs,
        ]
        linked = (error.__cause__, error.__context__)
        shown += [repr(link) for link in linked if link]
        for canary in self.CANARIES:
            for text in shown:
                self.assertNotIn(canary, text)

    def test_no_error_tells_secrets(self):
        text = f"Token {self.CANARIES[0]} of {self.CANARIES[1]}, {self.CANARIES[2]}"
        v3 = {"title": text, "code": text, "errors": {text: text}}
        bodies = [
            text.encode(),
            f"<html>{text}</html>".encode(),
            [{"status": 400, "message": text, "details": {"invalid_reason": text}}],
            {**v3, "batch_errors": [v3], "data": [v3]},
        ]
        headers = {"X-Request-Id": text, "Location": f"https://x/{text}"}
        scripts = [
            answer(status, body, headers=headers)
            for status in (200, 302, 400, 401, 403, 404, 409, 422, 429, 500)
            for body in bodies
            if status != 200 or isinstance(body, bytes)
        ]
        scripts += [reset, text.encode(), f"HTTP/1.1 {text}\r\n\r\n".encode()]
        for script in scripts:
            with (
                ScriptedServer(script) as server,
                self.assertLogs(level=logging.DEBUG) as logs,
                self.assertRaises(BigCommerceError) as caught,
            ):
                self.transport(server.url).exchange(
                    "GET", "/v2/orders", params={"email": self.CANARIES[1]}
                )
            ours = [line for line in logs.output if ":urllib3." not in line]
            self.assertNothingShows(caught.exception, ours)

    def test_an_unreachable_host_tells_no_secrets(self):
        url = f"http://{TOKEN}:{TOKEN}@127.0.0.1:{unused_port()}"
        with (
            self.assertLogs(LOGGER, logging.DEBUG) as logs,
            self.assertRaises(Unreachable) as caught,
        ):
            self.transport(url).exchange("GET", "/v2/time")
        self.assertNothingShows(caught.exception, logs.output)

    def test_nothing_that_is_printed_by_accident_tells_secrets(self):
        body = {"email": self.CANARIES[1]}
        server = self.start(ScriptedServer(answer(body=body)))
        client = self.client(server.url)
        got = client.transport.exchange("GET", "/x")
        self.assertNotIn(self.CANARIES[1], repr(got))
        self.assertNotIn(TOKEN, repr(client) + repr(client.transport))

    def test_the_log_says_what_was_asked_and_how_it_went(self):
        server = self.start(
            ScriptedServer(answer(body=[], headers={"X-Request-Id": "r-17"}))
        )
        with self.assertLogs(LOGGER, logging.DEBUG) as logs:
            self.transport(server.url).exchange(
                "GET", "/v2/orders", params={"email": "x@example.com"}
            )
        (line,) = logs.output
        for part in ("GET", "/v2/orders", "200", " ms", "r-17"):
            self.assertIn(part, line)
        self.assertNotIn("email", line)
