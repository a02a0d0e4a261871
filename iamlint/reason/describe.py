"""Describes requests in the words of the policies: actions, resources, principals, conditions."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.request import Request, StatementRequest, anonymous
from iamlint.evaluator.statement import CompiledStatement
from iamlint.fast_dataclass import replace
from iamlint.policy.arn_patterns import covers_arn, overlaps_arn
from iamlint.policy.grammar import Quantifier
from iamlint.policy.requested import RequestedResource
from iamlint.policy.truth import Truth
from iamlint.reason.answer import KeyState, ValueTest
from iamlint.reason.encode import CLOCK
from iamlint.reason.formula import UnknownFact
from iamlint.reason.universe import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.policy.model import Condition, Statement
    from iamlint.reason.answer import KeyTest
    from iamlint.reason.atoms import Demand
    from iamlint.reason.parts import KeyParts
    from iamlint.reason.search import FoundRequests

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


def conditions(
    found: FoundRequests, granting: CompiledStatement | None
) -> dict[str, tuple[KeyTest, ...]]:
    """Return what requests must carry, by key."""
    said: dict[str, list[KeyTest]] = {}
    for attribute, mask in found.box.items():
        if isinstance(attribute, UnknownFact):
            continue
        key = attribute[1]  # type: ignore[index]
        parts = found.encoder.parts_of(attribute)
        for demand_name, test in _of_key(found.encoder.asked_of(key), parts, mask):
            said.setdefault(demand_name if key == CLOCK else key, []).append(test)
    for demand, truth in _on_caller(found, granting):
        test = as_test(demand.condition, is_exception=truth is NO)
        said.setdefault(demand.name, []).append(test)
    spelt = {demand.name: demand.condition.key for demand in found.encoder.every_demand()}
    return {
        spelt.get(key, key): tuple(dict.fromkeys(tests))
        for key, tests in sorted(said.items(), key=itemgetter(0))
    }


def _of_key(asked: Iterable[Demand], parts: KeyParts, mask: int) -> Iterator[tuple[str, KeyTest]]:
    """Yield how a key must be, in the fewest words that say all of it."""
    full = (1 << len(parts.values)) - 1
    met = [one for one in asked if not mask & ~parts.yes[one.signature]]
    unmet = [
        one for one in asked if not mask & (parts.yes[one.signature] | parts.maybe[one.signature])
    ]
    exact = [one for one in met if parts.yes[one.signature] == mask]
    opposite = [one for one in unmet if full & ~parts.yes[one.signature] == mask]
    name = met[0].name if met else unmet[0].name if unmet else CLOCK
    if exact:
        yield exact[0].name, as_test(exact[0].condition)
    elif opposite:
        yield opposite[0].name, as_test(opposite[0].condition, is_exception=True)
    elif parts.absent and mask == parts.absent:
        yield name, KeyState.ABSENT
    elif parts.absent and mask == full & ~parts.absent:
        yield name, KeyState.PRESENT
    else:
        restricting = [one for one in met if parts.yes[one.signature] != full]
        yield from ((one.name, as_test(one.condition)) for one in restricting)
        yield from ((one.name, as_test(one.condition, is_exception=True)) for one in unmet)


def _on_caller(
    found: FoundRequests, granting: CompiledStatement | None
) -> Iterator[tuple[Demand, Truth]]:
    """Yield the conditions that the caller or the resource meets, or does not meet elsewhere."""
    spot = found.spot
    about = (*found.changed, *((granting,) if granting else ()))
    own = {d.signature for one in about for d in found.encoder.demands_of(one)}
    for demand in found.encoder.every_demand():
        value = spot.derived.get(demand.name, spot.around.get(demand.name))
        if value is None:
            continue
        context = Context({**spot.around, demand.name: value}, Missing.UNKNOWN)
        truth = demand.test.holds(context)
        if truth is YES and demand.signature in own:
            yield demand, YES
        elif truth is NO and demand.signature not in own:
            yield demand, NO


def as_test(condition: Condition, *, is_exception: bool = False) -> ValueTest:
    """Return a condition as the test of a key, or as one that must fail."""
    quantifier = "" if condition.quantifier is Quantifier.NONE else f"{condition.quantifier}:"
    name = condition.operator.name if condition.operator else condition.operator_text
    end = "IfExists" if condition.if_exists else ""
    values = tuple(entry.text for entry in condition.values)
    return ValueTest(f"{quantifier}{name}{end}", values, is_exception)


def principals(found: FoundRequests, granting: CompiledStatement | None) -> tuple[str, ...] | None:
    """Return the principals of an Allow that name the caller; None if policies do not name any."""
    named = granting.source.principal if granting is not None else None
    if granting is None or granting.is_held:
        return None
    if named is None:
        return ("*",)
    asked = found.spot.asked
    texts = []
    for principal in named.entries:
        one = replace(granting.source, principal=replace(named, entries=(principal,)))
        if any(truth is YES for truth, _ in _alone(one, granting).names_caller(asked)):
            texts.append(principal.text)
    return tuple(dict.fromkeys(texts))


class ResourceWords:
    """The patterns of a statement, asked which resources they name."""

    def __init__(self, statement: CompiledStatement) -> None:
        self._alone: dict[str, CompiledStatement] = {}
        self.pattern: dict[str, str] = {}
        element = statement.source.resource
        if element is None:
            return
        for entry in element.entries:
            one = replace(statement.source, resource=replace(element, entries=(entry,)))
            self._alone[entry.text] = _alone(one, statement)
            self.pattern[entry.text] = entry.pattern

    def naming(self, text: str, least: Truth = MAYBE) -> list[str]:
        """Return the patterns that name a resource, at least so surely."""
        context = Context({}, Missing.UNKNOWN)
        request = Request(anonymous(), "x:x", RequestedResource.of(text), context=context)
        asked = StatementRequest(request)
        return [t for t, one in self._alone.items() if one.names_resource(asked) >= least]


def resources(
    own: Sequence[ResourceWords],
    limiting: Sequence[ResourceWords],
    texts: Iterable[str],
    otherwise: str | None = EVERYTHING,
) -> tuple[str, ...]:
    """Return patterns of resources in the words of statements, for each the narrowest ones.

    Where statements do not name resources it is `otherwise`, or the resource itself.
    """
    found: dict[str, None] = {}
    for text in texts:
        naming: list[str] = next(filter(None, (words.naming(text) for words in own)), [])
        outer = [one for one in naming if one != EVERYTHING] or naming or [otherwise or text]
        inner = [
            one
            for words in (*own, *limiting)
            for one in words.naming(text, YES)
            if one != EVERYTHING and any(covers_arn(wide, one) for wide in outer)
        ]
        found.update(dict.fromkeys(_narrowest((*outer, *inner))))
    return _widest(found)


def _narrowest(patterns: Iterable[str]) -> list[str]:
    """Return the patterns that contain no other one."""
    every = list(dict.fromkeys(patterns))
    return [a for a in every if not any(a != b and covers_arn(a, b) for b in every)]


def _widest(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the patterns that no other one contains."""
    every = list(dict.fromkeys(patterns))
    return tuple(a for a in every if not any(a != b and covers_arn(b, a) for b in every))


def besides(
    own: Sequence[ResourceWords], limiting: Sequence[ResourceWords], texts: Iterable[str]
) -> tuple[str, ...]:
    """Return patterns of other statements that meet those, and name none of the resources."""
    every = list(texts)
    wide = {one for words in own for text in every for one in words.naming(text)} or {EVERYTHING}
    outside = [words for words in limiting if not any(map(words.naming, every))]
    inside = (
        one
        for words in outside
        for one, pattern in words.pattern.items()
        if one not in wide and any(overlaps_arn(outer, pattern) for outer in wide)
    )
    return _widest(inside)


def _alone(source: Statement, statement: CompiledStatement) -> CompiledStatement:
    return CompiledStatement(
        source,
        statement.kind,
        statement.label,
        is_held=statement.is_held,
        variables=statement.variables,
    )
