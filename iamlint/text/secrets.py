"""Finds keys of AWS and passwords in a text of any language, by their shapes and their names.

A key counts by its own name, or beside the access key id that it belongs to. Placeholders, hashes,
parts of longer words and texts that are not random enough do not count.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html
"""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.late_pattern import late_pattern
from iamlint.text.passwords import find_passwords
from iamlint.text.randomness import entropy, has_both_cases, turns
from iamlint.text.secret_marks import has_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from re import Match

_RUN: Final = late_pattern(r"[A-Za-z0-9+/\\]{40,}")
_PIECE: Final = late_pattern(
    r"(?:[A-Za-z0-9+/]|\\/|\\u00(?:2[bBfF]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]))+"
    r"|\\u[0-9a-fA-F]{4}|\\."
)
_ESCAPED: Final = late_pattern(r"\\(?:u00([2-7][0-9a-fA-F])|/)")
"""A letter of base64 that JSON escapes: some writers escape `/`, others `+`."""
_ID: Final = late_pattern(r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9+_])")
_BEDROCK: Final = late_pattern(
    r"(?:ABSK[A-Za-z0-9+/]{109,269}|bedrock-api-key-[A-Za-z0-9+/_-]{20,})={0,2}(?![\w+/])"
)
_ESCAPES: Final = ("\\n", "\\r", "\\t")
_ESCAPED_QUOTE: Final = "\\u0022"
_LENGTH: Final = 40
_SMTP_LENGTH: Final = 44
_SMTP_STARTS: Final = late_pattern("B[A-P]|A[g-v]")
"""A version of 4 or 2, and the first bits of a digest, in base64."""
_TOKEN_LENGTH: Final = 100
_TOKEN_STARTS: Final = ("IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz", "AQoDYXdz")
_TOKEN_REST: Final = late_pattern(r"(?:[A-Za-z0-9+/=]|%[0-9A-Fa-f]{2})*")

_LEAST: Final = 4.25
"""Bits a character of a key: of 20,000 random ones, the lowest has 4.26."""
_LEAST_OF_ID: Final = 3.0
_LEAST_OF_NAMED_ID: Final = 2.5
_TURNS: Final = 12
"""Changes between small letters, capitals, digits and signs in a key; words and paths have less."""

_WORD: Final = late_pattern(r"[A-Za-z][a-z]{2,}")
_LETTERS_OF_WORDS: Final = 32
_LETTERS_NEAR_ID: Final = 24
"""Letters in words of a key, at most: of 200,000 random ones, 6 have more than 31."""

_NEAR: Final = 400
"""Characters between an id and its key, at most; no empty line is between them."""
_EMPTY_LINE: Final = late_pattern(r"\n[ \t]*\r?\n|\\n(?:\\r)?\\n")
_SAID_BEFORE: Final = 120
_AROUND: Final = 300

_SECRET_NAME: Final = late_pattern(r"secret[_.-]?access[_.-]?key|aws[_.-]?secret(?:[_.-]?key)?")
_SHORT_NAME: Final = late_pattern(r"secret[_.-]?key")
_OF_AWS: Final = late_pattern(r"aws|s3|access[_.-]?key")
_ID_NAME: Final = late_pattern(r"access[_.-]?key")
_TOKEN_NAME: Final = late_pattern(r"session[_.-]?token|security[_.-]?token")
_SMTP_NAME: Final = late_pattern(r"smtp[_.-]?pass|ses[_.-]?pass")
_OF_OTHERS: Final = late_pattern(
    r"(?:arn|name|path|ref|version|etag|(?:^|[_.-])id)$|sha|hash|digest|checksum|md5|finger|commit"
)
"""The ends and parts of names of what is known to be no key."""
_VALUE_NAME: Final = late_pattern(r"(?:\w*value|default|secret_?string|string_?value)$")
_NAME_BEHIND: Final = late_pattern(
    r"""[\\"']{0,2}\s*[,\n]\s*[\\"']{0,2}name[\\"']{0,2}\s*[:=]\s*\W{0,2}([\w.-]+)"""
)
_OTHER_VALUE: Final = late_pattern(r"""(?:value|default)[\\"']{0,2}\s*[:=]""")
_BEFORE_VARIABLES: Final = ("-$", "_$")
_OPENING: Final = " \t\r\n\"'`\\|>-("
_NAMES: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_PLACEHOLDERS: Final = (
    *(("${", "}"), ("{{", "}}"), ("%{", "}")),
    *(("{%", "%}"), ("#{", "}"), ("<", ">")),
)


