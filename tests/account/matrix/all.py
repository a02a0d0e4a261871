"""All carriers of the matrix, and the ways in the page of formats without links."""

from __future__ import annotations

from enum import Enum
from typing import Final

from tests.account.matrix import (
    cloud_control,
    cloudformation,
    dumps,
    folders,
    manifests,
    plans,
    serverless,
    terraform,
)


class Lack(Enum):
    """The reason why a way to carry policies has no links of its own."""

    WORDING = "it says how a policy is written, and the place that it is in says whose it is"
    HOLDER = "what holds or has the policy is described nowhere in the repository"
    PAST = "it is about a request that was made, not about what is in force"


CARRIERS: Final = (
    *terraform.CARRIERS,
    *cloud_control.CARRIERS,
    *plans.CARRIERS,
    *cloudformation.CARRIERS,
    *serverless.CARRIERS,
    *manifests.CARRIERS,
    *dumps.CARRIERS,
    *folders.CARRIERS,
)
WITHOUT_LINKS: Final = {
    (folders.FORMAT, "at any depth"): Lack.WORDING,
    (folders.FORMAT, "as JSON in a string"): Lack.WORDING,
    (folders.FORMAT, "also URL-encoded"): Lack.WORDING,
    (folders.FORMAT, "as a list of statements"): Lack.WORDING,
    (
        cloudformation.FORMAT,
        "`Fn::If`, `Fn::ForEach` and `Fn::ToJsonString` in them",
    ): Lack.WORDING,
    (cloudformation.FORMAT, "JSON in strings and in `Fn::Sub`"): Lack.WORDING,
    (cloudformation.FORMAT, "OpenAPI bodies"): Lack.WORDING,
    (cloudformation.FORMAT, "elsewhere values that look like a policy"): Lack.HOLDER,
    (terraform.FORMAT, "`aws_iam_policy_document`"): Lack.WORDING,
    (terraform.FORMAT, "heredocs"): Lack.WORDING,
    (terraform.FORMAT, "`file` and `templatefile` inside the repository"): Lack.WORDING,
    (terraform.FORMAT, "locals"): Lack.WORDING,
    (terraform.FORMAT, "OpenAPI bodies"): Lack.WORDING,
    (terraform.FORMAT, "statements that modules of the registry are given"): Lack.HOLDER,
    (dumps.FORMAT, "events of CloudTrail"): Lack.PAST,
    (dumps.FORMAT, "what `validate-policy` takes"): Lack.PAST,
}
