"""A question parses the ARN of its resource once, and that of its principal once."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from iamlint.policy.arn import parse_arn, split_arn
from tests.account.holding_texts import HOME, allow, policy, trust

if TYPE_CHECKING:
    from types import CodeType, FrameType

    from tests.account.conftest import Open

ROLE = f"arn:aws:iam::{HOME}:role/app"
COUNTED: dict[CodeType, str] = {one.__code__: one.__name__ for one in (parse_arn, split_arn)}


@pytest.mark.parametrize(
    ("name", "count"), [("role/app", 1), (ROLE, 2)], ids=["by its name", "by its ARN"]
)
def test_question_parses_each_arn_once(repository: Open, name: str, count: int) -> None:
    opened = repository(
        {
            "roles/app/trust.json": policy(trust({"Service": "ec2.amazonaws.com"})),
            "roles/app/read.json": policy(allow("s3:GetObject", "arn:aws:s3:::ledger/*")),
        }
    )
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in COUNTED:
            calls[COUNTED[frame.f_code]] += 1

    def ask(key: str) -> None:
        opened.account.ask(opened.subject(name), ["s3:GetObject"], f"arn:aws:s3:::ledger/{key}")

    ask("warm")  # the shapes of ARNs in the catalog are parsed once per process
    sys.setprofile(note)
    try:
        ask("cold")
    finally:
        sys.setprofile(None)

    assert calls == {"parse_arn": count, "split_arn": count}
