"""Odoo over HTTP, with the calls its own web client makes."""

import json
import urllib.request
from http.cookiejar import CookieJar

from messages import Problem


class WebClient:
    """A user's session.

    address: of the server. login, password: of the user.
    """

    def __init__(self, address, database, login, password):
        self._address = address
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(CookieJar()),
        )
        self._post(
            "/web/session/authenticate", db=database, login=login, password=password
        )

    def call(self, model, method, *arguments, **options):
        """Call a public method of a model; returns its result.

        Raises Problem with the text that a user would read, when Odoo refuses.
        """
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=arguments,
            kwargs=options,
        )

    def count(self, model, *domain):
        """The number of records that match."""
        return self.call(model, "search_count", domain)

    def read(self, model, fields, *domain):
        """The records that match, as dictionaries; relations as ids."""
        return self.call(model, "search_read", domain, fields, load=None)

    def _post(self, path, **parameters):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters})
        request = urllib.request.Request(
            self._address + path, body.encode(), {"Content-Type": "application/json"}
        )
        try:
            with self._opener.open(request, timeout=600) as response:
                answer = json.load(response)
        except OSError as error:
            raise Problem(f"Odoo does not answer any more: {error}") from error
        if error := answer.get("error"):
            raise Problem(error["data"]["message"])
        return answer.get("result")
