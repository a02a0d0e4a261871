"""The instance of a resource, a data source or a module that a reference means."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from iamlint.load.terraform.language.node import (
    Array,
    Json,
    Member,
    Object,
    hidden,
    hide,
    known,
    perhaps,
)
from iamlint.text.hcl.tree import ATTRIBUTES, Splat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.terraform.language.node import Evaluate, Location, Node, Turn
    from iamlint.text.hcl.tree import Access, Expression


T = TypeVar("T")


def attribute(
    of: Evaluate, words: Sequence[str], indexes: Sequence[Splat | Expression], spot: Location
) -> Node | None:
    """Return an attribute of the referenced instance of a resource, or of all instances."""
    found = of.around.attributes(words, of, spot)
    made = [(turn, perhaps(node, turn.given)) for turn, node in found]
    if any(isinstance(index, Splat) for index in indexes):
        return Array([node or hidden(spot) for _, node in made], spot)
    nodes = _chosen(of, made, indexes)
    if indexes and not nodes:
        return hide(spot)
    return nodes[0] if len(nodes) == 1 else of.around.attribute(words, of, spot)


def _chosen(
    of: Evaluate, made: Sequence[tuple[Turn, T]], indexes: Sequence[Splat | Expression]
) -> list[T]:
    """Return the instances that an index may mean."""
    by = next((index for index in indexes if not isinstance(index, Splat)), None)
    key = known(of.value(by)) if by is not None else None
    return [node for turn, node in made if key is None or turn.key in ("", key)]


_Steps: TypeAlias = "Sequence[str | Splat | Expression]"


def resource(
    of: Evaluate, words: Sequence[str], steps: _Steps, spot: Location
) -> tuple[Node | None, _Steps]:
    """Return the value at the start of a reference to a resource or data source, and the rest."""
    index = [step for step in steps[:1] if not isinstance(step, str)]
    rest = steps[len(index) :]
    if not rest or not isinstance(rest[0], str):
        return of.around.whole(words, of, spot), steps
    if index and isinstance(index[0], Splat) and rest[1:]:
        return of.around.whole(words, of, spot), steps
    return attribute(of, (*words, rest[0]), index, spot), rest[1:]


def output(of: Evaluate, expression: Access) -> tuple[Node | None, _Steps]:
    """Return the output of a module, if it is not open which of several instances is meant."""
    call, *steps = expression.steps
    step = steps[0] if steps else ""
    if not isinstance(step, str):
        del steps[0]
    spot = of.spot(expression)
    if not isinstance(call, str):
        return None, ()
    if not steps or not isinstance(steps[0], str) or step is ATTRIBUTES:
        return of.around.whole_module(call, of, spot), expression.steps[1:]
    rest = steps[1:]
    key = None if isinstance(step, str | Splat) else known(of.value(step))
    nodes = of.around.outputs(call, steps[0], of, spot, key=key)
    if not nodes and not isinstance(step, str | Splat):
        return hide(spot), ()
    if not isinstance(step, Splat):
        return (nodes[0] if len(nodes) == 1 else None), rest
    made = [node and of.follow(node, rest, spot) for node in nodes]
    return Array([node or hidden(spot) for node in made], spot), ()


def document(of: Evaluate, expression: Access, words: list[str]) -> Node | None:
    """Return the JSON of a data source, of the referenced instance, or of all instances."""
    spot = of.spot(expression)
    made = of.around.documents(words[0], words[1], of) if len(words) > 1 else None
    if made is None or words[2:] not in ([], ["json"], ["minified_json"]):
        return None
    jsons = [(turn, Json(node, spot, given=turn.given)) for turn, node in made if node]
    steps = [step for step in expression.steps if not isinstance(step, str)]
    if not steps and not words[2:]:
        return Object(dict(_instance(turn, json) for turn, json in jsons), spot)
    nodes = _chosen(of, jsons, steps)
    if any(isinstance(step, Splat) for step in steps):
        return Array(nodes, spot)
    if steps and not nodes:
        return hide(spot)
    json = nodes[0] if len(nodes) == 1 else _of_none(of, words, spot, fails=not made)
    return json if words[2:] or json is None else _whole(json)


def _of_none(of: Evaluate, words: list[str], spot: Location, *, fails: bool) -> Json | None:
    """Return the JSON of an unknown instance."""
    node = of.around.document(words[0], words[1], of)
    return None if node is None else Json(node, spot, fails=fails)


def _whole(json: Json) -> Object:
    """Return an instance of a data source with only its JSON known."""
    return Object(dict.fromkeys(("json", "minified_json"), Member(None, json)), json.spot)


def _instance(turn: Turn, json: Json) -> tuple[str, Member]:
    return turn.key or "${each.key}", Member(None, _whole(json), is_named=bool(turn.key))
