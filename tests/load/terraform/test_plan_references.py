"""The instances of references in a plan's configuration, and the resources left in AWS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.config import Config
from iamlint.errors import UsageError
from iamlint.load import LoadOptions, load
from iamlint.load.link import glob_of
from iamlint.load.terraform.plan.instances import steps_of
from iamlint.policy.grammar import Kind
from iamlint.repository import open_repository

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HOME, OTHER = "111122223333", "444455556666"
IAM = f"arn:aws:iam::{HOME}"
INSTANCE = f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-0abc12345678901de"
STOP, START = "ec2:StopInstances", "ec2:StartInstances"
ALLOWED, DENIED, DEPENDS = Ruling.ALLOWED, Ruling.DENIED, Ruling.DEPENDS
ATTACHMENT = "aws_iam_role_policy_attachment"


def text(effect: str, action: str) -> str:
    statement = {"Effect": effect, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


GRANTS = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Principal": "*"}]}
)
TRUST = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": HOME}}]}
)


def change(
    address: str,
    values: Mapping[str, object] | None,
    *later: str,
    actions: tuple[str, ...] = ("create",),
    before: Mapping[str, object] | None = None,
    unknown: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return the change of an instance; the attributes `later` are known after apply."""
    *_, type_, name = (
        address.partition("[")[0].split(".")
        if "module" not in address
        else address.rpartition("].")[2].partition("[")[0].split(".")
    )
    after_unknown = {**dict.fromkeys(later, True), **(unknown or {})}
    return {
        "address": address,
        "type": type_,
        "name": name,
        "mode": "managed",
        "change": {
            "actions": list(actions),
            "before": before,
            "after": values,
            "after_unknown": after_unknown,
        },
    }


def role(address: str, name: str) -> dict[str, object]:
    return change(address, {"name": name, "path": "/", "assume_role_policy": TRUST}, "arn", "id")


def managed(address: str, effect: str, action: str) -> dict[str, object]:
    name = address.replace(".", "-").replace('"', "").replace("[", "-").replace("]", "")
    return change(address, {"name": name, "path": "/", "policy": text(effect, action)}, "arn", "id")


def full(name: str) -> dict[str, object]:
    values: Mapping[str, object] = {"name": "full", "role": name, "policy": text("Allow", "*")}
    return change(f"aws_iam_role_policy.full_{name}", values, "id")


def block(address: str, **expressions: list[str]) -> dict[str, object]:
    return {
        "address": address,
        "type": address.split(".", maxsplit=1)[0],
        "mode": "managed",
        "expressions": {name: {"references": list_} for name, list_ in expressions.items()},
    }


def plan(
    changes: Sequence[Mapping[str, object]],
    *blocks: Mapping[str, object],
    providers: Mapping[str, object] | None = None,
    **root: Any,
) -> dict[str, object]:
    configuration = {"root_module": {"resources": list(blocks), **root}}
    return {
        "format_version": "1.2",
        "resource_changes": changes,
        "configuration": {**configuration, "provider_config": providers or {}},
    }


def ask(folder: Path, content: object, who: str, action: str, on: str = INSTANCE) -> Ruling:
    (folder / "plan.json").write_text(json.dumps(content))
    opened = open_repository(Config(root=folder, here=folder, account=HOME))
    return opened.account.ask(opened.subject(who), [action], on).ruling


R, P, Q = "aws_iam_role.r", "aws_iam_policy.p", "aws_iam_policy.q"
WORLD = [role(R, "app"), full("app"), managed(P, "Deny", STOP), managed(Q, "Allow", "sqs:*")]
ATTACHED = change(f"{ATTACHMENT}.x", {"role": "app"}, "policy_arn")


