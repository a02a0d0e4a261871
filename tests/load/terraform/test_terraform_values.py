"""The values of expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.load import Document, LoadOptions, load
from iamlint.text.source import Partial, Unknown
from tests.support.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOCALS = """
locals {
  name = "app"
  list = ["a", "b"]
  map  = { x = "1", y = "2" }
  deep = [["a"], ["b", ["c"]]]
}
resource "aws_s3_bucket" "logs" {
  bucket = "logs-${local.name}"
}
resource "aws_iam_role" "app" {
  name = local.name
  path = "/x/"
}
variable "v" {
  default = "d"
}
"""


def read(text: str) -> tuple[Document, ...]:
    return load_text(text).documents


def value(expression: str) -> object:
    """Return the value of an expression in a condition, unknown parts in quotation marks."""
    (document, *_) = read(
        f"{LOCALS}\n"
        'resource "aws_iam_policy" "p" {\n'
        f"  policy = jsonencode({{Statement = [{{Effect = {expression}}}]}})\n}}\n"
    )
    return shown(document.value["Statement"][0]["Effect"])  # type: ignore[index,call-overload]  # it is written so


def shown(found: object) -> object:
    if isinstance(found, Unknown):
        return f"«{found.text}»"
    if isinstance(found, Partial):
        return "".join(p if isinstance(p, str) else f"«{p.text}»" for p in found.parts)
    if isinstance(found, list):
        return [shown(item) for item in found]
    if isinstance(found, dict):
        return {name: shown(item) for name, item in found.items()}
    return found


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("1", 1),
        ("-1.5", -1.5),
        ('true ? "a" : true ? "b" : "c"', "a"),
        ('false ? "a" : true ? "b" : "c"', "b"),
        ('false ? "a" : false ? "b" : false ? "c" : "d"', "d"),
        ('(false ? true : true) ? "a" : "b"', "a"),
        ('true ? false ? "a" : "b" : "c"', "b"),
        ('"${1.0}, ${1.5}, ${true}"', "1, 1.5, true"),
        ("tostring(5)", "5"),
        ("tostring(null)", None),
        ("tonumber(null)", None),
        ('tonumber("1.5")', 1.5),
        ("tonumber(2)", 2),
        ('tobool("true")', True),
        ("tobool(false)", False),
        ("tomap(local.map)", {"x": "1", "y": "2"}),
        ('tolist([1, "a"])', ["1", "a"]),
        ('toset(["b", "a", "b"])', ["a", "b"]),
        ('tolist(toset(["b", "a"]))[0]', "a"),
        ('tolist(toset(["b", var.v]))[0]', '«${tolist(toset(["b", var.v]))[0]}»'),
        ('[for x in toset(["b", "a"]) : x]', ["a", "b"]),
        ('sort(["b", "a"])[0]', "a"),
        ('sort(["b", var.v])[0]', '«${sort(["b", var.v])[0]}»'),
        ('sort(["b", var.v])', ["b", "«${var.v}»"]),
        ("sort([var.v])[0]", "«${var.v}»"),
        ("sort(var.v)", "«${var.v}»"),
        ("sort([2, 1])", ["1", "2"]),
        ('reverse(["b", "c", "a"])[0]', "a"),
        ("reverse(var.v)", "«${var.v}»"),
        ("keys({b = 1, a = 2})[0]", "a"),
        ("values({b = 1, a = 2})[0]", 2),
        ("[for k, v in {b = 1, a = 2} : k]", ["a", "b"]),
        ('setunion(["a"], ["a", "b"])', ["a", "b"]),
        ('[for k, v in toset(["a"]) : "${k}=${v}"]', ["a=a"]),
        ('[for k, v in ["a"] : "${k}=${v}"]', ["0=a"]),
        ('[for k, v in tolist(toset(["a"])) : "${k}=${v}"]', ["0=a"]),
        ("!true", False),
        ("null", None),
        ('"x${local.name}y"', "xappy"),
        ('"${local.list}"', ["a", "b"]),
        ('"a${var.v}b"', "a«${var.v}»b"),
        ("var.v", "«${var.v}»"),
        ("local.list[1]", "b"),
        ("local.list[5]", "«${local.list[5]}»"),
        ("local.map.x", "1"),
        ('local.map["y"]', "2"),
        ("local.map.z", "«${local.map.z}»"),
        ("[for m in [local.map, {x = 3}] : m][*].x", ["1", 3]),
        ('format("%s-%d%%", local.name, 3)', "app-3%"),
        ('format("%05d", 3)', '«${format("%05d", 3)}»'),
        ('format("%s")', '«${format("%s")}»'),
        ('join("-", local.list)', "a-b"),
        ('join("-", [var.v, "b"])', "«${var.v}»-b"),
        ('concat(local.list, ["c"], var.v)', ["a", "b", "c", "«${var.v}»"]),
        ("flatten(local.deep)", ["a", "b", "c"]),
        ('distinct(["a", "b", "a"])', ["a", "b"]),
        ('compact(["a", "", null])', ["a"]),
        ("merge(local.map, {y = 3})", {"x": "1", "y": 3}),
        ("merge(local.map, var.v)", "«${var.v}»"),
        ("merge(local.map, var.v).x", "«${x}»"),
        ("merge(local.map, var.v).z", "«${merge(local.map, var.v).z}»"),
        ("merge(var.v, local.map).x", "1"),
        (
            'lookup(merge(var.v, local.map), "z", "d")',
            '«${lookup(merge(var.v, local.map), "z", "d")}»',
        ),
        ("keys(merge(var.v, local.map))", ["«${var.v}»", "x", "y"]),
        ("length(merge(var.v, local.map))", "«${length(merge(var.v, local.map))}»"),
        ("one(local.list)", "«${one(local.list)}»"),
        ('one(["a"])', "a"),
        ("one([])", None),
        ("can(local.map.z)", False),
        ("can(local.map.x)", True),
        ("can(var.v)", "«${can(var.v)}»"),
        ("try(local.map.z, local.map.y)", "2"),
        ('try(local.map.z, var.v, "d")', "«${var.v}»"),
        ('coalesce(null, "", "a")', "a"),
        ('coalescelist([], ["a"])', ["a"]),
        ('yamldecode("a: [1, x]").a', [1, "x"]),
        ('lookup(local.map, "x", "d")', "1"),
        ('lookup(local.map, "z", "d")', "d"),
        ("element(local.list, 3)", "b"),
        ("keys(local.map)", ["x", "y"]),
        ("values(local.map)", ["1", "2"]),
        ("length(local.list)", 2),
        ('split(",", "a,b")', ["a", "b"]),
        ('replace("a.b", ".", "-")', "a-b"),
        ('replace("a.b", "/x/", "-")', '«${replace("a.b", "/x/", "-")}»'),
        ('upper("a")', "A"),
        ('trimspace("  a ${var.v} ")', "a «${var.v}»"),
        ("toset(local.list)", ["a", "b"]),
        ("tostring(local.name)", "app"),
        ("try(local.name, 1)", "app"),
        ("try(var.v, 1)", "«${var.v}»"),
        ('jsondecode("{\\"a\\": [1]}").a', [1]),
        ("uuid()", "«${uuid()}»"),
        ('true ? "a" : "b"', "a"),
        ('local.name == "app" ? "a" : "b"', "a"),
        ('local.name != "app" || false ? "a" : "b"', "b"),
        ('[for x in local.list : "${x}!" if x != "b"]', ["a!"]),
        ("[for k, v in local.map : k]", ["x", "y"]),
        ("{for k, v in local.map : v => k}", {"1": "x", "2": "y"}),
        ('[for x in var.v : "a:${x}"]', ["a:«${x}»"]),
        ("{for x in var.v : x => x}", "«${{for x in var.v : x => x}}»"),
        ("aws_s3_bucket.logs.bucket", "logs-app"),
        ("aws_s3_bucket.logs.id", "logs-app"),
        ("aws_s3_bucket.logs[0].id", "logs-app"),
        ('aws_s3_bucket.logs["x"].region', '«${aws_s3_bucket.logs["x"].region}»'),
        ('join("", aws_s3_bucket.logs.*.id)', "logs-app"),
        ("aws_s3_bucket.logs[*].id", ["logs-app"]),
        ("aws_s3_bucket.logs.arn", "arn:«${partition}»:s3:::logs-app"),
        ("aws_s3_bucket.logs.region", "«${aws_s3_bucket.logs.region}»"),
        ("aws_s3_bucket.none.arn", "«${aws_s3_bucket.none.arn}»"),
        ("aws_iam_role.app.arn", "arn:«${partition}»:iam::«${account}»:role/x/app"),
        ("data.aws_caller_identity.me.id", "«${data.aws_caller_identity.me.id}»"),
        ("module.m.arn", "«${module.m.arn}»"),
        ('2 < length(local.list) ? "a" : "b"', "b"),
        ("2 * 3 - length(local.list)", 4),
        ("1 + var.v", "«${1 + var.v}»"),
        ('var.v && false ? "a" : "b"', "b"),
        ('null == null && local.name != null ? "a" : "b"', "a"),
        ('local.map.z != null ? "a" : "b"', "b"),
        ('try(aws_s3_bucket.none[0].id, "")', "«${aws_s3_bucket.none[0].id}»"),
        (
            "data.aws_caller_identity.me[0].account_id",
            "«${data.aws_caller_identity.me[0].account_id}»",
        ),
        ("path.module", "."),
        ('1 == "1"', '«${1 == "1"}»'),
        ('1 != "1"', '«${1 != "1"}»'),
        ('1 == "2"', False),
        ('true == "true"', '«${true == "true"}»'),
        ("1 == 1.0", True),
        ('local.map.x == "1"', True),
        ('aws_s3_bucket.logs.bucket == "logs-app"', True),
        ("path.root", "."),
        ("true && false", False),
        ("true && true", True),
        ("false || true", True),
        ("false || false", False),
        ("var.v && false", False),
        ("var.v || true", True),
        ("local.name[*]", ["app"]),
        ("local.map[*].x", ["1"]),
        ("null[*]", []),
        ("var.v[*]", "«${var.v[*]}»"),
        ('concat([["a"], ["b"]]...)', ["a", "b"]),
        ("merge([local.map, {y = 3}]...)", {"x": "1", "y": 3}),
        ("merge(var.v...)", "«${merge(var.v...)}»"),
        ("merge([for x in var.v : {a = 1}]...)", "«${merge([for x in var.v : {a = 1}]...)}»"),
        (
            'length(concat([for x in var.v : ["a"]]...))',
            '«${length(concat([for x in var.v : ["a"]]...))}»',
        ),
        ('concat([for x in var.v : ["a"]]...)', ["a"]),
        ('element(concat(["a"], var.v), 0)', '«${element(concat(["a"], var.v), 0)}»'),
        ("merge(local.map, null)", {"x": "1", "y": "2"}),
        ("length(local.map)", 2),
        ("tolist(var.v)", "«${var.v}»"),
        ("{for x in local.list : x => local.name}", {"a": "app", "b": "app"}),
        ('{for x in local.list : "k" => x...}', '«${{for x in local.list : "k" => x...}}»'),
        ("{for x in local.list : var.v => x}", "«${{for x in local.list : var.v => x}}»"),
        ('formatlist("%s/*", local.list)', ["a/*", "b/*"]),
        ('join(",", [for x in var.v : "a"])', '«${join(",", [for x in var.v : "a"])}»'),
        ('trimspace(" ${var.v}")', "«${var.v}»"),
        ('trimspace("${var.v} ")', "«${var.v}»"),
        ('trimprefix("s3:Get", "s3:")', "Get"),
        ('trimsuffix("s3:Get", "Get")', "s3:"),
        ("trimsuffix(local.name, var.v)", "«${trimsuffix(local.name, var.v)}»"),
        ('zipmap(["a", "b"], [1, 2])', {"a": 1, "b": 2}),
        ('zipmap(["a", var.v], [1, 2])', '«${zipmap(["a", var.v], [1, 2])}»'),
        ("zipmap(var.v, [1])", "«${zipmap(var.v, [1])}»"),
        ('contains(["a", var.v], "a") ? "x" : "y"', "x"),
        ('contains(["a", "b"], "c") ? "x" : "y"', "y"),
        ('[contains(["a", var.v], "c")]', ['«${contains(["a", var.v], "c")}»']),
        ('slice(["a", "b", "c"], 1, 2)', ["b"]),
        ('slice(["a", "b"], 0, var.v)', '«${slice(["a", "b"], 0, var.v)}»'),
        ('setsubtract(["a", "b"], ["b", "c"])', ["a"]),
        ('setintersection(["a", "b"], ["b", "c"])', ["b"]),
        ('setsubtract(["a", var.v], ["b"])', '«${setsubtract(["a", var.v], ["b"])}»'),
        ('setintersection(["a"], ["b", var.v])', '«${setintersection(["a"], ["b", var.v])}»'),
        ("setsubtract(var.v, [])", "«${setsubtract(var.v, [])}»"),
        ('setproduct(["a"], var.v)', '«${setproduct(["a"], var.v)}»'),
        ('{ for k, v in zipmap(["x"], ["y"]) : v => k }', {"y": "x"}),
        ("fileset(var.v, local.name)", "«${fileset(var.v, local.name)}»"),
        ('basename("x/y")', "y"),
        ("basename(aws_iam_role.app.arn)", "app"),
        ('basename("x/${var.v}")', '«${basename("x/${var.v}")}»'),
        ('split(":::", aws_s3_bucket.logs.arn)[1]', "logs-app"),
        ('csvdecode("a,b\\n1,\\n\\"x,y\\",2")', [{"a": "1", "b": ""}, {"a": "x,y", "b": "2"}]),
        ('csvdecode("a\\n1,2")', '«${csvdecode("a\\n1,2")}»'),
        ("csvdecode(var.v)", "«${csvdecode(var.v)}»"),
        ('transpose({p = ["a", "b"], q = ["a"]})', {"a": ["p", "q"], "b": ["p"]}),
        ("transpose({p = [var.v]})", "«${transpose({p = [var.v]})}»"),
        ("transpose(var.v)", "«${transpose(var.v)}»"),
    ],
)
def test_expression_comes_to(expression: str, result: object) -> None:
    assert value(expression) == result


@pytest.mark.parametrize(
    "call",
    [
        'flatten("a")',
        'distinct("a")',
        'compact("a")',
        "tolist()",
        "toset()",
        "element([], 0)",
        'values("a")',
        'keys("a")',
        'length("a", "b")',
        'formatlist("%s-%s", ["a"], ["b", "c"])',
        "split(1)",
        "trimspace(local.list)",
        'templatefile("x.tpl")',
        "can()",
        'lower("A", "B")',
        'sort("a")',
        'reverse("a")',
    ],
)
def test_call_that_terraform_refuses_is_not_known(call: str) -> None:
    assert value(call) == f"«${{{call}}}»"


@pytest.mark.parametrize(
    "call",
    [
        "tostring(local.list)",
        "tostring(local.map)",
        "tonumber(true)",
        'tonumber("x")',
        "tonumber(local.list)",
        "tobool(1)",
        'tobool("yes")',
        "tolist(local.name)",
        "tolist(local.map)",
        "toset(local.name)",
        "toset(local.map)",
        "tomap(local.list)",
        "tomap(1)",
    ],
)
def test_conversion_fails_for_a_value_of_a_type_that_does_not_fit(call: str) -> None:
    assert [value(f'try({call}, "other")'), value(f"can({call})")] == ["other", False]


@pytest.mark.parametrize("name", ["tonumber", "tobool"])
def test_conversion_of_what_is_not_known_is_not_known(name: str) -> None:
    assert value(f"can({name}(var.v))") == f"«${{can({name}(var.v))}}»"


def test_condition_that_is_not_known_goes_both_ways() -> None:
    found = read(
        'resource "aws_iam_policy" "p" {\n  policy = jsonencode({Statement = [{'
        'Effect = var.v ? "Allow" : "Deny", Action = "a:b", Resource = "*"}]})\n}\n'
    )

    assert [(d.when, d.policy.statements[0].effect) for d in found] == [
        ("var.v", "Allow"),
        ("!(var.v)", "Deny"),
    ]


@pytest.mark.parametrize(
    ("attribute", "sids"),
    [
        ('source_policy_documents = ["%s", "%s"]', ["A", "B", "own"]),
        ('override_policy_documents = ["%s", "%s"]', ["own", "A", "B"]),
    ],
)
def test_documents_are_merged_in_the_order_of_the_provider(attribute: str, sids: list[str]) -> None:
    texts = tuple(
        f'{{\\"Statement\\": {{\\"Sid\\": \\"{sid}\\", \\"Effect\\": \\"Deny\\"}}}}' for sid in "AB"
    )
    (document,) = read(
        f'data "aws_iam_policy_document" "x" {{\n{attribute % texts}\n'
        '  statement {\n    sid = "own"\n    actions = ["a:b"]\n  }\n}\n'
    )

    assert [s.sid and s.sid.known for s in document.policy.statements] == sids


@pytest.mark.parametrize(
    ("text", "borrowed"),
    [
        ('jsonencode({Statement = [{Effect = "Allow", Action = ["a:b"]}]})', False),
        ('jsonencode({Statement = [{Effect = "Allow", Action = local.list}]})', True),
        ("jsonencode(local.policy)", True),
        ('jsonencode({Statement = [for x in local.list : {Effect = "Allow", Action = x}]})', True),
        ("data.aws_iam_policy_document.own.json", False),
        ("data.aws_iam_policy_document.turns.json", True),
        ("data.aws_iam_policy_document.taken.json", True),
    ],
)
def test_what_other_policies_may_take_too_is_borrowed(text: str, borrowed: object) -> None:
    documents = read(f"""{LOCALS}
