"""A set of principals as the answer to a question, which is compared with names in a test."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Protocol

from pytest_iam.errors import Asking, IamError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.account.coverage.coverage import Assertion
    from pytest_iam.state import Ledger


class WhoIs(Protocol):
    """The principals for which a question is true, and all that it is about."""

    @property
    def allowed(self) -> Mapping[str, object]: ...

    @property
    def assumptions(self) -> tuple[str, ...]: ...

    def includes(self, name: str) -> bool:
        """Return whether it is true of a name; raise `UsageError` for one that was not asked."""
        ...

    def why(self, name: str) -> str:
        """Return a line that says why it is true of a name, or is not."""
        ...


class NamedSet(AbstractSet[str]):
    """The names of those for which a question is true; knows why, and why not for the others."""

    __slots__ = ("_asked_as", "_check", "_ledger", "_who", "is_used", "where")

    def __init__(
        self,
        who: WhoIs,
        ledger: Ledger,
        where: str,
        *,
        asked: str,
        check: Assertion | None = None,
    ) -> None:
        self._who = who
        self._asked_as = asked
        self._check = check
        self._ledger = ledger
        self.where = where
        self.is_used = False
        ledger.note(self)

    def __contains__(self, name: object) -> bool:
        __tracebackhide__ = True
        self._used()
        with Asking():
            return self._who.includes(str(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._used())

    def __len__(self) -> int:
        return len(self._used())

    def __repr__(self) -> str:
        return repr(set(self._who.allowed))

    def __hash__(self) -> int:
        return hash(frozenset(self._used()))

    # Without these, a name that is not asked would make `!=` and `<=` pass.

    def __eq__(self, other: object) -> bool:
        __tracebackhide__ = True
        return self._able() == self._asked(other)

    def __le__(self, other: object) -> bool:
        __tracebackhide__ = True
        return self._able() <= self._asked(other)

    def __lt__(self, other: object) -> bool:
        __tracebackhide__ = True
        return self._able() < self._asked(other)

    def __ge__(self, other: object) -> bool:
        __tracebackhide__ = True
        return self._able() >= self._asked(other)

    def __gt__(self, other: object) -> bool:
        __tracebackhide__ = True
        return self._able() > self._asked(other)

    def __and__(self, other: object) -> frozenset[str]:
        __tracebackhide__ = True
        return self._able() & self._asked(other)

    def __sub__(self, other: object) -> frozenset[str]:
        __tracebackhide__ = True
        return self._able() - self._asked(other)

    def isdisjoint(self, other: Iterable[str]) -> bool:
        __tracebackhide__ = True
        return self._able().isdisjoint(self._asked(frozenset(other)))

    def _able(self) -> frozenset[str]:
        __tracebackhide__ = True
        return frozenset(self._used())

    def _asked(self, other: object) -> frozenset[str]:
        """Return the names of a set that this one is compared with; raise unless all were asked."""
        __tracebackhide__ = True
        if not isinstance(other, AbstractSet):
            raise IamError(
                f"`{self._asked_as}` is compared with a set of names, not with `{other!r}`"
            )
        names = frozenset(map(str, other))
        with Asking():
            for name in sorted(names):
                self._who.includes(name)
        return names

    @classmethod
    def _from_iterable(cls, it: Iterable[str]) -> frozenset[str]:  # type: ignore[override] # a part of it answers no question
        return frozenset(it)

    def _used(self) -> Mapping[str, object]:
        """Return the answer, noted as used, and kept to ask again."""
        __tracebackhide__ = True
        if not self.is_used:
            self.is_used = True
            if self._check is not None:
                self._ledger.note_check(self._check)
        if self._ledger.strict and self._who.assumptions:
            raise IamError.of_assumptions(f"{self._asked_as}: {self!r}", self._who.assumptions)
        return self._who.allowed

    def difference_lines(self, expected: object) -> list[str]:
        """Return the names by which the set differs from the expected one, with the statements."""
        wanted = frozenset(expected) if isinstance(expected, AbstractSet) else frozenset()
        allowed = frozenset(self._who.allowed)
        lines = [
            *(f"not expected: {self._who.why(name)}" for name in sorted(allowed - wanted)),
            *(f"expected: {self._who.why(str(name))}" for name in sorted(wanted - allowed)),
        ]
        return [part for line in lines for part in line.splitlines()]
