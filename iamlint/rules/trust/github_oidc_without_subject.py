"""Flags roles that any repository on GitHub can assume.

GitHub signs the tokens of every workflow of every customer with one issuer. Without a condition
that names the owner, in `sub` or in the claims of repository and owner, a stranger's workflow gets
a token that passes. The audience does not help: the workflow chooses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import (
    GITHUB,
    WITH_WEB_IDENTITY,
    allows_action,
    claims,
    claims_of_others,
    knows_claims,
    oidc_principals,
)
from iamlint.rules.trust._github import SUBJECT, subject_pins_owner
from iamlint.rules.trust._subjects import TOO_PERMISSIVE, code_for
from iamlint.rules.trust._tenants import is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.at import At
    from iamlint.policy.model import Condition, Statement

MISSING = "MISSING_GITHUB_REPO_CONDITION_KEY"
BROAD = "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED"


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, WITH_WEB_IDENTITY):
        return
    principal = next((p for p, host in oidc_principals(statement) if host == GITHUB), None)
    if principal is None or not knows_claims(statement):
        return
    conditions = claims(statement, GITHUB)
    if not is_open(statement, GITHUB) or claims_of_others(statement, GITHUB):
        return
    subject = next((c for c in conditions if c.name == SUBJECT), None)
    if subject is None:
        yield Hit(
            principal.at,
            "any repository on GitHub can assume this role: no condition names the owner",
        )
    else:
        yield Hit(
            _fault_of(subject),
            f"this subject lets any repository on GitHub assume the role: {_reason(subject)}",
            access_analyzer=_code(subject),
        )


def _code(subject: Condition) -> str:
    """Return the code under which AWS reports the fault."""
    if subject.operator is None or not subject.operator.wildcards:
        return MISSING
    at = _fault_of(subject)
    entry = next((e for e in subject.values if e.at == at), None)
    return (code_for(entry, subject) if entry else None) or BROAD


def _fault_of(subject: Condition) -> At:
    """Return the value at fault, or the key where the operator is."""
    if _passes_without(subject) or subject.negated:
        return subject.at
    for entry in subject.values:
        if not subject_pins_owner(entry, subject):
            return entry.at
    return subject.at


def _reason(subject: Condition) -> str:
    if _passes_without(subject):
        return f"`{subject.operator_text}` passes if the token does not have the claim"
    if subject.negated:
        return f"`{subject.operator_text}` allows every subject that is not listed"
    return "it does not name the owner"


def _passes_without(subject: Condition) -> bool:
    return not subject.needs_key and not subject.negated


RULE = Rule(
    name="github-oidc-without-subject",
    family=Family.TRUST,
    module=__name__,
    summary="workflows of any GitHub repository can assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.3,
    cwe=1390,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=(MISSING, BROAD, TOO_PERMISSIVE),
    advice=f'add `"StringEquals": {{"{SUBJECT}": "repo:ORG/REPO:ref:refs/heads/main"}}`',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub",
        "https://docs.github.com/en/actions/reference/security/oidc",
    ),
    when=("Allow", "principal Federated", "action sts:AssumeRoleWithWebIdentity"),
    check=check,
    bad=(
        bad(
            "only the audience is tested",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "every subject passes",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "token.actions.githubusercontent.com:sub": "*", //!
              }},
            }""",
            kind=Kind.TRUST,
            access_analyzer=TOO_PERMISSIVE,
        ),
        bad(
            "the owner is a wildcard, in one value of two",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
              Condition: {StringLike: {"token.actions.githubusercontent.com:sub": [
                "repo:octo-org/shelf:*",
                "repo:*", //!
              ]}},
            }""",
            kind=Kind.TRUST,
            access_analyzer=TOO_PERMISSIVE,
        ),
        bad(
            "a name that others can continue",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "token.actions.githubusercontent.com:sub": "repo:octo-org*", //!
              }},
            }""",
            kind=Kind.TRUST,
            access_analyzer=BROAD,
        ),
        bad(
            "`ForAllValues` passes without the claim",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {"ForAllValues:StringEquals": {
                "token.actions.githubusercontent.com:sub": "repo:octo-org/shelf:ref:refs/heads/main", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "`IfExists` passes without the claim",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLikeIfExists: {
                "token.actions.githubusercontent.com:sub": "repo:octo-org/shelf:*", //!
              }},
            }""",
            kind=Kind.TRUST,
            access_analyzer=BROAD,
        ),
        bad(
            "one test demands the subject, and the other one fixes no owner either",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringLike: {"token.actions.githubusercontent.com:sub": "*:*/shelf:*"}, //!
                "ForAllValues:StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-*"},
              },
            }""",
            kind=Kind.TRUST,
            access_analyzer=TOO_PERMISSIVE,
        ),
        bad(
            "a customised subject without owner",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "token.actions.githubusercontent.com:sub": "environment:prod", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the claim of another owner's workflow does not restrict the caller",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "token.actions.githubusercontent.com:job_workflow_ref": "octo-org/flows/.github/*",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "every owner whose repository has this name, in one value of two",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"token.actions.githubusercontent.com:repository": [
                "octo-org/shelf",
                "*/shelf",
              ]}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "everyone who is not excluded gets in",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringNotLike: {
                "token.actions.githubusercontent.com:sub": "repo:octo-org/*", //!
              }},
            }""",
            kind=Kind.TRUST,
            access_analyzer=BROAD,
        ),
    ),
    good=(
        good(
            "as GitHub and AWS document it",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": "repo:octo-org/shelf:ref:refs/heads/main",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the immutable form of the subject, beside the old one",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"token.actions.githubusercontent.com:sub": [
                "repo:octo-org/shelf:*",
                "repo:octo-org@1234/shelf@5678:*",
              ]}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the ids of repository and owner are subjects too",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"token.actions.githubusercontent.com:repository_owner_id": "1234"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "repositories of one owner by their name",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"token.actions.githubusercontent.com:repository": "octo-org/*"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "one test demands the subject, the other one fixes its owner",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringLike: {"token.actions.githubusercontent.com:sub": "*:*/shelf:*"},
                "ForAllValues:StringLike": {"token.actions.githubusercontent.com:sub": "repo:octo-org/*"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the issuer of one enterprise is not shared",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com/octo"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringEquals: {"token.actions.githubusercontent.com/octo:aud": "sts.amazonaws.com"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the subject is filled in later",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {"token.actions.githubusercontent.com:sub": "repo:${ORG}/*"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a Deny does not allow anyone",
            """
            {
              Effect: "Deny",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
