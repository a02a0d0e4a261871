"""What an organization demands of its policies, as the configuration says it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from iamlint.policy.grammar import Kind


@dataclass(frozen=True, slots=True)
class RequireCondition:
    """A demand of the organization: these actions are granted only where all these keys count.

    `actions` are names or patterns; a key may end in `/*`, as in `aws:RequestTag/*`.
    """

    actions: tuple[str, ...]
    keys: tuple[str, ...]
    reason: str


class Through(StrEnum):
    """By what detour access is forbidden, too."""

    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class ForbiddenAccess:
    """A demand of the organization: none of these requests is allowed, whatever its context.

    Actions and resources are names or patterns; `principals` too, or `outsiders`, `anonymous`, `*`.
    Requests of the principals in `besides`, and those with all of the keys and values in `unless`,
    may be allowed. If `together`, no principal may hold all of the actions. With `through`, the
    principals may not become another one that may send the requests, either.
    """

    actions: tuple[str, ...]
    reason: str
    resources: tuple[str, ...] = ("*",)
    principals: tuple[str, ...] = ("*",)
    besides: tuple[str, ...] = ()
    unless: tuple[tuple[str, str], ...] = ()
    together: bool = False
    through: Through | None = None


@dataclass(frozen=True, slots=True)
class ReferencePolicy:
    """A demand of the organization: policies of a kind allow nothing that `policy` does not allow.

    `policy` is a file, and `files` are patterns of the files that it limits, from the folder of the
    configuration.
    """

    policy: str
    kind: Kind
    files: tuple[str, ...]
