"""The values of variables and parameters, by each way to give them."""

from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.errors import UsageError
from iamlint.load import LoadOptions, Var, VarFile, load
from iamlint.load.given import Parameter, read_values, refuse_unfit, vars_of
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Program

KINDS: dict[str, tuple[str | None, Callable[[int], Any], Callable[[Any], str]]] = {
    "string": ("string", lambda n: f"v{n}", lambda v: v),
    "number": ("number", lambda n: n, str),
    "bool": ("bool", lambda n: n % 2 == 0, lambda v: str(v).lower()),
    "no type": (None, lambda n: f"v{n}", lambda v: v),
    "list": ("list(string)", lambda n: [f"v{n}", "x"], json.dumps),
    "map": ("map(string)", lambda n: {"a": f"v{n}"}, json.dumps),
    "object": ("object({ a = list(string) })", lambda n: {"a": [f"v{n}"]}, json.dumps),
    "any": ("any", lambda n: {"a": [n]}, json.dumps),
}
"""Of each type, its name, the value that a source gives, and how a command line writes it."""

SOURCES = (
    "terraform.tfvars",
    "terraform.tfvars.json",
    "a.auto.tfvars",
    "b.auto.tfvars.json",
    "[terraform] vars",
    "[terraform] var-files",
    "--var-file",
    "--var",
)
"""The sources, from the one that counts least."""


def give(folder: Path, source: str, value: object, said: str) -> list[Var | VarFile]:
    if source == "[terraform] vars":
        return [Var("x", value, "iamlint.toml:1")]
    if source == "--var":
        return [Var("x", said, "--var")]
    name = source.strip("-[]").replace(" ", "_").replace("]", "")
    file = folder / (source if "tfvars" in source else f"{name}.tfvars")
    text = json.dumps(value)
    file.write_text(f'{{"x": {text}}}' if file.suffix == ".json" else f"x = {text}\n")
    return [] if "tfvars" in source else [VarFile(str(file), source)]


def value_of(folder: Path, type_: str | None, given: list[Var | VarFile]) -> object:
    """Return the value of `var.x` in a policy."""
    declared = f"type = {type_}" if type_ else ""
    (folder / "main.tf").write_text(
        f'variable "x" {{\n  {declared}\n}}\n'
        'resource "aws_iam_policy" "p" {\n'
        "  policy = jsonencode({ Statement = [{ Effect = var.x }] })\n}\n"
    )
    loaded = load([folder], LoadOptions(root=folder, here=folder, given=tuple(given)))
    (document,) = loaded.documents
    return document.value["Statement"][0]["Effect"]  # type: ignore[index,call-overload] # it is written so


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("less", "more"), list(combinations(range(len(SOURCES)), 2)))
def test_later_source_overrides_an_earlier_one(
    less: int, more: int, kind: str, tmp_path: Path
) -> None:
    type_, value, said = KINDS[kind]
    given = []
    for source in (less, more):
        made = value(source)
        given += give(tmp_path, SOURCES[source], made, said(made))

    assert value_of(tmp_path, type_, given) == value(more)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("type_", "written", "value"),
    [
        ("string", 7, "7"),
        ("string", True, "true"),
        ("number", "7", 7),
        ("bool", "true", True),
        ("list(string)", [1, "a", False], ["1", "a", "false"]),
        ("map(number)", {"a": "2"}, {"a": 2}),
        ("number", -1.5, -1.5),
        ("number", "1e3", 1000.0),
        ("tuple([string, number])", ["a", 1], ["a", 1]),
        ("list(number)", [-1, "2"], [-1, 2]),
    ],
)
def test_value_becomes_one_of_the_type_of_its_variable(
    source: str, type_: str, written: object, value: object, tmp_path: Path
) -> None:
    said = written if isinstance(written, str) else json.dumps(written)

    assert value_of(tmp_path, type_, give(tmp_path, source, written, said)) == value


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("string", ["a"]),
        ("number", "five"),
        ("number", True),
        ("bool", "yes"),
        ("bool", 1),
        ("list(string)", {"a": "b"}),
        ("list(number)", [1, "two"]),
        ("set(string)", "a"),
        ("map(string)", ["a"]),
        ("map(bool)", {"a": "b"}),
        ("map(number)", {"a": "b"}),
        ("tuple([string])", {"a": "b"}),
        ("object({ a = string })", ["a"]),
        ("tuple([string, number])", ["a"]),
        ("tuple([string, number])", ["a", "b"]),
        ("object({ a = string })", {}),
        ("object({ a = string })", {"b": "c"}),
        ("object({ a = optional(number) })", {"a": "b"}),
        ("list(object({ a = bool }))", [{"a": True}, {"a": "b"}]),
    ],
)
def test_value_of_another_type_is_refused_by_name_and_unknown_in_a_file(
    type_: str, value: object, tmp_path: Path
) -> None:
    options = LoadOptions(root=tmp_path, here=tmp_path, given=(Var("x", value, "iamlint.toml:1"),))
    (tmp_path / "main.tf").write_text(f'variable "x" {{\n  type = {type_}\n}}\n')
    with pytest.raises(UsageError, match=r"iamlint.toml:1: the value of `x` is not a"):
        refuse_unfit(load([tmp_path], options).takers)

    (tmp_path / "terraform.tfvars.json").write_text(json.dumps({"x": value}))

    assert isinstance(value_of(tmp_path, type_, []), Unknown)


