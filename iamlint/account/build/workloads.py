"""What runs with which role: the workloads of files, with the identities that their roles are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.model import UNKNOWN_ACCOUNT
from iamlint.account.workload import DescribedWorkload, RunAs
from iamlint.fast_dataclass import replace
from iamlint.load.link import Held, Thing, by_name, key_of_name, name_with
from iamlint.policy.pattern import pattern_of
from iamlint.text.source import Pseudo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iamlint.account.build.principals import IdentityBuilders
    from iamlint.account.build.profiles import InstanceProfiles
    from iamlint.load.link import Name, Ref
    from iamlint.load.workload import Workload
    from iamlint.text.source import Unknown


def find_workloads(
    workloads: Sequence[Workload],
    profiles: InstanceProfiles,
    account_of: Callable[[str], str | None],
) -> Iterator[DescribedWorkload]:
    """Yield workloads with the titles of their roles; `account_of` is that of a path."""
    finding = _Finding(profiles, _by_name(workloads))
    for one in workloads:
        account = account_of(one.path)
        owner = account or profiles.principals.home
        runs_as = dict.fromkeys(r for held in one.roles for r in finding.run_as(held, account))
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


def _by_name(workloads: Iterable[Workload]) -> dict[str, list[Workload]]:
    found: dict[str, list[Workload]] = {}
    for one in workloads:
        for key in dict.fromkeys(map(key_of_name, one.names)):
            found.setdefault(key or "", []).append(one)
    found.pop("", None)
    return found


class _Finding:
    """Finds who the roles and instance profiles of workloads are."""

    def __init__(self, profiles: InstanceProfiles, by_name: dict[str, list[Workload]]) -> None:
        self.profiles = profiles
        self.principals: IdentityBuilders = profiles.principals
        self.by_name = by_name

    def run_as(self, held: Held, account: str | None) -> Iterator[RunAs]:
        """Yield the role, or those from which conditions choose."""
        if held.ref.name == "":  # the attribute is not set
            return
        ref = by_name(held.ref)
        match ref.thing:
            case Thing.WORKLOAD:
                yield from self._of_other(Held(ref, held.given), account)
            case Thing.PROFILE:
                yield from self._of_profile(Held(ref, held.given), account)
            case _:
                yield RunAs(ref, self._titles(ref, account), held.given)

    def _of_other(self, held: Held, account: str | None) -> Iterator[RunAs]:
        """Yield the roles of another workload."""
        found = self.by_name.get(key_of_name(held.ref.name) or "", [])
        others = [one for one in found if one.scope == held.ref.scope] or found
        roles = [
            role for one in others for role in one.roles if role.ref.thing is not Thing.WORKLOAD
        ]
        each = [
            replace(one, given=one.given | held.given)
            for role in roles
            for one in self.run_as(role, account)
        ]
        yield from each if len(others) == 1 else (_any_of(held, each),)

    def _of_profile(self, held: Held, account: str | None) -> Iterator[RunAs]:
        """Yield the role of an instance profile."""
        links = self.profiles.links_of(held.ref, account)
        each = [
            RunAs(role, self._titles(role, one.account), held.given | one.link.given)
            for one in links
            for role in (by_name(one.link.target),)
        ]
        scopes = {one.link.holder.scope for one in links}
        yield from each if len(scopes) == 1 else (_any_of(held, each),)

    def _titles(self, ref: Ref, account: str | None) -> tuple[str, ...]:
        meant = self.principals.known(ref, account)
        return tuple(one.title for one in ((meant.sure,) if meant.sure else meant.maybe))


def _any_of(held: Held, each: Iterable[RunAs]) -> RunAs:
    """Return one role, which may be any of several; none if the name is of nothing known."""
    titles = dict.fromkeys(title for one in each for title in one.titles)
    return RunAs(held.ref, tuple(titles), held.given)


def _pattern(arn: Name, account: str | None) -> str:
    """Return an ARN as a pattern, in the account of its file."""

    def give(part: Unknown) -> Name:
        return (account or UNKNOWN_ACCOUNT) if part.means is Pseudo.ACCOUNT else part

    return pattern_of(name_with(arn, give))
