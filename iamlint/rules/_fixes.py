"""Ways to fix that several rules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.spelling import slip_of
from iamlint.rule.fix import Applicability, Fix, Remove, Reword
from iamlint.text.source import Partial, Tagged, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from iamlint.policy.at import At
    from iamlint.policy.model import Condition, Entry
    from iamlint.rule import RuleContext
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer


def node_of(value: Value, pointer: Pointer) -> Value:
    """Return what is at `pointer`; None if nothing is there."""
    for step in pointer:
        while isinstance(value, Tagged):
            value = value.value
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def members_of(context: RuleContext, pointer: Pointer) -> tuple[str, ...]:
    """Return the names of the members of an object."""
    node = node_of(context.value, pointer)
    return tuple(node) if isinstance(node, dict) else ()


def has_variables(value: Value) -> bool:
    """Return whether `${` is anywhere in a document, or may be in an unknown part of it."""
    todo = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            todo += [*node, *node.values()]
        elif isinstance(node, list):
            todo += node
        elif isinstance(node, str):
            if "${" in node:
                return True
        elif isinstance(node, Tagged | Partial | Unknown):
            return True
    return False


def rename_member(context: RuleContext, at: At, new: str, claim: Applicability) -> Fix | None:
    """Return the fix that renames a member, unless its object has that name in any letter case."""
    *above, old = at.pointer
    others = {name.lower() for name in members_of(context, tuple(above)) if name != old}
    if new.lower() in others:
        return None
    return Fix(claim, f"write `{new}`", (Reword(at.of_key, new),))


def respell(context: RuleContext, at: At, words: Iterable[str], claim: Applicability) -> Fix | None:
    """Return the fix for a name or a string that is a slip of the pen for one of the words."""
    old = at.pointer[-1] if at.key else node_of(context.value, at.pointer)
    new = slip_of(old, words) if isinstance(old, str) else None
    if new is None:
        return None
    if at.key:
        return rename_member(context, at, new, claim)
    return Fix(claim, f"write `{new}`", (Reword(at, new),))


def with_operator(context: RuleContext, condition: Condition, new: str) -> Fix | None:
    """Return the fix to another operator, which changes the condition."""
    return rename_member(context, condition.operator_at, new, Applicability.CHANGES_ACCESS)


def without_condition(context: RuleContext, at: At, relies_on: Sequence[Entry] = ()) -> Fix:
    """Return the fix that removes a condition that is always true, and emptied objects."""
    pointer = at.pointer
    while pointer[-1] != "Condition" and len(members_of(context, pointer[:-1])) == 1:
        pointer = pointer[:-1]
    nodes = (type(at)(pointer),)
    texts = tuple(entry.at for entry in relies_on)
    return Fix(Applicability.EQUIVALENT, f"remove `{pointer[-1]}`", (Remove(nodes),), texts)


def without_covered(
    entries: Sequence[Entry],
    pairs: Sequence[tuple[int, int]],
    covers: Callable[[str, str], bool],
) -> Fix | None:
    """Return the fix without entries that others cover; `pairs` say which may: (wide, narrow).

    None unless each pair holds for AWS as well, and not only for the texts.
    """
    if not all(covers(entries[wide].text, entries[narrow].text) for wide, narrow in pairs):
        return None
    gone: set[int] = set()
    for wide, narrow in sorted(pairs, key=lambda pair: pair[1]):
        if wide not in gone:
            gone.add(narrow)
    texts = dict.fromkeys(f"`{entries[index].text}`" for index in sorted(gone))
    return Fix(
        Applicability.EQUIVALENT,
        f"remove {', '.join(texts)}",
        (Remove(tuple(entries[index].at for index in sorted(gone))),),
        tuple(entries[index].at for index in sorted({index for pair in pairs for index in pair})),
    )
