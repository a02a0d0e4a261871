"""What a text in HCL says: blocks, attributes and expressions, each with its place.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iamlint.text.span import Span


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, `true`, `false` or `null`."""

    value: bool | int | float | None
    span: Span


@dataclass(frozen=True, slots=True)
class Chunk:
    """Plain characters of a template; `offsets` says where each starts, and where the last ends."""

    text: str
    offsets: Sequence[int]


@dataclass(frozen=True, slots=True)
class Mistake:
    """`${aws:username}`: meant for AWS, but no expression of HCL. `text` includes the braces."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Hole:
    """`${…}` in a template."""

    expression: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class HclTemplate:
    """A string, in quotes or as a heredoc."""

    parts: tuple[Chunk | Mistake | Hole, ...]
    span: Span

    @property
    def is_plain(self) -> bool:
        """Whether nothing in it is to be evaluated."""
        return not any(isinstance(part, Hole) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Items:
    """`[a, b]`."""

    items: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Members:
    """`{a = b}`; a bare name as a key is a `HclTemplate`."""

    members: tuple[tuple[Expression, Expression], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A call of a function; `spread` when the last argument ends in `...`."""

    name: str
    arguments: tuple[Expression, ...]
    span: Span
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """The first word of a reference, such as `local`."""

    name: str
    span: Span


class Splat:
    """`[*]` or `.*` in a reference."""


SPLAT: Final = Splat()
ATTRIBUTES: Final = Splat()
"""`.*`, whose index takes one element: `a.*.b[0]` is the first of `a.*.b`."""


@dataclass(frozen=True, slots=True)
class Access:
    """`of.x`, `of[0]`, `of[*]`, and longer ways."""

    of: Expression
    steps: tuple[str | Splat | Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class For:
    """`[for value in source : result if keep]`, with `key` and `result_key` for objects."""

    names: tuple[str, ...]
    source: Expression
    result_key: Expression | None
    result: Expression
    keep: Expression | None
    grouped: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Repeat:
    """`%{ for value in source }body%{ endfor }`, in a template."""

    names: tuple[str, ...]
    source: Expression
    body: HclTemplate
    span: Span


@dataclass(frozen=True, slots=True)
class Operation:
    """`!a`, `a == b` and the like."""

    operator: str
    operands: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Override:
    """An expression of another text, `home`, than the block that it counts in, at `span`."""

    expression: Expression
    home: object
    span: Span


@dataclass(frozen=True, slots=True)
class Opaque:
    """What is not looked into."""

    span: Span


Expression: TypeAlias = (
    Literal
    | HclTemplate
    | Items
    | Members
    | FunctionCall
    | Name
    | Access
    | Conditional
    | For
    | Repeat
    | Operation
    | Override
    | Opaque
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = expression`."""

    name: str
    key: Span
    expression: Expression


class Block(Protocol):
    """A block; `labels` are the words between its type and its brace, `key` its type's place."""

    @property
    def type(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def span(self) -> Span: ...
    @property
    def key(self) -> Span: ...
    @property
    def attributes(self) -> Mapping[str, Attribute]: ...
    @property
    def blocks(self) -> Sequence[Block]: ...
