"""Equal findings of several accounts, listed once: what is equal, and what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iamlint.policy.grammar import Kind
from iamlint.report.formats import BUILTIN, GroupBy, Output
from iamlint.report.listed import Listing
from iamlint.rule.finding import (
    PolicyRef,
    Severity,
    StatementRef,
    Suppression,
    digest,
    without_account,
)
from tests.report.report_runs import EMPTY, FINDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.rule.finding import Finding
    from iamlint.rule.run import Run

ONE, TWO = "111122223333", "444455556666"
BY_POLICY = Output(group_by=GroupBy.POLICY)


def found(account: str | None, **changed: object) -> Finding:
    policy = PolicyRef(Kind.IDENTITY, "p", (), (f"role/of-{account}",), None, account, "text")
    made = replace(
        FINDINGS[0],
        path=f"{account}.json",
        message=f"the role of {account} is too wide",
        help=None,
        policy=policy,
        statement=StatementRef(0, None),
        suppressed=None,
        implied=(),
        implied_by="",
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def of(*findings: Finding) -> Run:
    return replace(EMPTY, findings=findings)


def test_equal_findings_of_two_accounts_are_listed_once() -> None:
    (one,) = Listing(of(found(ONE), found(ONE), found(TWO)), BY_POLICY)

    assert one.finding == found(ONE)
    assert one.where == f"3 findings in 2 accounts: {ONE}, {TWO}"
    assert one.paths == (f"{ONE}.json", f"{TWO}.json")
    assert one.attached_to == (f"role/of-{ONE}", f"role/of-{TWO}")


def test_findings_of_one_account_are_all_listed() -> None:
    each = list(Listing(of(found(ONE), found(ONE)), BY_POLICY))

    assert [one.finding for one in each] == [found(ONE), found(ONE)]
    assert [one.where for one in each] == ["", ""]


def test_nothing_is_grouped_unless_asked() -> None:
    assert len(list(Listing(of(found(ONE), found(TWO)), Output()))) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"rule": "other"},
        {"severity": Severity.NOTE},
        {"message": f"the role of {TWO} trusts {ONE}"},
        {"help": "other"},
        {"statement": StatementRef(1, None)},
        {"pointer": ("Statement", 1)},
        {"implied": ("other",)},
        {"policy": replace(found(TWO).policy, kind=Kind.TRUST)},
        {"policy": replace(found(TWO).policy, content="other")},
        {"policy": replace(found(TWO).policy, account=None)},
        {"policy": replace(found(TWO).policy, content="")},
    ],
    ids=str,
)
def test_findings_that_differ_are_not_equal(changed: Mapping[str, object]) -> None:
    assert len(list(Listing(of(found(ONE), found(TWO, **changed)), BY_POLICY))) == 2


def test_ignored_finding_is_not_counted() -> None:
    ignored = found(TWO, suppressed=Suppression("known", "iamlint.toml:1"))

    (one,) = Listing(of(found(ONE), ignored), BY_POLICY)

    assert one.where == ""


def test_texts_that_differ_in_the_own_account_have_one_name() -> None:
    def trust(account: str) -> object:
        return {"Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Number": int(account)}

    assert digest(trust(ONE), ONE) == digest(trust(TWO), TWO)
    assert digest(trust(ONE), ONE) != digest(trust(ONE), TWO)
    assert digest(trust(ONE)) != digest(trust(TWO))


def test_longer_number_is_not_an_account() -> None:
    assert without_account(f"9{ONE} {ONE}", ONE) == f"9{ONE} \0"


@pytest.mark.parametrize("format_", BUILTIN)
def test_reports_for_people_say_where_and_all_others_list_all(format_: str) -> None:
    run = of(found(ONE), found(TWO))
    text = "".join(BUILTIN[format_](run, BY_POLICY))

    is_once = f"2 findings in 2 accounts: {ONE}, {TWO}" in text
    assert is_once == (format_ in ("full", "concise", "markdown", "html"))
    assert is_once or text == "".join(BUILTIN[format_](run, Output()))
