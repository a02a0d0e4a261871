"""A text that has been read: its plain value, and where each part of the value stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from iamlint.text.span import Lines, Pointer, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value no reader can know; `text` is how the file writes it, such as `${var.bucket}`."""

    text: str


@dataclass(frozen=True, slots=True)
class Partial:
    """A string of which only some parts are known."""

    parts: tuple[str | Unknown, ...]

    def __str__(self) -> str:
        return "".join(p.text if isinstance(p, Unknown) else p for p in self.parts)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A YAML value under a local tag, such as `!Sub`; pointers pass through it."""

    tag: str
    value: Value


Value: TypeAlias = (
    "None | bool | int | float | str | Unknown | Partial | Tagged | list[Value] | dict[str, Value]"
)


class Dialect(StrEnum):
    JSON = "json"
    RELAXED_JSON = "jsonc"
    JSON5 = "json5"
    YAML = "yaml"


class Fault(StrEnum):
    """What can be odd about a text that could be read all the same."""

    UNREADABLE = "unreadable"  # the only fault after which there is no value
    DUPLICATE_KEY = "duplicate key"
    COMMENT = "comment"
    TRAILING_COMMA = "trailing comma"
    JSON5_SYNTAX = "json5 syntax"
    CONTROL_CHARACTER = "control character"
    BYTE_ORDER_MARK = "byte order mark"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something found while reading, with its place in the text."""

    fault: Fault
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: its value and, inside an object, its key."""

    value: Span
    key: Span | None = None


class Source:
    """A text and its value; nobody pays for places until the first is asked for.

    `value` is meaningless when `flaws` holds `Fault.UNREADABLE`. Spans count code points of
    `text`, which keeps its line ends and lacks a byte order mark. A source of an embedded text
    (`text.json.embedded`) has the outer text and gives places in it.
    """

    def __init__(
        self,
        *,
        text: str,
        value: Value,
        dialect: Dialect,
        places: Callable[[], Mapping[Pointer, Place]],
        flaws: tuple[Flaw, ...] = (),
    ) -> None:
        self.text = text
        self.value = value
        self.dialect = dialect
        self.flaws = flaws
        self._find_places = places

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _places(self) -> Mapping[Pointer, Place]:
        return self._find_places()

    @property
    def readable(self) -> bool:
        return all(flaw.fault is not Fault.UNREADABLE for flaw in self.flaws)

    def locate(self, pointer: Pointer, *, key: bool = False) -> Span:
        """Return the span of the node (quotes included) or, with `key`, of its key.

        A pointer to nothing gives the nearest node above it, so that a finding always stands
        somewhere.
        """
        while pointer and pointer not in self._places:
            pointer, key = pointer[:-1], False
        place = self._places.get(pointer) or Place(Span(0, len(self.text)))
        return place.key if key and place.key else place.value
