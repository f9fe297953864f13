"""Every text that people read is in the template, and in every translation."""

import ast
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tests.common import BaseCase

from ..sync.operation import GONE
from ..sync.problems import Blocked

ROOT = Path(__file__).resolve().parent.parent
CODE = ("models", "sync", "wizards")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd%]")
TAG = re.compile(r"</?\w+")
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


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_each_text_is_translated_with_its_placeholders_tags_and_edges(self):
        paths = sorted((ROOT / "i18n").glob("*.po"))
        self.assertTrue(paths)
        for path in paths:
            for entry in polib.pofile(str(path)):
                with self.subTest(language=path.stem, text=entry.msgid):
                    self.assertTrue(entry.msgstr.strip())
                    self.assertFalse(entry.fuzzy)
                    for parts in (PLACEHOLDER, TAG):
                        self.assertCountEqual(
                            parts.findall(entry.msgstr), parts.findall(entry.msgid)
                        )
                    for edge in (str.lstrip, str.rstrip):
                        self.assertEqual(
                            edge(entry.msgstr) == entry.msgstr,
                            edge(entry.msgid) == entry.msgid,
                        )

    def test_a_german_sees_fields_views_causes_and_messages_in_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env.ref("base.module_bigcommerce_connector")._update_translations("de_DE")
        german = self.env(context={"lang": "de_DE"})
        instance = german["bigcommerce.instance"]
        field = instance.fields_get(["create_odoo_products"])["create_odoo_products"]
        self.assertEqual(field["string"], "Odoo-Produkte anlegen?")
        self.assertIn("Verbindung testen", instance.get_view(view_type="form")["arch"])
        cause = german.ref("bigcommerce_connector.bigcommerce_cause_missing_sku")
        self.assertEqual(cause.name, "Keine SKU")
        with self.assertRaisesRegex(Blocked, "Der Shop hat keinen Auftrag 7 mehr"):
            german["bigcommerce.import.orders"]._parse({"id": 7, GONE: True})
