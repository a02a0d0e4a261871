"""AWS's global services: each has its endpoints in few regions of a partition.

Every request to such a service has one of these in `aws:RequestedRegion`, from wherever it comes.
The regions are those that botocore 1.44.8 signs requests for (2026-11-20, Apache-2.0), and for
Global Accelerator and Support those on their pages. A service with more endpoints is left out.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html
https://docs.aws.amazon.com/general/latest/gr/awssupport.html
"""

from __future__ import annotations

from typing import Final

DATE: Final = "2026-11-20"

GLOBAL_SERVICES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "aws": {
        "account": ("us-east-1",),
        "billingconductor": ("us-east-1",),
        "budgets": ("us-east-1",),
        "ce": ("us-east-1",),
        "cloudfront": ("us-east-1",),
        "globalaccelerator": ("us-west-2",),
        "health": ("us-east-1", "us-east-2"),
        "iam": ("us-east-1",),
        "networkmanager": ("us-west-2",),
        "organizations": ("us-east-1",),
        "route53": ("us-east-1",),
        "route53domains": ("us-east-1",),
        "savingsplans": ("us-east-1",),
        "shield": ("us-east-1",),
        "support": ("us-east-1", "us-west-2", "eu-west-1"),
        "tax": ("us-east-1",),
    },
    "aws-cn": {
        "account": ("cn-northwest-1",),
        "budgets": ("cn-northwest-1",),
        "ce": ("cn-northwest-1",),
        "cloudfront": ("cn-northwest-1",),
        "health": ("cn-northwest-1",),
        "iam": ("cn-north-1",),
        "organizations": ("cn-northwest-1",),
        "route53": ("cn-northwest-1",),
        "support": ("cn-north-1",),
    },
    "aws-us-gov": {
        "health": ("us-gov-west-1",),
        "iam": ("us-gov-west-1",),
        "networkmanager": ("us-gov-west-1",),
        "organizations": ("us-gov-west-1",),
        "route53": ("us-gov-west-1",),
        "support": ("us-gov-west-1",),
    },
}
"""The regions of each service's endpoints, by partition and prefix of its actions."""
