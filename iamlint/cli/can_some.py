"""`iamlint can --some`: is any of it possible, in any way?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from iamlint.account.origin import plain_deciding
from iamlint.cli.say import say
from iamlint.cli.session import Exit
from iamlint.errors import UsageError
from iamlint.reason.some import SomeRuling, ask_some
from iamlint.report.diff.example import request
from iamlint.text.masked import mask_all

if TYPE_CHECKING:
    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Question
    from iamlint.reason.some import SomeAnswer


def answer_some(
    account: Account, asked: Question, expect: str | None, output_format: str, *, is_traced: bool
) -> int:
    """Print whether any of it is possible, and return the exit code."""
    if is_traced:
        raise UsageError(
            "`--trace` explains one request, but `--some` is about all",
            help="ask with `--some`, then trace the request of the example",
        )
    answer = ask_some(account, asked.subject, asked.actions, asked.on, context=asked.context)
    if output_format == "json":
        click.echo(json.dumps(mask_all(_plain(answer)), indent=1))
    else:
        say(*answer.report.splitlines())
    if answer.ruling is SomeRuling.UNKNOWN:
        if expect is None:
            return Exit.USAGE if answer.is_unread else Exit.CLEAN
        listed = ", ".join(f"`{name}`" for name in answer.names)
        help_ = f"give a value for {listed}" if listed else None
        raise UsageError(f"neither allowed nor denied: {answer.reason}", help=help_)
    return Exit.CLEAN if expect in (None, answer.ruling) else Exit.FINDINGS


def _plain(answer: SomeAnswer) -> dict[str, object]:
    question, shown = answer.question, answer.shown
    return {
        "principal": question.subject.name,
        "actions": list(question.actions),
        "resources": list(question.on or ()),
        "ruling": answer.ruling.value,
        "reason": answer.reason,
        "witness": None if shown is None else request(shown.witness),
        "decided_by": [plain_deciding(one) for one in shown.because] if shown is not None else [],
        "unknown": [
            {"reason": one.reason, "names": list(one.names)} for one in answer.comparison.open
        ],
    }
