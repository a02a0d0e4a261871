"""What a statement grants of the sensitive actions, on every resource and under no condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import AccessLevel
from iamlint.catalog.escalation import Band
from iamlint.catalog.sensitive import Sensitive, sensitive_actions
from iamlint.grants.reach import Reach, reach, resource_patterns
from iamlint.policy.action import parse_action
from iamlint.policy.wildcard import is_wild
from iamlint.records import dataclass
from iamlint.rule import Hit, Note, Severity
from iamlint.rules.breadth._reach import is_whole_service, narrowing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.catalog import Action
    from iamlint.policy.model import Entry, Statement
    from iamlint.rule import Ask

SCORES = {Band.HIGH: 7.5, Band.MEDIUM: 5.5, Band.LOW: 2.5}
"""`security_severity` by band."""

SHOWN = 3
LISTED = 10
_CALLS = ("get", "list", "describe", "invoke", "search")
"""How the names begin of actions that AWS counts to permissions management though they only call."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sensitive action and the entry that grants it."""

    action: Action
    band: Band
    entry: Entry


def sensitive_hits(statement: Statement, ask: Ask, category: Sensitive, gain: str) -> Iterator[Hit]:
    """Yield one hit for all actions of the category that the statement grants on every resource."""
    found = sorted(_found(statement, ask, category), key=lambda one: -one.band)
    if not found:
        return
    first = found[0]
    names = list(dict.fromkeys(one.action.full_name for one in found))
    places = dict.fromkeys(one.entry.at for one in found if one.entry.at != first.entry.at)
    yield Hit(
        first.entry.at,
        f"{in_words(names)} on every resource {gain}",
        related=tuple(Note(at, "and by this") for at in list(places)[:LISTED]),
        properties={"category": category.value, "actions": names[:LISTED], "count": len(names)},
        severity=Severity.NOTE if first.band is Band.LOW else None,
        security_severity=SCORES[first.band],
    )


def in_words(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:SHOWN])
    more = len(names) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def granted_everywhere(
    statement: Statement, ask: Ask, is_wanted: Callable[[Action], bool]
) -> Iterator[tuple[Entry, Action]]:
    """Yield the actions wanted that an Allow grants on every resource, under no narrow condition.

    Whole services and `NotResource` are left out: they are reported for themselves.
    """
    if not statement.allows or not statement.resources:
        return
    if "Condition" in statement.opaque or narrowing(statement):
        return
    for entry in statement.actions:
        if entry.known is None or is_whole_service(entry):
            continue
        for action in _expanded(entry.known, ask):
            if not is_wanted(action):
                continue
            patterns = resource_patterns(action, ask.catalog)
            if reach(statement, ask.policy, action.full_name, patterns) is Reach.ANY:
                yield entry, action


def band_of(action: Action, category: Sensitive) -> Band | None:
    """Return how bad a grant of the action is in a category; None when it is not of it."""
    name = action.full_name.lower()
    listed = sensitive_actions()[category].get(name)
    if listed is None and category is Sensitive.SHARING and manages_permissions(action):
        return Band.HIGH
    return listed


def manages_permissions(action: Action) -> bool:
    return action.access_level is AccessLevel.PERMISSIONS and not action.name.lower().startswith(
        _CALLS
    )


def _found(statement: Statement, ask: Ask, category: Sensitive) -> Iterator[Found]:
    def is_of_it(action: Action) -> bool:
        return band_of(action, category) is not None

    for entry, action in granted_everywhere(statement, ask, is_of_it):
        band = band_of(action, category)
        if band is not None:
            yield Found(action, band, entry)


def _expanded(pattern: str, ask: Ask) -> tuple[Action, ...]:
    if is_wild(pattern):
        parsed = parse_action(pattern)
        return () if parsed is None or is_wild(parsed.service) else ask.catalog.expand(pattern)
    action = ask.catalog.action(pattern)
    return (action,) if action else ()
