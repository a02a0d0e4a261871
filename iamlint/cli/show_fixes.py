"""What `iamlint check` does with fixes: shows them, or writes them, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.cli.say import say_text, tell
from iamlint.errors import UsageError
from iamlint.linter.apply_fixes import Fixed, fix, write
from iamlint.report.text import count

if TYPE_CHECKING:
    from iamlint.linter.lint_options import LintOptions
    from iamlint.plugins.extensions import Extensions


def show(request: LintOptions, plugins: Extensions, *, unsafe: bool) -> Fixed:
    """Return the fixes after printing their diff."""
    fixed = fix(request, plugins, unsafe=unsafe)
    for file in fixed.files:
        say_text(file.diff)
    _tell(fixed, "would fix", unsafe=unsafe)
    return fixed


def apply(request: LintOptions, plugins: Extensions, *, unsafe: bool) -> Fixed:
    """Return the fixes after writing the files."""
    if request.stdin is not None:
        help_ = "`--diff` shows what would change"
        raise UsageError("standard input cannot be fixed in place", help=help_)
    fixed = fix(request, plugins, unsafe=unsafe)
    write(fixed.files)
    _tell(fixed, "fixed", unsafe=unsafe)
    return fixed


def _tell(fixed: Fixed, what: str, *, unsafe: bool) -> None:
    for path, reason in fixed.refused.items():
        tell(f"warning: {path} is not fixed: {reason}")
    if fixed.count:
        files = count(len(fixed.files), "file")
        tell(f"{what} {count(fixed.count, 'finding')} in {files}")
    left = 0 if unsafe else sum(f.fix is not None and not f.fix.safe for f in fixed.run.open)
    if left:
        tell(f"{count(left, 'fix')} more with `--unsafe-fixes`")
