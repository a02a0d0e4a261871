"""The roles that IAM Identity Center creates for permission sets, one in each account.

https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.link import Held, Link, LinkKind, Node, Ref, Thing, join_names, key_of_name
from iamlint.load.terraform.aws.duration import seconds
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iamlint.load.link import Name
    from iamlint.load.terraform.language.node import Given
    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.load.terraform.plan.names import InstanceNames
    from iamlint.text.source import Source, Value

SET: Final = "aws_ssoadmin_permission_set"
_INLINE: Final = f"{SET}_inline_policy"
_ASSIGNMENT: Final = "aws_ssoadmin_account_assignment"
_MANAGED: Final = {
    "aws_ssoadmin_managed_policy_attachment": "managed_policy_arn",
    "aws_ssoadmin_managed_policy_attachments_exclusive": "managed_policy_arns",
}
_CUSTOMER: Final = (
    "aws_ssoadmin_customer_managed_policy_attachment",
    "aws_ssoadmin_customer_managed_policy_attachments_exclusive",
)
_BOUNDARY: Final = "aws_ssoadmin_permissions_boundary_attachment"
_REFERENCE: Final = "customer_managed_policy_reference"

_ACCOUNTS: Final = 1000
_PREFIX: Final = "AWSReservedSSO_"
_PATH: Final = ":role/aws-reserved/sso.amazonaws.com/"


class PermissionSets:
    """The permission sets of a plan or a state, by their ARNs, and their assigned accounts."""

    def __init__(self, names: InstanceNames, instances: Sequence[Instance]) -> None:
        self.names = names
        self._roles: dict[str | None, list[Held]] = {}
        self._accounts: dict[str | None, dict[str, tuple[Name, Given]]] = {}
        for one in instances:
            if one.type == _ASSIGNMENT:
                self._assign(one)
        for one in instances:
            if one.type == SET and not one.is_data:
                self._roles[key_of_name(names.arn(one))] = list(self._of(one))

    def _assign(self, instance: Instance) -> None:
        accounts = list(self.names.refs(instance, "target_id", Thing.TARGET))
        for arn, given in self._sets(instance):
            into = self._accounts.setdefault(key_of_name(arn), {})
            for account, more in accounts:
                key = key_of_name(account.name) or instance.address
                into.setdefault(key, (account.name, given | more))

    def _sets(self, instance: Instance) -> Iterator[tuple[Name, Given]]:
        """Yield the ARNs of the permission sets in a resource."""

        def pick(of: Instance) -> Name | None:
            return self.names.arn(of) if of.type == SET else None

        for one in self.names.named(instance, "permission_set_arn", pick):
            yield one.name, one.given

    def _of(self, instance: Instance) -> Iterator[Held]:
        """Yield the roles of a permission set; without assignment, one in an unknown account.

        The same applies if there are too many accounts.
        """
        name = instance.text("name") or self.names.unknown(instance, "name")
        found = self._accounts.get(key_of_name(self.names.arn(instance)), {})
        if not found or len(found) > _ACCOUNTS:
            address = f"{self.names.scope}#{instance.address}.account"
            unknown = Unknown("${account}", Pseudo.OTHER_ACCOUNT, address)
            found = {address: (unknown, frozenset())}
        for key, (account, given) in found.items():
            end = Unknown("…", identity=f"{self.names.scope}#{instance.address} in {key}")
            role = join_names(_PREFIX, name, "_", end)
            yield Held(Ref(Thing.ROLE, role, "", self.names.scope, account), given)

    def holders(self, instance: Instance) -> Iterator[Held]:
        """Yield the roles that hold an inline policy of a permission set."""
        if instance.type == _INLINE:
            yield from self._named(instance)

    def _named(self, instance: Instance) -> Iterator[Held]:
        for arn, given in self._sets(instance):
            found = self._roles.get(key_of_name(arn), [self._some(instance)])
            yield from (Held(held.ref, held.given | given) for held in found)

    def _some(self, instance: Instance) -> Held:
        """Return the role of an unknown permission set in an unknown account."""
        identity = f"{self.names.scope}#{instance.address}.account"
        account = Unknown("${account}", Pseudo.OTHER_ACCOUNT, identity)
        name = join_names(_PREFIX, Unknown(f"${{{instance.address}.permission_set_arn}}"))
        return Held(Ref(Thing.ROLE, name, "", self.names.scope, account))

    def items(self, path: str, source: Source, instance: Instance) -> Iterator[Node | Link]:
        """Yield the roles that an instance creates, or the links that it adds to them."""
        if instance.is_data:
            return
        if instance.type == SET:
            for held in self._roles.get(key_of_name(self.names.arn(instance)), []):
                lasts = seconds(instance.text("session_duration"))
                yield Node(
                    path,
                    instance.at,
                    held.ref,
                    self._arn(held.ref),
                    max_session=lasts,
                    addresses=(instance.address,),
                    source=source,
                )
            return
        kind = LinkKind.BOUNDARY if instance.type == _BOUNDARY else LinkKind.ATTACHED
        if instance.type in (*_MANAGED, *_CUSTOMER, _BOUNDARY):
            for held in self._named(instance):
                for target, given in self._policies(instance, held.ref):
                    yield Link(
                        path, instance.at, kind, held.ref, target, held.given | given, source
                    )

    def _policies(self, instance: Instance, role: Ref) -> Iterator[tuple[Ref, Given]]:
        """Yield the managed policies in an attachment, those of the account of the role."""
        if instance.type in _MANAGED:
            yield from self.names.refs(instance, _MANAGED[instance.type], Thing.POLICY)
            return
        values: Mapping[str, Value] = instance.values
        if instance.type == _BOUNDARY:
            values = next(iter(_blocks(values, "permissions_boundary")), {})
        arn = values.get("managed_policy_arn")
        if isinstance(arn, str) and arn:
            yield Ref(Thing.POLICY, arn, scope=self.names.scope), frozenset()
            return
        for reference in _blocks(values, _REFERENCE) or [{}]:
            name, way = reference.get("name"), reference.get("path")
            own = name if isinstance(name, str) else self.names.unknown(instance, _REFERENCE)
            before = (*self._before(role), ":policy", way if isinstance(way, str) and way else "/")
            yield Ref(Thing.POLICY, join_names(*before, own), scope=self.names.scope), frozenset()

    def _arn(self, role: Ref) -> Name:
        """Return the ARN of a role; its path may end with a region."""
        way = Unknown("…", identity=f"{self.names.scope}#path of {key_of_name(role.name)}")
        return join_names(*self._before(role), _PATH, way, role.name)

    def _before(self, role: Ref) -> tuple[Name, ...]:
        partition = Unknown("${partition}", Pseudo.PARTITION, f"{self.names.scope}#partition")
        account = role.account or Unknown("${account}", Pseudo.ACCOUNT)
        return "arn:", partition, ":iam::", account


def _blocks(values: Mapping[str, Value], name: str) -> list[Mapping[str, Value]]:
    """Return the blocks of a name."""
    found = values.get(name)
    every = found if isinstance(found, list) else [found]
    return [one for one in every if isinstance(one, dict)]
