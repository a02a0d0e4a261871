"""KMS: a key listens to its own policy first.

https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.evaluator.request import Request


def needs_key_policy(request: Request) -> bool:
    """Return whether only the key policy can open the way: keys, but neither aliases nor `*`."""
    if request.service != "kms":
        return False
    arn = request.resource.arn
    return arn is not None and arn.service == "kms" and arn.resource.startswith("key/")


def is_beyond_rcps(request: Request) -> bool:
    """Return whether resource control policies never touch the request.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    if request.action.lower() == "kms:retiregrant":
        return True
    # Keys that AWS manages cannot be recognised by their ARN, only by their alias.
    arn = request.resource.arn
    return arn is not None and arn.service == "kms" and arn.resource.startswith("alias/aws/")
