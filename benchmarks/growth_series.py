# ruff: noqa: E501, ARG005 - inputs are kept in one line, and some grow in number alone
"""The inputs of `growth.py`: each series grows one thing, and is as large as it is asked to be.

A builder takes a number of items and returns files by their paths. What grows is named in `what`;
the first word of `command` is the command of iamlint, and `{…}` in it are names of files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Files: TypeAlias = dict[str, str]
Json: TypeAlias = Any

CLOSE = 0.03
_CHECK = ("check", ".")
_NONE_READ = (0, 1, 2)  # where a limit leaves no policy to look at, `check` ends with 2
ACCOUNT = "111122223333"


@dataclass(frozen=True)
class Series:
    """One input that grows; `exits` are the exit codes of a run that did what it should."""

    name: str
    what: str
    build: Callable[[int], Files]
    command: tuple[str, ...] = _CHECK
    exits: tuple[int, ...] = (0, 1)

    def files(self, size: int) -> Files:
        """Return files of about `size` bytes."""
        count = 10
        for _ in range(6):
            files = self.build(count)
            now = sum(len(text.encode(errors="surrogatepass")) for text in files.values())
            if abs(now - size) < size * CLOSE:
                break
            count = max(1, round(count * size / now))
        return self.build(count)


def _policy(*statements: Json) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _allow(**elements: Json) -> Json:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", **elements}


def _one(name: str, make: Callable[[int], str]) -> Callable[[int], Files]:
    return lambda count: {name: make(count)}


def _statement(make: Callable[[int], Json]) -> Callable[[int], Files]:
    """Return a builder of a policy of one statement."""
    return _one("p.json", lambda count: _policy(make(count)))


def _each(make: Callable[[int], Json]) -> Callable[[int], Files]:
    """Return a builder of a policy of many statements."""
    return _one("p.json", lambda count: _policy(*map(make, range(count))))


def _action(make: Callable[[int], str], element: str = "Action") -> Callable[[int], Files]:
    def statement(count: int) -> Json:
        made = {**_allow(), element: [make(i) for i in range(count)]}
        if element != "Action":
            del made["Action"]
        return made

    return _statement(statement)


def _resource(make: Callable[[int], str], element: str = "Resource") -> Callable[[int], Files]:
    def statement(count: int) -> Json:
        made = {**_allow(), element: [make(i) for i in range(count)]}
        if element != "Resource":
            del made["Resource"]
        return made

    return _statement(statement)


def _values(operator: str, key: str, make: Callable[[int], str]) -> Callable[[int], Files]:
    def statement(count: int) -> Json:
        return _allow(Condition={operator: {key: [make(i) for i in range(count)]}})

    return _statement(statement)


def _lines(head: str, line: Callable[[int], str], tail: str = "") -> Callable[[int], str]:
    return lambda count: "".join([head, *map(line, range(count)), tail])


# Terraform

_DOCUMENT = """
data "aws_iam_policy_document" "p" {{
  statement {{
    actions   = {actions}
    resources = ["*"]
  }}
}}
resource "aws_iam_policy" "p" {{ policy = data.aws_iam_policy_document.p.json }}
"""


def _flatten(count: int) -> Files:
    items = ", ".join(f'"{i}"' for i in range(count))
    actions = 'flatten([for a in local.l : [for b in local.l : "ec2:?*${a}?${b}*?"]])'
    return {"main.tf": f"locals {{ l = [{items}] }}" + _DOCUMENT.format(actions=actions)}


def _tf_for(count: int) -> Files:
    items = ", ".join(f'"n{i}"' for i in range(count))
    actions = '[for a in local.l : "s3:Get${a}"]'
    return {"main.tf": f"locals {{ l = [{items}] }}" + _DOCUMENT.format(actions=actions)}


def _tf_for_each(count: int) -> Files:
    items = ", ".join(f'"n{i}"' for i in range(count))
    return {
        "main.tf": f"""
