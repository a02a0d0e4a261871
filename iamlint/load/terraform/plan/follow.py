"""Follows the references of a plan's configuration to the instances that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.terraform.plan.configuration import EACH_VALUE, Site, members, references
from iamlint.load.terraform.plan.instances import address_of, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.load.terraform.plan.configuration import Configuration, Members
    from iamlint.load.terraform.plan.instances import Instance, Key, Step
    from iamlint.text.source import Value

_T = TypeVar("_T")

_DEPTH: Final = 32
_INSTANCES: Final = 64
# References with a value that is known when the plan is created.
_KNOWN: Final = frozenset({"path", "terraform", "self", "each", "count"})
_KEYS: Final = ([("each", None), ("key", None)], [("count", None), ("index", None)])
# References that may choose an instance beside the key of the resource itself.
_CHOOSE: Final = frozenset({"local", "var", "each"})


@dataclass(frozen=True, slots=True)
class Referred:
    """An attribute of an instance that a reference leads to; empty if it does not name one.

    It `is_loose` if the reference does not name the instance of the resource.
    """

    instance: Instance
    attribute: str = ""
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """The possible values of an expression by its references; `whole` if these are all."""

    reached: tuple[Referred, ...] = ()
    whole: bool = True

    def rest(self, key: Key, steps: Sequence[Step]) -> Ways:
        """Return these ways with the rest of a reference applied: a key, then attributes."""
        found = self.reached
        keys = [one for one in (key, *(step for _, step in steps)) if one is not None]
        if keys and any(one.instance.key == keys[0] for one in found):
            found = tuple(
                replace(one, is_loose=False) for one in found if one.instance.key == keys[0]
            )
        if steps:
            name = steps[-1][0]
            found = tuple(one if one.attribute else replace(one, attribute=name) for one in found)
        return replace(self, reached=found)


_OPEN: Final = Ways(whole=False)


class Follower:
    """Follows references among the instances of a plan; each takes one of `left` steps."""

    def __init__(
        self, configuration: Configuration, instances: Iterable[Instance], left: int
    ) -> None:
        self.configuration = configuration
        self.left = left
        self._instances: dict[tuple[str, str], dict[Key, Instance]] = {}
        self._children: dict[tuple[str, str], dict[Key, str]] = {}
        for instance in instances:
            same = self._instances.setdefault((instance.module, instance.block), {})
            same[instance.key] = instance
        for module in {module for module, _ in self._instances}:
            self._note(steps_of(module))

    def _note(self, steps: list[Step]) -> None:
        """Note an instance of a module, and its callers."""
        while steps:
            name, key = steps[-1]
            parent = address_of(steps[:-2])
            self._children.setdefault((parent, name), {})[key] = address_of(steps)
            steps = steps[:-2]

    def of(self, instance: Instance, attribute: str) -> Ways:
        """Return the ways of the expression of an attribute, or of one in nested blocks: `a.b`."""
        block = self._block(instance)
        found = [members(block, "expressions").get(attribute)]
        if "." in attribute:
            found = list(_nested(dict(members(block, "expressions")), attribute.split(".")))
        where = Site(instance.module, block, instance.key, instance.values)
        every = [self._ways(one, where, 0) for one in found if one is not None]
        return _joined(every) if every else _OPEN

    def has(self, instance: Instance, attribute: str) -> bool:
        """Return whether the configuration has an attribute."""
        return attribute in members(self._block(instance), "expressions")

    def is_left_to_aws(self, instance: Instance, attribute: str) -> bool:
        """Return whether the configuration leaves an attribute to AWS, which has no policy there.

        The provider then marks an attribute that it may read back as known after apply.
        """
        return bool(self._block(instance)) and not self.has(instance, attribute)

    def _block(self, instance: Instance) -> Members:
        return self.configuration.block(instance.module, instance.block)

    def _ways(self, expression: Value, where: Site, depth: int) -> Ways:
        if self.left < 0:
            return _OPEN
        every = list(references(expression))
        keys = [*_KEYS, EACH_VALUE] if EACH_VALUE in every and where.is_of_set() else _KEYS
        heads = {steps[0][0] for steps in every if steps and steps not in keys}
        is_by_key = any(steps in keys for steps in every) and not _CHOOSE & heads
        key = where.key if is_by_key else None
        rest = [steps for steps in every if steps not in keys]
        return _joined([self._way(steps, key, where, depth) for steps in rest])

    def _way(self, steps: list[Step], key: Key, where: Site, depth: int) -> Ways:
        self.left -= 1
        if self.left < 0 or depth > _DEPTH:
            return _OPEN
        match steps:
            case [("each", _), ("value", _), *rest]:
                expression = where.block.get("for_each_expression")
                found = self._ways(expression, Site(where.module, {}, where.key), depth + 1)
                return found.rest(where.key, rest)
            case [("var", _), (name, own), *rest]:
                return self._variable(name, where, depth).rest(_first(own, key), rest)
            case [("module", _), (name, own), *rest]:
                children = self._children.get((where.module, name), {})
                return self._outputs(_chosen(children, own, key), rest, depth)
            case [("data", _), (type_, _), (name, own), *rest]:
                return self._resource(where.module, f"data.{type_}.{name}", own, key, rest)
            case [(head, _), *_] if head in _KNOWN:
                return Ways()
            case [(type_, _), (name, own), *rest] if type_ != "local":
                return self._resource(where.module, f"{type_}.{name}", own, key, rest)
        return _OPEN

    def _variable(self, name: str, where: Site, depth: int) -> Ways:
        """Return the ways of the argument for a variable; those of the root module are known."""
        call = self.configuration.call(where.module)
        if call is None:
            return Ways()
        return self._ways(members(call.block, "expressions").get(name), call, depth + 1)

    def _outputs(self, modules: list[str], rest: list[Step], depth: int) -> Ways:
        """Return the ways of an output of a module, or of all its outputs."""
        if len(modules) > _INSTANCES:
            return _OPEN
        found = []
        for module in modules:
            where = Site(module, {}, None)
            outputs = self.configuration.outputs(module)
            names = [rest[0][0]] if rest else list(outputs)
            for name in names:
                expression = members(outputs, name).get("expression")
                ways = self._ways(expression, where, depth + 1)
                found.append(ways.rest(rest[0][1], rest[1:]) if rest else ways)
        return _loosened(_joined(found)) if len(modules) > 1 else _joined(found)

    def _resource(self, module: str, block: str, own: Key, key: Key, rest: list[Step]) -> Ways:
        every = self._instances.get((module, block), {})
        chosen = _chosen(every, own, key)
        if len(chosen) > _INSTANCES:
            return _OPEN
        self.left -= len(chosen)
        name = rest[-1][0] if rest else ""
        return Ways(tuple(Referred(one, name, len(chosen) > 1) for one in chosen))


def _nested(value: Value, path: list[str]) -> Iterator[Value]:
    """Yield the expressions at a path of nested blocks; one may be for all inside."""
    if isinstance(value, list):
        for item in value:
            yield from _nested(item, path)
    elif isinstance(value, dict) and path and path[0] in value:
        yield from _nested(value[path[0]], path[1:])
    elif isinstance(value, dict) and (not path or "references" in value):
        yield value


def _first(own: Key, key: Key) -> Key:
    return key if own is None else own


def _chosen(every: Mapping[Key, _T], own: Key, key: Key) -> list[_T]:
    """Return the instance of a key, or all possible ones."""
    if own is not None:
        return [every[own]] if own in every else []
    if key is not None and key in every:
        return [every[key]]
    return list(every.values())


def _joined(found: Sequence[Ways]) -> Ways:
    reached = dict.fromkeys(one for ways in found for one in ways.reached)
    return Ways(tuple(reached), all(ways.whole for ways in found))


def _loosened(ways: Ways) -> Ways:
    return replace(ways, reached=tuple(replace(one, is_loose=True) for one in ways.reached))
