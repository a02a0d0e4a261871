"""Flags the last step of a chain by which a principal becomes an administrator.

Each policy of such a chain may look harmless. A role that trusts another account may assume a second
role, which may pass an administrator role to a function. Who takes the first step has all rights of
the account in the end. The whole account is asked, after each Deny, boundary and SCP, and each step
is what `iamlint graph` shows. One finding names the statement that allows the last step, and how
many principals get there. Administrators themselves are not reported. If a value decides that
iamlint does not know, the principal is listed as not analysed. `iamlint graph` finds more: it also looks
for functions and instances that run with a role, for principals that get there only if they are two
others at once, and for rights that they give themselves within a boundary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, OwnAccounts, Rule, Severity, bad, good
from iamlint.rules.hygiene._allowed import Allowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import NotAnalysed
    from iamlint.rule import AccountContext, AccountHit


def check_account(context: AccountContext) -> Iterator[AccountHit | NotAnalysed]:
    from iamlint.rules.escalation._reachable import may_reach_admin  # noqa: PLC0415 - for accounts

    if may_reach_admin(context.described):
        # To import what asks about chains takes longer than most runs.
        from iamlint.rules.escalation._last_steps import reaching_admin  # noqa: PLC0415

        yield from reaching_admin(context)


_HOME = OwnAccounts(account="111122223333")
_ADMIN = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
)
_TRUST = """{{"Version": "2012-10-17", "Statement": {{
  "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{{}}}}}}}"""
_OF_SERVICE = _TRUST.format('"Service": "lambda.amazonaws.com"')
_OF_ACCOUNT = _TRUST.format('"AWS": "111122223333"')

RULE = Rule(
    name="path-to-admin",
    family=Family.ESCALATION,
    module=__name__,
    summary="principals become administrators step by step",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.0,
    cwe=269,
    kinds=frozenset({Kind.IDENTITY, Kind.TRUST}),
    options=Allowed,
    advice="remove the step, or limit it to roles without these rights; list who may in `allowed`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    check_account=check_account,
    bad=(
        bad(
            "a user may assume an administrator role",
            """
            {Version: "2012-10-17", Statement: [{
              Effect: "Allow",
              Action: "sts:AssumeRole", //!
              Resource: "arn:aws:iam::111122223333:role/ops",
            }]}""",
            file="users/ana/assume.json5",
            files={"roles/ops/all.json": _ADMIN, "roles/ops/trust.json": _OF_ACCOUNT},
            home=_HOME,
        ),
        bad(
            "a role of another account is an administrator in the end",
            """
            {Version: "2012-10-17", Statement: [{
              Effect: "Allow",
              Action: "sts:AssumeRole", //!
              Principal: {AWS: "arn:aws:iam::444455556666:role/ci"},
            }]}""",
            kind=Kind.TRUST,
            file="roles/ops/trust.json5",
            files={"roles/ops/all.json": _ADMIN},
            home=_HOME,
        ),
    ),
    good=(
        good(
            "the role that it may assume has few rights",
            """
            {Version: "2012-10-17", Statement: [{
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Resource: "arn:aws:iam::111122223333:role/reader",
            }]}""",
            file="users/ana/assume.json5",
            files={
                "roles/reader/get.json": _ADMIN.replace('"*", "R', '"s3:GetObject", "R'),
                "roles/reader/trust.json": _OF_ACCOUNT,
            },
            home=_HOME,
        ),
        good(
            "only a service may assume the administrator role",
            """
            {Version: "2012-10-17", Statement: [{
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Resource: "arn:aws:iam::111122223333:role/ops",
            }]}""",
            file="users/ana/assume.json5",
            files={"roles/ops/all.json": _ADMIN, "roles/ops/trust.json": _OF_SERVICE},
            home=_HOME,
        ),
        good(
            "this user may be an administrator",
            """
            {Version: "2012-10-17", Statement: [{
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Resource: "arn:aws:iam::111122223333:role/ops",
            }]}""",
            file="users/ana/assume.json5",
            files={"roles/ops/all.json": _ADMIN, "roles/ops/trust.json": _OF_ACCOUNT},
            home=_HOME,
            options={"allowed": ("user/ana",)},
        ),
    ),
)
