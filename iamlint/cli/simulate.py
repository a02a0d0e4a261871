"""`iamlint simulate`: scenarios in, decisions out; each is independent."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, cast

import click

from iamlint.cli.command import Command
from iamlint.cli.options import PATH, format_option
from iamlint.cli.say import tell
from iamlint.cli.session import Exit, Session
from iamlint.errors import ReadError, os_reason
from iamlint.plugins.extensions import catalog_of
from iamlint.simulate.file import Scenario, read_scenarios
from iamlint.simulate.scenario import simulate
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STDIN = "-"
_BUFFER = 1 << 20
_FORM = "put each scenario on its own line, or all of them in one JSON array"


@click.command(
    cls=Command,
    exits={
        Exit.CLEAN: "all scenarios are decided",
        Exit.USAGE: "wrong use, or a scenario could not be decided; the others are",
    },
    examples=(
        ("iamlint simulate scenarios.jsonl", "decide each scenario of a file"),
        (
            "iamlint simulate - --output-format json < scenarios.jsonl",
            "one object a line, for programs",
        ),
    ),
)
@click.argument("file", type=PATH, metavar="FILE|-")
@format_option("text", "json")
@click.pass_obj
def command(session: Session, *, file: str, output_format: str) -> int:
    """Decide the scenarios of a file: JSON Lines, or one JSON array."""
    rcp_services = catalog_of(session.config_for(os.curdir)).rcp_services()
    write = sys.stdout.write
    wrong, unread = 0, False
    for scenario in _scenarios(file):
        answer = _answer(scenario, rcp_services)
        wrong += bool(answer["errors"])
        unread = unread or not scenario.read
        write((json.dumps(answer) if output_format == "json" else plain(_row(answer))) + "\n")
    if wrong:
        tell(f"error: could not decide {wrong} of the scenarios")
    if unread:
        tell(f"help: {_FORM}")
    return Exit.USAGE if wrong else Exit.CLEAN


def _scenarios(file: str) -> Iterator[Scenario]:
    if file == _STDIN:
        yield from read_scenarios(sys.stdin.buffer)
        return
    try:
        opened = open(file, "rb", _BUFFER)  # noqa: SIM115, PTH123 - closed below; errors while reading are others
    except OSError as error:
        raise ReadError(f"`{file}` cannot be read: {os_reason(error)}") from error
    with opened:
        yield from read_scenarios(opened)


def _answer(scenario: Scenario, rcp_services: frozenset[str]) -> dict[str, object]:
    if not scenario.faults:
        value = cast("Mapping[str, object]", scenario.value)
        return simulate(value, rcp_services=rcp_services)
    return {
        "id": scenario.id,
        "decision": None,
        "decided_by": [],
        "blocked_by": [],
        "missing_context": [],
        "errors": list(scenario.faults),
    }


def _row(answer: Mapping[str, object]) -> str:
    """Return one line of the table: id, decision, and why."""
    errors = cast("list[str]", answer["errors"])
    deciders = cast("list[dict[str, object]]", answer["decided_by"])
    blockers = cast("list[str]", answer["blocked_by"])
    why = "; ".join(errors) or ", ".join(map(_decider, deciders)) or ", ".join(blockers)
    return f"{_shown(answer['id']):16} {answer['decision'] or 'error':18} {why}".rstrip()


def _shown(id_: object) -> str:
    return "-" if id_ is None else str(id_)


def _decider(found: Mapping[str, object]) -> str:
    sid = f" `{found['sid']}`" if found["sid"] else ""
    return f"{found['policy']} policy {found['index']} statement {found['statement']}{sid}"
