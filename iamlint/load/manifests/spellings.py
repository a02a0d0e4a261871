"""Properties that hold policies, in the spelling of Pulumi, Crossplane and ACK.

Pulumi's and Crossplane's providers are made from Terraform's, ACK's controllers and Pulumi's native
provider from AWS's own interfaces, so the tables of Terraform and CloudFormation cover them too.
https://www.pulumi.com/docs/iac/guides/building-extending/using-existing-tools/terraform-provider/
https://github.com/crossplane/upjet
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.load.cloudformation import table as cloudformation
from iamlint.load.recognise.hints import without_calls
from iamlint.load.terraform.aws import row
from iamlint.load.terraform.aws import table as terraform

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.terraform.aws.row import AttributeArn
    from iamlint.text.span import Pointer

Row: TypeAlias = cloudformation.Row | row.AttributeRow
Path: TypeAlias = tuple[str, ...]

# Types that have another name in Terraform.
_SAME: Final = {"bucketv2": "bucket", "managedpolicy": "policy"}


def row_of(service: str, thing: str, pointer: Pointer) -> Row | None:
    """Return the row of the tables for the property of a resource at a pointer."""
    way = _way(pointer)
    rows = (found for name in _names(service, thing) for found in _rows().get(name, ()))
    fitting = (found for found in rows if found.path and _ends(way, found.path))
    return max(fitting, key=lambda found: len(found.path), default=None)


def shape_of(service: str, thing: str) -> AttributeArn | None:
    """Return the shape of the ARNs of a type; None if it is not known."""
    name = _plain(thing)
    return _shapes().get(_plain(service.replace("-", "") + _SAME.get(name, name)))


def spelt(name: str) -> str:
    """Return a Terraform name `like_this` in the spelling of others, `likeThis`."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def is_not_iam(service: str, thing: str, pointer: Pointer) -> bool:
    """Return whether a property only seems to hold IAM policies."""
    way = _way(pointer)
    paths = (path for name in _names(service, thing) for path in _not_iam().get(name, ()))
    return any(_ends(way, path) for path in paths)


def _way(pointer: Pointer) -> Path:
    """Return the names on the way to a property, without the indexes of lists."""
    way = without_calls(pointer)
    is_item = not way or not isinstance(way[-1], str)
    return () if is_item else tuple(_plain(step) for step in way if isinstance(step, str))


def _ends(way: Path, path: Path) -> bool:
    names = tuple(_plain(step) for step in path if step != "*")
    return not names or way[-len(names) :] == names


def _plain(step: str | int) -> str:
    return str(step).replace("_", "").lower()


def _names(service: str, thing: str) -> Iterator[str]:
    """Yield the names of a type; Terraform's often has no service in it."""
    yield _plain(service.replace("-", "") + thing)
    yield _plain(thing)


@cache
def _rows() -> Mapping[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    modules = terraform.table().resources
    for type_, of_module in modules.items():
        name = _plain(type_.removeprefix("aws_"))
        found[name] = (*found.get(name, ()), *of_module)
    for type_, of_template in cloudformation.table().rows.items():
        name = _plain("".join(type_.split("::")[1:]))
        found[name] = (*found.get(name, ()), *of_template)
    return found


@cache
def _shapes() -> Mapping[str, AttributeArn]:
    arns = terraform.table().arns
    found = {_plain(type_.removeprefix("aws_")): arn for type_, arn in arns.items()}
    of_aws = {_plain("".join(arn.resource.split("::")[1:])): arn for arn in found.values()}
    return of_aws | found


@cache
def _not_iam() -> Mapping[str, tuple[Path, ...]]:
    found: dict[str, tuple[Path, ...]] = {}
    for type_, paths in terraform.table().not_iam.items():
        name = _plain(type_.removeprefix("aws_"))
        found[name] = (*found.get(name, ()), *paths)
    for type_, paths in cloudformation.table().not_iam.items():
        name = _plain("".join(type_.split("::")[1:]))
        found[name] = (*found.get(name, ()), *paths)
    return found
