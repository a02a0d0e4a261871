"""Texts that are not whole yet: the tree has what is there, and reading never fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from iamlint.text.half_written.braces import read_braces
from iamlint.text.half_written.indented import read_indented

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.text.half_written.node import PartNode

WORDS = st.text("abzAZ09-_*", min_size=1, max_size=6)
VALUES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(WORDS, VALUES, min_size=1, max_size=4)
SIGNS = ("{", "}", "[", "]", ":", ",", "=", "|", "\\", "${", "- ", "  ", "\n", "\r\n", "\t")
LONGER = (
    '"a"',
    '"b',
    "'c'",
    "x",
    "s3:Get",
    "#",
    "//",
    "/*",
    "<<EOF\n",
    "EOF",
    "&a",
    "!Sub ",
    "jsonencode(",
)
PIECES = st.sampled_from((*SIGNS, *LONGER))


def value_of(node: PartNode) -> Any:
    """Return what a tree says, keys and values as text."""
    if node.is_list:
        return [value_of(one) for one in node.members]
    if node.is_object:
        return {one.key.text: value_of(one) for one in node.members if one.key}
    return node.value.text if node.value else None


@given(OBJECTS)
def test_tree_of_whole_json_is_what_json_says(value: dict[str, Any]) -> None:
    for indent in (None, 2):
        (whole,) = read_braces(json.dumps(value, indent=indent)).members

        assert value_of(whole) == value


@given(OBJECTS)
def test_tree_of_whole_yaml_is_what_yaml_says(value: dict[str, Any]) -> None:
    quoted = yaml.safe_dump(value, default_style='"', sort_keys=False, width=1000)

    assert value_of(read_indented(quoted)) == value


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_has_a_tree_whose_places_are_in_it(text: str) -> None:
    for read in (read_braces, read_indented):
        left = [read(text)]
        while left:
            node = left.pop()
            assert 0 <= node.start <= node.end <= len(text)
            for word in filter(None, (node.key, node.value)):
                assert text[word.start : word.end] == word.text
            left += node.members


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (read_braces, '{"a": ["x", "y', {"a": ["x", "y"]}),
        (read_braces, '{"a": , "b": "x"}', {"a": None, "b": "x"}),
        (read_braces, '{"a": "x"\n "b": "y"}', {"a": "x", "b": "y"}),
        (read_braces, '{"a": {"b', {"a": {"b": None}}),
        (read_braces, '{"a": ["x"}, "b": "y"}', {"a": ["x"]}),
        (read_braces, "{a: 'x', // note\n b: y,}", {"a": "x", "b": "y"}),
    ],
)
def test_what_is_missing_is_closed(
    read: Callable[[str], PartNode], text: str, value: dict[str, object]
) -> None:
    assert value_of(read(text).members[0]) == value


HCL = """
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["s3:Get*"]
    condition {
      test = "StringEq
    }
  }
}
resource "x" "y" {
  policy = jsonencode({ Statement = [{ Action = "s3:*" }] })
  other  = <<-EOF
    {"Statement": [{"Action": "sqs:
  EOF
  last   = "z"
}
"""


def test_blocks_functions_and_here_documents_of_hcl_are_members() -> None:
    assert value_of(read_braces(HCL)) == {
        "data": {"statement": {"actions": ["s3:Get*"], "condition": {"test": "StringEq"}}},
        "resource": {
            "policy": {"Statement": [{"Action": "s3:*"}]},
            "other": {},
            "last": "z",
        },
    }
    assert read_braces(HCL).members[0].labels == ("aws_iam_policy_document", "d")


YAML = """
A:
- one   # note
- two: x
  three
B: {c: [d, "e
F: |
  {"Statement": [{"Action": "iam:
G: !Sub "h"
I
"""


def test_lists_flow_style_and_json_in_yaml_are_members() -> None:
    assert value_of(read_indented(YAML)) == {
        "A": ["one", {"two": "x", "three": None}],
        "B": {"c": ["d", "e"]},
        "F": {"Statement": [{"Action": "iam:"}]},
        "G": "h",
        "I": None,
    }


@pytest.mark.parametrize("read", [read_braces, read_indented])
@pytest.mark.parametrize("piece", ["[", "{", '{"a":', "- ", "[}", '"', "a: ", "<<E\n", "(", "x("])
def test_depth_and_hostile_text_are_read(read: Callable[[str], PartNode], piece: str) -> None:
    assert read(piece * 20_000).end == len(piece) * 20_000
