"""Many changes in few requests: what is refused keeps nothing else from being saved."""

from odoo.tools import split_every


def write_in_batches(update, contents, limit):
    """Send changes, as many at a time as go; without those that are refused again.

    :param update: method of the client that returns a BatchAnswer
    :param dict contents: id -> fields to change
    :param int limit: how many go in one request
    :return: what was saved, and why others were not, by id; those in neither were not
        saved and nobody says why
    """
    saved, errors = {}, {}
    for part in split_every(limit, contents, list):
        rest = part
        while rest:
            answer = update([{**contents[bc_id], "id": bc_id} for bc_id in rest])
            saved |= answer.saved
            errors |= answer.errors
            left = [
                bc_id for bc_id in rest if bc_id not in saved.keys() | errors.keys()
            ]
            if answer.message:
                errors |= dict.fromkeys(left, answer.message)
            if answer.message or len(left) == len(rest):
                break
            rest = left
    return saved, errors
