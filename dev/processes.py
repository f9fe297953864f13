"""Running other programs: to their end, or beside us until a block ends."""

import contextlib
import os
import signal
import socket
import subprocess
import time

from messages import DISK_FULL, Problem
from paths import LOG

# Odoo takes PORT, HOST … for its database, PG* and ODOO_* for its options.
_FOREIGN = ("USER", "HOST", "PORT", "PASSWORD", "PYTHONPATH", "PYTHONHOME")
_FOREIGN_PREFIXES = ("PG", "ODOO_", "BIGCOMMERCE_")


def clean_environment(**extra):
    """The environment for a program: ours, without what would change its behaviour."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _FOREIGN and not name.startswith(_FOREIGN_PREFIXES)
    }
    return kept | {name: str(value) for name, value in extra.items()}


def execute(arguments, failure, *, lines=0, text=None, **options):
    """Run a program to its end and return its output.

    arguments: the command line. failure: the sentence to say if it fails. lines: how
    many lines of the output to show then. text: what the program reads.
    options: for `subprocess.run`.
    """
    options.setdefault("env", clean_environment())
    result = subprocess.run(
        [str(argument) for argument in arguments],
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    if result.returncode:
        if "No space left on device" in result.stdout:
            raise Problem(DISK_FULL)
        log = LOG / "failed.log"
        LOG.mkdir(parents=True, exist_ok=True)
        log.write_text(f"{arguments}\n{result.stdout}")
        shown = last_lines(result.stdout, lines)
        raise Problem(f"{failure} All it said is in {log}.\n{shown}".rstrip())
    return result.stdout


@contextlib.contextmanager
def background(arguments, *, log=None, **options):
    """Run a program beside us; it and its children are ended when the block ends.

    It has a session of its own, so that Ctrl-C reaches us alone and we end it in order.
    log: the log file for its output, else it goes where ours goes.
    """
    LOG.mkdir(parents=True, exist_ok=True)
    with open(LOG / log, "wb") if log else contextlib.nullcontext() as output:
        process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            start_new_session=True,
            **options,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process):
    """End a process and its children, in order if they do that within 15 seconds."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        end = time.monotonic() + 15
        while time.monotonic() < end:
            # Without this it stays there, although it has ended.
            process.poll()
            os.killpg(process.pid, 0)
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(ready, process, *, log, name, seconds):
    """Call `ready()` until it returns something, and return that.

    Raises Problem, with the end of its log, when the process ends or the time is over.
    """
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        if answer := ready():
            return answer
        time.sleep(0.1)
    reason = "did not start" if process.poll() is None else "ended at its start"
    text = (LOG / log).read_text(errors="replace")
    raise Problem(
        f"{name} {reason}; its log {LOG / log} ends:\n" + last_lines(text, 20)
    )


def choose_port(wanted=None):
    """The port `wanted`, or a free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted or 0))
        except OSError as error:
            raise Problem(
                f"Port {wanted} cannot be used ({error.strerror}): choose another with "
                "PORT=, or leave it out to get a free one."
            ) from error
        return probe.getsockname()[1]


def last_lines(text, count):
    """The last `count` lines of a text."""
    return "\n".join(text.rstrip().splitlines()[-count:] if count else ())