locals {{
  policy = {{Statement = []}}
}}
data "aws_iam_policy_document" "own" {{
  statement {{
    actions = ["a:b"]
  }}
}}
data "aws_iam_policy_document" "turns" {{
  dynamic "statement" {{
    for_each = ["a:b", "a:c"]
    content {{
      actions = [statement.value]
    }}
  }}
}}
data "aws_iam_policy_document" "taken" {{
  statement {{
    actions = ["a:b"]
  }}
}}
data "aws_iam_policy_document" "taker" {{
  source_policy_documents = [data.aws_iam_policy_document.taken.json]
}}
resource "aws_iam_policy" "p" {{
  policy = {text}
}}
""")

    named = [d for d in documents if d.attachment.address == "aws_iam_policy.p"]
    assert [document.borrowed for document in named] == [borrowed]


NAMES = {
    "data source": 'data "aws_iam_policy_document" "d" {{\n  statement {{\n    condition {{\n'
    '      test = {test}\n      variable = {name}\n      values = ["1"]\n    }}\n  }}\n}}\n',
    "jsonencode": 'resource "aws_iam_policy" "p" {{\n  policy = jsonencode({{Statement = [{{'
    'Effect = "Allow", Condition = {{({test}) = {{({name}) = ["1"]}}}}}}]}})\n}}\n',
}
HEREDOC = (
    'resource "aws_iam_policy" "p" {{\n  policy = <<EOT\n{{"Statement": [{{"Effect": "Allow", '
    '"Condition": {{"{test}": {{"{name}": ["1"]}}}}}}]}}\nEOT\n}}\n'
)


@pytest.mark.parametrize("form", [*NAMES, "heredoc"])
@pytest.mark.parametrize(
    ("test", "name", "condition"),
    [
        ("StringLike", "${var.url}:sub", {"StringLike": {"${var.url}:sub": ["1"]}}),
        ("Bool", "aws:RequestTag/${var.x}", {"Bool": {"aws:RequestTag/${var.x}": ["1"]}}),
        ("Bool", "${var.key}", {"Bool": "«${var.key}»"}),
        ("Bool", "a${var.key}", {"Bool": "«a${var.key}»"}),
        ("${var.test}", "aws:a", "«${var.test}»"),
    ],
)
def test_names_of_a_condition_are_known_or_it_is_not(
    form: str, test: str, name: str, condition: object
) -> None:
    if form == "heredoc":
        text = HEREDOC.format(test=test, name=name)
    else:
        text = NAMES[form].format(test=f'"{test}"', name=f'"{name}"')

    (document,) = read(text)

    assert shown(document.value["Statement"][0]["Condition"]) == condition  # type: ignore[index,call-overload]  # it is written so
    assert [p for p in document.policy.problems if "condition" in p.message] == []


def test_conditions_of_one_test_are_put_together_by_their_names() -> None:
    block = 'condition {\n  test = "Bool"\n  variable = "%s"\n  values = ["%s"]\n}\n'
    blocks = "".join(
        block % pair for pair in (("${var.a}:x", 1), ("${var.a}:y", 2), ("${var.a}:x", 3))
    )
    (document,) = read(f'data "aws_iam_policy_document" "d" {{\n  statement {{\n{blocks}  }}\n}}\n')

    found = document.value["Statement"][0]["Condition"]  # type: ignore[index,call-overload]  # it is written so
    assert found == {"Bool": {"${var.a}:x": ["1", "3"], "${var.a}:y": ["2"]}}


@pytest.mark.parametrize(
    ("written", "statement"),
    [
        ('actions = var.a\n not_actions = ["a:b"]', {"NotAction": ["a:b"]}),
        ('actions = ["a:b"]\n not_actions = var.a', {"Action": ["a:b"]}),
        (
            (
                'dynamic "principals" {\n for_each = var.p\n content {\n type = principals.value\n'
                ' identifiers = ["*"]\n}\n}\n'
                'not_principals {\n type = "AWS"\n identifiers = ["*"]\n}'
            ),
            {"NotPrincipal": {"AWS": ["*"]}},
        ),
    ],
)
def test_unknown_element_beside_its_opposite_is_null(
    written: str, statement: Mapping[str, object]
) -> None:
    (document,) = read(
        f'data "aws_iam_policy_document" "d" {{\n statement {{\n {written}\n}}\n}}\n'
    )

    assert document.value == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", **statement}],
    }


A, B = (
    f'{{ Statement = [{{ Effect = "Allow", Action = "{name}", Resource = "*" }}] }}'
    for name in ("a:a", "a:b")
)
EITHER = '{ Statement = [{ Effect = "Allow", Action = var.x ? "a:c" : "a:d", Resource = "*" }] }'


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        (f"[{A}, {B}]", [("a:a", "", None), ("a:b", "", None)]),
        (
            f"[{A}, {EITHER}]",
            [("a:a", "", None), ("a:c", "var.x", True), ("a:d", "!(var.x)", True)],
        ),
        (
            f"var.x ? [{A}, {B}] : [{EITHER}]",
            [("a:a", "var.x", False), ("a:b", "var.x", False), ("a:d", "!(var.x)", False)],
        ),
    ],
)
def test_each_of_several_policies_in_one_value_has_the_cases_in_which_it_is_there(
    policies: str, expected: list[tuple[str, str, bool | None]]
) -> None:
    found = read(f"locals {{\n p = {policies}\n}}\n")

    assert [
        (
            document.policy.statements[0].actions[0].text,
            document.when,
            document.cases and document.cases.is_always,
        )
        for document in found
    ] == expected


def test_principals_of_an_unknown_type_are_not_known() -> None:
    (document,) = read(
        'data "aws_iam_policy_document" "d" {\n  statement {\n    principals {\n'
        '      type = var.t\n      identifiers = ["*"]\n    }\n  }\n}\n'
    )

    assert shown(document.value["Statement"][0]["Principal"]) == "«${var.t}»"  # type: ignore[index,call-overload]  # it is written so


@pytest.mark.parametrize("function", ["try", "coalesce"])
def test_value_in_place_of_one_that_is_not_known_is_looked_at_too(function: str) -> None:
    found = read(
        'resource "aws_iam_policy" "p" {\n  policy = jsonencode({Statement = [{Effect = "Allow", '
        f'Action = {function}(var.v, "a:b"), Resource = "*"}}]}})\n}}\n'
    )

    given, otherwise = {"try": ("can(var.v)", "!(can(var.v))")}.get(
        function, ("!(var.v == null)", "var.v == null")
    )
    said = {(d.when, shown(d.value["Statement"][0]["Action"])) for d in found}  # type: ignore[index,call-overload]  # it is written so
    assert said == {(given, "«${var.v}»"), (otherwise, "a:b")}


TURNS = """
locals {
  says = { one = "s3:GetObject", two = "s3:PutObject" }
}
data "aws_iam_policy_document" "d" {
  for_each = local.says
  statement {
    actions = ["sqs:*"]
  }
}
resource "aws_iam_role_policy" "r" {
  for_each = %s
  role     = each.key
  policy   = %s
}
"""
SAYS = 'jsonencode({Statement = [{Effect = "Allow", Action = each.value, Resource = "*"}]})'


@pytest.mark.parametrize(
    ("for_each", "policy", "expected"),
    [
        ("local.says", SAYS, [("role/one", "s3:GetObject"), ("role/two", "s3:PutObject")]),
        ('toset(["s3:Get*"])', SAYS, [("role/s3:Get*", "s3:Get*")]),
        ("var.v", SAYS, [("role/${each.key}, depending on var.v", None)]),
        (
            "data.aws_iam_policy_document.d",
            "each.value.json",
            [("role/one", "sqs:*"), ("role/two", "sqs:*")],
        ),
        (
            "local.says",
            "data.aws_iam_policy_document.d[each.key].json",
            [("role/one", "sqs:*"), ("role/two", "sqs:*")],
        ),
    ],
)
def test_resource_stands_for_each_of_its_turns(
    for_each: str, policy: str, expected: list[tuple[str, str | None]]
) -> None:
    found = [
        (str(holder), d.policy.statements[0].actions[0].known)
        for d in read(TURNS % (for_each, policy))
        if d.certainty == "table"
        for holder in d.attachment.holders
    ]

    assert found == expected


def test_holder_stands_for_each_of_its_turns() -> None:
    turns = 'for_each = toset(["ann", "bob"])\n  name = each.value'
    text = f'resource "aws_iam_user" "u" {{\n  {turns}\n}}\n'
    loaded = load_text(text)

    assert [str(node.ref) for node in loaded.nodes] == ["user/ann", "user/bob"]


@pytest.mark.parametrize(
    "policy",
    [
        'join("", data.aws_iam_policy_document.d.*.json)',
        'element(concat(data.aws_iam_policy_document.d[*].json, [""]), 0)',
        "<<EOT\n${data.aws_iam_policy_document.d[0].json}\nEOT\n",
        "one(data.aws_iam_policy_document.d[*].json)",
        "data.aws_iam_policy_document.all.json",
    ],
)
def test_document_is_followed_however_its_only_instance_is_taken(policy: str) -> None:
    text = (
        'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["a:b"]\n  }\n}\n'
        'data "aws_iam_policy_document" "all" {\n'
        '  source_policy_documents = [join("", data.aws_iam_policy_document.d.*.json)]\n}\n'
        f'resource "aws_iam_role" "r" {{\n  assume_role_policy = {policy}\n}}\n'
    )

    (document,) = [d for d in read(text) if d.attachment.holders]

    assert (document.kind, document.policy.statements[0].actions[0].known) == ("trust", "a:b")


def test_document_of_a_role_and_of_managed_policies_is_one_of_each() -> None:
    managed = (
        'resource "aws_iam_policy" "%s" {\n  policy = data.aws_iam_policy_document.d.json\n}\n'
    )
    found = read(
        'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["a:b"]\n  }\n}\n'
        + "".join(managed % name for name in "pq")
        + 'resource "aws_iam_role_policy" "r" {\n  role = "r"\n'
        "  policy = data.aws_iam_policy_document.d.json\n}\n"
    )

    assert [(d.attachment.address, *map(str, d.attachment.holders), d.borrowed) for d in found] == [
        ("aws_iam_policy.p", False),
        ("aws_iam_policy.q", False),
        ("aws_iam_role_policy.r", "role/r", False),
    ]


DIRECTIVES = [
    (
        '{"Statement": [%{for i, a in local.list~}{"Action": "${a}"}%{if i<1},%{endif}%{endfor}]}',
        [["a", "b"]],
        [],
    ),
    (
        '{"Statement": [{"Action": "%{ for k, v in local.map }${k}${v}%{ endfor }"}]}',
        [["x1y2"]],
        [],
    ),
    ('{"Statement": [{"Action": "%{ if false }a%{ else }b%{ endif }"}]}', [["b"]], []),
    ('{"Statement": [{"Action": "%{ if var.v }a%{ else }b%{ endif }"}]}', [["a"], ["b"]], []),
    (
        '{"Statement": [{"Action": [%{ for a in var.v }"${a}",%{ endfor }]}]}',
        [[['«%{ for a in var.v }"${a}",%{ endfor }»']]],
        [],
    ),
    (
        '{"Statement": [%{ for a in var.v }{},%{ endfor }{"Action": "a"}]}',
        [],
        ["not json as far as it is known: `%{ for a in var.v }{},%{ endfor }` is not"],
    ),
    (
        '{"Statement": [{"Action": "a"}%{ if var.v },%{ else } ]%{ endif }]}',
        [["a"]],
        ["not json as far as it is known"],
    ),
]


@pytest.mark.parametrize("form", ["heredoc", "templatefile"])
@pytest.mark.parametrize(("text", "actions", "reasons"), DIRECTIVES)
def test_directives_of_a_template_are_worked_out(
    form: str,
    text: str,
    actions: list[list[str]],
    reasons: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.tpl").write_text(text.replace("local.", "").replace("var.", ""))
    given = "{v = var.v, list = local.list, map = local.map}"
    made = f'templatefile("p.tpl", {given})' if form == "templatefile" else f"<<EOT\n{text}\nEOT\n"
    (tmp_path / "main.tf").write_text(
        f'{LOCALS}\nresource "aws_iam_policy" "p" {{\n  policy = {made}\n}}\n'
    )

    loaded = load(["main.tf"], LoadOptions())

    found = [[shown(s["Action"]) for s in d.value["Statement"]] for d in loaded.documents]  # type: ignore[index,call-overload,union-attr]  # it is written so
    assert str(found).replace("var.", "") == str(actions).replace("var.", "")
    assert [p for d in loaded.documents for p in d.policy.problems if "comma" in p.message] == []
    told = [item.reason for item in loaded.not_analysed]
    assert str(told).replace("var.", "") == str(reasons).replace("var.", "")


MADE = """
variable "x" {}
locals {
  two = { a = "s3:Get*", b = "s3:Put*" }
}
data "aws_iam_policy_document" "none" {
  count = 0
  statement {
    actions = ["none:*"]
  }
}
data "aws_iam_policy_document" "when" {
  count = var.x ? 1 : 0
  statement {
    actions = ["when:*"]
  }
}
data "aws_iam_policy_document" "each" {
  for_each = local.two
  statement {
    actions   = [each.value]
    resources = ["BUCKET/*", "x${var.x}BUCKET"]
    principals {
      type        = "AWS"
      identifiers = []
    }
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "all" {
  source_policy_documents = %s
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.all.json
}
"""
FIRST = 'data.aws_iam_policy_document.each["a"].json'


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (f"[{FIRST}]", [["s3:Get*"]]),
        ("[data.aws_iam_policy_document.each[var.x].json]", [[None]]),
        ("values(data.aws_iam_policy_document.each)[*].json", [["s3:Get*", "s3:Put*"]]),
        ("data.aws_iam_policy_document.none[*].json", [[]]),
        (f"[try(data.aws_iam_policy_document.none[0].json, {FIRST})]", [["s3:Get*"]]),
        (f"[try(data.aws_iam_policy_document.when[0].json, {FIRST})]", [["when:*"], ["s3:Get*"]]),
        ("[try(data.aws_iam_policy_document.when[0].json, var.x)]", [["when:*"], []]),
    ],
)
def test_document_is_that_of_the_instance_which_is_named(
    sources: str, expected: list[list[str | None]]
) -> None:
    found = [
        [e.known for s in d.policy.statements for e in s.actions]
        for d in read(MADE % sources)
        if d.attachment.address == "aws_iam_policy.p"
    ]

    assert found == expected


def test_instances_of_a_document_that_nobody_takes_are_found_each() -> None:
    found = [
        d.policy.statements[0].actions[0].known for d in read(MADE % "[]") if d.policy.statements
    ]

    assert found == ["when:*", "s3:Get*", "s3:Put*"]


def test_text_of_a_document_is_replaced_where_it_stands() -> None:
    made = f'replace({FIRST}, "BUCKET", "arn:aws:s3:::${{var.x}}")'
    text = MADE.replace("data.aws_iam_policy_document.all.json", made) % "[]"
    (document,) = (d for d in read(text) if d.attachment.address == "aws_iam_policy.p")

    (statement,) = document.policy.statements
    place = document.span(statement.resources[0].at)
    assert text[place.start : place.end] == '"BUCKET/*"'
    assert shown(document.value["Statement"][0]) == {  # type: ignore[index,call-overload]  # it is written so
        "Action": ["s3:Get*"],
        "Resource": ["arn:aws:s3:::«${var.x}»/*", "x«${var.x}»arn:aws:s3:::«${var.x}»"],
        "Effect": "Allow",
        "Principal": {"Service": ["s3.amazonaws.com"]},
    }


def test_names_that_the_module_for_buckets_fills_in_are_not_known() -> None:
    text = (MADE % f"[{FIRST}]").replace("BUCKET", "_S3_BUCKET_ARN_")
    (document,) = (d for d in read(text) if d.attachment.address == "aws_iam_policy.p")

    assert shown(document.value["Statement"][0]["Resource"]) == [  # type: ignore[index,call-overload]  # it is written so
        "«_S3_BUCKET_ARN_»/*",
        "x«${var.x}»«_S3_BUCKET_ARN_»",
    ]


DYNAMIC = """
variable "statements" {}
variable "on" {}
data "aws_cloudwatch_log_group" "old" {
  count = 0
}
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = %s
    content {
      actions       = lookup(statement.value, "actions", null)
      not_actions   = lookup(statement.value, "not_actions", null)
      resources     = ["*"]
      not_resources = try(statement.value.not_resources, null)
      dynamic "principals" {
        for_each = try(statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }
    }
  }
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.d.json
}
"""


@pytest.mark.parametrize(
    ("for_each", "counts"),
    [
        ("var.statements", [2, 1, 1]),  # one that stands for all, and what is not known
        ('var.on ? [{actions = ["a:b"]}] : []', [1]),
        ('[{not_actions = ["a:b"]}]', [1]),
    ],
)
def test_statements_that_a_module_is_given_are_no_faults_of_it(
    for_each: str, counts: list[int]
) -> None:
    found = read(DYNAMIC % for_each)

    assert [problem.message for d in found for problem in d.policy.problems] == []
    assert [len(d.policy.statements) for d in found] == counts


def test_data_source_that_is_not_made_is_passed_over() -> None:
    text = DYNAMIC.replace(
        "resources     = [", 'resources = [try(data.aws_cloudwatch_log_group.old[0].arn, "a"), '
    )
    (document,) = read(text % "[{}]")

    assert [e.known for e in document.policy.statements[0].resources] == ["a", "*"]


def test_optional_member_that_is_not_given_is_null() -> None:
    text = DYNAMIC.replace("    content {", "    content {\n      effect = statement.value.effect")
    (document,) = read(text % '[{actions = ["a:b"]}]')

    assert document.value["Statement"][0]["Effect"] == "Allow"  # type: ignore[index,call-overload]  # it is written so
