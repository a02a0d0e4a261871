"""Answers about patterns of real modules: their folders, names, and omitted arguments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.config import read
from iamlint.load import LoadOptions, load
from iamlint.repository import open_repository
from tests.account.holding_texts import HOME, allow, policy, trust

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from iamlint.repository import Repository

    Open = Callable[..., Repository]

ALLOWED, DENIED, DEPENDS = Ruling.ALLOWED, Ruling.DENIED, Ruling.DEPENDS
GET, OBJECT = "s3:GetObject", "arn:aws:s3:::depot/key"
ROLE = f"arn:aws:iam::{HOME}:role/app"


def rule(opened: Repository, who: str, action: str = GET, on: str | None = OBJECT) -> Ruling:
    return opened.account.ask(opened.subject(who), [action], on).ruling


def encoded(*statements: Mapping[str, object]) -> str:
    return f"jsonencode({json.dumps(policy(*statements))})"


def person(user: str) -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{HOME}:user/{user}"}


def trusting(user: str) -> str:
    return f"jsonencode({json.dumps(trust(person(user)))})"


MODULE = f"""
variable "boundary" {{ default = "" }}
resource "aws_iam_role" "app" {{
  name                 = "app"
  assume_role_policy   = {trusting("u")}
  permissions_boundary = var.boundary
}}
resource "aws_iam_role_policy" "app" {{
  role   = aws_iam_role.app.name
  policy = {encoded(allow("s3:*"))}
}}
"""
PLAIN = MODULE.replace("var.boundary", "null")
USERS = """
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_user" "v" { name = "v" }
"""
GUARD = f"""
resource "aws_iam_policy" "guard" {{
  name   = "guard"
  policy = {encoded(allow("ec2:*"))}
}}
"""


def asked_in(top: Path, folder: str, files: dict[str, str]) -> Repository:
    """Return the repository of a folder of `top` that has a configuration of its own."""
    (top / ".git").mkdir()
    for name, text in {**files, f"{folder}/iamlint.toml": f'account = "{HOME}"\n'}.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return open_repository(read(top / folder / "iamlint.toml"))


@pytest.mark.parametrize(
    ("boundary", "ruling"), [("", ALLOWED), ("boundary = aws_iam_policy.guard.arn", DENIED)]
)
def test_a_module_that_lies_elsewhere_is_read_where_a_root_module_calls_it(
    tmp_path: Path, boundary: str, ruling: Ruling
) -> None:
    call = f'module "app" {{\n  source = "../../modules/app"\n  {boundary}\n}}\n{GUARD}'
    other = 'module "app" {\n  source = "../../modules/app"\n}\n'
    files = {"modules/app/main.tf": MODULE, "live/prod/main.tf": call, "live/test/main.tf": other}
    opened = asked_in(tmp_path, "live/prod", files)
    assert [h.title for h in opened.account.accounts.identities.values()] == ["role/app"]
    assert opened.subject("role/app").assumed == ()
    assert rule(opened, "role/app") is ruling


CHILD = json.dumps(
    {
        "Parameters": {"Boundary": {"Type": "String"}},
        "Resources": {
            "App": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": "app",
                    "AssumeRolePolicyDocument": policy(),
                    "PermissionsBoundary": {"Ref": "Boundary"},
                    "Policies": [{"PolicyName": "p", "PolicyDocument": policy(allow("s3:*"))}],
                },
            }
        },
    }
)


@pytest.mark.parametrize(
    ("boundary", "ruling"), [("AmazonS3FullAccess", ALLOWED), ("AmazonEC2FullAccess", DENIED)]
)
def test_a_template_that_lies_elsewhere_is_read_where_a_stack_nests_it(
    tmp_path: Path, boundary: str, ruling: Ruling
) -> None:
    parameters = {"Boundary": f"arn:aws:iam::aws:policy/{boundary}"}
    properties = {"TemplateURL": "../parts/child.json", "Parameters": parameters}
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
    files = {
        "parts/child.json": CHILD,
        "stacks/main.json": json.dumps({"Resources": {"Child": stack}}),
    }
    opened = asked_in(tmp_path, "stacks", files)
    assert rule(opened, "role/app") is ruling


def test_a_check_reports_nothing_of_a_module_that_lies_elsewhere(tmp_path: Path) -> None:
    files = {
        "modules/app/main.tf": MODULE,
        "live/main.tf": 'module "a" { source = "../modules/app" }',
    }
    asked_in(tmp_path, "live", files)
    found = load([tmp_path / "live"], LoadOptions(root=tmp_path / "live", here=tmp_path))
    assert (found.documents, found.nodes, found.links) == ((), (), ())


@pytest.mark.parametrize("nothing", ['""', "null", 'var.none ? "" : null'])
def test_an_empty_boundary_is_none(repository: Open, nothing: str) -> None:
    module = MODULE.replace("var.boundary", nothing)
    assert rule(repository({"main.tf": module + 'variable "none" {}'}), "role/app") is ALLOWED


def test_no_policy_of_a_resource_has_a_say_where_an_action_has_no_resource(
    repository: Open,
) -> None:
    bucket = """
