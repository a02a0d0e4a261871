"""Questions: refused ones, exact answers, and open answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import LONGEST_LINE, Ruling
from iamlint.account.ask.explain import explain
from iamlint.account.ask.sessions import Terms, session_of, session_policy
from iamlint.account.ask.validate import checked_context
from iamlint.catalog import Catalog
from iamlint.errors import UsageError
from iamlint.evaluator.context import Missing
from iamlint.policy.grammar import Kind
from tests.account.holding_texts import BUCKET, HOME, OBJECT, OTHER, allow, deny, policy, trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.ask.answer import Answer
    from tests.account.conftest import Open

READ = {"roles/app/read.json": policy(allow("s3:GetObject", f"{BUCKET}/*", Sid="Read"))}


def ask(
    opened: Open, files: Mapping[str, object], action: str, on: str | None = None, **more: object
) -> Answer:
    """Return the answer about `role/app` of a repository of these files."""
    who = str(more.pop("who", "role/app"))
    toml = str(more.pop("toml", f'account = "{HOME}"\n'))
    repository = opened(files, toml)
    return repository.account.ask(repository.subject(who), action.split(), on, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "on", "message", "help_"),
    [
        ("s3:GetObjcet", OBJECT, "no action `s3:GetObjcet`", "did you mean `s3:GetObject`?"),
        ("GetObject", OBJECT, "no action `GetObject`", "write `service:Name`"),
        ("s3:Gett*", OBJECT, "no action `s3:Gett*`", ""),
        ("", OBJECT, "the question does not name an action", ""),
        ("s3:GetObject", BUCKET, "acts on objects", f"did you mean `{BUCKET}/*`?"),
        ("s3:ListBucket", OBJECT, "does not act on", "it acts on"),
        ("s3:ListAllMyBuckets", BUCKET, "does not act on a resource", "ask without a resource"),
        ("s3:GetObject", "artifacts/app.zip", "is not an ARN", "an ARN has the form"),
        ("s3:GetObject", "arn:aws:s3", "is not an ARN", "an ARN has the form"),
        ("s3:GetObject", "arn:asw:s3:::b/k", "no partition `asw`", "such as aws"),
        ("sqs:SendMessage", "arn:aws:sqs:eu-wset-1:111122223333:q", "no region", "eu-west-1"),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:1111:q", "`1111`", "12 digits"),
        ("sqs:SendMessage", "arn:aws:sqss:eu-west-1:111122223333:q", "no service `sqss`", "sqs"),
        ("sqs:SendMessage", "arn:aws:sqs:::q", "does not act on", "it acts on"),
    ],
)
def test_question_that_would_prove_nothing_is_refused(
    repository: Open, action: str, on: str, message: str, help_: str
) -> None:
    with pytest.raises(UsageError) as raised:
        ask(repository, READ, action, on)

    assert message in raised.value.message
    assert help_ in (raised.value.help or "")


@pytest.mark.parametrize(
    ("name", "help_"),
    [
        ("role/ap", "did you mean `role/app`? known: `role/app`"),
        (f"arn:aws:iam::{HOME}:role/gone", "known: `role/app`"),
        ("app", "write `role/app`, an ARN, or a service"),
    ],
)
def test_unknown_principal_is_refused_with_the_known_ones(
    repository: Open, name: str, help_: str
) -> None:
    with pytest.raises(UsageError) as raised:
        ask(repository, READ, "s3:GetObject", OBJECT, who=name)

    assert help_ in (raised.value.help or "")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"aws:SourceIP4": "203.0.113.7"}, "no condition key `aws:SourceIP4`"),
        ({"aws:SourceIp": "203.0.113.0/24"}, "`aws:SourceIp` accepts one IP address"),
        ({"aws:SecureTransport": "yes"}, "`aws:SecureTransport` accepts true or false"),
        ({"aws:MultiFactorAuthAge": "long"}, "`aws:MultiFactorAuthAge` accepts a number"),
        ({"aws:CurrentTime": "noon"}, "`aws:CurrentTime` accepts a time"),
        ({"aws:SourceArn": "bucket"}, "`aws:SourceArn` accepts an ARN"),
        ({"aws:SourceIp": ["203.0.113.7"]}, "`aws:SourceIp` has one value"),
    ],
)
def test_misspelt_or_wrongly_typed_context_key_is_refused(
    given: Mapping[str, object], message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        checked_context(Catalog.open(), given)

    assert message in raised.value.message


def test_context_is_read_as_aws_compares_it() -> None:
    noon = datetime(2027, 3, 31, 12, tzinfo=UTC)
    given = {
        "aws:SecureTransport": True,
        "aws:MultiFactorAuthAge": 300,
        "aws:TagKeys": ["a", "b"],
        "aws:CurrentTime": noon,
        "aws:SourceVpc": None,
    }

    assert checked_context(Catalog.open(), given) == {
        "aws:securetransport": "true",
        "aws:multifactorauthage": "300",
        "aws:tagkeys": ("a", "b"),
        "aws:currenttime": "2027-03-31T12:00:00Z",
        "aws:sourcevpc": Missing.ABSENT,
    }


def test_question_without_resource_is_about_all_of_them(repository: Open) -> None:
    everything = {"roles/app/p.json": policy(allow("s3:GetObject", "arn:aws:s3:::*"))}

    assert ask(repository, READ, "s3:GetObject").ruling is Ruling.MIXED
    assert ask(repository, READ, "iam:CreateUser").ruling is Ruling.DENIED
    assert ask(repository, everything, "s3:GetObject", "arn:aws:s3:::*/*").ruling is Ruling.ALLOWED


def test_pattern_of_actions_skips_those_that_act_on_something_else(repository: Open) -> None:
    every = {"roles/app/p.json": policy(allow("s3:*Object", f"{BUCKET}/*"))}
    answer = ask(repository, every, "s3:*Object", f"{BUCKET}/*")

    assert answer.ruling is Ruling.ALLOWED
    assert len(answer.parts) > 3


def test_key_that_decides_and_was_not_given_leaves_the_answer_open(repository: Open) -> None:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    files = {"roles/app/p.json": policy(allow("s3:GetObject", f"{BUCKET}/*", Condition=mfa))}
    open_ = ask(repository, files, "s3:GetObject", OBJECT)
    absent = ask(
        repository,
        files,
        "s3:GetObject",
        OBJECT,
        context={"aws:multifactorauthpresent": Missing.ABSENT},
    )

    assert (open_.ruling, open_.missing_keys) == (Ruling.DEPENDS, ("aws:MultiFactorAuthPresent",))
    assert absent.ruling is Ruling.DENIED


def test_time_condition_is_open_until_the_time_is_told(repository: Open) -> None:
    until = {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}
    files = {"roles/app/p.json": policy(allow("s3:GetObject", f"{BUCKET}/*", Condition=until))}

    assert ask(repository, files, "s3:GetObject", OBJECT).ruling is Ruling.DEPENDS
    before = ask(repository, files, "s3:GetObject", OBJECT, at="2026-12-31T23:59:59Z")
    after = ask(repository, files, "s3:GetObject", OBJECT, at="2027-01-01T00:00:00Z")
    assert (before.ruling, after.ruling) == (Ruling.ALLOWED, Ruling.DENIED)
    with pytest.raises(UsageError, match="no time zone"):
        ask(repository, files, "s3:GetObject", OBJECT, at="2026-12-31T23:59:59")


def test_policy_of_a_bucket_counts_for_its_objects(repository: Open) -> None:
    closed = policy(deny("s3:*", f"{BUCKET}/*", Principal="*"))
    toml = f'account = "{HOME}"\n[resources."{BUCKET}"]\npolicy = "b.json"\n'
    answer = ask(repository, {**READ, "b.json": closed}, "s3:GetObject", OBJECT, toml=toml)

    assert (answer.ruling, answer.assumptions) == (Ruling.DENIED, ())


def test_resource_pattern_over_several_known_resources_is_exact(repository: Open) -> None:
    """One bucket of the pattern is closed by its own policy, so it is some and not all."""
    files = {
        "roles/app/p.json": policy(allow("s3:GetObject", "arn:aws:s3:::art*")),
        "b.json": policy(deny("s3:*", f"{BUCKET}/*", Principal="*")),
    }
    toml = f'account = "{HOME}"\n[resources."{BUCKET}"]\npolicy = "b.json"\n'

    some = ask(repository, files, "s3:GetObject", "arn:aws:s3:::art*/*", toml=toml)
    none = ask(repository, files, "s3:GetObject", f"{BUCKET}/*", toml=toml)
    other = ask(repository, files, "s3:GetObject", "arn:aws:s3:::art-*/*", toml=toml)
    assert (some.ruling, none.ruling, other.ruling) == (
        Ruling.MIXED,
        Ruling.DENIED,
        Ruling.ALLOWED,
    )


def test_key_without_known_policy_leaves_the_answer_open(repository: Open) -> None:
    key = f"arn:aws:kms:eu-west-1:{HOME}:key/1"
    files = {"roles/app/p.json": policy(allow("kms:Decrypt", key))}
    answer = ask(repository, files, "kms:Decrypt", key)

    assert (answer.ruling, answer.reason) == (
        Ruling.DEPENDS,
        f"on `policy of {key}`, which is not known here",
    )


def test_unknown_resource_of_another_account_leaves_the_answer_open(repository: Open) -> None:
    queue = f"arn:aws:sqs:eu-west-1:{OTHER}:q"
    files = {"roles/app/p.json": policy(allow("sqs:SendMessage"))}

    assert ask(repository, files, "sqs:SendMessage", queue).ruling is Ruling.DEPENDS
    assert ask(repository, files, "sqs:ReceiveMessage", queue).ruling is Ruling.DENIED


def test_report_tells_of_a_policy_that_is_not_known_in_one_line(repository: Open) -> None:
    queue = f"arn:aws:sqs:eu-west-1:{OTHER}:q"
    files = {"roles/app/p.json": policy(allow("sqs:SendMessage"))}
    report = explain(ask(repository, files, "sqs:SendMessage", queue))

    assert report.count("depends on") == 1
    assert f"in policy of {queue}\n      depends on `Statement`\n" in report


def test_what_is_taken_for_granted_is_listed(repository: Open) -> None:
    assert ask(repository, READ, "s3:GetObject", OBJECT).assumptions == (
        f"`{OBJECT}` has no resource policy",
    )
    assert ask(repository, READ, "iam:CreateUser", f"arn:aws:iam::{HOME}:user/u").assumptions == ()


def test_region_is_that_of_the_resource_and_said_so_where_it_matters(repository: Open) -> None:
    europe = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    files = {"roles/app/p.json": policy(allow("ec2:StopInstances", Condition=europe))}
    instance = f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-1"
    here = ask(repository, files, "ec2:StopInstances", instance)
    there = ask(repository, files, "ec2:StopInstances", instance.replace("eu-west-1", "us-east-1"))

    assert (here.ruling, there.ruling) == (Ruling.ALLOWED, Ruling.DENIED)
    assert here.assumptions == ("the request goes to the region of the resource, `eu-west-1`",)


def test_repository_without_account_takes_that_of_the_resource(repository: Open) -> None:
    user = f"arn:aws:iam::{OTHER}:user/u"
    files = {"p.json": policy(allow("iam:CreateUser", user))}
    answer = ask(repository, files, "iam:CreateUser", user, who="p.json", toml="")

    assert (answer.ruling, answer.assumptions) == (
        Ruling.ALLOWED,
        ("no `account` is configured: principal and resource are in one account",),
    )


def test_policy_that_only_limits_is_asked_what_it_lets_through(repository: Open) -> None:
    files = {"scp/s.json": policy(deny("cloudtrail:StopLogging"))}
    trail = f"arn:aws:cloudtrail:eu-west-1:{HOME}:trail/t"
    stop = ask(repository, files, "cloudtrail:StopLogging", trail, who="scp/s.json")
    look = ask(repository, files, "cloudtrail:GetTrailStatus", trail, who="scp/s.json")

    assert (stop.ruling, look.ruling) == (Ruling.DENIED, Ruling.ALLOWED)


def test_trust_policy_is_held_by_nobody(repository: Open) -> None:
    files = {"trust/t.json": trust({"AWS": f"arn:aws:iam::{OTHER}:root"})}

    with pytest.raises(
        UsageError, match="is a trust policy, which cannot be attached to a principal"
    ):
        ask(repository, files, "s3:GetObject", OBJECT, who="trust/t.json")


def test_services_and_strangers_need_the_resource(repository: Open) -> None:
    files = {
        "b.json": policy(
            allow("s3:PutObject", f"{BUCKET}/*", Principal={"Service": "logging.s3.amazonaws.com"})
        )
    }
    toml = f'account = "{HOME}"\n[resources."{BUCKET}"]\npolicy = "b.json"\n'
    rulings = {
        who: ask(repository, files, "s3:PutObject", OBJECT, who=who, toml=toml).ruling
        for who in ("logging.s3.amazonaws.com", "anonymous", f"arn:aws:iam::{OTHER}:role/x")
    }

    assert list(rulings.values()) == [Ruling.ALLOWED, Ruling.DENIED, Ruling.DENIED]


def test_line_names_who_what_and_the_deciding_place(repository: Open) -> None:
    answer = ask(repository, READ, "s3:GetObject", OBJECT)
    where = "by Allow statement `Read` of the identity policy at roles/app/read.json:8"

    assert answer.line == f"role/app s3:GetObject on {OBJECT}: allowed, {where}"


def test_line_stays_short_enough_for_pytest_and_keeps_its_end(repository: Open) -> None:
    answer = ask(repository, READ, "s3:GetObject", f"{BUCKET}/{'x' * 300}")

    assert len(answer.line) <= LONGEST_LINE
    assert answer.line.endswith("at roles/app/read.json:8")


def test_line_of_a_denial_that_no_statement_makes_names_the_nearest(repository: Open) -> None:
    files = {**READ, "roles/app/boundary.json": policy(allow("sqs:*", Sid="Queues"))}

    assert ask(repository, READ, "s3:PutObject", OBJECT).line == (
        f"role/app s3:PutObject on {OBJECT}: denied, nothing in the identity policies allows it; "
        "nearest: `Read` at roles/app/read.json:8"
    )
    assert ask(repository, files, "s3:GetObject", OBJECT).line.endswith(
        "nothing in the permissions boundary allows it; nearest: `Queues` at "
        "roles/app/boundary.json:8"
    )


def test_report_of_an_open_answer_points_at_the_condition(repository: Open) -> None:
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    files = {"roles/app/p.json": policy(allow("s3:GetObject", Condition=condition))}
    lines = explain(ask(repository, files, "s3:GetObject", OBJECT)).splitlines()
    caret = next(number for number, line in enumerate(lines) if line.endswith("^"))

    assert lines[caret - 1].endswith('"Condition": {')


def test_endpoint_that_a_request_passes_has_its_say(repository: Open) -> None:
    endpoint = f"arn:aws:ec2:eu-west-1:{HOME}:vpc-endpoint/vpce-1"
    files = {**READ, "e.json": policy(allow("s3:ListBucket", BUCKET, Principal="*"))}
    toml = f'account = "{HOME}"\n[resources."{endpoint}"]\npolicy = "e.json"\n'
    through = {"aws:sourcevpce": "vpce-1"}

    assert ask(repository, files, "s3:GetObject", OBJECT, toml=toml).ruling is Ruling.ALLOWED
    answer = ask(repository, files, "s3:GetObject", OBJECT, toml=toml, context=through)
    assert (answer.ruling, answer.decisions[0].blocked_by) == (Ruling.DENIED, (Kind.ENDPOINT,))


def test_command_says_what_a_session_carries_and_what_it_cannot_say(repository: Open) -> None:
    opened = repository(READ, f'account = "{HOME}"\n[principals."role/app"]\ntags={{a="1"}}\n')
    narrow = session_policy(policy(allow("s3:*")))
    terms = Terms("ci", tags={"team": "b"}, policies=(narrow,))
    session = session_of(opened.account, opened.subject("role/app"), terms)
    answer = opened.account.ask(session, ["s3:GetObject"], OBJECT)

    assert answer.question.command == (
        f"iamlint can arn:aws:sts::{HOME}:assumed-role/app/ci s3:GetObject --on {OBJECT} "
        "--context aws:principaltag/team=b  # without the session policy"
    )


def test_report_shows_the_nearest_miss_with_a_caret_and_the_command(repository: Open) -> None:
    answer = ask(repository, READ, "s3:PutObject", OBJECT)
    text = explain(answer)

    assert "nearest: statement 0 `Read` (Allow) in roles/app/read.json:8" in text
    assert "does not name the action `s3:putobject`" in text
    assert '   "Action": "s3:GetObject",\n    |              ^^^^^^^^^^^^^^' in text
    assert text.endswith(f"ask again: iamlint can role/app s3:PutObject --on {OBJECT}")
