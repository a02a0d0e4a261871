"""Rows of the tables of attributes that hold policies, and of ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.terraform.language.block import Path
    from iamlint.policy.grammar import Kind

# https://developer.hashicorp.com/terraform/plugin/sdkv2/resources/data-consistency-errors
UNIQUE: Final = "terraform-"
"""The prefix of a name that a provider generates if neither a name nor a prefix is given."""


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute that holds policies; without a path, attributes that together are one policy.

    `attached` is the CloudFormation type of the resource that has the policy; `target` the
    attribute that names it, `@` when it is the resource itself. `kinds` gives the kind by attribute
    `discriminator`, `default` in its absence; with other values it is not an IAM policy.
    """

    path: Path
    kind: Kind
    shape: str = "document"
    attached: str | None = None
    target: str = ""
    discriminator: str | None = None
    default: str = ""
    kinds: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttributeArn:
    """The shape of the ARNs of a type; attribute `get` returns the ARN.

    `resource` is the CloudFormation type. In `arn` and `url`, `${@}` is the value of attribute
    `name`, or else the name that AWS generates, `${/@}` the same without a leading `/`, `${/}` the
    path, `${bus}` that of an event bus, and `${random}` the characters that AWS adds. `id` says
    whether attribute `id` is the name, the ARN, the URL, or another value; the attributes in `same`
    are the name, too. A name may begin with the value of attribute `prefix`. AWS removes the prefix
    `without` from the name. `data` is the attribute by which a data source looks up a resource.
    """

    resource: str
    name: str | None
    arn: str
    id: str
    get: str = "arn"
    url: str = ""
    same: tuple[str, ...] = ()
    prefix: str = ""
    without: str = ""
    data: str = ""

    def is_name(self, attribute: str) -> bool:
        """Return whether an attribute is the name."""
        return attribute in (self.name, *self.same) or (attribute == "id" and self.id == "name")
