"""What a rule is, and what it finds: the words of rules, reports and plugins."""

from __future__ import annotations

from iamlint.rule.beside_content import BesideContent
from iamlint.rule.controls import Controls
from iamlint.rule.demands import ForbiddenAccess, ReferencePolicy, RequireCondition, Through
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
    HitFlow,
    Note,
    OwnAccounts,
    PolicyCheck,
    Rule,
    RuleContext,
    Scope,
    StatementCheck,
    SubjectCheck,
    SubjectContext,
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
    "BesideContent",
    "Confidence",
    "Controls",
    "Example",
    "Family",
    "ForbiddenAccess",
    "Hit",
    "HitFlow",
    "Holders",
    "Note",
    "OwnAccounts",
    "PolicyCheck",
    "Profile",
    "ReferencePolicy",
    "RequireCondition",
    "Rule",
    "RuleContext",
    "Scope",
    "Severity",
    "StatementCheck",
    "SubjectCheck",
    "SubjectContext",
    "Through",
    "bad",
    "good",
    "issue_code",
]
