"""One file under the linter, for runners that want to show each rule's verdict apart."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config import nearest
from iamlint.fast_dataclass import dataclass, replace
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.plugins.extensions import load_extensions
from iamlint.report.formats import Output
from iamlint.report.full import report

if TYPE_CHECKING:
    from iamlint.config import Config
    from iamlint.plugins.extensions import Extensions
    from iamlint.rule.run import Run


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What one rule says of a file; `name` is the rule's, `text` shows each of its findings."""

    name: str
    line: int
    text: str


@lru_cache(maxsize=8)
def _plugged(folder: Path, here: Path) -> tuple[Config, Extensions]:
    config = nearest(folder, here)
    return config, load_extensions(config)


def is_policy_file(path: Path, here: Path = Path()) -> bool:
    """Return whether a loader would look into a file that is found in a folder."""
    from iamlint.load import File  # noqa: PLC0415 - loaded by then

    _, plugins = _plugged(path.parent, here)
    return any(loader.claims(File(path.name, str(path))) for loader in plugins.loaders)


def check_file(path: Path, here: Path = Path()) -> tuple[FileCheck, ...] | None:
    """Return what fails in a file, by rule; None when it holds no policy.

    Files are named from `here`, where a relative path starts too.
    """
    here = here.absolute()
    _, plugins = _plugged((here / path).parent, here)
    today = datetime.now(tz=UTC).date()
    request = LintOptions(paths=(str(path),), today=today, here=here, force_exclude=True)
    run = lint(request, plugins)
    least = request.scopes.base(str(path)).fail_on
    failing = [f for f in run.open if f.severity.rank >= least.rank]
    by_rule = {f.rule: [g for g in failing if g.rule == f.rule] for f in failing}
    found = [
        FileCheck(rule, some[0].range.start.line, _text(replace(run, findings=tuple(some))))
        for rule, some in by_rule.items()
    ]
    found += [
        FileCheck("not-analysed", 1, f"{item.path}: {item.reason}")
        for item in run.not_analysed
        if item.unreadable
    ]
    found += [FileCheck(item.name, 1, str(item)) for item in run.broken]
    return tuple(found) if found or run.policies else None


def _text(run: Run) -> str:
    """Return findings as text without the closing count."""
    text = "".join(report(replace(run, not_analysed=()), Output()))
    return text.rpartition("\n\n")[0]
