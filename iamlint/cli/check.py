"""The options of `iamlint check`."""

from __future__ import annotations

from functools import partial
from typing import Final

import click

from iamlint.cli.checking import check
from iamlint.cli.complete import selectors
from iamlint.cli.flags import Flags
from iamlint.cli.options import FILE, PATH, OneOf, report_options, words
from iamlint.cli.session import Exit, Session
from iamlint.cli.values import TakesValues, given_values, values_options
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Family, Profile, Severity

_selection = partial(click.option, type=words, shell_complete=selectors)
_GROUPS: Final = {
    "Rules": ("select", "extend_select", "ignore", "profile", "min_severity", "at"),
    "Files": (
        *("exclude", "force_exclude", "no_respect_gitignore", "show_files", "kind"),
        *("stdin_filename", "no_nested_config", "allow_plugins"),
    ),
    "Values of variables and parameters": ("var", "var_file"),
    "Output": ("output_format", "output", "statistics", "group_by", "sarif_category"),
    "Exit code": ("fail_on", "fail_on_not_analysed", "exit_zero"),
    "Fixes": ("fix", "unsafe_fixes", "diff", "fix_only", "exit_non_zero_on_fix"),
    "Known findings": ("baseline", "update_baseline", "no_ignores"),
    "Speed": (
        *("jobs", "no_cache", "cache_dir", "part", "resume", "scheduler", "scheduler_file"),
        "send",
    ),
}
"""The options by what they are for."""

FORMATS: Final = (
    ("full", "for people: the lines at fault, and how to fix them"),
    ("concise", "one line a finding"),
    ("json", "one object, for programs"),
    ("jsonl", "one object a line: findings, then the summary"),
    ("sarif", "for code scanning and editors"),
    ("github", "annotations in a GitHub workflow"),
    ("gitlab", "a Code Quality report for GitLab"),
    ("junit", "a test report, for most CI systems"),
    ("markdown", "for the summary of a job, or a comment"),
    ("html", "one page with search and filters"),
)
_ABOUT: Final = {
    "Formats, of `--output-format` and `--output`": FORMATS,
    "SEL, of `--select`, `--extend-select` and `--ignore`": (
        ("NAME", "a rule, such as wildcard-admin; `iamlint rule` lists them"),
        ("FAMILY", f"its rules of the profile: {', '.join(Family)}"),
        ("security, correctness", "the rules of the profile about weak, or about wrong policies"),
        ("access-analyzer", "the rules of the profile for what AWS's Access Analyzer reports"),
        ("default", "all rules of the profile; `--profile strict` has all"),
        ("all", "all rules, of both profiles"),
    ),
}
_EXAMPLES: Final = (
    ("iamlint check", "lint this folder"),
    ("iamlint check policies infra/main.tf", "lint a folder and a file"),
    ("terraform show -json plan | iamlint check -", "lint what is piped to it"),
    ("iamlint check --select escalation,exposure --profile strict", "run two families of rules"),
    ("iamlint check -o iamlint.sarif -o report.html", "also write reports; the ending says which"),
    ("iamlint check --fix", "apply fixes that do not change access"),
)

CHECK_EXITS: Final = {
    Exit.CLEAN: "no finding is at or above `--fail-on`",
    Exit.FINDINGS: "a finding is at or above `--fail-on`",
    Exit.NO_POLICY: "no policy was found in a folder",
}


@click.command(cls=TakesValues, groups=_GROUPS, about=_ABOUT, exits=CHECK_EXITS, examples=_EXAMPLES)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH…|-]")
@_selection("--select", envvar="IAMLINT_SELECT", help="Run only these rules.")
@_selection("--extend-select", default=(), help="Also run these rules.")
@_selection("--ignore", default=(), envvar="IAMLINT_IGNORE", help="Do not run these rules.")
@click.option(
    "--profile", type=OneOf(Profile), envvar="IAMLINT_PROFILE", help="strict adds noisier rules."
)
@click.option("--min-severity", type=OneOf(Severity), help="Hide findings below this severity.")
@click.option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    help="Skip files that match this pattern; may be repeated.",
)
@click.option("--force-exclude", is_flag=True, help="Also exclude files named on the command line.")
@click.option("--no-respect-gitignore", is_flag=True, help="Also read files that git ignores.")
@click.option("--show-files", is_flag=True, help="List the files that would be read, and exit.")
@click.option("--kind", type=OneOf(Kind), help="Treat every policy as this kind.")
@click.option("--stdin-filename", metavar="NAME", help="File name to assume for standard input.")
@report_options
@click.option(
    "--no-nested-config",
    is_flag=True,
    help="Ignore configuration files below the named folders.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings.")
@click.option("--no-ignores", is_flag=True, help="Also report ignored findings.")
@click.option("--baseline", type=FILE, help="Ignore the findings listed in this file.")
@click.option(
    "--update-baseline", is_flag=True, help="Replace the findings listed in the baseline."
)
@click.option(
    "--allow-plugins", is_flag=True, help="Load the plugins that a configuration file names."
)
@click.option("--part", metavar="K/N", help="Check one of N shares; `iamlint merge` joins them.")
@click.option("--scheduler", metavar="URL", help="Check parts on a cluster of Dask, or local:N.")
@click.option("--scheduler-file", type=PATH, metavar="FILE", help="Describes such a cluster.")
@click.option("--send", is_flag=True, help="Send the files to workers that do not have them.")
@click.option(
    "--resume", type=PATH, metavar="DIR", help="Keep the results of all parts here, and go on."
)
@click.option("--cache-dir", type=PATH, metavar="DIR", help="Keep results of runs here.")
@click.option("--no-cache", is_flag=True, help="Do not use or keep results of earlier runs.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Number of worker processes.")
@values_options
@click.option("--at", metavar="TIME", help="Day or time to judge reports at, such as 2027-03-31.")
@click.option("--fix", is_flag=True, help="Apply fixes that do not change access.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="With `--fix`: also apply fixes that change access."
)
@click.option("--diff", is_flag=True, help="Show the fixes as a diff, and change nothing.")
@click.option(
    "--fix-only", is_flag=True, help="Apply fixes, and do not report the remaining findings."
)
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit 1 if a fix changed a file.")
@click.pass_context
def command(ctx: click.Context, /, **_: object) -> int:
    """Lint policies in files and folders; the default is this folder."""
    session = ctx.find_object(Session) or Session()
    flags = Flags(**ctx.params)
    return check(session, flags, partial(given_values, flags.var, flags.var_file))
