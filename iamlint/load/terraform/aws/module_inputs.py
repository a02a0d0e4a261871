"""The inputs of modules of the registry that take statements, and their form.

Statements have the names of `aws_iam_policy_document`, as members of objects in a list or a map, or
those of a resource that adds one statement, such as `aws_lambda_permission`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.load.permissions import forms
from iamlint.load.terraform.aws.policy_document import statement
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Member,
    Object,
    Scalar,
    hidden,
    known,
    plain,
)
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.terraform.language.block import Inside
    from iamlint.load.terraform.language.node import Location, Node

# https://developer.hashicorp.com/terraform/language/modules/sources
_REPOSITORY: Final = late_pattern(
    r"(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]([\w-]+)/terraform-([a-z]+)-([\w-]+?)"
    r"(?:\.git)?(//[\w/-]+)?(?:\?.*)?"
)
_REGISTRY: Final = late_pattern(r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?([^?]+)(?:\?.*)?")
_FORKED: Final = ("terraform-aws-modules", "cloudposse")
_ACTIONS: Final = frozenset({"actions", "not_actions", "Action", "NotAction"})
_SCOPE: Final = frozenset(
    {
        *("resources", "not_resources", "principals", "effect"),
        *("Resource", "NotResource", "Principal", "Effect"),
    }
)
# Members of a permission of Lambda: these alone may be anything.
_PERMISSION: Final = frozenset({"principal", "action"})
DOCUMENT: Final = "document"
_OTHER_NAMES: Final = {"condition": "conditions"}


@dataclass(frozen=True, slots=True)
class ModuleInput:
    """An input of a module; without the input `switch`, the statements have no effect.

    With `statements`, the input is a policy that has a member of this name, or a list of policies.
    `shape` is that of each item, if the items are not statements of one policy.
    """

    kind: Kind
    attached: str | None = None
    switch: str | None = None
    statements: str | None = None
    shape: str = DOCUMENT


@cache
def inputs() -> Mapping[tuple[str, str], ModuleInput]:
    """Return the inputs by module and name."""
    entries = json.loads(Path(__file__).with_name("modules.json").read_text(encoding="utf-8"))
    return {
        (entry["module"], entry["input"]): ModuleInput(
            Kind(entry["kind"]),
            entry.get("attached"),
            entry.get("switch"),
            entry.get("statements"),
            entry.get("shape", DOCUMENT),
        )
        for entry in entries["inputs"]
    }


def module_of(source: str) -> str:
    """Return the name of a module in the registry, also for its repository as source."""
    if match := _REPOSITORY.fullmatch(source):
        owner, provider, name, inner = match.groups(default="")
        return f"{owner}/{name}/{provider}{inner}"
    match = _REGISTRY.fullmatch(source)
    return match[1] if match else source


def input_of(source: str, name: str) -> ModuleInput | None:
    """Return the row of an input of a module; a fork has the inputs of the module of its name."""
    module = module_of(source)
    found = inputs().get((module, name))
    if found is None and _REPOSITORY.fullmatch(source):
        _, _, own = module.partition("/")
        forked = (inputs().get((f"{owner}/{own}", name)) for owner in _FORKED)
        found = next(filter(None, forked), None)
    return found


def is_off(inside: Inside, given: ModuleInput) -> bool:
    """Return whether an input has no effect, because its switch is off."""
    if given.switch is None:
        return False
    node = inside.get(given.switch)
    return node is None or (isinstance(node, Scalar) and node.value is not True)


def policies(node: Node, given: ModuleInput) -> Iterator[Node]:
    """Yield the policies of an input's value; an unknown policy is hidden."""
    if given.shape != DOCUMENT:
        items = _values(node) if isinstance(node, Array | Object) else [node]
        yield from (_permission(item, given.shape) for item in items)
        return
    if given.statements is None:
        yield _policy(node, given)
        return
    is_policy = isinstance(node, Object) and given.statements in node.members
    is_list = isinstance(node, Array | Object) and not is_policy
    for item in _values(node) if is_list else [node]:
        member = item.members.get(given.statements) if isinstance(item, Object) else None
        yield item if member is None else _policy(member.node, given)


