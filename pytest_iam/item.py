"""A test that is not a Python function: its failure is what iamlint says, without a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_iam.errors import IamError

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr, TracebackStyle


class IamItem(pytest.Item):
    """A test item; its subclasses say what runs."""

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: TracebackStyle | None = None,
    ) -> str | TerminalRepr:
        if isinstance(excinfo.value, IamError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)
