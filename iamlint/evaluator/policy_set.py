"""All policies that apply to a request, indexed by action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.evaluator.statement import MOST_ACTIONS
from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.evaluator.request import StatementRequest
    from iamlint.evaluator.statement import CompiledPolicy, CompiledStatement, Match

_Candidate: TypeAlias = "tuple[CompiledStatement, Truth, int]"

Levels: TypeAlias = "tuple[tuple[CompiledPolicy, ...], ...]"
"""Policies of an organization, from its root down to the account."""


class StatementIndex:
    """The statements of one group of policies that mention an action."""

    __slots__ = ("_allows", "_denies", "may_deny")

    def __init__(self, policies: Sequence[CompiledPolicy], action: str, start: int = 0) -> None:
        self._allows: list[_Candidate] = []
        self._denies: list[_Candidate] = []
        for index, policy in enumerate(policies, start):
            for statement, truth in policy.about(action):
                if statement.may_allow:
                    self._allows.append((statement, truth, index))
                if statement.may_deny:
                    self._denies.append((statement, truth, index))
        self.may_deny = bool(self._denies)

    def allows(self, asked: StatementRequest) -> list[Match]:
        """Return the Allow statements that apply to a request, surely or maybe."""
        found: list[Match] = []
        for statement, truth, index in self._allows:
            statement.add_matches(found, asked, truth, index)
        return found

    def denies(self, asked: StatementRequest) -> list[Match]:
        found: list[Match] = []
        for statement, truth, index in self._denies:
            statement.add_matches(found, asked, truth, index)
        return found

    def exceptions(self) -> Iterator[_Candidate]:
        """Yield the Denies that name all but some principals."""
        return (c for c in self._denies if c[0].excepts_principals)

    def statements(self) -> Iterator[CompiledStatement]:
        """Yield the statements; one whose effect is not known comes twice."""
        for statement, _, _ in (*self._allows, *self._denies):
            yield statement


class ActionIndex:
    """What all policies of a set have to say of one action; without `may_deny`, none denies it."""

    __slots__ = (
        "_keys",
        "boundary",
        "endpoint",
        "identity",
        "may_deny",
        "rcp",
        "resource",
        "scp",
        "session",
    )

    def __init__(self, policies: PolicySet, action: str) -> None:
        self.identity = _voices(policies.identity, action)
        self.resource = _voices(policies.resource, action)
        self.boundary = _voices(policies.boundary, action)
        self.session = _voices(policies.session, action)
        self.endpoint = _voices(policies.endpoint, action)
        self.scp = _levels(policies.scp, action)
        self.rcp = _levels(policies.rcp, action)
        self.may_deny = True in [voices.may_deny for voices in self._all()]
        self._keys: frozenset[str] | None = None

    @property
    def keys(self) -> frozenset[str]:
        """The keys, in lower case, that decide which statements apply."""
        if self._keys is None:
            statements = (s for voices in self._all() for s in voices.statements())
            self._keys = frozenset().union(*(statement.keys for statement in statements))
        return self._keys

    def _all(self) -> Iterable[StatementIndex]:
        one_each = (self.identity, self.resource, self.boundary, self.session, self.endpoint)
        return (*one_each, *self.scp, *self.rcp)


_NOBODY: Final = StatementIndex((), "")


def _voices(policies: Sequence[CompiledPolicy], action: str) -> StatementIndex:
    return StatementIndex(policies, action) if policies else _NOBODY


def _levels(levels: Levels | None, action: str) -> list[StatementIndex]:
    voices, start = [], 0
    for level in levels or ():
        voices.append(StatementIndex(level, action, start))
        start += len(level)
    return voices


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policies around one principal and one resource.

    Empty tuples mean that there is none. `scp` and `rcp` are levels from the root of the
    organization to the account; None when the account is in no organization, or when they do not
    bind it, as in a management account.
    """

    identity: tuple[CompiledPolicy, ...] = ()
    resource: tuple[CompiledPolicy, ...] = ()
    boundary: tuple[CompiledPolicy, ...] = ()
    session: tuple[CompiledPolicy, ...] = ()
    scp: Levels | None = None
    rcp: Levels | None = None
    endpoint: tuple[CompiledPolicy, ...] = ()
    _views: dict[str, ActionIndex] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def view(self, action: str) -> ActionIndex:
        """Return what the set says of an action in lower case; remembered."""
        view = self._views.get(action)
        if view is None:
            if len(self._views) >= MOST_ACTIONS:
                self._views.clear()
            view = self._views[action] = ActionIndex(self, action)
        return view

    @property
    def has_boundary(self) -> Truth:
        """Whether the principal has a boundary; maybe if one statement means there is none."""
        if not self.boundary:
            return Truth.NO
        unsure = any(s.source.index < 0 for policy in self.boundary for s in policy.statements)
        return Truth.MAYBE if unsure else Truth.YES

    def every(self) -> Iterator[CompiledPolicy]:
        """Yield each policy of the set."""
        yield from self.identity
        yield from self.resource
        yield from self.boundary
        yield from self.session
        yield from self.endpoint
        for level in (*(self.scp or ()), *(self.rcp or ())):
            yield from level
