"""Requests about many things at once: bigcommerce-api.md §1.4, §6.1."""

from .answers import ERROR_TYPE, Refused, as_json, invalid


def read_batch(things, maximum=None, name=""):
    """The things that a request is about.

    :param name: of the field in which they are; "" for the whole body
    :raises Refused: 422 if they are no list, or none; 413 if they are too many
    """
    if not isinstance(things, list) or not things:
        raise invalid({name: "error.path"})
    if maximum and len(things) > maximum:
        raise Refused(
            413,
            "The request payload is too large. The maximum items allowed in the array"
            f" is {maximum}.",
        )
    return things


def mistake(status, title, errors):
    """What is wrong with one of the things."""
    return {"status": status, "title": title, "type": ERROR_TYPE, "errors": errors}


def refuse_each(mistakes):
    """The answer that names what is wrong with some of the things, thing by thing."""
    return as_json({"batch_errors": mistakes}, 422)
