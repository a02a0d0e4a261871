"""The wording of policies, whatever file they are in and however they are formatted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iamlint.account.origin import Origin
from iamlint.fast_dataclass import dataclass, field
from iamlint.reason.askable import document_of
from iamlint.text.source import Partial, Unknown, key_of, nodes, value_at, without_tag

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from iamlint.evaluator.policy_set import Levels
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.policy.model import Statement
    from iamlint.text.source import Value


@dataclass(frozen=True, slots=True)
class Wording:
    """A statement of a policy, as its file writes it; two are equal if they say the same alike.

    `name` is its `Sid`, which says nothing about what it means.
    """

    key: Hashable
    name: str | None = field(default=None, compare=False)


class Words:
    """The texts of compiled policies, each made once.

    `unsaid` has what files write in place of policies that are not known, by their labels.
    """

    def __init__(self, unsaid: Mapping[str, Hashable]) -> None:
        self.unsaid = unsaid
        self._met: dict[int, tuple[CompiledPolicy, tuple[Hashable, ...]]] = {}

    def of_all(self, policies: Iterable[CompiledPolicy]) -> Hashable:
        """Return a key that policies share which say the same, in any order and put together."""
        return frozenset(Counter(part for one in policies for part in self._parts(one)).items())

    def of_levels(self, levels: Levels | None) -> Hashable:
        """Return a key of the policies on the levels of an organization."""
        return None if levels is None else tuple(map(self.of_all, levels))

    def _parts(self, policy: CompiledPolicy) -> tuple[Hashable, ...]:
        """Return a key of each statement, and how sure it is that it applies."""
        found = self._met.get(id(policy))
        if found is None:
            # The policy stays, so that no other one has its id.
            found = self._met[id(policy)] = (policy, tuple(self._keys(policy)))
        return found[1]

    def _keys(self, policy: CompiledPolicy) -> Iterator[Hashable]:
        label, document = policy.label, document_of(policy)
        why = label.why if isinstance(label, Origin) else None
        about = policy.kind, why and tuple(one.name for one in why.inputs)
        if document is None:
            yield about, str(label), self.unsaid.get(str(label)), _openness(policy)
        elif not document.source.readable:
            yield about, document.source.text
        elif _is_opaque(policy):
            yield about, text_of(document.value), document.when
        else:
            yield from ((about, wording.name, wording.key) for wording in wordings((policy,)))

    def unknown(self, policies: Iterable[CompiledPolicy]) -> dict[str, Hashable]:
        """Return what files write in place of policies that are not known, by their places."""
        found: dict[str, Hashable] = {}
        for policy in policies:
            unread = policy.label.unread if isinstance(policy.label, Origin) else None
            if unread is not None and unread.document is not None:
                found[unread.place] = unread.document.source.text
            elif str(policy.label) in self.unsaid:
                found[str(policy.label)] = self.unsaid[str(policy.label)]
        return found


def wordings(policies: Iterable[CompiledPolicy]) -> Iterator[Wording]:
    """Yield the statements of policies that files contain."""
    for policy in policies:
        document = document_of(policy)
        if document is not None and not _is_opaque(policy):
            for statement in policy.source.statements:
                yield _wording(document, policy, statement)


def _wording(document: Document, policy: CompiledPolicy, statement: Statement) -> Wording:
    value = without_tag(value_at(document.value, statement.at.pointer))
    name = None
    if isinstance(value, dict):
        name = statement.sid.text if statement.sid else None
        value = {key: one for key, one in value.items() if key.lower() != "sid"}
    doubt = frozenset(statement.opaque), statement.has_more_conditions
    return Wording((text_of(value), policy.source.knows_variables, doubt), name)


def text_of(value: Value) -> Hashable:
    """Return a key of a value and of what its unknown parts are."""
    parts = (part for node in nodes(value) for part in _inside(node))
    return key_of(value), tuple(part.identity for part in parts if isinstance(part, Unknown))


def _inside(node: Value) -> tuple[Value, ...]:
    return node.parts if isinstance(node, Partial) else (node,)


def _is_opaque(policy: CompiledPolicy) -> bool:
    return "Statement" in policy.source.opaque


def _openness(policy: CompiledPolicy) -> Hashable:
    return tuple(
        (s.index, frozenset(s.opaque), s.has_more_conditions) for s in policy.source.statements
    )
