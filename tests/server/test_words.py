"""What is at the cursor, what it means, and what may be written there; `|` is the cursor."""

from __future__ import annotations

import pytest
from lsprotocol import types

from iamlint.catalog import Catalog
from iamlint.rules import BUILTIN
from iamlint.server.complete import complete
from iamlint.server.cursor import Role, cursor, tree_of
from iamlint.server.hints import hints
from iamlint.server.hover import hover
from iamlint.server.positions import ClientUnits
from iamlint.server.texts import OpenText, path_of, place_of
from iamlint.server.words import TextWords
from iamlint.text.half_written.node import Word
from iamlint.text.span import Lines

CATALOG = Catalog.open()
RULES = {rule.name: rule for rule in BUILTIN}
ALLOW = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],'
YAML = """
Statement:
  - Effect: Allow
    Action:
      - s3:GetObject
"""
DOCUMENT = """
data "aws_iam_policy_document" "x" {
  statement {
    actions = ["s3:GetObject"]
"""


def split(marked: str) -> tuple[str, int]:
    before, _, after = marked.partition("|")
    return before + after, len(before)


@pytest.mark.parametrize(
    ("name", "marked", "role", "word"),
    [
        ("p.json", ALLOW + '"Res|', Role.ELEMENT, "Res"),
        ("p.json", ALLOW + "|", Role.ELEMENT, ""),
        ("p.json", ALLOW + '"Resource": "arn|"', Role.RESOURCE, "arn"),
        ("p.json", ALLOW + '"Resource": [|', Role.RESOURCE, ""),
        ("p.json", ALLOW + '"NotAction": "iam:|"', Role.ACTION, "iam:"),
        ("p.json", ALLOW + '"Condition": {"Str|', Role.OPERATOR, "Str"),
        ("p.json", ALLOW + '"Condition": {"StringLike": {"aws:|', Role.KEY, "aws:"),
        ("p.json", ALLOW + '"Condition": {"Bool": {"aws:SecureTransport": "|"', Role.VALUE, ""),
        ("p.json", ALLOW + '"Principal": {"A|', Role.PRINCIPAL_TYPE, "A"),
        ("p.json", ALLOW + '"Principal": {"AWS": ["|', Role.PRINCIPAL, ""),
        ("p.json", '{"Statement": {"Effect": "A|"', Role.EFFECT, "A"),
        ("p.json5", "{Statement: [{Action: 's3:|'}]}", Role.ACTION, "s3:"),
        ("p.yaml", YAML + "    Res|", Role.ELEMENT, "Res"),
        ("p.yaml", YAML + "    |\n", Role.ELEMENT, ""),
        ("p.yaml", YAML + "      - s3:|", Role.ACTION, "s3:"),
        ("p.yaml", YAML + "    Resource: arn:|", Role.RESOURCE, "arn:"),
        ("p.yaml", YAML + "    Condition:\n      String|:\n", Role.OPERATOR, "String"),
        ("p.yaml", YAML + "    Condition:\n      Bool:\n        aws:|", Role.KEY, "aws:"),
        ("p.yaml", YAML + "    Principal: {AWS: [|", Role.PRINCIPAL, ""),
        ("x.tf", DOCUMENT + '    resources = ["|', Role.RESOURCE, ""),
        ("x.tf", DOCUMENT + "    not_a|", Role.ELEMENT, "not_a"),
        ("x.tf", DOCUMENT + '    condition {\n      test = "|"', Role.OPERATOR, ""),
        ("x.tf", DOCUMENT + '    condition {\n      variable = "aws:|"', Role.KEY, "aws:"),
        ("x.tf", DOCUMENT + '    principals {\n      type = "|"', Role.PRINCIPAL_TYPE, ""),
        ("x.tf", 'x = jsonencode({Statement = [{Action = "s3:|"}]})', Role.ACTION, "s3:"),
        ("x.tf", DOCUMENT + "    condition {\n      |", Role.CONDITION_PART, ""),
        ("x.tf", DOCUMENT + "    principals {\n      ty|", Role.PRINCIPALS_PART, "ty"),
        ("p.yaml", YAML + "    Condition: |", Role.OTHER, ""),
        ("p.yaml", YAML + "    Condition:\n      StringLike: |", Role.OTHER, ""),
        ("p.yaml", YAML + "    Principal: |", Role.PRINCIPAL, ""),
        ("p.yaml", YAML + "    Principal:\n      |", Role.PRINCIPAL_TYPE, ""),
        ("p.json", ALLOW + '"Condition": |', Role.OTHER, ""),
    ],
)
def test_cursor_says_what_belongs_at_a_place(name: str, marked: str, role: Role, word: str) -> None:
    text, offset = split(marked)

    at = cursor(tree_of(text, name), text, offset)

    assert at is not None
    assert (at.role, at.word.text) == (role, word)


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("p.json", '{"a|'),
        ("p.json", '{"Statement": [|'),
        ("p.json", "|" + ALLOW),
        ("x.yaml", "Resources:\n  Role:\n    Ty|"),
        ("x.tf", 'resource "aws_iam_role" "r" {\n  na|'),
    ],
)
def test_outside_of_statements_nothing_is_offered(name: str, marked: str) -> None:
    text, offset = split(marked)

    assert cursor(tree_of(text, name), text, offset) is None
    assert complete(text, name, offset, CATALOG, RULES)[1] == ()
    assert hover(text, name, offset, CATALOG, RULES) is None


