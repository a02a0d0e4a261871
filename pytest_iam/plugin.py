"""What the plugin does at each step of pytest; loaded once something asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_iam.named_set import NamedSet
from pytest_iam.proof import finish, take_over
from pytest_iam.state import LEDGER
from pytest_iam.summary import is_too_little, reports_of, write_summary

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect policies, under `--iam-lint`."""
    if not parent.config.getoption("--iam-lint"):
        return None
    from pytest_iam.lint import collect_policies  # noqa: PLC0415 - the rules take time to load

    return collect_policies(file_path, parent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that asked and did not look at the answer."""
    return (yield from _refuse_unused(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test whose fixtures did, when they end."""
    return (yield from _refuse_unused(item))


def _refuse_unused(item: pytest.Item) -> Generator[None, object, object]:
    try:
        result = yield
        asked = item.stash[LEDGER].unused if LEDGER in item.stash else []
        if asked:
            lines = [
                f"{a.where}: a question was asked, but its answer was never used" for a in asked
            ]
            pytest.fail("\n".join([*lines, "help: write `assert` in front of it"]), pytrace=False)
        return result
    finally:
        # A test that fails on its way has not looked at everything; that is not a second mistake.
        if LEDGER in item.stash:
            item.stash[LEDGER].asked.clear()


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
    if op != "==" or not isinstance(left, NamedSet):
        return None
    return ["the principals that can are not the expected ones", *left.difference_lines(right)]


def pytest_configure(config: pytest.Config) -> None:
    """Refuse wrong options before any test runs."""
    reports_of(config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:  # noqa: ARG001 - the hook's form
    """Take over what a worker of xdist found out."""
    output = getattr(node, "workeroutput", None)
    if output is not None:
        take_over(node.config, output)  # type: ignore[attr-defined] # a node of xdist has one


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Ask again of changed policies; too little coverage fails the run."""
    config = session.config
    if config.option.collectonly:
        return
    finish(config)
    is_worker = hasattr(config, "workeroutput")
    if not is_worker and session.exitstatus == pytest.ExitCode.OK and is_too_little(config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if not config.option.collectonly:
        write_summary(terminalreporter, config)
