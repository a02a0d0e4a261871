"""What an operator is: a row of a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from iamlint.evaluator.match import Glob, Test, glob_test
from iamlint.fast_dataclass import dataclass
from iamlint.policy.arn_patterns import FIELDS
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from iamlint.policy.grammar import Operator

Prepare: TypeAlias = Callable[[str], Test]
PrepareGlob: TypeAlias = Callable[[Glob], Test]


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """How an operator compares; negation, quantifiers and absent keys are `condition.py`'s.

    `prepare` turns a value of the policy into a test of a value of the request, and `prepare_glob`
    does so for operators with wildcards. Both, and the tests they give, raise ValueError for text
    that is not of the operator's type. `exact` tests are mere equality, perhaps without regard to
    case. `variables` returns whether `${…}` is a variable in its values.
    """

    operator: Operator
    prepare: Prepare | None = None
    prepare_glob: PrepareGlob | None = None
    variables: bool = False
    exact: bool = False

    def test(self, glob: Glob) -> Test:
        """Return the test of a value of the policy."""
        if self.prepare_glob is not None:
            return self.prepare_glob(glob)
        if self.prepare is None:
            raise ValueError(self.operator.name)
        return self.prepare("".join(part for part in glob if isinstance(part, str)))

    def may_match(self, glob: Glob, text: str) -> Truth:
        """Return whether a value could match if a part of it may be any text. Errs to maybe.

        Raises ValueError for a text that is not of the operator's type, as its tests do.
        """
        if self.operator.family is OperatorFamily.ARN:
            if not text.startswith("arn:") or text.count(":") < FIELDS - 1:
                raise ValueError(text)
            if not _is_arn(glob):
                return Truth.MAYBE
        elif self.operator.family is not OperatorFamily.STRING:
            return Truth.MAYBE
        if self.operator.ignores_case:
            glob = tuple(part.casefold() if isinstance(part, str) else part for part in glob)
            text = text.casefold()
        return Truth.MAYBE if glob_test(glob)(text) else Truth.NO


def _is_arn(glob: Glob) -> bool:
    """Return whether a value is surely an ARN, whatever its unknown parts are."""
    known = [part for part in glob if isinstance(part, str)]
    is_begun = bool(known) and glob[0] is known[0] and known[0].startswith("arn:")
    return is_begun and sum(part.count(":") for part in known) >= FIELDS - 1
