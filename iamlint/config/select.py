"""Which rules run: names, families, tags, profiles; and each rule's own options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.errors import UsageError
from iamlint.policy.spelling import did_you_mean
from iamlint.rule.finding import Family, Profile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from iamlint.rule import Rule
    from iamlint.rule.finding import Severity

_ALL = "all"
_DEFAULT = "default"
_TAGS = ("security", "correctness", "access-analyzer")


def select_rules(
    rules: Iterable[Rule],
    *,
    select: Iterable[str],
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: Profile = Profile.DEFAULT,
) -> tuple[Rule, ...]:
    """Return the rules to run, in report order.

    A selector is a rule's name, a family, a tag, `default` or `all`. A family or tag selects
    what the profile has of it; a name or `all` selects whatever it names.
    """
    known = tuple(rules)
    wanted = {*select, *extend_select}
    unwanted = set(ignore)
    _check_known((*select, *extend_select, *ignore), known)
    return tuple(
        rule
        for rule in known
        if not wanted.isdisjoint(_selecting(rule, profile)) and unwanted.isdisjoint(_naming(rule))
    )


def _selecting(rule: Rule, profile: Profile) -> tuple[str, ...]:
    """Return the words that select a rule in a profile."""
    in_profile = profile is Profile.STRICT or rule.profile is Profile.DEFAULT
    return (*_naming(rule), _DEFAULT) if in_profile else (rule.name, _ALL)


def _naming(rule: Rule) -> tuple[str, ...]:
    """Return the words that name a rule, or a group that it is in."""
    return (rule.name, rule.family, *tags(rule), _ALL)


def tags(rule: Rule) -> tuple[str, ...]:
    """Return what a rule is about, in words that select it."""
    kind = "security" if rule.security_severity is not None else "correctness"
    return (kind, "access-analyzer") if rule.access_analyzer else (kind,)


def selectors_of(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return every word that selects rules."""
    return (*(rule.name for rule in rules), *Family, *_TAGS, _ALL, _DEFAULT)


def _check_known(given: Iterable[str], rules: tuple[Rule, ...]) -> None:
    names = selectors_of(rules)
    for selector in given:
        if selector not in names:
            raise UsageError(
                f"there is no rule, family or tag `{selector}`",
                help=did_you_mean(selector, names) or "`iamlint rule --all` lists the rules",
            )


def rule_severities(rules: Iterable[Rule], given: Mapping[str, Severity]) -> Mapping[str, Severity]:
    """Return the severities that are given; raise for a name that no rule has."""
    names = {rule.name for rule in rules}
    for name in given:
        _check_name(name, names, f"severity.{name}")
    return given


def _check_name(name: str, names: Collection[str], shown: str) -> None:
    if name not in names:
        raise UsageError(
            f"`{shown}` does not match a rule",
            help=did_you_mean(name, names) or "`iamlint rule --all` lists the rules",
        )


def rule_options(
    rules: Iterable[Rule], given: Mapping[str, Mapping[str, object]]
) -> dict[str, object]:
    """Return the options that are given, typed, over the rule's own defaults; by its name."""
    by_name = {rule.name: rule for rule in rules}
    for name in given:
        _check_name(name, by_name, f"[rules.{name}]")
    return {
        rule.name: _options(rule, rule.options, given[rule.name])
        for rule in by_name.values()
        if rule.name in given
    }


def _options(rule: Rule, type_: type | None, given: Mapping[str, object]) -> object:
    import dataclasses  # noqa: PLC0415 - only a configuration of rules needs it

    names = [f.name for f in dataclasses.fields(type_)] if type_ else []
    values: dict[str, object] = {}
    for key, value in given.items():
        name = key.replace("-", "_")
        if name not in names:
            spelt = [known.replace("_", "-") for known in names]
            raise UsageError(
                f"`{rule.name}` has no option `{key}`",
                help=did_you_mean(key, spelt) or f"its options: {', '.join(spelt) or 'none'}",
            )
        values[name] = tuple(value) if isinstance(value, list) else value
    return type_(**values) if type_ else None
