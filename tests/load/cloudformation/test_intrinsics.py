"""The values of the functions of a template in a policy."""

from __future__ import annotations

import json
from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from iamlint.load.cloudformation.readings import MAX_ALONE, MAX_NODES
from tests.support.loading import load_text

if TYPE_CHECKING:
    from iamlint.load import Document, Loaded, NotAnalysed

HEAD = """\
AWSTemplateFormatVersion: 2010-09-09
Parameters: {Param: {Type: String, Default: value}}
Mappings: {Map: {a: {x: one, y: two}, b: {x: one, y: three}}}
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: data}}
  Named: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${Param}-q"}}
  Nameless: {Type: AWS::SNS::Topic}
  Role: {Type: AWS::IAM::Role, Properties: {Path: /team/, RoleName: r}}
  Self: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Self}}
  Odd: {Type: AWS::Odd::Thing}
"""
P, R, A = "${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}"
S = "${AWS::StackName}"


def loaded(text: str) -> Loaded:
    return load_text(text, "template.yaml")


def with_policy(policy: str) -> str:
    return (
        f"{HEAD}  It:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
        f"      PolicyDocument:{policy}\n"
    )


def with_resource(resource: str) -> Document:
    statement = f"{{Effect: Allow, Action: 's3:*', Resource: {resource}}}"
    found = loaded(with_policy(f" {{Version: 2012-10-17, Statement: [{statement}]}}"))
    (document,) = found.documents
    return document


def texts(document: Document) -> list[tuple[str, bool]]:
    (statement,) = document.policy.statements
    return [(entry.text, entry.known is not None) for entry in statement.resources]


@pytest.mark.parametrize(
    ("resource", "text", "is_known"),
    [
        ("!Ref Param", "${Param}", False),
        ("{Ref: Param}", "${Param}", False),
        ("!Ref AWS::AccountId", A, False),
        ("!Ref Bucket", "data", True),
        ("!Ref Nameless", f"arn:{P}:sns:{R}:{A}:{S}-Nameless-${{Nameless}}", False),
        (
            "!Ref Named",
            "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/${Param}-q",
            False,
        ),
        ("!Ref Odd", "${Odd}", False),
        ("!Ref NoSuch", "${NoSuch}", False),
        ("!Ref Self", "${Self}", False),
        ("!GetAtt Bucket.Arn", f"arn:{P}:s3:::data", False),
        ("{'Fn::GetAtt': [Bucket, Arn]}", f"arn:{P}:s3:::data", False),
        ("{'Fn::GetAtt': Bucket.Arn}", f"arn:{P}:s3:::data", False),
        ("!GetAtt [Bucket, DomainName]", "${Bucket.DomainName}", False),
        ("!GetAtt Named.Arn", f"arn:{P}:sqs:{R}:{A}:${{Param}}-q", False),
        ("!GetAtt Role.Arn", f"arn:{P}:iam::{A}:role/team/r", False),
        ('!Sub "arn:aws:s3:::${Bucket}/x"', "arn:aws:s3:::data/x", True),
        ('!Sub "a${!aws:userid}b"', "a${aws:userid}b", True),
        ('!Sub "a${Param}b${Odd.Arn}"', "a${Param}b${Odd.Arn}", False),
        ('!Sub ["a/${X}/${Y}", {X: one, Y: !Ref Param}]', "a/one/${Param}", False),
        ('!Sub ["a/${X}", {X: !Sub "b${Bucket}"}]', "a/bdata", True),
        ('!Sub ["a/${x:y}", {"x:y": b}]', "a/b", True),
        ('!Sub "open ${Bucket"', "open ${Bucket", True),
        ('!Join [":", [arn, aws, s3, "", "", !Ref Bucket]]', "arn:aws:s3:::data", True),
        ('!Join ["/", [!GetAtt Bucket.Arn, "*"]]', f"arn:{P}:s3:::data/*", False),
        ('!Join ["/", !Ref Param]', "${Fn::Join}", False),
        ("!Select [1, [a, b]]", "b", True),
        ("!Select [7, [a, b]]", "${Fn::Select}", False),
        ('!Select [1, !Split ["|", "a|b"]]', "b", True),
        ('!Select [1, !Split ["|", !Ref Param]]', "${Fn::Select}", False),
        ("!FindInMap [Map, a, y]", "two", True),
        ("!FindInMap [Map, !Ref Param, x]", "one", True),
        ("!FindInMap [Map, !Ref Param, y]", "${Fn::FindInMap}", False),
        ("!FindInMap [Map, c, y]", "${Fn::FindInMap}", False),
        ("!FindInMap [Map, c, y, {DefaultValue: four}]", "four", True),
        ("!FindInMap [Map, a, y, {DefaultValue: four}]", "two", True),
        ("!FindInMap [Map, !Ref Param, x, {DefaultValue: four}]", "${Fn::FindInMap}", False),
        ("!FindInMap [Map, !Ref Param, x, {DefaultValue: one}]", "one", True),
        ("!FindInMap [Map, c, y, {DefaultValue: !Ref Bucket}]", "data", True),
        ("!FindInMap [Map, a]", "${Fn::FindInMap}", False),
        ("!FindInMap Map", "${Fn::FindInMap}", False),
        ('!Join ["/", [a, true, 1]]', "a/true/1", True),
        ("!ImportValue other", "${Fn::ImportValue}", False),
        ("'{{resolve:ssm:name}}/x'", "{{resolve:ssm:name}}/x", False),
        ("!Unheard [of]", "${Fn::Unheard}", False),
        ("!Sub [1, 2, 3]", "${Fn::Sub}", False),
        ("{'Fn::Join': oops}", "${Fn::Join}", False),
        ("{'Fn::If': [a]}", "${Fn::If}", False),
    ],
)
def test_function_gives(resource: str, text: str, is_known: bool) -> None:  # noqa: FBT001 - a column of the table
    assert texts(with_resource(resource)) == [(text, is_known)]


