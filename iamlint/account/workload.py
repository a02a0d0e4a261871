"""What runs with roles in an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field

if TYPE_CHECKING:
    from iamlint.load.link import NamedAt, Ref, SourceCondition


@dataclass(frozen=True, slots=True)
class RunAs:
    """A role that a workload runs with, if all of `given` holds.

    `ref` is the role, or the instance profile, as the file names it. `titles` are the identities
    that it may be: one where it is surely that one, none where no file describes the role. If the
    name may be of several things that have roles, it `is_open`.
    """

    ref: Ref
    titles: tuple[str, ...] = ()
    given: frozenset[SourceCondition] = frozenset()
    is_open: bool = False

    @property
    def title(self) -> str | None:
        """The identity that it surely is; None where that is not known."""
        return self.titles[0] if len(self.titles) == 1 and not self.is_open else None


@dataclass(frozen=True, slots=True)
class DescribedWorkload:
    """What runs with roles: a function, an instance, a build project and the like.

    `type` is that of the service reference, as in `lambda:function`, `address` what the file calls
    it, within its `scope`. `arn` is a pattern with a variable for each part that is not known; None
    if the type has no ARN. `place` is the file and line. `account` is None where no file says which
    is this repository's.
    """

    type: str
    address: str
    arn: str | None
    place: str
    runs_as: tuple[RunAs, ...] = ()
    account: str | None = None
    scope: str = ""
    named_at: NamedAt | None = field(default=None, compare=False, repr=False)
