"""The one clock of the sandbox, which tests may set, advance and freeze."""

from datetime import datetime, timedelta, timezone


class Clock:
    """Tells the store's time: the machine's, shifted or stopped on demand."""

    def __init__(self):
        self.reset()

    def reset(self):
        """Follow the machine's time again."""
        self._shift = timedelta()
        self._frozen_at = None

    def now(self):
        """The store's time as an aware datetime in UTC."""
        return self._frozen_at or datetime.now(timezone.utc) + self._shift

    def set(self, moment):
        """Make it ``moment`` now; a frozen clock stays frozen there."""
        if self._frozen_at:
            self._frozen_at = moment
        else:
            self._shift = moment - datetime.now(timezone.utc)

    def advance(self, seconds):
        """Move the clock by ``seconds``, back if they are negative."""
        self.set(self.now() + timedelta(seconds=seconds))

    @property
    def frozen(self):
        return self._frozen_at is not None

    def freeze(self, frozen=True):
        """Stop the clock where it is, or let it go on from there."""
        now = self.now()
        self._frozen_at = now if frozen else None
        self.set(now)