def test_no_value_takes_away_what_it_stands_for() -> None:
    document = with_resource("[a, !Ref AWS::NoValue, b], Sid: !Ref AWS::NoValue")

    assert texts(document) == [("a", True), ("b", True)]
    assert document.policy.statements[0].sid is None
    second = document.span(document.policy.statements[0].resources[1].at)
    assert document.source.text[second.start : second.end] == "b"


def test_conditions_are_kept_consistent() -> None:
    policy = """
        Version: 2012-10-17
        Statement:
          - !If [A, {Effect: Allow, Action: a:a, Resource: !If [A, x, y]}, !Ref AWS::NoValue]
          - {Effect: Allow, Action: !If [A, c:c, d:d], Resource: !If [B, e, f]}"""
    found = loaded(with_policy(policy)).documents

    assert [(d.when, _said(d)) for d in found] == [
        ("A and B", "a:a x, c:c e"),
        ("A and not B", "a:a x, c:c f"),
        ("not A and B", "d:d e"),
        ("not A and not B", "d:d f"),
    ]
    assert len({d.pointer for d in found}) == 1


def _said(document: Document) -> str:
    return ", ".join(
        f"{s.actions[0].text} {s.resources[0].text}" for s in document.policy.statements
    )


def test_a_list_that_a_condition_chooses_joins_the_items_around_it() -> None:
    document, _ = loaded(
        with_policy(
            " {Statement: [{Effect: Allow, Action: [a:a, !If [X, [b:b, c:c], !Ref AWS::NoValue],"
            " d:d], Resource: '*'}]}"
        )
    ).documents

    (statement,) = document.policy.statements
    assert [entry.text for entry in statement.actions] == ["a:a", "b:b", "c:c", "d:d"]
    for entry in statement.actions:
        place = document.span(entry.at)
        assert document.source.text[place.start : place.end] == entry.text


