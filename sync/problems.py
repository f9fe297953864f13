"""What can keep a line from going on, and how to say it to people."""

from typing import NamedTuple

from ..client import errors
from .scopes import get_scope_name


class Blocked(Exception):
    """A line cannot go on before a person has settled something.

    :param str cause: code of a ``bigcommerce.cause``
    :param str message: what is the matter and what to do, for people
    :param payload: what the line says from now on, where that is what is to be approved
    """

    def __init__(self, cause, message, payload=None):
        super().__init__(message)
        self.cause = cause
        self.message = message
        self.payload = payload


class Unsettled(NamedTuple):
    """The store has accepted what was sent, and what comes of it is not there yet.

    It is looked at again and again, and never sent again before.

    ``message``: what is being waited for, for people.
    """

    message: str


def get_cause(error):
    """Return the code of the cause behind an error of the client.

    None if it may pass by itself.
    """
    if isinstance(error, errors.DamagedAnswer):
        return None
    if isinstance(error, errors.Forbidden):
        return "missing_scope"
    if isinstance(error, errors.NotFound):
        return "not_found"
    if isinstance(error, errors.WriteRefused):
        return "read_only"
    if isinstance(error, errors.InvalidRequest | errors.Conflict):
        return "refused"
    if isinstance(error, errors.ProtocolError):
        return "unreadable"
    return None


def concerns_one_object(error):
    """Return whether an error of the client says nothing about other objects."""
    return get_cause(error) in ("not_found", "refused", "unreadable") or isinstance(
        error, errors.DamagedAnswer
    )


def explain(env, error):
    """Return what an error of the client means and what to do about it."""
    if isinstance(error, errors.WriteRefused):
        return env._("%s Nothing was changed in the store.", error)
    if isinstance(error, errors.AuthenticationError):
        return env._(
            "BigCommerce does not accept the access token. Check that it was copied "
            "completely and that its API account still exists."
        )
    if isinstance(error, errors.Forbidden):
        return env._(
            "The API account may not do this: it lacks the scope “%s”. Scopes cannot "
            "be added later: make a new API account with it, and enter its token.",
            get_scope_name(error.scope) or env._("unknown"),
        )
    if isinstance(error, errors.NotFound):
        return env._("The store does not have this, or not any more.")
    if isinstance(error, errors.RateLimited):
        return env._(
            "The store has used up its requests for the moment. Try again in a minute."
        )
    if isinstance(error, errors.RequestTimeout):
        return env._("The store did not answer in time. Try again in a minute.")
    if isinstance(error, errors.Unreachable):
        return env._(
            "The store cannot be reached. Check this server's internet connection "
            "and the API URL. %s",
            error,
        )
    if isinstance(error, errors.ServerError):
        return env._(
            "BigCommerce has a problem of its own at the moment (%s). Try again later.",
            error.status,
        )
    if isinstance(error, errors.ProtocolError):
        return env._("The answer is not what BigCommerce's API promises. %s", error)
    return env._("BigCommerce refused the request. %s", error)


def explain_connection(env, error):
    """Return what an error of the client means where a store is being connected."""
    if isinstance(error, errors.NotFound):
        return env._(
            "BigCommerce does not know this address. Check the store hash: it is the "
            "code after “stores/” in the API path of your API account."
        )
    if isinstance(error, errors.ProtocolError):
        return env._(
            "The answer is not what BigCommerce's API promises. Check the store hash "
            "and the API URL. %s",
            error,
        )
    return explain(env, error)
