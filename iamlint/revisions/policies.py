"""Two sides with one policy each in, what changes between the policies alone out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.build.compile import by_place, compile_checked
from iamlint.errors import ReadError, UsageError
from iamlint.reason.answer import Diff, UnitChange, UnitStatus
from iamlint.reason.world import bare
from iamlint.revisions.unit import line_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.document import Document
    from iamlint.policy.grammar import Kind
    from iamlint.reason.world import World
    from iamlint.revisions.diff import DiffOptions
    from iamlint.revisions.sides.opening import SidePair
    from iamlint.revisions.sides.side import ComparedSide


def is_policy(side: ComparedSide) -> bool:
    """Return whether a side is one policy and nothing else, as far as it can be read."""
    if not side.documents:
        return any(item.unreadable for item in side.not_analysed)
    return len(side.documents) == 1 and not side.documents[0].pointer


def one_pair(pairs: Sequence[SidePair]) -> SidePair:
    """Return the pair that has the policies; raise if several have some."""
    having = [pair for pair in pairs if any(side.documents for side in pair)]
    if len(having) > 1:
        names = ", ".join(f"`{side.repository.config.root.name}`" for _, side in having)
        raise UsageError(f"the folders {names} contain policies", help="name one file behind `--`")
    return having[0] if having else pairs[0]


def diff_policies(pair: SidePair, options: DiffOptions, kind: Kind | None = None) -> Diff:
    """Return what changes between two policies, as ones of a kind, or of their own."""
    old, new = pair
    found = _policy(old), _policy(new)
    kinds = dict.fromkeys(kind or one.kind for one in found if one is not None)
    skipped = dict.fromkeys((*new.not_analysed, *old.not_analysed))
    if not kinds:
        return Diff(old.name, new.name, not_analysed=tuple(skipped), has_policies=False)
    if len(kinds) > 1:
        words = " and ".join(f"`{one}`" for one in kinds)
        raise UsageError(f"the policies are of the kinds {words}", help="name one with `--kind`")
    (of,) = kinds
    before, after = (_world(one, of) for one in found)
    comparison = options.compare(
        before, after, new.repository.account.catalog, budget=options.budget
    )
    shown = found[1] or found[0]
    change = UnitChange(
        None,
        of.value,
        _status(*found),
        comparison,
        path=shown.path if shown else None,
        line=line_of(shown) if shown else None,
    )
    return Diff(old.name, new.name, (change,), not_analysed=tuple(skipped))


def _policy(side: ComparedSide) -> Document | None:
    """Return the policy of a side, None if there is none; raise if there are several."""
    for item in side.not_analysed:
        if item.unreadable:
            raise ReadError(f"{item.path}: {item.reason}")
    found = by_place(side.documents)
    if len(found) > 1:
        raise UsageError(
            f"`{side.name}` contains {len(found)} policies",
            help="name one file, or leave out `--kind` to compare principals and resources",
        )
    if found and len(found[0]) > 1:
        inputs = {
            one.name
            for document in found[0]
            for reading in document.readings
            for condition in reading.given
            for one in condition.inputs
        }
        names = ", ".join(f"`{name}`" for name in sorted(inputs))
        help_ = f"give {names} with `--var`" if names else None
        raise UsageError(f"the policy of `{side.name}` depends on conditions", help=help_)
    return found[0][0] if found else None


def _world(document: Document | None, kind: Kind) -> World:
    return bare(None if document is None else compile_checked(document, kind), kind)


def _status(old: Document | None, new: Document | None) -> UnitStatus:
    if old is None:
        return UnitStatus.NEW
    return UnitStatus.GONE if new is None else UnitStatus.CHANGED
