"""A text that has been read: its plain value, and the place of each part of the value."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, TypeVarTuple, cast

from iamlint.fast_dataclass import dataclass, field
from iamlint.text.span import Lines, Pointer, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

_Made = TypeVar("_Made")
_Given = TypeVarTuple("_Given")

MAX_DEPTH = 200
"""Readers report `LIMIT` for deeper nesting, so that no recursion overflows."""


class Pseudo(StrEnum):
    """What AWS or the tool fills in: a value that contains neither `:` nor `/`.

    `ACCOUNT` and `PARTITION` are those that the file itself is applied in.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
    """

    ACCOUNT = "account"
    OTHER_ACCOUNT = "account of a provider"
    PARTITION = "partition"
    REGION = "region"
    STACK_NAME = "stack name"
    URL_SUFFIX = "URL suffix"


PSEUDO_PARAMETERS: Final = {
    "AWS::AccountId": Pseudo.ACCOUNT,
    "AWS::Partition": Pseudo.PARTITION,
    "AWS::Region": Pseudo.REGION,
    "AWS::StackName": Pseudo.STACK_NAME,
    "AWS::URLSuffix": Pseudo.URL_SUFFIX,
}


@dataclass(frozen=True, slots=True)
class Input:
    """A variable or a parameter, whose value the user can give: `var.env`, `parameter Env`.

    What another tool fills in goes by its placeholder: `${self:custom.env}`.
    """

    name: str

    @property
    def flag(self) -> str | None:
        """The flag that gives the value; None for what another tool fills in."""
        kind, mark, name = self.name.partition("var." if self.name[:1] == "v" else "parameter ")
        return None if kind or not mark else f"--var {name}=…"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that no reader can know; `text` is how the file writes it, such as `${var.bucket}`.

    `text` is for display and decides nothing. Two unknowns with the same `identity` have the same
    value, whatever it is. `inputs` are the variables and parameters that decide the value. Of a
    placeholder that another tool replaces, `written` is the text of the file, to read it again.
    """

    text: str
    means: Pseudo | None = field(default=None, compare=False)
    identity: str | None = field(default=None, compare=False, repr=False)
    inputs: tuple[Input, ...] = field(default=(), compare=False, repr=False)
    written: str | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Presence(Unknown):
    """A condition that means whether a statement is there at all."""


@dataclass(frozen=True, slots=True)
class Partial:
    """A string that is known only in part."""

    parts: tuple[str | Unknown, ...]

    def __str__(self) -> str:
        return self.filled(lambda part: part.text)

    def filled(self, fill: Callable[[Unknown], str]) -> str:
        """Return the string with a text in place of each unknown part."""
        return "".join([part if isinstance(part, str) else fill(part) for part in self.parts])


def as_written(value: str | Partial | Unknown) -> str:
    """Return the text of a file that a value with placeholders was read from."""
    parts = value.parts if isinstance(value, Partial) else (value,)
    return "".join(map(_as_written, parts))


def _as_written(part: str | Unknown) -> str:
    if isinstance(part, str):
        return part
    return part.text if part.written is None else part.written


