"""A rule without its module: a row of a table has what the engine asks before it finds anything.

Most rules cannot find anything in most policies, and to import them would take longer than a check.
The other attributes of a rule that is made of a row come from its module, when one is asked for.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.load.file_value import SubjectKind
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Family, Profile, Severity
from iamlint.rule.rule import ALL_KINDS, Rule, Scope

if TYPE_CHECKING:
    Words: TypeAlias = tuple[str, ...]
    Names: TypeAlias = tuple[str, str, str, str, str]
    Facts: TypeAlias = tuple[float | None, Words, Words, Words, Words, bool, str, Words, Words]
    Row: TypeAlias = tuple[Names, Facts]

FOLDER: Final = "iamlint.rules"
_FAMILIES: Final = {str(one): one for one in Family}
_SEVERITIES: Final = {str(one): one for one in Severity}
_PROFILES: Final = {str(one): one for one in Profile}
_SCOPES: Final = {str(one): one for one in Scope}
_FLAGS: Final = ("of_use", "of_part", "looks_at_account", "looks_at_attachments")
_KNOWN: Final = (
    *("name", "family", "module", "severity", "profile", "scope", "security_severity"),
    *("access_analyzer", "kinds", "implies", *_FLAGS, "options_from", "when", "subjects"),
)
# A rule is frozen, and this is the quickest way to set an attribute of one.
_SETTERS: Final = tuple(getattr(Rule, name).__set__ for name in _KNOWN)


def outline(rule: Rule) -> Row:
    """Return the row of a rule; no kinds are all kinds."""
    severity, profile, scope = str(rule.severity), str(rule.profile), str(rule.scope)
    return (rule.name, str(rule.family), severity, profile, scope), (
        rule.security_severity,
        rule.access_analyzer,
        () if rule.kinds == ALL_KINDS else tuple(sorted(map(str, rule.kinds))),
        tuple(sorted(map(str, rule.implies))),
        tuple(name for name in _FLAGS if getattr(rule, name)),
        rule.options is not None,
        rule.options_from,
        rule.when,
        tuple(sorted(map(str, rule.subjects))),
    )


def rule_of(row: Row) -> Rule:
    """Return the rule of a row, whose module is imported when more is asked."""
    (name, family, severity, profile, scope), facts = row
    score, codes, kinds, implies, flags, has_options, options_from, when, subjects = facts
    rule = Rule.__new__(Rule)
    known = (
        name,
        _FAMILIES[family],
        f"{FOLDER}.{family}.{name.replace('-', '_')}",
        _SEVERITIES[severity],
        _PROFILES[profile],
        _SCOPES[scope],
        score,
        codes,
        _kinds(kinds),
        _families(implies),
        *_flags(flags),
        options_from,
        when,
        _subjects(subjects),
    )
    for set_one, value in zip(_SETTERS, known, strict=True):
        set_one(rule, value)
    if not has_options:
        object.__setattr__(rule, "options", None)
    return rule


@cache
def _flags(flags: Words) -> tuple[bool, ...]:
    return tuple(name in flags for name in _FLAGS)


@cache
def _subjects(words: Words) -> frozenset[SubjectKind]:
    return frozenset(map(SubjectKind, words))


@cache
def _kinds(names: Words) -> frozenset[Kind]:
    return frozenset(map(Kind, names)) if names else ALL_KINDS


@cache
def _families(names: Words) -> frozenset[Family]:
    return frozenset(map(Family, names))
