"""Findings about policies as failing tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.errors import IamlintError
from iamlint.testing.file_check import check_file, is_policy_file
from pytest_iam.errors import IamError
from pytest_iam.item import IamItem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iamlint.testing.file_check import FileCheck


def collect_policies(path: Path, parent: pytest.Collector) -> PolicyFile | None:
    """Return a collector for a file that a loader would look into."""
    is_read = is_policy_file(path, parent.config.invocation_params.dir)
    return PolicyFile.from_parent(parent, path=path) if is_read else None


class PolicyFile(pytest.File):
    """A file that may hold policies; one without any has no items."""

    def collect(self) -> Iterator[PolicyItem]:
        try:
            found = check_file(self.path, self.config.invocation_params.dir)
        except IamlintError as error:
            raise self.CollectError(str(IamError.of(error))) from None
        if found == ():
            yield PolicyItem.from_parent(self, name="policies", check=None)
        for check in found or ():
            yield PolicyItem.from_parent(self, name=check.name, check=check)


class PolicyItem(IamItem):
    """What one rule says of a file; without a check nothing was found."""

    def __init__(self, *, check: FileCheck | None, **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type] # pytest's own arguments, passed on
        self.check = check

    def runtest(self) -> None:
        if self.check is not None:
            raise IamError(self.check.text)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, (self.check.line if self.check else 1) - 1, self.name
