"""The instances of resources in a plan or a state.

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.load.terraform.language.address import step_of, unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

Key: TypeAlias = "str | int | None"
"""The key of an instance: `"eu"` of `for_each`, 0 of `count`."""

Step: TypeAlias = "tuple[str, Key]"
"""A name of an address, and the key after it."""

_STEP: Final = late_pattern(
    r"\.?([\w-]++)(\[(?:\"((?:[^\"\\]|\\.)*+)\"|(\d++))\])?+(?:\[[^\]]*+\])*+"
)


_OF_ROLES: Final = {
    "aws_iam_role_policy": "name",
    "aws_iam_role_policy_attachment": "policy_arn",
}


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """An instance with its attributes, which are at `at`; `unknown` mirrors them.

    `module` is the address of the instance of its module, `block` that of its resource in it.
    """

    address: str
    type: str
    module: str
    block: str
    key: Key
    at: Pointer
    values: Mapping[str, Value]
    unknown: Value = None
    is_data: bool = False
    provider: str = ""

    def text(self, name: str) -> str | None:
        """Return an attribute that is a known string; None for others."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None


def steps_of(address: str) -> list[Step]:
    """Return the names of an address with their keys; empty if the text is not an address."""
    found: list[Step] = []
    end = 0
    while end < len(address):
        match = _STEP.match(address, end)
        if match is None:
            return []
        end = match.end()
        name, _, text, number = match.groups()
        key: Key = None
        if text is not None:
            key = unquoted(text)
        elif number is not None:
            key = int(number)
        found.append((name, key))
    return found


def address_of(steps: list[Step]) -> str:
    return ".".join(name + shown(key) for name, key in steps)


def shown(key: Key) -> str:
    """Return a key in the notation of addresses."""
    return "" if key is None else step_of(key)


def split(steps: list[Step]) -> tuple[str, list[Step]]:
    """Return the address of a module, and the steps after it."""
    end = 0
    while end + 1 < len(steps) and steps[end] == ("module", None):
        end += 2
    return address_of(steps[:end]), steps[end:]


def instances(value: dict[str, Value], at: Pointer) -> Iterator[Instance]:
    """Yield the instances after the changes of a plan, or those of a state."""
    if "resource_changes" in value:
        for here, change in objects(value, "resource_changes", at):
            yield from _changed(change, here)
    elif "lineage" in value:
        yield from _of_state(value, at)
    else:
        name = "planned_values" if "planned_values" in value else "values"
        for here, values in objects(value, name, at):
            yield from of_module(values, here)


def objects(
    parent: dict[str, Value], name: str, at: Pointer
) -> Iterator[tuple[Pointer, dict[str, Value]]]:
    """Yield the object in a member, or the objects in its list."""
    value = parent.get(name)
    if isinstance(value, dict):
        yield (*at, name), value
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield (*at, name, index), item


def _changed(resource: dict[str, Value], at: Pointer) -> Iterator[Instance]:
    """Yield a resource after its change; a deleted one yields nothing.

    A resource that Terraform forgets remains in AWS.
    https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
    """
    for here, change in objects(resource, "change", at):
        actions = change.get("actions")
        if isinstance(actions, list) and "forget" in actions:
            for place, before in objects(change, "before", here):
                yield _instance(resource, place, before)
        for place, after in objects(change, "after", here):
            yield _instance(resource, place, after, change.get("after_unknown"))


def taken_away(value: dict[str, Value]) -> Iterator[tuple[str, str]]:
    """Yield the roles from which a plan removes a policy, with its ARN, or its name."""
    for _, change in objects(value, "resource_changes", ()):
        names = _OF_ROLES.get(_text(change, "type") or "")
        match change.get("change"):
            case {"actions": list(actions), "before": dict(before)} if names:
                role, policy = before.get("role"), before.get(names)
                if "delete" in actions and isinstance(role, str) and isinstance(policy, str):
                    yield role, policy


def of_module(values: dict[str, Value], at: Pointer) -> Iterator[Instance]:
    """Yield the instances of a module and of those that it calls."""
    todo = list(objects(values, "root_module", at))
    while todo:
        here, module = todo.pop()
        for place, resource in objects(module, "resources", here):
            for inner, attributes in objects(resource, "values", place):
                yield _instance(resource, inner, attributes)
        todo += reversed(list(objects(module, "child_modules", here)))


def _of_state(value: dict[str, Value], at: Pointer) -> Iterator[Instance]:
    """Yield the instances of a state file of version 4."""
    for here, resource in objects(value, "resources", at):
        for place, instance in objects(resource, "instances", here):
            key = instance.get("index_key")
            for inner, attributes in objects(instance, "attributes", place):
                yield _instance({**resource, "index": key}, inner, attributes)


def _instance(
    resource: dict[str, Value], at: Pointer, values: dict[str, Value], unknown: Value = None
) -> Instance:
    type_ = _text(resource, "type") or ""
    is_data = resource.get("mode") == "data"
    address = _text(resource, "address") or _address(resource, type_, is_data=is_data)
    module, own = split(steps_of(address))
    key = own[-1][1] if own else None
    block = ".".join(name for name, _ in own) or address
    provider = _text(resource, "provider") or _text(resource, "provider_name") or ""
    return Instance(
        address, type_, module, block, key, at, values, unknown, is_data=is_data, provider=provider
    )


def _address(resource: dict[str, Value], type_: str, *, is_data: bool) -> str:
    """Return the address of an instance of a state."""
    names = (_text(resource, "module"), "data" if is_data else None, type_)
    index = resource.get("index")
    key = index if isinstance(index, str | int) else None
    name = (_text(resource, "name") or "") + shown(key)
    return ".".join(part for part in (*names, name) if part)


def _text(values: Mapping[str, Value], name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) else None
