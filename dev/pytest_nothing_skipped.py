"""A skipped test fails the run: what cannot run here has to be seen.

Linked as the `conftest.py` above the addon.
"""


def _skipped(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    # The processes of pytest-xdist have none: who started them counts.
    return reporter.stats.get("skipped", ()) if reporter else ()


def pytest_sessionfinish(session):
    if _skipped(session.config) and session.exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter, config):
    if count := len(_skipped(config)):
        terminalreporter.write_line(f"FAILED: {count} skipped, and nothing may be.")