def _policy(node: Node, given: ModuleInput) -> Node:
    if not isinstance(node, Array | Object):
        return node if isinstance(node, Hidden) else hidden(node.spot)
    statements = [_statement(item, given) for item in _values(node)]
    if isinstance(node, Array) and not node.whole:
        statements.append(hidden(node.spot))
    members = {
        "Version": Member(None, plain("2012-10-17", node.spot)),
        "Statement": Member(None, Array(statements, node.spot)),
    }
    return Object(members, node.spot)


def _statement(node: Node, given: ModuleInput) -> Node:
    if not isinstance(node, Object) or not all(m.is_named for m in node.members.values()):
        return node if isinstance(node, Hidden) else hidden(node.spot)
    made = statement(StatementObject(node))
    names = made.members.keys()
    if given.kind is not Kind.RESOURCE or names & {"Resource", "NotResource"}:
        return made
    # Several modules name the resource that they create.
    own = Member(None, Hidden("${…}", node.spot))
    return Object({**made.members, "Resource": own}, made.spot, made.more)


def _permission(node: Node, shape: str) -> Node:
    """Return the elements of a statement that the module for Lambda adds to its function.

    https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws/latest?tab=inputs
    """
    if not isinstance(node, Object) or not all(m.is_named for m in node.members.values()):
        return node if isinstance(node, Hidden) else hidden(node.spot)
    item = StatementObject(node)
    members = {n: m for n in forms()[shape].elements if (m := item.member(n)) is not None}
    if "principal" not in members:
        service = item.member("service")
        name = known(service.node) if service else ""
        spot = service.node.spot if service else node.spot
        host = hidden(spot) if name is None else plain(f"{name}.amazonaws.com", spot)
        members["principal"] = Member(service.key if service else None, host)
    if "action" not in members:
        members["action"] = Member(None, plain("lambda:InvokeFunction", node.spot))
    return Object(members, node.spot)


def _values(node: Node) -> list[Node]:
    """Return the items of a list, or the values of a map."""
    if isinstance(node, Array):
        return list(node.items)
    if isinstance(node, Object):
        return [member.node for member in node.members.values()]
    return []


def is_statement(node: Node) -> bool:
    """Return whether an object has the members of a statement."""
    names = node.members.keys() if isinstance(node, Object) else frozenset()
    return bool(_ACTIONS & names and _SCOPE & names) or names >= _PERMISSION


@dataclass(frozen=True, slots=True)
class StatementObject:
    """An object with the members that a block has, as a block."""

    node: Object

    @property
    def spot(self) -> Location:
        return self.node.spot

    @property
    def key(self) -> Location:
        return self.node.spot

    def get(self, name: str) -> Node | None:
        member = self.member(name)
        return member.node if member else None

    def member(self, name: str) -> Member | None:
        member = self.node.members.get(name) or self.node.members.get(_OTHER_NAMES.get(name, name))
        if member is None:
            return None
        node = member.node
        is_null = isinstance(node, Scalar) and node.value is None
        is_lacking = isinstance(node, Hidden) and node.fails
        return None if is_null or is_lacking else Member(member.key or node.spot, node)

    def blocks(self, type_: str) -> Iterator[StatementObject]:
        for node in _values(self.get(type_) or Array([], self.spot)):
            if isinstance(node, Object):
                yield StatementObject(node)

    def more(self, type_: str) -> Hidden | None:
        node = self.get(type_)
        if isinstance(node, Hidden):
            return node
        is_whole = not isinstance(node, Array) or node.whole
        unknown = next((n for n in _values(node) if isinstance(n, Hidden)), None) if node else None
        return unknown if is_whole or node is None else hidden(node.spot)
