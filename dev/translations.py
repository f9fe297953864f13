"""`make translations`: the translation template, `i18n/bigcommerce_connector.pot`.

Odoo's own exporter writes it, from a database with the addon alone.
"""

import argparse
import re
import tempfile
from pathlib import Path

import databases
import environment
import server
from messages import command, say
from paths import ADDON, ROOT

_TEMPLATE = ROOT / "i18n" / f"{ADDON}.pot"
# They change while the texts do not.
_DATES = re.compile(r'^"(POT-Creation|PO-Revision)-Date: .*"\n', re.MULTILINE)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    is_check = parser.parse_args().check
    present = _TEMPLATE.read_text() if _TEMPLATE.exists() else ""
    content = _export()
    if content == present:
        say("The translation template is up to date.")
        return 0
    if is_check:
        say("The translation template is not up to date: run make translations.")
        return 1
    _TEMPLATE.parent.mkdir(exist_ok=True)
    _TEMPLATE.write_text(content)
    say(f"{_TEMPLATE.relative_to(ROOT)}: {content.count('msgid') - 1} texts.")
    return 0


def _export():
    """What Odoo exports, without dates."""
    with (
        environment.ready(),
        databases.temporary("translations") as database,
        tempfile.TemporaryDirectory() as folder,
    ):
        exported = Path(folder) / f"{ADDON}.pot"
        server.run(
            ["i18n", "export", "--database", database]
            + ["--output", exported, "--", ADDON],
            "Odoo could not export the texts.",
        )
        return _DATES.sub("", exported.read_text())


if __name__ == "__main__":
    command(main)
