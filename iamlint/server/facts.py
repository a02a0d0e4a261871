"""What AWS publishes about words of policies, as Markdown of a few lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from iamlint.catalog.managed_policies import about, managed_policy, path_of
from iamlint.catalog.sensitive import sensitive_actions
from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.policy.parse_condition import split_operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.catalog.model import Action

_MOST: Final = 12
_MANAGED: Final = ":iam::aws:policy/"


def about_action(word: str, catalog: Catalog) -> str | None:
    """Return what an action is, or which actions a pattern names; None if it names none."""
    action = catalog.action(word)
    if action is not None:
        return "\n\n".join(_of_action(action, catalog))
    named = catalog.expand(word)
    if not named:
        return None
    lines = [f"**{word}**: {count_actions(named)}", listed(one.full_name for one in named)]
    return "\n\n".join([*lines, _dated(catalog)])


def count_actions(named: Sequence[Action]) -> str:
    """Return how many actions there are, and how many of each access level."""
    levels = Counter(action.access_level.value for action in named)
    number = f"{len(named)} action{'s' if len(named) != 1 else ''}"
    if len(levels) == 1:
        return f"{number}, {'all ' if len(named) > 1 else ''}{next(iter(levels))}"
    return f"{number}: " + ", ".join(f"{count} {level}" for level, count in levels.most_common())


def _of_action(action: Action, catalog: Catalog) -> Iterator[str]:
    yield f"**{action.full_name}**: {action.access_level.value}"
    service = catalog.service(action.service)
    types = service.resource_types if service else {}
    if action.wildcard_only:
        yield "resources: only `*`"
    else:
        shown = (
            f"`{arn}`" + (" (required)" if use.required else "")
            for use in action.resource_types
            if (type_ := types.get(use.name.lower()))
            for arn in type_.arns[:1]
        )
        yield "resources: " + listed(shown)
    if keys := sorted(catalog.keys_of(action)):
        yield "condition keys: " + listed(f"`{key}`" for key in keys)
    if action.dependent_actions:
        yield "also needs: " + listed(f"`{name}`" for name in action.dependent_actions)
    low = action.full_name.lower()
    marks = [f"{kind.value}" for kind, names in sensitive_actions().items() if low in names]
    if marks:
        yield "sensitive: " + ", ".join(marks)
    yield _dated(catalog)


def about_key(word: str, actions: Iterable[str], catalog: Catalog) -> str | None:
    """Return the type of a condition key, and which actions of the statement have it."""
    key = catalog.condition_key(word)
    if key is None:
        return None
    values = "several values" if key.multivalued else "one value"
    lines = [f"**{key.name}**: {key.type.value}, {values}"]
    named = [one for pattern in actions for one in catalog.expand(pattern)]
    if named and catalog.is_of_some_actions(word):
        having = [f"`{one.full_name}`" for one in named if catalog.may_carry(one, word)]
        lines.append(
            f"{len(having)} of {len(named)} actions of the statement have it: {listed(having)}"
            if having
            else "no action of the statement has it"
        )
    return "\n\n".join([*lines, _dated(catalog)])


def about_operator(word: str) -> str | None:
    """Return what an operator does with a request that does not have the key.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    text = split_operator(word)
    operator = text.operator
    if operator is None:
        return None
    if operator.family is OperatorFamily.NULL:
        absent = "`true` matches a request without the key, `false` one with it"
    elif text.quantifier is Quantifier.ANY:
        absent = "a request without the key does not match"
    elif text.if_exists or operator.negated or text.quantifier is Quantifier.ALL:
        absent = "a request without the key matches"
    else:
        absent = "a request without the key does not match"
    wild = "`*` and `?` are wildcards in its values" if operator.wildcards else ""
    return "\n\n".join(filter(None, [f"**{word}**", absent, wild]))


def about_principal(word: str) -> str | None:
    """Return who a principal is."""
    if word == "*":
        return "**everyone**: all principals of all accounts, and anonymous callers"
    account = word.removeprefix("arn:aws:iam::").removesuffix(":root")
    if account.isdecimal():
        return f"**account {account}**: every principal to which the account gives the access"
    if word.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return f"**{word}**: a service of AWS"
    return None


def about_managed_policy(arn: str) -> str | None:
    """Return the version and the content of a policy that AWS manages, by its ARN."""
    path = arn.partition(_MANAGED)[2]
    known = managed_policy(path) or managed_policy(path_of(path) or path) if path else None
    if known is None:
        return None
    value = known.value if isinstance(known.value, dict) else {}
    statements = value.get("Statement")
    count = len(statements) if isinstance(statements, list) else 1
    lines = [
        f"**{known.name}**: AWS managed policy, version {known.version} of {known.changed[:10]}",
        f"{count} statement{'s' if count != 1 else ''}",
        f"AWS's policies of {about()['date']}",
    ]
    return "\n\n".join(lines)


def listed(words: Iterable[str]) -> str:
    """Return words in a line, only the first of many."""
    every = list(words)
    more = f", and {len(every) - _MOST} more" if len(every) > _MOST else ""
    return ", ".join(every[:_MOST]) + more


def _dated(catalog: Catalog) -> str:
    return f"AWS data of {catalog.date}"
