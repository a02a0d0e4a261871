"""The network from which the resource of a policy can be reached, by its block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.late_pattern import late_pattern
from iamlint.load.terraform.language.block import Inside
from iamlint.load.terraform.language.choices import explore
from iamlint.load.terraform.language.node import Array, Hidden, known
from iamlint.policy.network import Network

if TYPE_CHECKING:
    from iamlint.load.terraform.aws.row import AttributeRow
    from iamlint.load.terraform.language.block import Body
    from iamlint.load.terraform.language.choices import Choices
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Node

_DOMAIN: Final = "AWS::OpenSearchService::Domain"
_API: Final = "AWS::ApiGateway::RestApi"
_TARGETS: Final = {_DOMAIN: "domain_name", _API: "rest_api_id"}
_REFERENCE: Final = late_pattern(
    r"(aws_(?:opensearch|elasticsearch)_domain|aws_api_gateway_rest_api)\.([\w-]++)"
    r"(?:\[[^\]]*+\])?\.[a-z_]+"
)


def network(module: Module, inside: Inside, row: AttributeRow) -> Network:
    """Return the network of the resource of a policy: its own block, or the one it refers to."""
    if row.attached not in _TARGETS:
        return Network.INTERNET
    if row.target == "@":
        return _of_block(inside, row)
    found = _named(module, inside, row)
    return Network.INTERNET if found is None else _of_block(found, row)


def _named(module: Module, inside: Inside, row: AttributeRow) -> Inside | None:
    """Return the block that an attribute refers to."""
    attribute = inside.block.attributes.get(_TARGETS[row.attached or ""])
    if attribute is None:
        return None
    span = attribute.expression.span
    text = inside.evaluator.text.source.text[span.start : span.end]
    match = _REFERENCE.fullmatch(text)
    found = module.folder.find("resource", match[1], match[2]) if match else None
    if found is None:
        return None
    part, block = found
    return Inside(block, replace(inside.evaluator, text=part.text))


def _of_block(inside: Inside, row: AttributeRow) -> Network:
    """Return the network of a block, if it is the same in all readings of the conditions."""

    def work_out(choices: Choices) -> Network:
        reading = replace(inside, evaluator=inside.evaluator.reading(choices))
        return network_of(reading, row.attached)

    groups = explore(work_out, inside.evaluator.choices.forced)
    found = {one for group in groups for _, one in group}
    return found.pop() if len(found) == 1 else Network.UNKNOWN


def network_of(body: Body, attached: str | None) -> Network:
    """Return the network of a domain or an API; others can be reached from anywhere."""
    if attached == _DOMAIN:
        return _of_domain(body)
    if attached != _API:
        return Network.INTERNET
    for block in body.blocks("endpoint_configuration"):
        types = block.get("types")
        items = types.items if isinstance(types, Array) else ()
        names = [known(item) for item in items]
        if names == ["PRIVATE"]:
            return Network.ENDPOINTS
        if None in names or not isinstance(types, Array):
            return Network.UNKNOWN
    return Network.INTERNET


def _of_domain(body: Body) -> Network:
    """Return the network of a domain, which may authenticate users itself."""
    found = Network.INTERNET
    if next(body.blocks("vpc_options"), None) is not None:
        found = Network.VPC
    for block in body.blocks("advanced_security_options"):
        is_on, is_open = (block.get(n) for n in ("enabled", "anonymous_auth_enabled"))
        if Hidden in (type(is_on), type(is_open)):
            return Network.UNKNOWN if found is Network.INTERNET else found
        if _is_true(is_on) and not _is_true(is_open):
            return Network.SIGNED_IN
    return found


def _is_true(node: Node | None) -> bool:
    return node is not None and known(node) == "true"
