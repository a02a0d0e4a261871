"""Plans before and after they are applied, and states: values, and references to them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from tests.account.matrix.carrier import (
    Block,
    Carrier,
    Files,
    Ref,
    Text,
    Unknown,
    opens,
    text,
)
from tests.account.matrix.model import HOME, ORGANIZATION, Cell, Linked, Open
from tests.account.matrix.terraform import expression, references, types_of
from tests.account.matrix.terraform_blocks import SAYS, SAYS_AFTER, blocks

if TYPE_CHECKING:
    from tests.account.matrix.carrier import Value

FORMAT: Final = "plans and states"
_PROVIDER: Final = "registry.terraform.io/hashicorp/aws"
# A text is known as a whole, or not at all.
_SAYS_BEFORE: Final = SAYS | {Linked.TRUST: opens(Open.TEXT)}
_GIVEN: Final = {
    ("aws_iam_role", "arn"): f"arn:aws:iam::{HOME}:role/{{}}",
    ("aws_iam_role", "id"): "{}",
    ("aws_iam_user", "arn"): f"arn:aws:iam::{HOME}:user/{{}}",
    ("aws_iam_user", "id"): "{}",
    ("aws_iam_group", "arn"): f"arn:aws:iam::{HOME}:group/{{}}",
    ("aws_iam_group", "id"): "{}",
    ("aws_iam_policy", "arn"): f"arn:aws:iam::{HOME}:policy/{{}}",
    ("aws_iam_policy", "id"): f"arn:aws:iam::{HOME}:policy/{{}}",
    ("aws_s3_bucket", "arn"): "arn:aws:s3:::{}",
    ("aws_s3_bucket", "id"): "{}",
    ("aws_sqs_queue", "arn"): f"arn:aws:sqs:eu-west-1:{HOME}:{{}}",
    ("aws_sqs_queue", "id"): f"https://sqs.eu-west-1.amazonaws.com/{HOME}/{{}}",
    ("aws_sqs_queue", "url"): f"https://sqs.eu-west-1.amazonaws.com/{HOME}/{{}}",
    ("aws_organizations_policy", "id"): "p-guard123",
}
_ELSEWHERE: Final = {
    Linked.MEMBER: "elsewhere",
    Linked.SCP: "p-elsewhere1",
    Linked.RCP: "p-elsewhere1",
}
_POLICY: Final = f"arn:aws:organizations::999999999999:policy/{ORGANIZATION}/x/p-guard123"


def _name(block: Block) -> str:
    return str(block.attributes.get("name") or block.attributes.get("bucket"))


def _given(block: Block) -> dict[str, str]:
    """Return the attributes that AWS gives a created resource."""
    values = {
        name: form.format(_name(block)) for (t, name), form in _GIVEN.items() if t == block.type
    }
    if block.type == "aws_organizations_policy":
        values["arn"] = _POLICY
    return values or {"id": f"{block.label}-1"}


def _references(block: Block, name: str, types: dict[str, str]) -> list[str]:
    """Return the references of an attribute: each reference, then its resource."""
    found = []
    for one in references([Block(block.type, block.label, {name: block.attributes[name]})]):
        whole = expression(one, types)
        found += [whole] if isinstance(one, Unknown) else [whole, whole.rpartition(".")[0]]
    return found


def planned(some: list[Block]) -> dict[str, Value]:
    """Return a plan that creates blocks, and has not been applied."""
    types = types_of(some)
    changes, configured, made = [], [], []
    for block in some:
        values, open_ = _parted(block, some)
        unknown = open_ | dict.fromkeys(_given(block), True)
        change = {
            "actions": ["create"],
            "before": None,
            "after": values,
            "after_unknown": unknown,
            "before_sensitive": False,
            "after_sensitive": {},
        }
        about = _about(block)
        changes.append(about | {"change": change})
        made.append(about | {"schema_version": 0, "values": values, "sensitive_values": {}})
        expressions = {
            name: {"references": found}
            if (found := _references(block, name, types))
            else {"constant_value": _plain(value)}
            for name, value in block.attributes.items()
        }
        configured.append(
            about | {"provider_config_key": "aws", "schema_version": 0, "expressions": expressions}
        )
    whole = {"configuration": {"root_module": {"resources": configured}}}
    return _plan(changes, made) | whole


def _before(cell: Cell) -> Files:
    return {"plan.json": text(planned(blocks(cell)))}


def _parted(block: Block, some: list[Block]) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return the values of a resource that a plan knows, and those known after apply."""
    values: dict[str, Value] = {}
    unknown: dict[str, Value] = {}
    by_label = {one.label: one for one in some}
    for name, value in block.attributes.items():
        one = value[0] if isinstance(value, list) else value
        if isinstance(one, Ref) and one.attribute == "name":
            plain: Value = _name(by_label[one.label])
            values[name] = [plain] if isinstance(value, list) else plain
        elif isinstance(one, Ref | Unknown):
            unknown[name] = [True] if isinstance(value, list) else True
            if isinstance(value, list):
                values[name] = [None]
        else:
            values[name] = _plain(value)
    return values, unknown


