"""A comparison of revisions in, text out: one file a format."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from iamlint.reason.answer import Diff
    from iamlint.report.diff.units import DiffOutput, DiffReporter

_FORMATS: Final = ("text", "json", "markdown", "sarif")


def _lazy(name: str) -> DiffReporter:
    def report(diff: Diff, output: DiffOutput) -> str:
        module = import_module(f"iamlint.report.diff.{name}")
        return cast("DiffReporter", module.report)(diff, output)

    return report


DIFF_FORMATS: Final[dict[str, DiffReporter]] = {name: _lazy(name) for name in _FORMATS}
