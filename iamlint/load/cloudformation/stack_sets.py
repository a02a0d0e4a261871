"""The templates of stack sets, which create stacks in other accounts, written in the template.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.cloudformation.environments import in_region
from iamlint.load.cloudformation.parameters import values_in_stack
from iamlint.load.cloudformation.refs import beyond, texts
from iamlint.load.cloudformation.resolve import NoValue, Resolver
from iamlint.load.cloudformation.shape import is_template
from iamlint.load.cloudformation.table import Reached, reach
from iamlint.load.cloudformation.template import Template
from iamlint.text.embed import embedded_yaml, read_embedded
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.cloudformation.intrinsics import Text
    from iamlint.load.cloudformation.resources import Resource
    from iamlint.load.cloudformation.table import Path
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

STACK_SET: Final = "AWS::CloudFormation::StackSet"
BODY: Final = "TemplateBody"
MAX_BODIES: Final = 3
"""Levels of templates in strings of templates that are read."""

MAX_ACCOUNTS: Final = 16
"""Accounts of one stack set that are evaluated one by one; with more, the account is unknown."""

_ACCOUNTS: Final[Path] = ("StackInstancesGroup", "*", "DeploymentTargets", "Accounts", "*")
_REGIONS: Final[Path] = ("StackInstancesGroup", "*", "Regions", "*")
_OTHERS: Final = frozenset({"OrganizationalUnitIds", "AccountFilterType", "AccountsUrl"})


def inner_templates(template: Template, resource: Resource) -> Iterator[tuple[Pointer, Template]]:
    """Yield the template of a stack set for each of its accounts, with its place."""
    at = (*resource.at, "Properties", BODY)
    body = resource.properties.get(BODY)
    source = _read(template.source, at) if isinstance(body, str) else None
    if source is None or not source.readable or template.depth >= MAX_BODIES:
        return
    if not isinstance(source.value, dict) or not is_template(source.value):
        return
    for account in _accounts(template, resource):
        inner = Template(
            source,
            (),
            source.value,
            path=template.path,
            known_as=template.known_as,
            instance=f"@{template.scope}/{'/'.join(map(str, at))} in {account}",
            given=beyond(template, resource, None),
            is_native=template.is_native,
            depth=template.depth + 1,
        )
        inner.environment = {
            **_regional(template, resource),
            "AWS::AccountId": account or _unknown(inner),
        }
        inner.take(values_in_stack(inner.section("Parameters"), _passed(template, resource)))
        yield at, inner


def _read(source: Source, at: Pointer) -> Source | None:
    text = source.value_at(at)
    if not isinstance(text, str) or "Resources" not in text:
        return None
    return read_embedded(source, at) or embedded_yaml(source, at)


def _unknown(inner: Template) -> Unknown:
    return Unknown("${account}", Pseudo.OTHER_ACCOUNT, f"{inner.scope}:account")


def _accounts(template: Template, resource: Resource) -> list[str | None]:
    """Return the accounts of a stack set; None if unknown."""
    found = _all(template, resource, _ACCOUNTS)
    groups = resource.properties.get("StackInstancesGroup")
    targets = [
        group.get("DeploymentTargets") if isinstance(group, dict) else None
        for group in (groups if isinstance(groups, list) else [None])
    ]
    known = [one for one in found if isinstance(one, str)]
    is_sure = len(known) == len(found) <= MAX_ACCOUNTS and all(
        isinstance(one, dict) and not _OTHERS & one.keys() for one in targets
    )
    return [*dict.fromkeys(known)] if is_sure and known else [None]


def _regional(template: Template, resource: Resource) -> Mapping[str, Text]:
    regions = set(map(str, _all(template, resource, _REGIONS)))
    return in_region(regions.pop()) if len(regions) == 1 else {}


def _all(template: Template, resource: Resource, path: Path) -> list[Text]:
    nodes = reach(Reached((), dict(resource.properties), resource.given), path)
    return [text for node in nodes for text in texts(template, resource, node)]


def _passed(template: Template, resource: Resource) -> Value:
    """Return the parameters that all instances are given."""
    resolver = Resolver(template, resource.given, resource.loops)
    found = resolver.resolve(resource.properties.get("Parameters"), ())
    passed: dict[str, Value] = {}
    for one in found if isinstance(found, list) else ():
        match one:
            case {"ParameterKey": str(name), "ParameterValue": value}:
                passed[name] = None if isinstance(value, NoValue) else value
    return passed
