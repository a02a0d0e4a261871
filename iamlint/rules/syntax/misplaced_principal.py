"""Flags `Principal` in policies that apply to the principal they are attached to.

Identity policies, boundaries, session policies and service control policies apply to the user, role
or account they are attached to. AWS rejects such a policy if it names a principal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import hits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext

_IDENTITY, _SCP = "UNSUPPORTED_PRINCIPAL", "SCP_SYNTAX_ERROR_PRINCIPAL"


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    code = _SCP if policy.kind is Kind.SCP else _IDENTITY
    return hits_of(policy, GrammarFault.MISPLACED_PRINCIPAL, code=code)


RULE = Rule(
    name="misplaced-principal",
    family=Family.SYNTAX,
    module=__name__,
    summary="this kind of policy applies to the principal it is attached to and cannot name one",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=(_IDENTITY, _SCP),
    kinds=frozenset({Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION, Kind.SCP}),
    advice="remove it; to restrict callers, use a condition on `aws:PrincipalArn`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html",
    ),
    when=("problem misplaced principal",),
    check_policy=check_policy,
    bad=(
        bad(
            "an identity policy for everyone",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Principal: "*", //!
            }""",
        ),
        bad(
            "a service control policy that exempts a role",
            """
            {
              Effect: "Deny", Action: "s3:*", Resource: "*",
              NotPrincipal: {AWS: "arn:aws:iam::111122223333:role/admin"}, //!
            }""",
            kind=Kind.SCP,
            access_analyzer=_SCP,
        ),
    ),
    good=(
        good(
            "a bucket policy names its principals",
            """
            {
              Effect: "Allow", Principal: "*", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::b/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "an identity policy without",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
        good(
            "a service control policy exempts a role by a condition",
            """
            {
              Effect: "Deny", Action: "s3:*", Resource: "*",
              Condition: {ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
            }""",
            kind=Kind.SCP,
            access_analyzer=_SCP,
        ),
    ),
)
