"""`iamlint diff`: whose access changes between two revisions, and how."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import click

from iamlint.cli.options import PATH, OneOf
from iamlint.cli.reports import report_target, say_in_format, write_reports
from iamlint.cli.say import tell
from iamlint.cli.session import Exit, Session
from iamlint.cli.values import TakesValues, given_values, values_options
from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.grammar import Kind
from iamlint.reason.budget import BUDGET
from iamlint.reason.compare import compare
from iamlint.report.diff.formats import DIFF_FORMATS
from iamlint.report.diff.units import DiffOutput
from iamlint.revisions.diff import DiffOptions, diff_pairs
from iamlint.revisions.policies import diff_policies, is_policy, one_pair
from iamlint.revisions.sides.opening import open_pairs

if TYPE_CHECKING:
    from iamlint.catalog import Catalog
    from iamlint.load import Vars
    from iamlint.reason.answer import Comparison, Diff


class FailOn(StrEnum):
    """The changes that make the exit code 1."""

    GAINED = "gained"
    CHANGED = "changed"
    NEVER = "never"


_PATHS: Final = "iamlint.paths"
_MOST_SIDES: Final = 2
_ENDINGS: Final = {".sarif": "sarif", ".json": "json", ".txt": "text", ".md": "markdown"}


class _TakesPaths(TakesValues):
    """A command with sides before `--` and paths after it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_PATHS] = tuple(args[at + 1 :])
        return super().parse_args(ctx, args[:at])


@click.command(
    cls=_TakesPaths,
    exits={
        Exit.CLEAN: "nothing changes that `--fail-on` names",
        Exit.FINDINGS: "something changes that `--fail-on` names, or that is unknown",
        Exit.NO_POLICY: "neither side has a policy",
    },
    examples=(
        ("iamlint diff", "compare the working tree with HEAD"),
        (
            "iamlint diff main...HEAD -- infra",
            "compare a pull request with its base, below a folder",
        ),
        ("iamlint diff old.json new.json --kind resource", "compare two policies"),
        (
            "iamlint diff main --fail-on changed -o diff.md",
            "a gate: exit 1 for lost access too, with a report",
        ),
    ),
)
@click.argument("sides", nargs=-1, type=PATH, metavar="[OLD [NEW]] [-- PATH…]")
@click.option("--kind", type=OneOf(Kind), help="Compare two policies of this kind alone.")
@click.option("--staged", is_flag=True, help="Compare the index, or what pre-commit names.")
@values_options
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    default=BUDGET,
    show_default=True,
    help="Steps for one question; after them the answer is unknown.",
)
@click.option("--allow-unknown", is_flag=True, help="Do not fail on unknown answers.")
@click.option(
    "--fail-on",
    type=OneOf(FailOn),
    default=FailOn.GAINED,
    help="Changes that make the exit code 1; default gained.",
)
@click.option(
    "-o",
    "--output",
    multiple=True,
    type=PATH,
    metavar="[FORMAT:]FILE",
    help="Also write the changes to a file; may be repeated.",
)
@click.option(
    "--output-format",
    type=click.Choice([*DIFF_FORMATS]),
    default="text",
    help="Format of the changes on standard output.",
)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    sides: tuple[str, ...],
    kind: Kind | None,
    staged: bool,
    var: tuple[str, ...],
    var_file: tuple[str, ...],
    budget: int,
    allow_unknown: bool,
    fail_on: FailOn,
    output: tuple[str, ...],
    output_format: str,
) -> int:
    """Report whose access changes between OLD and NEW, for all requests.

    Each is a file or folder, or else a git revision. OLD left out is HEAD, NEW left out is the
    working tree. `A...B` compares B with the commit at which it left A, as for a pull request.
    """
    session = ctx.find_object(Session) or Session()
    targets = [
        report_target(text, DIFF_FORMATS, _ENDINGS, output_format, "diff") for text in output
    ]
    asked = _Asked(session, sides, ctx.meta[_PATHS], given_values(var, var_file), staged)
    diff, catalog = asked.diff(DiffOptions(compare, budget), kind)
    look = DiffOutput(catalog, session.here)
    write_reports(targets, lambda name: DIFF_FORMATS[name](diff, look), session.here)
    code = _code(diff, fail_on, allow_unknown=allow_unknown)
    if session.verbosity >= 0 or code or output_format != "text":
        color = session.colors(sys.stdout)
        text = DIFF_FORMATS[output_format](diff, replace(look, color=color))
        say_in_format(output_format, text, color=color)
    return code


@dataclass(frozen=True, slots=True)
class _Asked:
    """The sides that the command line names."""

    session: Session
    names: tuple[str, ...]
    paths: tuple[str, ...]
    given: Vars
    staged: bool

    def diff(self, options: DiffOptions, kind: Kind | None) -> tuple[Diff, Catalog]:
        """Return the comparison, and the catalog that it was made with."""
        if len(self.names) > _MOST_SIDES:
            raise UsageError(
                f"there are two sides, but the command names {len(self.names)}",
                help="write `--` before paths that limit the comparison",
            )
        old, new, *_ = (*self.names, None, None)
        pairs = open_pairs(
            old,
            new,
            self.paths,
            here=self.session.here,
            given=self.given,
            config=self.session.fixed_config(),
            index=self.staged,
        )
        catalog = pairs[0][1].repository.account.catalog
        if kind is not None or (self._are_files and all(map(is_policy, pairs[0]))):
            return diff_policies(one_pair(pairs), options, kind), catalog
        return diff_pairs(pairs, options), catalog

    @property
    def _are_files(self) -> bool:
        places = [self.session.here / name for name in self.names]
        return len(places) == _MOST_SIDES and all(place.is_file() for place in places)


def _code(diff: Diff, fail_on: FailOn, *, allow_unknown: bool) -> Exit:
    """Return the exit code, and print the reason if no change gives it."""
    unreadable = [item for item in diff.not_analysed if item.unreadable]
    for item in unreadable:
        tell(f"error: {item.path}: {item.reason}")
    if unreadable:
        return Exit.USAGE
    if not diff.has_policies:
        tell("error: neither side has a policy")
        return Exit.NO_POLICY
    fails = _FAILS[fail_on]
    found = any(fails(one.comparison, allow_unknown) for one in diff.changes)
    return Exit.FINDINGS if found else Exit.CLEAN


def _gains(one: Comparison, allow_unknown: bool) -> bool:  # noqa: FBT001 - a row of the table
    return bool(one.gained) or (one.is_gain_open and not allow_unknown)


def _changes(one: Comparison, allow_unknown: bool) -> bool:  # noqa: FBT001 - the same
    return bool(one.gained or one.lost) or (bool(one.open) and not allow_unknown)


_FAILS: Final = {FailOn.GAINED: _gains, FailOn.CHANGED: _changes, FailOn.NEVER: lambda *_: False}
