"""Each mistake that would make a test about policies meaningless is an error or a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.pytest_iam.conftest import Run

OBJECT = "arn:aws:s3:::artifacts/app.zip"
ON = f'on="{OBJECT}"'
ROLE = 'iam.role("deployer")'
INSTANCE = 'on="arn:aws:ec2:eu-west-1:111122223333:instance/i-1"'
QUEUE = 'on="arn:aws:sqs:eu-west-1:111122223333:q"'


def test_right_assertions_pass(run: Run) -> None:
    body = f"""
deployer = {ROLE}
assert deployer.can("s3:PutObject", "s3:GetObject", {ON})
assert deployer.cannot("s3:PutObject", on=iam.bucket("artifacts") / "releases/1.zip")
assert not deployer.can("s3:DeleteObject", {ON})
assert deployer.with_mfa().can("ec2:StopInstances", {INSTANCE})
"""
    run(body, "-W", "error", "--strict-markers", apart=True).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        pytest.param(
            f'assert {ROLE}.can("s3:GetObjcet", {ON})',
            ["*there is no action `s3:GetObjcet`", "*help: did you mean `s3:GetObject`? *"],
            id="unknown action",
        ),
        pytest.param(
            'assert iam.role("deploier").cannot("s3:GetObject")',
            [
                "*there is no `role/deploier`",
                "*help: did you mean `role/deployer`? known: `role/deployer`, `role/reader`",
            ],
            id="unknown principal",
        ),
        pytest.param(
            f'assert {ROLE}.cannot("s3:GetObject", on="arn:aws:s3:::artifacts")',
            [
                "*`s3:GetObject` acts on objects, not on `arn:aws:s3:::artifacts`",
                "*help: did you mean `arn:aws:s3:::artifacts/[*]`?",
            ],
            id="a bucket ARN for an object action",
        ),
        pytest.param(
            f'assert {ROLE}.cannot("s3:ListAllMyBuckets", on="arn:aws:s3:::artifacts")',
            ["*`s3:ListAllMyBuckets` does not act on a resource*", "*help: ask without a resource"],
            id="an action without resource types given a resource",
        ),
        pytest.param(
            f'assert {ROLE}.cannot("s3:GetObject", on="arn:aws:s3::artifacts/app.zip")',
            ["*`arn:aws:s3::artifacts/app.zip` is not an ARN"],
            id="a malformed ARN",
        ),
        pytest.param(
            f'assert {ROLE}.cannot("sqs:SendMessage", on="arn:aws:sqs:eu-west-1:1111:q")',
            ["*`1111` in `arn:aws:sqs:eu-west-1:1111:q` is not an account id"],
            id="a malformed account",
        ),
        pytest.param(
            f'assert {ROLE}.cannot("sqs:SendMessage", on="arn:aws:sqs:eu-wst-1:111122223333:q")',
            ["*there is no region `eu-wst-1`*", "*help: did you mean `eu-west-1`?"],
            id="a malformed region",
        ),
        pytest.param(
            'assert iam.policy("gone.json").cannot("s3:GetObject")',
            ["*gone.json` does not exist"],
            id="a policy file that is not there",
        ),
        pytest.param(
            f'assert {ROLE}.can("ec2:StopInstances", {INSTANCE})',
            [
                "*: depends, on `aws:MultiFactorAuthPresent`, for `StopWithMfa` at *:17",
                '*help: pass `context={"aws:MultiFactorAuthPresent": …}`; `None` for a key *',
            ],
            id="a condition key that decides was not given",
        ),
        pytest.param(
            f'assert not {ROLE}.can("ec2:StopInstances", {INSTANCE})',
            ["*IamError: *: depends, on `aws:MultiFactorAuthPresent`, *", "*help: pass `context=*"],
            id="not can, where the answer is open",
        ),
        pytest.param(
            f'assert {ROLE}.can("s3:GetObject", {ON}, context={{"aws:SorceIp": "203.0.113.7"}})',
            ["*there is no condition key `aws:SorceIp`", "*help: did you mean `aws:SourceIp`*"],
            id="a misspelt context key",
        ),
        pytest.param(
            f'assert {ROLE}.can("s3:GetObject", {ON}, context={{"aws:SourceIp": "office"}})',
            ["*`aws:SourceIp` accepts one IP address, not `office`"],
            id="a wrongly typed context key",
        ),
        pytest.param(
            f'assert {ROLE}.can("s3:*", {ON})',
            ["*: mixed, allowed: `s3:GetObject`*", "*help: ask `can_any` or `can_all`*"],
            id="a pattern of which some is allowed",
        ),
        pytest.param(
            f'assert {ROLE}.cannot("s3:*", {ON})',
            ["*: mixed, *", "*help: ask `can_any` or `can_all`*"],
            id="a pattern of which some is denied",
        ),
        pytest.param(
            f"assert {ROLE}.can",
            ["*`can` was not called: write `can(*"],
            id="an assertion without a call",
        ),
        pytest.param(
            f'{ROLE}.can("s3:GetObject", {ON})',
            [
                "*test_it.py:4: a question was asked, but its answer was never used",
                "*help: write `assert` in front of it",
            ],
            id="a call without assertion",
        ),
        pytest.param(
            'iam.who_can("s3:GetObject", on="arn:aws:s3:::artifacts/app.zip")',
            [
                "*test_it.py:4: a question was asked, but its answer was never used",
                "*help: write `assert` in front of it",
            ],
            id="a question who can without assertion",
        ),
        pytest.param(
            f"assert {ROLE}.cannot()", ["*the question does not name an action"], id="no action"
        ),
        pytest.param(
            f"assert {ROLE}.cannot([])",
            ["*the question does not name an action"],
            id="an empty list",
        ),
        pytest.param(
            f'assert {ROLE}.cannot("s3:Gett*", {ON})',
            ["*there is no action `s3:Gett[*]`"],
            id="an empty expansion",
        ),
        pytest.param(
            f'assert {ROLE}.cannot("s3:GetObject", on=[])',
            ["*the question does not name a resource"],
            id="an empty list of resources",
        ),
        pytest.param(
            f'assert {ROLE}.can("sqs:SendMessage", {QUEUE})',
            ["*: depends, on `aws:CurrentTime`, for *", "*help: give the time: *"],
            id="a time condition without at",
        ),
        pytest.param(
            f'assert {ROLE}.in_region("eu-wst-1").can("s3:GetObject", {ON})',
            ["*there is no region `eu-wst-1`", "*help: did you mean `eu-west-1`?"],
            id="a request to a region that is not there",
        ),
        pytest.param(
            f'assert {ROLE}.can("s3:GetObject", {ON}, context={{"aws:SourceAccount": "1111"}})',
            ["*`1111` is not an account id"],
            id="a malformed account in the context",
        ),
        pytest.param(
            f'assert iam.service("lamda.amazonaws.com").cannot("s3:GetObject", {ON})',
            ["*there is no service `lamda.amazonaws.com`", "*did you mean `lambda.amazonaws.com`?"],
            id="a service that is not there",
        ),
        pytest.param(
            f'assert "role/raeder" not in iam.who_can("s3:PutObject", {ON})',
            [
                "*the question was not about `role/raeder`",
                "*help: did you mean `role/reader`? asked: *",
            ],
            id="a name among those who can that nobody has",
        ),
        pytest.param(
            'assert "arn:aws:iam::111122223333:role/deployer" not in '
            f'iam.who_can("s3:PutObject", {ON})',
            [
                "*the question was not about `arn:aws:iam::*:role/deployer`",
                "*did you mean `role/deployer`?*",
            ],
            id="another name of somebody who can",
        ),
        pytest.param(
            f'assert not {ROLE}.can("s3:PutObject", on="arn:aws:s3:::artifacts/releases/1")'
            '.because("KeepRelease")',
            ["*has a statement `KeepRelease`", "*did you mean `KeepReleases`?"],
            id="a statement that is not there",
        ),
        pytest.param(
            f'assert {ROLE}.can("s3:GetObject", {ON}) == True',
            ["*a decision is not compared*"],
            id="a comparison with a truth",
        ),
    ],
)  # fmt: skip
def test_mistake_fails_the_test_and_says_how_to_mend_it(
    run: Run, body: str, lines: list[str]
) -> None:
    result = run(body)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(lines)


def test_no_policy_at_all_is_an_error_at_set_up(run: Run, project: pytest.Pytester) -> None:
    for path in project.path.glob("*.json"):
        path.unlink()
    (project.path / "iamlint.toml").write_text('account = "111122223333"\n')
    result = run('assert iam.service("lambda.amazonaws.com").cannot("iam:CreateUser")')

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["no policy was found below *", "help: without policies, every test would pass*"]
    )


def test_policy_that_does_not_parse_is_an_error_at_set_up(
    run: Run, project: pytest.Pytester
) -> None:
    text = (project.path / "deployer.json").read_text()
    (project.path / "deployer.json").write_text(text.replace('"Deny"', '"Dney"'))
    result = run(f'assert {ROLE}.can("s3:GetObject", {ON})')

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["deployer.json:12: *"])


def test_value_that_cannot_be_resolved_leaves_the_answer_open(
    run: Run, project: pytest.Pytester
) -> None:
    (project.path / "role.yaml").write_text(
        "Version: '2012-10-17'\n"
        "Statement:\n"
        "  - {Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${Bucket.Arn}/*'}\n"
    )
    result = run(f'assert iam.policy("role.yaml").can("s3:GetObject", {ON})')

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*: depends, on `${Bucket.Arn}`, for statement 0 at role.yaml:3"])


def test_what_is_taken_for_granted_is_listed_and_an_error_under_strict(run: Run) -> None:
    body = f"""
