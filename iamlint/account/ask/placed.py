"""Which policies are on a resource that is asked about, and which of them only may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.account.build.compile import by_place, perhaps, unread_policy
from iamlint.account.build.managed import may_limit, perhaps_unlimited, unknown_policy
from iamlint.account.build.pseudo_parameters import source_with
from iamlint.account.build.resources import kind_at, policies_of
from iamlint.account.origin import Why
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.link import glob_of, inputs_in, shown
from iamlint.policy.arn import account_of
from iamlint.policy.arn_patterns import FIELDS, overlaps_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild, overlaps
from iamlint.text.source import Partial, Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.account.model import Accounts, OpenPolicy
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.load.link import Name


@dataclass(frozen=True, slots=True)
class Placed:
    """The policies of a resource: all of them if it `is_known`. `taken` says what was assumed."""

    policies: tuple[CompiledPolicy, ...] = ()
    is_known: bool = False
    taken: str | None = None


def find_placed(accounts: Accounts, arn: str) -> Placed:
    """Return the policies that are on a resource, or on what it is in.

    One that differs in unknown parts of its account and region alone is taken for that of the
    resource; others that may be its policy are open.
    """
    known = accounts.resource_at(arn)
    if known is not None and not known.open:
        return Placed(known.policies, is_known=True)
    kind = kind_at(arn)
    every = (policy for policy in accounts.open_policies if _kind_of(policy) is kind)
    open_ = [policy for policy in every if _may_be(policy, arn)]
    same = [policy for policy in open_ if policy.is_as_asked]
    policies = known.policies if known is not None else ()
    if len(same) == 1 and known is None:
        only = same[0]
        return Placed(
            tuple(_policies(only, arn)),
            is_known=True,
            taken=f"`{arn}` is assumed to be the `{shown(only.arn)}` of {only.place}",
        )
    unsure = [
        (policy, Why(f"{one.place} may be about `{arn}`", inputs_in(one.arn)))
        for one in open_
        for policy in _policies(one, arn)
    ]
    said = tuple(perhaps(*one) for one in unsure)
    if unsure and kind is Kind.ENDPOINT:  # without a policy of its own an endpoint allows all
        limit, why = unsure[0]
        several = (*said, perhaps_unlimited(kind, why))
        said = may_limit((limit,), why) if len(unsure) == 1 else several
    return Placed((*policies, *said), is_known=known is not None)


def _kind_of(policy: OpenPolicy) -> Kind:
    """Return whether a policy is that of a VPC endpoint or of any other resource."""
    named = {one.kind for one in policy.documents}
    is_of_endpoint = Kind.ENDPOINT in named or kind_at(glob_of(policy.arn)) is Kind.ENDPOINT
    return Kind.ENDPOINT if is_of_endpoint else Kind.RESOURCE


def _may_be(policy: OpenPolicy, arn: str) -> bool:
    glob = glob_of(policy.arn)
    # What is not an ARN as far as known may be any that begins alike.
    meet = overlaps_arn if glob.startswith("arn:") and glob.count(":") >= FIELDS - 1 else overlaps
    return any(meet(one, arn) for one in (glob, f"{glob}/*", f"{glob}:*"))


def _policies(policy: OpenPolicy, arn: str) -> Iterator[CompiledPolicy]:
    kind = kind_at(arn)
    if policy.unread is not None:
        yield unread_policy(policy.unread, kind)
        return
    if not policy.documents:
        yield unknown_policy(policy.place, kind)
        return
    given = _parts_of(policy.arn, arn)
    for cases in by_place(_with(document, given) for document in policy.documents):
        yield from policies_of(cases, kind)


def _with(document: Document, given: Mapping[object, str]) -> Document:
    def give(part: Unknown) -> Name:
        return given.get(part.identity or part.means, part)

    source = source_with(document.source, give) if given else document.source
    return document if source is document.source else replace(document, source=source)


def _parts_of(name: Name, arn: str) -> dict[object, str]:
    """Return what the unknown parts of a name are in an ARN, by identity, or by what they mean.

    Only what can be distinguished: account, partition and region by their form, and one part more.
    A part that may hold a `/` is known only where nothing follows. An account that is in the name
    alone is left open: callers whose account is not known are not of it.
    """
    if is_wild(arn) or not isinstance(name, Partial):
        return {}
    unknown = [part for part in name.parts if isinstance(part, Unknown)]
    if sum(part.means not in _FORMS for part in unknown) > 1:
        return {}
    pattern = "".join(
        re.escape(part) if isinstance(part, str) else f"({_FORMS.get(part.means, _FREE)})"
        for part in name.parts
    )
    inside = "(?:/.*)?" if ":s3:::" in arn else ""
    found = re.fullmatch(f"{pattern}{inside}", arn, re.DOTALL)
    parts: dict[object, str] = {}
    for part, text in zip(unknown, found.groups() if found else (), strict=False):
        if part.means is Pseudo.ACCOUNT and text != account_of(arn):
            continue
        for key in filter(None, (part.identity, part.means)):
            if parts.setdefault(key, text) != text:
                return {}  # no resource of this name has this ARN
    return parts


_FREE: Final = "[^:/]+"
_FORMS: Final[Mapping[Pseudo | None, str]] = {
    Pseudo.ACCOUNT: "[0-9]{12}",
    Pseudo.PARTITION: "aws[a-z-]*",
    Pseudo.REGION: "[a-z]{2,4}(?:-[a-z]+)+-[0-9]+",
}
