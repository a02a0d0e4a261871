"""The actions and ARNs that a resource policy can name, by the type of its resource.

Types without an entry are not judged. https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
"""

from __future__ import annotations

from typing import Final

from iamlint.fast_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Attached:
    """The service, the resource types whose actions fit, and those whose ARNs fit."""

    service: str
    actions: frozenset[str]
    arns: frozenset[str]


# Actions on buckets and on access points are not kept apart: the reference is not exact there.
_S3_ACTIONS: Final = frozenset({"accesspoint", "accesspointobject", "bucket", "object"})
_TABLE: Final = frozenset({"index", "stream", "table"})
_LAMBDA: Final = frozenset({"objectlambdaaccesspoint"})

ATTACHED: Final = {
    "AWS::S3::Bucket": Attached("s3", _S3_ACTIONS, frozenset({"bucket", "object"})),
    "AWS::S3::AccessPoint": Attached(
        "s3", _S3_ACTIONS, frozenset({"accesspoint", "accesspointobject"})
    ),
    "AWS::S3::MultiRegionAccessPoint": Attached(
        "s3", _S3_ACTIONS, frozenset({"multiregionaccesspoint"})
    ),
    "AWS::S3ObjectLambda::AccessPoint": Attached("s3-object-lambda", _LAMBDA, _LAMBDA),
    "AWS::DynamoDB::Table": Attached("dynamodb", _TABLE, _TABLE),
}
