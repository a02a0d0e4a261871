"""Parts of shapes that several tables use."""

from __future__ import annotations

from typing import Final

# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Root.html
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
ACCOUNT: Final = "[0-9]{12}"
ORGANIZATION: Final = "o-[a-z0-9]{10,32}"
ROOT: Final = "r-[0-9a-z]{4,32}"
UNIT: Final = "ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}"
_MOST_LEVELS: Final = 8
"""AWS allows five levels of units below the root; a few more do no harm."""

# AWS's own examples of paths have shorter ids of organizations.
PATHS: Final = tuple(
    f"o-[a-z0-9]{{5,32}}/{ROOT}/" + f"{UNIT}/" * levels for levels in range(_MOST_LEVELS)
)

PARTITION: Final = "arn:[a-z-]+"
_OWNERS: Final = (ACCOUNT, "", "[^:]*[A-Za-z_][^:]*")
"""An account, none, or a word: `aws`, or what an example writes in its place."""
REST: Final = "[^ ]+"
NAME: Final = "[^ :]+"
"""A name of IAM, with its path."""
REGION: Final = "[a-z]{2,4}-[a-z-]+-[0-9]"


def arns(service: str, resource: str) -> tuple[str, ...]:
    """Return the shapes of the ARNs of a service with a resource."""
    return tuple(f"{PARTITION}:{service}:[^:]*:{owner}:{resource}" for owner in _OWNERS)


CALLER_SUFFIXES: Final = (".amazonaws.com", ".amazon.com", ".amazonaws.com.cn")
# Other partitions have domains of their own. AWS documents one name of `aws.internal`,
# `api-service.dnssec.route53.aws.internal`; which other names exist is not known:
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateKeySigningKey.html
SERVICE_SUFFIXES: Final = (
    *CALLER_SUFFIXES,
    ".aws.internal",
    ".amazonaws.eu",
    ".c2s.ic.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
    ".sc2s.sgov.gov",
)
SERVICES: Final = tuple(f"[a-z0-9.-]+{suffix}" for suffix in SERVICE_SUFFIXES)
REGIONAL_SERVICES: Final = tuple(f"[a-z0-9.-]+.{REGION}{suffix}" for suffix in SERVICE_SUFFIXES)
