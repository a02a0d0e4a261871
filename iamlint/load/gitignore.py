"""Patterns of `.gitignore` files, which the globs of the configuration share.

https://git-scm.com/docs/gitignore
A pattern is matched folder by folder and each name by a regular expression that cannot backtrack,
so that a scanned repository cannot make matching slow.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from iamlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Parts: TypeAlias = tuple[str, ...]
"""The names of a path, from the folder that a pattern is relative to."""

Name: TypeAlias = str | re.Pattern[str] | None
"""How one name of a path must read; None stands for `**`, any number of names."""

# Compiled by the few that need them, for compiling takes longer than a walk.
_NEVER = r"(?!)"
_BRACKET = r"\[[!^]?+\]?+(?:\[:\w++:\]|\\.|[^\]\\])*+\]"
_MEMBER = r"(?s)\[:(\w++):\]|(\\?.)(?:-(\\?[^\]\\]))?+"
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a `.gitignore`, or one glob."""

    names: tuple[Name, ...]
    negated: bool = False
    only_folders: bool = False

    def matches(self, parts: Parts, *, is_folder: bool) -> bool:
        if self.only_folders and not is_folder:
            return False
        return _matches(self.names, parts)


@lru_cache(maxsize=4096)
def pattern(line: str) -> Pattern | None:
    """Read one line; None for blank ones and comments."""
    line = _without_trailing_blanks(line.removesuffix("\r"))
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    line = line[1:] if negated else line
    only_folders = line.endswith("/")
    line = line.removesuffix("/")
    if not line:
        return None
    names = tuple(_name(text) for text in line.removeprefix("/").split("/"))
    if "/" not in line:
        names = (None, *names)
    if len(names) > 1 and names[-1] is None:
        names = (*names, re.compile(""))  # `a/**` is what lies in `a`, not `a`
    return Pattern(names, negated, only_folders)


def patterns(lines: Iterable[str]) -> tuple[Pattern, ...]:
    return tuple(found for line in lines if (found := pattern(line)) is not None)


def verdict(rules: Sequence[Pattern], parts: Parts, *, is_folder: bool) -> bool | None:
    """Return what the last matching pattern says: ignore, keep, or None when none matches."""
    for rule in reversed(rules):
        if rule.matches(parts, is_folder=is_folder):
            return not rule.negated
    return None


def covers(rules: Sequence[Pattern], parts: Parts) -> bool:
    """Tell whether patterns match a file or a folder it lies in."""
    return any(
        verdict(rules, parts[:count], is_folder=count < len(parts))
        for count in range(1, len(parts) + 1)
    )


@dataclass(frozen=True, slots=True)
class Ignores:
    """The `.gitignore` files that count in a folder: each with the way from it to the folder."""

    levels: tuple[tuple[tuple[Pattern, ...], Parts], ...] = ()

    def below(self, name: str) -> Ignores:
        """Return what counts in a sub-folder."""
        return Ignores(tuple((rules, (*way, name)) for rules, way in self.levels))

    def plus(self, text: str) -> Ignores:
        """Add a `.gitignore` of the folder itself."""
        rules = patterns(text.split("\n"))
        return Ignores((*self.levels, (rules, ()))) if rules else self

    def cover(self, name: str, *, is_folder: bool) -> bool:
        """Tell whether an entry of the folder is ignored; the deepest file with a say decides."""
        for rules, way in reversed(self.levels):
            found = verdict(rules, (*way, name), is_folder=is_folder)
            if found is not None:
                return found
        return False


def _matches(names: tuple[Name, ...], parts: Parts) -> bool:
    """Match names one to one; on a mismatch only the last `**` may take one name more."""
    at = done = 0
    retry = -1
    taken = 0
    while done < len(parts):
        if at < len(names) and names[at] is None:
            retry, taken = at, done
            at += 1
        elif at < len(names) and _fits(names[at], parts[done]):
            at, done = at + 1, done + 1
        elif retry >= 0:
            taken += 1
            at, done = retry + 1, taken
        else:
            return False
    return all(name is None for name in names[at:])


def _fits(name: Name, part: str) -> bool:
    if isinstance(name, re.Pattern):
        return name.match(part) is not None
    return name == part


def _without_trailing_blanks(line: str) -> str:
    bare = line.rstrip(" ")
    escaped = (len(bare) - len(bare.rstrip("\\"))) % 2
    return bare + " " if escaped and bare != line else bare


def _name(text: str) -> Name:
    """Compile one name: None for `**`, the name itself when nothing in it is special."""
    if text == "**":
        return None
    if not any(char in text for char in "*?[\\"):
        return text
    chunks = _chunks(text)
    if chunks is None:
        return re.compile(_NEVER)
    first, *more = chunks
    # An atomic group takes the first place where a chunk fits and never tries another.
    middle = "".join(f"(?>.*?{chunk})" for chunk in more[:-1])
    last = f".*{more[-1]}" if more else ""
    try:
        return re.compile(rf"(?s:{first}{middle}{last})\Z")
    except re.error:
        return re.compile(_NEVER)  # such as the range `[z-a]`, which git never matches either


def _chunks(text: str) -> list[str] | None:
    """Return the regular expressions between the stars; None when a bracket has no end."""
    chunks = [""]
    at = 0
    while at < len(text):
        char = text[at]
        bracket = re.compile(_BRACKET).match(text, at) if char == "[" else None
        if bracket:
            chunks[-1] += _bracket(bracket[0])
            at = bracket.end()
            continue
        if char == "[" or (char == "\\" and at + 1 == len(text)):
            return None
        if char == "\\":
            at += 1
            chunks[-1] += re.escape(text[at])
        elif char == "*":
            chunks += [] if len(chunks) > 1 and not chunks[-1] else [""]
        else:
            chunks[-1] += "." if char == "?" else re.escape(char)
        at += 1
    return chunks


def _bracket(text: str) -> str:
    """Translate `[!a-z]` and the like to a regular expression."""
    inner = text[1:-1]
    negated = inner[0] in "!^"
    members = "".join(_member(found) for found in re.finditer(_MEMBER, inner[negated:]))
    return f"[{'^' if negated else ''}{members}]"


def _member(found: re.Match[str]) -> str:
    if found[1]:
        return _CLASSES.get(found[1], "")
    first, last = (re.escape(char[-1]) if char else "" for char in found.group(2, 3))
    return f"{first}-{last}" if last else first