@pytest.mark.parametrize(
    ("references", "ruling"),
    [
        ([f"{P}.arn", P], DENIED),
        ([P], DENIED),
        ([f"{Q}.arn", Q], ALLOWED),
        (["var.prefix", f"{P}.arn", P], DENIED),
        (["var.on", f"{P}.arn", P, f"{Q}.arn", Q], DEPENDS),
        ([f"{P}.arn", P, f"{Q}.arn", Q], DEPENDS),
        (["local.arn"], DEPENDS),
        (["local.on", f"{P}.arn", P], DEPENDS),
        (["data.terraform_remote_state.s.outputs.arn", "data.terraform_remote_state.s"], DEPENDS),
        (["each.value"], DEPENDS),
        ([], DEPENDS),
    ],
)
def test_reference_to_one_policy_is_that_policy_and_to_several_depends(
    references: list[str], ruling: Ruling, tmp_path: Path
) -> None:
    content = plan([*WORLD, ATTACHED], block(f"{ATTACHMENT}.x", policy_arn=references))

    assert ask(tmp_path, content, "role/app", STOP) is ruling


def test_two_policies_of_which_one_is_attached_leave_open_what_they_say_alone(
    tmp_path: Path,
) -> None:
    references = ["var.on", f"{P}.arn", P, f"{Q}.arn", Q]
    content = plan([*WORLD, ATTACHED], block(f"{ATTACHMENT}.x", policy_arn=references))

    assert ask(tmp_path, content, "role/app", START) is ALLOWED


@pytest.mark.parametrize(
    ("references", "rulings"),
    [
        (["aws_iam_policy.p", "each.key"], (DENIED, ALLOWED)),
        (
            ['aws_iam_policy.p["a"].arn', 'aws_iam_policy.p["a"]', "aws_iam_policy.p"],
            (DENIED, DENIED),
        ),
        (
            ['aws_iam_policy.p["b"].arn', 'aws_iam_policy.p["b"]', "aws_iam_policy.p"],
            (ALLOWED, ALLOWED),
        ),
        (["aws_iam_policy.p", "each.value.policy", "each.value"], (DEPENDS, DEPENDS)),
        (["aws_iam_policy.p", "local.of", "each.key"], (DEPENDS, DEPENDS)),
        (["aws_iam_policy.p"], (DEPENDS, DEPENDS)),
    ],
)
def test_instances_meet_by_their_key(
    references: list[str], rulings: tuple[Ruling, Ruling], tmp_path: Path
) -> None:
    changes = [
        *(role(f'{R}["{key}"]', f"app-{key}") for key in "ab"),
        *(full(f"app-{key}") for key in "ab"),
        managed(f'{P}["a"]', "Deny", STOP),
        managed(f'{P}["b"]', "Allow", "sqs:*"),
        *(change(f'{ATTACHMENT}.x["{key}"]', {"role": f"app-{key}"}, "policy_arn") for key in "ab"),
    ]
    content = plan(changes, block(f"{ATTACHMENT}.x", policy_arn=references))

    found = tuple(ask(tmp_path, content, f"role/app-{key}", STOP) for key in "ab")

    assert found == rulings


@pytest.mark.parametrize(
    ("for_each", "of_role"),
    [({"constant_value": ["a", "b"]}, []), ({"references": ["local.jobs"]}, ["each.value"])],
)
def test_value_of_a_set_is_its_key(
    for_each: Mapping[str, object], of_role: list[str], tmp_path: Path
) -> None:
    changes = [
        *(role(f'{R}["{key}"]', key) for key in "ab"),
        *(full(key) for key in "ab"),
        managed(f'{P}["a"]', "Deny", STOP),
        managed(f'{P}["b"]', "Allow", "sqs:*"),
        *(change(f'{ATTACHMENT}.x["{key}"]', {"role": key}, "policy_arn") for key in "ab"),
    ]
    attached = block(f"{ATTACHMENT}.x", policy_arn=[P, "each.value"], role=of_role)
    content = plan(changes, {**attached, "for_each_expression": for_each})

    assert [ask(tmp_path, content, f"role/{key}", STOP) for key in "ab"] == [DENIED, ALLOWED]


