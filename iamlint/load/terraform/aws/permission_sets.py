"""The roles that Identity Center creates for permission sets, one in each assigned account.

https://docs.aws.amazon.com/singlesignon/latest/userguide/using-predefined-roles.html
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.link import Link, LinkKind, NamedAt, Node, Ref, Thing, join_names
from iamlint.load.terraform.aws.attach import arn_of, described, either, where_named
from iamlint.load.terraform.aws.duration import seconds
from iamlint.load.terraform.aws.references import surroundings
from iamlint.load.terraform.language.block import turns
from iamlint.load.terraform.language.node import Hidden, known
from iamlint.load.terraform.language.work import Assignment
from iamlint.load.terraform.language.write import as_name, same
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.link import Name
    from iamlint.load.terraform.language.block import Inside
    from iamlint.load.terraform.language.folder import ModuleFile
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Given

_SET: Final = "aws_ssoadmin_permission_set"
_ASSIGNMENT: Final = "aws_ssoadmin_account_assignment"
_MANAGED: Final = (
    "aws_ssoadmin_managed_policy_attachment",
    "aws_ssoadmin_managed_policy_attachments_exclusive",
)
_CUSTOMER: Final = (
    "aws_ssoadmin_customer_managed_policy_attachment",
    "aws_ssoadmin_customer_managed_policy_attachments_exclusive",
)
_BOUNDARY: Final = "aws_ssoadmin_permissions_boundary_attachment"
INLINE: Final = "aws_ssoadmin_permission_set_inline_policy"
TYPES: Final = frozenset({_SET, *_MANAGED, *_CUSTOMER, _BOUNDARY})

_PATH: Final = ":role/aws-reserved/sso.amazonaws.com/"


def know(module: Module, part: ModuleFile) -> None:
    """Note the names of permission sets, and the accounts in which they are assigned."""
    work = module.work
    for block in part.blocks:
        if block.type != "resource" or block.labels[:1] not in ((_SET,), (_ASSIGNMENT,)):
            continue
        for inside in turns(block, module.evaluator(part)):
            if block.labels[0] == _SET:
                name, arn = inside.get("name"), arn_of(inside)
                if name is not None and arn is not None:
                    work.sets[same(arn)] = as_name(name)
                continue
            for node, given in either(inside, "permission_set_arn"):
                for account, more in either(inside, "target_id"):
                    every = module.given.union(inside.given, given, more)
                    made = Assignment(as_name(account), every)
                    work.assignments.setdefault(same(as_name(node)), []).append(made)


def items(module: Module, inside: Inside, path: str) -> Iterator[Node | Link]:
    """Yield the roles of a permission set, and their links to policies and boundaries."""
    at = (inside.block.type, *inside.block.labels)
    if inside.block.labels[0] == _SET:
        for role, _ in _roles(module, arn_of(inside) or Unknown("…"), None):
            arn = _arn(inside, role)
            lasts = seconds(known(inside.get("session_duration")))
            yield described(inside, Node(path, at, role, arn, max_session=lasts))
        return
    kind = LinkKind.BOUNDARY if inside.block.labels[0] == _BOUNDARY else LinkKind.ATTACHED
    for role, given in roles(module, inside):
        for policy, more, place in _policies(inside, role):
            target = Ref(Thing.POLICY, policy, scope=role.scope, account=role.account)
            source, span = inside.evaluator.text.source, inside.block.span
            yield Link(path, at, kind, role, target, given | more, source, span, place)


def roles(module: Module, inside: Inside) -> Iterator[tuple[Ref, Given]]:
    """Yield the roles of the permission set that a resource names."""
    for node, given in either(inside, "permission_set_arn"):
        found_by = node.found_by if isinstance(node, Hidden) else None
        name = as_name(found_by) if found_by else None
        for role, assigned in _roles(module, as_name(node), name):
            yield role, module.given.union(inside.given, given) - assigned


def _roles(module: Module, arn: Name, name: Name | None) -> Iterator[tuple[Ref, Given]]:
    """Yield the role of a permission set in each account, or one in an unknown account.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/howtocreatepermissionset.html
    """
    work, key = module.work, same(arn)
    name = work.sets.get(key, name) or Unknown("${…}", identity=f"{key}:name")
    anywhere = Unknown("${account}", Pseudo.OTHER_ACCOUNT, identity=f"{key}:account")
    for one in work.assignments.get(key) or [Assignment(anywhere, frozenset())]:
        digits = Unknown("${…}", identity=f"{key}:{same(one.account)}:digits")
        made = join_names("AWSReservedSSO_", name, "_", digits)
        yield Ref(Thing.ROLE, made, scope=module.root.folder.scope, account=one.account), one.given


def _arn(inside: Inside, role: Ref) -> Name:
    """Return the ARN of a role; its path has the region unless that is us-east-1."""
    partition = as_name(surroundings("partition", inside, inside.spot))
    region = Unknown("${…}", identity=f"{same(role.name)}:region")
    account = role.account or Unknown("${account}", Pseudo.ACCOUNT)
    return join_names("arn:", partition, ":iam::", account, _PATH, region, role.name)


def _policies(inside: Inside, role: Ref) -> Iterator[tuple[Name, Given, NamedAt]]:
    """Yield the ARNs of the managed policies in a resource, in the account of a role."""
    outer = list(inside.blocks("permissions_boundary")) or [inside]
    for one in outer:
        for attribute in ("managed_policy_arn", "managed_policy_arns"):
            for node, given in either(one, attribute):
                yield as_name(node), given, where_named(one, attribute, node)
        for reference in one.blocks("customer_managed_policy_reference"):
            name, path = reference.get("name"), reference.get("path")
            account = role.account or Unknown("${account}", Pseudo.ACCOUNT)
            partition = as_name(surroundings("partition", inside, inside.spot))
            where = "/" if path is None else as_name(path)
            named = Unknown("${…}") if name is None else as_name(name)
            yield (
                join_names("arn:", partition, ":iam::", account, ":policy", where, named),
                frozenset(),
                NamedAt(inside.spot.text.path, inside.spot.text.source, inside.block.span),
            )
