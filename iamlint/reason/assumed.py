"""Texts for the parts of policies that templates leave open, so that requests can be about them.

An unknown part of a text, such as a variable or the name of a bucket, gets a text that no policy
contains: the same one wherever it is the same part, on both sides. A value that may be several
texts, such as a whole `Resource`, stays unknown.
"""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, Final, NamedTuple

from iamlint.evaluator.statement import CompiledPolicy
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.file_value import OwnValue
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.model import Entry
from iamlint.policy.pattern import pattern_of
from iamlint.reason.universe import FRESH_ACCOUNTS
from iamlint.text.source import Partial, Presence, Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.policy.model import Condition, Element, Statement, Text
    from iamlint.reason.world import World

_OF_TEXTS: Final = frozenset({OperatorFamily.STRING, OperatorFamily.ARN})
_REGIONS: Final = ("us-east-1", "eu-west-1", "us-west-2", "eu-central-1", "ap-southeast-2")
_PARTITION, _REGION, _ACCOUNT = 1, 3, 4
_WHOLE: Final = -1
_AWS: Final = "aws"
_FIRST_MARK: Final = 0xF0000
_WITH_FEW_VALUES: Final = frozenset({Pseudo.PARTITION, Pseudo.URL_SUFFIX})


@dataclass(frozen=True, slots=True)
class AssumedPart:
    """An unknown part with the text that it is taken to be.

    `mark` is a private character that means any value of it. A part that is not `is_fresh` has a
    text that policies may contain.
    """

    unknown: Unknown
    text: str
    mark: str
    is_fresh: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether its value has no `*`, `?`, `:` and `/`."""
        return self.unknown.means is not None

    @property
    def is_partition(self) -> bool:
        return self.unknown.means is Pseudo.PARTITION or self.text == _AWS

    @property
    def is_one(self) -> bool:
        """Whether it has the same value in all policies."""
        return not isinstance(self.unknown, OwnValue)

    @property
    def name(self) -> str:
        """Its name: that of a variable or parameter, else the text of the file."""
        inputs = self.unknown.inputs
        if len(inputs) == 1:
            (given,) = inputs
            if self.unknown.text.strip("${}") == given.name.removeprefix("parameter "):
                return given.name
        return self.unknown.text


class AssumedValues:
    """A text for each unknown part of the policies of two worlds, and the worlds with these."""

    def __init__(self, old: World, new: World) -> None:
        self._bound: dict[int, tuple[CompiledPolicy, CompiledPolicy]] = {}
        self._written: dict[int, Statement] = {}
        every = {id(policy): policy for world in (old, new) for policy in _policies_of(world)}
        uses = [one for policy in every.values() for one in _open_parts(policy)]
        self.parts: dict[str, AssumedPart] = {}
        self.home = _home(old, new)
        if uses:
            texts = {one.text for policy in every.values() for one in _entries(policy)}
            self.parts = _with_texts(uses, "\n".join(texts), self.home)

    def world(self, world: World) -> World:
        """Return a world whose policies have the texts."""
        special = {pattern: self._set(policies) for pattern, policies in world.special.items()}
        return replace(world, policies=self._set(world.policies), special=special)

    def written(self, statement: CompiledStatement) -> Statement:
        """Return a statement as it was before its parts were given texts."""
        return self._written.get(id(statement), statement.source)

    def _set(self, policies: PolicySet) -> PolicySet:
        return mapped(policies, self._policy)

    def _policy(self, policy: CompiledPolicy) -> CompiledPolicy:
        found = self._bound.get(id(policy))
        if found is None:
            found = self._bound[id(policy)] = (policy, self._with_texts(policy))
        return found[1]

    def _with_texts(self, policy: CompiledPolicy) -> CompiledPolicy:
        if next(_open_parts(policy), None) is None:
            return policy
        before = policy.source.statements
        after = tuple(map(self._statement, before))
        made = CompiledPolicy(replace(policy.source, statements=after), policy.label)
        self._written |= {
            id(one): written for one, written in zip(made.statements, before, strict=True)
        }
        return made

    def _statement(self, statement: Statement) -> Statement:
        resource, not_resource = (
            self._element(one) for one in (statement.resource, statement.not_resource)
        )
        conditions = tuple(map(self._condition, statement.conditions))
        known = {
            one.name
            for one in (resource, not_resource)
            if one is not None and one.entries and one.known
        }
        values = [entry for one in conditions for entry in one.values]
        if not statement.has_more_conditions and all(one.known is not None for one in values):
            known.add("Condition")
        return replace(
            statement,
            resource=resource,
            not_resource=not_resource,
            conditions=conditions,
            opaque=statement.opaque - known,
        )

    def _element(self, element: Element | None) -> Element | None:
        if element is None:
            return None
        entries = tuple(
            self._entry(entry) if isinstance(entry.value, Partial) else entry
            for entry in element.entries
        )
        return replace(element, entries=entries)

    def _condition(self, condition: Condition) -> Condition:
        if condition.family not in _OF_TEXTS:
            return condition
        return replace(condition, values=tuple(map(self._entry, condition.values)))

    def _entry(self, entry: Entry) -> Entry:
        """Return an entry with the texts, which is shown as the file writes it."""
        value = entry.value
        if isinstance(value, str | Presence):
            return entry
        parts = value.parts if isinstance(value, Partial) else (value,)
        known = [part if isinstance(part, str) else self._text_of(part) for part in parts]
        return Entry("".join(known), entry.at).shown_as(entry.text)

    def _text_of(self, part: Unknown) -> str:
        return self.parts[pattern_of(part)].text


def mapped(policies: PolicySet, change: Callable[[CompiledPolicy], CompiledPolicy]) -> PolicySet:
    """Return a set with each of its policies changed."""

    def each(given: Iterable[CompiledPolicy]) -> tuple[CompiledPolicy, ...]:
        return tuple(map(change, given))

    return replace(
        policies,
        identity=each(policies.identity),
        resource=each(policies.resource),
        boundary=each(policies.boundary),
        session=each(policies.session),
        endpoint=each(policies.endpoint),
        scp=None if policies.scp is None else tuple(map(each, policies.scp)),
        rcp=None if policies.rcp is None else tuple(map(each, policies.rcp)),
    )


class _Use(NamedTuple):
    """An unknown part where it is: `field` is the field of an ARN that it is the whole of."""

    part: Unknown
    field: int | None


def _policies_of(world: World) -> Iterator[CompiledPolicy]:
    for policies in (world.policies, *world.special.values()):
        yield from policies.every()


def _entries(policy: CompiledPolicy) -> Iterator[Entry]:
    for statement in policy.source.statements:
        if statement.resource_element is not None:
            yield from statement.resource_element.entries
        named = statement.principal or statement.not_principal
        yield from (one.entry for one in (named.entries if named else ()))
        yield from (entry for condition in statement.conditions for entry in condition.values)


def _open_parts(policy: CompiledPolicy) -> Iterator[_Use]:
    """Yield the unknown parts that get a text."""
    for statement in policy.source.statements:
        element = statement.resource_element
        for entry in element.entries if element else ():
            if isinstance(entry.value, Partial):
                yield from _uses(entry.value)
        for condition in statement.conditions:
            if condition.family in _OF_TEXTS:
                for entry in condition.values:
                    yield from _uses(entry.value, is_arn=condition.family is OperatorFamily.ARN)


def _uses(value: Text, *, is_arn: bool = False) -> Iterator[_Use]:
    if isinstance(value, Unknown):
        if not isinstance(value, Presence):
            yield _Use(value, _WHOLE if is_arn else None)
        return
    if isinstance(value, str):
        return
    before = 0
    for at, part in enumerate(value.parts):
        if isinstance(part, str):
            before += part.count(":")
            continue
        start, end = ("".join(map(str, value.parts[i:j])) for i, j in ((0, at), (at + 1, None)))
        is_whole = start.endswith(":") and end.startswith(":")
        yield _Use(part, before if is_whole else None)


def _home(old: World, new: World) -> str | None:
    """Return the account of a unit."""
    callers = (one.caller.account for one in (new, old) if one.caller is not None)
    known = (new.owner, old.owner, *callers)
    return next((one for one in known if one is not None), None)


def _with_texts(uses: Iterable[_Use], taken: str, home: str | None) -> dict[str, AssumedPart]:
    """Return a text for each part; `taken` has the texts of all policies."""
    parts: dict[str, Unknown] = {}
    fields: dict[str, set[int | None]] = {}
    for part, field in uses:
        token = pattern_of(part)
        parts[token] = part
        fields.setdefault(token, set()).add(field)
    free = _FreeTexts(taken, home)
    return {
        token: AssumedPart(
            part,
            free.text(part.means, fields[token]),
            _mark(number, part),
            is_fresh=part.means not in _WITH_FEW_VALUES and _PARTITION not in fields[token],
        )
        for number, (token, part) in enumerate(parts.items(), 1)
    }


def _mark(number: int, part: Unknown) -> str:
    """Return a private character; one for all partitions, for those of one principal are one."""
    return chr(_FIRST_MARK + (0 if part.means is Pseudo.PARTITION else number))


class _FreeTexts:
    """Texts of each kind that no policy contains; `home` is that of one account."""

    def __init__(self, taken: str, home: str | None) -> None:
        accounts = chain(FRESH_ACCOUNTS, (f"{number:012}" for number in count(300_000_000_000)))
        self._homes = iter(() if home is None else (home,))
        self._accounts = (one for one in accounts if one not in taken and one != home)
        self._names = (one for one in _names() if one not in taken)
        self._regions = chain((one for one in _REGIONS if one not in taken), self._names)

    def text(self, means: Pseudo | None, fields: set[int | None]) -> str:
        """Return a text of a kind; `fields` are those of ARNs that it is the whole of."""
        match means:
            case Pseudo.ACCOUNT:  # those of other files may be others
                return next(self._homes, None) or next(self._accounts)
            case Pseudo.PARTITION:
                return _AWS
            case Pseudo.URL_SUFFIX:
                return "amazonaws.com"
        if means is Pseudo.OTHER_ACCOUNT or _ACCOUNT in fields:
            return next(self._accounts)
        if _PARTITION in fields:
            return _AWS
        if means is Pseudo.REGION or _REGION in fields:
            return next(self._regions)
        name = next(self._names)
        return f"arn:aws:sns:us-east-1:{FRESH_ACCOUNTS[0]}:{name}" if _WHOLE in fields else name


def _names() -> Iterator[str]:
    yield "example"
    yield from (f"example-{number}" for number in count(2))
