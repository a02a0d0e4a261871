"""What runs with which role: the workloads of files, with the identities that their roles are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.model import UNKNOWN_ACCOUNT
from iamlint.account.workload import DescribedWorkload, RunAs
from iamlint.fast_dataclass import replace
from iamlint.load.link import Thing, by_name, key_of_name, name_with
from iamlint.policy.pattern import pattern_of
from iamlint.text.source import Pseudo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from iamlint.account.build.profiles import InstanceProfiles
    from iamlint.load.link import Held, Name, Ref
    from iamlint.load.workload import Workload
    from iamlint.text.source import Unknown


MAX_CHOICES: Final = 16
"""Roles of one template or profile that are distinguished by their conditions."""


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
    """Finds who the roles and instance profiles of workloads are, once for each that is named."""

    def __init__(self, profiles: InstanceProfiles, by_name: Mapping[str, list[Workload]]) -> None:
        self.profiles = profiles
        self.by_name = by_name
        self._known: dict[tuple[Ref, str | None], tuple[RunAs, ...]] = {}

    def run_as(self, held: Held, account: str | None) -> Iterator[RunAs]:
        """Yield the role, or those from which conditions choose."""
        if held.ref.name == "":  # the attribute is not set
            return
        key = held.ref, account
        if key not in self._known:
            self._known[key] = self._found(by_name(held.ref), account)
        for one in self._known[key]:
            yield replace(one, given=one.given | held.given)

    def _found(self, ref: Ref, account: str | None) -> tuple[RunAs, ...]:
        match ref.thing:
            case Thing.WORKLOAD:
                return self._of_other(ref, account)
            case Thing.PROFILE:
                return self._of_profile(ref, account)
        return (RunAs(ref, self._titles(ref, account)),)

    def _of_other(self, ref: Ref, account: str | None) -> tuple[RunAs, ...]:
        """Return the roles of another workload."""
        found = self.by_name.get(key_of_name(ref.name) or "", [])
        others = [one for one in found if one.scope == ref.scope] or found
        roles = [role for one in others for role in one.roles]
        each = [
            one
            for role in roles
            if role.ref.thing is not Thing.WORKLOAD
            for one in self.run_as(role, account)
        ]
        return _one_of(ref, each, is_one=len(others) == 1)

    def _of_profile(self, ref: Ref, account: str | None) -> tuple[RunAs, ...]:
        """Return the role of an instance profile."""
        links = self.profiles.links_of(ref, account)
        each = [
            RunAs(role, self._titles(role, one.account), one.link.given)
            for one in links
            for role in (by_name(one.link.target),)
        ]
        return _one_of(ref, each, is_one=len({one.link.holder.scope for one in links}) == 1)

    def _titles(self, ref: Ref, account: str | None) -> tuple[str, ...]:
        meant = self.profiles.principals.known(ref, account)
        return tuple(one.title for one in ((meant.sure,) if meant.sure else meant.maybe))


def _one_of(ref: Ref, each: list[RunAs], *, is_one: bool) -> tuple[RunAs, ...]:
    """Return the roles of what a name means; of several things, one role that may be any."""
    if is_one and len(each) <= MAX_CHOICES:
        return tuple(each)
    titles = dict.fromkeys(title for one in each for title in one.titles)
    return (RunAs(ref, tuple(titles), is_open=True),)


def _pattern(arn: Name, account: str | None) -> str:
    """Return an ARN as a pattern, in the account of its file."""

    def give(part: Unknown) -> Name:
        return (account or UNKNOWN_ACCOUNT) if part.means is Pseudo.ACCOUNT else part

    return pattern_of(name_with(arn, give))
