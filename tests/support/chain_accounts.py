"""Twenty accounts in which a principal becomes another, each with questions and right answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from iamlint.account.ask.answer import Ruling
from tests.support.chains import (
    ABROAD,
    ADMINISTRATOR,
    EC2,
    GITHUB,
    HOME,
    LAMBDA,
    Account,
    Principal,
    Ref,
    allow,
    deny,
    github,
    group,
    managed,
    role,
    trusts,
    user,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

ALLOWED, DENIED, DEPENDS = Ruling.ALLOWED, Ruling.DENIED, Ruling.DEPENDS


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer: that where all names are known, and that where some are not."""

    who: Ref | str
    action: str
    on: Ref | str | None
    ruling: Ruling
    unsure: Ruling
    context: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        who, on = (_shown(one) for one in (self.who, self.on))
        given = "".join(f", {key} {_shown(value)}" for key, value in self.context.items())
        return f"{who} {self.action} on {on}{given}"


_NAMED: Final = re.compile(r":(?:role|user|group|policy)/[^A'/]*(?:ci|kim|prod|staff)")


def _shown(one: Ref | str | None) -> str:
    return one.title if isinstance(one, Ref) else str(one)


@dataclass(frozen=True, slots=True)
class Chain:
    """An account, and the questions about it."""

    account: Account
    asked: tuple[Asked, ...]

    @property
    def is_by_reference(self) -> bool:
        """Whether no policy has a part of a name of the account, so that any names will do."""
        texts = repr(self.account)
        return "Spelling.TEXT" not in texts and not _NAMED.search(texts)


def may(who: Ref | str, action: str, on: Ref | str | None = None, **context: Any) -> Asked:
    """Return a question that is allowed, whatever the names are."""
    return Asked(who, action, on, ALLOWED, ALLOWED, _keys(context))


def may_not(who: Ref | str, action: str, on: Ref | str | None = None, **context: Any) -> Asked:
    """Return a question that is denied, whatever the names are."""
    return Asked(who, action, on, DENIED, DENIED, _keys(context))


def by_name(ruling: Ruling, who: Ref | str, action: str, on: Ref | str | None = None) -> Asked:
    """Return a question whose answer depends on the names."""
    return Asked(who, action, on, ruling, DEPENDS)


def _keys(context: Mapping[str, Any]) -> dict[str, Any]:
    return {_KEYS[name]: value for name, value in context.items()}


_KEYS: Final = {
    "to": "iam:PassedToService",
    "policy": "iam:PolicyARN",
    "audience": f"{GITHUB}:aud",
    "subject": f"{GITHUB}:sub",
    "mfa": "aws:MultiFactorAuthPresent",
    "external": "sts:ExternalId",
    "bound": "iam:PermissionsBoundary",
}

KIM, LEE = user("kim-prod"), user("lee-prod")
OPS, ADMINS = group("ops-prod"), group("admins-prod")
CI, DEPLOY, ADMIN = role("ci-prod"), role("deploy-prod"), role("admin-prod")
LIMIT = managed("limit-prod")
BUCKET: Final = "arn:aws:s3:::ledger/k"
STRANGER: Final = f"arn:aws:iam::{ABROAD}:role/deployer"
PROVIDER: Final = f"arn:aws:iam::{HOME}:oidc-provider/{GITHUB}"
CREATE_USER: Final = ("iam:CreateUser", f"arn:aws:iam::{HOME}:user/new")
_ADMIN: Final = Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(EC2,))
_NOBODY: Final = Principal(KIM)


def _own(ref: Ref, *statements: dict[str, Any], **more: Any) -> Principal:
    """Return a principal with one inline policy; a role trusts EC2 if nothing else is said."""
    trust = {"trust": (EC2,)} if ref.kind == "role" else {}
    return Principal(ref, policies=(statements,), **(trust | more))


