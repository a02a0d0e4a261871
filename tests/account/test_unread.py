"""Unreadable files and refused policies: answers for possible holders are open, others are not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.errors import ReadError
from tests.account.holding_texts import BUCKET, HOME, OBJECT, OTHER, allow, deny, policy, trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.ask.answer import Answer
    from iamlint.repository import Repository
    from tests.account.conftest import Open

ALLOWED, DENIED, DEPENDS = Ruling.ALLOWED, Ruling.DENIED, Ruling.DEPENDS
BASE: dict[str, object] = {
    "roles/app/read.json": policy(allow("s3:GetObject"), allow("ec2:StopInstances")),
    "users/bob/read.json": policy(allow("s3:GetObject")),
    "groups/dev/list.json": policy(allow("s3:ListBucket")),
    "managed-policies/shared.json": policy(allow("s3:ListBucket")),
    "reader.json": policy(allow("s3:GetObject", f"{BUCKET}/*")),
}
ANY, NO_WAY = allow("*"), deny("*")
OPEN, CLOSED = ({**one, "Principal": "*"} for one in (ANY, NO_WAY))
INSTANCE = f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-1"


def template(*statements: dict[str, object], **identities: object) -> dict[str, object]:
    document = {"PolicyName": "p", "PolicyDocument": policy(*statements), **identities}
    return {"Resources": {"P": {"Type": "AWS::IAM::Policy", "Properties": document}}}


def module(statement: Mapping[str, object], role: str = "app") -> str:
    return (
        f'resource "aws_iam_role_policy" "p" {{\n  role = "{role}"\n'
        f"  policy = jsonencode({json.dumps(policy(statement))})\n}}\n"
    )


def broken(content: object) -> str:
    """Return a text without the first comma between members, which no parser can read."""
    if isinstance(content, str):
        return content.replace("jsonencode(", "jsonencode([")
    return json.dumps(content, indent=1).replace(",\n", "\n", 1)


def refused(content: object) -> object:
    """Return a policy without actions, which AWS refuses."""
    text = json.dumps(content).replace('"Action": "*", ', "")
    return json.loads(text)


def ask(repository: Repository, who: str, action: str = "s3:GetObject", on: str = OBJECT) -> Answer:
    return repository.account.ask(repository.subject(who), [action], on)


# The file, what it may say if it can be read, and the answers for `role/app` and `user/bob`.
CASES = [
    pytest.param("roles/app/more.json", [ANY, NO_WAY], DEPENDS, ALLOWED, id="of a role"),
    pytest.param("roles/app/boundary.json", [ANY, NO_WAY], DEPENDS, ALLOWED, id="boundary"),
    pytest.param("roles/web/read.json", [ANY, NO_WAY], ALLOWED, ALLOWED, id="of another role"),
    pytest.param("users/bob/more.json", [ANY, NO_WAY], ALLOWED, DEPENDS, id="of a user"),
    pytest.param("groups/dev/more.json", [ANY, NO_WAY], ALLOWED, ALLOWED, id="of a group"),
    pytest.param(
        "organization/scp.json", [ANY, NO_WAY], DEPENDS, DEPENDS, id="of the organization"
    ),
    pytest.param(
        "managed-policies/more.json", [ANY, NO_WAY], ALLOWED, ALLOWED, id="held by nobody"
    ),
    pytest.param("notes/stray.json", [ANY, NO_WAY], ALLOWED, ALLOWED, id="of nobody"),
    pytest.param("resources/a.json", [OPEN, CLOSED], DEPENDS, DEPENDS, id="of a resource"),
    pytest.param(
        f"accounts/{OTHER}/roles/app/a.json", [ANY, NO_WAY], ALLOWED, ALLOWED, id="elsewhere"
    ),
]


@pytest.mark.parametrize("spoil", [broken, refused], ids=["broken", "refused"])
@pytest.mark.parametrize(("path", "statements", "role", "user"), CASES)
def test_file_leaves_open_what_it_could_change_and_nothing_else(
    repository: Open,
    path: str,
    statements: list[Mapping[str, object]],
    role: Ruling,
    user: Ruling,
    spoil: object,
) -> None:
    spoiled = spoil(policy(statements[0]))  # type: ignore[operator]
    opened = repository({**BASE, path: spoiled})

    assert [ask(opened, who).ruling for who in ("role/app", "user/bob")] == [role, user]
    assert ask(opened, "reader.json").ruling is ALLOWED


@pytest.mark.parametrize(("path", "statements", "role", "user"), CASES)
def test_no_text_that_the_file_may_have_contradicts_the_answer(
    repository: Open,
    path: str,
    statements: list[Mapping[str, object]],
    role: Ruling,
    user: Ruling,
) -> None:
    met: dict[str, set[Ruling]] = {"role/app": set(), "user/bob": set()}
    for statement in statements:
        opened = repository({**BASE, path: policy(statement)})
        for who, rulings in met.items():
            rulings.add(ask(opened, who).ruling)

    for who, ruling in (("role/app", role), ("user/bob", user)):
        assert met[who] == {ruling} if ruling is not DEPENDS else len(met[who]) > 1


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("stack.template.json", template(NO_WAY, Roles=["app"], Users=["bob"])),
        ("infra/main.tf", module(NO_WAY)),
        ("dump.json", {"UserDetailList": [{"UserName": "bob", "AttachedManagedPolicies": []}]}),
    ],
)
def test_file_that_may_hold_anything_leaves_all_of_its_account_open(
    repository: Open, path: str, content: object
) -> None:
    opened = repository({**BASE, path: broken(content)})

    for who in ("role/app", "user/bob"):
        answer = ask(opened, who)
        assert answer.ruling is DEPENDS
        assert f"on the content of `{path}" in answer.reason
        assert answer.help == "fix the file, or `exclude` it"
        assert answer.missing_keys == ()


def test_file_of_one_account_says_nothing_of_others(repository: Open) -> None:
    text = broken(template(NO_WAY, Roles=["app"]))
    theirs = f"arn:aws:iam::{OTHER}:role/app"
    files = {**BASE, f"accounts/{OTHER}/roles/app/p.json": policy(ANY)}
    opened = repository({**files, f"accounts/{OTHER}/stack.json": text})
    rulings = [ask(opened, who, "s3:ListAllMyBuckets", "*").ruling for who in ("role/app", theirs)]

    assert ask(opened, "role/app").ruling is ALLOWED
    assert rulings == [DENIED, DEPENDS]


def test_refused_policy_of_a_template_is_open_for_its_holder_alone(repository: Open) -> None:
    text = refused(template(ANY, Roles=["app"]))
    opened = repository({**BASE, "stack.template.json": text})

    assert [ask(opened, who).ruling for who in ("role/app", "user/bob")] == [DEPENDS, ALLOWED]
    (unread,) = opened.account.accounts.unread
    assert unread.place.startswith("stack.template.json:")


def test_what_is_denied_anyway_stays_denied(repository: Open) -> None:
    files = {**BASE, "roles/app/never.json": policy(deny("s3:*"))}
    opened = repository({**files, "stack.json": broken(template(ANY))})

    assert ask(opened, "role/app").ruling is DENIED


@pytest.mark.parametrize(
    ("action", "on", "ruling"),
    [
        ("s3:GetObject", OBJECT, DEPENDS),
        ("s3:GetObject", "arn:aws:s3:::known/k", ALLOWED),
        ("ec2:StopInstances", INSTANCE, ALLOWED),
    ],
)
def test_policy_of_any_resource_says_nothing_of_those_that_are_known_or_can_have_none(
    repository: Open, action: str, on: str, ruling: Ruling
) -> None:
    toml = f'account = "{HOME}"\n[resources."arn:aws:s3:::known"]\n'
    opened = repository({**BASE, "queue.json": broken(policy(CLOSED))}, toml)

    assert ask(opened, "role/app", action, on).ruling is ruling


def test_trust_that_cannot_be_read_leaves_open_who_may_assume_the_role(repository: Open) -> None:
    role = f"arn:aws:iam::{HOME}:role/app"
    for name, text, ruling in (
        ("trust", trust({"AWS": HOME}), ALLOWED),
        ("trust", broken(trust({"AWS": HOME})), DEPENDS),
    ):
        files = {**BASE, f"roles/app/{name}.json": text, "users/bob/x.json": policy(ANY)}
        assert ask(repository(files), "user/bob", "sts:AssumeRole", role).ruling is ruling


@pytest.mark.parametrize("use", ["policies", "boundary"])
def test_file_that_the_configuration_names_is_open_for_its_principal(
    repository: Open, use: str
) -> None:
    value = '["x.json"]' if use == "policies" else '"x.json"'
    toml = f'account = "{HOME}"\n[principals."role/other"]\n{use} = {value}\n'
    opened = repository({**BASE, "x.json": broken(policy(ANY))}, toml)
    more = policy(allow("s3:GetObject"))
    bound = repository({**BASE, "x.json": broken(policy(ANY)), "roles/other/p.json": more}, toml)

    assert ask(opened, "role/app").ruling is ALLOWED
    assert ask(bound, "role/other").ruling is DEPENDS


@pytest.mark.parametrize("spoil", [broken, refused], ids=["broken", "refused"])
def test_strict_question_is_refused_for_whatever_cannot_be_read(
    repository: Open, spoil: object
) -> None:
    text = spoil(policy(ANY))  # type: ignore[operator]
    opened = repository({**BASE, "users/bob/more.json": text})

    with pytest.raises(ReadError, match=r"users/bob/more\.json") as raised:
        opened.refuse_unread()
    assert raised.value.help == "without it the answers may be wrong: fix or `exclude` it"
    repository({**BASE, "users/bob/more.json": policy(ANY)}).refuse_unread()
