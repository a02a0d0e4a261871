"""What runs with roles: one who can change or enter it acts as the role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.load.link import depending

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iamlint.account.workload import DescribedWorkload, RunAs


@dataclass(frozen=True, slots=True)
class Running:
    """A workload that runs with a role, or may run with it."""

    workload: DescribedWorkload
    runs_as: RunAs

    @property
    def is_sure(self) -> bool:
        """Whether it surely runs with the role."""
        return self.runs_as.title is not None and not self.runs_as.given

    @property
    def unknown(self) -> tuple[str, ...]:
        """What decides whether it does."""
        return tuple(one.name for given in sorted(self.runs_as.given) for one in given.inputs)

    @property
    def why(self) -> str:
        """Why it is not sure."""
        if self.runs_as.given:
            return f"`{self.workload.address}` runs with it only{depending(self.runs_as.given)}"
        return f"`{self.workload.address}` may run with another role"


class RoleWorkloads:
    """The workloads of a world, by their types and by the titles of their roles."""

    def __init__(self, workloads: Iterable[DescribedWorkload]) -> None:
        self._types: dict[str, list[DescribedWorkload]] = {}
        self._by_role: dict[str, list[Running]] = {}
        for workload in workloads:
            self._types.setdefault(workload.type.lower(), []).append(workload)
            for runs_as in workload.runs_as:
                for title in runs_as.titles:
                    self._by_role.setdefault(title, []).append(Running(workload, runs_as))

    def has(self, type_: str) -> bool:
        """Return whether there is anything of a type."""
        return type_.lower() in self._types

    def of_type(self, type_: str) -> Sequence[DescribedWorkload]:
        """Return all of a type."""
        return self._types.get(type_.lower(), ())

    def of_role(self, title: str) -> Sequence[Running]:
        """Return what runs, or may run, with a role."""
        return self._by_role.get(title, ())
