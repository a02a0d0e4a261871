"""The places that a step depends on: statements, and what attaches a policy of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.build.managed import FULL_ACCESS
from iamlint.account.origin import statement_of
from iamlint.graph.answer import StepPlace
from iamlint.load.link import LinkKind, key_of_name
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.evaluator.deciding import Deciding
    from iamlint.graph.world import Being, GraphWorld
    from iamlint.load.link import Link
    from iamlint.policy.at import At
    from iamlint.policy.model import Statement


class StepPlaces:
    """Finds the places of statements in the files of a world."""

    def __init__(self, world: GraphWorld) -> None:
        self._world = world
        self._links: Mapping[str, list[Link]] | None = None

    def of(
        self, being: Being, because: Iterable[Deciding], action: str, says: str, trusts: str = ""
    ) -> Iterator[StepPlace]:
        """Yield the places of the statements that allow an action, each with what it says."""
        for one in because:
            is_of_resource = one.kind in (Kind.TRUST, Kind.RESOURCE)
            text = (trusts or says) if is_of_resource else says
            found = statement_of(one)
            if found is not None:
                document, statement = found
                at = _at(statement, action)
                yield StepPlace(text, str(one.kind), one.sid, document, at)
                continue
            if being.identity is None:
                continue  # nothing is known of its own policies
            name = str(one.label or "").partition(" ")[0]
            if name == FULL_ACCESS:  # taken for granted of accounts that no file describes
                continue
            yield StepPlace(text, name, one.sid)
            if (link := self._attachment(being, name)) is not None:
                yield StepPlace("attaches it", name, named_at=link.named_at)

    def _attachment(self, being: Being, policy: str) -> Link | None:
        """Return the link by which a principal has a policy that AWS manages."""
        if self._links is None:
            found: dict[str, list[Link]] = {}
            for link in self._world.loaded.links:
                if link.kind is LinkKind.ATTACHED and isinstance(link.target.name, str):
                    found.setdefault(link.target.name, []).append(link)
            self._links = found
        identity = being.identity
        links = self._links.get(policy, ())
        if identity is None:
            return None
        holders = {identity.name if identity.named is None else key_of_name(identity.named)}
        holders |= {group.partition("/")[2] for group in identity.member_of}
        own = (one for one in links if key_of_name(one.holder.name) in holders)
        return next((one for one in own if one.named_at is not None), None)


def _at(statement: Statement, action: str) -> At:
    """Return where a statement names an action: by its name, or else as a whole."""
    for entry in statement.actions:
        pattern = parse_action(entry.text)
        if pattern is not None and pattern.matches(action.lower()):
            return entry.at
    return statement.sid.at if statement.sid else statement.at
