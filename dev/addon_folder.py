"""The folder through which Odoo sees the addon, whatever the name of the checkout.

A real folder with one link per entry of the checkout. One link to the checkout itself
would contain itself, and Odoo's translation export follows links.
"""

import contextlib
import os

from paths import ADDON_FOLDER, ADDONS, DEV, ROOT


def refresh():
    """Bring the links in line with the checkout."""
    ADDON_FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {entry.name for entry in ROOT.iterdir() if not entry.name.startswith(".")}
    for entry in ADDON_FOLDER.iterdir():
        if entry.is_symlink() and entry.name not in wanted:
            entry.unlink()
    for name in wanted:
        _link(ADDON_FOLDER / name, ROOT / name)
    # A conftest within the addon would be imported before pytest-odoo is ready.
    _link(ADDONS / "conftest.py", DEV / "pytest_nothing_skipped.py")


def _link(link, target):
    with contextlib.suppress(FileExistsError):
        link.symlink_to(os.path.relpath(target, link.parent))
