"""The rules of the family `trust`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.trust import (
    foreign_account_without_condition,
    github_oidc_without_subject,
    public_trust,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    public_trust.RULE,
    foreign_account_without_condition.RULE,
    github_oidc_without_subject.RULE,
)