def join_parts(parts: Iterable[str | Partial | Unknown]) -> str | Partial | Unknown:
    """Return texts joined; a text between two unknown parts stays known."""
    found: list[str | Unknown] = []
    known = ""
    for part in parts:
        if isinstance(part, str):
            known += part
            continue
        for inner in part.parts if isinstance(part, Partial) else (part,):
            if isinstance(inner, str):
                known += inner
                continue
            found += (known, inner) if known else (inner,)
            known = ""
    if not found:
        return known
    if known:
        found.append(known)
    return Partial(tuple(found)) if len(found) > 1 else found[0]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A YAML value under a local tag, such as `!Sub`; pointers pass through it."""

    tag: str
    value: Value


Value: TypeAlias = (
    "bool | int | float | str | Unknown | Partial | Tagged | list[Value] | dict[str, Value] | None"
)


def without_tag(value: Value) -> Value:
    """Return a value without its tags."""
    while isinstance(value, Tagged):
        value = value.value
    return value


def value_at(value: Value, pointer: Pointer) -> Value:
    """Return the node at `pointer`, passing through tags above it, or raise `LookupError`."""
    for step in pointer:
        match without_tag(value), step:
            case dict() as members, str():
                value = members[step]
            case list() as items, int():
                value = items[step]
            case _:
                raise LookupError(pointer)
    return value


def nodes(value: Value) -> Iterator[Value]:
    """Yield a value and all that is in it, in the order of the text."""
    todo = [value]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, str):
            continue
        if isinstance(node, dict):
            todo += reversed(node.values())
        elif isinstance(node, list):
            todo += reversed(node)
        elif isinstance(node, Tagged):
            todo.append(node.value)


def key_of(value: Value) -> Hashable:
    """Return a key that two values share if they are written alike, in the same order."""
    if isinstance(value, str):
        return str, value
    if isinstance(value, dict):
        return ("object", *((name, key_of(child)) for name, child in value.items()))
    if isinstance(value, list):
        return ("list", *map(key_of, value))
    if isinstance(value, Tagged):
        return "tag", value.tag, key_of(value.value)
    if isinstance(value, Partial):
        return ("partial", *map(key_of, value.parts))
    if isinstance(value, Unknown):
        return "unknown", value.text, value.means
    return type(value), value


class Dialect(StrEnum):
    JSON = "json"
    RELAXED_JSON = "jsonc"
    JSON5 = "json5"
    YAML = "yaml"
    HCL = "hcl"
    CSV = "csv"


class SyntaxFault(StrEnum):
    """What can be odd about a text that could be read all the same."""

    UNREADABLE = "unreadable"
    LIMIT = "limit"  # larger or deeper than what is read
    NOT_TEXT = "not text"
    TEMPLATED = "templated"  # another tool makes the text first
    DUPLICATE_KEY = "duplicate key"
    COMMENT = "comment"
    TRAILING_COMMA = "trailing comma"
    JSON5_SYNTAX = "json5 syntax"
    CONTROL_CHARACTER = "control character"
    BYTE_ORDER_MARK = "byte order mark"
    PLACEHOLDER = "placeholder"


NO_VALUE: Final = frozenset(
    {SyntaxFault.UNREADABLE, SyntaxFault.LIMIT, SyntaxFault.NOT_TEXT, SyntaxFault.TEMPLATED}
)
"""The faults after which there is no value."""


@dataclass(frozen=True, slots=True)
class SyntaxFlaw:
    """Something found while reading, with its place in the text."""

    fault: SyntaxFault
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a node: its value and, inside an object, its key."""

    value: Span
    key: Span | None = None


