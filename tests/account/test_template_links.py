"""Answers about roles and resources of templates, for each form in which a link is written.

The linked policy is a Deny or the only Allow. If the file gives the name, the answer follows it. If
not, the answer is open if the policy could change it, and stays if it could not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from tests.account.holding_texts import HOME, OTHER, allow, deny, policy, trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.repository import Repository

    Open = Callable[..., Repository]
    JSON = dict[str, object]

OBJECT = "arn:aws:s3:::depot/key"
QUEUE = f"arn:aws:sqs:eu-west-1:{HOME}:jobs"
PARAMETERS = {"Target": {"Type": "String", "Default": "app"}}
CONDITIONS = {"C": {"Fn::Equals": [{"Ref": "Target"}, "x"]}}


def template(resources: JSON, **sections: object) -> JSON:
    return {"Resources": resources, "Parameters": PARAMETERS, "Conditions": CONDITIONS, **sections}


def role(name: str | None = "app", **more: object) -> JSON:
    properties = {"AssumeRolePolicyDocument": trust({"Service": "ec2.amazonaws.com"}), **more}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": name, **properties} if name else properties,
    }


def held(document: JSON, **more: object) -> JSON:
    properties = {"PolicyName": "p", "PolicyDocument": document, **more}
    return {"Type": "AWS::IAM::Policy", "Properties": properties}


BASE = held(policy(allow("s3:*"), allow("sqs:*"), allow("ec2:*")), Roles=["app"])
ALLOW = policy(allow("s3:GetObject"))
DENY = policy(deny("s3:GetObject"))
ELSEWHERE = policy(deny("s3:PutObject"))

IMPORT = {"Fn::ImportValue": "role"}
EXPORT = {"X": {"Value": {"Ref": "App"}, "Export": {"Name": "role"}}}
KNOWN: dict[str, object] = {
    "Ref": {"Ref": "App"},
    "Sub": {"Fn::Sub": "${App}"},
    "name": "app",
    "part of the ARN": {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": ["App", "Arn"]}]}]},
    "import": IMPORT,
    "either branch": {"Fn::If": ["C", {"Ref": "App"}, {"Fn::Sub": "${App}"}]},
}
UNKNOWN: dict[str, object] = {
    "parameter": {"Ref": "Target"},
    "part of a parameter": {"Fn::Sub": "a${Target}"},
    "dynamic reference": "{{resolve:ssm:/role}}",
    "import of nothing": {"Fn::ImportValue": "nothing"},
    "output of a stack": {"Fn::GetAtt": ["Stack", "Outputs.Role"]},
}


def ask(opened: Repository, who: str, action: str = "s3:GetObject", on: str = OBJECT) -> Ruling:
    return opened.account.ask(opened.subject(who), [action], on).ruling


@pytest.mark.parametrize("form", KNOWN)
@pytest.mark.parametrize("named", [True, False])
def test_a_role_holds_what_is_attached_to_it(form: str, named: bool, repository: Open) -> None:  # noqa: FBT001
    if form == "name" and not named:
        pytest.skip("a role without a name is known by references only")
    roles: JSON = {"App": role("app" if named else None), "Other": role("other")}
    base = held(policy(allow("s3:*")), Roles=[{"Ref": "App"}])
    value = KNOWN[form]
    who = "role/app" if named else "role/App"
    denied: JSON = {"Base": base, "P": held(DENY, Roles=[value])}
    granted: JSON = {"P": held(ALLOW, Roles=[value])}

    def opened(linked: JSON) -> Repository:
        return repository({"a.json": template({**roles, **linked}, Outputs=EXPORT)})

    assert ask(opened(denied), who) is Ruling.DENIED
    assert ask(opened(granted), who) is Ruling.ALLOWED
    assert ask(opened(granted), "role/other") is Ruling.DENIED


@pytest.mark.parametrize("form", UNKNOWN)
@pytest.mark.parametrize("kind", ["inline", "managed"])
def test_an_unknown_holder_leaves_open_what_the_policy_could_change(
    form: str, kind: str, repository: Open
) -> None:
    value = UNKNOWN[form]

    def opened(document: JSON, *, base: bool) -> Repository:
        linked = held(document, Roles=[value])
        if kind == "managed":
            linked["Type"] = "AWS::IAM::ManagedPolicy"
        resources = {"App": role(), "B": role("b"), "P": linked}
        return repository({"a.json": template({**resources, **({"Base": BASE} if base else {})})})

    assert ask(opened(DENY, base=True), "role/app") is Ruling.DEPENDS
    assert ask(opened(ALLOW, base=False), "role/app") is Ruling.DEPENDS
    assert ask(opened(ELSEWHERE, base=True), "role/app") is Ruling.ALLOWED
    assert ask(opened(DENY, base=False), "role/app") is Ruling.DENIED
    if form == "part of a parameter":
        assert ask(opened(ALLOW, base=False), "role/b") is Ruling.DENIED


LIMIT = {
    "Type": "AWS::IAM::ManagedPolicy",
    "Properties": {"PolicyDocument": policy(allow("ec2:*"))},
}
BOUNDARIES: dict[str, tuple[object, Ruling]] = {
    "Ref": ({"Ref": "Limit"}, Ruling.DENIED),
    "Sub": ({"Fn::Sub": "${Limit}"}, Ruling.DENIED),
    "attribute": ({"Fn::GetAtt": ["Limit", "PolicyArn"]}, Ruling.DENIED),
    "import": ({"Fn::ImportValue": "limit"}, Ruling.DENIED),
    "parameter": ({"Ref": "Target"}, Ruling.DEPENDS),
    "condition": (
        {"Fn::If": ["C", {"Ref": "Limit"}, {"Ref": "AWS::NoValue"}]},
        Ruling.DEPENDS,
    ),
}


@pytest.mark.parametrize("form", BOUNDARIES)
def test_a_boundary_limits_its_role(form: str, repository: Open) -> None:
    value, ruling = BOUNDARIES[form]
    exports = {"L": {"Value": {"Ref": "Limit"}, "Export": {"Name": "limit"}}}
    resources = {"Limit": LIMIT, "App": role(PermissionsBoundary=value), "Base": BASE}

    opened = repository({"a.json": template(resources, Outputs=exports)})

    assert ask(opened, "role/app") is ruling


PLACES: dict[str, tuple[object, Ruling]] = {
    "Ref": ({"Ref": "Jobs"}, Ruling.DEPENDS),
    "URL": (f"https://sqs.eu-west-1.amazonaws.com/{HOME}/jobs", Ruling.DENIED),
    "import": ({"Fn::ImportValue": "jobs"}, Ruling.DEPENDS),
    "parameter": ({"Ref": "Target"}, Ruling.DEPENDS),
    "other": (f"https://sqs.eu-west-1.amazonaws.com/{HOME}/other", Ruling.ALLOWED),
}


@pytest.mark.parametrize("form", PLACES)
def test_a_queue_has_its_policy(form: str, repository: Open) -> None:
    value, ruling = PLACES[form]
    text = policy({**deny("sqs:SendMessage"), "Principal": "*"})
    resources: JSON = {
        "App": role(),
        "Base": BASE,
        "Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}},
        "P": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [value], "PolicyDocument": text},
        },
    }
    exports = {"Q": {"Value": {"Ref": "Jobs"}, "Export": {"Name": "jobs"}}}

    opened = repository({"a.json": template(resources, Outputs=exports)})

    found = ask(opened, "role/app", "sqs:SendMessage", QUEUE)
    # The region of a stack is not written in its template, and the question gives one.
    assert found in ({ruling, Ruling.DENIED} if ruling is Ruling.DEPENDS else {ruling})
    assert ask(opened, "role/app", "sqs:ReceiveMessage", QUEUE) is Ruling.ALLOWED


def test_a_bucket_without_a_name_is_not_every_bucket(repository: Open) -> None:
    text = policy({**deny("s3:*"), "Principal": "*"})
    resources: JSON = {
        "App": role(),
        "Base": BASE,
        "Assets": {"Type": "AWS::S3::Bucket"},
        "P": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": "Assets"}, "PolicyDocument": text},
        },
    }

    opened = repository({"a.json": template(resources)})

    assert ask(opened, "role/app") is Ruling.ALLOWED
    assert ask(opened, "role/app", on="arn:aws:s3:::shop-assets-1a2b/k") is not Ruling.ALLOWED


def test_two_exports_of_one_name_leave_open_which_it_is(repository: Open) -> None:
    files = {
        "one.json": template({"App": role(), "Base": BASE}, Outputs=EXPORT),
        "two.json": template({"App": role("other")}, Outputs=EXPORT),
        "guard.json": template({"P": held(DENY, Roles=[IMPORT])}),
    }

    assert ask(repository(files), "role/app") is Ruling.DEPENDS


def test_exports_of_the_own_account_are_meant(repository: Open) -> None:
    files = {
        "one.json": template({"App": role(), "Base": BASE}, Outputs=EXPORT),
        f"accounts/{OTHER}/two.json": template({"App": role("other")}, Outputs=EXPORT),
        "guard.json": template({"P": held(DENY, Roles=[IMPORT])}),
    }

    assert ask(repository(files), "role/app") is Ruling.DENIED


STACK_SETS: dict[str, tuple[JSON, Ruling]] = {
    "the own account": ({"Accounts": [HOME]}, Ruling.DENIED),
    "another account": ({"Accounts": [OTHER]}, Ruling.ALLOWED),
    "a unit": ({"OrganizationalUnitIds": ["ou-ab12-34"]}, Ruling.DEPENDS),
}


@pytest.mark.parametrize("form", STACK_SETS)
def test_a_stack_set_reaches_the_accounts_that_it_names(form: str, repository: Open) -> None:
    targets, ruling = STACK_SETS[form]
    stack_set = {
        "Type": "AWS::CloudFormation::StackSet",
        "Properties": {
            "TemplateBody": json.dumps({"Resources": {"P": held(DENY, Roles=["app"])}}),
            "StackInstancesGroup": [{"DeploymentTargets": targets, "Regions": ["eu-west-1"]}],
        },
    }

    opened = repository({"a.json": template({"App": role(), "Base": BASE, "S": stack_set})})

    assert ask(opened, "role/app") is ruling


def test_the_role_of_a_permission_set_is_asked_about_by_its_whole_name(repository: Open) -> None:
    resources: JSON = {
        "Ops": {
            "Type": "AWS::SSO::PermissionSet",
            "Properties": {"Name": "Ops", "InlinePolicy": policy(allow("s3:Get*"))},
        },
        "Own": {
            "Type": "AWS::SSO::Assignment",
            "Properties": {
                "PermissionSetArn": {"Fn::GetAtt": ["Ops", "PermissionSetArn"]},
                "TargetId": HOME,
                "TargetType": "AWS_ACCOUNT",
            },
        },
    }
    name = "role/AWSReservedSSO_Ops_0123456789abcdef"

    opened = repository({"a.json": template(resources)})

    assert ask(opened, name) is Ruling.ALLOWED
    assert ask(opened, name, "s3:PutObject") is Ruling.DENIED
    assert any("is assumed to be" in note for note in opened.subject(name).assumed)


@pytest.mark.parametrize("declared", ["", '[resources."arn:aws:s3:::depot"]\n'])
@pytest.mark.parametrize(
    "text",
    [
        {"PolicyDocument": {"Ref": "Target"}},
        {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}},
    ],
)
def test_a_resource_policy_whose_text_is_not_known_stays_open(
    text: JSON, declared: str, repository: Open
) -> None:
    on_bucket = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "depot", **text}}
    resources: JSON = {"App": role(), "Base": BASE, "P": on_bucket}

    opened = repository({"a.json": template(resources)}, f'account = "{HOME}"\n{declared}')

    assert ask(opened, "role/app") is Ruling.DEPENDS


# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
@pytest.mark.parametrize(
    ("first", "second", "ruling"),
    [
        (["a"], ["pp"], Ruling.DENIED),
        (["x", "a"], ["pp", "y"], Ruling.DENIED),
        (["x"], ["pp"], Ruling.ALLOWED),
        (["a"], {"Ref": "Target"}, Ruling.DEPENDS),
        ({"Ref": "Target"}, ["pp"], Ruling.DEPENDS),
    ],
)
def test_a_loop_in_a_loop_makes_what_its_turns_name(
    first: object, second: object, ruling: Ruling, repository: Callable[..., Repository]
) -> None:
    inner = {"P${A}${B}": held(DENY, Roles=[{"Fn::Sub": "${A}${B}"}])}
    loops: JSON = {"Fn::ForEach::One": ["A", first, {"Fn::ForEach::Two": ["B", second, inner]}]}
    stack = template({"App": role(), "Base": BASE, **loops}, Transform="AWS::LanguageExtensions")
    opened = repository({"stack.json": json.dumps(stack)})
    answer = opened.account.ask(opened.subject("role/app"), ["s3:GetObject"], OBJECT)

    assert answer.ruling is ruling
