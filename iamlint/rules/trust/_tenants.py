"""Returns whether a statement names the customer of a shared issuer, and which rule reports it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.pinned import text_of
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.wildcard import is_wild
from iamlint.rules.trust._federation import (
    GITHUB,
    claims,
    host_and_claim,
    trusts_tokens,
)
from iamlint.rules.trust._github import pins_owner, subject_pins_owner
from iamlint.rules.trust._shared_issuers import ISSUERS, pins_customer, subject_names_customer
from iamlint.rules.trust._subjects import form_of, left_open

if TYPE_CHECKING:
    from iamlint.policy.model import Condition, Entry, Statement


def is_open(statement: Statement, host: str) -> bool:
    """Return whether every customer of a shared issuer gets in; of private ones it is false."""
    said = claims(statement, host)
    if host == GITHUB:
        return not any(pins_owner(condition) for condition in said)
    issuer = ISSUERS.get(host)
    return issuer is not None and not any(pins_customer(c, issuer) for c in tests(statement, host))


def tests(statement: Statement, host: str) -> tuple[Condition, ...]:
    """Return the conditions that may separate the customers of a shared issuer."""
    said = claims(statement, host)
    issuer = ISSUERS.get(host)
    if issuer is None or not issuer.by_session:
        return said
    return (*said, *(c for c in statement.conditions if c.name == "sts:rolesessionname"))


def is_optional(condition: Condition) -> bool:
    """Return whether a token without the claim passes a test that wants a value of it."""
    if condition.operator is None or condition.negated or condition.needs_key:
        return False
    return condition.family is not OperatorFamily.NULL


def is_broad_subject(statement: Statement, condition: Condition, entry: Entry) -> bool:
    """Return whether a rule of this family reports the value of a subject as too broad."""
    host, claim = host_and_claim(condition)
    if claim != "sub" or not trusts_tokens(statement, condition):
        return False
    if is_open(statement, host):
        if host == GITHUB:
            return not subject_pins_owner(entry, condition)
        issuer = ISSUERS[host]
        if claim in issuer.claims:
            return is_wild(text_of(entry))
        return issuer.subject is not None and not subject_names_customer(entry, condition, issuer)
    form = form_of(host)
    return form is not None and left_open(entry, condition, form) is not None
