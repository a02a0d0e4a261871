"""The names in the entries of `Action`, `Resource` and their opposites, also in long lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.action import ActionPattern, parse_action
from iamlint.policy.arn_patterns import covers_arn, overlaps_arn
from iamlint.policy.heads import FEW, Heads
from iamlint.policy.memory import remember
from iamlint.policy.steps import spend
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from iamlint.policy.model import Element, Entry


def names_action(element: Element, action: str) -> Truth:
    """Return whether the entries name an action: all of a pattern, a part of it, or none."""
    wanted = parse_action(action)
    if wanted is None:
        return Truth.NO
    services = remember(element, _services)
    if services is not None and wanted.service not in services and not is_wild(wanted.service):
        return Truth.NO
    if len(element.entries) > FEW:
        return remember(element, _Actions).name(wanted)
    spend(len(element.entries))
    found = Truth.NO
    for entry in element.entries:
        truth = _action_truth(entry, wanted)
        if truth is Truth.YES:
            return truth
        if truth is Truth.MAYBE:
            found = truth
    return found


def _services(element: Element) -> frozenset[str] | None:
    """Return the services of all entries; None where one is not spelt out."""
    patterns = [parse_action(entry.known) if entry.known else None for entry in element.entries]
    services = frozenset(pattern.service for pattern in patterns if pattern)
    return None if None in patterns or any(map(is_wild, services)) else services


def names_resource(element: Element, resource: str) -> Truth:
    """Return whether the entries name a resource: all of a pattern, a part of it, or none."""
    if len(element.entries) > FEW:
        return remember(element, _Resources).name(resource)
    spend(len(element.entries))
    return max((resource_truth(e, resource) for e in element.entries), default=Truth.NO)


def resource_truth(entry: Entry, resource: str) -> Truth:
    """Return the same for one entry."""
    if covers_arn(entry.pattern, resource):
        return Truth.YES
    if entry.known is None:
        return Truth.MAYBE
    return Truth.MAYBE if overlaps_arn(entry.known, resource) else Truth.NO


def _action_truth(entry: Entry, wanted: ActionPattern) -> Truth:
    if entry.known is None:
        return Truth.MAYBE
    pattern = parse_action(entry.known)
    if pattern is None:
        return Truth.NO
    if pattern.covers(wanted):
        return Truth.YES
    return Truth.MAYBE if pattern.overlaps(wanted) else Truth.NO


class _Actions:
    """A long list of actions."""

    __slots__ = ("_patterns", "_unsure")

    def __init__(self, element: Element) -> None:
        spend(len(element.entries))
        self._unsure = any(entry.known is None for entry in element.entries)
        texts = dict.fromkeys(e.known.lower() for e in element.entries if e.known is not None)
        patterns = filter(None, map(parse_action, texts))
        self._patterns = Heads((str(pattern), pattern) for pattern in patterns)

    def name(self, wanted: ActionPattern) -> Truth:
        text = str(wanted)
        if any(pattern.covers(wanted) for pattern in self._patterns.may_cover(text)):
            return Truth.YES
        if self._unsure:
            return Truth.MAYBE
        meets = any(pattern.overlaps(wanted) for pattern in self._patterns.may_meet(text))
        return Truth.MAYBE if meets else Truth.NO


class _Resources:
    """A long list of resources."""

    __slots__ = ("_patterns", "_unsure")

    def __init__(self, element: Element) -> None:
        spend(len(element.entries))
        self._unsure = any(entry.known is None for entry in element.entries)
        texts = dict.fromkeys(entry.pattern for entry in element.entries)
        self._patterns = Heads((text, text) for text in texts)

    def name(self, resource: str) -> Truth:
        if any(covers_arn(pattern, resource) for pattern in self._patterns.may_cover(resource)):
            return Truth.YES
        if self._unsure:
            return Truth.MAYBE
        near = self._patterns.may_meet(resource)
        return Truth.MAYBE if any(overlaps_arn(one, resource) for one in near) else Truth.NO
