"""Flags GitHub subjects that do not name the repository or the branch.

A subject such as `repo:octo-org/*` trusts every repository of the owner, also future ones, and
`repo:octo-org/shelf:*` trusts every branch, tag, environment and pull request of one repository.
`github-oidc-without-subject` reports a subject that does not name the owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import restricts
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    GITHUB,
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    oidc_principals,
)
from iamlint.rules.trust._github import SUBJECT, Breadth, breadth, pins_owner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY):
        return
    if not any(host == GITHUB for _, host in oidc_principals(statement)):
        return
    said = claims(statement, GITHUB)
    pinned = {c.name.rpartition(":")[2] for c in said if restricts(c)} - {"sub", "aud"}
    subjects = [condition for condition in said if condition.name == SUBJECT]
    if sum(map(restricts, subjects)) > 1:
        return  # The values that several patterns share are not evaluated, so nothing is reported.
    for subject in subjects:
        if pins_owner(subject):
            yield from _hit(subject, pinned)


def _hit(subject: Condition, pinned: set[str]) -> Iterator[Hit]:
    open_ = [(entry, breadth(entry, subject)) for entry in subject.values]
    broad = [(entry, width) for entry, width in open_ if width and not _NARROWED[width] & pinned]
    if not broad:
        return
    # The widest first: where AWS puts its finding when several values are open is not known.
    (first, width), *others = sorted(broad, key=lambda pair: -pair[1])
    yield Hit(
        first.at,
        f"`{first.text}` lets {_WORDS[width]} assume this role",
        related=tuple(Note(entry.at, f"the same applies to `{entry.text}`") for entry, _ in others),
        severity=None if width is Breadth.OWNER else Severity.NOTE,
    )


_WORDS = {
    Breadth.OWNER: "every repository of the owner",
    Breadth.REPOSITORIES: "every repository whose name begins like this",
    Breadth.REPOSITORY: "every branch, tag and pull request of the repository",
}
# Whichever repository calls it, a shared workflow runs as its owner wrote it.
_REPOSITORY = {"repository", "repository_id", "job_workflow_ref"}
_RUN = {"ref", "environment", "workflow", "job_workflow_ref"}
_NARROWED = {
    Breadth.OWNER: _REPOSITORY,
    Breadth.REPOSITORIES: _REPOSITORY,
    Breadth.REPOSITORY: _RUN,
}


RULE = Rule(
    name="broad-github-subject",
    family=Family.TRUST,
    module=__name__,
    summary="workflows of several repositories or branches can assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=4.6,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",),
    advice="name repository and branch: `repo:ORG/REPO:ref:refs/heads/main`",
    sources=(
        "https://docs.github.com/en/actions/reference/security/oidc",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-general-warning-specific-github-repo-and-branch-recommended",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity", "Condition"),
    check=check,
    bad=(
        bad(
            "every repository of the owner",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "token.actions.githubusercontent.com:sub": "repo:octo-org/*", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "every branch of a repository is a note",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"token.actions.githubusercontent.com:sub": [
                "repo:octo-org/shelf:*", //!
                "repo:octo-org/other:ref:*",
              ]}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "another test of the subject fixes the repository",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringLike: {"token.actions.githubusercontent.com:sub": "*:*/shelf:ref:refs/heads/main"},
                "ForAllValues:StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/*"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "any repository of the owner, but only by the shared workflow",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringLike: {"token.actions.githubusercontent.com:sub": "repo:octo-org/*"},
                StringEquals: {
                  "token.actions.githubusercontent.com:job_workflow_ref":
                    "octo-org/flows/.github/workflows/deploy.yml@refs/heads/main",
                },
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "one branch, as GitHub documents it",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "token.actions.githubusercontent.com:sub": "repo:octo-org/shelf:ref:refs/heads/main",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the branches of releases, the tags, an environment",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"token.actions.githubusercontent.com:sub": [
                "repo:octo-org/shelf:ref:refs/heads/release/*",
                "repo:octo-org/shelf:ref:refs/tags/*",
                "repo:octo-org/shelf:environment:prod",
              ]}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the branch in a claim of its own",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringLike: {"token.actions.githubusercontent.com:sub": "repo:octo-org/shelf:*"},
                StringEquals: {"token.actions.githubusercontent.com:ref": "refs/heads/main"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "another rule reports a subject that anyone can have",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"token.actions.githubusercontent.com:sub": "repo:*"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
