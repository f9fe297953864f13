"""Odoo 19: the one ODOO_HOME names, else Debian's package, unpacked into our folder."""

import os
import re
import shutil
from pathlib import Path

import debian
from messages import Problem, say
from paths import DOWNLOADS, HOME, ODOO
from processes import execute

_SUITES = ("sid", "bookworm")
# Odoo's package links to files of these. Font Awesome 4.7 is no longer in sid.
_PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-font-awesome/bookworm",
    "fonts-ocr-b/bookworm",
)
# Left out of the package for licence reasons; its absence is an error in every browser.
_STAND_IN = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
_NEEDED_BYTES = 3 * 1024**3


def folder():
    """The folder that holds the Python package `odoo`."""
    if given := os.environ.get("ODOO_HOME"):
        return Path(given).expanduser().resolve()
    return ODOO / "usr" / "lib" / "python3" / "dist-packages"


def version():
    """Odoo's release, which also tells one Odoo from another."""
    release = folder() / "odoo" / "release.py"
    if not release.is_file():
        raise Problem(
            f"ODOO_HOME holds no Odoo ({release} is missing): give the folder with "
            "odoo-bin, or the dist-packages folder that holds odoo/."
        )
    text = release.read_text()
    if not re.search(r"^version_info = \(19, 0,", text, re.MULTILINE):
        raise Problem(f"{folder()} is another release of Odoo: version 19.0 is needed.")
    return text


def install():
    """Make Odoo available; downloads are reused."""
    if "ODOO_HOME" not in os.environ and not ODOO.exists():
        if not list(DOWNLOADS.glob("odoo-19_*.deb")):
            _download()
        _unpack()
    version()


def _download():
    if shutil.disk_usage(HOME).free < _NEEDED_BYTES:
        raise Problem("Odoo and its data need 3 GB and the disk has less: make room.")
    say("Downloading Odoo 19 …")
    debian.fetch(
        _PACKAGES,
        suites=_SUITES,
        advice="get Odoo 19 in another way and give its folder with ODOO_HOME=/path.",
    )


def _unpack():
    say("Unpacking Odoo 19 …")
    partial = ODOO.with_name("odoo-19.partial")
    shutil.rmtree(partial, ignore_errors=True)
    for package in sorted(DOWNLOADS.glob("*.deb")):
        execute(
            ["dpkg-deb", "-x", package, partial],
            f"{package} could not be unpacked: delete it and run the command again.",
        )
    stand_in = partial / folder().relative_to(ODOO) / "odoo" / _STAND_IN
    stand_in.parent.mkdir(parents=True, exist_ok=True)
    stand_in.touch()
    partial.rename(ODOO)
