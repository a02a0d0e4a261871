"""What runs with which role: the workloads of files, with the identities that their roles are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.model import UNKNOWN_ACCOUNT
from iamlint.account.workload import DescribedWorkload, RunAs
from iamlint.load.link import Thing, by_name, name_with
from iamlint.policy.pattern import pattern_of
from iamlint.text.source import Pseudo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iamlint.account.build.principals import IdentityBuilders
    from iamlint.account.build.profiles import InstanceProfiles
    from iamlint.load.link import Held, Name, Ref
    from iamlint.load.workload import Workload
    from iamlint.text.source import Unknown


def find_workloads(
    workloads: Iterable[Workload],
    profiles: InstanceProfiles,
    account_of: Callable[[str], str | None],
) -> Iterator[DescribedWorkload]:
    """Yield workloads with the titles of their roles; `account_of` is that of a path."""
    for one in workloads:
        account = account_of(one.path)
        owner = account or profiles.principals.home
        roles = [held for held in one.roles if held.ref.name != ""]  # empty: not set
        runs_as = dict.fromkeys(r for held in roles for r in _run_as(held, account, profiles))
        yield DescribedWorkload(
            type=one.type,
            address=one.address,
            arn=None if one.arn is None else _pattern(one.arn, owner),
            place=one.place,
            runs_as=tuple(runs_as),
            account=owner,
            scope=one.scope,
            named_at=one.named_at,
        )


def _run_as(held: Held, account: str | None, profiles: InstanceProfiles) -> Iterator[RunAs]:
    """Yield the role, or those from which conditions choose, that a workload runs with."""
    ref, principals = by_name(held.ref), profiles.principals
    if ref.thing is not Thing.PROFILE:
        yield RunAs(ref, _titles(principals, ref, account), held.given)
        return
    links = profiles.links_of(ref, account)
    several = {one.link.holder.scope for one in links} - {ref.scope}
    if len(several) > 1 or not links:
        every = (_titles(principals, by_name(one.link.target), one.account) for one in links)
        yield RunAs(ref, tuple(dict.fromkeys(t for titles in every for t in titles)), held.given)
        return
    for one in links:
        role = by_name(one.link.target)
        yield RunAs(role, _titles(principals, role, one.account), held.given | one.link.given)


def _titles(principals: IdentityBuilders, ref: Ref, account: str | None) -> tuple[str, ...]:
    meant = principals.known(ref, account)
    return tuple(one.title for one in ((meant.sure,) if meant.sure else meant.maybe))


def _pattern(arn: Name, account: str | None) -> str:
    """Return an ARN as a pattern, in the account of its file."""

    def give(part: Unknown) -> Name:
        return (account or UNKNOWN_ACCOUNT) if part.means is Pseudo.ACCOUNT else part

    return pattern_of(name_with(arn, give))
