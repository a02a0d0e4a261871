"""Patterns of `.gitignore` files, also for the globs of the configuration.

https://git-scm.com/docs/gitignore
A pattern is matched folder by folder and each name by a regular expression that cannot backtrack,
so that a scanned repository cannot make matching slow. Patterns are kept in a tree of names: a
question costs the length of a path, not the number of patterns.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.policy.pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Parts: TypeAlias = tuple[str, ...]
"""The names of a path, from the folder that a pattern is relative to."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The regular expression of a name with stars and the like, and texts that are part of it."""

    regex: re.Pattern[str]
    pieces: tuple[str, ...] = ()


Name: TypeAlias = str | Shape | None
"""The pattern of one name of a path; None means `**`, any number of names."""

# Compiled on demand: compiling takes longer than a walk.
_SPECIAL = "*?[\\"
_WILD = late_pattern(r"[*?]+")
_NEVER = Shape(re.compile(r"(?!)"))
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t-\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a `.gitignore`, or one glob."""

    names: tuple[Name, ...]
    negated: bool = False
    only_folders: bool = False


@lru_cache(maxsize=4096)
def pattern(line: str) -> Pattern | None:
    """Return the pattern of one line; None for blank lines and comments."""
    line = _without_trailing_blanks(line.removesuffix("\r"))
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    line = line[1:] if negated else line
    only_folders = line.endswith("/")
    line = line.removesuffix("/")
    if not line:
        return None
    parted = _names(line.removeprefix("/"))
    names: tuple[Name, ...] = (_NEVER,) if parted is None else tuple(map(_name, parted))
    if "/" not in line:
        names = (None, *names)
    if len(names) > 1 and names[-1] is None:
        names = (*names, Shape(re.compile("")))  # `a/**` is what is in `a`, not `a`
    return Pattern(names, negated, only_folders)


def patterns(lines: Iterable[str]) -> tuple[Pattern, ...]:
    return tuple(found for line in lines if (found := pattern(line)) is not None)


class Rules:
    """Patterns; the last one that matches decides. A state is the branches that a path leads to."""

    def __init__(self, rules: Iterable[Pattern] = ()) -> None:
        self._negated: list[bool] = []
        self._top = _Branch()
        for number, rule in enumerate(rules):
            self._negated.append(rule.negated)
            self._top.add(rule, number)
        self.start: State = frozenset(self._top.closed())

    def __bool__(self) -> bool:
        return bool(self._negated)

    def says(self, state: State, *, is_folder: bool) -> bool | None:
        """Return whether the last matching pattern ignores; None if none matches."""
        last = max((branch.last(is_folder=is_folder) for branch in state), default=_NO_NUMBER)
        return None if last == _NO_NUMBER else not self._negated[last]

    def cover(self, parts: Parts) -> bool:
        """Return whether patterns match a file or a folder it is in."""
        state = self.start
        for count, part in enumerate(parts, 1):
            state = after(state, part)
            if self.says(state, is_folder=count < len(parts)):
                return True
        return False


class Globs:
    """Many independent patterns that match a file or a folder it is in."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._top = _Branch()
        for number, line in enumerate(lines):
            found = pattern(line)
            if found is not None and not found.negated:  # one that negates takes nothing by itself
                self._top.add(found, number)

    def covering(self, parts: Parts) -> list[int]:
        """Return the numbers of the patterns that match, in their order."""
        found: set[int] = set()
        state: State = frozenset(self._top.closed())
        for count, part in enumerate(parts, 1):
            state = after(state, part)
            for branch in state:
                found.update(branch.ends)
                if count < len(parts):
                    found.update(branch.folders)
        return sorted(found)


class _Branch:
    """A node of the tree of names: the patterns that end here, and the names that follow."""

    __slots__ = ("_any", "_by_name", "_by_shape", "_pieces", "ends", "folders", "is_any")

    def __init__(self, *, is_any: bool = False) -> None:
        self.is_any = is_any  # is behind `**`, and stays for each further name
        self.ends: list[int] = []
        self.folders: list[int] = []
        self._any: _Branch | None = None
        self._by_name: dict[str, _Branch] = {}
        self._by_shape: dict[Shape, _Branch] = {}
        self._pieces: Pieces[tuple[Shape, _Branch]] | None = None

    def add(self, rule: Pattern, number: int) -> None:
        """Add a pattern whose names begin here; numbers only grow."""
        branch = self
        for name in rule.names:
            branch = branch._below(name)
        (branch.folders if rule.only_folders else branch.ends).append(number)

    def _below(self, name: Name) -> _Branch:
        """Return the branch behind a name, a new one if there is none."""
        if name is None:
            if not self.is_any:  # `**/**` is `**`
                self._any = self._any or _Branch(is_any=True)
            return self._any or self
        if isinstance(name, str):
            return self._by_name.setdefault(name, _Branch())
        self._pieces = None
        return self._by_shape.setdefault(name, _Branch())

    def last(self, *, is_folder: bool) -> int:
        """Return the number of the last pattern that ends here."""
        last = self.ends[-1] if self.ends else _NO_NUMBER
        return max(last, self.folders[-1]) if is_folder and self.folders else last

    def closed(self) -> tuple[_Branch, ...]:
        """Return the branch, and the one that no further name leads to."""
        return (self,) if self._any is None else (self, self._any)

    def taking(self, part: str) -> Iterator[_Branch]:
        """Yield the branches to which a name leads."""
        if self.is_any:
            yield self
        if exact := self._by_name.get(part):
            yield from exact.closed()
        if not self._by_shape:
            return
        if self._pieces is None:
            self._pieces = Pieces((one.pieces, (one, to)) for one, to in self._by_shape.items())
        for shape, branch in self._pieces.may_match(part):
            if shape.regex.match(part):
                yield from branch.closed()


