"""Known ways from what a policy grants to more than it grants, as `escalation.json` lists them.

The file: `sources` are the public lists that a path was seen in, `targets` has the resource types
of an action for which a grant matters, if these are not all required ones. A path has

- `needs`: groups of actions; one of each group must be granted; the first group decides how far
  the path reaches, as `iam:PassRole` does;
- `band`: its band with nothing in the way; `derived` when no public list has it;
- `gain`: what the holder can do; a path by a passed role has `services` instead: one of
  them must be a possible value of `iam:PassedToService`;
- `closed_by`: keys that close it with a wanted value, `denied_by` keys that close it in a Deny;
- `one`: `open` or `low` when it leads on from a resource named in full, `named` when it leads to
  that one principal only, otherwise it does not;
- `self`: whether it leads on from the holder's own user;
- `same_target`: whether all needs must be about one resource;
- `implies`: weaker paths it contains;
- `ordinary`: whether people hold it on every resource for their daily work, so it is a note.
"""

from __future__ import annotations

import json
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.policy.action import parse_action
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal, NotRequired, TypedDict

    from iamlint.policy.action import ActionPattern

    class _Entry(TypedDict):
        id: str
        rule: str
        band: str
        needs: list[list[str]]
        sources: list[str]
        gain: NotRequired[str]
        derived: NotRequired[bool]
        services: NotRequired[list[str]]
        closed_by: NotRequired[list[str]]
        denied_by: NotRequired[list[str]]
        one: NotRequired[Literal["named", "low", "open"]]
        self: NotRequired[bool]
        same_target: NotRequired[bool]
        implies: NotRequired[list[str]]
        ordinary: NotRequired[bool]


class Band(IntEnum):
    """How bad: admin at once; another principal; what must exist first; a guardrail less."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


@dataclass(frozen=True, slots=True)
class EscalationPath:
    """One path; the module says what the members mean. Actions are in lower case."""

    id: str
    rule: str
    band: Band
    needs: tuple[tuple[str, ...], ...]
    gain: str
    derived: bool
    services: tuple[str, ...]
    closed_by: tuple[str, ...]
    denied_by: tuple[str, ...]
    one: Literal["closed", "named", "low", "open"]
    self_leads_on: bool
    same_target: bool
    implies: tuple[str, ...]
    ordinary: bool


@dataclass(frozen=True, slots=True)
class Escalation:
    """All paths. `spelled` has the actions as AWS spells them; the other keys are in lower case.

    `by_service` lists the actions of each service, `by_last_need` the indexes in `paths` of those
    whose last need the action meets: that is rarer than the first, which often is `iam:PassRole`.
    """

    paths: tuple[EscalationPath, ...]
    targets: Mapping[str, tuple[tuple[str, ...], ...]]
    spelled: Mapping[str, str]
    by_service: Mapping[str, tuple[str, ...]]
    by_last_need: Mapping[str, tuple[int, ...]]

    def with_last_need(self, actions: Iterable[str]) -> tuple[EscalationPath, ...]:
        """Return the paths, in order, whose last need one of the actions meets."""
        places = {at for action in actions for at in self.by_last_need.get(action, ())}
        return tuple(self.paths[at] for at in sorted(places))

    def named_by(self, pattern: ActionPattern) -> tuple[str, ...]:
        """Return the actions of paths that a pattern names."""
        service, name = pattern.service, pattern.name
        if is_wild(service):
            return tuple(filter(pattern.matches, self.spelled))
        if is_wild(name):
            return tuple(filter(pattern.matches, self.by_service.get(service, ())))
        return (str(pattern),) if str(pattern) in self.spelled else ()


@cache
def escalation() -> Escalation:
    """Return the paths, read once."""
    text = Path(__file__).with_name("escalation.json").read_text(encoding="utf-8")
    data = json.loads(text)
    entries: list[_Entry] = data["paths"]
    spelled = {a.lower(): a for entry in entries for need in entry["needs"] for a in need}
    paths = tuple(map(_path, entries))
    by_last_need: dict[str, tuple[int, ...]] = {}
    for at, path in enumerate(paths):
        for action in path.needs[-1]:
            by_last_need[action] = (*by_last_need.get(action, ()), at)
    by_service: dict[str, tuple[str, ...]] = {}
    for action in spelled:
        service = action.partition(":")[0]
        by_service[service] = (*by_service.get(service, ()), action)
    return Escalation(
        paths=paths,
        targets={
            action.lower(): tuple(tuple(name.lower() for name in group) for group in groups)
            for action, groups in data["targets"].items()
        },
        spelled=spelled,
        by_service=by_service,
        by_last_need=by_last_need,
    )


@lru_cache(maxsize=8192)
def actions_of_paths(text: str) -> tuple[str, ...]:
    """Return the actions of paths that an entry of a policy names."""
    pattern = parse_action(text)
    return () if pattern is None else escalation().named_by(pattern)


def _path(entry: _Entry) -> EscalationPath:
    return EscalationPath(
        id=entry["id"],
        rule=entry["rule"],
        band=Band[entry["band"].upper()],
        needs=tuple(_lower(need) for need in entry["needs"]),
        gain=entry.get("gain", ""),
        derived=entry.get("derived", False),
        services=tuple(entry.get("services", ())),
        closed_by=tuple(entry.get("closed_by", ())),
        denied_by=tuple(entry.get("denied_by", ())),
        one=entry.get("one", "closed"),
        self_leads_on=entry.get("self", False),
        same_target=entry.get("same_target", False),
        implies=tuple(entry.get("implies", ())),
        ordinary=entry.get("ordinary", False),
    )


def _lower(words: list[str]) -> tuple[str, ...]:
    return tuple(word.lower() for word in words)