def offered(name: str, marked: str) -> list[str]:
    text, offset = split(marked)
    return [one.text for one in complete(text, name, offset, CATALOG, RULES)[1]]


IN_JSON = ALLOW.partition('"Action"')[0]
IN_YAML = YAML.partition("    Action")[0]
IN_DOCUMENT = DOCUMENT.partition("    actions")[0]
IN_ENCODED = "p = jsonencode({ Statement = [{ "
OF_S3 = IN_ENCODED + 'Action = "s3:GetObject", '


@pytest.mark.parametrize(
    ("name", "marked", "written"),
    [
        ("p.json", IN_JSON + '"Action": sqs:Pur|}]}', '"sqs:PurgeQueue"'),
        ("p.json", IN_JSON + '"Action": sqs:Pur|\n"Resource": "*"}]}', '"sqs:PurgeQueue"'),
        ("p.json", IN_JSON + '"Action": "sqs:Pur|', "sqs:PurgeQueue"),
        ("p.json", IN_JSON + '"Action": [sqs:Pur|', '"sqs:PurgeQueue"'),
        ("p.json", IN_JSON + '"Action": ["s3:GetObject", sqs:Pur|]}]}', '"sqs:PurgeQueue"'),
        ("p.json", IN_JSON + '"Action": ["s3:GetObject", "sqs:Pur|]}]}', "sqs:PurgeQueue"),
        ("p.json", IN_JSON + '"Action": sqlw|', "sqlworkbench:"),  # its actions follow
        ("p.json", IN_JSON + "NotR|", '"NotResource"'),
        ("p.json", ALLOW + '"Resource": [|', '"arn:aws:s3:${Region}:${Account}'),
        ("p.json", ALLOW + '"Condition": {NumericEquals|', '"NumericEquals"'),
        ("p.json", ALLOW + '"Condition": {"Bool": {aws:Secure|', '"aws:SecureTransport"'),
        ("p.json", ALLOW + '"Condition": {"Bool": {"aws:SecureTransport": t|', '"true"'),
        ("p.json", '{"Statement": [{Eff|', '"Effect"'),
        ("p.json5", "{Statement: [{Action: sqs:Pur|}]}", '"sqs:PurgeQueue"'),
        ("p.json5", "{Statement: [{Action: ['sqs:Pur|']}]}", "sqs:PurgeQueue"),
        ("p.json5", "{Statement: [{NotR|}]}", "NotResource"),
        ("p.yaml", IN_YAML + "    Action: sqs:Pur|", "sqs:PurgeQueue"),
        ("p.yaml", IN_YAML + "    Action: 'sqs:Pur|'", "sqs:PurgeQueue"),
        ("p.yaml", IN_YAML + "    Action: [sqs:Pur|", "sqs:PurgeQueue"),
        ("p.yaml", IN_YAML + "    Action: [sqs:SendMessage, sqs:Pur|]", "sqs:PurgeQueue"),
        ("p.yaml", IN_YAML + "    Action:\n    - sqs:Pur|", "sqs:PurgeQueue"),
        ("p.yaml", IN_YAML + "    Action: sqs:*\n    Resource: *|", '"*"'),
        ("p.yaml", IN_YAML + "    Action: *\n    Eff|", None),  # an alias without a name
        ("p.yaml", IN_YAML + "    Action: *\n    NotR|", "NotResource"),
        ("p.yaml", YAML + "    Condition: {Bool: {aws:Secure|", "aws:SecureTransport"),
        ("p.yaml", 'Policy: >\n  {"Statement": [{"Action": sqs:Pur|\n', '"sqs:PurgeQueue"'),
        ("x.tf", IN_DOCUMENT + "    actions = [sqs:Pur|", '"sqs:PurgeQueue"'),
        ("x.tf", IN_DOCUMENT + '    actions = [\n      "sqs:Pur|\n    ]\n', "sqs:PurgeQueue"),
        ("x.tf", IN_DOCUMENT + "    effect = D|", '"Deny"'),
        ("x.tf", IN_DOCUMENT + "    not_r|", "not_resources"),
        ("x.tf", DOCUMENT + "    condition {\n      va|", "values"),
        (
            "x.tf",
            DOCUMENT + "    condition {\n      variable = aws:Secure|",
            '"aws:SecureTransport"',
        ),
        ("x.tf", IN_ENCODED + "Action = sqs:Pur|", '"sqs:PurgeQueue"'),
        ("x.tf", IN_ENCODED + "NotR|", "NotResource"),
        ("x.tf", OF_S3 + "Condition = { Bool = { aws:Secure|", '"aws:SecureTransport"'),
        ("x.tf", 'p = <<E\n{"Statement": [{NotR|', '"NotResource"'),
        ("x.tf", "policy_arn = arn:aws:iam::aws:policy/AWSL|", '"arn:aws:iam::aws:policy/AWSL'),
        ("t.yaml", "Arn: arn:aws:iam::aws:policy/AWSL|", "arn:aws:iam::aws:policy/AWSL"),
    ],
)
def test_completion_writes_the_quotes_that_a_language_needs(
    name: str, marked: str, written: str | None
) -> None:
    text, offset = split(marked)

    first = next(iter(complete(text, name, offset, CATALOG, RULES)[1]), None)

    assert (first and first.written(with_parts=False)[: len(written or "")]) == written


