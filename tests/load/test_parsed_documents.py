"""Documents keep their parsed policy for copies that say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from iamlint.load.document import Attachment, Document
from iamlint.policy.grammar import Kind
from iamlint.text import read_text

TEXT = '{"Statement": {"Effect": "%s", "Action": "s3:GetObject", "Resource": "*"}}'


def document() -> Document:
    return Document("a.json", read_text(TEXT % "Allow", name="a.json"), (), (), Kind.IDENTITY)


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"attachment": Attachment(construct="Queue")}, True),
        ({"name": "reader"}, True),
        ({"source": read_text(TEXT % "Deny", name="a.json")}, False),
        ({"kind": Kind.BOUNDARY}, False),
        ({"path": "b.json"}, False),
    ],
)
def test_a_copy_that_says_the_same_is_not_parsed_again(
    changes: dict[str, Any], *, is_same: bool
) -> None:
    one = document()
    copy = replace(one, **changes)

    assert (copy.policy is one.policy) is is_same
    assert copy.policy == replace(document(), **changes).policy


def test_no_copy_keeps_a_policy_that_is_let_go_of() -> None:
    one = document()
    before = one.policy
    one.forget_policy()

    assert replace(one, name="reader").policy is not before
