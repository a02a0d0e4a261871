"""Questions about chains of steps: who becomes another principal, and what a failure shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.config import nearest
from tests.support.chains import (
    ABROAD,
    ADMINISTRATOR,
    HOME,
    Account,
    Principal,
    allow,
    role,
    trusts,
    user,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Chained = Callable[..., pytest.RunResult]

KIM, LEE, CI, ADMIN, AUDIT = user("kim"), user("lee"), role("ci"), role("admin"), role("audit")
ROOT = trusts(AWS=f"arn:aws:iam::{HOME}:root")
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
SECRET = f"arn:aws:secretsmanager:eu-west-1:{HOME}:secret:db-AbCdEf"
CHAIN = Account(
    (
        Principal(KIM, policies=((allow("sts:AssumeRole", CI, Condition=MFA),),)),
        Principal(LEE),
        Principal(CI, policies=((allow("sts:AssumeRole", ADMIN),),), trust=(ROOT,)),
        Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(ROOT,)),
        Principal(AUDIT, trust=(trusts(AWS=f"arn:aws:iam::{ABROAD}:root"),)),
    )
)


@pytest.fixture
def chained(pytester: pytest.Pytester) -> Chained:
    """Run pytest on the body of one test beside files with a chain."""
    CHAIN.write(pytester.path, "terraform")
    with (pytester.path / "iamlint.toml").open("a") as file:
        file.write(f'[resources."{SECRET}"]\n')

    def call(body: str, *args: str) -> pytest.RunResult:
        nearest.cache_clear()
        lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
        (pytester.path / "test_it.py").write_text(f"import pytest\n\ndef test_it(iam):\n{lines}\n")
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *args)

    return call


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            'assert iam.role("ci").can_become("admin")\n'
            'assert iam.role("ci").can_become(iam.role("admin"))\n'
            'assert iam.user("lee").cannot_become("admin")\n'
            'assert not iam.role("ci").cannot_become("admin")\n'
            'assert not iam.user("lee").can_become("role/ci")\n'
            'assert iam.role("admin").can_become("admin")',
            id="principals",
        ),
        pytest.param(
            'kim, mfa = iam.user("kim"), "aws:MultiFactorAuthPresent"\n'
            'assert kim.can_become("admin", context={mfa: True})\n'
            'assert kim.cannot_become("admin", context={mfa: None})\n'
            'assert kim.with_mfa().can_become("admin")\n'
            'assert kim.with_mfa().cannot_become("admin", context={mfa: None})\n'
            'assert not kim.cannot_become("admin")',
            id="with a context",
        ),
        pytest.param(
            'assert iam.outsiders().cannot_become("admin")\n'
            'assert iam.outsiders().can_become("role/audit")',
            id="outsiders",
        ),
        pytest.param(
            "[one] = iam.graph().paths('user/kim')\n"
            "assert [step.end for step in one.steps] == ['role/ci', 'role/admin']\n"
            "assert str(one).splitlines()[0] == 'user/kim to admin'\n"
            "assert 'user/kim assumes role/ci   by main.tf:' in str(one)\n"
            "assert len(one) == 2\n"
            "assert iam.graph().paths('user/lee', 'admin') == []\n"
            "without = {'aws:MultiFactorAuthPresent': None}\n"
            "assert iam.graph().paths('user/kim', context=without) == []",
            id="paths",
        ),
        pytest.param(
            "graph = iam.graph()\n"
            "assert graph.who_reaches('admin') == {'role/admin', 'role/ci', 'user/kim'}\n"
            "assert graph.who_reaches('role/ci') == {'role/admin', 'user/kim'}\n"
            f"assert graph.who_reaches('role/audit') >= {{'arn:aws:iam::{ABROAD}:root'}}\n"
            f"reads = graph.who_reaches('{SECRET}', 'secretsmanager:GetSecretValue')\n"
            "assert reads == {'role/admin', 'role/ci', 'user/kim'}\n"
            "without = {'aws:MultiFactorAuthPresent': None}\n"
            "assert 'user/kim' not in graph.who_reaches('admin', context=without)",
            id="who reaches",
        ),
    ],
)
def test_answer_means_what_it_says(chained: Chained, body: str) -> None:
    chained(body).assert_outcomes(passed=1)


def test_context_of_a_marker_holds_for_each_step(
    chained: Chained, pytester: pytest.Pytester
) -> None:
    (pytester.path / "test_marked.py").write_text(
        "import pytest\n\n"
        '@pytest.mark.iam(context={"aws:MultiFactorAuthPresent": None})\n'
        'def test_it(iam):\n    assert iam.user("kim").cannot_become("admin")\n'
    )

    chained("pass").assert_outcomes(passed=2)


def test_failure_shows_the_chain_line_by_line(chained: Chained) -> None:
    result = chained('assert iam.user("kim").cannot_become("admin")')

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*user/kim cannot become admin: false, by user/kim > role/ci > role/admin",
            "user/kim can become admin, with conditions",
            "  user/kim assumes role/ci   by main.tf:*   if MFA",
            "  role/ci assumes role/admin (admin)   by main.tf:*, main.tf:*",
        ]
    )


def test_set_that_differs_shows_the_chain_of_each_name(chained: Chained) -> None:
    result = chained('assert iam.graph().who_reaches("admin") == {"role/admin", "user/kim"}')

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*not expected: role/ci can become admin", "*role/ci assumes role/admin (admin)*"]
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('assert iam.user("kim").can_become("admin")', "*give a value for `aws:MultiF*"),
        ('assert iam.user("kim").can_become("role/adm")', "*there is no `role/adm`*"),
        ('assert iam.user("kim").can_become', "*`can_become` was not called*"),
        ("assert iam.outsiders().cannot_become", "*`cannot_become` was not called*"),
        ('iam.user("kim").cannot_become("admin")', "*never used*"),
        ('iam.graph().paths("user/kam")', "*there is no `user/kam`*"),
        ('iam.graph().paths("user/kim", "admin", "s3:*")', "*`admin` is not an ARN*"),
        ('assert "user/kam" not in iam.graph().who_reaches("admin")', "*not about `user/kam`*"),
        ('assert iam.graph().who_reaches("admin") != ["x"]', "*`who_reaches(…)` is compared*"),
        (
            'assert iam.user("kim").can_become("admin", context={"aws:Mfa": None})',
            "*there is no condition key `aws:Mfa`*",
        ),
        (
            'assert iam.role("ci").session("nightly", tags={"a": "b"}).cannot_become("admin")',
            "*ask about the role or user itself*",
        ),
    ],
)
def test_question_that_proves_nothing_fails(chained: Chained, body: str, error: str) -> None:
    result = chained(body)

    assert result.ret == 1
    result.stdout.fnmatch_lines([error])


@pytest.mark.parametrize(
    "question",
    [
        'iam.user("kim").cannot_become("admin")',
        'iam.user("kim").can_become("admin")',
        'iam.graph().paths("user/kim")',
        'iam.graph().who_reaches("admin")',
    ],
)
def test_unknown_answer_raises(pytester: pytest.Pytester, question: str) -> None:
    policy = {"Effect": "Allow", "Action": "iam:SetDefaultPolicyVersion", "Resource": "*"}
    place = pytester.path / "users" / "kim" / "policy.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"Version": "2012-10-17", "Statement": [policy]}))
    (pytester.path / "iamlint.toml").write_text(f'account = "{HOME}"\n')
    (pytester.path / "test_it.py").write_text(f"def test_it(iam):\n    assert {question}\n")
    nearest.cache_clear()

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*unknown whether user/kim can become admin*"])
    result.stdout.fnmatch_lines(["*iam-set-default-policy-version*"])


def test_strict_run_refuses_what_is_taken_for_granted(chained: Chained) -> None:
    body = 'assert iam.outsiders().can_become("role/audit")'

    chained(body).assert_outcomes(passed=1)
    result = chained(body, "--iam-strict")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*rests on assumptions, which --iam-strict rejects*"])
