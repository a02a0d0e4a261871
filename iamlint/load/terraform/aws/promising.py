"""Places that may hold a policy, recognised by their text before evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.recognise import detect
from iamlint.load.terraform.aws.openapi import OF_AN_API
from iamlint.load.terraform.language.node import Hidden, Json, Node, String
from iamlint.load.unread import signs
from iamlint.text.hcl.tree import Attribute, Chunk, HclTemplate

if TYPE_CHECKING:
    from iamlint.load.terraform.language.node import Text
    from iamlint.text.hcl.tree import Block
    from iamlint.text.span import Span

MARKS: Final = ("Statement", r"\u00", r"\U0000")
"""Marks of a policy: the name of its statements, or an escaped letter."""


def is_said(text: Text, span: Span) -> bool:
    """Return whether a policy may be written in a place."""
    if span not in text.said:
        found = (text.source.text.find(mark, span.start, span.end) for mark in MARKS)
        text.said[span] = any(at >= 0 for at in found)
    return text.said[span]


def only_calls(block: Block) -> bool:
    """Return whether a block calls a local module once, without an argument named like a policy."""
    given = block.attributes
    if given.keys() & {"count", "for_each"} or any("polic" in name.lower() for name in given):
        return False
    match given.get("source"):
        case Attribute(expression=HclTemplate((Chunk(text),))):
            return text.startswith(("./", "../"))
    return False


def is_stray(text: Text, span: Span, node: Node) -> bool:
    """Return whether a text in which no policy is found mentions one."""
    is_text = isinstance(node, Hidden | String)
    return is_text and signs.are_in_text(text.source.text[span.start : span.end])


def has_directives(node: String) -> bool:
    """Return whether a template has directives: they may remove parts and add commas."""
    return node.spot.text.source.text.find("%{", node.spot.span.start, node.spot.span.end) >= 0


def speaks_of_a_policy(node: String) -> bool:
    """Return whether a string is a description of an API that may have a policy in it."""
    known_part = "".join(piece.text for piece in node.pieces if isinstance(piece, Chunk))
    return OF_AN_API in known_part or node.known is None


def is_promising(node: String) -> bool:
    text = "".join(piece.text for piece in node.pieces if not isinstance(piece, Json))
    return detect.is_promising(text)
