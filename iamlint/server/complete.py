"""What may be written at a place of a policy."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from iamlint.catalog import managed_policies
from iamlint.catalog.model import KeyType
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.grammar import OPERATORS, STATEMENT_ELEMENTS, OperatorFamily, PrincipalType
from iamlint.policy.parse_condition import split_operator
from iamlint.server.cursor import YAML, Role, cursor, tree_of, word_at
from iamlint.server.hover import rule_at
from iamlint.server.quotes import is_in_quotes
from iamlint.text.half_written.node import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.catalog import Catalog
    from iamlint.catalog.model import Action
    from iamlint.rule import Rule
    from iamlint.server.cursor import PolicyCursor

_PART: Final = re.compile(r"\$\{[0-9]+:")
_MANAGED: Final = "arn:aws:iam::aws:policy/"
_WITH_MANAGED: Final = (Role.RESOURCE, Role.VALUE, Role.OTHER)
_BLOCK_NAMES: Final = ("sid", "effect", "actions", "not_actions", "resources", "not_resources")
_PARTS: Final = {
    Role.CONDITION_PART: ("test", "variable", "values"),
    Role.PRINCIPALS_PART: ("type", "identifiers"),
}
_BLOCKS: Final = ("principals", "not_principals", "condition")
_FAMILIES: Final = {
    KeyType.STRING: OperatorFamily.STRING,
    KeyType.NUMERIC: OperatorFamily.NUMERIC,
    KeyType.DATE: OperatorFamily.DATE,
    KeyType.BOOL: OperatorFamily.BOOL,
    KeyType.BINARY: OperatorFamily.BINARY,
    KeyType.IP: OperatorFamily.IP,
    KeyType.ARN: OperatorFamily.ARN,
}
_COMMON: Final = frozenset(
    {
        *("aws:sourceaccount", "aws:sourcearn", "aws:principalorgid", "aws:sourceip"),
        *("aws:requestedregion", "aws:multifactorauthpresent", "aws:sourcevpce"),
        *("aws:principalaccount", "aws:resourceaccount", "aws:securetransport"),
    }
)


class OfferSort(Enum):
    """What an offer is, for its icon."""

    ELEMENT = "element"
    SERVICE = "service"
    ACTION = "action"
    KEY = "key"
    VALUE = "value"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Offer:
    """A word to write, in place of the word at the cursor, with a quote before and behind it.

    A snippet has parts to fill in.
    """

    text: str
    sort: OfferSort
    detail: str = ""
    is_snippet: bool = False
    rank: int = 0
    quote: str = ""

    @property
    def label(self) -> str:
        """The text to show."""
        return _PART.sub("${", self.text) if self.is_snippet else self.text

    def written(self, *, with_parts: bool) -> str:
        """Return the text to write, for a client that has snippets or that has none."""
        return f"{self.quote}{self.text if with_parts else self.label}{self.quote}"


def complete(
    text: str, name: str, offset: int, catalog: Catalog, rules: Mapping[str, Rule]
) -> tuple[Word, tuple[Offer, ...]]:
    """Return the word at an offset and what may be written there, the best first."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:].partition("\n")[0]
    if (rule := rule_at(line, offset - start)) is not None:
        word = Word(rule.text, start + rule.start, start + rule.end)
        found: Iterable[Offer] = _rules(rules)
    else:
        at = cursor(tree_of(text, name), text, offset)
        word = at.word if at else word_at(text, offset)
        found = (
            *(_quoted(_offers(at, catalog), at) if at else ()),
            *_managed(at, word, name, text),
        )
    low = text[word.start : offset].lower()
    fitting = [one for one in found if one.label.lower().startswith(low)]
    return word, tuple(sorted(fitting, key=lambda one: (one.rank, one.text.lower())))


def _rules(rules: Mapping[str, Rule]) -> Iterator[Offer]:
    for rule in rules.values():
        yield Offer(rule.name, OfferSort.RULE, rule.summary)


def _offers(at: PolicyCursor, catalog: Catalog) -> Iterable[Offer]:
    match at.role:
        case Role.ELEMENT:
            return _elements(at)
        case Role.EFFECT:
            return [Offer(one, OfferSort.VALUE) for one in ("Allow", "Deny")]
        case Role.ACTION:
            return _actions(at.word.text, catalog)
        case Role.RESOURCE:
            return _resources(at, catalog)
        case Role.OPERATOR:
            return _operators(at, catalog)
        case Role.KEY:
            return _keys(at, catalog)
        case Role.VALUE:
            return _values(at, catalog)
        case Role.PRINCIPAL_TYPE:
            return [
                Offer(one.value, OfferSort.ELEMENT) for one in PrincipalType if one.value != "*"
            ]
        case Role.CONDITION_PART | Role.PRINCIPALS_PART:
            return [Offer(one, OfferSort.ELEMENT) for one in _PARTS[at.role]]
        case _:
            return ()


