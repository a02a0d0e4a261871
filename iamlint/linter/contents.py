"""What rules found in a policy, known again for others that say the same.

Accounts and templates repeat policies. A check is a function of what it gets, so its answer is the
same for the same content: the places are those of the document that it is given for.
"""

from __future__ import annotations

from marshal import dumps
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.policy.grammar import Kind
from iamlint.text.source import Partial, Tagged, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.load.document import Document
    from iamlint.load.link import Name
    from iamlint.policy.model import Statement
    from iamlint.rule import BesideContent, Hit, Rule
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

Found: TypeAlias = "Sequence[tuple[Rule, Statement | None, Hit]]"

_MANY: Final = 1 << 14
"""Contents that are remembered."""

_ALIKE: Final = 2
"""The form of `marshal` in which equal values are equal bytes: others share parts by identity."""


class KnownContents:
    """What the rules of a run found, by the content of the policy."""

    def __init__(self) -> None:
        self._found: dict[bytes, list[tuple[Rule, Pointer | None, Hit]]] = {}
        self._by_text: set[bytes] = set()
        """Contents for which it matters how the file writes them."""

    def found(self, content: bytes | None, document: Document) -> Found | None:
        """Return what was found in a policy with this content; None if there was none."""
        if content is None:
            return None
        found = self._found.get(
            _with_text(content, document) if content in self._by_text else content
        )
        if not found:
            return None if found is None else ()
        own = {statement.at.pointer: statement for statement in document.policy.statements}
        return [(rule, own[at] if at is not None else None, hit) for rule, at, hit in found]

    def keep(
        self, content: bytes | None, document: Document, found: Found, beside: BesideContent
    ) -> None:
        """Remember what was found in a policy with this content, unless its holders matter."""
        if content is None or beside.asked:
            return
        if len(self._found) >= _MANY:
            self._found.clear()
        if beside.read:
            self._by_text.add(content)
            content = _with_text(content, document)
        self._found[content] = [
            (rule, statement.at.pointer if statement else None, hit)
            for rule, statement, hit in found
        ]


def _with_text(content: bytes, document: Document) -> bytes:
    return content + document.written.encode(errors="surrogatepass")


def content_of(document: Document, *, is_beside: bool) -> bytes | None:
    """Return the same for two policies if rules find the same in both; None if that is open.

    Which unknown parts of a policy are the same value counts, and not which value that is. What the
    file says around a policy does not count: see `BesideContent`.
    """
    source, of, by_tool = document.source, document.attachment, document.generated
    made = content_of(by_tool, is_beside=is_beside) if by_tool is not None else b""
    if source.flaws or document.problems or made is None:
        return None
    asked = str(document.kind), of.resource_type, str(of.network), document.is_whole, is_beside
    arn = arn_of(document)
    said: object = [document.value, arn]
    if not source.is_known or not (arn is None or isinstance(arn, str)):
        said = _Unknowns(document.path).alike([document.value, arn])
    try:
        return dumps((asked, made, said), _ALIKE)  # type: ignore[arg-type] # others raise
    except ValueError:  # it has something else than plain values
        return None


def arn_of(document: Document) -> Name | None:
    """Return the ARN of the resource that a policy is about: that of a role is about others."""
    return document.attachment.arn if document.kind is not Kind.TRUST else None


class _Unknowns:
    """The unknown parts of one policy, numbered as they come."""

    def __init__(self, path: str) -> None:
        self._of_file = f"{path} "
        self._numbers: dict[str | int, int] = {}

    def alike(self, value: Value) -> object:
        """Return plain data that is equal for values that mean the same."""
        if isinstance(value, str):
            return value
        if isinstance(value, dict):
            return {name: self.alike(child) for name, child in value.items()}
        if isinstance(value, list):
            return [one if isinstance(one, str) else self.alike(one) for one in value]
        if isinstance(value, Partial):
            return ("partial", *map(self.alike, value.parts))
        if isinstance(value, Tagged):
            return "tagged", value.tag, self.alike(value.value)
        return self._number(value) if isinstance(value, Unknown) else value

    def _number(self, part: Unknown) -> object:
        identity = part.identity
        number = self._numbers.setdefault(identity or id(part), len(self._numbers))
        is_of_file = identity is not None and identity.startswith(self._of_file)
        return (
            *(type(part).__name__, part.text, part.means and str(part.means), part.written),
            *(number, identity[len(self._of_file) :] if identity and is_of_file else None),
            *(one.name for one in part.inputs),
        )