CHAINS: Final[dict[str, Chain]] = {
    "a user of a group assumes a role": Chain(
        Account(
            (
                Principal(KIM, groups=(OPS,)),
                Principal(LEE),
                _own(OPS, allow("sts:AssumeRole", ADMIN)),
                Principal(
                    ADMIN,
                    attached=(ADMINISTRATOR,),
                    trust=(trusts(AWS=f"arn:aws:iam::{HOME}:root"),),
                ),
            )
        ),
        (
            may(KIM, "sts:AssumeRole", ADMIN),
            may_not(LEE, "sts:AssumeRole", ADMIN),
            may_not(KIM, *CREATE_USER),
            may(ADMIN, *CREATE_USER),
        ),
    ),
    "an administrator by an attachment": Chain(
        Account(
            (
                Principal(KIM, attached=(ADMINISTRATOR,)),
                Principal(LEE, groups=(ADMINS,)),
                Principal(ADMINS, attached=(ADMINISTRATOR,)),
                _ADMIN,
                Principal(CI, trust=(EC2,)),
            )
        ),
        (
            may(KIM, *CREATE_USER),
            may(LEE, *CREATE_USER),
            may(ADMIN, *CREATE_USER),
            may_not(CI, *CREATE_USER),
        ),
    ),
    "trust of a user by ARN": Chain(
        Account(
            (
                Principal(KIM),
                Principal(LEE),
                Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(trusts(AWS=KIM),)),
            )
        ),
        (
            may(KIM, "sts:AssumeRole", ADMIN),
            may_not(LEE, "sts:AssumeRole", ADMIN),
            may_not(ADMIN, "sts:AssumeRole", ADMIN),
        ),
    ),
    "trust of a role by an ARN built of its name": Chain(
        Account(
            (
                Principal(CI, trust=(EC2,)),
                Principal(DEPLOY, trust=(EC2,)),
                Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(trusts(AWS=CI.built),)),
            )
        ),
        (
            may(CI, "sts:AssumeRole", ADMIN),
            may_not(DEPLOY, "sts:AssumeRole", ADMIN),
        ),
    ),
    "trust of a role by an ARN that is written out": Chain(
        Account(
            (
                Principal(CI, trust=(EC2,)),
                Principal(DEPLOY, trust=(EC2,)),
                Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(trusts(AWS=CI.text),)),
            )
        ),
        (
            may(CI, "sts:AssumeRole", ADMIN),
            may_not(DEPLOY, "sts:AssumeRole", ADMIN),
        ),
    ),
    "trust of a role by the value of its name": Chain(
        Account(
            (
                Principal(CI, trust=(EC2,)),
                Principal(
                    ADMIN,
                    attached=(ADMINISTRATOR,),
                    trust=(trusts(AWS=f"arn:aws:iam::{HOME}:role/ci-prod"),),
                ),
            )
        ),
        (by_name(ALLOWED, CI, "sts:AssumeRole", ADMIN),),
    ),
    "three roles in a row": Chain(
        Account(
            (
                Principal(KIM),
                _own(CI, allow("sts:AssumeRole", DEPLOY), trust=(trusts(AWS=KIM),)),
                _own(
                    DEPLOY,
                    allow("sts:AssumeRole", ADMIN.text),
                    trust=(trusts(AWS=f"arn:aws:iam::{HOME}:root"),),
                ),
                Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(trusts(AWS=DEPLOY),)),
            )
        ),
        (
            may(KIM, "sts:AssumeRole", CI),
            may_not(KIM, "sts:AssumeRole", DEPLOY),
            may(CI, "sts:AssumeRole", DEPLOY),
            may_not(CI, "sts:AssumeRole", ADMIN),
            may(DEPLOY, "sts:AssumeRole", ADMIN),
        ),
    ),
    "a role passed to a function": Chain(
        Account(
            (
                _own(
                    KIM,
                    allow("iam:PassRole", ADMIN),
                    allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
                ),
                Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(LAMBDA,)),
                Principal(CI, attached=(ADMINISTRATOR,), trust=(LAMBDA,)),
            )
        ),
        (
            may(KIM, "iam:PassRole", ADMIN, to="lambda.amazonaws.com"),
            may_not(KIM, "iam:PassRole", CI, to="lambda.amazonaws.com"),
            may("lambda.amazonaws.com", "sts:AssumeRole", ADMIN),
            may_not("ec2.amazonaws.com", "sts:AssumeRole", ADMIN),
        ),
    ),
    "a role passed to one service only, by a pattern of names": Chain(
        Account(
            (
                _own(
                    KIM,
                    allow(
                        "iam:PassRole",
                        f"arn:aws:iam::{HOME}:role/ci-*",
                        Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
                    ),
                ),
                _own(LEE, allow("iam:PassRole", f"arn:aws:iam::{HOME}:role/*-prod")),
                Principal(CI, attached=(ADMINISTRATOR,), trust=(EC2,), has_profile=True),
                Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(EC2,)),
            )
        ),
        (
            may(KIM, "iam:PassRole", CI, to="ec2.amazonaws.com"),
            may_not(KIM, "iam:PassRole", CI, to="lambda.amazonaws.com"),
            may_not(KIM, "iam:PassRole", ADMIN, to="ec2.amazonaws.com"),
            by_name(ALLOWED, LEE, "iam:PassRole", ADMIN),
        ),
    ),
    "a policy attached to a role": Chain(
        Account(
            (
                _own(KIM, allow("iam:AttachRolePolicy", CI)),
                _own(
                    LEE,
                    allow(
                        "iam:AttachRolePolicy",
                        CI,
                        Condition={"ArnEquals": {"iam:PolicyARN": LIMIT}},
                    ),
                ),
                Principal(CI, trust=(EC2,)),
                _ADMIN,
            ),
            {"limit-prod": (allow("s3:*"),)},
        ),
        (
            may(KIM, "iam:AttachRolePolicy", CI, policy=ADMINISTRATOR),
            may_not(KIM, "iam:AttachRolePolicy", ADMIN, policy=ADMINISTRATOR),
            may_not(LEE, "iam:AttachRolePolicy", CI, policy=ADMINISTRATOR),
            may(LEE, "iam:AttachRolePolicy", CI, policy=LIMIT),
            may_not(CI, "iam:AttachRolePolicy", CI, policy=ADMINISTRATOR),
        ),
    ),
    "a policy written into a role, and a new version of a policy": Chain(
        Account(
            (
                _own(KIM, allow("iam:PutRolePolicy", CI), allow("iam:CreatePolicyVersion", LIMIT)),
                Principal(CI, attached=(LIMIT,), trust=(trusts(AWS=KIM),)),
                _ADMIN,
            ),
            {"limit-prod": (allow("s3:GetObject"),)},
        ),
        (
            may(KIM, "iam:PutRolePolicy", CI),
            may_not(KIM, "iam:PutRolePolicy", ADMIN),
            may(KIM, "iam:CreatePolicyVersion", LIMIT),
            may(CI, "s3:GetObject", BUCKET),
            may_not(CI, "s3:PutObject", BUCKET),
        ),
    ),
    "access keys of a user": Chain(
        Account(
            (
                _own(CI, allow("iam:CreateAccessKey", KIM)),
                _own(DEPLOY, allow("iam:CreateAccessKey", f"arn:aws:iam::{HOME}:user/kim-prod")),
                Principal(KIM, attached=(ADMINISTRATOR,)),
                Principal(LEE, attached=(ADMINISTRATOR,)),
            )
        ),
        (
            may(CI, "iam:CreateAccessKey", KIM),
            may_not(CI, "iam:CreateAccessKey", LEE),
            by_name(ALLOWED, DEPLOY, "iam:CreateAccessKey", KIM),
            may_not(DEPLOY, "iam:CreateAccessKey", LEE),
        ),
    ),
    "access keys of the users of a path": Chain(
        Account(
            (
                _own(CI, allow("iam:CreateAccessKey", f"arn:aws:iam::{HOME}:user/staff/*")),
                Principal(user("kim-prod", "/staff/"), attached=(ADMINISTRATOR,)),
                Principal(LEE, attached=(ADMINISTRATOR,)),
            )
        ),
        (
            may(CI, "iam:CreateAccessKey", user("kim-prod", "/staff/")),
            may_not(CI, "iam:CreateAccessKey", LEE),
        ),
    ),
    "a user added to a group": Chain(
        Account(
            (
                _own(KIM, allow("iam:AddUserToGroup", ADMINS)),
                Principal(ADMINS, attached=(ADMINISTRATOR,)),
                Principal(OPS, attached=(ADMINISTRATOR,)),
            )
        ),
        (
            may(KIM, "iam:AddUserToGroup", ADMINS),
            may_not(KIM, "iam:AddUserToGroup", OPS),
            may_not(KIM, *CREATE_USER),
        ),
    ),
    "users who manage themselves": Chain(
        Account(
            (
                Principal(KIM, groups=(OPS,)),
                Principal(LEE, groups=(OPS,)),
                _own(
                    OPS,
                    allow("iam:CreateAccessKey", f"arn:aws:iam::{HOME}:user/${{aws:username}}"),
                    deny("iam:DeleteUser", Condition={"StringNotEquals": {"aws:username": "kim"}}),
                    allow("iam:DeleteUser"),
                ),
            )
        ),
        (
            may(KIM, "iam:CreateAccessKey", KIM),
            may_not(KIM, "iam:CreateAccessKey", LEE),
            may_not(LEE, "iam:DeleteUser", KIM),
        ),
    ),
    "everything but some principals": Chain(
        Account(
            (
                _own(
                    KIM,
                    {"Effect": "Allow", "Action": "iam:PassRole", "NotResource": [ADMIN, CI.text]},
                ),
                Principal(DEPLOY, trust=(EC2,)),
                Principal(CI, trust=(EC2,)),
                _ADMIN,
            )
        ),
        (
            may_not(KIM, "iam:PassRole", ADMIN),
            may_not(KIM, "iam:PassRole", CI),
            may(KIM, "iam:PassRole", DEPLOY),
        ),
    ),
    "a boundary by reference": Chain(
        Account(
            (
                Principal(CI, attached=(ADMINISTRATOR,), boundary=LIMIT, trust=(EC2,)),
                Principal(KIM, attached=(ADMINISTRATOR,), boundary=LIMIT),
                _ADMIN,
            ),
            {"limit-prod": (allow(["s3:*", "iam:PassRole"]),)},
        ),
        (
            may_not(CI, *CREATE_USER),
            may(CI, "s3:GetObject", BUCKET),
            may(CI, "iam:PassRole", ADMIN, to="ec2.amazonaws.com"),
            may_not(KIM, *CREATE_USER),
            may(ADMIN, *CREATE_USER),
        ),
    ),
    "a boundary that new roles need": Chain(
        Account(
            (
                _own(
                    KIM,
                    allow(
                        ["iam:CreateRole", "iam:PutRolePolicy"],
                        Condition={"ArnEquals": {"iam:PermissionsBoundary": LIMIT}},
                    ),
                ),
                _ADMIN,
            ),
            {"limit-prod": (allow("s3:*"),), "other-prod": (allow("*"),)},
        ),
        (
            may(KIM, "iam:CreateRole", f"arn:aws:iam::{HOME}:role/new", bound=LIMIT),
            may_not(KIM, "iam:CreateRole", f"arn:aws:iam::{HOME}:role/new", bound=ADMINISTRATOR),
        ),
    ),
    "a boundary of AWS's": Chain(
        Account(
            (
                Principal(
                    CI,
                    attached=(ADMINISTRATOR,),
                    boundary="arn:aws:iam::aws:policy/ReadOnlyAccess",
                    trust=(EC2,),
                ),
            )
        ),
        (may_not(CI, *CREATE_USER), may(CI, "iam:ListUsers")),
    ),
    "trust of another account": Chain(
        Account(
            (
                Principal(
                    CI,
                    attached=(ADMINISTRATOR,),
                    trust=(
                        trusts(
                            AWS=f"arn:aws:iam::{ABROAD}:root",
                            If={"StringEquals": {"sts:ExternalId": "e-1"}},
                        ),
                    ),
                ),
                _ADMIN,
                _own(KIM, allow("sts:AssumeRole")),
            )
        ),
        (
            may(STRANGER, "sts:AssumeRole", CI, external="e-1"),
            may_not(STRANGER, "sts:AssumeRole", CI, external="e-2"),
            may_not(STRANGER, "sts:AssumeRole", ADMIN),
            may_not(KIM, "sts:AssumeRole", CI, external="e-1"),
        ),
    ),
    "trust of a provider of identities": Chain(
        Account(
            (
                Principal(
                    CI,
                    attached=(ADMINISTRATOR,),
                    trust=(
                        trusts(
                            "sts:AssumeRoleWithWebIdentity",
                            Federated=github(),
                            If={
                                "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
                                "StringLike": {f"{GITHUB}:sub": "repo:acme/shop:*"},
                            },
                        ),
                    ),
                ),
                _ADMIN,
            ),
            has_github=True,
        ),
        (
            may(
                PROVIDER,
                "sts:AssumeRoleWithWebIdentity",
                CI,
                audience="sts.amazonaws.com",
                subject="repo:acme/shop:ref:refs/heads/main",
            ),
            may_not(
                PROVIDER,
                "sts:AssumeRoleWithWebIdentity",
                CI,
                audience="sts.amazonaws.com",
                subject="repo:other/shop:ref:refs/heads/main",
            ),
            may_not(PROVIDER, "sts:AssumeRoleWithWebIdentity", ADMIN),
        ),
    ),
    "a guardrail of the organization": Chain(
        Account(
            (
                _own(KIM, allow(["iam:*", "sts:*"])),
                Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(trusts(AWS=KIM),)),
                Principal(CI, attached=(ADMINISTRATOR,), trust=(EC2,)),
            ),
            scps=(
                (deny("iam:CreateAccessKey"),),
                (
                    deny(
                        "iam:PutRolePolicy",
                        Condition={"ArnNotLike": {"aws:PrincipalArn": ADMIN}},
                    ),
                ),
            ),
        ),
        (
            may_not(KIM, "iam:CreateAccessKey", KIM),
            may(KIM, "sts:AssumeRole", ADMIN),
            may_not(KIM, "iam:PutRolePolicy", CI),
            may(ADMIN, "iam:PutRolePolicy", CI),
            may_not(CI, "iam:PutRolePolicy", CI),
            may(CI, *CREATE_USER),
        ),
    ),
    "a Deny on a principal": Chain(
        Account(
            (
                _own(KIM, allow("iam:*"), deny("iam:*", ADMIN), deny("iam:*", LEE.text)),
                Principal(LEE, attached=(ADMINISTRATOR,)),
                _ADMIN,
                Principal(CI, trust=(EC2,)),
            )
        ),
        (
            may_not(KIM, "iam:UpdateAssumeRolePolicy", ADMIN),
            may(KIM, "iam:UpdateAssumeRolePolicy", CI),
            may_not(KIM, "iam:CreateAccessKey", LEE),
            may(KIM, "iam:CreateAccessKey", KIM),
        ),
    ),
    "a Deny in a trust policy": Chain(
        Account(
            (
                _own(KIM, allow("sts:AssumeRole")),
                _own(LEE, allow("sts:AssumeRole")),
                Principal(
                    ADMIN,
                    attached=(ADMINISTRATOR,),
                    trust=(
                        trusts(AWS=f"arn:aws:iam::{HOME}:root"),
                        trusts(AWS=KIM) | {"Effect": "Deny"},
                    ),
                ),
            )
        ),
        (
            may_not(KIM, "sts:AssumeRole", ADMIN),
            may(LEE, "sts:AssumeRole", ADMIN),
        ),
    ),
    "a trust that the ARN of the caller decides": Chain(
        Account(
            (
                _own(KIM, allow("sts:AssumeRole")),
                _own(CI, allow("sts:AssumeRole")),
                Principal(
                    ADMIN,
                    attached=(ADMINISTRATOR,),
                    trust=(
                        trusts(
                            AWS=f"arn:aws:iam::{HOME}:root",
                            If={"ArnEquals": {"aws:PrincipalArn": CI}},
                        ),
                    ),
                ),
            )
        ),
        (
            may(CI, "sts:AssumeRole", ADMIN),
            may_not(KIM, "sts:AssumeRole", ADMIN),
        ),
    ),
    "a role that only tagged principals become": Chain(
        Account(
            (
                _own(KIM, allow("sts:AssumeRole"), tags={"team": "shop"}),
                _own(LEE, allow("sts:AssumeRole"), tags={"team": "web"}),
                Principal(
                    ADMIN,
                    attached=(ADMINISTRATOR,),
                    trust=(
                        trusts(
                            AWS=f"arn:aws:iam::{HOME}:root",
                            If={"StringEquals": {"aws:PrincipalTag/team": "shop"}},
                        ),
                    ),
                ),
            )
        ),
        (
            may(KIM, "sts:AssumeRole", ADMIN),
            may_not(LEE, "sts:AssumeRole", ADMIN),
        ),
    ),
}
"""The accounts by what they are about."""
