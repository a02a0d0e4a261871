"""What a principal may do with other tags than those that it has, if it can give itself these.

A user can tag itself. So can a role, and its sessions can have tags of their own in place of those
of the role: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from iamlint.evaluator.context import Missing
from iamlint.fast_dataclass import replace
from iamlint.grants.grants import Truth, statement_grants
from iamlint.graph.answer import NodeKind, StepLevel
from iamlint.graph.decided import OwnTag
from iamlint.policy.memory import remember
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.account.ask.principal import Actor
    from iamlint.evaluator.context import ContextValue
    from iamlint.graph.answer import NeededKey
    from iamlint.graph.decided import Decided
    from iamlint.graph.world import Being
    from iamlint.policy.model import Policy

_OF_CALLER: Final = "aws:principaltag/"
_TAGGING: Final = frozenset({"iam:tagrole", "iam:taguser", "iam:untagrole", "iam:untaguser"})
_SESSION: Final = "sts:TagSession"
_MOST_TAGS: Final = 5
"""Tags that are tried one after the other, if some cannot be set."""


def tagging_action(kind: NodeKind, *, removes: bool) -> str:
    """Return the action that gives a user or role a tag, or removes it."""
    return f"iam:{'Untag' if removes else 'Tag'}{'User' if kind is NodeKind.USER else 'Role'}"


def tagging_context(tag: str, value: str | None) -> dict[str, ContextValue]:
    """Return what the request carries that sets a tag, or removes it if there is no value."""
    found: dict[str, ContextValue] = {"aws:tagkeys": (tag,)}
    return found if value is None else found | {f"aws:requesttag/{tag}": value}


class Decide(Protocol):
    """Returns whether a principal may use an action; None if it is denied."""

    def __call__(
        self,
        being: Being,
        action: str,
        on: str | None = None,
        context: Mapping[str, ContextValue] | None = None,
        *,
        of_every: bool = False,
    ) -> Decided | None: ...


class Retagging:
    """Asks about principals again, with tags that they can give themselves."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide
        self._freed: dict[str, Being | None] = {}

    def decide(
        self,
        being: Being,
        action: str,
        on: str | None,
        context: Mapping[str, ContextValue],
        *,
        of_every: bool,
    ) -> Decided | None:
        """Return how a principal may use an action that its tags do not allow."""
        freed = None if action.lower() in _TAGGING else self._free(being)
        if freed is None:
            return None
        pinned: dict[str, ContextValue] = {}
        found: Decided | None = None
        for _ in range(_MOST_TAGS):
            found = self._decide(freed, action, on, {**context, **pinned}, of_every=of_every)
            if found is None or found.level is StepLevel.UNKNOWN:
                return found
            needed = [key for key in found.conditions if key.key.lower().startswith(_OF_CALLER)]
            own = {key.key.lower(): self._own(being, key) for key in needed}
            missing = [key for key, tag in own.items() if tag is None]
            if not missing:
                return self._with(found, (tag for tag in own.values() if tag is not None))
            tags = {key.lower(): value for key, value in (being.actor.tags or {}).items()}
            for key in missing:
                pinned[key] = tags.get(key.removeprefix(_OF_CALLER), Missing.ABSENT)
        why = "it may be able to give itself the tags that it needs"
        return found and replace(found, level=StepLevel.UNKNOWN, conditions=(), why=why)

    def _with(self, found: Decided, tags: Iterable[OwnTag]) -> Decided:
        """Return an answer that depends on setting tags."""
        for tag in tags:
            if tag.decided is None:
                continue
            found = replace(
                found,
                level=min(found.level, tag.decided.level),
                conditions=tuple(dict.fromkeys((*found.conditions, *tag.decided.conditions))),
                unknown=tuple(dict.fromkeys((*found.unknown, *tag.decided.unknown))),
                why=found.why or tag.decided.why,
                tagging=(*found.tagging, tag),
            )
        return found

    def _own(self, being: Being, key: NeededKey) -> OwnTag | None:
        """Return how a principal gives itself one of the values of a tag; None if it cannot."""
        tag = key.key.partition("/")[2]
        action = tagging_action(being.kind, removes=not key.values)
        best: OwnTag | None = None
        for value in key.values or (None,):
            context = tagging_context(tag, value)
            found = self._decide(being, action, being.arn, context)
            if found is None and value is not None and is_wild(value):
                found = self._decide(being, action, being.arn, {"aws:tagkeys": (tag,)})
            if found is not None and (
                best is None or best.decided is None or found.level > best.decided.level
            ):
                best = OwnTag(action, found)
        if best is not None:
            return best
        if being.kind is NodeKind.ROLE and _has_session_tags(being):
            return OwnTag()
        return None if key.values else self._overwritten(being, tag)

    def _overwritten(self, being: Being, tag: str) -> OwnTag | None:
        """Return how a principal replaces a tag that it should not have, and cannot remove."""
        action = tagging_action(being.kind, removes=False)
        found = self._decide(being, action, being.arn, {"aws:tagkeys": (tag,)})
        if found is None:
            return None
        why = f"another value of the tag `{tag}` may do"
        return OwnTag(action, replace(found, level=StepLevel.UNKNOWN, why=why))

    def _free(self, being: Being) -> Being | None:
        """Return a principal whose tags are not known; None if they are, and stay as they are."""
        if being.id not in self._freed:
            actor = being.actor
            has_tags = bool(actor.tags) or actor.has_no_other_tags
            may_set = has_tags and being.identity is not None and _may_set_tags(being)
            self._freed[being.id] = replace(
                being,
                id=f"{being.id} with other tags",
                actor=_without_tags(actor),
                in_files=None if being.in_files is None else _without_tags(being.in_files),
            ) if may_set else None  # fmt: skip
        return self._freed[being.id]


def _without_tags(actor: Actor) -> Actor:
    return replace(actor, tags=None, has_no_other_tags=False)


def _may_set_tags(being: Being) -> bool:
    if being.kind is NodeKind.ROLE and _has_session_tags(being):
        return True
    return any(remember(policy.source, _names_tagging) for policy in being.actor.policies)


def _has_session_tags(role: Being) -> bool:
    """Return whether a trust policy may let the sessions of a role have tags."""
    trust = () if role.identity is None else role.identity.trust
    return any(
        "Statement" in policy.source.opaque
        or any(_grants(policy.source, (_SESSION,)))
        for policy in trust
    )  # fmt: skip


def _names_tagging(policy: Policy) -> bool:
    return "Statement" in policy.opaque or any(_grants(policy, _TAGGING))


def _grants(policy: Policy, actions: Iterable[str]) -> Iterator[bool]:
    every = tuple(actions)
    for statement in policy.statements:
        if not statement.denies:
            yield any(statement_grants(statement, one) is not Truth.NO for one in every)
