"""Policies that an identity has beside others: what one does not allow another may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.linter.cases import by_policy
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.load.document import Document
    from iamlint.load.link import Ref


def beside_others(documents: Iterable[Document]) -> frozenset[int]:
    """Return the ids of documents with an identity that has another policy of the same file.

    Only one file counts, so that the answer does not depend on the other files of a run.
    """
    found: dict[tuple[str, Ref], list[list[Document]]] = {}
    for cases in by_policy(documents):
        refs = {
            (document.path, held.ref)
            for document in cases
            if document.kind is Kind.IDENTITY
            for held in document.attachment.holders
        }
        for ref in refs:
            found.setdefault(ref, []).append(cases)
    groups = (several for several in found.values() if len(several) > 1)
    return frozenset(id(document) for several in groups for cases in several for document in cases)
