"""A claim about all requests: true by proof, false by a request that shows it, or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.text.masked import mask
from pytest_iam.errors import IamError

if TYPE_CHECKING:
    from iamlint.account.coverage.coverage import Assertion
    from pytest_iam.state import Ledger


class Claim:
    """Whether something holds for all requests. One that is not known raises where it is used."""

    __slots__ = (
        "_assumptions", "_check", "_holds", "_ledger", "_names", "_report", "is_used", "where",
    )  # fmt: skip

    def __init__(
        self,
        report: str,
        ledger: Ledger,
        where: str,
        *,
        holds: bool | None,
        names: tuple[str, ...] = (),
        check: Assertion | None = None,
        assumptions: tuple[str, ...] = (),
    ) -> None:
        self._assumptions = assumptions
        self._report, self._holds, self._names, self._check = report, holds, names, check
        self._ledger = ledger
        self.where = where
        self.is_used = False
        ledger.note(self)

    def __bool__(self) -> bool:
        __tracebackhide__ = True
        if not self.is_used and self._check is not None:
            self._ledger.note_check(self._check)
        self.is_used = True
        if not self._holds:
            self._ledger.note_wrong(self)
        if self._holds is None:
            listed = ", ".join(f"`{name}`" for name in self._names)
            help_ = f"\nhelp: give a value for {listed}" if listed else ""
            raise IamError(f"{self!r}{help_}")
        if self._ledger.strict and self._assumptions:
            self._ledger.note_wrong(self)
            raise IamError.of_assumptions(repr(self), self._assumptions)
        return self._holds

    def __repr__(self) -> str:
        return mask(self._report.partition("\n")[0])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Claim):
            return self is other
        __tracebackhide__ = True
        raise IamError("an answer about all requests is not compared: write `assert` before it")

    __hash__ = object.__hash__

    @property
    def trace(self) -> str:
        """The answer at length, with a request that shows it."""
        return mask(self._report)
