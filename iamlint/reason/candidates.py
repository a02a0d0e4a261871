"""Values of a condition key, at least one for each way in which conditions can take a value.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from iamlint.catalog import KeyType
from iamlint.evaluator.match import Wild
from iamlint.fast_dataclass import dataclass
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.values import parse_base64, parse_moment, parse_network, parse_number
from iamlint.reason.atoms import condition_languages
from iamlint.reason.texts import ANY_TEXT, arn_language, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iamlint.reason.atoms import Demand
    from iamlint.reason.budget import Budget
    from iamlint.reason.texts import Union

_TEXTS: Final = frozenset({OperatorFamily.STRING, OperatorFamily.ARN})
_ARN: Final = arn_language((("arn",), *[(Wild.ANY,)] * 5))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ADDRESSES: Final = ("203.0.113.7", "2001:db8::7")


@dataclass(frozen=True, slots=True)
class Candidates:
    """Single values of a key. Each group of `apart` conditions is independent of the others.

    With one group the values are complete: each value of the key is taken by the conditions as one
    of them is. With several, each combination has to be thought possible.
    """

    texts: tuple[str, ...]
    apart: tuple[tuple[int, ...], ...]


def candidates(of: KeyType | None, asked: Sequence[Demand], budget: Budget) -> Candidates:
    """Return the values of a key of a type; None is a type that is not known."""
    if of is KeyType.BOOL:
        return Candidates(("false", "true"), ())
    groups: dict[frozenset[OperatorFamily], list[int]] = {}
    for at, demand in enumerate(asked):
        family = demand.condition.family
        if family not in (None, OperatorFamily.NULL):
            groups.setdefault(_GROUPS.get(family, frozenset({family})), []).append(at)
    home = _HOMES.get(of) if of is not None else None
    texts: dict[str, None] = {}
    for families, numbers in groups.items():
        values = _values(families, [asked[at] for at in numbers], of, budget)
        texts.update(dict.fromkeys(values))
    if home is None or not groups:
        texts.update(dict.fromkeys(_plain(of)))
    return Candidates(tuple(texts), tuple(map(tuple, groups.values())))


_MOMENTS: Final = frozenset({OperatorFamily.DATE, OperatorFamily.NUMERIC})
_GROUPS: Final = dict.fromkeys(_TEXTS, _TEXTS) | dict.fromkeys(_MOMENTS, _MOMENTS)
_HOMES: Final = {
    KeyType.NUMERIC: _MOMENTS,
    KeyType.DATE: _MOMENTS,
    KeyType.IP: frozenset({OperatorFamily.IP}),
}


def _plain(of: KeyType | None) -> Iterable[str]:
    """Return a value of a type, for conditions that do not look at it."""
    match of:
        case KeyType.NUMERIC:
            return ("1",)
        case KeyType.DATE:
            return ("2030-01-01T00:00:00Z",)
        case KeyType.IP:
            return _ADDRESSES
        case KeyType.ARN:
            return ("arn:aws:iam::111122223333:x",)
        case KeyType.BINARY:
            return ("eA==",)
    return ("x",)


def _values(
    families: frozenset[OperatorFamily], asked: list[Demand], of: KeyType | None, budget: Budget
) -> Iterable[str]:
    if families == _TEXTS:
        return _texts(asked, of, budget)
    if families == _MOMENTS:
        return _moments(asked, of)
    (family,) = families
    match family:
        case OperatorFamily.IP:
            return _addresses(asked)
        case OperatorFamily.BOOL:
            return ("false", "true")
        case OperatorFamily.BINARY:
            return [*_known(asked, parse_base64), "eA==", "eHg="]
    return ()


def _texts(asked: list[Demand], of: KeyType | None, budget: Budget) -> Iterator[str]:
    unions: list[Union] = [condition_languages(demand) for demand in asked]
    for demand in asked:
        unions += [(one.language,) for one in demand.open if one.language is not None]
    if any(demand.condition.family is OperatorFamily.ARN for demand in asked):
        unions.append((_ARN,))
    universe = (_ARN,) if of is KeyType.ARN else (ANY_TEXT,)
    for part in cut(universe, [union for union in unions if union], budget):
        yield part.text


def _moments(asked: list[Demand], of: KeyType | None) -> Iterator[str]:
    is_date = of is KeyType.DATE or (
        of is not KeyType.NUMERIC
        and any(demand.condition.family is OperatorFamily.DATE for demand in asked)
    )
    of_dates = [one for one in asked if one.condition.family is OperatorFamily.DATE]
    of_numbers = [one for one in asked if one.condition.family is not OperatorFamily.DATE]
    bounds = {parse_moment(text) for text in _known(of_dates, parse_moment)}
    bounds |= {parse_number(text) for text in _known(of_numbers, parse_number)}
    write = date_of if is_date else _number
    for value in around(bounds):
        try:
            yield write(value)
        except (OverflowError, ValueError):
            continue


def around(bounds: Iterable[Decimal]) -> Iterator[Decimal]:
    """Yield bounds, a value between each two, and one beyond either end."""
    ordered = sorted(bounds)
    if not ordered:
        yield Decimal(1)
        return
    yield ordered[0] - 1
    for low, high in pairwise(ordered):
        yield low
        yield low + 1 if high - low > 1 else (low + high) / 2
    yield ordered[-1]
    yield ordered[-1] + 1


def date_of(seconds: Decimal) -> str:
    """Return the date of a number of seconds since 1970, in ISO 8601."""
    moment = _EPOCH + timedelta(seconds=int(seconds))
    if seconds != int(seconds):
        moment += timedelta(microseconds=int((seconds - int(seconds)) * 1_000_000))
    return moment.isoformat().replace("+00:00", "Z")


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _addresses(asked: list[Demand]) -> Iterator[str]:
    """Yield the ends of each range and the addresses beside them."""
    yield from _ADDRESSES
    for text in _known(asked, parse_network):
        network = parse_network(text)
        first, last = network.network_address, network.broadcast_address
        yield str(first)
        yield str(last)
        if int(first) > 0:
            yield str(first - 1)
        if int(last) < 2**network.max_prefixlen - 1:
            yield str(last + 1)


def _known(asked: list[Demand], parse: Callable[[str], object]) -> Iterator[str]:
    """Yield the known values of conditions that are of the operator's type."""
    for demand in asked:
        for entry in demand.condition.values:
            try:
                parse(entry.known or "")
            except ValueError:
                continue
            yield entry.known or ""