def test_completion_offers_services_and_then_their_actions() -> None:
    assert offered("p.json", '{"Statement": [{"Action": "sq|"}]}') == ["sqlworkbench:", "sqs:"]
    assert offered("p.json", '{"Statement": [{"Action": "sqs:Pur|"}]}') == ["sqs:PurgeQueue"]


def test_completion_offers_elements_that_the_statement_does_not_have() -> None:
    assert offered("p.json", ALLOW + '"|') == [
        *("Condition", "NotAction", "NotPrincipal", "NotResource", "Principal", "Resource", "Sid")
    ]
    assert offered("x.tf", DOCUMENT + "    c|") == ["condition"]
    assert "actions" in offered(
        "x.tf", 'data "aws_iam_policy_document" "x" {\n  statement {\n    |'
    )
    assert "Effect" in offered("x.tf", "p = jsonencode({ Statement = [{ |")


def test_completion_offers_keys_that_the_actions_have_those_the_operator_fits_first() -> None:
    keys = offered("p.json", ALLOW + '"Condition": {"StringEquals": {"s3:|')

    assert "s3:ExistingObjectTag/${1:TagKey}" in keys
    assert "s3:signatureAge" in keys
    assert "s3:prefix" not in keys  # of ListBucket
    of_bool = offered("p.json", ALLOW + '"Condition": {"Bool": {"aws:|')
    assert of_bool[:2] == ["aws:MultiFactorAuthPresent", "aws:SecureTransport"]


def test_completion_offers_formats_of_the_resources_of_the_actions() -> None:
    assert "arn:aws:s3:::${1:BucketName}/${2:ObjectName}" in offered(
        "p.json", ALLOW + '"Resource": "arn|"'
    )


def test_completion_offers_operators_values_and_types_of_principals() -> None:
    assert offered("p.json", ALLOW + '"Condition": {"StringEqu|')[0] == "StringEquals"
    assert offered("p.json", ALLOW + '"Condition": {"Bool": {"aws:SecureTransport": "|"') == [
        *("false", "true")
    ]
    assert offered("p.json", ALLOW + '"Principal": {"|') == [
        *("AWS", "CanonicalUser", "Federated", "Service")
    ]
    assert offered("p.json", '{"Statement": {"Effect": "|"') == ["Allow", "Deny"]


