"""Which postponed principals surely hold no statement about a request, before they are read."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.load.link import Ref, Thing
from iamlint.policy.arn_patterns import FIELDS
from iamlint.policy.grammar import Kind
from iamlint.policy.pattern import is_open
from iamlint.policy.placeholder import with_unknowns
from iamlint.policy.wildcard import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iamlint.account.build.managed import Managed
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Postponed
    from iamlint.policy.plain import StatementOutline

    Find = Callable[[Ref, Kind, str | None], Managed]


class Silence:
    """The postponed principals; `find` returns a managed policy."""

    def __init__(self, postponed: Iterable[Postponed], find: Find) -> None:
        self._by_ref = {(p.ref.thing, p.ref.name, p.ref.account): p for p in postponed}
        self._find = find
        self._managed: dict[tuple[str, str, str | None], bool] = {}

    def limits(self, one: Postponed, action: str, resource: str | None) -> tuple[str, ...] | None:
        """Return the boundaries of a principal that surely holds no statement about a request.

        None if it, or a group that it is in, may hold one. `action` is in lower case; without a
        `resource`, a statement about any resource counts.
        """
        if any(_is_about(outline, action, resource) for outline in one.outlines()):
            return None
        for arn, use in one.attached:
            if use is not Kind.BOUNDARY and self._is_managed_about(arn, action, resource):
                return None
        for name in one.groups:
            group = self._by_ref.get((Thing.GROUP, name, one.ref.account))
            if group is None or self.limits(group, action, resource) is None:
                return None
        return tuple(arn for arn, use in one.attached if use is Kind.BOUNDARY)

    def _is_managed_about(self, arn: str, action: str, resource: str | None) -> bool:
        """Return whether a managed policy may be about a request, or something is assumed."""
        found = self._managed.get((arn, action, resource))
        if found is None:
            managed = self._find(Ref(Thing.POLICY, arn), Kind.IDENTITY, None)
            found = managed.assumed is not None
            found = found or any(_names(p, action, resource) for p in managed.policies)
            self._managed[arn, action, resource] = found
        return found


def _is_about(outline: StatementOutline, action: str, resource: str | None) -> bool:
    """Return whether a statement may be about a request, or has conditions for its action."""
    if not any(_may_match(pattern, action) for pattern in outline.actions):
        return False
    return outline.is_conditional or any(
        _may_be_at(pattern, resource) for pattern in outline.resources
    )


def _names(policy: CompiledPolicy, action: str, resource: str | None) -> bool:
    """Return the same of the statements of a policy."""
    for statement, _ in policy.about(action):
        element = statement.source.resource
        if element is None or statement.source.conditions or statement.source.opaque:
            return True
        if any(e.known is None or _may_be_at(e.known, resource) for e in element.entries):
            return True
    return False


def _may_be_at(pattern: str, resource: str | None) -> bool:
    """Return whether a pattern may name a resource; a short one also means what would follow."""
    is_short = pattern.count(":") < FIELDS - 1
    return resource is None or is_short or _may_match(pattern, resource)


@lru_cache(maxsize=4096)
def _may_match(pattern: str, text: str) -> bool:
    """Return whether a pattern may match a text, in any letter case; what is filled in may."""
    if "$" in pattern or is_open(text) or not isinstance(with_unknowns(pattern), str):
        return True
    return matches(pattern.lower(), text.lower())
