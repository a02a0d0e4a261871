"""Who has all rights: what two rules say beside those that report the rights themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.rule import Severity
from iamlint.rules.breadth import wildcard_admin
from iamlint.rules.escalation import attached_administrator_access

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iamlint.load.link import Ref
    from iamlint.policy.model import Statement
    from iamlint.rule import (
        AccountContext,
        AttachedPolicy,
        AttachmentCheck,
        Hit,
        RuleContext,
        StatementCheck,
    )

    Judge = Callable[[Sequence[Ref], object], str | None]
    """Returns what is wrong with the holders, by the options of the rule."""


def in_documents(judge: Judge) -> StatementCheck:
    """Return a check of the statements that `wildcard-admin` reports for their principals."""

    def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
        for hit in wildcard_admin.check(statement, context):
            message = judge(context.holders.sure, context.options) if _is_sure(hit) else None
            if message is not None:
                yield replace(hit, message=message, related=())

    return check


def in_attachments(judge: Judge) -> AttachmentCheck:
    """Return a check of the attached policies that `attached-administrator-access` reports."""

    def check_attachment(attached: AttachedPolicy, context: AccountContext) -> Iterator[Hit]:
        for hit in attached_administrator_access.check(attached, context):
            message = judge(attached.holders.sure, context.options) if _is_sure(hit) else None
            if message is not None:
                yield replace(hit, message=message, severity=None)

    return check_attachment


def _is_sure(hit: Hit) -> bool:
    """Return whether the rights are all that there are; limits make the finding a note."""
    return hit.severity is not Severity.NOTE
