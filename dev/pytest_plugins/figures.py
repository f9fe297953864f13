"""What tests have measured is shown at the end: what they log behind FIGURE."""

_MARK = "FIGURE "


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.getreports("passed"):
        for line in report.caplog.splitlines():
            _before, mark, figure = line.partition(_MARK)
            if mark:
                terminalreporter.write_line(figure)
