"""Sources of nodes: the plain value, and the place of each part."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.late_pattern import late_pattern
from iamlint.load.file_value import Elsewhere, OwnValue
from iamlint.load.link import join_names, key_of_name
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Location,
    Object,
    Scalar,
    String,
    known,
)
from iamlint.policy.at import At
from iamlint.policy.problem import GrammarFault, Problem
from iamlint.text.hcl.tree import Chunk, Mistake
from iamlint.text.source import MAX_DEPTH, Dialect, Partial, Place, Presence, Source, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.load.link import Name
    from iamlint.load.terraform.language.node import Node, Text
    from iamlint.text.source import SyntaxFlaw, Value
    from iamlint.text.span import Pointer

_UNTRANSLATED: Final = "&{"


@dataclass
class Written:
    """A policy as plain data, its parts in other files, and the problems found in it."""

    value: Value
    spots: list[tuple[Pointer, Location, Location | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    hidden: list[tuple[Pointer, Hidden]] = field(default_factory=list)

    def without_open_principals(self) -> Written:
        """Return the policy for a kind without principals: unknown principals must be null."""
        policy = self.value if isinstance(self.value, dict) else {}
        statements = policy.get("Statement")
        if isinstance(statements, list) and any(map(_open_principals, statements)):
            left: list[Value] = [_without(s, _open_principals(s)) for s in statements]
            return replace(self, value={**policy, "Statement": left})
        return self

    def source(self, text: Text, flaws: tuple[SyntaxFlaw, ...] = ()) -> Source:
        """Return the source of the parts that are in this file."""
        return Source(
            text=text.source.text,
            value=self.value,
            dialect=Dialect.HCL,
            places=lambda: self._places(text),
            flaws=flaws,
            outer=text.source,
        )

    def elsewhere(self, text: Text) -> tuple[Elsewhere, ...]:
        """Return the sources of the parts that are in other files."""
        others = dict.fromkeys(spot.text for _, spot, _ in self.spots if spot.text is not text)
        return tuple(Elsewhere(other.path, self.source(other)) for other in others)

    @cached_property
    def _spots(self) -> Mapping[Text, Sequence[tuple[Pointer, Location, Location | None]]]:
        """The places in each file, so that many files take no more time than one."""
        found: dict[Text, list[tuple[Pointer, Location, Location | None]]] = {}
        for one in self.spots:
            found.setdefault(one[1].text, []).append(one)
        return found

    def is_in_one_place(self) -> bool:
        """Whether all parts are inside of the whole, and each statement has its own place."""
        _, root, _ = self.spots[0]
        inside = all(
            spot.text is root.text
            and root.span.start <= spot.span.start
            and spot.span.end <= root.span.end
            for _, spot, _ in self.spots
        )
        items = [
            spot.span
            for at, spot, _ in self.spots
            if at[:1] == ("Statement",) and len(at) > 1 and isinstance(at[-1], int)
        ]
        return inside and len(items) == len(set(items))

    def _places(self, text: Text) -> dict[Pointer, Place]:
        return {
            pointer: Place(spot.span, key.span if key and key.text is text else None)
            for pointer, spot, key in self._spots.get(text, ())
        }


def _without(statement: Value, names: set[str]) -> Value:
    if not isinstance(statement, dict):
        return statement
    return {name: value for name, value in statement.items() if name not in names}


def _open_principals(statement: Value) -> set[str]:
    found = statement if isinstance(statement, dict) else {}
    return {n for n in ("Principal", "NotPrincipal") if isinstance(found.get(n), Unknown)}


def written(
    node: Node,
    spend: Callable[[int], bool],
    own: Callable[[Hidden], str | None] = lambda _: None,
) -> Written:
    """Return a node as plain data; parts that are too large or too deep are unknown.

    `own` returns an identity of what has one value in an instance of the block.
    """
    made = Written(None)
    made.value = _Writer(made, spend, own).value(node, (), None)
    return made


# Placeholders in the policies given to the module for buckets, which replaces them by names.
# https://github.com/terraform-aws-modules/terraform-aws-s3-bucket
_FILLED_IN: Final = late_pattern("(_S3_BUCKET_(?:ARN|ID)_|_AWS_ACCOUNT_ID_)")


_MORE: Final = "${…}"
"""The name of an unknown for further members: that of a placeholder."""


@dataclass(frozen=True, slots=True)
class _Writer:
    made: Written
    spend: Callable[[int], bool]
    own: Callable[[Hidden], str | None]

    def value(self, node: Node, at: Pointer, key: Location | None) -> Value:
        self.made.spots.append((at, node.spot, key))
        if len(at) >= MAX_DEPTH or not self.spend(1):
            return Unknown("…")
        if isinstance(node, Object):
            unknown = next((name for name, m in node.members.items() if not m.is_named), None)
            if unknown is not None:
                return Unknown(unknown)
            made = {
                name: self.value(member.node, (*at, name), member.key)
                for name, member in node.members.items()
            }
            return made if node.more is None else {**made, _MORE: self._unknown(node.more)}
        if isinstance(node, Array):
            return [self.value(item, (*at, index), None) for index, item in enumerate(node.items)]
        if isinstance(node, Scalar):
            return node.value
        if isinstance(node, String):
            return self._string(node, at)
        if isinstance(node, Hidden):
            self.made.hidden.append((at, node))
            return self._unknown(node)
        return Unknown("${jsonencode(…)}")

    def _string(self, node: String, at: Pointer) -> Value:
        self.made.problems += _problems(node, at)
        text = node.known
        if text is not None and _FILLED_IN.search(text) is None:
            return text
        parts = tuple(_joined(node, self._unknown))
        if len(parts) == 1:
            return parts[0]
        return Partial(parts)

    def _unknown(self, node: Hidden) -> Unknown:
        identity = self.own(node) if node.identity is None else None
        if identity is None:
            return _unknown(node)
        return OwnValue(node.text, node.means, identity, node.inputs)


def _unknown(node: Hidden) -> Unknown:
    kind = Presence if node.presence else Unknown
    return kind(node.text, node.means, node.identity, node.inputs)


def _joined(node: String, make: Callable[[Hidden], Unknown] = _unknown) -> Iterator[str | Unknown]:
    """Yield the parts of a string; adjacent known parts are joined."""
    pending = ""
    for piece in node.pieces:
        if isinstance(piece, Chunk | Mistake):
            pending += piece.text
            continue
        yield from _opened(pending)
        pending = ""
        yield make(piece) if isinstance(piece, Hidden) else Unknown("${jsonencode(…)}")
    yield from _opened(pending)


def as_name(node: Node) -> Name:
    """Return a value as a name, an ARN or an id."""
    if isinstance(node, Hidden):
        return _unknown(node)
    if isinstance(node, String):
        return join_names(*_joined(node))
    text = known(node)
    return Unknown("${…}") if text is None else text


def same(name: Name) -> str:
    """Return a key shared by names of one attribute that are equal or have the same text."""
    key = key_of_name(name)
    return str(name) if key is None else key


def _opened(text: str) -> Iterator[str | Unknown]:
    """Yield the parts of a text; placeholders of modules are unknown."""
    for number, part in enumerate(_FILLED_IN.split(text)):
        if part:
            yield Unknown(part) if number % 2 else part


def _problems(node: String, at: Pointer) -> Iterator[Problem]:
    for piece in node.pieces:
        if isinstance(piece, Mistake):
            yield Problem(
                GrammarFault.EVALUATED_VARIABLE,
                At(at),
                f"Terraform reads `{piece.text}` as its own expression, so AWS never gets it",
                f"write `${piece.text}`: it becomes `{piece.text}` in the policy",
            )
        elif isinstance(piece, Chunk) and (start := piece.text.find(_UNTRANSLATED)) >= 0:
            end = piece.text.find("}", start)
            name = piece.text[start + 2 : end if end >= 0 else None]
            yield Problem(
                GrammarFault.UNTRANSLATED_VARIABLE,
                At(at),
                f"AWS gets `&{{{name}}}` as plain text: only `aws_iam_policy_document` "
                "translates it",
                f"write `$${{{name}}}`: it becomes `${{{name}}}` in the policy",
            )
