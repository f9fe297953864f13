"""`make translations`: the translation template, `i18n/bigcommerce_connector.pot`.

Odoo's own exporter writes it, from a database with the addon alone. The translations
beside it get what is new, untranslated, and lose what is gone.
"""

import argparse
import re
import tempfile
from pathlib import Path

import databases
import environment
import server
from messages import command, say
from paths import ADDON, DEV, PYTHON, ROOT
from processes import execute

_TEMPLATE = ROOT / "i18n" / f"{ADDON}.pot"
# They change while the texts do not.
_DATES = re.compile(r'^"(POT-Creation|PO-Revision)-Date: .*"\n', re.MULTILINE)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    is_check = parser.parse_args().check
    content = _export()
    if is_check and content != _TEMPLATE.read_text():
        say("The translation template is not up to date: run make translations.")
        return 1
    if not is_check:
        _TEMPLATE.write_text(content)
    execute(
        [PYTHON, DEV / "merge_translations.py", _TEMPLATE]
        + (["--check"] if is_check else []),
        "The translations are not up to date: run make translations.",
    )
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
