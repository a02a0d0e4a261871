"""Resource policies that are about one resource, so that their statements need not name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from iamlint.policy.model import Policy
    from iamlint.rule import RuleContext

# Policies of these need no `Resource`: each is about the one thing that it is on.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
# https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_PutResourcePolicy.html
# https://docs.aws.amazon.com/cloudsearch/latest/developerguide/configuring-access.html
# https://docs.aws.amazon.com/efs/latest/ug/security_iam_resource-based-policy-examples.html
_TYPES: Final = (
    "AWS::ECR::",
    "AWS::ECRPublic::",
    "AWS::RedshiftServerless::",
    "AWS::CloudSearch::",
    "AWS::EFS::",
)
_SERVICES: Final = (
    *("ecr:", "ecr-public:", "redshift-serverless:", "cloudsearch:", "elasticfilesystem:"),
    "vpc-lattice:",
)
# What is shared of VPC Lattice needs none, like a permission of RAM; who may call it has one.
# https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_PutResourcePolicy.html
_LATTICE: Final = "AWS::VpcLattice::"


def is_of_one_resource(policy: Policy, context: RuleContext) -> bool:
    """Return whether the policy needs no `Resource`, by what it is on or else by its actions."""
    if policy.kind is not Kind.RESOURCE:
        return False
    if context.resource_type is not None and not context.resource_type.startswith(_LATTICE):
        return context.resource_type.startswith(_TYPES)
    actions = [entry.text.lower() for st in policy.statements for entry in st.actions]
    # Every action of what nothing names may be every action of a repository.
    return bool(actions) and all(name == "*" or name.startswith(_SERVICES) for name in actions)
