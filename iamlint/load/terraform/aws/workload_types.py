"""The types of resources that run with roles, and the ARNs of what runs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.load.terraform.aws.row import AttributeArn
from iamlint.load.terraform.aws.table import shape_of
from iamlint.load.workload_types import read_types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.workload_types import WorkloadType


@cache
def _types() -> Mapping[str, WorkloadType]:
    table = Path(__file__).with_name("workloads.json").read_text(encoding="utf-8")
    return read_types(table, ".")


def workload_type(type_: str) -> WorkloadType | None:
    """Return the row of a type of resource; None if nothing runs with a role there."""
    if type_.startswith("awscc_"):
        from iamlint.load.terraform.aws import cloud_control  # noqa: PLC0415 - only its users pay

        return cloud_control.workloads().get(type_)
    return _types().get(type_)


def shape_of_workload(type_: str) -> AttributeArn | None:
    """Return the shape of the ARN of what runs; None if it is not known."""
    row = workload_type(type_)
    return AttributeArn("", None, row.arn, "other") if row and row.arn else shape_of(type_)
