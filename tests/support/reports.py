"""What each format of a report writes, as one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.report.formats import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.report.formats import Output, Reporter
    from iamlint.rule.run import Run


def _whole(reporter: Reporter) -> Callable[[Run, Output], str]:
    return lambda run, output: "".join(reporter(run, output))


REPORTS = {name: _whole(reporter) for name, reporter in BUILTIN.items()}
