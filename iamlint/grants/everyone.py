"""Whether a statement is about everyone, conditions aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import PrincipalType

if TYPE_CHECKING:
    from iamlint.policy.model import Principal, Statement


def names_everyone(statement: Statement) -> bool:
    """Return whether a statement is about whoever calls, conditions aside."""
    return statement.not_principal is not None or bool(everyone_in(statement))


def everyone_in(statement: Statement) -> tuple[Principal, ...]:
    """Return the principals that mean everyone: `*`, alone or as an account or a service."""
    return tuple(
        p
        for p in statement.principals
        if p.entry.known == "*" and p.type is not PrincipalType.CANONICAL_USER
    )
