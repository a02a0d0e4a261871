"""`iamlint graph`: who can become an administrator or another principal, and by which steps."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from iamlint.cli.complete import actions as actions_of_aws
from iamlint.cli.complete import principals
from iamlint.cli.options import PATH, OneOf
from iamlint.cli.reports import report_target, say_in_format, write_reports
from iamlint.cli.say import tell
from iamlint.cli.session import Exit, Session
from iamlint.cli.values import TakesValues, given_values, values_options
from iamlint.config import of_all
from iamlint.fast_dataclass import replace
from iamlint.graph.answer import ADMIN, OUTSIDERS, Reaching, StepLevel
from iamlint.graph.changed import GraphChange
from iamlint.graph.find import GraphQuestion, find_change, find_graph
from iamlint.graph.world import GraphWorld
from iamlint.paths import real
from iamlint.report.graph.formats import GRAPH_FORMATS
from iamlint.report.graph.view import GraphOutput
from iamlint.repository import open_repository
from iamlint.revisions.sides.opening import open_revision

if TYPE_CHECKING:
    from iamlint.graph.answer import Graph, GraphAnswer
    from iamlint.load import Vars
    from iamlint.report.graph.view import GraphFound
    from iamlint.repository import Repository


class ShownLevel(StrEnum):
    """The weakest chains that are shown."""

    SURE = "sure"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"

    @property
    def level(self) -> StepLevel:
        return StepLevel[self.name]


class GraphFailOn(StrEnum):
    """The weakest chains that make the exit code 1."""

    SURE = "sure"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    NEVER = "never"


_FAILS: Final = {
    GraphFailOn.SURE: (Reaching.YES,),
    GraphFailOn.CONDITIONAL: (Reaching.YES, Reaching.CONDITIONAL),
    GraphFailOn.UNKNOWN: (Reaching.YES, Reaching.CONDITIONAL, Reaching.UNKNOWN),
    GraphFailOn.NEVER: (),
}
_ENDINGS: Final = {
    ".dot": "dot",
    ".graphml": "graphml",
    ".gv": "dot",
    ".html": "html",
    ".json": "json",
    ".md": "markdown",
    ".mmd": "mermaid",
    ".txt": "text",
}


@click.command(
    cls=TakesValues,
    exits={
        Exit.CLEAN: "no chain is as sure as `--fail-on`",
        Exit.FINDINGS: "a chain is as sure as `--fail-on`; with `--against`, one that is new",
        Exit.NO_POLICY: "no policy was found",
    },
    examples=(
        ("iamlint graph", "report who can become an administrator"),
        ("iamlint graph --from outsiders --to role/deployer", "ask about certain ends"),
        (
            "iamlint graph --to 'arn:aws:s3:::artifacts/*' --action s3:PutObject -o graph.html",
            "who can write objects, as a page",
        ),
        (
            "iamlint graph --against main --fail-on conditional",
            "a gate: exit 1 for chains that are new since a branch",
        ),
    ),
)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH…]")
@click.option(
    "--from",
    "starts",
    multiple=True,
    metavar="WHO",
    shell_complete=principals,
    help=f"Where chains start: a name, an ARN, or `{OUTSIDERS}`; may be repeated.",
)
@click.option(
    "--to",
    "end",
    default=ADMIN,
    metavar="WHO|ARN",
    shell_complete=principals,
    show_default=True,
    help="Where chains end: a principal, or the ARN of a resource.",
)
@click.option(
    "--action",
    "actions",
    multiple=True,
    metavar="PATTERN",
    shell_complete=actions_of_aws,
    help="What is done to the resource; default all but listing. May be repeated.",
)
@click.option(
    "--level",
    type=OneOf(ShownLevel),
    default=ShownLevel.CONDITIONAL,
    help="Weakest chains to show; default conditional.",
)
@click.option(
    "--paths",
    "number",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Chains to show for each start.",
)
@click.option(
    "--against",
    metavar="REV",
    help="Report only what a git revision did not have, and what is gone.",
)
@values_options
@click.option(
    "--fail-on",
    type=OneOf(GraphFailOn),
    default=GraphFailOn.NEVER,
    help="Weakest chains that make the exit code 1; default never.",
)
@click.option(
    "-o",
    "--output",
    multiple=True,
    type=PATH,
    metavar="[FORMAT:]FILE",
    help="Also write the answers to a file; may be repeated.",
)
@click.option(
    "--output-format",
    type=click.Choice([*GRAPH_FORMATS]),
    default="text",
    help="Format of the answers on standard output.",
)
@click.pass_obj
def command(
    session: Session,
    *,
    paths: tuple[str, ...],
    starts: tuple[str, ...],
    end: str,
    actions: tuple[str, ...],
    level: ShownLevel,
    number: int,
    against: str | None,
    var: tuple[str, ...],
    var_file: tuple[str, ...],
    fail_on: GraphFailOn,
    output: tuple[str, ...],
    output_format: str,
) -> int:
    """Report who can become an administrator, or another principal, and by which steps.

    A step is a role that one may assume, a policy that one may rewrite, a service that one may
    pass a role to, and the like. Each is decided from the files alone: the answer is yes, yes with
    conditions, unknown or no. PATH is a file or folder; without one, all files of the configuration
    are read.
    """
    targets = [
        report_target(text, GRAPH_FORMATS, _ENDINGS, output_format, "graph") for text in output
    ]
    asked = _Asked(session, paths, given_values(var, var_file), against)
    question = GraphQuestion(starts, end, actions, number)
    found = asked.answer(question)
    look = GraphOutput(asked.catalog_date, level.level)
    write_reports(targets, lambda name: GRAPH_FORMATS[name](found, look), session.here)
    code = asked.code() or _code(found, fail_on)
    if session.verbosity >= 0 or code or output_format != "text":
        color = session.colors(sys.stdout)
        text = GRAPH_FORMATS[output_format](found, replace(look, color=color))
        say_in_format(output_format, text, color=color)
    return code


class _Asked:
    """The files that the command line names, on one side or two."""

    def __init__(
        self, session: Session, paths: tuple[str, ...], given: Vars, against: str | None
    ) -> None:
        self._session = session
        self._paths = paths
        self._given = given
        if against is None:
            self._sides: tuple[Repository, ...] = (self._open(),)
        else:
            old, new = open_revision(
                against, paths, here=session.here, given=given, config=session.fixed_config()
            )
            self._revision = old.name
            self._sides = (old.repository, new.repository)
        self.catalog_date = self._sides[-1].account.catalog.date

    def answer(self, question: GraphQuestion) -> GraphFound:
        """Return the answers, or what changes in them since the revision."""
        *old, new = map(_world, self._sides)
        if not old:
            return find_graph(new, question)
        return find_change(old[0], new, question, self._revision)

    def code(self) -> Exit:
        """Print what could not be read, and return the exit code of files without an answer."""
        found = [side.whole for side in self._sides]
        unreadable = [item for loaded in found for item in loaded.not_analysed if item.unreadable]
        said = dict.fromkeys(f"{item.path}: {item.reason}" for item in unreadable)
        tell(*(f"error: {line}" for line in said))
        open_ = map(str, self._sides[-1].account.accounts.unread)
        tell(*(f"warning: {line}" for line in open_ if line not in said))
        if unreadable:
            return Exit.USAGE
        if not any(loaded.documents for loaded in found):
            tell("error: no policy was found", "help: name files or folders with policies")
            return Exit.NO_POLICY
        return Exit.CLEAN

    def _open(self) -> Repository:
        session = self._session
        fixed = session.fixed_config()
        places = [real(session.here / path) for path in self._paths or (os.curdir,)]
        config = fixed or of_all(places, session.here)
        is_whole = not self._paths or places == [config.root]
        return open_repository(
            config,
            nested=fixed is not None,
            given=self._given,
            only=() if is_whole else tuple(map(Path, self._paths)),
            workloads=True,
        )


def _world(side: Repository) -> GraphWorld:
    return GraphWorld(side.whole, side.config.declared, side.account)


def _code(found: GraphFound, fail_on: GraphFailOn) -> Exit:
    """Return the exit code of answers; in a comparison only of those that are new."""
    graph = found.opened if isinstance(found, GraphChange) else found
    failing = _FAILS[fail_on]
    is_found = any(one.answer in failing and not _is_there(one, graph) for one in graph.answers)
    return Exit.FINDINGS if is_found else Exit.CLEAN


def _is_there(one: GraphAnswer, graph: Graph) -> bool:
    """Return whether a start is an administrator, or the end itself."""
    if graph.node(one.start).is_admin:
        return True
    return one.answer is Reaching.YES and not one.chain.steps
