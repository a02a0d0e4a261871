"""The principals that may go a path with several of their policies, by the names of actions alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.holdings import written_statements
from iamlint.catalog.escalation import escalation
from iamlint.catalog.managed_policies import managed_policy
from iamlint.catalog.overlay import PATH_SERVICES
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Effect
from iamlint.policy.wildcard import is_wild
from iamlint.text.source import without_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.account.holdings import Bundle, Holdings, Key
    from iamlint.catalog.escalation import Escalation
    from iamlint.text.source import Value

    _Actions = frozenset[str]


_SEVERAL = 2


def may_cross(holdings: Holdings) -> frozenset[Key]:
    """Return the principals with several policies that together name all actions of a path."""
    looked = _Looked()
    return frozenset(key for key in holdings.bundles if looked.is_possible(holdings.together(key)))


class _Looked:
    """The actions of policies, each looked at once."""

    def __init__(self) -> None:
        self._of_documents: dict[int, _Actions] = {}
        self._of_aws: dict[str, _Actions] = {}

    def is_possible(self, bundles: list[Bundle]) -> bool:
        if sum(len(bundle.documents) + len(bundle.of_aws) for bundle in bundles) < _SEVERAL:
            return False
        known = escalation()
        each = [one for one in self._each(bundles) if one]
        if len(each) < _SEVERAL:
            return False
        every = frozenset[str]().union(*each)
        return any(
            all(not every.isdisjoint(need) for need in path.needs)
            and not any(all(not one.isdisjoint(need) for need in path.needs) for one in each)
            for path in known.with_last_need(every)
        )

    def _each(self, bundles: list[Bundle]) -> Iterator[_Actions]:
        for bundle in bundles:
            for document in bundle.documents:
                if id(document) not in self._of_documents:
                    self._of_documents[id(document)] = actions_in(document.value)
                yield self._of_documents[id(document)]
            for name in bundle.of_aws:
                if name not in self._of_aws:
                    found = managed_policy(name)
                    self._of_aws[name] = actions_in(found.value if found else None)
                yield self._of_aws[name]


def actions_in(value: Value) -> _Actions:
    """Return the actions of paths that the Allows of a policy name."""
    found: set[str] = set()
    known = escalation()
    for statement in written_statements(value):
        if statement.get("Effect") == Effect.ALLOW.value:
            found.update(named_in(statement, known))
    return frozenset(found)


def named_in(statement: Mapping[str, Value], known: Escalation) -> Iterator[str]:
    """Yield the actions of paths that a statement names."""
    if "NotAction" in statement:
        yield from known.spelled
    actions = without_tag(statement.get("Action"))
    for given in actions if isinstance(actions, list) else (actions,):
        text = without_tag(given)
        if not isinstance(text, str):
            continue
        service = text.partition(":")[0].lower()
        if not is_wild(text):
            if (name := text.lower()) in known.spelled:
                yield name
        elif is_wild(service) or service in PATH_SERVICES:
            pattern = parse_action(text)
            of = known.spelled if is_wild(service) else known.by_service.get(service, ())
            yield from (one for one in of if pattern is not None and pattern.matches(one))
