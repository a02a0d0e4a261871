"""One policy of a template, in every reading that its conditions allow.

Conditions are not decided, only kept consistent.
"""

from __future__ import annotations

from dataclasses import field
from itertools import product
from typing import TYPE_CHECKING, Final

from iamlint.load.assembled import assemble
from iamlint.load.cloudformation.intrinsics import Call, call_of, conditions_in
from iamlint.load.cloudformation.origin import Origin, derived
from iamlint.load.cloudformation.resolve import NoValue, Resolver, substituted
from iamlint.policy.at import At
from iamlint.records import dataclass
from iamlint.text.embed import embedded
from iamlint.text.source import Partial, Source, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.assembled import Form
    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.template import Template
    from iamlint.policy.problem import Problem
    from iamlint.text.span import Pointer

MAX_READINGS: Final = 16
"""Readings of one policy that are looked at."""

_PLACEHOLDER: Final = "\ue000"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a template where a policy stands, reached under `given` conditions."""

    at: Pointer
    value: Value
    given: Mapping[str, bool] = field(default_factory=dict)
    loops: Mapping[str, str | None] = field(default_factory=dict)
    variables: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a policy says in one case: `source.value`, written at `at` of the template."""

    source: Source
    at: Pointer
    given: Mapping[str, bool]
    problems: tuple[Problem, ...] = ()

    def when(self, loops: Mapping[str, str | None], own: str | None = None) -> str:
        """Return the case in words; what it is about is only there on its `own` condition."""
        given = {name: holds for name, holds in self.given.items() if name != own}
        cases = [name if holds else f"not {name}" for name, holds in given.items()]
        turns = [f"{name} is {item}" for name, item in loops.items() if item is not None]
        return " and ".join([*cases, *turns])

    def unknown(self) -> Iterator[tuple[Pointer, str]]:
        """Yield the statements, or all of the policy, that nobody can know."""
        value = self.source.value
        statements = value.get("Statement") if isinstance(value, dict) else None
        items = enumerate(statements) if isinstance(statements, list) else ()
        nodes: list[tuple[Pointer, Value]] = [((), value), (("Statement",), statements)]
        nodes += [(("Statement", index), item) for index, item in items]
        for to, node in nodes:
            if isinstance(node, Unknown | Partial):
                yield to, node.text if isinstance(node, Unknown) else str(node)


def readings(template: Template, spot: Spot, names: list[str] | None = None) -> Iterator[Reading]:
    """Yield the readings that differ; none if the policy is always taken away.

    `names` are its open conditions, for who knows them already.
    """
    seen: list[Value] = []
    for given in cases(spot, open_conditions(spot) if names is None else names):
        reading = _read(template, spot, given)
        if reading is None or reading.source.value in seen:
            continue
        seen.append(reading.source.value)
        yield reading


def open_conditions(spot: Spot) -> list[str]:
    """Return the conditions that a policy depends on, besides those on the way to it."""
    return [name for name in conditions_in(spot.value) if name not in spot.given]


def cases(spot: Spot, names: list[str]) -> Iterator[Mapping[str, bool]]:
    """Yield combinations of conditions, `MAX_READINGS` at most.

    Of too many come those in which all hold or none, then those in which one does not.
    """
    if are_all_read(names):
        for values in product((True, False), repeat=len(names)):
            yield {**spot.given, **dict(zip(names, values, strict=True))}
        return
    yield {**spot.given, **dict.fromkeys(names, True)}
    yield {**spot.given, **dict.fromkeys(names, False)}
    for name in names[: MAX_READINGS - 2]:
        yield {**spot.given, **dict.fromkeys(names, True), name: False}


def are_all_read(names: list[str]) -> bool:
    return 1 << len(names) <= MAX_READINGS


def _read(template: Template, spot: Spot, given: Mapping[str, bool]) -> Reading | None:
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
        return Reading(inner, at, given, tuple(resolver.problems))
    origin = Origin(at, key=at)
    resolved = resolver.resolve(value, at)
    if isinstance(resolved, NoValue):
        return None
    source = derived(template.source, resolved, resolver.origins, origin)
    return Reading(source, at, given, tuple(resolver.problems))


def _text(
    template: Template, resolver: Resolver, value: Value, at: Pointer, call: Call | None
) -> Source | None:
    """Read a policy that is written as a string; None if it is not written as one."""
    if call is None:
        is_text = isinstance(value, str | Partial)
        return embedded(template.source, at) if is_text else None
    match call:
        case Call("Fn::Sub", str() | Partial(), place):
            return _substituted(template, resolver, {}, place)
        case Call("Fn::Sub", [str() | Partial(), dict(variables)], place):
            return _substituted(template, resolver, variables, (*place, 0))
    made = resolver.resolve(value, at)
    return _made(template, resolver, made, at) if isinstance(made, str | Partial) else None


def _substituted(
    template: Template, resolver: Resolver, variables: Mapping[str, Value], at: Pointer
) -> Source | None:
    """Read JSON that stands in an `Fn::Sub`: first the JSON, then its strings, so places hold."""
    inner = embedded(template.source, at)
    if inner is None or not inner.readable:
        return inner
    return _expanded(resolver.substituting(variables), inner, resolver)


def _made(
    template: Template, resolver: Resolver, text: str | Partial, at: Pointer
) -> Source | None:
    """Read JSON that a function puts together; all of it stands where the function does."""
    unknown: list[Unknown] = []
    pieces: list[str] = []
    for piece in text.parts if isinstance(text, Partial) else (text,):
        if isinstance(piece, Unknown):
            pieces.append(f"${{{_PLACEHOLDER}{len(unknown)}}}")
            unknown.append(piece)
        else:
            pieces.append(piece)
    inner = embedded(template.source, at, "".join(pieces))
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
    return derived(
        inner,
        None if isinstance(value, NoValue) else value,
        expanding.origins,
        Origin((), key=()),
    )


def expanded_template(
    template: Template, spot: Spot, definition: Value, variables: Mapping[str, Value]
) -> Reading:
    """Return a policy that SAM makes of its template's name at `spot`; all of it stands there."""
    resolver = Resolver(template, spot.given, spot.loops, substituted, variables)
    value = resolver.resolve(definition, ())
    origin = Origin(spot.at, key=spot.at, whole=True, named=True)
    source = derived(template.source, None if isinstance(value, NoValue) else value, {}, origin)
    return Reading(source, spot.at, spot.given, tuple(resolver.problems))


def assembled(reading: Reading, form: Form, arn: str | None) -> tuple[Reading, str | None] | None:
    """Return the policy that properties amount to, and the ARN of the resource it is added to."""
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
    return Reading(source, reading.at, reading.given, problems), made.arn


def wrapped(reading: Reading, statements: Value) -> Reading:
    """Return the policy that consists of the statements which a reading holds bare."""
    value: Value = {"Version": "2012-10-17", "Statement": statements}
    source = Source(
        text=reading.source.text,
        value=value,
        dialect=reading.source.dialect,
        places=lambda: {
            **{("Statement", *to): place for to, place in reading.source.places.items()},
            (): reading.source.places[()],
        },
        flaws=reading.source.flaws,
        outer=reading.source,
    )
    problems = [
        type(p)(p.fault, At(("Statement", *p.at.pointer), p.at.key, p.at.span), p.message, p.help)
        for p in reading.problems
    ]
    return Reading(source, reading.at, reading.given, tuple(problems))
