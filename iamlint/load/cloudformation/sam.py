"""What SAM adds to CloudFormation: `Policies` in three shapes, policy templates, `Globals`.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.readings import Reading, Spot, expanded_template
from iamlint.load.cloudformation.table import Reached, opened, reach
from iamlint.load.cloudformation.template import Resource
from iamlint.policy.spelling import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.template import Template
    from iamlint.text.source import Value

_POLICY: Final = frozenset({"Statement", "Version", "Id"})
_GLOBALS: Final = {
    "Function": "AWS::Serverless::Function",
    "Api": "AWS::Serverless::Api",
    "StateMachine": "AWS::Serverless::StateMachine",
}


@cache
def _templates() -> Mapping[str, Mapping[str, list[Value]]]:
    text = (files(__package__) / "sam_templates.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, list[Value]]] = json.loads(text)["templates"]
    return found


def globals_of(template: Template) -> Iterator[Resource]:
    """Yield `Globals` as resources of the types that inherit from them."""
    at = (*template.root, "Globals")
    for name, properties in template.section("Globals").items():
        if name in _GLOBALS and isinstance(properties, dict):
            yield Resource(
                f"Globals.{name}", _GLOBALS[name], (*at, name), properties, None, {}, is_global=True
            )


def policies(node: Reached) -> Iterator[Reached]:
    """Yield each of `Policies`: one or a list, with conditions in and around it."""
    for choice in opened(node):
        if isinstance(choice.value, list):
            for item in reach(choice, ("*",)):
                yield from opened(item)
        else:
            yield choice


def expanded(template: Template, spot: Spot) -> Reading | str | None:
    """Return what a policy template of SAM stands for, or why not; None for all other policies."""
    value = spot.value
    if not isinstance(value, dict) or len(value) != 1 or _POLICY & value.keys():
        return None
    ((name, arguments),) = value.items()
    known = _templates().get(name)
    if known is None:
        return None if closest(name, _POLICY) else f"`{name}` is no known policy template of SAM"
    definition: Value = {"Version": "2012-10-17", "Statement": list(known["statements"])}
    variables = arguments if isinstance(arguments, dict) else {}
    at = (*spot.at, name)
    return expanded_template(
        template, Spot(at, value, spot.given, spot.loops), definition, variables
    )
