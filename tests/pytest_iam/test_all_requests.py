"""Claims about all requests: what is possible, policies compared, closed buckets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pytest_iam.conftest import Run

OPEN_BUCKET = """
[resources."arn:aws:s3:::public"]
policy = "public.json"

[resources."arn:aws:s3:::shared"]
policy = "shared.json"
"""


@pytest.fixture
def buckets(project: pytest.Pytester) -> None:
    """A bucket that anyone may read, and one that one trusted account may read."""
    for name, who in (("public", "*"), ("shared", {"AWS": "444455556666"})):
        statement = {"Effect": "Allow", "Principal": who, "Action": "s3:GetObject"}
        value = {"Version": "2012-10-17", "Statement": [
            {**statement, "Sid": "Read", "Resource": f"arn:aws:s3:::{name}/*"}
        ]}  # fmt: skip
        (project.path / f"{name}.json").write_text(json.dumps(value, indent=1))
    place = project.path / "iamlint.toml"
    place.write_text(f'trusted-accounts = ["444455556666"]\n{place.read_text()}{OPEN_BUCKET}')


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            'assert iam.role("deployer").can_some("s3:*", on=iam.bucket("artifacts") / "*")\n'
            'assert not iam.role("deployer").can_never("s3:*")',
            id="some of a pattern",
        ),
        pytest.param(
            'assert iam.role("deployer").can_never("s3:PutObject", '
            'on=iam.bucket("artifacts") / "releases/*")\n'
            'assert not iam.role("deployer").can_some("iam:*")',
            id="none of a pattern",
        ),
        pytest.param(
            'stop = "ec2:StopInstances"\n'
            'deployer = iam.role("deployer")\n'
            "assert deployer.can_some(stop)\n"
            "assert deployer.with_mfa(False).can_never(stop)\n"
            'assert deployer.can_never(stop, context={"aws:MultiFactorAuthPresent": None})',
            id="in a context",
        ),
        pytest.param(
            'send = "sqs:SendMessage"\n'
            'assert iam.role("deployer").can_some(send)\n'
            'assert iam.role("deployer").can_never(send, at="2027-06-01T00:00:00Z")',
            id="at a time",
        ),
        pytest.param(
            'reader, deployer = iam.policy("reader.json"), iam.policy("deployer.json")\n'
            "assert reader.means_the_same_as(reader)\n"
            "assert not reader.allows_no_more_than(deployer)\n"
            "assert not deployer.means_the_same_as(reader)",
            id="policies",
        ),
    ],
)
def test_claim_means_what_it_says(run: Run, body: str) -> None:
    run(body).assert_outcomes(passed=1)


@pytest.mark.usefixtures("buckets")
def test_bucket_is_open_to_outsiders_and_not_to_trusted_accounts(run: Run) -> None:
    run("""
assert iam.bucket("shared").is_never_open_to("outsiders")
assert not iam.bucket("shared").is_never_open_to("444455556666")
assert not iam.bucket("public").is_never_open_to("outsiders")
assert not iam.bucket("public").is_never_open_to("anonymous")
assert iam.bucket("public").is_never_open_to("anonymous", actions=("s3:PutObject",))
assert iam.bucket("artifacts").is_never_open_to("outsiders")
""").assert_outcomes(passed=1)


def test_session_can_do_what_its_policy_and_its_role_allow(run: Run) -> None:
    run("""
policy = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:Get*", "sqs:*"], "Resource": "*"}
]}
role = iam.role("deployer")
session = role.session(policy=policy)
assert role.can_some("s3:*") and session.can_some("s3:Get*")
assert role.can_some("ec2:StopInstances") and session.can_never("ec2:StopInstances")
assert role.can_never("sqs:Receive*") and session.can_never("sqs:Receive*")
""").assert_outcomes(passed=1)


def test_bucket_is_closed_to_everybody_by_a_deny_alone(run: Run, project: pytest.Pytester) -> None:
    """Users and roles of the account may hold any policies, so only a Deny keeps them out."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}
    value = {"Version": "2012-10-17", "Statement": [{**deny, "Resource": "arn:aws:s3:::kept"}]}
    (project.path / "kept.json").write_text(json.dumps(value))
    place = project.path / "iamlint.toml"
    text = '\n[resources."arn:aws:s3:::kept"]\npolicy = "kept.json"\n'
    place.write_text(f"{place.read_text()}{text}")

    run("""
assert iam.bucket("kept").is_never_open_to("*", actions=("s3:DeleteBucket",))
assert not iam.bucket("kept").is_never_open_to("*", actions=("s3:ListBucket",))
assert iam.bucket("kept").is_never_open_to("outsiders")
""").assert_outcomes(passed=1)


@pytest.mark.usefixtures("buckets")
@pytest.mark.parametrize(
    ("body", "lines"),
    [
        pytest.param(
            'assert iam.role("deployer").can_never("ec2:*")',
            ["*ec2:?, in some way: allowed, by Allow statement `StopWithMfa` * deployer.json:17*",
             "  for example: iamlint can role/deployer ec2:StopInstances --on *Present=true*"],
            id="never",
        ),
        pytest.param(
            'assert iam.policy("reader.json").allows_no_more_than(iam.policy("deployer.json"))',
            ["*reader.json allows no more than deployer.json: false, by Allow statement `Read`*",
             "  for example: s3:GetObject on arn:aws:s3:::reports/*"],
            id="wider",
        ),
        pytest.param(
            'assert iam.bucket("public").is_never_open_to("outsiders")',
            ["*arn:aws:s3:::public is never open to outsiders: false, by Allow statement `Read`*",
             "  for example: s3:GetObject on arn:aws:s3:::public/*"],
            id="open",
        ),
    ],
)  # fmt: skip
def test_failure_shows_the_request(run: Run, body: str, lines: list[str]) -> None:
    result = run(body)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(lines)


def test_unknown_claim_raises_either_way(run: Run, project: pytest.Pytester) -> None:
    text = (project.path / "reader.json").read_text()
    (project.path / "reader.json").write_text(text.replace("::reports/", "::${Bucket}/"))
    for word in ("can_some", "can_never"):
        result = run(f'assert not iam.role("reader").{word}("s3:*", on="arn:aws:s3:::x/*")')

        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["*unknown, because `${Bucket}` may name the resource*"])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('iam.role("deployer").can_some("s3:*")', "*its answer was never used*"),
        ('assert iam.role("deployer").can_never', "*`can_never` was not called*"),
        ('assert iam.role("deployer").can_never("s3:GetObjcet")', "*no action `s3:GetObjcet`*"),
        ('assert iam.bucket("artifcats").is_never_open_to("outsiders")', "*no file describes*"),
        (
            'assert iam.role("reader").means_the_same_as(iam.role("deployer"))',
            "*`role/reader` is a principal, and only policies are compared*",
        ),
        ('assert iam.bucket("artifacts").is_never_open_to()', "*does not name a principal*"),
    ],
)
def test_mistake_fails_the_test(run: Run, body: str, error: str) -> None:
    result = run(body)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([error])
