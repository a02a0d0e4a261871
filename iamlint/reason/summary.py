"""Joins the requests that were found into few differences, in the words of the statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.ask.validate import fits
from iamlint.evaluator.deciding import deciding
from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.requested import RequestedResource
from iamlint.policy.wildcard import is_wild, matches
from iamlint.reason import describe
from iamlint.reason.answer import Difference
from iamlint.reason.universe import ANY_ARN, EVERYTHING, targets
from iamlint.reason.world import is_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.catalog import Catalog
    from iamlint.evaluator.deciding import Deciding
    from iamlint.evaluator.statement import CompiledStatement, Match
    from iamlint.reason.answer import KeyTest
    from iamlint.reason.search import FoundRequests, Search
    from iamlint.reason.witness import Shown


_FEW: Final = 8
"""Actions that a person reads one by one."""


@dataclass(slots=True)
class _Group:
    """Requests that one Allow grants, under the same conditions, to the same principals.

    `words` are the statements that describe them: the Allow, and what makes the difference.
    `texts` are examples of the resources, `besides` the patterns of those that do not belong to it.
    """

    shown: Shown
    words: tuple[CompiledStatement, ...]
    because: tuple[Deciding, ...]
    condition: dict[str, tuple[KeyTest, ...]]
    principals: tuple[str, ...] | None
    actions: dict[str, None] = field(default_factory=dict)
    texts: dict[str, None] = field(default_factory=dict)
    resources: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()

    @property
    def key(self) -> object:
        granting = id(self.words[0]) if self.words else None
        about = self.principals, self.resources, self.besides
        return granting, tuple(self.condition.items()), about


class Summary:
    """The differences in one direction, class of actions by class of actions."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._groups: dict[object, _Group] = {}
        self._open: list[_Group] = []
        self._numbers: dict[object, int] = {}
        self._named: dict[tuple[int, str], bool] = {}

    def add(self, found: FoundRequests, shown: Shown) -> int:
        """Add requests; `shown` is one of them. Return a number, to add others that are alike."""
        match = _granting(found, shown)
        granting = match.statement if match is not None else None
        condition = describe.conditions(found, granting)
        principals = describe.principals(found, granting)
        key = id(granting), tuple(condition.items()), principals
        number = self._numbers.setdefault(key, len(self._open))
        if number == len(self._open):
            is_own = match is not None and not is_beside(match.statement)
            because = (deciding(match),) if match is not None and is_own else ()
            words = (*((granting,) if granting is not None else ()), *found.changed)
            self._open.append(_Group(shown, words, because, condition, principals))
        self.extend(number, found)
        return number

    def extend(self, number: int, found: FoundRequests) -> None:
        """Add requests that differ in actions and resources only."""
        group = self._open[number]
        group.actions.update(dict.fromkeys(found.actions))
        group.texts.update(dict.fromkeys((found.part.text, *found.part.others)))

    def close_class(self, search: Search) -> None:
        """Join the requests of one class of actions with those of others."""
        words = [describe.ResourceWords(one) for one in search.limiting]
        otherwise = EVERYTHING if search.wide.resource is None else None
        for group in self._open:
            own = [describe.ResourceWords(one) for one in group.words]
            group.resources = describe.resources(own, words, group.texts, otherwise)
            group.besides = describe.besides(own, words, group.texts)
            known = self._groups.setdefault(group.key, group)
            known.actions.update(group.actions)
            known.texts.update(group.texts)
        self._open, self._numbers = [], {}

    @property
    def differences(self) -> tuple[Difference, ...]:
        return tuple(map(self._difference, self._groups.values()))

    def _difference(self, group: _Group) -> Difference:
        actions, is_part = self._actions(group)
        return Difference(
            actions=actions,
            is_part=is_part,
            resources=group.resources,
            witness=group.shown.witness,
            because=group.because,
            principals=group.principals,
            condition=group.condition,
            besides=group.besides,
        )

    def _actions(self, group: _Group) -> tuple[tuple[str, ...], bool]:
        """Return patterns all of whose actions are concerned, else names.

        Also whether some of the actions are concerned in another difference only.
        """
        left = dict(group.actions)
        found: list[str] = []
        is_part = False
        every = self._with_siblings(group) if len(left) > _FEW else left
        for pattern, statement in _patterns(group.words):
            named = _named(pattern.lower(), left)
            if not named:
                continue
            is_whole = self._are_all(pattern, statement, group.actions)
            if is_whole or self._are_all(pattern, statement, every):
                is_part |= not is_whole
                found.append(pattern)
                for one in named:
                    del left[one]
        return (*found, *self._spelt(left)), is_part

    def _with_siblings(self, group: _Group) -> dict[str, None]:
        """Return the actions of all differences that the same statement grants."""
        found: dict[str, None] = {}
        for other in self._groups.values():
            if other.words[:1] == group.words[:1]:
                found.update(other.actions)
        return found

    def _are_all(
        self, pattern: str, statement: CompiledStatement, actions: Mapping[str, None]
    ) -> bool:
        others = (a.full_name.lower() for a in self.catalog.expand(pattern) if not a.retired)
        return not any(
            self._acts_on_what_is_named(action, statement)
            for action in others
            if action not in actions
        )

    def _acts_on_what_is_named(self, action: str, statement: CompiledStatement) -> bool:
        """Return whether an action acts on a resource that a statement names."""
        if action in _BEYOND_POLICIES:
            return False
        return any(self._is_named(one, statement) for one in targets(action, self.catalog))

    def _is_named(self, target: str, statement: CompiledStatement) -> bool:
        """Return whether a statement names resources of a target."""
        key = id(statement), target
        found = self._named.get(key)
        if found is None:
            element = statement.source.resource
            given = [RequestedResource.of(e.pattern) for e in element.entries] if element else []
            if target in (EVERYTHING, ANY_ARN):
                found = element is None or any(one.is_everything for one in given)
            else:
                found = element is None or any(fits(target, one) for one in given)
            self._named[key] = found
        return found

    def _spelt(self, actions: Iterable[str]) -> list[str]:
        known = ((one, self.catalog.action(one)) for one in actions)
        return sorted(name if action is None else action.full_name for name, action in known)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
_BEYOND_POLICIES: Final = frozenset(
    {"sts:getcalleridentity", "sts:getfederationtoken", "sts:getsessiontoken"}
)
"""Actions that a role cannot call, or always can."""


def _patterns(statements: Iterable[CompiledStatement]) -> Iterator[tuple[str, CompiledStatement]]:
    for statement in statements:
        for entry in statement.source.actions:
            if entry.known is not None:
                yield entry.known, statement


def _named(pattern: str, actions: Mapping[str, None]) -> list[str]:
    """Return the actions that a pattern names, both in lower case."""
    if not is_wild(pattern):
        return [pattern] if pattern in actions else []
    start = pattern.partition("*")[0].partition("?")[0]
    return [one for one in actions if one.startswith(start) and matches(pattern, one)]


def _granting(found: FoundRequests, shown: Shown) -> Match | None:
    """Return the Allow of the unit that grants; policies around it do not count."""
    grants = (*shown.decision.outcome.grants, *shown.decision.outcome.limits)
    own = [match for match in grants if found.encoder.knows(match.statement)]
    changed = {id(one) for one in found.changed}
    return next((m for m in own if id(m.statement) in changed), own[0] if own else None)
