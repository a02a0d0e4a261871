"""Flags a session of a role in a trust policy that names the role itself.

A role as principal includes all its sessions.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Remove

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Principal, Statement
    from iamlint.rule import RuleContext

_TYPES = ("role", "assumed-role")


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    found: defaultdict[tuple[str, str], list[tuple[str, Principal]]] = defaultdict(list)
    for principal in statement.principals:
        role = _role_of(principal)
        if role:
            found[role[1:]].append((role[0], principal))
    for members in found.values():
        if {kind for kind, _ in members} == set(_TYPES):
            first, *others = (principal for _, principal in members)
            session = next(p for kind, p in members if kind == "assumed-role")
            yield Hit(
                first.at,
                f"`{session.text}` has no effect of its own, because the statement also names its role",
                related=tuple(Note(other.at, f"`{other.text}`") for other in others),
                fix=_fix(members),
            )


def _fix(members: list[tuple[str, Principal]]) -> Fix:
    """Return the fix that keeps the roles. A boundary may not limit a session that is named.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
    """
    sessions = tuple(principal.at for kind, principal in members if kind == "assumed-role")
    return Fix(Applicability.CHANGES_ACCESS, "keep only the role", (Remove(sessions),))


def _role_of(principal: Principal) -> tuple[str, str, str] | None:
    """Return whether a role or a session is named, the account, and the name of the role."""
    arn = parse_arn(principal.entry.known or "") if principal.type is PrincipalType.AWS else None
    if arn is None or arn.resource_type not in _TYPES:
        return None
    parts = arn.resource.split("/")
    if arn.resource_type == "role":
        return "role", arn.account, parts[-1]
    return ("assumed-role", arn.account, parts[1]) if parts[2:] else None


RULE = Rule(
    name="redundant-principal",
    family=Family.REDUNDANCY,
    module=__name__,
    summary="a session has no effect of its own if the statement also names its role",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",),
    kinds=frozenset({Kind.TRUST}),
    advice="keep the role, or the session if only that one is meant",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
    when=("principal AWS",),
    check=check,
    bad=(
        bad(
            "a role and one of its sessions",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Principal: {AWS: [
              "arn:aws:iam::111122223333:role/deploy", //!
              "arn:aws:sts::111122223333:assumed-role/deploy/build-7",
            ]}}""",
            kind=Kind.TRUST,
        ),
        bad(
            "a role under a path",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Principal: {AWS: [
              "arn:aws:iam::111122223333:assumed-role/deploy/build-7", //!
              "arn:aws:iam::111122223333:role/teams/red/deploy",
            ]}}""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "a role and a session of another",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Principal: {AWS: [
              "arn:aws:iam::111122223333:role/deploy",
              "arn:aws:sts::111122223333:assumed-role/test/build-7",
            ]}}""",
            kind=Kind.TRUST,
        ),
        good(
            "the same name in two accounts",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Principal: {AWS: [
              "arn:aws:iam::111122223333:role/deploy",
              "arn:aws:sts::444455556666:assumed-role/deploy/build-7",
            ]}}""",
            kind=Kind.TRUST,
        ),
        good(
            "two sessions of one role",
            """
            {Effect: "Allow", Action: "sts:AssumeRole", Principal: {AWS: [
              "arn:aws:sts::111122223333:assumed-role/deploy/build-7",
              "arn:aws:sts::111122223333:assumed-role/deploy/build-8",
            ]}}""",
            kind=Kind.TRUST,
        ),
    ),
)
