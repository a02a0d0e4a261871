"""Writes resources as states and plans of Terraform, with references to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LISTS = {"roles", "users", "groups", "managed_policy_arns", "policy_arns"}
NOTHING_KNOWN = "local.which"
"""What the configuration of a plan does not say."""


@dataclass(frozen=True)
class Resource:
    """A resource; `refs` are attributes that refer to those of others, `made` those AWS makes."""

    address: str
    values: Mapping[str, object]
    refs: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return self.address.partition(".")[0]

    @property
    def name(self) -> str:
        return self.address.partition(".")[2]


def state(resources: Sequence[Resource]) -> dict[str, object]:
    """Return the state file with all values known."""
    return {
        "version": 4,
        "lineage": "0",
        "resources": [
            {
                "mode": "managed",
                "type": one.type,
                "name": one.name,
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [{"attributes": _every(one, resources)}],
            }
            for one in resources
        ],
    }


def shown_state(resources: Sequence[Resource]) -> dict[str, object]:
    """Return the output of `terraform show -json` for the state."""
    shown = [
        {"address": one.address, "type": one.type, "mode": "managed", "name": one.name}
        | {"values": _every(one, resources)}
        for one in resources
    ]
    return {"format_version": "1.0", "values": {"root_module": {"resources": shown}}}


def known_plan(resources: Sequence[Resource]) -> dict[str, object]:
    """Return a plan that changes nothing."""
    changes = [_change(one, one.address, "no-op", _every(one, resources), {}) for one in resources]
    root = {"resources": [_block(one) for one in resources]}
    return _plan(changes, root)


def new_plan(resources: Sequence[Resource]) -> dict[str, object]:
    """Return a plan that creates all resources: values that AWS generates are known after apply."""
    changes = [_change(one, one.address, "create", *_after(one)) for one in resources]
    return _plan(changes, {"resources": [_block(one) for one in resources]})


def keyed_plan(resources: Sequence[Resource], others: Sequence[Resource]) -> dict[str, object]:
    """Return a plan of a module that creates all resources, called by keys with own values."""
    changes = [
        {**_change(one, f'module.m["{key}"].{one.address}["k"]', "create", *_after(one))}
        | {"module_address": f'module.m["{key}"]', "index": "k"}
        for key, of in (("a", resources), ("b", others))
        for one in of
    ]
    inside = [_block(one) | {"for_each_expression": {}} for one in resources]
    call = {"source": "./m", "for_each_expression": {}, "module": {"resources": inside}}
    return _plan(changes, {"resources": [], "module_calls": {"m": call}})


def through_module(resources: Sequence[Resource]) -> dict[str, object]:
    """Return a plan in which all references go through variables and outputs of modules."""
    used = dict.fromkeys(ref for one in resources for ref in one.refs.values())
    names = {ref: f"v{number}" for number, ref in enumerate(used)}
    links = [one for one in resources if one.refs]
    rest = [one for one in resources if not one.refs]
    changes = [
        _change(one, f"module.{module}.{one.address}", "create", *_after(one))
        | {"module_address": f"module.{module}"}
        for module, of in (("things", rest), ("links", links))
        for one in of
    ]
    outputs = {name: {"expression": _references(ref)} for ref, name in names.items()}
    given = {
        name: {"references": [f"module.things.{name}", "module.things"]} for name in names.values()
    }
    through = [
        _block(one)
        | {"expressions": {k: {"references": [f"var.{names[ref]}"]} for k, ref in one.refs.items()}}
        for one in links
    ]
    calls = {
        "things": {"module": {"resources": [_block(one) for one in rest], "outputs": outputs}},
        "links": {"expressions": given, "module": {"resources": through}},
    }
    return _plan(changes, {"module_calls": calls})


def _plan(changes: Iterable[object], root: Mapping[str, object]) -> dict[str, object]:
    return {
        "format_version": "1.2",
        "resource_changes": list(changes),
        "configuration": {"root_module": root},
    }


def _change(
    one: Resource, address: str, action: str, after: object, unknown: object
) -> dict[str, object]:
    change = {"actions": [action], "before": None, "after": after, "after_unknown": unknown}
    return {
        "address": address,
        "type": one.type,
        "name": one.name,
        "mode": "managed",
        "change": change,
    }


def _block(one: Resource) -> dict[str, object]:
    expressions = {name: _references(ref) for name, ref in one.refs.items()}
    expressions |= {name: {} for name in one.values}
    return {
        "address": one.address,
        "type": one.type,
        "name": one.name,
        "mode": "managed",
        "expressions": expressions,
    }


def _references(ref: str) -> dict[str, object]:
    """Return an expression of a plan: a reference, and the same without its last steps."""
    return {"references": [ref, *([ref.rpartition(".")[0]] if ref.count(".") > 1 else [])]}


def _after(one: Resource) -> tuple[dict[str, object], dict[str, object]]:
    unknown = {name: [True] if name in LISTS else True for name in one.refs}
    lists = {name: [None] for name in one.refs if name in LISTS}
    return {**one.values, **lists}, {**unknown, **dict.fromkeys(one.made, True)}


def _every(one: Resource, resources: Sequence[Resource]) -> dict[str, object]:
    refs = {name: _value(name, ref, resources) for name, ref in one.refs.items()}
    return {**one.values, **one.made, **refs}


def _value(name: str, ref: str, resources: Sequence[Resource]) -> object:
    address, _, attribute = ref.rpartition(".")
    (found,) = [one for one in resources if one.address == address]
    value = {**found.values, **found.made}[attribute]
    return [value] if name in LISTS else value
