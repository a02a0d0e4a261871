"""What a configuration below the named folder switches off, against the one that holds there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.config.keys import keys
from iamlint.rule.run import SwitchedOff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.config.keys import Config
    from iamlint.rule import Rule


def switched_off(
    own: Config, base: Config, own_rules: Iterable[Rule], base_rules: Iterable[Rule]
) -> SwitchedOff | None:
    """Return what a configuration may hide that another one would show; None if that is nothing."""
    left = {rule.name for rule in own_rules}
    changed = left & (own.severity.keys() | base.severity.keys())
    lowered = (
        rule.name
        for rule in base_rules
        if rule.name in changed
        and own.severity.get(rule.name, rule.severity).rank
        < base.severity.get(rule.name, rule.severity).rank
    )
    said = [key.field for key in keys() if key.decides]
    differing = [n for n in said if getattr(own, n) and getattr(own, n) != getattr(base, n)]
    lost = {
        "rules": base.rules and own.rules != base.rules,
        "aws_managed_policies": base.aws_managed_policies and not own.aws_managed_policies,
        "require_condition": {*base.require_condition} - {*own.require_condition},
        "never": {*base.never} - {*own.never},
        "reference": {*base.reference} - {*own.reference},
    }
    settings = {*differing, *(name for name, is_lost in lost.items() if is_lost)}
    found = SwitchedOff(
        path=own.shown,
        rules=tuple(sorted(rule.name for rule in base_rules if rule.name not in left)),
        severities=tuple(sorted(lowered)),
        settings=tuple(sorted(name.replace("_", "-") for name in settings)),
    )
    return found if found.rules or found.severities or found.settings else None
