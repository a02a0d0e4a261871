"""The rules of the family `escalation`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.escalation import (
    attached_administrator_access,
    guardrail_removal,
    named_principal_takeover,
    pass_role_by_tag,
    pass_role_to_any_role,
    passed_role_escalation,
    principal_takeover,
    running_role_takeover,
    self_escalation,
    service_linked_role_for_any_service,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    attached_administrator_access.RULE,
    guardrail_removal.RULE,
    named_principal_takeover.RULE,
    pass_role_by_tag.RULE,
    pass_role_to_any_role.RULE,
    passed_role_escalation.RULE,
    principal_takeover.RULE,
    running_role_takeover.RULE,
    self_escalation.RULE,
    service_linked_role_for_any_service.RULE,
)
