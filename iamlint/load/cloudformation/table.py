"""The table of properties that hold policies, and the way to the nodes that its paths name."""

from __future__ import annotations

import json
import pathlib
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.cloudformation.intrinsics import branches_of, call_of
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

Path: TypeAlias = tuple[str, ...]
"""Names of properties; `*` is any item of a list or member of an object."""


@dataclass(frozen=True, slots=True)
class Row:
    """One property that holds policies; without a path, properties that together are one policy.

    `attached` is the type of the resource that has the policy, `target` the property that names it.
    `kinds` gives the kind by the property at `discriminator`; with other values it is not an IAM
    policy.
    """

    path: Path
    kind: Kind
    name: Path = ()
    shape: str = "document"
    attached: str | None = None
    target: Path = ()
    discriminator: str | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PropertyTable:
    """Rows by type, and paths by type: managed policies, boundaries, look-alikes."""

    rows: Mapping[str, tuple[Row, ...]]
    managed: Mapping[str, tuple[Path, ...]]
    boundaries: Mapping[str, tuple[Path, ...]]
    not_iam: Mapping[str, tuple[Path, ...]]


@cache
def table() -> PropertyTable:
    data = json.loads(pathlib.Path(__file__).with_name("paths.json").read_text(encoding="utf-8"))
    rows: dict[str, tuple[Row, ...]] = {}
    for entry in data["documents"]:
        rows[entry["type"]] = (*rows.get(entry["type"], ()), _row(entry))
    return PropertyTable(
        rows, *(_paths(data[name]) for name in ("managed", "boundaries", "not_iam"))
    )


def _row(entry: Mapping[str, str]) -> Row:
    kinds: Mapping[str, str] = entry.get("kinds") or {}  # type: ignore[assignment]  # the only object
    return Row(
        _path(entry.get("path", "")),
        Kind(entry["kind"]),
        name=_path(entry.get("name", "")),
        shape=entry.get("shape", "document"),
        attached=entry.get("attached"),
        target=_path(entry.get("target", "")),
        discriminator=entry.get("discriminator"),
        kinds={name: Kind(kind) for name, kind in kinds.items()},
    )


def _paths(entries: list[Mapping[str, str]]) -> dict[str, tuple[Path, ...]]:
    found: dict[str, tuple[Path, ...]] = {}
    for entry in entries:
        found[entry["type"]] = (*found.get(entry["type"], ()), _path(entry["path"]))
    return found


def _path(text: str) -> Path:
    return tuple(text.split("/")) if text else ()


@dataclass(frozen=True, slots=True)
class Reached:
    """A node that a path leads to, under the conditions of the `Fn::If`s on the way.

    `parent` is what it is a member of. `blocked` names the function behind which the rest of the
    way is hidden.
    """

    at: Pointer
    value: Value
    given: Mapping[str, bool]
    parent: Mapping[str, Value] = field(default_factory=dict)
    blocked: str | None = None


def reach(start: Reached, path: Path) -> Iterator[Reached]:
    """Yield the nodes at a path in each condition, without those that `AWS::NoValue` removes."""
    if not path:
        yield start
        return
    step, rest = path[0], path[1:]
    for node in split_by_condition(start):
        if node.blocked:
            yield node
            continue
        for child in _children(node, step):
            yield from reach(child, rest)


def split_by_condition(node: Reached) -> Iterator[Reached]:
    """Yield the value of a node under each condition."""
    todo = [node]
    while todo:
        here = todo.pop()
        call = call_of(here.value, here.at)
        if branches := branches_of(call):
            for holds in (False, True):
                if here.given.get(branches.condition, holds) is holds:
                    value, at = branches.branch(holds)
                    given = {**here.given, branches.condition: holds}
                    todo.append(Reached(at, value, given, here.parent))
        elif call is None:
            yield here
        elif not call.is_no_value:
            yield Reached(here.at, here.value, here.given, here.parent, blocked=call.written)


def _children(node: Reached, step: str) -> Iterator[Reached]:
    value = node.value
    if isinstance(value, list) and step == "*":
        yield from _items(node, value)
    elif isinstance(value, dict):
        names = list(value) if step == "*" else [step]
        for name in names:
            if name in value:
                yield Reached((*node.at, name), value[name], node.given, value)


def _items(node: Reached, items: list[Value]) -> Iterator[Reached]:
    """Yield items; a list that a condition chooses for one item is flattened."""
    for index, item in enumerate(items):
        child = Reached((*node.at, index), item, node.given)
        if branches_of(call_of(item, child.at)) is None:
            yield child
            continue
        for choice in split_by_condition(child):
            if isinstance(choice.value, list) and not choice.blocked:
                yield from _items(choice, choice.value)
            else:
                yield choice
