"""The account without a configuration: the one in the files, open if they have several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.errors import UsageError
from tests.account.holding_texts import BUCKET, HOME, OBJECT, OTHER, allow, deny, policy, trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.ask.answer import Answer
    from tests.account.conftest import Open

THIRD = "888899990000"
QUEUE = f"arn:aws:sqs:eu-west-1:{HOME}:jobs"
SEND = policy(allow("sqs:SendMessage"))
APP: dict[str, object] = {"roles/app/send.json": SEND}
NONE = "# nothing is configured\n"


def dump(account: str, *names: str) -> dict[str, object]:
    """Return a dump of an account whose roles may send to any queue."""
    roles = [
        {
            "RoleName": name,
            "Arn": f"arn:aws:iam::{account}:role/{name}",
            "Path": "/",
            "AssumeRolePolicyDocument": trust({"Service": "ec2.amazonaws.com"}),
            "RolePolicyList": [{"PolicyName": "send", "PolicyDocument": SEND}],
        }
        for name in names
    ]
    return {"RoleDetailList": roles, "UserDetailList": [], "GroupDetailList": [], "Policies": []}


def of_queue(account: str) -> dict[str, object]:
    queue = f"arn:aws:sqs:eu-west-1:{account}:inbox"
    return policy(allow("sqs:SendMessage", queue, Principal={"AWS": THIRD}))


def naming(principal: str) -> dict[str, object]:
    return policy(deny("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": principal}))


SAID: dict[str, tuple[dict[str, object], str, str]] = {
    "a dump": (
        {"dump.json": dump(HOME, "other")}, NONE, "dump.json describes its `role/other`",
    ),
    "a principal of the configuration": (
        {}, f'[principals."arn:aws:iam::{HOME}:role/x"]\n',
        f'`[principals."arn:aws:iam::{HOME}:role/x"]` names it',
    ),
    "a resource of the configuration": (
        {}, f'[resources."{QUEUE}"]\n', f'`[resources."{QUEUE}"]` names it',
    ),
    "the policy of a resource": (
        {"resources/inbox.json": of_queue(HOME)}, NONE,
        f"resources/inbox.json:1 is about `arn:aws:sqs:eu-west-1:{HOME}:inbox`",
    ),
    "a policy that names the role": (
        {"resources/b.json": naming(f"arn:aws:iam::{HOME}:role/app")}, NONE,
        "resources/b.json:9 names its `role/app`",
    ),
}  # fmt: skip


def ask(opened: Open, files: Mapping[str, object], toml: str, who: str, on: str = QUEUE) -> Answer:
    read = opened(files, toml)
    action = "s3:GetObject" if ":s3:" in on else "sqs:SendMessage"
    return read.account.ask(read.subject(who), [action], on)


@pytest.mark.parametrize("how", SAID)
def test_account_that_files_say_is_taken_and_said_aloud(repository: Open, how: str) -> None:
    files, toml, said = SAID[how]

    at_home = ask(repository, {**APP, **files}, toml, "role/app")
    elsewhere = ask(repository, {**APP, **files}, toml, "role/app", QUEUE.replace(HOME, OTHER))

    note = f"no `account` is configured: it is `{HOME}`, because {said}"
    assert note in at_home.assumptions
    assert (at_home.ruling, elsewhere.ruling) == ("allowed", "depends")


def test_folder_of_one_account_says_it(repository: Open) -> None:
    answer = ask(repository, {f"accounts/{HOME}/roles/app/send.json": SEND}, NONE, "role/app")

    note = f"it is `{HOME}`, because `accounts/{HOME}/` exists"
    assert f"no `account` is configured: {note}" in answer.assumptions
    assert answer.ruling == "allowed"


def test_dump_is_believed_before_the_arns_of_resources(repository: Open) -> None:
    files = {**APP, "dump.json": dump(HOME, "x"), "resources/q.json": of_queue(OTHER)}

    assert ask(repository, files, NONE, "role/app").ruling == "allowed"


def test_configured_account_needs_no_word_of_files(repository: Open) -> None:
    answer = ask(
        repository, {**APP, "d.json": dump(OTHER, "x")}, f'account = "{HOME}"\n', "role/app"
    )

    assert answer.ruling == "allowed"
    assert not any("is configured" in note for note in answer.assumptions)


SEVERAL: dict[str, dict[str, object]] = {
    "two dumps": {"a.json": dump(HOME, "x"), "b.json": dump(OTHER, "y")},
    "two folders": {
        f"accounts/{HOME}/roles/x/send.json": SEND,
        f"accounts/{OTHER}/roles/y/send.json": SEND,
    },
    "two resources": {
        "resources/a.json": of_queue(HOME),
        "resources/b.json": of_queue(OTHER),
    },
}


@pytest.mark.parametrize("how", SEVERAL)
def test_answer_depends_on_the_account_where_it_matters_which_of_several(
    repository: Open, how: str
) -> None:
    files = {**APP, **SEVERAL[how]}

    answer = ask(repository, files, NONE, "role/app")
    other = ask(repository, files, NONE, "role/app", "arn:aws:s3:::artifacts/k")

    assert answer.ruling == "depends"
    assert answer.is_incomplete
    assert f"`{HOME}`" in answer.reason
    assert f"`{OTHER}`" in answer.reason
    assert answer.help == "set the account: `account` in iamlint.toml, or ask about an ARN"
    assert answer.assumptions[0].startswith("no `account` is configured: `role/app` may be in")
    assert other.ruling == "denied"


def test_short_name_finds_the_only_one_of_several_accounts(repository: Open) -> None:
    assert ask(repository, SEVERAL["two dumps"], NONE, "role/x").ruling == "allowed"


def test_short_name_of_two_accounts_names_both(repository: Open) -> None:
    files: Mapping[str, object] = {"a.json": dump(HOME, "x"), "b.json": dump(OTHER, "x")}
    with pytest.raises(UsageError) as raised:
        ask(repository, files, NONE, "role/x")

    names = [f"`arn:aws:iam::{account}:role/x`" for account in (HOME, OTHER)]
    assert raised.value.message == f"`role/x` matches several principals: {' and '.join(names)}"


def test_one_folder_of_accounts_beside_others_does_not_say_theirs(repository: Open) -> None:
    files = {**APP, f"accounts/{OTHER}/roles/y/send.json": SEND}

    answer = ask(repository, files, NONE, "role/app")

    assert answer.ruling == "allowed"
    assert "principal and resource are in one account" in answer.assumptions[0]


def test_who_is_trusted_does_not_say_the_account(repository: Open) -> None:
    trusted = trust({"AWS": f"arn:aws:iam::{OTHER}:role/app"})

    answer = ask(repository, {**APP, "roles/app/trust.json": trusted}, NONE, "role/app")

    assert "principal and resource are in one account" in answer.assumptions[0]


UNKNOWN: list[tuple[str, str]] = [
    (f"arn:aws:iam::{HOME}:role/app", "denied"),
    (f"arn:aws:iam::{HOME}:root", "depends"),
    (HOME, "depends"),
    (f"arn:aws:iam::{HOME}:user/app", "allowed"),
    (f"arn:aws:iam::{HOME}:role/other", "allowed"),
    (f"arn:aws:sts::{HOME}:assumed-role/app/s1", "depends"),
    ("*", "denied"),
]


@pytest.mark.parametrize(("principal", "ruling"), UNKNOWN)
def test_principal_of_an_unknown_account_may_be_the_one_that_a_policy_names(
    repository: Open, principal: str, ruling: str
) -> None:
    read = policy(allow("s3:GetObject"))
    toml = f'[resources."{BUCKET}"]\npolicy = "b.json"\n'

    answer = ask(
        repository,
        {"roles/app/r.json": read, "b.json": naming(principal)},
        toml,
        "role/app",
        OBJECT,
    )

    assert answer.ruling == ruling


@pytest.mark.parametrize(
    ("who", "ruling"),
    [
        (f"arn:aws:iam::{HOME}:role/app", "denied"),
        (f"arn:aws:sts::{HOME}:assumed-role/app/s1", "denied"),
        (f"arn:aws:iam::{OTHER}:role/app", "allowed"),
    ],
)
def test_arn_in_a_question_says_the_account_of_whom_files_describe(
    repository: Open, who: str, ruling: str
) -> None:
    denying = policy(deny("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": HOME}))
    files = {"roles/app/r.json": policy(allow("s3:GetObject")), "b.json": denying}
    toml = f'[resources."{BUCKET}"]\npolicy = "b.json"\n'

    answer = ask(repository, files, toml, who, OBJECT)

    assert answer.ruling == ruling


def test_principal_that_no_file_describes_of_an_account_that_files_do_is_refused(
    repository: Open,
) -> None:
    with pytest.raises(UsageError) as raised:
        ask(repository, {"a.json": dump(HOME, "deploy")}, NONE, f"arn:aws:iam::{HOME}:role/deplyo")

    assert raised.value.help == "did you mean `role/deploy`? known: `role/deploy`"


def test_principal_of_an_account_that_no_file_describes_is_an_assumption(repository: Open) -> None:
    one = f"arn:aws:iam::{THIRD}:role/partner"
    files = {"a.json": dump(HOME, "deploy"), "resources/inbox.json": of_queue(HOME)}
    answer = ask(repository, files, NONE, one, f"arn:aws:sqs:eu-west-1:{HOME}:inbox")

    assert answer.ruling == "allowed"
    assert any("which iamlint does not know, allow" in note for note in answer.assumptions)
