"""Rows of the tables of attributes that carry policies, and of ARNs."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.terraform.language.block import Path
    from iamlint.policy.grammar import Kind

# https://developer.hashicorp.com/terraform/plugin/sdkv2/resources/data-consistency-errors
UNIQUE: Final = "terraform-"
"""How each name begins that a provider makes where neither a name nor a prefix is given."""


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute that holds policies; without a path, attributes that are one together.

    `attached` is the type of the resource that the policy is about, as CloudFormation names it;
    `target` the attribute that names it, `@` when it is the resource itself. `kinds` tells the
    kind by attribute `discriminator`, `default` in its absence; other values mean no IAM policy.
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
    """How the ARN of a type is built, which attribute `get` returns.

    `resource` is the type as CloudFormation names it. In `arn` and `url`, `${@}` is what attribute
    `name` says, or else what AWS makes, `${/@}` that without a `/` that it begins with, `${/}` the
    path, `${bus}` that of an event bus, and `${random}` what AWS adds. `id` says
    whether attribute `id` is the name, the ARN, the URL, or something other; the attributes in
    `same` are the name, too. A name may begin with what attribute `prefix` says. AWS takes the
    prefix `without` off the name. `data` is the attribute by which a data source finds one.
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
