"""Compares a text that is known in part with what a policy writes.

What is not known decides only where it can: `arn:aws:iam::ACCOUNT:role/app` is never the ARN of a
root user, whatever the account is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.evaluator.context import Gap, Same
from iamlint.evaluator.match import Wild, split_glob
from iamlint.policy.arn_patterns import FIELDS
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from iamlint.evaluator.context import Partly
    from iamlint.evaluator.match import Expansion, Glob
    from iamlint.evaluator.patterns.languages import Language
    from iamlint.policy.grammar import Operator

_DIGITS: Final = 12
_START: Final = "arn:"


@lru_cache(maxsize=4096)
def named_in_part(value: Partly, patterns: tuple[Expansion, ...], operator: Operator) -> Truth:
    """Return whether one of the patterns names a text: surely, perhaps, or surely not.

    Raises ValueError for a text that is not of the operator's type, as its tests do.
    """
    from iamlint.evaluator.patterns.languages import TooComplexError, regions  # noqa: PLC0415 - rare

    is_arn = _is_arn(value) if operator.family is OperatorFamily.ARN else Truth.YES
    if is_arn is Truth.NO:
        raise ValueError(value)
    if is_arn is Truth.MAYBE:
        return Truth.MAYBE
    read = [
        (language, one.certain)
        for one in patterns
        if (language := _pattern(one.glob, operator)) is not None
    ]
    sure = {at for at, (_, certain) in enumerate(read) if certain}
    universes = _languages(value.parts, folded=operator.ignores_case)
    languages = [one for one, _ in read]
    try:
        named = [region.named_by for of in universes for region in regions(of, languages)]
    except TooComplexError:
        return Truth.MAYBE
    if all(sure & by for by in named):
        return Truth.YES
    return Truth.MAYBE if any(named) else Truth.NO


def _is_arn(value: Partly) -> Truth:
    """Return whether a text is an ARN: it begins as one, and has its six fields."""
    first = _form(value.parts[0])
    if not isinstance(first, str):
        return Truth.MAYBE if first in (Gap.ANY, Gap.NAME) else Truth.NO
    if first[: len(_START)] != _START[: len(first)]:
        return Truth.NO
    colons = sum(part.count(":") for part in value.parts if isinstance(part, str))
    return Truth.YES if colons >= FIELDS - 1 and first.startswith(_START) else Truth.MAYBE


def _form(part: str | Gap | Same) -> str | Gap:
    return part.form if isinstance(part, Same) else part


def _pattern(glob: Glob, operator: Operator) -> Language | None:
    """Return what a pattern names; None where it names nothing."""
    from iamlint.evaluator.patterns.languages import arn_language, text_language  # noqa: PLC0415

    if operator.family is OperatorFamily.ARN:
        fields = split_glob(glob, FIELDS - 1)
        return arn_language(fields) if len(fields) == FIELDS else None
    if operator.ignores_case:
        glob = tuple(part.casefold() if isinstance(part, str) else part for part in glob)
    return text_language(glob)


def _languages(parts: tuple[str | Gap | Same, ...], *, folded: bool) -> list[Language]:
    """Return languages that together have all that a text may be."""
    from iamlint.evaluator.patterns.languages import Step, text_language  # noqa: PLC0415

    found: list[Language] = [()]
    for part in map(_form, parts):
        match part:
            case Gap.ACCOUNT:
                ways: tuple[Language, ...] = ((Step(None, colons=False),) * _DIGITS,)
            case Gap.NAME:
                ways = (text_language((Wild.ANY,), colons=False),)
            case Gap.ANY:
                ways = (text_language((Wild.ANY,)),)
            case Gap.PATH:
                ways = (text_language(("/",)), text_language(("/", Wild.ANY, "/")))
            case _:
                ways = (text_language((part.casefold() if folded else part,)),)
        found = [start + way for start in found for way in ways]
    return found
