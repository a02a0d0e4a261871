"""What a side holds: the policies, the account and the names of files of that revision alone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from iamlint.config import Config, read
from iamlint.errors import UsageError
from iamlint.fast_dataclass import replace
from iamlint.load import Var, VarFile
from iamlint.policy.grammar import Kind
from iamlint.revisions.sides.git import GitRepository
from tests.revisions.sides.repo import POLICY, Repo, actions, sides

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import Popen

    from iamlint.account.model import Identity
    from iamlint.revisions.sides.side import ComparedSide

TRUST = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
  "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"""
ROLE = """resource "aws_iam_role_policy" "p" {
  role = "worker"
  policy = jsonencode({Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::${var.bucket}/*"}]})
}
variable "bucket" {}
"""


def identities(side: ComparedSide) -> dict[str, int]:
    """Return the principals of an account with the number of their policies."""
    found: dict[str, Identity] = dict(side.repository.account.accounts.identities)
    return {name: len(one.policies) for name, one in found.items()}


def test_a_revision_is_read_from_what_git_stores_alone(repo: Repo) -> None:
    repo.commit({"b/c.json": POLICY % "PutObject", "iamlint.toml": "account = '111122223333'\n"})
    shutil.rmtree(repo.top / "b")
    repo.write({"a.json": POLICY % "ListBucket", "b": "", "iamlint.toml": "account = 'wrong'\n"})

    old, new = sides(repo, "HEAD~1", "HEAD")

    assert actions(old) == {"a.json": ["GetObject"]}
    assert actions(new) == {"a.json": ["GetObject"], "b/c.json": ["PutObject"]}
    assert (old.repository.config.account, new.repository.config.account) == (None, "111122223333")
    assert [d.path for d in new.documents] == ["a.json", "b/c.json"]


def test_declared_principals_are_those_of_each_revision(repo: Repo) -> None:
    declared = '[principals."role/app"]\npolicies = [%s]\ntrust = "p/trust.json"\n'
    files = {"p/one.json": POLICY % "GetObject", "p/trust.json": TRUST}
    repo.commit(files | {"iamlint.toml": declared % '"p/one.json"'})
    more = {"p/two.json": POLICY % "PutObject"}
    repo.commit(more | {"iamlint.toml": declared % '"p/one.json", "p/two.json"'})
    shutil.rmtree(repo.top / "p")

    old, new = sides(repo, "HEAD~1", "HEAD")

    assert (identities(old), identities(new)) == ({"role/app": 1}, {"role/app": 2})


def test_a_declared_policy_is_found_through_a_link_of_the_revision(repo: Repo) -> None:
    declared = '[principals."role/app"]\npolicies = ["now/a.json"]\n'
    (repo.top / "now").symlink_to("v1")
    repo.commit({"v1/a.json": POLICY % "GetObject", "iamlint.toml": declared})
    (repo.top / "now").unlink()
    repo.write({"now/a.json": POLICY % "PutObject", "v2/a.json": POLICY % "PutObject"})

    old, new = sides(repo)

    assert (identities(old), identities(new)) == ({"role/app": 1}, {"role/app": 1})
    assert actions(old) == {"a.json": ["GetObject"], "now/a.json": ["GetObject"]}


def test_a_configuration_applies_to_its_revision(repo: Repo) -> None:
    repo.commit(
        {
            "iamlint.toml": "include = ['p/*.json', 'q/*.json']\nexclude = ['p/no.json']\n"
            "[kinds]\n'q/*.json' = 'scp'\n",
            "p/a.json": POLICY % "GetObject",
            "p/no.json": POLICY % "PutObject",
            "q/scp.json": POLICY % "ListBucket",
            "nested/iamlint.toml": "account = '444455556666'\n",
            "nested/a.json": POLICY % "GetObject",
            "p/pyproject.toml": "[project]\nname = 'x'\n",
        }
    )
    (repo.top / "iamlint.toml").unlink()

    old, new = sides(repo, "HEAD~1", "HEAD")

    assert actions(old) == {"a.json": ["GetObject"]}
    assert {d.path: d.kind for d in new.documents} == {
        "p/a.json": Kind.IDENTITY,
        "q/scp.json": Kind.SCP,
    }
    below, inside = sides(repo, "HEAD~1", "HEAD", at="nested")
    assert actions(below) == {}
    assert actions(inside) == {"nested/a.json": ["GetObject"]}
    assert inside.repository.config.account == "444455556666"


