"""Take secrets and people out of a text before anyone gets to see it."""

import re

_MASK = "[…]"
_EMAIL = re.compile(r"[\w.+%'-]+(@|%40)[\w-]+(\.[\w-]+)*", re.IGNORECASE)
# digits, with what people write between them
_PHONE = re.compile(r"\+?\(?\d(?:[ ()./-]{0,2}\d){6,}")
_LONGEST_SEARCH = 2000
_ID_OR_AMOUNT = re.compile(r"\d{1,8}(\.\d{1,4})?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d[\d:.]*(Z|[+-]\d\d:?\d\d)?)?")
_LONGEST_LIST = 100
# Shorter ones are also parts of other words.
_SHORTEST_NAME = 3
# In words: of longer texts the single words say nothing of anybody.
_LONGEST_NAME = 4

# Words in the names of fields that hold secrets, or say who somebody is.
_SECRET_WORDS = {"token", "password", "secret", "authorization"}
_PERSONAL_WORDS = {
    "address",
    "addresses",
    "birth",
    "birthday",
    "city",
    "comment",
    "comments",
    "company",
    "contact",
    "contacts",
    "customer",
    "customers",
    "email",
    "emails",
    "fax",
    "firstname",
    "form",
    "fullname",
    "ip",
    "lastname",
    "mail",
    "note",
    "notes",
    "person",
    "phone",
    "phones",
    "postal",
    "postcode",
    "recipient",
    "recipients",
    "sender",
    "street",
    "telephone",
    "username",
    "vat",
    "zip",
}
_WHOSE_NAME = {
    "billing",
    "display",
    "family",
    "first",
    "from",
    "full",
    "given",
    "last",
    "middle",
    "shipping",
    "to",
    "user",
}
_WHOSE_MESSAGE = {"gift", "shopper", "wrapping"}


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


class Redactor:
    """Takes secrets and people out of JSON values, by the names of their fields.

    What stands below such a name is masked, except ids. What was masked once is
    masked also where it is repeated in a text.

    :param secret: the access token
    """

    def __init__(self, secret=""):
        self._secret = secret
        self._masked = set()

    def redact(self, value):
        """Return a JSON value as anybody may see it; long lists are shortened."""
        if isinstance(value, dict):
            return {
                self._redact_text(str(name)): self._mask(part)
                if _is_personal(str(name))
                else self.redact(part)
                for name, part in value.items()
            }
        if isinstance(value, (list, tuple)):
            parts = [self.redact(part) for part in value[:_LONGEST_LIST]]
            left = len(value) - len(parts)
            return [*parts, f"… {left} more"] if left else parts
        return self._redact_text(value) if isinstance(value, str) else value

    def _mask(self, value):
        if isinstance(value, dict):
            return {
                name: part if _is_id(_split(str(name))) else self._mask(part)
                for name, part in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self._mask(part) for part in value]
        if isinstance(value, str):
            words = value.split()
            known = (value, *words) if len(words) <= _LONGEST_NAME else (value,)
            self._masked |= {text for text in known if len(text) >= _SHORTEST_NAME}
        return _MASK if value and not isinstance(value, bool) else value

    def learn(self, value):
        """Know the people of a JSON value from now on, without returning it."""
        if isinstance(value, dict):
            for name, part in value.items():
                learn = self._mask if _is_personal(str(name)) else self.learn
                learn(part)
        elif isinstance(value, (list, tuple)):
            for part in value:
                self.learn(part)

    def hide(self, text):
        """Return a text without what was masked before."""
        found = [masked for masked in self._masked if masked in text]
        for masked in sorted(found, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(masked)}(?!\w)", _MASK, text)
        return text

    def _redact_text(self, text):
        return (
            text if _MOMENT.fullmatch(text) else redact(self.hide(text), self._secret)
        )


def _split(name):
    """Return the words of the name of a field, or of a filter."""
    return set(re.findall(r"[a-z]+", name.lower()))


def _is_personal(name):
    words = _split(name)
    if words & _SECRET_WORDS or words == {"tax", "id"}:
        return True
    if _is_id(words):
        return False
    return bool(
        words & _PERSONAL_WORDS
        or "name" in words
        and words & _WHOSE_NAME
        or "message" in words
        and words & _WHOSE_MESSAGE
    )


def _is_id(words):
    return bool(words & {"id", "ids"})
