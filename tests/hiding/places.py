"""Tricks of the place: names of files, links, git, ignores, sizes, budgets, templates, modules."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any, Final

from tests.hiding.trick import POLICY, STATEMENT, TEXT, Trick, trick

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE: Final = f'resource "aws_iam_policy" "p" {{\n  policy = jsonencode({TEXT})\n}}\n'
ENCODED: Final = base64.b64encode(TEXT.encode()).decode()
ALL: Final = '    actions = ["*"]\n    resources = ["*"]\n'
LARGE: Final = 5_000_001


def names() -> Iterator[Trick]:
    for name in (
        "x-package-lock.json",
        "package-lock.json",
        "p.schema.json",
        "service-2.json",
        "a/service-2.json",
        "a/examples-1.json",
        "a/2020-01-01/service-2.json",
        "P.JSON",
        ".p.json",
        ".hidden/p.json",
        "a b\n.json",
        "p.json ",
        "policies/admin",
        "admin",
        "p.txt",
        "p.json.bak",
        "p.json.tmpl",
        "p.json.tpl",
        "p.json.j2",
        "p.json.tftpl",
        "p.jsonl",
        "p.ndjson",
        "p.jsonc",
        "p.json5",
        "p.template",
        "package.json",
        "node_modules/p.json",
        "site-packages/p.json",
        ".terraform/p.json",
        ".git/p.json",
        "tests/p.json",
        "-.json",
        "p.tfstate",
        "p.tfstate.backup",
        "p.yml",
        "cdk.out/p.json",
        "\u202ejson.p.json",
        "README.md",
    ):
        yield trick(f"file {name!a}", TEXT, name)
    for name in (
        "main.tf",
        "main.tofu",
        "main.tf.json",
        "main.hcl",
        "main.tfvars",
        "override.tf",
        "main.tf.bak",
        "MAIN.TF",
    ):
        text = (
            json.dumps({"resource": {"aws_iam_policy": {"p": {"policy": TEXT}}}})
            if name.endswith("json")
            else MODULE
        )
        yield trick(f"module {name}", text, name)
    for name in (
        "p.txt",
        "p.json.bak",
        "p.json.tpl",
        "p.ndjson",
        "README.md",
        "x-package-lock.json",
        "admin",
    ):
        yield trick(f"file {name}", TEXT, name, named=True)


def links() -> Iterator[Trick]:
    for named in (False, True):
        yield trick(
            "link out of the repository",
            {"../outside.json": TEXT},
            "p.json",
            links={"p.json": "../outside.json"},
            named=named,
        )
        yield trick(
            "link to a text", {"a/b.txt": TEXT}, "p.json", links={"p.json": "a/b.txt"}, named=named
        )
        yield trick(
            "link to a link",
            {"a/b.txt": TEXT},
            "p.json",
            links={"p.json": "q.json", "q.json": "a/b.txt"},
            named=named,
        )
        yield trick(
            "link into the folder of git",
            {".git/x.json": TEXT},
            "p.json",
            links={"p.json": ".git/x.json"},
            named=named,
        )
        yield trick("link to a device", {}, "p.json", links={"p.json": "/dev/zero"}, named=named)
    yield trick("link to itself", {}, "p.json", links={"p.json": "p.json"}, named=True)
    yield trick("link to nothing", {}, "p.json", links={"p.json": "nothing"}, named=True)
    yield trick(
        "folder that is a link out", {"../outside/p.json": TEXT}, "a", links={"a": "../outside"}
    )
    yield trick(
        "folder that is a link to a skipped one",
        {"node_modules/x/p.json": TEXT},
        "a",
        links={"a": "node_modules/x"},
    )
    yield trick(
        "link without an ending", {"a/b": TEXT}, "policies/p", links={"policies/p": "../a/b"}
    )
    yield trick(
        "module that is a link out",
        {"../outside.tf": MODULE},
        "main.tf",
        links={"main.tf": "../outside.tf"},
    )


def ignored() -> Iterator[Trick]:
    for comment in (
        "# iamlint: ignore",
        "# iamlint: ignore[wildcard-admin]",
        "// iamlint: ignore[all]",
        "/* iamlint: ignore */",
    ):
        yield trick(
            f"ignore in a name, {comment}",
            json.dumps({"Version": "2012-10-17", "Statement": {**STATEMENT, "Sid": comment}}),
        )
        yield trick(f"ignore in an id, {comment}", json.dumps({"Id": comment, **POLICY}))
        yield trick(
            f"ignore in a text of yaml, {comment}",
            f"a: '{comment}'\nb: \"{comment}\"\np: {TEXT}\n",
            "p.yaml",
        )
        yield trick(
            f"ignore in a block of yaml, {comment}", f"a: |\n  {comment}\np: {TEXT}\n", "p.yaml"
        )
        yield trick(
            f"ignore in a text of a module, {comment}",
            f'locals {{\n  a = "{comment}"\n}}\n{MODULE}',
            "main.tf",
        )
        yield trick(
            f"ignore in a heredoc, {comment}",
            f"locals {{\n  a = <<X\n{comment}\nX\n}}\n{MODULE}",
            "main.tf",
        )


def git() -> Iterator[Trick]:
    for pattern in ("p.json", "*.json", "/p.json", "*"):
        yield trick(
            f"ignored by {pattern}, and tracked",
            {".gitignore": pattern, "p.json": TEXT},
            "p.json",
            tracked=("p.json", "clean/clean.json"),
        )
    yield trick(
        "ignored folder, tracked file",
        {".gitignore": "a/", "a/p.json": TEXT},
        "a/p.json",
        tracked=("a/p.json", "clean/clean.json"),
    )
    yield trick(
        "ignored by the folder of git, and tracked",
        {".git/info/exclude": "p.json", "p.json": TEXT},
        "p.json",
        tracked=("p.json",),
    )
    yield trick(
        "ignored below, and tracked",
        {"a/.gitignore": "*", "a/b/p.json": TEXT},
        "a/b/p.json",
        tracked=("a/b/p.json",),
    )
    yield trick(
        "ignored module, and tracked",
        {".gitignore": "*.tf", "main.tf": MODULE},
        "main.tf",
        tracked=("main.tf",),
    )
    yield trick(
        "ignored output of CDK, and tracked",
        {".gitignore": "cdk.out", "cdk.out/p.json": TEXT},
        "cdk.out/p.json",
        tracked=("cdk.out/p.json",),
    )
    yield trick("ignored, and not tracked", {".gitignore": "p.json", "p.json": TEXT}, "p.json")
    yield trick(
        "ignored, and named", {".gitignore": "p.json", "p.json": TEXT}, "p.json", named=True
    )
    yield trick(
        "pattern with a class of nothing",
        {".gitignore": "[[:foo:]].json", "p.json": TEXT},
        "p.json",
    )


def limits() -> Iterator[Trick]:
    blank = " " * LARGE
    yield trick("blanks before", blank + TEXT)
    yield trick("blanks behind", TEXT + blank)
    yield trick("large comment of yaml", f"# {blank}\np: {TEXT}", "p.yaml")
    yield trick("large module", MODULE + "\n" * LARGE, "main.tf")
    yield trick(
        "large module in json",
        json.dumps({"resource": {"aws_iam_policy": {"p": {"policy": TEXT + blank}}}}),
        "main.tf.json",
    )
    yield trick("large file of json5", "/*" + "x" * 300_000 + "*/ {'p': " + TEXT + "}", "p.json5")
    yield trick("large json with an odd end", "{'p': " + TEXT + ", 'x': '" + "x" * 300_000 + "'}")
    yield trick("budget of a module", _spent() + MODULE, "main.tf")
    yield trick(
        "budget of a module, policy of the loop",
        _spent()
        + MODULE.replace("jsonencode(", "jsonencode(true ? local.f[0] : ").replace(
            "resource", "resource", 1
        ),
        "main.tf",
    )
    calls = "".join(
        f'module "m{n}" {{\n  source = "./m"\n  for_each = local.e\n}}\n' for n in range(30)
    )
    yield trick(
        "modules of modules", {"main.tf": _spent() + calls, "m/main.tf": MODULE}, "m/main.tf"
    )
    yield trick(
        "too many nested directives",
        'resource "aws_iam_policy" "p" {\n  policy = "'
        + "%{ if true }" * 15
        + TEXT.replace('"', '\\"')
        + "%{ endif }" * 15
        + '"\n}\n',
        "main.tf",
    )


def _spent() -> str:
    pairs = '[for x in local.%s : [for y in local.%s : "${x}${y}"]]'
    lists = "".join(
        f"  {after} = flatten({pairs % (before, before)})\n"
        for before, after in zip("abcd", "bcde", strict=True)
    )
    return f"locals {{\n  a = range(100)\n{lists}}}\n"


def templates() -> Iterator[Trick]:
    def template(**properties: Any) -> str:
        return json.dumps(
            {"Resources": {"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}}}
        )

    plain = template(PolicyDocument=POLICY)
    yield trick(
        "template with escaped names",
        plain.replace("PolicyDocument", "\\u0050olicyDocument")
        .replace("AWS::IAM", "\\u0041WS::IAM")
        .replace("Statement", "\\u0053tatement")
        .replace("Effect", "\\u0045ffect")
        .replace("2012", "\\u0032012"),
        "t.json",
    )
    yield trick(
        "template with an escaped type", plain.replace("AWS::IAM", "AWS\\u003a\\u003aIAM"), "t.json"
    )
    for what, value in {
        "base64": {"Fn::Base64": TEXT},
        "joined": {"Fn::Join": ["", [TEXT[:20], TEXT[20:]]]},
        "joined of letters": {"Fn::Join": ["", list(TEXT)]},
        "substituted": {"Fn::Sub": TEXT},
        "substituted, with names as variables": {
            "Fn::Sub": [
                TEXT.replace("Statement", "${S}").replace("Effect", "${E}"),
                {"S": "Statement", "E": "Effect"},
            ]
        },
        "split": {"Fn::Select": [0, {"Fn::Split": ["|", TEXT + "|x"]}]},
        "text of json": {"Fn::ToJsonString": POLICY},
        "condition": {"Fn::If": ["C", POLICY, {"Ref": "AWS::NoValue"}]},
        "map": {"Fn::FindInMap": ["M", "a", "b"]},
        "macro": {"Fn::Transform": {"Name": "M", "Parameters": {"p": POLICY}}},
        "parameter": {"Ref": "D"},
        "import": {"Fn::ImportValue": "x"},
        "attribute": {"Fn::GetAtt": ["A", "B"]},
        "dynamic reference": "{{resolve:ssm:policy}}",
        "unknown function": {"Fn::Mystery": POLICY},
    }.items():
        whole = json.loads(template(PolicyDocument=value))
        whole["Mappings"] = {"M": {"a": {"b": TEXT}}}
        whole["Parameters"] = {"D": {"Type": "String", "Default": TEXT}}
        whole["Conditions"] = {"C": {"Fn::Equals": [{"Ref": "D"}, "x"]}}
        yield trick(f"template, {what}", json.dumps(whole), "t.json")
    yield trick(
        "template, unknown type", plain.replace("AWS::IAM::ManagedPolicy", "Custom::P"), "t.json"
    )
    yield trick("template, unknown property", plain.replace("PolicyDocument", "Mystery"), "t.json")
    yield trick(
        "template, script of a machine",
        template(UserData={"Fn::Base64": f"aws iam put-role-policy --policy-document '{TEXT}'"}),
        "t.json",
    )
    yield trick(
        "template, loop",
        json.dumps(
            {
                "Transform": "AWS::LanguageExtensions",
                "Resources": {
                    "Fn::ForEach::L": [
                        "N",
                        ["A"],
                        {
                            "P${N}": {
                                "Type": "AWS::IAM::ManagedPolicy",
                                "Properties": {"PolicyDocument": POLICY},
                            }
                        },
                    ]
                },
            }
        ),
        "t.json",
    )
    yield trick(
        "template of sam",
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n"
        "    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n"
        f"        - Statement:\n            - {json.dumps(STATEMENT)}\n",
        "t.yaml",
    )
    yield trick(
        "administrator by the name of AWS",
        "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n"
        "      AssumeRolePolicyDocument: {}\n"
        "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']\n",
        "t.yaml",
    )
    yield trick(
        "manifest of Crossplane",
        "apiVersion: iam.aws.upbound.io/v1beta1\nkind: Policy\n"
        "spec:\n  forProvider:\n    policy: |\n      " + TEXT + "\n",
        "m.yaml",
    )
    yield trick(
        "config map",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  p.json: |\n    " + TEXT + "\n",
        "m.yaml",
    )
    yield trick(
        "secret",
        "apiVersion: v1\nkind: Secret\ndata:\n  policy: " + ENCODED + "\n",
        "m.yaml",
    )


def modules() -> Iterator[Trick]:
    def resource(value: str, more: str = "") -> str:
        return f'resource "aws_iam_policy" "p" {{\n  policy = {value}\n}}\n{more}'

    def mystery(value: str) -> str:
        return f'resource "mystery_thing" "p" {{\n  x = {value}\n}}\n'

    quoted = json.dumps(TEXT)
    escaped = TEXT.replace("Statement", "\\u0053tatement").replace("Effect", "\\u0045ffect")
    yield trick(
        "module, escaped label", MODULE.replace("aws_iam_policy", "aws_iam_\\u0070olicy"), "main.tf"
    )
    yield trick(
        "module, escaped label of all",
        MODULE.replace("aws_iam_policy", "\\u0061ws_iam_policy").replace("policy =", "policy ="),
        "main.tf",
    )
    yield trick(
        "module in json, escaped type",
        json.dumps({"resource": {"aws_iam_policy": {"p": {"policy": TEXT}}}})
        .replace("aws_iam_policy", "\\u0061ws_iam_\\u0070olicy")
        .replace('"policy"', '"\\u0070olicy"')
        .replace("Statement", "\\u0053tatement"),
        "main.tf.json",
    )
    for what, text in {
        "text": resource(quoted),
        "escaped text": resource(json.dumps(escaped)),
        "escaped names": resource(f"jsonencode({escaped})"),
        "base64": resource(f"base64decode(base64encode({quoted}))"),
        "literal base64": resource('base64decode("' + ENCODED + '")'),
        "format": resource(f'format("%s", {quoted})'),
        "replaced names": resource(
            f'replace({json.dumps(TEXT.replace("Statement", "X"))}, "X", "Statement")'
        ),
        "reversed": resource(f"strrev({json.dumps(TEXT[::-1])})"),
        "joined letters": resource(f'join("", {json.dumps(list(TEXT))})'),
        "local": resource("local.p", f"locals {{\n  p = {quoted}\n}}\n"),
        "default of a variable": resource("var.p", f'variable "p" {{\n  default = {quoted}\n}}\n'),
        "condition": resource(f"var.c ? {quoted} : null", 'variable "c" {}\n'),
        "count": MODULE.replace("{\n", "{\n  count = var.c\n", 1) + 'variable "c" {}\n',
        "heredoc": resource(f"<<X\n{TEXT}\nX"),
        "heredoc with directives": resource(f"<<X\n%{{ if true }}{TEXT}%{{ endif }}\nX"),
        "decoded and encoded": resource(f"jsonencode(jsondecode({quoted}))"),
        "yaml": resource(
            "jsonencode(yamldecode(\"Statement: [{Effect: Allow, Action: '*', Resource: '*'}]\"))"
        ),
        "merged": resource(f"jsonencode(merge({{}}, {TEXT}))"),
        "file of another place": resource('file("/etc/policy.json")'),
        "file above": resource('file("../../policy.json")'),
        "file that is missing": resource('file("missing.json")'),
        "file with a computed name": resource('file("${var.n}.json")', 'variable "n" {}\n'),
        "data of a program": resource(
            "data.external.p.result.p", 'data "external" "p" {\n  program = ["x"]\n}\n'
        ),
        "data of the web": resource(
            "data.http.p.response_body", 'data "http" "p" {\n  url = "https://example.com"\n}\n'
        ),
        "unknown function": resource(f"provider::x::f({quoted})"),
        "broken": resource(f"jsonencode({TEXT[:-1]})"),
        "broken end": MODULE[:-3],
        "policy document": f'data "aws_iam_policy_document" "p" {{\n  statement {{\n{ALL}  }}\n}}\n'
        + resource("data.aws_iam_policy_document.p.json"),
        "dynamic statements": 'data "aws_iam_policy_document" "p" {\n  dynamic "statement" {\n'
        f"    for_each = [1]\n    content {{\n{ALL}    }}\n  }}\n}}\n"
        + resource("data.aws_iam_policy_document.p.json"),
        "unknown resource": MODULE.replace("aws_iam_policy", "mystery_thing"),
        "unknown attribute": MODULE.replace("policy =", "mystery ="),
        "unknown resource with escapes": mystery(f"jsonencode({escaped})"),
        "unknown resource with a text with escapes": mystery(json.dumps(escaped)),
    }.items():
        yield trick(f"module, {what}", text, "main.tf")
    yield trick(
        "module, template of a file",
        {"main.tf": resource('templatefile("p.tftpl", {})'), "p.tftpl": TEXT},
        "p.tftpl",
    )
    yield trick(
        "module, file without an ending",
        {"main.tf": resource('file("admin")'), "admin": TEXT},
        "admin",
    )
    yield trick(
        "module, file of another kind",
        {"main.tf": resource('file("p.txt")'), "p.txt": escaped},
        "p.txt",
    )


def configured() -> Iterator[Trick]:
    for what, text in {
        "all ignored": 'ignore = ["all"]',
        "nothing selected": "select = []",
        "excluded": 'exclude = ["*"]',
        "included": 'include = ["x"]',
        "finding ignored": '[[ignore-finding]]\nrule = "all"\nfile = "p.json"\nreason = "x"',
        "severity": '[severity]\nwildcard-admin = "note"',
        "fail on": 'fail-on = "error"',
        "kind": '[kinds]\n"p.json" = "scp"',
        "broken": "ignore = [",
    }.items():
        for name in ("iamlint.toml", "pyproject.toml"):
            table = "tool.iamlint." if name == "pyproject.toml" else ""
            head = f"[{table[:-1]}]\n" if table else ""
            written = re.sub(r"(?m)^(\[+)(?=[a-z])", rf"\1{table}", text)
            files = {f"sub/{name}": head + written, "sub/p.json": TEXT}
            yield trick(f"{name} below, {what}", files, "sub/p.json")
    yield trick(
        "configuration above", {"../iamlint.toml": 'ignore = ["all"]', "p.json": TEXT}, "p.json"
    )


def tricks() -> Iterator[Trick]:
    yield from names()
    yield from links()
    yield from ignored()
    yield from git()
    yield from limits()
    yield from templates()
    yield from modules()
    yield from configured()
