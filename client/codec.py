"""JSON in which amounts keep every digit."""

import json
from decimal import Decimal, InvalidOperation


def decode(text):
    """Return the value of a JSON text, its fractions as Decimal.

    :raises ValueError: when it is no JSON; NaN and Infinity are none
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except InvalidOperation:
        raise ValueError("a number beyond all bounds") from None


def encode(value):
    """Return the JSON text of a value that may hold Decimals, as short as can be.

    :raises ValueError: when a Decimal has more digits than a JSON number carries
    """
    return json.dumps(
        value,
        default=_number,
        allow_nan=False,
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def _number(value):
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} has no place in JSON")
    number = int(value) if value == value.to_integral_value() else float(value)
    if Decimal(repr(number)) != value:
        raise ValueError("a Decimal with more digits than a JSON number carries")
    return number
