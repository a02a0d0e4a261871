"""Changed copies of policies, and the direction in which access cannot have changed."""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Statements = list[dict[str, Any]]


class Change(NamedTuple):
    """A pair of policies. The changed copy `never` has gained, or lost, anything."""

    name: str
    what: str
    old: Any
    new: Any
    never: str


def changed_copies(policies: Mapping[str, Any], most: int) -> list[Change]:
    """Return changed copies: one of each kind for each policy, then a second of each, and so on."""
    rounds: dict[int, list[Change]] = {}
    for name, policy in policies.items():
        met: Counter[str] = Counter()
        for change in _changes(name, policy):
            rounds.setdefault(met[change.what], []).append(change)
            met[change.what] += 1
    every = chain.from_iterable(rounds[at] for at in sorted(rounds))
    return list(islice(every, most))


def _changes(name: str, policy: Any) -> Iterator[Change]:
    said = policy["Statement"]
    statements: Statements = said if isinstance(said, list) else [said]
    for at, statement in enumerate(statements):
        without = _with(policy, [*statements[:at], *statements[at + 1 :]])
        if statement["Effect"] == "Deny":
            yield Change(name, "Deny dropped", policy, without, "lost")
            yield Change(name, "Deny added", without, policy, "gained")
            continue
        yield Change(name, "Allow dropped", policy, without, "gained")
        for what, other in (
            ("action widened", _wider(statement)),
            ("condition dropped", _unconditional(statement)),
        ):
            if other is not None:
                copy = _with(policy, [*statements[:at], other, *statements[at + 1 :]])
                yield Change(name, what, policy, copy, "lost")


def _with(policy: Any, statements: Statements) -> Any:
    return {**policy, "Statement": statements}


def _wider(statement: dict[str, Any]) -> dict[str, Any] | None:
    """Return a statement whose first action that is one of a service is all of that service."""
    actions = statement.get("Action", ())
    actions = actions if isinstance(actions, list) else [actions]
    for at, action in enumerate(actions):
        service, _, rest = str(action).partition(":")
        if rest not in ("", "*"):
            return {**statement, "Action": [*actions[:at], f"{service}:*", *actions[at + 1 :]]}
    return None


def _unconditional(statement: dict[str, Any]) -> dict[str, Any] | None:
    if not statement.get("Condition"):
        return None
    return {key: value for key, value in statement.items() if key != "Condition"}
