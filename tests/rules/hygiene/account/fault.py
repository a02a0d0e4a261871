"""A fault of an account: what it changes in a sound source, and what is found there."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Content: TypeAlias = Any
"""What a source says, as JSON has it; a fault may change any part of it."""


@dataclass(frozen=True)
class Found:
    """A finding: its rule, the last step of its pointer, what its place says, and its severity.

    `inside` are the rules of the family whose findings are part of it. Where the place is a whole
    resource, `values` are what it says in each form.
    """

    rule: str
    at: str | int
    value: object
    severity: str
    inside: tuple[str, ...] = ()
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """A fault of a rule: how it `changes` a sound source, and the findings that are due to it.

    `forms` are the only ones that can have it; all can if there are none.
    """

    rule: str
    change: Callable[[Content], object]
    found: tuple[Found, ...]
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """What shows a part of an account: a sound one, its faults, and its forms by their names.

    A form is the text of one file, which is its name, or the texts of several files by their paths.
    """

    sound: Content
    faults: tuple[Fault, ...]
    forms: Mapping[str, Callable[[Content], str | dict[str, str]]]

    def faults_in(self, form: str) -> list[Fault]:
        return [one for one in self.faults if not one.forms or form in one.forms]

    def files(self, form: str, faults: Iterable[Fault] = ()) -> dict[str, str]:
        """Return the files of a form with faults."""
        content = copy.deepcopy(self.sound)
        for fault in faults:
            fault.change(content)
        written = self.forms[form](content)
        return {form: written} if isinstance(written, str) else written
