"""Tells permissions boundaries among managed policies: what they allow, nobody gets from them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from dataclasses import replace
from posixpath import dirname
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.load.document import Certainty
from iamlint.load.terraform.filenames import ENDS
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import ByDefault, Document, Holder

_Key: TypeAlias = "tuple[str, str]"

_DEMAND: Final = "iam:permissionsboundary"


def with_boundaries(documents: Iterable[Document], holders: Sequence[Holder]) -> Iterator[Document]:
    """Yield the documents, managed policies that are boundaries and held by nobody as such.

    Who else may hold them outside of the files that were read is not known: it errs on the silent
    side.
    """
    every = list(documents)
    yield from _as_boundaries(every, _limits(every, holders))


def defaults_with_boundaries(
    policies: Iterable[ByDefault], holders: Sequence[Holder]
) -> Iterator[ByDefault]:
    """Yield what policies say by default, boundaries as such."""
    every = list(policies)
    limits = _limits([one.document for one in every], holders)
    for one in every:
        document, *without = _as_boundaries((one.document, *one.without), limits)
        yield replace(one, document=document, without=tuple(without))


def _limits(documents: Sequence[Document], holders: Sequence[Holder]) -> AbstractSet[_Key]:
    """Return the policies that are boundaries and not attached to an identity."""
    limits = {_key(holder.path, holder.boundary.ref) for holder in holders if holder.boundary}
    limits |= {key for document in documents for key in _demanded(document)}
    return limits - {_key(holder.path, held.ref) for holder in holders for held in holder.managed}


def _demanded(document: Document) -> Iterator[_Key]:
    """Yield the policies that a policy demands as boundary of what its holder makes or changes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
    """
    if _DEMAND not in document.source.text.lower():
        return
    for statement in document.policy.statements:
        for condition in statement.conditions:
            if condition.name == _DEMAND and condition.negated is statement.denies:
                yield from (_key(_home(document), entry.text) for entry in condition.values)


def _as_boundaries(documents: Iterable[Document], limits: AbstractSet[_Key]) -> Iterator[Document]:
    for document in documents:
        arn = document.attachment.policy_arn
        if arn and _key(_home(document), arn) in limits and _is_open(document):
            yield replace(document, kind=Kind.BOUNDARY)
        else:
            yield document


def _is_open(document: Document) -> bool:
    """Tell whether neither the user nor the policy itself says who holds it."""
    is_held = document.attachment.principal or document.attachment.principals
    is_declared = document.certainty is Certainty.DECLARED
    return document.kind is Kind.IDENTITY and not is_held and not is_declared


def _home(document: Document) -> str:
    return document.attachment.path or document.path


def _key(path: str, arn: str) -> _Key:
    """Return what names a policy: of a name that is not known, the template or module counts."""
    if "${" not in arn:
        return "", arn
    return (dirname(path) if path.endswith(ENDS) else path), arn
