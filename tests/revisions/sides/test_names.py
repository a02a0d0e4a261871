"""Names of two sides, as `git diff` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.errors import ReadError, UsageError
from tests.revisions.sides.repo import POLICY, Repo, actions, sides

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def forked(repo: Repo) -> Repo:
    """`main` and `feature`, each with a commit that the other does not have."""
    repo.commit({"f.json": POLICY % "PutObject"}, branch="feature")
    repo.git("checkout", "-q", "main")
    repo.commit({"m.json": POLICY % "ListBucket"})
    return repo


def both(repo: Repo, *names: str, **more: str) -> list[tuple[str, set[str]]]:
    """Return the name of each side, and the files with a policy on it."""
    return [(side.name, set(actions(side))) for side in sides(repo, *names, **more)]


BASE, MAIN, FEATURE = {"a.json"}, {"a.json", "m.json"}, {"a.json", "f.json"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), [("HEAD", MAIN), ("working tree", MAIN | {"new.json"})]),
        (("feature",), [("feature", FEATURE), ("working tree", MAIN | {"new.json"})]),
        (("feature", "main"), [("feature", FEATURE), ("main", MAIN)]),
        (("feature..main",), [("feature", FEATURE), ("main", MAIN)]),
        (("..feature",), [("HEAD", MAIN), ("feature", FEATURE)]),
        (("feature..",), [("feature", FEATURE), ("HEAD", MAIN)]),
        (("main...feature",), [("merge base of main and feature", BASE), ("feature", FEATURE)]),
        (("feature...",), [("merge base of feature and HEAD", BASE), ("HEAD", MAIN)]),
        (("...feature",), [("merge base of HEAD and feature", BASE), ("feature", FEATURE)]),
        (("HEAD~1", "v1"), [("HEAD~1", BASE), ("v1", FEATURE)]),
        (("refs/heads/main", "@"), [("refs/heads/main", MAIN), ("@", MAIN)]),
    ],
)
def test_revisions_are_named_as_for_git_diff(
    forked: Repo, names: tuple[str, ...], expected: list[tuple[str, set[str]]]
) -> None:
    forked.git("tag", "-a", "v1", "-m", "first", "feature")
    forked.write({"new.json": POLICY % "GetObject"})

    assert both(forked, *names) == expected


def test_two_places_are_compared_without_git(tmp_path: Path) -> None:
    bare = Repo.__new__(Repo)
    bare.top = tmp_path
    bare.write({"old/x/a.json": POLICY % "GetObject", "new/x/a.json": POLICY % "PutObject"})

    old, new = sides(bare, "old", "new")

    assert (old.name, actions(old)) == ("old", {"x/a.json": ["GetObject"]})
    assert (new.name, actions(new)) == ("new", {"x/a.json": ["PutObject"]})
    assert [d.path for d in new.documents] == ["new/x/a.json"]
    old, new = sides(bare, "old/x/a.json", str(tmp_path / "new/x/a.json"))
    assert (actions(old), actions(new)) == ({"a.json": ["GetObject"]}, {"a.json": ["PutObject"]})


def test_a_path_behind_revisions_limits_the_comparison(forked: Repo) -> None:
    forked.write({"b/x.json": POLICY % "GetObject"})

    assert both(forked, "feature", "b") == [("feature", set()), ("working tree", {"b/x.json"})]
    assert both(forked, "a.json") == [("HEAD", BASE), ("working tree", BASE)]
    old, new = sides(forked, "main...feature", None, "f.json")
    assert (set(actions(old)), set(actions(new))) == (set(), {"f.json"})


def wrong(repo: Repo, *names: str | None, **more: object) -> tuple[str, str | None]:
    with pytest.raises(UsageError) as raised:
        sides(repo, *names, **more)  # type: ignore[arg-type]
    return raised.value.message, raised.value.help


def test_a_name_that_is_a_place_and_a_revision_is_an_error(repo: Repo) -> None:
    repo.commit({"infra/a.json": POLICY % "GetObject"}, branch="infra")

    assert wrong(repo, "infra") == (
        "`infra` is a file or folder, and a revision",
        "write `./infra` for the first, `refs/heads/infra` for the revision",
    )
    assert both(repo, "refs/heads/infra", "./infra")[1] == ("working tree", {"infra/a.json"})
    (repo.top / "HEAD~0").mkdir()
    assert wrong(repo, "HEAD~0")[1] == "write `./HEAD~0` for the first, `HEAD~0^0` for the revision"


@pytest.mark.parametrize("name", ["mian", "mian..HEAD", "HEAD...mian"])
def test_a_name_that_leads_to_nothing_is_an_error_with_the_nearest(repo: Repo, name: str) -> None:
    assert wrong(repo, name) == (
        "`mian` is not a file, a folder or a revision",
        "did you mean `main`?",
    )


@pytest.mark.parametrize(
    "name", ["--output=x", "--all", "-p", "", "\0", "^main", "main^{tree}", "a\nb"]
)
def test_a_name_is_never_an_option_or_half_a_range(repo: Repo, name: str) -> None:
    assert wrong(repo, name, "main")[0] == f"`{name}` is not a file, a folder or a revision"
    assert not (repo.top / "x").exists()


def test_a_branch_of_a_remote_alone_is_named_in_full(repo: Repo, tmp_path: Path) -> None:
    repo.commit({}, branch="work")
    clone = Repo(tmp_path / "clone")
    clone.git("fetch", "-q", str(repo.top), "work:refs/remotes/origin/trunk")
    clone.git("checkout", "-q", "origin/trunk")

    assert wrong(clone, "trunk") == (
        "`trunk` is not a file, a folder or a revision",
        "write `origin/trunk`",
    )


SHALLOW = (
    "the clone is shallow: set `fetch-depth: 0` for actions/checkout, "
    "or run `git fetch --unshallow`"
)


def test_a_shallow_clone_gets_the_remedy(forked: Repo, tmp_path: Path) -> None:
    clone = Repo(tmp_path / "clone")
    clone.git("fetch", "-q", "--depth=1", forked.top.as_uri(), "main:main", "feature:feature", "-u")
    clone.git("checkout", "-q", "-f", "main")

    assert wrong(clone, "HEAD~1") == ("`HEAD~1` is not a file, a folder or a revision", SHALLOW)
    assert wrong(clone, "v1")[1] == SHALLOW
    message = "`feature` and `main` have no commit in common"
    assert wrong(clone, "feature...main") == (message, SHALLOW)
    assert both(clone, "feature..main") == [("feature", FEATURE), ("main", MAIN)]


def test_revisions_without_a_common_commit_can_be_compared_with_two_dots(repo: Repo) -> None:
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit({"o.json": POLICY % "GetObject"})

    assert wrong(repo, "main...other") == (
        "`main` and `other` have no commit in common",
        "write `main..other`",
    )


def test_names_that_do_not_fit_together_are_errors(forked: Repo) -> None:
    assert wrong(forked, "main..feature", "main") == (
        "`main..feature` names two revisions already",
        "leave out `main`",
    )
    assert wrong(forked, "a.json", "main") == (
        "`a.json` is a path before the revision `main`",
        "revisions first",
    )
    assert wrong(forked, "a.json", "m.json", "a.json") == (
        "two places are compared as a whole",
        "name the places below",
    )


def test_a_path_that_leads_to_nothing_is_an_error(forked: Repo, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text(POLICY % "GetObject")
    (forked.top / "way").symlink_to(tmp_path)

    assert wrong(forked, "main", "feature", "gone.json")[0] == (
        "`gone.json` is neither in `main` nor in `feature`"
    )
    for path in ("../outside.json", str(tmp_path), "way/outside.json", "/"):
        message = f"`{path}` is outside of the repository `{forked.top}`"
        assert wrong(forked, "main", None, path)[0] == message


def test_without_a_repository_there_are_no_revisions(tmp_path: Path) -> None:
    plain = Repo.__new__(Repo)
    plain.top = tmp_path

    assert wrong(plain) == (f"`{tmp_path}` is not in a git repository", "name two folders")


def test_without_git_there_are_no_revisions(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.top)
    (repo.top / "git").write_text("#!/bin/sh\ntouch ran\n")
    (repo.top / "git").chmod(0o755)

    assert wrong(repo, environ={"PATH": "."}) == (
        "`git` is not on the `PATH`",
        "install git, or name two folders",
    )
    assert not (repo.top / "ran").exists()


def test_a_repository_that_git_refuses_is_an_error_with_its_reason(repo: Repo) -> None:
    (repo.top / ".git/config").write_text("[core\n")

    with pytest.raises(ReadError, match="git cannot read the repository: bad config line 1"):
        sides(repo)


def test_before_the_first_commit_the_old_side_is_empty(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write({"a.json": POLICY % "GetObject"})

    assert both(repo) == [("HEAD", set()), ("working tree", {"a.json"})]
    assert wrong(repo, "HEAD")[0] == "`HEAD` is not a file, a folder or a revision"


def test_a_bare_repository_has_revisions_and_no_working_tree(forked: Repo, tmp_path: Path) -> None:
    bare = Repo(tmp_path / "bare.git", "--bare")
    bare.git("fetch", "-q", str(forked.top), "main:main", "feature:feature")

    assert both(bare, "main", "feature") == [("main", MAIN), ("feature", FEATURE)]
    assert both(bare, "HEAD", "feature") == [("HEAD", MAIN), ("feature", FEATURE)]
    assert wrong(bare) == ("a bare repository has no working tree", "name two revisions")


def test_a_worktree_has_its_own_head_and_index(forked: Repo, tmp_path: Path) -> None:
    forked.git("worktree", "add", "-q", str(tmp_path / "tree"), "feature")
    tree = Repo.__new__(Repo)
    tree.top = tmp_path / "tree"
    tree.write({"new.json": POLICY % "GetObject"})

    assert both(tree) == [("HEAD", FEATURE), ("working tree", FEATURE | {"new.json"})]
    assert both(tree, "main...") == [("merge base of main and HEAD", BASE), ("HEAD", FEATURE)]


def test_a_sparse_working_tree_is_not_compared(forked: Repo) -> None:
    forked.git("sparse-checkout", "set", "--no-cone", "/a.json")

    assert wrong(forked) == (
        "the working tree is sparse: it leaves files out",
        "compare two revisions, or the index",
    )
    assert both(forked, "HEAD~1", "HEAD") == [("HEAD~1", BASE), ("HEAD", MAIN)]
