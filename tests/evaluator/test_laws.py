"""Laws that hold whatever the policies say. `IAMLINT_EXAMPLES` sets how often each is tried."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from iamlint.simulate.scenario import simulate
from tests.evaluator.law_scenarios import (
    KINDS,
    WITH_PRINCIPAL,
    Json,
    added,
    conditions,
    documents_in,
    policies_of,
    scenarios,
    statements,
)
from tests.evaluator.random_scenarios import ACTIONS, FAMILIES, RESOURCES, SESSION, USER
from tests.support.examples import examples

law = settings(
    max_examples=examples(200),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
_LIMITS = ("boundary", "session", "scp", "rcp", "endpoint")


def decide(scenario: Json) -> str:
    answer = simulate(scenario)
    assert not answer["errors"], answer
    return str(answer["decision"])


def with_one_more(scenario: Json, kind: str, statement: Json) -> Json:
    return {**scenario, "policies": added(scenario["policies"], kind, statement)}


@law
@given(st.data())
def test_a_deny_never_allows(data: st.DataObject) -> None:
    """A Deny never turns a denial into an allow."""
    scenario = data.draw(scenarios())
    kind = data.draw(st.sampled_from(KINDS))
    assume(kind != "session" or scenario["request"]["principal"] == SESSION)
    denied = with_one_more(scenario, kind, data.draw(statements(kind, "Deny")))
    assert decide(scenario) == "allowed" or decide(denied) != "allowed"


@law
@given(st.data())
def test_a_deny_of_everything_denies(data: st.DataObject) -> None:
    """A Deny that matches every request denies it, in any policy."""
    kind = data.draw(st.sampled_from(("identity", "resource", "boundary", "endpoint")))
    scenario = data.draw(scenarios())
    assume(kind in WITH_PRINCIPAL or scenario["request"]["principal"] in (USER, SESSION))
    everything: Json = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    if kind in WITH_PRINCIPAL:
        everything["Principal"] = "*"
    assert decide(with_one_more(scenario, kind, everything)) == "explicitly_denied"


@law
@given(scenarios("identity"), st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(scenario: Json, chance: Any) -> None:
    """Neither the order of statements nor that of policies matters."""
    shuffled = deepcopy(scenario)
    for document in documents_in(shuffled["policies"]):
        chance.shuffle(document["Statement"])
    chance.shuffle(shuffled["policies"]["identity"])
    assert decide(shuffled) == decide(scenario)


@law
@given(scenarios("identity"), st.data())
def test_an_unrelated_statement_changes_nothing(scenario: Json, data: st.DataObject) -> None:
    """A statement about actions that are not asked for changes nothing."""
    kind = data.draw(st.sampled_from(sorted(scenario["policies"])))
    unrelated = data.draw(statements(kind)) | {"Action": ["ec2:RunInstances", "iam:*"]}
    unrelated.pop("NotAction", None)
    where = data.draw(st.sampled_from(documents_in({kind: scenario["policies"][kind]})))
    before = decide(scenario)
    where["Statement"].insert(data.draw(st.integers(0, 3)), unrelated)
    assert decide(scenario) == before


@law
@given(scenarios("identity", "boundary"), statements("boundary", "Allow"))
def test_a_wider_boundary_removes_no_allow(scenario: Json, wider: Json) -> None:
    """Widening a boundary never removes an allow."""
    assert (
        decide(scenario) != "allowed"
        or decide(with_one_more(scenario, "boundary", wider)) == "allowed"
    )


@law
@given(scenarios("identity"), st.data())
def test_one_more_allow_removes_none(scenario: Json, data: st.DataObject) -> None:
    """One more Allow, in a policy that is there already, never removes an allow."""
    kind = data.draw(st.sampled_from(sorted(scenario["policies"])))
    more = with_one_more(scenario, kind, data.draw(statements(kind, "Allow")))
    assert decide(scenario) != "allowed" or decide(more) == "allowed"


@law
@given(st.data())
def test_what_limits_never_allows(data: st.DataObject) -> None:
    """A session policy, boundary, SCP, RCP or endpoint policy never adds an allow."""
    scenario = data.draw(scenarios("identity"))
    kind = data.draw(st.sampled_from(_LIMITS))
    unlimited = deepcopy(scenario)
    unlimited["policies"].pop(kind, None)
    assume(kind != "session" or scenario["request"]["principal"] == SESSION)
    scenario["policies"][kind] = data.draw(policies_of(kind))
    assert decide(unlimited) == "allowed" or decide(scenario) != "allowed"


@law
@given(scenarios("identity"))
def test_splitting_a_list_of_actions_changes_nothing(scenario: Json) -> None:
    """A statement of several actions is as good as several statements of one."""
    split = deepcopy(scenario)
    for document in documents_in(split["policies"]):
        document["Statement"] = [
            {**statement, "Action": action} if "Action" in statement else statement
            for statement in document["Statement"]
            for action in statement.get("Action", [None])
        ]
    assert decide(split) == decide(scenario)


@law
@given(scenarios("identity"))
def test_a_scalar_is_a_list_of_one(scenario: Json) -> None:
    """In a policy a scalar is as good as a list of one, and a statement as a list of one."""
    scalar = deepcopy(scenario)
    for document in documents_in(scalar["policies"]):
        for statement in document["Statement"]:
            for place in (statement, *_tests(statement)):
                for name, value in place.items():
                    place[name] = value[0] if isinstance(value, list) and len(value) == 1 else value
        if len(document["Statement"]) == 1:
            document["Statement"] = document["Statement"][0]
    assert decide(scalar) == decide(scenario)


@law
@given(scenarios("identity"))
def test_letter_case_of_actions_and_keys_does_not_matter(scenario: Json) -> None:
    """The letter case of actions, condition keys and operators does not matter."""
    swapped = deepcopy(scenario)
    request = swapped["request"]
    request["action"] = request["action"].swapcase()
    request["context"] = {key.swapcase(): value for key, value in request["context"].items()}
    for document in documents_in(swapped["policies"]):
        for statement in document["Statement"]:
            for name in ("Action", "NotAction"):
                if name in statement:
                    statement[name] = [action.swapcase() for action in statement[name]]
            if "Condition" in statement:
                statement["Condition"] = {
                    operator.swapcase(): {key.swapcase(): values for key, values in test.items()}
                    for operator, test in statement["Condition"].items()
                }
    assert decide(swapped) == decide(scenario)


@law
@given(conditions(quantifiers=False), st.data())
def test_an_operator_and_its_negation_disagree(condition: Json, data: st.DataObject) -> None:
    """An operator and its negation disagree on a key that is present, single and well-formed."""
    operator = next(iter(condition))
    family = next(name for name in FAMILIES if operator.removeprefix("Not").startswith(name))
    plain = operator.replace("Not", "")
    negated = "NotIpAddress" if family == "IpAddress" else plain.replace("Equals", "NotEquals")
    negated = negated.replace("Like", "NotLike")
    assume(family in ("String", "Arn", "IpAddress") or plain in ("NumericEquals", "DateEquals"))
    value = data.draw(st.sampled_from(FAMILIES[family][0]))
    told = {_asked({name: condition[operator]}, value) for name in (plain, negated)}
    assert told == {"allowed", "implicitly_denied"}


@law
@given(
    st.sampled_from(("Action", "Resource")),
    st.lists(st.sampled_from(("s3:*", "s3:Get*", "sqs:*", "*", "s3:PutObject")), min_size=1),
    st.lists(st.sampled_from(("arn:aws:s3:::b/*", "arn:aws:s3:::*", "*")), min_size=1),
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
)
def test_an_element_and_its_negation_are_complements(
    name: str, actions: list[str], resources: list[str], action: str, resource: str
) -> None:
    """Of Action and NotAction, and of Resource and NotResource, exactly one applies."""
    all_ = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    values = actions if name == "Action" else resources
    positive = {**all_, name: values}
    negated = {**{key: value for key, value in all_.items() if key != name}, f"Not{name}": values}
    told = [_decided(statement, action, resource) for statement in (positive, negated)]
    assert sorted(told) == ["allowed", "implicitly_denied"]


def _tests(statement: Json) -> list[Json]:
    return list(statement.get("Condition", {}).values())


def _asked(condition: Json, value: str) -> str:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    return _decided(statement, "s3:GetObject", "arn:aws:s3:::b", {"test:key": value})


def _decided(
    statement: Json, action: str, resource: str, context: dict[str, str] | None = None
) -> str:
    request = {"principal": USER, "action": action, "resource": resource, "context": context or {}}
    account = {"resource_account": USER.split(":")[4]}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return decide({"request": {**request, **account}, "policies": {"identity": [document]}})
