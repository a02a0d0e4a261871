"""The region that a template or module leaves open: that of the resource that is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.evaluator.statement import compile_policy
from iamlint.fast_dataclass import replace
from iamlint.load.link import name_with
from iamlint.text.source import Partial, Pseudo, Unknown

if TYPE_CHECKING:
    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.link import Name
    from iamlint.policy.model import Element, Entry, Statement


class Regional:
    """Policies with the region that is asked about in place of the one that their files leave open.

    Only in ARNs of resources: nothing says that the stack is there, so answers name it among
    what they take for granted.
    """

    def __init__(self) -> None:
        self._made: dict[tuple[int, str], CompiledPolicy] = {}
        self._kept: list[CompiledPolicy] = []
        self._taken: dict[int, CompiledPolicy] = {}

    def policy(self, policy: CompiledPolicy, region: str) -> CompiledPolicy:
        """Return a policy in a region; the same one where no region is open."""
        key = id(policy), region
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = _in_region(policy, region)
            self._kept.append(policy)  # a key knows it by its id
            if found is not policy:
                self._taken[id(found)] = found
        return found

    def is_taken(self, policy: CompiledPolicy) -> bool:
        """Return whether the region of a policy is that of the question."""
        return id(policy) in self._taken


def _in_region(policy: CompiledPolicy, region: str) -> CompiledPolicy:
    source = policy.source
    statements = tuple(_statement(statement, region) for statement in source.statements)
    if all(new is old for new, old in zip(statements, source.statements, strict=True)):
        return policy
    return compile_policy(replace(source, statements=statements), policy.label)


def _statement(statement: Statement, region: str) -> Statement:
    element = statement.resource_element
    if element is None or not any(map(_is_open, element.entries)):
        return statement
    new = replace(element, entries=tuple(_entry(entry, region) for entry in element.entries))
    opaque = statement.opaque - {element.name} if _is_known(new) else statement.opaque
    if element.name == "NotResource":
        return replace(statement, not_resource=new, opaque=opaque)
    return replace(statement, resource=new, opaque=opaque)


def _is_known(element: Element) -> bool:
    return all(entry.known is not None for entry in element.entries)


def _is_open(entry: Entry) -> bool:
    parts = entry.value.parts if isinstance(entry.value, Partial) else ()
    return any(isinstance(part, Unknown) and part.means is Pseudo.REGION for part in parts)


def _entry(entry: Entry, region: str) -> Entry:
    def give(part: Unknown) -> Name:
        return region if part.means is Pseudo.REGION else part

    return replace(entry, value=name_with(entry.value, give))


def mentions(policies: PolicySet, action: str, key: str) -> bool:
    """Return whether a statement that mentions the action asks for a key."""
    return any(
        condition.name == key
        for policy in policies.every()
        for statement, _ in policy.about(action.lower())
        for condition in statement.source.conditions
    )
