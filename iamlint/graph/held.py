"""Which principals may hold the actions of paths, on which resources, before Denies and conditions.

It finds too much rather than too little: each step is decided by `asking` afterwards. A principal
is found by a pattern through the text before its first wildcard, so that principals are not
compared in pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.catalog.escalation import actions_of_paths, escalation
from iamlint.grants.grants import Truth, statement_grants
from iamlint.graph.paths import BESIDE_PATHS
from iamlint.late_pattern import late_pattern
from iamlint.policy.memory import remember
from iamlint.policy.wildcard import is_wild, matches, overlaps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from iamlint.catalog.escalation import EscalationPath
    from iamlint.graph.steps import Need
    from iamlint.graph.world import Being
    from iamlint.policy.model import Policy, Statement

_VARIABLE: Final = late_pattern(r"\$\{[^{}]*\}")
_EVERYWHERE: Final = ("*",)
_COLONS: Final = 5
"""The colons of an ARN."""
_Actions: TypeAlias = "tuple[tuple[str, ...], ...]"
Parted: TypeAlias = "tuple[tuple[str, ...], tuple[str, ...]]"


class HolderIndex:
    """Names by the patterns of ARNs that they hold; `at` finds those of one ARN.

    Patterns with all fields are found by the text before the first wildcard of the last one, as
    the account is often `*`.
    """

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, None]] = {}
        self._wild: dict[str, dict[str, dict[str, None]]] = {}
        self._lengths: dict[int, None] = {}

    def add(self, pattern: str, name: str) -> None:
        """Add a name that holds a pattern."""
        if not is_wild(pattern):
            self._exact.setdefault(pattern, {})[name] = None
            return
        *_, tail = ("", *pattern.split(":", _COLONS)[_COLONS:])
        start = tail[: min(tail.find(wild) % (len(tail) + 1) for wild in "*?")]
        self._wild.setdefault(start, {}).setdefault(pattern, {})[name] = None
        self._lengths[len(start)] = None

    def at(self, arn: str) -> Iterator[tuple[str, Collection[str]]]:
        """Yield the patterns that name an ARN, or a text of a pattern, each with who holds it."""
        if is_wild(arn):
            yield from self._meeting(arn)
            return
        if (found := self._exact.get(arn)) is not None:
            yield arn, found
        *_, tail = ("", *arn.split(":", _COLONS)[_COLONS:])
        for end in self._lengths:
            for pattern, names in self._wild.get(tail[:end], {}).items():
                if matches(pattern, arn):
                    yield pattern, names

    def _meeting(self, glob: str) -> Iterator[tuple[str, Collection[str]]]:
        for pattern, names in self._exact.items():
            if matches(glob, pattern):
                yield pattern, names
        for patterns in self._wild.values():
            for pattern, names in patterns.items():
                if overlaps(glob, pattern):
                    yield pattern, names


class PathHoldings:
    """The actions of paths that principals may hold, or only by policies whose text is known."""

    def __init__(self, beings: Iterable[Being], *, of_known: bool = False) -> None:
        self.of_known = of_known
        self._by_action: dict[str, HolderIndex] = {}
        self.actions: dict[str, frozenset[str]] = {}
        self._holders: dict[str, dict[str, None]] = {}
        self._able: dict[str, frozenset[str]] = {}
        self.stopped: dict[str, frozenset[str]] = {}
        """The actions of paths that a principal surely cannot use, by a Deny or its boundary."""
        self._within: dict[str, Mapping[str, tuple[str, ...]]] = {}
        """The resources on which boundaries allow such actions, if that is not any resource."""
        self._parted: dict[tuple[int, _Actions], tuple[tuple[str, ...], Parted]] = {}
        """By the ids of tuples, which are kept so that no id is given away again."""
        for being in beings:
            self.add(being)

    def add(self, being: Being) -> None:
        """Add a principal with all its policies."""
        held: dict[str, dict[str, None]] = {}
        for policy in being.actor.policies:
            if self.of_known and "Statement" in policy.source.opaque:
                continue
            for action, patterns in remember(policy.source, granted).items():
                held.setdefault(action, {}).update(dict.fromkeys(patterns))
        for action, found in held.items():
            self._holders.setdefault(action, {})[being.id] = None
            targets = self._by_action.setdefault(action, HolderIndex())
            for pattern in found:
                targets.add(pattern, being.id)
        self.actions[being.id] = frozenset(held)
        if stopped := _stopped(being):
            self.stopped[being.id] = stopped
        if within := _within(being):
            self._within[being.id] = within
        self._able.clear()

    def stops(self, name: str, action: str, glob: str | None = None) -> bool:
        """Return whether a Deny or a boundary surely stops an action on a pattern of ARNs.

        Without a pattern, on anything.
        """
        if action in self.stopped.get(name, ()):
            return True
        within = self._within.get(name)
        patterns = None if within is None or glob is None else within.get(action)
        return patterns is not None and not any(overlaps(one, glob or "") for one in patterns)

    def is_limited(self, name: str) -> bool:
        """Return whether a boundary allows an action of paths on some resources only."""
        return name in self._within

    def parted(self, names: tuple[str, ...], needs: Iterable[Need]) -> Parted:
        """Return those of some principals who may meet some needs, and those who surely cannot.

        For the same principals and actions the same tuples.
        """
        actions = tuple(need.actions for need in needs)
        key = (id(names), actions)
        if key not in self._parted:
            stopped = tuple(one for one in names if self._is_stopped(one, actions))
            out = frozenset(stopped)
            open_ = tuple(one for one in names if one not in out) if out else names
            self._parted[key] = (names, (open_, stopped))
        return self._parted[key][1]

    def _is_stopped(self, name: str, actions: _Actions) -> bool:
        stopped = self.stopped.get(name)
        return stopped is not None and any(map(stopped.issuperset, actions))

    def holders(self, action: str) -> Iterable[str]:
        """Return who may hold an action on something."""
        return self._holders.get(action, {})

    def at(self, action: str, arn: str) -> Iterator[tuple[str, Collection[str]]]:
        """Yield the patterns by which an action may be held on an ARN, each with who holds it."""
        targets = self._by_action.get(action)
        return iter(()) if targets is None else targets.at(arn)

    def maybe_at(self, action: str, arn: str, glob: str) -> Iterator[tuple[str, Collection[str]]]:
        """Yield the same for an ARN that may be any text of a pattern."""
        yield from self.at(action, arn)
        if glob != arn:
            yield from self.at(action, glob)

    def able(self, path: EscalationPath) -> frozenset[str]:
        """Return who may hold all that a path needs, on something."""
        if path.id not in self._able:
            found: frozenset[str] | None = None
            for need in reversed(path.needs):  # the last is the rarest
                names = {name for one in need for name in self.holders(one)}
                found = frozenset(names) if found is None else found & names
                if not found:
                    break
            self._able[path.id] = found or frozenset()
        return self._able[path.id]


def _stopped(being: Being) -> frozenset[str]:
    """Return the actions that Denies or the boundary of a principal stop, whatever they are about.

    A policy of a resource may allow what a boundary does not, but IAM has no such policies.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    found = set[str]()
    for policy in being.actor.policies:
        found |= remember(policy.source, _denied)
    if being.actor.boundary:
        may = {one for policy in being.actor.boundary for one in remember(policy.source, granted)}
        every = (*escalation().spelled, *BESIDE_PATHS)
        found.update(one for one in every if one not in may and one.startswith("iam:"))
    return frozenset(found)