def test_planned_values_leave_out_what_is_known_after_apply(tmp_path: Path) -> None:
    shown = [
        {"address": one["address"], "type": one["type"], "values": one["change"]["after"]}  # type: ignore[index]
        for one in [*WORLD, ATTACHED]
    ]
    content = plan([], block(f"{ATTACHMENT}.x", policy_arn=[f"{P}.arn", P]))
    del content["resource_changes"]
    content["planned_values"] = {"root_module": {"resources": shown}}

    assert ask(tmp_path, content, "role/app", STOP) is DENIED


def test_instances_meet_by_their_number(tmp_path: Path) -> None:
    changes = [
        role(R, "app"),
        full("app"),
        managed(f"{P}[0]", "Allow", "sqs:*"),
        managed(f"{P}[1]", "Deny", STOP),
        change(f"{ATTACHMENT}.x[0]", {"role": "other"}, "policy_arn"),
        change(f"{ATTACHMENT}.x[1]", {"role": "app"}, "policy_arn"),
    ]
    content = plan(changes, block(f"{ATTACHMENT}.x", policy_arn=[P, "count.index"]))

    assert ask(tmp_path, content, "role/app", STOP) is DENIED


def test_resource_chained_by_for_each_is_of_the_same_key(tmp_path: Path) -> None:
    changes = [
        role(R, "app"),
        full("app"),
        managed(f'{P}["a"]', "Deny", STOP),
        managed(f'{P}["b"]', "Allow", "sqs:*"),
        change(f'{ATTACHMENT}.x["a"]', {"role": "app"}, "policy_arn"),
        change(f'{ATTACHMENT}.x["b"]', {"role": "other"}, "policy_arn"),
    ]
    chained = block(f"{ATTACHMENT}.x", policy_arn=["each.value.arn", "each.value"])
    chained["for_each_expression"] = {"references": [P]}

    assert ask(tmp_path, plan(changes, chained), "role/app", STOP) is DENIED


@pytest.mark.parametrize(
    ("references", "unknown", "ruling"),
    [
        ([f"{P}.arn", P, f"{Q}.arn", Q], [True, True], DENIED),
        ([f"{P}.arn", P, f"{Q}.arn", Q], True, DENIED),
        ([f"{Q}.arn", Q], [True], ALLOWED),
        (["var.on", "local.arns", f"{P}.arn", P], True, DEPENDS),
    ],
)
def test_list_of_references_is_all_of_them(
    references: list[str], unknown: object, ruling: Ruling, tmp_path: Path
) -> None:
    items = [None] * len(unknown) if isinstance(unknown, list) else None
    values = {"role_name": "app"} | ({"policy_arns": items} if items else {})
    type_ = f"{ATTACHMENT}s_exclusive"
    attached = change(f"{type_}.x", values, unknown={"policy_arns": unknown})
    content = plan([*WORLD, attached], block(f"{type_}.x", policy_arns=references))

    assert ask(tmp_path, content, "role/app", STOP) is ruling


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ([f"{P}.arn", P], ["var.arn"]),
        ([P], ["var.arn.arn", "var.arn"]),
        (["aws_iam_policy.p", "each.key"], ["var.arn"]),
        (["each.value.arn", "each.value"], ["var.arn"]),
    ],
)
def test_variable_of_a_module_is_what_its_caller_gives(
    given: list[str], used: list[str], tmp_path: Path
) -> None:
    by_key = "each" in str(given)
    keys = ('["a"]', '["b"]') if by_key else ("",)
    changes = [role(R, "app"), full("app")]
    for key in keys:
        is_asked = key in ("", '["a"]')
        changes.append(managed(f"{P}{key}", *(("Deny", STOP) if is_asked else ("Allow", "sqs:*"))))
        attached = change(f"{ATTACHMENT}.x", {"role": "app" if is_asked else "other"}, "policy_arn")
        attached["address"] = f"module.m{key}.{ATTACHMENT}.x"
        changes.append(attached)
    call = {
        "expressions": {"arn": {"references": given}},
        "for_each_expression": {"references": [P]},
        "module": {"resources": [block(f"{ATTACHMENT}.x", policy_arn=used)]},
    }

    content = plan(changes, module_calls={"m": call})

    assert ask(tmp_path, content, "role/app", STOP) is DENIED


