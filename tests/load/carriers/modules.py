"""Carriers of Terraform and OpenTofu: modules, plans and states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from iamlint.load.terraform.aws.cloud_control import name_of
from iamlint.policy.grammar import Kind
from tests.load.carriers.carrier import (
    AT_HOME,
    HOMES,
    Carrier,
    Item,
    Policy,
    dumped,
    escaped,
    text,
)
from tests.load.carriers.documents import (
    STATEMENTS,
    as_blocks,
    as_objects,
    data_in_json,
    means,
    says,
)
from tests.load.carriers.templates import OF_RESOURCES, resource, template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FORMAT: Final = "Terraform, OpenTofu"
PLANS: Final = "plans and states"
TEMPLATES: Final = "templates of CloudFormation in stacks and stack sets"
SPELT: Final = {
    "PolicyDocument": "policy_document",
    "AssumeRolePolicyDocument": "assume_role_policy_document",
    "Policy": "policy",
    "Content": "content",
}


def _attributes(beside: Mapping[str, str]) -> str:
    return "".join(f'  {key} = "{value}"\n' for key, value in beside.items())


def block(item: Item, value: str) -> str:
    """Return the usual resource of a kind of policy."""
    home = HOMES[item.kind]
    type_, name = home.module
    body = f"{_attributes(home.beside)}  {name} = {value}\n"
    return f'resource "{type_}" "{item.name}" {{\n{body}}}\n'


def module(items: Sequence[Item], write: Callable[[Policy], str]) -> str:
    return "".join(block(item, write(escaped(item.policy))) for item in items)


def heredoc(policy: Policy) -> str:
    return f"<<-EOT\n{text(policy)}\n  EOT"


def jsonencode(policy: Policy) -> str:
    return f"jsonencode({text(policy)})"


def locals_of(items: Sequence[Item]) -> str:
    values = "".join(f"  {item.name} = {text(escaped(item.policy))}\n" for item in items)
    used = "".join(block(item, f"jsonencode(local.{item.name})") for item in items)
    return f"locals {{\n{values}}}\n{used}"


def reading(items: Sequence[Item], function: str) -> str:
    return "".join(
        block(item, function.format(f'"${{path.module}}/{item.name}.json"')) for item in items
    )


def files(items: Sequence[Item]) -> dict[str, str]:
    return {f"{item.name}.json": text(item.policy) for item in items}


def templated_files(items: Sequence[Item]) -> dict[str, str]:
    return {f"{item.name}.json": text(escaped(item.policy)) for item in items}


def calling(items: Sequence[Item]) -> str:
    return "".join(
        f'module "{item.name}" {{\n  source = "./{item.kind}"\n'
        f"  policy = {jsonencode(escaped(item.policy))}\n}}\n"
        for item in items
    )


def called(items: Sequence[Item]) -> dict[str, str]:
    variable = 'variable "policy" {}\n'
    return {
        f"{kind}/main.tf": variable + block(Item("this", kind, None), "var.policy")
        for kind in {item.kind for item in items}
    }


def chosen(items: Sequence[Item]) -> str:
    written = module(items, lambda policy: f"var.wanted ? {jsonencode(policy)} : null")
    return f'variable "wanted" {{\n  type = bool\n}}\n{written}'


def documents(items: Sequence[Item]) -> str:
    """Return blocks of `aws_iam_policy_document`."""
    return "".join(
        f'data "aws_iam_policy_document" "{item.name}" {{\n{as_blocks(item.policy)}}}\n'
        + block(item, f"data.aws_iam_policy_document.{item.name}.json")
        for item in items
    )


def documents_in_json(items: Sequence[Item]) -> str:
    found: dict[str, Any] = {}
    data = {}
    for item in items:
        type_, name = HOMES[item.kind].module
        data[item.name] = data_in_json(item.policy)
        value = f"${{data.aws_iam_policy_document.{item.name}.json}}"
        found.setdefault(type_, {})[item.name] = {**HOMES[item.kind].beside, name: value}
    return text({"data": {"aws_iam_policy_document": data}, "resource": found})


MODULES: Final = {
    Kind.IDENTITY: ("terraform-aws-modules/lambda/aws", "policy_statements"),
    Kind.TRUST: ("terraform-aws-modules/lambda/aws", "assume_role_policy_statements"),
    Kind.RESOURCE: ("terraform-aws-modules/sqs/aws", "queue_policy_statements"),
}
SWITCHES: Final = {
    Kind.IDENTITY: "attach_policy_statements",
    Kind.TRUST: None,
    Kind.RESOURCE: "create_queue_policy",
}


def registry(items: Sequence[Item]) -> str:
    written = []
    for item in items:
        source, name = MODULES[item.kind]
        switch = SWITCHES[item.kind]
        body = f"  {switch} = true\n" if switch else ""
        values = as_objects(item.policy)
        written.append(
            f'module "{item.name}" {{\n  source = "{source}"\n{body}  {name} = {text(values)}\n}}\n'
        )
    return "".join(written)


def lists_of_policies(items: Sequence[Item]) -> str:
    return "".join(
        f'module "{item.name}" {{\n  source = "cloudposse/iam-policy/aws"\n'
        f"  iam_policy = {text([{'statements': as_objects(item.policy)}])}\n}}\n"
        for item in items
    )


def in_json_form(items: Sequence[Item]) -> str:
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.module
        body = {**home.beside, name: text(escaped(item.policy))}
        found.setdefault(type_, {})[item.name] = body
    return text({"resource": found})


def cloud_control(items: Sequence[Item]) -> str:
    written = []
    for item in items:
        home = HOMES[item.kind]
        type_, name = home.template
        written.append(
            f'resource "{name_of(type_)}" "{item.name}" {{\n{_attributes(home.beside)}'
            f"  {SPELT[name]} = {jsonencode(escaped(item.policy))}\n}}\n"
        )
    return "".join(written)


def desired_states(items: Sequence[Item]) -> str:
    written = []
    for item in items:
        found = resource(item, escaped(item.policy))
        written.append(
            f'resource "aws_cloudcontrolapi_resource" "{item.name}" {{\n'
            f'  type_name = "{found["Type"]}"\n'
            f"  desired_state = {jsonencode(found['Properties'])}\n}}\n"
        )
    return "".join(written)


def stacks(items: Sequence[Item], type_: str, write: Callable[[Policy], str]) -> str:
    return "".join(
        f'resource "{type_}" "{item.name}" {{\n  name = "x"\n'
        f"  template_body = {write(escaped(template([item])))}\n}}\n"
        for item in items
    )


def bodies(items: Sequence[Item]) -> str:
    return "".join(
        f'resource "aws_api_gateway_rest_api" "{item.name}" {{\n  body = '
        f"{jsonencode({'paths': {}, 'x-amazon-apigateway-policy': escaped(item.policy)})}\n}}\n"
        for item in items
    )


def in_yaml(policy: Policy) -> str:
    return f"<<-EOT\n{dumped(policy)}\n  EOT"


def values(item: Item) -> tuple[str, dict[str, str]]:
    """Return the type and the attributes of the usual resource of a policy."""
    home = HOMES[item.kind]
    return home.module[0], {**home.beside, home.module[1]: text(item.policy)}


def of_cloud_control(item: Item) -> tuple[str, dict[str, str]]:
    home = HOMES[item.kind]
    type_, name = home.template
    return name_of(type_), {**home.beside, SPELT[name]: text(item.policy)}


def of_stack(item: Item) -> tuple[str, dict[str, str]]:
    return "aws_cloudformation_stack", {"name": "x", "template_body": text(template([item]))}


Values: TypeAlias = "Callable[[Item], tuple[str, dict[str, Any]]]"


def plan(items: Sequence[Item], values_of: Values = values) -> str:
    changes = []
    for item in items:
        type_, after = values_of(item)
        change = {"actions": ["create"], "after": after, "after_unknown": {}}
        about = {"address": f"{type_}.{item.name}", "mode": "managed", "type": type_}
        changes.append({**about, "name": item.name, "change": change})
    return text({"format_version": "1.2", "planned_values": {}, "resource_changes": changes})


def plan_with_data(items: Sequence[Item]) -> str:
    """Return a plan with data sources that are read during apply."""
    type_ = "aws_iam_policy_document"
    changes, uses = [], []
    for item in items:
        change = {
            "actions": ["read"],
            "after": says(item.policy),
            "after_unknown": {"json": True, "id": True},
        }
        address = f"data.{type_}.{item.name}"
        about = {"address": address, "mode": "data", "type": type_, "name": item.name}
        changes.append({**about, "change": change})
        user, name = HOMES[item.kind].module
        beside = HOMES[item.kind].beside.items()
        expressions: dict[str, Any] = {key: {"constant_value": value} for key, value in beside}
        expressions[name] = {"references": [f"{address}.json", address]}
        uses.append({"type": user, "name": item.name, "expressions": expressions})
    configuration = {"root_module": {"resources": uses}}
    return text(
        {"format_version": "1.2", "resource_changes": changes, "configuration": configuration}
    )


def shown(items: Sequence[Item], member: str) -> str:
    resources = []
    for item in items:
        type_, attributes = values(item)
        about = {"address": f"{type_}.{item.name}", "mode": "managed", "type": type_}
        resources.append({**about, "name": item.name, "values": attributes})
    inner = {"address": "module.m", "resources": resources}
    root = {"resources": [], "child_modules": [inner]}
    return text({"format_version": "1.0", member: {"root_module": root}})


def state(items: Sequence[Item], values_of: Values = values) -> str:
    resources = []
    for item in items:
        type_, attributes = values_of(item)
        about = {"mode": "managed", "type": type_, "name": item.name}
        resources.append({**about, "instances": [{"attributes": attributes}]})
    return text({"version": 4, "lineage": "x", "resources": resources})


def _of_kinds(*kinds: Kind) -> frozenset[Kind]:
    return frozenset(kinds)


DOCUMENT_KINDS: Final = AT_HOME
CARRIERS: Final = (
    Carrier(
        "jsonencode", FORMAT, "`jsonencode`", "main.tf", lambda i: module(i, jsonencode), AT_HOME
    ),
    Carrier("tofu", FORMAT, "`jsonencode`", "main.tofu", lambda i: module(i, jsonencode), AT_HOME),
    Carrier("heredoc", FORMAT, "heredocs", "main.tf", lambda i: module(i, heredoc), AT_HOME),
    Carrier("json form", FORMAT, "the attributes below", "main.tf.json", in_json_form, AT_HOME),
    Carrier("choice", FORMAT, "the attributes below", "main.tf", chosen, AT_HOME),
    Carrier("locals", FORMAT, "locals", "main.tf", locals_of, AT_HOME),
    Carrier(
        "file",
        FORMAT,
        "`file` and `templatefile` inside the repository",
        "main.tf",
        lambda i: reading(i, "file({})"),
        AT_HOME,
        beside=files,
    ),
    Carrier(
        "templatefile",
        FORMAT,
        "`file` and `templatefile` inside the repository",
        "main.tf",
        lambda i: reading(i, "templatefile({}, {{}})"),
        AT_HOME,
        beside=templated_files,
    ),
    Carrier(
        "local modules",
        FORMAT,
        "local modules with the values of each call",
        "main.tf",
        calling,
        AT_HOME,
        beside=called,
    ),
    Carrier(
        "aws_iam_policy_document",
        FORMAT,
        "`aws_iam_policy_document`",
        "main.tf",
        documents,
        DOCUMENT_KINDS,
        says=says,
        means=means,
        rewrites=True,
    ),
    Carrier(
        "aws_iam_policy_document in json",
        FORMAT,
        "`aws_iam_policy_document`",
        "main.tf.json",
        documents_in_json,
        DOCUMENT_KINDS,
        says=says,
        means=means,
        rewrites=True,
    ),
    Carrier(
        "registry modules",
        FORMAT,
        STATEMENTS,
        "main.tf",
        registry,
        frozenset(MODULES),
        says=says,
        means=means,
        rewrites=True,
        is_bare=True,
    ),
    Carrier(
        "registry module with policies",
        FORMAT,
        STATEMENTS,
        "main.tf",
        lists_of_policies,
        _of_kinds(Kind.IDENTITY),
        says=says,
        means=means,
        rewrites=True,
        is_bare=True,
    ),
    Carrier("awscc", FORMAT, "types of Cloud Control", "main.tf", cloud_control, AT_HOME),
    Carrier("desired state", FORMAT, "types of Cloud Control", "main.tf", desired_states, AT_HOME),
    Carrier(
        "terraform stack",
        FORMAT,
        TEMPLATES,
        "main.tf",
        lambda i: stacks(i, "aws_cloudformation_stack", jsonencode),
        AT_HOME,
    ),
    Carrier(
        "terraform stack set",
        FORMAT,
        TEMPLATES,
        "main.tf",
        lambda i: stacks(i, "aws_cloudformation_stack_set", heredoc),
        AT_HOME,
    ),
    Carrier(
        "terraform stack in yaml",
        FORMAT,
        TEMPLATES,
        "main.tf",
        lambda i: stacks(i, "aws_cloudformation_stack", in_yaml),
        AT_HOME,
    ),
    Carrier(
        "bodies of apis",
        FORMAT,
        "OpenAPI bodies",
        "main.tf",
        bodies,
        OF_RESOURCES,
        shape="openapi",
    ),
    Carrier(
        "plan", PLANS, "plans, with the values that will be in force", "plan.json", plan, AT_HOME
    ),
    Carrier(
        "plan with awscc",
        PLANS,
        "plans, with the values that will be in force",
        "plan.json",
        lambda i: plan(i, of_cloud_control),
        AT_HOME,
    ),
    Carrier(
        "plan with stacks",
        PLANS,
        "plans, with the values that will be in force",
        "plan.json",
        lambda i: plan(i, of_stack),
        AT_HOME,
    ),
    Carrier(
        "plan with data",
        PLANS,
        "plans, with the values that will be in force",
        "plan.json",
        plan_with_data,
        DOCUMENT_KINDS,
        says=says,
        means=means,
        rewrites=True,
    ),
    Carrier(
        "planned values",
        PLANS,
        "plans, with the values that will be in force",
        "plan.json",
        lambda i: shown(i, "planned_values"),
        AT_HOME,
    ),
    Carrier("shown state", PLANS, "states", "s.json", lambda i: shown(i, "values"), AT_HOME),
    Carrier("state", PLANS, "states", "x.tfstate", state, AT_HOME),
)
