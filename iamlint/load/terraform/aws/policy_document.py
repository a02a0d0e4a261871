"""The data source `aws_iam_policy_document`: the policy that its blocks describe.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.terraform.language.collection_functions import is_empty
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Json,
    Location,
    Member,
    Node,
    Object,
    String,
    as_string,
    as_strings,
    json_alone,
    known,
    name_of,
    plain,
    presence,
)
from iamlint.text.hcl.tree import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.terraform.language.block import Body, DocumentBody

TYPE: Final = "aws_iam_policy_document"

_SOURCES: Final = ("source_json", "source_policy_documents")
_OVERRIDES: Final = ("override_json", "override_policy_documents")
INCLUDING: Final = frozenset((*_SOURCES, *_OVERRIDES))
"""Attributes with documents that a data source includes."""

_ELEMENTS: Final = {
    "sid": "Sid",
    "effect": "Effect",
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
_TRANSLATED: Final = frozenset({"resources", "not_resources"})
_CONFLICTING: Final = (
    ("Action", "NotAction"),
    ("Resource", "NotResource"),
    ("Principal", "NotPrincipal"),
)
_PRINCIPALS: Final = {"principals": "Principal", "not_principals": "NotPrincipal"}


def policy_document(inside: DocumentBody) -> Object:
    """Return the policy of a data source, each part with its place."""
    members: dict[str, Member] = {}
    version = inside.member("version")
    members["Version"] = version or Member(None, plain("2012-10-17", inside.spot))
    policy_id = inside.member("policy_id")
    if policy_id and not _is_empty(policy_id.node):
        members["Id"] = Member(policy_id.key, as_string(policy_id.node))
    statements = Array(_merged(inside), inside.spot)
    members["Statement"] = Member(None, statements)
    return Object(members, inside.spot)


def _merged(inside: DocumentBody) -> list[Node]:
    """Return the statements in order: sources, own, overrides; a later one replaces its Sid.

    Two own statements with the same Sid are both kept, though the provider refuses them.
    """
    found: list[Node] = []
    for source in _documents(inside, *_SOURCES):
        found += _statements(inside, source)
    own: list[Node] = [statement(block) for block in inside.blocks("statement")]
    if more := inside.more("statement"):
        own.append(more)
    _merge(found, own, is_unique=True)
    overrides = _documents(inside, *_OVERRIDES)
    _merge(found, [node for one in overrides for node in _statements(inside, one)], is_unique=False)
    return found


def _merge(found: list[Node], more: list[Node], *, is_unique: bool) -> None:
    """Add statements; each replaces an earlier one with its Sid. `is_unique` keeps all of `more`.

    If a statement may not exist, it is unknown whether it or the one it would replace is there.
    """
    places: dict[str, int] = {}
    for index, node in enumerate(found):
        places.setdefault(_sid(node), index)
    for node in more:
        sid = _sid(node)
        index = places.get(sid, len(found)) if sid else len(found)
        if (given := _given(node)) and index < len(found):
            found[index] = _perhaps(found[index], given)
            index = len(found)
        found[index : index + 1] = [node]
        if is_unique:
            places.pop(sid, None)
        else:
            places[sid] = index


def _documents(inside: Body, single: str, several: str) -> Iterator[Node]:
    """Yield the given documents; the provider skips null and empty ones."""
    documents = [inside.get(single)]
    found = inside.get(several)
    documents += found.items if isinstance(found, Array) else [found]
    yield from (node for node in documents if node is not None and not is_empty(node))


def _statements(inside: DocumentBody, document: Node) -> list[Node]:
    """Return the statements of another document; an unknown document is one unknown statement."""
    policy = inside.decoded(document)
    if not isinstance(policy, Object):
        text = document.text if isinstance(document, Hidden) else "${…}"
        return [Hidden(text, document.spot)]
    member = policy.members.get("Statement")
    items = [] if member is None else _items(member.node)
    json = json_alone(document) if isinstance(document, String) else document
    given = json.given if isinstance(json, Json) else frozenset()
    if not inside.spend(len(items)):
        return [Hidden("${…}", document.spot)]
    return [_perhaps(item, presence(given, document.spot)) for item in items] if given else items


def _perhaps(node: Node, condition: Hidden) -> Node:
    """Return a statement that exists only if a condition is true."""
    if not isinstance(node, Object):
        return node
    member = _with_more(node.members.get("Condition"), condition)
    return node if member is None else replace(node, members={**node.members, "Condition": member})


def _given(node: Node) -> Hidden | None:
    """Return the open condition on which a statement exists; None if it surely does."""
    member = node.members.get("Condition") if isinstance(node, Object) else None
    found = member and (member.node.more if isinstance(member.node, Object) else member.node)
    return found if isinstance(found, Hidden) and found.presence else None


def _sid(node: Node) -> str:
    member = node.members.get("Sid") if isinstance(node, Object) else None
    return (known(member.node) or "") if member else ""


def statement(inside: Body) -> Object:
    members: dict[str, Member] = {}
    for name, element in _ELEMENTS.items():
        if (member := inside.member(name)) is not None and not _is_empty(member.node):
            node = as_strings(member.node)
            members[element] = Member(
                member.key, _translated(node) if name in _TRANSLATED else node
            )
    members.setdefault("Effect", Member(None, plain("Allow", inside.spot)))
    for type_, element in _PRINCIPALS.items():
        principals = _principals(list(inside.blocks(type_)))
        if (member := _with_more(principals, inside.more(type_))) is not None:
            members[element] = member
    condition = _condition(list(inside.blocks("condition")))
    if (member := _with_more(condition, inside.more("condition"))) is not None:
        members["Condition"] = member
    return Object(_without_null(members), inside.spot)


def _is_empty(node: Node) -> bool:
    """Return whether a node is an empty text or list, which the provider leaves out."""
    return known(node) == "" or (isinstance(node, Array) and node.whole and not node.items)


def _with_more(member: Member | None, more: Hidden | None) -> Member | None:
    """Return an element to which unknown blocks may be added."""
    if more is None:
        return member
    if member is None:
        return Member(None, more)
    node = member.node
    return replace(member, node=replace(node, more=more) if isinstance(node, Object) else node)


def _without_null(members: dict[str, Member]) -> dict[str, Member]:
    """Return members without unknown ones that would conflict with others: they must be null."""
    for one, other in _CONFLICTING:
        if one in members and other in members:
            if _is_open(members[other].node):
                del members[other]
            elif _is_open(members[one].node):
                del members[one]
    return members


def _is_open(node: Node) -> bool:
    if isinstance(node, Object):
        return node.more is not None or not all(m.is_named for m in node.members.values())
    return isinstance(node, Hidden)


def _principals(blocks: list[Body]) -> Member | None:
    """Return the principals of blocks by type; the type `*` means all, with any identifiers."""
    types: dict[str, Member] = {}
    given = [(block, block.get("type"), block.get("identifiers")) for block in blocks]
    several = any(_items(identifiers) for _, _, identifiers in given if identifiers)
    for block, type_, identifiers in given:
        if type_ is None or identifiers is None or (several and not _items(identifiers)):
            continue  # an empty list beside others is left unfilled
        items = _items(_translated(as_strings(identifiers)))
        name, is_named = name_of(type_)
        if name == "*" and [known(item) for item in items] == ["*"]:
            return Member(block.key, plain("*", items[0].spot))
        previous = _items(types[name].node) if name in types else []
        types[name] = Member(type_.spot, Array([*previous, *items], identifiers.spot), is_named)
    return Member(blocks[0].key, Object(types, blocks[0].spot)) if types else None


def _condition(blocks: list[Body]) -> Member | None:
    """Return the conditions of blocks by test and variable."""
    tests: dict[str, dict[str, Member]] = {}
    keys: dict[str, tuple[Location, bool]] = {}
    for block in blocks:
        test, variable, values = (block.get(name) for name in ("test", "variable", "values"))
        if test is None or variable is None or values is None:
            continue
        (operator, is_known), (name, is_named) = name_of(test), name_of(variable)
        keys.setdefault(operator, (test.spot, is_known))
        variables = tests.setdefault(operator, {})
        previous = _items(variables[name].node) if name in variables else []
        node = _translated(as_strings(values))
        if previous:
            node = Array([*previous, *_items(node)], values.spot)
        variables[name] = Member(variable.spot, node, is_named)
    if not tests:
        return None
    members = {
        operator: Member(spot, Object(tests[operator], spot), is_known)
        for operator, (spot, is_known) in keys.items()
    }
    return Member(blocks[0].key, Object(members, blocks[0].spot))


def _items(node: Node) -> list[Node]:
    return list(node.items) if isinstance(node, Array) else [node]


def _translated(node: Node) -> Node:
    """Return a node with `${aws:username}` for `&{aws:username}`, as only this data source does."""
    if isinstance(node, Array):
        return Array([_translated(item) for item in node.items], node.spot)
    if not isinstance(node, String):
        return node
    pieces = tuple(
        Chunk(piece.text.replace("&{", "${"), piece.offsets) if isinstance(piece, Chunk) else piece
        for piece in node.pieces
    )
    return String(pieces, node.spot)