variable "bucket" {}
variable "text" {}
resource "aws_s3_bucket_policy" "b" {
  bucket = var.bucket
  policy = var.text
}
"""
    role = PLAIN.replace('"s3:*"', '["support:*", "s3:*"]')
    opened = repository({"main.tf": role + bucket})
    assert rule(opened, "role/app", "support:CreateCase", None) is ALLOWED
    assert rule(opened, "role/app") is DEPENDS


# Trust policies that conditions choose.


def trusted(user: str, *, condition: str, name: str = '"app"') -> str:
    label = "a" if condition.startswith("v") else "b"
    return f"""
resource "aws_iam_role" "{label}" {{
  count              = {condition} ? 1 : 0
  name               = {name}
  assume_role_policy = {trusting(user)}
}}
"""


VARIABLE = 'variable "x" { type = bool }\nvariable "n" { type = string }\n'
BOTH = [("u", DEPENDS), ("v", DEPENDS)]
CHOSEN = {
    "one of two texts": (
        f"""
resource "aws_iam_role" "app" {{
  name               = "app"
  assume_role_policy = var.x ? {trusting("u")} : {trusting("v")}
}}
""",
        BOTH,
    ),
    "one of two roles": (
        trusted("u", condition="var.x") + trusted("v", condition="!var.x"),
        BOTH,
    ),
    "a statement more": (
        f"""
