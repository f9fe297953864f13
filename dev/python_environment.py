"""The virtual environment: what Odoo needs, and what developing needs."""

import hashlib
import importlib.util
import shutil
import sys

import debian
from messages import Problem, say
from paths import DEV, PYTHON, VENV
from processes import execute

_REQUIREMENTS = [DEV / "requirements-odoo.txt", DEV / "requirements-dev.txt"]


def key():
    """Changes with the Python and with the packages asked for."""
    content = b"".join(file.read_bytes() for file in _REQUIREMENTS)
    return hashlib.sha256(sys.version.encode() + content).hexdigest()


def install():
    """Make the environment, anew if the requirements changed since."""
    stamp = VENV / "complete"
    if stamp.is_file() and stamp.read_text() == key():
        return
    if sys.version_info < (3, 10):  # noqa: UP036
        raise Problem("Odoo 19 needs Python 3.10 or newer: put one first in PATH.")
    if not importlib.util.find_spec("ensurepip"):
        debian.install(["python3-venv"])
    say("Installing Python packages …")
    shutil.rmtree(VENV, ignore_errors=True)
    execute(
        [sys.executable, "-m", "venv", VENV],
        "The virtual environment could not be made.",
    )
    try:
        _install_with_uv()
    except Problem:
        # uv does not read the configuration of pip, which may name another index.
        _pip(*_requirements())
    stamp.write_text(key())


def _install_with_uv():
    """Some ten times as fast as pip."""
    _pip("uv", "--constraint", _REQUIREMENTS[1])
    execute(
        [VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, *_requirements()],
        "uv could not install the packages.",
    )


def _pip(*arguments):
    execute(
        [PYTHON, "-m", "pip", "install", *arguments],
        "pip could not install Python packages (no network?): see its configuration "
        "(`pip config list`), then run the command again.",
    )


def _requirements():
    return [part for file in _REQUIREMENTS for part in ("--requirement", file)]
