"""What a word of a policy is, where the user points at it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.rule.page import as_markdown
from iamlint.server.cursor import Role, cursor, tree_of
from iamlint.server.facts import (
    about_action,
    about_key,
    about_managed_policy,
    about_operator,
    about_principal,
)
from iamlint.text.half_written.node import Word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.catalog import Catalog
    from iamlint.rule import Rule

_IGNORE: Final = re.compile(r"iamlint:[ \t]*ignore\[([^\]\r\n]*)")
_NAME: Final = re.compile(r"[\w-]+")
_MANAGED: Final = re.compile(r"arn:aws[\w-]*:iam::aws:policy/[\w/+=,.@-]+")


def hover(
    text: str, name: str, offset: int, catalog: Catalog, rules: Mapping[str, Rule]
) -> tuple[str, Word] | None:
    """Return Markdown about the word at an offset, and where the word is; None if unknown."""
    line = text[text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
    start = text.rfind("\n", 0, offset) + 1
    for found in _MANAGED.finditer(line):
        if start + found.start() <= offset <= start + found.end():
            about = about_managed_policy(found[0])
            word = Word(found[0], start + found.start(), start + found.end())
            return (about, word) if about else None
    if (rule := rule_at(line, offset - start)) is not None:
        known = rules.get(rule.text)
        word = Word(rule.text, start + rule.start, start + rule.end)
        return (as_markdown(known), word) if known else None
    at = cursor(tree_of(text, name), text, offset)
    if at is None:
        return None
    about = None
    if at.role is Role.ACTION:
        about = about_action(at.word.text, catalog)
    elif at.role is Role.KEY:
        about = about_key(at.word.text, at.actions, catalog)
    elif at.role is Role.OPERATOR:
        about = about_operator(at.word.text)
    elif at.role is Role.PRINCIPAL:
        about = about_principal(at.word.text)
    return (about, at.word) if about else None


def rule_at(line: str, column: int) -> Word | None:
    """Return the name of the rule at a column of a line with an ignore; None if there is none."""
    for found in _IGNORE.finditer(line):
        if found.start(1) <= column <= found.end(1):
            for name in _NAME.finditer(line, found.start(1), found.end(1)):
                if name.start() <= column <= name.end():
                    return Word(name[0], name.start(), name.end())
            return Word("", column, column)
    return None