def test_completion_offers_rules_in_an_ignore_and_policies_of_aws_by_arn() -> None:
    assert offered("p.yaml", "# iamlint: ignore[wildcard-ad|]") == ["wildcard-admin"]
    assert offered("main.tf", 'policy_arn = "arn:aws:iam::aws:policy/AdministratorA|"')[0] == (
        "arn:aws:iam::aws:policy/AdministratorAccess"
    )


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ('{"Statement": [{"Action": "s3:Get|Object"}]}', "**s3:GetObject**: Read"),
        ('{"Statement": [{"Action": "sqs:Purge|*"}]}', "**sqs:Purge***: 1 action, Write"),
        (ALLOW + '"Condition": {"StringNot|Like": {', "**StringNotLike**"),
        (
            ALLOW + '"Condition": {"Bool": {"aws:Secure|Transport": ',
            "**aws:SecureTransport**: Bool, one value",
        ),
        (
            ALLOW + '"Principal": {"AWS": "1111222|23333"}',
            "**account 111122223333**: every principal to which the account gives the access",
        ),
        (
            ALLOW + '"Principal": "*|"',
            "**everyone**: all principals of all accounts, and anonymous callers",
        ),
        ("// iamlint: ignore[wildcard-|admin]", "# `wildcard-admin`"),
        (
            '"arn:aws:iam::aws:policy/Administrator|Access"',
            "**AdministratorAccess**: AWS managed policy, version v1 of 2015-02-06",
        ),
    ],
)
def test_hover_says_what_a_word_is(marked: str, first: str | None) -> None:
    text, offset = split(marked)

    found = hover(text, "p.json", offset, CATALOG, RULES)

    assert (found and found[0].splitlines()[0]) == first


def test_hints_count_the_actions_of_patterns_in_a_stretch() -> None:
    text = '{"Statement": [{"Action": ["sqs:Purge*", "sqs:SendMessage", "*", "gone:*"]}]}'

    assert list(hints(text, "p.json", 0, len(text), CATALOG)) == [
        (text.index('*"'[1:], text.index("Purge*")), "1 action, Write")
    ]
    assert list(hints(text, "p.json", 0, 10, CATALOG)) == []


@pytest.mark.parametrize(
    ("has_snippets", "written", "form"),
    [
        (True, "arn:aws:sqs:${1:Region}:${2:Account}:${3:QueueName}", 2),
        (False, "arn:aws:sqs:${Region}:${Account}:${QueueName}", 1),
    ],
)
def test_parts_to_fill_in_are_for_clients_that_have_snippets(
    *, has_snippets: bool, written: str, form: int
) -> None:
    text, offset = split('{"Statement": [{"Action": "sqs:PurgeQueue", "Resource": "arn|:old"}]}')
    words = TextWords(
        OpenText("file:///p.json", "/p.json", 1, Lines(text)),
        ClientUnits(types.PositionEncodingKind.Utf16),
        None,
        has_snippets=has_snippets,
    )

    (item,) = words.completion(types.Position(0, offset)).items

    place = types.Range(types.Position(0, offset - 3), types.Position(0, offset + 4))
    assert item.text_edit == types.TextEdit(place, written)
    assert item.insert_text_format == types.InsertTextFormat(form)
    assert item.label == item.filter_text == "arn:aws:sqs:${Region}:${Account}:${QueueName}"


def test_policy_of_aws_takes_the_place_of_the_whole_arn() -> None:
    text, offset = split('"arn:aws:iam::aws:policy/Admin|istratorAccess"')

    found = complete(text, "main.tf", offset, CATALOG, RULES)

    assert found[0] == Word("arn:aws:iam::aws:policy/AdministratorAccess", 1, len(text) - 1)


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("file:///no-such/a%20b%23.json", "/no-such/a b#.json"),
        ("file:///no-such/%ff.json", "/no-such/\udcff.json"),
        ("file://localhost/no-such/a.json", "/no-such/a.json"),
        ("file://server/share/a.json", None),
        ("file:///no-such/%00.json", None),
        ("untitled:Untitled-1", None),
        ("git:/no-such/a.json?ref", None),
    ],
)
def test_place_is_that_of_a_file_on_disk(uri: str, place: str | None) -> None:
    assert place_of(uri) == place


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/Users/a%20b.json", "C:/Users/a b.json"),
        ("file:///C:/p.json", "C:/p.json"),
        ("file://server/share/p.json", "//server/share/p.json"),
        ("untitled:Untitled-1", None),
    ],
)
def test_address_of_a_file_of_windows_has_a_drive_or_a_server(uri: str, path: str | None) -> None:
    assert path_of(uri, on_windows=True) == path
