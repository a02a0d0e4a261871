"""The statement that AWS makes of separate properties and adds to the policy of a resource.

Both CloudFormation and Terraform have such resources, with the same names in two spellings.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.late_pattern import late_pattern
from iamlint.load.link import join_names
from iamlint.policy.arn import is_account_id
from iamlint.policy.at import At
from iamlint.text.source import Partial, Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.load.link import Name
    from iamlint.policy.problem import Problem
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

_AT: Final[Pointer] = ("Statement", 0)
_MAX_PARTS: Final = 2
# A host that `${AWS::URLSuffix}` may replace, such as `sns.amazonaws.com`.
_HOST: Final = late_pattern(r"[a-z0-9-]+\.[^:]*")
_ACCOUNTS: Final = (Pseudo.ACCOUNT, Pseudo.OTHER_ACCOUNT)
# The properties of a condition whose operator, key and values are side by side.
_TESTS: Final = (
    ("type", "key", "value"),
    ("Type", "Key", "Value"),
    ("ConditionOperator", "ConditionKey", "ConditionValues"),
    ("condition_operator", "condition_key", "condition_values"),
)
_WORD: Final = late_pattern(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class ElementNames:
    """The element of a statement that each property is, in both spellings of its name.

    `action` and `principal` are the elements of the statement if no property gives them.
    """

    elements: Mapping[str, tuple[str, ...]]
    action: str | None = None
    principal: str | None = None

    def of(self, element: str) -> Iterator[str]:
        """Yield the properties that may be the element."""
        return (name for name, to in self.elements.items() if to == (element,))


@cache
def forms() -> Mapping[str, ElementNames]:
    data = json.loads(Path(__file__).with_name("assembled.json").read_text(encoding="utf-8"))
    return {
        form: ElementNames(
            {
                spelt: tuple(to.split("/", _MAX_PARTS))
                for name, to in elements.items()
                for spelt in (name, _WORD.sub("_", name).lower())
            },
            data["actions"].get(form),
            data["principals"].get(form),
        )
        for form, elements in data["forms"].items()
    }


@dataclass(slots=True)
class Assembled:
    """A policy of one statement; `moves` has the property that each part comes from."""

    value: Value
    arn: Name | None = None
    moves: dict[Pointer, Pointer] = field(default_factory=dict)

    def moved(self, to: Pointer) -> Iterator[Pointer]:
        """Yield the places in the policy of a node of the properties."""
        for new, old in self.moves.items():
            if to[: len(old)] == old:
                yield (*new, *to[len(old) :])

    def problem(self, problem: Problem) -> Problem:
        """Return a problem of a property as a problem of the policy."""
        to = max(self.moved(problem.at.pointer), key=len, default=())
        return replace(problem, at=At(to, problem.at.key, problem.at.span))


def assemble(
    form: ElementNames, properties: Mapping[str, Value], arn: Name | None
) -> Assembled | None:
    """Return the policy of these properties; None if they do not give what it allows.

    `arn` is that of the resource that the statement is added to, as far as known.
    """
    given = {name: form.elements[name] for name in properties if name in form.elements}
    if form.principal is None and not {("Action",), ("Principal",)} & set(given.values()):
        return None
    made = Assembled(None, arn)
    statement: dict[str, Value] = {"Effect": "Allow"}
    if form.action is not None:
        statement["Action"] = form.action
    if form.principal is not None and given:
        statement["Principal"] = form.principal
        made.moves[*_AT, "Principal"] = (next(iter(given)),)
    for name, to in given.items():
        _add(made, statement, to, name, properties[name])
    qualifier = next((properties[n] for n, to in given.items() if to == ("Qualifier",)), None)
    if qualifier is not None and made.arn is not None:
        made.arn = join_names(made.arn, ":", _name(qualifier))
    statement["Resource"] = Unknown("…") if made.arn is None else made.arn
    made.value = {"Version": "2012-10-17", "Statement": [statement]}
    return made


def _add(
    made: Assembled, statement: dict[str, Value], to: tuple[str, ...], name: str, value: Value
) -> None:
    """Add the value of a property to the statement."""
    at: Pointer = (*_AT, *to)
    match to:
        case ("Qualifier",):
            return
        case ("Principal",):
            statement["Principal"] = _principal(made, value, name)
        case ("Condition",):
            statement["Condition"] = _condition(made, value, (name,))
        case ("Condition", operator, key):
            tests = statement.setdefault("Condition", {})
            if isinstance(tests, dict) and isinstance(keys := tests.setdefault(operator, {}), dict):
                keys[key] = value
            made.moves.setdefault(at[:-1], (name,))
        case (element,):
            statement[element] = value
    made.moves[at] = (name,)


def _principal(made: Assembled, value: Value, name: str) -> Value:
    """Return principals by their types; a single `*` means all principals."""
    if value in ("*", ["*"]):
        return "*"
    items = value if isinstance(value, list) else [value]
    types = [_type_of(item) for item in items]
    if not all(types):
        return Unknown(_shown(value))
    found: dict[str, Value] = {}
    for index, (item, type_) in enumerate(zip(items, types, strict=True)):
        same = found.setdefault(str(type_), [])
        old: Pointer = (name, index) if isinstance(value, list) else (name,)
        at: Pointer = (*_AT, "Principal", str(type_))
        made.moves.setdefault(at, old)
        if isinstance(same, list):
            made.moves[*at, len(same)] = old
            same.append(str(item) if type(item) is int else item)
    if not isinstance(value, list):
        return {type_: same[0] for type_, same in found.items() if isinstance(same, list)}
    return found


def _type_of(value: Value) -> str | None:
    """Return the type of a principal; None if it is unknown."""
    if isinstance(value, Unknown):
        return "AWS" if value.means in _ACCOUNTS else None
    text = _shown(value)
    host = value.filled(lambda _: "x") if isinstance(value, Partial) else text
    if text.startswith("arn:") or text == "*" or is_account_id(text):
        return "AWS"
    return "Service" if _HOST.fullmatch(host) else None


def _condition(made: Assembled, value: Value, old: Pointer) -> Value:
    """Return conditions that are written as JSON, or as an operator, a key and values."""
    if isinstance(value, str):
        try:
            read: Value = json.loads(value)
        except ValueError:
            return Unknown("…")
        return read if isinstance(read, dict) else Unknown("…")
    tests: dict[str, Value] = {}
    items = enumerate(value) if isinstance(value, list) else [(None, value)]
    for index, item in items:
        place: Pointer = old if index is None else (*old, index)
        names = next((names for names in _TESTS if names[0] in _members(item)), _TESTS[0])
        match [_members(item).get(name) for name in names]:
            case [str(operator), str(key), tested] if tested is not None:
                test = tests.setdefault(operator, {})
                if isinstance(test, dict):
                    test[key] = tested
                at: Pointer = (*_AT, "Condition", operator)
                made.moves.setdefault(at, (*place, names[0]))
                made.moves[*at, key] = (*place, names[2])
            case _:
                return Unknown("…")
    return tests


def _members(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}


def _shown(value: Value) -> str:
    """Return a scalar as written in its file."""
    if isinstance(value, Unknown):
        return value.text
    return "…" if value is None or isinstance(value, dict | list) else str(value)


def _name(value: Value) -> Name:
    return value if isinstance(value, str | Partial | Unknown) else _shown(value)
