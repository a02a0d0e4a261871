"""Escalations of several steps, each with the one change after which there is none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from iamlint.graph.answer import How, Reaching
from tests.support.chain_accounts import ADMIN as BOSS
from tests.support.chain_accounts import ADMINS, CI, DEPLOY, KIM, LEE, LIMIT, OPS, PROVIDER
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
    Statement,
    allow,
    deny,
    github,
    trusts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Step = tuple[str, str | None, str, str | None]
"""How, by which path, to whom, and who rewrites or adds it."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Something that runs with a role, as a module and as a template have it."""

    module: str
    type: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """An account in which `start` gets to the end by `steps`, if the `keys` have some values.

    In its twin, the principals of `but` take the places of those with their names, and `more` are
    the other fields that differ. If it `is_by_name`, the text of a name distinguishes them, so
    that neither answer is known where names are not.
    """

    principals: tuple[Principal, ...]
    steps: tuple[Step, ...]
    but: tuple[Principal, ...] = ()
    start: str = KIM.title
    keys: tuple[str, ...] = ()
    managed: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    scps: tuple[tuple[Statement, ...], ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    is_by_name: bool = False
    workload: Workload | None = None

    @property
    def account(self) -> Account:
        has_github = self.start == PROVIDER
        return Account(self.principals, self.managed, self.scps, has_github)

    @property
    def twin(self) -> Account:
        changed = {one.ref: one for one in self.but}
        principals = tuple(changed.get(one.ref, one) for one in self.principals)
        return replace(self.account, principals=principals, **self.more)

    @property
    def answer(self) -> Reaching:
        return Reaching.CONDITIONAL if self.keys else Reaching.YES


def own(ref: Ref, *statements: Statement, **more: Any) -> Principal:
    """Return a principal with one inline policy; a role trusts EC2 if nothing else is said."""
    trust = {"trust": (EC2,)} if ref.kind == "role" else {}
    return Principal(ref, policies=(statements,) if statements else (), **(trust | more))


def admin(ref: Ref, *statements: Statement, **more: Any) -> Principal:
    return own(ref, *statements, attached=(ADMINISTRATOR,), **more)


def may_assume(ref: Ref | str, **more: Any) -> Statement:
    return allow("sts:AssumeRole", ref, **more)


def assumes(ref: Ref) -> Step:
    return How.ASSUME_ROLE, "sts-assume-role", ref.title, None


def retrusts(ref: Ref) -> Step:
    return How.TRUST_REWRITTEN, "iam-update-assume-role-policy", ref.title, None


def has_credentials(ref: Ref, path: str = "iam-create-access-key") -> Step:
    return How.CREDENTIALS, path, ref.title, None


def passes(ref: Ref, path: str) -> Step:
    return How.PASS_ROLE, path, ref.title, None


def runs(ref: Ref, path: str) -> Step:
    return How.RUN_AS, path, ref.title, None


def joins(ref: Ref, into: Ref, by: Ref | None = None) -> Step:
    member = f"{ref.title}&{into.title}"
    return How.JOINS, "iam-add-user-to-group", member, None if by is None else by.title


def rewrites(path: str, by: Ref | None = None) -> Step:
    return How.POLICY_REWRITTEN, path, "admin", None if by is None else by.title


def lets_in(ref: Ref, how: How = How.ASSUME_ROLE) -> Step:
    return how, None, ref.title, None


ROOT: Final = trusts(AWS=f"arn:aws:iam::{HOME}:root")
PARTNER: Final = f"arn:aws:iam::{ABROAD}:root"
CONFIG: Final = trusts(Service="config.amazonaws.com")
STACKS: Final = trusts(Service="cloudformation.amazonaws.com")
MFA: Final = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
EXTERNAL: Final = {"StringEquals": {"sts:ExternalId": "e-1"}}
MAIN: Final = {"StringLike": {f"{GITHUB}:sub": "repo:acme/shop:*"}}
NEW_ROLES: Final = f"arn:aws:iam::{HOME}:role/new-*"
NEW_USERS: Final = f"arn:aws:iam::{HOME}:user/new-*"
NO_ROLE: Final = f"arn:aws:iam::{HOME}:role/none"
NO_USER: Final = f"arn:aws:iam::{HOME}:user/none"
CALLS: Final = allow(["lambda:CreateFunction", "lambda:InvokeFunction"])
MAKES_PROFILES: Final = allow(["iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"])
ONLY_DELETES: Final = {"Effect": "Deny", "NotAction": "iam:DeleteUserPolicy", "Resource": "*"}
READS: Final = (allow("s3:GetObject"),)

OPEN_BOSS: Final = admin(BOSS, trust=(ROOT,))
CI_TO_BOSS: Final = own(CI, may_assume(BOSS), trust=(ROOT,))
KIM_TO_CI: Final = own(KIM, may_assume(CI))
FUNCTION: Final = Workload(
    f'resource "aws_lambda_function" "one" {{\n'
    f'  function_name = "one"\n  role = aws_iam_role.{CI.label}.arn\n}}\n',
    "AWS::Lambda::Function",
    {"FunctionName": "one", "Role": {"Fn::GetAtt": [CI.logical_id, "Arn"]}},
)
INSTANCE: Final = Workload(
    f'resource "aws_instance" "one" {{\n'
    f"  iam_instance_profile = aws_iam_instance_profile.{CI.label}.name\n}}\n",
    "AWS::EC2::Instance",
    {"IamInstanceProfile": {"Ref": f"{CI.logical_id}Profile"}},
)
RUNNING_CI: Final = own(CI, may_assume(BOSS), trust=(LAMBDA,))
RUN: Final = "lambda:UpdateFunctionCode"
RECONFIGURE: Final = allow(["lambda:UpdateFunctionConfiguration", RUN])
FUNCTION_ONE: Final = "arn:aws:lambda:*:*:function:one"

SCENARIOS: Final[dict[str, Scenario]] = {
    "keys of a user who assumes a role; keys of another user": Scenario(
        (own(KIM, allow("iam:CreateAccessKey", LEE)), own(LEE, may_assume(BOSS)), OPEN_BOSS),
        (has_credentials(LEE), assumes(BOSS)),
        (own(KIM, allow("iam:CreateAccessKey", NO_USER)),),
    ),
    "a password of a user who rewrites a trust; a Deny of that": Scenario(
        (
            own(KIM, allow("iam:UpdateLoginProfile", LEE)),
            own(LEE, allow("iam:UpdateAssumeRolePolicy", DEPLOY)),
            own(DEPLOY, may_assume(BOSS)),
            OPEN_BOSS,
        ),
        (has_credentials(LEE, "iam-update-login-profile"), retrusts(DEPLOY), assumes(BOSS)),
        (
            own(
                LEE,
                allow("iam:UpdateAssumeRolePolicy", DEPLOY),
                deny("iam:UpdateAssumeRolePolicy", DEPLOY),
            ),
        ),
    ),
    "a trust rewritten by an assumed role; the action is dropped": Scenario(
        (
            KIM_TO_CI,
            own(CI, allow("iam:UpdateAssumeRolePolicy", BOSS), trust=(ROOT,)),
            admin(BOSS, trust=(CONFIG,)),
        ),
        (assumes(CI), retrusts(BOSS)),
        (own(CI, allow("iam:GetRole", BOSS), trust=(ROOT,)),),
    ),
    "a role passed to a function; to another service only": Scenario(
        (
            own(KIM, allow("iam:PassRole", DEPLOY), CALLS),
            own(DEPLOY, may_assume(BOSS), trust=(LAMBDA,)),
            OPEN_BOSS,
        ),
        (passes(DEPLOY, "lambda-create-invoke"), assumes(BOSS)),
        (
            own(
                KIM,
                allow(
                    "iam:PassRole",
                    DEPLOY,
                    Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
                ),
                CALLS,
            ),
        ),
    ),
    "a role passed to an instance makes keys; the role trusts another service": Scenario(
        (
            own(KIM, allow("iam:PassRole", CI), allow("ec2:RunInstances"), MAKES_PROFILES),
            own(CI, allow("iam:CreateAccessKey", LEE)),
            admin(LEE),
        ),
        (passes(CI, "ec2-run-instances"), has_credentials(LEE)),
        (own(CI, allow("iam:CreateAccessKey", LEE), trust=(LAMBDA,)),),
    ),
    "a role passed to a stack creates an administrator; it cannot attach policies": Scenario(
        (
            KIM_TO_CI,
            own(
                CI,
                allow("iam:PassRole", DEPLOY),
                allow("cloudformation:CreateStack"),
                trust=(ROOT,),
            ),
            own(
                DEPLOY,
                allow(["iam:CreateRole", "iam:AttachRolePolicy"], NEW_ROLES),
                trust=(STACKS,),
            ),
        ),
        (
            assumes(CI),
            passes(DEPLOY, "cloudformation-create-stack"),
            (How.NEW_PRINCIPAL, "iam-create-role+policy", "admin", None),
        ),
        (own(DEPLOY, allow(["iam:CreateRole", "iam:TagRole"], NEW_ROLES), trust=(STACKS,)),),
    ),
    "an assumed role creates a user; only with a boundary": Scenario(
        (
            KIM_TO_CI,
            own(
                CI,
                allow("iam:CreateUser", NEW_USERS),
                allow(["iam:PutUserPolicy", "iam:CreateAccessKey"], NEW_USERS),
                trust=(ROOT,),
            ),
        ),
        (assumes(CI), (How.NEW_PRINCIPAL, None, "admin", None)),
        (
            own(
                CI,
                allow(
                    "iam:CreateUser",
                    NEW_USERS,
                    Condition={"ArnEquals": {"iam:PermissionsBoundary": LIMIT}},
                ),
                allow(["iam:PutUserPolicy", "iam:CreateAccessKey"], NEW_USERS),
                trust=(ROOT,),
            ),
        ),
        managed={LIMIT.name: READS},
    ),
    "a group joined that assumes a role; a boundary does not allow it": Scenario(
        (
            own(KIM, allow("iam:AddUserToGroup", OPS)),
            own(OPS, may_assume(BOSS)),
            OPEN_BOSS,
        ),
        (joins(KIM, OPS), assumes(BOSS)),
        (own(KIM, allow("iam:AddUserToGroup", OPS), boundary=LIMIT),),
        managed={LIMIT.name: (allow("iam:AddUserToGroup"),)},
    ),
    "a user with keys joins administrators; another group": Scenario(
        (
            own(KIM, allow("iam:CreateAccessKey", LEE)),
            own(LEE, allow("iam:AddUserToGroup", ADMINS)),
            admin(ADMINS),
        ),
        (has_credentials(LEE), joins(LEE, ADMINS)),
        (own(LEE, allow("iam:AddUserToGroup", f"arn:aws:iam::{HOME}:group/none")),),
    ),
    "a role adds a user to a group; its trust is removed": Scenario(
        (
            KIM_TO_CI,
            own(CI, allow("iam:AddUserToGroup", ADMINS), trust=(ROOT,)),
            admin(ADMINS),
        ),
        (joins(KIM, ADMINS, CI),),
        (own(CI, allow("iam:AddUserToGroup", ADMINS), trust=(CONFIG,)),),
    ),
    "a new version of a policy of an assumed role; the role does not have it": Scenario(
        (
            KIM_TO_CI,
            own(CI, allow("iam:CreatePolicyVersion", LIMIT), attached=(LIMIT,), trust=(ROOT,)),
        ),
        (assumes(CI), rewrites("iam-create-policy-version")),
        (own(CI, allow("iam:CreatePolicyVersion", LIMIT), trust=(ROOT,)),),
        managed={LIMIT.name: READS},
    ),
    "a policy of a group of a user with keys; the user is not in it": Scenario(
        (
            own(KIM, allow("iam:CreateAccessKey", LEE)),
            own(LEE, allow("iam:PutGroupPolicy", OPS), groups=(OPS,)),
            own(OPS, *READS),
        ),
        (has_credentials(LEE), rewrites("iam-put-group-policy")),
        (own(LEE, allow("iam:PutGroupPolicy", OPS)),),
    ),
    "any policy attached to a passed role; only a harmless one": Scenario(
        (
            own(KIM, allow("iam:PassRole", CI), CALLS),
            own(CI, allow("iam:AttachRolePolicy", CI), trust=(LAMBDA,)),
        ),
        (passes(CI, "lambda-create-invoke"), rewrites("iam-attach-role-policy")),
        (
            own(
                CI,
                allow(
                    "iam:AttachRolePolicy",
                    CI,
                    Condition={"ArnEquals": {"iam:PolicyARN": LIMIT}},
                ),
                trust=(LAMBDA,),
            ),
        ),
        managed={LIMIT.name: READS},
    ),
    "one assumed role rewrites another one; the writer cannot be assumed": Scenario(
        (
            own(KIM, may_assume(CI), may_assume(DEPLOY)),
            own(CI, allow("iam:PutRolePolicy", DEPLOY), trust=(ROOT,)),
            own(DEPLOY, *READS, trust=(ROOT,)),
        ),
        (assumes(DEPLOY), rewrites("iam-put-role-policy", CI)),
        (own(CI, allow("iam:PutRolePolicy", DEPLOY), trust=(LAMBDA,)),),
    ),
    "a user with keys rewrites the first one; a boundary stays": Scenario(
        (
            own(KIM, allow("iam:CreateAccessKey", LEE)),
            own(LEE, allow("iam:PutUserPolicy", KIM)),
        ),
        (rewrites("iam-put-user-policy", LEE),),
        (own(KIM, allow("iam:CreateAccessKey", LEE), boundary=LIMIT),),
        managed={LIMIT.name: (allow("iam:CreateAccessKey"),)},
    ),
    "another account assumes roles; one may not go on": Scenario(
        (own(CI, may_assume(BOSS), trust=(trusts(AWS=PARTNER),)), OPEN_BOSS),
        (lets_in(CI), assumes(BOSS)),
        (own(CI, may_assume(NO_ROLE), trust=(trusts(AWS=PARTNER),)),),
        start=PARTNER,
    ),
    "another account knows an ExternalId; a Deny of it": Scenario(
        (own(CI, may_assume(BOSS), trust=(trusts(AWS=PARTNER, If=EXTERNAL),)), OPEN_BOSS),
        (lets_in(CI), assumes(BOSS)),
        (
            own(
                CI,
                may_assume(BOSS),
                trust=(
                    trusts(AWS=PARTNER, If=EXTERNAL),
                    trusts(AWS=PARTNER, If=EXTERNAL) | {"Effect": "Deny"},
                ),
            ),
        ),
        start=PARTNER,
        keys=("sts:ExternalId",),
    ),
    "a provider of identities and a role; a boundary of the first role": Scenario(
        (
            own(
                CI,
                may_assume(BOSS),
                trust=(trusts("sts:AssumeRoleWithWebIdentity", Federated=github(), If=MAIN),),
            ),
            OPEN_BOSS,
        ),
        (lets_in(CI, How.WEB_IDENTITY), assumes(BOSS)),
        (
            own(
                CI,
                may_assume(BOSS),
                boundary=LIMIT,
                trust=(trusts("sts:AssumeRoleWithWebIdentity", Federated=github(), If=MAIN),),
            ),
        ),
        start=PROVIDER,
        keys=(f"{GITHUB}:sub",),
        managed={LIMIT.name: READS},
    ),
    "roles in a row with MFA first; a Deny with MFA": Scenario(
        (own(KIM, may_assume(CI, Condition=MFA)), CI_TO_BOSS, OPEN_BOSS),
        (assumes(CI), assumes(BOSS)),
        (
            own(
                KIM,
                may_assume(CI, Condition=MFA),
                deny("sts:AssumeRole", Condition=MFA),
            ),
        ),
        keys=("aws:MultiFactorAuthPresent",),
    ),
    "roles in a row; the trust of the first one denies the user": Scenario(
        (KIM_TO_CI, CI_TO_BOSS, OPEN_BOSS),
        (assumes(CI), assumes(BOSS)),
        (own(CI, may_assume(BOSS), trust=(ROOT, trusts(AWS=KIM) | {"Effect": "Deny"})),),
    ),
    "a boundary that its user removes; it does not allow that": Scenario(
        (
            own(KIM, allow("iam:CreateAccessKey", LEE)),
            admin(LEE, boundary=LIMIT),
        ),
        (has_credentials(LEE), rewrites("iam-delete-user-permissions-boundary")),
        managed={LIMIT.name: (allow("iam:DeleteUserPermissionsBoundary"),)},
        more={"managed": {LIMIT.name: READS}},
    ),
    "a boundary that another role removes; that of another role": Scenario(
        (
            own(KIM, may_assume(CI), may_assume(DEPLOY)),
            admin(CI, boundary=LIMIT, trust=(ROOT,)),
            own(DEPLOY, allow("iam:DeleteRolePermissionsBoundary", CI), trust=(ROOT,)),
        ),
        (assumes(CI), rewrites("iam-delete-role-permissions-boundary", DEPLOY)),
        (own(DEPLOY, allow("iam:DeleteRolePermissionsBoundary", NO_ROLE), trust=(ROOT,)),),
        managed={LIMIT.name: READS},
    ),
    "a Deny that its user detaches; the Deny is of that too": Scenario(
        (
            own(KIM, allow("iam:CreateLoginProfile", LEE)),
            Principal(LEE, attached=(ADMINISTRATOR, LIMIT)),
        ),
        (has_credentials(LEE, "iam-create-login-profile"), rewrites("iam-detach-user-policy")),
        managed={
            LIMIT.name: ({"Effect": "Deny", "NotAction": "iam:DetachUserPolicy", "Resource": "*"},)
        },
        more={"managed": {LIMIT.name: (deny("*"),)}},
    ),
    "an inline Deny that its user deletes; the Deny is attached": Scenario(
        (own(KIM, allow("iam:CreateAccessKey", LEE)), admin(LEE, ONLY_DELETES)),
        (has_credentials(LEE), rewrites("iam-delete-user-policy")),
        (Principal(LEE, attached=(ADMINISTRATOR, LIMIT)),),
        managed={LIMIT.name: (ONLY_DELETES,)},
    ),
    "roles in a row by the ends of their names; by another end": Scenario(
        (
            own(KIM, may_assume(f"arn:aws:iam::{HOME}:role/*-prod")),
            CI_TO_BOSS,
            admin(BOSS, trust=(trusts(AWS=CI),)),
        ),
        (assumes(CI), assumes(BOSS)),
        (own(KIM, may_assume(f"arn:aws:iam::{HOME}:role/*-test")),),
        is_by_name=True,
    ),
    "roles in a row below an SCP; one that denies the last step": Scenario(
        (KIM_TO_CI, CI_TO_BOSS, OPEN_BOSS),
        (assumes(CI), assumes(BOSS)),
        scps=((deny("organizations:LeaveOrganization"),),),
        more={"scps": ((deny("sts:AssumeRole", BOSS),),)},
    ),
    "five principals in a row; the third trusts no one": Scenario(
        (
            own(KIM, allow("iam:CreateAccessKey", LEE)),
            own(LEE, allow("iam:AddUserToGroup", OPS)),
            own(OPS, may_assume(CI)),
            own(CI, allow("iam:PassRole", DEPLOY), CALLS, trust=(ROOT,)),
            own(DEPLOY, allow("iam:PutRolePolicy", DEPLOY), trust=(LAMBDA,)),
        ),
        (
            has_credentials(LEE),
            joins(LEE, OPS),
            assumes(CI),
            passes(DEPLOY, "lambda-create-invoke"),
            rewrites("iam-put-role-policy"),
        ),
        (own(CI, allow("iam:PassRole", DEPLOY), CALLS),),
    ),
    "code of a function whose role assumes another; of another function": Scenario(
        (own(KIM, allow(RUN, FUNCTION_ONE)), RUNNING_CI, OPEN_BOSS),
        (runs(CI, "lambda-update-code"), assumes(BOSS)),
        (own(KIM, allow(RUN, "arn:aws:lambda:*:*:function:two")),),
        workload=FUNCTION,
    ),
    "a command on an instance whose role makes keys; another action": Scenario(
        (
            own(KIM, allow("ssm:SendCommand")),
            own(CI, allow("iam:CreateAccessKey", LEE), has_profile=True),
            admin(LEE),
        ),
        (runs(CI, "ssm-send-command"), has_credentials(LEE)),
        (own(KIM, allow("ssm:ListCommands")),),
        workload=INSTANCE,
    ),
    "a role passed to a function that runs; a Deny of that": Scenario(
        (
            own(KIM, allow("iam:PassRole", DEPLOY), RECONFIGURE),
            Principal(CI, trust=(LAMBDA,)),
            own(DEPLOY, may_assume(BOSS), trust=(LAMBDA,)),
            OPEN_BOSS,
        ),
        (passes(DEPLOY, "lambda-update-role"), assumes(BOSS)),
        (own(KIM, allow("iam:PassRole", DEPLOY), RECONFIGURE, deny("iam:PassRole", DEPLOY)),),
        workload=FUNCTION,
    ),
}
"""The scenarios, by what leads to the end, and what is different in the twin."""
