"""What runs with a role: functions, instances, tasks, build projects and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.link import NamedAt

if TYPE_CHECKING:
    from iamlint.load.link import Held, Name
    from iamlint.text.source import Source
    from iamlint.text.span import Pointer, Span


@dataclass(frozen=True, slots=True)
class Workload:
    """Something that runs with roles, as a file describes it.

    `type` is the resource type of AWS's service reference, as in `lambda:function`. `arn` is as far
    as the file gives it. Each of `roles` is a role, an instance profile, or another workload whose
    roles it has, with the conditions under which it runs so. `address` is what the file calls it: a
    logical id, or an address of Terraform. `names` are those by which other workloads name it.
    """

    path: str
    pointer: Pointer
    type: str
    address: str
    arn: Name | None = None
    roles: tuple[Held, ...] = ()
    scope: str = ""
    names: tuple[Name, ...] = ()
    source: Source | None = field(default=None, compare=False, repr=False)
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def named_at(self) -> NamedAt | None:
        """Its block; None if the reader keeps no text."""
        if self.source is None:
            return None
        span = self.span or self.source.locate(self.pointer, key=True)
        return NamedAt(self.path, self.source, span)

    @property
    def place(self) -> str:
        """The file and line of its block."""
        if self.source is None:
            return self.path
        span = self.span or self.source.locate(self.pointer, key=True)
        return f"{self.path}:{self.source.lines.position(span.start).line}"
