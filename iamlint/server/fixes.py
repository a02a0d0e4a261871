"""Code actions: the fixes of findings, and ignores with a reason to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lsprotocol import types

from iamlint.errors import IamlintError
from iamlint.linter.apply_fixes import fix, prove
from iamlint.rule.finding import Range
from iamlint.server.ignores import ignores
from iamlint.server.patterns import written_out
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.rule.finding import Edit, Finding
    from iamlint.server.checked import CheckedText
    from iamlint.server.positions import ClientUnits
    from iamlint.server.texts import OpenText, OpenTexts

FIX_ALL: Final = "source.fixAll.iamlint"
KINDS: Final = (types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, FIX_ALL)


def code_actions(
    checked: CheckedText,
    text: OpenText,
    texts: OpenTexts,
    asked: types.CodeActionParams,
    units: ClientUnits,
) -> list[types.CodeAction]:
    """Return what can be done about the findings in a range; each fix is proved first."""
    at, given = asked.range, asked.context
    start, end = (units.offset(one, text.lines) for one in (at.start, at.end))
    found = [
        f for f in checked.findings if f.range.start.offset <= end and start <= f.range.end.offset
    ]
    actions: list[types.CodeAction] = []
    if _wants(given, types.CodeActionKind.QuickFix):
        for f in found:
            shown = _diagnostics_of(f, given.diagnostics, text, units)
            actions += _fixes(f, checked, text, shown, units)
            actions += [
                types.CodeAction(title, types.CodeActionKind.QuickFix, shown, edit=edit)
                for title, edit in ignores(f, checked, text, texts, units)
            ]
    if _wants(given, types.CodeActionKind.RefactorRewrite):
        actions += _rewrites(checked, text, start, units)
    if _wants(given, FIX_ALL):
        actions += _fix_all(checked, text, units)
    return actions


def _wants(given: types.CodeActionContext, kind: str) -> bool:
    """Return whether the client asks for a kind of action; `FIX_ALL` is asked for by name."""
    if given.only is None:
        return kind != FIX_ALL
    asked = [str(getattr(one, "value", one)) for one in given.only]
    return any(kind == one or kind.startswith(f"{one}.") for one in asked)


def _diagnostics_of(
    f: Finding, shown: Iterable[types.Diagnostic], text: OpenText, units: ClientUnits
) -> list[types.Diagnostic]:
    place = units.range(f.range, text.lines)
    return [one for one in shown if one.code == f.rule and one.range == place]


def _fixes(
    f: Finding,
    checked: CheckedText,
    text: OpenText,
    shown: list[types.Diagnostic],
    units: ClientUnits,
) -> Iterator[types.CodeAction]:
    """Yield the fix of a finding, if a check of the fixed text proves that it helps."""
    if f.fix is None or not _is_proved(f, checked):
        return
    yield types.CodeAction(
        title=plain(f.fix.description) + ("" if f.fix.safe else " (changes access)"),
        kind=types.CodeActionKind.QuickFix,
        diagnostics=shown,
        is_preferred=f.fix.safe or None,
        edit=types.WorkspaceEdit(
            changes={text.uri: [_edit(one, text, units) for one in f.fix.edits]}
        ),
    )


def _is_proved(f: Finding, checked: CheckedText) -> bool:
    try:
        return bool(prove(checked.request, checked.plugged, checked.run, f))
    except IamlintError:  # a rule's fault, which `--fix` reports
        return False


def _edit(edit: Edit, text: OpenText, units: ClientUnits) -> types.TextEdit:
    return types.TextEdit(units.range(edit.range, text.lines), edit.replacement)


def _rewrites(
    checked: CheckedText, text: OpenText, offset: int, units: ClientUnits
) -> Iterator[types.CodeAction]:
    """Yield the list of actions in place of a pattern that names the same."""
    found = written_out(text.whole, text.place, offset, checked.plugged.catalog)
    if found is not None:
        word, new = found
        at = Range(text.lines.position(word.start), text.lines.position(word.end))
        edit = types.TextEdit(units.range(at, text.lines), new)
        yield types.CodeAction(
            title=f"write out `{word.text}`",
            kind=types.CodeActionKind.RefactorRewrite,
            edit=types.WorkspaceEdit(changes={text.uri: [edit]}),
        )


def _fix_all(
    checked: CheckedText, text: OpenText, units: ClientUnits
) -> Iterator[types.CodeAction]:
    """Yield the change of all safe fixes together, as `--fix` makes it."""
    done = fix(checked.request, checked.plugged)
    for file in done.files:
        if file.path == checked.question.path:
            whole = Range(text.lines.position(0), text.lines.position(len(text.whole)))
            edit = types.TextEdit(units.range(whole, text.lines), file.after)
            yield types.CodeAction(
                title=f"iamlint: fix all ({done.count} safe)",
                kind=FIX_ALL,
                edit=types.WorkspaceEdit(changes={text.uri: [edit]}),
            )
