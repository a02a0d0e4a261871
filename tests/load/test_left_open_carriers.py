"""A policy means the same in every carrier: twins in manifests, stacks and modules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.load.twins import Twin, as_test, findings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


ANYTHING = (
    '{"Version": "2012-10-17", '
    '"Statement": [{"Effect": "Allow", %s"Action": "*", "Resource": "*"}]}'
)
GRANT = ANYTHING % ""
TO_ALL = ANYTHING % '"Principal": "*", '
PULUMI = """\
name: shelf
runtime: yaml
resources:
  reader:
    type: aws:iam:Policy
    properties:
      policy:
        fn::{function}:
          Version: "2012-10-17"
          {statement}:
            - {effect}Action: s3:GetObject
              Resource: arn:aws:s3:::shelf/*
"""
SERVICE = """\
service: shelf
provider:
  name: aws
  iam:
    role:
      statements:
        - {effect}Action: s3:GetObject
          Resource: arn:aws:s3:::shelf/*
"""


def crossplane(type_: str) -> str:
    return f"""\
apiVersion: organizations.aws.upbound.io/v1beta1
kind: Policy
metadata: {{name: everything}}
spec:
  forProvider:
    name: everything
{type_}    content: '{GRANT}'
"""


def pulumi(type_: str, properties: str) -> str:
    return f"""\
name: shelf
runtime: yaml
resources:
  it:
    type: {type_}
    properties:
      {properties}
"""


def stack(type_: str, **properties: str) -> str:
    resource = {
        "urn": f"urn:pulumi:dev::p::{type_}::x",
        "custom": True,
        "type": type_,
        "inputs": properties,
        "outputs": {"id": "x", **properties},
    }
    return json.dumps({"version": 3, "deployment": {"resources": [resource]}}, indent=1)


def full(effect: str) -> dict[str, str]:
    return {"effect": effect, "function": "toJSON", "statement": "Statement"}


ALLOW = "Effect: Allow\n              "
TWINS = [
    Twin(
        "a misspelt element under a function of Pulumi is reported",
        harmless={"Pulumi.yaml": PULUMI.format(**full(ALLOW))},
        faulty={"Pulumi.yaml": PULUMI.format(**full(ALLOW) | {"statement": "Statements"})},
        rule="unknown-element",
    ),
    Twin(
        "a statement without an effect under a function of Pulumi is reported",
        harmless={"Pulumi.yaml": PULUMI.format(**full(ALLOW))},
        faulty={"Pulumi.yaml": PULUMI.format(**full(""))},
        rule="missing-effect",
    ),
    Twin(
        "so it is in a secret",
        harmless={"Pulumi.yaml": PULUMI.format(**full(ALLOW) | {"function": "secret"})},
        faulty={"Pulumi.yaml": PULUMI.format(**full("") | {"function": "secret"})},
        rule="missing-effect",
    ),
    Twin(
        "a service of Serverless Framework without any effect is reported",
        harmless={"serverless.yml": SERVICE.format(effect="Effect: Allow\n          ")},
        faulty={"serverless.yml": SERVICE.format(effect="")},
        rule="missing-effect",
    ),
    Twin(
        "the type of an organization's policy of Crossplane says its kind",
        harmless={"p.yaml": crossplane("    type: SERVICE_CONTROL_POLICY\n")},
        faulty={"p.yaml": crossplane("").replace("organizations.aws", "iam.aws")},
        rule="wildcard-admin",
    ),
    Twin(
        "without a type, it is a service control policy",
        harmless={"p.yaml": crossplane("")},
        faulty={"p.yaml": crossplane("    type: RESOURCE_CONTROL_POLICY\n")},
        rule="missing-principal",
    ),
    Twin(
        "the type of an organization's policy of Pulumi says its kind",
        harmless={
            "Pulumi.yaml": pulumi(
                "aws:organizations:Policy",
                f"type: SERVICE_CONTROL_POLICY\n      content: '{GRANT}'",
            )
        },
        faulty={"Pulumi.yaml": pulumi("aws:iam:Policy", f"policy: '{GRANT}'")},
        rule="wildcard-admin",
    ),
    Twin(
        "the session policy of a user of Transfer grants nothing by itself",
        harmless={"Pulumi.yaml": pulumi("aws:transfer:User", f"policy: '{GRANT}'")},
        faulty={"Pulumi.yaml": pulumi("aws:iam:UserPolicy", f"policy: '{GRANT}'")},
        rule="wildcard-admin",
    ),
    Twin(
        "what only looks like a policy of IAM is none in Pulumi either",
        harmless={
            "Pulumi.yaml": pulumi("aws:ecr:LifecyclePolicy", f"policy: '{GRANT}'"),
        },
        faulty={"Pulumi.yaml": pulumi("aws:iam:Policy", f"policy: '{GRANT}'")},
        rule="wildcard-admin",
    ),
    Twin(
        "the type of a resource in a stack of Pulumi says the kind",
        harmless={"stack.json": stack("aws:ec2/vpcEndpoint:VpcEndpoint", policy=TO_ALL)},
        faulty={"stack.json": stack("aws:s3/bucketPolicy:BucketPolicy", policy=TO_ALL)},
        rule="public-resource-policy",
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)


def test_a_stack_says_a_policy_once_though_inputs_and_outputs_have_it(
    iamlint: Program, tmp_path: Path
) -> None:
    text = stack("aws:s3/bucketPolicy:BucketPolicy", policy=TO_ALL)

    found = findings({"stack.json": text}, iamlint, tmp_path)

    assert [one.line for one in found if one.rule == "public-resource-policy"] == [14]


def test_a_block_in_json_form_stands_at_its_name(iamlint: Program, tmp_path: Path) -> None:
    statement = {
        "effect": "Allow",
        "not_principals": [{"type": "AWS", "identifiers": ["arn:aws:iam::111122223333:role/x"]}],
        "actions": ["s3:GetObject"],
        "resources": ["arn:aws:s3:::shelf/*"],
    }
    document = {"data": {"aws_iam_policy_document": {"p": {"statement": [statement]}}}}
    text = json.dumps(document, indent=1)

    found = findings({"main.tf.json": text}, iamlint, tmp_path)

    (line,) = {one.line for one in found if one.rule == "allow-not-principal"}
    assert '"not_principals"' in text.splitlines()[line - 1]
