"""The types of resources that run with roles, and the attributes that name those."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.load.link import Thing
from iamlint.load.terraform.aws.row import AttributeArn
from iamlint.load.terraform.aws.table import shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.terraform.language.block import Path


@dataclass(frozen=True, slots=True)
class WorkloadType:
    """A type of resource that runs with roles, and its `type` of the service reference.

    `roles` are the attributes that name a role or an instance profile, by name or ARN, then those
    that name another workload: its roles count if there are no others. `names` are attributes by
    which others name it. `arn` is that of what it starts, if that is another resource.
    """

    type: str
    roles: tuple[tuple[Thing, Path], ...]
    names: tuple[str, ...] = ()
    arn: AttributeArn | None = None


@cache
def _types() -> Mapping[str, WorkloadType]:
    text = FilePath(__file__).with_name("workloads.json").read_text(encoding="utf-8")
    return {type_: _type(row) for type_, row in json.loads(text)["types"].items()}


def _type(row: Mapping[str, str]) -> WorkloadType:
    started = row.get("arn")
    return WorkloadType(
        row["type"],
        tuple(
            (thing, tuple(path.split(".")))
            for thing in (Thing.ROLE, Thing.PROFILE, Thing.WORKLOAD)
            for path in row.get(thing, ())
        ),
        tuple(row.get("names", ())),
        None if started is None else AttributeArn("", None, started, "other"),
    )


def workload_type(type_: str) -> WorkloadType | None:
    """Return the row of a type of resource; None if nothing runs with a role there."""
    return _types().get(type_)


def shape_of_workload(type_: str) -> AttributeArn | None:
    """Return the shape of the ARN of what runs; None if it is not known."""
    row = workload_type(type_)
    return row.arn if row and row.arn else shape_of(type_)
