"""The rules of the family `quotas`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.quotas import (
    oversized_identity_policy,
    oversized_rcp,
    oversized_resource_policy,
    oversized_scp,
    oversized_trust_policy,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    oversized_identity_policy.RULE,
    oversized_rcp.RULE,
    oversized_resource_policy.RULE,
    oversized_scp.RULE,
    oversized_trust_policy.RULE,
)
