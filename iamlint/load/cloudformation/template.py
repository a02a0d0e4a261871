"""A template: its resources, and the values of its names."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.cloudformation.conditions import Conditions
from iamlint.load.cloudformation.dynamic import without_dynamic
from iamlint.load.cloudformation.generated import generated_roles
from iamlint.load.cloudformation.intrinsics import FOR_EACH, Text, scalar_text
from iamlint.load.cloudformation.loops import in_turn, unroll
from iamlint.load.cloudformation.parameters import inputs_of, takes_value
from iamlint.load.cloudformation.references import (
    RANDOM,
    arn_shapes,
    extend_name,
    generate_name,
    name_of,
    with_name,
)
from iamlint.load.cloudformation.resolve import MAX_DEPTH, NoValue, Resolver
from iamlint.load.cloudformation.resources import Resource, resource_at
from iamlint.load.link import key_of_name, parts_of
from iamlint.text.source import PSEUDO_PARAMETERS, Input, Partial, Pseudo, Unknown, join_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.load.cloudformation.references import ArnShape
    from iamlint.load.link import SourceCondition
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

MAX_TURNS: Final = 16
"""Turns of `Fn::ForEach` that are evaluated; the variable of a longer loop is unknown."""

MAX_MADE: Final = 10_000_000
"""Characters that the functions of a template may generate; the results after that are unknown."""

MAX_PENDING: Final = 4
"""Resources whose names contain each other's; the name of a fifth is unknown."""

MAX_KEYS: Final = 64
"""Keys of a mapping that are compared if the key is unknown."""

NAME_DEPTH: Final = 20
"""Levels of functions in a name."""

_OUTPUTS: Final = "Outputs."
_OF_AWS: Final = "AWS::"
_STACK: Final = "stack in names"
_NAME: Final = "@"
_ARN: Final = "@arn"
_OF_ARNS: Final = frozenset({":", "/"})


