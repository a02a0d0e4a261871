"""Laws of comparisons that hold whatever the policies say.

`IAMLINT_EXAMPLES` sets how often each is tried.
"""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iamlint.catalog import Catalog
from iamlint.policy.grammar import Kind
from iamlint.reason.answer import Relation
from iamlint.reason.compare import compare
from iamlint.reason.world import bare
from tests.reason.random_policies import (
    changed_policy,
    compiled,
    policy_of,
    random_policy,
    random_statement,
)
from tests.reason.random_worlds import changed, world, written
from tests.support.examples import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.reason.answer import Comparison

CATALOG = Catalog.open()
KINDS = (Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST)
Policy = dict[str, Any]
Statement = dict[str, Any]

law = settings(
    max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# A plain generator, seeded: what it makes does not matter to anyone's safety.
chances = st.integers(0, 2**32).map(Random)
kinds = st.sampled_from(KINDS)

_SWAPPED = {Relation.WIDER: Relation.NARROWER, Relation.NARROWER: Relation.WIDER}


def compared(old: Policy, new: Policy, kind: Kind) -> Comparison:
    return compare(bare(compiled(old, kind), kind), bare(compiled(new, kind), kind), CATALOG)


def statements(policy: Policy) -> list[Statement]:
    return deepcopy(policy["Statement"])


def equivalent(old: Policy, new: Policy, kind: Kind) -> bool:
    return compared(old, new, kind).relation is Relation.EQUIVALENT


@law
@given(chances, kinds)
def test_a_policy_is_equivalent_to_itself(chance: Random, kind: Kind) -> None:
    policy = random_policy(chance, kind)
    assert equivalent(policy, deepcopy(policy), kind)


@law
@given(chances)
def test_policies_around_a_principal_are_equivalent_to_themselves(chance: Random) -> None:
    policies = written(chance, Kind.IDENTITY)
    caller = "arn:aws:iam::111122223333:role/ab"
    old, new = (world(policies, Kind.IDENTITY, caller) for _ in range(2))
    assert compare(old, new, CATALOG).relation is Relation.EQUIVALENT


@law
@given(chances, kinds)
def test_one_more_allow_is_never_narrower(chance: Random, kind: Kind) -> None:
    policy = random_policy(chance, kind)
    more = {**random_statement(chance, kind), "Effect": "Allow"}
    more.pop("NotPrincipal", None)
    if kind is not Kind.IDENTITY:
        more.setdefault("Principal", "*")
    found = compared(policy, policy_of([*statements(policy), more]), kind)
    assert not found.lost
    assert found.relation in (Relation.EQUIVALENT, Relation.WIDER, Relation.UNKNOWN)


@law
@given(chances, kinds)
def test_one_more_deny_is_never_wider(chance: Random, kind: Kind) -> None:
    policy = random_policy(chance, kind)
    more = {**random_statement(chance, kind), "Effect": "Deny"}
    found = compared(policy, policy_of([*statements(policy), more]), kind)
    assert not found.gained
    assert found.relation in (Relation.EQUIVALENT, Relation.NARROWER, Relation.UNKNOWN)


@law
@given(chances, kinds)
def test_wider_and_narrower_swap_with_the_sides(chance: Random, kind: Kind) -> None:
    old = random_policy(chance, kind)
    new = changed_policy(chance, old, kind)
    there, back = compared(old, new, kind), compared(new, old, kind)
    assert back.relation is _SWAPPED.get(there.relation, there.relation)
    assert (bool(back.gained), bool(back.lost)) == (bool(there.lost), bool(there.gained))


@settings(parent=law, max_examples=examples(3))
@given(chances)
def test_wider_and_narrower_swap_with_the_sides_around_a_principal(chance: Random) -> None:
    before = written(chance, Kind.IDENTITY)
    caller = "arn:aws:iam::111122223333:user/bob"
    both = (before, changed(chance, before, Kind.IDENTITY))
    old, new = (world(one, Kind.IDENTITY, caller) for one in both)
    there, back = compare(old, new, CATALOG), compare(new, old, CATALOG)
    assert back.relation is _SWAPPED.get(there.relation, there.relation)


def reordered(chance: Random, policy: Policy) -> Policy:
    found = statements(policy)
    chance.shuffle(found)
    for statement in found:
        for name, value in statement.items():
            if isinstance(value, list) and name != "Condition":
                chance.shuffle(value)
    return policy_of([dict(reversed(one.items())) for one in found])


def split(_: Random, policy: Policy) -> Policy:
    """Return the policy with a statement for each resource, as far as that says the same."""
    found: list[Statement] = []
    for statement in statements(policy):
        resources = statement.get("Resource")
        if isinstance(resources, list):
            found += [{**statement, "Resource": one} for one in resources]
        else:
            found.append(statement)
    return policy_of(found)


def split_by_action(_: Random, policy: Policy) -> Policy:
    found: list[Statement] = []
    for statement in statements(policy):
        actions = statement.get("Action")
        if isinstance(actions, list):
            found += [{**statement, "Action": one} for one in actions]
        else:
            found.append(statement)
    return policy_of(found)


def renamed(_: Random, policy: Policy) -> Policy:
    return policy_of([{"Sid": f"S{n}", **one} for n, one in enumerate(statements(policy))])


def respelt(chance: Random, policy: Policy) -> Policy:
    """Return the policy with other spellings of actions, condition keys and operators."""
    spell = chance.choice((str.upper, str.lower))
    found = statements(policy)
    for statement in found:
        for name in ("Action", "NotAction"):
            if name in statement:
                value = statement[name]
                statement[name] = [spell(one) for one in _listed(value)]
        conditions = statement.get("Condition", {})
        statement["Condition"] = {
            operator: {spell(key): values for key, values in keys.items()}
            for operator, keys in conditions.items()
        }
    return policy_of(found)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def scalars(_: Random, policy: Policy) -> Policy:
    """Return the policy with a text where there is a list of one, and the other way."""
    found = statements(policy)
    for statement in found:
        for name in ("Action", "NotAction", "Resource", "NotResource"):
            value = statement.get(name)
            if isinstance(value, list) and len(value) == 1:
                statement[name] = value[0]
        for keys in statement.get("Condition", {}).values():
            keys |= {key: [v] if isinstance(v, str) else v for key, v in keys.items()}
    return policy_of(found)


def repeated(chance: Random, policy: Policy) -> Policy:
    """Return the policy with something in it twice."""
    found = statements(policy)
    return policy_of([*found, chance.choice(found)])


_REWRITINGS: tuple[Callable[[Random, Policy], Policy], ...] = (
    reordered, split, split_by_action, renamed, respelt, scalars, repeated
)  # fmt: skip


@settings(parent=law, max_examples=examples(20))
@given(chances, kinds, st.lists(st.sampled_from(_REWRITINGS), min_size=1, max_size=4))
def test_what_is_only_written_in_another_way_is_equivalent(
    chance: Random, kind: Kind, rewritings: list[Callable[[Random, Policy], Policy]]
) -> None:
    policy = random_policy(chance, kind)
    other = policy
    for rewrite in rewritings:
        other = rewrite(chance, other)
    assert equivalent(policy, other, kind)


def test_entry_whose_variable_no_such_caller_has_names_nothing() -> None:
    """A role has no `aws:username`, so only the other entry may name the resource."""
    statement: Statement = {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": [
            "arn:aws:s3:::ab/${aws:username}/*",
            "arn:aws:s3:::ab/${aws:PrincipalTag/t}/*",
        ],
        "Principal": "*",
    }
    policy = policy_of([statement])
    assert equivalent(policy, split(Random(0), policy), Kind.RESOURCE)  # noqa: S311 - not used


def test_caller_who_may_be_named_is_named_by_each_part_of_a_statement() -> None:
    """AWS does not say whether a `NotPrincipal` without the account excepts a user of another."""
    deny: Statement = {
        "Effect": "Deny",
        "Action": "s3:GetObject",
        "Resource": ["arn:aws:s3:::ab/*", "arn:aws:s3:::cd/*"],
        "NotPrincipal": {"AWS": "arn:aws:iam::444455556666:user/bob"},
    }
    allow: Statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"}
    policy = policy_of([deny, allow])
    assert equivalent(policy, split(Random(0), policy), Kind.RESOURCE)  # noqa: S311 - not used
