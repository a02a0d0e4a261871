"""The files that are parsed, recognised by a few bytes."""

from __future__ import annotations

import pytest

from iamlint.load.manifests.marks import may_describe_principals


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("apiVersion: iam.aws.upbound.io/v1beta1\nkind: RolePolicyAttachment\n", True),
        ("apiVersion: iam.aws.crossplane.io/v1beta1\nkind: Role\n", True),
        ("apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Role\n", True),
        ("kind: CustomResourceDefinition\nmetadata: {name: roles.iam.aws.upbound.io}\n", False),
        ("kind: CustomResourceDefinition\nspec: {group: iam.services.k8s.aws}\n", False),
    ],
)
def test_a_definition_of_a_type_says_nothing_of_principals(text: str, *, links: bool) -> None:
    assert may_describe_principals(text.encode()) is links
