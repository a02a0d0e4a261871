"""Rules that are asked only about what shows their traits find the same as rules that always are.

A trigger that is too narrow loses a finding of an example, of a real policy, or of a policy put
together at random from the parts of all examples.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from iamlint.catalog import Catalog
from iamlint.catalog.managed_policies import managed_policy, names
from iamlint.errors import BrokenError
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.load import LoadOptions, load
from iamlint.load.document import Attachment, Certainty, Document
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.policy.problem import GrammarFault
from iamlint.rule import OwnAccounts, RequireCondition
from iamlint.rule.when import STARTS, WORDS, Vocabulary
from iamlint.rules import BUILTIN
from iamlint.rules.resources._judgement import ArnFault
from iamlint.testing.examples import document, loaded
from iamlint.text import read_text
from tests.support.examples import seeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import Example, Hit, Rule, RuleContext

ROOT: Final = Path(__file__).parents[2]
SHARED: Final = ROOT.parent / "shared" / "cases"
HOMES: Final = (
    OwnAccounts(),
    OwnAccounts(
        account="111122223333",
        organization="o-a1b2c3d4e5",
        trusted_accounts=frozenset({"444455556666"}),
        demands=(RequireCondition(("iam:PassRole",), ("iam:PassedToService",), "a reason"),),
    ),
)
TYPES: Final = (
    None,
    *("AWS::S3::Bucket", "AWS::Lambda::Function", "AWS::KMS::Key", "AWS::SNS::Topic"),
    *("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::AccessPoint"),
)
PLACES: Final = 32


def options(rules: tuple[Rule, ...], home: OwnAccounts) -> CheckOptions:
    own = {rule.name: rule.options() for rule in rules if rule.options}
    return CheckOptions(rules, Catalog.open(), home, options=own)


GATED: Final = {home: options(BUILTIN, home) for home in HOMES}
ALWAYS: Final = {
    home: options(tuple(replace(rule, when=()) for rule in BUILTIN), home) for home in HOMES
}


def assert_same(documents: Iterable[Document], home: OwnAccounts = HOMES[0]) -> None:
    for one in documents:
        expected = list(check_documents([one], ALWAYS[home]))
        assert list(check_documents([one], GATED[home])) == expected, one.source.value


@pytest.mark.parametrize("home", HOMES, ids=["unknown", "known"])
@pytest.mark.parametrize("family", sorted({rule.family for rule in BUILTIN}))
def test_examples_of_all_rules(family: str, home: OwnAccounts) -> None:
    rules = [rule for rule in BUILTIN if rule.family == family]
    examples = [example for rule in rules for example in (*rule.bad, *rule.good)]

    assert_same((one for example in examples for one in documents_of(example)), home)


@pytest.mark.parametrize("folder", [ROOT / "sample_policies", SHARED], ids=["samples", "cases"])
def test_files_of_all_formats(folder: Path) -> None:
    if not folder.exists():
        pytest.skip("these files are not here")

    assert_same(load([str(folder)], LoadOptions(here=ROOT)).documents)


@pytest.mark.parametrize("part", range(8))
def test_policies_of_aws(part: int) -> None:
    policies = (managed_policy(name) for name in names()[part::8])
    texts = (json.dumps(policy.value) for policy in policies if policy)

    assert_same(_document(text, Kind.IDENTITY) for text in texts)


@pytest.mark.parametrize("seed", seeds(10))
def test_policies_put_togetherdocuments_at_random(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test that can be repeated

    assert_same(documents_at_random(random, 100), HOMES[seed % 2])


def documents_of(example: Example) -> Iterable[Document]:
    is_read = example.file.endswith(".tf") or example.file.startswith("template.")
    return loaded(example).documents if is_read else [document(example)]


def _document(text: str, kind: Kind, resource_type: str | None = None) -> Document:
    return Document(
        "a.json",
        read_text(text, name="a.json"),
        (),
        (),
        kind,
        certainty=Certainty.DECLARED,
        attachment=Attachment(resource_type=resource_type),
    )


def documents_at_random(random: Random, number: int) -> Iterator[Document]:
    for _ in range(number):
        policy: dict[str, Any] = {
            "Statement": [_statement(random) for _ in range(random.choice((1, 1, 2, 3)))]
        }
        if random.random() < 0.8:
            policy["Version"] = "2012-10-17"
        yield _document(json.dumps(policy), random.choice([*Kind]), random.choice(TYPES))


def _statement(random: Random) -> dict[str, Any]:
    """Return a statement of elements of examples, with an unknown part here and there."""
    parts = _parts()
    found = dict(random.choice(parts["Effect"]))
    for name in random.sample([*parts], k=random.randint(2, 6)):
        found.update(random.choice(parts[name]))
    return {name: _partly_unknown(value, random) for name, value in found.items()}


@cache
def _parts() -> dict[str, list[dict[str, Any]]]:
    """Return all that examples have for each element: alone, and beside another one."""
    found: dict[str, list[dict[str, Any]]] = {}
    for rule in BUILTIN:
        for example in (*rule.bad, *rule.good):
            for statement in (s for one in documents_of(example) for s in _statements(one)):
                for name, value in statement.items():
                    found.setdefault(name, []).append({name: value})
                    found[name].append({n: v for n, v in statement.items() if n != "Sid"})
    return {name: ones for name, ones in found.items() if len(ones) > PLACES}


def _statements(one: Document) -> list[dict[str, Any]]:
    value = one.value
    some = value.get("Statement") if isinstance(value, dict) else None
    every = some if isinstance(some, list) else [some]
    return [_plain(statement) for statement in every if isinstance(statement, dict)]


def _plain(value: object) -> Any:
    """Return a value as JSON can write it."""
    return json.loads(json.dumps(value, default=str))


def _partly_unknown(value: Any, random: Random) -> Any:
    if isinstance(value, dict):
        return {name: _partly_unknown(inner, random) for name, inner in value.items()}
    if isinstance(value, list):
        return [_partly_unknown(inner, random) for inner in value]
    if isinstance(value, str) and random.random() < 0.1:
        at = random.randint(0, len(value))
        return value[:at] + "{{ x }}" + value[at:] if random.random() < 0.7 else "{{ x }}"
    return value


def test_a_rule_is_not_asked_about_a_statement_without_its_trait() -> None:
    asked: list[str] = []
    rule = next(rule for rule in BUILTIN if rule.name == "deny-of-nothing")

    def check(statement: Statement, _: RuleContext) -> Iterator[Hit]:
        asked.append(statement.sid.text if statement.sid else "")
        yield from ()

    watching = replace(rule, check=check, when=("Deny", "NotAction | NotResource"))
    text = """{"Version": "2012-10-17", "Statement": [
      {"Sid": "A", "Effect": "Deny", "NotAction": "s3:*", "Resource": "*"},
      {"Sid": "B", "Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
      {"Sid": "C", "Effect": "Deny", "Action": "s3:*", "Resource": "*"},
      {"Sid": "D", "Effect": "Deny", "Action": "s3:*", "NotResource": "*"}
    ]}"""
    list(check_documents([_document(text, Kind.IDENTITY)], options((watching,), HOMES[0])))

    assert asked == ["A", "D"]


def test_every_word_that_a_rule_uses_is_one_that_statements_show() -> None:
    used = {word for rule in BUILTIN for member in rule.when for word in member.split(" | ")}
    closed: dict[str, set[str]] = {
        "arn": set(ArnFault),
        "operator": set(OperatorFamily),
        "problem": set(GrammarFault),
    }
    for word in used - WORDS.keys():
        start, _, rest = word.partition(" ")
        assert start in STARTS
        assert rest in closed.get(start, {rest}), word


def test_every_word_is_used() -> None:
    used = {word for rule in BUILTIN for member in rule.when for word in member.split(" | ")}

    assert WORDS.keys() <= used
    assert STARTS.keys() == {word.partition(" ")[0] for word in used - WORDS.keys()}


def test_an_unknown_word_is_an_error_that_names_the_rule() -> None:
    rule = replace(BUILTIN[0], when=("Alow | Deny",))

    with pytest.raises(BrokenError) as error:
        Vocabulary([rule])

    assert error.value.message == f"`when` of the rule `{rule.name}` has the unknown word `Alow`"
    assert error.value.help == "did you mean `Allow`?"
