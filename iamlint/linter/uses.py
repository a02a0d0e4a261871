"""Findings in one use of a text when another use of the same text is in order.

One policy may be that of a bucket and that of a role: a part that is right in one use is not a
fault.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from iamlint.linter.cases import by_policy, place
from iamlint.rule.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.linter.cases import Place
    from iamlint.load.document import Document
    from iamlint.rule import Rule

_T = TypeVar("_T")


def of_every_use(
    found: Iterable[_T], documents: Iterable[Document], rules: Sequence[Rule]
) -> Iterator[_T]:
    """Yield what was found, without what `Rule.of_use` finds only in some uses of its text."""
    every = list(found)
    judged = {rule.name for rule in rules if rule.of_use}
    about = [item for item in every if isinstance(item, Finding) and item.rule in judged]
    faulty = Counter((item.rule, _place_of(item)) for item in about)
    uses = _uses(documents if about else (), {at for _, at in faulty})
    for item in every:
        if isinstance(item, Finding) and item.rule in judged:
            at = _place_of(item)
            if uses[at] > faulty[item.rule, at]:
                continue
        yield item


def _uses(documents: Iterable[Document], places: set[Place]) -> Counter[Place]:
    """Return the number of policies that have an action or a resource at each of the places."""
    paths = {path for path, *_ in places}
    some = (one for one in documents if one.path in paths or one.elsewhere)
    found: Counter[Place] = Counter()
    for cases in by_policy(some):
        found.update(places & {at for document in cases for at in _entries(document)})
    return found


def _entries(document: Document) -> Iterator[Place]:
    for statement in document.policy.statements:
        for element in (statement.action_element, statement.resource_element):
            for entry in element.entries if element else ():
                yield place(document, entry.at.pointer)


def _place_of(finding: Finding) -> Place:
    return finding.path, finding.range.start.offset, finding.range.end.offset
