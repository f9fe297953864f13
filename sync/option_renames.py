"""In which order names of options and values are changed: no two are ever the same."""

from typing import NamedTuple


class Rename(NamedTuple):
    """An option, or with ``value_id`` a value of one, that is called otherwise."""

    option_id: str
    value_id: str
    name: str


def arrange_renames(renames, labels):
    """Yield renames so that each name is free when it is given.

    Values that swap their names take one of their own in between.

    :param renames: each :class:`Rename` that is due
    :param dict labels: pair of an option's id and a value's -> its name there
    """
    labels = dict(labels)
    due = list(renames)
    while due:
        rename = next((own for own in due if _is_free(own, labels)), None)
        if rename is None:
            rename = due[0]
            passing = rename._replace(name=f"#{rename.value_id}")
            if labels[rename.option_id, rename.value_id] != passing.name:
                labels[rename.option_id, rename.value_id] = passing.name
                # Those that wait for its name come first.
                due.append(due.pop(0))
                yield passing
                continue
        due.remove(rename)
        labels[rename.option_id, rename.value_id] = rename.name
        yield rename


def _is_free(rename, labels):
    return not rename.value_id or not any(
        option_id == rename.option_id
        and value_id != rename.value_id
        and label == rename.name
        for (option_id, value_id), label in labels.items()
    )
