"""Flags denials by a key of the principal that block every sign-in with SAML or OIDC.

`sts:AssumeRoleWithSAML` and `sts:AssumeRoleWithWebIdentity` are called without credentials of AWS, so
the request has no organization, account or ARN of a principal. A negated comparison holds without the
key: people who sign in with a provider, and pipelines and pods with a token, cannot assume any role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.grants.carried import holds_without_key
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rules.organizations._resource_control import (
    KEYS,
    SOURCE_KEYS,
    SYNTAX,
    is_principal_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Entry, Statement
    from iamlint.rule import RuleContext

_SIGN_INS: Final = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
_UNSIGNED: Final = "aws:principalisawsservice"
"""What requests without a signature lack too."""


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.denies or statement.has_more_conditions or statement.is_open:
        return
    lacking = [c for c in statement.conditions if c.negated and is_principal_key(c.name)]
    if not lacking or any(p.entry.known != "*" for p in statement.principals):
        return
    if not all(map(_holds_at_sign_in, statement.conditions)):
        return
    found = [entry for entry in statement.actions if any(_names(entry, a) for a in _SIGN_INS)]
    if found:
        first, *others = found
        blocked = [f"`{a}`" for a in _SIGN_INS if any(_names(entry, a) for entry in found)]
        yield Hit(
            first.at,
            f"requests for {' and '.join(blocked)} never carry `{lacking[0].key}`, so this Deny blocks all of them",
            related=tuple(Note(entry.at, "this is blocked too") for entry in others),
        )


def _holds_at_sign_in(condition: Condition) -> bool:
    """Return whether a condition of a Deny does not exempt sign-ins; claims of a token may.

    A Deny with a key of the source is meant for AWS services: other rules check it.
    """
    if condition.name in SOURCE_KEYS:
        return False
    if is_principal_key(condition.name) or condition.name == _UNSIGNED:
        return holds_without_key(condition) is True
    prefix = condition.name.partition(":")[0]
    return prefix != "saml" and "." not in prefix and not condition.name.startswith("aws:resource")


def _names(entry: Entry, action: str) -> bool:
    """Return whether an entry is about an action of STS; an endpoint may be of another service."""
    pattern = parse_action(entry.known or "")
    return pattern is not None and not is_wild(pattern.service) and pattern.matches(action)


RULE = Rule(
    name="deny-of-federated-sign-in",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="a Deny by principal also blocks every sign-in with SAML or OIDC",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.RCP, Kind.ENDPOINT}),
    advice="list the actions of STS without these two, and limit the roles of providers with a Deny on the claims of the token",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sts_vpc_endpoint_policies.html",
        SYNTAX,
        KEYS,
    ),
    when=("Deny", "negated", "Action"),
    check=check,
    bad=(
        bad(
            "every action of STS, for our organization only",
            """
            {
              Effect: "Deny", Principal: "*", Resource: "*",
              Action: [
                "s3:*",
                "sts:*", //!
              ],
              Condition: {
                StringNotEqualsIfExists: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                BoolIfExists: {"aws:PrincipalIsAWSService": "false"},
              },
            }""",
            kind=Kind.RCP,
        ),
        bad(
            "the sign-in of pipelines, for a list of accounts",
            """
            {
              Effect: "Deny", Principal: "*", Resource: "*",
              Action: "sts:AssumeRoleWith*", //!
              Condition: {
                StringNotEquals: {"aws:PrincipalAccount": ["111122223333", "444455556666"]},
                BoolIfExists: {"aws:PrincipalIsAWSService": "false"},
              },
            }""",
            kind=Kind.RCP,
        ),
        bad(
            "through a VPC endpoint",
            """
            {
              Effect: "Deny", Principal: "*", Resource: "*",
              Action: "sts:*", //!
              Condition: {StringNotEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.ENDPOINT,
        ),
    ),
    good=(
        good(
            "only requests with credentials of AWS",
            """
            {
              Effect: "Deny", Principal: "*", Resource: "*",
              Action: ["sts:AssumeRole", "sts:GetFederationToken", "sts:SetContext"],
              Condition: {
                StringNotEqualsIfExists: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                BoolIfExists: {"aws:PrincipalIsAWSService": "false"},
              },
            }""",
            kind=Kind.RCP,
        ),
        good(
            "`Null` demands the key, so sign-ins are exempt",
            """
            {
              Effect: "Deny", Principal: "*", Action: "sts:*", Resource: "*",
              Condition: {
                StringNotEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                Null: {"aws:PrincipalOrgID": "false"},
                BoolIfExists: {"aws:PrincipalIsAWSService": "false"},
              },
            }""",
            kind=Kind.RCP,
        ),
        good(
            "tokens of one organization at GitHub",
            """
            {
              Effect: "Deny", Principal: "*", Action: "sts:AssumeRoleWithWebIdentity", Resource: "*",
              Condition: {
                StringNotLikeIfExists: {"token.actions.githubusercontent.com:sub": "repo:octo-org/*"},
                Null: {"token.actions.githubusercontent.com:sub": "false"},
              },
            }""",
            kind=Kind.RCP,
        ),
        good(
            "the endpoint may be one of a service without such requests",
            """
            {
              Effect: "Deny", Principal: "*", Action: "*", Resource: "*",
              Condition: {StringNotEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.ENDPOINT,
        ),
        good(
            "requests of AWS services for other organizations",
            """
            {
              Effect: "Deny", Principal: "*", Action: ["sqs:*", "sts:*"], Resource: "*",
              Condition: {
                StringNotEqualsIfExists: {"aws:SourceOrgID": "o-a1b2c3d4e5"},
                ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"},
              },
            }""",
            kind=Kind.RCP,
        ),
        good(
            "without HTTPS",
            """
            {
              Effect: "Deny", Principal: "*", Action: "sts:*", Resource: "*",
              Condition: {BoolIfExists: {"aws:SecureTransport": "false"}},
            }""",
            kind=Kind.RCP,
        ),
    ),
)
