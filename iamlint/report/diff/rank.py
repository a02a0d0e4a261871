"""How much access is worth, so that reports show the strongest first."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.catalog.escalation import Band, escalation
from iamlint.catalog.model import AccessLevel
from iamlint.catalog.sensitive import sensitive_actions
from iamlint.fast_dataclass import replace
from iamlint.policy.action import ActionPattern, parse_action
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iamlint.catalog import Action, Catalog
    from iamlint.reason.answer import Difference

Strength: TypeAlias = tuple["Tier", int, int]
"""A tier, and the band and access level of the action; the strongest is the least."""


class Tier(IntEnum):
    """The worth of access, the most first."""

    ADMINISTRATOR = 0
    ESCALATION = 1
    SENSITIVE = 2
    OTHER = 3


_EVERYTHING: Final = "*"
_ALL: Final = ActionPattern("*", "*")
_LEVELS: Final = (
    AccessLevel.PERMISSIONS,
    AccessLevel.WRITE,
    AccessLevel.TAGGING,
    AccessLevel.READ,
    AccessLevel.LIST,
)
_UNKNOWN: Final[Strength] = (Tier.OTHER, _LEVELS.index(AccessLevel.WRITE), 0)
"""Of an action without facts."""


class Ranking:
    """Compares gains and losses by what their actions can do."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[str, Strength] = {}

    def strongest_first(self, differences: Iterable[Difference]) -> Sequence[Difference]:
        """Return differences sorted."""
        return sorted(differences, key=self._order)

    def strongest_actions_first(self, difference: Difference) -> Difference:
        """Return a gain or loss with its actions sorted, so that a short list has the strongest."""
        return replace(difference, actions=tuple(sorted(difference.actions, key=self._of_action)))

    def strength(self, difference: Difference) -> Strength:
        """Return how much the actions of a difference can do."""
        every = _EVERYTHING in difference.resources
        if every and any(map(_names_all, difference.actions)):
            return Tier.ADMINISTRATOR, 0, 0
        return min(map(self._of_action, difference.actions), default=_UNKNOWN)

    def is_grave(self, difference: Difference) -> bool:
        """Return whether it gives all rights, or a way to more."""
        return self.strength(difference)[0] <= Tier.ESCALATION

    def _order(self, difference: Difference) -> tuple[object, ...]:
        is_narrow = _EVERYTHING not in difference.resources
        names = difference.actions, difference.resources, difference.principals or ()
        return (
            *self.strength(difference),
            is_narrow,
            *names,
            sorted(difference.condition_texts.items()),
        )

    def _of_action(self, pattern: str) -> Strength:
        if pattern not in self._known:
            self._known[pattern] = self._strength(pattern)
        return self._known[pattern]

    def _strength(self, pattern: str) -> Strength:
        service = pattern.partition(":")[0]
        if is_wild(service):  # of all services, on some resources
            return Tier.SENSITIVE, 0, 0
        return min(map(_of_known, self._catalog.expand(pattern)), default=_UNKNOWN)


def _names_all(pattern: str) -> bool:
    return parse_action(pattern) == _ALL


def _of_known(action: Action) -> Strength:
    name, level = action.full_name.lower(), _LEVELS.index(action.access_level)
    if band := _first_needs().get(name):
        return Tier.ESCALATION, -band, level
    band = _sensitive().get(name, 0)
    is_sensitive = band or action.access_level is AccessLevel.PERMISSIONS
    return Tier.SENSITIVE if is_sensitive else Tier.OTHER, level, -band


@cache
def _first_needs() -> Mapping[str, int]:
    """Return the actions that decide how far a path of escalation reaches, with its band."""
    found: dict[str, int] = {}
    for path in escalation().paths:
        for action in () if path.ordinary else path.needs[0]:
            found[action] = max(found.get(action, 0), path.band)
    return found


@cache
def _sensitive() -> Mapping[str, int]:
    """Return the actions that are sensitive, without the least, which many policies need."""
    found: dict[str, int] = {}
    for actions in sensitive_actions().values():
        for action, band in actions.items():
            if band > Band.LOW:
                found[action] = max(found.get(action, 0), band)
    return found
