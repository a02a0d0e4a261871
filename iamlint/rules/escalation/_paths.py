"""The paths of escalation that one policy opens, as one hit for each entry that opens them.

A path is open when the policy grants each thing it needs, after its Denies, on a resource that can
matter and under conditions that do not close it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from iamlint.catalog.escalation import Band, escalation
from iamlint.catalog.overlay import PATH_SERVICES
from iamlint.fast_dataclass import dataclass, replace
from iamlint.grants.reach import Reach
from iamlint.policy.arn_patterns import overlaps_arn
from iamlint.policy.heads import some_meet
from iamlint.policy.memory import remember
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Hit, Note, Severity
from iamlint.rules.breadth._reach import administrator, narrowing
from iamlint.rules.escalation._closed import is_closed, is_harder
from iamlint.rules.escalation._permissions import permissions_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.catalog import Catalog
    from iamlint.catalog.escalation import EscalationPath
    from iamlint.policy.at import At
    from iamlint.policy.model import Policy, Statement
    from iamlint.rule import RuleContext
    from iamlint.rule.holders import Holders
    from iamlint.rules.escalation._permissions import Holding, Permissions

SCORES = {Band.CRITICAL: 9.5, Band.HIGH: 8.0, Band.MEDIUM: 5.5, Band.LOW: 2.5}
"""`security_severity` by band."""

FEW = 3
"""Up to so many findings of one rule in one statement are reported separately."""

_ALL_RIGHTS = "self-escalation"
"""The rule of the paths at whose end the holder has any rights it likes."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A path that is open: `held` is what opens it, best first for each need.

    `narrow` when it reaches some resources only, by their names.
    """

    path: EscalationPath
    band: Band
    narrow: bool
    held: tuple[tuple[Holding, ...], ...]

    @property
    def at(self) -> At:
        return self.held[0][0].at

    @property
    def actions(self) -> frozenset[str]:
        return frozenset(one.action for need in self.held for one in need)

    @property
    def gives(self) -> tuple[Band, bool]:
        """The band of the path, and whether it gives all rights of the account, which are the most."""
        return self.band, self.path.rule == _ALL_RIGHTS


@dataclass(frozen=True, slots=True)
class EntryPaths:
    """All that one entry opens: the strongest path, what it implies, and others beside it.

    `starts` are further entries that others start at.
    """

    strongest: Opened
    implied: tuple[str, ...]
    others: tuple[str, ...]
    starts: tuple[At, ...] = ()


def hits(policy: Policy, context: RuleContext, rule: str) -> Iterator[Hit]:
    """Yield what is open by the paths of a rule, one hit for each entry that decides.

    Its properties: `path` is the strongest, `actions` what it takes, `implied` the weaker paths it
    contains, `others` those that start at the same entries.
    """
    if not remember(policy, may_escalate):
        return
    for group in _remembered(policy, context):
        if group.strongest.path.rule == rule:
            yield _hit(group)


def paths_reported(policy: Policy, context: RuleContext) -> tuple[frozenset[str], frozenset[At]]:
    """Return what the rules of the family report: the ids of paths, and where they start."""
    groups = _remembered(policy, context)
    paths = [group.strongest.path for group in groups]
    ids = {one for path in paths for one in (path.id, *path.implies)}
    ids |= {one for group in groups for one in (*group.implied, *group.others)}
    return frozenset(ids), frozenset(at for g in groups for at in (g.strongest.at, *g.starts))


def may_escalate(policy: Policy) -> bool:
    """Return whether some grant of a policy is of a service that has paths."""
    return any(map(could_escalate, policy.statements))


def could_escalate(statement: Statement) -> bool:
    """Return whether a grant is of a service that has paths, before the paths are read."""
    return statement.allows and (
        statement.not_action is not None
        or any(_may_be_of_path(entry.text) for entry in statement.actions)
    )


def _may_be_of_path(action: str) -> bool:
    service = action.partition(":")[0].lower()
    return service in PATH_SERVICES or is_wild(service)


def _remembered(policy: Policy, context: RuleContext) -> tuple[EntryPaths, ...]:
    """Return the groups of a policy; each rule of the family asks for the same in turn.

    Compared by identity, since to hash a policy would cost more than most policies need.
    """
    opened = remember(policy, opened_by, context.catalog)
    if not opened:
        return ()
    for known, holders, groups in _LAST:
        if known is policy and holders() is context.holders:
            return groups
    found = _groups(one for one in opened if not _is_beyond(one, context.holders))
    _LAST[:] = [(policy, ref(context.holders), found)]
    return found


_LAST: list[tuple[Policy, ref[Holders], tuple[EntryPaths, ...]]] = []
"""The last policy; its holders know all files of their account, and are let go of with them."""


def _groups(of_policy: Iterable[Opened]) -> tuple[EntryPaths, ...]:
    """Return the groups of the paths that a policy opens."""
    opened = list(of_policy)
    by_entry: dict[At, list[Opened]] = {}
    for one in opened:
        by_entry.setdefault(one.at, []).append(one)
    implied = implied_by(opened)
    groups = (_group(inside, implied) for inside in by_entry.values())
    return tuple(_few(group for group in groups if group is not None))


def opened_by(policy: Policy, catalog: Catalog) -> list[Opened]:
    """Return the paths that a policy opens; an administrator needs none."""
    if makes_administrator(policy):
        return []
    known = escalation()
    held = permissions_in(policy, catalog, known)
    possible = known.with_last_need(held.entries)
    opened = (_open(path, held) for path in possible)
    return [one for one in opened if one is not None]


def _is_beyond(opened: Opened, holders: Holders) -> bool:
    """Return whether no holder of the policy can go a path, for what else holds for each of them."""
    spelled = escalation().spelled
    return any(
        all(holders.all_lack(action) for action in {spelled[one.action]: None for one in need})
        for need in opened.held
    )


def makes_administrator(policy: Policy) -> bool:
    """Return whether a policy grants everything, which is another rule's finding.

    That is a note where a condition holds the grant back, and the paths say what is left.
    """
    admins = (s for s in policy.statements if administrator(s, policy))
    return not all(narrowing(s) or "Condition" in s.opaque for s in admins)


def _few(groups: Iterable[EntryPaths]) -> Iterator[EntryPaths]:
    """Yield the groups; more than a few of one rule in one statement become one."""
    together: dict[tuple[int, str], list[EntryPaths]] = {}
    for group in groups:
        key = group.strongest.held[0][0].statement.index, group.strongest.path.rule
        together.setdefault(key, []).append(group)
    for found in together.values():
        if len(found) <= FEW:
            yield from found
        else:
            yield _merged(found)


def _merged(groups: list[EntryPaths]) -> EntryPaths:
    first = max(groups, key=lambda group: group.strongest.band)
    rest = [group for group in groups if group is not first]
    told = {first.strongest.path.id, *first.implied}
    ids = {one for g in rest for one in (g.strongest.path.id, *g.implied, *g.others)}
    starts = sorted((group.strongest.at for group in rest), key=lambda at: str(at.pointer))
    others = tuple(sorted({*first.others, *ids} - told))
    return replace(first, others=others, starts=tuple(starts))


def _open(path: EscalationPath, held: Permissions) -> Opened | None:
    if not all(any(action in held.entries for action in need) for need in path.needs):
        return None
    found = []
    for need in path.needs:
        ways = [
            one
            for action in need
            for one in held.of(action)
            if not is_closed(one, path, held.policy)
        ]
        if not ways:
            return None
        found.append(tuple(sorted(ways, key=lambda one: -one.reach)))
    if path.same_target and not _meet(found):
        return None
    band = _band(path, found, held.policy)
    narrow = found[0][0].reach is Reach.SOME and path.one != "open"
    return Opened(path, band, narrow, tuple(found)) if band else None


def _meet(found: list[tuple[Holding, ...]]) -> bool:
    """Return whether the first need and each other can be about one resource."""
    first, *others = (
        tuple(dict.fromkeys(text for one in need for text in one.resources)) for need in found
    )
    return all(some_meet(first, other, overlaps_arn) for other in others)


def _band(path: EscalationPath, found: list[tuple[Holding, ...]], policy: Policy) -> Band | None:
    """Return the band of a path: one lower for some resources only or behind a condition."""
    far = found[0][0].reach
    if far is Reach.SELF and not path.self_leads_on:
        return None
    if far is Reach.ONE and path.one != "open":
        return Band.LOW if path.one == "low" else None
    lower = far is Reach.SOME and path.one != "open"
    lower = lower or any(all(is_harder(one, policy) for one in need) for need in found)
    return Band(max(Band.LOW, path.band - lower))


def implied_by(opened: list[Opened]) -> dict[str, frozenset[str]]:
    """Return for each path the open ones it contains: by its own word, or by its actions.

    One that needs more is contained itself where the other gives more: what is granted besides
    makes nothing better.
    """
    facts = [(one.path.id, one.actions, one.gives) for one in opened]
    found: dict[str, set[str]] = {name: set() for name, _, _ in facts}
    for one, (name, actions, gives) in zip(opened, facts, strict=True):
        for other, fewer, given in facts:
            if other in one.path.implies or fewer < actions:
                above, below = (name, other) if given <= gives else (other, name)
                found[above].add(below)
    return {name: frozenset(below) for name, below in found.items()}


def _group(inside: list[Opened], implied: dict[str, frozenset[str]]) -> EntryPaths | None:
    contained = frozenset[str]().union(*implied.values())
    tops = [one for one in inside if one.path.id not in contained]
    strongest = max(tops, key=lambda one: one.gives, default=None)
    if strongest is None or _is_said_already(strongest):
        return None
    below = implied[strongest.path.id]
    others = {one.path.id for one in inside} - below - {strongest.path.id}
    return EntryPaths(strongest, tuple(sorted(below)), tuple(sorted(others)))


def _is_said_already(opened: Opened) -> bool:
    """Return whether it comes of a grant of all but a list, which is reported for itself.

    That all such a list leaves open makes an administrator is said once more.
    """
    first = opened.held[0][0]
    return first.statement.not_action is not None and opened.band < Band.CRITICAL


def _hit(group: EntryPaths) -> Hit:
    opened = group.strongest
    firsts = [need[0] for need in opened.held]
    spelled = escalation().spelled
    band = opened.band
    return Hit(
        opened.at,
        _message(opened, len(group.others)),
        help=_help(opened.path),
        related=tuple(_related(opened, group.starts)),
        properties={
            "path": opened.path.id,
            "actions": [spelled[one.action] for one in firsts],
            "implied": list(group.implied),
            "others": list(group.others),
        },
        severity=Severity.NOTE if is_quiet(opened) else None,
        security_severity=SCORES[band],
    )


def _related(opened: Opened, starts: tuple[At, ...]) -> Iterator[Note]:
    granted: dict[At, list[str]] = {}
    for first, *_ in opened.held:
        granted.setdefault(first.at, []).append(f"`{escalation().spelled[first.action]}`")
    for at, actions in granted.items():
        if at != opened.at:
            yield Note(at, f"this grants {' and '.join(actions)}")
    for at in starts:
        yield Note(at, "another path of escalation starts here")


def is_quiet(opened: Opened) -> bool:
    """Return whether a path is worth a note only: daily work, or some names of many."""
    if opened.band is Band.MEDIUM:
        return opened.narrow or opened.path.ordinary
    return opened.band is Band.LOW


def _message(opened: Opened, others: int) -> str:
    spelled = escalation().spelled
    first, *rest = (f"`{spelled[need[0].action]}`" for need in opened.held)
    what = f"{first} with {' and '.join(rest)}" if rest else first
    gain = opened.path.gain
    if not gain:
        trusted = " or ".join(f"`{service}`" for service in opened.path.services)
        gain = f"act as the roles that {trusted} may assume"
    more = (
        f"; {others} more paths of escalation start here"
        if others > 1
        else "; 1 more path of escalation starts here"
    )
    return f"{what} lets the principal {gain}" + (more if others else "")


def _help(path: EscalationPath) -> str | None:
    """Return the keys that close the path: only those that the action's requests carry."""
    keys = [key for key in path.closed_by if not key.endswith("*")]
    if not keys:
        return None
    named = " or ".join(f"`{key}`" for key in keys)
    return f"name the resources in full, or limit the grant with {named}"
