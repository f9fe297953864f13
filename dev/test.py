"""`make test`: every test, through pytest and pytest-odoo."""

import argparse
import os
import shlex

import databases
import environment
import server
from messages import command, say
from paths import ADDON_FOLDER, ADDONS, DEV, OPENAPI, PYTHON, ROOT
from processes import background


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--arguments",
        default="",
        help="for pytest: options, and test files to run instead of all",
    )
    arguments = shlex.split(parser.parse_args().arguments)
    environment.browser()
    with environment.ready(), databases.temporary("test") as database:
        databases.stop_autovacuum(database)
        say(f"Testing in the database {database} …")
        variables = server.environment()
        # Tests of real processes copy it: theirs is not one database for all.
        variables["BIGCOMMERCE_TEST_TEMPLATE"] = databases.TEMPLATE
        variables["PYTHONPATH"] += f"{os.pathsep}{DEV / 'pytest_plugins'}"
        with background(
            _pytest(database, arguments), cwd=ADDONS, env=variables
        ) as pytest:
            return pytest.wait()


def _pytest(database, arguments):
    # Tests are found only below the folder named like the addon, see pytest-odoo.
    through_folder = [
        str(ADDON_FOLDER / argument) if _is_test_path(argument) else argument
        for argument in arguments
    ]
    options = [
        f"--odoo-database={database}",
        "--odoo-http",
        # Without these two pytest takes the checkout for the package.
        f"--rootdir={ADDONS}",
        f"--confcutdir={ADDONS}",
        "-p",
        "no:cacheprovider",
        "-p",
        "figures",
        "-rs",
        # A forgotten wait fails instead of hanging.
        "--timeout=300",
    ]
    if not OPENAPI.is_dir():
        say(f"Contract tests are left out: {OPENAPI} is not there.")
        options.append("--ignore-glob=*/test_contract*.py")
    if through_folder == arguments:
        options.append(str(ADDON_FOLDER / "tests"))
    return [str(PYTHON), "-m", "pytest", *options, *through_folder]


def _is_test_path(argument):
    return argument.startswith("tests") and (ROOT / argument.split("::")[0]).exists()


if __name__ == "__main__":
    command(main)
