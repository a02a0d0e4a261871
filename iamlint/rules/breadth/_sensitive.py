"""What a statement grants of the sensitive actions, on every resource and under no condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.escalation import Band
from iamlint.catalog.sensitive import Sensitive, sensitive_actions
from iamlint.fast_dataclass import dataclass
from iamlint.grants.reach import Reach, reach, reaches_all, resource_patterns
from iamlint.policy.action import parse_action
from iamlint.policy.wildcard import is_wild, matches
from iamlint.rule import Hit, Note, Severity
from iamlint.rules._traits import traits_in
from iamlint.rules.breadth._reach import holds_back, names_every_action, services_in_arns
from iamlint.rules.breadth._sorts import SORT_OF, manages_permissions, of_sort, sorts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.catalog import Action, Catalog
    from iamlint.policy.model import Entry, Statement
    from iamlint.rule import RuleContext

SCORES = {Band.HIGH: 7.5, Band.MEDIUM: 5.5, Band.LOW: 2.5}
"""`security_severity` by band."""

SHOWN = 3
LISTED = 10


@dataclass(frozen=True, slots=True)
class SensitiveGrant:
    """A sensitive action and the entry that grants it."""

    action: Action
    band: Band
    entry: Entry

    def order(self) -> tuple[bool, int]:
        """Return what comes first: what is named, before what a whole service takes in."""
        return names_every_action(self.entry), -self.band


def sensitive_hits(
    statement: Statement, context: RuleContext, category: Sensitive, gain: str
) -> Iterator[Hit]:
    """Yield one hit for all actions of the category that the statement grants on every resource."""
    found = sorted(_found(statement, context, category), key=SensitiveGrant.order)
    if not found:
        return
    first, worst = found[0], max(one.band for one in found)
    names = list(dict.fromkeys(one.action.full_name for one in found))
    places = dict.fromkeys(one.entry.at for one in found if one.entry.at != first.entry.at)
    yield Hit(
        first.entry.at,
        f"this grants {in_words(names)} on every resource, so the principal can {gain}",
        related=tuple(Note(at, "this entry grants some of them") for at in list(places)[:LISTED]),
        properties={"category": category.value, "actions": names[:LISTED], "count": len(names)},
        severity=Severity.NOTE if worst is Band.LOW else None,
        security_severity=SCORES[worst],
    )


def in_words(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:SHOWN])
    more = len(names) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _never(_: Entry) -> bool:
    return False


def granted_everywhere(
    statement: Statement,
    context: RuleContext,
    sort: int,
    is_left_out: Callable[[Entry], object] = _never,
) -> Iterator[tuple[Entry, Action]]:
    """Yield the actions of a sort that an Allow grants on every resource, under no narrow condition.

    `NotResource` is left out: it is reported for itself.
    """
    if not statement.allows or not statement.resources or statement.not_resource is not None:
        return
    if "Condition" in statement.opaque:
        return
    if not traits_in(statement.action, context.catalog, sorts_of) & sort:
        return
    is_everywhere = reaches_all(statement, context.policy)
    held = [condition for condition in statement.conditions if holds_back(condition)]
    if any(condition.needs_key for condition in held):
        return
    for entry in statement.actions:
        wanted = wanted_actions(entry, statement, context.catalog, sort)
        if not wanted or is_left_out(entry):
            continue
        for action in wanted:
            if any(context.catalog.may_carry(action, c.key) for c in held):
                continue
            if is_everywhere or _reaches_any(statement, action, context):
                yield entry, action


def _reaches_any(statement: Statement, action: Action, context: RuleContext) -> bool:
    patterns = resource_patterns(action, context.catalog)
    return reach(statement, context.policy, action.full_name, patterns) is Reach.ANY


def wanted_actions(
    entry: Entry, statement: Statement, catalog: Catalog, sort: int
) -> tuple[Action, ...]:
    """Return the actions of a sort that an entry names.

    Where it names services by a pattern, it is those of the services that the ARNs name, unless
    the resource is `*`, which `wildcard-admin` and `wildcard-service` look at.
    """
    if entry.known is None or not sorts_of(catalog, entry.known) & sort:
        return ()
    pattern = parse_action(entry.known)
    if pattern is None or not is_wild(pattern.service):
        return of_sort(catalog, entry.known, sort)
    names = (n for n in services_in_arns(statement) if matches(pattern.service, n))
    return tuple(a for name in names for a in of_sort(catalog, f"{name}:{pattern.name}", sort))


def band_of(action: Action, category: Sensitive) -> Band | None:
    """Return how bad a grant of the action is in a category; None when it is not of it."""
    name = action.full_name.lower()
    listed = sensitive_actions()[category].get(name)
    if listed is None and category is Sensitive.SHARING and manages_permissions(action):
        return Band.HIGH
    return listed


def _found(
    statement: Statement, context: RuleContext, category: Sensitive
) -> Iterator[SensitiveGrant]:
    for entry, action in granted_everywhere(statement, context, SORT_OF[category]):
        band = band_of(action, category)
        if band is not None:
            yield SensitiveGrant(action, band, entry)
