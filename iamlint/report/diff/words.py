"""Gains and losses in words, the same in text and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.reason.answer import KeyState, Relation
from iamlint.report.phrases import deciders, folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.reason.answer import Diff, Difference, Open

_MOST_ACTIONS: Final = 8
_MOST_RESOURCES: Final = 4
_MOST_SAME: Final = 8
_VERBS: Final = {
    "Bool": "is",
    "StringEquals": "is",
    "StringNotEquals": "is not",
    "StringEqualsIgnoreCase": "is",
    "StringNotEqualsIgnoreCase": "is not",
    "StringLike": "is like",
    "StringNotLike": "is not like",
    "NumericEquals": "is",
    "NumericNotEquals": "is not",
    "NumericLessThan": "is less than",
    "NumericLessThanEquals": "is at most",
    "NumericGreaterThan": "is more than",
    "NumericGreaterThanEquals": "is at least",
    "DateEquals": "is",
    "DateNotEquals": "is not",
    "DateLessThan": "is before",
    "DateLessThanEquals": "is at most",
    "DateGreaterThan": "is after",
    "DateGreaterThanEquals": "is at least",
    "IpAddress": "is in",
    "NotIpAddress": "is not in",
    "ArnEquals": "is like",
    "ArnLike": "is like",
    "ArnNotEquals": "is not like",
    "ArnNotLike": "is not like",
}


def has_many_actions(one: Difference) -> bool:
    """Return whether not all actions of a gain or a loss are shown."""
    return len(one.actions) > _MOST_ACTIONS + 1


def actions_of(one: Difference) -> str:
    """Return the actions of a gain or a loss."""
    return folded(one.actions, _MOST_ACTIONS)


def resources_of(one: Difference) -> str:
    """Return the resources of a gain or a loss, without those that do not belong to it."""
    text = folded(one.resources, _MOST_RESOURCES)
    return f"{text} except {folded(one.besides, _MOST_RESOURCES)}" if one.besides else text


def principals_of(one: Difference) -> str:
    """Return who gains or loses; empty if the policies do not name anybody."""
    return folded(one.principals or (), _MOST_RESOURCES)


def when(one: Difference) -> str:
    """Return what a request must carry: `if A is true and B is present`, `unless C is true`."""
    tests = [*_tests(one)]
    ifs = [text for text, is_exception in tests if not is_exception]
    exceptions = [text for text, is_exception in tests if is_exception]
    parts = [f"if {' and '.join(ifs)}"] if ifs else []
    if exceptions:
        parts.append(f"unless {' or '.join(exceptions)}")
    return "  ".join(parts)


def _tests(one: Difference) -> Iterator[tuple[str, bool]]:
    """Yield what is tested of each key, and whether it is an exception."""
    for key, tests in one.condition.items():
        for test in tests:
            if isinstance(test, KeyState):
                yield f"{key} is {test}", False
            else:
                verb = _VERBS.get(test.operator, test.operator)
                yield f"{key} {verb} {', '.join(test.values)}", test.is_exception


def access_of(one: Difference) -> str:
    """Return who gains or loses what, in parts with two blanks between them."""
    who = principals_of(one)
    parts = (
        "part of" if one.is_part else "",
        f"{who}:" if who else "",
        actions_of(one),
        f"on {resources_of(one)}",
        when(one),
    )
    return "  ".join(filter(None, parts))


def assumed(one: Difference) -> str:
    """Return the values that its request has: `if var.bucket is example`; empty for none."""
    values = [f"{name} is {value}" for name, value in one.witness.given.items()]
    return f"if {' and '.join(values)}" if values else ""


def reason_of(one: Open) -> str:
    """Return what is unknown, and why."""
    about = "unknown" if one.of_gains else "unknown whether it loses access"
    return f"{about}, because {one.reason}"


def to_decide(one: Open) -> str:
    """Return what would decide something that is unknown; empty if nothing is known to."""
    return deciders(one.names)


def unknown(one: Open) -> str:
    """Return what is unknown, why, and what would decide it."""
    return "; ".join(filter(None, (reason_of(one), to_decide(one))))


def same_meaning(diff: Diff) -> str:
    """Return the units that mean the same, and what changed in their text; empty for none."""
    same = [one for one in diff.changes if one.comparison.relation is Relation.EQUIVALENT]
    names = [
        f"{one.subject or one.path or 'the policy'}{f' ({one.text})' if one.text else ''}"
        for one in same
    ]
    return f"same meaning: {folded(names, _MOST_SAME)}" if names else ""
