"""Flags a statement with neither `Resource` nor `NotResource`: AWS rejects the policy.

Some policies apply to one thing and need no resource: the trust policy of a role, and the policies
of an ECR repository, an EFS file system, a CloudSearch domain or a share of Redshift Serverless or
VPC Lattice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import ALL_KINDS, Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._one_resource import is_of_one_resource
from iamlint.rules.syntax._problems import hits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    if not is_of_one_resource(policy, context):
        yield from hits_of(policy, GrammarFault.MISSING_RESOURCE)


RULE = Rule(
    name="missing-resource",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a statement without `Resource` or `NotResource`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("MISSING_RESOURCE",),
    kinds=ALL_KINDS - {Kind.TRUST},
    advice="add the resources that the statement applies to",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
    ),
    when=("problem missing resource",),
    check_policy=check_policy,
    bad=(
        bad(
            "effect and action alone",
            """
            { //!
              Effect: "Allow", Action: "s3:GetObject",
            }""",
        ),
        bad(
            "a topic policy",
            """
            { //!
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "sns:Publish",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
    good=(
        good(
            "`NotResource` is enough",
            """
            {Effect: "Deny", Action: "s3:*", NotResource: "arn:aws:s3:::b/*"}""",
        ),
        good(
            "a trust policy applies to its role",
            """
            {Effect: "Allow", Principal: {Service: "ec2.amazonaws.com"}, Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
        good(
            "a repository policy applies to its repository",
            """
            {Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "ecr:BatchGetImage"}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a policy of a file system, as the console writes it",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a share of Redshift Serverless",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: "redshift-serverless:RestoreFromSnapshot",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a share of VPC Lattice",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: ["vpc-lattice:GetServiceNetwork", "vpc-lattice:CreateServiceNetworkVpcAssociation"],
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