def _quoted(offers: Iterable[Offer], at: PolicyCursor) -> Iterator[Offer]:
    """Yield offers with the quotes that they need; what names a service goes on."""
    for one in offers:
        is_whole = one.sort is not OfferSort.SERVICE
        quote = at.quotes.around(one.label, is_name=at.is_name) if is_whole else ""
        yield replace(one, quote=quote) if quote else one


def _elements(at: PolicyCursor) -> Iterator[Offer]:
    if at.is_terraform:
        names = (one for one in _BLOCK_NAMES)
        yield from (Offer(one, OfferSort.ELEMENT) for one in (*names, *_BLOCKS))
        return
    yield from (
        Offer(one, OfferSort.ELEMENT) for one in STATEMENT_ELEMENTS if one not in at.elements
    )


def _actions(word: str, catalog: Catalog) -> Iterator[Offer]:
    prefix, colon, _ = word.partition(":")
    if not colon:
        for name in catalog.services():
            service = catalog.service(name) if name.startswith(prefix.lower()) else None
            if service is not None:
                yield Offer(f"{name}:", OfferSort.SERVICE, service.name)
        return
    service = catalog.service(prefix.lower())
    for action in service.actions.values() if service else ():
        yield Offer(action.full_name, OfferSort.ACTION, action.access_level.value)


def _named(at: PolicyCursor, catalog: Catalog) -> list[Action]:
    return [one for pattern in at.actions for one in catalog.expand(pattern)]


def _resources(at: PolicyCursor, catalog: Catalog) -> Iterator[Offer]:
    """Yield the ARN formats of the resource types of the statement's actions."""
    yield Offer("*", OfferSort.VALUE, "every resource", rank=1)
    seen: set[str] = set()
    for action in _named(at, catalog):
        service = catalog.service(action.service)
        for use in action.resource_types:
            type_ = service.resource_types.get(use.name.lower()) if service else None
            for arn in type_.arns if type_ else ():
                if arn not in seen:
                    seen.add(arn)
                    yield Offer(_snippet(arn), OfferSort.VALUE, use.name, is_snippet=True)


def _snippet(arn: str) -> str:
    """Return an ARN or a key with its parts to fill in, as clients read snippets."""
    parts = arn.replace("${Partition}", "aws").split("${")
    filled = [f"${{{number}:{part}" for number, part in enumerate(parts[1:], 1)]
    return parts[0] + "".join(filled)


def _operators(at: PolicyCursor, catalog: Catalog) -> Iterator[Offer]:
    key = catalog.condition_key(at.key) if at.key else None
    family = _FAMILIES[key.type] if key else None
    for operator in OPERATORS.values():
        rank = 0 if family in (None, operator.family) else 1
        yield Offer(operator.name, OfferSort.ELEMENT, rank=rank)
        if operator.family is not OperatorFamily.NULL:
            yield Offer(f"{operator.name}IfExists", OfferSort.ELEMENT, rank=rank + 1)
            for quantifier in ("ForAnyValue", "ForAllValues"):
                yield Offer(f"{quantifier}:{operator.name}", OfferSort.ELEMENT, rank=rank + 2)


def _keys(at: PolicyCursor, catalog: Catalog) -> Iterator[Offer]:
    """Yield the keys that the statement's actions have and that the operator can compare."""
    operator = split_operator(at.operator).operator
    family = operator.family if operator else None
    of_actions = {key for action in _named(at, catalog) for key in catalog.keys_of(action)}
    names = {*(one.name for one in catalog.global_keys()), *of_actions}
    for name in names:
        key = catalog.condition_key(name)
        if key is not None:
            fits = family in (None, OperatorFamily.NULL, _FAMILIES[key.type])
            rank = (0 if name.lower() in _COMMON or name in of_actions else 1) + (0 if fits else 2)
            is_snippet = "${" in key.name
            written = _snippet(key.name) if is_snippet else key.name
            yield Offer(written, OfferSort.KEY, key.type.value, is_snippet=is_snippet, rank=rank)


def _values(at: PolicyCursor, catalog: Catalog) -> Iterator[Offer]:
    key = catalog.condition_key(at.key)
    operator = split_operator(at.operator).operator
    is_null = operator is not None and operator.family is OperatorFamily.NULL
    if is_null or (key is not None and key.type is KeyType.BOOL):
        yield from (Offer(one, OfferSort.VALUE) for one in ("true", "false"))


def _managed(at: PolicyCursor | None, word: Word, name: str, text: str) -> Iterator[Offer]:
    """Yield the policies of AWS, if the ARN of one is begun."""
    if not word.text.lower().startswith(_MANAGED[:13]) or (at and at.role not in _WITH_MANAGED):
        return
    is_bare = name.lower().endswith(YAML) or is_in_quotes(text, word.start)
    for policy in managed_policies.names():
        yield Offer(f"{_MANAGED}{policy}", OfferSort.VALUE, rank=1, quote="" if is_bare else '"')
