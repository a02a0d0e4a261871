"""Differences that are there for every value of what templates leave open."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.reason.assumed import AssumedValues
from iamlint.reason.budget import BudgetError
from iamlint.reason.classes import Pair
from iamlint.reason.for_every_value import EveryValue, Proof
from iamlint.reason.formula import UnknownFact
from iamlint.reason.witness import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.reason.classes import ActionClass
    from iamlint.reason.search import FoundRequests, Search
    from iamlint.reason.summary import Summary


@dataclass(slots=True)
class _Proved:
    """What is there for every value: actions, patterns of resources, and marks of parts."""

    actions: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)

    def add(self, found: FoundRequests, proof: Proof) -> None:
        self.actions.update(found.actions)
        self.patterns.update(proof.patterns)
        self.marks.update(proof.marks)


class AnyValues:
    """Looks for differences between two worlds that no value of an unknown part takes away."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair

    @cached_property
    def _values(self) -> AssumedValues:
        return AssumedValues(self._pair.old, self._pair.new)

    @cached_property
    def _every_value(self) -> EveryValue:
        return EveryValue(self._values)

    @cached_property
    def _classes(self) -> dict[str, ActionClass]:
        """The classes of actions where the parts have texts, by each of their actions."""
        pair, values = self._pair, self._values
        bound = Pair(values.world(pair.old), values.world(pair.new), pair.catalog, pair.limit)
        return {action: of for of in bound.classes for action in of.actions}

    def left_open(
        self,
        of: ActionClass,
        unsure: Sequence[FoundRequests],
        summary: Summary,
        *,
        of_gains: bool,
    ) -> list[FoundRequests]:
        """Add what is there for every value; return the rest of what is unsure."""
        is_limited = self._pair.old.within is not None or self._pair.new.within is not None
        if not unsure or is_limited or not self._values.parts:
            return [*unsure]
        proved = _Proved()
        for search in self._searches(of, of_gains=of_gains):
            with suppress(BudgetError):  # the rest stays open
                self._add_proved(search, summary, proved)
            summary.close_class(search)
        return [found for found in unsure if not self._is_in(found, proved)]

    def _searches(self, of: ActionClass, *, of_gains: bool) -> Iterator[Search]:
        try:
            classes = {id(one): one for a in of.actions if (one := self._classes.get(a))}
        except BudgetError:
            return
        for one in classes.values():
            if (search := one.search(of_gains=of_gains)) is not None:
                yield search

    def _add_proved(self, search: Search, summary: Summary, proved: _Proved) -> None:
        for found in search.found():
            if any(isinstance(one, UnknownFact) for one in found.box):
                continue
            search.budget.spend()
            shown = show(search, found, search.catalog)
            proof = None if shown is None else self._every_value.proof(shown)
            if shown is None or proof is None or not proof.marks:
                continue
            witness = replace(shown.witness, given=proof.assumed)
            summary.add(found, replace(shown, witness=witness))
            proved.add(found, proof)

    def _is_in(self, found: FoundRequests, proved: _Proved) -> bool:
        """Return whether requests are among those that are there for every value."""
        facts = [one for one in found.box if isinstance(one, UnknownFact)]
        if not proved.actions.issuperset(found.actions):
            return False
        return all(self._is_known(found, one, proved) for one in facts)

    def _is_known(self, found: FoundRequests, fact: UnknownFact, proved: _Proved) -> bool:
        match fact:
            case ("resource", str(pattern)) if found.box[fact] == _IS_SO:
                return pattern in proved.patterns
            case ("resource", str(pattern)):
                return proved.marks.issuperset(self._every_value.marks_of_token(pattern))
            case ("value" | "condition" | "conditions", _):
                marks = self._every_value.marks_of_conditions(found.encoder.about[fact].statement)
                return bool(marks) and proved.marks.issuperset(marks)
        return False


_IS_SO = 2
"""The part of an unknown fact that it is so, as a bit."""
