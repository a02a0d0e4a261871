"""What a file writes and its value does not say: members that others replace, and local tags."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from iamlint.load import signs
from iamlint.load.document import Cause, NotAnalysed
from iamlint.policy.at import At
from iamlint.text.source import Dialect, Fault, Tagged

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


def overlooked(path: str, source: Source, documents: Sequence[Document]) -> Iterator[NotAnalysed]:
    """Yield what may be a policy, or a part of one of these documents, and is not looked at."""
    yield from _replaced(path, source, documents)
    if source.dialect is Dialect.YAML and set(re.findall(_TAG, source.text)) - _known():
        yield from _tagged(path, source.value, {document.pointer for document in documents})


def _replaced(path: str, source: Source, documents: Sequence[Document]) -> Iterator[NotAnalysed]:
    """Yield members that another one of the same name replaces, outside of policies."""
    twice = [flaw for flaw in source.flaws if flaw.fault is Fault.DUPLICATE_KEY]
    if not twice or not signs.may_be_in_broken(source.text):
        return
    wholes = [document.span(At(())) for document in documents]
    for flaw in twice:
        at = flaw.span.start
        if not any(whole.start <= at < whole.end for whole in wholes):
            line = source.lines.position(at).line
            reason = f"{flaw.message}: one that is replaced may hold a policy (line {line})"
            yield NotAnalysed(path, (), reason, cause=Cause.SIGN)


def _tagged(path: str, value: Value, policies: set[Pointer]) -> Iterator[NotAnalysed]:
    """Yield the parts of policies under tags that are no function of CloudFormation."""
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