def test_the_condition_of_the_resource_holds_inside() -> None:
    text = with_policy(" {Statement: [{Effect: Allow, Action: !If [X, a:a, b:b], Resource: '*'}]}")
    (document,) = loaded(
        text.replace("ManagedPolicy\n", "ManagedPolicy\n    Condition: X\n")
    ).documents

    assert (document.when, _said(document)) == ("", "a:a *")


def test_many_conditions_are_bounded_and_said_to_be() -> None:
    actions = ", ".join(f"!If [C{n}, a:a{n}, b:b{n}]" for n in range(MAX_ALONE + 8))
    found = loaded(
        with_policy(f" {{Statement: [{{Effect: Allow, Action: [{actions}], Resource: '*'}}]}}")
    )

    assert len(found.documents) == 2 * MAX_ALONE
    assert [n.reason for n in found.not_analysed] == [
        "depends on many conditions: not every combination is evaluated"
    ]
    seen = {e.text for d in found.documents for s in d.policy.statements for e in s.actions}
    assert seen == {*(f"{x}:{x}{n}" for x in "ab" for n in range(MAX_ALONE)), "${Fn::If}"}


def test_of_a_large_policy_fewer_conditions_are_looked_at() -> None:
    actions = ", ".join(f"!If [C{n}, a:a{n}, b:b{n}]" for n in range(8))
    more = ", ".join(["c:c"] * (MAX_NODES // 4))
    found = loaded(
        with_policy(
            f" {{Statement: [{{Effect: Allow, Action: [{actions}, {more}], Resource: '*'}}]}}"
        )
    )

    assert len(found.documents) == 2 * 3
    assert [n.reason for n in found.not_analysed] == [
        "depends on many conditions: not every combination is evaluated"
    ]


@pytest.mark.parametrize(
    "written",
    [
        " !Sub '{json}'",
        ' {{"Fn::Sub": {quoted}}}',
        ' {{"Fn::Sub": [{quoted}, {{X: "data"}}]}}',
        " '{json}'",
        ' {{"Fn::If": [A, {quoted}, !Ref AWS::NoValue]}}',
        " !Sub |\n{block}",
        ' {{"Fn::ToJsonString": {json}}}',
        " {json}",
    ],
)
def test_a_policy_is_read_however_it_is_written(written: str) -> None:
    statement = '{"Effect": "Deny", "Action": "a:a", "Resource": "b"}'
    policy = f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'
    block = indent(policy.replace(", ", ",\n"), " " * 10)
    text = with_policy(written.format(json=policy, quoted=json.dumps(policy), block=block))
    (document,) = loaded(text).documents

    assert _said(document) == "a:a b"
    place = document.span(document.policy.statements[0].resources[0].at)
    assert text[place.start : place.end].strip('\\"') == "b"


def test_a_policy_that_a_function_joins_stands_where_the_function_does() -> None:
    start = '{"Statement": [{"Effect": "Allow", "Action": "${a:b}", "Resource": "'
    call = f"""!Join ["", ['{start}', !Ref Param, '/${{aws:x}}"}}]}}']]"""
    text = with_policy(f" {call}")
    (document,) = loaded(text).documents

    (statement,) = document.policy.statements
    (resource,) = statement.resources
    assert resource.text == "${Param}/${aws:x}"
    assert statement.actions[0].known == "${a:b}"
    place = document.span(resource.at)
    assert text[place.start : place.end] == call


def test_a_policy_variable_in_a_sub_is_a_problem_and_stays_the_variable() -> None:
    document = with_resource('!Sub "arn:aws:s3:::b/${aws:username}"')

    assert texts(document) == [("arn:aws:s3:::b/${aws:username}", True)]
    (problem,) = [p for p in document.policy.problems if p.fault == "substituted variable"]
    assert problem.at.pointer == ("Statement", 0, "Resource")


@pytest.mark.parametrize("name", ["AWS::Region", "self:custom.x", "opt:stage", "aws:region", "a"])
def test_names_of_templates_are_no_policy_variables(name: str) -> None:
    assert with_resource(f'!Sub "${{{name}}}"').problems == ()


def left_out(policy: str) -> list[NotAnalysed]:
    return list(loaded(with_policy(policy)).not_analysed)


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (" !Ref Param", "`${Param}` is not known"),
        (" !ImportValue x", "`${Fn::ImportValue}` is not known"),
        (" '{{resolve:ssm:policy}}'", "`{{resolve:ssm:policy}}` is not known"),
        (" {Statement: !Ref Param}", "`${Param}` is not known"),
        (" {Fn::Transform: {Name: x}, Statement: []}", "`${Fn::Transform}` is not known"),
    ],
)
def test_what_is_not_known_is_said(policy: str, reason: str) -> None:
    assert [item.reason for item in left_out(policy)] == [reason]


