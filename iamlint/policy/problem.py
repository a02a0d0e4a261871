"""What the parser finds wrong with a document."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from iamlint.policy.at import At


class GrammarFault(StrEnum):
    """Ways in which a document breaks the policy grammar; each has its rule."""

    UNREADABLE = "unreadable"
    RELAXED_JSON = "relaxed json"
    DUPLICATE_KEY = "duplicate key"
    WRONG_TYPE = "wrong type"
    MIXED_VALUES = "mixed values"
    UNKNOWN_ELEMENT = "unknown element"
    MISSING_STATEMENT = "missing statement"
    MISSING_EFFECT = "missing effect"
    MISSING_ACTION = "missing action"
    MISSING_RESOURCE = "missing resource"
    MISSING_PRINCIPAL = "missing principal"
    INVALID_VERSION = "invalid version"
    INVALID_EFFECT = "invalid effect"
    CONFLICTING_ELEMENTS = "conflicting elements"
    MISPLACED_PRINCIPAL = "misplaced principal"
    INVALID_PRINCIPAL = "invalid principal"
    UNKNOWN_PRINCIPAL_TYPE = "unknown principal type"
    UNKNOWN_OPERATOR = "unknown operator"
    NULL_IF_EXISTS = "null if exists"
    INVALID_CONDITION_KEY = "invalid condition key"
    EMPTY_ACTION = "empty action"
    EMPTY_RESOURCE = "empty resource"
    EMPTY_PRINCIPAL_LIST = "empty principal list"
    EMPTY_PRINCIPAL_OBJECT = "empty principal object"
    EMPTY_CONDITION = "empty condition"
    EMPTY_OPERATOR = "empty operator"
    EMPTY_VALUES = "empty values"
    SUBSTITUTED_VARIABLE = "substituted variable"
    EVALUATED_VARIABLE = "evaluated variable"
    UNTRANSLATED_VARIABLE = "untranslated variable"


# AWS takes these; its validator only advises against them.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
_HARMLESS: Final = frozenset(
    {
        GrammarFault.MIXED_VALUES,
        GrammarFault.EMPTY_CONDITION,
        GrammarFault.EMPTY_OPERATOR,
        GrammarFault.EMPTY_VALUES,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault at one place; the message says what is wrong with this very text.

    One that `may_pass` breaks the grammar, but it is not known whether AWS rejects it.
    """

    fault: GrammarFault
    at: At
    message: str
    help: str | None = None
    may_pass: bool = False

    def is_accepted(self, kind: Kind) -> bool:
        """Return whether AWS takes a document of this kind with this problem.

        A policy without statements says nothing, and older resource policies have no `Resource`:
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
        """
        if self.fault is GrammarFault.MISSING_STATEMENT:
            return self.at.pointer == ("Statement",)
        if self.fault in (GrammarFault.MISSING_RESOURCE, GrammarFault.EMPTY_RESOURCE):
            return self.may_pass or kind is Kind.RESOURCE
        return self.may_pass or self.fault in _HARMLESS
