"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

REQUIRE_ALL = os.environ.get("DTE_REQUIRE_ALL") == "1"
"""In CI a test that would be skipped, for want of durable-rules or of anything else, fails."""

NOT_OURS = "no part of the project"
"""The one reason to skip even in CI: the notices' texts are not copied into the project, and lie beside some checkouts only."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail") and NOT_OURS not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped, but DTE_REQUIRE_ALL is set: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, but DTE_REQUIRE_ALL is set: {report.longrepr}"
    return report
