"""Keys of queue lines about products: a listing's id, or ``new:`` and a product's."""

# Key of a line about a product that the store does not have yet.
NEW = "new"


def get_new_key(template):
    return f"{NEW}:{template.id}"


def get_template_id(key):
    """Return the id of the product that a key is about which is to be made, or None."""
    kind, _colon, number = key.partition(":")
    return int(number) if kind == NEW else None


def get_template_ids(lines):
    """Return the products of the lines that are to make one: dict of line -> id."""
    ids = {line: get_template_id(line.key) for line in lines}
    return {line: number for line, number in ids.items() if number}
