"""The attachments of a policy of a module, with their conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from iamlint.fast_dataclass import replace
from iamlint.load.document import Attachment
from iamlint.load.link import Held, NamedAt, Ref, Thing, key_of_name
from iamlint.load.terraform.aws.linking import HELD_BY, MANAGED, PRINCIPALS
from iamlint.load.terraform.aws.network import network
from iamlint.load.terraform.aws.references import arn, arn_of_named, own_name
from iamlint.load.terraform.aws.table import shape_of, with_policies
from iamlint.load.terraform.language.block import turns
from iamlint.load.terraform.language.choices import Choices, common, explore
from iamlint.load.terraform.language.node import Array, Hidden, String, hidden, shown
from iamlint.load.terraform.language.truth import condition_of
from iamlint.load.terraform.language.unknown import unknown
from iamlint.load.terraform.language.write import as_name, same
from iamlint.text.hcl.tree import Access, Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iamlint.load.file_value import Reading
    from iamlint.load.link import Name as Named
    from iamlint.load.link import Node as Principal
    from iamlint.load.link import SourceCondition
    from iamlint.load.terraform.aws.row import AttributeRow
    from iamlint.load.terraform.language.block import Inside, Path
    from iamlint.load.terraform.language.evaluate import Evaluator
    from iamlint.load.terraform.language.folder import ModuleFile
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Given, Location, Node
    from iamlint.text.hcl.tree import Expression

T = TypeVar("T")

_BUCKET: Final = "AWS::S3::Bucket"
DIRECTORY_BUCKET: Final = "AWS::S3Express::DirectoryBucket"


def attachments(module: Module, inside: Inside, row: AttributeRow) -> list[Attachment]:
    """Return the attachments of the policy of a row: one for each possible resource."""
    type_ = inside.block.labels[0]
    own, account = arn_of(inside), module.provider(inside.block).account
    attached = _attached(inside, row)
    one = Attachment(
        holders=tuple(holders(module, inside)),
        resource_type=attached,
        arn=own if row.target == "@" or type_ in PRINCIPALS else None,
        address=address_of(inside),
        scope=module.root.folder.scope,
        policy_arn=own if type_ in MANAGED else None,
        is_exported=type_ in MANAGED and _is_returned(module, inside),
        network=network(module, inside, row),
        owner=None if account is None else as_name(account),
    )
    if row.target in ("", "@"):
        return [one]
    every = module.given | inside.given
    several = []
    for node, given in either(inside, row.target):
        arn = arn_of_named(replace(row, attached=attached), node, inside)
        present = module.work.present.get(_of_resource(arn), frozenset()) if every else every
        several.append(replace(one, arn=arn, given=(every | given) - present))
    return several or [replace(one, given=every)]


def _is_returned(module: Module, inside: Inside) -> bool:
    """Return whether an output of the module is about a resource."""
    name = ".".join(inside.block.labels[:2])
    return any(name in part.returned for part in module.folder.parts)


def _attached(inside: Inside, row: AttributeRow) -> str | None:
    """Return the type of the resource; directory buckets share the resource of bucket policies.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html
    """
    if row.attached != _BUCKET or row.target not in inside.block.attributes:
        return row.attached
    node = inside.get(row.target)
    is_directory = node is not None and shown(node).endswith("--x-s3")
    is_reference = _type_named(inside, row) == "aws_s3_directory_bucket"
    return DIRECTORY_BUCKET if is_directory or is_reference else row.attached


def may_be_directory(inside: Inside, row: AttributeRow) -> bool:
    """Return whether the bucket of a policy may be a directory bucket."""
    if row.attached != _BUCKET or row.target == "@" or _type_named(inside, row) == "aws_s3_bucket":
        return False
    node = inside.get(row.target)
    last = node.pieces[-1] if isinstance(node, String) and node.pieces else node
    return node is None or (isinstance(last, Hidden) and last.resource != "aws_s3_bucket")


def _type_named(inside: Inside, row: AttributeRow) -> str | None:
    """Return the type of the resource to which the attribute refers directly."""
    attribute = inside.block.attributes.get(row.target)
    match attribute.expression if attribute else None:
        case Access(Name(type_), _):
            return type_
    return None


def policy_name(inside: Inside) -> str | None:
    """Return the name of the policy in the resource; a trust policy has its role's name."""
    node = inside.get("name") or inside.get("policy_name")
    return None if node is None else shown(node)


