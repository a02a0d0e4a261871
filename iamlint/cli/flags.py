"""The options of `iamlint check`, as the command line gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.policy.grammar import Kind
    from iamlint.report.formats import GroupBy
    from iamlint.rule.finding import Profile, Severity


@dataclass(frozen=True, slots=True)
class Flags:
    """The options of the command; `fail_on` None leaves it to the configuration."""

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: Profile | None = None
    min_severity: Severity | None = None
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    no_respect_gitignore: bool = False
    show_files: bool = False
    kind: Kind | None = None
    stdin_filename: str | None = None
    output_format: str = "full"
    output: tuple[str, ...] = ()
    sarif_category: str | None = None
    statistics: bool = False
    group_by: GroupBy | None = None
    fail_on: Severity | None = None
    exit_zero: bool = False
    no_ignores: bool = False
    baseline: Path | None = None
    update_baseline: bool = False
    jobs: int | None = None
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    fix_only: bool = False
    exit_non_zero_on_fix: bool = False
    allow_plugins: bool = False
    fail_on_not_analysed: bool = False
    no_nested_config: bool = False
    part: str | None = None
    scheduler: str | None = None
    scheduler_file: str | None = None
    send: bool = False
    resume: str | None = None
    cache_dir: str | None = None
    no_cache: bool = False
    at: str | None = None
    var: tuple[str, ...] = ()
    var_file: tuple[str, ...] = ()
