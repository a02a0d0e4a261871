"""Files of JSON or YAML that cannot be read: broken policies, and files that are listed."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from iamlint.load.document import Cause, Document, NotAnalysed
from iamlint.load.dumps.outputs import may_link
from iamlint.load.recognise import hints
from iamlint.load.reports.marks import may_hold_report, starts_as_json
from iamlint.load.unread import signs
from iamlint.text.source import NO_VALUE, Dialect, SyntaxFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.find.files import File
    from iamlint.text.source import Source, SyntaxFlaw

_TEMPLATED_JSON: Final = r"\{%|<%|%\{ ?(?:if|for)\b|\{\{[-#/]"
# Reasons why a text that may be valid is not read.
_REFUSALS: Final = {SyntaxFault.LIMIT: Cause.LIMIT, SyntaxFault.NOT_TEXT: Cause.NOT_TEXT}


def items(file: File, source: Source) -> Iterator[Document | NotAnalysed]:
    """Yield a broken policy as a document; list a file that is templated, or not text."""
    flaw = next(flaw for flaw in source.flaws if flaw.fault in NO_VALUE)
    if cause := _REFUSALS.get(flaw.fault):
        yield NotAnalysed(file.path, (), flaw.message, unreadable=True, cause=cause)
    elif _is_templated(source, flaw):
        if signs.may_be_in_broken(source.text) or signs.name_a_place(source.text):
            what = "yaml" if source.dialect is Dialect.YAML else "json"
            yield NotAnalysed(file.path, (), f"templated {what}", cause=Cause.TEMPLATED)
    elif file.kind is not None or signs.are_in_broken(source.text):
        named = chain(hints.of_path(file.path), hints.of_first_words(file.path))
        kind = file.kind or next(named, signs.kind_in(source.text))
        more = not signs.are_at_start(source.text)
        yield Document(file.path, source, (), (), kind, may_hold_more=more)
    elif signs.may_be_in_broken(source.text):
        line = source.lines.position(flaw.span.start).line
        seems = f"it seems to contain a policy: {flaw.message} in line {line}"
        reason = f"not {source.dialect}, and {seems}"
        yield NotAnalysed(file.path, (), reason, cause=Cause.SIGN)
    elif starts_as_json(file.data) and may_hold_report(file.data):
        reason = f"not {source.dialect}, and it seems to be a report on an account"
        cause = Cause.BROKEN if may_link(file.data) else Cause.OTHER
        yield NotAnalysed(file.path, (), reason, unreadable=file.by_path, cause=cause)
    else:
        reason = f"not {source.dialect}, and no sign of a policy"
        cause = Cause.BROKEN if may_link(file.data) else Cause.NO_POLICY
        yield NotAnalysed(file.path, (), reason, cause=cause)


def _is_templated(source: Source, flaw: SyntaxFlaw) -> bool:
    if source.dialect is Dialect.YAML:
        return flaw.fault is SyntaxFault.TEMPLATED
    return re.search(_TEMPLATED_JSON, source.text) is not None