@pytest.mark.parametrize(
    ("references", "ruling"),
    [
        (['module.m["a"].arn', 'module.m["a"]', "module.m"], DENIED),
        (['module.m["b"].arn', 'module.m["b"]', "module.m"], ALLOWED),
        (["module.m", "each.key"], DENIED),
        (["module.m"], DEPENDS),
    ],
)
def test_output_of_a_module_is_what_it_is_in_the_instance(
    references: list[str], ruling: Ruling, tmp_path: Path
) -> None:
    changes = [
        role(R, "app"),
        full("app"),
        change(f'{ATTACHMENT}.x["a"]', {"role": "app"}, "policy_arn"),
    ]
    for key, said in (("a", ("Deny", STOP)), ("b", ("Allow", "sqs:*"))):
        made = managed(P, *said)
        made["address"] = f'module.m["{key}"].{P}'
        made["change"]["after"]["name"] = key  # type: ignore[index]
        changes.append(made)
    outputs = {"arn": {"expression": {"references": [f"{P}.arn", P]}}}
    call = {"module": {"resources": [block(P)], "outputs": outputs}}

    content = plan(
        changes, block(f"{ATTACHMENT}.x", policy_arn=references), module_calls={"m": call}
    )

    assert ask(tmp_path, content, "role/app", STOP) is ruling


@pytest.mark.parametrize(
    ("actions", "after", "ruling"),
    [
        (("no-op",), "app", DENIED),
        (("delete",), None, ALLOWED),
        (("forget",), None, DENIED),
        (("delete", "create"), "other", ALLOWED),
        (("delete", "create"), "app", DENIED),
        (("create", "forget"), "other", DENIED),
    ],
)
def test_what_is_deleted_is_gone_and_what_is_forgotten_stays(
    actions: tuple[str, ...], after: str | None, ruling: Ruling, tmp_path: Path
) -> None:
    arn = f"{IAM}:policy/p"
    before: Mapping[str, object] = {"role": "app", "policy_arn": arn}
    values = None if after is None else {"role": after, "policy_arn": arn}
    described = change(P, {"name": "p", "path": "/", "policy": text("Deny", STOP), "arn": arn})
    attached = change(f"{ATTACHMENT}.x", values, actions=actions, before=before)

    content = plan([role(R, "app"), full("app"), described, attached])

    assert ask(tmp_path, content, "role/app", STOP) is ruling


@pytest.mark.parametrize(
    ("other", "ruling"),
    [
        ({"region": {"constant_value": "us-east-1"}}, DENIED),
        ({"profile": {"constant_value": "else"}}, DEPENDS),
        (
            {"assume_role": [{"role_arn": {"constant_value": f"arn:aws:iam::{OTHER}:role/x"}}]},
            ALLOWED,
        ),
        (
            {"assume_role": [{"role_arn": {"constant_value": f"{IAM}:role/x"}}]},
            DENIED,
        ),
        ({"allowed_account_ids": {"constant_value": [OTHER]}}, ALLOWED),
    ],
)
def test_provider_with_other_credentials_is_of_another_account(
    other: Mapping[str, object], ruling: Ruling, tmp_path: Path
) -> None:
    denies = change(
        "aws_iam_role_policy.x", {"name": "x", "role": "app", "policy": text("Deny", STOP)}
    )
    providers = {
        "aws": {"name": "aws", "expressions": {}},
        "aws.b": {"name": "aws", "alias": "b", "expressions": other},
    }
    of_other = {**block("aws_iam_role_policy.x"), "provider_config_key": "aws.b"}
    of_own = [
        {**block(address), "provider_config_key": "aws"}
        for address in (R, "aws_iam_role_policy.full_app")
    ]

    content = plan([role(R, "app"), full("app"), denies], of_other, *of_own, providers=providers)

    assert ask(tmp_path, content, "role/app", STOP) is ruling


