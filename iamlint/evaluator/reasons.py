"""The reasons of a decision: a tree with the result of each kind of policy.

Computed on demand; a decision itself does not contain it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.evaluator.combine import Decider, explicit_denies, resource_allows
from iamlint.evaluator.context import Missing
from iamlint.evaluator.deciding import Deciding, deciding
from iamlint.evaluator.statement import Match
from iamlint.fast_dataclass import dataclass
from iamlint.policy.grammar import STATEMENT_ELEMENTS, Kind
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.policy_set import Levels
    from iamlint.evaluator.request import StatementRequest
    from iamlint.evaluator.statement import CompiledPolicy, CompiledStatement
    from iamlint.policy.model import Condition

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


class ReasonKind(StrEnum):
    VERDICT = "verdict"
    ALLOWS = "allows"  # a kind of policy, through its statements
    DENIES = "denies"
    SILENT = "silent"
    NONE = "none"  # there is no policy of this kind
    STATEMENT = "statement"
    NEAREST_MISS = "nearest miss"
    ACTION = "action"  # what a statement lacks
    RESOURCE = "resource"
    PRINCIPAL = "principal"
    CONDITION_FAILS = "condition fails"
    KEY_ABSENT = "key absent"
    UNKNOWN = "unknown"
    CUT_OFF = "cut off"  # the service does not let the policy speak for this caller


@dataclass(frozen=True, slots=True)
class Reason:
    """One node: what kind of reason, about which kind of policy, statement, condition.

    `detail` is a text of the policy or of the request: a key, a resource, an operator.
    """

    kind: ReasonKind
    policy: Kind | None = None
    statement: Deciding | None = None
    condition: Condition | None = None
    detail: str = ""
    truth: Truth = YES
    because: tuple[Reason, ...] = ()


def explain(decision: Decision) -> Reason:
    """Return the tree of reasons of a decision."""
    case = Decider(decision.request, decision.policies, decision.settings)
    denies = explicit_denies(case)
    parts = tuple(
        _voice(kind, policies, case, denies)
        for kind, policies in _groups(case)
        if policies is not None
    )
    return Reason(ReasonKind.VERDICT, detail=decision.verdict, because=parts)


_Group = tuple[Kind, "Sequence[CompiledPolicy] | None"]


def _groups(case: Decider) -> Iterator[_Group]:
    """Yield the policies of each kind that applies, in the order of AWS's decision flow."""
    policies = case.policies
    if case.under_rcps:
        yield from _levels(Kind.RCP, policies.rcp)
    if case.under_scps:
        yield from _levels(Kind.SCP, policies.scp)
    if policies.endpoint:
        yield Kind.ENDPOINT, policies.endpoint
    if policies.resource or case.needs_resource_policy or case.request.crosses_accounts:
        yield case.resource_kind, policies.resource
    if case.limited:
        yield Kind.IDENTITY, policies.identity
        if policies.boundary:
            yield Kind.BOUNDARY, policies.boundary
        if policies.session:
            yield Kind.SESSION, policies.session


def _levels(kind: Kind, levels: Levels | None) -> Iterator[_Group]:
    for level in levels or ():
        yield kind, level


def _voice(
    kind: Kind, policies: Sequence[CompiledPolicy], case: Decider, denies: list[Match]
) -> Reason:
    """Return what the policies of one kind say."""
    asked = case.asked
    mine = {id(statement) for policy in policies for statement in policy.statements}
    denying = [m for m in denies if id(m.statement) in mine]
    if denying:
        return Reason(ReasonKind.DENIES, kind, truth=_most(denying), because=_nodes(denying, asked))
    if not policies:
        return Reason(ReasonKind.NONE, kind)
    allowing = _allowing(policies, asked)
    if allowing and kind is case.resource_kind and not resource_allows(case):
        return Reason(ReasonKind.SILENT, kind, because=(Reason(ReasonKind.CUT_OFF, kind),))
    if allowing:
        because = _nodes(allowing, asked)
        return Reason(ReasonKind.ALLOWS, kind, truth=_most(allowing), because=because)
    if kind is Kind.RCP and case.settings.rcp_default_allow:
        return Reason(ReasonKind.ALLOWS, kind)
    because = () if any(m.truth is YES for m in denies) else _miss(policies, asked)
    return Reason(ReasonKind.SILENT, kind, because=because)


def _allowing(policies: Sequence[CompiledPolicy], asked: StatementRequest) -> list[Match]:
    found: list[Match] = []
    for index, policy in enumerate(policies):
        for statement, truth in policy.about(asked.action):
            if statement.may_allow:
                statement.add_matches(found, asked, truth, index)
    return found


def _most(matches: list[Match]) -> Truth:
    return max(match.truth for match in matches)


def _nodes(matches: list[Match], asked: StatementRequest) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            ReasonKind.STATEMENT,
            match.statement.kind,
            deciding(match),
            truth=match.truth,
            because=_unknowns(match, asked),
        )
        for match in matches
    )


def _unknowns(match: Match, asked: StatementRequest) -> tuple[Reason, ...]:
    """Return the keys and the elements of a statement whose values decide, and are not known."""
    if match.truth is YES:
        return ()
    keys = sorted(set(match.statement.unknown_keys(asked)))
    opaque = match.statement.source.opaque
    elements = ["Statement"] if opaque == frozenset(STATEMENT_ELEMENTS) else sorted(opaque)
    return tuple(Reason(ReasonKind.UNKNOWN, detail=name) for name in (*keys, *elements))


def _miss(policies: Sequence[CompiledPolicy], asked: StatementRequest) -> tuple[Reason, ...]:
    """Return the Allow that came closest to an implicitly denied request, and what it lacks."""
    found = [
        (lacks, index, statement)
        for index, policy in enumerate(policies)
        for statement in policy.statements
        if statement.may_allow and (lacks := _lacks(statement, asked))
    ]
    if not found:
        return ()
    lacks, index, statement = min(found, key=lambda miss: _distance(miss[0]))
    at = deciding(Match(statement, index, NO))
    return (Reason(ReasonKind.NEAREST_MISS, statement.kind, at, because=tuple(lacks)),)


_WEIGHTS: Final = {ReasonKind.ACTION: 1000, ReasonKind.PRINCIPAL: 100, ReasonKind.RESOURCE: 10}


def _distance(lacks: list[Reason]) -> int:
    return sum(_WEIGHTS.get(lack.kind, 1) for lack in lacks)


def _lacks(statement: CompiledStatement, asked: StatementRequest) -> list[Reason]:
    """Return what keeps a statement from applying."""
    found = []
    if statement.names_action(asked.action) is NO:
        found.append(Reason(ReasonKind.ACTION, detail=asked.action))
    if statement.names_resource(asked) is NO:
        found.append(Reason(ReasonKind.RESOURCE, detail=asked.resource))
    if not list(statement.names_caller(asked)):
        found.append(Reason(ReasonKind.PRINCIPAL))
    for compiled in statement.conditions:
        if compiled.holds(asked.context) is NO:
            absent = asked.context.get(compiled.name) is Missing.ABSENT
            kind = ReasonKind.KEY_ABSENT if absent else ReasonKind.CONDITION_FAILS
            condition = compiled.condition
            found.append(Reason(kind, condition=condition, detail=condition.key))
    return found
