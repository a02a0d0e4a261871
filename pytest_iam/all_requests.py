"""Asks about all requests; loaded by the first test that does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.ask.validate import time_context
from iamlint.account.coverage.coverage import Assertion
from iamlint.account.origin import describe
from iamlint.errors import UsageError
from iamlint.policy.grammar import Kind
from iamlint.reason.compare import compare, compare_gains
from iamlint.reason.forbid import Home, RequestSet, forbidden
from iamlint.reason.some import SomeRuling, ask_some, check_question
from iamlint.reason.worlds import Worlds
from iamlint.report.diff.example import request
from pytest_iam.claim import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.principal import Actor
    from iamlint.evaluator.context import ContextValue
    from iamlint.reason.answer import Comparison, Difference
    from iamlint.reason.world import World
    from pytest_iam.state import Scene

_HELD: Final = {SomeRuling.ALLOWED: True, SomeRuling.DENIED: False}


def claim_of_some(
    scene: Scene,
    where: str,
    subject: Actor,
    asked: tuple[
        tuple[str, ...],
        str | Iterable[str] | None,
        Mapping[str, ContextValue],
        datetime | str | None,
    ],
    *,
    wanted: bool,
) -> Claim:
    """Return whether a principal can do any of some actions, or none of them."""
    actions, on, context, at = asked
    on = on if on is None or isinstance(on, str) else tuple(on)

    context = {**context, **(time_context(at) if at is not None else {})}

    def again(account: Account) -> object:
        return ask_some(account, subject, actions, on, context=context).ruling

    answer = ask_some(scene.repository.account, subject, actions, on, context=context)
    held = _HELD.get(answer.ruling)
    return Claim(
        answer.report,
        scene.ledger,
        where,
        holds=None if held is None else held is wanted,
        names=answer.names,
        check=Assertion(again, answer.ruling),
    )


def claim_of_policies(scene: Scene, where: str, one: Actor, other: Actor, *, same: bool) -> Claim:
    """Return whether a policy allows no more than another one, or means the same."""
    worlds = Worlds(scene.repository.account)
    mine, reference = _alone(worlds, one), _alone(worlds, other)
    if mine.kind is not reference.kind:
        raise UsageError(
            f"`{one.name}` is of another kind than `{other.name}`",
            help=f"a {mine.kind} and a {reference.kind} policy cannot be compared",
        )
    catalog = scene.repository.account.catalog
    method = compare if same else compare_gains
    comparison = method(reference, mine, catalog)
    relation = "means the same as" if same else "allows no more than"
    about = f"{one.name} {relation} {other.name}"
    return _claim(scene, where, about, comparison)


def _alone(worlds: Worlds, subject: Actor) -> World:
    """Return the world of the policy that a nameless principal holds."""
    if not subject.is_alone:
        raise UsageError(
            f"`{subject.name}` is a principal, and only policies are compared",
            help='compare files: `iam.policy("new.json")`',
        )
    for kind, policies in (
        (Kind.SCP, (subject.scp or ((),))[-1]),
        (Kind.BOUNDARY, subject.boundary),
        (Kind.SESSION, subject.session),
    ):
        if policies:
            return worlds.of_policies(policies, kind)
    return worlds.of_policies(subject.policies, Kind.IDENTITY)


def claim_of_bucket(
    scene: Scene, where: str, arn: str, who: tuple[str, ...], actions: tuple[str, ...]
) -> Claim:
    """Return whether none of some principals can use a bucket or what is in it."""
    if not who:
        raise UsageError(
            "the question does not name a principal", help='name one, such as "outsiders"'
        )
    account = scene.repository.account
    resource = account.accounts.resource_at(arn)
    if resource is None:
        raise UsageError(
            f"no file describes `{arn}`", help=f'declare it: `[resources."{arn}"]` in iamlint.toml'
        )
    check_question(account.catalog, actions, None)
    world = Worlds(account).of_resource(resource.policies, arn, resource.account)
    requests = RequestSet(actions, (arn, f"{arn}/*"), who, home=home_of(scene, resource.account))
    about = f"{arn} is never open to {', '.join(who)}"
    return _claim(scene, where, about, forbidden(world, requests, account.catalog))


def home_of(scene: Scene, owner: str | None) -> Home:
    """Return the accounts and the organization of the repository; raise if none is known."""
    config = scene.repository.config
    known = (owner, scene.repository.account.accounts.account, *config.trusted_accounts)
    found = tuple(dict.fromkeys(one for one in known if one is not None))
    if not found:
        raise UsageError("it is not known who is an outsider", help="set `account` in iamlint.toml")
    return Home(found, config.organization)


def _claim(scene: Scene, where: str, about: str, comparison: Comparison) -> Claim:
    """Return the claim that a comparison has no difference."""
    shown = next(iter((*comparison.gained, *comparison.lost)), None)
    if shown is not None:
        because = f", by {describe(shown.because[0])}" if shown.because else ""
        lines = [f"{about}: false{because}", *_example(shown)]
        return Claim("\n".join(lines), scene.ledger, where, holds=False)
    if not comparison.open:
        return Claim(f"{about}: true", scene.ledger, where, holds=True)
    reason = comparison.open[0].reason
    names = tuple(dict.fromkeys(name for one in comparison.open for name in one.names))
    text = f"{about}: unknown, because {reason}"
    return Claim(text, scene.ledger, where, holds=None, names=names)


def _example(shown: Difference) -> Iterator[str]:
    witness = request(shown.witness)
    yield f"  for example: {witness['action']} on {witness['resource']}"
    yield f"  by: {witness['principal']}"
    for key, value in shown.witness.context.items():
        yield f"  with {key}: {value if isinstance(value, str) else ', '.join(value)}"
    yield from (f"  without {key}" for key in shown.absent)
