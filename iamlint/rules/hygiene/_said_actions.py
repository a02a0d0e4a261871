"""Which actions the text of a policy names, so that most policies are seen to differ at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.grammar import Effect
from iamlint.policy.wildcard import is_wild
from iamlint.reason.universe import exists
from iamlint.text.source import without_tag

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from iamlint.catalog import Catalog
    from iamlint.text.source import Value


@dataclass(slots=True)
class _Actions:
    """The actions that a policy allows, or denies: patterns by their services, and names."""

    wild: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def add(self, text: str, catalog: Catalog) -> None:
        service = text.partition(":")[0]
        if is_wild(service):
            self.wild.add("*")
        elif is_wild(text):
            self.wild.add(service)
        elif exists(text, catalog):
            self.names.add(text)

    @property
    def said(self) -> Hashable:
        if "*" in self.wild:
            return None
        names = (one for one in self.names if one.partition(":")[0] not in self.wild)
        return frozenset(self.wild), frozenset(names)


def said_actions(value: Value, catalog: Catalog) -> Hashable:
    """Return what policies have in common that allow the same actions, and deny the same.

    It does not depend on actions that AWS does not have. Names count only in services whose
    actions no pattern names.
    """
    said = {effect.value: _Actions() for effect in Effect}
    policy = without_tag(value)
    for statement in _each(policy.get("Statement")) if isinstance(policy, dict) else ():
        match statement:
            case {"Effect": "Allow" | "Deny" as effect, "NotAction": _}:
                said[effect].wild.add("*")
            case {"Effect": "Allow" | "Deny" as effect, "Action": actions}:
                for one in _each(actions):
                    said[effect].add(one.lower() if isinstance(one, str) else "*", catalog)
    return tuple(one.said for one in said.values())


def _each(value: Value) -> Iterator[Value]:
    value = without_tag(value)
    yield from map(without_tag, value if isinstance(value, list) else (value,))