def holders(module: Module, inside: Inside) -> Iterator[Held]:
    """Yield the principal that a resource is, or the holders of its policy, with conditions."""
    type_ = inside.block.labels[0]
    for reading, given in resolve_names(inside) if type_ in PRINCIPALS else ():
        who = own(module, reading)
        yield Held(who, depends(module, inside, who, given))
    for attribute, thing in HELD_BY.get(type_, {}).items():
        for node, given in either(inside, attribute):
            who = ref(module, inside, thing, node)
            yield Held(who, depends(module, inside, who, given))


def own(module: Module, inside: Inside) -> Ref:
    """Return the principal that a resource is."""
    type_ = inside.block.labels[0]
    shape = shape_of(type_)
    is_named = shape is not None and shape.name in inside.block.attributes
    label = "" if is_named else address_of(inside).replace(f"{type_}.", "", 1)
    node = own_name(shape, inside, inside.spot) if shape else hidden(inside.spot)
    return replace(ref(module, inside, PRINCIPALS[type_], node), label=label)


def resolve_names(inside: Inside) -> list[tuple[Inside, Given]]:
    """Return a resource once for each name that conditions give it, with the conditions."""
    shape = shape_of(inside.block.labels[0])
    attributes = inside.block.attributes
    given = (
        [attributes[n] for n in (shape.name, shape.prefix) if n and n in attributes]
        if shape
        else []
    )
    if shape is None or not given:
        return [(inside, frozenset())]

    def taken(reading: Inside) -> dict[str, Evaluator]:
        return {same(as_name(own_name(shape, reading, reading.spot))): reading.evaluator}

    found = in_readings(inside, given[0].expression, taken)
    return [(replace(inside, evaluator=reading), of_name) for reading, of_name in found]


def ref(module: Module, inside: Inside, thing: Thing, node: Node) -> Ref:
    """Return the ref of a value; its name is looked up in the root module first."""
    name = node.found_by if isinstance(node, Hidden) and node.found_by else node
    account = None if thing is Thing.TARGET else module.provider(inside.block).account
    of = None if account is None else as_name(account)
    return Ref(thing, as_name(name), scope=module.root.folder.scope, account=of)


def depends(module: Module, inside: Inside, who: Ref, *given: Given) -> Given:
    """Return the conditions of this attachment that are not also conditions of the principal."""
    every = module.given.union(inside.given, *given)
    return every - module.work.present.get(_key(who), frozenset()) if every else every


def _of_resource(arn: Named | None) -> tuple[str, str | None, str]:
    return "", None if arn is None else key_of_name(arn), ""


def _key(who: Ref) -> tuple[str, str | None, str]:
    return who.thing, key_of_name(who.name), "" if who.account is None else same(who.account)


def know(module: Module, part: ModuleFile) -> None:
    """Note the conditions of the users, groups, roles and other resources of a file."""
    present = module.work.present
    for block in part.blocks:
        if block.type != "resource" or len(block.labels) < 2:  # noqa: PLR2004 - type and name
            continue
        is_principal = block.labels[0] in PRINCIPALS
        is_open = module.given or block.attributes.keys() & {"count", "for_each"}
        if not is_principal and not (is_open and block.labels[0] in with_policies()):
            continue
        for inside in turns(block, module.evaluator(part)):
            for reading, more in resolve_names(inside) if is_principal else [(inside, frozenset())]:
                given = module.given | inside.given | more
                key = _key(own(module, reading)) if is_principal else _of_resource(arn_of(inside))
                if key[1] is not None and given:
                    present[key] = present.get(key, given) & given
                elif key[1] is not None:
                    present[key] = given


