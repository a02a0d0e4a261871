"""Flags access that `[[never]]` in the configuration forbids.

The demand holds for all requests: any action, resource, caller and context that it names. What is
allowed counts, so a Deny, a permissions boundary or an SCP may be what keeps access away. Each
finding shows one request that the policies allow. If a value decides that iamlint does not know,
the demand is listed as not analysed, which `fail-on-not-analysed` counts. Otherwise it is proved
that no request is allowed. Only direct access counts, unless the demand has `through = "roles"`:
then the principals may not become another one with the access, by any chain of steps that
`iamlint graph` finds. The root user of an account does not count, because policies do not limit it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import (
    AccountContext,
    AccountHit,
    Confidence,
    Family,
    ForbiddenAccess,
    OwnAccounts,
    Rule,
    Severity,
    bad,
    good,
)
from iamlint.rules.breadth._demands import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import NotAnalysed


def check_account(context: AccountContext) -> Iterator[AccountHit | NotAnalysed]:
    for demand in context.home.never:
        yield from violations(demand, context)


_DELETE = ForbiddenAccess(
    ("s3:DeleteBucket",), "production data", resources=("arn:aws:s3:::prod-*",)
)
_HOME = OwnAccounts(account="111122223333", never=(_DELETE,))
_OUTSIDE = OwnAccounts(
    account="111122223333",
    never=(
        ForbiddenAccess(
            ("s3:*",),
            "no data leaves",
            resources=("arn:aws:s3:::prod-*",),
            principals=("outsiders",),
        ),
    ),
)
_WITHOUT_MFA = OwnAccounts(
    account="111122223333",
    never=(
        ForbiddenAccess(
            ("iam:CreateUser",), "only with MFA", unless=(("aws:MultiFactorAuthPresent", "true"),)
        ),
    ),
)
_APART = OwnAccounts(
    account="111122223333",
    never=(
        ForbiddenAccess(
            ("lambda:UpdateFunctionCode", "lambda:PublishVersion"), "four eyes", together=True
        ),
    ),
)

RULE = Rule(
    name="forbidden-access",
    family=Family.BREADTH,
    module=__name__,
    summary="access that your organization forbids",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    security_severity=8.0,
    cwe=863,
    kinds=frozenset({Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST}),
    advice="grant less, or add a Deny; `[[never]]` in the configuration says what is forbidden",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    ),
    when=("own never",),
    check_account=check_account,
    bad=(
        bad(
            "a wildcard includes the buckets",
            """
            {Version: "2012-10-17", Statement: [
              { //!
                Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::prod*",
              },
            ]}""",
            home=_HOME,
        ),
        bad(
            "the Deny holds in one region only",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:*", Resource: "*"}, //!
              {Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*", Condition: {
                StringEquals: {"aws:RequestedRegion": "eu-west-1"},
              }},
            ]}""",
            home=_HOME,
        ),
        bad(
            "another account may read",
            """
            {Version: "2012-10-17", Statement: [{ //!
              Effect: "Allow",
              Principal: {AWS: "444455556666"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::prod-data/*",
            }]}""",
            kind=Kind.RESOURCE,
            home=_OUTSIDE,
        ),
        bad(
            "the condition holds for requests without the key, too",
            """
            {Version: "2012-10-17", Statement: [{ //!
              Effect: "Allow", Action: "iam:*", Resource: "*", Condition: {
                BoolIfExists: {"aws:MultiFactorAuthPresent": "true"},
              },
            }]}""",
            home=_WITHOUT_MFA,
        ),
    ),
    good=(
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "s3:*", Resource: "*"},
              {Effect: "Deny", Action: "s3:Delete*", Resource: "arn:aws:s3:::prod-*"},
            ]}""",
            home=_HOME,
        ),
        good(
            "the account itself is trusted",
            """
            {Version: "2012-10-17", Statement: [{
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::prod-data/*",
            }]}""",
            kind=Kind.RESOURCE,
            home=_OUTSIDE,
        ),
        good(
            "every request needs MFA",
            """
            {Version: "2012-10-17", Statement: [{
              Effect: "Allow", Action: "iam:*", Resource: "*", Condition: {
                Bool: {"aws:MultiFactorAuthPresent": "true"},
              },
            }]}""",
            home=_WITHOUT_MFA,
        ),
        good(
            "only one of two actions that must be apart",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "lambda:UpdateFunctionCode", Resource: "*"},
            ]}""",
            home=_APART,
        ),
        good(
            "without `[[never]]` nothing is forbidden",
            """{Effect: "Allow", Action: "s3:*", Resource: "*"}""",
        ),
    ),
)
