"""`iamlint simulate`: scenarios in, decisions out; each stands alone."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, cast

import click

from iamlint.cli import Exit, Session
from iamlint.cli.words import PATH
from iamlint.errors import ReadError
from iamlint.evaluate.scenario import simulate
from iamlint.plugins import sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import IO

_STDIN = "-"


@click.command()
@click.argument("file", type=PATH, metavar="FILE|-")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, *, file: str, output_format: str) -> int:
    """Decide the scenarios of a file: JSON Lines, or one JSON array."""
    rcp_services = sources(session.config_for(os.curdir))[1].rcp_services()
    write = sys.stdout.write
    wrong = 0
    for scenario, fault in _scenarios(file):
        answer = simulate(scenario, rcp_services=rcp_services) if fault is None else _faulty(fault)
        wrong += bool(answer["errors"])
        write((json.dumps(answer) if output_format == "json" else _row(answer)) + "\n")
    if wrong:
        click.echo(f"error: {wrong} of the scenarios could not be decided", err=True)
    return Exit.USAGE if wrong else Exit.CLEAN


_Scenario = tuple["Mapping[str, object]", "str | None"]


def _scenarios(file: str) -> Iterator[_Scenario]:
    """Yield each scenario as soon as it is read, or what is wrong with its line."""
    if file == _STDIN:
        yield from _read(sys.stdin.buffer)
        return
    try:
        opened = open(file, "rb")  # noqa: SIM115, PTH123 - closed below; errors while reading are others
    except OSError as error:
        raise ReadError(f"`{file}` cannot be read: {error.strerror}") from error
    with opened:
        yield from _read(opened)


def _read(stream: IO[bytes]) -> Iterator[_Scenario]:
    first = next((line for line in stream if line.strip()), b"")
    if first.lstrip(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        yield from _array(first + stream.read())
        return
    yield from _line(first)
    for line in stream:
        yield from _line(line)


def _array(data: bytes) -> Iterator[_Scenario]:
    try:
        items = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"the scenarios are no JSON: {error}") from error
    for item in items:
        yield cast("Mapping[str, object]", item), None


def _line(line: bytes) -> Iterator[_Scenario]:
    if not line.strip():
        return
    try:
        yield json.loads(line.decode("utf-8-sig")), None
    except (ValueError, RecursionError) as error:
        yield {}, f"is no JSON: {error}"


def _faulty(fault: str) -> dict[str, object]:
    return {
        "id": None,
        "decision": None,
        "decided_by": [],
        "blocked_by": [],
        "missing_context": [],
        "errors": [fault],
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
