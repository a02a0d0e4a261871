"""What was read and declared in, the accounts that it describes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.build.build import build
from iamlint.account.build.home import at_home
from iamlint.account.build.pseudo_parameters import fill_pseudo_parameters

if TYPE_CHECKING:
    from iamlint.account.build.declared import Declared
    from iamlint.account.model import Accounts
    from iamlint.load import Loaded


def accounts_in(
    loaded: Loaded, declared: Declared, beside: Loaded | None = None
) -> tuple[Loaded, Accounts]:
    """Return what was read with what is known of its account, and the accounts it describes.

    What was read `beside` it may say which account it is. Raises `UsageError` where two sources
    disagree.
    """
    declared = at_home(beside or loaded, declared)
    loaded = fill_pseudo_parameters(loaded, declared)
    return loaded, build(loaded, declared)
