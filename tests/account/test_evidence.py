"""Changes of policies, and the questions that would notice them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.account.coverage.coverage import Assertion, AssertionCoverage, assertion_of, measure
from iamlint.account.coverage.mutants import mutants_of, policies_of
from tests.account.holding_texts import BUCKET, HOME, OBJECT, allow, deny, policy, trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Ruling
    from tests.account.conftest import Open

SOURCE_IP = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}


@pytest.mark.parametrize(
    ("statement", "changes"),
    [
        (
            allow("s3:GetObject", f"{BUCKET}/*"),
            ["statement removed", "Effect flipped", "Action widened", "Resource widened"],
        ),
        (deny("*"), ["statement removed", "Effect flipped"]),
        (
            allow("*", Condition=SOURCE_IP),
            [
                "statement removed",
                "Effect flipped",
                "condition `IpAddress aws:SourceIp` dropped",
                "operator negated for `IpAddress aws:SourceIp`",
                "`IfExists` added for `IpAddress aws:SourceIp`",
            ],
        ),
        (
            allow("*", Condition={"Null": {"aws:SourceVpc": "true"}}),
            [
                "statement removed",
                "Effect flipped",
                "condition `Null aws:SourceVpc` dropped",
                "operator negated for `Null aws:SourceVpc`",
            ],
        ),
    ],
)
def test_statement_is_changed_in_every_way_that_can_matter(
    repository: Open, statement: Mapping[str, object], changes: list[str]
) -> None:
    opened = repository({"roles/app/p.json": policy(statement)})
    (held,) = policies_of(opened.account.accounts)

    assert [mutant.change for mutant in mutants_of(held)] == changes


@pytest.mark.parametrize(
    ("operator", "opposite"),
    [
        ("StringEquals", "StringNotEquals"),
        ("StringNotLike", "StringLike"),
        ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
        ("NumericLessThanEquals", "NumericGreaterThan"),
        ("DateGreaterThan", "DateLessThanEquals"),
        ("IpAddress", "NotIpAddress"),
        ("NotIpAddress", "IpAddress"),
        ("ArnLike", "ArnNotLike"),
    ],
)
def test_operator_is_replaced_by_its_opposite(
    repository: Open, operator: str, opposite: str
) -> None:
    statement = allow("*", Condition={operator: {"aws:SourceIp": "1"}})
    opened = repository({"roles/app/p.json": policy(statement)})
    (held,) = policies_of(opened.account.accounts)
    (negated,) = [m for m in mutants_of(held) if m.change.startswith("operator negated")]
    found = negated.policy.source.statements[0].conditions[0].operator

    assert found is not None
    assert found.name == opposite


def test_boundaries_scps_and_principals_have_changes_of_their_own(repository: Open) -> None:
    opened = repository(
        {
            "roles/app/boundary.json": policy(allow("s3:*")),
            "roles/app/trust.json": trust({"Service": "ec2.amazonaws.com"}),
            "organization/scp/s.json": policy(deny("iam:*")),
        }
    )
    found = {
        str(mutant.key[2]): mutant.change
        for held in policies_of(opened.account.accounts)
        for mutant in mutants_of(held)
    }

    assert found == {
        "boundary": "boundary dropped",
        "trust": "Principal opened",
        "scp": "SCP dropped",
    }


def test_evidence_of_two_processes_is_joined() -> None:
    one = AssertionCoverage({"a": "p:1: x", "b": "p:10: y"}, {"a": "p:1"}, {"a"})
    two = AssertionCoverage.of(({"a": "p:1: x", "c": "p:9: z"}, {"a": "p:1"}, ["c"]))
    one.add(two)

    assert (one.unnoticed, one.undecided) == (["p:10: y"], [])
    assert AssertionCoverage.of(one.plain()).noticed == {"a", "c"}


def test_places_are_sorted_by_line_number() -> None:
    found = AssertionCoverage({"a": "p:10: x", "b": "p:9: x", "c": "o:11: x"})

    assert found.unnoticed == ["o:11: x", "p:9: x", "p:10: x"]


def test_change_is_noticed_by_the_question_whose_answer_it_turns(repository: Open) -> None:
    """The SCP decides nothing here: what it denies, nothing allows."""
    opened = repository(
        {
            "roles/app/p.json": policy(allow("s3:GetObject", f"{BUCKET}/*", Sid="Read")),
            "organization/scp/s.json": policy(deny("iam:*", Sid="Closed")),
        }
    )
    account = opened.account
    app = opened.subject("role/app")
    checks = []
    user = f"arn:aws:iam::{HOME}:user/u"
    for action, on in (("s3:GetObject", OBJECT), ("iam:CreateUser", user)):

        def again(changed: Account, action: str = action, on: str = on) -> Ruling:
            return changed.ask(app, [action], on).ruling

        checks.append(assertion_of(account.ask(app, [action], on), again, again(account)))
    found = measure(account, checks, every=True)

    assert found.undecided == ["organization/scp/s.json:8 `Closed`"]
    assert found.unnoticed == [
        "organization/scp/s.json:4: SCP dropped",
        "organization/scp/s.json:8: Effect flipped of `Closed`",
        "organization/scp/s.json:8: statement removed of `Closed`",
        "roles/app/p.json:8: Action widened of `Read`",
        "roles/app/p.json:8: Resource widened of `Read`",
    ]


def test_question_that_can_no_longer_be_asked_notices_the_change(repository: Open) -> None:
    opened = repository({"roles/app/p.json": policy(allow("s3:GetObject"))})

    def again(changed: Account) -> object:
        return changed.ask(opened.subject("role/gone"), ["s3:GetObject"])

    found = measure(opened.account, [Assertion(again, None)], every=True)
    assert found.unnoticed == []
