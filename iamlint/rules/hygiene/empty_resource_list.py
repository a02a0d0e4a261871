"""Flags an empty list of resources.

AWS rejects a policy with an empty `Resource`. It is a note where it is not known whether AWS does:
for `NotResource`, and in the policies that need no resource, such as those of ECR repositories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
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
    may_pass = None
    for hit in hits_of(policy, GrammarFault.EMPTY_RESOURCE):
        may_pass = is_of_one_resource(policy, context) if may_pass is None else may_pass
        yield replace(hit, severity=Severity.NOTE) if may_pass else hit


RULE = Rule(
    name="empty-resource-list",
    family=Family.HYGIENE,
    module=__name__,
    summary="AWS rejects an empty list of resources",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("EMPTY_ARRAY_RESOURCE",),
    kinds=ALL_KINDS - {Kind.TRUST},
    advice="add a resource, or remove the statement",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
    ),
    when=("problem empty resource",),
    check_policy=check_policy,
    bad=(
        bad(
            "`Resource`",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: [], //!
            }""",
        ),
        bad(
            "in the policy of a bucket",
            """
            {
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "s3:GetObject",
              Resource: [], //!
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "`NotResource`",
            """
            {
              Effect: "Deny", Action: "s3:GetObject",
              NotResource: [], //!
            }""",
        ),
    ),
    good=(
        good(
            "a list of one",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: ["*"]}""",
        ),
        good(
            "another rule reports a statement without `Resource`",
            """
            {Effect: "Allow", Action: "s3:GetObject"}""",
        ),
        good(
            "a list that a template fills",
            """
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: s3:GetObject, Resource: !Ref Resources}""",
            file="policy.yaml",
        ),
    ),
)
