"""The fixture `iam`: words for principals, resources and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.who_can import who_can
from iamlint.account.coverage.coverage import Assertion
from iamlint.errors import IamlintError
from pytest_iam.becoming import AllOutsiders
from pytest_iam.bucket import Bucket
from pytest_iam.errors import Asking, IamError
from pytest_iam.named_set import NamedSet
from pytest_iam.principal import Principal
from pytest_iam.state import LEDGER, Scene, caller, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.who_can import Who
    from iamlint.graph.world import GraphWorld
    from iamlint.repository import Repository
    from pytest_iam.chains import IamGraph
    from pytest_iam.state import Ledger

_MARKED = ("root", "account", "context", "at", "vars")


class WhoCan(NamedSet):
    """The names of those who can; knows why each of them can, and the others cannot."""

    __slots__ = ()

    def __init__(self, who: Who, check: Assertion, ledger: Ledger, where: str) -> None:
        super().__init__(who, ledger, where, asked="who_can(…)", check=check)


class Iam:
    """The account of a repository, to be asked."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def __repr__(self) -> str:
        return "iam"

    def role(self, name: str) -> Principal:
        __tracebackhide__ = True
        return self._named("role", name)

    def user(self, name: str) -> Principal:
        __tracebackhide__ = True
        return self._named("user", name)

    def group(self, name: str) -> Principal:
        """Return any member of a group, who is in no other."""
        __tracebackhide__ = True
        return self._named("group", name)

    def _named(self, kind: str, name: str) -> Principal:
        __tracebackhide__ = True
        return self.principal(name if name.startswith("arn:") else f"{kind}/{name}")

    def principal(self, name: str) -> Principal:
        """Return a principal by ARN, or by a name such as `role/deployer`."""
        __tracebackhide__ = True
        with Asking():
            subject = self._scene.repository.subject(name)
        return Principal(self._scene, subject)

    def service(self, host: str) -> Principal:
        """Return an AWS service that calls for itself, such as `lambda.amazonaws.com`."""
        __tracebackhide__ = True
        return self.principal(host)

    def anonymous(self) -> Principal:
        __tracebackhide__ = True
        return self.principal("anonymous")

    def instance_profile(self, name: str) -> Principal:
        """Return what an instance with this profile is: EC2's session of its role."""
        __tracebackhide__ = True
        with Asking():
            role = self._scene.repository.account.accounts.profile(name)
        return self.service("ec2.amazonaws.com").assume(role.arn, "i-0123456789abcdef0")

    def outsiders(self) -> AllOutsiders:
        """Return all that trust policies let in from elsewhere, to ask who becomes another one."""
        return AllOutsiders(self._scene)

    def graph(self) -> IamGraph:
        """Return the steps by which principals become others."""
        from pytest_iam.chains import IamGraph  # noqa: PLC0415 - few tests ask it

        return IamGraph(self._scene)

    def policy(self, path: str | Path) -> Principal:
        """Return a nameless principal that holds the one policy of a file."""
        __tracebackhide__ = True
        with Asking():
            return Principal(self._scene, self._scene.repository.policy(path))

    def bucket(self, name: str) -> Bucket:
        """Return the ARN of a bucket; `/` leads to its objects."""
        partition = self._scene.repository.config.partition
        return Bucket(f"arn:{partition}:s3:::{name}", self._scene)

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
        with Asking():
            given = account.context({**self._scene.context, **(context or {})})
            who = who_can(account, action, on, context=given, at=at)

        def again(changed: Account) -> object:
            return frozenset(who_can(changed, action, on, context=given, at=at).allowed)

        check = Assertion(again, frozenset(who.allowed))
        return WhoCan(who, check, self._scene.ledger, caller())


def iam_of(request: pytest.FixtureRequest) -> Iam:
    """Return what a test asks of, as its marker and the nearest configuration say."""
    item = request.node
    marked = _marker(item)
    folder = request.path.parent
    if marked.get("root") is not None:
        folder = folder / str(marked["root"])
        if not folder.is_dir():
            pytest.fail(f"`{marked['root']}` is not a folder beside {request.path}", pytrace=False)
    try:
        account = marked.get("account")
        repository = state_of(request.config).repository(
            folder,
            str(account) if account is not None else None,
            _vars(marked),
        )
        repository.refuse_unread()
        repository.refuse_empty()
    except IamlintError as error:
        raise pytest.fail.Exception(str(IamError.of(error)), pytrace=False) from None
    ledger = state_of(request.config).ledger(repository)
    item.stash[LEDGER] = ledger
    find_world = state_of(request.config).world
    return Iam(_scene(repository, ledger, marked, lambda: find_world(repository)))


def _vars(marked: Mapping[str, object]) -> Mapping[str, object]:
    found = marked.get("vars") or {}
    if not isinstance(found, dict):
        raise IamError('`vars` of `@pytest.mark.iam` names values: `vars={"env": "prod"}`')
    return found


def _scene(
    repository: Repository,
    ledger: Ledger,
    marked: Mapping[str, object],
    find_world: Callable[[], GraphWorld],
) -> Scene:
    context, at = marked.get("context"), marked.get("at")
    return Scene(repository, ledger, find_world, context or {}, at)  # type: ignore[arg-type] # checked when asked


def _marker(item: pytest.Item) -> dict[str, object]:
    """Return the test's markers joined; the nearest has precedence."""
    found: dict[str, object] = {}
    for marker in reversed(list(item.iter_markers("iam"))):
        unknown = [name for name in marker.kwargs if name not in _MARKED]
        if marker.args or unknown:
            what = f", not `{unknown[0]}`" if unknown else ", each by its name"
            pytest.fail(f"`@pytest.mark.iam` takes {', '.join(_MARKED)}{what}", pytrace=False)
        found.update(marker.kwargs)
    return found
