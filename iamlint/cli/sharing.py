"""`check --part`: one share of a run, for a machine of many."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.cli.ending import unwritable
from iamlint.cli.session import Exit
from iamlint.errors import UsageError
from iamlint.late_pattern import late_pattern
from iamlint.linter.parts import RunParts
from iamlint.linter.shares import share_lines
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Profile
from iamlint.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.cli.flags import Flags
    from iamlint.linter.lint_options import LintOptions
    from iamlint.plugins.extensions import Extensions

_PART: Final = late_pattern(r"([1-9][0-9]{0,6})/([1-9][0-9]{0,6})")
_SHARED: Final = (
    *("paths", "select", "extend_select", "ignore", "profile", "exclude", "force_exclude"),
    *("no_respect_gitignore", "kind", "no_ignores", "no_nested_config", "at", "var", "var_file"),
)
"""The flags that decide what is found; all others are those of `merge`."""

_OF_MERGE: Final = (
    *("fail_on_not_analysed", "exit_zero", "min_severity", "statistics", "baseline"),
    *("sarif_category", "group_by"),
)


def check_share(request: LintOptions, plugins: Extensions, flags: Flags) -> int:
    """Check the parts of a share, and write their results to a file or to standard output."""
    number, of = _read_part(flags.part or "")
    for name in _OF_MERGE:
        if getattr(flags, name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(
                f"`{option}` cannot be used with `--part`", help=f"`iamlint merge` takes `{option}`"
            )
    if flags.var and flags.var_file:
        raise UsageError("`--part` takes `--var` or `--var-file`, not both")
    if len(flags.output) > 1:
        raise UsageError("a part is written to one file", help="give `--output` once")
    lines = share_lines(RunParts(request, plugins), shared_flags(flags), number, of)
    if not flags.output:
        sys.stdout.writelines(lines)
        return Exit.CLEAN
    (name,) = flags.output
    try:
        write_file(Path(name), lines, request.here)
    except OSError as error:
        raise unwritable(Path(name), error) from error
    return Exit.CLEAN


def shared_flags(flags: Flags) -> dict[str, object]:
    """Return the flags that all shares of a run have in common, as plain data."""
    found = {name: getattr(flags, name) for name in _SHARED}
    return {name: list(one) if isinstance(one, tuple) else one for name, one in found.items()}


def flags_from(shared: Mapping[str, object]) -> dict[str, object]:
    """Return the flags that plain data says; raises `UsageError` for other data."""
    found: dict[str, object] = {
        name: tuple(one) if isinstance(one, list) else one
        for name, one in shared.items()
        if name in _SHARED
    }
    try:
        for name, kind in (("profile", Profile), ("kind", Kind)):
            if (given := found.get(name)) is not None:
                found[name] = kind(str(given))
    except ValueError as error:
        raise UsageError(f"a part has options that are not valid: {error}") from error
    return found


def _read_part(text: str) -> tuple[int, int]:
    found = _PART.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise UsageError(f"`--part {text}` does not name a part", help="such as `--part 3/40`")
    return int(found[1]), int(found[2])
