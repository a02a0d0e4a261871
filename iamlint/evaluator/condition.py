"""Conditions, compiled: absent keys, `IfExists`, quantifiers and negation, once for all operators.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from iamlint.evaluator.any_of import FEW, any_of
from iamlint.evaluator.context import Missing, Partly
from iamlint.evaluator.match import ValueTemplate, read_template
from iamlint.evaluator.operators.null import is_null
from iamlint.evaluator.operators.table import ROWS
from iamlint.evaluator.part import named_in_part
from iamlint.policy.arn_patterns import covers_arn, covers_text
from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.policy.pattern import is_open
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.evaluator.context import Context, ContextValue
    from iamlint.evaluator.match import Glob, Test
    from iamlint.evaluator.operators.row import OperatorRow
    from iamlint.policy.model import Condition

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


class CompiledCondition:
    """One key under one operator, compiled for contexts.

    `tests` are the values that no request changes, `templates` the others. It is `broken` if a
    value is not of the operator's type: then a negated operator does not match either (found by
    testing against AWS's simulator for ARNs; taken to hold for every type).
    """

    __slots__ = (
        "_absent",
        "_is_null_test",
        "_negated",
        "_quantifier",
        "_row",
        "_variables",
        "broken",
        "condition",
        "name",
        "templates",
        "tests",
    )

    def __init__(self, condition: Condition, *, variables: bool) -> None:
        self.condition = condition
        self.name = condition.name
        self.broken = condition.operator is None
        self.tests: tuple[Test, ...] = ()
        self.templates: tuple[ValueTemplate, ...] = ()
        self._negated = condition.negated
        self._quantifier = condition.quantifier
        self._is_null_test = condition.family is OperatorFamily.NULL
        self._absent = _when_absent(condition)
        self._variables = variables
        self._row: OperatorRow | None = None
        if condition.operator is not None:
            self._row = ROWS[condition.operator.name.lower()]
            self._compile(self._row, variables=variables)

    def _compile(self, row: OperatorRow, *, variables: bool) -> None:
        read = [
            read_template(
                entry.value,
                variables=variables and row.variables,
                wildcards=row.operator.wildcards,
            )
            for entry in self.condition.values
        ]
        self.templates = tuple(template for template in read if not template.is_fixed)
        if self._is_null_test:
            return
        fixed = [template.fixed for template in read if template.is_fixed]
        if row.exact and len(fixed) > 1:
            texts = frozenset("".join(str(part) for part in glob) for glob in fixed)
            if row.operator.ignores_case:
                self.tests = (partial(_is_among, frozenset(map(str.casefold, texts))),)
            else:
                self.tests = (texts.__contains__,)
            return
        tests: list[tuple[Glob, Test]] = []
        for glob in fixed:
            try:
                tests.append((glob, row.test(glob)))
            except ValueError:
                self.broken = True
        self.tests = tuple(test for _, test in tests)
        if row.prepare_glob is not None and len(tests) > FEW:
            self.tests = (any_of([glob for glob, _ in tests], self.tests),)

    def holds(self, context: Context) -> Truth:
        """Return whether a request with this context satisfies the condition.

        A set operator takes an empty text for no value:
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
        """
        if self._row is None:
            return NO
        value = context.get(self.name)
        if self._is_null_test:
            return self._null(value)
        if isinstance(value, str):
            if not value and self._quantifier is not Quantifier.NONE:
                return self._absent
            return self._one(value, context)
        if value is Missing.ABSENT:
            return self._absent
        if value is Missing.UNKNOWN:
            return MAYBE
        if isinstance(value, Partly):
            return self._known_in_part(value, context)
        if self._quantifier is not Quantifier.NONE and is_null(value):
            return self._absent
        if self._quantifier is Quantifier.ALL:
            return min(self._one(text, context) for text in value)
        if self._quantifier is Quantifier.ANY:
            return max(self._one(text, context) for text in value)
        # A multivalued key wants a quantifier; that it else never matches is not documented.
        return NO

    def _one(self, text: str, context: Context) -> Truth:
        """Return whether one value of the request matches a value of the policy."""
        if is_open(text):
            return self._known_in_part(Partly.of(text), context)
        try:
            truth = self._matches(text, context)
        except ValueError:
            return NO
        if not self._negated:
            return truth
        return NO if self.broken else _NOT[truth]

    def _matches(self, text: str, context: Context) -> Truth:
        for test in self.tests:
            if test(text):
                return YES
        found = NO
        for template in self.templates:
            found = max(found, self._template_matches(template, text, context))
        return found

    def _known_in_part(self, value: Partly, context: Context) -> Truth:
        """Return whether a partly known value matches; sure if its unknown part does not matter."""
        if self._row is None or self._row.operator.family not in _OF_TEXTS:
            return MAYBE
        if self._is_same(value, context):
            return _NOT[YES] if self._negated else YES
        patterns = []
        own = value.pattern
        for entry in self.condition.values:
            if own is not None and context.are_two(entry.pattern, own):
                continue
            template = read_template(
                entry.value,
                variables=self._variables and self._row.variables,
                wildcards=self._row.operator.wildcards,
            )
            expansion = template.expand(context)
            if expansion is not None:
                patterns.append(expansion)
        try:
            truth = named_in_part(value, tuple(patterns), self._row.operator)
        except ValueError:
            return NO
        if not self._negated:
            return truth
        return NO if self.broken else _NOT[truth]

    def _is_same(self, value: Partly, context: Context) -> bool:
        """Return whether a value of the policy has the same unknown parts, and so names it."""
        pattern, row = value.pattern, self._row
        if pattern is None or row is None:
            return False
        is_arn = row.operator.family is OperatorFamily.ARN
        if is_arn and not pattern.startswith("arn:"):
            return False
        for entry in self.condition.values:
            known = entry.pattern
            if self._variables and row.variables:
                known = context.fill(known)
            covers = covers_arn if is_arn else covers_text
            if known == pattern or (row.operator.wildcards and covers(known, pattern)):
                return True
        return False

    def _template_matches(self, template: ValueTemplate, text: str, context: Context) -> Truth:
        # A variable without a value means null: equal to nothing, unlike everything.
        expansion = template.expand(context)
        if expansion is None or self._row is None:
            return NO
        if not expansion.certain:
            return self._row.may_match(expansion.glob, text)
        try:
            test = self._row.test(expansion.glob)
        except ValueError:
            if self._negated:  # as when `broken`
                raise
            return NO
        return YES if test(text) else NO

    def _null(self, value: ContextValue) -> Truth:
        if value is Missing.UNKNOWN:
            wanted = {entry.known.lower() for entry in self.condition.values if entry.known}
            return YES if wanted >= {"true", "false"} else MAYBE
        if self.templates:
            return MAYBE
        answer = "true" if is_null(value) else "false"
        held = any(e.known is not None and e.known.lower() == answer for e in self.condition.values)
        return YES if held else NO

    def unknown_keys(self, context: Context) -> Iterator[str]:
        """Yield the keys without which the condition is undecided, as the policy spells them."""
        value = context.get(self.name)
        is_partly = isinstance(value, Partly) or (isinstance(value, str) and is_open(value))
        if value is Missing.UNKNOWN or is_partly:
            yield self.condition.key
        texts = value if isinstance(value, tuple) else (value,)
        for template in self.templates:
            if any(self._is_open(template, text, context) for text in texts):
                yield from template.unknown_keys(context)

    def _is_open(self, template: ValueTemplate, text: object, context: Context) -> bool:
        """Return whether it is not known if a text with variables matches that of the request."""
        if not isinstance(text, str):
            return True
        try:
            return self._template_matches(template, text, context) is MAYBE
        except ValueError:
            return False


def _is_among(folded: frozenset[str], text: str) -> bool:
    return text.casefold() in folded


_NOT = (YES, MAYBE, NO)
_OF_TEXTS = frozenset({OperatorFamily.STRING, OperatorFamily.ARN})


def _when_absent(condition: Condition) -> Truth:
    """Return what the condition says of a request without the key."""
    if condition.if_exists or condition.quantifier is Quantifier.ALL:
        return YES
    if condition.quantifier is Quantifier.ANY:
        return NO
    return YES if condition.negated else NO
