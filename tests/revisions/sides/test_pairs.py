"""Folders with a configuration of their own are compared with themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.config import Config
from iamlint.errors import UsageError
from iamlint.reason.answer import Relation
from iamlint.revisions.diff import diff_pairs
from tests.revisions.sides.repo import POLICY, Repo, actions, pairs

if TYPE_CHECKING:
    from iamlint.revisions.sides.side import ComparedSide

Said = list[tuple[str | None, set[str], set[str]]]
ACCOUNT = "account = '%s'\n"
ONE, TWO, THREE = "111122223333", "444455556666", "777788889999"


def said(repo: Repo, *names: str | None, at: str = "", **more: object) -> Said:
    """Return the account of the new side of each pair, and the files of both."""

    def files(side: ComparedSide) -> set[str]:
        return set(actions(side))

    found = pairs(repo, *names, at=at, **more)  # type: ignore[arg-type]
    return [(new.repository.config.account, files(old), files(new)) for old, new in found]


@pytest.fixture
def nested(repo: Repo) -> Repo:
    """Three accounts, one of them inside of another one."""
    repo.commit(
        {
            "iamlint.toml": ACCOUNT % ONE,
            "prod/iamlint.toml": ACCOUNT % TWO,
            "prod/p.json": POLICY % "GetObject",
            "prod/eu west/pyproject.toml": f"[tool.iamlint]\n{ACCOUNT % THREE}",
            "prod/eu west/e.json": POLICY % "GetObject",
            "prod/lib/pyproject.toml": "[project]\nname = 'x'\n",
            "prod/lib/l.json": POLICY % "GetObject",
            "node_modules/x/iamlint.toml": "wrong = 1",
        }
    )
    return repo


FIRST = (ONE, {"a.json"}, {"a.json"})
PROD = (TWO, {"prod/p.json", "prod/lib/l.json"}, {"prod/p.json", "prod/lib/l.json"})
EU = (THREE, {"prod/eu west/e.json"}, {"prod/eu west/e.json"})


def test_each_configuration_is_a_pair(nested: Repo) -> None:
    assert said(nested) == [FIRST, PROD, EU]
    assert said(nested, "HEAD", "HEAD") == [FIRST, PROD, EU]
    assert said(nested, index=True) == [FIRST, PROD, EU]
    assert said(nested, at="prod") == [PROD, EU]
    assert said(nested, at="prod/lib") == [PROD, EU]


def test_a_limit_leaves_out_pairs_without_its_files(nested: Repo) -> None:
    both = {"prod/eu west/e.json"}

    assert said(nested, None, None, "a.json") == [FIRST]
    assert said(nested, None, None, "prod/eu west/e.json") == [(THREE, both, both)]
    assert said(nested, None, None, "prod") == [PROD, EU]
    assert said(nested, None, None, ".") == [FIRST, PROD, EU]
    assert said(nested, None, None, "../a.json", at="prod") == [(TWO, set(), set())]


def test_a_configuration_of_one_side_splits_both(repo: Repo) -> None:
    files = {"[x] #1/p.json": POLICY % "GetObject", "xx/q.json": POLICY % "GetObject"}
    repo.commit(files | {"iamlint.toml": ACCOUNT % ONE})
    repo.commit({"[x] #1/iamlint.toml": ACCOUNT % TWO})
    rest, apart = {"a.json", "xx/q.json"}, {"[x] #1/p.json"}

    assert said(repo, "HEAD~1", "HEAD") == [(ONE, rest, rest), (TWO, apart, apart)]
    assert said(repo, "HEAD", "HEAD~1") == [(ONE, rest, rest), (ONE, apart, apart)]


def test_a_new_folder_with_a_configuration_is_new(repo: Repo) -> None:
    repo.write({"new/iamlint.toml": ACCOUNT % TWO, "new/n.json": POLICY % "GetObject"})

    assert said(repo) == [(None, {"a.json"}, {"a.json"}), (TWO, set(), {"new/n.json"})]
    repo.commit({})
    repo.git("rm", "-q", "-r", "new")
    assert said(repo) == [(None, {"a.json"}, {"a.json"}), (None, {"new/n.json"}, set())]


def test_a_folder_that_is_left_out_has_no_pair(nested: Repo) -> None:
    nested.commit({"iamlint.toml": ACCOUNT % ONE + "exclude = ['prod/']\n"})

    assert said(nested, "HEAD", "HEAD") == [FIRST]


def test_a_configuration_that_the_user_names_is_the_only_one(nested: Repo) -> None:
    (found,) = said(nested, config=Config(root=nested.top, here=nested.top, account=TWO))

    assert found == (TWO, FIRST[1] | PROD[1] | EU[1], FIRST[1] | PROD[1] | EU[1])


def test_a_wrong_configuration_below_is_an_error(nested: Repo) -> None:
    nested.write({"prod/iamlint.toml": "wrong = 1"})

    with pytest.raises(UsageError, match=r"working tree: prod/iamlint\.toml:1: "):
        said(nested)
    assert said(nested, None, "HEAD") == [FIRST, PROD, EU]


def test_a_change_below_another_configuration_is_a_change(nested: Repo) -> None:
    nested.write({"prod/eu west/e.json": POLICY % "*", "a.json": POLICY % "Get*"})

    found = diff_pairs(pairs(nested))

    assert (found.old, found.new, found.relation) == ("HEAD", "working tree", Relation.WIDER)
    assert [change.path for change in found.changes] == ["a.json", "prod/eu west/e.json"]
    assert (found.unchanged, found.not_analysed, found.has_policies) == (2, (), True)
    same = diff_pairs(pairs(nested, "HEAD", "HEAD"))
    assert (same.changes, same.unchanged, same.has_policies) == ((), 4, True)
