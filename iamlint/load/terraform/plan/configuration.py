"""The configuration in a plan: the objects to which the attributes of a resource refer.

It has the references of an expression, not its value.
https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.terraform.plan.instances import address_of, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.terraform.plan.instances import Key, Step
    from iamlint.text.source import Value

EACH_VALUE: Final = [("each", None), ("value", None)]
Members: TypeAlias = "Mapping[str, Value]"


@dataclass(frozen=True, slots=True)
class Site:
    """The place of an expression: an instance of a module, a block, and the key of its instance.

    `values` are the known attributes of the instance.
    """

    module: str
    block: Members
    key: Key
    values: Members = field(default_factory=dict)

    def is_of_set(self) -> bool:
        """Return whether each value of `for_each` is surely its own key, as in a set."""
        every = members(self.block, "for_each_expression").get("constant_value")
        if isinstance(every, list):
            return True
        expressions = members(self.block, "expressions")
        return any(
            value == self.key and members(expressions, name).get("references") == ["each.value"]
            for name, value in self.values.items()
            if isinstance(value, str)
        )


class Configuration:
    """The blocks of all modules, by the addresses of their instances."""

    def __init__(self, plan: Members) -> None:
        configuration = members(plan, "configuration")
        self.providers = members(configuration, "provider_config")
        self.variables = members(plan, "variables")
        self._modules: dict[str, Members] = {"": members(configuration, "root_module")}
        self._blocks: dict[int, dict[str, Members]] = {}

    def module(self, address: str) -> Members:
        """Return the configuration of an instance of a module."""
        if address not in self._modules:
            steps = steps_of(address)
            parent = self.module(address_of(steps[:-2])) if steps else {}
            call = members(members(parent, "module_calls"), steps[-1][0] if steps else "")
            self._modules[address] = members(call, "module")
        return self._modules[address]

    def block(self, module: str, address: str) -> Members:
        """Return a resource of a module by its address in the module."""
        of = self.module(module)
        if id(of) not in self._blocks:  # the modules are kept, so each has an id of its own
            resources = of.get("resources")
            found = resources if isinstance(resources, list) else []
            self._blocks[id(of)] = {
                str(block.get("address")): block for block in found if isinstance(block, dict)
            }
        return self._blocks[id(of)].get(address, {})

    def call(self, module: str) -> Site | None:
        """Return the call of an instance of a module; None for the root module."""
        steps = steps_of(module)
        if not steps:
            return None
        parent = address_of(steps[:-2])
        name, key = steps[-1]
        return Site(parent, members(members(self.module(parent), "module_calls"), name), key)

    def outputs(self, module: str) -> Members:
        return members(self.module(module), "outputs")

    def constant(self, expression: Value) -> Value:
        """Return the constant of an expression, or the value of a variable of the root module."""
        match expression:
            case {"constant_value": value}:
                return value
            case {"references": [str(name)]} if name.startswith("var."):
                return members(self.variables, name.removeprefix("var.")).get("value")
        return None


def references(expression: Value) -> Iterator[list[Step]]:
    """Yield the references of an expression, each once and with all its steps.

    Terraform lists a reference, then the same without its last step, and so on.
    """
    listed = expression.get("references") if isinstance(expression, dict) else None
    before = ""
    for name in listed if isinstance(listed, list) else ():
        if not isinstance(name, str) or before.startswith((f"{name}.", f"{name}[")):
            continue
        before = name
        yield steps_of(name)


def members(value: Members, name: str) -> Members:
    """Return a member that is an object; an empty one if there is none."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}
