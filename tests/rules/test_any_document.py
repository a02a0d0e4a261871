"""No document, however odd, breaks the parser or a rule, and every finding has a place in it."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.load.document import Document
from iamlint.policy.grammar import OPERATORS, STATEMENT_ELEMENTS, Kind
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from iamlint.text import read_text
from tests.support.examples import examples

TEXTS = st.sampled_from(
    [
        *(
            "",
            "*",
            "s3:GetObject",
            "s3:*",
            "iam:PassRole",
            "sts:AssumeRole",
            "nosuch:Thing",
            ":",
            "a:",
        ),
        *(
            "arn:aws:s3:::b/*",
            "arn:aws:iam::111122223333:role/r",
            "arn:",
            "arn:aws:s3",
            "arn:*:*:*:*:*",
        ),
        *(
            "111122223333",
            "ec2.amazonaws.com",
            "${aws:username}",
            "${",
            "${}",
            "{{ x }}",
            "<%= y %>",
        ),
        *("true", "false", "7", "2026-01-01T00:00:00Z", "10.0.0.0/8", "ä😀", "\x00", "repo:o/r:*"),
    ]
)
SCALARS = TEXTS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
KEYS = st.sampled_from(
    [
        *(
            "aws:SourceArn",
            "aws:TagKeys",
            "AWS:PRINCIPALORGID",
            "aws:PrincipalTag/a",
            "aws:SourceIp",
        ),
        *("token.actions.githubusercontent.com:sub", "s3:prefix", "nokey", ":", "aws:", "x:y", ""),
    ]
)
PREFIXES = st.sampled_from(["", "ForAllValues:", "ForAnyValue:", "Sometimes:"])
OPERATOR = st.builds(
    lambda prefix, operator, end: f"{prefix}{operator}{end}",
    PREFIXES,
    st.sampled_from([operator.name for operator in OPERATORS.values()]),
    st.sampled_from(["", "IfExists"]),
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3)
CONDITION = st.dictionaries(
    OPERATOR, st.dictionaries(KEYS, VALUES, max_size=2) | SCALARS, max_size=3
)
TYPES = st.sampled_from(["AWS", "Service", "Federated", "CanonicalUser", "aws"])
PRINCIPAL = SCALARS | st.dictionaries(TYPES, VALUES, max_size=2)
SHAPES: dict[str, st.SearchStrategy[object]] = {
    "Sid": SCALARS,
    "Effect": st.sampled_from(["Allow", "Deny"]) | SCALARS,
    "Principal": PRINCIPAL,
    "NotPrincipal": PRINCIPAL,
    "Condition": CONDITION | SCALARS,
}
STATEMENT = st.fixed_dictionaries(
    {}, optional={name: SHAPES.get(name, VALUES) for name in STATEMENT_ELEMENTS}
)
POLICY = st.fixed_dictionaries(
    {"Statement": STATEMENT | st.lists(STATEMENT | SCALARS, max_size=3)},
    optional={"Version": st.sampled_from(["2012-10-17", "2008-10-17"]) | SCALARS, "Id": SCALARS},
)
SETTINGS = CheckOptions(
    rules=BUILTIN,
    catalog=Catalog.open(),
    options={rule.name: rule.options() for rule in BUILTIN if rule.options},
)


@settings(deadline=None, max_examples=examples(150))
@given(value=POLICY, kind=st.sampled_from(Kind))
def test_no_document_breaks_a_rule_and_every_finding_lies_in_its_file(
    value: object, kind: Kind
) -> None:
    """Whatever a policy says, each rule answers, at a place inside the text."""
    text = json.dumps(value, indent=1)
    found = list(
        check_documents(
            [Document("a.json", read_text(text, name="a.json"), (), (), kind)], SETTINGS
        )
    )

    assert [item for item in found if not isinstance(item, Finding)] == []
    for finding in found:
        assert isinstance(finding, Finding)
        for range_ in (finding.range, *(related.range for related in finding.related)):
            assert 0 <= range_.start.offset < range_.end.offset <= len(text)
