"""The values that modules of one repository pass to each other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from iamlint.config import Config
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.load import Document, Loaded, LoadOptions, load
from iamlint.load.link import LinkKind
from iamlint.plugins.extensions import load_extensions
from tests.support.loading import reasons

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.rule.finding import Finding

CHILD = """
variable "actions" {
  %s
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({Statement = [{Effect = "Allow", Action = var.actions, Resource = "*"}]})
}
"""
CALL = 'module "%s" {\n  source = "%s"\n  %s\n}\n'
OUTPUT = 'output "o" {\n  value = %s\n}\n'
POLICY = 'resource "aws_iam_policy" "x" {\n  policy = %s\n}\n'
SAYS = '{Statement = [{Effect = "Allow", Action = "%s", Resource = "*"}]}'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def write(root: Path, **files: str) -> None:
    """Write files; `__` in a name means a slash."""
    for name, text in files.items():
        place = root / f"{name.replace('__', '/')}.tf"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def read(*paths: str) -> Loaded:
    return load(paths or (".",), LoadOptions())


def actions(documents: tuple[Document, ...]) -> list[list[str | None]]:
    return [[e.known for s in d.policy.statements for e in s.actions] for d in documents]


def misspelt(root: Path) -> list[Finding]:
    request = LintOptions(paths=(".",), today=date(2026, 1, 1), select=("unknown-action",))
    return list(lint(request, load_extensions(Config(root=root))).findings)


def test_value_of_a_caller_is_reported_where_it_is_written(root: Path) -> None:
    live = CALL % ("one", "../child", 'actions = ["s3:GetObjct"]')
    write(root, child__main=CHILD % "", live__main=live)

    (finding,) = misspelt(root)

    start, end = finding.range.start.offset, finding.range.end.offset
    assert (finding.path, live[start:end]) == ("live/main.tf", '"s3:GetObjct"')


def test_each_call_is_one_policy_and_what_they_share_is_reported_once(root: Path) -> None:
    shared = CHILD.replace("var.actions", '["s3:GetObjct", var.actions]') % ""
    calls = "".join(CALL % (a, "./child", f'actions = "s3:Get{a}"') for a in ("One", "Two"))
    write(root, child__main=shared, main=calls)

    assert actions(read().documents) == [["s3:GetObjct", "s3:GetOne"], ["s3:GetObjct", "s3:GetTwo"]]
    assert [f.message.split("`")[1] for f in misspelt(root)] == [
        "s3:GetObjct",
        "s3:GetOne",
        "s3:GetTwo",
    ]


def test_calls_that_say_the_same_are_reported_once(root: Path) -> None:
    calls = "".join(CALL % (name, "./child", "") for name in ("a", "b"))
    write(root, child__main=CHILD % 'default = "s3:GetObjct"', main=calls)

    assert [d.attachment.address for d in read().documents] == [
        "module.a.aws_iam_policy.p",
        "module.b.aws_iam_policy.p",
    ]
    assert [finding.path for finding in misspelt(root)] == ["child/main.tf"]


@pytest.mark.parametrize(
    ("variable", "given", "expected"),
    [
        ("", 'actions = "s3:Get*"', ["s3:Get*"]),
        ('default = "s3:*"', "", ["s3:*"]),
        ('default = "s3:*"', "actions = var.unknown", [None]),
        ('default = "s3:*"\n  nullable = false', "actions = null", ["s3:*"]),
        ("", 'for_each = var.unknown\n  actions = "s3:${each.value}"', [None]),
        ("", 'count = var.unknown\n  actions = "s3:Get*"', ["s3:Get*"]),
        ("", "", [None]),
    ],
)
def test_variable_is_what_the_call_gives_it(
    variable: str, given: str, expected: list[str | None], root: Path
) -> None:
    write(root, child__main=CHILD % variable, main=CALL % ("c", "./child", given))

    assert actions(read().documents) == [expected]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            'for_each = toset(["a:b", "a:c"])\n  actions = each.key',
            {'["a:b"]': "a:b", '["a:c"]': "a:c"},
        ),
        (
            'for_each = {x = ["a:b"], y = ["a:c"]}\n  actions = each.value[0]',
            {'["x"]': "a:b", '["y"]': "a:c"},
        ),
        ('count = 2\n  actions = ["a:b", "a:c"][count.index]', {"[0]": "a:b", "[1]": "a:c"}),
        ('count = var.v ? 1 : 0\n  actions = ["a:b"][count.index]', {"[0]": "a:b"}),
        ('for_each = var.v ? {} : {x = "a:b"}\n  actions = each.value', {'["x"]': "a:b"}),
        ("count = 1000\n  actions = count.index", {"": None}),
    ],
)
def test_each_instance_of_a_call_is_a_module_with_its_own_values(
    given: str, expected: dict[str, str | None], root: Path
) -> None:
    write(root, child__main=CHILD % "", main=CALL % ("c", "./child", given))

    documents = read().documents

    addresses = [f"module.c{step}.aws_iam_policy.p" for step in expected]
    assert [d.attachment.address for d in documents] == addresses
    assert actions(documents) == [[action] for action in expected.values()]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ('module.c["x"].o', ["s3:GetX"]),
        ("module.c[var.which].o", [None]),
        ("module.c.o", [None]),
        ("module.c[*].o", ["s3:GetX", "s3:GetY"]),
    ],
)
def test_output_is_that_of_the_instance_which_is_named(
    reference: str, expected: list[str | None], root: Path
) -> None:
    call = CALL % ("c", "./child", 'for_each = {x = "X", y = "Y"}\n  name = each.value')
    write(
        root,
        child__main='variable "name" {}\n' + OUTPUT % '"s3:Get${var.name}"',
        main=call + POLICY % f"jsonencode({SAYS % 'a'})".replace('"a"', reference),
    )

    assert actions(read().documents) == [expected]


def test_call_gives_its_values_if_an_override_file_makes_its_source_local(root: Path) -> None:
    call = CALL % ("c", "example/child/aws", 'actions = "s3:Get*"')
    write(root, child__main=CHILD % "", main=call, override=CALL % ("c", "./child", ""))

    assert actions(read().documents) == [["s3:Get*"]]


def test_module_that_is_called_zero_times_has_no_policies(root: Path) -> None:
    write(root, child__main=CHILD % "", main=CALL % ("c", "./child", "count = 0"))

    assert read().documents == ()


@pytest.mark.usefixtures("few_steps")
def test_instances_of_a_call_are_not_made_without_end(root: Path) -> None:
    each = f"for_each = toset({[str(n) for n in range(50)]})".replace("'", '"')
    for level in range(3):
        child = CALL % ("next", f"../m{level + 1}", each)
        write(root, **{f"m{level}__main": child + POLICY % f"jsonencode({SAYS % 'a:b'})"})
    write(root, m3__main=POLICY % f"jsonencode({SAYS % 'a:b'})")

    loaded = read()

    assert len(loaded.documents) > 1
    assert "its expressions give too many values: not all of them are evaluated" in reasons(loaded)


def test_variable_of_a_module_that_nobody_calls_is_not_known(root: Path) -> None:
    write(root, child__main=CHILD % 'default = "s3:*"')

    assert actions(read().documents) == [[None]]


@pytest.mark.parametrize("caller", ["examples/one", "test/one", "child/examples"])
def test_module_that_only_examples_call_is_read_by_itself_too(caller: str, root: Path) -> None:
    up = "../.." if caller.count("/") == 1 else "."
    source = f"{up}/child"
    name = caller.replace("/", "__") + "__main"
    write(root, child__main=CHILD % "", **{name: CALL % ("c", source, 'actions = "s3:*"')})

    assert sorted(actions(read().documents), key=str) == [["s3:*"], [None]]


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ("module.c.o", "trust"),
        ("module.c[0].o", "trust"),
        ('module.c["a"].o', "trust"),
        ("module.c[*].o", "trust"),
        ("one(module.c[*].o)", "trust"),
    ],
)
def test_output_is_followed_to_the_one_who_uses_it(reference: str, kind: str, root: Path) -> None:
    child = (
        'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["sts:AssumeRole"]\n'
        '    principals {\n      type = "AWS"\n      identifiers = ["123456789012"]\n    }\n  }\n}'
        "\n" + OUTPUT % "data.aws_iam_policy_document.d.json"
    )
    role = f'resource "aws_iam_role" "r" {{\n  assume_role_policy = {reference}\n}}\n'
    write(root, child__main=child, main=CALL % ("c", "./child", "") + role)

    (document,) = read().documents

    assert (document.path, document.kind) == ("child/main.tf", kind)
    assert ",".join(map(str, document.attachment.holders)) == "role/r"


def test_kind_follows_a_document_through_the_inputs_of_modules_in_modules(root: Path) -> None:
    write(
        root,
        role__main='variable "t" {}\n'
        'resource "aws_iam_role" "r" {\n  assume_role_policy = var.t\n}\n',
        between__main='variable "policy" {}\n' + CALL % ("r", "../role", "t = var.policy"),
        main=CALL % ("b", "./between", f"policy = jsonencode({SAYS % 'sts:AssumeRole'})"),
    )

    (document,) = read().documents

    assert (document.path, document.kind) == ("main.tf", "trust")
    assert ",".join(map(str, document.attachment.holders)) == "role/module.b.module.r.r"
    assert document.attachment.address == "module.b.module.r.aws_iam_role.r"


def test_paths_of_a_module_begin_where_terraform_runs(root: Path) -> None:
    child = 'variable "p" {}\n' + POLICY % 'file("${path.module}/own.json")'
    write(
        root,
        child__main=child + POLICY.replace('"x"', '"y"') % "file(var.p)",
        live__main=CALL % ("c", "../child", 'p = "${path.module}/given.json"'),
    )
    for name in ("child/own.json", "live/given.json"):
        (root / name).write_text('{"Statement": []}')

    found = {d.attachment.address: d.path for d in read().documents if d.certainty == "table"}

    assert found == {
        "module.c.aws_iam_policy.x": "child/own.json",
        "module.c.aws_iam_policy.y": "live/given.json",
    }


def test_asking_for_the_caller_alone_gives_the_policies_that_it_has_a_part_in(root: Path) -> None:
    write(
        root,
        child__main=CHILD % "" + POLICY % f"jsonencode({SAYS % 's3:*'})",
        live__main=CALL % ("c", "../child", 'actions = "s3:Get*"') + "# Statement\n",
    )

    assert actions(read("live").documents) == [["s3:Get*"]]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("./none", "`./none` is not a module in the repository"),
        ("../outside", "`../outside` is not a module in the repository"),
        ("./link", "`./link` is not a module in the repository"),
        ("./", "the calls of `./` never end"),
        ("terraform-aws-modules/iam/aws", "`${module.c.o}` is not known"),
    ],
)
def test_module_that_cannot_be_followed_is_not_known(source: str, reason: str, root: Path) -> None:
    write(root.parent / "outside", main=OUTPUT % f"jsonencode({SAYS % 's3:*'})")
    (root / "link").symlink_to("../outside")
    write(root, main=CALL % ("c", source, "") + POLICY % "module.c.o" + OUTPUT % '"x"')

    loaded = read()

    assert (loaded.documents, reasons(loaded)[-1]) == ((), reason)


def test_modules_that_call_each_other_are_read_as_far_as_known(root: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        text = CALL % ("c", f"../{other}", 'actions = "s3:Put*"') + CHILD % 'default = "s3:Get*"'
        write(root, **{f"{name}__main": text})

    assert actions(read().documents) == [[None], ["s3:Put*"]]


@pytest.mark.usefixtures("few_steps")
def test_calls_that_double_are_given_up(root: Path) -> None:
    for n in range(40):
        text = "".join(CALL % (c, f"../m{n + 1}", f'actions = "s3:{c}"') for c in ("Get", "Put"))
        write(root, **{f"m{n}__main": text + CHILD % ""})
    write(root, m40__main=CHILD % "")

    assert "its expressions give too many values: not all of them are evaluated" in reasons(read())


def test_call_in_a_comment_hides_no_module(root: Path) -> None:
    write(root, child__main=CHILD % "", main='# source = "./child"\n')

    assert len(read().documents) == 1


def test_users_of_a_file_without_any_policy_are_known(root: Path) -> None:
    write(
        root,
        users='resource "aws_iam_user" "ann" {\n  name = "ann"\n}\n',
        groups='resource "aws_iam_group_membership" "ops" {\n'
        '  group = "ops"\n  users = [aws_iam_user.ann.name]\n}\n',
    )

    loaded = read()

    assert [str(node.ref) for node in loaded.nodes] == ["user/ann"]
    assert [(str(link.holder), link.kind, str(link.target)) for link in loaded.links] == [
        ("user/ann", LinkKind.MEMBER, "group/ops")
    ]


def test_each_policy_of_a_file_has_a_pointer_of_its_own(root: Path) -> None:
    one, two = (f"jsonencode({SAYS % action})" for action in ("s3:Get*", "s3:Put*"))
    inline = "".join(f"  inline_policy {{\n    policy = {p}\n  }}\n" for p in (one, two))
    local = 'resource "aws_iam_policy" "p" {\n  policy = local.all.a\n}\n'
    write(
        root,
        main=f'resource "aws_iam_role" "r" {{\n{inline}}}\n{local}'
        f"locals {{\n  all = {{ a = {one}, b = [{two}], }}\n}}\n",
    )

    found = {"/".join(map(str, d.pointer)): d.certainty.value for d in read().documents}

    assert found == {
        "resource/aws_iam_role/r/inline_policy/0/policy": "table",
        "resource/aws_iam_role/r/inline_policy/1/policy": "table",
        "locals/all/a": "table",
        "locals/all/b/0": "shape",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("values.tf", 'locals {\n  said = "s3:GetObject"\n}\n'),
        ("values.tf", 'locals{said="s3:GetObject"}'),
        ("values.tf.json", '{"locals": {"said": "s3:GetObject"}}'),
        ("values.tf.json", '{"loc\\u0061ls": {"s\\u0061id": "s3:GetObject"}}'),
    ],
)
def test_local_value_is_found_in_a_file_without_policies(root: Path, name: str, text: str) -> None:
    (root / "main.tf").write_text(POLICY % f"jsonencode({SAYS % '${local.said}'})")
    (root / "hosts.tf").write_text('resource "x" "y" {\n  z = local.said\n}\n')
    (root / name).write_text(text)
    (document,) = load([str(root)], LoadOptions()).documents
    assert document.value["Statement"][0]["Action"] == "s3:GetObject"  # type: ignore[index,call-overload]  # it is written so


@pytest.mark.parametrize(
    "members", ['Version = "2012-10-17", Statement = %s', 'Statement = %s, Version = "2012-10-17"']
)
def test_case_without_statements_is_no_case_in_any_order_of_members(
    members: str, root: Path
) -> None:
    statements = 'var.x ? [{Effect = "Allow", Action = "s3:*", Resource = "*"}] : []'
    policy = POLICY % f"jsonencode({{{members % statements}}})"
    write(root, main=f'variable "x" {{}}\n{policy}')

    (document,) = read().documents

    assert actions((document,)) == [["s3:*"]]
    assert document.cases is None


CONDITIONS = " ".join(f'var.v{n} ? "a" : "b",' for n in range(9))
OBJECT = f'{{ name = "s3:GetObject", other = [{CONDITIONS}] }}'
USES = f'resource "aws_iam_policy" "p" {{\n  policy = jsonencode({SAYS})\n}}\n'


@pytest.mark.parametrize(
    ("given", "type_", "used"),
    [
        ("config = %s", "", "var.config.name"),
        ("config = %s", "type = any", "var.config.name"),
        ("config = %s", "type = object({ name = string, other = any })", "var.config.name"),
        (
            "config = %s",
            "type = object({ other = any, name = optional(string, null) })",
            'var.config["name"]',
        ),
        ("config = merge(%s, { more = 1 })", "", "var.config.name"),
        ("config = merge({ name = true ? 0 : 1 }, %s)", "", "var.config.name"),
        ("config = local.config", "", "var.config.name"),
        ("config = local.config", "", "local.own.name"),
    ],
)
def test_member_depends_on_no_condition_of_other_members(
    root: Path, given: str, type_: str, used: str
) -> None:
    variables = "".join(f'variable "v{n}" {{}}\n' for n in range(9))
    call = CALL % ("m", "./child", given % OBJECT if "%s" in given else given)
    write(root, main=f"{variables}locals {{\n  config = {OBJECT}\n}}\n{call}")
    own = "locals {\n  own = var.config\n}\n"
    child = f'variable "config" {{\n  {type_}\n}}\n{own}{USES % f"${{{used}}}"}'
    write(root, child__main=child)

    loaded = read()

    assert actions(loaded.documents) == [["s3:GetObject"]]
    assert [document.readings for document in loaded.documents] == [()]
    assert reasons(loaded) == []


@pytest.mark.parametrize(
    ("type_", "config", "said"),
    [
        ('object({ a = optional(string, "s3:Get*") })', "{}", "s3:Get*"),
        ('object({ a = optional(string, "s3:Get*") })', "{ a = null }", "s3:Get*"),
        ("object({ a = string })", '{ a = "s3:Put*", b = var.x ? 1 : 2 }', "s3:Put*"),
        ("object({ a = string, a2 = any })", '{ a = 1, a2 = "" }', "1"),
        ("map(string)", "{ a = true }", "true"),
        ("map(any)", '{ a = 1, b = "x" }', "1"),
        ("any", '{ a = "s3:Get*" , a = "s3:Put*" }', "s3:Put*"),
        ("any", '{ (var.x) = "s3:Get*", a = "s3:Put*" }', "s3:Put*"),
    ],
)
def test_member_of_a_variable_is_converted_to_its_type(
    root: Path, type_: str, config: str, said: str
) -> None:
    write(root, main='variable "x" {}\n' + CALL % ("m", "./child", f"config = {config}"))
    child = f'variable "config" {{\n  type = {type_}\n}}\n' + USES % "${var.config.a}"
    write(root, child__main=child)

    assert actions(read().documents) == [[said]]


def test_member_that_leads_back_to_itself_is_not_known(root: Path) -> None:
    twice = 'locals {\n  x = { a = "${local.x.a}${local.x.a}", b = "s3:Get*" }\n}\n'
    write(root, main=twice + USES % "${local.x.a}" + (USES % "${local.x.b}").replace('"p"', '"q"'))

    loaded = read()

    assert actions(loaded.documents) == [[None], ["s3:Get*"]]
    assert reasons(loaded) == []
