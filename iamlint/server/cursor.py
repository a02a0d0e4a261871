"""What is at a place of a text: the statement around it, its element, and the word there."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, replace
from iamlint.server.quotes import Quotes, quotes_at
from iamlint.text.half_written.braces import read_braces
from iamlint.text.half_written.indented import read_indented
from iamlint.text.half_written.node import PartNode, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

YAML: Final = (".yaml", ".yml", ".template")
_WORD: Final = re.compile(r"[^\s\"'`,\[\]{}()<>]*")
_ELEMENTS: Final = {
    **{name.lower(): name for name in ("Sid", "Effect", "Action", "NotAction", "Resource")},
    **{name.lower(): name for name in ("NotResource", "Condition", "Principal", "NotPrincipal")},
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
    "principals": "Principal",
    "not_principals": "NotPrincipal",
}
"""The elements of a statement, as policies and as Terraform's documents name them."""


class Role(Enum):
    """What belongs at a place."""

    ELEMENT = "element"
    EFFECT = "effect"
    ACTION = "action"
    RESOURCE = "resource"
    OPERATOR = "operator"
    KEY = "condition key"
    VALUE = "value of a condition key"
    PRINCIPAL_TYPE = "type of principal"
    CONDITION_PART = "part of a condition block"
    PRINCIPALS_PART = "part of a block of principals"
    PRINCIPAL = "principal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PolicyCursor:
    """A place in a policy. `word` is what is written there, without quotes, up to its end.

    `actions` are those of the statement, `operator` and `key` those of the condition there.
    `elements` are those that the statement has. `is_terraform` says that it is a block of a
    document of Terraform, in small letters. `quotes` says which words need some here.
    """

    role: Role
    word: Word
    actions: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    operator: str = ""
    key: str = ""
    is_terraform: bool = False
    quotes: Quotes = Quotes.NONE

    @property
    def is_name(self) -> bool:
        """Whether a key belongs here, not a value."""
        return self.role in (_BLOCK_NAMES if self.is_terraform else _NAMES)


_BLOCK_NAMES: Final = (Role.ELEMENT, Role.CONDITION_PART, Role.PRINCIPALS_PART)
_NAMES: Final = (Role.ELEMENT, Role.OPERATOR, Role.KEY, Role.PRINCIPAL_TYPE)
_ROLES: Final = {
    "Effect": Role.EFFECT,
    **dict.fromkeys(("Action", "NotAction"), Role.ACTION),
    **dict.fromkeys(("Resource", "NotResource"), Role.RESOURCE),
}
_IN_BLOCK: Final = {"test": Role.OPERATOR, "variable": Role.KEY, "values": Role.VALUE}
_IN_PRINCIPALS: Final = {"type": Role.PRINCIPAL_TYPE, "identifiers": Role.PRINCIPAL}


def tree_of(text: str, name: str) -> PartNode:
    """Return the tree of a text; `name` is that of its file, for the extension."""
    is_yaml = name.lower().endswith(YAML) and not text.lstrip().startswith("{")
    return read_indented(text) if is_yaml else read_braces(text)


def cursor(tree: PartNode, text: str, offset: int) -> PolicyCursor | None:
    """Return what is at an offset; None outside of the statements of a policy."""
    way = tree.way(offset, _column(text, offset))
    place = next((n for n in range(len(way) - 1, -1, -1) if is_statement(way, n)), None)
    if place is None:
        return None
    word = word_at(text, offset)
    spot = _Spot(offset, word, text.rfind("\n", 0, offset) + 1)
    found = _of_statement(way[place], way[place + 1 :], spot)
    return replace(found, quotes=quotes_at(way, text, word))


def is_statement(way: Sequence[PartNode], number: int) -> bool:
    """Return whether a node on a way is a statement: of a policy, or a block of Terraform."""
    node = way[number]
    above = [_key(one) for one in way[: number + 1]]
    if above[-1] == "statement":
        return not node.is_list  # a single statement, or a block
    return not above[-1] and number > 0 and above[number - 1] == "statement"


def is_action_element(node: PartNode) -> bool:
    """Return whether a node is an element with actions."""
    return node.key is not None and _ELEMENTS.get(_key(node)) in ("Action", "NotAction")


def _key(node: PartNode) -> str:
    return node.key.text.lower() if node.key is not None else ""