def either(inside: Inside, name: str) -> list[tuple[Node, Given]]:
    """Return the names in an attribute in all readings, with the conditions of each."""
    attribute = inside.block.attributes.get(name)
    if attribute is None:
        return []

    def taken(reading: Inside) -> dict[str, Node]:
        return {same(as_name(node)): node for node in _nodes_of(reading, name)}

    return in_readings(inside, attribute.expression, taken)


def where_named(inside: Inside, name: str, node: Node) -> NamedAt:
    """Return where an attribute names a thing: in another file if that gives the name."""
    text, within = node.spot.text, inside.block.span
    attribute = inside.block.attributes.get(name)
    places = [node.spot.span, *([attribute.expression.span] if attribute else [])]
    if text is inside.evaluator.text:
        places = [one for one in places if within.start <= one.start and one.end <= within.end]
    return NamedAt(text.path, text.source, next(iter(places), within))


def in_readings(
    inside: Inside,
    expression: Expression,
    take: Callable[[Inside], dict[str, T]],
    within: Path = (),
) -> list[tuple[T, Given]]:
    """Return the things that `take` finds in any reading, with the conditions of each.

    The result for an expression, or for a path `within` its value, is the same each time.
    """
    forced = inside.evaluator.choices.forced

    def work_out(asked: set[SourceCondition]) -> list[tuple[T, Given]]:
        def taken(choices: Choices) -> dict[str, T]:
            made = take(replace(inside, evaluator=inside.evaluator.reading(choices)))
            asked.update(choices.answers)
            return made

        alone = inside.evaluator.reading(Choices(forced, limit=0))
        found = list(_depending(explore(taken, forced), alone, expression, inside.spot))
        asked.update(alone.choices.answers)
        return found

    around, names = inside.evaluator.around, inside.evaluator.names
    name = (inside.block, expression, within, frozenset(names.items()))
    found = around.explored(name, forced, work_out)
    return [(one, given - inside.given) for one, given in found]


def _depending(
    groups: Sequence[Sequence[tuple[Choices, dict[str, T]]]],
    alone: Evaluator,
    expression: Expression,
    spot: Location,
) -> Iterable[tuple[T, Given]]:
    """Return each thing once, with the conditions on which it exists."""
    found: dict[str, tuple[T, Given]] = {}
    for group in groups:
        where: dict[str, list[Reading]] = {}
        made: dict[str, T] = {}
        every = [choices.reading for choices, _ in group]
        for reading, (_, of_reading) in zip(every, group, strict=True):
            made |= of_reading
            for key in of_reading:
                where.setdefault(key, []).append(reading)
        for key, readings in where.items():
            given = common(readings, every)
            if not given and len(readings) < len(every):
                node = unknown(alone, expression, spot)
                given = frozenset({condition_of(node)})
            found.setdefault(key, (made[key], given))
    return found.values()


def _nodes_of(inside: Inside, name: str) -> Iterator[Node]:
    """Yield the names in an attribute, and an unknown one if there may be more."""
    node = inside.get(name)
    if not isinstance(node, Array):
        yield from () if node is None else (node,)
        return
    yield from node.items
    if not node.items and not node.whole:
        expression = inside.block.attributes[name].expression
        yield unknown(inside.evaluator, expression, node.spot)


def address_of(inside: Inside) -> str:
    type_, name = inside.block.labels[:2]
    return f"{inside.evaluator.around.prefix()}{type_}.{name}{inside.step}"


def of_data(inside: Inside) -> Attachment:
    """Return what is known of a policy that only a data source holds: where it is."""
    type_, name = inside.block.labels
    address = f"{inside.evaluator.around.prefix()}data.{type_}.{name}{inside.step}"
    return Attachment(also=(address,))


def described(inside: Inside, node: Principal) -> Principal:
    """Return a principal with the address and the place of the block that it is."""
    source, span = inside.evaluator.text.source, inside.block.span
    return replace(node, addresses=(address_of(inside),), source=source, span=span)


def arn_of(inside: Inside) -> Named | None:
    """Return the ARN of the resource itself; None if the shape of the ARN is not known."""
    shape = shape_of(inside.block.labels[0])
    return as_name(arn(shape, inside, inside.spot)) if shape else None
