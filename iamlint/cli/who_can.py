"""`iamlint who-can`: all principals that may do something."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

from iamlint.account.ask.who_can import ask_everybody
from iamlint.cli.complete import actions, principals
from iamlint.cli.options import format_option, words
from iamlint.cli.question_options import (
    absent_option,
    at_option,
    context_option,
    given,
    open_at,
    strict_option,
)
from iamlint.cli.say import say, tell
from iamlint.cli.session import Exit, Session
from iamlint.cli.values import TakesValues, given_values, values_options
from iamlint.errors import UsageError
from iamlint.report.text import count
from iamlint.text.masked import mask_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.ask.who_can import Who


@click.command(
    name="who-can",
    cls=TakesValues,
    exits={
        Exit.CLEAN: "the answer, or the one that `--expect` wants",
        Exit.FINDINGS: "other principals than `--expect` names",
        Exit.USAGE: "wrong use, something could not be read, or it is unknown for a principal",
    },
    examples=(
        (
            "iamlint who-can s3:GetObject --on 'arn:aws:s3:::artifacts/*'",
            "list the principals that can read the objects",
        ),
        (
            "iamlint who-can iam:CreateUser --expect role/admin",
            "a gate: exit 1 if anybody else can",
        ),
        (
            "iamlint who-can --matrix --output-format html",
            "a page: all principals, questions of high impact",
        ),
    ),
)
@click.argument("action", required=False, shell_complete=actions)
@click.option("--on", metavar="ARN", help="A resource ARN or pattern.")
@context_option
@absent_option
@at_option
@values_options
@strict_option
@click.option(
    "--expect",
    type=words,
    metavar="NAME,…",
    help="Exit 1 unless exactly these principals can.",
    shell_complete=principals,
)
@click.option(
    "--matrix",
    is_flag=True,
    help="Ask a few questions of high impact about every principal, also through others.",
)
@format_option("text", "json", "html")
@click.pass_obj
def command(
    session: Session,
    *,
    action: str | None,
    on: str | None,
    context: tuple[str, ...],
    absent: tuple[str, ...],
    at: str | None,
    var: tuple[str, ...],
    var_file: tuple[str, ...],
    strict: bool,
    expect: tuple[str, ...] | None,
    matrix: bool,
    output_format: str,
) -> int:
    """List the principals that can do ACTION on a resource, or on any resource of a pattern."""
    values = given_values(var, var_file)
    if matrix:
        if any((action, on, context, absent, at, expect is not None)):
            raise UsageError("`--matrix` asks its own questions", help="leave out the other ones")
        from iamlint.cli.who_can_matrix import answer_matrix  # noqa: PLC0415 - few ask it

        opened = open_at(session, os.curdir, values, strict=strict, workloads=True)
        return answer_matrix(opened, output_format)
    if action is None:
        raise UsageError("no action is named", help="name one, or ask with `--matrix`")
    if output_format == "html":
        raise UsageError("the answer is not a page", help="only `--matrix` has `html`")
    account = open_at(session, os.curdir, values, strict=strict).account
    read = account.context(given(account.catalog, context, absent))
    who = ask_everybody(account, action, on, context=read, at=at)
    if output_format == "json":
        click.echo(json.dumps(mask_all(_plain(who)), indent=1))
    else:
        say(*sorted(who.allowed))
        if session.verbosity >= 0:
            tell(*_summary(who, action))
    return _code(who, expect)


def _code(who: Who, expect: tuple[str, ...] | None) -> Exit:
    """Return the exit code, and print what is not as expected."""
    if who.undetermined:
        raise UsageError(
            f"could not decide for {count(len(who.undetermined), 'principal')}:",
            more=tuple(f"  {answer.line}" for answer in who.undetermined.values()),
            help=next(iter(who.undetermined.values())).help or "ask about one resource",
        )
    if expect is None:
        return Exit.CLEAN
    differing = sorted(who.allowed.keys() ^ set(expect))
    for name in differing:
        tell(f"{'not expected' if name in who.allowed else 'expected'}: {who.why(name)}")
    return Exit.FINDINGS if differing else Exit.CLEAN


def _summary(who: Who, action: str) -> Iterator[str]:
    asked = count(len(who.allowed) + len(who.denied) + len(who.undetermined), "known principal")
    surely = " for certain" if who.undetermined else ""
    yield f"{len(who.allowed) or 'none'} of {asked} can `{action}`{surely}"
    yield from (f"  taken for granted: {note}" for note in who.assumptions)


def _plain(who: Who) -> dict[str, object]:
    return {
        "able": {name: answer.reason for name, answer in sorted(who.allowed.items())},
        "unable": {name: answer.reason for name, answer in sorted(who.denied.items())},
        "open": {name: answer.reason for name, answer in sorted(who.undetermined.items())},
        "assumptions": list(who.assumptions),
    }
