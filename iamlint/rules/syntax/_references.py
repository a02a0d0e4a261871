"""Finds policy variables, and separates them from the `${…}` of template languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iamlint.late_pattern import late_pattern
from iamlint.policy.variables import VariableFault, variables
from iamlint.rule import Hit
from iamlint.text.source import Partial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Statement
    from iamlint.policy.variables import Variable
    from iamlint.rule import RuleContext

_KEY = late_pattern(r"([\w./-]+) ?: ?\w.*", re.DOTALL)


def entries_with_variables(statement: Statement) -> Iterator[Entry]:
    """Yield what may hold variables: resources and condition values."""
    if statement.resource_element:
        yield from statement.resource_element.entries
    for condition in statement.conditions:
        yield from condition.values


def variables_of(entry: Entry) -> Iterator[Variable]:
    """Yield the variables that are in what is known of a value.

    A variable that continues into an unknown part is left out, because its end is unknown.
    """
    if isinstance(entry.value, str):
        yield from variables(entry.value)
    elif isinstance(entry.value, Partial):
        for part in entry.value.parts:
            if isinstance(part, str) and "${" in part:
                found = variables(part)
                yield from (one for one in found if one.fault is not VariableFault.UNCLOSED)


def is_of_iam(variable: Variable, context: RuleContext) -> bool:
    """Return whether the variable names a condition key, as all policy variables do.

    Errs on the silent side: `${bucket}` and `${self:custom.x}` are left to their templates.
    """
    key = _KEY.fullmatch(variable.key.strip())
    return key is not None and context.catalog.has_key_prefix(key[1])


def faulty(
    statement: Statement, context: RuleContext, fault: VariableFault
) -> Iterator[tuple[Entry, Variable]]:
    """Yield the variables with that fault. In a policy of 2008 there are none: `${` is text."""
    if context.policy.knows_variables:
        for entry in entries_with_variables(statement):
            for variable in variables_of(entry):
                if variable.fault is fault:
                    yield entry, variable


def hits_of(
    statement: Statement, context: RuleContext, fault: VariableFault, message: str
) -> Iterator[Hit]:
    """Yield a hit for each value with a policy variable of that fault; `{}` takes its text."""
    seen: Entry | None = None
    for entry, variable in faulty(statement, context, fault):
        if entry is not seen and is_of_iam(variable, context):
            seen = entry
            yield Hit(entry.at, message.format(f"`{variable.text}`"))
