"""Which principal, resource or policy of one revision is which one of the other revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.revisions.unit import PRINCIPALS, Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from iamlint.revisions.unit import Unit

    Keys = Callable[[Unit], Iterable[Hashable]]
    KeysIn = Callable[[Unit, str | None], Iterable[Hashable]]

MOST_PAIRS: Final = 200
"""So many pairs of a unit that is new and one that is gone are compared by their meaning."""


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """One unit before and after; None where that side does not have it.

    It has `moved` if no name or address says that both are one, but git or their meaning.
    """

    old: Unit | None
    new: Unit | None
    moved: bool = False

    @property
    def unit(self) -> Unit:
        """The new one, or the old one if that is gone."""
        unit = self.new or self.old
        if unit is None:  # pragma: no cover - a pair has one at least
            raise ValueError(self)
        return unit


def match_units(
    old: Iterable[Unit],
    new: Iterable[Unit],
    renames: Mapping[str, str],
    is_same: Callable[[Unit, Unit], bool],
) -> list[MatchedPair]:
    """Return each unit with the one that it was; `renames` are the files that git found again.

    `is_same` compares the meaning of two units, which is asked last, and not too often.
    """
    work = _Matching(old, new)
    for key in (_by_scoped_name, _by_name):
        work.match(key, key)
    work.match(_by_name_alone, _by_name_alone, lambda a, b: None in (a.account, b.account))
    work.match(_by_address, _by_address, _may_be_one)
    work.match(_by_place, _by_place, _may_be_at_one_place)
    if renames:
        now = {path: path for path in renames.values()}
        for in_file in (_by_address_in, _by_place_in):
            before, after = _after(in_file, renames), _after(in_file, now)
            work.match(before, after, _may_be_at_one_place, moved=True)
    work.match(_by_text, _by_text, _may_be_moved, moved=True)
    work.match_by_meaning(is_same)
    work.match_trusts()
    return work.pairs()


class _Matching:
    def __init__(self, old: Iterable[Unit], new: Iterable[Unit]) -> None:
        self._old = dict.fromkeys(old)
        self._new = dict.fromkeys(new)
        self._found: list[MatchedPair] = []

    def match(
        self,
        of_old: Keys,
        of_new: Keys,
        fits: Callable[[Unit, Unit], bool] = lambda _, __: True,
        *,
        moved: bool = False,
    ) -> None:
        """MatchedPair the units that alone have a key on both sides, if they fit."""
        olds, news = _single(self._old, of_old), _single(self._new, of_new)
        for key, before in olds.items():
            after = news.get(key)
            if before in self._old and after in self._new and fits(before, after):
                self._pair(before, after, moved=moved)

    def match_by_meaning(self, is_same: Callable[[Unit, Unit], bool]) -> None:
        """MatchedPair what is gone with what is new and means the same."""
        left = MOST_PAIRS
        for after in [*self._new]:
            for before in [*self._old]:
                if not _may_be_moved(before, after):
                    continue
                if not left:
                    return
                left -= 1
                if is_same(before, after):
                    self._pair(before, after, moved=True)
                    break

    def match_trusts(self) -> None:
        """MatchedPair the trust policies of principals that are paired."""
        pairs = [one for one in self._found if one.old and one.new]
        now = {p.old.holder: p for p in pairs if p.old and p.old.sort in PRINCIPALS}
        trusts = {unit.holder: unit for unit in self._new if unit.sort is Sort.TRUST}
        for before in [unit for unit in self._old if unit.sort is Sort.TRUST]:
            pair = now.get(before.holder) if before.holder is not None else None
            after = trusts.get(pair.new.holder) if pair and pair.new else None
            if pair is not None and after is not None:
                self._pair(before, after, moved=pair.moved)

    def _pair(self, before: Unit, after: Unit, *, moved: bool) -> None:
        del self._old[before], self._new[after]
        self._found.append(MatchedPair(before, after, moved))

    def pairs(self) -> list[MatchedPair]:
        """Return all pairs, and what has no other half."""
        gone = [MatchedPair(unit, None) for unit in self._old]
        return [*self._found, *gone, *(MatchedPair(None, unit) for unit in self._new)]


def _single(units: Iterable[Unit], keys_of: Keys) -> dict[Hashable, Unit]:
    """Return units by their keys, without keys that several have."""
    found: dict[Hashable, list[Unit]] = {}
    for unit in units:
        for key in dict.fromkeys(keys_of(unit)):
            found.setdefault(key, []).append(unit)
    return {key: several[0] for key, several in found.items() if len(several) == 1}


def _by_scoped_name(unit: Unit) -> Iterable[Hashable]:
    if unit.name is not None:
        yield unit.sort, unit.kind, unit.name, unit.account, unit.spot.scope


def _by_name(unit: Unit) -> Iterable[Hashable]:
    if unit.name is not None:
        yield unit.sort, unit.kind, unit.name, unit.account


def _by_name_alone(unit: Unit) -> Iterable[Hashable]:
    if unit.name is not None:
        yield unit.sort, unit.kind, unit.name


def _by_address(unit: Unit) -> Iterable[Hashable]:
    spot = unit.spot
    return ((unit.sort, unit.kind, spot.scope, address) for address in spot.addresses)


def _by_place(unit: Unit) -> Iterable[Hashable]:
    return (*_by_address_in(unit, unit.spot.place), *_by_place_in(unit, unit.spot.place))


def _by_address_in(unit: Unit, path: str | None) -> Iterable[Hashable]:
    if path is not None:
        yield from ((unit.sort, unit.kind, path, address) for address in unit.spot.addresses)


def _by_place_in(unit: Unit, path: str | None) -> Iterable[Hashable]:
    if path is not None:
        yield unit.sort, unit.kind, path, unit.spot.pointer


def _by_text(unit: Unit) -> Iterable[Hashable]:
    yield unit.sort, unit.kind, unit.text


def _after(keys: KeysIn, renames: Mapping[str, str]) -> Keys:
    """Return keys of units before, as their files are called after."""
    return lambda unit: keys(unit, renames.get(unit.spot.place or ""))


def _may_be_one(before: Unit, after: Unit) -> bool:
    """Return whether two units may be one whose name changed: not if they are of two accounts."""
    accounts = before.account, after.account
    return None in accounts or accounts[0] == accounts[1]


def _may_be_at_one_place(before: Unit, after: Unit) -> bool:
    """Return whether the same place in a file may be of one unit: a list may have moved on."""
    is_listed = any(isinstance(step, int) for step in before.spot.pointer)
    return _may_be_one(before, after) and not (is_listed and before.name and after.name)


def _may_be_moved(before: Unit, after: Unit) -> bool:
    """Return whether one may be the other at a new place: a trust policy goes with its role."""
    if before.sort in (Sort.TRUST, Sort.LEVEL) or not before.policies or not after.policies:
        return False
    return (before.kind, before.sort) == (after.kind, after.sort) and _may_be_one(before, after)
