"""The values of expressions, as far as known, and the place of each part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.text.hcl.tree import Chunk, Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from iamlint.load.link import SourceCondition
    from iamlint.load.terraform.language.choices import Choices, Forced
    from iamlint.text.hcl.tree import Access, Block, Expression, Override, Splat
    from iamlint.text.source import Input, Pseudo, Source
    from iamlint.text.span import Span

T = TypeVar("T")

_EXACT: Final = 2**53
"""Below this limit, a Python float represents every whole number."""

EACH: Final = "${each.key}"
"""The key of an instance that means all possible ones."""

MAX_SHOWN: Final = 120
"""Characters of an expression that a message repeats."""


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A file; `free` and `said` cache the names in a place, and whether it may hold a policy."""

    path: str
    source: Source
    free: dict[object, frozenset[str] | None] = field(default_factory=dict)
    said: dict[Span, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file."""

    text: Text
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A number, a boolean or null."""

    value: bool | int | float | None
    spot: Location


@dataclass(frozen=True, slots=True, eq=False)
class String:
    """A string: known characters, and the parts between them."""

    pieces: tuple[Chunk | Mistake | Hidden | Json, ...]
    spot: Location

    @property
    def known(self) -> str | None:
        """The whole string, if all of it is known."""
        parts = [piece.text for piece in self.pieces if isinstance(piece, Chunk)]
        return "".join(parts) if len(parts) == len(self.pieces) else None

    @property
    def length(self) -> int:
        return sum(len(p.text) if isinstance(p, Chunk) else 1 for p in self.pieces)


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """A list, tuple or set; one that is not `whole` may have more items, or fewer."""

    items: Sequence[Node]
    spot: Location
    whole: bool = True
    is_set: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A value in an object; `key` is the place of its name, `is_named` whether that is known."""

    key: Location | None
    node: Node
    is_named: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    """An object or map; `more` is an unknown for further members that it may have."""

    members: Mapping[str, Member]
    spot: Location
    more: Hidden | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Json:
    """A string that holds `node` as JSON.

    It `fails` in a reading of conditions in which its data source does not exist. `given` are the
    conditions on which it exists, if that is left open.
    """

    node: Node
    spot: Location
    fails: bool = False
    given: Given = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Hidden:
    """A value that is unknown before Terraform runs; `text` is the expression.

    `reason` says why, if a run of Terraform is not the only thing that is missing. It `fails` if it
    can have no value, such as a member that an object does not have. `means`, `identity` and
    `inputs` are those of `Unknown`. `resource` is the type of the resource whose name it is;
    `found_by` is the name by which AWS looks it up. It is `seen` if another reading has its value,
    and it is `presence` if a statement with it as a condition exists only if the condition is true.
    """

    text: str
    spot: Location
    reason: str = ""
    fails: bool = False
    means: Pseudo | None = None
    identity: str | None = None
    inputs: tuple[Input, ...] = ()
    resource: str = ""
    found_by: Node | None = None
    seen: bool = False
    presence: bool = False


Node: TypeAlias = Scalar | String | Array | Object | Json | Hidden
Given: TypeAlias = "frozenset[SourceCondition]"
"""Conditions that are not known."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One instance: the values of `each` or `count` in it, and the conditions on which it exists.

    `key` identifies it, empty for one that means all; `step` is the key in addresses.
    """

    names: Mapping[str, Node] = field(default_factory=dict)
    key: str = ""
    step: str = ""
    given: Given = frozenset()


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The account and region of the resources of a provider.

    The account is None for the one in which the root module is applied. `region` is None if the
    configuration does not give it. `key` identifies the configuration.
    """

    key: str
    account: Node | None = None
    region: Node | None = None


Ask: TypeAlias = "Callable[[set[SourceCondition]], T]"
Instances: TypeAlias = "list[tuple[Turn, Node | None]]"
Outline: TypeAlias = "Mapping[str, Callable[[Evaluate], Node | None]]"


class EvaluationContext(Protocol):
    """The values that an expression may refer to; `merged` holds documents included in others."""

    @property
    def merged(self) -> set[Node]: ...
    def kept(self, name: object, choices: Choices, work_out: Callable[[], T], /) -> T: ...
    def explored(self, name: object, forced: Forced, work_out: Ask[T], /) -> T: ...
    @property
    def scope(self) -> str | None: ...
    def prefix(self, text: Text | None = None, /) -> str: ...
    def is_within(self, text: Text, /) -> bool: ...
    def path(self) -> str: ...
    def local(self, name: str, of: Evaluate, /) -> Node | None: ...
    def variable(self, name: str, of: Evaluate, spot: Location, /) -> Node | None: ...
    def outline(self, kind: str, name: str, /) -> Outline | None: ...
    def outputs(
        self, call: str, name: str, of: Evaluate, spot: Location, /, key: str | None = None
    ) -> list[Node | None]: ...
    def turns(self, block: Block, of: Evaluate, /) -> list[Turn]: ...
    def meaning(self, reference: Access, of: Evaluate, /) -> tuple[Evaluate, Expression] | None: ...
    def is_document(self, type_: str, /) -> bool: ...
    def documents(self, type_: str, name: str, of: Evaluate, /) -> Instances | None: ...
    def document(self, type_: str, name: str, of: Evaluate, /) -> Node | None: ...
    def attributes(self, steps: Sequence[str], of: Evaluate, at: Location, /) -> Instances: ...
    def attribute(self, steps: Sequence[str], of: Evaluate, at: Location, /) -> Node | None: ...
    @property
    def place(self) -> str: ...
    @property
    def looked_up(self) -> set[str]: ...
    def provider(self, block: Block, /) -> Whereabouts: ...
    def whole(self, words: Sequence[str], of: Evaluate, at: Location, /) -> Node | None: ...
    def whole_module(self, call: str, of: Evaluate, at: Location, /) -> Node | None: ...
    def file(self, path: str, spot: Location, /) -> Node | None: ...
    def files(self, path: str, glob: str, /) -> list[str] | None: ...
    def template(self, path: str, names: Node, spot: Location, of: Evaluate, /) -> Node | None: ...
    def rendered(
        self, template: Node, names: Mapping[str, Node], of: Evaluate, /
    ) -> Node | None: ...
    def decoded(self, node: Node, /, *, as_yaml: bool = False) -> Node | None: ...
    def spend(self, count: int, at: Location | None = None, /) -> bool: ...
    def distinguishes(self, block: Block, instances: int, path: str, /) -> bool: ...


class Evaluate(Protocol):
    """The evaluator of the expressions of one file, in one reading of unknown conditions."""

    @property
    def around(self) -> EvaluationContext: ...
    @property
    def text(self) -> Text: ...
    @property
    def choices(self) -> Choices: ...
    @property
    def names(self) -> Mapping[str, Node]: ...
    @property
    def depth(self) -> int: ...
    @property
    def turn(self) -> str: ...
    def value(self, expression: Expression, /) -> Node: ...
    def spot(self, expression: Expression, /) -> Location: ...
    def follow(
        self, node: Node, steps: Sequence[str | Splat | Expression], spot: Location, /
    ) -> Node | None: ...
    def overriding(self, expression: Override, /) -> Evaluate: ...
    def reading(self, choices: Choices, /) -> Evaluate: ...


def hidden(spot: Location) -> Hidden:
    """Return the unknown value of an expression."""
    span = spot.span
    text = spot.text.source.text[span.start : min(span.end, span.start + MAX_SHOWN)]
    text = " ".join(text.split())
    if span.end - span.start > MAX_SHOWN:
        text += "…"
    return Hidden(text if text.startswith(("${", "%{")) else f"${{{text}}}", spot)


def hide(spot: Location) -> Hidden:
    """Return an unknown that can have no value."""
    return replace(hidden(spot), fails=True)


def perhaps(node: Node | None, given: Given) -> Node | None:
    """Return the value of an instance that exists only on these open conditions."""
    return replace(node, given=given) if given and isinstance(node, Json) else node


def presence(given: Given, spot: Location) -> Hidden:
    """Return an unknown for the conditions on which a statement exists."""
    text = " && ".join(sorted(condition.text for condition in given))
    inputs = dict.fromkeys(one for condition in sorted(given) for one in condition.inputs)
    return Hidden(f"${{{text}}}", spot, inputs=tuple(inputs), presence=True)


def plain(text: str, spot: Location) -> String:
    """Return a computed string; its place is that of its expression."""
    return String((chunk_of(text, spot.span),) if text else (), spot)


def chunk_of(text: str, span: Span) -> Chunk:
    return Chunk(text, (*[span.start] * len(text), span.end))


def known(node: Node | None) -> str | None:
    """Return a known string, or a scalar as Terraform converts it to one; None if unknown."""
    if isinstance(node, String):
        return node.known
    if isinstance(node, Scalar) and node.value is not None:
        return _written(node.value)
    return None


def _written(value: float) -> str:
    """Return a number or a boolean as Terraform converts it to a string.

    https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value) if abs(value) < _EXACT and value == int(value) else value)


def as_string(node: Node) -> Node:
    """Return a number or a boolean as a string, other values unchanged."""
    text = known(node) if isinstance(node, Scalar) else None
    return node if text is None else plain(text, node.spot)


def as_strings(node: Node) -> Node:
    """Return a value, or the items of a list, as strings."""
    if isinstance(node, Array):
        return replace(node, items=[as_string(item) for item in node.items])
    return as_string(node)


def pairs_of(node: Node) -> list[tuple[Node, Node]] | None:
    """Return the keys and values of a collection; None if it is not known.

    Each item of a set is its own key. Members come in the order of their names.
    https://developer.hashicorp.com/terraform/language/expressions/for#ordering
    """
    if isinstance(node, Array) and node.is_set:
        return [(item, item) for item in node.items]
    if isinstance(node, Array):
        return [(Scalar(index, node.spot), item) for index, item in enumerate(node.items)]
    if isinstance(node, Object):
        members = sorted(node.members.items())
        return [(_key(name, member, node), member.node) for name, member in members]
    return None


def item_of(array: Array) -> Node | None:
    """Return the one item that means all items of a list of unknown length."""
    return array.items[0] if len(array.items) == 1 else None


def all_pairs_of(node: Node) -> list[tuple[Node, Node]] | None:
    """Return the keys and values of a collection; None if there may be more or fewer."""
    match node:
        case Array(whole=False) | Object(more=Hidden()):
            return None
        case Object(members=members) if any(_is_any(member) for member in members.values()):
            return None
    return pairs_of(node)


def _is_any(member: Member) -> bool:
    """Return whether a member means any number of them, as of an unknown object in `merge`."""
    return member.key is None and not member.is_named


def _key(name: str, member: Member, of: Object) -> Node:
    spot = member.key or of.spot
    return String((chunk_of(name, spot.span),), spot) if member.is_named else Hidden(name, spot)


def without(node: String, prefix: str) -> String:
    """Return a string without a prefix, if it is known to have it."""
    first = node.pieces[0] if node.pieces else None
    if not prefix or not isinstance(first, Chunk) or not first.text.startswith(prefix):
        return node
    rest = Chunk(first.text[len(prefix) :], first.offsets[len(prefix) :])
    return String((*([rest] if rest.text else []), *node.pieces[1:]), node.spot)


def shown(node: Node) -> str:
    """Return a string with `${…}` for its unknown parts."""
    if isinstance(node, String):
        return "".join("${…}" if isinstance(p, Json) else p.text for p in node.pieces)
    return node.text if isinstance(node, Hidden) else "${…}"


def json_alone(node: String) -> Json | None:
    """Return the JSON in a string with only blanks around it, as of `join("", list)` of one."""
    rest = [p for p in node.pieces if not (isinstance(p, Chunk) and not p.text.strip())]
    return rest[0] if len(rest) == 1 and isinstance(rest[0], Json) else None


def name_of(node: Node) -> tuple[str, bool]:
    """Return a name as text, and whether it is known: `${var.url}:sub` is known enough."""
    text = known(node)
    if text is not None:
        return text, True
    pieces = node.pieces if isinstance(node, String) else ()
    return shown(node), any(isinstance(p, Chunk) and ":" in p.text for p in pieces)


def join_values(nodes: Iterable[Node], spot: Location) -> String:
    """Return the string of a template at `spot` with these values."""
    pieces: list[Chunk | Mistake | Hidden | Json] = []
    for node in nodes:
        if isinstance(node, String):
            pieces += (
                chunk_of(p.text, spot.span) if isinstance(p, Chunk) else p for p in node.pieces
            )
        elif (text := known(node)) is not None:
            pieces.append(chunk_of(text, spot.span))
        else:
            pieces.append(node if isinstance(node, Hidden | Json) else hidden(spot))
    return String(tuple(pieces), spot)
