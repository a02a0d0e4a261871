"""The attributes of resources that hold policies."""

from __future__ import annotations

import json
import pathlib
from functools import cache
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.load.terraform.aws.row import AttributeArn, AttributeRow
from iamlint.policy.grammar import Kind
from iamlint.text.source import Pseudo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.terraform.language.block import Path


PART: Final = late_pattern(r"\$\{([^}]*+)\}")
"""A word to replace."""

MEANS: Final = {
    "account": Pseudo.ACCOUNT,
    "partition": Pseudo.PARTITION,
    "region": Pseudo.REGION,
    "suffix": Pseudo.URL_SUFFIX,
}


@dataclass(frozen=True, slots=True)
class AttributeTable:
    """Rows by type of resource, and of data source; paths by type for the rest."""

    resources: Mapping[str, tuple[AttributeRow, ...]]
    data: Mapping[str, tuple[AttributeRow, ...]]
    managed: Mapping[str, tuple[Path, ...]]
    boundaries: Mapping[str, tuple[Path, ...]]
    not_iam: Mapping[str, tuple[Path, ...]]
    arns: Mapping[str, AttributeArn]
    by_resource: Mapping[str, AttributeArn]


@cache
def table() -> AttributeTable:
    entries = json.loads(
        pathlib.Path(__file__).with_name("attributes.json").read_text(encoding="utf-8")
    )
    resources: dict[str, tuple[AttributeRow, ...]] = {}
    data: dict[str, tuple[AttributeRow, ...]] = {}
    for entry in entries["documents"]:
        rows = data if entry.get("data") else resources
        rows[entry["type"]] = (*rows.get(entry["type"], ()), _row(entry))
    arns = {row.pop("type"): AttributeArn(**row) for row in entries["arns"]}
    return AttributeTable(
        resources,
        data,
        managed=_paths(entries["managed"]),
        boundaries=_paths(entries["boundaries"]),
        not_iam=_paths(entries["not_iam"]),
        arns=arns,
        by_resource={shape.resource: shape for shape in reversed(arns.values())},
    )


def shape_of(type_: str) -> AttributeArn | None:
    """Return the shape of the ARNs of a type of resource; None if it is not known."""
    if type_.startswith("awscc_"):
        from iamlint.load.terraform.aws import cloud_control  # noqa: PLC0415 - only its users pay

        return cloud_control.arns().get(type_)
    return table().arns.get(type_)


@cache
def with_policies() -> frozenset[str]:
    """Return the types of resources whose policies are resources of their own."""
    rows = [row for of_type in table().resources.values() for row in of_type]
    attached = {row.attached for row in rows if row.target not in ("", "@")}
    return frozenset(type_ for type_, shape in table().arns.items() if shape.resource in attached)


def rows_of(type_: str, *, data: bool = False) -> tuple[AttributeRow, ...]:
    """Return the rows of a type of resource or data source."""
    if not data and type_.startswith("awscc_"):
        from iamlint.load.terraform.aws import cloud_control  # noqa: PLC0415 - only its users pay

        return cloud_control.rows().get(type_, ())
    return (table().data if data else table().resources).get(type_, ())


def not_iam(type_: str) -> tuple[Path, ...]:
    """Return the paths at which a type of resource only seems to hold policies."""
    if type_.startswith("awscc_"):
        from iamlint.load.terraform.aws import cloud_control  # noqa: PLC0415 - only its users pay

        return cloud_control.not_iam().get(type_, ())
    return table().not_iam.get(type_, ())


def _row(entry: Mapping[str, str]) -> AttributeRow:
    kinds: Mapping[str, str] = entry.get("kinds") or {}  # type: ignore[assignment]  # the only object
    return AttributeRow(
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
