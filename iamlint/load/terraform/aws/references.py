"""The values of attributes of resources: those in the module, and ARNs built of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.late_pattern import late_pattern
from iamlint.load import link
from iamlint.load.link import shown
from iamlint.load.manifests.queue_url import queue_arn
from iamlint.load.terraform.aws.lookup import path_of
from iamlint.load.terraform.aws.row import UNIQUE
from iamlint.load.terraform.aws.table import MEANS, PART, shape_of, table
from iamlint.load.terraform.language.block import Inside
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Member,
    Object,
    String,
    as_string,
    hidden,
    join_values,
    known,
    plain,
    without,
)
from iamlint.load.terraform.language.unknown import address_of_instance
from iamlint.load.terraform.language.write import as_name
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.link import Name
    from iamlint.load.terraform.aws.row import AttributeArn, AttributeRow
    from iamlint.load.terraform.language.evaluate import Evaluator
    from iamlint.load.terraform.language.folder import Folder
    from iamlint.load.terraform.language.node import Location, Node

# Another provider than the usual one may be for another account.
_SURROUNDINGS: Final = {
    ("aws_caller_identity", "account_id"): "account",
    ("aws_partition", "partition"): "partition",
    ("aws_region", "id"): "region",
    ("aws_region", "name"): "region",
    ("aws_region", "region"): "region",
}
# Data sources that find by name a resource whose ARN does not follow from the name.
_LOOKED_UP: Final = frozenset({"aws_iam_policy", "aws_ssoadmin_permission_set"})
# Attributes that name a resource by its name alone; others may be an ARN as well, or a URL.
_BY_NAME: Final = frozenset(
    {
        *("bucket", "backup_vault_name", "container_name", "destination_name", "domain"),
        *("domain_name", "event_bus_name", "file_system_id", "model_package_group_name"),
        *("registry_name", "repository", "repository_name", "rest_api_id", "vault_name"),
        *("vpc_endpoint_id", "workspace_id"),
    }
)
# Attributes that return a value of another attribute, by type; the id may contain the owner of a
# bucket too.
_REPEATED: Final = {
    ("terraform_data", "output"): "input",
    ("null_data_source", "outputs"): "inputs",
    **{
        (f"aws_s3_bucket_{what}", "id"): "bucket"
        for what in (
            *("lifecycle_configuration", "logging", "notification", "ownership_controls", "policy"),
            *("public_access_block", "server_side_encryption_configuration", "versioning"),
        )
    },
}
_OWNER: Final = "expected_bucket_owner"
_WORD: Final = late_pattern(r"[\w.-]+")
_INDEX: Final = late_pattern(r"(?<=\w)\[[^\]]*+\]")


def attribute(folder: Folder, steps: Sequence[str], of: Evaluator, spot: Location) -> Node | None:
    """Return the value of `type.name.attribute`; None if only AWS or Terraform knows it.

    `of` has the names of one of the instances of its module.
    """
    match steps:
        case ("data", "template_file", name, "rendered"):
            return _rendered(folder, name, of)
        case ("data", type_, name, wanted):
            found = folder.find("data", type_, name)
        case (type_, name, wanted):
            found = folder.find("resource", type_, name)
        case _:
            return None
    if found is None:
        return None
    part, block = found
    inside = Inside(block, replace(of, text=part.text))
    is_data = steps[0] == "data"
    if (type_, wanted) == ("aws_organizations_organization", "roots"):
        return _roots(inside, spot)
    shape = shape_of(type_)
    if (given := _REPEATED.get((type_, wanted))) and _OWNER not in block.attributes:
        return inside.get(given)
    if is_data:
        made = _looked_up(shape, inside, wanted, spot)
    else:
        made = _of_resource(shape, inside, wanted, spot) if shape else None
    if made is not None or _is_surroundings(type_, wanted):
        return made
    if wanted in block.attributes:
        return None if _is_changed_elsewhere(inside, wanted) else inside.get(wanted)
    return _of_instance(inside, wanted, spot)


def _roots(inside: Inside, spot: Location) -> Node:
    """Return the only root of an organization, with its id as far as known.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_Root.html
    """
    id_ = join_values([plain("r-", spot), _of_instance(inside, "roots", spot)], spot)
    return Array([Object({"id": Member(None, id_)}, spot, more=hidden(spot))], spot)


def _of_resource(shape: AttributeArn, inside: Inside, wanted: str, spot: Location) -> Node | None:
    """Return the name of a resource, its ARN or its URL."""
    if shape.is_name(wanted):
        return own_name(shape, inside, spot)
    if wanted == shape.get or (wanted == "id" and shape.id == "arn"):
        return arn(shape, inside, spot)
    if shape.url and wanted in ("url", "queue_url", "id"):
        return built(shape.url, shape, inside, spot)
    return None


def _looked_up(
    shape: AttributeArn | None, inside: Inside, wanted: str, spot: Location
) -> Node | None:
    """Return the name that a data source looks up, or the ARN built of it."""
    type_ = inside.block.labels[0]
    if what := _SURROUNDINGS.get((type_, wanted)):
        name = inside.get("name") if what == "region" else None
        is_known = not {"endpoint"} & inside.block.attributes.keys()
        return (name or surroundings(what, inside, spot)) if is_known else None
    if type_ in _LOOKED_UP and wanted in ("arn", "id"):
        return _looked_up_policy(inside, wanted, spot)
    name = inside.get(shape.data) if shape and shape.data else None
    if shape is None or name is None:
        return None
    if shape.is_name(wanted) and (wanted != "id" or shape.data == shape.name):
        return without(name, shape.without) if isinstance(name, String) else name
    if wanted == shape.get or (wanted == "id" and shape.id == "arn"):
        return arn(shape, inside, spot, name)
    return built(shape.url, shape, inside, spot, name) if shape.url and wanted == "url" else None


def _looked_up_policy(inside: Inside, wanted: str, spot: Location) -> Node | None:
    """Return the ARN of a managed policy, or else the name by which AWS looks it up.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy
    """
    if "arn" in inside.block.attributes:
        return inside.get("arn")
    return replace(_of_instance(inside, wanted, spot), found_by=inside.get("name"))


def _is_surroundings(type_: str, wanted: str) -> bool:
    return (type_, wanted) in _SURROUNDINGS or type_ == "aws_partition"


def _of_instance(inside: Inside, wanted: str, spot: Location) -> Hidden:
    """Return an attribute that AWS decides, with one identity for the instance."""
    own = _instance(inside)
    return replace(hidden(spot), identity=None if own is None else f"{own}.{wanted}")


def _instance(inside: Inside) -> str | None:
    """Return the address of an instance; None if it means several."""
    is_one = not {"count", "for_each"} & inside.block.attributes.keys()
    return address_of_instance(_address(inside), inside.evaluator, is_one=is_one)


def _address(inside: Inside) -> str:
    type_, name = inside.block.labels[:2]
    data = "data." if inside.block.type == "data" else ""
    return f"{inside.evaluator.around.prefix()}{data}{type_}.{name}"


def _rendered(folder: Folder, name: str, of: Evaluator) -> Node | None:
    """Return the rendered text of a template with its variables, which are all strings.

    https://registry.terraform.io/providers/hashicorp/template/latest/docs/data-sources/file
    """
    found = folder.find("data", "template_file", name)
    inside = Inside(found[1], replace(of, text=found[0].text)) if found else None
    template = inside.get("template") if inside else None
    if inside is None or template is None:
        return None
    given = inside.get("vars")
    members = given.members if isinstance(given, Object) else {}
    names = {name: as_string(member.node) for name, member in members.items()}
    return of.around.rendered(template, names, of)


def _is_changed_elsewhere(inside: Inside, name: str) -> bool:
    """Return whether Terraform ignores changes that others make to an attribute.

    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes
    """
    for block in inside.block.blocks:
        if block.type == "lifecycle" and (ignored := block.attributes.get("ignore_changes")):
            span = ignored.expression.span
            text = inside.evaluator.text.source.text[span.start : span.end]
            words = _WORD.findall(_INDEX.sub(".", text))
            return "all" in words or name in words
    return False


def surroundings(what: str, inside: Inside, spot: Location) -> Node:
    """Return the account, the partition or the region that a resource is in."""
    around = inside.evaluator.around
    provider = around.provider(inside.block)
    if what == "account" and provider.account is not None:
        return provider.account
    key = provider.key if what == "region" else around.place
    if what == "region" and (region := inside.get("region") or provider.region):
        return replace(region, means=Pseudo.REGION) if isinstance(region, Hidden) else region
    return Hidden(f"${{{what}}}", spot, means=MEANS.get(what), identity=f"{key}#{what}")


def arn(shape: AttributeArn, inside: Inside, spot: Location, name: Node | None = None) -> Node:
    """Return the ARN of a resource; unknown parts of it have names."""
    return built(shape.arn, shape, inside, spot, name)


def built(
    pattern: str, shape: AttributeArn, inside: Inside, spot: Location, name: Node | None = None
) -> Node:
    """Return a filled pattern of a type; `name` is that of another resource than the block."""
    texts = PART.split(pattern)  # every second one is a word to replace
    nodes = [
        _part(text, shape, inside, spot, name) if number % 2 else plain(text, spot)
        for number, text in enumerate(texts)
    ]
    return join_values(nodes, spot)


def _part(
    what: str, shape: AttributeArn, inside: Inside, spot: Location, name: Node | None
) -> Node:
    if what == "@":
        node = name or own_name(shape, inside, spot)
        return without(node, shape.without) if isinstance(node, String) else node
    if what == "/@":
        return _without_slash(name or own_name(shape, inside, spot))
    if what == "/":
        return _path(inside, spot) if name is None else _path_of(name, inside, spot)
    if what == "bus":
        return _bus(inside, spot)
    if what == "random":
        own = _instance(inside) if name is None else None
        return Hidden("${…}", spot, identity=own and f"{own}.random")
    return surroundings(what, inside, spot)


def _path(inside: Inside, spot: Location) -> Node:
    return inside.get("path") or plain("/", spot)


def _path_of(name: Node, inside: Inside, spot: Location) -> Node:
    """Return the path of a principal that is looked up by name."""
    around = inside.evaluator.around
    account = around.provider(inside.block).account
    whose = "" if account is None else shown(as_name(account))
    identity = path_of(inside.block.labels[0], known(name), whose)
    around.looked_up.update(() if identity is None else (identity,))
    return Hidden("${path}", spot, identity=identity)


def _without_slash(name: Node) -> Node:
    """Return a name without a `/` at its start, which may be unknown."""
    if isinstance(name, Hidden):
        return replace(name, identity=None)
    return without(name, "/") if isinstance(name, String) else name


def _bus(inside: Inside, spot: Location) -> Node:
    """Return the part of the ARN of a rule for its event bus: empty for the default one.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    node = inside.get("event_bus_name")
    name = known(node)
    if node is None or name in ("default", ""):
        return plain("", spot)
    if name is None or name.startswith("arn:"):
        return hidden(spot)
    return join_values([node, plain("/", spot)], spot)


