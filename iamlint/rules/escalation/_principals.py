"""The names of principals in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.link import Ref

_NAMED = 2
"""So many principals are named in one message."""


def in_words(names: Sequence[str]) -> str:
    """Return several principals, the first of many."""
    shown, more = names[:_NAMED], len(names) - _NAMED
    return f"{', '.join(shown)} and {more} more" if more > 0 else " and ".join(shown)


def who_have(refs: Sequence[Ref]) -> str:
    """Return principals with the verb; of some a file says only what they are."""
    known = dict.fromkeys(f"{ref.thing} `{ref.shown}`" for ref in refs if not _is_nameless(ref))
    if known:
        return f"{in_words([*known])} {'has' if len(known) == 1 else 'have'}"
    things = {ref.thing for ref in refs}
    return f"a {next(iter(things))} has" if len(things) == 1 else "a principal has"


def _is_nameless(ref: Ref) -> bool:
    return isinstance(ref.name, Unknown) and not ref.label and ref.name.text == "…"
