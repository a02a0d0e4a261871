"""The rules of the family `escalation`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.escalation import pass_role_to_any_role, service_linked_role_for_any_service

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    pass_role_to_any_role.RULE,
    service_linked_role_for_any_service.RULE,
)
