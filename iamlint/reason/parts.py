"""Splits the values of a condition key into parts that no condition distinguishes.

How a part is taken is asked of the compiled condition, with one value of the part.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Final

from iamlint.catalog import KeyType
from iamlint.evaluator.context import Context, Missing
from iamlint.fast_dataclass import dataclass
from iamlint.policy.truth import Truth
from iamlint.reason.candidates import candidates, date_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iamlint.catalog import ConditionKey
    from iamlint.evaluator.context import ContextValue
    from iamlint.reason.atoms import Demand, Signature
    from iamlint.reason.budget import Budget

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
ALWAYS_SENT: Final = frozenset(
    {
        "aws:currenttime", "aws:epochtime", "aws:requestedregion", "aws:securetransport",
        "aws:useragent", "aws:viaawsservice",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeyParts:
    """The parts of a key: a value of each, or None where it is not known if there is one.

    `yes` and `maybe` have the parts that a condition takes, and may take, a bit for each; `open`
    those that an open value may match.
    """

    values: tuple[ContextValue | None, ...]
    yes: Mapping[Signature, int]
    maybe: Mapping[Signature, int]
    open: Mapping[Signature, int]

    @property
    def absent(self) -> int:
        """The part without the key, as a bit; 0 if the key is always there."""
        return sum(1 << at for at, v in enumerate(self.values) if v is Missing.ABSENT)


def split(
    name: str,
    key: ConditionKey | None,
    asked: Sequence[Demand],
    around: Mapping[str, ContextValue],
    budget: Budget,
) -> KeyParts:
    """Return the parts of a key; `around` is what else is known of requests."""
    tests = [one.test for one in asked] + [one.test for demand in asked for one in demand.open]
    found: dict[tuple[Truth, ...], ContextValue | None] = {}
    single = candidates(key.type if key else None, asked, budget)

    def truths(value: ContextValue) -> tuple[Truth, ...]:
        context = Context({**around, name: value}, Missing.UNKNOWN)
        return tuple(test.holds(context) for test in tests)

    is_text = key is None or key.type is KeyType.STRING
    if key is None or not key.multivalued:
        for text in single.texts:
            found.setdefault(truths(text), text)
        if is_text and name not in ALWAYS_SENT:
            found.setdefault(truths(""), "")
    if key is None or key.multivalued:
        for rows, texts in _sets(single.texts, truths, budget).items():
            found.setdefault(rows, texts)
    if len(single.apart) > 1:
        _cross(found, single.apart, len(asked), budget)
    every = list(found.items())
    if name not in ALWAYS_SENT:
        # Apart from values that are taken alike, for a policy variable needs a value.
        every.insert(0, (truths(Missing.ABSENT), Missing.ABSENT))
    return _parts(every, asked)


def split_clock(asked: Sequence[Demand], budget: Budget) -> KeyParts:
    """Return the parts of time, for conditions on `aws:CurrentTime` and `aws:EpochTime`.

    The values are those of `aws:EpochTime`.
    """
    found: dict[tuple[Truth, ...], ContextValue | None] = {}
    for text in candidates(KeyType.NUMERIC, asked, budget).texts or ("1900000000",):
        context = Context(clock(text))
        found.setdefault(tuple(one.test.holds(context) for one in asked), text)
    return _parts(list(found.items()), asked)


def clock(seconds: str) -> dict[str, ContextValue]:
    """Return both keys of a time in seconds since 1970."""
    at = date_of(Decimal(seconds))
    return {"aws:currenttime": at, "aws:epochtime": seconds}


def _sets(
    texts: Sequence[str], truths: Callable[[ContextValue], tuple[Truth, ...]], budget: Budget
) -> dict[tuple[Truth, ...], tuple[str, ...]]:
    """Return how sets of values are taken, with one set of each, closed under adding a value."""
    found: dict[tuple[Truth, ...], tuple[str, ...]] = {}
    for text in texts:
        found.setdefault(truths((text,)), (text,))
    singles = [text for (text,) in found.values()]
    waiting = list(found.values())
    while waiting:
        values = waiting.pop()
        for text in singles:
            budget.spend()
            wider = (*values, text)
            rows = truths(wider)
            if text not in values and rows not in found:
                found[rows] = wider
                waiting.append(wider)
    return found


def _cross(
    found: dict[tuple[Truth, ...], ContextValue | None],
    apart: tuple[tuple[int, ...], ...],
    count: int,
    budget: Budget,
) -> None:
    """Add each combination of how groups of conditions take a value, as possible ones."""
    present = list(found)
    if not present:
        return
    ways = [dict.fromkeys(tuple(rows[at] for at in group) for rows in present) for group in apart]
    of_open = [MAYBE] * (len(present[0]) - count)
    for chosen in product(*ways):
        budget.spend()
        rows = list(present[0][:count])
        for group, truths in zip(apart, chosen, strict=True):
            for at, truth in zip(group, truths, strict=True):
                rows[at] = truth
        found.setdefault((*rows, *of_open), None)


def _parts(
    found: Sequence[tuple[tuple[Truth, ...], ContextValue | None]], asked: Sequence[Demand]
) -> KeyParts:
    rows = [truths for truths, _ in found]
    yes: dict[Signature, int] = {}
    maybe: dict[Signature, int] = {}
    for at, demand in enumerate(asked):
        yes[demand.signature] = _mask(rows, at, YES)
        maybe[demand.signature] = _mask(rows, at, MAYBE)
    names = [one.name for demand in asked for one in demand.open]
    open_ = {
        name: _mask(rows, at, YES) | _mask(rows, at, MAYBE)
        for at, name in enumerate(names, len(asked))
    }
    return KeyParts(tuple(value for _, value in found), yes, maybe, open_)


def _mask(rows: Sequence[tuple[Truth, ...]], at: int, truth: Truth) -> int:
    return sum(1 << number for number, row in enumerate(rows) if row[at] is truth)