@dataclass
class Template:
    """A template at `root` of a source.

    `is_native` when CloudFormation reads it without another framework before it. `is_fragment` when
    its members are the resources, or it is one resource itself, for others to include. `connected`
    names the sources of SAM's connectors, `path` is that of the file, `known_as` the one that
    identities have. `parameters` are the values that parameters are given, `decided` the conditions
    that they decide. A nested template has an `instance` for each nesting, which exists on the
    conditions `given`; a fragment has the names of its `includer`. `outputs` returns the outputs of
    the templates that it nests. A template in a string has a `depth`. `environment` holds the
    pseudo parameters that another file or template gives, `unnamed` logical ids of resources
    whose names AWS generates, by the identities of these names. When they are known, `returned` has
    keys of the values of `Outputs`, `attributes_returned` the outputs with a resource's attribute.
    """

    source: Source
    root: Pointer
    value: Mapping[str, Value]
    is_native: bool = True
    is_fragment: bool = False
    connected: frozenset[str] = frozenset()
    path: str = ""
    known_as: str = ""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    decided: Mapping[str, bool] = field(default_factory=dict)
    instance: str = ""
    includer: Template | None = None
    given: frozenset[SourceCondition] = frozenset()
    environment: Mapping[str, Text] = field(default_factory=dict)
    unnamed: dict[str, str] = field(default_factory=dict)
    outputs: Callable[[Template, Resource, str], Text | None] | None = None
    depth: int = 0
    made: int = 0
    _pending: int = 0
    _texts: dict[tuple[str, str], Text | None] = field(default_factory=dict)
    _unknown: dict[str, Unknown] = field(default_factory=dict)
    _resources_by_id: dict[str, Resource | None] = field(default_factory=dict)
    _every: tuple[Resource, ...] | None = None
    returned: frozenset[str | None] | None = None
    attributes_returned: Mapping[str, Mapping[str, None]] | None = None

    @cached_property
    def conditions(self) -> Conditions:
        definitions = dict(unroll(self.section("Conditions"), self._turns))
        return Conditions(definitions, self.inputs, self.scope, self._known)

    @cached_property
    def scope(self) -> str:
        """The scope of the names of the template."""
        if self.includer is not None:
            return self.includer.scope
        return f"{self.known_as}#{'/'.join(map(str, self.root))}{self.instance}"

    def inputs(self, name: str) -> tuple[Input, ...] | None:
        """Return the inputs that decide a name; None where something else decides it."""
        declared = self.section("Parameters")
        if name in self.parameters:
            value = self.parameters[name]
            return inputs_of(value) or (None if isinstance(value, Unknown | Partial) else ())
        if self.instance or not takes_value(declared, name):
            return None
        return (Input(f"parameter {name}"),)

    def _known(self, value: Value) -> str | None:
        """Return the text of a value that is plain or given by the user, None if unknown."""
        found = Resolver(self).resolve(value, ())
        text = None if isinstance(found, NoValue) else scalar_text(found)
        return text if isinstance(text, str) else None

    def take(self, parameters: Mapping[str, Value]) -> None:
        """Set the values of parameters, and decide the conditions that depend on them."""
        self.parameters = parameters
        self.decided = self.conditions.decided()
        self._every = None

    def section(self, name: str) -> Mapping[str, Value]:
        found = self.value.get(name)
        own = found if isinstance(found, dict) else {}
        return own if self.includer is None else {**self.includer.section(name), **own}

    def resources(self) -> Iterator[Resource]:
        """Yield the resources in the order of the text, those of loops once for each turn."""
        if self.is_fragment and (one := resource_at("", self.value, self.root, {})):
            yield one
            return
        if self._every is None:
            self._every = tuple(self._resources(self.members(), self._members_at, {}))
        for resource in self._every:
            holds = self.decided.get(resource.condition or "")
            if holds is not False:
                yield replace(resource, condition=None) if holds else resource

    @property
    def _members_at(self) -> Pointer:
        return self.root if self.is_fragment else (*self.root, "Resources")

    def members(self) -> Mapping[str, Value]:
        """Return the resources as written, by their logical ids."""
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
            elif found := resource_at(in_turn(name, loops), value, (*at, name), loops):
                yield found

    def _turns(self, items: Value, loops: Mapping[str, str | None]) -> Sequence[str | None]:
        """Return the items of a loop, at least one; only a few of a loop inside another."""
        known = Resolver(self, loops=loops).resolve(items, ())
        most = MAX_TURNS >> (len(loops) << 1)
        if None in loops.values() or not isinstance(known, list) or not 0 < len(known) <= most:
            return (None,)
        return [item if isinstance(item, str) else None for item in known]

    @cached_property
    def generated(self) -> Mapping[str, dict[str, Value]]:
        """The roles that SAM creates, by their logical ids."""
        return generated_roles(self.members(), self.section("Globals"))

    @cached_property
    def _of_loops(self) -> Mapping[str, Resource]:
        loops = {n: v for n, v in self.members().items() if n.startswith(FOR_EACH)}
        return {one.logical: one for one in self._resources(loops, self._members_at, {})}

    def resource_of(self, logical: str) -> Resource | None:
        """Return a resource by its logical id."""
        if logical not in self._resources_by_id:
            self._resources_by_id[logical] = self._resource_of(logical)
        return self._resources_by_id[logical]

    def _resource_of(self, logical: str) -> Resource | None:
        value = self.members().get(logical) or self.generated.get(logical)
        found = resource_at(logical, value, (*self._members_at, logical), {})
        if found is None and not isinstance(value, dict):
            found = self._of_loops.get(logical)
        return self.includer.resource_of(logical) if found is None and self.includer else found

    def reference(self, name: str) -> Text:
        """Return the value of `Ref` for a resource; unknown for all other names."""
        return self._remembered(name, "")

    def attribute(self, logical: str, attribute: str) -> Text:
        """Return the value of `Fn::GetAtt`."""
        return self._remembered(logical, attribute)

    def physical_name(self, logical: str) -> Text:
        """Return the physical name of a resource, the value of `Ref` for most types."""
        return self._remembered(logical, _NAME)

    def arn(self, logical: str) -> Text | None:
        """Return the ARN of a resource, as far as its type is known."""
        found = self._remembered(logical, _ARN)
        return None if isinstance(found, Unknown) else found

    def arn_of_named(self, shape: ArnShape, name: Text) -> Text:
        """Return the ARN of a resource of a type by its name."""
        key = key_of_name(name)
        end = Unknown("…", identity=None if key is None else f"{self.scope}: end of {key}")
        return with_name(shape.arn, extend_name(shape, name, end), "/", self.unknown)

    def logical_of(self, name: Text) -> str:
        """Return the logical id of the resource whose name AWS generates; empty if none."""
        return self.unnamed.get(key_of_name(name) or "", "")

    def lacks(self, unknown: Unknown, delimiter: str) -> bool:
        """Return whether an unknown value surely does not contain the delimiter.

        Names that AWS generates have letters, digits and hyphens.
        """
        if unknown.identity in self.unnamed:
            return not all(char.isalnum() or char == "-" for char in delimiter)
        return unknown.means is not None and delimiter in _OF_ARNS

    def exported(self, name: Text) -> str | None:
        """Return an identity shared by an export and its imports, None if its name is unknown."""
        parts = name.parts if isinstance(name, Partial) else (name,)
        given = {self.identity(pseudo): text for pseudo, text in self.environment.items()}
        known = [
            part if isinstance(part, str) else given.get(part.identity, part) for part in parts
        ]
        key = key_of_name(join_parts(known))
        return None if key is None else f"export {key}"

    def unknown(self, name: str) -> Unknown:
        """Return the unknown value of a name, the same in the whole template."""
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
        """Return an identity shared by all uses of a name; None where a loop decides the name."""
        return None if "{" in name else f"{self.scope}:{name}"

    def identified(self, text: Text, resource: Resource, value: Value) -> Text:
        """Return the text of `value`, with the same identity wherever a resource writes it so."""
        parts = parts_of(text)
        if all(isinstance(part, str) or part.identity is not None for part in parts):
            return text
        of = f"{self.scope}:{value!r} {resource.turn!r}"
        return join_parts(
            replace(part, identity=f"{of} {number}")
            if isinstance(part, Unknown) and part.identity is None
            else part
            for number, part in enumerate(parts)
        )

    @property
    def account(self) -> Text | None:
        """The account of the stack; None for the account of the file."""
        if self.includer is not None:
            return self.includer.account
        return self.environment.get("AWS::AccountId")

    def named(self, name: Text) -> Resource | None:
        """Return the resource with a name or an ARN."""
        return self._by_name.get(key_of_name(name) or "")

    @cached_property
    def _by_name(self) -> Mapping[str, Resource]:
        found: dict[str, Resource] = {}
        for one in (*self.resources(), *map(self.resource_of, self.generated)):
            if one is None or one.type not in arn_shapes():
                continue
            for name in (self.physical_name(one.logical), self.arn(one.logical)):
                if name is not None and (key := key_of_name(name)):
                    found[key] = one
        return found

    def implies(self, resource: Resource, condition: str) -> bool:
        """Return whether a condition is surely true where a resource is created."""
        if resource.condition == condition:
            return True
        goes = {resource.condition or "": True, condition: False}
        return resource.condition is not None and not self.conditions.are_consistent(goes)

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
        found = self.resource_of(logical)
        shape = arn_shapes().get(found.type) if found else None
        if found is None or shape is None:
            return None
        kind = attribute or {"name": _NAME, "arn": _ARN}.get(shape.ref, shape.ref)
        if kind == _NAME or kind in shape.also:
            return self._name(found, shape)
        if kind in (_ARN, shape.get):
            part = partial(self._part, found)
            return with_name(shape.arn, self._name(found, shape), self._path(found), part)
        if "${@}" in kind:
            return with_name(kind, self._name(found, shape), "/", self.unknown)
        if attribute:
            return None
        return Unknown(f"${{{logical}}}", identity=f"{self.scope}:Ref {logical}")

    def _name(self, found: Resource, shape: ArnShape) -> Text:
        """Return the name of a resource in its ARN."""
        known = self._texts.get((found.logical, _NAME))
        if known is None:
            known = self._texts[found.logical, _NAME] = self._named(found, shape)
        return known

    def _named(self, found: Resource, shape: ArnShape) -> Text:
        resolver = Resolver(self, loops=found.loops, depth=MAX_DEPTH - NAME_DEPTH)
        given = name_of(shape, found.properties, resolver.text)
        if given is not None:
            value = found.properties[shape.name or ""]
            name = self.identified(without_dynamic(given), found, value)
            return extend_name(shape, name, self.unknown(found.logical))
        return self._made(found, shape)

    def _made(self, found: Resource, shape: ArnShape) -> Text:
        """Return the name that AWS generates for a resource."""
        end = self.unknown(found.logical)
        if end.identity is None:
            end = replace(end, identity=f"{self.scope}:{found.turn!r}")
        stack = Unknown("${AWS::StackName}", Pseudo.STACK_NAME, f"{self.scope}:{_STACK}")
        name = generate_name(shape, found.logical, stack, end)
        for identity in (key_of_name(name), end.identity, stack.identity):
            self.unnamed.setdefault(str(identity), found.logical)
        return name

    def _part(self, found: Resource, name: str) -> Text:
        """Return a part of an ARN: a pseudo parameter or another property of the resource."""
        if name.startswith(_OF_AWS) or name == RANDOM:
            return self.unknown(f"{found.logical}.{name}" if name == RANDOM else name)
        resolver = Resolver(self, loops=found.loops, depth=MAX_DEPTH - NAME_DEPTH)
        value = found.properties.get(name)
        return self.identified(without_dynamic(resolver.text(value)), found, value)

    def _path(self, found: Resource) -> Text:
        path = found.properties.get("Path", "/")
        if isinstance(path, str):
            return path
        return join_parts(("/", Unknown("${Path}", identity=f"{self.scope}:{found.logical} path")))

    def _output(self, logical: str, name: str) -> Text | None:
        """Return the value of an output of a nested template."""
        at = (*self.root, "Resources", logical)
        nesting = resource_at(logical, self.members().get(logical), at, {})
        return self.outputs(self, nesting, name) if self.outputs and nesting else None

    def find_in_map(self, keys: Sequence[Value]) -> list[Value]:
        """Return the possible values of `Fn::FindInMap`; an unknown key may be any."""
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
        """Return whether the budget allows so many more characters."""
        self.made += characters
        return self.made <= MAX_MADE
