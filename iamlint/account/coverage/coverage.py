"""The coverage of a run's questions: the changes of policies that they would notice."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from iamlint.account.coverage.mutants import REMOVED, mutants_of, policies_of
from iamlint.account.origin import key_of
from iamlint.errors import IamlintError, UsageError, os_reason
from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.wildcard import is_wild
from iamlint.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Answer
    from iamlint.account.coverage.mutants import Mutant
    from iamlint.account.origin import PolicyKey
    from iamlint.evaluator.statement import CompiledPolicy


@dataclass(frozen=True)
class Assertion:
    """One asserted answer, to be asked again of a changed account.

    `policies` are those it met; with `open` it may depend on others too.
    """

    again: Callable[[Account], object]
    outcome: object
    policies: tuple[CompiledPolicy, ...] = ()
    open: bool = True

    @cached_property
    def _keys(self) -> frozenset[PolicyKey | None]:
        return frozenset(map(key_of, self.policies))

    def can_notice(self, mutant: Mutant) -> bool:
        return self.open or mutant.key in self._keys


def assertion_of(answer: Answer, again: Callable[[Account], object], outcome: object) -> Assertion:
    """Return the check that an answer makes; patterns meet more policies than are seen."""
    policies = {id(p): p for d in answer.decisions for p in d.policies.every()}
    is_open = any(is_wild(part.resource) and part.resource != "*" for part in answer.parts)
    return Assertion(again, outcome, tuple(policies.values()), open=is_open)


@dataclass(slots=True)
class AssertionCoverage:
    """All changes that could be made, by name, and those that a question noticed.

    Plain data: processes hand it over as dictionaries and join it. `places` is where a change
    is made and what it is; `removals` names the changes that remove a statement.
    """

    places: dict[str, str] = field(default_factory=dict)
    removals: dict[str, str] = field(default_factory=dict)
    noticed: set[str] = field(default_factory=set)

    @staticmethod
    def write(path: Path, text: str, here: Path) -> None:
        """Write a report of it, whole and through no link; raise `IamlintError` otherwise.

        The path starts at `here`.
        """
        try:
            write_file(path, text, here, make_folders=True)
        except OSError as error:
            raise UsageError(f"`{path}` cannot be written: {os_reason(error)}") from error

    def add(self, other: AssertionCoverage) -> None:
        self.places |= other.places
        self.removals |= other.removals
        self.noticed |= other.noticed

    @property
    def unnoticed(self) -> list[str]:
        """The changes that no question noticed, in the order of their places."""
        return _sorted(text for name, text in self.places.items() if name not in self.noticed)

    @property
    def undecided(self) -> list[str]:
        """The places of statements that decided no answer."""
        return _sorted(p for name, p in self.removals.items() if name not in self.noticed)

    def plain(self) -> tuple[dict[str, str], dict[str, str], list[str]]:
        """Return it as data that any process understands."""
        return self.places, self.removals, sorted(self.noticed)

    @classmethod
    def of(cls, plain: tuple[dict[str, str], dict[str, str], list[str]]) -> AssertionCoverage:
        places, removals, noticed = plain
        return cls(dict(places), dict(removals), set(noticed))


def _sorted(places: Iterable[str]) -> list[str]:
    """Return places sorted by file and line."""

    def key(place: str) -> tuple[str, int, str]:
        path, _, rest = place.partition(":")
        line = rest.partition(":")[0].partition(" ")[0]
        return path, int(line) if line.isdecimal() else 0, rest

    return sorted(places, key=key)


def measure(account: Account, checks: Iterable[Assertion], *, every: bool) -> AssertionCoverage:
    """Return the coverage: each change is made, and questions are asked again until one notices.

    `every` takes all changes, not only removals of statements.
    """
    checks = tuple(checks)
    found = AssertionCoverage()
    more = [policy for check in checks for policy in check.policies]
    for mutant in _mutants(account, more, every=every):
        found.places[mutant.name] = str(mutant)
        if mutant.change == REMOVED:
            sid = f" `{mutant.sid}`" if mutant.sid else ""
            found.removals[mutant.name] = f"{mutant.place}{sid}"
        changed = account.with_instead({mutant.key: mutant.policy})
        if any(_notices(check, mutant, changed) for check in checks):
            found.noticed.add(mutant.name)
    return found


def _mutants(account: Account, more: Iterable[CompiledPolicy], *, every: bool) -> Iterator[Mutant]:
    seen: set[PolicyKey | None] = set()
    for policy in (*policies_of(account.accounts), *more):
        key = key_of(policy)
        if key in seen:
            continue
        seen.add(key)
        yield from (m for m in mutants_of(policy) if every or m.change == REMOVED)


def _notices(check: Assertion, mutant: Mutant, changed: Account) -> bool:
    """Return whether a check fails: one that raises, or whose answer is open, does not pass."""
    if not check.can_notice(mutant):
        return False
    try:
        return check.again(changed) != check.outcome
    except IamlintError:
        return True