def test_providers_of_a_state_are_of_the_accounts_in_their_arns(tmp_path: Path) -> None:
    def resource(type_: str, alias: str, **attributes: object) -> object:
        provider = f'provider["registry.terraform.io/hashicorp/aws"]{alias}'
        return {
            "mode": "managed",
            "type": type_,
            "name": f"x{alias[1:]}",
            "provider": provider,
            "instances": [{"attributes": attributes}],
        }

    state = {
        "version": 4,
        "lineage": "0",
        "resources": [
            resource("aws_iam_role", "", name="app", arn=f"{IAM}:role/app"),
            resource("aws_iam_role", ".b", name="app", arn=f"arn:aws:iam::{OTHER}:role/app"),
            resource("aws_iam_role_policy", "", role="app", policy=text("Allow", STOP)),
            resource("aws_iam_role_policy", ".b", role="app", policy=text("Allow", START)),
        ],
    }
    there = f"arn:aws:iam::{OTHER}:role/app"

    assert ask(tmp_path, state, "role/app", STOP) is ALLOWED
    assert ask(tmp_path, state, "role/app", START) is DENIED
    assert ask(tmp_path, state, there, START, "*") is ALLOWED
    assert ask(tmp_path, state, there, STOP, "*") is DENIED


def test_region_of_a_provider_is_the_one_of_its_arns(tmp_path: Path) -> None:
    said = json.loads(text("Deny", "ecr:BatchGetImage"))
    said["Statement"][0]["Principal"] = "*"
    values = {"repository": "image", "policy": json.dumps(said)}
    denies = change("aws_ecr_repository_policy.i", values)
    topic = change("aws_sns_topic.t", {"name": "t", "arn": f"arn:aws:sns:eu-west-1:{HOME}:t"})
    content = plan([role(R, "app"), full("app"), denies, topic])

    def answer(region: str) -> Ruling:
        arn = f"arn:aws:ecr:{region}:{HOME}:repository/image"
        return ask(tmp_path, content, "role/app", "ecr:BatchGetImage", arn)

    assert (answer("eu-west-1"), answer("us-east-1")) == (DENIED, ALLOWED)


@pytest.mark.parametrize(
    ("values", "said", "begins"),
    [({"name_prefix": "ci-"}, ["name_prefix"], "ci-"), ({}, [], "terraform-"), ({}, ["name"], "")],
)
def test_name_that_is_made_up_begins_as_the_provider_says(
    values: Mapping[str, object], said: list[str], begins: str, tmp_path: Path
) -> None:
    made = change(R, {"path": "/", "assume_role_policy": TRUST, **values}, "name", "arn", "id")
    blocks = block(R, **{name: ["random_pet.x.id"] for name in said})
    (tmp_path / "plan.json").write_text(json.dumps(plan([made], blocks)))

    (node,) = load([tmp_path], LoadOptions()).nodes

    assert glob_of(node.ref.name) == f"{begins}*"


def test_document_known_after_apply_is_the_policy_of_who_takes_it(tmp_path: Path) -> None:
    document = change(
        "aws_iam_policy_document.d",
        {
            "statement": [
                {"effect": "Deny", "actions": [STOP], "resources": ["*"]},
                {"effect": "Deny", "actions": ["s3:GetObject"], "resources": [None]},
            ]
        },
        "json",
        unknown={"statement": [{"resources": [False]}, {"resources": [True]}]},
    )
    document |= {"address": "data.aws_iam_policy_document.d", "mode": "data"}
    inline = change("aws_iam_role_policy.x", {"name": "x", "role": "app"}, "policy")
    json_ = ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]

    content = plan(
        [role(R, "app"), full("app"), document, inline],
        block("aws_iam_role_policy.x", policy=json_),
    )

    assert ask(tmp_path, content, "role/app", STOP) is DENIED
    assert ask(tmp_path, content, "role/app", START) is ALLOWED
    assert ask(tmp_path, content, "role/app", "s3:GetObject", "arn:aws:s3:::b/k") is DEPENDS


