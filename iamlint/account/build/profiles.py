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
        self._roles: dict[str, list[IdentityBuilder]] = {}
        self._first: dict[PrincipalKey, tuple[IdentityBuilder, Link]] = {}
        self._links: dict[PrincipalKey, list[ProfileLink]] = {}

    def take(self, link: Link, account: str | None) -> None:
        """Take the role of an instance profile, which has one at most.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
        """
        role = self.principals.named(link.target, account).sure
        title = self.principals.title(link.holder, account)
        key = self.principals.key(link.holder, account)
        if key is not None:
            self._links.setdefault(key, []).append(ProfileLink(link, account))
        if role is None or link.given:
            return
        known, first = self._first.setdefault(key, (role, link)) if key else (role, link)
        if known.title != role.title:
            raise UsageError(
                f"`{title}` has several roles: `{known.title}` in `{first.path}`, "
                f"`{role.title}` in `{link.path}`",
                help="AWS accepts one",
            )
        self._roles.setdefault(title, []).append(role)

    def roles(self) -> Mapping[str, str]:
        """Return the titles of the roles that profiles surely have, by those of the profiles."""
        found = {
            title: tuple(dict.fromkeys(role.title for role in several))
            for title, several in self._roles.items()
        }
        return {title: roles[0] for title, roles in found.items() if len(roles) == 1}

    def links_of(self, profile: Ref, account: str | None) -> list[ProfileLink]:
        """Return the links of one profile, or of all that a name may mean."""
        key = self.principals.key(profile, account)
        found = self._links.get(key, []) if key else []
        return [one for one in found if one.link.holder.scope == profile.scope] or found
