"""Hostile modules are read as designed, in bounded time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, load
from tests.support.loading import load_text, reasons
from tests.support.steps import growth

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POLICY = 'resource "aws_iam_policy" "x" {\n  policy = %s\n}\n'
STATEMENT = '{Effect = "Allow", Action = "s3:GetObject", Resource = "*"}'


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of a repository, with a policy outside of the repository."""
    (tmp_path / "secret.json").write_text('{"Statement": [{"Effect": "Allow", "Action": "a:b"}]}')
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "module").mkdir()
    monkeypatch.chdir(root)
    return root


ONLY = "is not read: iamlint reads only files of the repository"
OUTSIDE = "is not read: it is outside of the repository"


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ('file("/etc/passwd")', f"`/etc/passwd` {ONLY}"),
        ('file("~/.aws/credentials")', f"`~/.aws/credentials` {ONLY}"),
        ('file("../../secret.json")', f"`../../secret.json` {OUTSIDE}"),
        ('file("link.json")', f"`link.json` {OUTSIDE}"),
        ('templatefile("link.json", {})', f"`link.json` {OUTSIDE}"),
        ('file("folder/secret.json")', f"`folder/secret.json` {OUTSIDE}"),
        ('file("none.json")', "`none.json` does not exist"),
        ('file(".")', "`.` does not exist"),
        ('file("pipe")', "`pipe` does not exist"),
        ('file("binary")', "`binary` is not text"),
        ('file("${path.root}/x.json")', "`./x.json` does not exist"),
        ('filebase64("x.json")', '`${filebase64("x.json")}` is not known'),
    ],
)
def test_files_outside_of_the_repository_are_not_read(
    expression: str, reason: str, repository: Path
) -> None:
    module = repository / "module"
    (module / "link.json").symlink_to("../../secret.json")
    (module / "folder").symlink_to("../..")
    (module / "binary").write_bytes(b"\xff\x00")
    os.mkfifo(module / "pipe")
    (module / "main.tf").write_text(POLICY % expression)

    loaded = load(["module/main.tf"], LoadOptions())

    assert (loaded.documents, reasons(loaded)) == ((), [reason])


def test_file_beside_the_module_is_read_through_a_link_inside(repository: Path) -> None:
    (repository / "policy.json").write_text('{"Statement": []}')
    (repository / "module" / "link.json").symlink_to("../policy.json")
    (repository / "module" / "main.tf").write_text(POLICY % 'file("link.json")')

    (document,) = load(["module/main.tf"], LoadOptions()).documents

    assert document.path == "module/link.json"


def test_module_that_is_a_link_out_of_the_repository_is_not_read(repository: Path) -> None:
    (repository.parent / "other.tf").write_text(POLICY % f"jsonencode({{Statement = {STATEMENT}}})")
    (repository / "module" / "main.tf").symlink_to("../../other.tf")

    loaded = load(["."], LoadOptions())

    assert loaded.documents == ()
    assert reasons(loaded) == ["symbolic link that leads out of the repository"]


@pytest.mark.parametrize("count", [200, 20_000])
def test_deep_nesting_is_left_out(count: int) -> None:
    loaded = load_text(POLICY % f"jsonencode({'[' * count}{']' * count})")

    assert loaded.documents == ()
    (reason,) = reasons(loaded)
    assert reason.endswith("is not known")


@pytest.mark.parametrize("text", ["[" * 20_000, "jsonencode(" + "{a=" * 5_000, '"' + "${" * 2_000])
def test_what_never_ends_is_unreadable(text: str) -> None:
    (item,) = load_text(POLICY % text + POLICY % "1").not_analysed

    assert item.unreadable


def test_blocks_in_blocks_do_not_overflow() -> None:
    text = "a {\n" * 5_000 + '  policy = "Statement"\n' + "}\n" * 5_000

    assert (load_text(text).documents, load_text(text).not_analysed) == ((), ())


@pytest.mark.parametrize("count", [2, 3_000])
def test_locals_in_a_circle_are_not_known(count: int) -> None:
    names = "".join(f"  a{n} = local.a{(n + 1) % count}\n" for n in range(count))
    loaded = load_text(f"locals {{\n{names}}}\n" + POLICY % "local.a0")

    (reason,) = reasons(loaded)
    assert reason.startswith("`${local.a")


def test_documents_that_take_each_other_in_are_analysed_as_far_as_known() -> None:
    loaded = load_text(
        "".join(
            f'data "aws_iam_policy_document" "{name}" {{\n'
            f"  source_policy_documents = [data.aws_iam_policy_document.{other}.json]\n"
            f'  statement {{\n    actions = ["s3:Get{name}"]\n    resources = ["*"]\n  }}\n}}\n'
            for name, other in (("one", "two"), ("two", "one"))
        )
    )

    (document,) = loaded.documents
    actions = [entry.known for s in document.policy.statements for entry in s.actions]
    assert actions == ["s3:Gettwo", "s3:Getone"]
    assert reasons(loaded) == ["`${data.aws_iam_policy_document.one.json}` is not known"]


