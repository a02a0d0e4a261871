"""The words of the fixture `iam`: principals, what their requests carry, sessions, sets."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pytest_iam.conftest import Run

OBJECT = "arn:aws:s3:::artifacts/app.zip"
ALLOW = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject",'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            'assert iam.principal("arn:aws:iam::111122223333:role/deployer").can("s3:GetObject", '
            f'on="{OBJECT}")',
            id="a principal by ARN",
        ),
        pytest.param(
            f'assert iam.policy("deployer.json").can("s3:GetObject", on="{OBJECT}")',
            id="one policy",
        ),
        pytest.param(
            f'assert iam.anonymous().cannot("s3:GetObject", on="{OBJECT}")', id="strangers"
        ),
        pytest.param(
            'assert iam.role("deployer").can_any("s3:*", on=iam.bucket("artifacts") / "*")\n'
            'assert not iam.role("deployer").can_all("s3:*", on=iam.bucket("artifacts") / "*")',
            id="any and all",
        ),
        pytest.param(
            'assert iam.role("deployer").can_be_assumed_by(iam.service("lambda.amazonaws.com"))\n'
            'assert not iam.role("deployer").can_be_assumed_by(iam.service("ec2.amazonaws.com"))',
            id="assumed by a service",
        ),
        pytest.param(
            'assert iam.role("deployer").can_be_assumed_by("lambda.amazonaws.com")\n'
            'assert not iam.role("deployer").can_be_assumed_by("role/reader")',
            id="assumed by a name",
        ),
        pytest.param(
            f'assert iam.who_can("s3:PutObject", on="{OBJECT}") == {{"role/deployer"}}\n'
            f'assert "role/reader" not in iam.who_can("s3:PutObject", on="{OBJECT}")',
            id="who can",
        ),
        pytest.param(
            'd = iam.role("deployer").can("s3:PutObject", '
            'on="arn:aws:s3:::artifacts/releases/1.zip")\n'
            "assert d.denied and not d.allowed\n"
            'assert d.verdict == "denied"\n'
            'assert d.because("KeepReleases")\n'
            'assert d.decided_by == ("KeepReleases",)\n'
            'assert "deployer.json:11" in d.trace',
            id="what a decision tells",
        ),
        pytest.param(
            'narrow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
            '"Action": "s3:GetObject", "Resource": "*"}]}\n'
            'session = iam.role("deployer").session("ci", policy=narrow)\n'
            f'assert session.can("s3:GetObject", on="{OBJECT}")\n'
            f'assert session.cannot("s3:PutObject", on="{OBJECT}")',
            id="a session policy",
        ),
        pytest.param(
            'iam.role("deployer").assert_can("s3:GetObject", on="' + OBJECT + '")\n'
            'iam.role("deployer").assert_cannot("iam:CreateUser")',
            id="without assert",
        ),
        pytest.param(
            'stop = "ec2:StopInstances"\n'
            'deployer = iam.role("deployer").in_region("eu-west-1").from_ip("203.0.113.7")\n'
            "assert deployer.with_mfa().can(stop)\n"
            "assert deployer.with_mfa(False).cannot(stop)\n"
            'assert deployer.with_context({"aws:MultiFactorAuthPresent": None}).cannot(stop)',
            id="what requests carry",
        ),
        pytest.param(
            'deployer = iam.role("deployer").through_vpc_endpoint("vpce-1").with_tags(team="a")\n'
            'd = deployer.can("s3:GetObject", on="' + OBJECT + '")\n'
            'assert d and "the policy of `vpce-1`" in d.assumptions[0]',
            id="a VPC endpoint",
        ),
    ],
)
def test_word_means_what_it_says(run: Run, body: str) -> None:
    run(body).assert_outcomes(passed=1)


def test_context_values_that_decide_are_told_apart_by_principal(
    run: Run, project: pytest.Pytester
) -> None:
    (project.path / "reader.json").write_text(
        ALLOW + '"Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}]}'
    )
    run(f"""
reader = iam.role("reader")
assert reader.with_tags(team="a").can("s3:GetObject", on="{OBJECT}")
assert reader.with_tags(team=None).cannot("s3:GetObject", on="{OBJECT}")
assert reader.session(tags={{"team": "a"}}).can("s3:GetObject", on="{OBJECT}")
""").assert_outcomes(passed=1)


def test_marker_gives_context_and_time_to_every_question(
    run: Run, project: pytest.Pytester
) -> None:
    (project.path / "test_marked.py").write_text("""
import pytest
pytestmark = pytest.mark.iam(at="2026-12-01T00:00:00Z")

@pytest.mark.iam(context={"aws:MultiFactorAuthPresent": True})
def test_it(iam):
    queue = "arn:aws:sqs:eu-west-1:111122223333:q"
    assert iam.role("deployer").can("sqs:SendMessage", on=queue)
    assert iam.role("deployer").can("ec2:StopInstances")

@pytest.mark.iam(account="444455556666")
def test_account(iam):
    user = "arn:aws:iam::444455556666:user/u"
    decision = iam.role("deployer").can("iam:GetUser", on=user)
    assert decision.denied
    assert "444455556666:role/deployer" in decision.trace

