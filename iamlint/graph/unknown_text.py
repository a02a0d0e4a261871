"""Policies whose text is not known as a whole: each may deny any step, whatever its context is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.origin import Origin
from iamlint.evaluator.request import Request
from iamlint.policy.grammar import STATEMENT_ELEMENTS
from iamlint.policy.requested import EVERYTHING
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Answer
    from iamlint.account.ask.principal import Actor
    from iamlint.evaluator.statement import Match

_ANY_ACTION: Final = "iam:GetUser"


def has_unknown_text(account: Account, actor: Actor) -> bool:
    """Return whether a policy of a principal, or a limit, has a text that is not known."""
    request = Request(actor.caller, _ANY_ACTION, EVERYTHING, actor.account)
    around = account.around.find_policies(actor, request)
    levels = (around.identity, around.boundary, around.session, *(around.scp or ()))
    return any("Statement" in policy.source.opaque for level in levels for policy in level)


def unknown_texts(answer: Answer) -> tuple[str, ...]:
    """Return the policies whose text is not known, where they alone decide: no context does."""
    names: dict[str, None] = {}
    for decision in answer.decisions:
        outcome = decision.outcome
        others = (*outcome.grants, *outcome.limits)
        is_free = all(one.truth is Truth.YES or _may_say_anything(one) for one in others)
        if not (is_free and outcome.denies and all(map(_may_say_anything, outcome.denies))):
            return ()
        names.update(dict.fromkeys(map(_name, outcome.denies)))
    return tuple(names)


def _may_say_anything(match: Match) -> bool:
    return match.statement.source.opaque.issuperset(STATEMENT_ELEMENTS)


def _name(match: Match) -> str:
    label = match.statement.label
    if isinstance(label, Origin) and label.unread is not None:
        return label.unread.place
    return str(label).strip()
