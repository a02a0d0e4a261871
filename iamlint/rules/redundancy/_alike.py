"""Groups statements that say the same, whatever their order and `Sid`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from iamlint.policy.at import At
    from iamlint.policy.model import Element, Principals, Statement

Meaning: TypeAlias = "Hashable"


def alike(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Yield the groups of two or more statements that are the same."""
    for candidates in _grouped(filter(_is_whole, statements), _size):
        yield from _grouped(candidates, _meaning)


def texts_of(statement: Statement) -> Iterator[At]:
    """Yield every string by which statements are compared."""
    for element in (statement.action_element, statement.resource_element):
        yield from (entry.at for entry in (element.entries if element else ()))
    for principals in (statement.principal, statement.not_principal):
        yield from (principal.at for principal in (principals.entries if principals else ()))
    for condition in statement.conditions:
        yield from (value.at for value in condition.values)


def _grouped(
    statements: Iterable[Statement], key: Callable[[Statement], Meaning]
) -> list[list[Statement]]:
    """Return the groups of two or more with the same key."""
    found: defaultdict[Meaning, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[key(statement)].append(statement)
    return [group for group in found.values() if len(group) > 1]


def _size(statement: Statement) -> Meaning:
    """Return what is cheap to compare."""
    elements = (statement.action_element, statement.resource_element)
    sizes = tuple(len(element.entries) if element else 0 for element in elements)
    return statement.effect, len(statement.conditions), sizes


def _is_whole(statement: Statement) -> bool:
    """Return whether all of the statement could be read; what could not might be the difference."""
    return bool(
        statement.effect
        and not statement.opaque
        and statement.action_element
        and statement.action_element.entries
        and all(condition.values for condition in statement.conditions)
    )


def _meaning(statement: Statement) -> Meaning:
    return (
        statement.effect,
        principals_of(statement.principal),
        principals_of(statement.not_principal),
        _texts(statement.action, lower=True),
        _texts(statement.not_action, lower=True),
        _texts(statement.resource),
        _texts(statement.not_resource),
        frozenset(
            (c.operator_text.lower(), c.name, frozenset(value.text for value in c.values))
            for c in statement.conditions
        ),
    )


def _texts(element: Element | None, *, lower: bool = False) -> Meaning:
    texts = (entry.text for entry in element.entries) if element else ()
    return element is None, frozenset(text.lower() if lower else text for text in texts)


def principals_of(principals: Principals | None) -> Meaning:
    entries = principals.entries if principals else ()
    bare = principals is not None and principals.bare
    return principals is None, bare, frozenset((p.type, p.text) for p in entries)
