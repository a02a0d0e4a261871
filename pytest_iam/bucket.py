"""The ARNs of buckets and of what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pytest_iam.errors import Asking
from pytest_iam.state import caller

if TYPE_CHECKING:
    from pytest_iam.claim import Claim
    from pytest_iam.state import Scene


class ArnPath(str):
    """An ARN that `/` makes longer: `iam.bucket("artifacts") / "app.zip"`."""

    __slots__ = ()

    def __truediv__(self, name: str) -> ArnPath:
        return ArnPath(f"{self}/{name}")


class Bucket(ArnPath):
    """A bucket of the repository."""

    __slots__ = ("_scene",)
    _scene: Scene

    def __new__(cls, arn: str, scene: Scene) -> Self:
        bucket = super().__new__(cls, arn)
        bucket._scene = scene
        return bucket

    def is_never_open_to(self, *who: str, actions: tuple[str, ...] = ("s3:*",)) -> Claim:
        """Return whether none of these can do anything with the bucket or its objects.

        They are names, ARNs, accounts, `outsiders`, `anonymous` or `*`.
        """
        __tracebackhide__ = True
        from pytest_iam.all_requests import claim_of_bucket  # noqa: PLC0415 - few tests ask it

        with Asking():
            return claim_of_bucket(self._scene, caller(), str(self), who, actions)
