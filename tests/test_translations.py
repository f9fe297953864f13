"""Every text that people read is in the translation template."""

import ast
import re
from pathlib import Path

import polib

from odoo.tests import tagged
from odoo.tests.common import BaseCase

ROOT = Path(__file__).resolve().parent.parent
CODE = ("models", "sync", "wizards")
JAVASCRIPT_TEXT = re.compile(r"""\b_t\(\s*(["'`])(.+?)\1""", re.DOTALL)


def get_python_texts():
    """Yield file and text of each ``_()``."""
    for folder in CODE:
        for path in sorted((ROOT / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                text = node.args[0]
                if name == "_" and isinstance(text, ast.Constant):
                    yield path.name, text.value


def get_javascript_texts():
    """Yield file and text of each ``_t()``."""
    for path in sorted((ROOT / "static" / "src").rglob("*.js")):
        for match in JAVASCRIPT_TEXT.finditer(path.read_text()):
            yield path.name, match[2]


@tagged("post_install", "-at_install")
class TestTemplate(BaseCase):
    def test_every_text_of_the_code_is_in_the_template(self):
        path = ROOT / "i18n" / "bigcommerce_connector.pot"
        known = {entry.msgid for entry in polib.pofile(str(path))}
        texts = [*get_python_texts(), *get_javascript_texts()]
        self.assertGreater(len(texts), 300)
        missing = [(file, text) for file, text in texts if text not in known]
        self.assertEqual(missing, [], "Run make translations.")