decision = {ROLE}.can("sqs:SendMessage", {QUEUE}, at="2026-12-01T00:00:00Z")
assert decision
assert "has no resource policy" in decision.assumptions[0]
"""
    run(body).assert_outcomes(passed=1)
    strict = run(body, "--iam-strict")

    strict.assert_outcomes(failed=1)
    strict.stdout.fnmatch_lines(["*the answer rests on assumptions, which --iam-strict rejects:"])


def test_unused_answer_of_a_helper_is_found_where_it_was_asked(run: Run) -> None:
    result = run(f"""
def check(role):
    role.can("s3:GetObject", {ON})
check({ROLE})
""")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*test_it.py:5: a question was asked*"])


@pytest.mark.parametrize(
    "question",
    [
        'assert not iam.role("reader").can("sqs:SendMessage", ' + QUEUE + ")",
        'assert iam.role("reader").cannot("sqs:SendMessage", ' + QUEUE + ")",
        'assert iam.role("reader").can("sqs:SendMessage", ' + QUEUE + ").denied",
        'assert iam.role("reader").can("sqs:SendMessage", ' + QUEUE + ').verdict == "denied"',
        'assert not iam.role("reader").can("sqs:SendMessage", ' + QUEUE + ').because("Read")',
        'assert iam.role("reader").can("sqs:SendMessage", ' + QUEUE + ").decided_by == ()",
        'assert iam.who_can("sqs:SendMessage", ' + QUEUE + ', at="2027-02-01T00:00:00Z") == set()',
    ],
)
def test_strict_holds_however_the_answer_is_looked_at(run: Run, question: str) -> None:
    run(question).assert_outcomes(passed=1)
    run(question, "--iam-strict").assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("marker", "line"),
    [
        ('root="polices"', "`polices` is not a folder beside *test_marked.py"),
        ('account="1111"', "`1111` is not an account id"),
        ('"root"', "`@pytest.mark.iam` takes root, account, context, at, vars, each by its name"),
    ],
)
def test_marker_that_leads_nowhere_is_an_error_at_set_up(
    run: Run, project: pytest.Pytester, marker: str, line: str
) -> None:
    (project.path / "test_marked.py").write_text(
        f"import pytest\n\n@pytest.mark.iam({marker})\ndef test_it(iam):\n    pass\n"
    )
    result = run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])


def test_question_of_a_fixture_that_ends_is_found_too(run: Run, project: pytest.Pytester) -> None:
    (project.path / "conftest.py").write_text(
        f"""
import pytest

@pytest.fixture
def role(iam):
    yield {ROLE}
    {ROLE}.can("s3:GetObject", {ON})
"""
    )
    (project.path / "test_fixture.py").write_text("def test_it(role):\n    pass\n")
    result = run()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*conftest.py:7: a question was asked, but its answer was never *"]
    )


def test_question_of_a_test_that_failed_before_it_looked_is_no_second_error(run: Run) -> None:
    result = run(f'answer = {ROLE}.can("s3:GetObject", {ON})\nassert 0\nassert answer')

    result.assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("roles/app/cut.json", '{"Version": "2012-10-17", "Stat', "roles/app/cut.json: not json*"),
        (
            "main.tf",
            'resource "aws_iam_role" "x" {\n  name = "x\n  assume_role_policy = "{}"\n}\n',
            "main.tf: *in line 2*",
        ),
    ],
)
def test_file_that_was_meant_to_be_read_and_could_not_is_an_error_at_set_up(
    run: Run, project: pytest.Pytester, path: str, text: str, line: str
) -> None:
    (project.path / path).parent.mkdir(parents=True, exist_ok=True)
    (project.path / path).write_text(text)
    result = run(f'assert {ROLE}.can("s3:GetObject", {ON})')

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])
