"""What the plugin does at each step of pytest; loaded once something asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_iam.fixtures import WhoCan
from pytest_iam.state import LEDGER

if TYPE_CHECKING:
    from collections.abc import Generator

    from pytest_iam.state import Ledger


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that asked and did not look at the answer."""
    result = yield
    ledger = item.stash.get(LEDGER, None)
    if ledger is not None and ledger.unused:
        pytest.fail(_unused(ledger), pytrace=False)
    return result


def _unused(ledger: Ledger) -> str:
    lines = [f"{d.where}: a question was asked, and its answer never used" for d in ledger.unused]
    return "\n".join([*lines, "help: write `assert` in front of it"])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what decided to the report of a failing test."""
    report = yield
    ledger = item.stash.get(LEDGER, None)
    if ledger is not None and report.failed and report.when == "call":
        for decision in ledger.shown:
            report.sections.append((f"policies: {decision.where}", decision.trace))
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain a set of principals that is not the expected one."""
    if op != "==" or not isinstance(left, WhoCan):
        return None
    return ["who can is not who was expected", *left.difference_lines(right)]
