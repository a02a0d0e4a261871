"""Links: each form of a reference in each place that names a principal or a policy."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from iamlint.load import Loaded, LoadOptions, load
from iamlint.load.link import LinkKind, depending, key_of_name, shown
from iamlint.policy.grammar import Kind
from tests.support.loading import load_text

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.load.link import Ref

SAYS = 'jsonencode({ Statement = [{ Effect = "Deny", Action = "s3:*", Resource = "*" }] })'
GRANTS = (
    'jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "*",'
    ' Resource = "*" }] })'
)

NAMED = 'resource "aws_iam_role" "a" {\n  name = "app"\n}\n'
EACH = 'resource "aws_iam_role" "a" {\n  for_each = toset(["app"])\n  name = each.key\n}\n'
COUNTED = 'resource "aws_iam_role" "a" {\n  count = 1\n  name = "app"\n}\n'
LOOKED_UP = 'data "aws_iam_role" "a" {\n  name = "app"\n}\n'
HANDED_ON = f"{NAMED}locals {{\n  role = aws_iam_role.a\n}}\n"

ROLES = {
    "a name": (NAMED, "aws_iam_role.a.name"),
    "an id": (NAMED, "aws_iam_role.a.id"),
    "a text": (NAMED, '"app"'),
    "a template": (NAMED, '"${aws_iam_role.a.name}"'),
    "a part of an ARN": (NAMED, 'element(split("/", aws_iam_role.a.arn), 1)'),
    "a local value": (f"{NAMED}locals {{\n  n = aws_iam_role.a.name\n}}\n", "local.n"),
    "a whole resource": (HANDED_ON, "local.role.name"),
    "an attribute by key": (HANDED_ON, 'local.role["name"]'),
    "a key": (EACH, 'aws_iam_role.a["app"].name'),
    "values": (EACH, "values(aws_iam_role.a)[0].name"),
    "all values": (EACH, "one(values(aws_iam_role.a)[*].name)"),
    "a loop": (EACH, "[for r in aws_iam_role.a : r.name][0]"),
    "keys": (EACH, "keys(aws_iam_role.a)[0]"),
    "an index": (COUNTED, "aws_iam_role.a[0].name"),
    "a splat": (COUNTED, "one(aws_iam_role.a[*].name)"),
    "an old splat": (COUNTED, "aws_iam_role.a.*.name[0]"),
    "try": (COUNTED, 'try(aws_iam_role.a[0].name, "")'),
    "a data source": (LOOKED_UP, "data.aws_iam_role.a.name"),
    "the id of a data source": (LOOKED_UP, "data.aws_iam_role.a.id"),
    "a combination": (NAMED, 'setproduct([aws_iam_role.a.name], ["x"])[0][0]'),
}
HOLDERS = {
    "inline": f'resource "aws_iam_role_policy" "x" {{\n  role = %s\n  policy = {SAYS}\n}}\n',
    "attached": (
        'resource "aws_iam_role_policy_attachment" "x" {\n  role = %s\n  policy_arn = "arn:x"\n}\n'
    ),
    "listed": (
        'resource "aws_iam_policy_attachment" "x" {\n  roles = [%s]\n  policy_arn = "arn:x"\n}\n'
    ),
    "exclusive": (
        'resource "aws_iam_role_policy_attachments_exclusive" "x" {\n  role_name = %s\n'
        '  policy_arns = ["arn:x"]\n}\n'
    ),
    "profile": 'resource "aws_iam_instance_profile" "x" {\n  name = "p"\n  role = %s\n}\n',
}


def read(text: str) -> Loaded:
    loaded = load_text(text)
    assert loaded.broken == ()
    return loaded


def linked(loaded: Loaded) -> list[Ref]:
    """Return the role that the one link of a text, or the one own policy, names."""
    own = [held.ref for document in loaded.documents for held in document.attachment.holders]
    of_profile = [link.target for link in loaded.links if link.kind is LinkKind.PROFILE]
    others = [link.holder for link in loaded.links if link.kind is not LinkKind.PROFILE]
    return [*own, *of_profile, *others]


@pytest.mark.parametrize(("form", "kind"), list(product(ROLES, HOLDERS)))
def test_role_is_named_in_each_form_and_each_place(form: str, kind: str) -> None:
    setup, expression = ROLES[form]

    assert list(map(str, linked(read(setup + HOLDERS[kind] % expression)))) == ["role/app"]


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("", "aws_iam_role.a.name"),
        ("", "aws_iam_role.a.id"),
        ("", '"${aws_iam_role.a.id}"'),
        ("", 'split("/", aws_iam_role.a.arn)[1]'),
        ('name_prefix = "app-"', "aws_iam_role.a.name"),
        ("name = var.name", "aws_iam_role.a.name"),
        ("name = var.name", "var.name"),
        ('name = "app-${var.name}"', "aws_iam_role.a.id"),
        ("name = random_pet.p.id", "aws_iam_role.a.id"),
    ],
)
@pytest.mark.parametrize("kind", HOLDERS)
def test_role_without_a_known_name_is_the_same_wherever_it_is_named(
    name: str, expression: str, kind: str
) -> None:
    setup = f'variable "name" {{}}\nresource "aws_iam_role" "a" {{\n  {name}\n}}\n'
    loaded = read(setup + HOLDERS[kind] % expression)
    (own,) = [node.ref for node in loaded.nodes if node.ref.thing == "role"]

    assert key_of_name(own.name) is not None
    assert [key_of_name(ref.name) for ref in linked(loaded)] == [key_of_name(own.name)]


@pytest.mark.parametrize("kind", HOLDERS)
def test_role_that_is_not_known_is_linked_all_the_same(kind: str) -> None:
    (one,) = linked(read('variable "who" {}\n' + HOLDERS[kind] % "var.who"))

    assert shown(one.name) == "${var.who}"


@pytest.mark.parametrize("kind", HOLDERS)
def test_each_of_two_roles_is_linked_on_a_condition(kind: str) -> None:
    setup = 'variable "on" {}\n'
    loaded = read(setup + HOLDERS[kind] % 'var.on ? "app" : "web"')
    given = [
        *(depending(h.given) for d in loaded.documents for h in d.attachment.holders),
        *(depending(link.given) for link in loaded.links),
    ]

    assert sorted(map(str, linked(loaded))) == ["role/app", "role/web"]
    assert sorted(given) == [", depending on !(var.on)", ", depending on var.on"]


POLICY = f'resource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = {SAYS}\n}}\n'
OWN_POLICY = "arn:${partition}:iam::${account}:policy/p"
POLICIES = {
    "an ARN": ("aws_iam_policy.p.arn", OWN_POLICY),
    "an id": ("aws_iam_policy.p.id", OWN_POLICY),
    "a text": ('"arn:aws:iam::aws:policy/X"', "arn:aws:iam::aws:policy/X"),
    "a data source by name": ("data.aws_iam_policy.n.arn", "named"),
    "a data source by ARN": ("data.aws_iam_policy.a.arn", "arn:aws:iam::aws:policy/Y"),
    "a whole resource": ("local.p.arn", OWN_POLICY),
    "a template": (
        '"arn:aws:iam::${data.aws_caller_identity.c.account_id}:policy/p"',
        "arn:aws:iam::${account}:policy/p",
    ),
    "a variable": ("var.p", "${var.p}"),
}
BESIDE = (
    f'{POLICY}variable "p" {{}}\ndata "aws_caller_identity" "c" {{}}\n'
    'data "aws_iam_policy" "n" {\n  name = "named"\n}\n'
    'data "aws_iam_policy" "a" {\n  arn = "arn:aws:iam::aws:policy/Y"\n}\n'
    "locals {\n  p = aws_iam_policy.p\n}\n"
)
TARGETS = {
    LinkKind.ATTACHED: (
        'resource "aws_iam_role_policy_attachment" "x" {\n  role = "app"\n  policy_arn = %s\n}\n',
        'resource "aws_iam_user_policy_attachment" "x" {\n  user = "app"\n  policy_arn = %s\n}\n',
        'resource "aws_iam_role" "x" {\n  name = "app"\n  managed_policy_arns = [%s]\n}\n',
        'resource "awscc_iam_role" "x" {\n  role_name = "app"\n  managed_policy_arns = [%s]\n}\n',
    ),
    LinkKind.BOUNDARY: (
        'resource "aws_iam_role" "x" {\n  name = "app"\n  permissions_boundary = %s\n}\n',
        'resource "aws_iam_user" "x" {\n  name = "app"\n  permissions_boundary = %s\n}\n',
        'resource "awscc_iam_user" "x" {\n  user_name = "app"\n  permissions_boundary = %s\n}\n',
    ),
}


@pytest.mark.parametrize("form", POLICIES)
@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in TARGETS.items() for text in texts]
)
def test_policy_is_named_in_each_form_and_each_place(form: str, kind: LinkKind, text: str) -> None:
    expression, expected = POLICIES[form]
    loaded = read(BESIDE + text % expression)

    assert [(link.kind, str(link.target)) for link in loaded.links] == [(kind, expected)]


OF_RESOURCES = {
    "aws_s3_bucket_policy": ("bucket", "policy"),
    "aws_sqs_queue_policy": ("queue_url", "policy"),
    "aws_sns_topic_policy": ("arn", "policy"),
    "aws_ecr_repository_policy": ("repository", "policy"),
    "aws_secretsmanager_secret_policy": ("secret_arn", "policy"),
    "aws_efs_file_system_policy": ("file_system_id", "policy"),
    "aws_kms_key_policy": ("key_id", "policy"),
    "aws_vpc_endpoint_policy": ("vpc_endpoint_id", "policy"),
}
FILES = "arn:${partition}:elasticfilesystem:eu-west-1:${account}:file-system"
QUEUE = "arn:${partition}:sqs:eu-west-1:${account}:q"


@pytest.mark.parametrize(
    ("type_", "expression", "arn"),
    [
        ("aws_s3_bucket_policy", "aws_s3_bucket.r.id", "arn:${partition}:s3:::b"),
        ("aws_s3_bucket_policy", "aws_s3_bucket.r.bucket", "arn:${partition}:s3:::b"),
        ("aws_s3_bucket_policy", '"b"', "arn:${partition}:s3:::b"),
        ("aws_s3_bucket_policy", "aws_s3_bucket_versioning.r.id", "arn:${partition}:s3:::b"),
        (
            "aws_s3_bucket_policy",
            "aws_s3_bucket_versioning.owned.id",
            "arn:${partition}:s3:::${aws_s3_bucket_versioning.owned.id}",
        ),
        ("aws_s3_bucket_policy", "terraform_data.r.output", "arn:${partition}:s3:::b"),
        ("aws_s3_bucket_policy", "data.aws_s3_bucket.r.id", "arn:${partition}:s3:::b"),
        ("aws_s3_bucket_policy", "var.r", "arn:${partition}:s3:::${var.r}"),
        ("aws_s3_bucket_policy", '"b-${var.r}"', "arn:${partition}:s3:::b-${var.r}"),
        ("aws_sqs_queue_policy", "aws_sqs_queue.r.id", QUEUE),
        ("aws_sqs_queue_policy", "aws_sqs_queue.r.url", QUEUE),
        ("aws_sqs_queue_policy", "data.aws_sqs_queue.r.url", QUEUE),
        (
            "aws_sqs_queue_policy",
            '"https://sqs.us-east-2.amazonaws.com/111122223333/q"',
            "arn:${partition}:sqs:us-east-2:111122223333:q",
        ),
        (
            "aws_sqs_queue_policy",
            '"https://us-east-2.queue.amazonaws.com/111122223333/q"',
            "arn:${partition}:sqs:us-east-2:111122223333:q",
        ),
        ("aws_sqs_queue_policy", "var.r", "arn:${…}:sqs:${var.r}"),
        (
            "aws_sns_topic_policy",
            "aws_sns_topic.r.arn",
            "arn:${partition}:sns:eu-west-1:${account}:t",
        ),
        (
            "aws_sns_topic_policy",
            "data.aws_sns_topic.r.arn",
            "arn:${partition}:sns:eu-west-1:${account}:t",
        ),
        (
            "aws_ecr_repository_policy",
            '"team/web"',
            "arn:${partition}:ecr:eu-west-1:${account}:repository/team/web",
        ),
        (
            "aws_secretsmanager_secret_policy",
            "aws_secretsmanager_secret.r.id",
            "arn:${partition}:secretsmanager:eu-west-1:${account}:secret:s-${…}",
        ),
        (
            "aws_efs_file_system_policy",
            "aws_efs_file_system.r.id",
            f"{FILES}/${{aws_efs_file_system.r.id}}",
        ),
        (
            "aws_kms_key_policy",
            "aws_kms_key.r.key_id",
            "arn:${partition}:kms:eu-west-1:${account}:key/${aws_kms_key.r.id}",
        ),
        (
            "aws_vpc_endpoint_policy",
            "aws_vpc_endpoint.r.id",
            "arn:${partition}:ec2:eu-west-1:${account}:vpc-endpoint/${aws_vpc_endpoint.r.id}",
        ),
    ],
)
def test_policy_of_a_resource_has_its_arn(type_: str, expression: str, arn: str) -> None:
    target, attribute = OF_RESOURCES[type_]
    setup = (
        'provider "aws" {\n  region = "eu-west-1"\n}\nvariable "r" {}\n'
        'resource "aws_s3_bucket" "r" {\n  bucket = "b"\n}\n'
        'data "aws_s3_bucket" "r" {\n  bucket = "b"\n}\n'
        'resource "terraform_data" "r" {\n  input = aws_s3_bucket.r.id\n}\n'
        'resource "aws_s3_bucket_versioning" "r" {\n  bucket = aws_s3_bucket.r.id\n}\n'
        'resource "aws_s3_bucket_versioning" "owned" {\n  bucket = "b"\n'
        '  expected_bucket_owner = "111122223333"\n}\n'
        'resource "aws_sqs_queue" "r" {\n  name = "q"\n}\n'
        'data "aws_sqs_queue" "r" {\n  name = "q"\n}\n'
        'resource "aws_sns_topic" "r" {\n  name = "t"\n}\n'
        'data "aws_sns_topic" "r" {\n  name = "t"\n}\n'
        'resource "aws_secretsmanager_secret" "r" {\n  name = "s"\n}\n'
        'resource "aws_efs_file_system" "r" {}\nresource "aws_kms_key" "r" {}\n'
        'resource "aws_vpc_endpoint" "r" {}\n'
    )
    text = f'resource "{type_}" "x" {{\n  {target} = {expression}\n  {attribute} = {GRANTS}\n}}\n'
    (document,) = read(setup + text).documents

    assert document.attachment.arn is not None
    assert shown(document.attachment.arn) == arn


@pytest.mark.parametrize(
    ("provider", "account"),
    [
        ("", None),
        ("provider = aws.east", None),
        ("provider = aws.role", "444455556666"),
        ("provider = aws.allowed", "555566667777"),
        ("provider = aws.profile", "${account of aws.profile}"),
        ("provider = aws.given", "${account of aws.given}"),
        ("provider = aws.nowhere", "${account of aws.nowhere}"),
    ],
)
def test_account_of_a_role_is_that_of_its_provider(provider: str, account: str | None) -> None:
    providers = (
        'provider "aws" {\n  region = "eu-west-1"\n}\nvariable "a" {}\n'
        'provider "aws" {\n  alias = "east"\n  region = "us-east-1"\n}\n'
        'provider "aws" {\n  alias = "role"\n'
        '  assume_role {\n    role_arn = "arn:aws:iam::444455556666:role/x"\n  }\n}\n'
        'provider "aws" {\n  alias = "allowed"\n  allowed_account_ids = ["555566667777"]\n}\n'
        'provider "aws" {\n  alias = "profile"\n  profile = "other"\n}\n'
        'provider "aws" {\n  alias = "given"\n'
        '  assume_role {\n    role_arn = "arn:aws:iam::${var.a}:role/x"\n  }\n}\n'
    )
    text = f'resource "aws_iam_role" "a" {{\n  name = "app"\n  {provider}\n}}\n'
    (node,) = read(providers + text).nodes

    assert (node.ref.account and shown(node.ref.account)) == account
    assert node.arn is not None
    assert shown(node.arn) == f"arn:${{partition}}:iam::{account or '${account}'}:role/app"


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> Loaded:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.tf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    loaded = load(["."], LoadOptions())
    assert loaded.broken == ()
    return loaded


MODULE = (
    'variable "name" {}\nresource "aws_iam_role" "this" {\n  name = var.name\n}\n'
    'output "name" {\n  value = aws_iam_role.this.name\n}\n'
    'output "role" {\n  value = aws_iam_role.this\n}\n'
)
CALL = 'module "m" {\n  source = "./m"\n  name = "app"\n%s}\n'


@pytest.mark.parametrize(
    ("more", "expression"),
    [
        ("", "module.m.name"),
        ("", "module.m.role.name"),
        ("  count = 1\n", "module.m[0].name"),
        ("  count = 1\n", "one(module.m[*].role).name"),
        ('  for_each = toset(["x"])\n', 'module.m["x"].role.id'),
        ('  for_each = toset(["x"])\n', "values(module.m)[0].name"),
        ('  for_each = toset(["x"])\n', "[for m in module.m : m.role.name][0]"),
    ],
)
@pytest.mark.parametrize("kind", HOLDERS)
def test_role_of_a_module_is_linked(
    more: str, expression: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = CALL % more + HOLDERS[kind] % expression
    loaded = written(tmp_path, monkeypatch, main=main, m__main=MODULE)

    assert list(map(str, linked(loaded))) == ["role/app"]


def test_providers_of_a_module_are_those_that_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = (
        'provider "aws" {\n  alias = "b"\n  allowed_account_ids = ["444455556666"]\n}\n'
        'provider "aws" {\n  allowed_account_ids = ["111122223333"]\n}\n'
        + CALL
        % "  providers = {\n    aws = aws.b\n    aws.peer = aws\n  }\n"
    )
    module = MODULE + 'resource "aws_iam_role" "p" {\n  name = "peer"\n  provider = aws.peer\n}\n'
    loaded = written(tmp_path, monkeypatch, main=main, m__main=module)

    assert {str(node.ref): node.ref.account for node in loaded.nodes} == {
        "role/app": "444455556666",
        "role/peer": "111122223333",
    }


def test_override_replaces_attributes_and_blocks_by_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (
        'resource "aws_iam_role" "a" {\n  name = "app"\n'
        f'  inline_policy {{\n    name = "one"\n    policy = {SAYS}\n  }}\n'
        f'  inline_policy {{\n    name = "two"\n    policy = {SAYS}\n  }}\n}}\n'
        'resource "aws_iam_role_policy_attachment" "x" {\n'
        '  role = aws_iam_role.a.name\n  policy_arn = "arn:x"\n}\n'
        'locals {\n  n = "left"\n}\n'
    )
    override = (
        f'resource "aws_iam_role" "a" {{\n  name = local.n\n'
        f'  inline_policy {{\n    name = "three"\n    policy = {SAYS}\n  }}\n}}\n'
        'locals {\n  n = "web"\n}\n'
    )
    loaded = written(tmp_path, monkeypatch, main=first, b_override=override)

    assert [str(node.ref) for node in loaded.nodes] == ["role/web"]
    assert [(str(link.holder), str(link.target)) for link in loaded.links] == [
        ("role/web", "arn:x")
    ]
    assert [(d.path, list(map(str, d.attachment.holders))) for d in loaded.documents] == [
        ("b_override.tf", ["role/web"])
    ]


@pytest.mark.parametrize(
    ("path", "expected"), [('path = "/team/"', ["/team/"]), ("", ["/"]), ("path = var.x", [])]
)
def test_path_of_a_role_that_is_looked_up_comes_of_the_file_that_describes_it(
    path: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = f'resource "aws_iam_role" "a" {{\n  name = "app"\n  {path}\n}}\n'
    trust = GRANTS.replace('"*", Action', "{ AWS = data.aws_iam_role.a.arn }, Action")
    user = f'{LOOKED_UP}resource "aws_iam_role" "b" {{\n  assume_role_policy = {trust}\n}}\n'
    loaded = written(tmp_path, monkeypatch, a__main=role, b__main=user)

    assert [binding.value for binding in loaded.bindings] == expected


PERMISSION_SET = (
    'resource "aws_ssoadmin_permission_set" "s" {\n  name = "Ops"\n  session_duration = "PT2H"\n}\n'
    'resource "aws_ssoadmin_account_assignment" "a" {\n'
    '  for_each = toset(["111122223333", "444455556666"])\n  target_id = each.key\n'
    "  permission_set_arn = aws_ssoadmin_permission_set.s.arn\n}\n"
    'resource "aws_ssoadmin_managed_policy_attachment" "m" {\n  managed_policy_arn = "arn:x"\n'
    "  permission_set_arn = aws_ssoadmin_permission_set.s.arn\n}\n"
    'resource "aws_ssoadmin_customer_managed_policy_attachment" "c" {\n'
    "  permission_set_arn = aws_ssoadmin_permission_set.s.arn\n"
    '  customer_managed_policy_reference {\n    name = "c"\n    path = "/p/"\n  }\n}\n'
    'resource "aws_ssoadmin_permissions_boundary_attachment" "b" {\n'
    "  permission_set_arn = aws_ssoadmin_permission_set.s.arn\n"
    '  permissions_boundary {\n    managed_policy_arn = "arn:b"\n  }\n}\n'
    'resource "aws_ssoadmin_permission_set_inline_policy" "i" {\n'
    f"  permission_set_arn = aws_ssoadmin_permission_set.s.arn\n  inline_policy = {SAYS}\n}}\n"
)


EXCLUSIVE = PERMISSION_SET.replace(
    'managed_policy_attachment"', 'managed_policy_attachments_exclusive"'
).replace('managed_policy_arn = "arn:x"', 'managed_policy_arns = ["arn:x"]')


@pytest.mark.parametrize("module", [PERMISSION_SET, EXCLUSIVE], ids=["each", "all of them"])
def test_permission_set_makes_a_role_in_each_account_that_it_is_assigned_in(module: str) -> None:
    loaded = read(module)
    keys = {node.ref.account: key_of_name(node.ref.name) for node in loaded.nodes}
    (inline,) = loaded.documents

    assert {
        a: (shown(n.ref.name), n.max_session) for n in loaded.nodes if (a := n.ref.account)
    } == {
        "111122223333": ("AWSReservedSSO_Ops_${…}", 7200),
        "444455556666": ("AWSReservedSSO_Ops_${…}", 7200),
    }
    assert None not in keys.values()
    assert len(set(keys.values())) == 2
    assert {h.ref.account: key_of_name(h.ref.name) for h in inline.attachment.holders} == keys
    for account, key in keys.items():
        links = [link for link in loaded.links if link.holder.account == account]
        assert {key_of_name(link.holder.name) for link in links} == {key}
        assert sorted((link.kind, shown(link.target.name)) for link in links) == [
            (LinkKind.ATTACHED, f"arn:${{partition}}:iam::{account}:policy/p/c"),
            (LinkKind.ATTACHED, "arn:x"),
            (LinkKind.BOUNDARY, "arn:b"),
        ]


@pytest.mark.parametrize(
    ("policy", "described", "unknown"),
    [
        ("aws_organizations_policy.s.id", ["111122223333"], 0),
        ('"p-12345678"', [], 2),
        ("var.p", [], 2),
        ('"p-FullAWSAccess"', [], 0),
        ('var.on ? aws_organizations_policy.s.id : "p-FullAWSAccess"', ["111122223333"], 0),
    ],
)
def test_policy_of_an_organization_that_no_file_describes_is_attached_all_the_same(
    policy: str, described: list[str], unknown: int
) -> None:
    text = (
        f'variable "p" {{}}\nresource "aws_organizations_policy" "s" {{\n  content = {SAYS}\n}}\n'
        'resource "aws_organizations_policy_attachment" "a" {\n'
        f'  target_id = "111122223333"\n  policy_id = {policy}\n}}\n'
    )
    loaded = read(text)
    (document,) = loaded.documents
    left = [item for item in loaded.not_analysed if item.kind in (Kind.SCP, Kind.RCP)]

    assert [str(held.ref) for held in document.attachment.targets] == described
    assert [str(h.ref) for i in left for h in i.attachment.targets] == ["111122223333"] * unknown


def test_policy_of_a_resource_depends_on_what_the_resource_does_not() -> None:
    text = (
        'variable "on" {}\nvariable "more" {}\n'
        'resource "aws_s3_bucket" "b" {\n  count = var.on ? 1 : 0\n  bucket = "b"\n}\n'
        f'resource "aws_s3_bucket_policy" "x" {{\n  count = %s\n  bucket = "b"\n'
        f"  policy = {GRANTS}\n}}\n"
    )
    given = [
        {depending(d.attachment.given) for d in read(text % count).documents}
        for count in ("1", "var.on ? 1 : 0", "var.more ? 1 : 0")
    ]

    assert given == [{""}, {""}, {", depending on var.more"}]


@pytest.mark.parametrize(
    ("type_", "tags"),
    [
        ("aws_iam_role", '{ team = "a", open = var.v }'),
        ("awscc_iam_role", '[{ key = "team", value = "a" }, { key = "open", value = var.v }]'),
        ("awscc_iam_role", '[{ key = "team", value = "a" }, { key = "none" }, var.v]'),
        ("aws_iam_role", "var.v"),
    ],
)
def test_tags_of_a_role_are_those_that_are_known(type_: str, tags: str) -> None:
    text = f'variable "v" {{}}\nresource "{type_}" "a" {{\n  tags = {tags}\n}}\n'

    (node,) = load_text(text).nodes

    assert node.tags == (() if tags == "var.v" else (("team", "a"),))


@pytest.mark.parametrize("name", ["managed_policy_name", "path"])
def test_managed_policy_of_cloud_control_is_held_by_whom_it_names(name: str) -> None:
    text = (
        f'resource "awscc_iam_managed_policy" "p" {{\n  {name} = "/x/"\n'
        f'  policy_document = {SAYS}\n  users = ["kim"]\n}}\n'
    )

    found = load_text(text).links

    assert [(str(one.holder), one.kind) for one in found] == [("user/kim", LinkKind.ATTACHED)]


LINKS_ALONE = {
    "membership": (
        (
            'resource "awscc_iam_user_to_group_addition" "x" {\n  users = ["kim"]\n'
            '  group_name = "ops"\n}\n'
        ),
        ("user/kim", "group/ops"),
    ),
    "groups of a user": (
        'resource "awscc_iam_user" "x" {\n  user_name = "kim"\n  groups = ["ops"]\n}\n',
        ("user/kim", "group/ops"),
    ),
    "role of a profile": (
        (
            'resource "awscc_iam_instance_profile" "x" {\n  instance_profile_name = "box"\n'
            '  roles = ["app"]\n}\n'
        ),
        ("instance-profile/box", "role/app"),
    ),
}


@pytest.mark.parametrize("form", LINKS_ALONE)
def test_file_that_only_links_is_read_though_it_speaks_of_no_policy(form: str) -> None:
    text, expected = LINKS_ALONE[form]

    found = load_text(text).links

    assert [(str(one.holder), str(one.target)) for one in found] == [expected]


def test_assignment_in_a_file_of_its_own_says_the_account_of_the_roles(tmp_path: Path) -> None:
    named = "permission_set_arn = aws_ssoadmin_permission_set.s.arn"
    (tmp_path / "set.tf").write_text(
        'resource "aws_ssoadmin_permission_set" "s" {\n  name = "Ops"\n}\n'
        'resource "aws_ssoadmin_permission_set_inline_policy" "i" {\n'
        f"  {named}\n  inline_policy = {SAYS}\n}}\n"
    )
    (tmp_path / "assigned.tf").write_text(
        'resource "aws_ssoadmin_account_assignment" "a" {\n'
        f'  {named}\n  target_id = "111122223333"\n}}\n'
    )

    (node,) = load(["."], LoadOptions(root=tmp_path, here=tmp_path)).nodes

    assert node.ref.account == "111122223333"
