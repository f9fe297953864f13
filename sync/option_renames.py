"""In which order names of options and values are changed: no two are ever the same."""

from typing import NamedTuple


class Rename(NamedTuple):
    """An option, or with ``value_id`` a value of one, that is called otherwise."""

    option_id: str
    value_id: str
    name: str


def arrange_renames(renames, labels):
    """Yield renames so that each name is free when it is given.

    Values that swap their names take one of their own in between. A name that another
    value keeps is left to the store to refuse.

    :param renames: each :class:`Rename` that is due
    :param dict labels: pair of an option's id and a value's -> its name there
    """
    labels = dict(labels)
    due = {(own.option_id, own.value_id): own for own in renames}
    while due:
        holders = {place: _find_holder(own, labels) for place, own in due.items()}
        place = next((own for own in due if holders[own] not in due), None)
        if place is None:
            # Each waits for another.
            place = holders[next(iter(due))]
            rename = due[place]._replace(name=f"#{due[place].value_id}")
        else:
            rename = due.pop(place)
        labels[place] = rename.name
        yield rename


def _find_holder(rename, labels):
    """Return which other value of the option is called so, if any."""
    return next(
        (
            (option_id, value_id)
            for (option_id, value_id), label in labels.items()
            if rename.value_id
            and option_id == rename.option_id
            and value_id != rename.value_id
            and label == rename.name
        ),
        None,
    )
