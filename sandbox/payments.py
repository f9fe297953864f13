"""How the store's payments behave, and which of them are on their way."""

from dataclasses import dataclass, field

#: what may become of a capture that was accepted
OUTCOMES = ("captured", "declined")


@dataclass
class Payments:
    """What tests can choose (``control.py``), and what has been scheduled.

    :param captures_offline: whether a capture of an offline payment is accepted;
        BigCommerce does not document it (bigcommerce-api.md §4.3)
    :param seconds: of the store's clock until what was scheduled is carried out
    :param outcome: of captures, see ``OUTCOMES``
    :param scheduled: order id -> when which payment status becomes the order's
    """

    captures_offline: bool = False
    seconds: float = 30
    outcome: str = "captured"
    scheduled: dict = field(default_factory=dict)

    def describe(self):
        """The choices as JSON."""
        return {
            "captures_offline": self.captures_offline,
            "seconds": self.seconds,
            "outcome": self.outcome,
        }

    def choose(self, captures_offline=False, seconds=30, outcome="captured"):
        """Change the choices; each has its default.

        :raises ValueError: there is no such outcome
        """
        if outcome not in OUTCOMES:
            raise ValueError(f"the outcome is one of {', '.join(OUTCOMES)}")
        self.captures_offline = bool(captures_offline)
        self.seconds = float(seconds)
        self.outcome = outcome
