"""The values that one instance of a block has everywhere: `each.key`, `count.index`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iamlint.load.document import Attachment
    from iamlint.load.terraform.language.folder import ModuleFile
    from iamlint.load.terraform.language.node import Hidden, Text

_OWN: Final = late_pattern(
    r"\$\{(?:each\.(?:key|value)|count\.index)(?:\.[\w-]+|\[\"[^\"]*\"\])*\}"
)
# A loop may give these names another meaning.
_LOOP: Final = late_pattern(
    r"\b(?:each|count)\s*(?:,|in\b)|\biterator\s*=\s*(?:each|count)\b|\bdynamic\s+\"(?:each|count)\""
)
_HEADER: Final = 3  # the type of a block, and its labels


def own_values(
    about: Attachment, parts: Mapping[Text, ModuleFile]
) -> Callable[[Hidden], str | None]:
    """Return what gives an identity to the values of an instance in one policy.

    They are the same in all of the policy. Another policy may be of another instance.
    """
    first = next(iter(about.addresses), None)

    @cache
    def block_of(text: Text, way: tuple[str, ...]) -> str | None:
        named = parts[text].named
        header = way if way in named else way[:-1]
        block = named.get(header)
        if block is None or _LOOP.search(text.source.text, block.span.start, block.span.end):
            return None
        return ".".join(header)

    def identity(node: Hidden) -> str | None:
        text, span = node.spot.text, node.spot.span
        if first is None or text not in parts or _OWN.fullmatch(node.text) is None:
            return None
        way = map(str, parts[text].pointer(span)[:_HEADER])
        block = block_of(text, tuple(way))
        return block and f"{about.scope}#{first} {text.path} {block} {node.text}"

    return identity
