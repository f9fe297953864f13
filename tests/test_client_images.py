import zlib
from unittest.mock import patch

from odoo.tests import tagged

from ..client import errors
from ..client.deadline import new_session
from ..client.images import download
from ..sandbox.pictures import png
from .client_case import ClientCase
from .http_server import ScriptedServer, answer, drip, reset

PNG = png("any", 8)
IMAGE = {"Content-Type": "image/png"}


def picture(content=PNG, **options):
    return answer(body=content, headers=options.pop("headers", IMAGE), **options)


@tagged("post_install", "-at_install")
class TestDownload(ClientCase):
    def publish(self, *scripts, **options):
        """Start ``self.server``, which answers as told, and return its address."""
        self.server = self.start(ScriptedServer(*scripts, **options))
        return self.server.url

    def failure(self, *scripts, kind=errors.ProtocolError, **options):
        """Return the error that these answers end in, of exactly that kind."""
        with self.assertRaises(errors.BigCommerceError) as caught:
            download(f"{self.publish(*scripts)}/1.png?secret=1", **options)
        self.assertIs(type(caught.exception), kind)
        self.assertNotIn("secret", str(caught.exception))
        return caught.exception

    def test_a_picture_comes_byte_for_byte(self):
        self.assertEqual(download(f"{self.publish(picture())}/a/1.png?c=2"), PNG)
        (request,) = self.server.requests
        self.assertEqual((request.method, request.path), ("GET", "/a/1.png"))

    def test_pictures_are_known_by_how_they_begin(self):
        for content in (
            PNG, b"\xff\xd8\xff\xe0jpeg", b"GIF89a...", b"GIF87a...",
            b"RIFF\0\0\0\0WEBPVP8 ", b"BM......",
        ):  # fmt: skip
            for content_type in ("application/octet-stream", "text/html", "image/x"):
                with self.subTest(content=content[:8], content_type=content_type):
                    headers = {"Content-Type": content_type}
                    url = self.publish(picture(content, headers=headers))
                    self.assertEqual(download(url), content)

    def test_what_is_none_is_refused(self):
        for content, content_type in (
            (b"", "image/png"),
            (b"<html>Gone</html>", "text/html"),
            (b"\n <!DOCTYPE html><p>Gone", "image/png"),
            (b"<HTML>", "image/png"),
            (b'{"error": 1}', "application/json"),
            (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
            (b"\x89PN", ""),
        ):
            with self.subTest(content=content, content_type=content_type):
                self.failure(picture(content, headers={"Content-Type": content_type}))

    def test_a_kind_unknown_to_us_is_taken_at_its_word(self):
        headers = {"Content-Type": "Image/AVIF"}
        content = b"\0\0\0 ftypavif"
        url = self.publish(picture(content, headers=headers))
        self.assertEqual(download(url), content)

    def test_a_picture_of_just_the_limit_is_taken_and_a_larger_one_not(self):
        size = len(PNG)
        for length in (None, ""):
            with self.subTest(length=length):
                url = self.publish(picture(length=length))
                self.assertEqual(download(url, limit_bytes=size), PNG)
                error = self.failure(picture(length=length), limit_bytes=size - 1)
                self.assertIn(str(size - 1), str(error))

    def test_a_picture_without_end_is_not_read_to_its_end(self):
        sent = []

        def pour(sock):
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + PNG)
            while True:
                sock.sendall(bytes(65_536))
                sent.append(65_536)

        self.failure(pour, limit_bytes=1_000_000)
        self.assertLess(sum(sent), 20_000_000)

    def test_a_small_answer_that_unpacks_to_much_is_refused(self):
        packer = zlib.compressobj(wbits=31)
        packed = packer.compress(PNG + bytes(30_000_000)) + packer.flush()
        headers = {**IMAGE, "Content-Encoding": "gzip"}
        self.failure(picture(packed, headers=headers))

    def test_a_picture_that_breaks_off_is_damaged(self):
        self.failure(picture(PNG[:-5], length=len(PNG)), kind=errors.DamagedAnswer)

    def test_it_is_complete_in_time_or_not_at_all(self):
        kind = errors.RequestTimeout
        self.failure(drip(picture(), 0.05), kind=kind, timeout=0.4)

        def hop(request):
            return answer(302, headers={"Location": "/2.png"})

        url = self.publish(respond=hop)
        with self.assertRaises(errors.RequestTimeout):
            download(url, timeout=0)
        self.assertFalse(self.server.requests)

    def test_a_server_that_is_not_there_is_unreachable(self):
        with self.assertRaises(errors.Unreachable):
            download("http://127.0.0.1:1/1.png")
        self.failure(reset, kind=errors.Unreachable)

    def test_only_addresses_of_the_web_are_asked(self):
        for url in (
            "", "x", "//127.0.0.1/1.png", "/1.png", "file:///etc/hostname",
            "ftp://127.0.0.1/1.png", "data:image/png;base64,AA", "http://",
            "http:///1.png", "http://[::1/1.png", "http://127.0.0.1:port/1.png",
            "http://127.0.0.1:99999/1.png",
            "http://*.example/1.png",
        ):  # fmt: skip
            with self.subTest(url), self.assertRaises(errors.InvalidRequest):
                download(url)

    def test_refusals_have_kinds_that_say_nothing_of_the_access_token(self):
        for status, kind in {
            401: errors.InvalidRequest,
            403: errors.InvalidRequest,
            404: errors.NotFound,
            410: errors.NotFound,
            418: errors.InvalidRequest,
            429: errors.RateLimited,
            500: errors.ServerError,
            503: errors.ServerError,
            204: errors.ProtocolError,
            206: errors.ProtocolError,
            304: errors.ProtocolError,
        }.items():
            with self.subTest(status=status):
                error = self.failure(answer(status, b"<html>"), kind=kind)
                self.assertEqual(error.status, status)
                self.assertEqual(len(self.server.requests), 1)

    def test_it_follows_a_few_redirects_and_no_more(self):
        def respond(request):
            hops = int(request.path.strip("/"))
            if not hops:
                return picture()
            location = f"/{hops - 1}" if hops % 2 else f"{self.server.url}/{hops - 1}"
            return answer(302, headers={"Location": location})

        url = self.publish(respond=respond)
        self.assertEqual(download(f"{url}/3"), PNG)
        self.assertEqual(len(self.server.requests), 4)
        self.server.requests.clear()
        with self.assertRaisesRegex(errors.ProtocolError, "redirects"):
            download(f"{url}/4")
        self.assertEqual(len(self.server.requests), 4)

    def test_a_redirect_cannot_lead_out_of_the_web(self):
        for location in ("file:///etc/hostname", "ftp://127.0.0.1/", "http://[", ""):
            with self.subTest(location):
                headers = {"Location": location}
                with self.assertRaises(errors.BigCommerceError):
                    download(self.publish(answer(302, headers=headers)))

    def test_no_credentials_are_sent_wherever_they_lie(self):
        url = self.publish(picture())
        with patch("requests.sessions.get_netrc_auth", return_value=("user", "word")):
            download(url)
            download(url.replace("//", "//user:word@"))
        for request in self.server.requests:
            self.assertNotIn("authorization", request.headers)
            self.assertNotIn("x-auth-token", request.headers)

    def test_connections_are_kept_from_one_picture_to_the_next(self):
        count = []

        def keep(sock):
            count.append(1)
            for number in range(2):
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(PNG)}\r\n\r\n"
                sock.sendall(head.encode() + PNG)
                if len(count) == 1 and number == 0:
                    sock.recv(65_536)

        url = self.publish(keep)
        with new_session() as session:
            self.assertEqual(download(url, session=session), PNG)
            self.assertEqual(download(url, session=session), PNG)
        self.assertEqual(len(count), 1)
