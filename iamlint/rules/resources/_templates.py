"""The ARN templates of services as patterns, to hold against the ARNs of a policy.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.policy import wildcard
from iamlint.policy.arn import split_arn
from iamlint.policy.arn_patterns import widened
from iamlint.policy.pattern import without_pseudo

if TYPE_CHECKING:
    from iamlint.catalog import Catalog

FIELDS = 6
_PLACEHOLDER = late_pattern(r"\$\{[^{}]*\}")


@dataclass(frozen=True, eq=False, slots=True)
class ArnTemplate:
    """A template, one object a text; placeholders of region and account are `?*`: a template without has them empty.

    `slashless` when its whole resource is one name that never holds a `/`.
    """

    text: str
    service: str
    region: str
    account: str
    resource: str
    slashless: bool = False

    @property
    def whole(self) -> str:
        return f"{self.service}:{self.region}:{self.account}:{self.resource}"

    def takes_resource(self, resource: str) -> bool:
        if self.slashless and "/" in resource:
            return False
        return wildcard.overlaps(self.resource, resource)


@lru_cache(maxsize=8192)
def template(arn: str) -> ArnTemplate | None:
    """Return an ARN template; None if the text does not have the six fields of an ARN."""
    fields = split_arn(arn)
    if len(fields) != FIELDS:
        return None
    service, region, account, resource = fields[2:]
    return ArnTemplate(
        arn,
        _PLACEHOLDER.sub("*", service).lower(),
        _PLACEHOLDER.sub("?*", region),
        _PLACEHOLDER.sub("?*", account),
        _PLACEHOLDER.sub("*", resource).lower(),
        # Names of buckets have no slash; AWS does not publish this for other placeholders.
        slashless=service == "s3" and resource == "${BucketName}",
    )


# ARNs that AWS documents and the machine-readable reference lacks, as of 2026-11:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
# https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
# Denials of `shield:GetSubscriptionState` name the subscription.
_EXTRA = {
    "shield": ("arn:${Partition}:shield::${Account}:subscription/${Id}",),
    "ssm": (
        "arn:${Partition}:ssm:${Region}::parameter/aws/${Name}",
        "arn:${Partition}:ssm:${Region}::document/${DocumentName}",
        "arn:${Partition}:ssm:${Region}::automation-definition/${DocumentName}",
    ),
    "cloudformation": (
        "arn:${Partition}:cloudformation:${Region}:aws:transform/${Transform}",
        "arn:${Partition}:cloudformation:${Region}:${Account}:transform/${Macro}",
    ),
    "sts": ("arn:${Partition}:sts::${Account}:assumed-role/${RoleName}/${Session}",),
}


@lru_cache(maxsize=512)
def templates_of(catalog: Catalog, arn_service: str) -> tuple[ArnTemplate, ...]:
    """Return the templates of all resource types with this name in the service field."""
    service = arn_service.lower()
    arns = [arn for type_ in catalog.arn_types(service) for arn in type_.arns]
    made = [one for arn in arns if (one := template(arn)) and one.service == service]
    if not made:
        return ()
    return (*made, *documented_templates(service))


@lru_cache(maxsize=4096)
def templates_of_action(catalog: Catalog, name: str) -> tuple[ArnTemplate, ...]:
    """Return the templates of the action's resources; none when some of them are not known."""
    action = catalog.action(name)
    service = catalog.service(action.service) if action else None
    if action is None or service is None or not action.types_known:
        return ()
    types = [service.resource_types.get(use.name.lower()) for use in action.resource_types]
    if any(type_ is None or not type_.arns for type_ in types):
        return ()
    arns = [arn for type_ in types if type_ for arn in type_.arns]
    return tuple(one for arn in arns if (one := template(arn)))


@lru_cache(maxsize=512)
def documented_templates(arn_service: str) -> tuple[ArnTemplate, ...]:
    """Return the templates that only AWS's documentation names."""
    return tuple(one for arn in _EXTRA.get(arn_service, ()) if (one := template(arn)))


@dataclass(frozen=True, slots=True)
class PreparedArn:
    """An ARN of a policy, ready to be held against templates: its variables may be anything."""

    service: str
    region: str
    account: str
    resource: str
    may_swallow: bool = False
    """Whether a `*` before the resource may run into it, as in `arn:aws:logs:*:*:/aws/*`."""

    @property
    def whole(self) -> str:
        return f"{self.service}:{self.region}:{self.account}:{self.resource}"


@lru_cache(maxsize=4096)  # several rules ask in turn
def prepare_arn(arn: str) -> PreparedArn:
    """Return what is asked of templates by an ARN of six fields.

    Names are compared without regard to letter case, which errs towards a fit: the published
    templates are not exact about it.
    """
    service, region, account, resource = split_arn(arn)[2:]
    account, resource = widened(without_pseudo(account)), widened(without_pseudo(resource))
    named = widened(without_pseudo(service)), widened(without_pseudo(region)), account
    return PreparedArn(
        widened(service).lower(),
        widened(region),
        account,
        resource.lower(),
        may_swallow=any("*" in field for field in named),
    )


def fits(made: ArnTemplate, arn: PreparedArn) -> bool:
    """Return whether an ARN pattern names something that the template names too.

    A `*` before the resource may swallow colons: AWS's validator reads it so.
    """
    if arn.may_swallow and wildcard.overlaps(made.whole, arn.whole):
        return True
    return (
        (made.service == arn.service or wildcard.overlaps(made.service, arn.service))
        and made.takes_resource(arn.resource)
        and wildcard.overlaps(made.region, arn.region)
        and wildcard.overlaps(made.account, arn.account)
    )


def names_operation(arn: PreparedArn, catalog: Catalog) -> bool:
    """Return whether the resource is an operation, such as `/GetCostAndUsage`.

    Denials of AWS name `arn:aws:ce:us-east-1:111122223333:/GetCostAndUsage` for a request without
    a resource, with a region also where the resource types of the service have none.
    """
    slash, name = arn.resource[:1], arn.resource[1:]
    return slash == "/" and bool(catalog.expand(f"{arn.service}:{name}"))
