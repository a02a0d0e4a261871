"""What the rules of this family ask of a condition's key and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import is_federation_key
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.variables import split_variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Condition, Entry

CHECKS = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
)
GLOBAL_KEYS = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
)
OPERATORS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"

WILD_STRING_OPERATORS = frozenset({"StringLike", "StringNotLike"})


def known_values(condition: Condition) -> Iterator[tuple[Entry, str]]:
    """Yield the values that are known, without those that hold a policy variable."""
    for entry in condition.values:
        if entry.known is not None and "${" not in entry.known:
            yield entry, entry.known


def plain_text(value: str) -> str:
    """Return a value without its policy variables and escapes."""
    if "${" not in value:
        return value
    return "".join(part for part in split_variables(value) if isinstance(part, str))


def lacks_tag(key: str, catalog: Catalog) -> bool:
    """Return whether the key is one that takes a tag's name after a `/`, and has none."""
    bare = key.removesuffix("/")
    if "/" in bare or catalog.condition_key(bare):
        return False
    found = catalog.condition_key(f"{bare}/tag")
    return found is not None and "tag/$" in found.name.lower()


def compares_text(condition: Condition) -> bool:
    return condition.family is OperatorFamily.STRING


def is_wild_string(condition: Condition) -> bool:
    """Return whether the operator is `StringLike` or `StringNotLike`, whatever is around it."""
    return condition.operator is not None and condition.operator.name in WILD_STRING_OPERATORS


# AWS treats these as lists although its reference says otherwise.
_LISTS = frozenset({"codestar-connections:provideraction", "codeconnections:provideraction"})


def is_single_valued(key: str, catalog: Catalog) -> bool:
    """Return whether the key surely holds one value; of providers' claims that is not known."""
    if key.lower() in _LISTS or is_federation_key(key):
        return False
    found = catalog.condition_key(key)
    return found is not None and not found.multivalued
