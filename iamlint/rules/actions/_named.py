"""The actions that a statement names, in parts; malformed and unknown ones are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.policy.action import parse_action
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.policy.action import ActionPattern
    from iamlint.policy.model import Entry, Statement

_MOST_NAMES: Final = 5
REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"
CHECKS = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
)


def written_actions(statement: Statement) -> Iterator[tuple[Entry, str]]:
    """Yield each entry of `Action` or `NotAction` whose text is known and without variables."""
    element = statement.action_element
    for entry in element.entries if element else ():
        if entry.known is not None and "${" not in entry.known:
            yield entry, entry.known


def named_actions(statement: Statement) -> Iterator[tuple[Entry, ActionPattern]]:
    """Yield each well-formed entry of `Action` or `NotAction` with a service spelt out."""
    for entry, text in written_actions(statement):
        pattern = parse_action(text)
        if pattern is not None and not is_wild(pattern.service):
            yield entry, pattern


def in_words(names: Iterable[str]) -> str:
    """Return names in backticks; of a long list the first ones, and how many more there are."""
    named = [f"`{name}`" for name in names]
    if len(named) > _MOST_NAMES:
        named = [*named[: _MOST_NAMES - 1], f"{len(named) - _MOST_NAMES + 1} more"]
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