@pytest.mark.iam(acount="444455556666")
def test_misspelt(iam):
    pass
""")
    result = run("", "--strict-markers")

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*takes root, account, context, at, vars, not `acount`"])


def test_set_that_differs_names_each_difference_and_what_decides(run: Run) -> None:
    result = run(f'assert iam.who_can("s3:PutObject", on="{OBJECT}") == {{"role/reader"}}')

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*not expected: role/deployer s3:PutObject * `Publish` * at deployer.json:5",
            "*expected: role/reader s3:PutObject *: denied, nothing in the identity *",
        ]
    )


def test_failure_names_the_deciding_place_in_one_line_and_shows_it_below(run: Run) -> None:
    result = run(
        'assert iam.role("deployer").can("s3:PutObject", '
        'on="arn:aws:s3:::artifacts/releases/1.zip")'
    )

    result.stdout.fnmatch_lines(
        [
            "E *denied, by Deny statement `KeepReleases` * at deployer.json:11",
            "*- policies: *test_it.py:4 -*",
            '*13 |       "Action": "s3:PutObject",',
            "ask again: iamlint can role/deployer s3:PutObject --on *",
        ]
    )


def test_failure_is_explained_under_xdist_too(run: Run) -> None:
    pytest.importorskip("xdist")
    result = run(f'assert iam.role("reader").can("s3:PutObject", on="{OBJECT}")', "-n", "1")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*nearest: statement 0 `Read` (Allow) in reader.json:4*"])


def test_assume_checks_both_sides_and_gives_the_session(run: Run, project: pytest.Pytester) -> None:
    (project.path / "trust.json").write_text(
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",'
        '"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}}'
    )
    (project.path / "reader.json").write_text(
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",'
        '"Resource": "arn:aws:iam::111122223333:role/deployer"}}'
    )
    result = run(f"""
deployer = iam.role("reader").assume(iam.role("deployer"), "ci")
assert deployer.can("s3:PutObject", on="{OBJECT}")
with pytest.raises(Exception, match="cannot last 7200 seconds"):
    iam.role("reader").assume(iam.role("deployer"), duration=7200)
iam.role("deployer").assume("role/reader")
""")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *role/deployer sts:AssumeRole on *role/reader: *"])


def test_managed_policy_of_aws_decides_and_one_that_is_not_known_refuses(
    run: Run, project: pytest.Pytester
) -> None:
    path = project.path / "iamlint.toml"
    for name in ("ReadOnlyAccess", "Nothing"):
        policies = f'policies = ["arn:aws:iam::aws:policy/{name}"]'
        path.write_text(f'{path.read_text()}\n[principals."role/{name}"]\n{policies}\n')
    questions = '("s3:PutObject", on="arn:aws:s3:::artifacts/app.zip")'
    result = run(
        f'assert iam.role("ReadOnlyAccess").cannot{questions}\n'
        f'assert not iam.role("Nothing").can{questions}'
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*IamError: role/Nothing *: depends, on `*:policy/Nothing`, whose text is not known",
            "*help: keep its document as `managed-policies/Nothing.json`",
        ]
    )


def test_without_configuration_all_below_the_root_of_pytest_is_the_repository(
    run: Run, project: pytest.Pytester
) -> None:
    (project.path / "iamlint.toml").unlink()
    project.makeini("[pytest]")
    (project.path / "roles" / "app").mkdir(parents=True)
    (project.path / "roles" / "app" / "p.json").write_text(ALLOW + '"Resource": "*"}]}')
    (project.path / "tests").mkdir()
    (project.path / "tests" / "test_app.py").write_text(
        f'def test_it(iam):\n    assert iam.role("app").can("s3:GetObject", on="{OBJECT}")\n'
    )

    run("", "tests").assert_outcomes(passed=1)


@pytest.mark.parametrize("marker", ['root="shop"', 'root="shop", account="444455556666"'])
def test_command_in_a_failure_asks_the_same(
    run: Run, project: pytest.Pytester, marker: str
) -> None:
    shop = project.path / "shop"
    (shop / "roles" / "app").mkdir(parents=True)
    (shop / "iamlint.toml").write_text('account = "111122223333"\n')
    (shop / "roles" / "app" / "p.json").write_text(ALLOW + '"Resource": "*"}]}')
    (project.path / "test_shop.py").write_text(
        f"import pytest\n\n@pytest.mark.iam({marker})\ndef test_it(iam):\n"
        f'    assert iam.role("app").can("s3:PutObject", on="{OBJECT}")\n'
    )
    result = run("")
    (line,) = [line for line in result.outlines if line.startswith("ask again: ")]
    command = line.removeprefix("ask again: ").replace("iamlint", f"{sys.executable} -m iamlint", 1)
    done = subprocess.run(
        ["sh", "-c", command], cwd=project.path, capture_output=True, text=True, check=False
    )

    assert done.stdout.splitlines()[0].startswith(f"role/app s3:PutObject on {OBJECT}: denied, ")
    assert ('# with account = "444455556666"' in line) is ("account" in marker)