def test_a_wrong_configuration_names_its_side(repo: Repo) -> None:
    repo.commit({"iamlint.toml": "accounts = 'x'\n"})
    repo.write({"iamlint.toml": ""})

    with pytest.raises(UsageError) as raised:
        sides(repo)

    assert raised.value.message.startswith("HEAD: iamlint.toml:1: ")


def test_a_configuration_of_a_revision_runs_no_plugin(repo: Repo) -> None:
    repo.commit({"iamlint.toml": "plugins = ['evil']\n", "evil.py": "open('ran', 'w')\n"})

    with pytest.raises(UsageError, match=r"HEAD: iamlint.toml names plugins"):
        sides(repo)


def test_a_configuration_that_the_user_names_is_for_both_sides(repo: Repo) -> None:
    repo.commit({"b.json": POLICY % "PutObject", "n/iamlint.toml": "", "n/a.json": POLICY % "Get*"})
    named = repo.top / "other.toml"
    named.write_text("exclude = ['a.json']\n")

    old, new = sides(repo, "HEAD~1", "HEAD", config=read(named, repo.top))

    assert (actions(old), set(actions(new))) == ({}, {"b.json"})
    isolated = Config(root=repo.top, here=repo.top)
    old, new = sides(repo, "HEAD~1", "HEAD", config=isolated)
    assert (set(actions(old)), set(actions(new))) == ({"a.json"}, {"a.json", "b.json", "n/a.json"})


def test_files_that_git_tracks_are_never_ignored(repo: Repo) -> None:
    repo.write({".gitignore": "*.json\n", "b.json": POLICY % "PutObject"})
    repo.git("add", "-f", "b.json", ".gitignore")
    repo.git("commit", "-q", "-m", "tracked")
    repo.write({"c.json": POLICY % "PutObject"})

    old, new = sides(repo)

    assert set(actions(old)) == set(actions(new)) == {"a.json", "b.json"}


@pytest.mark.parametrize("name", ["with blank.json", "new\nline.json", "tab\t.json", "größe.json"])
def test_any_name_of_a_file_is_read(repo: Repo, name: str) -> None:
    repo.commit({f"sub {name}/{name}": POLICY % "PutObject"})

    old, new = sides(repo)

    assert actions(old) == actions(new)
    assert actions(old)[f"sub {name}/{name}"] == ["PutObject"]


def test_a_name_that_is_not_utf_8_is_read(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "a.json")
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},bad\udcff.json")
    repo.git("commit", "-q", "-m", "bytes")

    old, _ = sides(repo, "HEAD", "HEAD")

    assert [d.path for d in old.documents] == ["a.json", "bad\\udcff.json"]


def test_below_the_top_both_sides_name_files_alike(repo: Repo) -> None:
    repo.commit({"iamlint.toml": "", "sub/b.json": POLICY % "GetObject"})

    old, new = sides(repo, at="sub")

    assert [d.path for d in old.documents] == [d.path for d in new.documents]
    assert set(actions(old)) == set(actions(new)) == {"a.json", "sub/b.json"}
    old, new = sides(repo, None, None, "b.json", at="sub")
    assert set(actions(old)) == set(actions(new)) == {"sub/b.json"}


def test_a_folder_that_a_revision_does_not_have_is_empty_there(repo: Repo) -> None:
    repo.write({"new/b.json": POLICY % "GetObject"})

    old, new = sides(repo, at="new")

    assert (actions(old), actions(new)) == ({}, {"new/b.json": ["GetObject"]})


def test_the_index_is_what_the_next_commit_holds(repo: Repo) -> None:
    repo.write({"a.json": POLICY % "PutObject", "b.json": POLICY % "PutObject"})
    repo.git("add", "a.json", "b.json")
    repo.write({"a.json": POLICY % "ListBucket", "c.json": POLICY % "ListBucket"})
    (repo.top / "b.json").unlink()

    old, new = sides(repo, index=True)

    assert (old.name, actions(old)) == ("HEAD", {"a.json": ["GetObject"]})
    assert (new.name, actions(new)) == ("index", {"a.json": ["PutObject"], "b.json": ["PutObject"]})


def test_the_index_is_compared_with_another_revision(repo: Repo) -> None:
    repo.commit({"b.json": POLICY % "GetObject"})

    old, new = sides(repo, "HEAD~1", index=True)

    assert (set(actions(old)), set(actions(new))) == ({"a.json"}, {"a.json", "b.json"})
    with pytest.raises(UsageError, match="the index is the new side, not `main`"):
        sides(repo, "HEAD", "main", index=True)


