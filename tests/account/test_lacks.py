"""Whether a principal lacks an action is what the question with the answer *no* says."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from iamlint.account.ask.principal import of_identity
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.repository import Repository

    Open = Callable[..., Repository]

ACCOUNT = "111122223333"
ACTIONS = ("sts:AssumeRole", "iam:PassRole", "iam:PutRolePolicy", "s3:GetObject", "sqs:*")
RESOURCES = (
    "*",
    f"arn:aws:iam::{ACCOUNT}:role/*",
    f"arn:aws:iam::{ACCOUNT}:role/app-0",
    f"arn:aws:iam::{ACCOUNT}:role/app-*",
    "arn:aws:s3:::depot/*",
    "arn:aws:iam::999988887777:role/x",
)
CONDITIONS: tuple[dict[str, dict[str, str]], ...] = (
    {},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"Bool": {"aws:ViaAWSService": "true"}},
)

ASKED = (
    *((action, None) for action in ACTIONS),
    (ACTIONS[0], ("arn:aws:iam::*:role/*",)),
    ("s3:GetObject", ("arn:aws:s3:::*/*",)),
)

statement = st.builds(
    lambda effect, action, resource, condition: {
        "Effect": effect,
        "Action": action,
        "Resource": resource,
        **({"Condition": condition} if condition else {}),
    },
    st.sampled_from(("Allow", "Allow", "Deny")),
    st.sampled_from((*ACTIONS, "*", "iam:*")),
    st.sampled_from(RESOURCES),
    st.sampled_from(CONDITIONS),
)
policy = st.builds(
    lambda some: {"Version": "2012-10-17", "Statement": some}, st.lists(statement, max_size=3)
)
TRUSTS = tuple(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": effect, "Principal": who, "Action": "sts:AssumeRole"}],
    }
    for effect, who in product(
        ("Allow", "Deny"),
        ("*", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {"Service": "ec2.amazonaws.com"}),
    )
)


TOML = f'account = "{ACCOUNT}"\n[resources."arn:aws:s3:::depot"]\npolicy = "depot.json"\n'
IN_DEPOT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": RESOURCES[4]}],
}
CLOSED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": RESOURCES[4]}],
}


@example([(IN_DEPOT, IN_DEPOT, False, TRUSTS[0])])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(policy, policy, st.booleans(), st.sampled_from(TRUSTS)), min_size=1, max_size=3
    )
)
def test_a_principal_lacks_what_no_resource_allows(
    repository: Open, given_roles: list[tuple[object, object, bool, object]]
) -> None:
    roles = [
        {
            "RoleName": f"app-{number}",
            "Arn": f"arn:aws:iam::{ACCOUNT}:role/app-{number}",
            "AssumeRolePolicyDocument": trust,
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": own}],
            "AttachedManagedPolicies": [],
            **(
                {
                    "PermissionsBoundary": {
                        "PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/b{number}"
                    }
                }
                if is_bounded
                else {}
            ),
        }
        for number, (own, _, is_bounded, trust) in enumerate(given_roles)
    ]
    policies = [
        {
            "PolicyName": f"b{number}",
            "Arn": f"arn:aws:iam::{ACCOUNT}:policy/b{number}",
            "PolicyVersionList": [{"Document": limit, "VersionId": "v1", "IsDefaultVersion": True}],
        }
        for number, (_, limit, _, _) in enumerate(given_roles)
    ]
    files = {"dump.json": {"RoleDetailList": roles, "Policies": policies}, "depot.json": CLOSED}
    account = repository(files, TOML).account
    assert len(account.accounts.identities) == len(roles)
    for identity in account.accounts.identities.values():
        subject = of_identity(account.accounts, identity)
        for action, on in ASKED:
            asked = account.ask(subject, (action,), on).any is Truth.NO
            assert account.lacks(subject, action, on) is asked, (identity.title, action, on)
