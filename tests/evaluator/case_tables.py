"""Reads the case tables of `cases/` into scenarios for `simulate`, each with what it must answer.

A table is one JSON5 file: `source` (the AWS page of its cases), `base` (what its cases share),
`documents` and `principals` (texts its cases call by name), and `cases`. A case is a true sentence
(`name`), the numbers of the rules it holds (`rule`), its own part of the request (`action`,
`resource`, `principal`, `context`, `request`), its policies and what must come out:

- `statement` changes the base's statement, member by member, null taking one away; the outcome is
  the only statement of the only identity policy. `condition` is its `Condition`.
- `test: [operator, values]` is a condition on the base's `key`, and `given` that key's value in the
  request. `holds` asks twice: in an Allow, and in a Deny beside an Allow without condition.
- `policies` are those of a scenario; a string is a document of `documents`, and an object with an
  `Effect` a document of that one statement.
- `expected` is a decision, `not allowed` (an error will do), or an object that also names the
  kinds of policy that `decided_by` and `blocked_by` must list, the keys of `missing_context`, or
  the principals of `open`.

A `samples` table instead gives for each operator a value of the policy and values of the request
that satisfy it (`yes`) and that do not (`no`); each of its cases is asked of every operator.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).parent / "cases"
RULES = Path(__file__).parent / "rules.json5"

_Json = dict[str, Any]
_STRING_OR_ODDITY = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|,(?=\s*[}\]])')
_OF_REQUEST = ("principal", "action", "resource", "context")


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence of a table; `checks` are its scenarios with their expected answers."""

    table: str
    name: str
    rules: tuple[str, ...]
    source: str
    checks: tuple[tuple[_Json, _Json], ...]


@cache
def all_cases() -> tuple[Case, ...]:
    """Return every case of every table, in the order of the files."""
    return tuple(case for path in sorted(CASES.glob("*.json5")) for case in _read(path))


@cache
def all_rules() -> _Json:
    """Return the numbered rules: what each says, how sure it is, its page."""
    return _load(RULES)


def _load(path: Path) -> _Json:
    """Read JSON with comments and trailing commas, faster than a reader of JSON5 could."""
    text = _STRING_OR_ODDITY.sub(lambda m: m[1] or "", path.read_text(encoding="utf-8"))
    return json.loads(text, object_pairs_hook=_object)  # type: ignore[no-any-return]


def _object(pairs: list[tuple[str, Any]]) -> _Json:
    """Return the object, whose members must not hide one another."""
    members = dict(pairs)
    assert len(members) == len(pairs), f"a name is written twice: {[name for name, _ in pairs]}"
    return members


def _read(path: Path) -> Iterator[Case]:
    table = _load(path)
    for row in table["cases"]:
        for case in _of_each_operator(table, row) if "samples" in table else (row,):
            rules = case["rule"] if isinstance(case["rule"], list) else [case["rule"]]
            yield Case(
                path.stem,
                case["name"],
                tuple(rules),
                str(case.get("source", table["source"])),
                tuple(_checks(table, case)),
            )


def _of_each_operator(table: _Json, row: _Json) -> Iterator[_Json]:
    for operator, sample in table["samples"].items():
        if row.get("negated", sample["negated"]) != sample["negated"]:
            continue
        name = row["operator"].replace("OP", operator)
        case = {**row, "name": f"`{name}` {row['name']}", "test": [name, sample["value"]]}
        if "given" in row:
            given = row["given"]
            many = [sample[one] for one in given] if isinstance(given, list) else sample[given]
            case["given"] = many
        yield case


def _checks(table: _Json, case: _Json) -> Iterator[tuple[_Json, _Json]]:
    statement = _statement(table, case)
    if "holds" not in case:
        policies = {} if statement is None else {"identity": [_document(table, case, statement)]}
        yield _scenario(table, case, policies), _expected(case["expected"])
        return
    assert statement is not None
    allow = [_document(table, case, statement)]
    yield (
        _scenario(table, case, {"identity": allow}),
        {"decision": "allowed" if case["holds"] else "implicitly_denied"},
    )
    free = {name: value for name, value in statement.items() if name != "Condition"}
    deny = [_document(table, case, [free, {**statement, "Effect": "Deny"}])]
    yield (
        _scenario(table, case, {"identity": deny}),
        {"decision": "explicitly_denied" if case["holds"] else "allowed"},
    )


def _expected(expected: str | _Json) -> _Json:
    return {"decision": expected} if isinstance(expected, str) else expected


def _statement(table: _Json, case: _Json) -> _Json | None:
    base = table.get("base", {}).get("statement")
    if base is None:
        return None
    merged = {**base, **case.get("statement", {})}
    if "condition" in case:
        merged["Condition"] = case["condition"]
    if "test" in case:
        operator, value = case["test"]
        merged["Condition"] = {operator: {table["base"]["key"]: value}}
    return {name: value for name, value in merged.items() if value is not None}


def _document(table: _Json, case: _Json, statement: _Json | list[_Json]) -> _Json:
    version = case.get("version", table.get("base", {}).get("version", "2012-10-17"))
    head = {} if version is None else {"Version": version}
    return {**head, "Statement": statement}


def _scenario(table: _Json, case: _Json, policies: _Json) -> _Json:
    base = table.get("base", {})
    policies = {**base.get("policies", {}), **policies, **case.get("policies", {})}
    return {
        "id": case["name"],
        "request": _request(table, case),
        "policies": {kind: _named(table, value) for kind, value in policies.items()},
        "settings": {**base.get("settings", {}), **case.get("settings", {})},
    }


def _request(table: _Json, case: _Json) -> _Json:
    base = table.get("base", {})
    request = {**base.get("request", {}), **case.get("request", {})}
    request.update({name: case[name] for name in _OF_REQUEST if name in case})
    if "given" in case:
        request["context"] = {**request.get("context", {}), base["key"]: case["given"]}
    principal = request["principal"]
    if isinstance(principal, str):
        request["principal"] = table.get("principals", {}).get(principal, principal)
    return request


def _named(table: _Json, value: Any) -> Any:
    """Put documents where a table has their names, or statements without a document."""
    if isinstance(value, list):
        return [_named(table, item) for item in value]
    if isinstance(value, str):
        return _named(table, table["documents"][value])
    if isinstance(value, dict) and "Effect" in value:
        return {"Version": "2012-10-17", "Statement": [value]}
    return value