def test_the_index_of_a_first_commit_is_new(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write({"a.json": POLICY % "GetObject"})
    repo.git("add", "a.json")

    old, new = sides(repo, index=True)

    assert (actions(old), set(actions(new))) == ({}, {"a.json"})


def test_an_index_with_a_conflict_is_an_error(repo: Repo) -> None:
    repo.commit({"a.json": POLICY % "PutObject"}, branch="other")
    repo.git("checkout", "-q", "main")
    repo.commit({"a.json": POLICY % "ListBucket"})
    with pytest.raises(AssertionError):
        repo.git("merge", "-q", "other")

    with pytest.raises(UsageError, match=r"`a\.json` has a conflict in the index"):
        sides(repo, index=True)
    assert sides(repo)[1].name == "working tree"


def test_a_hook_compares_the_revisions_of_pre_commit(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"f.json": POLICY % "PutObject"}, branch="feature")
    repo.git("checkout", "-q", "main")
    repo.commit({"m.json": POLICY % "ListBucket"})
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "feature")

    old, new = sides(repo, index=True)

    assert (old.name, set(actions(old))) == ("merge base of main and feature", {"a.json"})
    assert (new.name, set(actions(new))) == ("feature", {"a.json", "f.json"})
    assert sides(repo)[1].name == "working tree"


def test_renames_are_those_that_git_sees(repo: Repo) -> None:
    repo.commit({"x/b b.json": POLICY % "PutObject"})
    repo.git("mv", "a.json", "x/a\nc.json")

    old, new = sides(repo)

    assert old.renames == new.renames == {"a.json": "x/a\nc.json"}
    assert sides(repo, index=True)[0].renames == {"a.json": "x/a\nc.json"}
    repo.git("mv", "x/b b.json", "b.json")
    repo.git("commit", "-q", "-m", "moved")
    moved = {"a.json": "x/a\nc.json", "x/b b.json": "b.json"}
    assert sides(repo, "HEAD~1", "HEAD")[0].renames == moved
    assert sides(repo, "HEAD~1", "HEAD", at="x")[0].renames == moved
    assert sides(repo, "./x", "./x")[0].renames == {}


def test_submodules_are_listed_and_not_read(repo: Repo, tmp_path: Path) -> None:
    inner = Repo(tmp_path / "inner")
    inner.commit({"in.json": POLICY % "PutObject"})
    allow = ("-c", "protocol.file.allow=always")
    repo.git(*allow, "submodule", "add", "-q", str(inner.top), "mods/inner")
    repo.commit({})
    oid = inner.git("rev-parse", "HEAD")

    for side in (*sides(repo, at=""), sides(repo, index=True)[1]):
        assert set(actions(side)) == {"a.json"}
        assert [(one.path, one.reason, one.unreadable) for one in side.not_analysed] == [
            ("mods/inner", f"submodule at `{oid[:12]}`: its files are in another repository", False)
        ]
    assert sides(repo, None, None, "a.json")[0].not_analysed == ()


def test_a_value_has_to_be_taken_on_one_side(repo: Repo) -> None:
    repo.write({"main.tf": ROLE})
    given = (Var("bucket", "shelf", "--var"),)

    _, new = sides(repo, given=given)

    assert set(actions(new)) == {"a.json", "main.tf"}
    (document,) = (d for d in new.documents if d.path == "main.tf")
    assert document.policy.statements[0].resources[0].text == "arn:aws:s3:::shelf/*"
    with pytest.raises(UsageError, match=r"no variable of a root module .* is named `bukket`"):
        sides(repo, given=(Var("bukket", "shelf", "--var"),))


def test_a_file_of_values_is_the_users_and_one_of_the_configuration_is_the_revisions(
    repo: Repo, tmp_path: Path
) -> None:
    (tmp_path / "mine.tfvars").write_text('bucket = "mine"\n')
    config = "[terraform]\nvar-files = ['in.tfvars']\n"
    repo.commit({"main.tf": ROLE, "in.tfvars": 'bucket = "committed"\n', "iamlint.toml": config})
    repo.write({"in.tfvars": 'bucket = "changed"\n'})

    def buckets(*given: VarFile) -> list[str]:
        return [
            d.policy.statements[0].resources[0].text
            for side in sides(repo, given=given)
            for d in side.documents
            if d.path == "main.tf"
        ]

    assert buckets() == ["arn:aws:s3:::committed/*", "arn:aws:s3:::changed/*"]
    assert (
        buckets(VarFile(str(tmp_path / "mine.tfvars"), "--var-file")) == ["arn:aws:s3:::mine/*"] * 2
    )


