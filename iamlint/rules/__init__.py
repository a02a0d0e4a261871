"""All rules, in report order. Each family lists its own, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules import (
    actions,
    breadth,
    conditions,
    escalation,
    exposure,
    hygiene,
    organizations,
    principals,
    quotas,
    redundancy,
    resources,
    syntax,
    trust,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

BUILTIN: tuple[Rule, ...] = (
    *syntax.RULES,
    *actions.RULES,
    *resources.RULES,
    *conditions.RULES,
    *principals.RULES,
    *trust.RULES,
    *breadth.RULES,
    *escalation.RULES,
    *exposure.RULES,
    *organizations.RULES,
    *redundancy.RULES,
    *quotas.RULES,
    *hygiene.RULES,
)
