"""A row of the table of attributes that carry policies."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from iamlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.policy.grammar import Kind

Path: TypeAlias = tuple[str, ...]
"""Names of nested blocks, then of an attribute."""


@dataclass(frozen=True, slots=True)
class Row:
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
