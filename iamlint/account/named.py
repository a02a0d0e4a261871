"""Whether files say anything of principals, which costs little to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from iamlint.load import Loaded
    from iamlint.load.document import Document

_FOLDERS: Final = late_pattern(r"(?:^|/)(?:users|groups|roles)/[^/]+/")


def names_principals(loaded: Loaded) -> bool:
    """Return whether files may say something of a principal, or one of them could not be read."""
    if loaded.nodes or loaded.links or loaded.bindings or loaded.of_aws or loaded.by_default:
        return True
    return bool(loaded.broken) or any(map(_names_holder, loaded.documents))


def in_folder_of_principal(path: str) -> bool:
    """Return whether a file is in the folder of a user, a group or a role."""
    return _FOLDERS.search(path) is not None


def _names_holder(document: Document) -> bool:
    about = document.attachment
    if about.targets:
        return True  # rules look at what an organization attaches
    is_named = (
        about.holders or about.policy_arn is not None or in_folder_of_principal(document.path)
    )
    return bool(is_named) and document.kind not in (Kind.SCP, Kind.RCP)
