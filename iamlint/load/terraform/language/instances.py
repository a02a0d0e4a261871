"""The instances of a resource or a module, and their conditions: `for_each` and `count`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.terraform.language.address import step_of
from iamlint.load.terraform.language.choices import Choices, common, explore
from iamlint.load.terraform.language.node import (
    EACH,
    Array,
    Hidden,
    Member,
    Object,
    Scalar,
    Turn,
    all_pairs_of,
    known,
    pairs_of,
    shown,
)
from iamlint.load.terraform.language.truth import condition_of
from iamlint.load.terraform.language.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.file_value import Reading
    from iamlint.load.link import SourceCondition
    from iamlint.load.terraform.language.node import Evaluate, Location, Node
    from iamlint.text.hcl.tree import Block

MAX_COUNT: Final = 50
"""Instances of a `count` that are distinguished."""


def instances(block: Block, evaluator: Evaluate) -> list[Turn]:
    """Return the instances of a block in one reading; one for all if they are unknown."""
    each, count = (block.attributes.get(name) for name in ("for_each", "count"))
    attribute = each or count
    if attribute is None:
        return [Turn()]
    node = evaluator.value(attribute.expression)
    turns = _of_each(node) if each else _of_count(node)
    if turns is not None:
        are_few = len(turns) <= 1 or block.type == "module"  # calls of a module cost steps
        path = evaluator.text.path
        if are_few or evaluator.around.distinguishes(block, len(turns), path):
            return turns
        return [Turn()]
    if not isinstance(node, Hidden):
        node = unknown(evaluator, attribute.expression, node.spot)
    return [Turn(given=frozenset({condition_of(node)}))]


def instances_of(block: Block, made: Sequence[tuple[Turn, Node]], spot: Location) -> Node | None:
    """Return the value of all instances of a block: a list, a map by key, or the only one."""
    is_open = any(not turn.key for turn, _ in made)
    if "for_each" in block.attributes:
        members = {
            turn.key or EACH: Member(None, node, is_named=bool(turn.key)) for turn, node in made
        }
        return Object(members, spot)
    nodes = [node for _, node in made]
    if "count" in block.attributes:
        return Array(nodes, spot, whole=not is_open)
    return nodes[0] if len(nodes) == 1 else None


def every_instance(block: Block, evaluator: Evaluate) -> list[tuple[Turn, Choices]]:
    """Return the instances of all readings, each with a reading in which it exists.

    An instance that does not exist in all readings depends on conditions.
    """
    if not block.attributes.keys() & {"for_each", "count"}:
        return [(Turn(), Choices())]
    groups = explore(lambda c: evaluator.around.turns(block, evaluator.reading(c)))
    found: dict[str, tuple[Turn, Choices]] = {}
    for group in groups:
        made: dict[str, list[Reading]] = {}
        for choices, turns in group:
            for turn in turns:
                made.setdefault(turn.key, []).append(choices.reading)
                found.setdefault(turn.key, (turn, choices))
        every = [choices.reading for choices, _ in group]
        for key, readings in made.items():
            turn, choices = found[key]
            given = turn.given | _given(block, evaluator, readings, every)
            found[key] = replace(turn, given=given), choices
    return list(found.values())


def _given(
    block: Block, evaluator: Evaluate, readings: list[Reading], every: list[Reading]
) -> frozenset[SourceCondition]:
    given = common(readings, every)
    if given or len(readings) == len(every):
        return given
    attribute = block.attributes.get("for_each") or block.attributes["count"]
    spot = evaluator.spot(attribute.expression)
    return frozenset({condition_of(unknown(evaluator, attribute.expression, spot))})


def _of_each(node: Node) -> list[Turn] | None:
    pairs = all_pairs_of(node) if isinstance(node, Array) else pairs_of(node)
    if pairs is not None and isinstance(node, Array):  # a set, though not converted to one here
        pairs = [(item, item) for item in node.items]
    if pairs is None:
        return None
    turns = []
    for key, value in pairs:
        each = Object({"key": Member(None, key), "value": Member(None, value)}, node.spot)
        text = known(key)
        step = f'["{shown(key)}"]' if text is None else step_of(text)
        turns.append(Turn({"each": each}, shown(key), step))
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
            step_of(index),
        )
        for index in range(number)
    ]
