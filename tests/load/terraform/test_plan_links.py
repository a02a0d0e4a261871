"""The links of plans and states: each kind of link, in each form, end to end."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.config import Config
from iamlint.load import LoadOptions, load
from iamlint.load.link import glob_of
from iamlint.repository import open_repository
from tests.load.terraform.plan_writer import (
    NOTHING_KNOWN,
    Resource,
    keyed_plan,
    known_plan,
    new_plan,
    shown_state,
    state,
    through_module,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

HOME = "111122223333"
IAM = f"arn:aws:iam::{HOME}"
INSTANCE = f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-0abc12345678901de"
STOP, START = "ec2:StopInstances", "ec2:StartInstances"
ALLOWED, DENIED, DEPENDS = Ruling.ALLOWED, Ruling.DENIED, Ruling.DEPENDS
FORMS = {
    "state": state,
    "state as shown": shown_state,
    "plan that changes nothing": known_plan,
    "new plan": new_plan,
    "new plan of a module by key": lambda of: keyed_plan(of, [*map(other, of)]),
    "new plan through modules": through_module,
}
NEW = {name: form for name, form in FORMS.items() if name.startswith("new")}


def text(effect: str, action: str, **more: object) -> str:
    statement = {"Effect": effect, "Action": action, "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


TRUST = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": HOME}}]}
)


def principal(kind: str, name: str) -> Resource:
    values = {"name": name, "path": "/"} | ({"assume_role_policy": TRUST} if kind == "role" else {})
    made = {"arn": f"{IAM}:{kind}/{name}", "id": name}
    return Resource(f"aws_iam_{kind}.{kind[0]}", values, made=made)


ROLE, USER, GROUP = principal("role", "app"), principal("user", "kim"), principal("group", "ops")
EVERYTHING = (
    Resource(
        "aws_iam_user_policy.full", {"name": "full", "user": "kim", "policy": text("Allow", "*")}
    ),
    Resource(
        "aws_iam_role_policy.full", {"name": "full", "role": "app", "policy": text("Allow", "*")}
    ),
)


_NAMES = ("bucket", "group", "name", "role", "user")


def other(one: Resource) -> Resource:
    """Return a resource of another instance of a module, of other names and another text."""
    values = {k: f"{v}-2" if k in _NAMES else v for k, v in one.values.items()}
    if "policy" in values:
        is_on = "Principal" in str(values["policy"])
        values["policy"] = text("Allow", "sqs:*", **{"Principal": "*"} if is_on else {})
    return replace(one, values=values)


def link(type_: str, values: Mapping[str, object] | None = None, **refs: str) -> Resource:
    return Resource(f"{type_}.x", values or {}, refs, {"id": "x"})


def managed(policy: str) -> Resource:
    made = dict.fromkeys(("arn", "id"), f"{IAM}:policy/p")
    return Resource("aws_iam_policy.p", {"name": "p", "path": "/", "policy": policy}, made=made)


R, U, G, P = (
    "aws_iam_role.r.name",
    "aws_iam_user.u.name",
    "aws_iam_group.g.id",
    "aws_iam_policy.p.arn",
)
MEMBER = Resource("aws_iam_user_group_membership.m", {}, {"user": U, "groups": G})


def inline(kind: str, ref: str) -> Callable[[str], list[Resource]]:
    def make(policy: str) -> list[Resource]:
        values = {"name": "x", "policy": policy}
        return [Resource(f"aws_iam_{kind}_policy.x", values, {kind: ref})]

    return make


def attached(type_: str, **refs: Any) -> Callable[[str], list[Resource]]:
    def make(policy: str) -> list[Resource]:
        return [managed(policy), link(type_, **refs)]

    return make


IDENTITIES: dict[str, tuple[str, Callable[[str], list[Resource]]]] = {
    "inline of a role": ("role/app", inline("role", "aws_iam_role.r.id")),
    "inline of a user": ("user/kim", inline("user", U)),
    "inline of a group": ("user/kim", lambda p: [MEMBER, *inline("group", G)(p)]),
    "attached to a role": (
        "role/app",
        attached("aws_iam_role_policy_attachment", role=R, policy_arn=P),
    ),
    "attached to a user": (
        "user/kim",
        attached("aws_iam_user_policy_attachment", user=U, policy_arn=P),
    ),
    "attached to a group": (
        "user/kim",
        lambda p: [MEMBER, *attached("aws_iam_group_policy_attachment", group=G, policy_arn=P)(p)],
    ),
    "attached to several": (
        "role/app",
        attached("aws_iam_policy_attachment", roles=R, users=U, policy_arn=P),
    ),
    "attached exclusively": (
        "role/app",
        attached("aws_iam_role_policy_attachments_exclusive", role_name=R, policy_arns=P),
    ),
    "attached by the role": (
        "role/app",
        lambda p: [managed(p), replace(ROLE, refs={"managed_policy_arns": P})],
    ),
    "member by the group": (
        "user/kim",
        lambda p: [
            link("aws_iam_group_membership", {"name": "x"}, users=U, group=G),
            *inline("group", G)(p),
        ],
    ),
}


BOUNDARIES = {
    "boundary of a role": ("role/app", ROLE),
    "boundary of a user": ("user/kim", USER),
}


AT = f"eu-west-1:{HOME}"


class On(NamedTuple):
    """A resource, and the resource of its policy, which refers to it."""

    resource: Resource
    type: str
    attribute: str
    ref: str
    action: str
    arn: str

    def content(self, effect: str, ref: str) -> list[Resource]:
        policy = text(effect, self.action, Principal={"AWS": f"{IAM}:role/app"})
        return world(self.resource, link(self.type, {"policy": policy}, **{self.attribute: ref}))


RESOURCES = {
    name: On(Resource(f"{type_}.t", values, made=made), policy_type, attribute, ref, action, on)
    for name, type_, values, made, policy_type, attribute, ref, action, on in (
        (
            "bucket",
            "aws_s3_bucket",
            {"bucket": "depot"},
            {"arn": "arn:aws:s3:::depot", "id": "depot"},
            "aws_s3_bucket_policy",
            "bucket",
            "aws_s3_bucket.t.id",
            "s3:ListBucket",
            "arn:aws:s3:::depot",
        ),
        (
            "queue",
            "aws_sqs_queue",
            {"name": "jobs", "region": "eu-west-1"},
            {
                "arn": f"arn:aws:sqs:{AT}:jobs",
                "id": f"https://sqs.eu-west-1.amazonaws.com/{HOME}/jobs",
                "url": f"https://sqs.eu-west-1.amazonaws.com/{HOME}/jobs",
            },
            "aws_sqs_queue_policy",
            "queue_url",
            "aws_sqs_queue.t.url",
            "sqs:SendMessage",
            f"arn:aws:sqs:{AT}:jobs",
        ),
        (
            "topic",
            "aws_sns_topic",
            {"name": "news"},
            dict.fromkeys(("arn", "id"), f"arn:aws:sns:{AT}:news"),
            "aws_sns_topic_policy",
            "arn",
            "aws_sns_topic.t.arn",
            "sns:Publish",
            f"arn:aws:sns:{AT}:news",
        ),
        (
            "table",
            "aws_dynamodb_table",
            {"name": "rows"},
            {"arn": f"arn:aws:dynamodb:{AT}:table/rows", "id": "rows"},
            "aws_dynamodb_resource_policy",
            "resource_arn",
            "aws_dynamodb_table.t.arn",
            "dynamodb:GetItem",
            f"arn:aws:dynamodb:{AT}:table/rows",
        ),
        (
            "secret",
            "aws_secretsmanager_secret",
            {"name": "db"},
            dict.fromkeys(("arn", "id"), f"arn:aws:secretsmanager:{AT}:secret:db-AbCdEf"),
            "aws_secretsmanager_secret_policy",
            "secret_arn",
            "aws_secretsmanager_secret.t.id",
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:{AT}:secret:db-AbCdEf",
        ),
        (
            "repository",
            "aws_ecr_repository",
            {"name": "image"},
            {"arn": f"arn:aws:ecr:{AT}:repository/image", "id": "image"},
            "aws_ecr_repository_policy",
            "repository",
            "aws_ecr_repository.t.name",
            "ecr:BatchGetImage",
            f"arn:aws:ecr:{AT}:repository/image",
        ),
        (
            "file system",
            "aws_efs_file_system",
            {"encrypted": True},
            {"arn": f"arn:aws:elasticfilesystem:{AT}:file-system/fs-1", "id": "fs-1"},
            "aws_efs_file_system_policy",
            "file_system_id",
            "aws_efs_file_system.t.id",
            "elasticfilesystem:ClientMount",
            f"arn:aws:elasticfilesystem:{AT}:file-system/fs-1",
        ),
        (
            "key",
            "aws_kms_key",
            {"description": "x"},
            {"arn": f"arn:aws:kms:{AT}:key/1234", "id": "1234", "key_id": "1234"},
            "aws_kms_key_policy",
            "key_id",
            "aws_kms_key.t.key_id",
            "kms:Decrypt",
            f"arn:aws:kms:{AT}:key/1234",
        ),
    )
}


# AWS makes up a part of their ARNs: until then a question cannot name them.
MADE_LATER = {"aws_efs_file_system", "aws_kms_key", "aws_secretsmanager_secret"}


def ask(folder: Path, content: object, who: str, action: str, on: str = INSTANCE) -> Ruling:
    (folder / "plan.json").write_text(json.dumps(content))
    opened = open_repository(Config(root=folder, here=folder, account=HOME))
    return opened.account.ask(opened.subject(who), [action], on).ruling


def world(*more: Resource) -> list[Resource]:
    """Return the principals and their linked resources, each address once."""
    return list({one.address: one for one in (ROLE, USER, GROUP, *more)}.values())


def hidden(of: list[Resource]) -> list[tuple[str, list[Resource]]]:
    """Return the same resources, each time with one reference that the plan does not follow."""
    return [
        (
            f"{one.address}.{name}",
            [
                replace(each, refs={**each.refs, name: NOTHING_KNOWN}) if each is one else each
                for each in of
            ],
        )
        for one in of
        for name in one.refs
    ]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("who", "make"), IDENTITIES.values(), ids=IDENTITIES)
def test_policy_counts_for_who_holds_it(
    who: str,
    make: Callable[[str], list[Resource]],
    form: Callable[[list[Resource]], object],
    tmp_path: Path,
) -> None:
    allows = form(world(*make(text("Allow", STOP))))
    denies = form(world(*make(text("Deny", STOP)), *EVERYTHING))

    assert ask(tmp_path, allows, who, STOP) is ALLOWED
    assert ask(tmp_path, allows, who, START) is DENIED
    assert ask(tmp_path, denies, who, STOP) is DENIED
    assert ask(tmp_path, denies, who, START) is ALLOWED


@pytest.mark.parametrize(("who", "make"), IDENTITIES.values(), ids=IDENTITIES)
def test_policy_whose_holder_is_not_known_may_count(
    who: str, make: Callable[[str], list[Resource]], tmp_path: Path
) -> None:
    for allows, denies in zip(
        hidden(make(text("Allow", STOP))), hidden(make(text("Deny", STOP))), strict=True
    ):
        if "users" in allows[0]:
            continue  # it is not about who is asked
        assert ask(tmp_path, new_plan(world(*allows[1])), who, STOP) is DEPENDS, allows[0]
        denied = ask(tmp_path, new_plan(world(*denies[1], *EVERYTHING)), who, STOP)
        assert denied is DEPENDS, denies[0]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("who", "holder"), BOUNDARIES.values(), ids=BOUNDARIES)
def test_boundary_limits_who_has_it(
    who: str,
    holder: Resource,
    form: Callable[[list[Resource]], object],
    tmp_path: Path,
) -> None:
    bound = replace(holder, refs={"permissions_boundary": P})
    content = form(world(bound, managed(text("Allow", STOP)), *EVERYTHING))

    assert ask(tmp_path, content, who, STOP) is ALLOWED
    assert ask(tmp_path, content, who, START) is DENIED


@pytest.mark.parametrize(("who", "holder"), BOUNDARIES.values(), ids=BOUNDARIES)
def test_boundary_that_is_not_known_may_limit(who: str, holder: Resource, tmp_path: Path) -> None:
    bound = replace(holder, refs={"permissions_boundary": NOTHING_KNOWN})
    content = new_plan(world(bound, managed(text("Allow", STOP)), *EVERYTHING))

    assert ask(tmp_path, content, who, STOP) is DEPENDS


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("on", RESOURCES.values(), ids=RESOURCES)
def test_policy_of_a_resource_meets_it(
    on: On, form: Callable[[list[Resource]], object], tmp_path: Path
) -> None:
    is_made_later = form in NEW.values() and on.resource.type in MADE_LATER
    allows = form(on.content("Allow", on.ref))
    denies = form([*on.content("Deny", on.ref), *EVERYTHING])

    allowed = ask(tmp_path, allows, "role/app", on.action, on.arn)
    denied = ask(tmp_path, denies, "role/app", on.action, on.arn)

    assert allowed is (DEPENDS if is_made_later else ALLOWED)
    assert denied is (DEPENDS if is_made_later else DENIED)


@pytest.mark.parametrize("on", RESOURCES.values(), ids=RESOURCES)
def test_policy_of_a_resource_that_is_not_known_may_meet_it(on: On, tmp_path: Path) -> None:
    allows = new_plan(on.content("Allow", NOTHING_KNOWN))
    denies = new_plan([*on.content("Deny", NOTHING_KNOWN), *EVERYTHING])

    assert ask(tmp_path, allows, "role/app", on.action, on.arn) is DEPENDS
    assert ask(tmp_path, denies, "role/app", on.action, on.arn) is DEPENDS


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_service_control_policy_limits_the_account_that_it_is_attached_to(
    form: Callable[[list[Resource]], object], tmp_path: Path
) -> None:
    def content(target: str) -> object:
        policy = Resource(
            "aws_organizations_policy.s",
            {"name": "s", "content": text("Deny", STOP)},
            made={
                "id": "p-12345678",
                "arn": f"arn:aws:organizations::{HOME}:policy/o-1/s/p-12345678",
            },
        )
        stands = link(
            "aws_organizations_policy_attachment",
            {"target_id": target},
            policy_id="aws_organizations_policy.s.id",
        )
        return form(world(policy, stands, *EVERYTHING))

    assert ask(tmp_path, content(HOME), "role/app", STOP) is DENIED
    assert ask(tmp_path, content(HOME), "role/app", START) is ALLOWED
    assert ask(tmp_path, content("444455556666"), "role/app", STOP) is ALLOWED
    assert ask(tmp_path, content("ou-ab12-11111111"), "role/app", STOP) is DEPENDS


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_permission_of_a_function_meets_it(
    form: Callable[[list[Resource]], object], tmp_path: Path
) -> None:
    arn = f"arn:aws:lambda:{AT}:function:work"
    function = Resource(
        "aws_lambda_function.t", {"function_name": "work"}, made={"arn": arn, "id": "work"}
    )
    allows = {"action": "lambda:InvokeFunction", "principal": "sns.amazonaws.com"}
    permission = link("aws_lambda_permission", allows, function_name="aws_lambda_function.t.arn")
    hidden_one = link("aws_lambda_permission", allows, function_name=NOTHING_KNOWN)

    def answer(content: object) -> Ruling:
        return ask(tmp_path, content, "sns.amazonaws.com", "lambda:InvokeFunction", arn)

    assert answer(form([function, permission, ROLE])) is ALLOWED
    assert answer(new_plan([function, hidden_one, ROLE])) is DEPENDS


@pytest.mark.parametrize("form", [state, shown_state, known_plan])
def test_policy_of_an_endpoint_counts_for_who_comes_through_it(
    form: Callable[[list[Resource]], object], tmp_path: Path
) -> None:
    arn = f"arn:aws:ec2:{AT}:vpc-endpoint/vpce-0123456789abcdef0"
    endpoint = Resource(
        "aws_vpc_endpoint.t", {"vpc_id": "vpc-1"}, made={"arn": arn, "id": "vpce-0123456789abcdef0"}
    )
    denies = link(
        "aws_vpc_endpoint_policy",
        {"policy": text("Deny", "sqs:*", Principal="*")},
        vpc_endpoint_id="aws_vpc_endpoint.t.id",
    )
    (tmp_path / "plan.json").write_text(json.dumps(form(world(endpoint, denies, *EVERYTHING))))
    account = open_repository(Config(root=tmp_path, here=tmp_path, account=HOME))
    queue, who = f"arn:aws:sqs:{AT}:jobs", account.subject("role/app")
    through = {"aws:SourceVpce": "vpce-0123456789abcdef0"}

    answer = account.account.ask(who, ["sqs:SendMessage"], queue, context=through)

    assert answer.ruling is DENIED


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_resource_control_policy_limits_the_account_that_it_is_attached_to(
    form: Callable[[list[Resource]], object], tmp_path: Path
) -> None:
    content = text("Deny", "s3:GetObject", Principal="*")
    policy = Resource(
        "aws_organizations_policy.s",
        {"name": "s", "type": "RESOURCE_CONTROL_POLICY", "content": content},
        made={"id": "p-12345678"},
    )
    stands = link(
        "aws_organizations_policy_attachment",
        {"target_id": HOME},
        policy_id="aws_organizations_policy.s.id",
    )
    made = form(world(policy, stands, *EVERYTHING))

    assert ask(tmp_path, made, "role/app", "s3:GetObject", "arn:aws:s3:::b/k") is DENIED
    assert ask(tmp_path, made, "role/app", "s3:PutObject", "arn:aws:s3:::b/k") is ALLOWED


@pytest.mark.parametrize(
    ("policy", "ruling"), [("p-FullAWSAccess", ALLOWED), ("p-87654321", DEPENDS)]
)
def test_policy_of_an_organization_that_is_known_by_its_id_may_forbid(
    policy: str, ruling: Ruling, tmp_path: Path
) -> None:
    stands = link("aws_organizations_policy_attachment", {"target_id": HOME, "policy_id": policy})

    assert ask(tmp_path, state(world(stands, *EVERYTHING)), "role/app", STOP) is ruling


def test_role_of_a_profile_is_the_one_that_it_names(tmp_path: Path) -> None:
    profile = Resource("aws_iam_instance_profile.x", {"name": "box"}, {"role": R})

    for form in FORMS.values():
        (tmp_path / "plan.json").write_text(json.dumps(form(world(profile))))
        opened = open_repository(Config(root=tmp_path, here=tmp_path, account=HOME))
        assert opened.account.accounts.profiles["instance-profile/box"] == "role/app"


def test_managed_policy_of_cloud_control_says_who_holds_it(tmp_path: Path) -> None:
    values = {"managed_policy_name": "p", "policy_document": text("Deny", STOP)}
    denies = Resource("awscc_iam_managed_policy.p", values, {"roles": R})

    for form in (state, known_plan, new_plan):
        assert ask(tmp_path, form(world(denies, *EVERYTHING)), "role/app", STOP) is DENIED


CLOUD_CONTROL = {
    "policy of the role": {
        "policies": [{"policy_name": "x", "policy_document": text("Deny", STOP)}]
    },
    "attached by the role": {"managed_policy_arns": [f"{IAM}:policy/p"]},
    "boundary": {"permissions_boundary": f"{IAM}:policy/p"},
}


@pytest.mark.parametrize("more", CLOUD_CONTROL.values(), ids=CLOUD_CONTROL)
def test_role_of_cloud_control_has_the_same_links(
    more: Mapping[str, object], tmp_path: Path
) -> None:
    values = {"role_name": "app", "path": "/", "assume_role_policy_document": TRUST, **more}
    own = Resource("awscc_iam_role.r", values, made={"arn": f"{IAM}:role/app", "id": "app"})
    arn = f"{IAM}:policy/p"
    denies = Resource(
        "awscc_iam_managed_policy.p",
        {"managed_policy_name": "p", "policy_document": text("Deny", STOP)},
        made={"policy_arn": arn, "id": arn},
    )

    for form in (state, known_plan):
        assert ask(tmp_path, form([own, denies, *EVERYTHING]), "role/app", STOP) is DENIED


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_permission_set_is_a_role_in_the_account_that_it_is_assigned_in(
    form: Callable[[list[Resource]], object], tmp_path: Path
) -> None:
    arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
    made = Resource(
        "aws_ssoadmin_permission_set.s",
        {"name": "Ops", "session_duration": "PT2H"},
        made={"arn": arn, "id": "x"},
    )
    named = {"permission_set_arn": "aws_ssoadmin_permission_set.s.arn"}
    assigned = Resource(
        "aws_ssoadmin_account_assignment.a",
        {"target_id": HOME, "target_type": "AWS_ACCOUNT"},
        named,
    )
    inline_policy = Resource(
        "aws_ssoadmin_permission_set_inline_policy.i", {"inline_policy": text("Allow", STOP)}, named
    )
    (tmp_path / "plan.json").write_text(json.dumps(form([made, assigned, inline_policy])))
    opened = open_repository(Config(root=tmp_path, here=tmp_path, account=HOME))
    (name,) = [one for one in opened.account.accounts.identities if "Ops_" in one]

    answer = opened.account.ask(opened.subject(name), [STOP], INSTANCE)

    assert name.startswith("role/AWSReservedSSO_Ops_")
    role = opened.account.accounts.identities[name]
    assert (role.account, role.max_session) == (HOME, 7200)
    assert answer.ruling is ALLOWED


SET = "aws_ssoadmin_permission_set.s"
OF_SET = {"permission_set_arn": f"{SET}.arn"}
PERMISSION_SET = (
    Resource(SET, {"name": "Ops"}, made={"arn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1"}),
    Resource("aws_ssoadmin_account_assignment.a", {"target_id": HOME}, OF_SET),
    Resource(
        "aws_ssoadmin_permission_set_inline_policy.i", {"inline_policy": text("Allow", "*")}, OF_SET
    ),
)
OWN_POLICY = [{"name": "p", "path": "/"}]
SET_LINKS: dict[str, Resource] = {
    "managed policy of AWS": Resource(
        "aws_ssoadmin_managed_policy_attachment.l",
        {"managed_policy_arn": "arn:aws:iam::aws:policy/AWSDenyAll"},
        OF_SET,
    ),
    "managed policies of AWS": Resource(
        "aws_ssoadmin_managed_policy_attachments_exclusive.l",
        {"managed_policy_arns": ["arn:aws:iam::aws:policy/AWSDenyAll"]},
        OF_SET,
    ),
    "policies of the account": Resource(
        "aws_ssoadmin_customer_managed_policy_attachments_exclusive.l",
        {"customer_managed_policy_reference": [{"name": "other", "path": "/"}, *OWN_POLICY]},
        OF_SET,
    ),
    "policy of the account": Resource(
        "aws_ssoadmin_customer_managed_policy_attachment.l",
        {"customer_managed_policy_reference": OWN_POLICY},
        OF_SET,
    ),
    "boundary of AWS": Resource(
        "aws_ssoadmin_permissions_boundary_attachment.l",
        {"permissions_boundary": [{"managed_policy_arn": "arn:aws:iam::aws:policy/AWSDenyAll"}]},
        OF_SET,
    ),
    "boundary of the account": Resource(
        "aws_ssoadmin_permissions_boundary_attachment.l",
        {"permissions_boundary": [{"customer_managed_policy_reference": OWN_POLICY}]},
        OF_SET,
    ),
}


@pytest.mark.parametrize("linked", SET_LINKS.values(), ids=SET_LINKS)
@pytest.mark.parametrize("form", [state, known_plan, new_plan])
def test_roles_of_a_permission_set_have_what_is_attached_to_it(
    form: Callable[[list[Resource]], object], linked: Resource, tmp_path: Path
) -> None:
    resources = [*PERMISSION_SET, managed(text("Deny", STOP)), linked]
    (tmp_path / "plan.json").write_text(json.dumps(form(resources)))
    opened = open_repository(Config(root=tmp_path, here=tmp_path, account=HOME))
    (name,) = [one for one in opened.account.accounts.identities if "Ops_" in one]

    assert opened.account.ask(opened.subject(name), [STOP], INSTANCE).ruling is DENIED


def test_permission_set_of_another_file_may_be_any_and_its_policy_that_of_any_of_their_roles(
    tmp_path: Path,
) -> None:
    elsewhere = {"permission_set_arn": "arn:aws:sso:::permissionSet/ssoins-1/ps-2"}
    denies = Resource(
        "aws_ssoadmin_permission_set_inline_policy.j",
        {"inline_policy": text("Deny", STOP), **elsewhere},
    )
    (tmp_path / "plan.json").write_text(json.dumps(state([*PERMISSION_SET, denies, *world()])))
    opened = open_repository(Config(root=tmp_path, here=tmp_path, account=HOME))
    (name,) = [one for one in opened.account.accounts.identities if "Ops_" in one]

    assert opened.account.ask(opened.subject(name), [STOP], INSTANCE).ruling is DEPENDS
    assert opened.account.ask(opened.subject("role/app"), [STOP], INSTANCE).ruling is DENIED


def test_tags_of_cloud_control_are_those_of_the_role(tmp_path: Path) -> None:
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "a"}}
    values = {
        "role_name": "app",
        "path": "/",
        "assume_role_policy_document": TRUST,
        "tags": [{"key": "team", "value": "a"}, {"key": "none"}],
        "policies": [
            {"policy_name": "x", "policy_document": text("Allow", STOP, Condition=tagged)}
        ],
    }
    role = Resource("awscc_iam_role.r", values, made={"arn": f"{IAM}:role/app", "id": "app"})

    for form in (state, known_plan):
        assert ask(tmp_path, form([role]), "role/app", STOP) is ALLOWED


NOT_DESCRIBED = {
    "URL of a queue": (
        "aws_sqs_queue_policy.p",
        {"queue_url": f"https://sqs.eu-west-1.amazonaws.com/{HOME}/jobs"},
        ("AWS::SQS::Queue", f"arn:*:sqs:eu-west-1:{HOME}:jobs"),
    ),
    "bucket": (
        "aws_s3_bucket_policy.p",
        {"bucket": "depot"},
        ("AWS::S3::Bucket", "arn:*:s3:::depot"),
    ),
    "bucket of directories": (
        "aws_s3_bucket_policy.p",
        {"bucket": "depot--euw1-az1--x-s3"},
        (
            "AWS::S3Express::DirectoryBucket",
            "arn:*:s3express:*:*:bucket/depot--euw1-az1--x-s3",
        ),
    ),
    "ARN": (
        "aws_sns_topic_policy.p",
        {"arn": f"arn:aws:sns:eu-west-1:{HOME}:t"},
        ("AWS::SNS::Topic", f"arn:aws:sns:eu-west-1:{HOME}:t"),
    ),
    "name with an account": (
        "aws_ecr_repository_policy.p",
        {"repository": "a:b"},
        ("AWS::ECR::Repository", None),
    ),
}


@pytest.mark.parametrize("form", NOT_DESCRIBED)
def test_policy_is_that_of_the_resource_that_it_names_and_no_file_describes(form: str) -> None:
    address, values, expected = NOT_DESCRIBED[form]
    stands = Resource(address, {**values, "policy": text("Allow", "*", Principal="*")})
    found = load(
        ["-"], LoadOptions(stdin=json.dumps(state([stands])).encode(), stdin_name="s.tfstate")
    )
    (about,) = [one.attachment for one in found.documents]

    assert (about.resource_type, None if about.arn is None else glob_of(about.arn)) == expected


LINKS_ALONE: dict[str, tuple[Resource, list[tuple[str, str]]]] = {
    "membership": (
        Resource("aws_iam_user_group_membership.m", {"user": "kim", "groups": ["ops"]}),
        [("user/kim", "group/ops")],
    ),
    "attachment": (
        Resource("aws_iam_role_policy_attachment.a", {"role": "app", "policy_arn": "arn:x"}),
        [("role/app", "arn:x")],
    ),
    "membership of Cloud Control": (
        Resource("awscc_iam_user_to_group_addition.m", {"users": ["kim"], "group_name": "ops"}),
        [("user/kim", "group/ops")],
    ),
}


@pytest.mark.parametrize("one", LINKS_ALONE)
@pytest.mark.parametrize("form", [state, shown_state, known_plan])
def test_state_that_only_links_is_read_though_it_holds_no_policy(
    form: Callable[[list[Resource]], object], one: str, tmp_path: Path
) -> None:
    resource, expected = LINKS_ALONE[one]
    (tmp_path / "state.json").write_text(json.dumps(form([resource])))

    found = load(["."], LoadOptions(root=tmp_path, here=tmp_path)).links

    assert [(str(link.holder), str(link.target)) for link in found] == expected


@pytest.mark.parametrize("form", [state, shown_state, known_plan])
def test_state_that_only_attaches_policies_of_an_organization_leaves_open_what_they_say(
    form: Callable[[list[Resource]], object], tmp_path: Path
) -> None:
    attached = link(
        "aws_organizations_policy_attachment", {"target_id": HOME, "policy_id": "p-87654321"}
    )
    (tmp_path / "roles/app").mkdir(parents=True)
    (tmp_path / "roles/app/all.json").write_text(text("Allow", "*"))

    assert ask(tmp_path, form([attached]), "role/app", STOP) is DEPENDS
