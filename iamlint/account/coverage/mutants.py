"""Policies changed in one place each, to see whether any test would notice.

Only what can matter is changed: an element is not widened that is already as wide as can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.build.managed import full_access
from iamlint.account.origin import Origin, key_of, place
from iamlint.evaluator.statement import compile_policy
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.grammar import Effect, Kind, OperatorFamily, PrincipalType
from iamlint.policy.model import Element, Entry, Principal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.account.model import Accounts
    from iamlint.account.origin import PolicyKey
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.policy.model import Condition, Policy, Statement

REMOVED: Final = "statement removed"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. `place` is the file and line, `statement` None where the policy is dropped."""

    key: PolicyKey
    change: str
    place: str
    statement: int | None
    sid: str | None
    policy: CompiledPolicy

    @property
    def name(self) -> str:
        """The name that no other mutant has, in any process of one run."""
        path, pointer, kind, case = self.key
        at = "/".join(map(str, pointer))
        return f"{path}|{at}|{kind}|{case}|{self.statement}|{self.change}"

    def __str__(self) -> str:
        sid = f" of `{self.sid}`" if self.sid else ""
        return f"{self.place}: {self.change}{sid}"


def policies_of(accounts: Accounts) -> Iterator[CompiledPolicy]:
    """Yield each policy that applies to a request, once."""
    seen: set[PolicyKey] = set()
    for policy in _all(accounts):
        key = key_of(policy)
        if key is not None and key not in seen:
            seen.add(key)
            yield policy


def _all(accounts: Accounts) -> Iterator[CompiledPolicy]:
    for identity in accounts.identities.values():
        yield from identity.policies
        yield from (p for p in (identity.boundary, *identity.limits) if p is not None)
        yield from identity.trust
    yield from (policy for link in accounts.open for policy in link.policies)
    yield from (policy for r in accounts.resources.values() for policy in r.policies)
    for limits in accounts.limits.values():
        for level in (*(limits.scp or ()), *(limits.rcp or ())):
            yield from level


def mutants_of(policy: CompiledPolicy) -> Iterator[Mutant]:
    """Yield each change of one policy."""
    origin, key = policy.label, key_of(policy)
    if key is None or not isinstance(origin, Origin) or origin.document is None:
        return
    source = policy.source
    for statement in source.statements:
        sid = statement.sid.text if statement.sid else None
        where = place(origin.document, statement.sid.at if statement.sid else statement.at)
        for change, changed in changes(statement, source.kind):
            made = compile_policy(_with(source, statement, changed), origin)
            yield Mutant(key, change, where, statement.index, sid, made)
    if policy.kind in (Kind.BOUNDARY, Kind.SCP):
        word = "boundary" if policy.kind is Kind.BOUNDARY else "SCP"
        start = place(origin.document, origin.document.policy.statements[0].at)
        yield Mutant(key, f"{word} dropped", start, None, None, full_access(policy.kind))


def _with(policy: Policy, old: Statement, new: Statement | None) -> Policy:
    kept = [new if s is old else s for s in policy.statements]
    return replace(policy, statements=tuple(s for s in kept if s is not None))


def changes(statement: Statement, kind: Kind) -> Iterator[tuple[str, Statement | None]]:
    """Yield what can be done to a statement; None removes it."""
    yield REMOVED, None
    if statement.effect is not None:
        other = Effect.DENY if statement.allows else Effect.ALLOW
        yield "Effect flipped", replace(statement, effect=other)
    yield from _conditions(statement)
    yield from _widened(statement)
    if kind.has_principal and statement.principal is not None:
        principals = statement.principal
        if not any(p.is_everyone for p in principals.entries):
            everyone = Principal(PrincipalType.AWS, Entry("*", principals.at))
            opened = replace(principals, entries=(everyone,), bare=True)
            yield "Principal opened", replace(statement, principal=opened)


def _widened(statement: Statement) -> Iterator[tuple[str, Statement]]:
    action, resource = statement.action, statement.resource
    if action is not None:
        services = {e.text.partition(":")[0].lower() for e in action.entries}
        wide = "*" if "*" in services or len(services) > 1 else f"{services.pop()}:*"
        if [entry.text for entry in action.entries] != [wide]:
            yield "Action widened", replace(statement, action=_only(action, wide))
    if resource is not None and all(entry.text != "*" for entry in resource.entries):
        yield "Resource widened", replace(statement, resource=_only(resource, "*"))


def _only(element: Element, text: str) -> Element:
    return replace(element, entries=(Entry(text, element.at),))


def _conditions(statement: Statement) -> Iterator[tuple[str, Statement]]:
    for at, condition in enumerate(statement.conditions):
        key = f"{condition.operator_text} {condition.key}"
        rest = statement.conditions[:at] + statement.conditions[at + 1 :]
        yield f"condition `{key}` dropped", replace(statement, conditions=rest)
        for change, changed in _operators(condition):
            swapped = (*statement.conditions[:at], changed, *statement.conditions[at + 1 :])
            yield f"{change} for `{key}`", replace(statement, conditions=swapped)


def _operators(condition: Condition) -> Iterator[tuple[str, Condition]]:
    operator = condition.operator
    if operator is None:
        return
    if operator.family in (OperatorFamily.BOOL, OperatorFamily.NULL):
        flipped = tuple(_flipped(condition.values))
        yield "operator negated", replace(condition, values=flipped)
    elif (other := operator.opposite) is not None:
        negated = replace(condition, operator=other, operator_text=other.name)
        yield "operator negated", negated
    if not condition.if_exists and operator.family is not OperatorFamily.NULL:
        yield "`IfExists` added", replace(condition, if_exists=True)


def _flipped(values: Iterable[Entry]) -> Iterator[Entry]:
    for entry in values:
        yield replace(entry, value="false" if entry.text.lower() == "true" else "true")
