from __future__ import annotations

import os
from pathlib import Path

import pytest

from iamlint.errors import ReadError
from iamlint.load import BUILTIN, LoadOptions, NotAnalysed, list_files, load, read
from iamlint.load.find.sizes import MAX_WALKED

POLICY = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty repository, which is the working directory."""
    home = tmp_path / "home"
    (home / ".git" / "info").mkdir(parents=True)
    monkeypatch.chdir(home)
    return home


def write(folder: Path, *names: str, text: str = POLICY) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def paths(*given: str, **options: object) -> list[str]:
    found = list_files(given or ["."], LoadOptions(**options))  # type: ignore[arg-type]  # names of options
    assert found.left_out == ()
    return [file.path for file in found.files]


def test_files_come_sorted_with_the_endings_that_hold_policies(folder: Path) -> None:
    kept = ["a.json", "b/c.JSON", "d.json5", "e.jsonc", "f.yaml", "g.yml", "h.template"]
    write(folder, *kept, "x.txt", "noending", "package-lock.json", "y.py", "z.json.md")
    write(folder, "data/iam/2010-05-08/service-2.json", "data/iam/2010-05-08/examples-1.json")

    assert paths() == kept


def test_names_that_end_like_one_that_is_skipped_are_read(folder: Path) -> None:
    kept = ["a/service-2.json", "p.schema.json", "x-package-lock.json"]
    write(folder, *kept)

    assert paths() == kept


@pytest.mark.parametrize(
    ("name", "is_copy"),
    [
        ("p.json.bak", True),
        ("p.json.", True),
        ("p.json ", True),
        ("p.json~", True),
        ("p.yaml.j2", True),
        ("main.tf.orig", True),
        ("p.tftpl", True),
        ("p.ndjson", True),
        ("p.json.gz", False),
        ("p.json.md", False),
        ("p.txt", False),
        ("p.jsonnet", False),
    ],
)
def test_copies_and_templates_of_files_with_policies_are_looked_into(
    folder: Path, name: str, *, is_copy: bool
) -> None:
    write(folder, name)

    assert paths() == ([name] if is_copy else [])


def test_folders_of_tools_are_not_entered(folder: Path) -> None:
    skipped = ["node_modules", ".terraform", ".venv", ".git", ".tox", "__pycache__"]
    write(folder, *(f"x/{name}/a.json" for name in skipped), ".github/a.json")

    assert paths() == [".github/a.json"]


def test_who_asks_for_a_file_gets_it(folder: Path) -> None:
    write(folder, "x.txt", "noending", "node_modules/a.json", "ignored.json")
    write(folder, ".gitignore", text="ignored.json\n")
    given = ["ignored.json", "node_modules/a.json", "noending", "x.txt"]

    assert paths(*given) == given
    assert paths("node_modules") == ["node_modules/a.json"]


def test_a_file_given_twice_is_read_once(folder: Path) -> None:
    write(folder, "a/b.json")

    assert paths("a", "a/b.json", "./a", str(folder / "a" / "b.json")) == ["a/b.json"]


def test_a_path_to_nothing_is_an_error(folder: Path) -> None:
    with pytest.raises(ReadError, match="`nothing` does not exist"):
        paths("nothing")
    with pytest.raises(ReadError) as caught:
        paths("*.json")
    assert "`include`" in (caught.value.help or "")
    assert folder.is_dir()


def test_what_lies_outside_of_the_working_directory_keeps_its_given_form(
    folder: Path, tmp_path: Path
) -> None:
    write(tmp_path, "other/a.json")

    assert paths("../other") == ["../other/a.json"]
    assert paths(str(tmp_path / "other")) == [(tmp_path / "other" / "a.json").as_posix()]
    assert folder.is_dir()


def test_gitignore_files_count_from_the_repository_down(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "a.json", "b.json", "x/a.json", "x/b.json", "x/y/c.json", "out/d.json", "e.json")
    write(folder, ".gitignore", text="a.json\nout/\n/x/y/c.json\n")
    write(folder, "x/.gitignore", text="!a.json\n")
    write(folder, ".git/info/exclude", text="e.json\n")

    assert paths() == ["b.json", "x/a.json", "x/b.json"]
    assert paths("x") == ["x/a.json", "x/b.json"]
    assert paths("out") == ["out/d.json"]
    assert len(paths(respect_gitignore=False)) == 7
    monkeypatch.chdir(folder / "x")
    assert paths() == ["a.json", "b.json"]


def test_a_file_in_an_ignored_folder_cannot_be_kept(folder: Path) -> None:
    write(folder, "out/a.json")
    write(folder, ".gitignore", text="out/\n!out/a.json\n")

    assert paths() == []


def test_exclude_globs_hold_for_what_is_found_and_by_force_for_what_is_given(folder: Path) -> None:
    write(folder, "a.json", "x/a.json", "x/y/b.json", "z/b.json")

    assert paths(exclude=("x/y", "/a.json")) == ["x/a.json", "z/b.json"]
    assert paths(exclude=("**/y/**",)) == ["a.json", "x/a.json", "z/b.json"]
    assert paths("x/y/b.json", exclude=("x",)) == ["x/y/b.json"]
    assert paths("x/y/b.json", "x", "a.json", exclude=("x",), force_exclude=True) == ["a.json"]


def test_include_globs_replace_the_endings(folder: Path) -> None:
    write(folder, "a.json", "policies/a.json", "policies/x/b.policy", "policies/c.yaml")

    assert paths(include=("policies/**/*.json", "*.policy")) == [
        "policies/a.json",
        "policies/x/b.policy",
    ]
    assert paths("a.json", include=("policies/",)) == ["a.json"]


def test_globs_are_relative_to_the_root(folder: Path) -> None:
    write(folder, "x/a.json", "x/x/a.json")

    assert paths(root=folder / "x", exclude=("/x",)) == ["x/a.json"]


def test_links_are_read_once_and_never_out_of_the_repository(folder: Path, tmp_path: Path) -> None:
    write(folder, "real/a.json", "other/.hidden")
    write(tmp_path, "secret/s.json", "secret.json")
    links = {
        "link.json": folder / "real" / "a.json",
        "again": folder / "real",
        "loop": folder,
        "out": tmp_path / "secret",
        "out.json": tmp_path / "secret.json",
        "dangling.json": folder / "nothing",
        "deep/tricky.json": Path("../real/../../secret.json"),
    }
    for name, target in links.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(target)

    found = list_files(["."], LoadOptions())

    assert [file.path for file in found.files] == ["real/a.json"]
    reason = "symbolic link that leads out of the repository"
    assert sorted(item.path for item in found.left_out) == ["deep/tricky.json", "out", "out.json"]
    assert {item.reason for item in found.left_out} == {reason}
    assert list_files(["out.json"], LoadOptions()).left_out == (
        NotAnalysed("out.json", (), reason, unreadable=True),
    )


@pytest.mark.parametrize("given", ["out/s.json", "far/out/s.json", "far/../out/s.json"])
def test_file_that_is_named_through_a_link_out_of_the_repository_is_not_read(
    given: str, folder: Path, tmp_path: Path
) -> None:
    write(folder, "far/a.json", ".git/HEAD")
    write(tmp_path, "secret/s.json")
    for link in ("out", "far/out"):
        (folder / link).symlink_to(tmp_path / "secret")

    found = list_files([given], LoadOptions())

    assert found.files == ()
    assert [item.unreadable for item in found.left_out] == [True]


def test_file_in_a_repository_that_a_link_leads_to_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "data/repository/p.json", "data/repository/.git/HEAD", "home/x.json")
    (tmp_path / "home" / "work").symlink_to(tmp_path / "data" / "repository")
    monkeypatch.chdir(tmp_path / "home")

    assert [file.path for file in list_files(["work/p.json"], LoadOptions()).files] == [
        "work/p.json"
    ]
    assert len(list_files([str(tmp_path / "home/work/p.json")], LoadOptions()).files) == 1


def test_links_inside_the_repository_are_followed_where_their_target_is_not_read(
    folder: Path,
) -> None:
    write(folder, "common/a.json", "common/b.json", "policies/c.json")
    (folder / "policies" / "shared").symlink_to(folder / "common")
    (folder / "policies" / "d.json").symlink_to(folder / "common" / "a.json")

    assert paths("policies") == ["policies/c.json", "policies/d.json", "policies/shared/b.json"]
    assert paths() == ["common/a.json", "common/b.json", "policies/c.json"]


def test_a_large_file_is_left_out_unless_asked_for(folder: Path) -> None:
    write(folder, "large.json", text=POLICY + " " * MAX_WALKED)

    loaded = load(["."], LoadOptions())

    assert loaded.not_analysed == (
        NotAnalysed(
            "large.json",
            (),
            f"larger than {MAX_WALKED:,} bytes: name it under `include` to have it read",
        ),
    )
    assert len(load(["large.json"], LoadOptions()).documents) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(folder: Path) -> None:
    write(folder, "a.json", "x/b.json")
    (folder / "a.json").chmod(0)
    (folder / "x").chmod(0)

    loaded = load(["."], LoadOptions())
    (folder / "x").chmod(0o700)

    assert loaded.not_analysed == (
        NotAnalysed("a.json", (), "cannot be read: permission denied", unreadable=True),
        NotAnalysed("x", (), "folder cannot be read: permission denied", unreadable=True),
    )


def test_a_file_that_vanishes_is_said(folder: Path) -> None:
    write(folder, "a.json")
    found = list_files(["."], LoadOptions())
    (folder / "a.json").unlink()

    assert list(read(found.files[0], BUILTIN)) == [
        NotAnalysed("a.json", (), "cannot be read: no such file or directory", unreadable=True)
    ]


def test_pipes_in_a_folder_are_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")

    assert paths() == []


def test_standard_input_has_the_name_it_is_given(folder: Path) -> None:
    options = LoadOptions(stdin=POLICY.encode(), stdin_name=str(folder / "scp" / "a.json"))
    loaded = load(["-"], options)

    assert [(d.path, d.kind.value) for d in loaded.documents] == [("scp/a.json", "scp")]
    assert load(["-"], LoadOptions(stdin=POLICY.encode())).paths == ("<stdin>",)
