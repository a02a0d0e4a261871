"""What was found in a policy is found in others that say the same, each at its own place."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.linter.check import check_documents
from iamlint.linter.contents import content_of
from iamlint.load.document import Attachment, Certainty, Document
from iamlint.policy.grammar import Kind
from iamlint.policy.network import Network
from iamlint.rule.finding import Finding
from iamlint.rule.holders import Holders
from iamlint.rules import BUILTIN
from iamlint.text import read_text
from iamlint.text.source import Dialect, Partial, Source, Unknown
from tests.linter.test_gate import HOMES, documents_at_random, documents_of, options
from tests.support.examples import seeds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.text.source import Value

HOME: Final = HOMES[1]


def assert_found_as_if_alone(documents: Iterable[Document]) -> None:
    for one in documents:
        settings = options(BUILTIN, HOME)
        list(check_documents([_elsewhere(one)], settings))
        expected = list(check_documents([one], options(BUILTIN, HOME)))

        assert list(check_documents([one], settings)) == expected, one.source.value


def _elsewhere(one: Document) -> Document:
    """Return the same policy in another file, at another place of it."""
    if one.root or one.source.dialect is Dialect.HCL:
        return replace(one, path="b.json")
    text = "\n\n " + one.source.text
    return replace(one, path="b.json", source=read_text(text, name=one.path))


@pytest.mark.parametrize("family", sorted({rule.family for rule in BUILTIN}))
def test_examples_of_all_rules(family: str) -> None:
    rules = [rule for rule in BUILTIN if rule.family == family]
    examples = [example for rule in rules for example in (*rule.bad, *rule.good)]

    assert_found_as_if_alone(one for example in examples for one in documents_of(example))


@pytest.mark.parametrize("seed", seeds(4))
def test_policies_put_together_at_random(seed: int) -> None:
    assert_found_as_if_alone(documents_at_random(Random(seed), 40))  # noqa: S311 - can be repeated


def _document(value: Value, path: str = "a.json", kind: Kind = Kind.IDENTITY) -> Document:
    source = Source(text="", value=value, dialect=Dialect.JSON, places=dict)
    return Document(path, source, (), (), kind, certainty=Certainty.DECLARED)


def _content(value: Value, path: str = "a.json") -> bytes | None:
    return content_of(_document(value, path), is_beside=False)


def test_a_policy_has_the_content_of_its_copy() -> None:
    value: Value = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    copy = json.loads(json.dumps(value))

    assert _content(value) == _content(copy, "b.json")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", 1),
        (True, 1),
        (1, 1.0),
        (["a"], "a"),
        ({"a": "b", "c": "d"}, {"c": "d", "a": "b"}),
        (Unknown("a"), "a"),
        (Unknown("a", identity="x"), Unknown("a", identity="x", written="b")),
        (Partial(("a", Unknown("b"))), Partial((Unknown("b"), "a"))),
    ],
    ids=str,
)
def test_policies_that_differ_have_different_contents(one: Value, other: Value) -> None:
    assert _content({"Id": one}) != _content({"Id": other})


def test_which_unknown_parts_are_the_same_value_counts() -> None:
    x, y, z = (Unknown("${v}", identity=name) for name in "xyz")
    nameless = Unknown("${v}")

    assert _content({"a": x, "b": y}) == _content({"a": y, "b": z})
    assert _content({"a": x, "b": x}) == _content({"a": z, "b": z})
    assert _content({"a": x, "b": x}) != _content({"a": x, "b": y})
    assert _content({"a": nameless, "b": nameless}) != _content(
        {"a": nameless, "b": Unknown("${v}")}
    )


def test_a_placeholder_may_be_the_same_value_as_an_unknown_part_of_its_file() -> None:
    of_a = Unknown("${ID}", identity="a.json ${ID}")
    of_b = Unknown("${ID}", identity="b.json ${ID}")
    value: Value = {"a": of_a, "b": "${ID}"}

    assert _content(value, "a.json") != _content(value, "b.json")
    assert _content(value, "a.json") == _content({"a": of_b, "b": "${ID}"}, "b.json")


@pytest.mark.parametrize(
    "attachment",
    [
        Attachment(resource_type="AWS::S3::Bucket"),
        Attachment(arn="arn:aws:s3:::a"),
        Attachment(network=Network.VPC),
    ],
    ids=["type", "arn", "network"],
)
def test_the_resource_of_a_policy_belongs_to_its_content(attachment: Attachment) -> None:
    document = _document({}, kind=Kind.RESOURCE)
    attached = replace(document, attachment=attachment)

    assert content_of(document, is_beside=False) != content_of(attached, is_beside=False)


class _Limited(Holders):
    def all_lack(self, action: str) -> bool:
        del action
        return True


def _read(text: str, path: str, kind: Kind, resource_type: str | None = None) -> Document:
    attachment = Attachment(resource_type=resource_type)
    source = read_text(text, name=path)
    return Document(path, source, (), (), kind, certainty=Certainty.DECLARED, attachment=attachment)


def _found(
    documents: Iterable[Document], rule: str, limited: frozenset[str] = frozenset()
) -> list[str]:
    settings = replace(
        options(tuple(one for one in BUILTIN if one.name == rule), HOME),
        holders=lambda one: _Limited() if one.path in limited else Holders(),
    )
    found = check_documents(documents, settings)
    return [one.path for one in found if isinstance(one, Finding)]


@pytest.mark.parametrize("limited", ["a.json", "b.json"])
def test_what_holders_lack_counts_for_each_policy(limited: str) -> None:
    text = """{"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]}"""
    both = [_read(text, path, Kind.IDENTITY) for path in ("a.json", "b.json")]

    assert _found(both, "pass-role-to-any-role", frozenset({limited})) == [
        one.path for one in both if one.path != limited
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_white_space_counts_for_each_policy_that_is_sent_as_written(order: int) -> None:
    text = """{"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}%s
]}"""
    texts = {"short.json": text % "", "long.json": text % (" " * 30_000)}
    documents = [
        _read(text, path, Kind.RESOURCE, "AWS::S3::Bucket") for path, text in texts.items()
    ]

    assert _found(documents[::order], "oversized-resource-policy") == ["long.json"]
