"""An answer at length: the policies consulted, the deciding text, the command that asks again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.ask.answer import Ruling, nearest_miss
from iamlint.account.origin import Origin, place_of
from iamlint.evaluator.reasons import ReasonKind
from iamlint.evaluator.trace import render_trace
from iamlint.text.excerpt import excerpt, visible
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.ask.answer import Answer
    from iamlint.evaluator.deciding import Deciding
    from iamlint.evaluator.decision import Decision
    from iamlint.load.document import Document
    from iamlint.policy.at import At
    from iamlint.policy.model import Statement

_MOST_LINES: Final = 14
_MOST_TRACES: Final = 3


def explain(answer: Answer, *, again: bool = True) -> str:
    """Return an answer with its reasons; `again` adds the command that asks it again."""
    blocks = [plain(answer.line)]
    for decision in _telling(answer)[:_MOST_TRACES]:
        blocks.append(render_trace(decision, label=place_of))
        blocks += _excerpts(decision)
    if answer.assumptions:
        blocks.append(
            "\n".join(["taken for granted:", *(f"  {plain(a)}" for a in answer.assumptions)])
        )
    if answer.help:
        blocks.append(plain(f"help: {answer.help}"))
    if again:
        blocks.append(plain(f"ask again: {answer.question.command}"))
    return "\n\n".join(blocks)


def _telling(answer: Answer) -> tuple[Decision, ...]:
    """Return the decisions that show why: one of each kind."""
    wanted = {
        Ruling.ALLOWED: (Ruling.ALLOWED,),
        Ruling.DENIED: (Ruling.DENIED,),
        Ruling.MIXED: (Ruling.ALLOWED, Ruling.DENIED),
        Ruling.DEPENDS: (Ruling.DEPENDS,),
    }[answer.ruling]
    found = (answer.first(ruling) for ruling in wanted)
    return tuple(decision for decision in found if decision is not None)


def _excerpts(decision: Decision) -> Iterator[str]:
    """Yield the text of each deciding statement, or of the one that came closest."""
    for deciding in decision.deciding[:2]:
        yield from _excerpt(deciding, "Condition" if decision.missing_keys else "Effect")
    miss = nearest_miss(decision) if not decision.deciding else None
    if miss is not None and miss.statement is not None:
        element = _ELEMENTS.get(miss.because[0].kind, "Action") if miss.because else "Action"
        yield from _excerpt(miss.statement, element)


_ELEMENTS: Final = {
    ReasonKind.ACTION: "Action",
    ReasonKind.RESOURCE: "Resource",
    ReasonKind.PRINCIPAL: "Principal",
    ReasonKind.CONDITION_FAILS: "Condition",
    ReasonKind.KEY_ABSENT: "Condition",
}


def _excerpt(deciding: Deciding, element: str) -> Iterator[str]:
    origin = deciding.label
    if not isinstance(origin, Origin) or origin.document is None:
        return
    statement = origin.statement(deciding.statement)
    if statement is not None:
        yield "\n".join([plain(place_of(deciding)), *_lines(origin.document, statement, element)])


def _lines(document: Document, statement: Statement, element: str) -> Iterator[str]:
    """Yield the lines of a statement, with a caret under the element that matters."""
    path, source = document.file_of(statement.at)
    lines = source.lines
    whole = document.span(statement.at)
    first = lines.position(whole.start).line
    last = min(lines.position(max(whole.end - 1, whole.start)).line, first + _MOST_LINES)
    marked = _at(statement, element)
    value = document.span(marked if document.file_of(marked)[0] == path else statement.at)
    start, end = lines.position(value.start), lines.position(value.end)
    width = len(str(last))
    for number in range(first, last + 1):
        text, carets = visible(lines.masked(number).text), ""
        if number == start.line:
            text, carets = excerpt(lines, start, end)
        yield f"  {number:{width}} | {text}".rstrip()
        if carets:
            yield f"  {'':{width}} | {carets}"


def _at(statement: Statement, element: str) -> At:
    if element == "Action" and statement.action_element is not None:
        return statement.action_element.at
    if element == "Resource" and statement.resource_element is not None:
        return statement.resource_element.at
    if element == "Principal":
        principals = statement.principal or statement.not_principal
        return principals.at if principals else statement.at
    return statement.at / element