@pytest.mark.parametrize(
    "written", ["f(1)", "[" * 70 + "1" + "]" * 70, "{ a = var.y }", '["${var.y}"]']
)
def test_value_that_is_not_written_out_leaves_the_variable_unknown(
    written: str, tmp_path: Path
) -> None:
    (tmp_path / "terraform.tfvars").write_text(f"x = {written}\n")

    found = value_of(tmp_path, None, [])

    assert _is_unknown(found)


def _is_unknown(found: object) -> bool:
    """Return whether nothing in a value is known."""
    if isinstance(found, dict):
        return all(map(_is_unknown, found.values()))
    return all(map(_is_unknown, found)) if isinstance(found, list) else isinstance(found, Unknown)


@pytest.mark.parametrize("type_", ["string", "list(string)"])
def test_variable_without_a_value_stays_unknown(type_: str, tmp_path: Path) -> None:
    (tmp_path / "prod.tfvars").write_text('x = "a"\n')

    found = value_of(tmp_path, type_, [])

    assert isinstance(found, Unknown)


def test_strings_in_json_are_no_templates(tmp_path: Path) -> None:
    (tmp_path / "terraform.tfvars.json").write_text('{"x": "${aws:username}"}')

    assert str(value_of(tmp_path, "string", [])) == "${aws:username}"


def test_unreadable_file_beside_a_module_is_listed(tmp_path: Path) -> None:
    (tmp_path / "terraform.tfvars").write_text('x = "a\n')

    value_of(tmp_path, "string", [])
    loaded = load([tmp_path], LoadOptions(root=tmp_path, here=tmp_path))

    assert [(item.path, item.unreadable) for item in loaded.not_analysed] == [
        ("terraform.tfvars", True)
    ]


MODULE = """
variable "env" { type = string }
variable "names" { type = list(string) }
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = var.names }] })
}
"""
TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String, AllowedValues: [prod, dev]}
  Secret: {Type: String, NoEcho: true, AllowedValues: [a]}
  Size: {Type: Number}
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Action: "s3:GetObject"
          Resource: !Sub "arn:aws:s3:::${Env}-${Secret}/*"
