"""A key of the configuration is in one place, and is read and inherited as its type says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.config import read
from iamlint.config.keys import keys
from iamlint.config.types import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent.parent
LAST = "    @property\n    def shown(self)"
NEW = '    favorite_color: str | None = key("the color that reviewers like", "red")\n\n'


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., str]:
    """Run a copy of iamlint in which the table has one more key."""
    shutil.copytree(ROOT / "iamlint", tmp_path / "iamlint")
    table = tmp_path / "iamlint" / "config" / "keys.py"
    table.write_text(table.read_text(encoding="utf-8").replace(LAST, NEW + LAST), encoding="utf-8")

    def run(*words: str) -> str:
        code = (
            f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom iamlint.cli.app import main\n"
        )
        done = subprocess.run(
            [sys.executable, "-P", "-c", f"{code}main({list(words)!r})"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return run


def test_key_is_added_in_one_place(program: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('favorite-color = "blue"\n')

    assert 'favorite-color = "red"  # default' in program("config", "show")
    assert json.loads(program("config", "schema"))["properties"]["favorite-color"] == {
        "type": "string",
        "description": "the color that reviewers like",
        "default": "red",
    }

    (tmp_path / "iamlint.toml").write_text('extend = "base.toml"\n')
    assert 'favorite-color = "blue"  # base.toml' in program("config", "show")

    (tmp_path / "iamlint.toml").write_text("favorite-color = 1\n")
    assert program("config", "show") == "error: iamlint.toml:1: `favorite-color` must be a string\n"


def test_each_key_has_a_type_that_is_read() -> None:
    assert [key.name for key in keys() if key.type not in TYPES] == []
    assert {key.type for key in keys()} == TYPES.keys()


INHERITED = """
include = ["a"]
partition = "aws-cn"
trusted-accounts = ["111122223333"]
kinds = { a = "scp", b = "rcp" }
principals.x = { trust = "x.json" }
require-condition = [{ reason = "a" }]
terraform.vars = { x = 1 }

[organization-policies]
scp = [["a"]]
rcp = [["a"]]
accounts.111122223333.scp = [["a"]]
"""


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("include = []", "include", "()"),
        ('partition = "aws"', "partition", "'aws'"),
        ('partition = ""', "partition", "'aws-cn'"),
        ("trusted-accounts = []", "trusted_accounts", "()"),
        ('kinds = { b = "scp" }', "kinds", "{'a': <Kind.SCP: 'scp'>, 'b': <Kind.SCP: 'scp'>}"),
        ("principals.y = {}", "principals", "['x', 'y']"),
        ('require-condition = [{ reason = "b" }]', "require_condition", "['a', 'b']"),
        ("terraform.vars = { x = 2 }", "terraform", "[1, 2]"),
        (
            "organization-policies.scp = []",
            "organization_policies",
            "((), (('a',),), ['111122223333'])",
        ),
        (
            "organization-policies.accounts.444455556666.scp = []",
            "organization_policies",
            "((('a',),), (('a',),), ['111122223333', '444455556666'])",
        ),
    ],
)
def test_what_a_file_says_meets_what_it_inherits(
    tmp_path: Path, text: str, field: str, expected: str
) -> None:
    (tmp_path / "base.toml").write_text(INHERITED)
    (tmp_path / "iamlint.toml").write_text(f'extend = "base.toml"\n{text}\n')

    config = read(tmp_path / "iamlint.toml")

    plain = {
        "principals": [*config.principals],
        "require_condition": [demand.reason for demand in config.require_condition],
        "terraform": [getattr(one, "value", None) for one in config.terraform],
        "organization_policies": (
            config.organization_policies.scp,
            config.organization_policies.rcp,
            [*config.organization_policies.accounts],
        ),
    }
    assert repr(plain.get(field, getattr(config, field))) == expected
