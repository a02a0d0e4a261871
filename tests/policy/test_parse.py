"""Every fault is found at its place, and the rest of the document is read too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.policy.at import At
from iamlint.policy.grammar import Effect, Kind, PrincipalType, Version
from iamlint.policy.model import Element, Entry, Principal, Principals
from iamlint.policy.parse import parse_policy
from iamlint.policy.problem import GrammarFault
from iamlint.text.source import Partial, Tagged, Unknown

if TYPE_CHECKING:
    from iamlint.policy.model import Statement
    from iamlint.text.source import Value

Found = tuple[GrammarFault, tuple[str | int, ...], bool]
HEAD: dict[str, Value] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
STATEMENT = ("Statement",)


def found(value: Value, kind: Kind = Kind.IDENTITY) -> list[Found]:
    problems = parse_policy(value, kind).problems
    return [(p.fault, p.at.pointer, p.at.key) for p in problems]


def policy(**members: Value) -> Value:
    return {"Version": "2012-10-17", "Statement": {**HEAD, **members}}


def without(*names: str, **members: Value) -> Value:
    kept: dict[str, Value] = {k: v for k, v in HEAD.items() if k not in names}
    return {"Version": "2012-10-17", "Statement": {**kept, **members}}


def statement(value: Value, kind: Kind = Kind.IDENTITY) -> Statement:
    (only,) = parse_policy(value, kind).statements
    return only


def condition(operator: str, keys: Value) -> Value:
    return policy(Condition={operator: keys})


WHOLE: dict[str, tuple[Value, Kind]] = {
    "identity": (policy(Sid="A", Condition={"Bool": {"aws:SecureTransport": True}}), Kind.IDENTITY),
    "id": ({"Id": "x", "Version": "2008-10-17", "Statement": [HEAD]}, Kind.IDENTITY),
    "not": ({"Statement": {"Effect": "Deny", "NotAction": "a:b", "NotResource": "*"}}, Kind.SCP),
    "resource": (policy(Principal={"AWS": ["1", "2"], "Service": "x"}), Kind.RESOURCE),
    "everyone": (policy(Principal="*"), Kind.RCP),
    "trust": (
        {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}},
        Kind.TRUST,
    ),
    "several conditions": (
        policy(
            Condition={
                "ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["a", "b"]},
                "NUMERICLESSTHAN": {"s3:max-keys": [1, 2.5]},
            }
        ),
        Kind.IDENTITY,
    ),
}


@pytest.mark.parametrize(("value", "kind"), WHOLE.values(), ids=WHOLE)
def test_a_whole_policy_has_no_problem(value: Value, kind: Kind) -> None:
    assert found(value, kind) == []


F = GrammarFault
S = STATEMENT
C = (*S, "Condition")
ONE: dict[str, tuple[Value, Kind, Found]] = {
    "no object": ([], Kind.IDENTITY, (F.WRONG_TYPE, (), False)),
    "null": (None, Kind.IDENTITY, (F.WRONG_TYPE, (), False)),
    "no statement": ({"Version": "2012-10-17"}, Kind.IDENTITY, (F.MISSING_STATEMENT, (), False)),
    "empty statement list": ({"Statement": []}, Kind.IDENTITY, (F.MISSING_STATEMENT, S, False)),
    "statement of text": ({"Statement": "x"}, Kind.IDENTITY, (F.WRONG_TYPE, S, False)),
    "statement null": ({"Statement": [None]}, Kind.IDENTITY, (F.WRONG_TYPE, (*S, 0), False)),
    "misspelt statement": (
        {"Statements": []},
        Kind.SCP,
        (F.UNKNOWN_ELEMENT, ("Statements",), True),
    ),
    "version": (
        {"Version": "2012-10-18", "Statement": HEAD},
        Kind.IDENTITY,
        (F.INVALID_VERSION, ("Version",), False),
    ),
    "version number": (
        {"Version": 2012, "Statement": HEAD},
        Kind.IDENTITY,
        (F.WRONG_TYPE, ("Version",), False),
    ),
    "id number": (
        {"Id": 1, "Statement": HEAD},
        Kind.IDENTITY,
        (F.WRONG_TYPE, ("Id",), False),
    ),
    "unknown element": (
        policy(Comment=1),
        Kind.IDENTITY,
        (F.UNKNOWN_ELEMENT, (*S, "Comment"), True),
    ),
    "lower-case effect": (
        without("Effect", effect="Allow"),
        Kind.IDENTITY,
        (F.UNKNOWN_ELEMENT, (*S, "effect"), True),
    ),
    "sid number": (policy(Sid=1), Kind.IDENTITY, (F.WRONG_TYPE, (*S, "Sid"), False)),
    "no effect": (without("Effect"), Kind.IDENTITY, (F.MISSING_EFFECT, S, False)),
    "no action": (without("Action"), Kind.IDENTITY, (F.MISSING_ACTION, S, False)),
    "no resource": (without("Resource"), Kind.BOUNDARY, (F.MISSING_RESOURCE, S, False)),
    "no principal": (policy(), Kind.ENDPOINT, (F.MISSING_PRINCIPAL, S, False)),
    "effect": (policy(Effect="allow"), Kind.IDENTITY, (F.INVALID_EFFECT, (*S, "Effect"), False)),
    "effect true": (policy(Effect=True), Kind.IDENTITY, (F.WRONG_TYPE, (*S, "Effect"), False)),
    "both actions": (
        policy(NotAction="a:b"),
        Kind.IDENTITY,
        (F.CONFLICTING_ELEMENTS, (*S, "NotAction"), True),
    ),
    "principal in identity": (
        policy(Principal="*"),
        Kind.IDENTITY,
        (F.MISPLACED_PRINCIPAL, (*S, "Principal"), True),
    ),
    "not principal in scp": (
        policy(NotPrincipal={"AWS": "1"}),
        Kind.SCP,
        (F.MISPLACED_PRINCIPAL, (*S, "NotPrincipal"), True),
    ),
    "bare principal": (
        policy(Principal="1"),
        Kind.RESOURCE,
        (F.INVALID_PRINCIPAL, (*S, "Principal"), False),
    ),
    "principal list": (
        policy(Principal=["*"]),
        Kind.RESOURCE,
        (F.INVALID_PRINCIPAL, (*S, "Principal"), False),
    ),
    "principal number": (
        policy(Principal=1),
        Kind.RESOURCE,
        (F.WRONG_TYPE, (*S, "Principal"), False),
    ),
    "empty principal": (
        policy(Principal={}),
        Kind.RESOURCE,
        (F.EMPTY_PRINCIPAL_OBJECT, (*S, "Principal"), False),
    ),
    "empty principal list": (
        policy(Principal=[]),
        Kind.RESOURCE,
        (F.EMPTY_PRINCIPAL_LIST, (*S, "Principal"), False),
    ),
    "empty list of accounts": (
        policy(Principal={"AWS": []}),
        Kind.RESOURCE,
        (F.EMPTY_PRINCIPAL_LIST, (*S, "Principal", "AWS"), False),
    ),
    "principal type": (
        policy(Principal={"aws": "1"}),
        Kind.RESOURCE,
        (F.UNKNOWN_PRINCIPAL_TYPE, (*S, "Principal", "aws"), True),
    ),
    "account number": (
        policy(Principal={"AWS": [1]}),
        Kind.RESOURCE,
        (F.WRONG_TYPE, (*S, "Principal", "AWS", 0), False),
    ),
    "action object": (policy(Action={}), Kind.IDENTITY, (F.WRONG_TYPE, (*S, "Action"), False)),
    "action list in list": (
        policy(Action=["a:b", ["c:d"]]),
        Kind.IDENTITY,
        (F.WRONG_TYPE, (*S, "Action", 1), False),
    ),
    "no actions": (policy(Action=[]), Kind.IDENTITY, (F.EMPTY_ACTION, (*S, "Action"), False)),
    "no resources": (
        without("Resource", NotResource=[]),
        Kind.IDENTITY,
        (F.EMPTY_RESOURCE, (*S, "NotResource"), False),
    ),
    "condition list": (policy(Condition=[]), Kind.IDENTITY, (F.WRONG_TYPE, C, False)),
    "condition null": (policy(Condition=None), Kind.IDENTITY, (F.WRONG_TYPE, C, False)),
    "empty condition": (policy(Condition={}), Kind.IDENTITY, (F.EMPTY_CONDITION, C, False)),
    "empty operator": (
        condition("Bool", {}),
        Kind.IDENTITY,
        (F.EMPTY_OPERATOR, (*C, "Bool"), False),
    ),
    "operator of text": (
        condition("Bool", "x"),
        Kind.IDENTITY,
        (F.WRONG_TYPE, (*C, "Bool"), False),
    ),
    "operator": (
        condition("StringEqual", {"a:b": "c"}),
        Kind.IDENTITY,
        (F.UNKNOWN_OPERATOR, (*C, "StringEqual"), True),
    ),
    "quantifier": (
        condition("ForSome:StringEquals", {"a:b": "c"}),
        Kind.IDENTITY,
        (F.UNKNOWN_OPERATOR, (*C, "ForSome:StringEquals"), True),
    ),
    "null if exists": (
        condition("ForAnyValue:NullIfExists", {"a:b": "true"}),
        Kind.IDENTITY,
        (F.NULL_IF_EXISTS, (*C, "ForAnyValue:NullIfExists"), True),
    ),
    "key without prefix": (
        condition("Bool", {"b": "true"}),
        Kind.IDENTITY,
        (F.INVALID_CONDITION_KEY, (*C, "Bool", "b"), True),
    ),
    "key without name": (
        condition("Bool", {"aws:": "true"}),
        Kind.IDENTITY,
        (F.INVALID_CONDITION_KEY, (*C, "Bool", "aws:"), True),
    ),
    "no values": (
        condition("Bool", {"a:b": []}),
        Kind.IDENTITY,
        (F.EMPTY_VALUES, (*C, "Bool", "a:b"), False),
    ),
    "mixed values": (
        condition("StringEquals", {"a:b": ["1", True]}),
        Kind.IDENTITY,
        (F.MIXED_VALUES, (*C, "StringEquals", "a:b"), False),
    ),
    "value object": (
        condition("StringEquals", {"a:b": {}}),
        Kind.IDENTITY,
        (F.WRONG_TYPE, (*C, "StringEquals", "a:b"), False),
    ),
    "value null in list": (
        condition("StringEquals", {"a:b": ["c", None]}),
        Kind.IDENTITY,
        (F.WRONG_TYPE, (*C, "StringEquals", "a:b", 1), False),
    ),
}


@pytest.mark.parametrize(("value", "kind", "expected"), ONE.values(), ids=ONE)
def test_one_fault_is_one_problem_at_its_place(value: Value, kind: Kind, expected: Found) -> None:
    assert found(value, kind) == [expected]


def test_every_problem_of_a_statement_is_found() -> None:
    value: Value = {"Version": "1", "Statement": [{"Sid": 1}, 7, {"Effect": "x", "Action": []}]}

    assert found(value) == [
        (F.INVALID_VERSION, ("Version",), False),
        (F.MISSING_EFFECT, (*S, 0), False),
        (F.MISSING_ACTION, (*S, 0), False),
        (F.MISSING_RESOURCE, (*S, 0), False),
        (F.WRONG_TYPE, (*S, 0, "Sid"), False),
        (F.WRONG_TYPE, (*S, 1), False),
        (F.MISSING_RESOURCE, (*S, 2), False),
        (F.INVALID_EFFECT, (*S, 2, "Effect"), False),
        (F.EMPTY_ACTION, (*S, 2, "Action"), False),
    ]


@pytest.mark.parametrize(
    ("value", "help_"),
    [
        (policy(Effect="allow"), "did you mean `Allow`?"),
        (policy(Resouce="*"), "did you mean `Resource`?"),
        (condition("StringEqual", {"a:b": "c"}), "did you mean `StringEquals`?"),
        (policy(Effect="Permit"), "write `Allow` or `Deny`"),
        (
            {"Statement": HEAD, "Comment": 1},
            "the elements are `Version`, `Id` and `Statement`",
        ),
    ],
)
def test_help_names_what_was_probably_meant(value: Value, help_: str) -> None:
    assert [p.help for p in parse_policy(value, Kind.IDENTITY).problems] == [help_]


@pytest.mark.parametrize(
    ("principal", "help_"),
    [
        ("111122223333", 'write `{"AWS": "111122223333"}`'),
        ("ec2.amazonaws.com", 'write `{"Service": "ec2.amazonaws.com"}`'),
        (
            "arn:aws:iam::1:saml-provider/x",
            'write `{"Federated": "arn:aws:iam::1:saml-provider/x"}`',
        ),
        (["*"], None),
    ],
)
def test_help_names_the_type_of_a_bare_principal(principal: Value, help_: str | None) -> None:
    (problem,) = parse_policy(policy(Principal=principal), Kind.RESOURCE).problems

    assert problem.help == help_


@pytest.mark.parametrize(
    ("key", "lack"),
    [("Key", "prefix"), (":Key", "prefix"), ("", "prefix"), ("aws:", "name after its prefix")],
)
def test_a_message_says_what_a_condition_key_lacks(key: str, lack: str) -> None:
    (problem,) = parse_policy(condition("Bool", {key: "true"}), Kind.IDENTITY).problems

    assert problem.message == f"the condition key `{key}` has no {lack}, so AWS rejects the policy"


def test_statements_keep_their_number_when_one_cannot_be_read() -> None:
    read = parse_policy({"Statement": [7, HEAD]}, Kind.IDENTITY).statements

    assert [(s.index, s.at.pointer) for s in read] == [(1, (*S, 1))]


def test_a_single_statement_is_number_0_and_has_no_index_in_its_pointer() -> None:
    only = statement(policy())

    assert (only.index, only.at.pointer) == (0, S)


def test_a_string_is_a_list_of_one_but_for_its_pointer() -> None:
    at = At((*S, "Action"))
    scalar = statement(policy(Action="a:b")).action
    listed = statement(policy(Action=["a:b"])).action

    assert scalar == Element("Action", (Entry("a:b", at),), at, scalar=True)
    assert listed == Element("Action", (Entry("a:b", at / 0),), at)


def test_a_bare_star_is_everyone() -> None:
    at = At((*S, "Principal"))

    assert statement(policy(Principal="*"), Kind.RESOURCE).principal == Principals(
        "Principal", (Principal(PrincipalType.AWS, Entry("*", at)),), at, bare=True
    )


def test_principals_keep_their_types_and_places() -> None:
    read = statement(policy(Principal={"Service": "x", "AWS": ["*", "1"]}), Kind.RESOURCE)
    at = At((*S, "Principal"))

    assert read.principals == (
        Principal(PrincipalType.SERVICE, Entry("x", at / "Service")),
        Principal(PrincipalType.AWS, Entry("*", at / "AWS" / 0)),
        Principal(PrincipalType.AWS, Entry("1", at / "AWS" / 1)),
    )
    assert [p.is_everyone for p in read.principals] == [False, True, False]


def test_numbers_and_booleans_of_conditions_are_read_as_their_json_text() -> None:
    (read,) = statement(condition("Bool", {"a:b": [True, False, 7, 2.5]})).conditions

    assert [entry.text for entry in read.values] == ["true", "false", "7", "2.5"]


def test_a_condition_knows_the_places_of_operator_key_and_values() -> None:
    (read,) = statement(condition("Bool", {"a:b": ["true"]})).conditions

    assert read.operator_at == At((*C, "Bool"), key=True)
    assert read.at == At((*C, "Bool", "a:b"), key=True)
    assert read.values_at == At((*C, "Bool", "a:b"))
    assert [entry.at for entry in read.values] == [At((*C, "Bool", "a:b", 0))]


def test_version_and_effect_are_words_of_the_language() -> None:
    read = parse_policy(policy(Effect="Deny"), Kind.IDENTITY)

    assert (read.version, read.statements[0].effect) == (Version.V2012, Effect.DENY)
    assert read.knows_variables


@pytest.mark.parametrize(
    ("value", "version", "has_version"),
    [
        ({"Statement": HEAD}, None, False),
        ({"Version": "2008-10-17", "Statement": HEAD}, Version.V2008, True),
        ({"Version": "2012", "Statement": HEAD}, None, True),
        ({"version": "2012-10-17", "Statement": HEAD}, None, True),
        ({"Version": Unknown("${v}"), "Statement": HEAD}, None, True),
    ],
)
def test_a_version_that_is_wrong_is_not_missing(
    value: Value, version: Version | None, *, has_version: bool
) -> None:
    read = parse_policy(value, Kind.IDENTITY)

    assert (read.version, read.has_version) == (version, has_version)
    assert not read.knows_variables


SOME = Unknown("${x}")
PART = Partial(("arn:aws:s3:::", SOME))
OPAQUE: dict[str, tuple[Value, frozenset[str]]] = {
    "effect": (policy(Effect=SOME), frozenset({"Effect"})),
    "action": (policy(Action=["a:b", SOME]), frozenset({"Action"})),
    "resource": (policy(Resource=PART), frozenset({"Resource"})),
    "tagged list": (policy(Resource=Tagged("!If", ["a", "b"])), frozenset({"Resource"})),
    "condition": (policy(Condition=SOME), frozenset({"Condition"})),
    "operator": (condition("StringEquals", SOME), frozenset({"Condition"})),
    "value": (condition("StringEquals", {"a:b": ["c", PART]}), frozenset({"Condition"})),
}


@pytest.mark.parametrize(("value", "opaque"), OPAQUE.values(), ids=OPAQUE)
def test_what_cannot_be_known_is_no_problem_but_makes_its_element_opaque(
    value: Value, opaque: frozenset[str]
) -> None:
    assert found(value) == []
    assert statement(value).opaque == opaque


def test_unknown_principals_make_their_element_opaque() -> None:
    values: list[Value] = [SOME, {"AWS": SOME}, {"AWS": ["1", PART]}]
    for value in values:
        read = statement(policy(Principal=value), Kind.RESOURCE)
        assert read.opaque == frozenset({"Principal"})


def test_an_unknown_statement_or_policy_is_opaque_and_no_problem() -> None:
    read = parse_policy({"Version": "2012-10-17", "Statement": [SOME]}, Kind.IDENTITY)

    assert read.problems == ()
    assert "Action" in read.statements[0].opaque
    assert parse_policy(SOME, Kind.IDENTITY).opaque == frozenset({"Statement"})
    assert parse_policy({"Statement": SOME}, Kind.IDENTITY).opaque == frozenset({"Statement"})


def test_an_entry_writes_unknown_parts_as_the_file_does() -> None:
    read = statement(policy(Resource=[PART, SOME, Tagged("!Ref", "Bucket"), "x"]))

    assert [entry.text for entry in read.resources] == [
        "arn:aws:s3:::${x}",
        "${x}",
        "!Ref Bucket",
        "x",
    ]
    assert [entry.known for entry in read.resources] == [None, None, None, "x"]
