"""`make lint`: ruff, pylint-odoo and OCA's checks, all of them even if one fails."""

import subprocess

import environment
from messages import command, report
from paths import ADDON_FOLDER, ROOT, VENV
from processes import clean_environment


def main():
    environment.python_only()
    # Pylint does not follow links to folders by itself. The sandbox and the development
    # commands are programs of their own, for which Odoo's rules do not hold.
    folders = [
        folder
        for folder in ADDON_FOLDER.iterdir()
        if folder.name not in ("dev", "sandbox") and any(folder.glob("*.py"))
    ]
    scripts = ADDON_FOLDER.glob("migrations/*/*.py")
    checks = (
        ("ruff", "check", ROOT),
        ("ruff", "format", "--check", ROOT),
        ("pylint", f"--rcfile={ROOT / '.pylintrc'}", ADDON_FOLDER)
        + (*sorted(folders), *sorted(scripts)),
        # The README is Markdown, for the hosts of repositories and for people.
        ("oca-checks-odoo-module", "--disable=prefer-readme-rst", ADDON_FOLDER),
        # A text that is the same in both languages stays: none is missing unseen.
        ("oca-checks-po", "--disable=po-pretty-format")
        + (*sorted(ADDON_FOLDER.glob("i18n/*.po")),),
    )
    return report("Lint", [check[0] for check in checks if not _passes(*check)])


def _passes(tool, *arguments):
    result = subprocess.run(
        [VENV / "bin" / tool, *arguments],
        cwd=ROOT,
        env=clean_environment(),
        check=False,
    )
    return result.returncode == 0


if __name__ == "__main__":
    command(main)