def test_deep_and_wide_templates_are_answered() -> None:
    deep = " !If [A, " * 190 + "{}" + ", !Ref AWS::NoValue]" * 190
    wide = f""" !Sub ["{"${X}" * 20_000}", {{X: "{"x" * 20_000}"}}]"""

    assert loaded(with_policy(deep)).documents
    found = loaded(
        with_policy(f" {{Statement: [{{Effect: Allow, Action: a:a, Resource:{wide}}}]}}")
    )
    assert [text for text, _ in texts(found.documents[0])] == ["${…}"]
    assert found.not_analysed[-1].reason == "its functions make more than 10,000,000 characters"


def test_names_that_lead_in_circles_are_unknown() -> None:
    text = with_policy(" {Statement: [{Effect: Allow, Action: 's3:*', Resource: !Ref B1}]}")
    circle = "".join(
        f'  B{n}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Sub "${{B{n % 3 + 1}}}"}}}}\n'
        for n in (1, 2, 3)
    )
    (document,) = loaded(text + circle).documents

    assert [known for _, known in texts(document)] == [False]


def test_a_name_that_a_sub_makes_is_kept_where_it_still_tells_a_condition_key() -> None:
    keys = '"${Param}:sub": "a", "aws:ResourceTag/${Param}": "b", "${X}": "c"'
    statement = (
        f'{{"Effect": "Allow", "Action": "a:a", "Resource": "*", "Condition":'
        f' {{"StringEquals": {{{keys}}}, "StringLike": {{"${{X}}": "d"}}}}}}'
    )
    text = with_policy(f""" !Sub ['{{"Statement": [{statement}]}}', {{X: "aws:PrincipalTag/a"}}]""")
    (document,) = loaded(text).documents

    (found,) = document.policy.statements
    assert [c.key for c in found.conditions] == [
        "${Param}:sub",
        "aws:ResourceTag/${Param}",
        "aws:PrincipalTag/a",
        "aws:PrincipalTag/a",
    ]
    key = document.span(found.conditions[3].at)
    assert text[key.start : key.end] == '"${X}"'


def test_an_object_with_an_unknown_name_is_unknown() -> None:
    statement = '{"Effect": "Allow", "Condition": {"StringEquals": {"${Param}": "a"}}}'
    (document,) = loaded(with_policy(f""" !Sub '{{"Statement": [{statement}]}}'""")).documents

    (found,) = document.policy.statements
    assert found.conditions == ()
    assert found.opaque == {"Condition"}


def test_what_a_transform_brings_in_is_said_to_be_left_out() -> None:
    include = "Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b}}"
    role = f"{{Type: AWS::IAM::Role, Properties: {{Path: /, {include}}}}}"
    text = f"# PolicyDocument\nResources:\n  {include}\n  A: {role}\n"

    assert [(*n.pointer, n.reason) for n in loaded(text).not_analysed] == [
        ("Resources", "Fn::Transform", "resources that `Fn::Transform` brings in"),
        (
            *("Resources", "A", "Properties", "Fn::Transform"),
            "properties that `Fn::Transform` brings in",
        ),
    ]


