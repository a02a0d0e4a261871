"""Whether a condition holds: as its parts do, and otherwise as it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.link import Condition
from iamlint.load.terraform.node import Hidden, known
from iamlint.text.hcl_tree import Access, Literal, Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.terraform.node import Evaluate
    from iamlint.text.hcl_tree import Expression

_TRUTHS = {"true": True, "false": False}


def truth(of: Evaluate, expression: Expression) -> bool | None:
    """Return whether a condition holds in this reading; None where that is left open.

    Conditions that are made of others go as these do, so that all of them are consistent.
    """
    if not of.around.spend(1):
        return None
    match expression:
        case Operation("!", (inner,)):
            holds = truth(of, inner)
            return None if holds is None else not holds
        case Operation("&&" | "||" as operator, operands):
            return _of_several(of, operands, stop=operator == "||")
        case Access() if meaning := of.around.meaning(expression, of):
            return truth(*meaning)
    node = of.value(expression)
    if not isinstance(node, Hidden):
        return _TRUTHS.get(known(node) or "")
    if node.fails:
        return None
    is_negated = isinstance(expression, Operation) and expression.operator == "!="
    text = _text(expression, of)
    condition = condition_of(node)
    if text is not None:
        scope = condition.scope if node.identity is None else of.around.scope or ""
        condition = Condition(text, scope, inputs=condition.inputs)
    holds = of.choices.decide(condition)
    return not holds if is_negated and holds is not None else holds


def _of_several(of: Evaluate, operands: Sequence[Expression], *, stop: bool) -> bool | None:
    """Return what `||` gives, which stops at what holds, or `&&`."""
    found: bool | None = not stop
    for operand in operands:
        holds = truth(of, operand)
        if holds is stop:
            return stop
        found = None if holds is None else found
    return found


def _text(expression: Expression, of: Evaluate) -> str | None:
    """Return how a comparison is written, `!=` as the opposite of `==`."""
    match expression:
        case Operation("==" | "!=", (one, other)):
            if isinstance(one, Literal):
                one, other = other, one
            source = of.text.source.text
            texts = (source[e.span.start : e.span.end] for e in (one, other))
            return " == ".join(" ".join(text.split()) for text in texts)
    return None


def condition_of(node: Hidden) -> Condition:
    """Return the condition that a value which is not known holds.

    Two of them are one where their values are sure to be the same.
    """
    text = node.text.removeprefix("${").removesuffix("}")
    place = f"{node.spot.text.path}:{node.spot.span.start}"
    return Condition(text, node.identity or place, inputs=node.inputs)
