"""Shows at once, where that is plain, that statements are not about all requests of another one.

A few requests of a statement do: each has a text that no policy names in place of wildcards, and
no keys but those that the statement asks for; some are on what another one excepts. What takes them
all may be about the rest.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.catalog import KeyType
from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.request import Caller, CallerKind, Request, StatementRequest
from iamlint.policy.arn_patterns import FIELDS
from iamlint.policy.callers import BY_SERVICE, OF_PRINCIPALS, OF_SERVICES
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.requested import RequestedResource
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import is_wild
from iamlint.reason.parts import ALWAYS_SENT
from iamlint.reason.universe import EVERYTHING, exists, is_any, unlisted_targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.catalog import Catalog
    from iamlint.evaluator.condition import CompiledCondition
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.policy.model import Entry

FRESH: Final = "iamlint"
"""Takes the place of a wildcard: AWS has no action that contains it."""
_ACCOUNT: Final = "300000000001"
_CALLER: Final = Caller(CallerKind.USER)
_OF_RESOURCES: Final = frozenset({"aws:resourceaccount", "s3:resourceaccount", "kms:calleraccount"})
_DERIVED: Final = _OF_RESOURCES | {
    key.lower() for key in (*OF_PRINCIPALS, *OF_SERVICES, BY_SERVICE)
}
"""Keys that the caller or the resource may decide."""
_FAMILIES: Final = {KeyType.STRING: OperatorFamily.STRING, KeyType.BOOL: OperatorFamily.BOOL}
"""Types of keys that may have any value of an operator."""


class Samples:
    """Some requests of a statement: on some resources, or on any, with its keys at most."""

    def __init__(self, statement: CompiledStatement, catalog: Catalog) -> None:
        self._statement, self._catalog = statement, catalog
        self._on: dict[tuple[str, ...], Sequence[StatementRequest]] = {}

    def takers(
        self, action: str, others: Mapping[int, CompiledStatement]
    ) -> Sequence[AbstractSet[int]]:
        """Return, for each of them, which of some statements that name an action may be about it.

        Some calls to STS are allowed or refused whatever policies say: nothing has to take them.
        """
        if action.startswith("sts:"):
            return [others.keys()]
        able = {at: one for at, one in others.items() if all(map(self._may_hold, one.conditions))}
        asked = [*self._asked(action), *self._excepted(action, able.values())] if able else []
        if not asked:
            return [able.keys()]
        return [{at for at, one in able.items() if _names(one, on)} for on in asked]

    def are_sure(self, action: str) -> bool:
        """Return whether there surely are such requests for an action, if AWS has it."""
        element = self._statement.source.resource
        is_any = element is not None and any(one.known == "*" for one in element.entries)
        return not self._statement.conditions and (is_any or bool(self._asked(action)))

    def _may_hold(self, condition: CompiledCondition) -> bool:
        name = condition.name
        value = self._values.get(name)
        if value is None:
            if name in self._statement.keys or name in ALWAYS_SENT or name in _DERIVED:
                return True
            value = Missing.ABSENT
        return condition.holds(Context({name: value}, Missing.UNKNOWN)) is not Truth.NO

    @cached_property
    def _values(self) -> Mapping[str, ContextValue]:
        """Values of keys with which the conditions of the statement hold, if that is plain."""
        found: dict[str, ContextValue] = {}
        for condition in self._statement.conditions:
            name, value = condition.name, self._value_for(condition)
            if value is not None and name not in _DERIVED:
                context = Context({name: value}, Missing.UNKNOWN)
                alike = (one for one in self._statement.conditions if one.name == name)
                if all(one.holds(context) is Truth.YES for one in alike):
                    found[name] = value
        return found

    def _value_for(self, condition: CompiledCondition) -> str | None:
        source = condition.condition
        key = self._catalog.condition_key(source.key)
        if key is None or key.multivalued or _FAMILIES.get(key.type) is not source.family:
            return None
        return next((entry.known for entry in source.values), None)

    def _asked(self, action: str) -> Sequence[StatementRequest]:
        """Return requests on what AWS's lists let an action act on, wherever they have gaps."""
        if not self._resources or not exists(action, self._catalog):
            return ()
        targets = unlisted_targets(action, self._catalog)
        if targets not in self._on:
            self._on[targets] = _on_targets(self._resources, targets)
        return self._on[targets]

    def _excepted(
        self, action: str, others: Iterable[CompiledStatement]
    ) -> Sequence[StatementRequest]:
        """Return requests on what other statements list in `NotResource`."""
        elements = (one.source.not_resource for one in others)
        entries = [entry for element in elements if element for entry in element.entries]
        if not entries or not exists(action, self._catalog):
            return ()
        return _on_targets(self._named(entries), unlisted_targets(action, self._catalog))

    @cached_property
    def _resources(self) -> Sequence[StatementRequest]:
        element = self._statement.source.resource
        return self._named(element.entries) if element is not None else ()

    def _named(self, entries: Iterable[Entry]) -> Sequence[StatementRequest]:
        """Return a request on a resource of each entry, as far as the statement names it."""
        if self._statement.keys & _OF_RESOURCES:
            return ()
        texts = [text for one in entries if (text := _resource(one)) is not None]
        asked = [
            StatementRequest(Request(_CALLER, f"{FRESH}:{FRESH}", RequestedResource.of(text)))
            for text in texts
        ]
        return [one for one in asked if self._statement.names_resource(one) is Truth.YES]


def _on_targets(
    asked: Iterable[StatementRequest], targets: Sequence[str]
) -> Sequence[StatementRequest]:
    """Return the requests on what an action may act on."""
    services = {target.split(":")[2] for target in targets if is_any(target)}
    return [
        one for one in asked if (one.fields[2] in services if one.fields else EVERYTHING in targets)
    ]


def _names(statement: CompiledStatement, asked: StatementRequest) -> bool:
    return statement.names_resource(asked) is not Truth.NO


def _resource(entry: Entry) -> str | None:
    """Return a resource that an entry names; None if there may be none of that kind."""
    text = entry.known
    if text is None or text == "*":
        return text
    fields = text.split(":", FIELDS - 1)
    if len(fields) != FIELDS or "${" in text:
        return None
    _, partition, service, region, account, resource = fields
    if partition not in ("aws", "*") or is_wild(service) or (is_wild(account) and account != "*"):
        return None
    account = _ACCOUNT if account == "*" else account
    return ":".join(("arn", "aws", service, _filled(region), account, _filled(resource)))


def _filled(pattern: str) -> str:
    return pattern.replace("*", FRESH).replace("?", "x")
