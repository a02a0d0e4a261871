"""The Cloud Control provider: CloudFormation's types and properties, in Terraform's spelling.

https://registry.terraform.io/providers/hashicorp/awscc/latest/docs
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.late_pattern import late_pattern
from iamlint.load.cloudformation.references import arn_shapes
from iamlint.load.cloudformation.table import table as templates
from iamlint.load.terraform.aws.openapi import OF_AN_API
from iamlint.load.terraform.aws.row import AttributeArn, AttributeRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.cloudformation.references import ArnShape
    from iamlint.load.cloudformation.table import Path
    from iamlint.load.cloudformation.table import Row as Property
    from iamlint.load.workload_types import WorkloadType

_WORD: Final = late_pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORDS: Final = {
    "${AWS::Partition}": "${partition}",
    "${AWS::Region}": "${region}",
    "${AWS::AccountId}": "${account}",
    "${AWS::URLSuffix}": "${suffix}",
}
_OF_SAM: Final = "AWS::Serverless::"


@cache
def rows() -> Mapping[str, tuple[AttributeRow, ...]]:
    """Return the rows of the table of CloudFormation, by the provider's types."""
    return {
        name_of(type_): tuple(_row(type_, row) for row in of_type)
        for type_, of_type in templates().rows.items()
        if not type_.startswith(_OF_SAM)
    }


@cache
def arns() -> Mapping[str, AttributeArn]:
    """Return the shapes of the ARNs of CloudFormation, by the provider's types."""
    return {name_of(type_): _arn(type_, shape) for type_, shape in arn_shapes().items()}


def _arn(type_: str, shape: ArnShape) -> AttributeArn:
    is_url = "://" in shape.ref
    return AttributeArn(
        resource=type_,
        name=_spelt(shape.name) if shape.name else None,
        arn=_pattern(shape.arn),
        id="url" if is_url else shape.ref,
        get=_spelt(shape.get),
        same=tuple(map(_spelt, shape.also)),
        without=shape.without,
        url=_pattern(shape.ref) if is_url else "",
    )


def _pattern(text: str) -> str:
    for name, word in _WORDS.items():
        text = text.replace(name, word)
    return text


@cache
def workloads() -> Mapping[str, WorkloadType]:
    """Return the types that run with roles, by the provider's types."""
    from iamlint.load.cloudformation.workloads import workload_types  # noqa: PLC0415 - seldom asked

    return {
        name_of(type_): replace(
            row,
            roles=tuple((thing, _path(way)) for thing, way in row.roles),
            names=tuple(map(_spelt, row.names)),
            arn=_pattern(row.arn),
        )
        for type_, row in workload_types().items()
        if not type_.startswith(_OF_SAM)
    }


@cache
def not_iam() -> Mapping[str, tuple[Path, ...]]:
    return {
        name_of(type_): tuple(filter(None, map(_path, paths)))
        for type_, paths in templates().not_iam.items()
    }


def name_of(type_: str) -> str:
    """Return the provider's name of a type: `awscc_iam_role` for `AWS::IAM::Role`."""
    _, service, resource = type_.split("::")
    return f"awscc_{service.lower()}_{_spelt(resource)}"


def _row(type_: str, row: Property) -> AttributeRow:
    path = _path(row.path)
    is_api = row.path[-1:] == (OF_AN_API,)
    return AttributeRow(
        path[:-1] if is_api else path,
        row.kind,
        shape="openapi" if is_api else row.shape,
        attached=row.attached,
        target="@" if row.attached == type_ else "".join(_path(row.target[:1])),
        discriminator=_spelt(row.discriminator) if row.discriminator else None,
        kinds=row.kinds,
    )


def _path(path: Path) -> Path:
    return tuple(_spelt(step) for step in path if step != "*")


def _spelt(name: str) -> str:
    return _WORD.sub("_", name).lower()
