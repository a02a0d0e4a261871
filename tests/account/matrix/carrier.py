"""Carriers of the matrix: the links that they can express, and how they write them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from tests.account.matrix.model import Cell, Content, Linked, Open

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Files = dict[str, str]
Says = dict[Linked, frozenset[Open]]


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier of links; `ways` are those of the page of formats, each with its format.

    `says` has the kinds of links that it can express, each with whether it can be known there, and
    the parts of it that can be unknown.
    `subject` is the name of its role if it cannot be `role/app`.
    """

    name: str
    ways: tuple[tuple[str, str], ...]
    says: Mapping[Linked, frozenset[Open]]
    write: Callable[[Cell], Files]
    subject: str | None = None

    def __str__(self) -> str:
        return self.name

    def cells(self) -> Iterator[Cell]:
        for linked, open_ in self.says.items():
            for content in Content:
                for one in sorted(open_):
                    yield Cell(linked, content, one)

    def asks(self, cell: Cell) -> str:
        """Return the subject of the questions."""
        return self.subject if self.subject and cell.linked is not Linked.MEMBER else cell.subject


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to another block, by an attribute; None for the usual one."""

    label: str
    attribute: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not in the files."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A policy; `principal` replaces the ARN of the role."""

    policy: dict[str, Any]
    principal: Ref | Unknown | None = None


Value = Any
"""Data with a `Ref`, an `Unknown` or a `Text` at any place."""


@dataclass(frozen=True, slots=True)
class Block:
    """A resource of a program; one that is `apart` may be in another module or template."""

    type: str
    label: str
    attributes: Mapping[str, Value]
    apart: bool = False


KNOWN: Final = frozenset({Open.NOTHING})


def opens(*open_: Open) -> frozenset[Open]:
    """Return whether a link can be known, and the parts of it that can be unknown."""
    return KNOWN.union(open_)


def text(value: object) -> str:
    return json.dumps(value, indent=1)


def dumped(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, width=1000)


def mapped(value: Value, give: Callable[[Ref | Unknown | Text], Value]) -> Value:
    """Return data with its references replaced."""
    if isinstance(value, dict):
        return {key: mapped(item, give) for key, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, give) for item in value]
    return give(value) if isinstance(value, Ref | Unknown | Text) else value
