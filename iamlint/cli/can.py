"""`iamlint can`: may a principal of this repository do something?"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

from iamlint.account.ask.answer import Question, Ruling
from iamlint.account.ask.explain import explain
from iamlint.account.ask.validate import time_context
from iamlint.account.origin import plain_deciding
from iamlint.cli.complete import actions as actions_of_aws
from iamlint.cli.complete import principals
from iamlint.cli.options import format_option
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
from iamlint.errors import ReadError, UsageError
from iamlint.repository import names_file, open_alone
from iamlint.text.masked import mask_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.ask.answer import Answer
    from iamlint.load import Vars
    from iamlint.repository import Repository


@click.command(
    cls=TakesValues,
    exits={
        Exit.CLEAN: "the answer, or the one that `--expect` wants",
        Exit.FINDINGS: "another answer than `--expect` wants",
        Exit.USAGE: "wrong use, something could not be read, or with `--expect` it is unknown",
    },
    examples=(
        (
            "iamlint can role/deployer s3:PutObject --on arn:aws:s3:::artifacts/app.zip",
            "ask about one resource",
        ),
        (
            "iamlint can role/deployer 'iam:*' --some",
            "ask whether any action is possible, in any way",
        ),
        (
            "iamlint can role/ci iam:CreateUser --expect denied",
            "a gate: exit 1 unless it is denied",
        ),
        (
            "iamlint can policies/ci.json ec2:RunInstances --context aws:RequestedRegion=eu-west-1",
            "ask about a policy file",
        ),
    ),
)
@click.argument("principal", shell_complete=principals)
@click.argument(
    "actions", nargs=-1, required=True, metavar="ACTION…", shell_complete=actions_of_aws
)
@click.option(
    "--on", multiple=True, metavar="ARN", help="A resource ARN or pattern; may be repeated."
)
@context_option
@absent_option
@at_option
@values_options
@strict_option
@click.option(
    "--expect",
    type=click.Choice(["allowed", "denied"]),
    help="Exit 1 if the answer differs from this.",
)
@click.option(
    "--some",
    is_flag=True,
    help="Ask whether any of it is possible: any action, any resource, any context.",
)
@click.option("--trace", is_flag=True, help="Show what each kind of policy decides.")
@format_option("text", "json")
@click.pass_obj
def command(
    session: Session,
    *,
    principal: str,
    actions: tuple[str, ...],
    on: tuple[str, ...],
    context: tuple[str, ...],
    absent: tuple[str, ...],
    at: str | None,
    var: tuple[str, ...],
    var_file: tuple[str, ...],
    strict: bool,
    expect: str | None,
    some: bool,
    trace: bool,
    output_format: str,
) -> int:
    """Report whether PRINCIPAL can do every ACTION.

    PRINCIPAL is role/NAME, user/NAME, an ARN, or a policy file.
    """
    repository = _open(session, principal, given_values(var, var_file), strict=strict)
    account = repository.account
    read = account.context(given(account.catalog, context, absent))
    if some:
        from iamlint.cli.can_some import answer_some  # noqa: PLC0415 - few questions ask it

        subject = repository.subject(principal, session.here)
        timed = {**read, **(time_context(at) if at is not None else {})}
        asked = Question(subject, actions, on or None, timed)
        return answer_some(account, asked, expect, output_format, is_traced=trace)
    names = account.accounts.several.get(principal, ())
    for name in names if len(names) > 1 and output_format == "text" else ():
        one = account.ask(repository.subject(name), actions, on or None, context=read, at=at)
        say(*_short(one))
    subject = repository.subject(principal, session.here)
    answer = account.ask(subject, actions, on or None, context=read, at=at)
    return _show(answer, expect, output_format, is_traced=trace)


def _show(answer: Answer, expect: str | None, output_format: str, *, is_traced: bool) -> int:
    """Print an answer, and return the exit code."""
    if output_format == "json":
        click.echo(json.dumps(mask_all(_plain(answer)), indent=1))
    else:
        say(*(explain(answer, again=False).splitlines() if is_traced else _short(answer)))
    if answer.ruling in (Ruling.DEPENDS, Ruling.MIXED) and expect is not None:
        raise UsageError(f"neither allowed nor denied: {answer.reason}", help=answer.help)
    if answer.is_incomplete:
        return Exit.USAGE
    return Exit.CLEAN if expect in (None, answer.ruling) else Exit.FINDINGS


def _open(session: Session, principal: str, values: Vars, *, strict: bool) -> Repository:
    """Return the repository; a policy file is asked about even if the files beside it disagree."""
    try:
        return open_at(session, os.curdir, values, strict=strict)
    except (ReadError, UsageError) as error:
        file = session.here / principal
        if strict or not names_file(principal) or not file.is_file():
            raise
        tell(f"warning: only `{principal}` is evaluated, without the files beside it: {error}")
        return open_alone(session.config_for(os.curdir), file, given=values)


def _short(answer: Answer) -> Iterator[str]:
    yield answer.line
    yield from (f"  taken for granted: {note}" for note in answer.assumptions)
    if answer.help:
        yield f"  help: {answer.help}"


def _plain(answer: Answer) -> dict[str, object]:
    identity = answer.question.subject.identity
    return {
        "principal": answer.question.subject.name,
        "principal_is_named": identity is None or identity.is_named,
        "actions": list(answer.question.actions),
        "resources": list(answer.question.on or ()),
        "ruling": answer.ruling.value,
        "reason": answer.reason,
        "decided_by": [plain_deciding(one) for one in answer.deciding],
        "missing_context": list(answer.missing_keys),
        "assumptions": list(answer.assumptions),
    }
