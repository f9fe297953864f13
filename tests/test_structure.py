"""What holds for the files of the addon, whatever they do."""

import ast
import re
import sys
from pathlib import Path

from odoo.tests import BaseCase, TransactionCase, tagged

ROOT = Path(__file__).parents[1]
CODE = ("client", "dev", "models", "sandbox", "sync", "tests", "wizards")
DATA = ("data", "security", "views", "wizards")
THIS = Path(__file__).name

# Idioms that Odoo 19 ignores or refuses, by kind of file.
DEAD_IDIOMS = {
    ".py": (
        r"_sql_constraints\b",
        r"\bgroups_id\b",
        r"\bnumbercall\b",
        r"\bread_group\(",
        r"[\"']tax_id[\"']",
        r"\bself\._cr\b|\bself\._uid\b|\bself\._context\b",
        r"[\"']auto_join[\"']|\bgroup_operator\b|\bname_get\b",
    ),
    ".xml": (
        r"<tree\b",
        r"\battrs=",
        r"\bstates=",
        r"\bgroups_id\b",
        r"\bnumbercall\b",
        r"type=[\"']json[\"']",
    ),
}


def get_files(folders, *suffixes):
    """Return the files below some folders of the addon."""
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes and "__pycache__" not in path.parts
    ]


def get_imports(path):
    """Return what a Python file imports: (level, dotted name) pairs."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(0, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or node.names[0].name))
    return found


def get_relative(path):
    return path.relative_to(ROOT).as_posix()


@tagged("post_install", "-at_install")
class TestFiles(BaseCase):
    def assertListed(self, folder):
        """The folder's ``__init__`` imports each of its files, and nothing else."""
        init = ROOT / folder / "__init__.py"
        if not init.exists():
            self.assertFalse(list((ROOT / folder).glob("*.py")))
            return
        imported = {name for _level, name in get_imports(init)}
        present = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
        self.assertEqual(imported, present)

    def test_every_model_wizard_and_operation_is_loaded(self):
        for folder in ("models", "wizards"):
            with self.subTest(folder=folder):
                self.assertListed(folder)
        imported = {name for _level, name in get_imports(ROOT / "sync" / "__init__.py")}
        # What has no model is imported by those that use it.
        with_models = {
            path.stem
            for path in (ROOT / "sync").glob("*.py")
            if re.search(r"^    _(name|inherit) = ", path.read_text(), re.M)
        }
        self.assertEqual(imported, with_models)

    def test_every_test_is_loaded(self):
        imported = {name for _level, name in get_imports(ROOT / "tests/__init__.py")}
        present = {path.stem for path in (ROOT / "tests").glob("test_*.py")}
        self.assertEqual(imported, present)

    def test_no_test_hides_a_method_that_asserts(self):
        """A method called ``fail`` would let assertions of texts always hold."""
        own = {
            "drain",
            "setUp",
            "setUpClass",
            "tearDown",
            "tearDownClass",
        }
        inherited = {name for name in dir(TransactionCase) if name[0] != "_"}
        for path in get_files(["tests"], ".py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not (isinstance(node, ast.ClassDef) and node.bases):
                    continue
                methods = {
                    child.name
                    for child in node.body
                    if isinstance(child, ast.FunctionDef)
                }
                with self.subTest(file=path.name, test=node.name):
                    self.assertFalse(methods & inherited - own)

    def test_every_data_file_is_in_the_manifest_and_the_reverse(self):
        manifest = ast.literal_eval((ROOT / "__manifest__.py").read_text())
        present = {get_relative(path) for path in get_files(DATA, ".xml", ".csv")}
        listed = manifest["data"]
        self.assertEqual(set(listed), present)
        self.assertEqual(len(listed), len(set(listed)))

    def test_every_model_has_files_of_its_own(self):
        """One file, or several that say by their names which part of it they hold."""
        for path in get_files(["models"], ".py"):
            if path.stem == "__init__":
                continue
            with self.subTest(file=path.name):
                names = re.findall(
                    r'^    _(?:name|inherit) = "([\w.]+)"', path.read_text(), re.M
                )
                name = names[0].replace(".", "_")
                self.assertTrue(path.stem == name or path.stem.startswith(f"{name}_"))
                classes = re.findall(r"^class .*models\.", path.read_text(), re.M)
                self.assertEqual(len(classes), 1)

    def test_nothing_is_written_as_it_was_before_odoo_19(self):
        for path in get_files([*CODE, *DATA], *DEAD_IDIOMS):
            if path.name == THIS:
                continue
            text = path.read_text()
            for pattern in DEAD_IDIOMS[path.suffix]:
                with self.subTest(file=get_relative(path), pattern=pattern):
                    self.assertIsNone(re.search(pattern, text))

    def test_nothing_is_printed_by_what_runs_in_odoo(self):
        for path in get_files(["client", "models", "sync", "wizards"], ".py"):
            with self.subTest(file=get_relative(path)):
                self.assertIsNone(re.search(r"^\s*print\(", path.read_text(), re.M))

    def test_no_file_knows_the_machine_it_was_written_on(self):
        pattern = re.compile(r"/(work|tmp|home|root|farm)/\w|localhost:\d")
        for path in get_files([*CODE, *DATA], ".py", ".xml", ".csv", ".json"):
            if path.name != THIS:
                with self.subTest(file=get_relative(path)):
                    self.assertIsNone(pattern.search(path.read_text()))


@tagged("post_install", "-at_install")
class TestLayers(BaseCase):
    """Imports go in one direction: models -> sync -> client; sandbox stands alone."""

    def assertImports(self, folder, allowed):
        """Besides Python itself and its own folder, ``folder`` imports what it may."""
        for path in get_files([folder], ".py"):
            depth = len(path.relative_to(ROOT / folder).parts)
            for level, name in get_imports(path):
                top = name.split(".")[0]
                with self.subTest(file=get_relative(path), imports=name):
                    if level:
                        inside = level <= depth
                        self.assertTrue(
                            inside or (level == depth + 1 and top in allowed)
                        )
                    else:
                        self.assertIn(top, (*allowed, *sys.stdlib_module_names))

    def test_the_client_stands_on_requests_alone(self):
        self.assertImports("client", ("requests", "urllib3"))

    def test_the_sandbox_stands_on_werkzeug_alone(self):
        self.assertImports("sandbox", ("werkzeug",))

    def test_operations_use_the_client_and_know_no_model_file(self):
        self.assertImports("sync", ("odoo", "psycopg2", "dateutil", "client"))

    def test_models_ask_operations(self):
        self.assertImports(
            "models",
            ("odoo", "psycopg2", "dateutil", "markupsafe", "client", "sync"),
        )

    def test_wizards_ask_models_and_operations(self):
        self.assertImports(
            "wizards", ("odoo", "markupsafe", "client", "models", "sync")
        )