data "aws_iam_policy_document" "t" {{
  statement {{
    actions = ["sts:AssumeRole"]
    principals {{
      type        = "AWS"
      identifiers = ["arn:aws:iam::{HOME}:user/u"]
    }}
  }}
  dynamic "statement" {{
    for_each = var.x ? [1] : []
    content {{
      actions = ["sts:AssumeRole"]
      principals {{
        type        = "AWS"
        identifiers = ["arn:aws:iam::{HOME}:user/v"]
      }}
    }}
  }}
}}
resource "aws_iam_role" "app" {{
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.t.json
}}
resource "aws_iam_role" "other" {{
  name               = "other"
  assume_role_policy = data.aws_iam_policy_document.t.json
}}
""",
        [("u", ALLOWED), ("v", DEPENDS)],
    ),
    "a role that may not be there": (
        trusted("u", condition="var.x"),
        [("u", ALLOWED), ("v", DENIED)],
    ),
    "a name that depends": (
        trusted("u", condition="var.x", name='var.n != null ? var.n : "app"'),
        [("u", ALLOWED), ("v", DENIED)],
    ),
}


@pytest.mark.parametrize("way", CHOSEN)
def test_of_trust_policies_that_conditions_choose_each_may_count(
    repository: Open, way: str
) -> None:
    module, expected = CHOSEN[way]
    opened = repository({"main.tf": VARIABLE + module + USERS})
    found = [(user, rule(opened, f"user/{user}", "sts:AssumeRole", ROLE)) for user, _ in expected]
    assert found == expected


def test_a_template_chooses_a_trust_policy_alike(repository: Open) -> None:
    chosen = {"Fn::If": ["IsOpen", trust(person("u")), trust(person("v"))]}
    properties = {"RoleName": "app", "AssumeRolePolicyDocument": chosen}
    template = {
        "Parameters": {"Open": {"Type": "String"}},
        "Conditions": {"IsOpen": {"Fn::Equals": [{"Ref": "Open"}, "yes"]}},
        "Resources": {
            "App": {"Type": "AWS::IAM::Role", "Properties": properties},
            "U": {"Type": "AWS::IAM::User", "Properties": {"UserName": "u"}},
            "V": {"Type": "AWS::IAM::User", "Properties": {"UserName": "v"}},
        },
    }
    opened = repository({"template.json": template})
    for user in "uv":
        answer = opened.account.ask(opened.subject(f"user/{user}"), ["sts:AssumeRole"], ROLE)
        assert (answer.ruling, [i.name for i in answer.inputs]) == (DEPENDS, ["parameter Open"])


# Names that conditions choose.


def test_a_role_has_each_name_that_conditions_choose(repository: Open) -> None:
    module = PLAIN.replace('name                 = "app"', 'name = var.n != null ? var.n : "app"')
    opened = repository({"main.tf": VARIABLE + module + GUARD})
    titles = [h.title for h in opened.account.accounts.identities.values()]
    assert titles == ["role/app", "role/${var.n}"]
    assert rule(opened, "role/app") is ALLOWED


def test_a_boundary_limits_a_role_by_each_of_its_names(repository: Open) -> None:
    module = MODULE.replace('name                 = "app"', 'name = var.x ? "one" : "app"')
    guarded = module.replace("var.boundary", "aws_iam_policy.guard.arn")
    opened = repository({"main.tf": VARIABLE + guarded + GUARD})
    assert [rule(opened, f"role/{name}") for name in ("one", "app")] == [DENIED, DENIED]


# What modules hand on, and how they write names.


HANDED = """
module "reader" {
  source = "./reader"
  queue  = aws_sqs_queue.jobs
}
provider "aws" { region = "eu-west-1" }
resource "aws_sqs_queue" "jobs" { name = "jobs" }
"""


@pytest.mark.parametrize("type_", ["any", "object({ arn = string, url = string })", "map(string)"])
def test_a_resource_that_is_handed_on_whole_keeps_its_attributes(
    repository: Open, type_: str
) -> None:
    reader = MODULE.replace('"Resource": "*"', '"Resource": "${var.queue.arn}"')
    reader = reader.replace("s3:*", "sqs:*") + f'variable "queue" {{ type = {type_} }}'
    opened = repository({"main.tf": HANDED, "reader/main.tf": reader})
    queue = f"arn:aws:sqs:eu-west-1:{HOME}:"
    found = [
        rule(opened, "role/app", "sqs:ReceiveMessage", queue + name) for name in ("jobs", "other")
    ]
    assert found == [ALLOWED, DENIED]


@pytest.mark.parametrize(("name", "ruling"), [("depot", DENIED), ("app-logs", DEPENDS)])
def test_a_name_in_small_letters_is_known_as_far_as_the_name_is(
    repository: Open, name: str, ruling: Ruling
) -> None:
    bucket = """
