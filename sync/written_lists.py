"""Several numbers or words as people write them into one field."""

import re

from odoo.exceptions import UserError

SEPARATORS = re.compile(r"[\s,;]+")
# Dashes with blanks around them join what is left and right of them, too.
DASHES = re.compile(r"\s*[-–—]\s*")
NUMBER = re.compile(r"#?0*([1-9]\d{0,9})", re.ASCII)
MOST_NUMBERS = 1000
MOST_WORDS = 50


def read_numbers(env, text):
    """Return the numbers that a text names: 101, #102 105-110.

    :return: list of texts, each number once, as first named
    :raise UserError: if something is not a number, or there are too many
    """
    found = {}
    for part in _split(DASHES.sub("-", text)):
        ends = [NUMBER.fullmatch(end) for end in part.split("-")]
        if not all(ends) or len(ends) > 2:
            raise UserError(
                env._(
                    "“%s” is not a number. Enter numbers such as 101, or 101-105 for "
                    "all from 101 to 105.",
                    part,
                )
            )
        first, last = int(ends[0][1]), int(ends[-1][1])
        if first > last:
            raise UserError(
                env._(
                    "“%(part)s” runs backwards: write %(last)s-%(first)s.",
                    part=part,
                    first=first,
                    last=last,
                )
            )
        if len(found) + last - first >= MOST_NUMBERS:
            raise UserError(
                env._(
                    "With “%(part)s” these are more than %(most)s numbers. Enter fewer "
                    "at a time.",
                    part=part,
                    most=f"{MOST_NUMBERS:,}",
                )
            )
        found |= dict.fromkeys(map(str, range(first, last + 1)))
    return list(found)


def read_words(env, text):
    """Return the words of a text, one a line or separated by commas.

    :return: list of texts, each once
    :raise UserError: if there are too many
    """
    words = dict.fromkeys(word.strip() for word in re.split(r"[\n,;]", text))
    words.pop("", None)
    if len(words) > MOST_WORDS:
        raise UserError(
            env._("These are more than %s. Enter fewer at a time.", MOST_WORDS)
        )
    return list(words)


def _split(text):
    return filter(None, SEPARATORS.split(text))
