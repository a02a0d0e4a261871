"""What folders say by their names alone: `roles/NAME/trust.json`, `organization/…`, and so on.

Below `accounts/ID/` the same folders describe that account.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from iamlint.account.model import IdentityKind
from iamlint.fast_dataclass import dataclass
from iamlint.policy.arn import is_account_id
from iamlint.policy.grammar import Kind

_HOLDERS: Final = {
    "users": IdentityKind.USER,
    "groups": IdentityKind.GROUP,
    "roles": IdentityKind.ROLE,
}
_ORGANIZATION: Final = "organization"
_RESOURCES: Final = "resources"


@dataclass(frozen=True, slots=True)
class HolderSlot:
    """A file of a user, group or role: its trust policy, its boundary, or what it may do."""

    kind: IdentityKind
    name: str
    account: str | None
    use: Kind
    folder: str


@dataclass(frozen=True, slots=True)
class ResourceSlot:
    """A file of a resource; its content names the resource."""

    account: str | None


@dataclass(frozen=True, slots=True)
class LevelSlot:
    """A file of the organization; `way` leads from its root to the unit or account."""

    use: Kind
    way: tuple[str, ...]


Slot = HolderSlot | ResourceSlot | LevelSlot


def slot_of(path: str, kind: Kind) -> Slot | None:
    """Return what a file is for by its path below the repository; None when the path does not say.

    `kind` is what the policy looks like.
    """
    *folders, file = path.split("/")
    account = _account(folders)
    if len(folders) > 1 and folders[-2] in _HOLDERS:
        return _identity(folders, file, account)
    if _ORGANIZATION in folders and kind in (Kind.SCP, Kind.RCP, Kind.IDENTITY, Kind.RESOURCE):
        return _level(folders[folders.index(_ORGANIZATION) + 1 :], file, kind)
    if _RESOURCES in folders and kind is Kind.RESOURCE:
        return ResourceSlot(account)
    return None


def _identity(folders: list[str], file: str, account: str | None) -> HolderSlot | None:
    kind, name = _HOLDERS[folders[-2]], folders[-1]
    stem = file.partition(".")[0].lower()
    words = {"trust": Kind.TRUST, "boundary": Kind.BOUNDARY}
    use = words.get(stem.removesuffix("-policy"), Kind.IDENTITY)
    if use is Kind.TRUST and kind is not IdentityKind.ROLE:
        return None
    return HolderSlot(kind, name, account, use, "/".join(folders))


def _level(way: list[str], file: str, kind: Kind) -> LevelSlot:
    use = Kind.RCP if kind in (Kind.RCP, Kind.RESOURCE) else Kind.SCP
    names = [*way, *file.lower().split(".")[1:-1]]
    for word in names:
        if word in ("scp", "scps"):
            use = Kind.SCP
        elif word in ("rcp", "rcps"):
            use = Kind.RCP
    return LevelSlot(use, tuple(word for word in way if word not in ("scp", "scps", "rcp", "rcps")))


def account_of_path(path: str) -> str | None:
    """Return the account that a folder `accounts/ID` makes the file's."""
    return _account(path.split("/")[:-1])


def _account(folders: list[str]) -> str | None:
    for above, name in pairwise(folders):
        if above == "accounts" and is_account_id(name):
            return name
    return None
