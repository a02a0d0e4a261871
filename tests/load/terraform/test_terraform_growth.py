"""Repeated parts of a module take steps by their size, up to a limit that is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint import lint
from iamlint.load import LoadOptions, load
from iamlint.load.terraform.aws import promising
from iamlint.load.terraform.language import decode, folder, override, work
from iamlint.load.terraform.language.evaluate import Evaluator
from iamlint.load.terraform.language.module import Module
from iamlint.load.terraform.language.work import CHARACTERS_A_STEP, COST_OF_A_POLICY, STEPS
from iamlint.load.unread import signs
from tests.support.loading import load_text, reasons, write_files
from tests.support.steps import growth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from iamlint.load.terraform.language.decode import Decoded
    from iamlint.load.terraform.language.node import Node, String
    from iamlint.text.hcl.tree import Block, Expression

SPENT = "its expressions give too many values: not all of them are evaluated"
POLICY = (
    'jsonencode({{Statement = [{{Effect = "Allow", Action = "s3:GetObject", '
    'Resource = "arn:aws:s3:::{}/*"}}]}})'
)
DOCUMENT = (
    'data "aws_iam_policy_document" "p" {{\n{}}}\n'
    'resource "aws_iam_policy" "p" {{ policy = data.aws_iam_policy_document.p.json }}\n'
)
ACTIONS = "  statement {{\n    actions = {}\n  }}\n"


def names(count: int) -> str:
    return ", ".join(f'"n{n}"' for n in range(count))


def of_a_for(count: int) -> str:
    return f"locals {{ l = [{names(count)}] }}\n" + DOCUMENT.format(
        ACTIONS.format('[for a in local.l : "s3:Get${a}"]')
    )


def of_a_for_each(count: int) -> str:
    policy = POLICY.format("${each.key}")
    return (
        f'resource "aws_iam_role_policy" "p" {{\n  for_each = toset([{names(count)}])\n'
        f"  role = each.key\n  policy = {policy}\n}}\n"
    )


def of_a_dynamic(count: int) -> str:
    content = 'content {\n actions = ["s3:GetObject"]\n resources = [statement.value]\n }\n'
    return DOCUMENT.format(
        f'  dynamic "statement" {{\n for_each = [{names(count)}]\n {content} }}\n'
    )


def of_statements(count: int) -> str:
    return DOCUMENT.format("".join(ACTIONS.format(f'["s3:Get{n}"]') for n in range(count)))


def of_resources(count: int) -> str:
    return "".join(
        f'resource "aws_iam_policy" "p{n}" {{ policy = {POLICY.format(n)} }}\n'
        for n in range(count)
    )


def of_a_flatten(count: int) -> str:
    pairs = 'flatten([for a in local.l : [for b in local.l : "s3:${a}${b}"]])'
    return f"locals {{ l = [{names(count)}] }}\n" + DOCUMENT.format(ACTIONS.format(pairs))


def of_loops_over_one_list(count: int) -> str:
    policy = f"  for_each = local.l\n  policy = {POLICY.format('${each.key}')}\n"
    return f"locals {{ l = toset([{names(count)}]) }}\n" + "".join(
        f'resource "aws_iam_policy" "p{n}" {{\n{policy}}}\n' for n in range(count)
    )


def of_dynamics_over_one_list(count: int) -> str:
    dynamic = (
        '  dynamic "statement" {\n for_each = local.l\n content {\n actions = ["a:b"]\n }\n }\n'
    )
    return f"locals {{ l = [{names(count)}] }}\n" + DOCUMENT.format(dynamic * count)


def of_calls_with_one_list(count: int) -> str:
    calls = '[for a in local.l : "s3:${join("", local.l)}"]'
    return f"locals {{ l = [{names(count)}] }}\n" + DOCUMENT.format(ACTIONS.format(calls))


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[Expression]:
    """Return the expressions that are evaluated, as they come."""
    found: list[Expression] = []
    value = Evaluator.value

    def noted(self: Evaluator, expression: Expression) -> Node:
        found.append(expression)
        return value(self, expression)

    monkeypatch.setattr(Evaluator, "value", noted)
    return found


@pytest.mark.parametrize(
    "build", [of_a_for, of_a_for_each, of_a_dynamic, of_statements, of_resources]
)
def test_evaluated_expressions_grow_with_the_input(
    build: Callable[[int], str], evaluated: list[Expression]
) -> None:
    counts = []
    for count in (100, 400):
        evaluated.clear()
        loaded = load_text(build(count))
        assert loaded.documents
        assert loaded.not_analysed == ()
        counts.append(len(evaluated))

    assert counts[1] < 4.2 * counts[0]


@pytest.mark.parametrize(
    ("build", "count"),
    [
        (of_a_for_each, 600),
        (of_a_dynamic, 3_000),
        (of_a_flatten, 200),
        (of_loops_over_one_list, 50),
        (of_dynamics_over_one_list, 80),
        (of_calls_with_one_list, 320),
    ],
)
def test_more_is_listed_and_takes_no_more_steps(
    build: Callable[[int], str], count: int, evaluated: list[Expression], few_steps: int
) -> None:
    text = build(count)
    loaded = load_text(text)

    assert any(reason == SPENT or "instances in all" in reason for reason in reasons(loaded))
    refused = len(text) // 10  # each place that is written is asked for once or twice
    assert len(evaluated) < few_steps + len(text) / CHARACTERS_A_STEP + refused


def test_instances_beyond_the_limit_are_one_whose_key_is_not_known() -> None:
    text = of_a_for_each(6_000)
    most = (STEPS + len(text) // CHARACTERS_A_STEP) // 100

    loaded = load_text(text)

    (item,) = loaded.not_analysed
    assert (item.path, item.pointer) == ("main.tf", ("resource", "aws_iam_role_policy", "p"))
    assert item.reason == f"more than {most:,} instances in all: these 6,000 count as one"
    (document,) = loaded.documents
    (statement,) = document.policy.statements
    assert [entry.text for entry in statement.resources] == ["arn:aws:s3:::${each.key}/*"]


def test_instances_of_real_modules_are_looked_at_one_by_one() -> None:
    text = "".join(of_a_for_each(200).replace('"p"', f'"p{n}"') for n in range(10))

    loaded = load_text(text)

    assert (len(loaded.documents), loaded.not_analysed) == (2_000, ())


@pytest.mark.usefixtures("few_steps")
def test_place_of_the_first_expression_without_steps_is_listed() -> None:
    loaded = load_text(of_a_flatten(300))

    places = {item.pointer[:2] for item in loaded.not_analysed if item.reason == SPENT}
    assert places == {("data", "aws_iam_policy_document")}


class Counted(tuple[str, ...]):
    """Signs of a policy that count how often they are looked for."""

    __slots__ = ()
    times = 0

    def __iter__(self) -> Iterator[str]:
        Counted.times += 1
        return super().__iter__()


def test_text_of_a_block_is_searched_once_for_all_its_instances(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(promising, "MARKS", Counted(promising.MARKS))
    times = []
    for count in (10, 100):
        Counted.times = 0
        load_text(of_a_for_each(count))
        times.append(Counted.times)

    assert times[0] == times[1]


@pytest.mark.parametrize("count", [30, 90])
def test_modules_that_call_all_later_ones_are_made_up_to_a_limit(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Module] = []
    (tmp_path / ".git").mkdir()
    for n in range(count):
        inside = tmp_path / f"m{n}"
        inside.mkdir()
        calls = "".join(
            f'module "m{m}" {{\n  source = "../m{m}"\n}}\n' for m in range(n + 1, count)
        )
        (inside / "main.tf").write_text(of_resources(1) + calls)
    (tmp_path / "main.tf").write_text('module "m" {\n  source = "./m0"\n}\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Module, "__post_init__", made.append, raising=False)

    loaded = load(["."], LoadOptions())

    calls_made = sum(len(module.folder.calls) for module in made)
    assert SPENT in reasons(loaded)
    assert calls_made < 20_000
    assert {document.path for document in loaded.documents} == {
        f"m{n}/main.tf" for n in range(count)
    }


def test_each_call_of_a_real_repository_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "main.tf").write_text(
        'variable "name" {}\n' + of_resources(2) + f'resource "aws_iam_policy" "own" {{ policy = '
        f"{POLICY.format('${var.name}')} }}\n"
    )
    (tmp_path / "main.tf").write_text(
        "".join(
            f'module "m{n}" {{\n  source = "./inner"\n  name = "n{n}"\n}}\n' for n in range(300)
        )
    )
    monkeypatch.chdir(tmp_path)

    loaded = load(["."], LoadOptions())

    assert loaded.not_analysed == ()
    assert len(loaded.documents) == 300 * 3


def test_long_chain_of_locals_that_are_not_known_does_not_overflow() -> None:
    chain = "".join(f'  a{n + 1} = join(",", [local.a{n}, local.a{n}])\n' for n in range(3_000))
    loaded = load_text(
        f"locals {{\n  a0 = var.x\n{chain}}}\n" + DOCUMENT.format(ACTIONS.format("[local.a3000]"))
    )

    assert len(loaded.documents) == 1


def test_override_file_is_gone_through_once_for_all_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Block] = []
    header_of = override.header_of

    def noted(block: Block) -> tuple[str, ...]:
        asked.append(block)
        return header_of(block)

    monkeypatch.setattr(folder, "header_of", noted)
    monkeypatch.chdir(tmp_path)
    counts = []
    for count in (50, 200):
        asked.clear()
        (tmp_path / "main.tf").write_text(of_resources(count))
        (tmp_path / "x_override.tf").write_text(
            "".join(f'resource "aws_iam_policy" "p{n}" {{ name = "n{n}" }}\n' for n in range(count))
        )
        loaded = load(["main.tf"], LoadOptions())
        counts.append(len(asked))
        assert len(loaded.documents) == count

    assert counts[1] <= 4 * counts[0]


def locals_in_files(count: int) -> dict[str, str]:
    """Return files with a local each, and one that uses all of them."""
    actions = ", ".join(f"local.l{n}" for n in range(count))
    return {
        **{f"l{n}.tf": f'locals {{ l{n} = "s3:Get{n}" }}\n' for n in range(count)},
        "main.tf": DOCUMENT.format(ACTIONS.format(f"[{actions}]")),
    }


def names_in_files(count: int) -> dict[str, str]:
    """Return files with a resource each, and one that uses all of them."""
    resources = ", ".join(f"aws_s3_bucket.b{n}.arn" for n in range(count))
    return {
        **{f"b{n}.tf": f'resource "aws_s3_bucket" "b{n}" {{}}\n' for n in range(count)},
        "main.tf": DOCUMENT.format(
            f'  statement {{\n    actions = ["s3:*"]\n    resources = [{resources}]\n  }}\n'
        ),
    }


def override_files(count: int) -> dict[str, str]:
    """Return files that change a resource each, beside one that has all of them."""
    return {
        **{
            f"x{n}_override.tf": f'resource "aws_iam_policy" "p{n}" {{ name = "n{n}" }}\n'
            for n in range(count)
        },
        "main.tf": of_resources(count),
    }


def overrides_of_one(count: int) -> dict[str, str]:
    """Return a file that changes one resource again and again."""
    changes = (f'resource "aws_iam_policy" "p0" {{ x{n} = "n{n}" }}\n' for n in range(count))
    return {"x_override.tf": "".join(changes), "main.tf": of_resources(1)}


def aliases(count: int) -> dict[str, str]:
    """Return providers, each with a resource of its own."""
    return {
        "main.tf": "".join(
            f'provider "aws" {{\n  alias = "a{n}"\n  profile = "p{n}"\n}}\n'
            f'resource "aws_iam_policy" "p{n}" {{\n  provider = aws.a{n}\n'
            f"  policy = {POLICY.format(n)}\n}}\n"
            for n in range(count)
        )
    }


@pytest.mark.parametrize(
    "build", [locals_in_files, names_in_files, override_files, overrides_of_one, aliases]
)
def test_look_ups_by_name_take_steps_by_the_size_of_the_module(
    build: Callable[[int], dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for count in (100, 200):
        (tmp_path / f"{count}" / ".git").mkdir(parents=True)
        write_files(tmp_path / f"{count}", build(count))

    def look(count: int) -> None:
        assert load([f"{count}"], LoadOptions()).documents

    assert growth(look, 100) < 2.2


SAYS = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })'


@pytest.mark.parametrize(
    ("base", "over", "found", "listed"),
    [
        ("a = 1", f"a = {SAYS}", ["x_override.tf"], []),
        (f"a = {SAYS}", "a = 1", [], []),
        (f"a = {SAYS}", "b = 1", ["main.tf"], []),
        ("inner {\n  a = 1\n  }", f"inner {{\n  a = {SAYS}\n  }}", ["x_override.tf"], []),
        (
            f"a = {SAYS}",
            'b = "Statement Effect: Allow Action: s3:GetObject Resource: *, and no more"',
            ["main.tf"],
            [("x_override.tf", ("resource", "other_thing", "x", "b"), signs.TEXT)],
        ),
    ],
)
def test_attribute_of_an_override_file_is_searched_where_it_is_written(
    base: str,
    over: str,
    found: list[str],
    listed: list[object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(
        tmp_path,
        {
            "main.tf": f'resource "other_thing" "x" {{\n  {base}\n}}\n',
            "x_override.tf": f'resource "other_thing" "x" {{\n  {over}\n}}\n',
        },
    )

    loaded = load(["."], LoadOptions())

    assert [document.path for document in loaded.documents] == found
    assert [(one.path, one.pointer, one.reason) for one in loaded.not_analysed] == listed


def template(count: int) -> dict[str, str]:
    """Return a template with four conditions that are not known, and a policy made of it."""
    given = ", ".join(f"c{n} = var.c{n}" for n in range(4))
    chosen = "".join(f'%{{ if c{n} }}"s3:Put{n}", %{{ endif }}' for n in range(4))
    actions = ", ".join(f'"s3:Get{n}"' for n in range(count))
    return {
        "p.tpl": '{"Statement": [{"Effect": "Allow", "Resource": "*", "Action": '
        f"[{chosen}{actions}]}}]}}",
        "main.tf": "".join(f'variable "c{n}" {{}}\n' for n in range(4))
        + f'resource "aws_iam_policy" "p" {{ policy = templatefile("p.tpl", {{ {given} }}) }}\n',
    }


@pytest.mark.parametrize(("count", "made", "listed"), [(2_000, 16, []), (20_000, 3, [SPENT])])
def test_template_is_filled_in_for_all_readings_up_to_a_limit(
    count: int, made: int, listed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, template(count))

    loaded = load(["."], LoadOptions())

    assert (len(loaded.documents), [r for r in reasons(loaded) if r == SPENT]) == (made, listed)


def test_file_that_several_policies_are_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []

    def noted(string: String, *, as_yaml: bool = False) -> Decoded | None:
        read.append(string)
        return decode.decode(string, as_yaml=as_yaml)

    monkeypatch.setattr("iamlint.load.terraform.language.work.decode", noted)
    monkeypatch.chdir(tmp_path)
    write_files(
        tmp_path,
        {
            "p.json": '{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}',
            "main.tf": "".join(
                f'resource "aws_iam_policy" "p{n}" {{ policy = file("p.json") }}\n'
                for n in range(3)
            ),
        },
    )

    assert load(["main.tf"], LoadOptions()).not_analysed == ()
    assert len(read) == 1


def test_findings_of_some_readings_take_steps_by_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for count in (100, 200):
        chosen = f'var.c ? [{names(count)}] : ["s3:GetObject"]'
        given = 'variable "c" {}\n' + DOCUMENT.format(ACTIONS.format(chosen))
        write_files(tmp_path / f"{count}", {"main.tf": given})

    def look(count: int) -> None:
        assert len(lint(f"{count}").findings) >= count

    assert growth(look, 100) < 2.2


def test_root_modules_that_call_one_module_have_steps_in_common(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each policy of the module is one of each root module: their number is the product."""
    inner = "".join(
        f'resource "aws_iam_policy" "p{n}" {{ policy = {POLICY.format(n)} }}\n' for n in range(20)
    )
    call = 'module "m" { source = "../inner" }\n'
    roots = {f"r{n}/main.tf": call for n in range(20)}
    write_files(tmp_path, {"inner/main.tf": inner, **roots})
    monkeypatch.chdir(tmp_path)
    all_of_them = load(["."], LoadOptions())
    monkeypatch.setattr(work, "STEPS_OF_A_GROUP", 100 * COST_OF_A_POLICY)
    some = load(["."], LoadOptions())

    assert (reasons(all_of_them), SPENT in reasons(some)) == ([], True)
