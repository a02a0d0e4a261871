"""The truth of conditions: by their parts, or else by the choices of the reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.link import SourceCondition
from iamlint.load.terraform.language.node import Hidden, String, known
from iamlint.load.terraform.language.unknown import is_one_value
from iamlint.text.hcl.tree import Access, FunctionCall, HclTemplate, Literal, Operation, Override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.terraform.language.node import Evaluate, Node
    from iamlint.text.hcl.tree import Expression

_TRUTHS = {"true": True, "false": False}


def truth(of: Evaluate, expression: Expression) -> bool | None:
    """Return whether a condition is true in this reading; None if that is left open.

    The result of a composed condition follows from its parts, so that all are consistent.
    """
    if not of.around.spend(1):
        return None
    match expression:
        case Operation("!", (inner,)):
            return _opposite(holds=truth(of, inner))
        case Operation("&&" | "||" as operator, operands):
            return _of_several(of, operands, stop=operator == "||")
        case Override(inner):
            return truth(of.overriding(expression), inner)
        case Access() if meaning := of.around.meaning(expression, of):
            return truth(*meaning)
    node = of.value(expression)
    if not isinstance(node, Hidden):
        return _TRUTHS.get(known(node) or "")
    if node.fails:
        return None
    match expression:
        case Operation("==" | "!=" as sign, (inner, Literal(bool() as wanted))):
            return _opposite(holds=truth(of, inner), unless=wanted is (sign == "=="))
    condition, is_negated = condition_of(node), False
    if node.identity is None and not is_one_value(expression, of):
        condition = replace(condition, scope=f"{condition.scope}{of.turn}")
    if comparison := _comparison(expression, of, node):
        compared = comparison.compared
        scope = condition.scope if compared.identity is None else of.around.scope or ""
        text, is_negated = comparison.text, comparison.is_negated
        condition = SourceCondition(text, scope, inputs=compared.inputs, subject=comparison.subject)
    return _opposite(holds=of.choices.decide(condition), unless=not is_negated)


def _opposite(*, holds: bool | None, unless: bool = False) -> bool | None:
    return holds if unless or holds is None else not holds


def _of_several(of: Evaluate, operands: Sequence[Expression], *, stop: bool) -> bool | None:
    """Return the result of `||` or `&&`, which is `stop` as soon as an operand is."""
    found: bool | None = not stop
    for operand in operands:
        holds = truth(of, operand)
        if holds is stop:
            return stop
        found = None if holds is None else found
    return found


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The text of a comparison without its negation, and whether it is negated.

    `subject` is the value that it compares with a constant, `compared` the node that decides it.
    """

    compared: Hidden
    text: str
    subject: str | None
    is_negated: bool


def _comparison(expression: Expression, of: Evaluate, node: Hidden) -> _Comparison | None:
    match expression:
        case Operation(">" | "==" | "!=" as operator, (FunctionCall("length") as one, Literal(0))):
            return _Comparison(node, f"{_text(one, of)} > 0", None, operator == "==")
        case Operation("==" | "!=" as operator, (one, other)):
            return _of_sides(one, other, of, node, is_negated=operator == "!=")
    return None


def _of_sides(
    one: Expression, other: Expression, of: Evaluate, node: Hidden, *, is_negated: bool
) -> _Comparison:
    """Return a comparison; a value of a loop is written as its value in this turn."""
    of_turns = [side for side in (one, other) if not is_one_value(side, of)]
    if _is_constant(one) or of_turns == [one]:
        one, other = other, one
    subject, compared = _text(one, of), node
    value = _text(other, of) if _is_constant(other) else None
    if of_turns == [other] and (value := _in_words(of.value(other))) is not None:
        found = of.value(one)
        compared = found if isinstance(found, Hidden) else node
    text = f"{subject} == {_text(other, of) if value is None else value}"
    return _Comparison(compared, text, None if value is None else subject, is_negated)


def _text(expression: Expression, of: Evaluate) -> str:
    start, end = expression.span.start, expression.span.end
    return " ".join(of.text.source.text[start:end].split())


def _in_words(node: Node) -> str | None:
    """Return a value as an expression; None if it is not known."""
    text = known(node)
    return f'"{text}"' if text is not None and isinstance(node, String) else text


def _is_constant(expression: Expression) -> bool:
    return isinstance(expression, Literal) or (
        isinstance(expression, HclTemplate) and expression.is_plain
    )


def condition_of(node: Hidden) -> SourceCondition:
    """Return the condition that an unknown value is true.

    Two conditions are the same if their values are surely equal.
    """
    text = node.text.removeprefix("${").removesuffix("}")
    place = f"{node.spot.text.path}:{node.spot.span.start}"
    return SourceCondition(text, node.identity or place, inputs=node.inputs)
