"""File locks between the commands of one checkout; a dead process holds none."""

import contextlib
import fcntl

from messages import Problem, say
from paths import LOCKS


@contextlib.contextmanager
def _open(name):
    LOCKS.mkdir(parents=True, exist_ok=True)
    with open(LOCKS / name, "w") as file:
        yield file


def _take(file, kind):
    """Take the lock if it is free; return whether it was."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def alone(name, busy=None):
    """Let one command at a time into this block.

    busy: the sentence to give up with when another is within; else wait for it.
    """
    with _open(name) as file:
        if not _take(file, fcntl.LOCK_EX):
            if busy:
                raise Problem(busy)
            say("Waiting for another command of this checkout …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def shared(name, last):
    """Share a block with other commands; the last to leave it calls `last()`."""
    with _open(name) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        try:
            yield
        finally:
            if _take(file, fcntl.LOCK_EX):
                last()
