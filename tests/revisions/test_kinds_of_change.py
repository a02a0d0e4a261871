"""The usual kinds of pull requests, in folders of JSON, in Terraform and in CloudFormation."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iamlint.reason.answer import Relation
from iamlint.reason.compare import compare
from tests.revisions.conftest import brief
from tests.revisions.written import (
    FORMATS,
    NO_WRITE,
    READ,
    SEND,
    WITH_MFA,
    WRITE,
    Role,
    in_folders,
    in_template,
    in_terraform,
)

if TYPE_CHECKING:
    from iamlint.revisions.diff import Compare
    from tests.revisions.conftest import Difference
    from tests.revisions.written import Write

APP = Role()
OTHER_WORDS = "statement `Read` reworded, statement `Write` removed"
CHANGES = {
    "a wider pattern": (
        APP,
        replace(APP, statements=(READ, {**WRITE, "Resource": "arn:aws:s3:::*"})),
        ["role/app (identity) changed wider: statement `Write` reworded"],
        1,
    ),
    "a dropped condition": (
        replace(APP, statements=(READ, {**WRITE, "Condition": WITH_MFA})),
        APP,
        ["role/app (identity) changed wider: statement `Write` reworded"],
        1,
    ),
    "an added condition": (
        APP,
        replace(APP, statements=(READ, {**WRITE, "Condition": WITH_MFA})),
        ["role/app (identity) changed narrower: statement `Write` reworded"],
        1,
    ),
    "another trusted principal": (
        APP,
        replace(APP, trusts=(*APP.trusts, {"AWS": "999999999999"})),
        ["trust policy of role/app (trust) changed wider: 1 statement added"],
        1,
    ),
    "a removed boundary": (
        replace(APP, boundary=(READ,)),
        APP,
        ["role/app (identity) changed wider: permissions boundary removed"],
        1,
    ),
    "a changed boundary": (
        replace(APP, boundary=(READ,)),
        replace(APP, boundary=(READ, WRITE)),
        ["role/app (identity) changed wider: permissions boundary changed"],
        1,
    ),
    "a deleted statement": (
        APP,
        replace(APP, statements=(READ,)),
        ["role/app (identity) changed narrower: statement `Write` removed"],
        1,
    ),
    "a deleted policy": (
        APP,
        replace(APP, statements=()),
        ["role/app (identity) changed narrower: 2 statements removed"],
        1,
    ),
    "policies put together in another way": (APP, replace(APP, is_split=True), [], 2),
    "a block with another name": (APP, replace(APP, block="other"), [], 2),
    "a renamed statement": (
        APP,
        replace(APP, statements=(READ, {**WRITE, "Sid": "Put"})),
        ["role/app (identity) changed equivalent: statement `Write` renamed to `Put`"],
        1,
    ),
    "another order": (APP, replace(APP, statements=(WRITE, READ)), [], 2),
    "the same in other words": (
        replace(APP, statements=(READ, WRITE)),
        replace(APP, statements=({**READ, "Action": ["s3:GetObject", "s3:PutObject"]},)),
        [f"role/app (identity) changed equivalent: {OTHER_WORDS}"],
        1,
    ),
}


@pytest.fixture
def method() -> Compare:
    return compare


@pytest.fixture(params=FORMATS)
def write(request: pytest.FixtureRequest) -> Write:
    return FORMATS[request.param]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_of_a_role_is_one_change(kind: str, write: Write, diff: Difference) -> None:
    old, new, changes, unchanged = CHANGES[kind]
    found = diff(write(old), write(new))
    assert brief(found) == changes
    assert found.unchanged == unchanged


def test_a_file_with_another_name_changes_nothing(diff: Difference) -> None:
    files = {
        **in_folders(APP),
        **in_terraform(replace(APP, name="one")),
        **in_template(replace(APP, name="two")),
    }
    names = {
        "roles/app/policy.json": "roles/app/p.json",
        "main.tf": "roles.tf",
        "stack.json": "s.json",
    }
    found = diff(files, {names.get(path, path): text for path, text in files.items()})
    assert brief(found) == []
    assert found.unchanged == 6


def test_formatting_changes_nothing(write: Write, diff: Difference) -> None:
    files = write(APP)
    found = diff(files, {path: spaced(text) for path, text in files.items()})
    assert brief(found) == []
    assert found.unchanged == 2


def spaced(text: object) -> str:
    if isinstance(text, str):
        return text.replace("{\n", "{\n\n").replace(" = ", "   =   ").replace(", ", ",  ")
    return json.dumps(text, indent=7)


def test_a_new_role_gains_all_it_may_do(write: Write, diff: Difference) -> None:
    found = diff(write(APP), write(APP, Role((SEND,), "new", "new")))
    assert brief(found) == [
        "role/new (identity) new wider",
        "trust policy of role/new (trust) new wider",
    ]
    assert found.unchanged == 2
    gained = [one.actions for change in found.changes for one in change.comparison.gained]
    assert ("sqs:SendMessage",) in gained


def test_a_role_that_is_gone_loses_all_it_could_do(write: Write, diff: Difference) -> None:
    found = diff(write(APP, Role((SEND,), "old", "old")), write(APP))
    assert brief(found) == [
        "role/old (identity) gone narrower",
        "trust policy of role/old (trust) gone narrower",
    ]
    assert found.unchanged == 2


def test_a_new_role_without_policies_has_a_trust_policy_alone(
    write: Write, diff: Difference
) -> None:
    found = diff(write(APP), write(APP, Role((), "new", "new")))
    assert brief(found) == ["trust policy of role/new (trust) new wider"]


def test_a_role_with_another_name_is_the_same_role(write: Write, diff: Difference) -> None:
    renames = {f"roles/app/{one}.json": f"roles/web/{one}.json" for one in ("policy", "trust")}
    found = diff(write(APP), write(replace(APP, name="web")), renames)
    assert [(c.subject, c.comparison.relation, c.text) for c in found.changes] == [
        ("role/web", Relation.EQUIVALENT, found.changes[0].text),
        ("trust policy of role/web", Relation.EQUIVALENT, found.changes[1].text),
    ]
    assert found.changes[0].text.startswith("was `role/app`")


def test_a_loosened_policy_of_the_organization_widens_the_principals_below(
    write: Write, diff: Difference
) -> None:
    found = diff(write(replace(APP, above=(NO_WRITE,))), write(APP))
    role, level = sorted(found.changes, key=lambda change: change.kind)
    assert (role.subject, role.comparison.relation) == ("role/app", Relation.WIDER)
    assert role.text == "policies of the organization changed"
    assert (level.kind, level.status, level.comparison.relation) == ("scp", "gone", Relation.WIDER)


def test_a_new_policy_of_the_organization_narrows_the_principals_below(
    write: Write, diff: Difference
) -> None:
    found = diff(write(APP), write(replace(APP, above=(NO_WRITE,))))
    assert {change.comparison.relation for change in found.changes} == {Relation.NARROWER}
    assert {change.kind for change in found.changes} == {"scp", "identity"}
