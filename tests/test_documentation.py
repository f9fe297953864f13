import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

_ROOT = Path(__file__).parents[1]


@tagged("post_install", "-at_install")
class TestDocumentation(TransactionCase):
    """What people see first is true of what is there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readme = (_ROOT / "README.md").read_text()

    def test_each_cause_is_explained(self):
        explained = re.split(r"^## ", self.readme, flags=re.MULTILINE)
        troubleshooting = next(
            part for part in explained if part.startswith("Troubleshooting")
        )
        rows = {
            row.split("|")[1].strip()
            for row in troubleshooting.splitlines()[2:]
            if row.startswith("| ")
        }
        causes = self.env["bigcommerce.cause"].search([]).mapped("name")
        self.assertTrue(causes)
        self.assertFalse(set(causes) - rows)

    def test_each_command_is_there(self):
        makefile = (_ROOT / "Makefile").read_text()
        commands = set(re.findall(r"(?m)(?:`|^    )make ([a-z]+)", self.readme))
        self.assertIn("run", commands)
        for command in commands:
            self.assertRegex(makefile, rf"(?m)^{command}:")

    def test_each_file_and_picture_is_there(self):
        for page in ("README.md", "static/description/index.html"):
            text = (_ROOT / page).read_text()
            pictures = re.findall(r'(?:\]\(|src=")([\w/.]+\.png)', text)
            self.assertTrue(pictures)
            for name in pictures:
                self.assertTrue(((_ROOT / page).parent / name).is_file(), name)
        folders = "client|sync|models|wizards|tests|data|dev|migrations"
        for name in re.findall(rf"`((?:{folders})/[\w/]+\.\w+)`", self.readme):
            self.assertTrue((_ROOT / name).is_file(), name)

    def test_each_link_to_a_heading_leads_somewhere(self):
        headings = {
            re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
            for heading in re.findall(r"(?m)^##+ (.+)$", self.readme)
        }
        links = re.findall(r"\]\(#([\w-]+)\)", self.readme)
        self.assertTrue(links)
        self.assertFalse(set(links) - headings)