def test_what_the_provider_alone_says_of_a_new_role_is_no_link(tmp_path: Path) -> None:
    later = ("arn", "id", "managed_policy_arns", "inline_policy")
    made = change(R, {"name": "app", "path": "/", "assume_role_policy": TRUST}, *later)
    bucket = change("aws_s3_bucket.b", {"bucket": "depot"}, "arn", "id", "policy")
    changes = [made, full("app"), bucket]
    of_aws = plan(changes, block(R, name=[]), block("aws_s3_bucket.b", bucket=[]))
    said = plan(changes, block(R, managed_policy_arns=["local.arns"]), block("aws_s3_bucket.b"))

    assert ask(tmp_path, of_aws, "role/app", STOP) is ALLOWED
    assert ask(tmp_path, of_aws, "role/app", "s3:ListBucket", "arn:aws:s3:::depot") is ALLOWED
    assert ask(tmp_path, said, "role/app", STOP) is DEPENDS


def test_blocks_whose_number_is_known_after_apply_may_hold_any_policy(tmp_path: Path) -> None:
    later = ("arn", "id", "inline_policy")
    made = change(R, {"name": "app", "path": "/", "assume_role_policy": TRUST}, *later)
    content = plan([made, full("app")], block(R, inline_policy=["local.policies"]))

    assert ask(tmp_path, content, "role/app", STOP) is DEPENDS


def test_what_is_read_back_of_a_role_is_gone_with_what_the_plan_deletes(tmp_path: Path) -> None:
    arn = f"{IAM}:policy/p"
    values = {
        "name": "app",
        "path": "/",
        "assume_role_policy": TRUST,
        "managed_policy_arns": [arn],
        "inline_policy": [{"name": "x", "policy": text("Deny", START)}],
    }
    described = change(P, {"name": "p", "path": "/", "policy": text("Deny", STOP), "arn": arn})
    attached = change(
        f"{ATTACHMENT}.x", None, actions=("delete",), before={"role": "app", "policy_arn": arn}
    )
    inline = change(
        "aws_iam_role_policy.x", None, actions=("delete",), before={"role": "app", "name": "x"}
    )
    changes = [change(R, values, actions=("no-op",)), full("app"), described]
    blocks = [block(R, name=[])]

    before, after = plan(changes, *blocks), plan([*changes, attached, inline], *blocks)

    assert [ask(tmp_path, before, "role/app", one) for one in (STOP, START)] == [DENIED, DENIED]
    assert [ask(tmp_path, after, "role/app", one) for one in (STOP, START)] == [ALLOWED, ALLOWED]


def test_policy_that_is_read_back_is_that_of_the_resource_that_sets_it(tmp_path: Path) -> None:
    old = json.loads(text("Deny", "s3:ListBucket"))
    old["Statement"][0]["Principal"] = "*"
    new = json.loads(text("Allow", "s3:ListBucket"))
    new["Statement"][0]["Principal"] = {"AWS": f"{IAM}:role/app"}
    bucket = {"bucket": "depot", "arn": "arn:aws:s3:::depot", "policy": json.dumps(old)}
    changes = [
        role(R, "app"),
        change("aws_s3_bucket.b", bucket, actions=("no-op",)),
        change("aws_s3_bucket_policy.b", {"bucket": "depot", "policy": json.dumps(new)}),
    ]

    found = ask(tmp_path, plan(changes), "role/app", "s3:ListBucket", "arn:aws:s3:::depot")

    assert found is ALLOWED


STATE = {
    "version": 4,
    "lineage": "0",
    "resources": [
        {"mode": "managed", "type": type_, "name": name, "instances": [{"attributes": attributes}]}
        for type_, name, attributes in (
            (
                "aws_iam_role",
                "r",
                {"name": "app", "arn": f"{IAM}:role/app", "assume_role_policy": TRUST},
            ),
            (
                "aws_iam_policy",
                "p",
                {"name": "p", "arn": f"{IAM}:policy/p", "policy": text("Deny", STOP)},
            ),
            (ATTACHMENT, "x", {"role": "app", "policy_arn": f"{IAM}:policy/p"}),
            ("aws_iam_role_policy", "full", {"role": "app", "policy": text("Allow", "*")}),
        )
    ],
}
MODULE = """
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({
    Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = var.a, Resource = "*" }]
  })
}
variable "a" {}
"""


