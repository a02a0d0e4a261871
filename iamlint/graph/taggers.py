"""Who can set the tags that a step needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.graph.answer import NodeKind, SetBy, StepLevel
from iamlint.graph.retagging import tagging_action, tagging_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.graph.answer import GraphEdge, NeededKey
    from iamlint.graph.asking import StepAsking
    from iamlint.graph.world import Being

_OF_CALLER: Final = "aws:principaltag/"
_TAGGED: Final = (NodeKind.USER, NodeKind.ROLE)


class Taggers:
    """Finds the principals that can give a tag to the caller of a step, or to its end."""

    def __init__(self, asking: StepAsking, beings: Mapping[str, Being]) -> None:
        self._asking = asking
        self._beings = beings
        self._known: dict[tuple[str, str, tuple[str, ...]], tuple[str, ...]] = {}

    def conditions(self, edge: GraphEdge) -> tuple[NeededKey, ...]:
        """Return the keys that a step needs, each with those that can set it if it is a tag."""
        return tuple(self._with_taggers(edge, key) for key in edge.conditions)

    def _with_taggers(self, edge: GraphEdge, key: NeededKey) -> NeededKey:
        if key.set_by is not SetBy.TAGGER:
            return key
        is_of_caller = key.key.lower().startswith(_OF_CALLER)
        name = (edge.by or edge.start) if is_of_caller else edge.end
        tagged = self._beings.get(name)
        if tagged is None or tagged.kind not in _TAGGED:
            return key
        tag = key.key.partition("/")[2]
        known = (name, tag, key.values)
        if known not in self._known:
            self._known[known] = self._find(tagged, tag, key.values)
        return replace(key, taggers=self._known[known])

    def _find(self, tagged: Being, tag: str, values: tuple[str, ...]) -> tuple[str, ...]:
        """Return who can set a tag, or remove it if no value is allowed."""
        action = tagging_action(tagged.kind, removes=not values)
        context = tagging_context(tag, values[0] if values else None)
        found = []
        for name, being in self._beings.items():
            if being.kind in _TAGGED:
                decided = self._asking.decide(being, action, tagged.arn, context)
                if decided is not None and decided.level is not StepLevel.UNKNOWN:
                    found.append(name)
        return tuple(sorted(found))
