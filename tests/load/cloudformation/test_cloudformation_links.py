"""Each form of a reference in each place that links: it has the exact name, or stays open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.load import Loaded, LoadOptions, load
from iamlint.load.link import Link, LinkKind, Name, glob_of, key_of_name, parts_of, shown
from iamlint.policy.pattern import pattern_of
from iamlint.text.source import Pseudo, Unknown, join_parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iamlint.load.link import Held, Ref

JSON = dict[str, Any]
DENY: JSON = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}],
}
TRUST: JSON = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
}
ACCOUNT = "111122223333"

ROLE: JSON = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
NAMED: JSON = {
    "Type": "AWS::IAM::Role",
    "Properties": {"RoleName": "app", "AssumeRolePolicyDocument": TRUST},
}
FUNCTION: JSON = {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b"}}


def policy(**more: object) -> JSON:
    properties = {"PolicyName": "p", "PolicyDocument": DENY, **more}
    return {"Type": "AWS::IAM::Policy", "Properties": properties}


def template(resources: JSON, **sections: object) -> str:
    body = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, **sections}
    return json.dumps(body)


def loaded(folder: Path, files: Mapping[str, str]) -> Loaded:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load([folder], LoadOptions(here=folder, root=folder))


def bound(found: Loaded, name: Name) -> Name:
    """Return the value of a name when the files are read together."""
    values = {one.identity: one.value for one in found.bindings}
    for _ in range(8):
        name = join_parts(
            part if isinstance(part, str) else values.get(part.identity or "", part)
            for part in parts_of(name)
        )
    return name


def key(found: Loaded, ref: Ref) -> str | None:
    return key_of_name(bound(found, ref.name))


def holders(found: Loaded) -> list[Held]:
    return [
        held
        for document in found.documents
        if document.kind.value == "identity"
        for held in document.attachment.holders
    ]


def of_kind(found: Loaded, kind: LinkKind) -> list[Link]:
    return [link for link in found.links if link.kind is kind]


SAME_ROLE: dict[str, object] = {
    "Ref": {"Ref": "App"},
    "Sub": {"Fn::Sub": "${App}"},
    "Join": {"Fn::Join": ["", [{"Ref": "App"}]]},
    "Select of Split of the ARN": {
        "Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": ["App", "Arn"]}]}]
    },
    "Select of Split of the ARN in a Sub": {
        "Fn::Select": ["1", {"Fn::Split": ["/", {"Fn::Sub": "${App.Arn}"}]}]
    },
    "Select of a list": {"Fn::Select": [0, [{"Ref": "App"}, "other"]]},
}
ROLES = {"role without a name": ROLE, "role with a name": NAMED}


@pytest.mark.parametrize("form", SAME_ROLE)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", ["Roles", "the list", "RoleName", "profile"])
def test_a_reference_in_the_template_is_the_name_of_its_resource(
    form: str, role: str, place: str, tmp_path: Path
) -> None:
    value = SAME_ROLE[form]
    linking: JSON = {
        "Roles": policy(Roles=[value]),
        "the list": policy(Roles={"Fn::Split": [",", {"Fn::Join": [",", [value]]}]}),
        "RoleName": {
            "Type": "AWS::IAM::RolePolicy",
            "Properties": {"RoleName": value, "PolicyName": "p", "PolicyDocument": DENY},
        },
        "profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [value]}},
    }[place]
    found = loaded(tmp_path, {"a.json": template({"App": ROLES[role], "P": linking})})

    (node,) = [node for node in found.nodes if node.ref.thing.value == "role"]
    refs = [held.ref for held in holders(found)]
    refs += [link.target for link in of_kind(found, LinkKind.PROFILE)]
    assert [(key(found, one), one.scope) for one in refs] == [(key(found, node.ref), "a.json#")]
    assert key(found, node.ref) is not None


@pytest.mark.parametrize("role", ROLES)
def test_the_arn_of_a_role_holds_its_name(role: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, {"a.json": template({"App": ROLES[role]})})

    (node,) = found.nodes
    assert node.arn is not None
    assert pattern_of(node.arn).endswith(f":role/{pattern_of(node.ref.name)}")


IMPORTED: dict[str, object] = {
    "literal": {"Fn::ImportValue": "app-role"},
    "Sub without variables": {"Fn::ImportValue": {"Fn::Sub": "app-role"}},
    "Join": {"Fn::ImportValue": {"Fn::Join": ["-", ["app", "role"]]}},
}


@pytest.mark.parametrize("form", IMPORTED)
@pytest.mark.parametrize("role", ROLES)
def test_an_import_is_what_another_template_exports(form: str, role: str, tmp_path: Path) -> None:
    exports = {"X": {"Value": {"Ref": "App"}, "Export": {"Name": "app-role"}}}
    files = {
        "roles.json": template({"App": ROLES[role]}, Outputs=exports),
        "guard.json": template({"P": policy(Roles=[IMPORTED[form]])}),
    }

    found = loaded(tmp_path, files)

    (node,) = found.nodes
    assert [key(found, held.ref) for held in holders(found)] == [key(found, node.ref)]


@pytest.mark.parametrize("written", ['{"Fn::ImportValue":"bucket"}', "!ImportValue bucket"])
def test_an_import_is_known_from_a_template_without_policies(written: str, tmp_path: Path) -> None:
    exports = {"X": {"Value": {"Ref": "Depot"}, "Export": {"Name": "bucket"}}}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "depot"}}
    on_bucket = f"""
