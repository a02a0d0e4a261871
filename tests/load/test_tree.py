"""Files are read through one tree, which the current folder and the disk do not decide alone."""

from __future__ import annotations

import ast
import os
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from iamlint.config import nearest
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import files, lint
from iamlint.load import LoadOptions, list_files, load
from iamlint.load.find.tree import FileTree
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from iamlint.rule.run import Run

POLICY = b'{"Statement": [{"Effect": "Allow", "Action": "%s", "Resource": "*"}]}'
MODULE = b'variable "a" {}\nresource "aws_iam_policy" "p" {\n  policy = %s\n}\n'
SAYS = b'jsonencode({Statement = [{Effect = "Allow", Action = var.a, Resource = "*"}]})'
CALL = b'module "m" {\n  source = "./m"\n  a = "%s"\n}\n'
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / ".git").mkdir(parents=True)
    return home


def write(folder: Path, **contents: bytes) -> None:
    for name, text in placed(folder, **contents).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text)


def placed(folder: Path, **contents: bytes) -> dict[str, bytes]:
    """Return contents by place; `__` in a name means a slash, `_` a dot."""
    return {
        str(folder / name.replace("__", "/").replace("_", ".")): text
        for name, text in contents.items()
    }


def actions(folder: Path, *paths: str, **contents: bytes) -> list[tuple[str, str | None]]:
    options = LoadOptions(root=folder, here=folder, contents=placed(folder, **contents))
    return [
        (document.path, element.known)
        for document in load(paths or (".",), options).documents
        for statement in document.policy.statements
        for element in statement.actions
    ]


def test_a_text_replaces_the_file(folder: Path) -> None:
    write(folder, a_json=POLICY % b"s3:GetObject")

    assert actions(folder, a_json=POLICY % b"s3:PutObject") == [("a.json", "s3:PutObject")]


def test_a_text_may_be_a_file_and_a_folder_that_is_not_on_disk(folder: Path) -> None:
    write(folder, a_json=POLICY % b"s3:GetObject")
    new = {"new__in__b_json": POLICY % b"s3:PutObject"}

    assert actions(folder, **new) == [("a.json", "s3:GetObject"), ("new/in/b.json", "s3:PutObject")]
    assert actions(folder, "new", **new) == [("new/in/b.json", "s3:PutObject")]
    assert actions(folder, "new/in/b.json", **new) == [("new/in/b.json", "s3:PutObject")]