def test_one_account_of_all_arns_is_that_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "terraform.tfstate").write_text(json.dumps(STATE))
    opened = open_repository(Config(root=tmp_path, here=tmp_path))

    answer = opened.account.ask(opened.subject("role/app"), [STOP], INSTANCE)

    assert (opened.account.accounts.account, answer.ruling) == (HOME, DENIED)


def _beside_module(folder: Path, state: object) -> Ruling:
    (folder / "main.tf").write_text(MODULE)
    (folder / "terraform.tfstate").write_text(json.dumps(state))
    opened = open_repository(Config(root=folder, here=folder, account=HOME))
    return opened.account.ask(opened.subject("role/app"), [STOP], INSTANCE).ruling


def test_state_beside_its_module_may_say_what_that_leaves_open(tmp_path: Path) -> None:
    assert _beside_module(tmp_path, STATE) is DEPENDS


def test_state_beside_a_module_that_says_something_else_is_an_error(tmp_path: Path) -> None:
    other = json.loads(json.dumps(STATE).replace("Deny", "Allow"))

    with pytest.raises(UsageError, match="has two documents"):
        _beside_module(tmp_path, other)


@pytest.mark.parametrize("takes", [["aws_iam_user.u.arn", "aws_iam_user.u"], ["local.trust"]])
def test_trust_policy_known_after_apply_may_let_anyone_in(takes: list[str], tmp_path: Path) -> None:
    made = change(R, {"name": "app", "path": "/"}, "assume_role_policy", "arn", "id")
    user = change("aws_iam_user.u", {"name": "kim", "path": "/"}, "arn", "id")
    everything = {"name": "x", "user": "kim", "policy": text("Allow", "*")}
    changes = [made, user, change("aws_iam_user_policy.x", everything)]
    content = plan(changes, block(R, assume_role_policy=takes))

    assert ask(tmp_path, content, "user/kim", "sts:AssumeRole", f"{IAM}:role/app") is DEPENDS


def test_reference_that_leads_to_ever_more_is_not_known(tmp_path: Path) -> None:
    depth = 30
    path = ".".join(["module.m"] * depth)
    twice = {"references": ["var.v", "var.w", "var.v", "var.w"]}
    inside: dict[str, Any] = {"resources": [block(f"{ATTACHMENT}.x", policy_arn=["var.v"])]}
    for _ in range(depth):
        inside = {
            "module_calls": {"m": {"expressions": {"v": twice, "w": twice}, "module": inside}}
        }
    attached = {**ATTACHED, "address": f"{path}.{ATTACHMENT}.x"}

    content = plan([*WORLD, attached], **inside)

    assert ask(tmp_path, content, "role/app", STOP) is DEPENDS
    assert ask(tmp_path, content, "role/app", START) is DEPENDS


@pytest.mark.parametrize("holds", [False, True])
def test_policy_that_only_limits_is_a_boundary_in_a_plan(tmp_path: Path, *, holds: bool) -> None:
    values = {"name": "app", "path": "/", "assume_role_policy": TRUST}
    bound = change(R, values, "permissions_boundary", "arn", "id")
    held = [change(f"{ATTACHMENT}.x", {"role": "else"}, "policy_arn")] if holds else []
    blocks = [
        block(R, permissions_boundary=[f"{P}.arn", P]),
        block(f"{ATTACHMENT}.x", policy_arn=[f"{P}.arn", P]),
    ]
    content = plan([bound, managed(P, "Allow", "*"), *held], *blocks)
    (tmp_path / "plan.json").write_text(json.dumps(content))

    found = load([tmp_path], LoadOptions()).documents

    assert {d.kind for d in found if d.attachment.policy_arn} == {
        Kind.IDENTITY if holds else Kind.BOUNDARY
    }


