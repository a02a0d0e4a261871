"""Values as patterns: each unknown part is a variable of its own, the same for the same value.

A pattern is text that rules and matching compare, never text that a person reads: `display` puts
back what the file writes. A variable may be any text; one of a pseudo parameter contains neither
`:` nor `/` and is not empty.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.late_pattern import late_pattern
from iamlint.text.source import Partial, Pseudo, Unknown

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_Text: TypeAlias = str | Partial | Unknown

_MARK: Final = "\ue000"  # of private use: no variable of AWS has it
_LETTERS: Final = {
    Pseudo.ACCOUNT: "a",
    Pseudo.OTHER_ACCOUNT: "a",
    Pseudo.PARTITION: "p",
    Pseudo.REGION: "r",
    Pseudo.STACK_NAME: "s",
    Pseudo.URL_SUFFIX: "u",
}
_ANY: Final = "x"
_TOKEN: Final = late_pattern(rf"\$\{{{_MARK}(\w)\w+\}}")
_STAND_IN: Final = "\ue001"


def pattern_of(value: _Text) -> str:
    """Return a value with a variable for each part that is not known."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unknown):
        return _token(value)
    return value.filled(_token)


def display(text: str, value: _Text) -> str:
    """Return a message about a value with its unknown parts as the file writes them."""
    if _MARK not in text:
        return text
    parts = value.parts if isinstance(value, Partial) else (value,)
    for part in parts:
        if isinstance(part, Unknown):
            text = text.replace(_token(part), part.text)
    return text


def has_unknown(pattern: str) -> bool:
    """Return whether some part may be any text: not even its form is known."""
    return _MARK in pattern and any(match[1] == _ANY for match in _TOKEN.finditer(pattern))


def is_open(pattern: str) -> bool:
    """Return whether some part is not known."""
    return _MARK in pattern


def split_open(pattern: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a pattern in order, each with whether it is a part that is not known."""
    at = 0
    for match in _TOKEN.finditer(pattern):
        if match.start() > at:
            yield pattern[at : match.start()], False
        yield match[0], True
        at = match.end()
    if at < len(pattern):
        yield pattern[at:], False


def without_same_ends(left: str, right: str) -> tuple[str, str]:
    """Return two patterns without what is the same at their ends, up to the first wildcard.

    Some text fits both only if some text fits both rests, because an unknown part is one text.
    """
    if _MARK not in left or _MARK not in right:
        return left, right
    one, two = _units(left), _units(right)
    start = _same(one, two)
    one, two = one[start:][::-1], two[start:][::-1]
    end = _same(one, two)
    return "".join(one[end:][::-1]), "".join(two[end:][::-1])


def _units(pattern: str) -> list[str]:
    """Return the characters of a pattern, and its unknown parts."""
    found: list[str] = []
    for part, is_unknown in split_open(pattern):
        found.extend((part,) if is_unknown else part)
    return found


def _same(one: list[str], two: list[str]) -> int:
    """Return how many units are the same at the start and mean just themselves."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((at for at, (a, b) in pairs if a != b or a in _MEANING), min(len(one), len(two)))


_MEANING: Final = frozenset("*?${}")


def without_pseudo(pattern: str, *, in_field: bool = False) -> str:
    """Return a pattern with text in place of pseudo parameters, `?*` where it may be any.

    `in_field` is for the field of an ARN that a pseudo parameter may be the whole of.
    """
    if _MARK not in pattern:
        return pattern
    return _TOKEN.sub(_any_text if in_field else _one_text, pattern)


def _any_text(match: re.Match[str]) -> str:
    return match[0] if match[1] == _ANY else "?*"


def _one_text(match: re.Match[str]) -> str:
    if match[1] == _ANY:
        return match[0]
    # A stack may have the name of a kind of resource; ids, regions and partitions have not.
    return "?*" if match[1] == _LETTERS[Pseudo.STACK_NAME] else _STAND_IN


def _token(part: Unknown) -> str:
    letter = _LETTERS[part.means] if part.means else _ANY
    name = f"i{_digest(part.identity)}" if part.identity else f"o{id(part):x}"
    return f"${{{_MARK}{letter}{name}}}"


@lru_cache(maxsize=4096)
def _digest(identity: str) -> str:
    try:  # `hashlib` loads OpenSSL, which takes longer than to read a template
        from _blake2 import blake2b  # noqa: PLC0415 - few policies have unknown parts
    except ImportError:  # pragma: no cover - a Python that is built without it
        from hashlib import blake2b  # noqa: PLC0415 - the same
    return blake2b(identity.encode(errors="surrogatepass"), digest_size=16).hexdigest()
