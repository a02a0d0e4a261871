"""A decision as text: the tree of reasons, one line a node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluator.reasons import ReasonKind, explain
from iamlint.policy.truth import Truth
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.evaluator.deciding import Deciding
    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.reasons import Reason
    from iamlint.policy.model import Condition

_WORDS: Final = {
    "allowed": "allowed",
    "implicitly_denied": "denied: nothing allows it",
    "explicitly_denied": "denied by a statement",
    "undetermined": "undetermined",
}


def render_trace(
    decision: Decision, *, label: Callable[[Deciding], str | None] | None = None
) -> str:
    """Return the reasons of a decision as text; `label` gives the place of a statement.

    By default a statement's place is the text of the label its policy was compiled with.
    """
    request = decision.request
    who = request.caller.arn or request.caller.principal_arn or request.caller.name
    who = who or request.caller.kind
    head = f"{_WORDS[decision.verdict]}: `{request.action}` on `{request.resource}` by `{who}`"
    lines = [head, *_lines(explain(decision).because, 1, label or _own_label)]
    if decision.missing_keys:
        keys = ", ".join(f"`{key}`" for key in decision.missing_keys)
        lines.append(f"  with {keys} in the request, the answer may differ")
    return "\n".join(map(plain, lines))


def _lines(
    reasons: tuple[Reason, ...], depth: int, label: Callable[[Deciding], str | None]
) -> Iterator[str]:
    for reason in reasons:
        yield "  " * depth + _line(reason, label)
        yield from _lines(reason.because, depth + 1, label)


def _line(reason: Reason, label: Callable[[Deciding], str | None]) -> str:
    maybe = "maybe " if reason.truth is Truth.MAYBE else ""
    match reason.kind:
        case ReasonKind.NONE:
            return f"{reason.policy}: no policy"
        case ReasonKind.SILENT | ReasonKind.ALLOWS | ReasonKind.DENIES:
            return f"{reason.policy}: {maybe}{reason.kind}"
        case ReasonKind.STATEMENT | ReasonKind.NEAREST_MISS:
            near = "nearest: " if reason.kind is ReasonKind.NEAREST_MISS else ""
            return f"{near}{maybe}{_place(reason.statement, label)}"
        case ReasonKind.UNKNOWN:
            return f"depends on `{reason.detail}`"
        case ReasonKind.KEY_ABSENT:
            return f"the request has no `{reason.detail}`{_wanted(reason.condition)}"
        case ReasonKind.CONDITION_FAILS:
            return f"`{reason.detail}` does not match{_wanted(reason.condition)}"
        case ReasonKind.CUT_OFF:
            return "it allows, but the service ignores it for this caller"
        case ReasonKind.PRINCIPAL:
            return "does not name the principal"
        case _:
            return f"does not name the {reason.kind} `{reason.detail}`"


def _place(statement: Deciding | None, label: Callable[[Deciding], str | None]) -> str:
    if statement is None:
        return ""
    sid = f" `{statement.sid}`" if statement.sid else ""
    where = label(statement)
    effect = statement.effect or "unknown effect"
    return f"statement {statement.statement}{sid} ({effect})" + (f" in {where}" if where else "")


def _wanted(condition: Condition | None) -> str:
    if condition is None:
        return ""
    values = ", ".join(f"`{entry.text}`" for entry in condition.values)
    return f": `{condition.operator_text}` expects {values or 'no value'}"


def _own_label(statement: Deciding) -> str | None:
    return None if statement.label is None else str(statement.label)
