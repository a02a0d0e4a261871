"""The data source `aws_iam_policy_document`: its blocks as the policy that they come to.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from iamlint.load.terraform.evaluate import pairs_of
from iamlint.load.terraform.node import (
    Array,
    Hidden,
    Member,
    Node,
    Object,
    Scalar,
    Spot,
    String,
    known,
    plain,
)
from iamlint.text.hcl_tree import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.terraform.evaluate import Evaluator
    from iamlint.text.hcl_tree import Block

TYPE: Final = "aws_iam_policy_document"

_ELEMENTS: Final = {
    "sid": "Sid",
    "effect": "Effect",
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
_TRANSLATED: Final = frozenset({"resources", "not_resources"})
_PRINCIPALS: Final = {"principals": "Principal", "not_principals": "NotPrincipal"}


@dataclass(frozen=True, slots=True)
class Inside:
    """A block with its attributes worked out."""

    block: Block
    evaluator: Evaluator

    @property
    def spot(self) -> Spot:
        return Spot(self.evaluator.text, self.block.span)

    def get(self, name: str) -> Node | None:
        """Return an attribute; null is as good as none."""
        attribute = self.block.attributes.get(name)
        node = self.evaluator.value(attribute.expression) if attribute else None
        return None if isinstance(node, Scalar) and node.value is None else node

    def member(self, name: str) -> Member | None:
        node = self.get(name)
        if node is None:
            return None
        return Member(Spot(self.evaluator.text, self.block.attributes[name].key), node)

    def blocks(self, type_: str) -> Iterator[Inside]:
        """Yield the blocks of a type, those that `dynamic` makes among them."""
        for block in self.block.blocks:
            if block.type == type_:
                yield replace(self, block=block)
            elif block.type == "dynamic" and block.labels == (type_,):
                yield from self._made(block, type_)

    def _made(self, block: Block, type_: str) -> Iterator[Inside]:
        """Yield the turns of a `dynamic` block; where they are not known, one that stands for all.

        There are none of them in the reading in which unknown conditions do not hold.
        """
        content = next((inner for inner in block.blocks if inner.type == "content"), None)
        each = replace(self, block=block).get("for_each")
        name = block.attributes.get("iterator")
        iterator = (
            self._word(name.expression.span.start, name.expression.span.end) if name else type_
        )
        if content is None or each is None:
            return
        pairs = pairs_of(each)
        if pairs is None and self.evaluator.holds:
            unknown = Hidden(f"${{{iterator}.value}}", each.spot)
            pairs = [(Hidden(f"${{{iterator}.key}}", each.spot), unknown)]
        for key, value in pairs or ():
            turn = Object({"key": Member(None, key), "value": Member(None, value)}, each.spot)
            yield Inside(content, self.evaluator.within(**{iterator: turn}))

    def _word(self, start: int, end: int) -> str:
        return self.evaluator.text.source.text[start:end]


def policy_document(block: Block, evaluator: Evaluator) -> Object:
    """Return the policy of a data source, each part with the place where it is written."""
    inside = Inside(block, evaluator)
    members: dict[str, Member] = {}
    version = inside.member("version")
    members["Version"] = version or Member(None, plain("2012-10-17", inside.spot))
    if policy_id := inside.member("policy_id"):
        members["Id"] = policy_id
    statements = Array(_merged(inside), inside.spot)
    members["Statement"] = Member(None, statements)
    return Object(members, inside.spot)


def _merged(inside: Inside) -> list[Node]:
    """Put statements in order: sources, own, overrides; a later one replaces that of its Sid."""
    found: list[Node] = []
    for source in _documents(inside, "source_json", "source_policy_documents"):
        found += _statements(inside, source)
    own: list[Node] = [_statement(block) for block in inside.blocks("statement")]
    for override in _documents(inside, "override_json", "override_policy_documents"):
        own += _statements(inside, override)
    places: dict[str, int] = {}
    for index, node in enumerate(found):
        places.setdefault(_sid(node), index)
    for node in own:
        sid = _sid(node)
        if sid and sid in places:
            found[places[sid]] = node
        else:
            places.setdefault(sid, len(found))
            found.append(node)
    return found


def _documents(inside: Inside, single: str, several: str) -> Iterator[Node]:
    if (node := inside.get(single)) is not None:
        yield node
    found = inside.get(several)
    if isinstance(found, Array):
        yield from found.items
    elif found is not None:
        yield found


def _statements(inside: Inside, document: Node) -> list[Node]:
    """Return the statements of another document; one that is not known is one unknown statement."""
    policy = inside.evaluator.around.decoded(document)
    inside.evaluator.around.merged.update(() if policy is None else (policy,))
    if not isinstance(policy, Object):
        text = document.text if isinstance(document, Hidden) else "${…}"
        return [Hidden(text, document.spot)]
    member = policy.members.get("Statement")
    if member is None:
        return []
    if isinstance(member.node, Array):
        return list(member.node.items)
    return [member.node]


def _sid(node: Node) -> str:
    member = node.members.get("Sid") if isinstance(node, Object) else None
    return (known(member.node) or "") if member else ""


def _statement(inside: Inside) -> Object:
    members: dict[str, Member] = {}
    for name, element in _ELEMENTS.items():
        if (member := inside.member(name)) is not None:
            node = _translated(member.node) if name in _TRANSLATED else member.node
            members[element] = Member(member.key, node)
    members.setdefault("Effect", Member(None, plain("Allow", inside.spot)))
    for type_, element in _PRINCIPALS.items():
        if (principals := _principals(list(inside.blocks(type_)))) is not None:
            members[element] = principals
    if (condition := _condition(list(inside.blocks("condition")))) is not None:
        members["Condition"] = condition
    return Object(members, inside.spot)


def _principals(blocks: list[Inside]) -> Member | None:
    """Put blocks together by type; the type `*` means everyone, whoever is named."""
    types: dict[str, Member] = {}
    for block in blocks:
        type_, identifiers = block.get("type"), block.get("identifiers")
        if type_ is None or identifiers is None:
            continue
        items = _items(_translated(identifiers))
        name = known(type_)
        if name == "*" and [known(item) for item in items] == ["*"]:
            return Member(_key_of(block), plain("*", items[0].spot))
        name = (type_.text if isinstance(type_, Hidden) else "${…}") if name is None else name
        previous = _items(types[name].node) if name in types else []
        types[name] = Member(type_.spot, Array([*previous, *items], identifiers.spot))
    return Member(_key_of(blocks[0]), Object(types, blocks[0].spot)) if types else None


def _condition(blocks: list[Inside]) -> Member | None:
    """Put blocks together by test and variable."""
    tests: dict[str, dict[str, Member]] = {}
    keys: dict[str, Spot] = {}
    for block in blocks:
        test, variable, values = (block.get(name) for name in ("test", "variable", "values"))
        if test is None or variable is None or values is None:
            continue
        operator, name = _word(test), _word(variable)
        keys.setdefault(operator, test.spot)
        variables = tests.setdefault(operator, {})
        previous = _items(variables[name].node) if name in variables else []
        node = _translated(values)
        if previous:
            node = Array([*previous, *_items(node)], values.spot)
        variables[name] = Member(variable.spot, node)
    if not tests:
        return None
    members = {
        operator: Member(keys[operator], Object(variables, keys[operator]))
        for operator, variables in tests.items()
    }
    return Member(_key_of(blocks[0]), Object(members, blocks[0].spot))


def _key_of(inside: Inside) -> Spot:
    """Return where the type of a block stands."""
    start = inside.block.span.start
    return Spot(
        inside.evaluator.text, replace(inside.block.span, end=start + len(inside.block.type))
    )


def _word(node: Node) -> str:
    text = known(node)
    if text is None:
        return node.text if isinstance(node, Hidden) else "${…}"
    return text


def _items(node: Node) -> list[Node]:
    return list(node.items) if isinstance(node, Array) else [node]


def _translated(node: Node) -> Node:
    """Write `&{aws:username}` as `${aws:username}`, which the provider does here alone."""
    if isinstance(node, Array):
        return Array([_translated(item) for item in node.items], node.spot)
    if not isinstance(node, String):
        return node
    pieces = tuple(
        Chunk(piece.text.replace("&{", "${"), piece.offsets) if isinstance(piece, Chunk) else piece
        for piece in node.pieces
    )
    return String(pieces, node.spot)
