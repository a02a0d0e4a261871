"""What changed in the text of a unit, in a few words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iamlint.account.origin import Origin
from iamlint.policy.grammar import Kind
from iamlint.reason.askable import document_of
from iamlint.revisions.texts import wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.revisions.matched import MatchedPair
    from iamlint.revisions.texts import Wording, Words
    from iamlint.revisions.unit import Unit


def describe_text(pair: MatchedPair, old: Words, new: Words, around: Iterable[str]) -> str:
    """Return what changed in the text; `around` are resources whose policies changed."""
    if pair.old is None or pair.new is None:
        return ""
    found = [*_moves(pair.old, pair.new)]
    if pair.old.text != pair.new.text:
        found += [*_policies(pair.old, pair.new, old, new)] or ["the same in other policies"]
    if pair.old.above != pair.new.above:
        found.append("policies of the organization changed")
    if not found and (places := [*around]):
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        found.append(f"the policy of `{places[0]}`{more} changed")
    return ", ".join(found)


def _policies(before: Unit, after: Unit, old: Words, new: Words) -> Iterator[str]:
    """Yield what changed in the policies of a unit."""
    (held, limits), (holds, limits_now) = map(_apart, (before, after))
    yield from _statements([*wordings(held)], [*wordings(holds)])
    yield from _named(held, holds)
    if bool(limits) != bool(limits_now):
        yield f"permissions boundary {'removed' if limits else 'added'}"
    elif old.of_all(limits) != new.of_all(limits_now):
        yield "permissions boundary changed"


def _apart(unit: Unit) -> tuple[list[CompiledPolicy], list[CompiledPolicy]]:
    """Return the policies of a principal without its boundaries, and these."""
    if unit.kind is Kind.BOUNDARY:
        return [*unit.policies], []
    limits = [policy for policy in unit.policies if policy.kind is Kind.BOUNDARY]
    return [policy for policy in unit.policies if policy.kind is not Kind.BOUNDARY], limits


def _moves(before: Unit, after: Unit) -> Iterator[str]:
    if before.subject != after.subject and before.subject is not None:
        yield f"was `{before.subject}`"
    if before.spot.path and after.documents and not before.paths & after.paths:
        yield f"moved from {before.spot.path}"


def _statements(before: list[Wording], after: list[Wording]) -> Iterator[str]:
    """Yield how many statements were added, removed and written in another way."""
    gone = [*(Counter(before) - Counter(after)).elements()]
    come = [*(Counter(after) - Counter(before)).elements()]
    names = {one.name for one in gone} & {one.name for one in come}
    reworded = [one.name for one in come if one.name in names]
    unnamed = min(reworded.count(None), sum(one.name is None for one in gone))
    named = [name for name in dict.fromkeys(reworded) if name is not None]
    same = Counter(named) + Counter({None: unnamed})
    yield from _said([*same.elements()], "reworded")
    yield from _renamed(before, after)
    yield from _said(_left(come, same), "added")
    yield from _said(_left(gone, same), "removed")


def _renamed(before: list[Wording], after: list[Wording]) -> Iterator[str]:
    """Yield the statements that have another name, and else say the same."""
    old = {one.key: one.name for one in before}
    for one in after:
        if one.key in old and old[one.key] != one.name:
            was, now = (f"`{name}`" if name else "no name" for name in (old[one.key], one.name))
            yield f"statement {was} renamed to {now}"


def _left(statements: list[Wording], without: Counter[str | None]) -> list[str | None]:
    return [*(Counter(one.name for one in statements) - without).elements()]


def _said(names: list[str | None], what: str) -> Iterator[str]:
    if len(names) == 1 and names[0] is not None:
        yield f"statement `{names[0]}` {what}"
    elif names:
        yield f"{len(names)} statement{'s' if len(names) > 1 else ''} {what}"


def _named(before: list[CompiledPolicy], after: list[CompiledPolicy]) -> Iterator[str]:
    """Yield the policies without a file, such as those of AWS, that were added or removed."""
    old, new = _names(before), _names(after)
    yield from (f"`{name}` added" for name in new - old)
    yield from (f"`{name}` removed" for name in old - new)


def _names(policies: Iterable[CompiledPolicy]) -> Counter[str]:
    labels = (policy.label for policy in policies if document_of(policy) is None)
    known = (one for one in labels if isinstance(one, Origin) and one.unread is None)
    return Counter(one.name.partition(" ")[0] for one in known)