def test_a_folder_below_a_configuration_is_a_side_of_its_own(repo: Repo) -> None:
    repo.write(
        {
            "iamlint.toml": "account = '111122223333'\n",
            "old/a.json": POLICY % "GetObject",
            "new/a.json": POLICY % "PutObject",
        }
    )

    old, new = sides(repo, "old", "new")

    assert (actions(old), actions(new)) == ({"a.json": ["GetObject"]}, {"a.json": ["PutObject"]})
    assert old.repository.config.account == "111122223333"


def test_a_policy_with_text_of_a_limiting_path_counts(repo: Repo) -> None:
    module = """resource "aws_iam_policy" "p" {
      policy = jsonencode({ Version = "2012-10-17", Statement = [
        { Effect = "Allow", Action = "s3:ListBucket", Resource = "*" }, var.statement] })
    }
    variable "statement" {}
    """
    call = """module "m" {
      source    = "./m"
      statement = { Effect = "Allow", Action = "s3:GetObject", Resource = "*" }
    }
    """
    repo.commit({"main.tf": call, "m/main.tf": module})

    assert set(actions(sides(repo, None, None, "m")[0])) == {"m/main.tf"}
    assert set(actions(sides(repo, None, None, "main.tf")[0])) == {"m/main.tf"}


def test_a_blob_of_both_sides_is_read_once(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit({"b.json": POLICY % "PutObject"})
    started: list[tuple[str, ...]] = []
    start = GitRepository.start

    def counted(self: GitRepository, *words: str) -> Popen[bytes]:
        started.append(words)
        return start(self, *words)

    monkeypatch.setattr(GitRepository, "start", counted)
    old, new = sides(repo, "HEAD~1", "HEAD")
    del repo

    assert [words[0] for words in started].count("cat-file") == 1
    assert replace(old.documents[0]).value == new.documents[0].value


def test_a_clean_working_tree_reads_as_its_revision(repo: Repo) -> None:
    """Links, ignored files, modules, configurations and files with faults are all alike."""
    (repo.top.parent / "out.json").write_text(POLICY % "GetObject")
    for name, target in {
        "link.json": "a.json",
        "only.json": "hidden/.venv/p.json",
        "folder": "hidden/.venv/f",
        "out.json": "../out.json",
        "absolute.json": str(repo.top / "a.json"),
        "circle.json": "circle.json",
        "nothing.json": "gone.json",
        "up": "hidden/../hidden/.venv/./f/../f",
    }.items():
        (repo.top / name).symlink_to(target)
    repo.commit(
        {
            ".gitignore": "ignored/\n*.log\n",
            "hidden/.venv/p.json": POLICY % "PutObject",
            "hidden/.venv/f/q.json": POLICY % "ListBucket",
            "roles/app/inline.json": POLICY % "GetObject",
            "roles/app/trust.json": TRUST,
            "broken.json": '{"Version": "2012-10-17", "Statement": [',
            "large.json": POLICY % "GetObject" + " " * 5_000_000,
            "stack/template.yaml": "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n"
            "    Properties:\n      PolicyDocument: {Version: 2012-10-17, Statement: []}\n",
            "main.tf": 'module "m" {\n  source = "./m"\n  bucket = "shelf"\n}\n',
            "m/main.tf": ROLE,
            "deep/er/iamlint.toml": "account = '444455556666'\n",
            "deep/er/x.json": POLICY % "GetObject",
        }
    )

    for at in ("", "deep", "deep/er", "m", "roles/app"):
        old, new = sides(repo, at=at)
        assert [(d.path, d.pointer, d.kind, d.value) for d in old.documents] == [
            (d.path, d.pointer, d.kind, d.value) for d in new.documents
        ]
        assert old.not_analysed == new.not_analysed
        assert identities(old) == identities(new)
    old, new = sides(repo)
    assert set(actions(old)) >= {"only.json", "folder/q.json", "m/main.tf", "roles/app/inline.json"}
    assert {one.path for one in old.not_analysed} >= {"large.json", "out.json"}
