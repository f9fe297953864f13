"""The table of endpoints: rule, method, scope and the function that answers."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from werkzeug.routing import Map, Rule


@dataclass(frozen=True)
class Call:
    """One request to an endpoint, as its function gets it.

    :param store: the content of the store
    :param query: the query parameters
    :param address: of the store, such as ``http://127.0.0.1:8000``
    :param body: the parsed JSON of a write, or its form, else ``None``
    """

    store: object
    query: MultiDict
    address: str
    body: object = None


@dataclass(frozen=True)
class Route:
    method: str
    rule: str
    scope: str
    answer: object
    takes_forms: bool = False


class Routes(list):
    """The endpoints of one module; its methods are decorators."""

    def get(self, rule, scope):
        return self._add("GET", rule, scope)

    def post(self, rule, scope, takes_forms=False):
        return self._add("POST", rule, scope, takes_forms)

    def put(self, rule, scope, takes_forms=False):
        return self._add("PUT", rule, scope, takes_forms)

    def delete(self, rule, scope):
        return self._add("DELETE", rule, scope)

    def _add(self, method, rule, scope, takes_forms=False):
        def register(function):
            self.append(Route(method, rule, scope, function, takes_forms))
            return function

        return register


def url_map(*modules_routes):
    """One Werkzeug map of all routes; a trailing slash makes no difference."""
    return Map(
        [
            Rule(route.rule, methods=[route.method], endpoint=route)
            for routes in modules_routes
            for route in routes
        ],
        strict_slashes=False,
    )
