"""What the actions of a list have that a rule may report, as bits: most lists have nothing of it.

Bits are looked up once for each text and once for each list, and each rule asks for its own. They
promise nothing: a rule that finds its bit still looks at each entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.memory import remember

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Element

    TraitsOf: TypeAlias = Callable[[Catalog, str], int]
    """Returns the bits of a text of `Action`; a function of a module that remembers them."""


def traits_in(element: Element | None, catalog: Catalog, traits_of: TraitsOf) -> int:
    """Return the bits of all entries of `Action` or `NotAction` that are known."""
    return remember(element, _traits_in, catalog, traits_of) if element else 0


def _traits_in(element: Element, catalog: Catalog, traits_of: TraitsOf) -> int:
    found = 0
    for entry in element.entries:
        if entry.known is not None:
            found |= traits_of(catalog, entry.known)
    return found