Resources:
  P:
    Type: AWS::S3::BucketPolicy
    Properties: {{Bucket: {written}, PolicyDocument: {json.dumps(DENY)}}}
"""
    on_bucket = on_bucket.replace(
        "{Bucket: !ImportValue bucket,", '{Bucket: !ImportValue "bucket",'
    )
    files = {"a.json": template({"Depot": bucket}, Outputs=exports), "b.yaml": on_bucket}

    found = loaded(tmp_path, files)

    (document,) = found.documents
    arn = bound(found, document.attachment.arn or "")
    assert shown(arn) == "arn:${AWS::Partition}:s3:::depot"


OPEN: dict[str, object] = {
    "parameter": {"Ref": "Target"},
    "list of a parameter": {"Ref": "Targets"},
    "part of a parameter": {"Fn::Sub": "app-${Target}"},
    "stored parameter": {"Ref": "Stored"},
    "dynamic reference": "{{resolve:ssm:/app/role}}",
    "part of a dynamic reference": {"Fn::Sub": "app-{{resolve:ssm:/${Target}/role}}"},
    "dynamic reference that is joined": {
        "Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Target"}, ":SecretString:n::}}"]]
    },
    "dynamic reference in two halves": {"Fn::Join": ["", ["a-{{resolve:ssm:", "x}}-b"]]},
    "dynamic reference beside a parameter": {
        "Fn::Join": ["", [{"Ref": "Target"}, "-{{resolve:ssm:", "x}}"]]
    },
    "dynamic reference without an end": {"Fn::Join": ["", ["a-{{resolve:", "ssm:x"]]},
    "import of nothing": {"Fn::ImportValue": "nothing"},
    "import by the name of the stack": {"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-role"}},
    "output of a stack elsewhere": {"Fn::GetAtt": ["Child", "Outputs.Role"]},
    "condition inside": {"Fn::Join": ["-", ["app", {"Fn::If": ["C", "a", "b"]}]]},
    "macro": {"Fn::Transform": {"Name": "Mine", "Parameters": {}}},
}


@pytest.mark.parametrize("form", OPEN)
def test_what_is_not_known_is_no_name(form: str, tmp_path: Path) -> None:
    stack = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://a.s3.amazonaws.com/b"},
    }
    parameters = {
        "Target": {"Type": "String", "Default": "app"},
        "Targets": {"Type": "CommaDelimitedList", "Default": "app"},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>"},
    }
    conditions = {"C": {"Fn::Equals": [{"Ref": "Target"}, "x"]}}
    sections = {"Parameters": parameters, "Conditions": conditions}
    several = [OPEN[form], OPEN[form]]
    if form == "list of a parameter":
        several = [OPEN[form]]
    body = {
        "App": NAMED,
        "Child": stack,
        "P": policy(Roles=several if len(several) > 1 else several[0]),
        "Same": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": OPEN[form]}},
    }

    found = loaded(tmp_path, {"a.json": template(body, **sections)})

    refs = [held.ref for held in holders(found)]
    assert refs
    assert all(any(isinstance(part, Unknown) for part in parts_of(ref.name)) for ref in refs)
    assert not any("{{" in part for ref in refs for part in parts_of(ref.name) if part == str(part))
    if form not in ("list of a parameter", "macro"):
        # A role whose name is written in the same way is this very role.
        (same,) = [n.ref for n in found.nodes if not isinstance(n.ref.name, str)]
        assert {key(found, ref) for ref in refs} == {key(found, same)}


def test_a_parameter_is_named_where_it_decides_who_holds_a_policy(tmp_path: Path) -> None:
    sections = {"Parameters": {"Target": {"Type": "String"}}}
    body = {"P": policy(Roles=[{"Ref": "Target"}])}

    (held,) = holders(loaded(tmp_path, {"a.json": template(body, **sections)}))

    assert isinstance(held.ref.name, Unknown)
    assert [one.name for one in held.ref.name.inputs] == ["parameter Target"]


def test_lists_of_holders_are_those_of_mappings_and_splits(tmp_path: Path) -> None:
    mapping = {"Fn::FindInMap": ["N", "x", "roles"]}
    body = {
        "P": policy(Roles=mapping),
        "Q": policy(Users={"Fn::Split": [",", "ann,bob"]}),
        "R": policy(Groups=[{"Fn::If": ["C", ["ops", "dev"], {"Ref": "AWS::NoValue"}]}, "all"]),
    }
    sections = {
        "Mappings": {"N": {"x": {"roles": ["daily", "nightly"]}}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}},
    }

    found = holders(loaded(tmp_path, {"a.json": template(body, **sections)}))

    assert list(map(str, found)) == [
        *("role/daily", "role/nightly", "user/ann", "user/bob"),
        *("group/ops, depending on C", "group/dev, depending on C", "group/all"),
    ]


NESTED = {
    "parameter": ({"Ref": "App"}, {"Ref": "Target"}),
    "part of an ARN": (
        {"Fn::GetAtt": ["App", "Arn"]},
        {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Target"}]}]},
    ),
}


@pytest.mark.parametrize("form", NESTED)
@pytest.mark.parametrize("role", ROLES)
def test_a_nested_template_holds_what_it_is_passed(form: str, role: str, tmp_path: Path) -> None:
    passed, value = NESTED[form]
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "child.json", "Parameters": {"Target": passed}},
    }
    child = template(
        {"P": policy(Roles=[value])}, Parameters={"Target": {"Type": "String", "Default": "x"}}
    )

    found = loaded(
        tmp_path,
        {"parent.json": template({"App": ROLES[role], "C": nested}), "child.json": child},
    )

    (node,) = found.nodes
    assert [key(found, held.ref) for held in holders(found)] == [key(found, node.ref)]


@pytest.mark.parametrize("type_", ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"])
@pytest.mark.parametrize("role", ROLES)
def test_an_output_of_a_nested_template_is_its_value(type_: str, role: str, tmp_path: Path) -> None:
    place = "TemplateURL" if type_.endswith("Stack") else "Location"
    nested = {"Type": type_, "Properties": {place: "child.json"}}
    body = {
        "One": nested,
        "Two": nested,
        "P": policy(Roles=[{"Fn::GetAtt": ["One", "Outputs.Name"]}]),
        "Q": policy(Roles=[{"Fn::Sub": "${Two.Outputs.Name}"}]),
    }
    outputs = {"Name": {"Value": {"Ref": "App"}}}
    child = template({"App": ROLES[role]}, Outputs=outputs)

    found = loaded(tmp_path, {"parent.json": template(body), "child.json": child})

    one, two = found.nodes
    assert one.ref.scope != two.ref.scope
    assert [key(found, held.ref) for held in holders(found)] == [
        key(found, one.ref),
        key(found, two.ref),
    ]


def test_each_time_that_a_template_is_nested_makes_resources_of_its_own(tmp_path: Path) -> None:
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "child.json"}}
    child = template({"App": ROLE, "P": policy(Roles=[{"Ref": "App"}])})

    found = loaded(
        tmp_path, {"parent.json": template({"One": nested, "Two": nested}), "child.json": child}
    )

    names = {key(found, node.ref) for node in found.nodes}
    assert len(names) == len(found.nodes) == 2
    assert {key(found, held.ref) for held in holders(found)} == names


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "FnRole"},
        {"Fn::Sub": "${FnRole}"},
        {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": ["FnRole", "Arn"]}]}]},
    ],
)
def test_the_role_that_sam_makes_has_a_name_of_its_own(value: object, tmp_path: Path) -> None:
    found = loaded(tmp_path, {"a.json": template({"Fn": FUNCTION, "P": policy(Roles=[value])})})

    (node,) = found.nodes
    assert str(node.ref) == "role/FnRole"
    assert [key(found, held.ref) for held in holders(found)] == [key(found, node.ref)]


BY_ARN: dict[str, object] = {
    "Ref": {"Ref": "Limit"},
    "Sub": {"Fn::Sub": "${Limit}"},
    "attribute": {"Fn::GetAtt": ["Limit", "PolicyArn"]},
    "import": {"Fn::ImportValue": "limit"},
}


@pytest.mark.parametrize("form", BY_ARN)
@pytest.mark.parametrize("name", [None, "limit"])
@pytest.mark.parametrize(
    ("property_", "kind"),
    [("ManagedPolicyArns", LinkKind.ATTACHED), ("PermissionsBoundary", LinkKind.BOUNDARY)],
)
def test_a_managed_policy_is_known_by_its_arn(
    form: str, name: str | None, property_: str, kind: LinkKind, tmp_path: Path
) -> None:
    value = BY_ARN[form]
    named = {"ManagedPolicyName": name} if name else {}
    limit = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": DENY, **named}}
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {property_: [value] if kind is LinkKind.ATTACHED else value},
    }
    exports = {"X": {"Value": {"Ref": "Limit"}, "Export": {"Name": "limit"}}}

    found = loaded(tmp_path, {"a.json": template({"Limit": limit, "App": role}, Outputs=exports)})

    (document,) = found.documents
    arn = document.attachment.policy_arn
    assert arn is not None
    assert [key(found, link.target) for link in of_kind(found, kind)] == [key_of_name(arn)]


def test_users_are_in_the_groups_that_a_resource_adds_them_to(tmp_path: Path) -> None:
    body = {
        "Ops": {"Type": "AWS::IAM::Group"},
        "Ann": {"Type": "AWS::IAM::User", "Properties": {"Groups": [{"Ref": "Ops"}]}},
        "Add": {
            "Type": "AWS::IAM::UserToGroupAddition",
            "Condition": "C",
            "Properties": {"GroupName": {"Ref": "Ops"}, "Users": [{"Ref": "Ann"}, "bob"]},
        },
    }
    sections = {"Conditions": {"C": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}}}

    found = loaded(tmp_path, {"a.json": template(body, **sections)})

    assert [
        (str(link.holder), str(link.target), sorted(map(str, link.given)))
        for link in of_kind(found, LinkKind.MEMBER)
    ] == [
        ("user/Ann", "group/Ops", []),
        ("user/Ann", "group/Ops", ["C"]),
        ("user/bob", "group/Ops", ["C"]),
    ]


def test_no_condition_is_left_where_the_holder_is_made_on_it_too(tmp_path: Path) -> None:
    conditions = {
        "C": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "D": {"Fn::And": [{"Condition": "C"}, {"Fn::Equals": [{"Ref": "Size"}, "big"]}]},
    }
    parameters = {"Stage": {"Type": "String"}, "Size": {"Type": "String"}}
    body = {
        "Same": {**ROLE, "Condition": "C"},
        "More": {**ROLE, "Condition": "D"},
        "Always": ROLE,
        "P": {
            **policy(Roles=[{"Ref": "Same"}, {"Ref": "More"}, {"Ref": "Always"}, "other"]),
            "Condition": "C",
        },
    }

    found = loaded(
        tmp_path, {"a.json": template(body, Conditions=conditions, Parameters=parameters)}
    )

    assert list(map(str, holders(found))) == [
        *("role/Same", "role/More", "role/Always, depending on C", "role/other, depending on C"),
    ]
    assert [d.readings for d in found.documents if d.kind.value == "identity"] == [()]


RESOURCES = {
    "AWS::SQS::QueuePolicy": ("Queues", "AWS::SQS::Queue", "QueueName", "sqs"),
    "AWS::SNS::TopicPolicy": ("Topics", "AWS::SNS::Topic", "TopicName", "sns"),
}


@pytest.mark.parametrize("type_", RESOURCES)
def test_a_policy_of_several_resources_stands_on_each(type_: str, tmp_path: Path) -> None:
    property_, of, name, service = RESOURCES[type_]
    body = {
        "One": {"Type": of, "Properties": {name: "one"}},
        "Two": {"Type": of, "Condition": "C"},
        "P": {
            "Type": type_,
            "Properties": {
                property_: [
                    {"Ref": "One"},
                    {"Fn::If": ["C", {"Ref": "Two"}, {"Ref": "AWS::NoValue"}]},
                    {"Fn::Sub": "${Two}"},
                ],
                "PolicyDocument": DENY,
            },
        },
    }
    sections = {"Conditions": {"C": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}}}

    found = loaded(tmp_path, {"a.json": template(body, **sections)})

    start = f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:"
    two = f"{start}${{AWS::StackName}}-Two-${{Two}}"
    assert [
        (shown(d.attachment.arn or ""), sorted(map(str, d.attachment.given)))
        for d in found.documents
    ] == [(f"{start}one", []), (two, ["C"]), (two, [])]


TARGETS: dict[str, tuple[str, str, object, str]] = {
    "queue by URL": (
        "AWS::SQS::QueuePolicy",
        "Queues",
        [f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/jobs"],
        f"arn:${{partition}}:sqs:eu-west-1:{ACCOUNT}:jobs",
    ),
    "queue by URL in parts": (
        "AWS::SQS::QueueInlinePolicy",
        "Queue",
        {"Fn::Sub": "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/jobs"},
        "arn:${partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs",
    ),
    "topic by ARN": (
        "AWS::SNS::TopicPolicy",
        "Topics",
        [{"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:t"}],
        "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:t",
    ),
    "topic by parameter": ("AWS::SNS::TopicPolicy", "Topics", [{"Ref": "Given"}], "${Given}"),
    "bucket by parameter": (
        "AWS::S3::BucketPolicy",
        "Bucket",
        {"Ref": "Given"},
        "arn:${AWS::Partition}:s3:::${Given}",
    ),
    "bucket by part of a name": (
        "AWS::S3::BucketPolicy",
        "Bucket",
        {"Fn::Sub": "depot-${Given}"},
        "arn:${AWS::Partition}:s3:::depot-${Given}",
    ),
    "secret by name": (
        "AWS::SecretsManager::ResourcePolicy",
        "SecretId",
        "db/main",
        "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:db/main-…",
    ),
    "bus by no name": (
        "AWS::Events::EventBusPolicy",
        "StatementId",
        "s",
        "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default",
    ),
}


@pytest.mark.parametrize("form", TARGETS)
def test_a_resource_has_its_arn_whatever_names_it(form: str, tmp_path: Path) -> None:
    type_, property_, value, arn = TARGETS[form]
    text = "ResourcePolicy" if "Secret" in type_ else "PolicyDocument"
    text = "Statement" if "EventBus" in type_ else text
    document = DENY["Statement"][0] if text == "Statement" else DENY
    body = {"P": {"Type": type_, "Properties": {property_: value, text: document}}}
    sections = {"Parameters": {"Given": {"Type": "String", "Default": "x"}}}

    found = loaded(tmp_path, {"a.json": template(body, **sections)})

    assert [shown(d.attachment.arn or "") for d in found.documents] == [arn]


def test_pseudo_parameters_in_arns_say_what_they_mean(tmp_path: Path) -> None:
    body = {
        "Images": {
            "Type": "AWS::ECR::Repository",
            "Properties": {"RepositoryName": "images", "RepositoryPolicyText": DENY},
        }
    }

    (document,) = loaded(tmp_path, {"a.json": template(body)}).documents

    parts = parts_of(document.attachment.arn or "")
    assert [p.means for p in parts if isinstance(p, Unknown)] == [
        *(Pseudo.PARTITION, Pseudo.REGION, Pseudo.ACCOUNT),
    ]
    assert parts[-1] == ":repository/images"


def test_a_cloud_assembly_gives_account_and_region_of_its_stacks(tmp_path: Path) -> None:
    manifest = {
        "artifacts": {
            "Dev": {
                "type": "aws:cloudformation:stack",
                "environment": "aws://444455556666/cn-north-1",
                "properties": {"templateFile": "Dev.template.json", "stackName": "shop-dev"},
            },
            "Any": {
                "type": "aws:cloudformation:stack",
                "environment": "aws://unknown-account/unknown-region",
                "properties": {"templateFile": "Any.template.json"},
            },
        }
    }
    files = {
        "cdk.out/manifest.json": json.dumps(manifest),
        "cdk.out/Dev.template.json": template({"App": NAMED}),
        "cdk.out/Any.template.json": template({"App": NAMED}),
    }

    found = loaded(tmp_path, files)

    assert {node.ref.scope: node.ref.account for node in found.nodes} == {
        "cdk.out/Any.template.json#": None,
        "cdk.out/Dev.template.json#": "444455556666",
    }
    assert {shown(bound(found, node.arn or "")) for node in found.nodes} == {
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/app",
        "arn:aws-cn:iam::444455556666:role/app",
    }


@pytest.mark.parametrize(
    ("settings", "region"),
    [
        ('[default.deploy.parameters]\nregion = "eu-west-1"\n', "eu-west-1"),
        ('[default.global.parameters]\nregion = "eu-west-1"\n', "eu-west-1"),
        (
            (
                '[a.deploy.parameters]\nregion = "eu-west-1"\n'
                '[b.deploy.parameters]\nregion = "us-east-1"\n'
            ),
            "${AWS::Region}",
        ),
        ("[default.deploy]\n", "${AWS::Region}"),
        ("not toml", "${AWS::Region}"),
    ],
)
def test_sam_settings_give_the_region(settings: str, region: str, tmp_path: Path) -> None:
    body = {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}}}
    body["P"] = {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {"Queues": [{"Ref": "Jobs"}], "PolicyDocument": DENY},
    }

    found = loaded(tmp_path, {"template.json": template(body), "samconfig.toml": settings})

    (document,) = found.documents
    arn = shown(bound(found, document.attachment.arn or ""))
    assert arn.endswith(f":sqs:{region}:${{AWS::AccountId}}:jobs")


def test_names_with_the_account_are_equal_where_they_are_written_alike(tmp_path: Path) -> None:
    name = {"Fn::Sub": "app-${AWS::AccountId}"}
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": name}}

    found = loaded(tmp_path, {"a.json": template({"App": role, "P": policy(Roles=[name])})})

    (node,) = found.nodes
    (held,) = holders(found)
    assert shown(node.ref.name) == "app-${AWS::AccountId}"
    assert key(found, held.ref) == key(found, node.ref)


def test_one_logical_id_in_two_templates_is_two_roles(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"a.json": template({"App": ROLE}), "b.json": template({"App": ROLE})})

    one, two = found.nodes
    assert str(one.ref) == str(two.ref) == "role/App"
    assert key(found, one.ref) != key(found, two.ref)


def test_roles_of_a_loop_have_the_names_that_each_turn_gives(tmp_path: Path) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": "etl-${Turn}"}}}
    loop = {
        "Fn::ForEach::Turns": [
            "Turn",
            ["day", "night"],
            {"Etl${Turn}": role, "P${Turn}": policy(Roles=[{"Ref": "Etl${Turn}"}])},
        ],
        "Q": policy(Roles=[{"Ref": "Etlday"}]),
    }

    found = loaded(tmp_path, {"a.json": template(loop, Transform="AWS::LanguageExtensions")})

    assert [node.ref.name for node in found.nodes] == ["etl-day", "etl-night"]
    assert [held.ref.name for held in holders(found)] == ["etl-day", "etl-night", "etl-day"]
    assert not any(document.readings for document in found.documents)


def test_roles_of_a_loop_over_a_parameter_hold_their_own_policies(tmp_path: Path) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
    loop = {
        "Fn::ForEach::Turns": [
            "Turn",
            {"Ref": "Names"},
            {"Etl${Turn}": role, "P${Turn}": policy(Roles=[{"Ref": "Etl${Turn}"}])},
        ]
    }
    parameters = {"Names": {"Type": "CommaDelimitedList"}}

    found = loaded(tmp_path, {"a.json": template(loop, Parameters=parameters)})

    (node,) = found.nodes
    (held,) = holders(found)
    assert key(found, node.ref) is not None
    assert key(found, held.ref) == key(found, node.ref)


@pytest.mark.parametrize(
    "opened",
    [
        {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}},
        {"Fn::Transform": {"Name": "Mine", "Parameters": {}}},
    ],
)
def test_a_macro_in_a_user_may_bring_in_anything(opened: JSON, tmp_path: Path) -> None:
    user = {"Type": "AWS::IAM::User", "Properties": {"UserName": "ann", **opened}}

    found = loaded(tmp_path, {"a.json": template({"Ann": user, "P": policy(Users=["bob"])})})

    assert [(str(link.holder), link.kind, shown(link.target.name)) for link in found.links] == [
        ("user/ann", LinkKind.ATTACHED, "what a macro brings in"),
        ("user/ann", LinkKind.BOUNDARY, "what a macro brings in"),
        ("user/ann", LinkKind.MEMBER, "what a macro brings in"),
    ]


@pytest.mark.parametrize(
    ("transform", "is_open"),
    [
        ("AWS::Serverless-2016-10-31", False),
        (["AWS::LanguageExtensions", "Mine"], True),
        ({"Name": "Mine", "Parameters": {}}, True),
        ("Mine", True),
    ],
)
def test_a_macro_of_the_whole_template_may_add_to_each_role(
    transform: object, *, is_open: bool, tmp_path: Path
) -> None:
    found = loaded(tmp_path, {"a.json": template({"App": NAMED}, Transform=transform)})

    kinds = [link.kind for link in found.links]
    assert kinds == ([LinkKind.ATTACHED, LinkKind.BOUNDARY] if is_open else [])


CONNECTORS: dict[str, tuple[JSON, list[str]]] = {
    "from a function with a role": ({"Source": {"Id": "Fn"}, "Destination": {"Id": "T"}}, ["app"]),
    "from a table": ({"Source": {"Id": "T"}, "Destination": {"Id": "Fn"}}, ["app"]),
    "by the name of a role": (
        {
            "Source": {"RoleName": "other", "Type": "AWS::Lambda::Function"},
            "Destination": {"Id": "T"},
        },
        ["other"],
    ),
    "from a topic": ({"Source": {"Id": "S"}, "Destination": {"Id": "Fn"}}, []),
}


@pytest.mark.parametrize("form", CONNECTORS)
@pytest.mark.parametrize("role", [{"Fn::GetAtt": ["App", "Arn"]}, {"Fn::Sub": "${App.Arn}"}])
def test_a_connector_adds_to_the_role_of_its_source(
    form: str, role: object, tmp_path: Path
) -> None:
    ends, names = CONNECTORS[form]
    body = {
        "App": NAMED,
        "T": {"Type": "AWS::DynamoDB::Table"},
        "S": {"Type": "AWS::SNS::Topic"},
        "Fn": {"Type": "AWS::Serverless::Function", "Properties": {"Role": role}},
        "C": {"Type": "AWS::Serverless::Connector", "Properties": {**ends, "Permissions": []}},
    }

    found = loaded(tmp_path, {"a.json": template(body)})

    assert [(link.holder.name, shown(link.target.name)) for link in found.links] == [
        (name, "policies that SAM adds") for name in names
    ]


STACK_SETS: dict[str, tuple[list[JSON], list[str]]] = {
    "accounts": (
        [{"DeploymentTargets": {"Accounts": [ACCOUNT, "444455556666"]}, "Regions": ["eu-west-1"]}],
        [ACCOUNT, "444455556666"],
    ),
    "units": ([{"DeploymentTargets": {"OrganizationalUnitIds": ["ou-ab12-34"]}}], ["${account}"]),
    "nothing": ([], ["${account}"]),
}


@pytest.mark.parametrize("form", STACK_SETS)
@pytest.mark.parametrize("is_json", [True, False])
def test_the_template_of_a_stack_set_is_made_in_its_accounts(
    form: str, *, is_json: bool, tmp_path: Path
) -> None:
    groups, accounts = STACK_SETS[form]
    inner = template({"App": NAMED, "P": policy(Roles=[{"Ref": "App"}, "shop"])})
    body = inner if is_json else f"# in YAML\n{inner}"
    properties = {"TemplateBody": body, "StackInstancesGroup": groups}
    stack_set = {"Type": "AWS::CloudFormation::StackSet", "Properties": properties}

    found = loaded(tmp_path, {"a.json": template({"S": stack_set})})

    assert [shown(node.ref.account or "") for node in found.nodes] == accounts
    assert [(held.ref.name, shown(held.ref.account or "")) for held in holders(found)] == [
        (name, account) for account in accounts for name in ("app", "shop")
    ]
    assert found.nodes[0].pointer[:4] == ("Resources", "S", "Properties", "TemplateBody")


def test_a_permission_set_becomes_a_role_in_each_account(tmp_path: Path) -> None:
    def assignment(account: object) -> JSON:
        arn = {"Fn::GetAtt": ["Ops", "PermissionSetArn"]}
        properties = {"PermissionSetArn": arn, "TargetId": account, "TargetType": "AWS_ACCOUNT"}
        return {"Type": "AWS::SSO::Assignment", "Properties": properties}

    reference = {"Name": "limit", "Path": "/x/"}
    permission_set = {
        "Type": "AWS::SSO::PermissionSet",
        "Properties": {
            "Name": "Ops",
            "InlinePolicy": DENY,
            "ManagedPolicies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "PermissionsBoundary": {"CustomerManagedPolicyReference": reference},
        },
    }
    body = {
        "Ops": permission_set,
        "Own": assignment({"Ref": "AWS::AccountId"}),
        "Other": assignment("444455556666"),
        "Again": assignment("444455556666"),
    }

    found = loaded(tmp_path, {"a.json": template(body)})

    assert [(shown(n.ref.name), shown(n.ref.account or "")) for n in found.nodes] == [
        ("AWSReservedSSO_Ops_…", "${AWS::AccountId}"),
        ("AWSReservedSSO_Ops_…", "444455556666"),
    ]
    assert [held.ref for held in holders(found)] == [node.ref for node in found.nodes]
    assert [shown(link.target.name) for link in found.links] == [
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/x/limit",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:${AWS::Partition}:iam::444455556666:policy/x/limit",
    ]


def test_the_policy_of_an_endpoint_stands_on_the_endpoint(tmp_path: Path) -> None:
    endpoint = {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"PolicyDocument": DENY}}

    (document,) = loaded(tmp_path, {"a.json": template({"Door": endpoint})}).documents

    assert shown(document.attachment.arn or "") == (
        "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint/vpce-${Door}"
    )


OWN_LIMIT = {"CustomerManagedPolicyReference": {"Name": "limit", "Path": "/x/"}}
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
LIMITS: dict[str, tuple[object, list[str]]] = {
    "none": (None, []),
    "policy of AWS": ({"ManagedPolicyArn": READ_ONLY}, [READ_ONLY]),
    "policy of the account": (OWN_LIMIT, ["arn:*:iam::*:policy/x/limit"]),
    "parameter": ({"Ref": "Limit"}, ["*"]),
}


@pytest.mark.parametrize("form", LIMITS)
def test_permission_set_without_any_policy_of_its_own_has_its_links(
    form: str, tmp_path: Path
) -> None:
    limit, expected = LIMITS[form]
    properties: JSON = {
        "Name": "Ops",
        "ManagedPolicies": [READ_ONLY],
        "CustomerManagedPolicyReferences": [{"Name": "own"}, {"Ref": "Which"}],
        **({"PermissionsBoundary": limit} if limit else {}),
    }
    of_another = {"PermissionSetArn": {"Fn::GetAtt": ["Dev", "PermissionSetArn"]}, "TargetId": "1"}
    body = {
        "Ops": {"Type": "AWS::SSO::PermissionSet", "Properties": properties},
        "Dev": {"Type": "AWS::SSO::PermissionSet", "Properties": {"Name": "Dev"}},
        "Assigned": {"Type": "AWS::SSO::Assignment", "Properties": of_another},
    }

    found = loaded(tmp_path, {"a.json": template(body)})

    def targets(kind: LinkKind) -> list[str]:
        return [glob_of(one.target.name) for one in found.links if one.kind is kind]

    assert [shown(node.ref.account or "") for node in found.nodes] == ["${account}", "1"]
    assert targets(LinkKind.BOUNDARY) == expected
    assert targets(LinkKind.ATTACHED) == [
        READ_ONLY,
        "arn:*:iam::*:policy/own",
        "arn:*:iam::*:policy/*",
    ]
