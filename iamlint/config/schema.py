"""The JSON schema of the configuration, for editors; it knows the rules and their options."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Family, Profile, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

    from iamlint.rule import Rule

Schema = dict[str, object]

URL = "https://raw.githubusercontent.com/iamlint/iamlint/main/docs/schemas/config.schema.json"
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_LEVELS: Schema = {"type": "array", "items": _TEXTS}
_ACCOUNT: Schema = {"type": "string", "pattern": "^[0-9]{12}$"}
_RULE: Schema = {"$ref": "#/$defs/rule"}
_SELECTOR: Schema = {"$ref": "#/$defs/selector"}
_OPTIONS: dict[str, Schema] = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "str": _TEXT,
    "tuple[str, ...]": _TEXTS,
    "frozenset[str]": _TEXTS,
}


def schema(rules: Iterable[Rule]) -> Schema:
    """Return the schema of `iamlint.toml`, which is that of `[tool.iamlint]` too."""
    known = tuple(rules)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": URL,
        "title": "iamlint configuration",
        "$defs": _names(known),
        **_object(
            {
                "extend": _told(_TEXT, "another configuration to start from"),
                "plugins": _told(
                    _TEXTS, "importable modules with rules, loaders or output formats"
                ),
                **_choosing(),
                **_surroundings(),
                **_values(),
                "rules": _object({r.name: _options(r) for r in known if r.options is not None}),
                "require-condition": {
                    "type": "array",
                    "items": _object(
                        {"actions": _TEXTS, "keys": _TEXTS, "reason": _TEXT}, "reason"
                    ),
                },
                "ignore-finding": {"type": "array", "items": _ignore()},
            }
        ),
    }


def _names(rules: tuple[Rule, ...]) -> Schema:
    words = ["all", "default", "security", "correctness", "access-analyzer", *Family]
    names = [rule.name for rule in rules]
    return {"rule": {"enum": names}, "selector": {"enum": [*map(str, words), *names]}}


def _choosing() -> Schema:
    """Return what says which files are read, which rules run, and what fails."""
    selectors: Schema = {"type": "array", "items": _SELECTOR}
    return {
        "include": _told(_TEXTS, "globs of files to read, written as in a .gitignore"),
        "exclude": _told(_TEXTS, "globs of files to skip"),
        "select": _told(selectors, "the rules to run"),
        "extend-select": _told(selectors, "rules to run in addition"),
        "ignore": _told(selectors, "rules not to run"),
        "aws-managed-policies": _told(
            {"type": "boolean"},
            "also check policies that AWS manages; dumps contain copies of them",
        ),
        "profile": _enum(Profile),
        "fail-on": _told(_enum(Severity), "the lowest severity that makes the exit code 1"),
        "fail-on-not-analysed": _told(
            {"type": "boolean"}, "exit 2 if a policy may have been skipped"
        ),
        "severity": {**_map(_enum(Severity)), "propertyNames": _RULE},
        "kinds": _told(_map(_enum(Kind)), "the kind of policy in files, by glob"),
    }


def _surroundings() -> Schema:
    """Return what says whose policies these are."""
    principal = {
        "policies": _TEXTS,
        "trust": _TEXT,
        "boundary": _TEXT,
        "tags": _map(_TEXT),
        "groups": _TEXTS,
        "path": _TEXT,
        "max-session-duration": {"type": "integer"},
    }
    levels: dict[str, object] = {"scp": _LEVELS, "rcp": _LEVELS}
    return {
        "account": _told(_ACCOUNT, "the account that owns the policies"),
        "partition": _TEXT,
        "region": _TEXT,
        "organization": _TEXT,
        "management-account": _told(
            _ACCOUNT, "the management account of the organization; SCPs and RCPs do not apply to it"
        ),
        "trusted-accounts": {"type": "array", "items": _ACCOUNT},
        "principals": _map(_object(principal)),
        "resources": _map(_object({"policy": _TEXT})),
        "organization-policies": _told(
            _object({**levels, "accounts": _map(_object(levels))}),
            "levels from the root to the account; for other accounts, by account id",
        ),
    }


def _values() -> Schema:
    """Return what gives values to variables and parameters."""
    variables: Schema = {
        "vars": _told({"type": "object"}, "values of variables of root modules"),
        "var-files": _told(_TEXTS, "files of values, relative to this file; they override `vars`"),
    }
    parameters: Schema = {"parameters": _told({"type": "object"}, "values of parameters")}
    return {
        "terraform": _told(_object(variables), "values of Terraform variables"),
        "cloudformation": _told(_object(parameters), "values of template parameters"),
    }


def _ignore() -> Schema:
    return _object(
        {
            "rule": _RULE,
            "file": _told(_TEXT, "a pattern as in `.gitignore`, from the folder of this file"),
            "reason": _TEXT,
            "sid": _TEXT,
            "statement": {"type": "integer", "minimum": 0},
            "expires": {"type": "string", "format": "date"},
        },
        "rule",
        "file",
        "reason",
    )


def _options(rule: Rule) -> Schema:
    options = dataclasses.fields(rule.options) if rule.options else ()
    return _object(
        {
            option.name.replace("_", "-"): _OPTIONS.get(
                str(option.type).removesuffix(" | None"), {}
            )
            for option in options
        }
    )


def _object(properties: Schema, *required: str) -> Schema:
    shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**shape, "required": list(required)} if required else shape


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _enum(choices: type[StrEnum]) -> Schema:
    return {"enum": [choice.value for choice in choices]}


def _told(shape: Schema, description: str) -> Schema:
    return {**shape, "description": description}
