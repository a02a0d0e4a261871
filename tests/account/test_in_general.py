"""A general question has the answer of each of its cases, or it depends.

A role means its sessions, `*` the principals of other accounts, a request without some keys all
those that carry them, and an endpoint of an unknown kind both kinds. The answer is that of the
cases, or it depends: it is never the opposite.
"""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from iamlint.account.ask.answer import Ruling
from tests.account.holding_texts import HOME, OTHER, policy
from tests.support.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.account.ask.account import Account
    from iamlint.repository import Repository
    from tests.account.conftest import Open

WORLDS = examples(200) // 2
BUCKET = "arn:aws:s3:::ledger"
VPCE = "vpce-0a1b2c3d"
ENDPOINT = f"arn:aws:ec2:eu-west-1:{HOME}:vpc-endpoint/{VPCE}"
TOML = f"""account = "{HOME}"
[resources."{BUCKET}"]
policy = "ledger.json"
[resources."{ENDPOINT}"]
policy = "endpoint.json"
"""
APP = f"arn:aws:iam::{HOME}:role/app"
SESSIONS = tuple(f"arn:aws:sts::{HOME}:assumed-role/app/{name}" for name in ("day", "night"))
THIRD = "555566667777"
STRANGERS = tuple(f"arn:aws:iam::{THIRD}:{name}" for name in ("role/deploy", "user/eve"))

PRINCIPALS: tuple[object, ...] = (
    "*", "*", "*", "*", {"AWS": HOME}, {"AWS": APP}, {"AWS": SESSIONS[0]},
    {"AWS": [*SESSIONS, APP]},
    {"AWS": OTHER}, {"AWS": f"arn:aws:iam::{HOME}:user/bea"}, {"Service": "*"},
)  # fmt: skip
SPARED: tuple[object, ...] = (
    "*", {"AWS": [APP, HOME]}, {"AWS": [SESSIONS[0], APP, HOME]}, {"AWS": SESSIONS[0]},
    {"AWS": [f"arn:aws:iam::{HOME}:user/bea", HOME]}, {"AWS": HOME}, {"AWS": THIRD},
)  # fmt: skip
VALUES: dict[str, tuple[str, ...]] = {
    "aws:SourceIp": ("198.51.100.7", "203.0.113.9"),
    "aws:SourceVpce": ("vpce-1", "vpce-2"),  # whose policies no file has
    "aws:PrincipalTag/unit": ("fin", "ops"),
    "aws:MultiFactorAuthPresent": ("true", "false"),
}
CONDITIONS: tuple[dict[str, dict[str, object]], ...] = (
    {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
    {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    {"Null": {"aws:SourceVpce": "true"}},
    {"Null": {"aws:SourceIp": "true"}},
    {"StringEquals": {"aws:PrincipalTag/unit": "fin"}},
    {"StringNotEqualsIfExists": {"aws:PrincipalTag/unit": "fin"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"ForAllValues:StringEquals": {"aws:PrincipalTag/unit": ["fin"]}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
    {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:*"}},
    {"StringEquals": {"aws:PrincipalAccount": HOME}},
    {"StringNotEquals": {"aws:PrincipalAccount": [HOME, OTHER]}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
)


def _statement(chance: Random, *, has_principal: bool) -> dict[str, object]:
    found: dict[str, object] = {"Effect": chance.choice(("Allow", "Allow", "Deny"))}
    if has_principal and found["Effect"] == "Deny" and chance.random() < 0.4:
        found["NotPrincipal"] = chance.choice(SPARED)
    elif has_principal:
        found["Principal"] = chance.choice(PRINCIPALS)
    found |= {"Action": "s3:*", "Resource": "*"}
    if chance.random() < 0.6:
        found["Condition"] = {
            operator: test
            for _ in range(chance.choice((1, 1, 2)))
            for operator, test in chance.choice(CONDITIONS).items()
        }
    return found


def _world(chance: Random) -> dict[str, object]:
    def drawn(most: int, *, has_principal: bool) -> dict[str, object]:
        count = range(chance.randint(1, most))
        return policy(*(_statement(chance, has_principal=has_principal) for _ in count))

    return {
        "roles/app/p.json": drawn(3, has_principal=False),
        "users/bea/p.json": drawn(3, has_principal=False),
        "ledger.json": drawn(3, has_principal=True),
        "endpoint.json": drawn(2, has_principal=True),
    }


def _ruling(
    found: Repository, who: str, keys: Mapping[str, object], account: Account | None = None
) -> Ruling:
    account = account or found.account
    context = account.context({key.replace("__", ":"): value for key, value in keys.items()})
    return account.ask(found.subject(who), ["s3:GetObject"], f"{BUCKET}/k", context=context).ruling


def _pairs(found: Repository, chance: Random) -> Iterator[tuple[str, Ruling, Ruling]]:
    """Yield general answers with the answers of their cases."""
    carried: dict[str, object] = {"aws__SourceVpce": VPCE} if chance.random() < 0.5 else {}
    for session in SESSIONS:
        yield (
            "session",
            _ruling(found, "role/app", carried),
            _ruling(found, session, carried),
        )
    for stranger in STRANGERS:
        yield "stranger", _ruling(found, "*", carried), _ruling(found, stranger, carried)
    for who in ("user/bea", SESSIONS[0], "*", "anonymous"):
        in_general = _ruling(found, who, {})
        for key, values in VALUES.items():
            if who == "anonymous" and "Source" not in key:
                continue  # no such request carries it
            for value in (*values, None):
                yield key, in_general, _ruling(found, who, {key: value})
    unknown = {"aws__SourceVpce": VPCE}
    for is_gateway in (True, False):
        known = copy(found.account)
        known.settings = replace(known.settings, gateway_endpoint=is_gateway)
        yield (
            "gateway",
            _ruling(found, "user/bea", unknown),
            _ruling(found, "user/bea", unknown, known),
        )


def test_answer_in_general_is_that_of_each_case_or_depends(repository: Open) -> None:
    chance = Random(25)  # noqa: S311 - the same worlds in every run
    counts: Counter[tuple[str, bool]] = Counter()
    for number in range(WORLDS):
        files = _world(chance)
        found = repository(files, TOML)
        for what, in_general, of_one in _pairs(found, chance):
            assert in_general in (of_one, Ruling.DEPENDS), (number, what, files)
            if of_one is not Ruling.DEPENDS:
                counts[what, in_general is of_one] += 1

    kinds = {"session", "stranger", "gateway", *VALUES}
    assert {what for (what, is_same), count in counts.items() if is_same and count} == kinds
    assert {what for (what, is_same), count in counts.items() if not is_same and count} == kinds
