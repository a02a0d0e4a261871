"""The JSON schema of the configuration, for editors; it knows the rules and their options."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from iamlint.config.keys import keys
from iamlint.config.types import TEXT, TEXTS, TYPES, Schema, object_of
from iamlint.rule.finding import Family

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.rule import Rule

URL = "https://raw.githubusercontent.com/iamlint/iamlint/main/docs/schemas/config.schema.json"
_OPTIONS: Final[dict[str, Schema]] = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "str": TEXT.schema,
    "tuple[str, ...]": TEXTS.schema,
    "frozenset[str]": TEXTS.schema,
}


def schema(rules: Iterable[Rule]) -> Schema:
    """Return the schema of `iamlint.toml`, which is that of `[tool.iamlint]` too."""
    known = tuple(rules)
    shapes = {key.name: TYPES[key.type].about(key.about).schema for key in keys()}
    options = object_of({r.name: _options(r) for r in known if r.options is not None})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": URL,
        "title": "iamlint configuration",
        "$defs": _names(known),
        **object_of(
            {
                "extend": TEXT.about("another configuration to start from").schema,
                **shapes,
                "rules": {**shapes["rules"], **options},
            }
        ),
    }


def _names(rules: tuple[Rule, ...]) -> Schema:
    words = ["all", "default", "security", "correctness", "access-analyzer", *Family]
    names = [rule.name for rule in rules]
    return {"rule": {"enum": names}, "selector": {"enum": [*map(str, words), *names]}}


def _options(rule: Rule) -> Schema:
    options = dataclasses.fields(rule.options) if rule.options else ()
    return object_of(
        {
            option.name.replace("_", "-"): _OPTIONS.get(
                str(option.type).removesuffix(" | None"), {}
            )
            for option in options
        }
    )
