"""Flags statements that change no decision: without them AWS decides every request as before.

Other statements of the policy already allow all that an Allow allows, or deny it; or other Denies
deny all that a Deny denies. That is proved for all requests, and not only seen from the texts.
Other policies attached beside it do not matter. In policies with principals another
Allow counts only if its principals are the same, because AWS also looks at how a policy names them.

If a value decides that iamlint does not know, if AWS may add actions that only the statement names,
or if the proof takes too many steps, nothing is reported. Neither are statements that no request
meets, which other rules report, policies of endpoints and RCPs, and `NotPrincipal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.grants.cancelled import cancelled
from iamlint.policy.arn_patterns import covers_arn
from iamlint.policy.grammar import Kind
from iamlint.reason.covered import (
    NamedTogether,
    are_known,
    is_covered,
    is_known,
    requests_of,
)
from iamlint.reason.samples import Samples
from iamlint.rule import Confidence, Family, Hit, Note, Profile, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Remove
from iamlint.rules.redundancy._alike import alike, principals_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.catalog import Catalog
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.policy.model import Policy, Statement
    from iamlint.reason.covered import Together
    from iamlint.rule import RuleContext

_BUDGET: Final = 100_000
"""Steps of one proof; AWS has 22,000 actions."""
_ALL: Final = 300_000
"""What all proofs of one policy may cost; one costs `_EACH`, and one for each action."""
_EACH: Final = 1_000
_MOST_NOTES: Final = 5


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    if not are_known(policy):
        return
    copies = {id(other) for _, *others in alike(policy.statements) for other in others}
    statements = [s for s in policy.statements if is_known(s) and id(s) not in copies]
    blocked = {id(one) for one in cancelled(policy)} if policy.kind in _WITH_CANCELLED else ()
    proofs = _Proofs(policy, statements, context.catalog)
    asked = [place for place, one in enumerate(statements) if id(one) not in blocked]
    found = proofs.unreachable(asked)
    for place in sorted(found):
        by = [statements[other] for other in found[place]]
        yield _hit(statements[place], by)


@dataclass(slots=True)
class _Needs:
    """What a statement needs to be unreachable: statements that name its actions.

    `alone` are those that name all of its actions, `together` those that name some. It names so
    many `actions`.
    """

    alone: list[int]
    together: list[int]
    actions: int


class _Proofs:
    """The known statements of a policy, and what is proved of them."""

    def __init__(self, policy: Policy, statements: Sequence[Statement], catalog: Catalog) -> None:
        self._policy, self._statements, self._catalog = policy, statements, catalog
        every = requests_of(policy, statements)
        self._named = NamedTogether((every,), catalog, budget=_BUDGET)
        self._compiled = every.statements
        self._principals = [principals_of(one.principal) for one in statements]
        self._left = _ALL
        self._requests: dict[int, CompiledPolicy] = {}

    def unreachable(self, asked: Iterable[int]) -> dict[int, Sequence[int]]:
        """Return the places of unreachable statements, each with those of what makes it so.

        All of them can be removed together. Of two that make each other unreachable the first
        stays.
        """
        needs = {place: one for place in asked if (one := self._needs(place)) is not None}
        found: dict[int, Sequence[int]] = {}
        for place in sorted(needs, reverse=True):
            for other in needs[place].alone:
                if other not in found and self._is_unreachable(place, (other,), needs[place]):
                    found[place] = (other,)
                    break
        for place in sorted(needs.keys() - found.keys(), reverse=True):
            others = [other for other in needs[place].together if other not in found]
            if len(others) > 1 and self._is_unreachable(place, others, needs[place]):
                found[place] = self._needed(place, others, needs[place])
        return found

    def _needed(self, place: int, others: Sequence[int], needs: _Needs) -> Sequence[int]:
        """Return those of some statements that others cannot replace, as far as is seen soon."""
        for other in others:
            fewer = [one for one in others if one != other]
            if self._is_unreachable(place, fewer, needs):
                others = fewer
        return others

    def _needs(self, place: int) -> _Needs | None:
        """Return which statements may make one unreachable; None if they surely do not."""
        samples = Samples(self._compiled[place], self._catalog)
        takers: list[AbstractSet[int]] = []

        def is_enough(named: Together, action: str) -> bool:
            usable = {at: self._compiled[at] for at in named if self._counts(at, place)}
            takers.extend(found := samples.takers(action, usable))
            return all(found)

        found = self._named.by_action((place,), is_enough)
        if not found:
            return None
        every = set.intersection(*map(set, takers))
        alone = [at for at in sorted(every) if self._may_cover(at, place)]
        some = {at for named in found for at in named if self._counts(at, place)}
        return _Needs(alone, sorted(some), sum(map(len, found.values())))

    def _counts(self, other: int, place: int) -> bool:
        """Return whether it matters to one statement that another one is about its requests."""
        one, by = self._statements[place], self._statements[other]
        if other == place or (one.denies and not by.denies):
            return False
        return by.denies or self._principals[place] == self._principals[other]

    def _requests_of(self, place: int) -> CompiledPolicy:
        if place not in self._requests:
            self._requests[place] = requests_of(self._policy, (self._statements[place],))
        return self._requests[place]

    def _may_cover(self, other: int, place: int) -> bool:
        """Return whether it is worth a proof that one statement covers another, by their texts."""
        one, by = self._statements[place], self._statements[other]
        if not {c.name for c in by.conditions} <= {c.name for c in one.conditions}:
            return False
        if one.resource is None or by.resource is None:
            return True
        wide = [entry.pattern for entry in by.resources]
        return all(any(covers_arn(w, e.pattern) for w in wide) for e in one.resources)

    def _is_unreachable(self, place: int, others: Sequence[int], needs: _Needs) -> bool:
        """Return whether others are about all requests of a statement, and there are some."""
        self._left -= _EACH + needs.actions
        if self._left < 0:
            return False
        return self._is_covered(place, others) and not self._is_covered(place, ())

    def _is_covered(self, place: int, others: Sequence[int]) -> bool:
        outer = tuple(map(self._requests_of, others))
        return is_covered(self._requests_of(place), outer, self._catalog, budget=_BUDGET)


def _hit(statement: Statement, by: Sequence[Statement]) -> Hit:
    if len(by) == 1:
        verb = (
            "already denies" if statement.denies else "blocks" if by[0].denies else "already allows"
        )
        why = f"{_named(by[0])} {verb} all of it"
    elif any(one.denies for one in by) and statement.allows:
        why = "other statements of this policy allow or deny all of it"
    else:
        why = f"other statements of this policy {'deny' if statement.denies else 'allow'} all of it"
    texts = tuple(at for one in (statement, *by) for at in texts_of(one))
    return Hit(
        statement.at,
        f"this {statement.effect} changes no decision: {why}",
        related=tuple(Note(one.at, _what(one)) for one in by[:_MOST_NOTES]),
        fix=Fix(
            Applicability.EQUIVALENT,
            "remove the statement",
            (Remove((statement.at,)),),
            texts,
        ),
    )


def _named(statement: Statement) -> str:
    effect = "a Deny" if statement.denies else "another Allow"
    known = statement.sid.known if statement.sid is not None else None
    return f"the statement `{known}`" if known else f"{effect} of this policy"


def _what(statement: Statement) -> str:
    return "denied here" if statement.denies else "allowed here"


_WITH_CANCELLED: Final = frozenset(
    {Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST, Kind.BOUNDARY, Kind.SESSION}
)
"""The kinds of policies that `cancelled-allow` looks at."""

RULE = Rule(
    name="unreachable-statement",
    family=Family.REDUNDANCY,
    module=__name__,
    summary="without the statement, AWS decides every request as before",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    kinds=_WITH_CANCELLED | {Kind.SCP},
    advice="remove the statement, or write what was meant",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html",
    ),
    when=("several statements",),
    check_policy=check_policy,
    bad=(
        bad(
            "a wider statement allows it, without the condition",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:Get*", Resource: "arn:aws:s3:::shelf/*"},
              { //!
                Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/*", Condition: {
                  Bool: {"aws:SecureTransport": "true"},
                },
              },
            ]}""",
        ),
        bad(
            "with encryption another Allow applies, and without it a Deny",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "sqs:*", Resource: "*", Condition: {
                Bool: {"aws:SecureTransport": "true"},
              }},
              {Effect: "Deny", Action: "sqs:*", Resource: "*", Condition: {
                Bool: {"aws:SecureTransport": "false"},
              }},
              { //!
                Effect: "Allow", Action: "sqs:SendMessage", Resource: "*",
              },
            ]}""",
        ),
        bad(
            "another Deny spares fewer networks",
            """
            {Version: "2012-10-17", Statement: [
              { //!
                Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {
                  NotIpAddress: {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]},
                },
              },
              {Effect: "Deny", Action: ["s3:*", "sqs:*"], Resource: "*", Condition: {
                NotIpAddress: {"aws:SourceIp": "203.0.113.0/24"},
              }},
            ]}""",
            kind=Kind.SCP,
        ),
    ),
    good=(
        good(
            "a Deny of what this policy does not allow: others may allow it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
              {Effect: "Deny", Action: "iam:*", Resource: "*"},
            ]}""",
        ),
        good(
            "the other statement needs a tag",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "sqs:*", Resource: "*", Condition: {
                StringEquals: {"aws:ResourceTag/team": "red"},
              }},
              {Effect: "Allow", Action: "sqs:SendMessage", Resource: "*"},
            ]}""",
        ),
        good(
            "a list of all actions of today does not name those that AWS adds",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: ["sts:GetCallerIdentity", "sts:GetAccessKeyInfo"], Resource: "*"},
              {Effect: "Allow", Action: "sts:Get*", Resource: "*", Condition: {
                Bool: {"aws:SecureTransport": "true"},
              }},
            ]}""",
        ),
        good(
            "a role that is named needs no policy of its own",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Allow",
                Principal: {AWS: "111122223333"},
                Action: "s3:GetObject",
                Resource: "arn:aws:s3:::shelf/*",
              },
              {
                Effect: "Allow",
                Principal: {AWS: "arn:aws:iam::111122223333:role/reader"},
                Action: "s3:GetObject",
                Resource: "arn:aws:s3:::shelf/*",
              },
            ]}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
