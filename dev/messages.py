"""What the commands say, and how they end."""

import errno
import signal
import sys

DISK_FULL = "The disk is full: make room, then run the command again."


class Problem(Exception):
    """Something a person can solve: told in one clear sentence, without traceback."""


def say(text):
    """Print a line of progress at once."""
    print(text, flush=True)


def report(check, failures):
    """Say how a check has ended; returns the exit code."""
    for failure in failures:
        say(f"FAILED: {failure}")
    say(f"{check}: {len(failures)} failed." if failures else f"{check}: all passed.")
    return 1 if failures else 0


def command(main):
    """Run `main()` as a command and exit with its result.

    A `Problem` becomes its sentence and exit code 1. An interrupt, SIGTERM and SIGHUP
    unwind the stack, so that everything that was started is ended on the way out.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    try:
        sys.exit(main())
    except Problem as problem:
        sys.exit(f"\n{problem}")
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.exit(f"\n{DISK_FULL}")
