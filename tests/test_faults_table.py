"""Each fault of the table has tests that are there, or says why it does not apply."""

import ast
import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

from .faults_table import FAULTS, NO_WEBHOOKS

TESTS = Path(__file__).parent
PREFIX = "test_faults_"


def find_tests():
    """Return the names of all tests of faults, as the table names them."""
    return {
        f"{path.stem.removeprefix(PREFIX)}.{case.name}.{test.name}"
        for path in TESTS.glob(f"{PREFIX}*.py")
        if path != Path(__file__)
        for case in ast.parse(path.read_text()).body
        if isinstance(case, ast.ClassDef)
        for test in case.body
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
    }


@tagged("post_install", "-at_install")
class TestTable(BaseCase):
    def test_no_row_is_left_out(self):
        self.assertEqual(list(FAULTS), list(range(1, 63)))
        for number, fault in FAULTS.items():
            with self.subTest(number):
                self.assertTrue(fault.tests or fault.reason)

    def test_each_test_that_is_named_is_there_and_each_that_is_there_is_named(self):
        named = [test for fault in FAULTS.values() for test in fault.tests]
        self.assertCountEqual(named, find_tests())

    def test_each_test_checks_what_always_holds(self):
        for path in TESTS.glob(f"{PREFIX}*.py"):
            if path == Path(__file__):
                continue
            for case in ast.parse(path.read_text()).body:
                if isinstance(case, ast.ClassDef):
                    self.assertChecks(path.stem, case)

    def assertChecks(self, name, case):
        """Each test checks the invariants, by itself or by what it calls of its own."""
        methods = {
            method.name: ast.unparse(method)
            for method in case.body
            if isinstance(method, ast.FunctionDef)
        }
        checking = {"check", "check_invariants"}
        size = 0
        while size != len(checking):
            size = len(checking)
            checking |= {
                method
                for method, source in methods.items()
                if checking & set(re.findall(r"self\.(\w+)\(", source))
            }
        for method in methods:
            if method.startswith("test_"):
                self.assertIn(method, checking, f"{name}.{case.name}")

    def test_nobody_can_call_the_addon_from_outside(self):
        """The reason of the rows about webhooks."""
        self.assertTrue(any(NO_WEBHOOKS in fault.reason for fault in FAULTS.values()))
        for folder in ("models", "sync", "wizards", "client"):
            for path in (TESTS.parent / folder).rglob("*.py"):
                self.assertNotRegex(path.read_text(), r"\bhttp\.route|\bController\b")
        self.assertFalse((TESTS.parent / "controllers").exists())