def _within(being: Being) -> Mapping[str, tuple[str, ...]]:
    """Return the patterns on which a boundary allows actions of IAM, of those it does not on all.

    A pattern that is not known as a whole may name any resource.
    """
    found: dict[str, tuple[str, ...]] = {}
    for policy in being.actor.boundary:
        for action, patterns in remember(policy.source, granted).items():
            found[action] = (*found.get(action, ()), *patterns)
    return {
        action: patterns
        for action, patterns in found.items()
        if action.startswith("iam:") and all(map(_is_whole_arn, patterns))
    }


def _is_whole_arn(pattern: str) -> bool:
    return pattern.startswith("arn:") and pattern.count(":") >= _COLONS and pattern.isascii()


def _denied(policy: Policy) -> frozenset[str]:
    """Return the actions of paths that a policy denies on everything, whatever the context is."""
    return frozenset(
        action
        for one in policy.statements
        if one.denies and not (one.conditions or one.opaque or one.is_open)
        if any(entry.known == "*" for entry in one.resources)
        for action in _named_surely(one)
    )


def _named_surely(statement: Statement) -> Iterable[str]:
    """Return the actions of paths that a statement names whose actions are known."""
    if statement.not_action is not None:
        return _actions(statement)
    return (one for entry in statement.actions for one in actions_of_paths(entry.known or ""))


def granted(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """Return the actions of paths that a policy may grant, with patterns of resources."""
    if "Statement" in policy.opaque:
        return dict.fromkeys((*escalation().spelled, *BESIDE_PATHS), _EVERYWHERE)
    found: dict[str, dict[str, None]] = {}
    for statement in policy.statements:
        if not (statement.allows or (statement.effect is None and "Effect" in statement.opaque)):
            continue
        patterns = _resources(statement)
        for action in _actions(statement):
            found.setdefault(action, {}).update(dict.fromkeys(patterns))
    return {action: tuple(patterns) for action, patterns in found.items()}


def _resources(statement: Statement) -> Iterable[str]:
    if statement.not_resource is not None:
        return _EVERYWHERE
    return [glob_of_entry(entry.pattern) for entry in statement.resources] or _EVERYWHERE


def glob_of_entry(pattern: str) -> str:
    """Return an entry with `*` in place of each variable and of each part that is not known.

    A variable with an unknown part in its name may end anywhere.
    """
    if "${" not in pattern:
        return pattern
    start, cut, _ = _VARIABLE.sub("*", pattern).partition("${")
    return f"{start}*" if cut else start


def _actions(statement: Statement) -> Iterable[str]:
    every = (*escalation().spelled, *BESIDE_PATHS)
    if statement.not_action is not None:
        return [one for one in every if statement_grants(statement, one) is not Truth.NO]
    if "Action" in statement.opaque and not statement.actions:
        return every
    texts = [glob_of_entry(entry.pattern) for entry in statement.actions]
    found = dict.fromkeys(
        one for text in texts for one in (every if text == "*" else actions_of_paths(text))
    )
    for action in BESIDE_PATHS:
        if any(matches(text.lower(), action) for text in texts):
            found[action] = None
    return found
