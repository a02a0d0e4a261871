"""A template: its resources, and what its names stand for."""

from __future__ import annotations

from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.conditions import Conditions
from iamlint.load.cloudformation.intrinsics import FOR_EACH, Text, scalar_text
from iamlint.load.cloudformation.loops import in_turn, opened
from iamlint.load.cloudformation.parameters import inputs_of, takes_value
from iamlint.load.cloudformation.references import arn_of, arn_shapes, name_of
from iamlint.load.cloudformation.resolve import MAX_DEPTH, NoValue, Resolver
from iamlint.records import dataclass
from iamlint.text.source import PSEUDO_PARAMETERS, Input, Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

MAX_TURNS: Final = 16
"""Turns of `Fn::ForEach` that are looked at one by one; of longer loops the variable is unknown."""

MAX_MADE: Final = 10_000_000
"""Characters that the functions of a template may make of it; what comes after is unknown."""

MAX_PENDING: Final = 4
"""Resources whose names are made of each other's; the name of a fifth is unknown."""

MAX_KEYS: Final = 64
"""Keys of a mapping that are compared where the key is unknown."""

NAME_DEPTH: Final = 20
"""Levels of functions in a name."""

_OUTPUTS: Final = "Outputs."


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource at `at`; `loops` holds the variables of the `Fn::ForEach` around it.

    `logical` is empty where the file that includes it gives the name. `is_global` for SAM's
    `Globals`, whose properties stand at `at` itself.
    """

    logical: str
    type: str
    at: Pointer
    properties: Mapping[str, Value]
    condition: str | None
    loops: Mapping[str, str | None]
    is_global: bool = False
    has_connectors: bool = False

    @property
    def given(self) -> Mapping[str, bool]:
        """The condition that the resource is made on."""
        return {self.condition: True} if self.condition else {}


@dataclass
class Template:
    """A template at `root` of a source.

    `is_native` when CloudFormation reads it as it is, and no other framework comes before.
    `is_fragment` when its members are the resources, or it is one itself, for others to include.
    `connected` names the sources of SAM's connectors, `path` is that of the file. `parameters` are
    the values that parameters are given, `decided` the conditions that they decide. A template that
    others nest has an `instance` for each time; a fragment has the names of its `includer`.
    `outputs` returns what a template that it nests gives back. One in a string has a `depth`.
    """

    source: Source
    root: Pointer
    value: Mapping[str, Value]
    is_native: bool = True
    is_fragment: bool = False
    connected: frozenset[str] = frozenset()
    path: str = ""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    decided: Mapping[str, bool] = field(default_factory=dict)
    instance: str = ""
    includer: Template | None = None
    outputs: Callable[[Template, Resource, str], Text | None] | None = None
    depth: int = 0
    made: int = 0
    _pending: int = 0
    _texts: dict[tuple[str, str], Text | None] = field(default_factory=dict)
    _unknown: dict[str, Unknown] = field(default_factory=dict)

    @cached_property
    def conditions(self) -> Conditions:
        definitions = dict(opened(self.section("Conditions"), self._turns))
        return Conditions(definitions, self.inputs, self.scope, self._known)

    @property
    def scope(self) -> str:
        """What the names of the template belong to."""
        if self.includer is not None:
            return self.includer.scope
        return f"{self.path}#{'/'.join(map(str, self.root))}{self.instance}"

    def inputs(self, name: str) -> tuple[Input, ...] | None:
        """Return what the user can give to decide a name; None where something else decides it."""
        declared = self.section("Parameters")
        if name in self.parameters:
            value = self.parameters[name]
            return inputs_of(value) or (None if isinstance(value, Unknown | Partial) else ())
        if self.instance or not takes_value(declared, name):
            return None
        return (Input(f"parameter {name}"),)

    def _known(self, value: Value) -> str | None:
        """Return what a value comes to by what the user gives, or is plain."""
        found = Resolver(self).resolve(value, ())
        text = None if isinstance(found, NoValue) else scalar_text(found)
        return text if isinstance(text, str) else None

    def take(self, parameters: Mapping[str, Value]) -> None:
        """Take the values of parameters, and decide the conditions that they decide."""
        self.parameters = parameters
        self.decided = self.conditions.decided()

    def section(self, name: str) -> Mapping[str, Value]:
        found = self.value.get(name)
        own = found if isinstance(found, dict) else {}
        return own if self.includer is None else {**self.includer.section(name), **own}

    def resources(self) -> Iterator[Resource]:
        """Yield resources in the order of the text, those of loops once a turn."""
        if self.is_fragment and (one := _resource("", self.value, self.root, {})):
            yield one
            return
        at = self.root if self.is_fragment else (*self.root, "Resources")
        for resource in self._resources(self.members(), at, {}):
            holds = self.decided.get(resource.condition or "")
            if holds is not False:
                yield replace(resource, condition=None) if holds else resource

    def members(self) -> Mapping[str, Value]:
        """Return the resources as they are written, by their logical names."""
        found = self.value if self.is_fragment else self.value.get("Resources")
        return found if isinstance(found, dict) else {}

    def _resources(
        self, members: Mapping[str, Value], at: Pointer, loops: Mapping[str, str | None]
    ) -> Iterator[Resource]:
        for name, value in members.items():
            if name.startswith(FOR_EACH):
                match value:
                    case [str(variable), items, dict(body)]:
                        for turn in self._turns(items, loops):
                            inside = {**loops, variable: turn}
                            yield from self._resources(body, (*at, name, 2), inside)
            elif found := _resource(in_turn(name, loops), value, (*at, name), loops):
                yield found

    def _turns(self, items: Value, loops: Mapping[str, str | None]) -> Sequence[str | None]:
        """Return what a loop runs over; what it holds is looked at even where it never turns.

        Inside another loop its variable stays unknown.
        """
        known = Resolver(self).resolve(items, ())
        if loops or not isinstance(known, list) or not 0 < len(known) <= MAX_TURNS:
            return (None,)
        return [item if isinstance(item, str) else None for item in known]

    def properties_of(self, logical: str) -> tuple[str, Mapping[str, Value]] | None:
        """Return the type and the properties of a resource."""
        resource = self.members().get(logical)
        if not isinstance(resource, dict):
            return self.includer.properties_of(logical) if self.includer else None
        type_, properties = resource.get("Type"), resource.get("Properties")
        return str(type_), properties if isinstance(properties, dict) else {}

    def reference(self, name: str) -> Text:
        """Return what `Ref` gives for a resource; of all other names nobody knows."""
        return self._remembered(name, "")

    def attribute(self, logical: str, attribute: str) -> Text:
        """Return what `Fn::GetAtt` gives."""
        return self._remembered(logical, attribute)

    def physical_name(self, logical: str) -> Text:
        """Return the name of a resource, which is what `Ref` gives for most types."""
        return self._remembered(logical, "@")

    def arn(self, logical: str) -> Text | None:
        """Return the ARN of a resource, as far as its type is known."""
        found = self._remembered(logical, "@arn")
        return None if isinstance(found, Unknown) else found

    def unknown(self, name: str) -> Unknown:
        """Return what a name of the template stands for, which has one value in all of it."""
        if name in self._unknown:
            return self._unknown[name]
        takes = takes_value(self.section("Parameters"), name)
        inputs = (Input(f"parameter {name}"),) if takes else ()
        identity = self.identity(name)
        found = Unknown(f"${{{name}}}", PSEUDO_PARAMETERS.get(name), identity, inputs)
        if identity is not None:  # one that has none equals nothing but itself
            self._unknown[name] = found
        return found

    def identity(self, name: str) -> str | None:
        """Return what is the same for each use of a name; None where a loop decides the name."""
        return None if "{" in name else f"{self.scope}:{name}"

    def _remembered(self, logical: str, attribute: str) -> Text:
        key = logical, attribute
        if key not in self._texts and self._pending < MAX_PENDING:
            self._pending += 1
            self._texts[key] = self._looked_up(logical, attribute)
            self._pending -= 1
        found = self._texts.get(key)
        return found or self.unknown(f"{logical}.{attribute}" if attribute else logical)

    def _looked_up(self, logical: str, attribute: str) -> Text | None:
        if attribute.startswith(_OUTPUTS):
            return self._output(logical, attribute.removeprefix(_OUTPUTS))
        found = self.properties_of(logical)
        shape = arn_shapes().get(found[0]) if found else None
        if found is None or shape is None:
            return None
        resolver = Resolver(self, depth=MAX_DEPTH - NAME_DEPTH)
        if attribute in (shape.get, "@arn") or (not attribute and shape.ref == "arn"):
            return arn_of(shape, logical, found[1], resolver.text, self.unknown)
        if attribute == "@" or (not attribute and shape.ref == "name"):
            return name_of(shape, logical, found[1], resolver.text, self.unknown)
        return None

    def _output(self, logical: str, name: str) -> Text | None:
        """Return what a nested template gives back."""
        at = (*self.root, "Resources", logical)
        nesting = _resource(logical, self.members().get(logical), at, {})
        return self.outputs(self, nesting, name) if self.outputs and nesting else None

    def find_in_map(self, keys: Sequence[Value]) -> list[Value]:
        """Return what `Fn::FindInMap` may give; a key that is not known may be any."""
        found: list[Value] = [dict(self.section("Mappings"))]
        for key in keys:
            maps = [node for node in found if isinstance(node, dict)]
            if not isinstance(key, str) and sum(len(node) for node in maps) > MAX_KEYS:
                return []
            if isinstance(key, str):
                found = [node[key] for node in maps if key in node]
            else:
                found = [value for node in maps for value in node.values()]
        return found

    def spend(self, characters: int) -> bool:
        """Tell whether so many more characters may be made."""
        self.made += characters
        return self.made <= MAX_MADE


def _resource(
    logical: str, value: object, at: Pointer, loops: Mapping[str, str | None]
) -> Resource | None:
    if not isinstance(value, dict) or not isinstance(type_ := value.get("Type"), str):
        return None
    properties, condition = value.get("Properties"), value.get("Condition")
    return Resource(
        logical,
        type_,
        at,
        properties if isinstance(properties, dict) else {},
        in_turn(condition, loops) if isinstance(condition, str) else None,
        loops,
        has_connectors="Connectors" in value,
    )