resource "aws_iam_role_policy" "p" {{
  for_each = toset([{items}])
  role     = each.key
  policy   = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::${{each.key}}/*" }}]
  }})
}}
"""
    }


def _tf_dynamic(count: int) -> Files:
    items = ", ".join(f'"n{i}"' for i in range(count))
    return {
        "main.tf": f"""
data "aws_iam_policy_document" "p" {{
  dynamic "statement" {{
    for_each = [{items}]
    content {{
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::${{statement.value}}/*"]
    }}
  }}
}}
resource "aws_iam_policy" "p" {{ policy = data.aws_iam_policy_document.p.json }}
"""
    }


def _tf_modules(count: int) -> Files:
    side = max(2, int(count**0.5))
    files = {"main.tf": 'module "m" {\n  source = "./m0"\n}\n'}
    policy = (
        'resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Version = "2012-10-17", '
        'Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })\n}\n'
    )
    for i in range(side):
        calls = [f'module "m{j}" {{\n  source = "../m{j}"\n}}\n' for j in range(i + 1, side)]
        files[f"m{i}/main.tf"] = policy + "".join(calls)
    return files


def _tf_statements(count: int) -> Files:
    blocks = "".join(
        f'  statement {{\n    actions = ["s3:Get{i}"]\n    resources = ["arn:aws:s3:::b{i}/*"]\n  }}\n'
        for i in range(count)
    )
    return {
        "main.tf": f'data "aws_iam_policy_document" "p" {{\n{blocks}}}\n'
        'resource "aws_iam_policy" "p" { policy = data.aws_iam_policy_document.p.json }\n'
    }


def _tf_locals(count: int) -> Files:
    """Each local takes the one before."""
    chain = "".join(f"  l{i} = local.l{i - 1}\n" for i in range(1, count))
    document = _DOCUMENT.format(actions=f"[local.l{count - 1}]")
    return {"main.tf": f'locals {{\n  l0 = "s3:GetObject"\n{chain}}}\n{document}'}


def _tf_resources(count: int) -> Files:
    one = (
        'resource "aws_iam_role_policy" "p{i}" {{\n  role = aws_iam_role.r{i}.id\n  policy = jsonencode({{\n'
        '    Version = "2012-10-17"\n    Statement = [{{ Effect = "Allow", Action = "s3:GetObject", '
        'Resource = "arn:aws:s3:::b{i}/*" }}]\n  }})\n}}\n'
        'resource "aws_iam_role" "r{i}" {{\n  name = "r{i}"\n  assume_role_policy = jsonencode({{\n'
        '    Version = "2012-10-17"\n    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", '
        'Principal = {{ Service = "ec2.amazonaws.com" }} }}]\n  }})\n}}\n'
    )
    return {"main.tf": "".join(one.format(i=i) for i in range(count))}


def _tf_join(count: int) -> Files:
    items = ", ".join(f'"n{i}"' for i in range(count))
    actions = '[for a in local.l : join("", local.l)]'
    return {"main.tf": f"locals {{ l = [{items}] }}" + _DOCUMENT.format(actions=actions)}


def _tf_overrides(count: int) -> Files:
    one = 'resource "aws_iam_role" "r{i}" {{\n  name = "r{i}"\n}}\n'
    changed = "".join(one.format(i=i) for i in range(count))
    return {**_tf_resources(count), "x_override.tf": changed}


def _tf_nested(count: int) -> Files:
    deep = "(" * count + '"s3:GetObject"' + ")" * count
    return {"main.tf": _DOCUMENT.format(actions=f"[{deep}]")}


def _tf_local_files(count: int) -> Files:
    """Each file has a local, and no policy."""
    actions = ", ".join(f"local.l{i}" for i in range(count))
    return {
        **{f"l{i}.tf": f'locals {{ l{i} = "s3:Get{i}" }}\n' for i in range(count)},
        "main.tf": _DOCUMENT.format(actions=f"[{actions}]"),
    }


def _tf_template(count: int) -> Files:
    """Four conditions decide what a template says."""
    given = ", ".join(f"c{i} = var.c{i}" for i in range(4))
    chosen = "".join(f'%{{ if c{i} }}"s3:Put{i}", %{{ endif }}' for i in range(4))
    actions = ", ".join(f'"s3:Get{i}"' for i in range(count))
    return {
        "p.tpl": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", '
        f'"Action": [{chosen}{actions}]}}]}}',
        "main.tf": "".join(f'variable "c{i}" {{}}\n' for i in range(4))
        + f'resource "aws_iam_policy" "p" {{ policy = templatefile("p.tpl", {{ {given} }}) }}\n',
    }


def _tf_encoded(resource: str, effect: str = '"Allow"') -> str:
    return (
        f'jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = {effect}, '
        f'Action = "s3:GetObject", Resource = "{resource}" }}] }})'
    )


def _tf_conditions(count: int) -> Files:
    """Each resource has a condition of its own."""
    return {
        "main.tf": "".join(
            f'resource "aws_iam_policy" "p{i}" {{\n  policy = '
            + _tf_encoded(f"arn:aws:s3:::b{i}/*", f'var.c{i} ? "Allow" : "Deny"')
            + "\n}\n"
            for i in range(count)
        )
    }


def _tf_file(count: int) -> Files:
    policy = _policy(*(_allow(Resource=f"arn:aws:s3:::b{i}/*") for i in range(count)))
    used = (f'resource "aws_iam_policy" "p{i}" {{ policy = file("p.json") }}\n' for i in range(3))
    return {"p.json": policy, "main.tf": "".join(used)}


def _tf_fileset(count: int) -> Files:
    return {
        **{f"p/{i}.json": _policy(_allow(Resource=f"arn:aws:s3:::b{i}/*")) for i in range(count)},
        "main.tf": 'resource "aws_iam_policy" "p" {\n  for_each = fileset(path.module, "p/*.json")\n'
        "  policy = file(each.value)\n}\n",
    }


def _tf_counted(count: int) -> Files:
    inner = _tf_encoded("arn:aws:s3:::${var.name}/*")
    return {
        "inner/main.tf": 'variable "name" {}\nresource "aws_iam_policy" "p" {\n'
        f"  policy = {inner}\n}}\n",
        "main.tf": "".join(
            f'module "m{i}" {{\n  source = "./inner"\n  count = var.c{i} ? 1 : 0\n'
            f'  name = "n{i}"\n}}\n'
            for i in range(count)
        ),
    }


def _tf_roots(count: int) -> Files:
    """As many root modules call a module as it has policies."""
    each = max(1, count // 2)
    inner = (
        f'resource "aws_iam_policy" "p{i}" {{\n  policy = {_tf_encoded(f"arn:aws:s3:::b{i}/*")}\n}}\n'
        for i in range(each)
    )
    call = 'module "m" {\n  source = "../inner"\n}\n'
    return {"inner/main.tf": "".join(inner), **{f"r{i}/main.tf": call for i in range(each)}}


# Templates


def _template(resources: Json, **rest: Json) -> Files:
    return {"template.json": json.dumps({**rest, "Resources": resources})}


def _cfn_role(i: int, **more: Json) -> Json:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "sts:AssumeRole",
                        "Principal": {"Service": "ec2.amazonaws.com"},
                    }
                ],
            },
            "Policies": [
                {
                    "PolicyName": f"p{i}",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [_allow(Resource={"Fn::Sub": f"arn:aws:s3:::${{B{i}}}/*"})],
                    },
                }
            ],
            **more,
        },
    }


def _cfn_roles(count: int) -> Files:
    buckets: Json = {f"B{i}": {"Type": "AWS::S3::Bucket"} for i in range(count)}
    return _template({**buckets, **{f"R{i}": _cfn_role(i) for i in range(count)}})


def _cfn_managed(statement: Json, **rest: Json) -> Files:
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return _template(
        {"P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}},
        **rest,
    )


def _cfn_conditions(count: int) -> Files:
    conditions = {f"C{i}": {"Fn::Equals": [{"Ref": f"P{i}"}, "a"]} for i in range(count)}
    parameters = {f"P{i}": {"Type": "String"} for i in range(count)}
    actions = [{"Fn::If": [f"C{i}", f"s3:Get{i}", {"Ref": "AWS::NoValue"}]} for i in range(count)]
    return _cfn_managed(_allow(Action=actions), Conditions=conditions, Parameters=parameters)


def _cfn_for_each(count: int) -> Files:
    names = [f"N{i}" for i in range(count)]
    return _template(
        {
            "Fn::ForEach::Roles": [
                "Name",
                names,
                {"R${Name}": _cfn_role(0, RoleName={"Ref": "Name"})},
            ]
        },
        Transform="AWS::LanguageExtensions",
    )


def _sam(count: int) -> Files:
    one = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Handler": "a.b",
            "Runtime": "python3.12",
            "Policies": [{"S3ReadPolicy": {"BucketName": "b"}}, {"Statement": [_allow()]}],
        },
    }
    return _template({f"F{i}": one for i in range(count)}, Transform="AWS::Serverless-2016-10-31")


# Dumps and other carriers


def _dump(count: int) -> Files:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
    }
    roles = [
        {
            "Path": "/",
            "RoleName": f"r{i}",
            "RoleId": f"AROA{i:016}",
            "Arn": f"arn:aws:iam::{ACCOUNT}:role/r{i}",
            "AssumeRolePolicyDocument": trust,
            "RolePolicyList": [
                {
                    "PolicyName": "p",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [_allow(Resource=f"arn:aws:s3:::b{i}/*")],
                    },
                }
            ],
            "AttachedManagedPolicies": [
                {"PolicyName": f"m{i}", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/m{i}"}
            ],
        }
        for i in range(count)
    ]
    policies = [
        {
            "PolicyName": f"m{i}",
            "Arn": f"arn:aws:iam::{ACCOUNT}:policy/m{i}",
            "DefaultVersionId": "v1",
            "PolicyVersionList": [
                {
                    "VersionId": "v1",
                    "IsDefaultVersion": True,
                    "Document": {
                        "Version": "2012-10-17",
                        "Statement": [
                            _allow(
                                Action="sqs:SendMessage",
                                Resource=f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q{i}",
                            )
                        ],
                    },
                }
            ],
        }
        for i in range(count)
    ]
    return {
        "iamlint.toml": f'account = "{ACCOUNT}"\n',
        "dump.json": json.dumps(
            {
                "UserDetailList": [],
                "GroupDetailList": [],
                "RoleDetailList": roles,
                "Policies": policies,
            }
        ),
    }


def _tf_state(count: int) -> Files:
    def one(i: int) -> dict[str, object]:
        return {
            "mode": "managed",
            "type": "aws_iam_policy",
            "name": f"p{i}",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [
                {
                    "schema_version": 0,
                    "attributes": {
                        "arn": f"arn:aws:iam::{ACCOUNT}:policy/p{i}",
                        "name": f"p{i}",
                        "policy": _policy(_allow(Resource=f"arn:aws:s3:::b{i}/*")),
                    },
                }
            ],
        }

    return {
        "terraform.tfstate": json.dumps(
            {
                "version": 4,
                "terraform_version": "1.9.0",
                "resources": [one(i) for i in range(count)],
            }
        )
    }


def _tf_plan(count: int) -> Files:
    planned = [
        {
            "address": f"aws_iam_policy.p{i}",
            "mode": "managed",
            "type": "aws_iam_policy",
            "name": f"p{i}",
            "values": {"name": f"p{i}", "policy": _policy(_allow(Resource=f"arn:aws:s3:::b{i}/*"))},
        }
        for i in range(count)
    ]
    configured = [
        {
            "address": f"aws_iam_policy.p{i}",
            "mode": "managed",
            "type": "aws_iam_policy",
            "name": f"p{i}",
            "expressions": {"policy": {"references": [f"aws_s3_bucket.b{i}.arn"]}},
        }
        for i in range(count)
    ]
    return {
        "plan.json": json.dumps(
            {
                "format_version": "1.2",
                "terraform_version": "1.9.0",
                "planned_values": {"root_module": {"resources": planned}},
                "configuration": {"root_module": {"resources": configured}},
            }
        )
    }


def _tf_plan_modules(count: int) -> Files:
    """Each module of a plan has a policy and is given a bucket."""
    planned, configured = [], {}
    for i in range(count):
        values = {"policy": _policy(_allow(Resource=f"arn:aws:s3:::b{i}/*"))}
        resource = {"mode": "managed", "type": "aws_iam_policy", "name": "p"}
        address = f"module.m{i}"
        made = {**resource, "address": f"{address}.aws_iam_policy.p", "values": values}
        planned.append({"address": address, "resources": [made]})
        expressions = {"policy": {"references": ["var.bucket"]}}
        inside = [{**resource, "address": "aws_iam_policy.p", "expressions": expressions}]
        configured[f"m{i}"] = {
            "expressions": {"bucket": {"references": [f"aws_s3_bucket.b{i}.arn"]}},
            "module": {"resources": inside},
        }
    return {
        "plan.json": json.dumps(
            {
                "format_version": "1.2",
                "terraform_version": "1.9.0",
                "planned_values": {"root_module": {"child_modules": planned}},
                "configuration": {"root_module": {"module_calls": configured}},
            }
        )
    }


def _manifests(count: int) -> Files:
    one = """---
apiVersion: iam.services.k8s.aws/v1alpha1
kind: Policy
metadata:
  name: p{i}
spec:
  name: p{i}
  policyDocument: |
    {{"Version": "2012-10-17", "Statement": [
      {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b{i}/*"}}]}}
"""
    return {"manifests.yaml": "".join(one.format(i=i) for i in range(count))}


def _yaml(items: Iterable[str]) -> str:
    listed = "".join(f"      - {item}\n" for item in items)
    return (
        'Version: "2012-10-17"\nStatement:\n  - Effect: Allow\n    Resource: "*"\n'
        f"    Action:\n{listed}"
    )


def _aliased(count: int) -> Files:
    """Half of the file is one list, the other half takes it again and again."""
    anchored = "".join(f"    - ec2:?*{i}?2*?\n" for i in range(count // 2))
    again = "".join(
        "  - {Effect: Allow, Resource: '*', Action: *l}\n" for _ in range(max(1, count // 5))
    )
    return {
        "p.yaml": 'Version: "2012-10-17"\nStatement:\n  - Effect: Allow\n    Resource: "*"\n'
        f"    Action: &l\n{anchored}{again}"
    }


# What stands around policies

_WIDE = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


def _ignores(count: int) -> Files:
    one = '    // iamlint: ignore[wildcard-service] because\n    {{"Sid": "S{i}", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
    return {
        "p.json": '{"Version": "2012-10-17", "Statement": [\n'
        + ",\n".join(one.format(i=i) for i in range(count))
        + "\n]}"
    }


def _ignore_findings(count: int) -> Files:
    one = '[[ignore-finding]]\nrule = "wildcard-service"\nfile = "p{i}.json"\nreason = "because"\n'
    return {
        "iamlint.toml": "".join(one.format(i=i) for i in range(count)),
        "p.json": _policy(*([_WIDE] * max(1, count // 10))),
    }


def _kinds(count: int) -> Files:
    kinds = "".join(f'"policies/a{i}*.json" = "scp"\n' for i in range(count))
    return {
        "iamlint.toml": f"[kinds]\n{kinds}",
        **{f"policies/p{i}.json": _policy(_allow()) for i in range(max(1, count // 20))},
    }


def _gitignore(count: int) -> Files:
    return {
        ".gitignore": "".join(f"a{i}*b/**/x{i}\n" for i in range(count)),
        **{f"d{i}/p.json": _policy(_allow()) for i in range(max(1, count // 20))},
    }


def _excludes(count: int) -> Files:
    globs = ", ".join(f'"a{i}*b/**/x{i}"' for i in range(count))
    return {
        "iamlint.toml": f"exclude = [{globs}]\n",
        **{f"d{i}/p.json": _policy(_allow()) for i in range(max(1, count // 20))},
    }


def _tree(count: int) -> Files:
    return {f"d{i // 20}/p{i}.json": _policy(_allow()) for i in range(count)}


def _nested_tree(count: int) -> Files:
    """Folders in folders, with a configuration in each."""
    files: Files = {}
    for i in range(count):
        folder = f"{i}/" + "d/" * 10
        files[f"{folder}iamlint.toml"] = 'ignore = ["wildcard-service"]\n'
        files[f"{folder}p.json"] = _policy(_WIDE)
    return files


_OF_ONE = 50


def _findings(count: int) -> Files:
    """Policies of 50 statements, with a finding in each statement."""
    return _policies(count, lambda i: {**_WIDE, "Sid": f"S{i}"})


def _policies(count: int, statement: Callable[[int], Json]) -> Files:
    starts = range(0, count, _OF_ONE)
    return {
        f"p{start}.json": json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [statement(i) for i in range(start, min(start + _OF_ONE, count))],
            },
            indent=1,
        )
        for start in starts
    }


def _baseline(count: int) -> Files:
    """No finding has the fingerprint of an entry."""
    entry = {"path": "p0.json", "rule": "wildcard-service", "message": "m"}
    entries = [{**entry, "fingerprint": f"{i:064x}"} for i in range(count)]
    baseline = {"version": 1, "reason": "known", "findings": entries}
    return {
        **_findings(count // 4 + 1),
        "baseline.json": json.dumps(baseline),
    }


# Long texts

_STARS = "?*a" * 100
_LONG = "abc" * 100

# Questions

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


def _scenario(**parts: Json) -> Json:
    request = {
        "principal": _ROLE,
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "resource_account": ACCOUNT,
        **parts.pop("request", {}),
    }
    document = {"Version": "2012-10-17", "Statement": [parts.pop("statement", _allow())]}
    return {"request": request, "policies": {"identity": [document]}, **parts}


def _simulated(make: Callable[[int], Json]) -> Callable[[int], Files]:
    return lambda count: {"s.json": json.dumps([make(count)])}


def _any_value(operator: str, count: int) -> Json:
    half = count // 2
    condition = {operator: {"aws:TagKeys": [f"*a{i}?" for i in range(half)]}}
    context = {"aws:TagKeys": [f"b{i}" for i in range(half)]}
    return _scenario(statement=_allow(Condition=condition), request={"context": context})


SERIES: tuple[Series, ...] = (
    # Those that once took more than their share
    Series(
        "terraform-flatten",
        "items of a list that is combined with itself",
        _flatten,
        exits=_NONE_READ,
    ),
    Series("terraform-for", "items of a `for`", _tf_for, exits=_NONE_READ),
    Series("terraform-for-each", "instances of a resource", _tf_for_each),
    Series("terraform-dynamic", "blocks of a `dynamic`", _tf_dynamic, exits=_NONE_READ),
    Series("terraform-join", "items of a list, all joined for each", _tf_join, exits=_NONE_READ),
    Series("terraform-overrides", "resources, each changed by another file", _tf_overrides),
    Series("terraform-modules", "modules that call all later ones", _tf_modules),
    Series(
        "terraform-heredoc",
        "openings in a heredoc",
        _one("main.tf", lambda n: "a = <<E\n" + "${" * n + "\nE\n# aws_iam_policy\n"),
        exits=_NONE_READ,
    ),
    Series("actions-wild", "actions `ec2:?*1?2*?`", _action(lambda i: f"ec2:?*{i}?2*?")),
    Series("yaml-aliases", "a list and its aliases", _aliased, exits=_NONE_READ),
    Series("actions-star", "actions that end in `*`", _action(lambda i: f"s3:Get{i}*")),
    Series("actions-star-head", "actions that begin with `*`", _action(lambda i: f"s3:*{i}")),
    Series("actions-equal", "one action again and again", _action(lambda i: "s3:GetObject")),
    Series("actions-plain", "actions", _action(lambda i: f"s3:Get{i}")),
    Series("not-actions", "entries of `NotAction`", _action(lambda i: f"s3:Get{i}*", "NotAction")),
    Series("resources-plain", "resources", _resource(lambda i: f"arn:aws:s3:::b{i}/k")),
    Series(
        "resources-star",
        "resources `role/*N*`",
        _resource(lambda i: f"arn:aws:iam::{ACCOUNT}:role/*{i}*"),
    ),
    Series(
        "resources-equal", "one resource again and again", _resource(lambda i: "arn:aws:s3:::b/*")
    ),
    Series(
        "not-resources",
        "entries of `NotResource`",
        _resource(lambda i: f"arn:aws:s3:::b{i}/*", "NotResource"),
    ),
    Series(
        "operators",
        "operators of a condition",
        _statement(
            lambda n: _allow(
                Condition={f"StringEquals{i}": {"aws:username": "a"} for i in range(n)}
            )
        ),
    ),
    Series(
        "values-equal",
        "one value of a condition again and again",
        _values("StringEquals", "aws:PrincipalTag/team", lambda i: "a"),
    ),
    Series("ignore-comments", "findings, each with an ignore", _ignores),
    Series("ignore-findings", "tables `[[ignore-finding]]`", _ignore_findings),
    Series("kinds", "entries of `[kinds]`, and files", _kinds),
    Series(
        "can-all",
        "roles of an account, one asked for `*:*` on `*`",
        _dump,
        ("can", "role/r0", "*:*", "--on", "*"),
    ),
    Series(
        "any-value",
        "values under `ForAnyValue:StringLike`, and of the request",
        _simulated(lambda n: _any_value("ForAnyValue:StringLike", n)),
        ("simulate", "s.json"),
    ),
    # Others
    Series(
        "all-values",
        "values under `ForAllValues:StringNotLike`, and of the request",
        _simulated(lambda n: _any_value("ForAllValues:StringNotLike", n)),
        ("simulate", "s.json"),
    ),
    Series(
        "simulate-context",
        "keys of a request",
        _simulated(
            lambda n: _scenario(
                request={"context": {f"aws:PrincipalTag/t{i}": "a" for i in range(n)}}
            )
        ),
        ("simulate", "s.json"),
    ),
    Series(
        "simulate-statements",
        "statements that a request meets",
        _simulated(
            lambda n: {
                **_scenario(),
                "policies": {
                    "identity": [
                        {
                            "Version": "2012-10-17",
                            "Statement": [
                                _allow(Resource=f"arn:aws:s3:::b{i}*/k*") for i in range(n)
                            ],
                        }
                    ]
                },
            }
        ),
        ("simulate", "s.json"),
    ),
    Series(
        "simulate-resources",
        "resources of one statement",
        _simulated(
            lambda n: _scenario(
                statement=_allow(Resource=[f"arn:aws:s3:::b*{i}/?*" for i in range(n)])
            )
        ),
        ("simulate", "s.json"),
    ),
    Series(
        "simulate-lines",
        "scenarios",
        _one("s.jsonl", _lines("", lambda i: json.dumps(_scenario(id=str(i))) + "\n")),
        ("simulate", "s.jsonl"),
    ),
    Series(
        "simulate-stars",
        "stars in a pattern, and the text it meets",
        _simulated(
            lambda n: _scenario(
                statement=_allow(Resource="arn:aws:s3:::b/" + "*a?" * (n // 2) + "b"),
                request={"resource": "arn:aws:s3:::b/" + "ab" * (n // 2)},
            )
        ),
        ("simulate", "s.json"),
    ),
    Series(
        "can-dump",
        "roles of an account",
        _dump,
        ("can", "role/r0", "s3:GetObject", "--on", "arn:aws:s3:::b0/k"),
    ),
    Series(
        "who-can-dump",
        "principals of a dump",
        _dump,
        ("who-can", "s3:GetObject", "--on", "arn:aws:s3:::b0/k"),
    ),
    Series("dump", "roles of a dump", _dump),
    Series("statements", "statements", _each(lambda i: _allow(Resource=f"arn:aws:s3:::b{i}/*"))),
    Series(
        "statements-sids",
        "statements with one Sid",
        _each(lambda i: _allow(Sid="a", Resource=f"arn:aws:s3:::b{i}/*")),
    ),
    Series("statements-equal", "one statement again and again", _each(lambda i: _allow())),
    Series(
        "denies",
        "Allows and as many Denies",
        _each(
            lambda i: {
                **_allow(Action=f"iam:Get{i}*", Resource=f"arn:aws:iam::{ACCOUNT}:role/r{i}*"),
                "Effect": "Deny" if i % 2 else "Allow",
            }
        ),
    ),
    Series(
        "denies-not",
        "Allows, and Denies with `NotAction`",
        _each(
            lambda i: (
                {
                    "Effect": "Deny",
                    "NotAction": f"iam:Get{i}*",
                    "Resource": "*",
                    "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": f"o-{i}"}},
                }
                if i % 2
                else _allow(Action="iam:PassRole", Resource=f"arn:aws:iam::{ACCOUNT}:role/r{i}*")
            )
        ),
    ),
    Series(
        "escalation",
        "statements that pass roles and start instances",
        _each(
            lambda i: _allow(
                Action=["iam:PassRole", "ec2:RunInstances", "lambda:CreateFunction"],
                Resource=["*", f"arn:aws:s3:::b{i}/*"],
            )
        ),
    ),
    Series(
        "conditions-keys",
        "keys of a condition",
        _statement(
            lambda n: _allow(
                Condition={"StringEquals": {f"aws:PrincipalTag/t{i}": "a" for i in range(n)}}
            )
        ),
    ),
    Series(
        "conditions-values",
        "values of a condition",
        _values("StringLike", "aws:PrincipalTag/team", lambda i: f"a{i}*"),
    ),
    Series(
        "conditions-against",
        "values wanted and as many kept out",
        _statement(
            lambda n: _allow(
                Condition={
                    "StringLike": {"aws:PrincipalTag/t": [f"*a{i}" for i in range(n // 2)]},
                    "StringNotLike": {"aws:PrincipalTag/t": [f"*b{i}" for i in range(n // 2)]},
                }
            )
        ),
    ),
    Series(
        "conditions-twice",
        "values under two operators",
        _statement(
            lambda n: _allow(
                Condition={
                    "StringLike": {"aws:PrincipalTag/t": [f"a{i}" for i in range(n // 2)]},
                    "StringEquals": {"aws:PrincipalTag/t": [f"b{i}" for i in range(n // 2)]},
                }
            )
        ),
    ),
    Series(
        "conditions-networks",
        "networks of a condition",
        _values(
            "IpAddress", "aws:SourceIp", lambda i: f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}/32"
        ),
    ),
    Series(
        "conditions-networks-against",
        "networks wanted and as many kept out",
        _statement(
            lambda n: _allow(
                Condition={
                    "IpAddress": {
                        "aws:SourceIp": [f"10.{i >> 8 & 255}.{i & 255}.0/24" for i in range(n)]
                    },
                    "NotIpAddress": {
                        "aws:SourceIp": [f"11.{i >> 8 & 255}.{i & 255}.0/24" for i in range(n)]
                    },
                }
            )
        ),
    ),
    Series(
        "conditions-arns",
        "ARNs of a condition",
        _values("ArnLike", "aws:SourceArn", lambda i: f"arn:aws:s3:*:{ACCOUNT}:b{i}*"),
    ),
    Series(
        "conditions-numbers", "numbers of a condition", _values("NumericEquals", "s3:max-keys", str)
    ),
    Series(
        "conditions-dates",
        "dates of a condition",
        _values("DateLessThan", "aws:CurrentTime", lambda i: f"2027-01-01T00:00:{i % 60:02}Z"),
    ),
    Series(
        "conditions-of-each",
        "statements with a condition of their own",
        _each(
            lambda i: _allow(
                Action="ec2:RunInstances",
                Resource="*",
                Condition={"StringEquals": {"ec2:InstanceType": f"t{i}"}},
            )
        ),
    ),
    Series(
        "variables",
        "variables in one resource",
        _statement(lambda n: _allow(Resource="arn:aws:s3:::b/" + "${aws:username}" * n)),
    ),
    Series(
        "variables-open",
        "openings of variables in one resource",
        _statement(lambda n: _allow(Resource="arn:aws:s3:::b/" + "${" * n)),
    ),
    Series("stars", "actions with 100 stars each", _action(lambda i: f"s3:{_STARS}{i}")),
    Series(
        "stars-resources",
        "resources with 100 stars each",
        _resource(lambda i: f"arn:aws:s3:::b/{_STARS}{i}"),
    ),
    Series(
        "stars-variables",
        "resources with 20 variables and stars each",
        _resource(lambda i: "arn:aws:s3:::b/" + "${aws:username}*a?" * 20 + str(i)),
    ),
    Series(
        "stars-values",
        "values with 100 stars each, wanted and kept out",
        _statement(
            lambda n: _allow(
                Condition={
                    "StringLike": {"aws:PrincipalTag/t": [f"{_STARS}{i}" for i in range(n // 2)]},
                    "StringNotLike": {
                        "aws:PrincipalTag/t": [f"{_STARS}{i}b" for i in range(n // 2)]
                    },
                }
            )
        ),
    ),
    Series(
        "stars-arns",
        "ARNs with 100 stars each, wanted and kept out",
        _statement(
            lambda n: _allow(
                Condition={
                    "ArnLike": {
                        "aws:SourceArn": [f"arn:aws:s3:::b/{_STARS}{i}" for i in range(n // 2)]
                    },
                    "ArnNotLike": {
                        "aws:SourceArn": [f"arn:aws:s3:::b/{_STARS}{i}b" for i in range(n // 2)]
                    },
                }
            )
        ),
    ),
    Series(
        "stars-denies",
        "Allows and as many Denies with 100 stars each",
        _each(
            lambda i: {
                **_allow(Action=f"s3:{_STARS}{i}", Resource=f"arn:aws:s3:::b/{_STARS}{i}"),
                "Effect": "Deny" if i % 2 else "Allow",
            }
        ),
    ),
    Series(
        "principals-long",
        "principals of 300 characters",
        _one(
            "p.json",
            lambda n: _policy(
                {
                    **_allow(),
                    "Principal": {
                        "AWS": [f"arn:aws:iam::{ACCOUNT}:role/{_STARS}{i}" for i in range(n)]
                    },
                }
            ),
        ),
    ),
    Series(
        "principals-services-long",
        "services as principals, of 300 characters",
        _one(
            "p.json",
            lambda n: _policy(
                {
                    **_allow(Action="sts:AssumeRole"),
                    "Principal": {"Service": [f"{_LONG}{i}.amazonaws.com" for i in range(n)]},
                }
            ),
        ),
    ),
    Series("actions-long", "actions of 300 characters", _action(lambda i: f"s3:Get{_LONG}{i}")),
    Series(
        "conditions-keys-long",
        "keys of 300 characters",
        _statement(
            lambda n: _allow(
                Condition={"StringEquals": {f"aws:PrincipalTag/{_LONG}{i}": "a" for i in range(n)}}
            )
        ),
    ),
    Series(
        "keys-unknown-of-300",
        "elements of 300 characters that are not known",
        _each(lambda i: {**_allow(), f"Resource{_LONG}{i}": "a"}),
    ),
    Series(
        "stars-long",
        "wildcards in one resource, beside another",
        _statement(
            lambda n: _allow(
                Resource=["arn:aws:s3:::b/" + "*a?" * n, "arn:aws:s3:::b/" + "a*b" * n]
            )
        ),
    ),
    Series(
        "text-long",
        "characters of one action",
        _statement(lambda n: _allow(Action="s3:" + "a" * n)),
    ),
    Series(
        "keys-unknown",
        "elements that are nearly known",
        _each(lambda i: {**_allow(), f"Resorce{i}": "a", "Efect": "b"}),
    ),
    Series(
        "keys-unknown-long",
        "characters of an unknown element",
        _statement(lambda n: {**_allow(), "R" * n: "a"}),
    ),
    Series(
        "keys-twice",
        "one element again and again",
        _one(
            "p.json",
            lambda n: (
                '{"Version": "2012-10-17", "Statement": [{'
                + '"Action": "s3:*", ' * n
                + '"Effect": "Allow", "Resource": "*"}]}'
            ),
        ),
    ),
    Series("actions-unknown", "actions that nearly exist", _action(lambda i: f"s3:GetObjct{i}")),
    Series("services-unknown", "services that do not exist", _action(lambda i: f"s3x{i}:Get")),
    Series(
        "principals",
        "principals",
        _one(
            "p.json",
            lambda n: _policy(
                {
                    **_allow(),
                    "Principal": {"AWS": [f"arn:aws:iam::{i:012}:role/r{i}" for i in range(n)]},
                }
            ),
        ),
    ),
    Series(
        "principals-services",
        "services as principals",
        _one(
            "p.json",
            lambda n: _policy(
                {
                    **_allow(Action="sts:AssumeRole"),
                    "Principal": {"Service": [f"a{i}.amazonaws.com" for i in range(n)]},
                }
            ),
        ),
    ),
    Series(
        "trust-oidc",
        "subjects of tokens",
        _one(
            "p.json",
            lambda n: _policy(
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Principal": {
                        "Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
                    },
                    "Condition": {
                        "StringLike": {
                            "token.actions.githubusercontent.com:sub": [
                                f"repo:o{i}/r:*" for i in range(n)
                            ]
                        }
                    },
                }
            ),
        ),
    ),
    Series(
        "trust-statements",
        "statements of a trust policy",
        _each(
            lambda i: {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": f"arn:aws:iam::{i:012}:root"},
                "Condition": {"StringEquals": {"sts:ExternalId": f"e{i}"}},
            }
        ),
    ),
    Series(
        "public",
        "statements of a resource policy for everyone",
        _each(lambda i: {**_allow(Resource=f"arn:aws:s3:::b{i}/*"), "Principal": "*"}),
    ),
    Series(
        "json-deep",
        "lists in lists",
        _one("p.json", lambda n: '{"Statement": ' + "[" * n + "]" * n + "}"),
        exits=_NONE_READ,
    ),
    Series(
        "json-embedded",
        "policies as texts in JSON",
        _one(
            "p.json",
            lambda n: json.dumps(
                {
                    "items": [
                        {"policy": _policy(_allow(Resource=f"arn:aws:s3:::b{i}/*"))}
                        for i in range(n)
                    ]
                }
            ),
        ),
    ),
    Series(
        "json-escapes",
        "escapes",
        _one(
            "p.json",
            lambda n: _policy(_allow()).replace("GetObject", "\\u0047etObject" + "\\u0061" * n),
        ),
    ),
    Series("json-comments", "comments", _one("p.json", lambda n: "// a\n" * n + _policy(_allow()))),
    Series(
        "json5",
        "values of JSON5",
        _one(
            "p.json5",
            lambda n: (
                "{Version: '2012-10-17', Statement: ["
                + ",".join(
                    f"{{Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b{i}/*'}}"
                    for i in range(n)
                )
                + "]}"
            ),
        ),
        exits=_NONE_READ,
    ),
    Series(
        "json-comments-policies",
        "policies with a comment in each, as texts in one file",
        _one(
            "p.json",
            lambda n: (
                '{"items": ['
                + ",\n".join(
                    f"{_policy(_allow(Resource=f'arn:aws:s3:::b{i}/*'))} // a" for i in range(n)
                )
                + "\n]}"
            ),
        ),
    ),
    Series(
        "actions-groups",
        "actions, each with a wildcard that covers it",
        _statement(
            lambda n: _allow(Action=[f"s3:Get{i // 2:06}" + "*" * (i % 2) for i in range(n)])
        ),
    ),
    Series(
        "json-broken",
        "characters after a mistake",
        _one("p.json", lambda n: '{"Statement": [{"Effect": "Allow", "Action": ' + '"s3:*", ' * n),
    ),
    Series(
        "yaml-list",
        "items of YAML",
        _one("p.yaml", lambda n: _yaml(f"s3:Get{i}" for i in range(n))),
    ),
    Series(
        "yaml-flow",
        "items of YAML in a line",
        _one(
            "p.yaml",
            lambda n: (
                'Version: "2012-10-17"\nStatement:\n  - Effect: Allow\n    Resource: "*"\n    Action: ['
                + ", ".join(f'"s3:Get{i}"' for i in range(n))
                + "]\n"
            ),
        ),
    ),
    Series(
        "yaml-anchors",
        "anchors",
        _one("p.yaml", lambda n: _yaml(f"&a{i} s3:Get{i}" for i in range(n))),
    ),
    Series(
        "yaml-documents",
        "documents of a YAML file",
        _one(
            "p.yaml",
            lambda n: "".join(
                f"---\nVersion: '2012-10-17'\nStatement:\n- {{Effect: Allow, Action: 's3:Get{i}', Resource: '*'}}\n"
                for i in range(n)
            ),
        ),
    ),
    Series("manifests", "manifests of Kubernetes", _manifests),
    Series("terraform-statements", "blocks `statement`", _tf_statements),
    Series("terraform-locals", "locals, each of the one before", _tf_locals),
    Series("terraform-resources", "resources of a module", _tf_resources),
    Series("terraform-parentheses", "parentheses", _tf_nested),
    Series("terraform-state", "resources of a state", _tf_state),
    Series("terraform-plan", "resources of a plan", _tf_plan),
    Series("terraform-plan-modules", "modules of a plan", _tf_plan_modules),
    Series("terraform-local-files", "files with a local each", _tf_local_files, exits=_NONE_READ),
    Series("terraform-template", "a template with four conditions", _tf_template, exits=_NONE_READ),
    Series("terraform-conditions", "resources with a condition each", _tf_conditions),
    Series("terraform-file", "a file that is used three times", _tf_file, exits=_NONE_READ),
    Series("terraform-fileset", "files that `fileset` lists", _tf_fileset, exits=_NONE_READ),
    Series("terraform-count", "calls of a module with `count`", _tf_counted),
    Series("terraform-roots", "root modules that call one module", _tf_roots),
    Series("template-roles", "roles of a template", _cfn_roles),
    Series(
        "template-sub",
        "variables of one `Fn::Sub`",
        lambda n: _cfn_managed(
            _allow(Resource={"Fn::Sub": "arn:aws:s3:::b/" + "${AWS::Region}" * n})
        ),
    ),
    Series(
        "template-join",
        "parts of one `Fn::Join`",
        lambda n: _cfn_managed(
            _allow(Resource={"Fn::Join": ["", ["arn:aws:s3:::b/", *[{"Ref": "AWS::Region"}] * n]]})
        ),
    ),
    Series("template-conditions", "conditions of a template", _cfn_conditions),
    Series("template-for-each", "turns of `Fn::ForEach`", _cfn_for_each),
    Series("template-sam", "functions of SAM", _sam),
    Series("files", "files", _tree),
    Series("files-nested", "folders with a configuration", _nested_tree),
    Series("gitignore", "lines of `.gitignore`, and files", _gitignore),
    Series("excludes", "entries of `exclude`, and files", _excludes),
    *(
        Series(
            f"report-{name}",
            f"findings, reported as {name}",
            _findings,
            ("check", ".", "--output-format", name),
        )
        for name in ("json", "sarif", "html", "junit", "markdown", "github", "gitlab")
    ),
    Series(
        "fix-diff",
        "findings that can be fixed",
        _statement(lambda n: _allow(Action=["s3:GetObject", *("s3:getobject" for i in range(n))])),
        ("check", ".", "--diff"),
    ),
    Series(
        "fix-diff-statements",
        "statements that can be fixed, 50 in a policy",
        lambda n: _policies(
            n,
            lambda i: _allow(
                Action=["s3:GetObject", "s3:GetObject"], Resource=f"arn:aws:s3:::b{i}/*"
            ),
        ),
        ("check", ".", "--diff"),
    ),
    Series(
        "baseline",
        "entries of a baseline",
        _baseline,
        ("check", ".", "--baseline", "baseline.json"),
    ),
)
