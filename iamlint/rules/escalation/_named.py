"""What leads to one principal that a policy names in full: its keys, its password, its trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.escalation import Band, escalation
from iamlint.grants.reach import Reach, reach_of_entry, resource_patterns
from iamlint.policy.arn_patterns import pad
from iamlint.policy.memory import remember
from iamlint.rule import Hit, Note
from iamlint.rules.escalation._closed import is_closed
from iamlint.rules.escalation._paths import SCORES, may_escalate, paths_reported
from iamlint.rules.escalation._permissions import permissions_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Entry, Policy
    from iamlint.rule import RuleContext
    from iamlint.rules.escalation._permissions import Holding

_SHOWN = 2


def named_takeovers(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    """Yield one hit for each statement that leads to principals which it names in full."""
    if not remember(policy, may_escalate):
        return
    catalog = context.catalog
    held = permissions_in(policy, catalog, escalation())
    by_statement: dict[int, list[Holding]] = {}
    for path in escalation().with_last_need(held.entries):
        if path.one != "named":
            continue
        ways = [w for action in path.needs[0] for w in held.of(action) if w.reach is Reach.ONE]
        for holding in ways:
            spelled = escalation().spelled[holding.action]
            if is_closed(holding, path, policy) or context.holders.all_lack(spelled):
                continue
            ids, starts = paths_reported(policy, context)
            if path.id not in ids and holding.at not in starts:
                by_statement.setdefault(holding.statement.index, []).append(holding)
    for holdings in by_statement.values():
        targets = _targets(holdings, catalog)
        others = [one for one in targets if context.holders.names != {_name_in(one)}]
        if others:
            yield _hit(holdings, others)


def _targets(holdings: Sequence[Holding], catalog: Catalog) -> list[Entry]:
    """Return the entries that name a principal in full, and that one of the actions is about."""
    patterns = [
        pattern
        for holding in holdings
        if (fact := catalog.action(holding.action)) is not None
        for pattern in resource_patterns(fact, catalog)
    ]
    return [
        entry
        for entry in holdings[0].statement.resources
        if _is_named(entry)
        and any(reach_of_entry(entry.pattern, one) is Reach.ONE for one in patterns)
    ]


def _name_in(entry: Entry) -> str:
    """Return what an ARN names, such as `user/ann`, without the path."""
    kind, _, rest = entry.pattern.rpartition(":")[2].partition("/")
    return f"{kind}/{rest.rpartition('/')[2]}"


def _is_named(entry: Entry) -> bool:
    """Return whether the name is written out: a variable may be the caller's own."""
    fields = pad(entry.pattern, short=True)
    return fields is not None and "$" not in fields[5]


def _hit(holdings: Sequence[Holding], targets: Sequence[Entry]) -> Hit:
    spelled = escalation().spelled
    actions = list(dict.fromkeys(spelled[holding.action] for holding in holdings))
    lets = "lets" if len(actions) == 1 else "let"
    return Hit(
        holdings[0].at,
        f"{_listed(actions)} {lets} the principal act as {_listed([t.text for t in targets])}",
        related=tuple(Note(target.at, "this principal") for target in targets),
        properties={"actions": actions, "principals": [target.text for target in targets]},
        security_severity=SCORES[Band.LOW],
    )


def _listed(names: Sequence[str]) -> str:
    shown = [f"`{name}`" for name in names[:_SHOWN]]
    more = len(names) - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else " and ".join(shown)
