from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.evaluator.context import Missing, context_of
from iamlint.evaluator.patterns.languages import MatchExtent
from iamlint.evaluator.patterns.question import all_of, ask_pattern
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Request, caller_of
from iamlint.evaluator.statement import compile_policy
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.patterns.question import PatternAnswer
    from iamlint.text.source import Value

OWN = "111122223333"


def identity(*statements: Value) -> PolicySet:
    document: Value = {"Version": "2012-10-17", "Statement": list(statements)}
    return PolicySet(identity=(compile_policy(parse_policy(document, Kind.IDENTITY)),))


def allow(resource: Value, **more: Value) -> Value:
    return {"Effect": "Allow", "Action": "s3:*", "Resource": resource, **more}


def deny(resource: Value, **more: Value) -> Value:
    return {"Effect": "Deny", "Action": "s3:*", "Resource": resource, **more}


def ask(
    resource: str,
    policies: PolicySet,
    context: dict[str, ContextValue] | None = None,
    owner: str | None = OWN,
) -> PatternAnswer:
    caller = caller_of(f"arn:aws:iam::{OWN}:user/bob")
    assert caller is not None
    values = context_of(context or {}, Missing.ABSENT)
    return ask_pattern(
        Request(caller, "s3:GetObject", RequestedResource.of(resource), owner, values), policies
    )


@pytest.mark.parametrize(
    ("statements", "extent"),
    [
        ([allow("*")], MatchExtent.ALL),
        ([allow("arn:aws:s3:::b/*")], MatchExtent.ALL),
        ([allow("arn:aws:s3:::b/public/*")], MatchExtent.SOME),
        ([allow("arn:aws:s3:::c/*")], MatchExtent.NONE),
        ([allow("*"), deny("arn:aws:s3:::b/secret/*")], MatchExtent.SOME),
        ([allow("arn:aws:s3:::b/x*"), deny("arn:aws:s3:::b/*")], MatchExtent.NONE),
        ([allow(["arn:aws:s3:::b/", "arn:aws:s3:::b/?*"])], MatchExtent.ALL),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/*"}], MatchExtent.NONE),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/x"}], MatchExtent.SOME),
        ([allow("arn:aws:s3:::b/${aws:username}/*")], MatchExtent.SOME),
        ([allow("arn:aws:s3:::b/${aws:userid}*")], MatchExtent.NONE),
    ],
)
def test_a_resource_pattern_is_answered_for_all_it_names(
    statements: list[Value], extent: MatchExtent
) -> None:
    answer = ask("arn:aws:s3:::b/*", identity(*statements), {"aws:username": "bob"})
    assert answer.extent is extent


def test_examples_show_what_is_allowed_and_what_is_not() -> None:
    answer = ask("arn:aws:s3:::b/*", identity(allow("*"), deny("arn:aws:s3:::b/secret/*")))
    assert (answer.any, answer.every) == (Truth.YES, Truth.NO)
    assert answer.allowed
    assert answer.allowed.request.resource.text == "arn:aws:s3:::b/"
    assert answer.denied
    assert answer.denied.request.resource.text == "arn:aws:s3:::b/secret/"


def test_an_unknown_key_leaves_the_answer_undetermined_and_is_named() -> None:
    condition: Value = {"StringEquals": {"aws:ResourceAccount": OWN}}
    policies = identity(allow("*", Condition=condition))
    answer = ask("arn:aws:s3:::b/*", policies, {"aws:ResourceAccount": Missing.UNKNOWN})
    assert answer.extent is MatchExtent.UNDETERMINED
    assert answer.missing_keys == ("aws:ResourceAccount",)


def test_the_owner_that_the_arn_names_is_told_apart() -> None:
    policies = identity({"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert ask("arn:aws:s3:r:*:b", policies, owner=None).extent is MatchExtent.SOME
    assert ask(f"arn:aws:s3:r:{OWN}:*", policies, owner=None).extent is MatchExtent.ALL


def test_answers_of_several_questions_join() -> None:
    policies = identity(allow("arn:aws:s3:::b/*"))
    yes, no = (ask(f"arn:aws:s3:::{bucket}/*", policies) for bucket in "bc")
    assert [all_of(found).extent for found in ([yes, yes], [yes, no], [no, no], [])] == [
        MatchExtent.ALL,
        MatchExtent.SOME,
        MatchExtent.NONE,
        MatchExtent.NONE,
    ]
    assert all_of([]).why == "the pattern matches nothing"


def test_too_many_parts_are_undetermined_and_say_why() -> None:
    statements = [allow(f"arn:aws:s3:::*{char}*{char}*") for char in "abcdefghijkl"]
    answer = ask("arn:aws:s3:::*", identity(*statements))
    assert answer.extent in (MatchExtent.SOME, MatchExtent.UNDETERMINED)
    assert answer.why == "the policies cut `arn:aws:s3:::*` into too many parts to evaluate"
