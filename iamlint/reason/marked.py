"""Texts in which a mark means any value of an unknown part: does a pattern name a text then?

A mark has one value wherever it is. So a pattern that matches with marks as plain characters
matches for every value, and what two texts have in common at their start makes no difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.policy.arn_patterns import FIELDS
from iamlint.policy.pattern import pattern_of
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import matches, overlaps
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.policy.grammar import Operator
    from iamlint.policy.model import Text
    from iamlint.reason.assumed import AssumedPart

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
_VARIABLE: Final = late_pattern(r"\$\{[^{}]*\}")
_OTHER: Final = "\U000ffffd"
"""A character that no value, pattern or text has."""


class MarkedTexts:
    """The marks of unknown parts, and what is certain about texts with marks."""

    def __init__(self, parts: Iterable[AssumedPart]) -> None:
        every = sorted(parts, key=lambda one: -len(one.text))
        self._by_text = {one.text: one.mark for one in every if one.is_fresh}
        self._by_token = {pattern_of(one.unknown): one.mark for one in every}
        self._marks: frozenset[str] = frozenset(one.mark for one in every)
        self._plain = frozenset(one.mark for one in every if one.is_plain)
        self._one = frozenset(one.mark for one in every if one.is_one)

    def text(self, text: str) -> str:
        """Return a text of a request with marks in place of the texts that are assumed."""
        for assumed, mark in self._by_text.items():
            text = text.replace(assumed, mark)
        return text

    def pattern(self, value: Text) -> str:
        """Return a value of a policy with marks for its unknown parts."""
        if isinstance(value, str):
            return value
        parts = value.parts if isinstance(value, Partial) else (value,)
        return "".join(part if isinstance(part, str) else self._mark_of(part) for part in parts)

    def _mark_of(self, part: Unknown) -> str:
        return self._by_token.get(pattern_of(part), "*")

    def marks(self, value: Text) -> frozenset[str]:
        """Return the marks of a text or of a value of a policy."""
        return self._marks.intersection(self.pattern(value))

    def has_mark(self, text: str) -> bool:
        return not self._marks.isdisjoint(text)

    def is_own(self, pattern: str) -> bool:
        """Return whether a pattern has a value that other policies may have another one of."""
        return any(char in self._marks and char not in self._one for char in pattern)

    def names_resource(self, pattern: str, text: str) -> Truth:
        """Return whether a pattern of ARNs names the ARN of a resource."""
        return YES if pattern == "*" else self._names_arn(pattern, text, is_same_value=True)

    def names_arn(self, pattern: str, text: str, _: Operator) -> Truth:
        """Return whether a value of a condition on ARNs names one."""
        return self._names_arn(pattern, text, is_same_value=False)

    def _names_arn(self, pattern: str, text: str, *, is_same_value: bool) -> Truth:
        fields, asked = pattern.split(":", FIELDS - 1), text.split(":", FIELDS - 1)
        if len(asked) == FIELDS and self._is_in_fields(fields):
            padded = fields + ["*"] * (FIELDS - len(fields))
            is_whole = len(fields) == FIELDS
            truths = (
                self._names(one, other, is_same_value=is_same_value)
                for one, other in zip(padded, asked, strict=True)
            )
            return min(*truths, YES if is_whole else MAYBE)
        loose = pattern if len(fields) == FIELDS else f"{pattern}*"
        return self._may(loose, text, is_same_value=False)

    def _is_in_fields(self, fields: list[str]) -> bool:
        """Return whether the colons of a pattern are known, but for those of its last field."""
        before = "".join(fields[: FIELDS - 1])
        return all(char in self._plain for char in before if char in self._marks)

    def names_text(self, pattern: str, text: str, operator: Operator) -> Truth:
        """Return whether a value of a condition on texts names one."""
        if operator.ignores_case:
            pattern, text = pattern.casefold(), text.casefold()
        if operator.wildcards or "${" in pattern:
            return self._names(pattern, text, is_same_value=False)
        return YES if pattern == text else self._may_equal(pattern, text)

    def _names(self, pattern: str, text: str, *, is_same_value: bool) -> Truth:
        if "${" not in pattern and self._is_surely(pattern, text):
            return YES
        return self._may(pattern, text, is_same_value=is_same_value)

    def _is_surely(self, pattern: str, text: str) -> bool:
        if "?" in pattern and self.has_mark(text):
            return False  # a value is more than one character
        return matches(pattern, text)

    def _may(self, pattern: str, text: str, *, is_same_value: bool) -> Truth:
        """Return whether it names the text for some values at least.

        A value with wildcards may match more than itself: then a text is meant in which another
        text is in place of each, and the pattern behind the value matches some end of what follows.
        """
        pattern = _VARIABLE.sub("*", pattern)
        is_wild = False
        if is_same_value:
            at = self._common(pattern, text)
            is_wild = any(c in self._marks and c not in self._plain for c in pattern[:at])
            pattern, text = pattern[at:], text[at:]
        pattern, text = self._widened(pattern), self._widened(text)
        if is_wild:
            text = _OTHER * (len(pattern) + 1) + text
            pattern = f"*{pattern}"
        return MAYBE if overlaps(pattern, text) else NO

    def _may_equal(self, pattern: str, text: str) -> Truth:
        """Return whether two texts without wildcards are equal for some values."""
        at = self._common(pattern, text)
        rest, other = pattern[at:], text[at:]
        if not self.has_mark(rest) and not self.has_mark(other):
            return NO
        # Their own wildcards are plain characters, which is a little less than what is asked here.
        return MAYBE if overlaps(self._widened(rest), self._widened(other)) else NO

    def _common(self, pattern: str, text: str) -> int:
        at = 0
        for one, other in zip(pattern, text, strict=False):
            if one != other or one in "*?" or (one in self._marks and one not in self._one):
                break
            at += 1
        return at

    def _widened(self, text: str) -> str:
        if not self.has_mark(text):
            return text
        return "".join("*" if char in self._marks else char for char in text)
