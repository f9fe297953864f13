"""`make test`: every test, through pytest and pytest-odoo, on all cores."""

import argparse
import contextlib
import os
import shlex

import databases
import environment
import server
from messages import Problem, command, say
from paths import ADDON_FOLDER, ADDONS, DEV, OPENAPI, PYTHON, ROOT
from processes import background

# Each takes some 500 MB, with what its tests start.
_MOST_WORKERS = 4


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--arguments",
        default="",
        help="for pytest: options, and test files to run instead of all",
    )
    parser.add_argument("--workers", type=int, help="how many tests run at a time")
    parser.add_argument("--histories", default="", help="how many are told")
    parser.add_argument("--seed", default="", help="from which histories come")
    options = parser.parse_args()
    arguments = shlex.split(options.arguments)
    workers = max(1, options.workers or _choose_workers(arguments))
    environment.browser()
    with environment.ready(), contextlib.ExitStack() as stack:
        # Those of real processes, should their tests not have come to it.
        stack.callback(databases.drop_abandoned, "processes")
        names = [
            stack.enter_context(databases.temporary(f"test_{number}"))
            for number in range(workers)
        ]
        for name in names:
            databases.stop_autovacuum(name)
        say(f"Testing in {', '.join(names)} …")
        variables = server.environment()
        # Tests of real processes copy it: theirs is not one database for all.
        variables["BIGCOMMERCE_TEST_TEMPLATE"] = databases.TEMPLATE
        variables["BIGCOMMERCE_TEST_HISTORIES"] = options.histories
        variables["BIGCOMMERCE_TEST_SEED"] = options.seed
        variables["PYTHONPATH"] += f"{os.pathsep}{DEV / 'pytest_plugins'}"
        with background(_pytest(names, arguments), cwd=ADDONS, env=variables) as pytest:
            return pytest.wait()


def _choose_workers(arguments):
    """One per core, and no more than there are files to test."""
    paths = [ROOT / a.split("::")[0] for a in arguments if _is_test_path(a)]
    if paths and all(path.is_file() for path in paths):
        most = min(_MOST_WORKERS, len(set(paths)))
    else:
        most = _MOST_WORKERS
    return min(most, len(os.sched_getaffinity(0)))


def _pytest(names, arguments):
    # Tests are found only below the folder named like the addon, see pytest-odoo.
    through_folder = [
        str(ADDON_FOLDER / argument) if _is_test_path(argument) else argument
        for argument in arguments
    ]
    options = [
        f"--odoo-database={','.join(names)}",
        "--odoo-http",
        # Without these two pytest takes the checkout for the package.
        f"--rootdir={ADDONS}",
        f"--confcutdir={ADDONS}",
        "-p",
        "no:cacheprovider",
        "-p",
        "figures",
        "-p",
        "own_database",
        "-rfEs",
        # Thousands pass, which is of no interest, with -q either.
        "-o",
        "verbosity_subtests=0",
        # A forgotten wait fails instead of hanging.
        "--timeout=300",
    ]
    if len(names) > 1:
        # One that dies has failed: nobody does its work again.
        options += [f"-n{len(names)}", "--dist=loadfile", "--max-worker-restart=0"]
        # By name: the longest files have few tests, and would be dealt out last.
        options.append("--no-loadscope-reorder")
    if not OPENAPI.is_dir():
        say(f"Contract tests are left out: {OPENAPI} is not there.")
        options.append("--ignore-glob=*/test_contract*.py")
    if through_folder == arguments:
        options.append(str(ADDON_FOLDER / "tests"))
    return [str(PYTHON), "-m", "pytest", *options, *through_folder]


def _is_test_path(argument):
    path = argument.split("::")[0]
    if path.startswith("tests/") and not (ROOT / path).exists():
        raise Problem(f"There is no {path}.")
    return path.startswith("tests") and (ROOT / path).exists()


if __name__ == "__main__":
    command(main)
