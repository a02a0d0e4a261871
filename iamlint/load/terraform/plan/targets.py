"""The targets of policies of an organization, in a plan or a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.link import Held, Ref, Thing, key_of_name
from iamlint.load.terraform.aws.organization import TYPE, not_described
from iamlint.load.terraform.language.work import Targeted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.document import NotAnalysed
    from iamlint.load.link import Name
    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.load.terraform.plan.names import InstanceNames

_ATTACHMENT: Final = f"{TYPE}_attachment"
_OF_ITSELF: Final = "awscc_organizations_policy"


class Targets:
    """The policies of an organization that a file attaches, and their targets."""

    def __init__(self, path: str, names: InstanceNames, instances: Sequence[Instance]) -> None:
        self.names = names
        self._assigned: list[Targeted] = []
        self._held: dict[str | None, list[Held]] = {}
        self._described = {key_of_name(names.own(one)) for one in instances if one.type == TYPE}
        for one in instances:
            if one.type == _ATTACHMENT:
                self._assigned += self._attached(path, one)
        for each in self._assigned:
            self._held.setdefault(key_of_name(each.policy.name), []).append(each.target)

    def _attached(self, path: str, instance: Instance) -> Iterator[Targeted]:
        def pick(of: Instance) -> Name | None:
            return self.names.own(of) if of.type == TYPE else None

        targets = list(self.names.refs(instance, "target_id", Thing.TARGET))
        for policy in self.names.named(instance, "policy_id", pick):
            ref = Ref(Thing.POLICY, policy.name, scope=self.names.scope)
            for target, given in targets:
                yield Targeted(path, instance.at, ref, Held(target, given | policy.given))

    def of(self, instance: Instance) -> tuple[Held, ...]:
        """Return the targets of a policy."""
        if instance.type == _OF_ITSELF:
            found = self.names.refs(instance, "target_ids", Thing.TARGET)
            return tuple(Held(target, given) for target, given in found)
        key = key_of_name(self.names.own(instance)) if instance.type == TYPE else None
        return () if key is None else tuple(dict.fromkeys(self._held.get(key, ())))

    def not_described(self) -> Iterator[NotAnalysed]:
        """Yield the attached policies that the file does not describe."""
        return not_described(self._assigned, self._described)
