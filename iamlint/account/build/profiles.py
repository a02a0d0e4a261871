"""The roles of instance profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.build.identity_builder import IdentityBuilder
    from iamlint.account.build.principals import IdentityBuilders, PrincipalKey
    from iamlint.load.link import Link, Ref


@dataclass(frozen=True, slots=True)
class ProfileLink:
    """The link of an instance profile to its role, in the account of its file."""

    link: Link
    account: str | None


class InstanceProfiles:
    """The links of instance profiles, as files name both ends."""

    def __init__(self, principals: IdentityBuilders) -> None:
        self.principals = principals
        self._sure: dict[str, tuple[IdentityBuilder, str]] = {}
        self._links: dict[PrincipalKey, list[ProfileLink]] = {}

    def take(self, link: Link, account: str | None) -> None:
        """Take the role of an instance profile, which has one at most.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
        """
        if key := self.principals.key(link.holder, account):
            self._links.setdefault(key, []).append(ProfileLink(link, account))
        role = self.principals.named(link.target, account).sure
        if role is None or link.given:
            return
        title = self.principals.title(link.holder, account)
        known, first = self._sure.setdefault(title, (role, link.path))
        if known is not role:
            raise UsageError(
                f"`{title}` has several roles: `{known.title}` in `{first}`, "
                f"`{role.title}` in `{link.path}`",
                help="AWS accepts one",
            )

    def roles(self) -> Mapping[str, str]:
        """Return the titles of the roles that profiles surely have, by those of the profiles."""
        return {title: role.title for title, (role, _) in self._sure.items()}

    def links_of(self, profile: Ref, account: str | None) -> list[ProfileLink]:
        """Return the links of one profile, or of all that a name may mean."""
        key = self.principals.key(profile, account)
        found = self._links.get(key, []) if key else []
        return [one for one in found if one.link.holder.scope == profile.scope] or found
