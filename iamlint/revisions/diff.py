"""Two revisions in, what changes between them out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.grammar import Kind
from iamlint.reason.answer import Comparison, Diff, Relation, UnitChange, UnitStatus
from iamlint.reason.budget import BUDGET
from iamlint.reason.compare import compare
from iamlint.reason.worlds import align, is_closed
from iamlint.revisions.changed_text import describe_text
from iamlint.revisions.hidden import HiddenParts
from iamlint.revisions.matched import MatchedPair, match_units
from iamlint.revisions.unit import Sort
from iamlint.revisions.units import Units

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from iamlint.catalog import Catalog
    from iamlint.reason.answer import Open
    from iamlint.reason.world import World
    from iamlint.revisions.sides.side import ComparedSide
    from iamlint.revisions.unit import Unit

    class Compare(Protocol):
        """Compares two worlds."""

        def __call__(
            self, old: World, new: World, catalog: Catalog, *, budget: int
        ) -> Comparison: ...


# The gravest first.
_ORDER: Final = (
    Relation.INCOMPARABLE, Relation.WIDER, Relation.UNKNOWN, Relation.NARROWER, Relation.EQUIVALENT
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """How two sides are compared: by what, and with how many steps for one question."""

    compare: Compare = compare
    budget: int = BUDGET


def diff_sides(old: ComparedSide, new: ComparedSide, options: DiffOptions = DiffOptions()) -> Diff:  # noqa: B008 - it is frozen
    """Return what changes between two sides, for every principal, resource and policy."""
    work = _Comparing(old, new, options)
    changes = sorted(work.changes(), key=_rank)
    return Diff(
        old.name,
        new.name,
        tuple(changes),
        work.unchanged,
        (*new.not_analysed, *work.hidden.in_old),
        has_policies=bool(work.old.all or work.new.all),
    )


def diff_pairs(
    pairs: Iterable[tuple[ComparedSide, ComparedSide]],
    options: DiffOptions = DiffOptions(),  # noqa: B008 - it is frozen
) -> Diff:
    """Return what changes between two revisions, each pair being the sides of one account."""
    found = [diff_sides(old, new, options) for old, new in pairs]
    return Diff(
        found[0].old,
        found[0].new,
        tuple(sorted((change for one in found for change in one.changes), key=_rank)),
        sum(one.unchanged for one in found),
        tuple(dict.fromkeys(item for one in found for item in one.not_analysed)),
        has_policies=any(one.has_policies for one in found),
    )


class _Comparing:
    def __init__(self, old: ComparedSide, new: ComparedSide, options: DiffOptions) -> None:
        if _is_file(old) and _is_file(new):  # with any two names
            self.old, self.new = (Units(side, lambda _: "") for side in (old, new))
        else:
            self.old, self.new = (Units(side, side.relative) for side in (old, new))
        self.options = options
        self.renames = new.renames
        self.hidden = HiddenParts(old, new, self.old.words, self.new.words)
        self.unchanged = 0
        self._catalog = new.repository.account.catalog
        self._compared: dict[tuple[Unit, Unit], Comparison] = {}

    def changes(self) -> Iterator[UnitChange]:
        """Yield what changed, and count what did not."""
        pairs = match_units(self.old.all, self.new.all, self.renames, self._is_same)
        waiting: list[tuple[MatchedPair, UnitChange]] = []
        is_resource_open = False
        for pair, others in _levels_together(pairs):
            if self._is_elsewhere(pair):
                continue
            change = None if self._is_untouched(pair) else self._change(pair, others)
            if change is None:
                self.unchanged += 1 + len(others)
            elif pair.unit.meets_resources and any(map(_is_about_resource, change.comparison.open)):
                waiting.append((pair, change))
            else:
                is_resource_open |= pair.unit.sort is Sort.RESOURCE and bool(change.comparison.open)
                yield change
        for pair, change in waiting:
            # A resource says once, for all principals, that its policy is open.
            rest = _without_resources(change) if is_resource_open else change
            if rest.comparison != Comparison() or not self._is_around(pair):
                yield rest
            else:
                self.unchanged += 1

    def _is_around(self, pair: MatchedPair) -> bool:
        """Return whether a unit itself did not change."""
        before, after = pair.old, pair.new
        return before is not None and after is not None and _is_same_unit(before, after)

    def _is_untouched(self, pair: MatchedPair) -> bool:
        """Return whether nothing that decides about a unit changed in the text."""
        before, after = pair.old, pair.new
        if before is None or after is None or pair.moved:
            return False
        if (before.subject, before.text, before.above) != (after.subject, after.text, after.above):
            return False
        return not (after.meets_resources and self._changed_places)

    def _is_elsewhere(self, pair: MatchedPair) -> bool:
        """Return whether a policy alone is in force on the other side."""
        if (pair.old is None) == (pair.new is None):
            return False
        unit, other = pair.unit, self.new if pair.new is None else self.old
        if unit.sort is not Sort.POLICY:
            return False
        path = unit.spot.place or ""
        places = {path, self.renames.get(path, path)} if pair.new is None else self._before(path)
        return any((one, unit.spot.pointer) in other.used for one in places)

    def _before(self, path: str) -> set[str]:
        return {path, *(old for old, new in self.renames.items() if new == path)}

    def _change(self, pair: MatchedPair, others: tuple[Unit, ...]) -> UnitChange | None:
        """Return what changed about a unit; None for what changes around it, to no effect."""
        hidden = self.hidden.comparison(pair)
        comparison = hidden or self._comparison(pair)
        unit = pair.unit
        is_around = pair.old and pair.new and not pair.moved and _is_same_unit(pair.old, pair.new)
        is_empty = None in (pair.old, pair.new) and not unit.policies
        if (is_around or is_empty) and comparison.relation is Relation.EQUIVALENT:
            return None
        places = self._changed_places if unit.meets_resources else ()
        more = f" and {len(others)} more" if others else ""
        return UnitChange(
            None if unit.subject is None else f"{unit.subject}{more}",
            unit.kind.value,
            _status(pair, comparison),
            comparison,
            unit.account,
            unit.spot.address,
            unit.spot.path,
            unit.spot.line,
            "" if hidden else describe_text(pair, self.old.words, self.new.words, places),
        )

    def _comparison(self, pair: MatchedPair) -> Comparison:
        if pair.old is not None and pair.new is not None:
            return self._compare(pair.old, pair.new)
        unit = pair.unit
        if pair.old is None:
            return self._ask(unit.absent(self.old.worlds, None), unit.world(None))
        return self._ask(unit.world(None), unit.absent(self.new.worlds, None))

    def _compare(self, old: Unit, new: Unit) -> Comparison:
        found = self._compared.get((old, new))
        if found is None:
            is_alike = (old.text, old.above, old.name) == (new.text, new.above, new.name)
            # What has not changed decides alike wherever nothing else has.
            only = self._changed_places if is_alike else None
            found = self._compared[old, new] = self._ask(old.world(only), new.world(only))
        return found

    def _ask(self, old: World, new: World) -> Comparison:
        worlds = align(old, new)
        return self.options.compare(*worlds, self._catalog, budget=self.options.budget)

    def _is_same(self, old: Unit, new: Unit) -> bool:
        return self._compare(old, new).relation is Relation.EQUIVALENT

    @cached_property
    def _changed_places(self) -> tuple[str, ...]:
        """The resources whose policies say something else on the two sides.

        A role or a key that only one side describes changes nothing for others.
        """
        before, after = self.old.texts, self.new.texts
        every = dict.fromkeys((*after, *before))
        changed = (arn for arn in every if before.get(arn) != after.get(arn))
        return tuple(
            arn for arn in changed if (arn in before and arn in after) or not is_closed(arn)
        )


def _is_file(side: ComparedSide) -> bool:
    """Return whether a side is one file that a user named."""
    tree, named = side.repository.config.tree, str(side.repository.here / side.name)
    return len(side.repository.loaded.paths) == 1 and tree.is_file(tree.place(named))


def _is_about_resource(one: Open) -> bool:
    """Return whether the policies of resources that files describe leave something open."""
    return bool(one.because) and all(
        said.kind is Kind.RESOURCE and getattr(said.label, "document", None) is not None
        for said in one.because
    )


def _without_resources(change: UnitChange) -> UnitChange:
    found = change.comparison
    left = tuple(one for one in found.open if not _is_about_resource(one))
    return replace(change, comparison=replace(found, open=left))


def _is_same_unit(old: Unit, new: Unit) -> bool:
    return (old.subject, old.text) == (new.subject, new.text)


def _status(pair: MatchedPair, comparison: Comparison) -> UnitStatus:
    if pair.old is None:
        return UnitStatus.NEW
    if pair.new is None:
        return UnitStatus.GONE
    is_moved = pair.moved and comparison.relation is Relation.EQUIVALENT
    return UnitStatus.MOVED if is_moved else UnitStatus.CHANGED


def _levels_together(
    pairs: Iterable[MatchedPair],
) -> Iterator[tuple[MatchedPair, tuple[Unit, ...]]]:
    """Yield each pair; levels that change alike are one, with the others."""
    together: dict[Hashable, list[MatchedPair]] = {}
    for number, pair in enumerate(pairs):
        unit = pair.unit
        texts = tuple(one.text if one else None for one in (pair.old, pair.new))
        key = (unit.kind, texts) if unit.sort is Sort.LEVEL else number
        together.setdefault(key, []).append(pair)
    for first, *rest in together.values():
        yield first, tuple(one.unit for one in rest)


def _rank(change: UnitChange) -> tuple[int, str, int, str, str]:
    order = _ORDER.index(change.comparison.relation)
    where = change.path or "", change.line or 0
    return (order, *where, change.subject or "", change.kind)
