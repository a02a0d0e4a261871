"""Why it is unknown which principals a statement names: a session, a missing entry, an endpoint.

Computed on demand, as the reasons of a decision.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from iamlint.evaluator.deciding import Deciding, deciding
from iamlint.evaluator.request import CallerKind, PrincipalMatch, StatementRequest
from iamlint.fast_dataclass import dataclass
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.statement import CompiledStatement, Match


class DoubtKind(StrEnum):
    """What would have to be known."""

    SESSION = "session"  # which session of the role makes the request
    NOT_LISTED = "not-principal"  # whether `NotPrincipal` excepts a caller it lists in part
    GATEWAY = "gateway-endpoint"  # whether the endpoint is a gateway


@dataclass(frozen=True, slots=True)
class Doubt:
    """A statement for which it is unknown whether it names the caller.

    `principals` are the sessions that it names, or the entries that its `NotPrincipal` lacks.
    """

    kind: DoubtKind
    statement: Deciding
    principals: tuple[str, ...] = ()


def doubts(decision: Decision) -> Iterator[Doubt]:
    """Yield what leaves a decision open beside keys, values and links, each once."""
    asked = StatementRequest(decision.request)
    seen: set[int] = set()
    for match in decision.open:
        if id(match.statement) not in seen:
            seen.add(id(match.statement))
            yield from _of_match(match, decision.request.caller, asked)


def _of_match(match: Match, caller: Caller, asked: StatementRequest) -> Iterator[Doubt]:
    statement = match.statement
    sessions = tuple(_sessions(statement, caller))
    if sessions:
        yield Doubt(DoubtKind.SESSION, deciding(match), sessions)
    elif statement.excepts_principals:
        missing = tuple(_text(level, caller) for level in statement.unlisted(asked))
        if missing:
            yield Doubt(DoubtKind.NOT_LISTED, deciding(match), missing)
    elif statement.kind is Kind.ENDPOINT and _is_by_account(statement, asked):
        yield Doubt(DoubtKind.GATEWAY, deciding(match))


def _sessions(statement: CompiledStatement, caller: Caller) -> Iterator[str]:
    """Yield the sessions of the calling role that a statement names, if its own is not known."""
    if caller.kind is not CallerKind.ROLE or caller.session is not None:
        return
    principals = statement.source.principal or statement.source.not_principal
    for principal in principals.entries if principals else ():
        arn = parse_arn(principal.text)
        if arn is not None and arn.service == "sts" and arn.account == caller.account:
            kind, _, rest = arn.resource.partition("/")
            if kind == "assumed-role" and rest.partition("/")[0] == caller.name:
                yield principal.text


def _is_by_account(statement: CompiledStatement, asked: StatementRequest) -> bool:
    return any(naming is PrincipalMatch.ACCOUNT for _, naming in statement.names_caller(asked))


def _text(level: PrincipalMatch, caller: Caller) -> str:
    if level is PrincipalMatch.ACCOUNT:
        return f"arn:{caller.partition}:iam::{caller.account}:root"
    if level is PrincipalMatch.ROLE:
        return caller.principal_arn or caller.arn
    return (
        caller.arn or f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.name}/*"
    )
