"""Reads scenarios one by one, from JSON Lines or one JSON array; a wrong line does not stop them.

A member that appears twice in an object is a fault: of two conditions one would be dropped unseen.

Most of a line are its policies, and many lines have the same. Lines that are equal from
`"policies"` to their end share them, and only what is in front is parsed.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final, NoReturn

from iamlint.errors import ReadError
from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence
    from typing import IO

    from iamlint.evaluator.policy_set import PolicySet

_BOM: Final = b"\xef\xbb\xbf"
_BLANKS: Final = late_pattern(r"[ \t\r\n]*")
_NAME: Final = b'"policies"'
_COLON: Final = late_pattern(r'"policies"[ \t\r\n]*:[ \t\r\n]*')
_MOST_SHARED: Final = 4_000_000
"""Bytes of lines whose policies are kept."""
_MOST_SEEN: Final = 100_000


class SharedPolicies(dict[str, object]):
    """The `policies` of all scenarios that write them alike.

    `compiled` has the set that they make, and what is wrong with them, by whether the policy of
    the resource is a trust policy.
    """

    __slots__ = ("compiled",)

    def __init__(self, members: dict[str, object]) -> None:
        super().__init__(members)
        self.compiled: dict[bool, tuple[PolicySet, list[str]]] = {}


class Seen:
    """The hashes of all values that have come, so that one which comes only once is not kept."""

    __slots__ = ("_hashes",)

    def __init__(self) -> None:
        self._hashes: set[int] = set()

    def is_new(self, value: Hashable) -> bool:
        """Return whether a value comes for the first time; it is remembered."""
        found = hash(value)
        if found in self._hashes:
            return False
        if len(self._hashes) >= _MOST_SEEN:
            self._hashes.clear()
        self._hashes.add(found)
        return True


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario as it was read, or not; with `faults` there is nothing to decide."""

    value: object
    faults: tuple[str, ...] = ()
    read: bool = True

    @property
    def id(self) -> str | int | None:
        found = self.value.get("id") if isinstance(self.value, dict) else None
        return found if isinstance(found, str | int) else None


def read_scenarios(stream: IO[bytes]) -> Iterator[Scenario]:
    """Yield each scenario as soon as it is read."""
    reader = _Reader()
    begun = False
    for number, line in enumerate(stream, 1):
        text = line.removeprefix(_BOM) if number == 1 else line
        if not text.strip():
            continue
        if not begun and text.lstrip().startswith(b"["):
            yield from reader.array(text + stream.read())
            return
        begun = True
        yield reader.line(text, f"line {number}")


class _Reader:
    """A strict JSON parser; `_faults` are those of the scenario it is at."""

    def __init__(self) -> None:
        self._faults: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=_refuse_constant
        )
        self._lines = _Lines()

    def line(self, data: bytes, where: str) -> Scenario:
        try:
            if (value := self._lines.read(data)) is not None:
                return Scenario(value)
        except (ValueError, RecursionError):
            pass  # the decoder of whole lines says what is wrong
        self._faults = []
        try:
            value = self._decoder.decode(data.decode("utf-8").rstrip())
        except (ValueError, RecursionError) as error:
            return Scenario(None, (f"{where} is not valid JSON: {_reason(error)}",), read=False)
        return Scenario(value, tuple(self._faults))

    def array(self, data: bytes) -> Iterator[Scenario]:
        try:
            yield from self._items(data.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise ReadError(f"the file is not valid JSON: {_reason(error)}") from error

    def _items(self, text: str) -> Iterator[Scenario]:
        at = _skip(text, text.index("[") + 1)
        more = not text.startswith("]", at)
        while more:
            self._faults = []
            value, at = self._decoder.raw_decode(text, at)
            yield Scenario(value, tuple(self._faults))
            at = _skip(text, at)
            more = text.startswith(",", at)
            at = _skip(text, at + 1) if more else at
        if not text.startswith("]", at):
            raise json.JSONDecodeError("Expecting `,` or `]`", text, at)
        if (end := _skip(text, at + 1)) < len(text):
            raise json.JSONDecodeError("Extra data", text, end)

    def _object(self, members: Sequence[tuple[str, object]]) -> dict[str, object]:
        found = dict(members)
        if len(found) < len(members):
            times = Counter(name for name, _ in members)
            twice = [name for name, count in times.items() if count > 1]
            self._faults += [f"`{name}` appears twice in one object" for name in twice]
        return found


class _Lines:
    """Reads lines: the policies are parsed apart, or known from another line.

    The text around them is parsed with `NaN` in their place, which no valid line has.
    """

    def __init__(self) -> None:
        self._decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)
        self._around = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=self._place)
        self._known: dict[bytes, SharedPolicies] = {}
        self._size = 0
        self._seen = Seen()
        self._policies: object = None
        self._places = 0

    def read(self, data: bytes) -> object | None:
        """Return the value of a line; None or ValueError where it has to be read as a whole."""
        at = data.find(_NAME)
        if at < 0:
            return None
        front, rest = data[:at].decode("utf-8"), data[at:]
        known = self._known.get(rest)
        if known is not None:
            return self._put(front, known, "}")
        text = rest.decode("utf-8").rstrip()
        colon = _COLON.match(text)
        if colon is None:
            return None
        policies, end = self._decoder.raw_decode(text, colon.end())
        behind = text[end:]
        if behind == "}" and isinstance(policies, dict) and not self._seen.is_new(rest):
            policies = SharedPolicies(policies)
            self._keep(rest, policies)
        return self._put(front, policies, behind)

    def _put(self, front: str, policies: object, behind: str) -> object | None:
        self._policies, self._places = policies, 0
        value: object = self._around.decode(f'{front}"policies":NaN{behind}')
        return value if self._places == 1 else None

    def _place(self, _: str) -> object:
        self._places += 1
        return self._policies

    def _keep(self, rest: bytes, policies: SharedPolicies) -> None:
        self._size += len(rest)
        if self._size > _MOST_SHARED:
            self._known.clear()
            self._size = len(rest)
        self._known[rest] = policies


def _unique(members: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("a name appears twice")
    return found


def _skip(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"`{name}` is not a JSON number")


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        line = f"line {error.lineno} " if error.lineno > 1 else ""
        return f"{error.msg[:1].lower()}{error.msg[1:]} at {line}column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is not UTF-8"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)
