"""Tells permissions boundaries among managed policies: what they allow, nobody gets from them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from dataclasses import replace
from posixpath import dirname
from typing import TYPE_CHECKING

from iamlint.load.document import Certainty
from iamlint.load.terraform.filenames import ENDS
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.load.document import ByDefault, Document, Holder


def with_boundaries(documents: Iterable[Document], holders: Iterable[Holder]) -> Iterator[Document]:
    """Yield the documents, managed policies that are boundaries and held by nobody as such.

    Who else may hold them outside of the files that were read is not known: it errs on the silent
    side.
    """
    known = list(holders)
    limits = {_key(holder.path, holder.boundary.ref) for holder in known if holder.boundary}
    limits -= {_key(holder.path, held.ref) for holder in known for held in holder.managed}
    for document in documents:
        arn = document.attachment.policy_arn
        if arn and _key(document.path, arn) in limits and _is_open(document):
            yield replace(document, kind=Kind.BOUNDARY)
        else:
            yield document


def defaults_with_boundaries(
    policies: Iterable[ByDefault], holders: Sequence[Holder]
) -> Iterator[ByDefault]:
    """Yield what policies say by default, boundaries as such."""
    for one in policies:
        document, *without = with_boundaries((one.document, *one.without), holders)
        yield replace(one, document=document, without=tuple(without))


def _is_open(document: Document) -> bool:
    """Tell whether neither the user nor the policy itself says who holds it."""
    is_held = document.attachment.principal or document.attachment.principals
    is_declared = document.certainty is Certainty.DECLARED
    return document.kind is Kind.IDENTITY and not is_held and not is_declared


def _key(path: str, arn: str) -> tuple[str, str]:
    """Return what names a policy: of a name that is not known, the template or module counts."""
    if "${" not in arn:
        return "", arn
    return (dirname(path) if path.endswith(ENDS) else path), arn
