"""Ignores of findings as code actions: a comment where the language has some, or configuration."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from iamlint.config.table import FILE, PYPROJECT
from iamlint.fast_dataclass import replace
from iamlint.linter.pipeline import lint
from iamlint.text.span import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.rule.finding import Finding
    from iamlint.server.checked import CheckedText
    from iamlint.server.positions import ClientUnits
    from iamlint.server.texts import OpenText, OpenTexts

_REASON: Final = "TODO: why this is safe here"
_MARKS: Final = {
    **dict.fromkeys((".yaml", ".yml", ".tf", ".tofu"), "#"),
    **dict.fromkeys((".json5", ".jsonc"), "//"),
}


def ignores(
    f: Finding,
    checked: CheckedText,
    text: OpenText,
    texts: OpenTexts,
    units: ClientUnits,
) -> Iterator[tuple[str, types.WorkspaceEdit]]:
    """Yield one way to ignore a finding, with a title: by a comment if that works there."""
    comment = _comment(f, text)
    if comment is not None and _ignores(f, comment, checked, text):
        start = units.position(text.lines.start(f.range.start.line), text.lines)
        edit = types.TextEdit(types.Range(start, start), comment)
        title = f"ignore `{f.rule}` here, with a reason"
        yield title, types.WorkspaceEdit(changes={text.uri: [edit]})
        return
    place = _configuration(checked)
    title = f"ignore `{f.rule}` in `{place.name}`, with a reason"
    yield title, _with_entry(f, place, text, texts, units)


def _comment(f: Finding, text: OpenText) -> str | None:
    """Return the line to put above a finding; None if the language has no comments."""
    mark = _MARKS.get(Path(text.place).suffix.lower())
    if mark is None:
        return None
    line = text.lines.text(f.range.start.line)
    indent = line[: len(line) - len(line.lstrip())]
    end = "\r\n" if "\r\n" in text.whole else "\n"
    return f"{indent}{mark} iamlint: ignore[{f.rule}] {_REASON}{end}"


def _ignores(f: Finding, comment: str, checked: CheckedText, text: OpenText) -> bool:
    """Return whether a comment above a finding makes this one ignored, and no other one new."""
    at = text.lines.start(f.range.start.line).offset
    after = text.whole[:at] + comment + text.whole[at:]
    contents = {**checked.request.contents, text.place: after.encode("utf-8", "surrogatepass")}
    run = lint(replace(checked.request, contents=contents), checked.plugged)
    before = {one.fingerprint for one in checked.run.open}
    left = {one.fingerprint for one in run.open}
    return left <= before and f.fingerprint not in left


def _configuration(checked: CheckedText) -> Path:
    """Return the configuration of the file, or where one would be."""
    config = checked.request.scopes.base(checked.question.path)
    return config.path or checked.question.root / FILE


def _with_entry(
    f: Finding, place: Path, text: OpenText, texts: OpenTexts, units: ClientUnits
) -> types.WorkspaceEdit:
    """Return the edit that appends an entry to a configuration, which may be a new file."""
    uri = texts.uri_of(str(place))
    is_open = texts.get(uri)
    old = is_open.whole if is_open else place.read_text("utf-8") if place.exists() else ""
    lines = Lines(old)
    end = units.position(lines.position(len(old)), lines)
    table = "tool.iamlint.ignore-finding" if place.name == PYPROJECT else "ignore-finding"
    gap = "" if not old else "\n" if old.endswith("\n") else "\n\n"
    entry = [f"[[{table}]]", f"rule = {json.dumps(f.rule)}"]
    entry.append(f"file = {json.dumps(Path(os.path.relpath(text.place, place.parent)).as_posix())}")
    if f.statement is not None and f.statement.sid:
        entry.append(f"sid = {json.dumps(f.statement.sid)}")
    entry.append(f"reason = {json.dumps(_REASON)}")
    new = types.TextEdit(types.Range(end, end), gap + "\n".join(entry) + "\n")
    version = is_open.version if is_open else None
    document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    change = types.TextDocumentEdit(document, [new])
    created = [] if old or place.exists() else [types.CreateFile(uri)]
    return types.WorkspaceEdit(document_changes=[*created, change])


def ignores_of(checked: CheckedText, texts: OpenTexts, offset: int) -> list[types.Location]:
    """Return where the findings at an offset are ignored: the lines of comments or entries."""
    found = []
    for f in checked.run.findings:
        here = f.path == checked.question.path and f.range.start.offset <= offset
        if f.suppressed is None or not here or offset > f.range.end.offset:
            continue
        path, _, line = f.suppressed.where.rpartition(":")
        if line.isdecimal():
            start = types.Position(int(line) - 1, 0)
            uri = texts.uri_of(os.path.realpath(checked.question.root / path))
            found.append(types.Location(uri, types.Range(start, start)))
    return found