"""


@pytest.mark.parametrize(
    ("args", "files", "message", "help_"),
    [
        (
            ("--var", "namess=x"),
            {},
            "--var: no variable of a root module and no parameter of a template is named `namess`",
            "did you mean `names`?",
        ),
        (("--var", "env"), {}, "`--var env` has no value", "write `--var env=VALUE`"),
        (
            ("--var", "names=a"),
            {},
            "--var: the value of `names` is not a `list(string)`",
            "main.tf:3",
        ),
        (
            ("--var", "Env=stage"),
            {},
            "--var: parameter `Env` does not allow `stage`",
            "t.yaml:4 declares the parameter, which allows `prod`, `dev`",
        ),
        (("--var", "Secret=hush"), {}, "--var: parameter `Secret` does not allow this value", ""),
        (("--var", "Size=big"), {}, "--var: parameter `Size` is a number, not `big`", "t.yaml:6"),
        (("--var-file", "no.tfvars"), {}, "--var-file: `no.tfvars` cannot be read", ""),
        (
            ("--var-file", "v.tfvars"),
            {"v.tfvars": 'env = "a"\nb {\n}\n'},
            "v.tfvars:2: cannot be read: `b` is a block",
            "write `name = value`, one on a line",
        ),
        (
            ("--var-file", "v.json"),
            {"v.json": '[{"ParameterKey": "Env", "ParameterValue": "qa"}]'},
            "v.json:1: parameter `Env` does not allow `qa`",
            "t.yaml:4",
        ),
        (
            ("--var", "2x=a"),
            {},
            "`--var 2x=a`: `2x` is not a name",
            "write `--var NAME=VALUE`",
        ),
        (
            ("--var-file", "v.json"),
            {"v.json": '"a"'},
            "v.json:1: contains no values",
            "write a JSON object",
        ),
        (
            ("--var-file", "v.json"),
            {"v.json": '[{"ParameterValue": "qa"}]'},
            "v.json:1: not a parameter",
            'write {"ParameterKey": "…", "ParameterValue": "…"}',
        ),
        (
            ("--var-file", "v.json"),
            {"v.json": '{"Parameters": {\n"Env": "qa"}}'},
            "v.json:2: parameter `Env` does not allow `qa`",
            "t.yaml:4",
        ),
        (
            ("--var-file", "v.tfvars"),
            {"v.tfvars": "x" * 5_000_001},
            "--var-file: `v.tfvars` is larger than 5,000,000 bytes",
            "",
        ),
        (
            (),
            {"iamlint.toml": '[terraform]\nvars = { nams = "a" }\n'},
            "iamlint.toml:2: no variable of a root module is named `nams`",
            "did you mean `names`?",
        ),
        (
            (),
            {"iamlint.toml": '[cloudformation]\nparameters = { env = "a" }\n'},
            "iamlint.toml:2: no parameter of a template is named `env`",
            "did you mean `Env`?",
        ),
        (
            (),
            {"iamlint.toml": '[terraform]\nvar-files = ["../x.tfvars"]\n', ".git/HEAD": ""},
            "iamlint.toml:2: `",
            "x.tfvars` is outside of the repository",
        ),
    ],
)
def test_value_that_cannot_count_is_wrong_use(
    args: tuple[str, ...],
    files: dict[str, str],
    message: str,
    help_: str,
    iamlint: Program,
    tmp_path: Path,
) -> None:
    for name, text in {"main.tf": MODULE, "t.yaml": TEMPLATE, **files}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    result = iamlint("check", ".", *args)

    assert result.code == 2
    assert f"error: {message}" in result.err
    assert help_ in result.err
    assert "hush" not in result.err


def test_file_of_values_that_is_not_text_is_wrong_use(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(MODULE)
    (tmp_path / "v.tfvars").write_bytes(b'env = "\xff"')

    result = iamlint("check", ".", "--var-file", "v.tfvars")

    assert result.code == 2
    assert "error: --var-file: `v.tfvars` is not UTF-8 text" in result.err


@pytest.mark.parametrize(
    ("value", "given"),
    [
        ("a", "a"),
        (True, True),
        (None, None),
        (["a", (1, 2)], ["a", [1, 2]]),
        ({"a": {1: [0.5]}}, {"a": {"1": [0.5]}}),
    ],
)
def test_value_that_is_given_by_name_is_plain_data(value: object, given: object) -> None:
    assert vars_of((), {"x": value}, "test_a.py:1") == (Var("x", given, "test_a.py:1"),)


@pytest.mark.parametrize("value", [{1, 2}, [object()], {"a": b"b"}])
def test_value_that_is_not_plain_data_is_wrong_use(value: object) -> None:
    with pytest.raises(UsageError, match=r"^test_a\.py:1: `x` is not plain data$"):
        vars_of((), {"x": value}, "test_a.py:1")


def test_parameter_that_keeps_the_value_of_its_stack_is_given_none() -> None:
    text = (
        '[{"ParameterKey": "A", "UsePreviousValue": true},'
        ' {"ParameterKey": "B", "ParameterValue": "b"}]'
    )

    assert read_values(text, "v.json").parameters == {"B": Parameter("b", "v.json:1")}


def test_secret_is_never_shown(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        TEMPLATE.replace("NoEcho: true, AllowedValues: [a]", "NoEcho: true")
    )

    result = iamlint("check", ".", "--var", "Secret=hush", "--output-format", "json")

    assert "hush" not in result.out


def test_values_of_the_configuration_are_for_files_of_other_runs_too(
    iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "iamlint.toml").write_text('[terraform]\nvars = { env = "a" }\n')
    (tmp_path / "t.yaml").write_text(TEMPLATE)

    assert iamlint("check", "t.yaml").code == 0


@pytest.mark.parametrize("nullable", ["", "nullable = false"])
def test_null_gives_no_value_to_a_variable_that_is_not_nullable(
    nullable: str, tmp_path: Path
) -> None:
    (tmp_path / "terraform.tfvars").write_text("x = null\n")

    found = value_of(tmp_path, f"string\n  {nullable}", [])

    assert found is None if not nullable else isinstance(found, Unknown)


def test_value_of_a_sensitive_variable_is_a_secret(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "x" {\n  sensitive = true\n}\nvariable "y" {}\n')

    given = (Var("x", "hunter2", "--var"), Var("y", "b", "--var"))
    loaded = load([tmp_path], LoadOptions(root=tmp_path, here=tmp_path, given=given))

    assert {taker.name: taker.secret for taker in loaded.takers} == {"x": True, "y": False}


HELPED = {
    "main.tf": (
        'variable "x" {}\nresource "aws_iam_policy" "p" {\n  policy = jsonencode({\n'
        '    Version = "2012-10-17"\n    Statement = [{\n      Effect = "Allow", Action = "s3:*"\n'
        '      Resource = "arn:aws:s3::1:${var.x}/*"\n    }]\n  })\n}\n'
    ),
    "t.yaml": (
        "Parameters: {x: {Type: String}}\nResources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n"
        '    Properties:\n      PolicyDocument:\n        Version: "2012-10-17"\n'
        "        Statement:\n          Effect: Allow\n          Action: s3:*\n"
        '          Resource: !Sub "arn:aws:s3::1:${x}/*"\n'
    ),
}


@pytest.mark.parametrize("name", HELPED)
@pytest.mark.parametrize("given", [(), ("--var", "x=y")])
def test_fact_about_a_text_that_an_unknown_variable_is_in_says_how_to_give_its_value(
    given: tuple[str, ...], name: str, iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(HELPED[name])

    result = iamlint("check", ".", "--select", "invalid-account", *given)

    assert "error[invalid-account]" in result.out
    assert ("give `--var x=…`" in result.out) is not bool(given)
