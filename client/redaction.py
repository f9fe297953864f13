"""Take secrets and people out of a text before anyone gets to see it."""

import re

_MASK = "[…]"
_EMAIL = re.compile(r"[\w.+%'-]+(@|%40)[\w-]+(\.[\w-]+)*", re.IGNORECASE)
# digits, with what people write between them
_PHONE = re.compile(r"\+?\(?\d(?:[ ()./-]{0,2}\d){6,}")
_LONGEST_SEARCH = 2000
_ID_OR_AMOUNT = re.compile(r"\d{1,8}(\.\d{1,4})?")


def redact(text, secret="", length=300):
    """Return a text in one line without the secret, e-mail addresses and telephone
    numbers.

    Up to eight digits, perhaps with decimals, are an id or an amount, and stay.

    :param length: characters that the result has at most
    """
    if secret:
        text = text.replace(secret, _MASK)
    text = _EMAIL.sub(_MASK, text[:_LONGEST_SEARCH])
    text = _PHONE.sub(_mask_phone, text)
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def _mask_phone(match):
    return match[0] if _ID_OR_AMOUNT.fullmatch(match[0]) else _MASK
