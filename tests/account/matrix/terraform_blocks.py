"""A cell as resources of Terraform; Pulumi and Crossplane have the same ones by other names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.account.matrix.carrier import KNOWN, Block, Ref, Text, Unknown, Value, opens
from tests.account.matrix.model import BASE, EC2, HOME, Cell, Linked, Open

if TYPE_CHECKING:
    from collections.abc import Iterator

SAYS: Final = {
    Linked.INLINE: opens(Open.HOLDER, Open.TEXT),
    Linked.ATTACHED: opens(Open.HOLDER, Open.TARGET, Open.TEXT),
    Linked.BOUNDARY: opens(Open.TARGET, Open.TEXT),
    Linked.MEMBER: opens(Open.HOLDER, Open.TARGET, Open.TEXT),
    Linked.TRUST: opens(Open.HOLDER, Open.TEXT),
    Linked.BUCKET: opens(Open.HOLDER, Open.TEXT),
    Linked.QUEUE: opens(Open.HOLDER, Open.TEXT),
    Linked.SCP: opens(Open.HOLDER, Open.TARGET, Open.TEXT),
    Linked.RCP: opens(Open.HOLDER, Open.TARGET, Open.TEXT),
}
# What has been applied is known; what it names may be described elsewhere.
SAYS_AFTER: Final = dict.fromkeys(SAYS, KNOWN) | {
    Linked.ATTACHED: opens(Open.TARGET),
    Linked.BOUNDARY: opens(Open.TARGET),
    Linked.MEMBER: opens(Open.TARGET),
    Linked.SCP: opens(Open.TARGET),
    Linked.RCP: opens(Open.TARGET),
}
_TYPES: Final = {Linked.SCP: "SERVICE_CONTROL_POLICY", Linked.RCP: "RESOURCE_CONTROL_POLICY"}


def blocks(cell: Cell) -> list[Block]:
    """Return the resources of a cell, those of the link apart."""
    return [*_own(cell), *_linked(cell)]


def _own(cell: Cell) -> Iterator[Block]:
    if cell.linked is Linked.MEMBER:
        yield Block("aws_iam_user", "kim", {"name": "kim"})
        own = {"name": "base", "user": Ref("kim", "name"), "policy": Text(BASE)}
        yield Block("aws_iam_user_policy", "base", own)
        return
    bound: dict[str, Value] = {}
    if cell.linked is Linked.BOUNDARY:
        bound = {"permissions_boundary": _policy(cell)}
    yield Block("aws_iam_role", "app", {"name": "app", "assume_role_policy": Text(EC2), **bound})
    own = {"name": "base", "role": Ref("app", "name"), "policy": Text(BASE)}
    yield Block("aws_iam_role_policy", "base", own)
    if cell.linked is Linked.BUCKET:
        yield Block("aws_s3_bucket", "depot", {"bucket": "depot"})
    if cell.linked is Linked.QUEUE:
        yield Block("aws_sqs_queue", "jobs", {"name": "jobs"})


def _linked(cell: Cell) -> Iterator[Block]:
    text = Unknown("text") if cell.open is Open.TEXT else Text(cell.text)
    match cell.linked:
        case Linked.INLINE:
            role = _identity(cell, Ref("app", "name"))
            more = {"name": "guard", "role": role, "policy": text}
            yield Block("aws_iam_role_policy", "guard", more, apart=True)
        case Linked.ATTACHED:
            role = _identity(cell, Ref("app", "name"))
            yield Block("aws_iam_policy", "guard", {"name": "guard", "policy": text}, apart=True)
            link = {"role": role, "policy_arn": _policy(cell)}
            yield Block("aws_iam_role_policy_attachment", "link", link, apart=True)
        case Linked.BOUNDARY:
            yield Block("aws_iam_policy", "guard", {"name": "guard", "policy": text}, apart=True)
        case Linked.MEMBER:
            yield from _group(cell, text)
        case Linked.TRUST:
            who = _identity(cell, Ref("app", "arn"))
            text = text if isinstance(text, Unknown) else Text(cell.text, who)
            more = {"name": "vault", "assume_role_policy": text}
            yield Block("aws_iam_role", "vault", more, apart=True)
        case Linked.BUCKET:
            more = {"bucket": _identity(cell, Ref("depot", "id")), "policy": text}
            yield Block("aws_s3_bucket_policy", "guard", more, apart=True)
        case Linked.QUEUE:
            more = {"queue_url": _identity(cell, Ref("jobs", "id")), "policy": text}
            yield Block("aws_sqs_queue_policy", "guard", more, apart=True)
        case Linked.SCP | Linked.RCP:
            more = {"name": "guard", "type": _TYPES[cell.linked], "content": text}
            yield Block("aws_organizations_policy", "guard", more, apart=True)
            what = Unknown("what") if cell.open is Open.TARGET else Ref("guard", "id")
            link = {"policy_id": what, "target_id": _identity(cell, HOME)}
            yield Block("aws_organizations_policy_attachment", "link", link, apart=True)


def _group(cell: Cell, text: Value) -> Iterator[Block]:
    yield Block("aws_iam_group", "ops", {"name": "ops"}, apart=True)
    more = {"name": "guard", "group": Ref("ops", "name"), "policy": text}
    yield Block("aws_iam_group_policy", "guard", more, apart=True)
    group = Unknown("what") if cell.open is Open.TARGET else Ref("ops", "name")
    link = {"user": _identity(cell, Ref("kim", "name")), "groups": [group]}
    yield Block("aws_iam_user_group_membership", "link", link, apart=True)


def _identity(cell: Cell, identity: Value) -> Value:
    return Unknown("who") if cell.open is Open.HOLDER else identity


def _policy(cell: Cell) -> Ref | Unknown:
    return Unknown("what") if cell.open is Open.TARGET else Ref("guard", "arn")
