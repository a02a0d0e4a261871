"""What a run found, without the secrets of the files: so no report, cache or part has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from iamlint.fast_dataclass import replace
from iamlint.rule.finding import ThreadFlow
from iamlint.text.masked import mask, mask_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.errors import InternalError
    from iamlint.load import NotAnalysed
    from iamlint.rule.finding import Finding, PolicyRef, Related
    from iamlint.text.span import Pointer


def mask_finding(found: Finding) -> Finding:
    """Return a finding as reports show it. Its fix stays, which writes what is in the file."""
    statement, fix = found.statement, found.fix
    return replace(
        found,
        message=mask(found.message),
        help=mask(found.help) if found.help else found.help,
        policy=_policy(found.policy),
        statement=statement and replace(statement, sid=mask(statement.sid or "") or statement.sid),
        pointer=_pointer(found.pointer),
        related=tuple(map(_related, found.related)),
        properties=cast("Mapping[str, object]", mask_all(dict(found.properties))),
        fix=fix and replace(fix, description=mask(fix.description)),
        flows=tuple(map(_flow, found.flows)),
    )


def mask_fixes(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings whose fixes are only shown."""
    for one in found:
        if one.fix is None:
            yield one
            continue
        edits = (replace(edit, replacement=mask(edit.replacement)) for edit in one.fix.edits)
        yield replace(one, fix=replace(one.fix, edits=tuple(edits)))


def mask_reason(item: NotAnalysed) -> NotAnalysed:
    """Return why something is not analysed, as reports show it."""
    return replace(item, reason=mask(item.reason), pointer=_pointer(item.pointer))


def mask_error(item: InternalError) -> InternalError:
    """Return what broke, as reports show it."""
    return replace(item, error=mask(item.error))


def _policy(about: PolicyRef) -> PolicyRef:
    return replace(
        about,
        name=mask(about.name) if about.name else about.name,
        pointer=_pointer(about.pointer),
        attached_to=tuple(map(mask, about.attached_to)),
        construct=mask(about.construct) if about.construct else about.construct,
    )


def _related(one: Related) -> Related:
    return replace(one, pointer=_pointer(one.pointer), message=mask(one.message))


def _flow(one: ThreadFlow) -> ThreadFlow:
    return ThreadFlow(mask(one.start), tuple(map(_related, one.steps)))


def _pointer(pointer: Pointer) -> Pointer:
    return tuple(mask(step) if isinstance(step, str) else step for step in pointer)
