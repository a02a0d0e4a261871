"""The roles that IAM Identity Center creates from permission sets, one in each account.

https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.refs import ref, text
from iamlint.load.link import Ref, Thing, key_of_name, shown
from iamlint.text.source import Pseudo, Unknown, join_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.cloudformation.template import Template
    from iamlint.text.source import Value

PERMISSION_SET: Final = "AWS::SSO::PermissionSet"
_ASSIGNMENT: Final = "AWS::SSO::Assignment"
_PREFIX: Final = "AWSReservedSSO_"
_PATH: Final = "aws-reserved/sso.amazonaws.com/"


def roles(template: Template, resource: Resource) -> tuple[Ref, ...]:
    """Return the roles of a permission set; without assignment, one in an unknown account."""
    name = text(template, resource, resource.properties.get("Name"))
    found = _accounts(template, resource)
    if not found:
        identity = f"{template.scope}:{resource.logical} account"
        unknown = Unknown("${account}", Pseudo.OTHER_ACCOUNT, identity)
        found = {identity: unknown}
    return tuple(_role(template, resource, name, key, account) for key, account in found.items())


def _accounts(template: Template, resource: Resource) -> dict[str, Text]:
    """Return the accounts in which a permission set is assigned."""
    own = key_of_name(template.attribute(resource.logical, "PermissionSetArn"))
    found: dict[str, Text] = {}
    for one in template.resources() if own else ():
        if one.type == _ASSIGNMENT:
            assigned = text(template, one, one.properties.get("PermissionSetArn"))
            account = text(template, one, one.properties.get("TargetId"))
            if key_of_name(assigned) == own:
                found[key_of_name(account) or f"{one.logical} account"] = account
    return found


def _role(template: Template, resource: Resource, name: Text, key: str, account: Text) -> Ref:
    end = Unknown("…", identity=f"{template.scope}:{resource.logical} in {key}")
    return Ref(Thing.ROLE, join_parts((_PREFIX, name, "_", end)), "", template.scope, account)


def arn_of(template: Template, role: Ref) -> Text:
    """Return the ARN of such a role; its path may end with a region."""
    way = Unknown("…", identity=f"{template.scope}: path of {key_of_name(role.name)}")
    account = role.account or template.unknown("AWS::AccountId")
    before = ("arn:", template.unknown("AWS::Partition"), ":iam::", account, ":role/", _PATH)
    return join_parts((*before, way, role.name))


def named_policies(template: Template, resource: Resource, role: Ref) -> Iterator[Ref]:
    """Yield the customer managed policies that a permission set references."""
    found = resource.properties.get("CustomerManagedPolicyReferences")
    for one in found if isinstance(found, list) else ():
        yield named_policy(template, resource, role, one if isinstance(one, dict) else {})


def named_policy(
    template: Template, resource: Resource, role: Ref, reference: Mapping[str, Value]
) -> Ref:
    """Return a managed policy of the role's account by its name and path."""
    name = text(template, resource, reference.get("Name"))
    path = text(template, resource, reference.get("Path", "/"))
    account = role.account or template.unknown("AWS::AccountId")
    before = ("arn:", template.unknown("AWS::Partition"), ":iam::", account, ":policy")
    return ref(template, Thing.POLICY, join_parts((*before, path, name)))


def boundary(template: Template, resource: Resource, role: Ref) -> Ref | None:
    """Return the permissions boundary of the roles of a permission set."""
    value = resource.properties.get("PermissionsBoundary")
    match value:
        case None:
            return None
        case {"ManagedPolicyArn": arn}:
            return ref(template, Thing.POLICY, text(template, resource, arn))
        case {"CustomerManagedPolicyReference": dict(reference)}:
            return named_policy(template, resource, role, reference)
    return ref(template, Thing.POLICY, Unknown(shown(text(template, resource, value))))
