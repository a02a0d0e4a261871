"""The decision on a request, and what it rests on."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from iamlint.evaluator.combine import Outcome, combine
from iamlint.evaluator.deciding import Deciding, deciding
from iamlint.evaluator.request import StatementRequest
from iamlint.evaluator.settings import DEFAULTS
from iamlint.evaluator.verdict import Verdict
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.request import Request
    from iamlint.evaluator.settings import Settings
    from iamlint.evaluator.statement import CompiledStatement, Match
    from iamlint.policy.grammar import Kind


@dataclass(frozen=True, slots=True)
class Decision:
    """What AWS answers, as far as it can be known. `reasons.explain` returns why."""

    verdict: Verdict
    outcome: Outcome
    request: Request
    policies: PolicySet
    settings: Settings

    @property
    def allowed(self) -> bool:
        return self.verdict is Verdict.ALLOWED

    @property
    def blocked_by(self) -> tuple[Kind, ...]:
        """The kinds of policy whose silence denies."""
        return self.outcome.blocked_by

    @property
    def deciding(self) -> tuple[Deciding, ...]:
        """The statements that grant or deny; none for an implicit denial."""
        outcome = self.outcome
        match self.verdict:
            case Verdict.ALLOWED:
                found = outcome.grants
            case Verdict.EXPLICITLY_DENIED:
                found = outcome.denies
            case Verdict.UNDETERMINED:
                found = outcome.denies + outcome.grants
            case _:
                found = []
        return tuple(map(deciding, found))

    @property
    def missing_keys(self) -> tuple[str, ...]:
        """The keys whose values would decide an undetermined decision or might undo a denial.

        For a denial: keys the request lacks and that the statements at fault ask for.
        """
        if self.verdict is Verdict.ALLOWED:
            return ()
        if self.verdict is Verdict.UNDETERMINED:
            return _unknown_keys((match.statement for match in self.open), self.request)
        keys = self.policies.view(self.request.action.lower()).keys
        if all(map(self.request.context.has, keys)):
            return ()
        opened = replace(self.request, context=self.request.context.opened())
        found = combine(opened, self.policies, self.settings)
        if found.verdict is not Verdict.UNDETERMINED:
            return ()
        if self.verdict is Verdict.EXPLICITLY_DENIED:
            decided = {id(match.statement) for match in self.outcome.denies}
            matches = [m for m in found.denies if id(m.statement) in decided]
        else:
            matches = self._newly_allowing(found)
        unsure = [match for match in matches if match.truth is Truth.MAYBE]
        return _unknown_keys((match.statement for match in unsure), opened)

    @property
    def open(self) -> tuple[Match, ...]:
        """The statements that leave an undetermined decision open: each could change it.

        Of a few, all ways in which they may turn out are looked at.
        """
        found = self.outcome
        every = (*found.denies, *found.grants, *found.limits)
        unsure = tuple(match for match in every if match.truth is Truth.MAYBE)
        ids = tuple(dict.fromkeys(id(match.statement) for match in unsure))
        if self.verdict is not Verdict.UNDETERMINED or not 1 < len(ids) <= _MOST:
            return unsure
        verdicts = {ways: self._taken(ids, ways) for ways in product(_WAYS, repeat=len(ids))}
        deciding = {
            id_
            for at, id_ in enumerate(ids)
            if any(verdicts[ways] is not verdicts[_with(ways, at)] for ways in verdicts)
        }
        return tuple(match for match in unsure if id(match.statement) in deciding) or unsure

    def _taken(self, ids: tuple[int, ...], ways: tuple[Truth, ...]) -> Truth:
        """Return whether it is allowed if the statements of these ids turn out so."""
        request = replace(self.request, taken=dict(zip(ids, ways, strict=True)))
        found = combine(request, self.policies, self.settings).verdict
        return _TRUTHS.get(found, Truth.NO)

    def _newly_allowing(self, found: Outcome) -> list[Match]:
        """Return the Allows that further keys could make apply."""
        before = {id(m.statement) for m in (*self.outcome.grants, *self.outcome.limits)}
        after = (*found.grants, *found.limits)
        return [match for match in after if id(match.statement) not in before]


def evaluate(request: Request, policies: PolicySet, settings: Settings = DEFAULTS) -> Decision:
    """Return the decision on a request as AWS takes it."""
    outcome = combine(request, policies, settings)
    return Decision(outcome.verdict, outcome, request, policies, settings)


_WAYS: Final = (Truth.NO, Truth.YES)
_TRUTHS: Final = {Verdict.ALLOWED: Truth.YES, Verdict.UNDETERMINED: Truth.MAYBE}
_MOST: Final = 6
"""Statements all of whose ways are looked at; of more, each is taken to matter."""


def _with(ways: tuple[Truth, ...], at: int) -> tuple[Truth, ...]:
    return (*ways[:at], Truth.YES, *ways[at + 1 :])


def _unknown_keys(statements: Iterable[CompiledStatement], request: Request) -> tuple[str, ...]:
    found: dict[str, str] = {}
    asked = StatementRequest(request)
    for statement in statements:
        for key in statement.unknown_keys(asked):
            found.setdefault(key.lower(), key)
    return tuple(sorted(found.values()))
