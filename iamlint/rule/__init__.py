"""What a rule is, and what it finds: the words of rules, reports and plugins."""

from __future__ import annotations

from iamlint.rule.finding import Confidence, Family, Profile, Severity
from iamlint.rule.holders import Holders
from iamlint.rule.rule import (
    ALL_KINDS,
    MARK,
    RESERVED,
    AccountCheck,
    AccountContext,
    AccountHit,
    AttachedPolicy,
    AttachmentCheck,
    Example,
    Hit,
    Note,
    OwnAccounts,
    PolicyCheck,
    RequireCondition,
    Rule,
    RuleContext,
    Scope,
    StatementCheck,
    bad,
    good,
    issue_code,
)

__all__ = [
    "ALL_KINDS",
    "MARK",
    "RESERVED",
    "AccountCheck",
    "AccountContext",
    "AccountHit",
    "AttachedPolicy",
    "AttachmentCheck",
    "Confidence",
    "Example",
    "Family",
    "Hit",
    "Holders",
    "Note",
    "OwnAccounts",
    "PolicyCheck",
    "Profile",
    "RequireCondition",
    "Rule",
    "RuleContext",
    "Scope",
    "Severity",
    "StatementCheck",
    "bad",
    "good",
    "issue_code",
]