def _plain(value: Value) -> Value:
    return json.dumps(value.policy) if isinstance(value, Text) else value


def _about(block: Block) -> dict[str, Value]:
    return {
        "address": f"{block.type}.{block.label}",
        "mode": "managed",
        "type": block.type,
        "name": block.label,
        "provider_name": _PROVIDER,
    }


def _plan(changes: list[Value], planned: list[Value]) -> dict[str, Value]:
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.8",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
    }


def applied(cell: Cell) -> list[tuple[Block, dict[str, Value]]]:
    """Return the resources with all values after apply."""
    some = blocks(cell)
    given = {block.label: _given(block) | {"name": _name(block)} for block in some}
    elsewhere = _ELSEWHERE.get(cell.linked, f"arn:aws:iam::{HOME}:policy/elsewhere")

    def value(one: Value) -> Value:
        if isinstance(one, list):
            return [value(item) for item in one]
        if isinstance(one, Ref):
            return given[one.label][one.attribute or "id"]
        return elsewhere if isinstance(one, Unknown) else _plain(one)

    return [
        (block, {name: value(one) for name, one in block.attributes.items()} | _given(block))
        for block in some
    ]


def _after(cell: Cell) -> Files:
    changes: list[Value] = []
    planned: list[Value] = []
    for block, values in applied(cell):
        change = {"actions": ["no-op"], "before": values, "after": values, "after_unknown": {}}
        about = _about(block)
        changes.append(about | {"change": change})
        planned.append(about | {"schema_version": 0, "values": values, "sensitive_values": {}})
    return {"plan.json": text(_plan(changes, planned))}


def _state(cell: Cell) -> Files:
    resources = [
        {
            "mode": "managed",
            "type": block.type,
            "name": block.label,
            "provider": f'provider["{_PROVIDER}"]',
            "instances": [{"schema_version": 0, "attributes": values, "sensitive_attributes": []}],
        }
        for block, values in applied(cell)
    ]
    whole = {"version": 4, "terraform_version": "1.9.8", "serial": 3, "lineage": "0b5a1c1e"}
    return {"terraform.tfstate": text(whole | {"outputs": {}, "resources": resources})}


def _shown(cell: Cell) -> Files:
    resources = [
        _about(block) | {"schema_version": 0, "values": values, "sensitive_values": {}}
        for block, values in applied(cell)
    ]
    root = {"root_module": {"resources": resources}}
    whole = {"format_version": "1.0", "terraform_version": "1.9.8", "values": root}
    return {"state.json": text(whole)}


_PLANS: Final = ((FORMAT, "plans, with the values that will be in force"),)
_STATES: Final = ((FORMAT, "states"),)

CARRIERS: Final = (
    Carrier("plan", _PLANS, _SAYS_BEFORE, _before),
    Carrier("plan after apply", _PLANS, SAYS_AFTER, _after),
    Carrier("state", _STATES, SAYS_AFTER, _state),
    Carrier("state as shown", _STATES, SAYS_AFTER, _shown),
)