def test_a_repository_may_be_nowhere_on_disk(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"

    assert actions(nowhere, a__b_json=POLICY % b"s3:GetObject") == [("a/b.json", "s3:GetObject")]


def test_gitignore_is_read_from_the_tree(folder: Path) -> None:
    write(folder, a_json=POLICY % b"s3:GetObject", b_json=POLICY % b"s3:GetObject")

    assert actions(folder, _gitignore=b"b.json\n") == [("a.json", "s3:GetObject")]


@pytest.mark.parametrize(
    ("named", "contents"),
    [
        ("main.tf", {"main_tf": CALL % b"s3:PutObject"}),
        ("m/main.tf", {"main_tf": CALL % b"s3:PutObject"}),
        ("main.tf", {"m__main_tf": (MODULE % SAYS).replace(b"var.a", b'"s3:PutObject"')}),
        ("main.tf", {"m__main_tf": MODULE % b'file("p.json")', "p_json": POLICY % b"s3:PutObject"}),
        ("main.tf", {"main_tf": CALL.replace(b'"%s"', b"var.v") + b'variable "v" {}\n',
                     "terraform_tfvars": b'v = "s3:PutObject"\n'}),
    ],
)  # fmt: skip
def test_modules_are_read_from_the_tree(
    named: str, contents: dict[str, bytes], folder: Path
) -> None:
    write(folder, main_tf=CALL % b"s3:GetObject", m__main_tf=MODULE % SAYS)

    together = {action for _, action in actions(folder, ".", **contents)}

    assert together == {"s3:PutObject"}
    assert "s3:GetObject" not in {action for _, action in actions(folder, named, **contents)}


def test_a_text_outside_of_the_repository_is_not_read(folder: Path) -> None:
    outside = MODULE % b'file("../../p.json")'
    contents = {str(folder.parent / "p.json"): POLICY % b"s3:GetObject"}
    write(folder, m__main_tf=outside)
    options = LoadOptions(root=folder, here=folder, contents=contents)

    loaded = load(["."], options)

    assert loaded.documents == ()
    assert [item.reason for item in loaded.not_analysed] == [
        "`../../p.json` is not read: it is outside of the repository"
    ]


def test_limits_hold_for_texts(folder: Path) -> None:
    big = POLICY % b"s3:GetObject" + b" " * 5_000_000
    options = LoadOptions(root=folder, here=folder, contents=placed(folder, a_json=big))

    assert [item.reason for item in load(["."], options).not_analysed] == [
        "larger than 5,000,000 bytes: name it under `include` to have it read"
    ]


def test_a_link_is_followed_only_inside(folder: Path) -> None:
    write(folder.parent, secret__a_json=POLICY % b"s3:GetObject")
    (folder / "out").symlink_to(folder.parent / "secret")

    found = list_files(["."], LoadOptions(root=folder, here=folder))

    assert found.files == ()
    assert len(found.left_out) == 1


def lints(folder: Path, *paths: str) -> tuple[Run, tuple[str, ...]]:
    nearest.cache_clear()
    request = LintOptions(paths=paths, today=date(2026, 1, 1), here=folder)
    plugins = load_extensions(nearest(folder, folder))
    return lint(request, plugins), files(request, plugins)


def test_nothing_depends_on_the_folder_that_the_process_works_in(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        folder,
        a__b_json=POLICY % b"*",
        main_tf=CALL % b"*",
        m__main_tf=MODULE % SAYS,
        iamlint_toml=b"[[ignore-finding]]\nrule = 'wildcard-admin'\nfile = 'a/*'\nreason = 'r'\n",
    )
    said = []
    for place in (folder, folder / "a", tmp_path, Path("/")):
        monkeypatch.chdir(place)
        said.append([lints(folder, path) for path in (".", "main.tf", "a/b.json", "m")])

    assert {f.path for run, _ in said[0] for f in run.findings} == {
        "a/b.json",
        "main.tf",
        "m/main.tf",
    }
    assert [(run.findings, run.not_analysed, names) for run, names in said[0]] == [
        (run.findings, run.not_analysed, names) for run, names in said[1]
    ]
    assert all(
        [(run.findings, names) for run, names in one]
        == [(run.findings, names) for run, names in said[0]]
        for one in said
    )


def test_a_tree_shows_files_from_where_it_starts() -> None:
    tree = FileTree("/a/b")

    assert [tree.shown(path) for path in ("c", "/a/b/c", "../c", "/x/../d", ".")] == [
        "c",
        "c",
        "../c",
        "/d",
        ".",
    ]


OPENS = {"open", "scandir", "listdir", "isfile", "isdir", "read_text", "iterdir", "rglob", "glob", "getcwd", "cwd"}  # fmt: skip  # noqa: E501

TREES = {"tree.py", "stores.py"}


def test_only_the_tree_opens_and_lists_files() -> None:
    """The data of the package itself is found by `__package__` or `__file__`."""
    wrong = []
    for path in sorted((ROOT / "iamlint" / "load").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and path.name not in TREES:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                is_own = any(own in ast.unparse(node) for own in ("__package__", "__file__"))
                if name in OPENS and not is_own:
                    wrong.append(f"{path.name}:{node.lineno} {name}")

    assert wrong == []


def test_only_where_people_call_is_the_current_folder_asked_for() -> None:
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "iamlint").rglob("*.py"))
        if path.parent.name not in ("cli", "api")
        and any(word in path.read_text(encoding="utf-8") for word in (".cwd(", "getcwd("))
    ]

    assert wrong == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize(("limit", "expected"), [(3, b"abc"), (6, b"abcdef"), (100, b"abcdef")])
def test_a_pipe_is_read_to_its_end_or_the_limit(
    tmp_path: Path, limit: int, expected: bytes
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(b"abcdef",))
    writer.start()
    read = FileTree().read(str(pipe), limit)
    writer.join()

    assert read == expected
