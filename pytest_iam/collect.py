"""Declarative tests as items of pytest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iamlint.account.coverage.coverage import Assertion
from iamlint.errors import IamlintError
from iamlint.paths import shown
from iamlint.testing.declarative import read_tests, run_case
from pytest_iam.errors import IamError
from pytest_iam.item import IamItem
from pytest_iam.state import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iamlint.account.ask.account import Account
    from iamlint.repository import Repository
    from iamlint.testing.declarative import IamTest


class TestFile(pytest.File):
    """One `*.iamtest.toml`."""

    __test__ = False

    def collect(self) -> Iterator[TestItem]:
        try:
            found = read_tests(self.path, shown(self.path, self.config.invocation_params.dir))
        except IamlintError as error:
            raise self.CollectError(str(IamError.of(error))) from None
        for case in found.cases:
            yield TestItem.from_parent(self, name=case.name, case=case, account=found.account)


class TestItem(IamItem):
    """One `[[test]]`."""

    __test__ = False

    def __init__(self, *, case: IamTest, account: str | None, **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type] # pytest's own arguments, passed on
        self.case = case
        self.account = account

    def runtest(self) -> None:
        try:
            repository = state_of(self.config).repository(self.path.parent, self.account)
        except IamlintError as error:
            raise IamError.of(error) from None
        failures = run_case(repository, self.case, strict=state_of(self.config).strict)
        self._keep(repository, passed=not failures)
        if failures:
            for failure in failures:
                if failure.detail:
                    self.add_report_section("call", f"policies: {failure.place}", failure.detail)
            raise IamError("\n".join(map(str, failures)))

    def _keep(self, repository: Repository, *, passed: bool) -> None:
        def again(account: Account) -> object:
            return not run_case(replace(repository, account=account), self.case)

        state_of(self.config).ledger(repository).note_check(Assertion(again, passed))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.case.line - 1, self.name
