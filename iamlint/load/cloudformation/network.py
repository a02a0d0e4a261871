"""From where the resource of a policy can be reached, as its properties say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.resolve import Resolver
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.policy.network import Network

if TYPE_CHECKING:
    from iamlint.load.cloudformation.table import Path
    from iamlint.load.cloudformation.template import Resource, Template

_IN_VPC: Final = frozenset({"AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"})
# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-endpointconfiguration.html
_TYPES: Final[dict[str, tuple[Path, ...]]] = {
    "AWS::ApiGateway::RestApi": (("EndpointConfiguration", "Types", "*"),),
    "AWS::Serverless::Api": (("EndpointConfiguration", "Type"), ("EndpointConfiguration",)),
}


def network(template: Template, resource: Resource) -> Network:
    """Return it for a domain or an API; others can be reached from anywhere."""
    start = Reached((), dict(resource.properties), {})
    if resource.type in _IN_VPC:
        found = list(reach(start, ("VPCOptions",)))
        if not found:
            return Network.INTERNET
        is_sure = all(not node.given and node.blocked is None for node in found)
        return Network.VPC if is_sure and not _may_be_none(resource) else Network.UNKNOWN
    return _of_api(template, resource, start)


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