State: TypeAlias = frozenset[_Branch]
_NO_NUMBER = -1


def after(state: State, name: str) -> State:
    """Return the state after one more name."""
    return frozenset(to for branch in state for to in branch.taking(name))


@dataclass(frozen=True, slots=True)
class Ignores:
    """The `.gitignore` files that apply in a folder, each with its state."""

    levels: tuple[tuple[Rules, State], ...] = ()

    def below(self, name: str) -> Ignores:
        """Return the files that apply in a sub-folder."""
        return Ignores(tuple((rules, after(state, name)) for rules, state in self.levels))

    def plus(self, text: str) -> Ignores:
        """Return these files and a `.gitignore` of the folder itself."""
        rules = Rules(patterns(text.split("\n")))
        return Ignores((*self.levels, (rules, rules.start))) if rules else self

    def cover(self, name: str, *, is_folder: bool) -> bool:
        """Return whether an entry of the folder is ignored; the deepest matching file decides."""
        for rules, state in reversed(self.levels):
            found = rules.says(after(state, name), is_folder=is_folder)
            if found is not None:
                return found
        return False


def _without_trailing_blanks(line: str) -> str:
    bare = line.rstrip(" ")
    escaped = (len(bare) - len(bare.rstrip("\\"))) % 2
    return bare + " " if escaped and bare != line else bare


def _names(text: str) -> list[str] | None:
    """Return the names of a pattern between slashes outside of brackets; None if git refuses it."""
    if "[" not in text and "\\" not in text:
        return text.split("/")
    names: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        end = at + 1 + (text[at] == "\\")
        if text[at] == "[":
            bracket = _bracket(text, at)
            if bracket is None:
                return None
            end = bracket[1]
        if text[at:end] in ("/", "\\/"):
            names.append([])
        else:
            names[-1].append(text[at:end])
        at = end
    return ["".join(name) for name in names]


def _name(text: str) -> Name:
    """Return one compiled name: None for `**`, the name itself when nothing in it is special.

    Git reads more than two stars as two.
    """
    if text.startswith("**") and not text.strip("*"):
        return None
    if not any(char in text for char in _SPECIAL):
        return text
    chunks = _chunks(text)
    if chunks is None:
        return _NEVER
    first, *more = chunks
    # An atomic group takes the first place where a chunk fits and never tries another.
    middle = "".join(f"(?>.*?{chunk})" for chunk in more[:-1])
    last = f".*{more[-1]}" if more else ""
    return Shape(re.compile(rf"(?s:{first}{middle}{last})\Z"), _pieces(text))


def _pieces(text: str) -> tuple[str, ...]:
    """Return the plain texts in a name of a pattern, between the special characters."""
    if "[" not in text and "\\" not in text:
        return tuple(filter(None, _WILD.split(text)))
    specials = [at for at, char in enumerate(text) if char in _SPECIAL or char == "]"]
    behind = specials[-1] + (2 if text[specials[-1]] == "\\" else 1)
    return text[: specials[0]], text[behind:]


def _chunks(text: str) -> list[str] | None:
    """Return the regular expressions between the stars; None if git takes it as malformed."""
    chunks = [""]
    at = 0
    while at < len(text):
        char = text[at]
        if char == "[":
            bracket = _bracket(text, at)
            if bracket is None:
                return None
            members, at = bracket
            chunks[-1] += members
        elif char == "\\":
            at += 1
            if at == len(text):
                return None
            chunks[-1] += re.escape(text[at])
        elif char == "*":
            chunks += [] if len(chunks) > 1 and not chunks[-1] else [""]
        else:
            chunks[-1] += "." if char == "?" else re.escape(char)
        at += 1
    return chunks


def _bracket(text: str, at: int) -> tuple[str, int] | None:
    """Return the expression of `[!a-z]` and the like, and its end; None if git refuses it."""
    negated = text[at + 1 : at + 2] in ("!", "^")
    start = at = at + 1 + negated
    members: list[str] = []
    previous, close = "", 0
    while (char := text[at : at + 1]) != "]" or at == start:
        following = text[at + 1 : at + 2]
        if char == "[" and following == ":":
            close = close if close > at + 1 else text.find("]", at + 2)
            is_class = close > at + 2 and text[close - 1] == ":"
            name = text[at + 2 : close - 1] if is_class else None
            if close < 0 or (is_class and name not in _CLASSES):
                return None
            members.append(_CLASSES[name] if name else r"\[")
            previous, at = ("", close) if name else (char, at)
        elif char == "-" and previous and following not in ("", "]"):
            at += 1 + (following == "\\")
            members.append(_stretch(previous, text[at : at + 1]))
            previous = ""
        else:
            at += char == "\\"
            previous = text[at : at + 1]
            members.append(re.escape(previous))
        at += 1
        if at > len(text):
            return None
    return f"[{'^' if negated else ''}{''.join(members)}]", at


def _stretch(first: str, last: str) -> str:
    return f"{re.escape(first)}-{re.escape(last)}" if first <= last else ""