class SecretKind(StrEnum):
    """What a secret is, as messages name it."""

    ACCESS_KEY_ID = "access key id"
    SECRET_KEY = "secret access key"  # noqa: S105 - the name of one
    SESSION_TOKEN = "session token"  # noqa: S105 - the same
    BEDROCK_KEY = "Bedrock API key"
    SMTP_PASSWORD = "SMTP password of SES"  # noqa: S105 - the same
    PASSWORD = "password"  # noqa: S105 - the same


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret in a text, at `start` to `end`; `value` is what it is when it is decoded.

    `key_id` is the access key id in the same block of text, or the id itself. One that
    `is_encoded` is in a text in base64, and its place covers it.
    """

    kind: SecretKind
    start: int
    end: int
    value: str = field(repr=False)
    key_id: str = field(default="", repr=False)
    is_encoded: bool = False

    @property
    def cover(self) -> str:
        """What reports show in its place."""
        is_id = self.kind is SecretKind.ACCESS_KEY_ID and not self.is_encoded
        return shown_id(self.value) if is_id else "…"

    @property
    def is_word(self) -> bool:
        """Whether it may be a word that a text has by chance."""
        return self.kind is SecretKind.PASSWORD

    @property
    def opens(self) -> bool:
        """Whether it opens something by itself; an id only names a key."""
        return self.kind is not SecretKind.ACCESS_KEY_ID


def find_secrets(text: str) -> tuple[Secret, ...]:
    """Return the secrets of a text in its order; none overlaps another one."""
    found: list[Secret] = []
    end = 0
    for one in sorted(_found(text), key=lambda one: (one.start, -one.end)):
        if one.start >= end:
            found.append(one)
            end = one.end
    return tuple(found)


def _found(text: str) -> Iterator[Secret]:
    from iamlint.text.base64_runs import decoded_runs  # noqa: PLC0415 - few files have a mark

    if not has_keys(text):
        yield from _passwords(text)
        return
    pieces = list(_pieces(text))
    yield from _in_plain(text, pieces)
    for run in decoded_runs(text, [(one.start, one.end) for one in pieces]):
        if has_keys(run.text) or next(find_passwords(run.text), None):
            for inner in _in_plain(run.text, list(_pieces(run.text))):
                start, end = run.place(inner.start, inner.end)
                yield Secret(inner.kind, start, end, inner.value, inner.key_id, is_encoded=True)


def _in_plain(text: str, pieces: Sequence[_Piece]) -> Iterator[Secret]:
    ids = list(key_ids(text))
    for match in ids:
        yield Secret(SecretKind.ACCESS_KEY_ID, *match.span(), match[0], match[0])
    for match in _BEDROCK.finditer(text) if "ABSK" in text or "bedrock-" in text else ():
        if _starts(text, match.start()) and _is_random(match[0]):
            yield Secret(SecretKind.BEDROCK_KEY, *match.span(), match[0])
    around = _Around(text, [match.span() for match in ids])
    keys = [one for piece in pieces for one in around.key_in(piece)]
    yield from keys
    if keys:
        yield from _again(pieces, {one.value[:_LENGTH]: one for one in keys})
    yield from _passwords(text)


def _passwords(text: str) -> Iterator[Secret]:
    for start, end in find_passwords(text):
        yield Secret(SecretKind.PASSWORD, start, end, text[start:end])


def _again(pieces: Sequence[_Piece], keys: Mapping[str, Secret]) -> Iterator[Secret]:
    """Yield where else in the text the keys are, by their first letters."""
    for piece in pieces:
        value = piece.value
        for at in range(len(value) - _LENGTH + 1):
            if one := keys.get(value[at : at + _LENGTH]):
                is_as_written = piece.end - piece.start == len(value)
                start = piece.start + at if is_as_written else piece.start
                end = min(start + len(one.value), piece.end) if is_as_written else piece.end
                yield Secret(one.kind, start, end, one.value, one.key_id)
                break


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of the letters of base64; `value` is without the backslashes of JSON."""

    start: int
    end: int
    value: str = field(repr=False)


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the words of a text that are long enough for a key, without those that escapes end."""
    for run in _RUN.finditer(text):
        word = run[0]
        if "\\" not in word:
            yield _Piece(*run.span(), word)
            continue
        for part in _PIECE.finditer(word):
            value = _ESCAPED.sub(_unescaped, part[0])
            if len(value) >= _LENGTH:
                yield _Piece(run.start() + part.start(), run.start() + part.end(), value)


def _unescaped(escape: Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else "/"


@dataclass(frozen=True, slots=True)
class _Around:
    """A text and the places of the access key ids in it, in order."""

    text: str
    ids: Sequence[tuple[int, int]]

    def key_in(self, piece: _Piece) -> Iterator[Secret]:
        """Yield the key that a word is, if it is one."""
        length = len(piece.value)
        if length == _LENGTH:
            kind = self._secret_key(piece)
        elif length == _SMTP_LENGTH:
            kind = self._smtp_password(piece)
        elif length >= _TOKEN_LENGTH:
            kind = self._token(piece)
        else:
            return
        if kind is None:
            return
        end = piece.end
        if kind is SecretKind.SESSION_TOKEN and (rest := _TOKEN_REST.match(self.text, end)):
            end = rest.end()
        value = piece.value + self.text[piece.end : end]
        yield Secret(kind, piece.start, end, value, self._id_beside(piece))

    def _secret_key(self, piece: _Piece) -> SecretKind | None:
        if not self._is_whole(piece) or not has_both_cases(piece.value):
            return None
        name = self._name(piece).lower()
        letters = sum(map(len, _WORD.findall(piece.value)))
        if letters > _LETTERS_OF_WORDS or not _is_random(piece.value) or _OF_OTHERS.search(name):
            return None
        is_named = _SECRET_NAME.search(name) or (
            _SHORT_NAME.search(name) and _OF_AWS.search(self._before(piece, _AROUND).lower())
        )
        is_one = is_named or (letters <= _LETTERS_NEAR_ID and self._is_beside_id(piece))
        return SecretKind.SECRET_KEY if is_one else None

    def _smtp_password(self, piece: _Piece) -> SecretKind | None:
        if not self._is_whole(piece) or not _SMTP_STARTS.match(piece.value):
            return None
        if not has_both_cases(piece.value) or not _is_random(piece.value):
            return None
        is_named = _SMTP_NAME.search(self._name(piece).lower())
        return SecretKind.SMTP_PASSWORD if is_named or self._is_beside_id(piece) else None

    def _token(self, piece: _Piece) -> SecretKind | None:
        if "EXAMPLE" in piece.value or not has_both_cases(piece.value):
            return None
        is_one = piece.value.startswith(_TOKEN_STARTS) or (
            _TOKEN_NAME.search(self._name(piece).lower()) and _is_random(piece.value)
        )
        return SecretKind.SESSION_TOKEN if is_one else None

    def _before(self, piece: _Piece, length: int) -> str:
        return self.text[max(0, piece.start - length) : piece.start]

    def _is_whole(self, piece: _Piece) -> bool:
        """Return whether a word is outside of longer ones and of placeholders."""
        before, after = self.text[piece.start - 1 : piece.start], self.text[piece.end :][:2]
        is_followed = after[:1] in ("_", "-", "=", "%", "~") and after not in _BEFORE_VARIABLES
        if before in ("_", "-", ".", "%", "$", "@", "~") or is_followed:
            return False
        if after[:1] == "." and after[1:].isalnum():
            return False
        line = self._before(piece, _SAID_BEFORE).rpartition("\n")[2]
        return all(line.rfind(a) <= line.rfind(b) for a, b in _PLACEHOLDERS)

    def _name(self, piece: _Piece) -> str:
        """Return the name that a word is the value of; that of the block if it is a default."""
        lead = self._before(piece, _SAID_BEFORE).replace(_ESCAPED_QUOTE, '"')
        lead = lead.rstrip(_OPENING).rstrip(":=,>")
        name = _last_name(lead.rstrip(" \t\"'`\\])"))
        if not _VALUE_NAME.fullmatch(name.lower()):
            return name
        if behind := _NAME_BEHIND.match(self.text[piece.end : piece.end + _SAID_BEFORE].lower()):
            return behind[1]
        block = self._before(piece, _AROUND).lower()[:-1].rpartition("}")[2]
        values = [*_OTHER_VALUE.finditer(block)]
        block = block[values[-2].end() if len(values) > 1 else 0 :]
        for pattern in (_SECRET_NAME, _SHORT_NAME, _TOKEN_NAME, _SMTP_NAME):
            if found := pattern.search(block):
                return found[0]
        return name

    def _id_beside(self, piece: _Piece) -> str:
        """Return the nearest access key id in the same block of text; empty if there is none."""
        at = bisect_left(self.ids, (piece.start, 0))
        near = sorted(
            (max(start - piece.end, piece.start - end), start, end)
            for start, end in self.ids[max(at - 1, 0) : at + 1]
        )
        for distance, start, end in near:
            first, last = (end, piece.start) if end <= piece.start else (piece.end, start)
            if distance <= _NEAR and not _EMPTY_LINE.search(self.text, first, last):
                return self.text[start:end]
        return ""

    def _is_beside_id(self, piece: _Piece) -> bool:
        """Return whether a word is a key by an id near it: neither a path nor a part of an ARN."""
        is_mixed = any(map(str.isdigit, piece.value)) and turns(piece.value) >= _TURNS
        if not is_mixed or not self._id_beside(piece):
            return False
        lead = self._before(piece, 2)
        is_after_id = any(end == piece.start - 1 for _, end in self._last_id(piece))
        return is_after_id or not (lead.endswith(":") and lead[:-1].isalnum())

    def _last_id(self, piece: _Piece) -> Sequence[tuple[int, int]]:
        """Return the last id before a word."""
        at = bisect_left(self.ids, (piece.start, 0))
        return self.ids[max(at - 1, 0) : at]


def key_ids(text: str) -> Iterator[Match[str]]:
    """Yield the access key ids of a text, without the examples of AWS."""
    return (match for match in _ID.finditer(text) if _is_key_id(text, match))


def _is_key_id(text: str, match: Match[str]) -> bool:
    """Return whether a text of the shape of an access key id is one, and no example of AWS."""
    near = text[max(0, match.start() - _SAID_BEFORE // 4) : match.start()].lower()
    least = _LEAST_OF_NAMED_ID if _ID_NAME.search(near) else _LEAST_OF_ID
    if match[0].endswith("EXAMPLE") or not _starts(text, match.start()):
        return False
    return entropy(match[0]) >= least


def _starts(text: str, start: int) -> bool:
    """Return whether a word starts there: after no letter, unless that ends an escape."""
    before = text[max(0, start - 2) : start]
    is_inside = before[-1:].isalnum() or before[-1:] in ("+", "_")
    return not is_inside or before in _ESCAPES or text.endswith(_ESCAPED_QUOTE, 0, start)


def _is_random(text: str) -> bool:
    return "EXAMPLE" not in text and entropy(text) >= _LEAST


def _last_name(text: str) -> str:
    """Return the name at the end of a text."""
    start = len(text)
    while start and text[start - 1] in _NAMES:
        start -= 1
    return text[start:].lstrip("-.")


def password_at(text: str, start: int, end: int) -> Secret:
    """Return the password at a place, without the quotes around it."""
    if end - start > 1 and text[start] in "\"'" and text[end - 1] == text[start]:
        start, end = start + 1, end - 1
    return Secret(SecretKind.PASSWORD, start, end, text[start:end])


def account_of_key(key_id: str) -> str | None:
    """Return the account in an access key id; ids of before 2019 have none.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
    """
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    if key_id[4:5] in ("I", "J"):
        return None
    number = 0
    for letter in key_id[4:14]:
        number = number * 32 + letters.index(letter)
    return f"{(number >> 2 & 0x7FFFFFFFFF80) >> 7:012}"


def shown_id(key_id: str) -> str:
    """Return an access key id as reports show it."""
    return f"{key_id[:4]}…{key_id[-4:]}"
