"""By what a refund that Odoo has sent is known again: the end of its reason. Pure."""

# Characters that BigCommerce keeps of a reason.
LONGEST = 1000


def get_mark(reference):
    """Return what the reason of a refund holds that was sent for ``reference``."""
    return f"[{reference}]"


def get_reason(words, reference):
    """Return the reason of a refund: a person's words, and the mark."""
    mark = get_mark(reference)
    return f"{words.strip()[: LONGEST - len(mark) - 1]} {mark}".strip()
