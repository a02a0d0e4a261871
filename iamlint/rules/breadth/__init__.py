"""The rules of the family `breadth`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.breadth import (
    allow_not_action,
    allow_not_resource,
    broad_credential_access,
    broad_data_access,
    broad_destruction,
    broad_log_tampering,
    broad_resource_sharing,
    every_action_on_resource,
    permission_management_by_wildcard,
    wildcard_admin,
    wildcard_service,
    write_by_wildcard,
    write_on_every_resource,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    allow_not_action.RULE,
    allow_not_resource.RULE,
    broad_credential_access.RULE,
    broad_data_access.RULE,
    broad_destruction.RULE,
    broad_log_tampering.RULE,
    broad_resource_sharing.RULE,
    every_action_on_resource.RULE,
    permission_management_by_wildcard.RULE,
    wildcard_admin.RULE,
    wildcard_service.RULE,
    write_by_wildcard.RULE,
    write_on_every_resource.RULE,
)
