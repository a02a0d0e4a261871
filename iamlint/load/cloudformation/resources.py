"""The resources of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.cloudformation.loops import in_turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_MACRO: Final = "Fn::Transform"


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource at `at`; `loops` holds the variables of the `Fn::ForEach` around it.

    `logical` is empty where the file that includes it gives the name. `is_global` for SAM's
    `Globals` and for a resource without a CloudFormation type: its properties are at `at` itself. A
    macro may add to a resource that `is_open`.
    """

    logical: str
    type: str
    at: Pointer
    properties: Mapping[str, Value]
    condition: str | None
    loops: Mapping[str, str | None]
    is_global: bool = False
    has_connectors: bool = False
    is_open: bool = False

    @property
    def given(self) -> Mapping[str, bool]:
        """The condition of the resource."""
        return {self.condition: True} if self.condition else {}

    @property
    def is_custom(self) -> bool:
        """Whether code of the user reads the properties, and may add to a policy in them.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
        """
        return self.type.startswith(("Custom::", "AWS::CloudFormation::CustomResource"))

    @property
    def turn(self) -> object:
        """A key that is the same for all resources in one turn of the loops around them."""
        return self.at if None in self.loops.values() else dict(self.loops)


def resource_at(
    logical: str, value: object, at: Pointer, loops: Mapping[str, str | None]
) -> Resource | None:
    """Return the resource of a node; None if the node is not a resource."""
    if not isinstance(value, dict) or (type_ := value.get("Type")) is None:
        return None
    if not isinstance(type_, str):  # a macro or another tool puts something in its place
        return Resource(logical, "", at, value, None, loops, is_global=True)
    properties, condition = value.get("Properties"), value.get("Condition")
    return Resource(
        logical,
        type_,
        at,
        properties if isinstance(properties, dict) else {},
        in_turn(condition, loops) if isinstance(condition, str) else None,
        loops,
        has_connectors="Connectors" in value,
        is_open=_MACRO in value or (isinstance(properties, dict) and _MACRO in properties),
    )
