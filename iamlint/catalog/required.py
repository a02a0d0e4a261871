"""Resource types that every request for an action is about, as far as AWS documents it for sure.

The reference marks required resource types, but not always: some types that it marks are ways to
choose from, and AWS's own policies lack some, such as the functions of a database. So only these
services and actions count, as of 2026-11:

- EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/ec2-api-permissions.html
- aliases of KMS: https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html
- the Data Catalog of Glue: https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
- Batch: https://docs.aws.amazon.com/batch/latest/userguide/iam-example-restrict-job-submission.html
- Run Command: https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
- IAM Identity Center: https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetdelegation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from iamlint.catalog.model import Action

Group: TypeAlias = tuple[str, ...]
"""Resource types; a request is about one of them."""

_CATALOG: Final = ("rootcatalog", "catalog")
_WHOLE: Final = {
    "ec2": frozenset[str](),
    "glue": frozenset({"database", "rootcatalog", "table"}),
    "kms": frozenset({"alias", "key"}),
}
"""Services whose marks count, and the types that an action may require: any, if there are none."""

_GROUPS: Final[dict[str, tuple[Group, ...]]] = {
    "batch:submitjob": (("job-definition", "job-definition-revision"), ("job-queue",)),
    "ssm:sendcommand": (("document",), ("instance", "managed-instance")),
    "sso:createaccountassignment": (("PermissionSet",), ("Account",)),
    "sso:deleteaccountassignment": (("PermissionSet",), ("Account",)),
}


def required_types(action: Action) -> tuple[Group, ...]:
    """Return groups of resource types, if they are sure; a request is about one type of each."""
    groups = _GROUPS.get(action.full_name.lower())
    if groups is not None:
        return groups
    known = _WHOLE.get(action.service)
    required = [use.name for use in action.resource_types if use.required]
    if known is None or len(required) < 2 or (known and not known.issuperset(required)):  # noqa: PLR2004
        return ()
    return tuple(_CATALOG if name in _CATALOG else (name,) for name in required)
