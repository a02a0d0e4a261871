"""Whether a difference that one value of an unknown part shows is there for every value.

A mark means any value of a part: in the request of the witness where it contains the text of the
part, and in the patterns of statements. A statement applies for every value if its pattern
matches with the marks as they are, for the same value in both keeps that. It applies for none if
its pattern does not meet the text even with any text in place of each mark. Otherwise it may
apply, and then the evaluator must decide the same without it.

Ruled out are values that AWS takes for nothing in their place: no text, or for the name of a
resource a text that is not one, such as a bucket's with `/`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from iamlint.account.build.compile import on_a_condition
from iamlint.evaluator.context import Missing, Partly
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.request import StatementRequest
from iamlint.evaluator.statement import CompiledPolicy
from iamlint.evaluator.verdict import Verdict
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.at import At
from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.policy.model import Element, Entry, Principals
from iamlint.policy.truth import Truth, negation
from iamlint.reason.assumed import mapped
from iamlint.reason.marked import MarkedTexts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.evaluator.condition import CompiledCondition
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.policy.model import Condition, Statement
    from iamlint.reason.answer import Witness
    from iamlint.reason.assumed import AssumedValues
    from iamlint.reason.witness import Shown

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
_NOBODY: Final = Principals("Principal", (), At(()))
_OWNERS: Final = frozenset({"aws:resourceaccount", "s3:resourceaccount"})
_REFUSED: Final = frozenset({Verdict.EXPLICITLY_DENIED, Verdict.IMPLICITLY_DENIED})


@dataclass(frozen=True, slots=True)
class Proof:
    """That a witness shows a difference for every value.

    `assumed` are the values that it has, by names, `marks` those of the parts, `patterns` the
    resources of statements that name its resource.
    """

    assumed: Mapping[str, str]
    marks: frozenset[str]
    patterns: frozenset[str]


class EveryValue:
    """Proves that differences are there for every value of the parts that are assumed."""

    def __init__(self, values: AssumedValues) -> None:
        self.values = values
        self.texts = MarkedTexts(values.parts.values())

    def proof(self, shown: Shown) -> Proof | None:
        """Return the proof for a witness; None if for some value it may not show it."""
        for in_any_partition in (False, True):
            question = _Question(self, shown, in_any_partition=in_any_partition)
            if question.holds():
                return question.proof
        return None

    def marks_of_conditions(self, statement: CompiledStatement) -> set[str]:
        """Return the marks in the conditions of a statement that has no texts yet."""
        entries = (entry for one in statement.source.conditions for entry in one.values)
        return {mark for entry in entries for mark in self.texts.marks(entry.value)}

    def marks_of_token(self, pattern: str) -> set[str]:
        """Return the marks of a pattern as statements that have no texts are compared by."""
        return {one.mark for token, one in self.values.parts.items() if token in pattern}


class _Question:
    """Is a witness decided in the same way with marks in place of the values that it assumes?"""

    def __init__(self, of: EveryValue, shown: Shown, *, in_any_partition: bool) -> None:
        self._values, self._texts = of.values, of.texts
        self._shown = shown
        self._request = shown.request
        self._asked = StatementRequest(shown.request)
        self._in_any_partition = in_any_partition
        self._resource = self._texts.text(shown.request.resource.text)
        if in_any_partition:
            self._resource = self._with_partition(self._resource)
        context = shown.request.context.values
        self._context = {name: self._marked(value) for name, value in context.items()}

    def holds(self) -> bool:
        """Return whether the evaluator decides the same, whatever the values are."""
        if self._is_caller_assumed():
            return False
        wide, narrow, settings = self._shown.sides
        if not evaluate(self._request, mapped(wide, self._for_every), settings).allowed:
            return False
        limits = mapped(narrow, partial(self._for_every, is_other=True))
        return evaluate(self._request, limits, settings).verdict in _REFUSED

    @property
    def proof(self) -> Proof:
        parts, texts = self._values.parts.values(), self._texts
        decisive = (self._resource, *(text for value in self._context.values() for text in value))
        named = (self._resource, *map(texts.text, _texts_of(self._shown.witness)))
        marks, seen = (
            frozenset(mark for text in of for mark in texts.marks(text)) for of in (decisive, named)
        )
        assumed = {one.name: one.text for one in parts if one.mark in seen}
        if self._values.home is not None:
            assumed = {k: text for k, text in assumed.items() if text != self._values.home}
        return Proof(assumed, marks, frozenset(self._patterns()))

    def _patterns(self) -> Iterator[str]:
        wide, _, _ = self._shown.sides
        for policy in wide.every():
            for statement, _ in policy.about(self._asked.action):
                element = self._values.written(statement).resource_element
                for entry in element.entries if element else ():
                    pattern = self._texts.pattern(entry.value)
                    if self._texts.names_resource(pattern, self._resource) is YES:
                        yield entry.pattern

    def _with_partition(self, text: str) -> str:
        every = self._values.parts.values()
        mark = next((one.mark for one in every if one.is_partition), None)
        fields = text.split(":")
        return text if mark is None else ":".join((*fields[:1], mark, *fields[2:]))

    def _marked(self, value: ContextValue) -> tuple[str, ...]:
        if isinstance(value, Missing | Partly):
            return ()
        return tuple(map(self._texts.text, (value,) if isinstance(value, str) else value))

    def _is_caller_assumed(self) -> bool:
        """Return whether principals name a caller whose account is assumed."""
        account = self._request.caller.account
        texts = {one.text for one in self._values.parts.values()}
        if account not in texts or account == self._values.home:
            return False
        return any(
            entry.text not in ("*", account)
            for policies in self._shown.sides[:2]
            for policy in policies.every()
            for statement in policy.source.statements
            for entry in (statement.principal or statement.not_principal or _NOBODY).entries
        )

    def _for_every(self, policy: CompiledPolicy, *, is_other: bool = False) -> CompiledPolicy:
        """Return a policy that applies to the request as it does for every value.

        One that `is_other` is not of the side that the values are taken from.
        """
        changed = {
            id(one.source): _perhaps(one.source)
            for one, _ in policy.about(self._asked.action)
            if (truth := self._truth(one)) is MAYBE
            or (truth is YES and is_other and self._has_own_value(one))
            or (truth is YES and self._in_any_partition and _names_arns(one.source))
        }
        if not changed:
            return policy
        found = tuple(changed.get(id(one), one) for one in policy.source.statements)
        return CompiledPolicy(replace(policy.source, statements=found), policy.label)

    def _has_own_value(self, statement: CompiledStatement) -> bool:
        written = self._values.written(statement)
        element = written.resource_element
        entries = [*(element.entries if element else ())]
        entries += [entry for one in written.conditions for entry in one.values]
        return any(self._texts.is_own(self._texts.pattern(entry.value)) for entry in entries)

    def _truth(self, statement: CompiledStatement) -> Truth:
        written = self._values.written(statement)
        truth = self._names_resource(statement, written)
        for test, condition in zip(statement.conditions, written.conditions, strict=True):
            truth = min(truth, self._holds(test, condition))
        return truth

    def _names_resource(self, statement: CompiledStatement, written: Statement) -> Truth:
        element = written.resource_element
        patterns = [self._texts.pattern(e.value) for e in element.entries] if element else []
        if element is None or not any(map(self._texts.has_mark, (self._resource, *patterns))):
            return statement.names_resource(self._asked)
        truth = max(self._texts.names_resource(one, self._resource) for one in patterns)
        return negation(truth) if element.name == "NotResource" else truth

    def _holds(self, test: CompiledCondition, condition: Condition) -> Truth:
        texts = self._context.get(test.name, ())
        patterns = [self._texts.pattern(entry.value) for entry in condition.values]
        family, operator = condition.family, condition.operator
        if (
            operator is None
            or family not in (OperatorFamily.STRING, OperatorFamily.ARN)
            or not texts
            or not any(map(self._texts.has_mark, (*texts, *patterns)))
        ):
            return test.holds(self._request.context)
        names = self._texts.names_arn if family is OperatorFamily.ARN else self._texts.names_text
        truths = [max((names(p, one, operator) for p in patterns), default=NO) for one in texts]
        if test.name in _OWNERS:  # one of several accounts if the value has wildcards
            truths = [min(one, MAYBE) for one in truths]
        if operator.negated:
            of_arns = family is OperatorFamily.ARN  # not unlike a text of another form
            truths = [min(negation(one), MAYBE if of_arns else YES) for one in truths]
        if condition.quantifier is Quantifier.ALL:
            return min(truths)
        if condition.quantifier is Quantifier.NONE and isinstance(
            self._request.context.get(test.name), tuple
        ):
            return NO
        return max(truths)


def _texts_of(witness: Witness) -> Iterator[str]:
    if isinstance(witness.principal, str):
        yield witness.principal
    for value in witness.context.values():
        yield from (value,) if isinstance(value, str) else value


def _names_arns(statement: Statement) -> bool:
    """Return whether principals are named with their partition."""
    named = statement.principal or statement.not_principal or _NOBODY
    return any(one.entry.text.startswith("arn:") for one in named.entries)


def _perhaps(statement: Statement) -> Statement:
    """Return a statement that may apply to the request."""
    everything = Element("Resource", (Entry("*", statement.at),), statement.at)
    resource = everything if statement.resource_element else None
    return on_a_condition(replace(statement, resource=resource, not_resource=None, conditions=()))