variable "suffix" { type = string }
resource "aws_s3_bucket" "b" { bucket = lower("App-${var.suffix}") }
"""
    module = PLAIN.replace('"Resource": "*"', '"Resource": "${aws_s3_bucket.b.arn}/*"')
    opened = repository({"main.tf": module + bucket})
    on = f"arn:aws:s3:::{name}/key"
    answer = opened.account.ask(opened.subject("role/app"), [GET], on)
    assert answer.ruling is ruling
    assert [i.name for i in answer.inputs] == (["var.suffix"] if ruling is DEPENDS else [])


SOURCES = {
    "a rule": (
        'resource "aws_cloudwatch_event_rule" "s" { name = "nightly" }',
        "aws_cloudwatch_event_rule.s.arn",
        f"arn:aws:events:eu-west-1:{HOME}:rule/nightly",
    ),
    "a rule of the default bus": (
        """
resource "aws_cloudwatch_event_rule" "s" {
  name           = "nightly"
  event_bus_name = "default"
}
""",
        "aws_cloudwatch_event_rule.s.arn",
        f"arn:aws:events:eu-west-1:{HOME}:rule/nightly",
    ),
    "a rule of a bus": (
        """
resource "aws_cloudwatch_event_rule" "s" {
  name           = "nightly"
  event_bus_name = "orders"
}
""",
        "aws_cloudwatch_event_rule.s.arn",
        f"arn:aws:events:eu-west-1:{HOME}:rule/orders/nightly",
    ),
    "an alarm": (
        'resource "aws_cloudwatch_metric_alarm" "s" { alarm_name = "load" }',
        "aws_cloudwatch_metric_alarm.s.arn",
        f"arn:aws:cloudwatch:eu-west-1:{HOME}:alarm:load",
    ),
    "a parameter": (
        'resource "aws_ssm_parameter" "s" { name = "key" }',
        "aws_ssm_parameter.s.arn",
        f"arn:aws:ssm:eu-west-1:{HOME}:parameter/key",
    ),
    "a parameter of a path": (
        'resource "aws_ssm_parameter" "s" { name = "/app/key" }',
        "aws_ssm_parameter.s.arn",
        f"arn:aws:ssm:eu-west-1:{HOME}:parameter/app/key",
    ),
}


@pytest.mark.parametrize("what", SOURCES)
def test_the_arn_of_a_source_is_known_by_its_name(repository: Open, what: str) -> None:
    source, reference, arn = SOURCES[what]
    module = f"""
