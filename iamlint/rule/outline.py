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
    from collections.abc import Mapping

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
    known: Mapping[str, object] = {
        "name": name,
        "family": _FAMILIES[family],
        "module": f"{FOLDER}.{family}.{name.replace('-', '_')}",
        "severity": _SEVERITIES[severity],
        "profile": _PROFILES[profile],
        "scope": _SCOPES[scope],
        "security_severity": score,
        "access_analyzer": codes,
        "kinds": _kinds(kinds),
        "implies": _families(implies),
        **{name: name in flags for name in _FLAGS},
        "options_from": options_from,
        "when": when,
        "subjects": frozenset(map(SubjectKind, subjects)),
    }
    rule = Rule.__new__(Rule)
    for attribute, value in known.items():
        object.__setattr__(rule, attribute, value)
    if not has_options:
        object.__setattr__(rule, "options", None)
    return rule


@cache
def _kinds(names: Words) -> frozenset[Kind]:
    return frozenset(map(Kind, names)) if names else ALL_KINDS


@cache
def _families(names: Words) -> frozenset[Family]:
    return frozenset(map(Family, names))
