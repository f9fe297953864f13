"""What keeps a mistake from the store: suspicious changes wait for a person."""

from .problems import Blocked


def hold(found, message):
    """Return what was found such that it waits for a person's approval.

    :param found: :class:`~.operation.Found`, whose payload says what is to be sent
    :param str message: what would be changed, for people
    """
    return found._replace(problem=Blocked("needs_approval", message))
