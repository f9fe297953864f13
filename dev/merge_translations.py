"""Bring translations in step with the template: `merge_translations.py TEMPLATE`.

Runs in Odoo's environment. A text that is gone loses its translation, a new one waits
for it. With `--check` it writes nothing, and fails if that would change anything.
"""

import argparse
import sys
from pathlib import Path

import polib


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("template", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    template = polib.pofile(str(options.template))
    is_current = True
    for path in sorted(options.template.parent.glob("*.po")):
        present = path.read_text()
        content = str(_merge(polib.pofile(str(path)), template))
        if content == present:
            continue
        is_current = False
        if not options.check:
            path.write_text(content)
    return options.check and not is_current


def _merge(translation, template):
    translation.merge(template)
    for entry in translation.obsolete_entries():
        translation.remove(entry)
    return translation


if __name__ == "__main__":
    sys.exit(main())
