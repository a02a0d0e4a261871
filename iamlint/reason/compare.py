"""Compares two worlds: what does the new one allow that the old one does not, and the other way?"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from iamlint.reason.answer import Comparison, Open
from iamlint.reason.any_values import AnyValues
from iamlint.reason.budget import BUDGET, BudgetError
from iamlint.reason.classes import Pair
from iamlint.reason.formula import UnknownFact
from iamlint.reason.left_open import OpenQuestions
from iamlint.reason.summary import Summary
from iamlint.reason.witness import show
from iamlint.reason.world import beside_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.catalog import Catalog
    from iamlint.reason.answer import Difference
    from iamlint.reason.classes import ActionClass
    from iamlint.reason.search import FoundRequests, Search
    from iamlint.reason.world import World


def compare(old: World, new: World, catalog: Catalog, *, budget: int = BUDGET) -> Comparison:
    """Return what changes, for all requests, between two worlds of one unit.

    `budget` is the number of steps for each class of actions that the same statements name.
    """
    return _compared(old, new, catalog, budget, (True, False))


def compare_gains(old: World, new: World, catalog: Catalog, *, budget: int = BUDGET) -> Comparison:
    """Return what the new world allows beyond the old one; losses do not count."""
    return _compared(old, new, catalog, budget, (True,))


def is_no_wider(old: World, new: World, catalog: Catalog, *, budget: int = BUDGET) -> bool:
    """Return whether it is proved that the new world allows nothing beyond the old one.

    It is not if that is unknown; nothing is searched for beyond the first request that may differ.
    """
    try:
        pair = Pair(old, new, catalog, budget)
    except BudgetError:
        return False
    try:
        searches = (of.search(of_gains=True, is_unlisted=True) for of in pair.classes)
        return not any(True for one in searches if one is not None for _ in one.found())
    except BudgetError:
        return False
    finally:
        pair.classes.clear()  # they refer to the pair, and a run does not look for garbage


def _compared(
    old: World, new: World, catalog: Catalog, budget: int, ways: tuple[bool, ...]
) -> Comparison:
    """Return gains (True) and losses (False)."""
    try:
        pair = Pair(*beside_others(old, new), catalog, budget)
    except BudgetError:
        reason = f"the policies differ in more than {budget} steps (`--budget`)"
        return Comparison(open=tuple(Open(reason, of_gains=way) for way in ways))
    values = AnyValues(pair)
    found = {way: _one_way(pair, values, of_gains=way) for way in ways}
    gained, lost = (found[way][0] if way in found else () for way in (True, False))
    return Comparison(gained, lost, tuple(one for _, left in found.values() for one in left))


def _one_way(
    pair: Pair, values: AnyValues, *, of_gains: bool
) -> tuple[tuple[Difference, ...], list[Open]]:
    """Return what one side allows beyond the other one, and what is open about it."""
    summary = Summary(pair.catalog)
    left_open = OpenQuestions(pair.catalog, of_gains=of_gains)
    for of in pair.classes:
        search = of.search(of_gains=of_gains)
        if search is None:
            continue
        _, unsure = _add_found(search, summary, left_open)
        by_variables = [found for found in unsure if _is_by_variables(found)]
        if by_variables and _with_variables(of, by_variables, summary, of_gains=of_gains):
            unsure = [found for found in unsure if not _is_by_variables(found)]
        summary.close_class(search)
        for found in values.left_open(of, unsure, summary, of_gains=of_gains):
            left_open.add(found)
    if not summary.differences and not left_open.found:
        _add_unlisted(pair, left_open, of_gains=of_gains)
    return summary.differences, left_open.found


def _add_unlisted(pair: Pair, left_open: OpenQuestions, *, of_gains: bool) -> None:
    """Add what may differ in requests that AWS's lists do not name.

    Such requests may not exist, so where there are others they are not shown; but without others
    nothing is proved.
    """
    for of in pair.classes:
        search = of.search(of_gains=of_gains, is_unlisted=True)
        if search is not None:
            for found in islice(_until_too_many(search, left_open), 1):
                left_open.add_unlisted(found)


def _add_found(
    search: Search, summary: Summary, left_open: OpenQuestions
) -> tuple[bool, list[FoundRequests]]:
    """Add what a search finds to the differences.

    Return whether there is anything, and what facts that are not known decide.
    """
    unsure: dict[int, FoundRequests] = {}
    unshown: list[FoundRequests] = []
    known: dict[int, int] = {}
    for found in _until_too_many(search, left_open):
        box = id(found.box)  # of all requests that statements take alike
        if any(isinstance(one, UnknownFact) for one in found.box):
            unsure.setdefault(box, found)
        elif box in known:
            summary.extend(known[box], found)
        elif (shown := show(search, found, search.catalog)) is not None:
            known[box] = summary.add(found, shown)
        else:
            unshown.append(found)
    if unshown and not known:
        left_open.add_unshown(unshown[0])
    return bool(known), list(unsure.values())


def _until_too_many(search: Search, left_open: OpenQuestions) -> Iterator[FoundRequests]:
    try:
        yield from search.found()
    except BudgetError:
        left_open.add_too_many(search)


def _is_by_variables(found: FoundRequests) -> bool:
    """Return whether nothing but policy variables leaves it open."""
    about = found.encoder.about
    return all(about[one].keys for one in found.box if isinstance(one, UnknownFact))


def _with_variables(
    of: ActionClass, unsure: Iterable[FoundRequests], summary: Summary, *, of_gains: bool
) -> bool:
    """Add what is found with some values of policy variables; return whether there is any."""
    keys = {
        key
        for found in unsure
        for one in found.box
        if isinstance(one, UnknownFact)
        for key in found.encoder.about[one].keys
    }
    for text in (_FRESH, *of.texts_for(keys)[:_MOST_TEXTS]):
        search = of.search(of_gains=of_gains, bound=dict.fromkeys(sorted(keys), text))
        if search is None:
            continue
        is_found, _ = _add_found(search, summary, OpenQuestions(of.pair.catalog, of_gains=of_gains))
        if is_found:
            return True
    return False


_FRESH: Final = "example"
_MOST_TEXTS: Final = 4
"""Texts of policies that are tried as the value of a policy variable."""