provider "aws" {{ region = "eu-west-1" }}
{source}
resource "aws_lambda_function" "f" {{ function_name = "f" }}
resource "aws_lambda_permission" "f" {{
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "events.amazonaws.com"
  source_arn    = {reference}
}}
"""
    opened = repository({"main.tf": module})
    function = f"arn:aws:lambda:eu-west-1:{HOME}:function:f"
    found = []
    for given in (arn, f"{arn}s"):
        answer = opened.account.ask(
            opened.subject("events.amazonaws.com"),
            ["lambda:InvokeFunction"],
            function,
            context={"aws:sourcearn": given},
        )
        found.append(answer.ruling)
    assert found == [ALLOWED, DENIED]


# Which role an ARN is.

TWICE = {
    f"live/{name}/main.tf": 'module "app" {\n  source = "../../modules/app"\n}\n' + USERS
    for name in ("one", "two")
}


def test_a_user_asks_for_the_role_that_is_made_with_it(repository: Open) -> None:
    opened = repository({"modules/app/main.tf": PLAIN, **TWICE})
    found = {
        f"{place}#user/{user}": rule(opened, f"live/{place}#user/{user}", "sts:AssumeRole", ROLE)
        for place in ("one", "two")
        for user in "uv"
    }
    assert found == {
        "one#user/u": ALLOWED,
        "one#user/v": DENIED,
        "two#user/u": ALLOWED,
        "two#user/v": DENIED,
    }


def test_of_several_roles_of_an_arn_each_may_be_meant(repository: Open) -> None:
    other = TWICE["live/two/main.tf"].replace("modules/app", "modules/other")
    files = {
        **TWICE,
        "modules/app/main.tf": PLAIN,
        "modules/other/main.tf": PLAIN.replace("user/u", "user/w"),
        "live/two/main.tf": other,
        "live/three/main.tf": 'resource "aws_iam_user" "w" { name = "w" }',
    }
    opened = repository(files)
    answer = opened.account.ask(opened.subject("user/w"), ["sts:AssumeRole"], ROLE)
    assert answer.ruling is DEPENDS
    assert f"`{ROLE}` may be any of" in answer.reason


def test_a_role_of_a_known_beginning_is_taken_for_the_one_of_its_arn(repository: Open) -> None:
    module = PLAIN.replace('name                 = "app"', 'name_prefix = "app"')
    opened = repository({"main.tf": module + USERS})
    arn = f"{ROLE}20240101000000000000000001"
    answers = [
        opened.account.ask(opened.subject(f"user/{user}"), ["sts:AssumeRole"], arn) for user in "uv"
    ]
    assert [answer.ruling for answer in answers] == [ALLOWED, DENIED]
    assert answers[0].assumptions == (f"`{arn}` is assumed to be `role/app`",)


def test_a_principal_of_an_unknown_account_asks_for_a_role_of_the_same_one(
    repository: Open,
) -> None:
    opened = repository({"main.tf": PLAIN + USERS}, toml='partition = "aws"\n')
    found = [rule(opened, f"user/{user}", "sts:AssumeRole", ROLE) for user in "uv"]
    assert found == [ALLOWED, DENIED]


# Files of values that cannot be read.


def test_a_file_of_values_that_cannot_be_read_leaves_its_variables_open(
    repository: Open, tmp_path: Path
) -> None:
    module = PLAIN.replace('"Resource": "*"', '"Resource": "arn:aws:s3:::${var.bucket}/*"')
    (tmp_path / "b.auto.tfvars").write_bytes(b"\0GITCRYPT\0\xff")
    files = {"main.tf": module + 'variable "bucket" {}', "terraform.tfvars": 'bucket = "depot"'}
    opened = repository(files)
    answer = opened.account.ask(opened.subject("role/app"), [GET], OBJECT)
    assert (answer.ruling, [i.name for i in answer.inputs]) == (DEPENDS, ["var.bucket"])


def test_an_open_answer_names_what_a_statement_leaves_open(repository: Open) -> None:
    module = PLAIN.replace('"Resource": "*"', '"Resource": "${module.bucket.arn}/*"')
    module += 'module "bucket" {\n  source = "somewhere/bucket/aws"\n}\n'
    opened = repository({"main.tf": module})
    answer = opened.account.ask(opened.subject("role/app"), [GET], OBJECT)
    assert answer.reason == "on `${module.bucket.arn}`, for statement 0 at main.tf:10"


# Whose a bucket is.


@pytest.mark.parametrize(
    ("who", "ruling"), [("999988887777", DENIED), ("444455556666", ALLOWED), (HOME, DENIED)]
)
def test_a_bucket_is_of_the_account_of_its_provider(
    repository: Open, who: str, ruling: Ruling
) -> None:
    module = """
provider "aws" {}
provider "aws" {
  alias = "logs"
  assume_role { role_arn = "arn:aws:iam::444455556666:role/deploy" }
}
resource "aws_s3_bucket" "b" {
  provider = aws.logs
  bucket   = "depot"
}
resource "aws_s3_bucket_policy" "b" {
  provider = aws.logs
  bucket   = aws_s3_bucket.b.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = "arn:aws:s3:::depot/*"
  }] })
}
"""
    opened = repository({"main.tf": module})
    assert rule(opened, f"arn:aws:iam::{who}:root") is ruling


# Conditions on ARNs that are known in part.


@pytest.mark.parametrize(
    ("operator", "effect", "source", "ruling"),
    [
        ("ArnLike", "Allow", "arn:aws:s3:::logs-eu", DEPENDS),
        ("ArnLike", "Allow", "arn:aws:s3:::depot", DENIED),
        ("ArnLike", "Allow", "arn:aws:sns:eu-west-1:111122223333:logs-eu", DENIED),
        ("ArnNotLike", "Deny", "arn:aws:s3:::logs-eu", DEPENDS),
        ("ArnNotLike", "Deny", "arn:aws:s3:::depot", DENIED),
        ("ArnNotLike", "Deny of no ARN", "arn:aws:s3:::depot", DEPENDS),
    ],
)
def test_an_arn_that_is_known_in_part_is_not_that_of_another_name(
    repository: Open, operator: str, effect: str, source: str, ruling: Ruling
) -> None:
    module = f"""
