"""The program as the fixture `iamlint` calls it, in process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Result:
    """How a call of the program ended."""

    code: int
    out: str
    err: str


class Program(Protocol):
    """Calls the program with arguments, in a folder that was empty."""

    def __call__(self, *args: str) -> Result: ...
