"""Which patterns of actions take in more than one sort, and thereby what was not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from iamlint.grants.carried import may_apply
from iamlint.grants.reach import Reach, reach, resource_patterns
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Hit
from iamlint.rules.breadth._sensitive import LISTED, in_words, named_actions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.catalog import Action
    from iamlint.policy.model import Statement
    from iamlint.rule import RuleContext

    _Sort: TypeAlias = Callable[[Action], bool]


def swept_in(
    statement: Statement, context: RuleContext, is_swept: _Sort, beside: _Sort, what: str
) -> Iterator[Hit]:
    """Yield a hit for each pattern that names actions of one sort beside those of another."""
    for entry in statement.actions if statement.allows else ():
        if entry.known is None or not is_wild(entry.known):
            continue
        named = named_actions(entry, statement, context)
        swept = [a for a in named if is_swept(a) and _is_granted(a, statement, context)]
        if not swept or not any(map(beside, named)):
            continue
        names = [action.full_name for action in swept]
        yield Hit(
            entry.at,
            f"`{entry.text}` includes {in_words(names)}, so {what}",
            properties={"actions": names[:LISTED], "count": len(names)},
        )


def _is_granted(action: Action, statement: Statement, context: RuleContext) -> bool:
    if not may_apply(statement, action, context.catalog):
        return False
    patterns = resource_patterns(action, context.catalog)
    return reach(statement, context.policy, action.full_name, patterns) is not Reach.NONE
