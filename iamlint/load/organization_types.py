"""The types of an organization's policies: only two of them are IAM policies.

The others manage tags, backups and settings of services, in a grammar of their own.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.document import Cause, NotAnalysed
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.text.span import Pointer

# https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html
KINDS: Final = {"SERVICE_CONTROL_POLICY": Kind.SCP, "RESOURCE_CONTROL_POLICY": Kind.RCP}

DATE: Final = "2026-11-20"
OTHERS: Final = frozenset(
    {
        *("AISERVICES_OPT_OUT_POLICY", "BACKUP_POLICY", "BEDROCK_POLICY", "CHATBOT_POLICY"),
        *("DECLARATIVE_POLICY_EC2", "GUARDDUTY_POLICY", "INSPECTOR_POLICY"),
        *("NETWORK_SECURITY_DIRECTOR_POLICY", "S3_POLICY", "SECURITYHUB_CSPM_POLICY"),
        *("SECURITYHUB_POLICY", "TAG_POLICY", "UPGRADE_ROLLOUT_POLICY"),
    }
)
"""The types that are not IAM policies, as the API listed them on `DATE`."""


def reason(type_: str) -> str:
    return f"policy of type `{type_}`, not an IAM policy"


def not_judged(type_: object, path: str, at: Pointer) -> Iterator[NotAnalysed]:
    """Yield what is not judged when a policy has another type; a text of other use yields none.

    A type that is newer than the list may be an IAM policy.
    """
    if not isinstance(type_, str) or isinstance(type_, Kind):
        return
    if type_ in OTHERS:
        yield NotAnalysed(path, at, reason(type_), cause=Cause.NOT_IAM)
    elif "POLICY" in type_ and type_ not in KINDS:
        unknown = f"AWS had no policy of type `{type_}` on {DATE}"
        yield NotAnalysed(path, at, unknown)
