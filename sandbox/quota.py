"""The request quota of the store: bigcommerce-api.md §1.5."""

from datetime import timedelta

#: more than anybody asks for
UNLIMITED = 1_000_000
# of BigCommerce's windows
WINDOW_MS = 30_000


class Quota:
    """So many requests in a window of so many milliseconds, for all callers.

    :param clock: the sandbox's clock
    :param limit: requests allowed in a window
    """

    def __init__(self, clock, limit):
        self._clock = clock
        self.configure(limit, WINDOW_MS)

    def configure(self, limit, window_ms):
        """Change the plan; a new window begins."""
        self.limit = limit
        self.window_ms = window_ms
        self._begin(self._clock.now())

    def _begin(self, now):
        self._start, self._used = now, 0

    def take(self):
        """Count one request.

        :return: whether the quota allows it
        """
        now = self._clock.now()
        # a clock that was set back begins a new window as well
        if not timedelta() <= now - self._start < self._window:
            self._begin(now)
        self._used += 1
        return self._used <= self.limit

    @property
    def _window(self):
        return timedelta(milliseconds=self.window_ms)

    def headers(self):
        """The four headers of every answer."""
        rest = self._start + self._window - self._clock.now()
        return {
            "X-Rate-Limit-Requests-Quota": str(self.limit),
            "X-Rate-Limit-Requests-Left": str(max(self.limit - self._used, 0)),
            "X-Rate-Limit-Time-Window-Ms": str(self.window_ms),
            "X-Rate-Limit-Time-Reset-Ms": str(
                max(int(rest / timedelta(milliseconds=1)), 0)
            ),
        }
