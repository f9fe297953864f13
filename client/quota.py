"""The store's request quota, as the headers of an answer tell it (§1.5)."""

import math
from dataclasses import dataclass

#: a quota window lasts this many seconds where the headers do not tell
WINDOW_SECONDS = 30
# what a header says beyond this many seconds is nonsense
_LONGEST_WINDOW = 3600
# requests of a window that are left to the store's other applications
_RESERVE = 5


@dataclass(frozen=True)
class Quota:
    """Shared by all applications of the store.

    :ivar left: requests left in the window
    :ivar limit: requests per window, None when not told
    :ivar reset_seconds: seconds from the answer until the window ends
    """

    left: int
    limit: int | None
    reset_seconds: float

    @classmethod
    def parse(cls, headers):
        """Return the quota that the headers tell, None if they make no sense."""
        left = _read_number(headers, "X-Rate-Limit-Requests-Left")
        reset_seconds = _read_seconds(headers, "X-Rate-Limit-Time-Reset-Ms", 1000)
        if left is None or reset_seconds is None:
            return None
        limit = _read_number(headers, "X-Rate-Limit-Requests-Quota")
        return cls(int(left), None if limit is None else int(limit), reset_seconds)

    @property
    def is_used_up(self):
        """Whether no more than a reserve is left."""
        return self.left <= min(_RESERVE, (self.limit or 0) // 10)


def read_retry_seconds(headers):
    """Return the seconds to wait after a 429, None if no header makes sense."""
    candidates = (
        _read_seconds(headers, "X-Rate-Limit-Time-Reset-Ms", 1000),
        _read_seconds(headers, "X-Retry-After", 1),
        _read_seconds(headers, "Retry-After", 1),
    )
    return next((seconds for seconds in candidates if seconds is not None), None)


def _read_seconds(headers, name, units_per_second):
    number = _read_number(headers, name)
    if number is None or number > _LONGEST_WINDOW * units_per_second:
        return None
    return number / units_per_second


def _read_number(headers, name):
    try:
        number = float(headers.get(name, ""))
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
