"""What the policies themselves do not say, and a decision depends on."""

from __future__ import annotations

from iamlint.fast_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """`rcp_services` are the services that support resource control policies; None means all.

    `rcp_default_allow`: AWS attaches `RCPFullAWSAccess` everywhere, and it cannot be detached.
    `block_public_access`: S3's RestrictPublicBuckets is on for the bucket.
    `gateway_endpoint`: the endpoint is a gateway, where an account names its root user alone; None
    if that is not known.
    """

    rcp_default_allow: bool = True
    rcp_services: frozenset[str] | None = None
    block_public_access: bool = False
    gateway_endpoint: bool | None = False


DEFAULTS = Settings()
