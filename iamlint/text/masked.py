"""Texts as reports show them: without the secrets that are in them.

`mask` leaves out what `remember` was given: all secrets of the files that this process has read. It
is asked wherever a text of others is shown, so that no message, error or answer repeats one.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.text.secrets import Secret

MASK: Final = "…"
_START: Final = 4
"""Characters of the shortest password that is masked in messages."""
_KEY: Final = 16
"""Characters by which a key is known, also where a message cuts it."""
_SURE: Final = 8
"""Characters of a password that is masked anywhere; a shorter one, or a word, only in quotes."""
_LONGEST: Final = 999
_ALIKE: Final = 8
"""Keys that start alike, at most."""
_QUOTES: Final = frozenset("`\"'")


class _Known:
    """The secrets that were read: keys by their first letters, words by those and their lengths.

    The letters of keys are small, since a fix or a message may change them.
    """

    def __init__(self) -> None:
        self.keys: dict[str, list[str]] = {}
        self.words: set[str] = set()
        self.lengths: dict[str, set[int]] = {}

    def add(self, text: str, *, is_word: bool) -> None:
        """Add a secret; one that is a word counts only by itself."""
        if is_word and _START <= len(text) <= _LONGEST:
            self.words.add(text)
            self.lengths.setdefault(text[:_START], set()).add(len(text))
        elif not is_word and len(text) >= _KEY:
            small = _small(text)
            alike = self.keys.setdefault(small[:_KEY], [])
            if small not in alike and len(alike) < _ALIKE:
                alike.append(small)

    def end(self, text: str, small: str, at: int) -> int | None:
        """Return the end of the secret that starts at a place of a text; None if none does."""
        if alike := self.keys.get(small[at : at + _KEY]):
            return at + max(_common(small[at : at + len(one)], one) for one in alike)
        for length in sorted(self.lengths.get(text[at : at + _START], ()), reverse=True):
            end = at + length
            if text[at:end] in self.words and _is_apart(text, at, end):
                return end
        return None


_KNOWN: Final = _Known()


def remember(secrets: Iterable[Secret], text: str) -> None:
    """Note the secrets of a text, as it writes them and as they are."""
    import json  # noqa: PLC0415 - few files have a secret

    for one in secrets:
        written = text[one.start : one.end]
        forms = set(written.split()) if one.is_encoded else set()
        if one.is_word and "\n" in written:  # a block of YAML
            forms |= {line.strip() for line in written.splitlines()[1:]}
        if one.opens:
            bare = "".join(filter(str.isalnum, one.value))
            forms |= {one.value, json.dumps(one.value)[1:-1], written, bare}
        for form in forms:
            _KNOWN.add(form, is_word=one.is_word)


def know_secrets(text: str) -> Sequence[Secret]:
    """Note the secrets of a text besides policies, such as a configuration, and return them."""
    from iamlint.text.secret_marks import may_hold_secret  # noqa: PLC0415 - few runs have such texts

    if not may_hold_secret(text.encode("utf-8", "surrogatepass")):
        return ()
    from iamlint.text.secrets import find_secrets  # noqa: PLC0415 - few texts have one

    found = find_secrets(text)
    remember(found, text)
    return found


@contextmanager
def kept_apart() -> Iterator[None]:
    """Forget the secrets that are read meanwhile: of other accounts, another process reads some."""
    keys = {start: list(alike) for start, alike in _KNOWN.keys.items()}
    words, lengths = set(_KNOWN.words), {start: set(of) for start, of in _KNOWN.lengths.items()}
    try:
        yield
    finally:
        _KNOWN.keys, _KNOWN.words, _KNOWN.lengths = keys, words, lengths


def mask(text: str) -> str:
    """Return a text without the secrets that were read; access key ids are shortened."""
    parts: list[str] = []
    done = 0
    for start, end, shown in places_in(text):
        parts += [text[done:start], shown]
        done = end
    return "".join([*parts, text[done:]]) if done else text


def mask_own(text: str) -> str:
    """Return a text without the secrets that it has itself, and without those that were read."""
    return mask(cover(text, know_secrets(text)))


def places_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a text has an id or a secret that was read, and what is shown of it."""
    ids = _ids(text) if "AKIA" in text or "ASIA" in text else {}
    if not (ids or _KNOWN.keys or _KNOWN.words):
        return
    small = _small(text)
    at = 0
    while at < len(text):
        end, shown = ids.get(at) or (_KNOWN.end(text, small, at), MASK)
        if end is not None:
            yield at, end, shown
        at = at + 1 if end is None else end


def _ids(text: str) -> dict[int, tuple[int | None, str]]:
    """Return the ends of access key ids and what is shown of them, by their starts."""
    from iamlint.text.secrets import key_ids, shown_id  # noqa: PLC0415 - few texts have one

    return {match.start(): (match.end(), shown_id(match[0])) for match in key_ids(text)}


def mask_all(value: object) -> object:
    """Return plain data with all its texts masked."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {mask_all(name): mask_all(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(mask_all, value))
    return value


def _small(text: str) -> str:
    """Return a text of the same length in small letters."""
    if text.isascii():
        return text.lower()
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _common(text: str, other: str) -> int:
    """Return the number of characters with which both texts start."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(text), len(other)))


def _is_apart(text: str, start: int, end: int) -> bool:
    """Return whether a password in a text is a word of its own; a short one in quotes."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if end - start < _SURE or text[start:end].isalpha():
        return before in _QUOTES and after in _QUOTES
    return not (before.isalnum() or after.isalnum())


def cover(text: str, secrets: Iterable[Secret]) -> str:
    """Return a whole text without its secrets, which are in order."""
    parts: list[str] = []
    done = 0
    for one in secrets:
        parts += [text[done : one.start], one.cover]
        done = one.end
    return "".join([*parts, text[done:]])
