"""Flags a user, group or role with all rights that is not on the list of administrators.

Few principals need all rights: a role for emergencies, and perhaps one that creates all others. `allowed`
lists them, so that each new one is noticed. Roles of IAM Identity Center and of services are left out:
other settings decide which people may take them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.link import glob_of
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Controls, Family, Profile, Rule, Severity, bad, good
from iamlint.rules.escalation._principals import who_have
from iamlint.rules.hygiene._administrators import in_attachments, in_documents
from iamlint.rules.hygiene._allowed import Allowed, may_be_listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.link import Ref

NAME: Final = "unlisted-administrator"

# AWS makes roles of these names:
# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
_OF_AWS: Final = ("role/AWSReservedSSO_", "role/AWSServiceRoleFor")


def judge(holders: Sequence[Ref], options: object) -> str | None:
    allowed = options.allowed if isinstance(options, Allowed) else ()
    unlisted = [one for one in holders if _is_unlisted(one, allowed)]
    return f"{who_have(unlisted)} all rights without an entry in `allowed`" if unlisted else None


def _is_unlisted(holder: Ref, allowed: tuple[str, ...]) -> bool:
    """Return whether a principal is surely not on the list; its name may be known in part."""
    glob = f"{holder.thing}/{glob_of(holder.name)}"
    return not glob.startswith(_OF_AWS) and not may_be_listed(glob, allowed)


_TEMPLATE = """
Resources:
  Admins:
    Type: AWS::IAM::Group
    Properties:
      GroupName: %s
      Policies:
        - PolicyName: all
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: "*"%s
                Resource: "*"
"""
_MODULE = """
resource "aws_iam_role_policy_attachment" "all" {
  role       = "%s"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"%s
}
"""

RULE = Rule(
    name=NAME,
    family=Family.HYGIENE,
    module=__name__,
    summary="a principal with all rights is not on the list of administrators",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    cwe=250,
    kinds=frozenset({Kind.IDENTITY}),
    options=Allowed,
    controls=Controls(cis=("1.16",), cis_7=("2.14",), fsbp=("IAM.1",)),
    advice="grant the actions that are needed, or add the principal to `allowed`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-1",
    ),
    when=("Allow", "every action", "wild resource"),
    check=in_documents(judge),
    check_attachment=in_attachments(judge),
    bad=(
        bad("a group", _TEMPLATE % ("admins", " //!"), file="template.yaml"),
        bad(
            "a role beside the one for emergencies",
            _MODULE % ("deployer", " //!"),
            file="main.tf",
            options={"allowed": ("role/break-glass",)},
        ),
    ),
    good=(
        good(
            "a group on the list",
            _TEMPLATE % ("admins", ""),
            file="template.yaml",
            options={"allowed": ("group/admin*",)},
        ),
        good(
            "the role for emergencies",
            _MODULE % ("break-glass", ""),
            file="main.tf",
            options={"allowed": ("arn:aws:iam::*:role/break-glass",)},
        ),
        good(
            "a role of IAM Identity Center",
            _MODULE % ("AWSReservedSSO_all_0123456789abcdef", ""),
            file="main.tf",
        ),
    ),
)
