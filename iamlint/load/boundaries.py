"""Tells permissions boundaries among managed policies: what they allow, nobody gets from them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iamlint.load.document import Certainty
from iamlint.load.link import LinkKind, key_of_name
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import ByDefault, Document
    from iamlint.load.link import Link


def with_boundaries(documents: Iterable[Document], links: Sequence[Link]) -> Iterator[Document]:
    """Yield the documents, managed policies that are boundaries and held by nobody as such.

    Who else may hold them outside of the files that were read is not known: it errs on the silent
    side.
    """
    yield from _as_boundaries(documents, _limits(links))


def defaults_with_boundaries(
    policies: Iterable[ByDefault], links: Sequence[Link]
) -> Iterator[ByDefault]:
    """Yield what policies say by default, boundaries as such."""
    limits = _limits(links)
    for one in policies:
        document, *without = _as_boundaries((one.document, *one.without), limits)
        yield replace(one, document=document, without=tuple(without))


def _limits(links: Sequence[Link]) -> AbstractSet[str | None]:
    """Return the policies that are boundaries and not attached to an identity."""
    names = {
        kind: {key_of_name(link.target.name) for link in links if link.kind is kind}
        for kind in (LinkKind.BOUNDARY, LinkKind.ATTACHED)
    }
    return names[LinkKind.BOUNDARY] - names[LinkKind.ATTACHED] - {None}


def _as_boundaries(
    documents: Iterable[Document], limits: AbstractSet[str | None]
) -> Iterator[Document]:
    for document in documents:
        arn = document.attachment.policy_arn
        if arn is not None and key_of_name(arn) in limits and _is_open(document):
            yield replace(document, kind=Kind.BOUNDARY)
        else:
            yield document


def _is_open(document: Document) -> bool:
    """Tell whether neither the user nor the policy itself says who holds it."""
    is_declared = document.certainty is Certainty.DECLARED
    return document.kind is Kind.IDENTITY and not document.attachment.holders and not is_declared
