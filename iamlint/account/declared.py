"""Principals and resources as the configuration declares them: names of files, not yet read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class DeclaredPrincipal:
    """`policies` are files or ARNs of managed policies; `name` is such as `role/deployer`."""

    name: str
    policies: tuple[str, ...] = ()
    trust: str | None = None
    boundary: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeclaredResource:
    arn: str
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class DeclaredOrganization:
    """Levels from root to account, each with its policy files; None for no organization."""

    scp: tuple[tuple[str, ...], ...] | None = None
    rcp: tuple[tuple[str, ...], ...] | None = None
