"""Which attributes of resources carry policies."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from iamlint.load.terraform.row import Row
from iamlint.policy.grammar import Kind
from iamlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.terraform.row import Path

# Types whose policies name them by their name alone.
_NAMED: Final = {
    "AWS::ECR::Repository": "aws_ecr_repository",
    "AWS::Events::EventBus": "aws_cloudwatch_event_bus",
    "AWS::Lambda::Function": "aws_lambda_function",
    "AWS::S3::Bucket": "aws_s3_bucket",
}


@dataclass(frozen=True, slots=True)
class Arn:
    """How the ARN of a type is built: `${@}` is what attribute `name` says, `${/}` the path.

    `id` tells whether attribute `id` is the name, the ARN, or something other. AWS takes the prefix
    `without` off the name. `data` tells whether a data source of the type is found by the name too.
    """

    name: str | None
    arn: str
    id: str
    without: str = ""
    data: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by type of resource, and of data source; paths by type for the rest."""

    resources: Mapping[str, tuple[Row, ...]]
    data: Mapping[str, tuple[Row, ...]]
    managed: Mapping[str, tuple[Path, ...]]
    boundaries: Mapping[str, tuple[Path, ...]]
    not_iam: Mapping[str, tuple[Path, ...]]
    arns: Mapping[str, Arn]


@cache
def table() -> Table:
    entries = json.loads((files(__package__) / "attributes.json").read_text(encoding="utf-8"))
    resources: dict[str, tuple[Row, ...]] = {}
    data: dict[str, tuple[Row, ...]] = {}
    for entry in entries["documents"]:
        rows = data if entry.get("data") else resources
        rows[entry["type"]] = (*rows.get(entry["type"], ()), _row(entry))
    arns = {row.pop("type"): Arn(**row) for row in entries["arns"]}
    return Table(
        resources,
        data,
        managed=_paths(entries["managed"]),
        boundaries=_paths(entries["boundaries"]),
        not_iam=_paths(entries["not_iam"]),
        arns=arns,
    )


def named_arn(row: Row, text: str) -> str | None:
    """Return the ARN of what a policy names by it, or by its name alone."""
    if text.startswith("arn:"):
        return text
    shape = next((s for t, s in table().arns.items() if _NAMED.get(row.attached or "") == t), None)
    is_name = "/" not in text and ":function:" not in text
    return shape.arn.replace("${@}", text) if shape and is_name else None


def rows_of(type_: str, *, data: bool = False) -> tuple[Row, ...]:
    """Return the rows of a type of resource or data source."""
    if not data and type_.startswith("awscc_"):
        from iamlint.load.terraform import cloud_control  # noqa: PLC0415 - only its users pay

        return cloud_control.rows().get(type_, ())
    return (table().data if data else table().resources).get(type_, ())


def not_iam(type_: str) -> tuple[Path, ...]:
    """Return where a type of resource only seems to hold policies."""
    if type_.startswith("awscc_"):
        from iamlint.load.terraform import cloud_control  # noqa: PLC0415 - only its users pay

        return cloud_control.not_iam().get(type_, ())
    return table().not_iam.get(type_, ())


def _row(entry: Mapping[str, str]) -> Row:
    kinds: Mapping[str, str] = entry.get("kinds") or {}  # type: ignore[assignment]  # the only object
    return Row(
        tuple(entry["attribute"].split(".")) if "attribute" in entry else (),
        Kind(entry["kind"]),
        shape=entry.get("shape", "document"),
        attached=entry.get("attached"),
        target=entry.get("target", ""),
        discriminator=entry.get("discriminator"),
        default=entry.get("default", ""),
        kinds={name: Kind(kind) for name, kind in kinds.items()},
    )


def _paths(entries: list[Mapping[str, str]]) -> dict[str, tuple[Path, ...]]:
    found: dict[str, tuple[Path, ...]] = {}
    for entry in entries:
        path = tuple(entry["attribute"].split("."))
        found[entry["type"]] = (*found.get(entry["type"], ()), path)
    return found
