"""Carriers with only a policy in them: data in JSON, JSON5 and YAML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from iamlint.policy.grammar import Kind
from tests.load.carriers.carrier import Carrier, Item, dumped, statements, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMAT: Final = "JSON, JSON5, YAML"
OF_SHAPE: Final = frozenset({Kind.IDENTITY})


def nested(items: Sequence[Item]) -> dict[str, Any]:
    return {item.name: {"body": item.policy} for item in items}


def strings(items: Sequence[Item]) -> str:
    return text({item.name: text(item.policy) for item in items})


def encoded(items: Sequence[Item]) -> str:
    return text({item.name: quote(json.dumps(item.policy)) for item in items})


def _carrier(
    name: str,
    way: str,
    file: str,
    write: Callable[[Sequence[Item]], str],
    *,
    is_bare: bool = False,
    decodes: Callable[[str], str] = str,
) -> Carrier:
    return Carrier(
        name, FORMAT, way, file, write, OF_SHAPE, by_shape=True, is_bare=is_bare, decodes=decodes
    )


CARRIERS: Final = (
    _carrier("json", "at any depth", "p.json", lambda i: text(nested(i))),
    _carrier("json5", "at any depth", "p.json5", lambda i: f"// p\n{text(nested(i))}"),
    _carrier("yaml", "at any depth", "p.yaml", lambda i: dumped(nested(i))),
    _carrier(
        "file of json", "a policy as the whole file", "{name}.json", lambda i: text(i[0].policy)
    ),
    _carrier(
        "file of yaml", "a policy as the whole file", "{name}.yml", lambda i: dumped(i[0].policy)
    ),
    _carrier("json in strings", "as JSON in a string", "p.json", strings),
    _carrier("url-encoded", "also URL-encoded", "p.json", encoded, decodes=unquote),
    _carrier(
        "statements",
        "as a list of statements",
        "{name}.json",
        lambda i: text(statements(i[0].policy)),
        is_bare=True,
    ),
)