def test_reference_goes_on_through_attributes_of_other_resources(tmp_path: Path) -> None:
    parameter = "aws_ssm_parameter.arn"
    through = change(parameter, {"name": "arn"}, "value", "arn")
    content = plan(
        [*WORLD, ATTACHED, through],
        block(f"{ATTACHMENT}.x", policy_arn=[f"{parameter}.value", parameter]),
        block(parameter, value=[f"{P}.arn", P]),
    )

    assert ask(tmp_path, content, "role/app", STOP) is DENIED


def test_attribute_that_only_aws_makes_is_any_policy(tmp_path: Path) -> None:
    parameter = "aws_ssm_parameter.arn"
    content = plan(
        [*WORLD, ATTACHED, change(parameter, {"name": "arn"}, "value")],
        block(f"{ATTACHMENT}.x", policy_arn=[f"{parameter}.value", parameter]),
        block(parameter),
    )

    assert ask(tmp_path, content, "role/app", STOP) is DEPENDS


def test_policy_that_a_data_source_finds_by_its_name_is_that_of_the_name(tmp_path: Path) -> None:
    found = change("data.aws_iam_policy.p", {"name": "elsewhere"}, "arn")
    found |= {"type": "aws_iam_policy", "name": "p", "mode": "data"}
    source = "data.aws_iam_policy.p"
    content = plan(
        [*WORLD, ATTACHED, found],
        block(f"{ATTACHMENT}.x", policy_arn=[f"{source}.arn", source]),
    )
    (tmp_path / "plan.json").write_text(json.dumps(content))
    links = load(["plan.json"], LoadOptions(here=tmp_path, root=tmp_path)).links

    assert [(str(link.holder), link.target.name) for link in links] == [("role/app", "elsewhere")]


@pytest.mark.parametrize(("count", "ruling"), [(2, ALLOWED), (65, DEPENDS)])
def test_references_to_more_instances_than_are_looked_at_are_not_known(
    count: int, ruling: Ruling, tmp_path: Path
) -> None:
    several = [managed(f"{P}[{number}]", "Deny", STOP) for number in range(count)]
    exclusive = "aws_iam_role_policy_attachments_exclusive.x"
    content = plan(
        [
            *(role(R, "app"), full("app"), *several),
            change(exclusive, {"role_name": "app"}, "policy_arns"),
        ],
        block(exclusive, policy_arns=[P]),
    )

    assert ask(tmp_path, content, "role/app", START) is ruling


@pytest.mark.parametrize(
    ("expression", "region"),
    [
        ({"constant_value": "eu-west-1"}, "eu-west-1"),
        ({"references": ["var.region"]}, "us-east-1"),
        ({"references": ["local.region"]}, "*"),
    ],
)
def test_region_of_an_arn_is_that_of_the_provider(
    expression: Mapping[str, object], region: str, tmp_path: Path
) -> None:
    values: Mapping[str, object] = {"name": "jobs", "policy": GRANTS}
    content = plan(
        [change("aws_sqs_queue.q", values, "arn", "id", "url")],
        {**block("aws_sqs_queue.q", policy=["var.x"]), "provider_config_key": "aws"},
        providers={"aws": {"name": "aws", "expressions": {"region": expression}}},
    )
    content["variables"] = {"region": {"value": "us-east-1"}}
    (tmp_path / "plan.json").write_text(json.dumps(content))
    (document,) = load(["plan.json"], LoadOptions(here=tmp_path, root=tmp_path)).documents

    assert document.attachment.arn is not None
    assert glob_of(document.attachment.arn) == f"arn:*:sqs:{region}:*:jobs"


@pytest.mark.parametrize(
    ("address", "steps"),
    [
        ("aws_iam_role.r", [("aws_iam_role", None), ("r", None)]),
        ('module.m["a.b"].x[0]', [("module", None), ("m", "a.b"), ("x", 0)]),
        (r'm["\u00e9\""]', [("m", 'é"')]),
        (r'm["\q"]', [("m", r"\q")]),
        ("a + b", []),
    ],
)
def test_address_has_a_name_and_a_key_at_each_step(address: str, steps: list[object]) -> None:
    assert steps_of(address) == steps
