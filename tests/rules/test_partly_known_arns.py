"""ARNs with pseudo parameters are judged by what is written around these."""

from __future__ import annotations

import copy
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.arn import split_arn
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from iamlint.testing.examples import cases, document
from iamlint.text.source import Partial, Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iamlint.load.document import Document
    from iamlint.rule import Rule
    from iamlint.testing.examples import ExampleCase
    from iamlint.text.source import Value

CATALOG = Catalog.open()
FIELDS: Final = {1: Pseudo.PARTITION, 3: Pseudo.REGION, 4: Pseudo.ACCOUNT}
# A partition and a region of it go together.
PLACES: Final = (
    ("aws", "us-east-1"),
    ("aws", "eu-west-3"),
    ("aws-cn", "cn-north-1"),
    ("aws-us-gov", "us-gov-west-1"),
)
ACCOUNT: Final = "444455556666"
CASES = cases(
    rule
    for rule in BUILTIN
    if rule.family.value == "resources" or rule.name == "action-never-applies"
)


def replaced(value: Value, change: Callable[[str], Value]) -> Value:
    if isinstance(value, dict):
        return {name: replaced(child, change) for name, child in value.items()}
    if isinstance(value, list):
        return [replaced(child, change) for child in value]
    return change(value) if isinstance(value, str) else value


def with_parts(text: str, parts: dict[int, str | Unknown]) -> Value:
    """Return an ARN with other fields; nothing else changes, nor do empty and wild fields."""
    fields = split_arn(text)
    if fields[0] != "arn" or len(fields) < 6:
        return text
    made: list[str | Unknown] = []
    for index, field in enumerate(fields):
        is_plain = field and not set(field) & set("*?$")
        made.append(parts[index] if index in parts and is_plain else field)
        made.append(":")
    made.pop()
    if all(isinstance(part, str) for part in made):
        return "".join(part for part in made if isinstance(part, str))
    return Partial(tuple(part for part in made if part))


def changed(of: Document, parts: dict[int, str | Unknown]) -> Document:
    source = copy.copy(of.source)
    source.value = replaced(of.source.value, lambda text: with_parts(text, parts))
    return replace(of, source=source)


def reported(of: Document, rule: Rule) -> set[tuple[int, int]]:
    found = check_documents([of], CheckOptions(rules=(rule,), catalog=CATALOG))
    return {
        (item.range.start.line, item.range.start.column)
        for item in found
        if isinstance(item, Finding) and item.rule == rule.name
    }


def written(value: Value, field: int) -> set[str]:
    """Return what a field of the ARNs of a policy says."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    replaced(value, note)
    arns = (split_arn(text) for text in found if text.startswith("arn:"))
    return {fields[field] for fields in arns if len(fields) > field}


def fillings(of: Document, fields: Iterable[int]) -> Iterator[dict[int, str | Unknown]]:
    """Yield what the fields may be, given what the others say: a region fixes the partition."""
    value = of.source.value
    partitions = set() if 1 in fields else written(value, 1) & set(CATALOG.partitions())
    regions = set() if 3 in fields else written(value, 3)
    partitions |= {p for p in CATALOG.partitions() if regions & set(CATALOG.regions(p))}
    for partition, region in PLACES:
        if not partitions or partition in partitions:
            filled: dict[int, str | Unknown] = {1: partition, 3: region, 4: ACCOUNT}
            yield {index: filled[index] for index in fields}


@pytest.mark.parametrize(
    "fields", [c for size in (1, 2, 3) for c in combinations(FIELDS, size)], ids=str
)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_finding_stays_if_every_filling_keeps_it_and_only_then(
    case: ExampleCase, fields: tuple[int, ...]
) -> None:
    of = document(case.example)
    every = [reported(changed(of, filling), case.rule) for filling in fillings(of, fields)]
    unknown: dict[int, str | Unknown] = {
        index: Unknown(f"${{{FIELDS[index]}}}", FIELDS[index], FIELDS[index]) for index in fields
    }

    assert reported(changed(of, unknown), case.rule) == set.intersection(*every)


def resource_of(*parts: str | Unknown) -> Document:
    (case, *_) = CASES
    of = document(case.example)
    source = copy.copy(of.source)
    statement: Value = {"Effect": "Allow", "Action": "*", "Resource": Partial(parts)}
    source.value = {"Version": "2012-10-17", "Statement": [statement]}
    return replace(of, source=source)


REGION = Unknown("${AWS::Region}", Pseudo.REGION)
ACCOUNT_ID = Unknown("${AWS::AccountId}", Pseudo.ACCOUNT)
ANYTHING = Unknown("${Anything}")


@pytest.mark.parametrize(
    ("parts", "rules"),
    [
        (("logs-", REGION, "/*"), {"malformed-arn"}),
        (("arn:aws:dynamodb:", REGION, ":", ACCOUNT_ID, ":tables/x"), {"unknown-resource-in-arn"}),
        (("arn:aws:dynamodb:", REGION, ":", ACCOUNT_ID, ":table/", ANYTHING), set()),
        (("arn:aws:dynamodb:", REGION, ":", ACCOUNT_ID, ":", ANYTHING), set()),
        (("arn:aws:dynamodb:", ANYTHING, ":tables/x"), set()),
        (("arn:aws:dynamodb:", ANYTHING, ":", ACCOUNT_ID, ":tables/x"), set()),
        ((ANYTHING, ":tables/x"), set()),
        ((ACCOUNT_ID,), {"malformed-arn"}),
        ((Unknown("${AWS::StackName}", Pseudo.STACK_NAME),), set()),
        (("arn:aws:s3:", REGION, "::b"), {"region-not-allowed"}),
        (("arn:aws:s3::", ACCOUNT_ID, ":b"), {"account-not-allowed"}),
        (("arn:aws:s3:", REGION, ":", ACCOUNT_ID, ":accesspoint/a"), set()),
        (("arn:aws:sqs:", REGION, "::q"), {"missing-account"}),
        (("arn:aws:sqs::", ACCOUNT_ID, ":q"), {"missing-region"}),
        (("arn:aws:iam::", ACCOUNT_ID, ":usr/", ANYTHING), {"unknown-resource-in-arn"}),
    ],
)
def test_form_of_an_arn_is_judged_around_pseudo_parameters(
    parts: tuple[str | Unknown, ...], rules: set[str]
) -> None:
    of_arns = tuple(rule for rule in BUILTIN if rule.family.value == "resources")
    found = check_documents([resource_of(*parts)], CheckOptions(rules=of_arns, catalog=CATALOG))

    assert {item.rule for item in found if isinstance(item, Finding)} == rules


def test_message_writes_an_unknown_part_as_the_file_does() -> None:
    of = resource_of("arn:aws:iam::", ACCOUNT_ID, ":usr/", ANYTHING)
    (rule,) = (rule for rule in BUILTIN if rule.name == "unknown-resource-in-arn")

    (found,) = check_documents([of], CheckOptions(rules=(rule,), catalog=CATALOG))

    assert isinstance(found, Finding)
    assert found.message.startswith("`iam` had no resource type of the form `usr/${Anything}` on 2")
    assert found.message.endswith(", so this ARN matches nothing")
