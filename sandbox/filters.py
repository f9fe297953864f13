"""Filters of lists: bigcommerce-api.md §1.7 (v3) and §3.2 (v2 orders).

A filter becomes a *condition*, a column and a test of its value. What an object
does not say never hides it from a range filter, only from an exact one.
"""

from .answers import Refused

RANGES = {
    "min": lambda value, bound: value >= bound,
    "max": lambda value, bound: value <= bound,
    "greater": lambda value, bound: value > bound,
    "less": lambda value, bound: value < bound,
}


def is_in(wanted):
    """An exact filter; of a column with several values one has to match."""

    def test(value):
        values = value if isinstance(value, list) else [value]
        return any(item in wanted for item in values)

    return test


def in_range(operator, bound):
    """:param operator: a key of :data:`RANGES`"""
    compare = RANGES[operator]
    return lambda value: value is None or compare(value, bound)


def conditions(query, columns):
    """The conditions of a v3 list: ``field`` and ``field:operator`` parameters.

    :param query: the query parameters; those that name no column are left alone
    :param columns: name -> :class:`~.columns.Column`
    :raises Refused: 422 for a value that cannot be read
    """
    found = []
    for parameter, given in query.items():
        name, _, operator = parameter.partition(":")
        if name not in columns:
            continue
        values = given.split(",") if operator in ("in", "not_in") else [given]
        wanted = [columns[name].read(value) for value in values]
        if None in wanted:
            raise Refused(
                422, f"Invalid value of {parameter}.", {parameter: "error.invalid"}
            )
        found.append((name, _test(operator, wanted)))
    return found


def _test(operator, wanted):
    if operator in RANGES:
        return in_range(operator, wanted[0])
    if operator == "like":
        return lambda value: value is not None and wanted[0].strip("%") in value
    test = is_in(wanted)
    if operator in ("not_in", "not"):
        return lambda value: not test(value)
    return test
