"""Notes roles that workflows of pull requests can assume.

Anyone who can open a pull request from a branch of the repository decides what such a workflow
runs, before a review. That is fine for reading, but not for a role that deploys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.pinned import text_of
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import GITHUB, WITH_WEB_IDENTITY, allows_action, claims
from iamlint.rules.trust._github import SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY):
        return
    for condition in claims(statement, GITHUB):
        for entry in condition.values if condition.name == SUBJECT else ():
            if text_of(entry).endswith(":pull_request"):
                yield Hit(entry.at, "unreviewed code of a pull request can assume this role")


RULE = Rule(
    name="pull-request-subject",
    family=Family.TRUST,
    module=__name__,
    summary="workflows of pull requests can assume the role",
    severity=Severity.NOTE,
    profile=Profile.STRICT,
    confidence=Confidence.LOW,
    security_severity=3.8,
    cwe=863,
    kinds=frozenset({Kind.TRUST}),
    advice="give pull requests a separate role that can only read",
    sources=("https://docs.github.com/en/actions/reference/security/oidc",),
    when=("Allow", "action sts:AssumeRoleWithWebIdentity", f"key {SUBJECT}"),
    check=check,
    bad=(
        bad(
            "by the exact subject",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "token.actions.githubusercontent.com:sub": "repo:o/r:pull_request", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "beside a branch",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"token.actions.githubusercontent.com:sub": [
                "repo:o/r:ref:refs/heads/main",
                "repo:o/r:pull_request", //!
              ]}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "a branch",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "token.actions.githubusercontent.com:sub": "repo:o/r:ref:refs/heads/main",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "an environment",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "token.actions.githubusercontent.com:sub": "repo:o/r:environment:prod",
              }},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
