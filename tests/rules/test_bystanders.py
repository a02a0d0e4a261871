"""Principals that no chain can have are left out, and `path-to-admin` finds the same."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.rules.escalation import _last_steps
from tests.graph.test_properties import ROLES, USERS, account, statement
from tests.support.chains import (
    EC2,
    HOME,
    LAMBDA,
    Account,
    Principal,
    allow,
    group,
    managed,
    role,
    trusts,
    user,
)
from tests.support.examples import seeds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Program

    Findings = Callable[..., tuple[object, object]]

CARRIERS = ("terraform", "terraform-unknown-names", "template", "template-made-names", "dump")
RIGHTS: tuple[Any, ...] = (
    allow("sts:AssumeRole", *ROLES),
    allow("sts:AssumeRole", f"arn:aws:iam::{HOME}:role/x-*"),
    {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
    {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
    allow("iam:Pass*"),
    allow("*:*"),
)
TRUSTS = (
    EC2,
    LAMBDA,
    trusts(AWS=f"arn:aws:iam::{HOME}:root"),
    trusts(AWS="*"),
    trusts(AWS="arn:aws:iam::444455556666:role/ci"),
)


def with_others(seed: int) -> Account:
    """Return a small account with others beside those that chains may have."""
    base, chance = account(seed), random.Random(seed)  # noqa: S311 - not a secret
    others = [other(name, chance) for name in ("ci-2", "reader", "x-admin", "web", "kim2")]
    named = trusts(AWS=chance.choice([one.ref for one in others]))
    principals = [
        replace(one, trust=(*one.trust, named)) if one.trust and chance.random() < 0.3 else one
        for one in base.principals
    ]
    return replace(base, principals=(*principals, *others))


def other(name: str, chance: random.Random) -> Principal:
    is_role, held = chance.random() < 0.6, [allow("s3:Get*")]
    if chance.random() < 0.3:
        held.append(chance.choice((*RIGHTS, statement(chance))))
    named = trusts(AWS=chance.choice((*USERS, *ROLES)))
    return Principal(
        (role if is_role else user)(name),
        (tuple(held),),
        (managed("held"),) if chance.random() < 0.2 else (),
        trust=(chance.choice((*TRUSTS, named)),) if is_role else (),
        groups=() if is_role or chance.random() < 0.7 else (group("staff"),),
    )


@pytest.fixture
def findings(iamlint: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Findings:
    """Return what the rule finds, and what it could not decide; with all principals or not."""

    def call(*, of_all: bool) -> tuple[object, object]:
        with monkeypatch.context() as patch:
            if of_all:
                patch.setattr(_last_steps, "bystanders", lambda *_: frozenset())
            words = ("check", str(tmp_path), "--select", "path-to-admin", "--no-cache")
            report = json.loads(iamlint(*words, "--output-format", "json").out)
        return report["findings"], report["not_analysed"]

    return call


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("seed", seeds(5))
def test_nothing_depends_on_those_that_are_left_out(
    seed: int, carrier: str, findings: Findings, tmp_path: Path
) -> None:
    with_others(seed).write(tmp_path, carrier)
    assert findings(of_all=False) == findings(of_all=True)
