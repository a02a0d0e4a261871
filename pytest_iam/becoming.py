"""`can_become` and `cannot_become`, waiting to be called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_iam.errors import IamError
from pytest_iam.state import caller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.evaluator.context import ContextValue
    from pytest_iam.claim import Claim
    from pytest_iam.state import Scene


@dataclass(frozen=True, slots=True)
class AskBecoming:
    """Whether a principal, or one of the outsiders, becomes `admin` or another principal.

    The answer covers every chain of steps that the files describe. A key of `context` has its value
    in each step whose action carries it.
    """

    scene: Scene
    start: str
    given: Mapping[str, ContextValue]
    wanted: bool

    def __call__(self, end: object, *, context: Mapping[str, object] | None = None) -> Claim:
        __tracebackhide__ = True
        from pytest_iam.chains import claim_of_chain  # noqa: PLC0415 - few tests ask it

        ends = self.start, str(end)
        return claim_of_chain(self.scene, caller(), ends, self.given, context, wanted=self.wanted)

    def __repr__(self) -> str:
        return f"{self.start}.{self._name}"

    def __bool__(self) -> bool:
        __tracebackhide__ = True
        raise IamError(f'`{self._name}` was not called: write `{self._name}("admin")`')

    @property
    def _name(self) -> str:
        return "can_become" if self.wanted else "cannot_become"


@dataclass(frozen=True, slots=True)
class AllOutsiders:
    """All that trust policies let in from elsewhere."""

    scene: Scene

    def __repr__(self) -> str:
        return "outsiders"

    @property
    def can_become(self) -> AskBecoming:
        """The question whether one of them can become another principal, or `admin`."""
        return AskBecoming(self.scene, "outsiders", {}, wanted=True)

    @property
    def cannot_become(self) -> AskBecoming:
        """The question whether none of them can become another principal, or `admin`."""
        return AskBecoming(self.scene, "outsiders", {}, wanted=False)
