"""The policies that are found in a module, in the readings of their conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.document import Attachment, Certainty, NotAnalysed
from iamlint.load.file_value import Reading

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.terraform.language.choices import Choices
    from iamlint.load.terraform.language.decode import Decoded
    from iamlint.load.terraform.language.node import Location, Node
    from iamlint.policy.grammar import Kind
    from iamlint.text.span import Pointer

    Some: TypeAlias = "tuple[list[FoundPolicy], bool] | None"

BlockPlace: TypeAlias = "tuple[str, Pointer]"
"""The file of a block, with its type and labels."""


@dataclass(frozen=True, slots=True)
class FoundPolicy:
    """A policy that was found, and the file of the block that uses it, in one call of its module.

    `at` are the type and the labels of this block. `uses` are the files that it is evaluated from,
    if they are noted. `kind` is None if the content decides it. `broken` is set when it cannot be
    read as JSON. `may_be` is another possible type of its resource. A policy that `joins` is given
    to a module, which may add statements to it.
    """

    node: Node
    user: str
    kind: Kind | None = None
    name: str | None = None
    certainty: Certainty = Certainty.SHAPE
    attachment: Attachment = Attachment()
    shape: str = "document"
    hint: Pointer = ()
    may_be: str | None = None
    type: str = ""  # of the resource that holds it, if it is not in the table
    decoded: Decoded | None = None
    uses: AbstractSet[str] = frozenset()
    policy: Readings | None = None
    reading: Reading = Reading()
    joins: bool = False
    at: Pointer = ()

    @property
    def block(self) -> BlockPlace:
        return self.user, self.at

    @property
    def place(self) -> tuple[str, int, int]:
        """The file in which the policy is, its start and its end."""
        spot = self.node.spot
        return spot.text.path, spot.span.start, spot.span.end


@dataclass(eq=False)
class Readings:
    """One policy in all `readings` of its conditions in which it exists.

    `is_always` says whether it exists whenever its resource does.
    """

    readings: tuple[Reading, ...]
    is_always: bool


def in_readings(at: Pointer, group: Sequence[tuple[Choices, Some]]) -> Iterator[FoundPolicy]:
    """Yield the policies of a block in readings; all are one policy, or one for each place."""
    made = [(choices.reading, *result) for choices, result in group if result is not None]
    if len(made) == len(group) == 1:
        policy = Readings((made[0][0],), is_always=True)
        yield from (replace(found, policy=policy, at=at) for found in made[0][1])
        return
    if all(len(found) <= 1 for _, found, _ in made):
        readings = [reading for reading, found, is_open in made if found or is_open]
        policy = Readings(tuple(readings), len(readings) == len(made))
        for reading, found, _ in made:
            yield from (replace(one, policy=policy, reading=reading, at=at) for one in found)
        return
    where: dict[Location, list[Reading]] = {}
    for reading, found, _ in made:
        for one in found:
            where.setdefault(one.node.spot, []).append(reading)
    policies = {
        spot: Readings(tuple(dict.fromkeys(readings)), len(readings) >= len(made))
        for spot, readings in where.items()
    }
    for reading, found, _ in made:
        for one in found:
            yield replace(one, policy=policies[one.node.spot], reading=reading, at=at)


def left(several: Sequence[FoundPolicy], merged: Container[Node]) -> Iterator[FoundPolicy]:
    """Yield the policies in the readings in which no other policy includes them."""
    found = [one for one in several if one.node not in merged]
    if len(found) == len(several):
        yield from found
        return
    where: dict[Readings, set[Reading]] = {}
    for one in several:
        if one.policy is not None and one.node in merged:
            where.setdefault(one.policy, set()).add(one.reading)
    policies = {
        policy: Readings(tuple(r for r in policy.readings if r not in gone), is_always=False)
        for policy, gone in where.items()
    }
    for one in found:
        policy = one.policy and policies.get(one.policy, one.policy)
        yield replace(one, policy=policy)


def not_combined(
    path: str, at: Pointer, groups: Sequence[Sequence[tuple[Choices, Some]]]
) -> Iterator[NotAnalysed]:
    """Yield a note that the conditions of a policy are too many: they are decided one by one.

    A policy that exists in none of these readings may exist in a combination.
    """
    every = [made for group in groups for _, made in group]
    if len(groups) > 1 and (any(made and made[0] for made in every) or not any(every)):
        reason = "depends on many conditions: not every combination is evaluated"
        yield NotAnalysed(path, at, reason)