def _column(text: str, offset: int) -> int | None:
    """Return the column of an offset at a blank line, at which indents decide; else None."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    found = re.compile(r"[ \t]*(?=[\r\n]|\Z)").match(text, start)
    return offset - start if found else None


def word_at(text: str, offset: int) -> Word:
    """Return the word around an offset."""
    start = offset
    while start > 0 and _WORD.fullmatch(text[start - 1]) and text[start - 1]:
        start -= 1
    found = _WORD.match(text, offset)
    end = found.end() if found else offset
    while start < offset and text[start] in ":=":
        start += 1
    while end > offset and text[end - 1] in ":=":  # behind a key
        end -= 1
    return Word(text[start:end], start, end)


@dataclass(frozen=True, slots=True)
class _Spot:
    """An offset, the word around it, and where its line starts."""

    offset: int
    word: Word
    line: int

    def is_behind(self, node: PartNode) -> bool:
        """Return whether it is at the value of a member, not at its key."""
        if node.key is None or not node.after_key:
            return False
        of_yaml = node.indent >= 0  # where `aws:` may be the start of a key
        return self.offset > node.key.end + (1 if of_yaml else 0)

    def is_behind_colons(self, node: PartNode) -> bool:
        """Return the same about a key that may have colons, and that may be without quotes."""
        key = node.key
        return self.is_behind(node) and key is not None and self.word.start > key.start

    def is_beside(self, node: PartNode) -> bool:
        """Return whether it is in the line of the key of a member without a brace."""
        return node.key is not None and node.key.end >= self.line and not node.is_object


def _of_statement(statement: PartNode, inside: Sequence[PartNode], spot: _Spot) -> PolicyCursor:
    actions = tuple(
        one.text
        for member in statement.members
        if _ELEMENTS.get(_key(member)) in ("Action", "NotAction")
        for one in member.words()
    )
    around = PolicyCursor(
        Role.ELEMENT,
        spot.word,
        actions,
        tuple(filter(None, (_ELEMENTS.get(_key(one)) for one in statement.members))),
        is_terraform=statement.key is not None and statement.key.text == "statement",
    )
    if not inside or not spot.is_behind(inside[0]):
        return around
    member, deeper = inside[0], inside[1:]
    element = _ELEMENTS.get(_key(member), "")
    if element == "Condition":
        of_block = around.is_terraform
        return (_of_condition_block if of_block else _of_condition)(member, deeper, spot, around)
    if element in ("Principal", "NotPrincipal"):
        in_block = around.is_terraform
        role = (_in_principals_block if in_block else _in_principal)(member, deeper, spot)
        return replace(around, role=role)
    return replace(around, role=_ROLES.get(element, Role.OTHER))


def _of_condition(
    condition: PartNode, deeper: Sequence[PartNode], spot: _Spot, around: PolicyCursor
) -> PolicyCursor:
    """Return what is at a place in a condition: operator, key or value."""
    if not deeper or not spot.is_behind_colons(deeper[0]):
        return replace(around, role=Role.OTHER if spot.is_beside(condition) else Role.OPERATOR)
    tested = deeper[0]
    operator = tested.key.text if tested.key else ""
    if len(deeper) < 2 or not spot.is_behind_colons(deeper[1]):  # noqa: PLR2004 - operator and key
        role = Role.OTHER if spot.is_beside(tested) else Role.KEY
        return replace(around, role=role, operator=operator)
    key = deeper[1].key.text if deeper[1].key else ""
    return replace(around, role=Role.VALUE, operator=operator, key=key)


def _of_condition_block(
    condition: PartNode, deeper: Sequence[PartNode], spot: _Spot, around: PolicyCursor
) -> PolicyCursor:
    test, variable = condition.child("test"), condition.child("variable")
    operator = test.value.text if test and test.value else ""
    key = variable.value.text if variable and variable.value else ""
    if not deeper or not spot.is_behind(deeper[0]):
        return replace(around, role=Role.CONDITION_PART)
    role = _IN_BLOCK.get(_key(deeper[0]), Role.OTHER)
    return replace(around, role=role, operator=operator, key=key)


def _in_principals_block(_: PartNode, deeper: Sequence[PartNode], spot: _Spot) -> Role:
    if not deeper or not spot.is_behind(deeper[0]):
        return Role.PRINCIPALS_PART
    return _IN_PRINCIPALS.get(_key(deeper[0]), Role.OTHER)


def _in_principal(member: PartNode, deeper: Sequence[PartNode], spot: _Spot) -> Role:
    is_in = bool(deeper) and spot.is_behind(deeper[0])
    return Role.PRINCIPAL if is_in or spot.is_beside(member) else Role.PRINCIPAL_TYPE
