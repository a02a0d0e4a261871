"""The networks and principals that can reach a resource at all, whatever its policy says."""

from __future__ import annotations

from enum import StrEnum


class Network(StrEnum):
    """Where requests may come from.

    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """

    INTERNET = "internet"
    VPC = "vpc"  # only from inside of the VPC that a domain is in
    ENDPOINTS = "endpoints"  # through the VPC endpoints of the region, of any account
    SIGNED_IN = "signed-in"  # by users that a domain signs in itself: fine-grained access control
    UNKNOWN = "unknown"
