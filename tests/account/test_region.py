"""The region that the ARNs of a policy leave open is that of the resource in the question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from iamlint.account.ask.answer import Ruling
from tests.account.holding_texts import HOME, allow, deny, policy, trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.repository import Repository

    JSON = dict[str, object]
    Open = Callable[..., Repository]

JOBS: Final = f"arn:aws:sqs:eu-west-1:{HOME}:jobs"
OTHERS: Final = f"arn:aws:sqs:eu-west-1:{HOME}:others"
OF_REGION: Final = {"Fn::Sub": "arn:aws:sqs:${AWS::Region}:111122223333:jobs"}
OF_UNKNOWN: Final = {"Fn::Sub": "arn:aws:sqs:${AWS::Region}:111122223333:${Name}"}


def template(*statements: JSON) -> JSON:
    properties = {
        "RoleName": "app",
        "AssumeRolePolicyDocument": trust({"Service": "ec2.amazonaws.com"}),
        "Policies": [{"PolicyName": "p", "PolicyDocument": policy(*statements)}],
    }
    role = {"Type": "AWS::IAM::Role", "Properties": properties}
    return {"Parameters": {"Name": {"Type": "String"}}, "Resources": {"App": role}}


def on(statement: JSON, resource: object) -> JSON:
    return {**statement, "Resource": resource}


def without_resource(statement: JSON, **more: object) -> JSON:
    return {**{name: value for name, value in statement.items() if name != "Resource"}, **more}


@pytest.mark.parametrize(
    ("statements", "jobs", "others"),
    [
        ((on(allow("sqs:*"), OF_REGION),), Ruling.ALLOWED, Ruling.DENIED),
        ((allow("sqs:*"), on(deny("sqs:*"), OF_REGION)), Ruling.DENIED, Ruling.ALLOWED),
        (
            (allow("sqs:*"), without_resource(deny("sqs:*"), NotResource=[OF_REGION])),
            Ruling.ALLOWED,
            Ruling.DENIED,
        ),
        ((on(allow("sqs:*"), [OF_REGION, OF_UNKNOWN]),), Ruling.ALLOWED, Ruling.DEPENDS),
    ],
    ids=["Allow", "Deny", "NotResource", "unknown name"],
)
def test_region_that_a_template_leaves_open_is_that_of_the_question(
    statements: tuple[JSON, ...], jobs: Ruling, others: Ruling, repository: Open
) -> None:
    opened = repository({"t.json": template(*statements)})
    app = opened.subject("role/app")

    answer = opened.account.ask(app, ["sqs:SendMessage"], JOBS)
    assert answer.ruling is jobs
    assert any("is `eu-west-1`" in one for one in answer.assumptions)
    assert opened.account.ask(app, ["sqs:SendMessage"], OTHERS).ruling is others
