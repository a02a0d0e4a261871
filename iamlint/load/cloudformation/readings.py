"""The readings of a policy of a template: one for each consistent case of its conditions.

Conditions are not decided, only kept consistent.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.cloudformation.intrinsics import IntrinsicCall, call_of, conditions_in
from iamlint.load.cloudformation.origin import NodeOrigin, derive_source
from iamlint.load.cloudformation.resolve import NoValue, Resolver, substitute
from iamlint.load.file_value import Cases, Reading
from iamlint.load.permissions import assemble
from iamlint.policy.at import At
from iamlint.text.embed import read_embedded
from iamlint.text.source import Partial, Source, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.template import Template
    from iamlint.load.link import Name
    from iamlint.load.permissions import ElementNames
    from iamlint.policy.problem import Problem
    from iamlint.text.source import Place
    from iamlint.text.span import Pointer

MAX_READINGS: Final = 16
"""Readings of one policy that are evaluated."""

MAX_ALONE: Final = 32
"""Conditions that are decided one by one if there are too many combinations."""

MAX_NODES: Final = 320_000
"""Nodes that are visited for these conditions: a large policy has fewer of them decided."""

_PLACEHOLDER: Final = "\ue000"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a template that holds a policy, reached under `given` conditions."""

    at: Pointer
    value: Value
    given: Mapping[str, bool] = field(default_factory=dict)
    loops: Mapping[str, str | None] = field(default_factory=dict)
    variables: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A policy in some of its cases: `source.value`, written at `at` of the template.

    `readings` are these cases, empty if the policy is always this, and `cases` all of them.
    """

    source: Source
    at: Pointer
    problems: tuple[Problem, ...] = ()
    readings: tuple[Reading, ...] = ()
    cases: Cases | None = None

    def unknown(self) -> Iterator[tuple[Pointer, str]]:
        """Yield the unknown statements, or the whole policy if it is unknown."""
        value = self.source.value
        statements = value.get("Statement") if isinstance(value, dict) else None
        items = enumerate(statements) if isinstance(statements, list) else ()
        nodes: list[tuple[Pointer, Value]] = [((), value), (("Statement",), statements)]
        nodes += [(("Statement", index), item) for index, item in items]
        for to, node in nodes:
            if isinstance(node, Unknown | Partial):
                yield to, node.text if isinstance(node, Unknown) else str(node)


def readings(
    template: Template,
    spot: Spot,
    names: list[str] | None = None,
    own: str | None = None,
) -> Iterator[Resolved]:
    """Yield the different readings of a policy; none if it is always removed.

    `names` are its open conditions, if the caller has them already. If they have too many
    combinations, each is decided alone while the others stay unknown. The resource of the policy
    exists on its `own` condition only.
    """
    names = open_conditions(spot) if names is None else names
    if are_all_read(names):
        yield from _in_cases(template, spot, names, own)
        return
    always: list[Value] = []
    for name in names[: max(1, min(MAX_ALONE, MAX_NODES // _nodes(spot.value)))]:
        for resolved in _in_cases(template, spot, [name], own):
            if resolved.cases is None and resolved.source.value in always:
                continue
            always += [] if resolved.cases else [resolved.source.value]
            yield resolved


def _nodes(value: Value) -> int:
    """Return the number of lists, objects and texts in a value."""
    count, todo = 0, [value]
    while todo:
        one = todo.pop()
        count += 1
        if isinstance(one, dict):
            todo += one.values()
        elif isinstance(one, list):
            todo += one
    return count


def _in_cases(
    template: Template, spot: Spot, names: list[str], own: str | None
) -> Iterator[Resolved]:
    if not names and spot.given.keys() <= template.decided.keys() | {own}:
        if template.conditions.are_consistent(spot.given):
            only = _read(template, spot, spot.given)
            yield from () if only is None else (only,)
        return
    found: list[tuple[Resolved, list[Reading]]] = []
    total = 0
    for values in product((True, False), repeat=len(names)):
        given = {**spot.given, **dict(zip(names, values, strict=True))}
        if not template.conditions.are_consistent(given):
            continue
        total += 1
        resolved = _read(template, spot, given)
        if resolved is None:
            continue
        reading = _reading(template, given, own)
        same = (r for other, r in found if other.source.value == resolved.source.value)
        if (known := next(same, None)) is not None:
            known.append(reading)
        else:
            found.append((resolved, [reading]))
    every = tuple(reading for _, several in found for reading in several)
    is_always = len(every) == total and not spot.given.keys() - {own} - template.decided.keys()
    cases = Cases(every, is_always)
    for resolved, several in found:
        if len(several) == total and cases.is_always:
            yield resolved
        else:
            yield replace(resolved, readings=tuple(several), cases=cases)


def in_one_case(template: Template, spot: Spot, resolved: Resolved, own: str | None) -> Resolved:
    """Return the only reading of a policy, whose conditions are those on the way to it."""
    reading = _reading(template, spot.given, own)
    if not str(reading):
        return resolved
    return replace(resolved, readings=(reading,), cases=Cases((reading,), is_always=False))


def _reading(template: Template, given: Mapping[str, bool], own: str | None) -> Reading:
    """Return the reading in which conditions have the given results."""
    conditions = template.conditions
    return Reading(
        frozenset(
            conditions.condition(name, holds=holds)
            for name, holds in given.items()
            if name != own and name not in template.decided
        )
    )


def open_conditions(spot: Spot) -> list[str]:
    """Return the conditions in a policy, without those on the way to it."""
    return [name for name in conditions_in(spot.value) if name not in spot.given]


def are_all_read(names: list[str]) -> bool:
    return 1 << len(names) <= MAX_READINGS


def _read(template: Template, spot: Spot, given: Mapping[str, bool]) -> Resolved | None:
    resolver = Resolver(template, given, spot.loops)
    value, at = resolver.chosen(spot.value, spot.at)
    call = call_of(value, at)
    if call is not None and call.name == "Fn::ToJsonString":
        value, at = resolver.chosen(call.argument, call.at)
        call = call_of(value, at)
    if call is not None and call.is_no_value:
        return None
    inner = _text(template, resolver, value, at, call)
    if inner is not None:
        return Resolved(inner, at, tuple(resolver.problems))
    origin = NodeOrigin(at, key=at)
    resolved = resolver.resolve(value, at)
    if isinstance(resolved, NoValue):
        return None
    source = derive_source(template.source, resolved, resolver.origins, origin)
    return Resolved(source, at, tuple(resolver.problems))


def _text(
    template: Template, resolver: Resolver, value: Value, at: Pointer, call: IntrinsicCall | None
) -> Source | None:
    """Return the source of a policy that is written as a string; None if it is not a string."""
    if call is None:
        is_text = isinstance(value, str | Partial)
        return read_embedded(template.source, at) if is_text else None
    match call:
        case IntrinsicCall("Fn::Sub", str() | Partial(), place):
            return _substituted(template, resolver, {}, place)
        case IntrinsicCall("Fn::Sub", [str() | Partial(), dict(variables)], place):
            return _substituted(template, resolver, variables, (*place, 0))
    made = resolver.resolve(value, at)
    return _made(template, resolver, made, at) if isinstance(made, str | Partial) else None


def _substituted(
    template: Template, resolver: Resolver, variables: Mapping[str, Value], at: Pointer
) -> Source | None:
    """Return the JSON in an `Fn::Sub`: its strings are resolved after parsing, to keep places."""
    inner = read_embedded(template.source, at)
    if inner is None or not inner.readable:
        return inner
    return _expanded(resolver.substituting(variables), inner, resolver)


def _made(
    template: Template, resolver: Resolver, text: str | Partial, at: Pointer
) -> Source | None:
    """Return the JSON that a function builds; its place is that of the function."""
    unknown: list[Unknown] = []
    pieces: list[str] = []
    for piece in text.parts if isinstance(text, Partial) else (text,):
        if isinstance(piece, Unknown):
            pieces.append(f"${{{_PLACEHOLDER}{len(unknown)}}}")
            unknown.append(piece)
        else:
            pieces.append(piece)
    inner = read_embedded(template.source, at, "".join(pieces))
    if inner is None or not inner.readable:
        return inner

    def put_back(of: Resolver, found: str, to: Pointer) -> Text:  # noqa: ARG001 - as all of them
        first, *others = found.split(f"${{{_PLACEHOLDER}")
        parts: list[Text] = [first]
        for other in others:
            number, rest = other.split("}", 1)
            parts += [unknown[int(number)], rest]
        return of.made(parts)

    return _expanded(Resolver(template, expand=put_back), inner, resolver)


def _expanded(expanding: Resolver, inner: Source, resolver: Resolver) -> Source:
    value = expanding.resolve(inner.value, ())
    resolver.problems += expanding.problems
    return derive_source(
        inner,
        None if isinstance(value, NoValue) else value,
        expanding.origins,
        NodeOrigin((), key=()),
    )


def expanded_template(
    template: Template, spot: Spot, definition: Value, variables: Mapping[str, Value]
) -> Resolved:
    """Return the policy that SAM creates from a policy template; its place is `spot`."""
    resolver = Resolver(template, spot.given, spot.loops, substitute, variables)
    value = resolver.resolve(definition, ())
    origin = NodeOrigin(spot.at, key=spot.at, whole=True, named=True)
    source = derive_source(
        template.source, None if isinstance(value, NoValue) else value, {}, origin
    )
    return Resolved(source, spot.at, tuple(resolver.problems))


def assemble_policy(
    reading: Resolved, form: ElementNames, arn: Name | None
) -> tuple[Resolved, Name | None] | None:
    """Return the policy that properties describe, and the ARN of the resource it is added to."""
    properties = reading.source.value
    made = assemble(form, properties if isinstance(properties, dict) else {}, arn)
    if made is None:
        return None
    value = made.value
    source = Source(
        text=reading.source.text,
        value=value,
        dialect=reading.source.dialect,
        places=lambda: {
            (): reading.source.places[()],
            **{
                new: place
                for old, place in reading.source.places.items()
                for new in made.moved(old)
            },
        },
        flaws=reading.source.flaws,
        outer=reading.source,
    )
    problems = tuple(made.problem(problem) for problem in reading.problems)
    return replace(reading, source=source, problems=problems), made.arn


def complete(reading: Resolved) -> Resolved:
    """Return a policy with unknown resources where other code may add them to statements."""
    value = reading.source.value
    if not isinstance(value, dict) or "Statement" not in value:
        return reading
    given = value["Statement"]
    own = [_completed(item) for item in given] if isinstance(given, list) else _completed(given)
    source = _of_other_value(reading, {**value, "Statement": own}, lambda: reading.source.places)
    return replace(reading, source=source)


def _completed(statement: Value) -> Value:
    if not isinstance(statement, dict) or statement.keys() & {"Resource", "NotResource"}:
        return statement
    return {**statement, "Resource": Unknown("…")}


def wrap_statements(reading: Resolved, statements: Value) -> Resolved:
    """Return a policy of the statements that a reading consists of."""
    value: Value = {"Version": "2012-10-17", "Statement": statements}
    source = _of_other_value(
        reading,
        value,
        lambda: {
            **{("Statement", *to): place for to, place in reading.source.places.items()},
            (): reading.source.places[()],
        },
    )
    problems = [
        type(p)(p.fault, At(("Statement", *p.at.pointer), p.at.key, p.at.span), p.message, p.help)
        for p in reading.problems
    ]
    return replace(reading, source=source, problems=tuple(problems))


def _of_other_value(
    reading: Resolved, value: Value, places: Callable[[], Mapping[Pointer, Place]]
) -> Source:
    own = reading.source
    return Source(
        text=own.text,
        value=value,
        dialect=own.dialect,
        places=places,
        flaws=own.flaws,
        outer=own,
    )
