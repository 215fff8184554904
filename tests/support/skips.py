"""Says loudly what was not tested."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in sorted({str(report.longrepr[-1]) for report in skipped}):
        terminalreporter.write_line(f"NOT TESTED: {reason}", red=True, bold=True)
