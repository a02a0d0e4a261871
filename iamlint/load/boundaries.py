"""Tells permissions boundaries among managed policies: what they allow, nobody gets from them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from dataclasses import replace
from posixpath import dirname
from typing import TYPE_CHECKING, TypeAlias

from iamlint.load.document import Certainty
from iamlint.load.terraform.filenames import ENDS
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import ByDefault, Document, Holder

_Key: TypeAlias = "tuple[str, str]"


def with_boundaries(documents: Iterable[Document], holders: Sequence[Holder]) -> Iterator[Document]:
    """Yield the documents, managed policies that are boundaries and held by nobody as such.

    Who else may hold them outside of the files that were read is not known: it errs on the silent
    side.
    """
    yield from _as_boundaries(documents, _limits(holders))


def defaults_with_boundaries(
    policies: Iterable[ByDefault], holders: Sequence[Holder]
) -> Iterator[ByDefault]:
    """Yield what policies say by default, boundaries as such."""
    limits = _limits(holders)
    for one in policies:
        document, *without = _as_boundaries((one.document, *one.without), limits)
        yield replace(one, document=document, without=tuple(without))


def _limits(holders: Sequence[Holder]) -> AbstractSet[_Key]:
    """Return the policies that are boundaries and not attached to an identity."""
    limits = {_key(holder.path, holder.boundary.ref) for holder in holders if holder.boundary}
    return limits - {_key(holder.path, held.ref) for holder in holders for held in holder.managed}


def _as_boundaries(documents: Iterable[Document], limits: AbstractSet[_Key]) -> Iterator[Document]:
    for document in documents:
        arn = document.attachment.policy_arn
        if arn and _key(document.path, arn) in limits and _is_open(document):
            yield replace(document, kind=Kind.BOUNDARY)
        else:
            yield document


def _is_open(document: Document) -> bool:
    """Tell whether neither the user nor the policy itself says who holds it."""
    is_held = document.attachment.principal or document.attachment.principals
    is_declared = document.certainty is Certainty.DECLARED
    return document.kind is Kind.IDENTITY and not is_held and not is_declared


def _key(path: str, arn: str) -> _Key:
    """Return what names a policy: of a name that is not known, the template or module counts."""
    if "${" not in arn:
        return "", arn
    return (dirname(path) if path.endswith(ENDS) else path), arn
