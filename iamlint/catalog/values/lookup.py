"""The row of a condition key."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iamlint.catalog.model import KeyType
from iamlint.catalog.values.identities import ENDINGS, IDENTITIES, OF_ARNS
from iamlint.catalog.values.words import WORDS

if TYPE_CHECKING:
    from iamlint.catalog.lookup import Catalog
    from iamlint.catalog.values.described import KeyValues


def values_of(key: str, catalog: Catalog) -> KeyValues | None:
    """Return what the values of a key look like, as far as AWS documents it."""
    low = key.lower()
    found = _by_key().get(low)
    if found is not None:
        return found
    prefix, _, name = low.partition(":")
    if prefix == "aws" or "." in prefix or "/" in name:
        return None
    ending = next((row for ends, row in ENDINGS.items() if name.endswith(ends)), None)
    if ending is None and not name.endswith(("arn", "arns")):
        return None
    known = catalog.condition_key(low)
    if known is None or "${" in known.name:
        return None
    if ending is None:
        return OF_ARNS if known.type is KeyType.ARN else None
    return ending if known.type is KeyType.STRING else None


@cache
def _by_key() -> dict[str, KeyValues]:
    return {key: row for row in (*IDENTITIES, *WORDS) for key in row.keys.split()}
