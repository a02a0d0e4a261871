"""Which patterns of actions take in more than one sort, and thereby what was not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.carried import may_apply
from iamlint.grants.reach import Reach, reach, reaches_all, resource_patterns
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Hit
from iamlint.rules._traits import traits_in
from iamlint.rules.breadth._sensitive import LISTED, in_words, wanted_actions
from iamlint.rules.breadth._sorts import sorts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Action
    from iamlint.policy.model import Statement
    from iamlint.rule import RuleContext


def swept_in(
    statement: Statement, context: RuleContext, swept: int, beside: int, what: str
) -> Iterator[Hit]:
    """Yield a hit for each pattern that names actions of one sort beside those of another."""
    catalog = context.catalog
    if not statement.allows or not traits_in(statement.action, catalog, sorts_of) & swept:
        return
    for entry in statement.actions:
        if entry.known is None or not is_wild(entry.known):
            continue
        if not wanted_actions(entry, statement, catalog, beside):
            continue
        wanted = wanted_actions(entry, statement, catalog, swept)
        names = [action.full_name for action in wanted if _is_granted(action, statement, context)]
        if not names:
            continue
        yield Hit(
            entry.at,
            f"`{entry.text}` includes {in_words(names)}, so {what}",
            properties={"actions": names[:LISTED], "count": len(names)},
        )


def _is_granted(action: Action, statement: Statement, context: RuleContext) -> bool:
    if not may_apply(statement, action, context.catalog):
        return False
    if reaches_all(statement, context.policy):
        return True
    patterns = resource_patterns(action, context.catalog)
    return reach(statement, context.policy, action.full_name, patterns) is not Reach.NONE
