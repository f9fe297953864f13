"""Payloads as no store should answer them: real ones, mutated."""

import copy
import json
import re

from hypothesis import strategies as st

# Numbers as they may stand in a JSON text; no Python value would be written so.
NUMBERS = (
    "0", "-0", "-0.0", "0.1", "1.10", "-17.25", "1e2", "1E+5", "1E-7", "1e30", "1e31",
    "1e400", "-1e400", "1E99999999999999999999", "0E999999999999999999999",
    "2147483648", "9223372036854775808", "-9007199254740993", "0.12345678901234567891",
    "123456789012345678901234567890.12", "9" * 40, "9" * 5000, "NaN", "Infinity",
    "-Infinity",
)  # fmt: skip
VALUES = (
    None, True, False, "", " ", [], {}, [[]], {"": ""}, [None], "null",
    "0.0000", " 12.50 ", "1,234.50", "1.234,50", "1 234.5", "12.5 USD", "$3", "--1",
    "+5", "1e2", "1E400", "NaN", "sNaN", "Infinity", "-inf", "0x1F", "1_000", "٣", "²",
    "½", "\N{NO-BREAK SPACE}5", "5\N{MINUS SIGN}", "9" * 40, "9" * 5000,
    "0." + "1" * 60, "Ünï © 漢字 🪴", "שלום", "\u202e12", "a\0b", "\ud83d", "x" * 3000,
    "0000-00-00", "0000-00-00 00:00:00", "2026-02-30", "9999-12-31T23:59:60-23:59",
    "0001-01-01T00:00:00+23:59", "Tue, 31 Jun 2026 25:61:61 +9999", "9" * 10, "²" * 9,
    "Tue, 28 Apr 99999999999 13:06:44 +0000", {"url": "x", "resource": "/y"},
)  # fmt: skip


def write(payload):
    """Return the JSON text of a payload, its ``Number`` as they are."""
    return re.sub(r'"<number (\S+)>"', r"\1", json.dumps(payload))


def list_places(payload, parent=()):
    """Return the path of everything inside a payload, outer ones first."""
    if isinstance(payload, dict):
        inside = payload.items()
    else:
        inside = enumerate(payload) if isinstance(payload, list) else ()
    places = []
    for name, value in inside:
        places.append((*parent, name))
        places += list_places(value, places[-1])
    return places


def _get(payload, place):
    for name in place:
        payload = payload[name]
    return payload


def _drop(draw, holder, name):
    del holder[name]


def _rename(draw, holder, name):
    if isinstance(holder, dict):
        names = st.sampled_from([*holder, name.upper(), f"{name}_", "", "id", "Ω"])
        holder[draw(names)] = holder.pop(name)


def _repeat(draw, holder, name):
    if isinstance(holder, list):
        holder.append(copy.deepcopy(holder[name]))
    else:
        holder[draw(st.sampled_from([*holder]))] = copy.deepcopy(holder[name])


def _replace(draw, holder, name):
    holder[name] = copy.deepcopy(draw(st.sampled_from(VALUES)))


def _number(draw, holder, name):
    holder[name] = f"<number {draw(st.sampled_from(NUMBERS))}>"


def _retype(draw, holder, name):
    value = holder[name]
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        holder[name] = f"<number {value}>"
    elif isinstance(value, (int, float)):
        holder[name] = draw(st.sampled_from([str(value), f" {value} ", [value]]))
    else:
        holder[name] = str(value)


def _nest(draw, holder, name):
    for _time in range(draw(st.sampled_from([1, 2, 200]))):
        holder[name] = draw(
            st.sampled_from([[holder[name]], {str(name): holder[name]}])
        )


def _unpack(draw, holder, name):
    value = holder[name]
    if isinstance(value, (list, dict)) and value:
        holder[name] = value[draw(st.sampled_from(list_places(value)))[0]]


MUTATIONS = (_drop, _rename, _repeat, _replace, _number, _retype, _nest, _unpack)


@st.composite
def mutated(draw, payloads, most=4):
    """Give one of the payloads, up to so many things in it no longer what they were."""
    payload = copy.deepcopy(draw(st.sampled_from(payloads)))
    for _time in range(draw(st.integers(0, most))):
        if places := list_places(payload):
            *parent, name = draw(st.sampled_from(places))
            mutate = draw(st.sampled_from(MUTATIONS))
            mutate(draw, _get(payload, parent), name)
    return payload