def test_the_construct_tree_of_cdk_is_not_read_a_second_time() -> None:
    tree = {"version": "tree-0.1", "tree": {"PolicyDocument": {"Statement": []}}}

    assert [n.reason for n in loaded(json.dumps(tree)).not_analysed] == [
        "construct tree of CDK: its policies are in the template"
    ]


def places(document: Document) -> list[str]:
    (statement,) = document.policy.statements
    spans = [document.span(entry.at) for entry in statement.resources]
    return [document.source.text[span.start : span.end] for span in spans]


def test_what_a_condition_chooses_stands_in_its_branch() -> None:
    policy = " {Statement: [{Effect: Allow, Action: a:a, Resource: !If [A, x, [y, z]]}]}"
    yes, no = loaded(with_policy(policy)).documents

    assert places(yes) == ["x"]
    assert places(no) == ["y", "z"]


def test_the_parts_of_a_computed_list_stand_where_its_function_does() -> None:
    call = '!Split ["|", "a|b|c"]'
    document = with_resource(call)

    assert texts(document) == [("a", True), ("b", True), ("c", True)]
    assert places(document) == [call] * 3


def test_conditions_on_the_way_to_a_policy_are_kept_consistent() -> None:
    one, other = (
        f"{{PolicyName: {name}, PolicyDocument: {{Statement: [{{Action: !If [A, a:a, b:b]}}]}}}}"
        for name in ("one", "other")
    )
    policies = f"!If [A, [!If [A, {one}, {other}]], !Ref AWS::NoValue]"
    properties = f"{{Policies: {policies}}}"
    text = f"{HEAD}  It: {{Type: AWS::IAM::Group, Properties: {properties}}}\n"

    assert [(d.name, d.when) for d in loaded(text).documents] == [("one", "A")]


def test_a_loop_that_never_turns_is_looked_at_once() -> None:
    body = "{It: {Type: Custom::A, Properties: {Statement: {Effect: Allow, Action: a:b}}}}"
    text = f"{HEAD}  Fn::ForEach::Loop: [Name, [], {body}]\n"

    assert [(d.attachment.address, d.when) for d in loaded(text).documents] == [("It", "")]


LOOP = """\
AWSTemplateFormatVersion: 2010-09-09
Transform: AWS::LanguageExtensions
Parameters: {{Names: {{Type: CommaDelimitedList}}}}
Resources:
  Fn::ForEach::Loop:
    - Name
    - {items}
    - P${{Name}}:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: "s3:*", Resource: {resource}}}]}}
"""


@pytest.mark.parametrize(
    ("items", "resource", "expected"),
    [
        ("[a, b-c]", '"x/${Name}/*"', [("x/a/*", True), ("x/b-c/*", True)]),
        ("[a, b-c]", '!Sub "x/${Name}/*"', [("x/a/*", True), ("x/b-c/*", True)]),
        ("[a, b-c]", '"x/&{Name}/*"', [("x/a/*", True), ("x/bc/*", True)]),
        ("[a]", "!Ref Name", [("a", True)]),
        ("[a]", '"x/${aws:username}"', [("x/${aws:username}", True)]),
        ("!Ref Names", '!Sub "x/${Name}/*"', [("x/${Name}/*", False)]),
        ("!Ref Names", '"x/${Name}/*"', [("x/${Name}/*", False)]),
        ("!Ref Names", '"x/&{Name}/*"', [("x/&{Name}/*", False)]),
        ("!Ref Names", '"x/${aws:username}"', [("x/${aws:username}", True)]),
        ("!Ref Names", "!Ref Name", [("${Name}", False)]),
    ],
)
def test_name_of_a_loop_is_the_item_of_each_turn_and_unknown_where_that_is(
    items: str, resource: str, expected: list[tuple[str, bool]]
) -> None:
    found = loaded(LOOP.format(items=items, resource=resource)).documents

    assert [text for document in found for text in texts(document)] == expected
