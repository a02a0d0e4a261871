"""Splits the resources of a target into parts that no statement distinguishes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.validate import fits
from iamlint.evaluator.match import glob_test, read_glob
from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.policy.arn_patterns import FIELDS
from iamlint.policy.requested import RequestedResource
from iamlint.reason.atoms import NamedResource, named_resources
from iamlint.reason.texts import cut
from iamlint.reason.universe import EVERYTHING, is_any, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iamlint.catalog import Catalog
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.reason.budget import Budget
    from iamlint.reason.texts import Union

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-overview-of-managing-access.html
# https://docs.aws.amazon.com/sns/latest/dg/sns-overview-of-managing-access.html
# https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
_WITHOUT_PARTS: Final = frozenset({"kms", "secretsmanager", "sns", "sqs"})
"""Services whose resources have nothing inside that requests name."""
_PLACEHOLDER = late_pattern(r"\$\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class ResourcePart:
    """Resources that no statement distinguishes: one of them, and what is open about it.

    `open` are the patterns, not known as a whole, that may name it; `within` the numbers of the
    special patterns that do. `others` are resources of other entries of the same statements.
    """

    text: str
    open: frozenset[str] = frozenset()
    within: frozenset[int] = frozenset()
    others: tuple[str, ...] = ()

    @property
    def resource(self) -> RequestedResource:
        return _resource(self.text)


class ResourceParts:
    """The resources of the statements that name one action.

    A resource has to be named by one of the `wanted` statements, as far as they restrict it at
    all. `special` are patterns of resources that have policies of their own. With `only`, nothing
    but this resource and what is in it counts.
    """

    def __init__(
        self,
        statements: Iterable[CompiledStatement],
        wanted: Iterable[CompiledStatement],
        special: Sequence[str],
        bound: Mapping[str, ContextValue],
        only: str | None = None,
    ) -> None:
        self._groups: dict[tuple[NamedResource, ...], None] = {}
        self._wanted: set[tuple[NamedResource, ...]] | None = set()
        for statement in statements:
            self._groups.update(dict.fromkeys(_groups(statement, bound)))
        for statement in wanted:
            if statement.source.resource is None or statement.source.opaque & {"Resource"}:
                self._wanted = None
            if self._wanted is not None:
                self._wanted.update(_groups(statement, bound))
        self._parts: dict[tuple[str, str, str], tuple[ResourcePart, ...]] = {}
        self._special = [_special(pattern) for pattern in special]
        self._only = only

    def parts(
        self, target: str, partition: str, account: str, catalog: Catalog, budget: Budget
    ) -> tuple[ResourcePart, ...]:
        """Return the parts of a target in one partition and account."""
        found = self._parts.get(key := (target, partition, account))
        if found is None:
            found = self._parts[key] = self._split(target, partition, account, catalog, budget)
        return found

    def _split(
        self, target: str, partition: str, account: str, catalog: Catalog, budget: Budget
    ) -> tuple[ResourcePart, ...]:
        if target == EVERYTHING:
            return (ResourcePart(EVERYTHING),)
        fields = _fields(target, partition, account)
        universe = texts_of(target, partition, account, catalog)
        only = [one for one in self._own(target) if _may_meet(one, fields)]
        met = self._met(fields)
        if met is None or not universe or (self._only is not None and not only):
            return ()
        unions, required = met
        special = {at: one for at, one in enumerate(self._special) if _may_meet(one, fields)}
        if not unions and not special and not only:
            return (ResourcePart(_example(target, partition, account)),)
        languages: list[Union] = [tuple({one.language: None for one in u}) for u in unions]
        languages += [(one.language,) for one in special.values()]
        languages += [tuple(one.language for one in only)] if only else []
        found = []
        for part in cut(universe, languages, budget, required):
            if only and not part.unions >> len(languages) - 1 & 1:
                continue
            named = [union for at, union in enumerate(unions) if part.unions >> at & 1]
            within = (at for n, at in enumerate(special, len(unions)) if part.unions >> n & 1)
            open_ = frozenset(one.pattern for union in named for one in union if one.open)
            found.append(ResourcePart(part.text, open_, frozenset(within), part.others))
        return tuple(found)

    def _own(self, target: str) -> Iterable[NamedResource]:
        """Return the only resource, or if it is not one of a target what of the target is in it."""
        if self._only is None:
            return ()
        own, ends = _special(self._only), ("/", ":")
        if is_any(target):
            is_flat = self._only.split(":")[2] in _WITHOUT_PARTS
            return own, *(() if is_flat else (_special(f"{self._only}{end}*") for end in ends))
        resource = RequestedResource.of(self._only)
        if fits(target, resource):
            return (own,)
        start = len(target) - len(target.split(":", FIELDS - 1)[-1])
        places = (at for at in range(start + 1, len(target)) if target[at - 1] == "}")
        starts = (at for at in places if target[at] in ends)
        known = {target[at] for at in starts if fits(target[:at], resource)}
        return tuple(_special(f"{self._only}{end}*") for end in sorted(known or ends))

    def _met(
        self, fields: tuple[str | None, ...]
    ) -> tuple[list[tuple[NamedResource, ...]], int] | None:
        """Return the unions that may name a target, and those that must, a bit for each.

        Unions that name every ARN are left out, and entries that are open are one union if they may
        name the same. None if no wanted statement names the target.
        """
        unions: list[tuple[NamedResource, ...]] = []
        alike: dict[object, int] = {}
        required = 0
        is_named = is_free = self._wanted is None
        for group in self._groups:
            met = tuple(one for one in group if _may_meet(one, fields))
            if not met:
                continue
            is_wanted = self._wanted is not None and group in self._wanted
            is_named |= is_wanted
            if any(one.is_every_arn for one in met):
                is_free |= is_wanted
                continue
            number = len(unions)
            if met[0].open:
                number = alike.setdefault((met[0].fields, met[0].glob), number)
            required |= is_wanted << number
            unions += [()] if number == len(unions) else []
            unions[number] = (*unions[number], *met)
        return (unions, 0 if is_free else required) if is_named else None


_resource = lru_cache(maxsize=1 << 14)(RequestedResource.of)


def _groups(
    statement: CompiledStatement, bound: Mapping[str, ContextValue]
) -> Iterable[tuple[NamedResource, ...]]:
    """Yield what a statement names, and each entry that is open alone."""
    named = named_resources(statement, bound)
    known = tuple(one for one in named if not one.open)
    if known:
        yield known
    yield from ((one,) for one in named if one.open)


def _special(pattern: str) -> NamedResource:
    fields = pattern.split(":", FIELDS - 1)
    return NamedResource(pattern, tuple(map(read_glob, fields)))


@lru_cache(maxsize=8192)
def _fields(target: str, partition: str, account: str) -> tuple[str | None, ...]:
    """Return the first five fields of a target's ARNs; None for one that may be any text."""
    text = target.replace("${Partition}", partition).replace("${Account}", account)
    fields = text.split(":", FIELDS - 1)[: FIELDS - 1]
    return tuple(None if "${" in field or field == "*" else field for field in fields)


def _may_meet(named: NamedResource, fields: tuple[str | None, ...]) -> bool:
    """Return whether a pattern may name an ARN with these first fields."""
    if named.fields is None:
        return True
    return all(
        field is None or glob_test(glob)(field)
        for glob, field in zip(named.fields, fields, strict=False)
    )


def _example(target: str, partition: str, account: str) -> str:
    text = target.replace("${Partition}", partition).replace("${Account}", account)
    return _PLACEHOLDER.sub("x", text).replace("*", "x")