class Source:
    """A text and its value; places are computed when the first is asked for.

    `value` is meaningless when `flaws` holds a fault of `NO_VALUE`. Spans count code points of
    `text`, which keeps its line ends and lacks a byte order mark. A source of an embedded text
    (`text.embedded`) has the outer text and gives places in it. `seek` finds single places, with
    the number of steps of a pointer that lead to each, until all places are known.
    One that `is_known` has no unknown parts; others may have some. `again` reads the value once
    more, if it was let go of, and so was what `forget_sought` lets go of: what `seek` had found.
    """

    def __init__(
        self,
        *,
        text: str,
        value: Value,
        dialect: Dialect,
        places: Callable[[], Mapping[Pointer, Place]],
        flaws: tuple[SyntaxFlaw, ...] = (),
        characters: Callable[[Pointer], Sequence[int] | None] = lambda _: None,
        outer: Source | None = None,
        seek: Callable[[Pointer], tuple[Place, int] | None] = lambda _: None,
        is_known: bool = False,
        again: Callable[[], Value] | None = None,
        forget_sought: Callable[[], None] = lambda: None,
    ) -> None:
        self.text = text
        self.value = value
        self._again = again
        self._forget_sought = forget_sought
        self.dialect = dialect
        self.flaws = flaws
        self._find_places = places
        self._find_characters = characters
        self._outer = outer
        self._made: dict[tuple[object, ...], object] = {}
        self._seek = seek
        self.is_known = is_known

    @classmethod
    def unreadable(
        cls,
        text: str,
        dialect: Dialect,
        message: str,
        span: Span,
        fault: SyntaxFault = SyntaxFault.UNREADABLE,
    ) -> Source:
        """Return a source without a value, and the reason."""
        flaw = SyntaxFlaw(fault, message, span)
        return cls(text=text, value=None, dialect=dialect, places=dict, flaws=(flaw,))

    def once(self, ask: Callable[[Source, *_Given], _Made], *given: *_Given) -> _Made:
        """Return what a function of a module makes of this source; it is called once.

        The answer lives as long as the source, so that no cache keeps a file alive.
        """
        key = (ask, *given)
        if key not in self._made:
            self._made[key] = ask(self, *given)
        return cast("_Made", self._made[key])

    @cached_property
    def value(self) -> Value:
        """The value; only one that `again` reads is ever let go of."""
        return self._again() if self._again else None

    def forget_value(self) -> None:
        """Let go of the value if it can be read again: it takes more memory than the text."""
        if self._again:
            self.__dict__.pop("value", None)
            self._forget_sought()

    @cached_property
    def lines(self) -> Lines:
        # One file may embed thousands of texts: they share its lines.
        return self._outer.lines if self._outer else Lines(self.text)

    @cached_property
    def places(self) -> Mapping[Pointer, Place]:
        return self._find_places()

    @cached_property
    def readable(self) -> bool:
        return all(flaw.fault not in NO_VALUE for flaw in self.flaws)

    @cached_property
    def _flaws_in_order(self) -> tuple[list[SyntaxFlaw], list[int]]:
        """All flaws and where they start."""
        flaws = sorted(self.flaws, key=lambda flaw: flaw.span.start)
        return flaws, [flaw.span.start for flaw in flaws]

    def flaws_in(self, span: Span) -> tuple[SyntaxFlaw, ...]:
        """Return the flaws within a stretch of the text, in its order."""
        flaws, starts = self._flaws_in_order
        inside = flaws[bisect_left(starts, span.start) : bisect_right(starts, span.end)]
        return tuple(flaw for flaw in inside if flaw.span.end <= span.end)

    def locate(self, pointer: Pointer, *, key: bool = False) -> Span:
        """Return the span of the node (quotes included) or, with `key`, of its key.

        A pointer to nothing gives the nearest node above it, so that a finding always has a
        place.
        """
        if (found := self.sought(pointer)) is not None:
            place, steps = found
            return place.key if key and place.key and steps == len(pointer) else place.value
        while pointer and pointer not in self.places:
            pointer, key = pointer[:-1], False
        place = self.places.get(pointer) or Place(Span(0, len(self.text)))
        return place.key if key and place.key else place.value

    def place(self, pointer: Pointer) -> Place | None:
        """Return the place of the node at `pointer`; None if there is none."""
        if (found := self.sought(pointer)) is not None:
            place, steps = found
            return place if steps == len(pointer) else None
        return self.places.get(pointer)

    def sought(self, pointer: Pointer) -> tuple[Place, int] | None:
        """Return the nearest place at or above a node, and its steps; None if all cost less."""
        return None if "places" in self.__dict__ else self._seek(pointer)

    def value_at(self, pointer: Pointer) -> Value:
        """Return the node at `pointer`, passing through tags above it, or raise `LookupError`."""
        return value_at(self.value, pointer)

    def characters(self, pointer: Pointer) -> Sequence[int] | None:
        """Return where each character of the string at `pointer` starts in `text`, and its end.

        One number more than the string has characters; None where that is not known exactly,
        as of the alias of a YAML scalar.
        """
        return self._find_characters(pointer) if self.place(pointer) is not None else None


def json_type(value: object) -> str:
    """Return the JSON type of a value in one word; an array is a list."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, Mapping) else "list"


def type_name(value: object) -> str:
    """Return the JSON type of a value with its article, as messages name it."""
    word = json_type(value)
    return word if value is None else f"{'an' if word == 'object' else 'a'} {word}"
