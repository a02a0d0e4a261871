"""The types of resources that run with roles, in the terms of one format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.load.link import Thing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Way: TypeAlias = tuple[str, ...]
"""Names of nested blocks or properties, then of an attribute."""

_THINGS = (Thing.ROLE, Thing.PROFILE, Thing.WORKLOAD)


@dataclass(frozen=True, slots=True)
class WorkloadType:
    """A type of resource that runs with roles, and its `type` of the service reference.

    `roles` are the ways to the names of roles or instance profiles, by name or ARN, then those to
    the names of other workloads, whose roles count if there are no others. `names` are attributes
    by which others name it. `arn` is the shape of the ARN of what it starts, if that is another
    resource.
    """

    type: str
    roles: tuple[tuple[Thing, Way], ...]
    names: tuple[str, ...] = ()
    arn: str = ""


def read_types(table: str, separator: str) -> dict[str, WorkloadType]:
    """Return the types of a table by name, from its text; steps of its ways have a separator."""
    rows = json.loads(table)["types"]
    return {
        type_: WorkloadType(
            row["type"],
            tuple(_roles(row, separator)),
            tuple(row.get("names", ())),
            row.get("arn", ""),
        )
        for type_, row in rows.items()
    }


def _roles(row: Mapping[str, Sequence[str]], separator: str) -> list[tuple[Thing, Way]]:
    return [(thing, tuple(way.split(separator))) for thing in _THINGS for way in row.get(thing, ())]
