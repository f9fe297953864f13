"""Who may ask what: token, store hash and scopes (bigcommerce-api.md §1.1, §1.2)."""

from hmac import compare_digest

from .answers import Refused, not_found


class Access:
    """The one API account of the store.

    :param store_hash: as in ``/stores/{store_hash}/``
    :param access_token: value of ``X-Auth-Token``
    """

    def __init__(self, store_hash, access_token):
        self.store_hash = store_hash
        self.access_token = access_token
        #: names of the granted OAuth scopes; ``None`` grants all
        self.scopes = None

    def check_account(self, store_hash, access_token):
        """Refuse another store with 404 and a wrong or missing token with 401."""
        if store_hash != self.store_hash:
            raise not_found()
        # bytes, because a header may hold anything
        if not compare_digest(access_token.encode(), self.access_token.encode()):
            raise Refused(401, "No valid authentication credentials were given.")

    def check_scope(self, scope, method):
        """Refuse with 403 what the account's scopes do not cover.

        :param scope: one scope, or several of which any is enough
        """
        if self.scopes is None or scope is None:
            return
        enough = {scope} if isinstance(scope, str) else set(scope)
        if method == "GET":
            enough |= {f"{name}_read_only" for name in enough}
        if enough.isdisjoint(self.scopes):
            raise Refused(403, "You don't have a required scope to access the endpoint")
