"""What a policy of a module is attached to, and whether that is sure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.load.document import Attachment
from iamlint.load.terraform.body import turns
from iamlint.load.terraform.choices import common, explore
from iamlint.load.terraform.network import network
from iamlint.load.terraform.node import Array, Hidden, shown
from iamlint.load.terraform.references import arn
from iamlint.load.terraform.table import named_arn, table
from iamlint.load.terraform.truth import condition_of
from iamlint.load.terraform.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iamlint.load.document import Reading
    from iamlint.load.terraform.body import Inside
    from iamlint.load.terraform.choices import Choices
    from iamlint.load.terraform.folder import Part
    from iamlint.load.terraform.module import Module
    from iamlint.load.terraform.node import Given, Node
    from iamlint.load.terraform.row import Row

    Take: TypeAlias = Callable[[Inside, str], Iterable[str]]

HOLDERS: Final = {"aws_iam_role": "role", "aws_iam_user": "user", "aws_iam_group": "group"}
HELD_BY: Final = {
    "aws_iam_role_policy": "role",
    "aws_iam_user_policy": "user",
    "aws_iam_group_policy": "group",
}
DIRECTORY_BUCKET: Final = "AWS::S3Express::DirectoryBucket"
UNKNOWN: Final = "${"
"""Stands in every name that is not known."""

_UNNAMED: Final = re.compile(r"\$\{aws_iam_(?:role|user|group)\.([\w-]++)\.(?:name|id)\}")


def attachment(module: Module, inside: Inside, row: Row) -> Attachment:
    """Return what the policy of a row is attached to; who may hold it or not is not said here."""
    type_ = inside.block.labels[0]
    own = arn_of(inside)
    whole = (who for who, given in principals(module, inside) if not given)
    return Attachment(
        principal=next(whole, None),
        resource_type=_attached(inside, row),
        arn=own if row.target == "@" or type_ in HOLDERS else _target(inside, row),
        address=address_of(inside),
        policy_arn=own if type_ == "aws_iam_policy" else None,
        network=network(module, inside, row),
        path=inside.evaluator.text.path,
    )


def _attached(inside: Inside, row: Row) -> str | None:
    """Return the type of the resource; directory buckets share the resource of bucket policies.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html
    """
    attribute = inside.block.attributes.get(row.target)
    if row.attached != "AWS::S3::Bucket" or attribute is None:
        return row.attached
    span = attribute.expression.span
    written = inside.evaluator.text.source.text[span.start : span.end]
    node = inside.get(row.target)
    is_directory = node is not None and shown(node).endswith("--x-s3")
    if is_directory or written.startswith("aws_s3_directory_bucket."):
        return DIRECTORY_BUCKET
    return row.attached


def policy_name(inside: Inside) -> str | None:
    """Return the name that the resource gives its policy; a trust policy has its role's name."""
    node = inside.get("name")
    return None if node is None else shown(node)


def principals(module: Module, inside: Inside) -> Iterator[tuple[str, Given]]:
    """Yield whom a resource is, or who holds its policy, and on what that depends if known."""
    type_, name = inside.block.labels[:2]
    if kind := HOLDERS.get(type_):
        yield f"{kind}/{policy_name(inside) or module.prefix() + name}", frozenset()
    elif kind := HELD_BY.get(type_):
        for text, given in either(inside, kind, texts):
            who = f"{kind}/{text}"
            is_open = UNKNOWN in text
            yield who, frozenset() if is_open else depends(module, inside, who, given)


def depends(module: Module, inside: Inside, who: str, *given: Given) -> Given:
    """Return the conditions of what a resource gives somebody who is not made on them as well."""
    every = module.given.union(inside.given, *given)
    return every - module.work.present.get(who, frozenset())


def know(module: Module, part: Part) -> None:
    """Note on what conditions the users, groups and roles of a file are there."""
    present = module.work.present
    for block in part.hcl.blocks:
        if block.type == "resource" and block.labels[0] in HOLDERS and len(block.labels) > 1:
            for inside in turns(block, module.evaluator(part)):
                given = module.given | inside.given
                for who, _ in principals(module, inside):
                    present[who] = present.get(who, given) & given


def either(inside: Inside, name: str, take: Take) -> list[tuple[str, Given]]:
    """Return what is taken of an attribute in any reading, and on what that depends."""
    attribute = inside.block.attributes.get(name)
    if attribute is None:
        return []

    def taken(choices: Choices) -> list[str]:
        reading = replace(inside, evaluator=inside.evaluator.reading(choices))
        return list(dict.fromkeys(take(reading, name)))

    found: dict[str, Given] = {}
    for group in explore(taken, inside.evaluator.choices.forced):
        where: dict[str, list[Reading]] = {}
        for choices, texts_ in group:
            for text in texts_:
                where.setdefault(text, []).append(choices.reading)
        every = [choices.reading for choices, _ in group]
        for text, readings in where.items():
            given = common(readings, every)
            if not given and len(readings) < len(every):
                node = unknown(inside.evaluator, attribute.expression, inside.spot)
                given = frozenset({condition_of(node)})
            found.setdefault(text, given - inside.given)
    return list(found.items())


def texts(inside: Inside, name: str) -> list[str]:
    """Return the names in an attribute."""
    node = inside.get(name)
    if isinstance(node, Array):
        return [_holder(item, inside) for item in node.items]
    return [] if node is None else [_holder(node, inside)]


def _holder(node: Node, inside: Inside) -> str:
    """Return the name of a holder; its address without type where the module gives it no name."""
    text = shown(node)
    label = _UNNAMED.fullmatch(text)
    return f"{inside.evaluator.around.prefix(node.spot.text)}{label[1]}" if label else text


def address_of(inside: Inside) -> str:
    type_, name = inside.block.labels[:2]
    return f"{inside.evaluator.around.prefix()}{type_}.{name}"


def arn_of(inside: Inside) -> str | None:
    """Return the ARN of the resource itself, as far as its type is known."""
    shape = table().arns.get(inside.block.labels[0])
    return shown(arn(shape, address_of(inside), inside, inside.spot)) if shape else None


def _target(inside: Inside, row: Row) -> str | None:
    """Return the ARN of the resource that is named."""
    node = inside.get(row.target) if row.target else None
    return None if node is None or isinstance(node, Hidden) else named_arn(row, shown(node))