@pytest.mark.usefixtures("few_steps")
@pytest.mark.parametrize("double", ['"${%s}${%s}"', "[%s, %s]", "concat(%s, %s)", "join(%s, %s)"])
def test_values_that_double_are_given_up(double: str) -> None:
    first = '["s3:GetObject"]' if "concat" in double or "[" in double else '"s3:GetObject"'
    steps = "".join(f"  a{n + 1} = {double % (f'local.a{n}', f'local.a{n}')}\n" for n in range(50))
    action = '{Statement = [{Effect = "Allow", Action = local.a50, Resource = local.a3}]}'
    loaded = load_text(f"locals {{\n  a0 = {first}\n{steps}}}\n" + POLICY % f"jsonencode({action})")

    assert len(loaded.documents) == 1
    assert sum(len(str(document.value)) for document in loaded.documents) < 10_000_000


@pytest.mark.usefixtures("few_steps")
def test_loops_in_loops_are_given_up() -> None:
    numbers = str(list(range(20)))
    loops = "".join(f"[for a{n} in {numbers} : " for n in range(10)) + "a1" + "]" * 10
    loaded = load_text(POLICY % f"jsonencode({{Statement = {loops}}})")

    assert (
        reasons(loaded)[-1] == "its expressions give too many values: not all of them are evaluated"
    )


@pytest.mark.usefixtures("few_steps")
def test_loops_that_only_defaults_fill_are_given_up_and_reported() -> None:
    loops = "".join(f"[for a{n} in var.v : " for n in range(10)) + "a1" + "]" * 10
    says = f'{{Statement = [{{Effect = "Allow", Action = "a:b", Resource = {loops}}}]}}'
    variable = f'variable "v" {{\n  default = {list(range(20))}\n}}\n'
    loaded = load_text(variable + POLICY % f"jsonencode({says})")

    assert reasons(loaded) == [
        "its expressions give too many values: not all of them are evaluated"
    ]


def test_documents_that_double_are_given_up() -> None:
    text = "".join(
        f'data "aws_iam_policy_document" "d{n}" {{\n'
        "  source_policy_documents = "
        f"[for n in [1, 2] : data.aws_iam_policy_document.d{n + 1}.json]\n"
        f'  statement {{\n    actions = ["s3:*"]\n  }}\n}}\n'
        for n in range(40)
    )

    assert "its expressions give too many values: not all of them are evaluated" in reasons(
        load_text(text)
    )


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"policy = \xff", b"policy\0", b"\xef\xbb\xbfpolicy = 1\n", b""]
)
def test_odd_bytes_are_no_error(data: bytes) -> None:
    loaded = load(["-"], LoadOptions(stdin=data, stdin_name="main.tf"))

    assert loaded.documents == ()


def test_byte_order_mark_does_not_shift_places() -> None:
    text = POLICY % f"jsonencode({{Statement = {STATEMENT}}})"
    (document,) = load(
        ["-"], LoadOptions(stdin=b"\xef\xbb\xbf" + text.encode(), stdin_name="a.tf")
    ).documents

    assert document.written == f"{{Statement = {STATEMENT}}}"


ENCODED = 'jsonencode({Statement = [{Effect = "Allow", Action = "s3:GetObject", Resource = "*"}]})'
BIG: dict[str, Callable[[int], str]] = {
    "heredoc": lambda count: (
        POLICY
        % (
            '<<EOT\n{"Statement": ['
            + '{"Effect": "Allow", "Action": "s3:GetObject"},\n' * count
            + '"x"]}\nEOT\n'
        )
    ),
    "heredoc of names": lambda count: (
        POLICY % ('<<EOT\n{"Statement": [' + "${var.x}," * count + '"a"]}\nEOT\n')
    ),
    "blocks": lambda count: (
        'resource "aws_iam_role" "r" {\n'
        + f"  inline_policy {{\n    policy = {ENCODED}\n  }}\n" * count
        + "}\n"
    ),
    "members": lambda count: (
        "locals {\n  p = {\n"
        + "".join(f"    a{n} = {ENCODED}\n" for n in range(count))
        + "  }\n}\n"
    ),
}


@pytest.mark.parametrize("name", BIG)
def test_much_of_anything_takes_steps_by_its_size(name: str) -> None:
    def look(count: int) -> None:
        assert load_text(BIG[name](count)).documents

    assert growth(look, 200) < 2.2
