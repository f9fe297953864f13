"""Each process of pytest-xdist tests its own of the databases of `--odoo-database`."""

import os

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    # pytest-odoo would copy databases, but have their files shared.
    worker = os.environ.pop("PYTEST_XDIST_WORKER", "gw0")
    databases = config.option.odoo_database.split(",")
    config.option.odoo_database = databases[int(worker.removeprefix("gw"))]
    return (yield)
