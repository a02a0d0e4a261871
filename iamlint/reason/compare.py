"""Compares two worlds: what does the new one allow that the old one does not, and the other way?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.reason.answer import Comparison, Open
from iamlint.reason.budget import BUDGET, BudgetError
from iamlint.reason.classes import Pair
from iamlint.reason.formula import UnknownFact
from iamlint.reason.left_open import OpenQuestions
from iamlint.reason.summary import Summary
from iamlint.reason.witness import show

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
    try:
        pair = Pair(old, new, catalog, budget)
    except BudgetError:
        too_many = _too_many(budget)
        return Comparison(open=(too_many, replace(too_many, of_gains=False)))
    gained, open_gains = _one_way(pair, of_gains=True)
    lost, open_losses = _one_way(pair, of_gains=False)
    return Comparison(gained, lost, (*open_gains, *open_losses))


def compare_gains(old: World, new: World, catalog: Catalog, *, budget: int = BUDGET) -> Comparison:
    """Return what the new world allows beyond the old one; losses do not count."""
    try:
        pair = Pair(old, new, catalog, budget)
    except BudgetError:
        return Comparison(open=(_too_many(budget),))
    gained, open_gains = _one_way(pair, of_gains=True)
    return Comparison(gained, open=tuple(open_gains))


def _too_many(budget: int) -> Open:
    return Open(f"the policies differ in more than {budget} steps (`--budget`)")


def _one_way(pair: Pair, *, of_gains: bool) -> tuple[tuple[Difference, ...], list[Open]]:
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
        for found in unsure:
            left_open.add(found)
        summary.close_class(search)
    return summary.differences, left_open.found


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
        search = of.search(of_gains=of_gains, bound=dict.fromkeys(keys, text))
        if search is None:
            continue
        is_found, _ = _add_found(search, summary, OpenQuestions(of.pair.catalog, of_gains=of_gains))
        if is_found:
            return True
    return False


_FRESH: Final = "example"
_MOST_TEXTS: Final = 4
"""Texts of policies that are tried as the value of a policy variable."""
