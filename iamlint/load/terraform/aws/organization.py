"""The attached policies of an organization that no file describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.document import Attachment, NotAnalysed
from iamlint.load.link import key_of_name, shown
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from iamlint.load.terraform.language.work import Targeted

TYPE: Final = "aws_organizations_policy"
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
_ALLOW_ALL: Final = frozenset({"p-FullAWSAccess", "p-RCPFullAWSAccess"})
_KINDS: Final = {Kind.SCP: "service control policy", Kind.RCP: "resource control policy"}


def not_described(
    assigned: Iterable[Targeted], described: AbstractSet[str | None]
) -> Iterator[NotAnalysed]:
    """Yield the attached policies whose keys are not among those described.

    An id does not contain the kind of a policy. AWS's own policies allow everything.
    """
    for one in assigned:
        name = one.policy.name
        if name in _ALLOW_ALL or key_of_name(name) in described - {None}:
            continue
        about = Attachment(scope=one.policy.scope, targets=(one.target,))
        for kind, words in _KINDS.items():
            reason = f"the content of `{shown(name)}` as a {words} is not known"
            yield NotAnalysed(one.path, one.pointer, reason, kind=kind, attachment=about)