variable "suffix" {{}}
resource "aws_s3_bucket" "b" {{ bucket = "logs-${{var.suffix}}" }}
resource "aws_sqs_queue" "q" {{ name = "jobs" }}
provider "aws" {{ region = "eu-west-1" }}
resource "aws_sqs_queue_policy" "q" {{
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({{ Version = "2012-10-17", Statement = [
    {{
      Effect    = "Allow", Principal = {{ Service = "s3.amazonaws.com" }}
      Action    = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn
      Condition = {{ ArnLike = {{ "aws:SourceArn" = "arn:aws:s3:::*" }} }}
    }},
    {{
      Effect    = "{effect}", Principal = {{ Service = "s3.amazonaws.com" }}
      Action    = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn
      Condition = {{ {operator} = {{ "aws:SourceArn" = aws_s3_bucket.b.arn }} }}
    }}
  ] }})
}}
"""
    if effect == "Allow":
        module = module.replace('"arn:aws:s3:::*"', '"arn:aws:ec2:::*"')
    if effect == "Deny of no ARN":  # a value that AWS cannot read never matches
        module = module.replace(effect, "Deny")
        module = module.replace("= aws_s3_bucket.b.arn }", '= "arn:aws:sns:${var.suffix}" }')
    opened = repository({"main.tf": module})
    answer = opened.account.ask(
        opened.subject("s3.amazonaws.com"),
        ["sqs:SendMessage"],
        f"arn:aws:sqs:eu-west-1:{HOME}:jobs",
        context={"aws:sourcearn": source},
    )
    assert answer.ruling is ruling


# Organizations whose accounts no file names.


@pytest.mark.parametrize("who", ["root", "role/app"])
def test_an_scp_that_may_be_attached_anywhere_may_limit_the_account_asked_about(
    repository: Open, who: str
) -> None:
    scp = {
        "Type": "AWS::Organizations::Policy",
        "Properties": {
            "Type": "SERVICE_CONTROL_POLICY",
            "TargetIds": {"Ref": "Targets"},
            "Content": policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}),
        },
    }
    template = {
        "Parameters": {"Targets": {"Type": "CommaDelimitedList"}},
        "Resources": {"Scp": scp},
    }
    files = {"scp.json": template, "main.tf": PLAIN}
    opened = repository(files, toml='partition = "aws"\n')
    assert rule(opened, f"arn:aws:iam::{HOME}:{who}") is DEPENDS


@pytest.mark.parametrize(
    ("who", "ruling"),
    [
        ("role/app", DENIED),
        (f"arn:aws:iam::{HOME}:role/app", DENIED),
        (f"arn:aws:iam::{HOME}:role/stranger", DEPENDS),
        (f"arn:aws:iam::{HOME}:root", DEPENDS),
    ],
)
def test_an_organization_may_limit_an_account_of_which_no_file_speaks(
    repository: Open, who: str, ruling: Ruling
) -> None:
    scp = policy(allow("*"), {"Effect": "Deny", "Action": "s3:*", "Resource": "*"})
    files = {"organization/root/scp.json": scp, "roles/app/p.json": policy(allow("s3:*"))}
    assert rule(repository(files, toml='partition = "aws"\n'), who) is ruling
