"""The fixture `iam`: words for principals, resources and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint import Check, IamlintError, who_can
from pytest_iam.errors import IamError
from pytest_iam.principal import Principal, Scene
from pytest_iam.state import LEDGER, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from iamlint import Account, Repository, Who
    from pytest_iam.state import Ledger

_MARKED = ("root", "account", "context", "at")


class Arn(str):
    """An ARN that `/` makes longer: `iam.bucket("artifacts") / "app.zip"`."""

    __slots__ = ()

    def __truediv__(self, name: str) -> Arn:
        return Arn(f"{self}/{name}")


class WhoCan(frozenset[str]):
    """The names of those who can; knows why each of them can, and the others cannot."""

    who: Who

    @classmethod
    def of(cls, who: Who) -> WhoCan:
        found = cls(who.able)
        found.who = who
        return found

    def difference_lines(self, expected: object) -> list[str]:
        """Say for whom the set is not what was expected, and through which statement."""
        wanted = frozenset(expected) if isinstance(expected, set | frozenset) else frozenset()
        return [
            *(f"not expected: {self.who.why(name)}" for name in sorted(self - wanted)),
            *(f"expected: {self.who.why(str(name))}" for name in sorted(wanted - self)),
        ]


class Iam:
    """The account of a repository, to be asked."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def __repr__(self) -> str:
        return "iam"

    def role(self, name: str) -> Principal:
        return self._named("role", name)

    def user(self, name: str) -> Principal:
        return self._named("user", name)

    def group(self, name: str) -> Principal:
        """Return any member of a group, who is in no other."""
        return self._named("group", name)

    def _named(self, kind: str, name: str) -> Principal:
        __tracebackhide__ = True
        return self.principal(name if name.startswith("arn:") else f"{kind}/{name}")

    def principal(self, name: str) -> Principal:
        """Return a principal by ARN, or by a name such as `role/deployer`."""
        __tracebackhide__ = True
        try:
            subject = self._scene.repository.subject(name)
        except IamlintError as error:
            raise IamError.of(error) from None
        return Principal(self._scene, subject)

    def service(self, host: str) -> Principal:
        """Return an AWS service that calls for itself, such as `lambda.amazonaws.com`."""
        return self.principal(host)

    def anonymous(self) -> Principal:
        return self.principal("anonymous")

    def policy(self, path: str | Path) -> Principal:
        """Return a nameless principal that holds the one policy of a file."""
        __tracebackhide__ = True
        try:
            return Principal(self._scene, self._scene.repository.policy(path))
        except IamlintError as error:
            raise IamError.of(error) from None

    def bucket(self, name: str) -> Arn:
        """Return the ARN of a bucket; `/` leads to its objects."""
        return Arn(f"arn:{self._scene.repository.config.partition}:s3:::{name}")

    def who_can(
        self,
        action: str,
        on: str | None = None,
        *,
        context: Mapping[str, object] | None = None,
        at: datetime | str | None = None,
    ) -> WhoCan:
        """Return the names of all who can do it, outsiders that a resource lets in included."""
        __tracebackhide__ = True
        account = self._scene.repository.account
        at = self._scene.at if at is None else at
        try:
            given = account.context({**self._scene.context, **(context or {})})
            who = who_can(account, action, on, context=given, at=at)
        except IamlintError as error:
            raise IamError.of(error) from None

        def again(changed: Account) -> object:
            return frozenset(who_can(changed, action, on, context=given, at=at).able)

        self._scene.ledger.note_check(Check(again, frozenset(who.able)))
        return WhoCan.of(who)


def iam_of(request: pytest.FixtureRequest) -> Iam:
    """Return what a test asks of, as its marker and the nearest configuration say."""
    item = request.node
    marked = _marker(item)
    folder = request.path.parent
    if marked.get("root") is not None:
        folder = folder / str(marked["root"])
    try:
        account = marked.get("account")
        repository = state_of(request.config).repository(
            folder, str(account) if account is not None else None
        )
    except IamlintError as error:
        pytest.fail(str(IamError.of(error)), pytrace=False)
    if not repository.documents:
        pytest.fail(
            f"no policy was found below `{repository.config.root}`\n"
            "help: a test against nothing passes for the wrong reason; see `include` in "
            "iamlint.toml, or `@pytest.mark.iam(root=…)`",
            pytrace=False,
        )
    ledger = state_of(request.config).ledger(repository)
    item.stash[LEDGER] = ledger
    return Iam(_scene(repository, ledger, marked))


def _scene(repository: Repository, ledger: Ledger, marked: Mapping[str, object]) -> Scene:
    context, at = marked.get("context"), marked.get("at")
    return Scene(repository, ledger, context or {}, at)  # type: ignore[arg-type] # checked when asked


def _marker(item: pytest.Item) -> dict[str, object]:
    """Join the test's markers, the nearest counting most."""
    found: dict[str, object] = {}
    for marker in reversed(list(item.iter_markers("iam"))):
        unknown = [name for name in marker.kwargs if name not in _MARKED]
        if marker.args or unknown:
            what = f"`{unknown[0]}`" if unknown else "no positional value"
            pytest.fail(f"`@pytest.mark.iam` takes {', '.join(_MARKED)}, not {what}", pytrace=False)
        found.update(marker.kwargs)
    return found
