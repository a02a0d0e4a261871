"""The documents of the managed policies that AWS publishes, as of one day.

One policy a line, so that one is read without the others; nothing is read before one is asked for.
Policies of service-linked roles are left out, since they cannot be attached.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern

if TYPE_CHECKING:
    from iamlint.text.source import Value

FILE: Final = Path(__file__).parent / "managed_policies.jsonl"
HOME: Final = "aws"
"""The partition whose documents these are."""

_START: Final = b'\n{"policy":"'
_END: Final = b'","version":'
_NAME: Final = late_pattern(re.escape(_START) + rb'([^"]*)')


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A document of AWS: `version` as AWS counts, `changed` the day it came into force."""

    name: str
    version: str
    changed: str
    value: Value


@lru_cache(maxsize=64)  # a few are attached to most roles
def managed_policy(name: str, partition: str = HOME) -> ManagedPolicy | None:
    """Return a policy by path and name, such as `job-function/ViewOnlyAccess`.

    AWS publishes no list for other partitions: theirs is taken to be the same, with their ARNs.
    """
    start = _starts().get(_bytes(name))
    if start is None:
        return None
    line = _text()[start : _text().index(b"\n", start)]
    if partition != HOME:
        line = line.replace(b"arn:aws:", f"arn:{partition}:".encode())
    facts = json.loads(line)
    return ManagedPolicy(name, facts["version"], facts["date"], facts["document"])


def path_of(name: str) -> str | None:
    """Return path and name of the policy of that name: names are unique whatever their paths."""
    for before in (b"/", b'"'):
        found = _text().find(before + _bytes(name) + _END)
        if found >= 0:
            start = _text().rindex(_START, 0, found + 1) + len(_START)
            return _text()[start : _text().index(_END, start)].decode()
    return None


def names() -> list[str]:
    """Return path and name of every policy."""
    return [name.decode() for name in _starts()]


def about() -> dict[str, str | int]:
    """Return `policies`, how many there are, their `source`, and the `date` of the last change."""
    facts: dict[str, str | int] = json.loads(_text().partition(b"\n")[0])
    return facts


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "backslashreplace")


@cache
def _starts() -> dict[bytes, int]:
    """Return where the line of each policy starts."""
    return {found[1]: found.start() + 1 for found in _NAME.finditer(_text())}


@cache
def _text() -> bytes:
    return FILE.read_bytes()