def own_name(shape: AttributeArn, inside: Inside, spot: Location) -> Node:
    """Return the name of a resource as AWS returns it.

    Its unknown parts have one identity for the resource.
    """
    own = _instance(inside)
    wanted = shape.name or "id"
    identity = None if own is None else f"{own}.{wanted}"
    is_own = shape.name is not None and not _is_changed_elsewhere(inside, shape.name)
    node = inside.get(shape.name) if is_own and shape.name else None
    if node is None:
        text, type_ = f"${{{_address(inside)}.{wanted}}}", inside.block.labels[0]
        node = Hidden(text, spot, identity=identity, resource=type_)
        if not shape.prefix or not is_own:
            return node
        prefix = inside.get(shape.prefix)
        return join_values([prefix or plain(UNIQUE, spot), node], spot)
    return _identified(without(node, shape.without) if isinstance(node, String) else node, identity)


def _identified(node: Node, identity: str | None) -> Node:
    """Return a name whose unknown parts have one identity."""
    if isinstance(node, Hidden):
        return node if node.identity else replace(node, identity=identity)
    if not isinstance(node, String) or identity is None:
        return node
    pieces = [
        replace(piece, identity=f"{identity}#{number}")
        if isinstance(piece, Hidden) and piece.identity is None
        else piece
        for number, piece in enumerate(node.pieces)
    ]
    return String(tuple(pieces), node.spot)


def arn_of_named(row: AttributeRow, node: Node, inside: Inside) -> Name | None:
    """Return the ARN of the resource that a policy names by ARN, by URL, or by name alone."""
    shape = table().by_resource.get(row.attached or "")
    name = as_name(node)
    text = shown(name)
    is_reference = isinstance(node, Hidden) and bool(node.resource)
    if text.startswith("arn:") or shape is None:
        return name if text.startswith("arn:") else None
    if isinstance(node, Hidden) and not is_reference and row.target not in _BY_NAME:
        return _some(shape, node)
    if "://" in text:
        return queue_arn(name)
    is_name = ":function:" not in text
    return as_name(arn(shape, inside, inside.spot, node)) if is_name else None


def _some(shape: AttributeArn, node: Hidden) -> Name:
    """Return an ARN with only the service known."""
    partition = Unknown("${…}", identity=node.identity and f"{node.identity}:partition")
    service = shape.arn.split(":")[2]
    return link.join_names("arn:", partition, f":{service}:", as_name(node))
