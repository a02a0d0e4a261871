"""The network from which the resource of a policy can be reached, by its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.resolve import Resolver
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.policy.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.cloudformation.table import Path
    from iamlint.load.cloudformation.template import Template

_DOMAINS: Final = frozenset({"AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"})
_TRUTHS: Final = {True: True, False: False, "true": True, "false": False}
# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-endpointconfiguration.html
_TYPES: Final[dict[str, tuple[Path, ...]]] = {
    "AWS::ApiGateway::RestApi": (("EndpointConfiguration", "Types", "*"),),
    "AWS::Serverless::Api": (("EndpointConfiguration", "Type"), ("EndpointConfiguration",)),
}


def network(template: Template, resource: Resource) -> Network:
    """Return the network of a domain or an API; others can be reached from anywhere."""
    start = Reached((), dict(resource.properties), {})
    if resource.type in _DOMAINS:
        return _of_domain(resource, start)
    return _of_api(template, resource, start)


def _of_domain(resource: Resource, start: Reached) -> Network:
    """Return the network of a domain, which may authenticate users itself."""
    is_on, is_open = (
        _is_true(list(reach(start, ("AdvancedSecurityOptions", name))))
        for name in ("Enabled", "AnonymousAuthEnabled")
    )
    if is_on and is_open is False:
        return Network.SIGNED_IN
    found = list(reach(start, ("VPCOptions",)))
    if not found:
        return Network.INTERNET if is_on is False or is_open else Network.UNKNOWN
    is_sure = all(not node.given and node.blocked is None for node in found)
    return Network.VPC if is_sure and not _may_be_none(resource) else Network.UNKNOWN


def _is_true(nodes: Sequence[Reached]) -> bool | None:
    """Return whether a property that is false by default is true, None if unknown."""
    if not nodes:
        return False
    values = [None if node.given or node.blocked else node.value for node in nodes]
    written = [_TRUTHS.get(one) if isinstance(one, bool | str) else None for one in values]
    return written[0] if len(set(written)) == 1 else None


def _may_be_none(resource: Resource) -> bool:
    value = resource.properties.get("VPCOptions")
    return isinstance(value, dict) and "Fn::If" in value


def _of_api(template: Template, resource: Resource, start: Reached) -> Network:
    for path in _TYPES.get(resource.type, ()):
        nodes = [node for node in reach(start, path) if not isinstance(node.value, dict | list)]
        if nodes:
            break
    else:
        return Network.INTERNET
    resolver = Resolver(template, loops=resource.loops)
    names = [None if node.given or node.blocked else resolver.text(node.value) for node in nodes]
    if names == ["PRIVATE"]:
        return Network.ENDPOINTS
    return Network.INTERNET if all(isinstance(name, str) for name in names) else Network.UNKNOWN
