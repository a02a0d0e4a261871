"""The JSON schema of the configuration, for editors; it knows the rules and their options."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from iamlint.config.keys import keys
from iamlint.config.types import TEXT, TEXTS, TYPES, Schema, object_of
from iamlint.rule.finding import Family
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.config.keys import Key
    from iamlint.rule import Rule

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
"""The draft that editors know best, and the public catalog of schemas asks for."""

URL: Final = (
    "https://raw.githubusercontent.com/iamlint/iamlint/main/docs/schemas/config.schema.json"
)
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
    shapes = {key.name: _with_default(key) for key in keys()}
    options = object_of({r.name: _options(r) for r in known if r.options is not None})
    return {
        "$schema": DRAFT,
        "$id": URL,
        "$comment": f"iamlint {VERSION}",
        "title": "iamlint configuration",
        "description": "settings of iamlint, in iamlint.toml or [tool.iamlint] of pyproject.toml",
        "definitions": _names(known),
        **object_of(
            {
                "extend": TEXT.about("another configuration to start from").schema,
                **shapes,
                "rules": {**shapes["rules"], **options},
            }
        ),
    }


def _with_default(key: Key) -> Schema:
    shape = TYPES[key.type].about(key.about).schema
    if isinstance(key.default, tuple) and key.default:
        return {**shape, "default": [*key.default]}
    is_simple = key.default is False or (isinstance(key.default, str) and bool(key.default))
    return {**shape, "default": key.default} if is_simple else shape


def _names(rules: tuple[Rule, ...]) -> Schema:
    words = ["all", "default", "security", "correctness", "access-analyzer", *Family]
    names = [rule.name for rule in rules]
    return {"rule": {"enum": names}, "selector": {"enum": [*map(str, words), *names]}}


def _options(rule: Rule) -> Schema:
    options = dataclasses.fields(rule.options) if rule.options else ()
    about = " ".join((getattr(rule.options, "__doc__", None) or "").split())
    shape = object_of({one.name.replace("_", "-"): _option(one, about) for one in options})
    return {**shape, "description": rule.summary}


def _option(option: dataclasses.Field[object], about: str) -> Schema:
    shape = _OPTIONS.get(str(option.type).removesuffix(" | None"), {})
    default = [*option.default] if isinstance(option.default, tuple) else option.default
    known = {} if default in (None, dataclasses.MISSING) else {"default": default}
    return {**shape, "description": about, **known}
