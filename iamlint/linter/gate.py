"""Chooses the rules that can find something in a policy, by what it shows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.linter.traits import Traits
from iamlint.rule import Scope
from iamlint.rule.finding import Family
from iamlint.rule.when import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.catalog import Catalog
    from iamlint.policy.grammar import Kind
    from iamlint.policy.model import Policy, Statement
    from iamlint.rule import OwnAccounts, Rule

    Chosen = dict[int, Sequence[Statement]]

_MANY: Final = 1 << 14
"""Combinations of traits that are remembered for each kind of policy."""


_WHAT_IT_GIVES: Final = frozenset({Family.BREADTH, Family.ESCALATION, Family.EXPOSURE})
"""The families that look at a policy as it counts: without conditions that never or always hold."""


class RuleGate:
    """The rules of a run, chosen once for each combination of traits."""

    def __init__(self, rules: Sequence[Rule], catalog: Catalog, home: OwnAccounts) -> None:
        self._rules = rules
        self._catalog = catalog
        self._home = home
        self._kinds: dict[tuple[Kind, Scope], _Fitting] = {}

    @cached_property
    def of_access(self) -> frozenset[int]:
        """The numbers of the rules that look at a policy as it counts."""
        rules = enumerate(self._rules)
        return frozenset(number for number, rule in rules if rule.family in _WHAT_IT_GIVES)

    @cached_property
    def _words(self) -> Vocabulary:
        return Vocabulary(self._rules)

    @cached_property
    def _traits(self) -> Traits:
        return Traits(self._words, self._catalog, self._home)

    def chosen(self, policy: Policy, resource_type: str | None) -> Chosen:
        """Return the statements that each rule is asked about, by the number of the rule.

        A rule on whole policies has all statements, if it is asked.
        """
        of_policy = self._traits.of_policy(policy, resource_type)
        by_statement = self._fitting(policy.kind, Scope.STATEMENT)
        every = of_policy
        found: dict[int, list[Statement]] = {}
        for statement in policy.statements:
            traits = of_policy | self._traits.of_statement(statement)
            every |= traits
            for number in by_statement[traits]:
                found.setdefault(number, []).append(statement)
        chosen: Chosen = {**found}
        for number in self._fitting(policy.kind, Scope.POLICY)[every]:
            chosen[number] = policy.statements
        return chosen

    def _fitting(self, kind: Kind, scope: Scope) -> _Fitting:
        found = self._kinds.get((kind, scope))
        if found is None:
            fitting = [
                (number, self._words.needs[number])
                for number, rule in enumerate(self._rules)
                if rule.scope is scope and kind in rule.kinds
            ]
            found = self._kinds[kind, scope] = _Fitting(fitting)
        return found


class _Fitting(dict[int, tuple[int, ...]]):
    """The numbers of the rules that fit what is shown."""

    def __init__(self, rules: Sequence[tuple[int, tuple[int, ...]]]) -> None:
        super().__init__()
        self._numbers = [(1 << place, number) for place, (number, _) in enumerate(rules)]
        self._needing: dict[int, int] = {}
        """For each need, the bits of the rules that have it."""
        for place, (_, needs) in enumerate(rules):
            for need in needs:
                self._needing[need] = self._needing.get(need, 0) | 1 << place

    def __missing__(self, traits: int) -> tuple[int, ...]:
        if len(self) >= _MANY:
            self.clear()
        out = 0
        for need, rules in self._needing.items():
            if not need & traits:
                out |= rules
        fits = [number for bit, number in self._numbers if not out & bit]
        found = self[traits] = tuple(fits)
        return found
