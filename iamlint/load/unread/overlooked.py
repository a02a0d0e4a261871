"""Parts of a file that are missing in its value: replaced members, and local tags."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.unread import signs
from iamlint.policy.at import At
from iamlint.text.source import Dialect, SyntaxFault, Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.document import Document
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
_FUNCTIONS: Final = (
    "!And !Base64 !Cidr !Condition !Equals !FindInMap !ForEach !GetAtt !GetAZs !If !ImportValue"
    " !Join !Length !Not !Or !Ref !Select !Split !Sub !ToJsonString !Transform"
)
_TAG: Final = r"(?<![^\s\[{,])![\w<][^\s\[\]{},]*+"


def find_overlooked(
    path: str, source: Source, documents: Sequence[Document]
) -> Iterator[NotAnalysed]:
    """Yield possible policies, or parts of these documents, that are not analysed."""
    yield from _replaced(path, source, documents)
    if source.dialect is Dialect.YAML and set(re.findall(_TAG, source.text)) - _known():
        yield from _tagged(path, source.value, {document.pointer for document in documents})


def _replaced(path: str, source: Source, documents: Sequence[Document]) -> Iterator[NotAnalysed]:
    """Yield a note if members outside of policies are replaced by others of the same name."""
    twice = [flaw for flaw in source.flaws if flaw.fault is SyntaxFault.DUPLICATE_KEY]
    if not twice or not signs.may_be_in_broken(source.text):
        return
    wholes = sorted((document.span(At(())) for document in documents), key=lambda s: s.start)
    starts = [whole.start for whole in wholes]
    ends = list(accumulate((whole.end for whole in wholes), max))
    outside = []
    for flaw in twice:
        before = bisect_right(starts, flaw.span.start) - 1
        if before < 0 or ends[before] <= flaw.span.start:
            outside.append(flaw)
    if outside:
        line = source.lines.position(outside[0].span.start).line
        count = f", and {len(outside) - 1} more" if outside[1:] else ""
        reason = f"{outside[0].message}, and the others may contain a policy (line {line}{count})"
        yield NotAnalysed(path, (), reason, cause=Cause.SIGN)


def _tagged(path: str, value: Value, policies: set[Pointer]) -> Iterator[NotAnalysed]:
    """Yield the parts of policies under tags other than functions of CloudFormation."""
    todo: list[tuple[Pointer, Value, bool]] = [((), value, False)]
    while todo:
        pointer, node, is_inside = todo.pop()
        is_inside = is_inside or pointer in policies
        while isinstance(node, Tagged):
            if is_inside and node.tag not in _known():
                reason = f"value under `{node.tag}`, which is not resolved"
                yield NotAnalysed(path, pointer, reason, cause=Cause.SIGN)
            node = node.value
        if isinstance(node, dict):
            todo += [((*pointer, name), child, is_inside) for name, child in node.items()]
        elif isinstance(node, list):
            todo += [((*pointer, index), child, is_inside) for index, child in enumerate(node)]


@cache
def _known() -> frozenset[str]:
    return frozenset(_FUNCTIONS.split())
