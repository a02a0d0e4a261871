"""Parts of a file that are missing in its value are listed if they may be a policy."""

from __future__ import annotations

import json

import pytest

from iamlint.load import LoadOptions, load
from tests.support.loading import load_text

STATEMENT = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'
POLICY = f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}]}}'
YAML = "P:\n  Statement:\n    - Effect: Allow\n      Action: {}\n      Resource: '*'\n"
TWICE = (
    "the key `{}` appears twice in one {}, so only the last counts, and the others may contain a "
    "policy"
)


def listed(text: str, name: str) -> list[tuple[str, str]]:
    loaded = load_text(text, name)
    return [(item.policy, item.reason) for item in loaded.not_analysed]


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        (f'{{"p": {POLICY}, "p": 1}}', "a.json", [f"{TWICE.format('p', 'object')} (line 1)"]),
        (f"a: {POLICY}\na: 1\n", "a.yaml", [f"{TWICE.format('a', 'mapping')} (line 2)"]),
        (
            f"a: {POLICY}\na: 1\nb: {POLICY}\nb: 2\na: 3\n",
            "a.yaml",
            [f"{TWICE.format('a', 'mapping')} (line 2, and 2 more)"],
        ),
        (f'{{"Statement": {STATEMENT}, "Statement": {STATEMENT}}}', "a.json", []),
        ("a: Effect\na: x\n", "a.yaml", []),
    ],
    ids=["json", "yaml", "several", "in a policy, where it is a finding", "no sign"],
)
def test_member_that_another_one_replaces_is_listed(text: str, name: str, found: list[str]) -> None:
    assert listed(text, name) == [("", reason) for reason in found]


@pytest.mark.parametrize("tag", ["!x", "!vault", "!<tag:example.org,2000:x>"])
def test_value_under_a_tag_is_listed(tag: str) -> None:
    ((place, reason),) = listed(YAML.format(f"{tag} '*'"), "a.yaml")

    assert place == "P.Statement.0.Action"
    assert reason.endswith("which is not resolved")


@pytest.mark.parametrize(
    "text",
    [
        YAML.format("!Sub '*'"),
        YAML.format("!!str '*'"),
        YAML.format("'*'") + "x: !vault y\n",
        YAML.format("'say !x'"),
    ],
    ids=["function", "of YAML", "outside", "in a text"],
)
def test_other_tags_are_not_listed(text: str) -> None:
    assert listed(text, "a.yaml") == []


def test_policy_under_a_tag_is_read_all_the_same() -> None:
    loaded = load(["-"], LoadOptions(stdin=f"p: !x {POLICY}\n".encode(), stdin_name="a.yaml"))

    assert [document.value for document in loaded.documents] == [json.loads(POLICY)]
    assert [item.policy for item in loaded.not_analysed] == ["p"]
