"""The `Conditions` of a template: what decides them, and which can hold together.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.cloudformation.intrinsics import IntrinsicCall, call_of
from iamlint.load.link import SourceCondition
from iamlint.load.serverless.variables import is_variable
from iamlint.policy.placeholder import with_unknowns
from iamlint.text.source import Input, Partial, Tagged, Unknown, Value, nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MAX_ATOMS: Final = 8
"""Comparisons that are tried in all combinations; with more, all may be true together."""

MAX_TRIED: Final = 4
"""Comparisons of one condition that are tried, to see whether it is always true or false."""

MAX_DEPTH: Final = 20
"""Conditions within conditions that are followed."""

_Atom: TypeAlias = tuple[str, str]
"""A comparison: texts that name a value, or give it."""

_LITERAL: Final = "="


@dataclass(eq=False)
class Conditions:
    """The conditions of one template; `scope` names it.

    `inputs` returns the inputs that decide a name, None where something else decides it. `known`
    returns the text of a value under the given values, None if they do not decide it. Both always
    return the same.
    """

    definitions: Mapping[str, Value]
    inputs: Callable[[str], tuple[Input, ...] | None]
    scope: str
    known: Callable[[Value], str | None]
    _texts: dict[int, str] = field(default_factory=dict)

    def condition(self, name: str, *, holds: bool) -> SourceCondition:
        return SourceCondition(name, self.scope, holds, self._inputs(name))

    def _inputs(self, name: str) -> tuple[Input, ...]:
        """Return the parameters that decide a condition; none where anything else does, too."""
        found: dict[Input, None] = {}
        for part in self._parts(name):
            if isinstance(part, Input):
                found[part] = None
            elif part.name not in _DECIDED:
                return ()
            elif part.name == "Ref":
                inputs = self.inputs(str(part.argument))
                if inputs is None:
                    return ()
                found.update(dict.fromkeys(inputs))
        return tuple(found)

    def _parts(self, name: str) -> Iterator[IntrinsicCall | Input]:
        """Yield the functions and placeholders in a condition and in the conditions it uses."""
        todo, met = [name], {name}
        while todo:
            definition = self.definitions.get(todo.pop())
            if definition is None:
                yield IntrinsicCall("", None, ())
            for node in nodes(definition):
                if (call := call_of(node, ())) is None:
                    inner = _named(node)
                    yield from _filled_in(node)
                else:
                    yield call
                    inner = str(call.argument) if call.name == "Condition" else None
                if inner is not None and inner not in met:
                    met.add(inner)
                    todo.append(inner)

    def decided(self) -> dict[str, bool]:
        """Return the conditions that have the same result for all values that are possible."""
        found = {name: self._decided(definition) for name, definition in self.definitions.items()}
        return {name: holds for name, holds in found.items() if holds is not None}

    def _decided(self, definition: Value) -> bool | None:
        """Return whether a condition is true, None where it is true for some values only."""
        atoms: dict[_Atom, None] = {}
        holds = self._truth(definition, atoms.setdefault)
        call = call_of(definition, ())
        if holds is not None or call is None or call.name not in _COMPOSED:
            return holds
        if len(atoms) > MAX_TRIED:
            return None
        truths = {self._truth(definition, choice.get) for choice in _choices(list(atoms))}
        return truths.pop() if len(truths) == 1 else None

    def are_consistent(self, given: Mapping[str, bool]) -> bool:
        """Return whether all conditions can have the given results at the same time."""
        if len(given) < 2 or not self.definitions:  # noqa: PLR2004 - together
            return True
        atoms: dict[_Atom, None] = {}
        for name in given:
            self._truth(self.definitions.get(name), atoms.setdefault)
        if len(atoms) > MAX_ATOMS:
            return True
        return any(
            all(
                self._truth(self.definitions.get(name), choice.get) in (None, holds)
                for name, holds in given.items()
            )
            for choice in _choices(list(atoms))
        )

    def _truth(
        self, value: Value, ask: Callable[[_Atom], bool | None], depth: int = 0
    ) -> bool | None:
        """Return whether a condition is true, None if unknown; `ask` decides comparisons."""
        call = call_of(value, ())
        name = _named(value) if call is None else None
        if call is not None and call.name == "Condition":
            name = str(call.argument)
        if depth > MAX_DEPTH:
            return None
        if name is not None:
            return self._truth(self.definitions.get(name), ask, depth + 1)
        items = call.argument if call and isinstance(call.argument, list) else []
        if call is None or not items:
            return None
        if call.name == "Fn::Equals":
            return self._equal(items, ask)
        truths = [self._truth(item, ask, depth + 1) for item in items]
        match call.name:
            case "Fn::Not":
                return None if truths[0] is None else not truths[0]
            case "Fn::And":
                return False if False in truths else None if None in truths else True
            case "Fn::Or":
                return True if True in truths else None if None in truths else False
        return None

    def _equal(self, items: Sequence[Value], ask: Callable[[_Atom], bool | None]) -> bool | None:
        one, other = sorted(map(self._text, items[:2])) if len(items) > 1 else ("", "")
        if one == other:
            return True
        if one.startswith(_LITERAL) and other.startswith(_LITERAL):
            return False
        return ask((one, other))

    def _text(self, value: Value) -> str:
        """Return the text of a compared value; INVARIANT: `definitions` keep the values alive."""
        if id(value) not in self._texts:
            known = self.known(value)
            self._texts[id(value)] = _text(value) if known is None else _literal(known)
        return self._texts[id(value)]


_COMPOSED: Final = frozenset({"Fn::And", "Fn::Or", "Fn::Not"})

_DECIDED: Final = frozenset(
    {
        *(
            "Ref",
            "Condition",
            "Fn::Equals",
            "Fn::Not",
            "Fn::And",
            "Fn::Or",
            "Fn::Sub",
            "Fn::Join",
        ),
        *("Fn::Select", "Fn::Split"),
    }
)
"""The functions whose value depends on parameters only."""


def _text(value: Value) -> str:
    """Return a text that is the same for equal values."""
    call = call_of(value, ())
    if call is None and not isinstance(value, dict | list | Tagged):
        return _literal(str(value))
    return f"{call.name} {call.argument!r}" if call else repr(value)


def _literal(text: str) -> str:
    """Return the text of a known value; another tool may replace a placeholder by any value."""
    return f"{_LITERAL}{text}" if with_unknowns(text) == text else text


def _filled_in(value: Value) -> Iterator[Input]:
    """Yield the placeholders of other tools; `${Name}` may be one of CloudFormation's own."""
    found = with_unknowns(value) if isinstance(value, str) else ""
    for part in found.parts if isinstance(found, Partial) else (found,):
        if isinstance(part, Unknown) and (
            not part.text.startswith("${") or is_variable(part.text[2:])
        ):
            yield Input(part.text)


def _choices(atoms: Sequence[_Atom]) -> Iterator[Mapping[_Atom, bool]]:
    """Yield the possible results of comparisons: one value cannot equal two literals."""
    for values in product((True, False), repeat=len(atoms)):
        choice = dict(zip(atoms, values, strict=True))
        same = [set(atom) for atom, holds in choice.items() if holds]
        literals = [
            sum(text.startswith(_LITERAL) for text in one | other)
            for number, one in enumerate(same)
            for other in same[:number]
            if one & other
        ]
        if all(count < 2 for count in literals):  # noqa: PLR2004 - two values
            yield choice


def _named(value: Value) -> str | None:
    """Return the condition that `Condition: Name` means inside of another."""
    match value:
        case {"Condition": str(name), **others} if not others:
            return name
    return None
