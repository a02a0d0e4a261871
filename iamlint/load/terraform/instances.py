"""How often a resource or a module is made, and on what that depends: `for_each` and `count`."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.load.terraform.node import (
    Array,
    Given,
    Hidden,
    Member,
    Object,
    Scalar,
    Turn,
    all_pairs_of,
    hidden,
    known,
    pairs_of,
    shown,
)
from iamlint.text.hcl_tree import Call, Conditional, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iamlint.load.terraform.node import Evaluate, Node
    from iamlint.text.hcl_tree import Block, Expression

_Made: TypeAlias = "Callable[[Node], list[Turn] | None]"

MAX_COUNT: Final = 50
"""Instances of a `count` that are told apart."""


def instances(block: Block, evaluator: Evaluate) -> list[Turn]:
    """Return the instances that a block makes, those in either reading of its conditions."""
    each, count = (block.attributes.get(name) for name in ("for_each", "count"))
    if each is not None:
        return _either(each.expression, evaluator, _of_each)
    if count is not None:
        return _either(count.expression, evaluator, _of_count)
    return [Turn()]


def _either(expression: Expression, evaluator: Evaluate, made: _Made) -> list[Turn]:
    """Put the instances of both readings together; those of one alone depend on its conditions."""
    found: dict[str, Turn] = {}
    for reading in (evaluator, evaluator.reading(holds=not evaluator.holds)):
        turns = made(reading.value(expression))
        if turns is None:
            text = _text(expression, reading)
            given = assumed(expression, reading) or frozenset({text})
            found.setdefault("", Turn(given=given))
            continue
        for turn in turns:
            first = found.get(turn.key)
            given = frozenset() if first else because(expression, reading)
            held = (*(first.held if first else ()), reading.holds)
            found[turn.key] = replace(first or turn, given=given, held=held)
    return list(found.values())


def _of_each(node: Node) -> list[Turn] | None:
    pairs = all_pairs_of(node) if isinstance(node, Array) else pairs_of(node)
    if pairs is not None and isinstance(node, Array):  # a set, though none is made of it here
        pairs = [(item, item) for item in node.items]
    if pairs is None:
        return None
    turns = []
    for key, value in pairs:
        each = Object({"key": Member(None, key), "value": Member(None, value)}, node.spot)
        turns.append(Turn({"each": each}, shown(key), f'["{shown(key)}"]'))
    return turns


def _of_count(node: Node) -> list[Turn] | None:
    text = known(node) or ""
    if not text.isdecimal() or not text.isascii():
        return None
    number = int(text[:9])
    if number > MAX_COUNT:
        return [Turn()]
    return [
        Turn(
            {"count": Object({"index": Member(None, Scalar(index, node.spot))}, node.spot)},
            str(index),
            f"[{index}]",
        )
        for index in range(number)
    ]


def because(expression: Expression, evaluator: Evaluate) -> Given:
    """Return on what it depends that an expression comes to what it does in one reading."""
    found = assumed(expression, evaluator)
    return found or frozenset({_signed(_text(expression, evaluator), evaluator.holds)})


def assumed(expression: Expression, evaluator: Evaluate) -> Given:
    """Return what a reading assumes about the conditions that choose what an expression is."""
    match expression:
        case Conditional(condition, then, otherwise):
            node = evaluator.value(condition)
            if isinstance(node, Scalar) and isinstance(node.value, bool):
                return assumed(then if node.value else otherwise, evaluator)
            branch = then if evaluator.holds else otherwise
            terms = frozenset(_terms(condition, evaluator, holds=evaluator.holds))
            return terms | assumed(branch, evaluator)
        case Call(arguments=(argument,)):
            return assumed(argument, evaluator)
    return frozenset()


def _terms(condition: Expression, evaluator: Evaluate, *, holds: bool) -> Iterator[tuple[str, str]]:
    """Yield the parts of a condition that must all be so for it to hold, or not to."""
    match condition:
        case Operation("!", (inner,)):
            yield from _terms(inner, evaluator, holds=not holds)
        case Operation("&&" | "||" as operator, operands) if holds == (operator == "&&"):
            for operand in operands:
                yield from _terms(operand, evaluator, holds=holds)
        case _:
            if not isinstance(evaluator.value(condition), Scalar):
                yield _signed(_text(condition, evaluator), holds)


def _signed(term: tuple[str, str], holds: bool) -> tuple[str, str]:  # noqa: FBT001 - a reading
    folder, text = term
    return folder, text if holds else f"!({text})"


def _text(expression: Expression, evaluator: Evaluate) -> tuple[str, str]:
    """Return an expression as it is written, or what it is known to refer to."""
    node = evaluator.value(expression)
    if not isinstance(node, Hidden):
        node = hidden(evaluator.spot(expression))
    return os.path.dirname(node.spot.text.path), node.text.removeprefix("${").removesuffix("}")


def depending(what: str, given: Iterable[tuple[str, str]]) -> str:
    """Name something that is not sure, by what it depends on."""
    return f"{what}, depending on {' and '.join(sorted(text for _, text in given))}"
