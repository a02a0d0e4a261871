"""The roles that SAM creates for functions and state machines.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.text.source import Value

GLOBALS: Final = {
    "Function": "AWS::Serverless::Function",
    "Api": "AWS::Serverless::Api",
    "StateMachine": "AWS::Serverless::StateMachine",
}
MAKERS: Final = ("AWS::Serverless::Function", "AWS::Serverless::StateMachine")


def generated_roles(
    members: Mapping[str, Value], general: Mapping[str, Value]
) -> dict[str, dict[str, Value]]:
    """Return the roles as resources, by their logical ids; `general` is the value of `Globals`."""
    found: dict[str, dict[str, Value]] = {}
    inherited = {GLOBALS[name]: value for name, value in general.items() if name in GLOBALS}
    for logical, resource in members.items():
        type_ = resource.get("Type") if isinstance(resource, dict) else None
        if not isinstance(resource, dict) or type_ not in MAKERS:
            continue
        properties = {**_members(inherited.get(str(type_))), **_members(resource.get("Properties"))}
        if "Role" not in properties:
            found[f"{logical}Role"] = {
                "Type": "AWS::IAM::Role",
                "Condition": resource.get("Condition"),
                "Properties": {"Path": properties.get("RolePath", "/")},
            }
    return found


def _members(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}
