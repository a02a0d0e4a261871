"""The links between the instances of one plan or state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.terraform.aws.policy_document import TYPE
from iamlint.load.terraform.plan.attach import Attachments
from iamlint.load.terraform.plan.body import part
from iamlint.load.terraform.plan.configuration import Configuration, members
from iamlint.load.terraform.plan.follow import Follower
from iamlint.load.terraform.plan.holders import holders
from iamlint.load.terraform.plan.identity_center import PermissionSets
from iamlint.load.terraform.plan.instances import instances, of_module, taken_away
from iamlint.load.terraform.plan.names import InstanceNames
from iamlint.load.terraform.plan.providers import CALLER, Providers
from iamlint.load.terraform.plan.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import Attachment, Item
    from iamlint.load.terraform.aws.row import AttributeRow
    from iamlint.load.terraform.language.node import Text
    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_JSON: Final = ("json", "minified_json")
_STEPS: Final = 10_000
_CHARACTERS_A_STEP: Final = 10


class Linked:
    """The instances of a plan or a state, and their links."""

    def __init__(self, text: Text, at: Pointer, value: dict[str, Value], scope: str) -> None:
        self.text = text
        self.is_plan = "configuration" in value
        configuration = Configuration(value)
        self.instances = list(instances(value, at))
        if self.is_plan and "resource_changes" not in value:
            self.instances = [_as_planned(one, configuration) for one in self.instances]
        shown = members(members(value, "prior_state"), "values")
        before = [one for one in of_module(dict(shown), ()) if one.type == CALLER]
        providers = Providers(configuration, [*self.instances, *before], scope)
        steps = _STEPS + len(text.source.text) // _CHARACTERS_A_STEP
        self.follower = Follower(configuration, self.instances, steps)
        gone = frozenset(taken_away(value))
        self.names = InstanceNames(self.instances, self.follower, providers, scope, gone)
        self.sets = PermissionSets(self.names, self.instances)
        self.targets = Targets(text.path, self.names, self.instances)
        self._attachments = Attachments(text, self.names, self.targets, self.sets, self.instances)

    def document(self, instance: Instance, attribute: str) -> Instance | None:
        """Return the document whose JSON is the value of an attribute that is known after apply."""
        if part(instance.unknown, attribute) is not True:
            return None
        ways = self.follower.of(instance, attribute)
        match ways.reached:
            case (one,) if ways.whole and one.instance.is_data and one.attribute in _JSON:
                return one.instance if one.instance.type == TYPE else None
        return None

    def attachments(self, instance: Instance, row: AttributeRow) -> list[Attachment]:
        """Return the attachments of the policy of a row: one for each possible resource."""
        return self._attachments.of(instance, row)

    def is_apart(self, instance: Instance, row: AttributeRow) -> bool:
        """Return whether the policy of a resource is a separate resource, which counts.

        The provider reads it back into an attribute of the resource itself.
        """
        return row.target == "@" and instance in self._attachments.apart

    def items(self, instance: Instance) -> Iterator[Item]:
        """Yield the principals and links that an instance is."""
        path, source = self.text.path, self.text.source
        yield from holders(path, source, self.names, instance)
        yield from self.sets.items(path, source, instance)


def _as_planned(instance: Instance, configuration: Configuration) -> Instance:
    """Return an instance of planned values, without values that are known after apply."""
    block = configuration.block(instance.module, instance.block)
    later = members(block, "expressions").keys() - instance.values.keys()
    return replace(instance, unknown=dict.fromkeys(later, True)) if later else instance
