"""An unknown leaves a decision open or does not change it: it never gives the opposite.

A world is a request and its policies, known as a whole. It is forgotten piece by piece: a key of
the request, the session of a role, whether an endpoint is a gateway, a part of a policy. Each step
may only leave the decision as it is, or open it; so, read backwards, giving a value to an unknown
never turns *allowed* into *denied* or back.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iamlint.evaluator.context import Context, Gap, Missing, Partly
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.derive import complete, derive_context
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Caller, Request, caller_of
from iamlint.evaluator.settings import Settings
from iamlint.evaluator.statement import CompiledPolicy, compile_policy
from iamlint.evaluator.verdict import Verdict
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource
from iamlint.text.source import Partial, Unknown
from tests.evaluator.law_scenarios import Json, condition, documents_in, scenarios
from tests.evaluator.random_scenarios import ACCOUNT, SESSION, USER
from tests.support.examples import examples

ALLOWED, OPEN, DENIED = "allowed", "open", "denied"
OUTCOMES = {Verdict.ALLOWED: ALLOWED, Verdict.UNDETERMINED: OPEN}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
SPARED = ([USER], [USER, ACCOUNT], [SESSION, ROLE, ACCOUNT], [SESSION, ROLE], [ACCOUNT], ["*"])


@dataclass
class World:
    """A request and its policies, as far as they are known."""

    request: Json
    policies: Json
    context: dict[str, Any] = field(default_factory=dict)
    other: Missing = Missing.ABSENT
    session: bool = True
    gateway: bool | None = False

    @property
    def caller(self) -> Caller:
        principal = self.request["principal"]
        found = caller_of(principal if self.session or principal != SESSION else ROLE)
        assert found is not None
        return found

    def outcome(self) -> str:
        given = self.request
        request = Request(
            self.caller,
            given["action"],
            RequestedResource.of(given["resource"]),
            given["resource_account"],
        )
        values = complete(self.context, derive_context(request))
        request = replace(request, context=Context(values, self.other))
        found = evaluate(request, _set(self.policies), Settings(gateway_endpoint=self.gateway))
        return OUTCOMES.get(found.verdict, DENIED)


def _set(policies: Json) -> PolicySet:
    def compiled(kind: str) -> tuple[CompiledPolicy, ...]:
        return tuple(_compiled(one, Kind(kind)) for one in policies.get(kind) or ())

    def levels(kind: str) -> tuple[tuple[CompiledPolicy, ...], ...] | None:
        found = policies.get(kind)
        return found and tuple(tuple(_compiled(p, Kind(kind)) for p in level) for level in found)

    return PolicySet(
        identity=compiled("identity"),
        resource=compiled("resource"),
        boundary=compiled("boundary"),
        session=compiled("session"),
        scp=levels("scp"),
        rcp=levels("rcp"),
        endpoint=compiled("endpoint"),
    )


def _compiled(document: Any, kind: Kind) -> CompiledPolicy:
    return compile_policy(parse_policy(document, kind))


def forget(world: World, chance: Random) -> World:
    """Return the same world with one more unknown piece."""
    found = replace(world, policies=deepcopy(world.policies), context=dict(world.context))
    match chance.choice(("key", "key", "others", "session", "gateway", *["policy"] * 5)):
        case "key" if found.context:
            key = chance.choice(sorted(found.context))
            found.context[key] = _forgotten_value(found.context[key], chance)
        case "others":
            found.other = Missing.UNKNOWN
        case "session":
            found.session = False
        case "gateway":
            found.gateway = None
        case _:
            _forget_in_policies(found, chance)
    return found


def _forgotten_value(value: Any, chance: Random) -> Any:
    """Return the rest of a value of the request: nothing, or its first characters."""
    if isinstance(value, str) and value and chance.random() < 0.5:
        return Partly((value[: chance.randint(1, len(value))], Gap.ANY))
    return Missing.UNKNOWN


def _forget_in_policies(world: World, chance: Random) -> None:
    documents = documents_in(world.policies)
    places = [place for document in documents for place in _places(document)]
    if places:
        owner, key = chance.choice(places)
        whole = chance.random() < 0.5
        owner[key] = _unknown() if whole else _partly(owner[key], chance)


def _places(document: Json) -> list[tuple[Any, Any]]:
    """Return all parts of a document that can be forgotten, each as its parent and key."""
    found: list[tuple[Any, Any]] = [(document, "Statement")]
    if not isinstance(document["Statement"], list):
        return found
    for at, statement in enumerate(document["Statement"]):
        if not isinstance(statement, dict):
            continue
        found.append((document["Statement"], at))
        for name, element in statement.items():
            if name == "Sid":
                continue
            found += [(statement, name), *_items(element)]
    return found


def _items(element: Any) -> list[tuple[Any, Any]]:
    if isinstance(element, list):
        return [(element, at) for at in range(len(element))]
    if isinstance(element, dict):
        inner = [place for value in element.values() for place in _items(value)]
        return [*((element, key) for key in element), *inner]
    return []


def _partly(value: Any, chance: Random) -> Any:
    """Return a text with an unknown end; unknown for a value that is not a text."""
    if not isinstance(value, str) or not value:
        return _unknown()
    return Partial((value[: chance.randint(0, len(value))], _unknown()))


def _unknown() -> Unknown:
    return Unknown("${x}")


@st.composite
def worlds(draw: st.DrawFn) -> World:
    scenario = draw(scenarios("identity"))
    chance = draw(st.integers(0, 2**32).map(Random))
    policies = deepcopy(scenario["policies"])
    if chance.random() < 0.3:
        spared = {"AWS": chance.choice(SPARED)}
        deny = {"Effect": "Deny", "NotPrincipal": spared, "Action": ["*"], "Resource": ["*"]}
        policies.setdefault("resource", []).append({"Version": "2012-10-17", "Statement": [deny]})
    request = {**scenario["request"], "principal": chance.choice((USER, SESSION, SESSION, ACCOUNT))}
    if request["principal"] != SESSION:
        policies.pop("session", None)
    for document in documents_in(policies):
        for statement in document["Statement"]:
            if chance.random() < 0.4:
                statement["Condition"] = condition(chance)
    return World(request, policies, request.pop("context"), gateway=chance.random() < 0.5)


@settings(
    max_examples=examples(200) * 2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(worlds(), st.lists(st.integers(0, 2**32).map(Random), min_size=1, max_size=6))
def test_forgetting_leaves_a_decision_or_opens_it(world: World, chances: list[Random]) -> None:
    before = world.outcome()
    for chance in chances:
        world = forget(world, chance)
        after = world.outcome()
        assert after in (before, OPEN), world
        before = after


def test_worlds_are_of_all_outcomes_and_some_stay_as_they_are_with_much_forgotten() -> None:
    chance = Random(3)  # noqa: S311 - the same worlds in every run
    counts: Counter[tuple[str, str]] = Counter()
    for _ in range(600):
        world = _drawn(chance)
        known = world.outcome()
        for _ in range(3):
            world = forget(world, chance)
        counts[known, world.outcome()] += 1
    assert {pair for pair, count in counts.items() if count >= 10} == {
        (ALLOWED, ALLOWED), (ALLOWED, OPEN), (DENIED, DENIED), (DENIED, OPEN),
    }  # fmt: skip


def _drawn(chance: Random) -> World:
    """Draw a world without Hypothesis, which counts nothing."""
    from tests.evaluator.law_scenarios import drawn_scenario  # noqa: PLC0415

    chances = [Random(chance.random()) for _ in range(chance.randint(0, 6))]  # noqa: S311
    scenario = drawn_scenario(chance, ("identity",), chances)
    request = scenario["request"]
    if request["principal"] not in (USER, SESSION):
        request["principal"] = USER
    if request["principal"] != SESSION:
        scenario["policies"].pop("session", None)
    return World(request, scenario["policies"], request.pop("context"))
