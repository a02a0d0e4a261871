"""Replaces intrinsic functions by their values; a value that only AWS knows stays unknown.

A parameter's default is only one possible value, so a parameter is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from iamlint.fast_dataclass import dataclass, field
from iamlint.late_pattern import late_pattern
from iamlint.load.cloudformation.intrinsics import (
    FOR_EACH,
    IntrinsicCall,
    Text,
    branches_of,
    call_of,
    length_of,
    references_in,
    scalar_text,
)
from iamlint.load.cloudformation.loops import in_turn
from iamlint.load.cloudformation.origin import NodeOrigin
from iamlint.load.cloudformation.unknown import InputNames, foreign, unknown_result, unknown_text
from iamlint.load.serverless.variables import START, is_variable
from iamlint.policy.at import At
from iamlint.policy.problem import GrammarFault, Problem
from iamlint.text.placeholder import placeholder_end
from iamlint.text.source import Partial, Unknown, Value, join_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from iamlint.text.span import Pointer

MAX_DEPTH: Final = 100
"""Levels of a policy that are resolved; deeper values are unknown."""

_LOOKUP: Final = 3
_SUFFIX: Final = late_pattern(r":[^:{}]+\Z|\A[^:{}]+:")
_POLICY_VARIABLE: Final = late_pattern(r"(?!AWS::)[A-Za-z][\w.-]*:[A-Za-z][\w:/.-]*(?: *,.*)?")


class NoValue:
    """The value of `AWS::NoValue`, which removes its member or item."""


NO_VALUE: Final = NoValue()


class Names(InputNames, Protocol):
    """The values of the names of a template, and a budget for the text that it makes.

    `is_native` when CloudFormation reads the template without another framework before it.
    `parameters` are the values that the user gives, `decided` the conditions that they decide.
    """

    is_native: bool
    parameters: Mapping[str, Value]
    decided: Mapping[str, bool]

    def reference(self, name: str) -> Text: ...

    def attribute(self, logical: str, attribute: str) -> Text: ...

    def find_in_map(self, keys: Sequence[Value]) -> list[Value]: ...

    def lacks(self, unknown: Unknown, delimiter: str) -> bool: ...

    def exported(self, name: Text) -> str | None: ...

    def spend(self, characters: int) -> bool: ...


@dataclass(slots=True)
class Resolver:
    """Resolves one value under given conditions, and records the origin of each part.

    `given` has the results of conditions, `loops` the variables of `Fn::ForEach` (None when not
    known). `expand` is applied to plain strings, for example in the text of an `Fn::Sub`.
    """

    template: Names
    given: Mapping[str, bool] = field(default_factory=dict)
    loops: Mapping[str, str | None] = field(default_factory=dict)
    expand: Callable[[Resolver, str, Pointer], Text] | None = None
    variables: Mapping[str, Value] = field(default_factory=dict)
    origins: dict[Pointer, NodeOrigin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    depth: int = 0
    found: dict[str, Value] = field(default_factory=dict)  # what the variables mean

    def resolve(self, value: Value, at: Pointer, to: Pointer = ()) -> Value | NoValue:
        """Return the resolved value at `at` of the template; `to` is its new place."""
        if isinstance(value, str) and self.expand is None:
            return self._piece(value, to)
        chosen, here = self.chosen(value, at)
        if here != at:
            self.origins[to] = NodeOrigin(here, key=at)
        if self.depth >= MAX_DEPTH:
            return Unknown("…")
        self.depth += 1
        try:
            return self._resolved(chosen, here, to)
        finally:
            self.depth -= 1

    def chosen(self, value: Value, at: Pointer) -> tuple[Value, Pointer]:
        """Return the value after every `Fn::If` whose condition is decided, and its place."""
        if isinstance(value, str):
            return value, at
        while branches := branches_of(call_of(value, at)):
            holds = self.given.get(
                branches.condition, self.template.decided.get(branches.condition)
            )
            if holds is None:
                break
            value, at = branches.branch(holds)
        return value, at

    def text(self, value: Value, to: Pointer = ()) -> Text:
        """Return a value as part of a string."""
        resolved = self.resolve(value, (), to)
        return Unknown("${…}") if isinstance(resolved, NoValue) else _written(resolved, "…")

    def _resolved(self, value: Value, at: Pointer, to: Pointer) -> Value | NoValue:
        call = call_of(value, at)
        if call is not None:
            if call.is_no_value:
                return NO_VALUE
            known = self.origins.get(to)
            self.origins[to] = NodeOrigin(at, key=known.key if known else at, whole=True)
            return self._called(call, to)
        if isinstance(value, dict):
            return self._object(value, at, to)
        if isinstance(value, list):
            return self._list(value, at, to)
        return self.text_of(value, to) if isinstance(value, str | Partial | Unknown) else value

    def _object(self, members: dict[str, Value], at: Pointer, to: Pointer) -> Value:
        found: dict[str, Value] = {}
        for name, value in members.items():
            if name.startswith(FOR_EACH) or name == "Fn::Transform":
                return Unknown(f"${{{name}}}")
            key = self._key(name, to)
            if key is None:
                return Unknown(name)
            if key != name:
                self.origins[*to, key] = NodeOrigin((*at, name), key=(*at, name))
            resolved = self.resolve(value, (*at, name), (*to, key))
            if key == "Sid" and type(resolved) is int:
                resolved = str(resolved)  # CloudFormation passes numbers on as strings
            if not isinstance(resolved, NoValue):
                found[key] = resolved
        return found

    def _key(self, name: str, to: Pointer) -> str | None:
        """Return the key of a member, such as `${Provider}:sub`; None if it is unknown."""
        if "{" not in name:
            return name
        key = self.text_of(name, (*to, name))
        if isinstance(key, Partial):
            key = "".join(p.text if isinstance(p, Unknown) else p for p in key.parts)
            return key if _SUFFIX.search(key) else None
        return key if isinstance(key, str) else None

    def _list(self, items: list[Value], at: Pointer, to: Pointer) -> list[Value]:
        """Return resolved items; a list that a condition chooses for one item is flattened."""
        found: list[Value] = []
        for index, item in enumerate(items):
            chosen, here = self.chosen(item, (*at, index))
            several = isinstance(chosen, list) and len(here) > len(at) + 1
            inner = chosen if several and isinstance(chosen, list) else [chosen]
            for number, value in enumerate(inner):
                place = (*here, number) if several else here
                target = (*to, len(found))
                if place != (*at, len(found)):
                    self.origins[target] = NodeOrigin(place, key=place)
                resolved = self.resolve(value, place, target)
                if isinstance(resolved, NoValue):
                    self.origins.pop(target, None)
                else:
                    found.append(resolved)
        return found

    def text_of(self, value: Text, to: Pointer) -> Text:
        if isinstance(value, str):
            return self._piece(value, to)
        return join_parts(
            self._piece(part, to) if isinstance(part, str) else unknown_text(part, self.template)
            for part in (value.parts if isinstance(value, Partial) else (value,))
        )

    def made(self, parts: Iterable[Text]) -> Text:
        """Return the concatenated texts, unknown when the budget of the template is spent."""
        texts = list(parts)
        within = self.template.spend(sum(length_of(text) for text in texts))
        return join_parts(texts) if within else Unknown("${…}")

    def _piece(self, text: str, to: Pointer) -> Text:
        if self.expand is not None:
            return self.expand(self, text, to)
        if not self.template.is_native:
            return join_parts(self._without_foreign(text))
        return in_turn(text, self.loops)

    def _without_foreign(self, text: str) -> Iterator[Text]:
        """Yield the pieces of a string around variables of Serverless Framework."""
        done = 0
        for found in START.finditer(text):
            end = placeholder_end(text, found.start()) if text[found.start()] == "$" else None
            end = end or text.find("}", found.start()) + 1
            if found.start() >= done and end:
                yield text[done : found.start()]
                yield foreign(text[found.start() : end], self.template)
                done = end
        yield text[done:]

    def _called(self, call: IntrinsicCall, to: Pointer) -> Value:
        method = _FUNCTIONS.get(call.name)
        found = method(self, call, to) if method else None
        if found is None and (self.loops or self.variables):
            return Unknown(call.written)
        return unknown_result(call, self.template) if found is None else found

    def _ref(self, call: IntrinsicCall, to: Pointer) -> Value:  # noqa: ARG002 - as all functions
        return self.named(call.argument) if isinstance(call.argument, str) else None

    def _get_att(self, call: IntrinsicCall, to: Pointer) -> Value:  # noqa: ARG002 - as all functions
        match call.argument:
            case [str(logical), str(attribute)]:
                return self.template.attribute(in_turn(logical, self.loops), attribute)
        return None

    def _import_value(self, call: IntrinsicCall, to: Pointer) -> Value:
        identity = self.template.exported(_written(self._argument(call.argument, to), "…"))
        return Unknown(call.written, identity=identity)

    def named(self, name: str) -> Value:
        """Return the value of a name in `Ref` or `${…}`."""
        if name in self.variables:
            return self._variable(name)
        if name in self.loops:
            item = self.loops[name]
            return Unknown(f"${{{name}}}") if item is None else item
        if name in self.template.parameters:
            return self.template.parameters[name]
        logical, dot, attribute = in_turn(name, self.loops).partition(".")
        return (
            self.template.attribute(logical, attribute) if dot else self.template.reference(logical)
        )

    def _variable(self, name: str) -> Value:
        if name not in self.found:
            inner = Resolver(self.template, self.given, self.loops, depth=self.depth)
            resolved = inner.resolve(self.variables[name], ())
            self.found[name] = None if isinstance(resolved, NoValue) else resolved
        return self.found[name]

    def _sub(self, call: IntrinsicCall, to: Pointer) -> Value:
        match call.argument:
            case str() | Partial() as text:
                return self._substituted(text, {}, to)
            case [str() | Partial() as text, dict(variables)]:
                return self._substituted(text, variables, to)
        return None

    def _substituted(
        self, text: str | Partial, variables: Mapping[str, Value], to: Pointer
    ) -> Text:
        inner = self.substituting(variables)
        found = inner.text_of(text, to)
        self.problems += inner.problems
        return found

    def substituting(self, variables: Mapping[str, Value]) -> Resolver:
        """Return a resolver for strings that are texts of an `Fn::Sub` with these variables."""
        return Resolver(
            self.template, self.given, self.loops, substitute, variables, depth=self.depth
        )

    def _join(self, call: IntrinsicCall, to: Pointer) -> Value:
        match call.argument:
            case [str(delimiter), items]:
                resolved = self._argument(items, to)
                if not isinstance(resolved, list):
                    return None
                texts = [_written(item, "…") for item in resolved]
                between = [part for text in texts for part in (delimiter, text)]
                return self.made(between[1:])
        return None

    def _argument(self, value: Value, to: Pointer) -> Value:  # noqa: ARG002 - as all functions
        inner = Resolver(self.template, self.given, self.loops, variables=self.variables)
        inner.depth = self.depth
        resolved = inner.resolve(value, ())
        self.problems += inner.problems
        return None if isinstance(resolved, NoValue) else resolved

    def _select(self, call: IntrinsicCall, to: Pointer) -> Value:
        match call.argument:
            case [index, items]:
                wanted, resolved = self._argument(index, to), self._argument(items, to)
                known = isinstance(wanted, int | str) and str(wanted).isdecimal()
                if known and isinstance(resolved, list) and int(str(wanted)) < len(resolved):
                    return resolved[int(str(wanted))]
        return None

    def _split(self, call: IntrinsicCall, to: Pointer) -> Value:
        match call.argument:
            case [str(delimiter), text] if delimiter:
                resolved = self._argument(text, to)
                if isinstance(resolved, Unknown) and self.template.lacks(resolved, delimiter):
                    return [resolved]
                if isinstance(resolved, str | Partial):
                    return list(self._pieces(resolved, delimiter))
        return None

    def _pieces(self, text: str | Partial, delimiter: str) -> Iterator[Text]:
        """Yield the pieces of a text; all are unknown after a part that may hold the delimiter."""
        piece: list[Text] = []
        for part in text.parts if isinstance(text, Partial) else (text,):
            if isinstance(part, str):
                *whole, last = part.split(delimiter)
                for end in whole:
                    yield join_parts((*piece, end))
                    piece = []
                piece.append(last)
            elif self.template.lacks(part, delimiter):
                piece.append(part)
            else:
                yield Unknown("…")
                return
        yield join_parts(piece)

    def _find_in_map(self, call: IntrinsicCall, to: Pointer) -> Value:
        if not isinstance(call.argument, list) or len(call.argument) < _LOOKUP:
            return None
        keys = [self._argument(key, to) for key in call.argument[:_LOOKUP]]
        found = self.template.find_in_map(keys)
        match call.argument[_LOOKUP:]:
            case [{"DefaultValue": default}]:
                is_sure = found and all(isinstance(key, str) for key in keys)
                found = found if is_sure else [*found, self._argument(default, to)]
        return found[0] if found and found[:1] * len(found) == found else None


def substitute(resolver: Resolver, text: str, to: Pointer) -> Text:
    """Return the text of an `Fn::Sub` with the values of its names."""
    return resolver.made(
        _looked_up(resolver, piece, to) if is_name else piece
        for piece, is_name in references_in(text)
    )


def _looked_up(resolver: Resolver, name: str, to: Pointer) -> Text:
    if is_policy_variable(name) and name not in resolver.variables:
        if resolver.template.is_native:
            resolver.problems.append(_taken_away(name, to))
        return f"${{{name}}}"
    return _written(resolver.named(name), name)


def _written(value: Value, name: str) -> Text:
    text = scalar_text(value)
    return Unknown(f"${{{name}}}") if text is None else text


def is_policy_variable(name: str) -> bool:
    """Return whether a name is a policy variable such as `aws:username`, not of the template."""
    return bool(_POLICY_VARIABLE.fullmatch(name)) and not is_variable(name)


def _taken_away(name: str, to: Pointer) -> Problem:
    return Problem(
        GrammarFault.SUBSTITUTED_VARIABLE,
        At(to),
        f"`Fn::Sub` looks for `{name}` in the template, so the deployment fails",
        f"write `${{!{name}}}`: it becomes `${{{name}}}` in the policy",
    )


_FUNCTIONS: Final[Mapping[str, Callable[[Resolver, IntrinsicCall, Pointer], Value]]] = {
    "Fn::ImportValue": Resolver._import_value,  # noqa: SLF001
    "Ref": Resolver._ref,  # noqa: SLF001 - a table of its own methods
    "Fn::GetAtt": Resolver._get_att,  # noqa: SLF001
    "Fn::Sub": Resolver._sub,  # noqa: SLF001
    "Fn::Join": Resolver._join,  # noqa: SLF001
    "Fn::Select": Resolver._select,  # noqa: SLF001
    "Fn::Split": Resolver._split,  # noqa: SLF001
    "Fn::FindInMap": Resolver._find_in_map,  # noqa: SLF001
}
