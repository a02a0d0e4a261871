"""Permissions boundaries among managed policies: they limit identities and grant nothing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.document import Certainty
from iamlint.load.link import LinkKind, bound, key_of_name, name_with
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import ByDefault, Document
    from iamlint.load.link import Binding, Link, Name
    from iamlint.text.source import Value

_DEMAND: Final = "iam:permissionsboundary"


class Boundaries:
    """The managed policies that are boundaries and that no identity has as a permissions policy.

    Identities outside of the files that were read may have them too: this errs on the silent side.
    """

    def __init__(
        self,
        links: Sequence[Link],
        bindings: Iterable[Binding],
        documents: Sequence[Document] = (),
    ) -> None:
        self._links, self._documents = links, documents
        self._give = bound(bindings, lambda part: part)

    @cached_property
    def _keys(self) -> AbstractSet[str | None]:
        """The names of the boundaries: files of policies without a name never ask."""
        links = self._links
        limits = {self._key(one.target.name) for one in links if one.kind is LinkKind.BOUNDARY}
        limits |= {self._key(name) for document in self._documents for name in _demanded(document)}
        held = {self._key(one.target.name) for one in links if one.kind is LinkKind.ATTACHED}
        return limits - held - {None}

    def among(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents, with the kind of boundaries changed."""
        for document in documents:
            arn = document.attachment.policy_arn
            if arn is not None and self._key(arn) in self._keys and _is_open(document):
                yield replace(document, kind=Kind.BOUNDARY)
            else:
                yield document

    def among_defaults(self, policies: Iterable[ByDefault]) -> Iterator[ByDefault]:
        """Yield the policies with defaults, with the kind of boundaries changed."""
        for one in policies:
            document, *without = self.among((one.document, *one.without))
            yield replace(one, document=document, without=tuple(without))

    def _key(self, name: Name) -> str | None:
        return key_of_name(name_with(name, self._give))


def _demanded(document: Document) -> Iterator[Name]:
    """Yield the policies that a policy requires as boundary of the identities it lets one create.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
    """
    if not any(key.lower() == _DEMAND for key in _condition_keys(document.value)):
        return
    for statement in document.policy.statements:
        for condition in statement.conditions:
            if condition.name == _DEMAND and condition.negated is statement.denies:
                yield from (entry.value for entry in condition.values)


def _condition_keys(value: Value) -> Iterator[str]:
    """Yield the keys of conditions as they are written: most policies are not parsed for them."""
    written = value.get("Statement") if isinstance(value, dict) else None
    for statement in written if isinstance(written, list) else (written,):
        operators = statement.get("Condition") if isinstance(statement, dict) else None
        for keys in operators.values() if isinstance(operators, dict) else ():
            yield from keys if isinstance(keys, dict) else ()


def _is_open(document: Document) -> bool:
    """Return whether the holders are given neither by the user nor in the policy itself."""
    is_declared = document.certainty is Certainty.DECLARED
    is_held = any(not held.given for held in document.attachment.holders)
    return document.kind is Kind.IDENTITY and not is_held and not is_declared
