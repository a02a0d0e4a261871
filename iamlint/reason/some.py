"""Can a principal do any of this, on any resource, with any context?"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from iamlint.account.ask.answer import Question
from iamlint.account.ask.validate import (
    actions_of,
    arn_patterns,
    check_fit,
    checked_resource,
    fits,
)
from iamlint.account.origin import Origin, describe
from iamlint.errors import UsageError
from iamlint.evaluator.context import Missing
from iamlint.evaluator.way import imply_keys, is_impossible
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.requested import EVERYTHING
from iamlint.policy.wildcard import is_wild
from iamlint.reason.budget import BUDGET
from iamlint.reason.forbid import RequestSet, forbidden
from iamlint.reason.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.principal import Actor
    from iamlint.catalog import Catalog
    from iamlint.evaluator.context import ContextValue
    from iamlint.policy.requested import RequestedResource
    from iamlint.reason.answer import Comparison, Difference


class SomeRuling(StrEnum):
    """Whether any request of a question is allowed."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SomeAnswer:
    """The answer to a question about all requests: the first that is allowed, or a proof."""

    question: Question
    comparison: Comparison

    @property
    def shown(self) -> Difference | None:
        """The allowed requests that are shown; None if no request is known to be allowed."""
        return next(iter(self.comparison.gained), None)

    @property
    def ruling(self) -> SomeRuling:
        if self.shown is not None:
            return SomeRuling.ALLOWED
        return SomeRuling.UNKNOWN if self.comparison.open else SomeRuling.DENIED

    @property
    def reason(self) -> str:
        """Why it comes out so, in short."""
        shown = self.shown
        if shown is not None:
            return f"by {describe(shown.because[0])}" if shown.because else ""
        if self.comparison.open:
            return f"because {self.comparison.open[0].reason}"
        return "whatever the context"

    @property
    def names(self) -> tuple[str, ...]:
        """The values that would decide an unknown answer, as far as they have names."""
        return tuple(dict.fromkeys(name for one in self.comparison.open for name in one.names))

    @property
    def is_unread(self) -> bool:
        """Whether a file that could not be read leaves it open."""
        labels = (one.label for each in self.comparison.open for one in each.because)
        is_open = self.ruling is SomeRuling.UNKNOWN
        return is_open and any(isinstance(one, Origin) and one.unread for one in labels)

    @property
    def line(self) -> str:
        """The principal, actions, resources, ruling and reason, in one line."""
        reason = f", {self.reason}" if self.reason else ""
        return f"{self.question}, in some way: {self.ruling}{reason}"

    @property
    def example(self) -> str | None:
        """The command that asks about the request that is shown."""
        return self.example_question.command if self.example_question is not None else None

    @property
    def example_question(self) -> Question | None:
        """The question about the request that is shown."""
        if self.shown is None:
            return None
        witness = self.shown.witness
        on = None if witness.resource == "*" else (witness.resource,)
        absent = dict.fromkeys(self.shown.absent, Missing.ABSENT)
        context = {**absent, **witness.context}
        subject = replace(self.question.subject, context={})
        return replace(
            self.question, subject=subject, actions=(witness.action,), on=on, context=context
        )

    @property
    def report(self) -> str:
        """The answer at length."""
        lines = [self.line]
        if self.example is not None:
            lines.append(f"  for example: {self.example}")
        lines += [f"  unknown: {one.reason}" for one in self.comparison.open[1:]]
        return "\n".join(lines)


def ask_some(
    account: Account,
    subject: Actor,
    actions: Iterable[str],
    on: str | Iterable[str] | None = None,
    *,
    context: Mapping[str, ContextValue] | None = None,
    budget: int = BUDGET,
    worlds: Worlds | None = None,
    only: Collection[str] | None = None,
) -> SomeAnswer:
    """Return whether a principal can do any of this; raise for a question that is not valid.

    The requests carry the keys of a `context`, and any others. Who asks often gives the `worlds`
    of the account. Of resources with policies of their own `only` some count.
    """
    asked = tuple(actions)
    texts = None if on is None else (on,) if isinstance(on, str) else tuple(map(str, on))
    check_question(account.catalog, asked, texts)
    question = Question(subject, asked, texts, context or {}, account.where)
    known = {**subject.context, **(context or {})}
    if is_impossible(known):
        raise UsageError("no request carries both `aws:SourceIp` and a key of a VPC endpoint")
    known |= imply_keys(known)
    worlds = worlds or Worlds(account)
    world = worlds.of_actor(replace(subject, context=known), only, may_be_named=True)
    requests = RequestSet(asked, texts or ("*",))
    return SomeAnswer(question, forbidden(world, requests, account.catalog, budget=budget))


def check_question(catalog: Catalog, actions: tuple[str, ...], on: tuple[str, ...] | None) -> None:
    """Raise if there is no such action, or if one acts on none of the resources."""
    names = actions_of(catalog, actions)
    if on == ():
        raise UsageError(
            "the question does not name a resource", help="the list given as `on` is empty"
        )
    for resource in [checked_resource(catalog, text) for text in on or ()]:
        if resource == EVERYTHING or any(_acts_on(catalog, name, resource) for name in names):
            continue
        exact = [name for name in names if not any(map(is_wild, actions))]
        if exact:
            check_fit(exact[0], resource, arn_patterns(catalog, catalog.action(exact[0])))
        raise UsageError(f"`{', '.join(actions)}` matches no action that acts on `{resource.text}`")


def _acts_on(catalog: Catalog, action: str, resource: RequestedResource) -> bool:
    templates = arn_patterns(catalog, catalog.action(action))
    return templates is None or any(fits(template, resource) for template in templates)
