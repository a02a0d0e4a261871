"""Fixes: the changes by each rule; safe ones change no decision."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.config import Config
from iamlint.linter.apply_fixes import fix
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.linter.lint_options import LintOptions
from iamlint.load import BUILTIN as LOADERS
from iamlint.load import File, read
from iamlint.load.document import Certainty, Document
from iamlint.plugins.extensions import load_extensions
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from iamlint.simulate.scenario import simulate
from iamlint.text import Dialect, read_text
from scripts import fix_docs
from tests.support.examples import examples

if TYPE_CHECKING:
    from iamlint.rule.finding import Patch

SAFE = {
    "duplicate-condition-value",
    "duplicate-sid",
    "empty-condition",
    "empty-operator",
    "empty-sid",
    "host-bits-in-ip-range",
    "invalid-effect",
    "invalid-sid",
    "invalid-version",
    "missing-version",
    "null-if-exists",
    "redundant-action",
    "redundant-condition-number",
    "redundant-key-due-to-wildcard",
    "redundant-resource",
    "redundant-statement",
    "relaxed-json",
    "unknown-element",
    "unknown-operator",
    "unknown-principal-type",
    "unreachable-statement",
}
UNSAFE = {
    "for-all-values-on-single-value",
    "redundant-principal",
    "trailing-space-in-arn",
    "unknown-action",
    "unknown-condition-key",
    "unknown-service",
    "variable-in-old-version",
    "wildcard-without-like",
}


def test_fixes_make_their_findings_vanish_and_leave_the_policies_readable() -> None:
    wrong = [str(case) for case in fix_docs.cases() if not _is_fixed(case)]

    assert wrong == []


def found_in(case: fix_docs.Case) -> Finding:
    assert case.found
    return case.found


def _is_fixed(case: fix_docs.Case) -> bool:
    found, left = found_in(case), case.finding(case.after)
    is_readable = [document.source.readable for document in case.documents(case.after)] == [True]
    vanished = left is None or (left.range, left.message) != (found.range, found.message)
    return is_readable and case.after != case.before and vanished


def test_fixes_mean_the_same_in_every_language() -> None:
    means: dict[str, list[object]] = {}
    for case in fix_docs.cases():
        (document,) = case.documents(case.after)
        means.setdefault(case.rule.name, []).append(document.value)

    assert [name for name, values in means.items() if any(v != values[0] for v in values)] == []


def test_fixable_rules_are_these_and_the_unsafe_ones_say_so() -> None:
    fixes_ = {case.rule.name: found_in(case).fix for case in fix_docs.cases()}
    safe = {name: fix.safe for name, fix in fixes_.items() if fix}

    assert {name for name, is_safe in safe.items() if is_safe} == SAFE
    assert {name for name, is_safe in safe.items() if not is_safe} == UNSAFE


def test_page_of_fixes_is_current() -> None:
    assert fix_docs.PAGE.read_text(encoding="utf-8") == fix_docs.page(), "run `make docs`"


ACTIONS = ("s3:GetObject", "S3:getobject", "s3:Get*", "s3:PutObject", "s3:*", "sqs:SendMessage")
RESOURCES = (
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/x",
    "arn:aws:s3:::*",
    "arn:aws:s3:::b*",
    "arn:*:s3:::b/*",
    "arn:aws:*:b/x",
    *["arn:aws:s3:::b/${aws:username}"] * 5,
)
CONDITIONS: tuple[Any, ...] = (
    {},
    {"StringEquals": {}},
    {"StringEquals": {"aws:username": "bob"}, "Bool": {}},
    {"StringLikeIfExists": {"aws:username": "*"}},
    {"ForAllValues:StringLike": {"aws:TagKeys": ["*"]}},
    {"NumericLessThan": {"s3:max-keys": ["5", "10", "7.5"]}},
    {"NumericGreaterThanEqualsIfExists": {"s3:max-keys": ["100", "10"]}},
    {"ForAllValues:NumericLessThan": {"s3:max-keys": ["5", "10"]}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.7/24"}},
    {"StringEquals": {"aws:username": ["bob", "${aws:username}", "bob", "${aws:username}"]}},
    {"ForAnyValue:StringNotLike": {"aws:TagKeys": ["te*", "te*"]}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "team"]}},
    {"NotIpAddress": {"aws:SourceIp": ["203.0.113.7/24", "2001:db8::7/32"]}},
    {"StringEqual": {"aws:username": "bob"}},
    {"NullIfExists": {"aws:username": "true"}},
)
CONTEXTS: tuple[dict[str, Any], ...] = (
    {},
    {"aws:username": "bob"},
    {"s3:max-keys": "6", "aws:SourceIp": "203.0.113.200"},
    {"s3:max-keys": "10", "aws:TagKeys": ["team"], "aws:SourceIp": "2001:db8::1"},
    {"s3:max-keys": "200", "aws:TagKeys": [], "aws:username": "${aws:username}"},
)


def a_policy(chance: Random) -> dict[str, Any]:
    """Make a policy with some of the faults that are fixed."""
    statements = [a_statement(chance) for _ in range(chance.randint(1, 3))]
    statements += chance.choices(statements, k=chance.choice((0, 0, 1)))
    policy: dict[str, Any] = {"Statement": [dict(statement) for statement in statements]}
    version = chance.choice(("2012-10-17", "2008-10-17", "2012-10-18", None, None))
    return policy if version is None else {"Version": version, **policy}


def a_statement(chance: Random) -> dict[str, Any]:
    effect = chance.choice(("Allow", "Allow", "Allow", "Deny", "allow", "Dney"))
    statement: dict[str, Any] = {
        chance.choice(("Effect",) * 9 + ("effect",)): effect,
        chance.choice(("Action",) * 9 + ("Actions", "NotAction")): chance.choices(ACTIONS, k=3),
        chance.choice(("Resource",) * 9 + ("Resouce", "NotResource")): chance.choices(
            RESOURCES, k=chance.randint(1, 3)
        ),
    }
    if chance.random() < 0.6:
        statement["Condition"] = chance.choice(CONDITIONS)
    if chance.random() < 0.4:
        statement = {"Sid": chance.choice(("", "One", "t-w-o")), **statement}
    return statement


def fixes(text: str) -> tuple[Document, list[Patch]]:
    source = read_text(text, Dialect.JSON)
    document = Document("x.json", source, (), (), Kind.IDENTITY, certainty=Certainty.DECLARED)
    found = check_documents([document], CheckOptions(rules=BUILTIN, catalog=fix_docs.catalog()))
    safe = (f.fix for f in found if isinstance(f, Finding) and f.fix and f.fix.safe)
    return document, list(safe)


def decisions(policy: Any) -> list[object]:
    return [
        simulate(
            {
                "request": {
                    "principal": "arn:aws:iam::111122223333:user/bob",
                    "action": action,
                    "resource": resource,
                    "context": context,
                },
                "policies": {"identity": [policy]},
                "settings": {"derive_context": False},
            }
        )["decision"]
        for action in ("s3:GetObject", "s3:PutObject", "sqs:SendMessage")
        for resource in ("arn:aws:s3:::b/x", "arn:aws:s3:::b/bob", "arn:aws:sqs:us-east-1:1:b/x")
        if resource.split(":")[2] == action.split(":")[0]  # a service sends its own ARNs
        for context in CONTEXTS
    ]


@settings(max_examples=examples(40), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_safe_fixes_change_no_decision(seed: int) -> None:
    """In a policy that AWS accepts, safe fixes keep every decision; and they terminate."""
    text = json.dumps(a_policy(Random(seed)), indent=1)  # noqa: S311 - what it makes is no secret
    for _ in range(100):
        document, found = fixes(text)
        if not found:
            return
        is_taken = all(problem.is_accepted(Kind.IDENTITY) for problem in document.policy.problems)
        for edit in sorted(found[0].edits, key=lambda edit: edit.range, reverse=True):
            start, end = edit.range.start.offset, edit.range.end.offset
            text = text[:start] + edit.replacement + text[end:]
        if is_taken:
            assert decisions(json.loads(text)) == decisions(document.value)
    pytest.fail("fixes do not come to an end")


FENCES = {
    "heredoc.tf": 'resource "aws_iam_policy" "x" {{\n  policy = <<EOF\n{}\nEOF\n}}\n',
    "string.yaml": "Resources:\n  X:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
    "      PolicyDocument: |\n        {}\n",
    "string.json": '{{"Resources": {{"X": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": '
    '{{"PolicyDocument": {}}}}}}}}}',
}


def in_a_language(policy: Any, chance: Random) -> tuple[str, str]:
    """Write a policy in one of the languages; return the name of its file, and its text."""
    plain = json.dumps(policy, indent=chance.choice((None, 1, 4)))
    name = chance.choice(("x.json", "x.json5", "x.yaml", "x.tf", *FENCES))
    if name == "heredoc.tf":
        return name, FENCES[name].format(plain.replace("${", "$${"))
    if name == "string.yaml":
        return name, FENCES[name].format(plain.replace("\n", "\n" + " " * 8))
    if name == "string.json":
        return name, FENCES[name].format(json.dumps(plain))
    source = read_text(plain, Dialect.JSON)
    document = Document(name, source, (), (), Kind.IDENTITY)
    languages = {fix_docs.FILES[k].split(".")[1]: v for k, v in fix_docs.written(document, "")}
    return name, languages[name.split(".")[1]]


def policy_in(name: str, text: str) -> Document:
    file = File(name, name, kind=Kind.IDENTITY, content=text.encode())
    [document] = [item for item in read(file, LOADERS) if isinstance(item, Document)]
    return document


@settings(max_examples=examples(30), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_all_safe_fixes_together_change_no_decision(seed: int) -> None:
    """Over all rounds, in every language; and the second time nothing is left to fix."""
    chance = Random(seed)  # noqa: S311 - what it makes is no secret
    name, text = in_a_language(a_policy(chance), chance)
    text = text.replace("\n", chance.choice(("\n", "\r\n")))
    before = policy_in(name, text)

    fixed = mended(name, text)

    assert mended(name, fixed) == fixed
    if all(problem.is_accepted(Kind.IDENTITY) for problem in before.policy.problems):
        assert decisions(policy_in(name, fixed).value) == decisions(before.value)


def mended(name: str, text: str) -> str:
    config = Config(root=Path())
    request = LintOptions(
        ("-",), date(2026, 1, 1), config, kind=Kind.IDENTITY, stdin=text.encode(), stdin_name=name
    )
    files = fix(request, load_extensions(config)).files
    return files[0].after if files else text
