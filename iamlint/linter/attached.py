"""Applies the rules on attached policies of AWS: the place of a finding is the link to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.holdings import name_of_aws
from iamlint.catalog.managed_policies import path_of
from iamlint.errors import BrokenPart, InternalError, describe_error
from iamlint.fast_dataclass import replace
from iamlint.linter.cases import when
from iamlint.load.link import decided_way
from iamlint.policy.grammar import Kind
from iamlint.policy.steps import LEAST, TooManyStepsError, limit_steps
from iamlint.rule import AccountContext, AttachedPolicy, issue_code
from iamlint.rule.finding import Finding, PolicyRef, Range, digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iamlint.account.described import DescribedFiles
    from iamlint.linter.check import CheckOptions, Outcome
    from iamlint.linter.holders import HolderLookup
    from iamlint.load.link import Link, Name, NamedAt
    from iamlint.rule import Hit, Rule

    _ByPlace = dict[tuple[str, int, int, str], tuple[NamedAt, list[Link]]]


def check_attachments(
    lookup: HolderLookup, named: Collection[str], settings: CheckOptions
) -> Iterator[Outcome]:
    """Yield what the rules find in the policies of AWS that files attach, each place once.

    Only the files that are `named` are judged.
    """
    rules = [rule for rule in settings.rules if rule.looks_at_attachments]
    described = lookup.described
    context = AccountContext(described, settings.catalog, settings.home)
    for (*_, name), (at, links) in _by_place(described, named).items() if rules else ():
        given = decided_way(link.given for link in links)
        if given is None:
            continue
        attached = AttachedPolicy(tuple(links), name, lookup.of_links(links))
        for rule in rules:
            asked = replace(context, options=settings.options_of(rule))
            try:
                with limit_steps(LEAST):
                    hits = (
                        list(rule.check_attachment(attached, asked))
                        if rule.check_attachment
                        else []
                    )
            except TooManyStepsError:  # pragma: no cover - no policy of AWS is that long
                continue
            except Exception as error:  # noqa: BLE001 - the boundary: a broken rule is exit 3
                yield InternalError(BrokenPart.RULE, rule.name, at.path, describe_error(error))
                continue
            for hit in hits:
                found = _finding(rule, attached, at, hit, settings)
                yield when(found, given) if given else found


def _by_place(described: DescribedFiles, named: Collection[str]) -> _ByPlace:
    """Return the links that attach a policy of AWS, by where they name which one."""
    found: _ByPlace = {}
    for link, target in described.holdings.attached:
        name = _policy_of(target)
        at = link.named_at if name is not None else None
        if name is None or at is None or at.path not in named:
            continue
        place = at.path, at.span.start, at.span.end, name
        found.setdefault(place, (at, []))[1].append(link)
    return found


def _policy_of(target: Name) -> str | None:
    """Return path and name of a policy of AWS, by its ARN or, as SAM takes it, by its name.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
    """
    if isinstance(target, str) and ":" not in target:
        return path_of(target)
    return name_of_aws(target)


def _finding(
    rule: Rule, attached: AttachedPolicy, at: NamedAt, hit: Hit, settings: CheckOptions
) -> Finding:
    holders = tuple(dict.fromkeys(str(link.holder) for link in attached.links))
    position = at.source.lines.position
    said = attached.links[0].holder.account
    account = said if isinstance(said, str) else settings.home.account
    return Finding(
        rule=rule.name,
        family=rule.family,
        severity=settings.severities.get(rule.name) or hit.severity or rule.severity,
        confidence=rule.confidence,
        profile=rule.profile,
        security_severity=hit.security_severity or rule.security_severity,
        access_analyzer=issue_code(rule, hit.access_analyzer),
        message=hit.message,
        help=hit.help or rule.advice or None,
        path=at.path,
        policy=PolicyRef(
            Kind.IDENTITY,
            attached.name,
            attached.links[0].pointer,
            holders,
            account=account,
            content=attached.name,
        ),
        statement=None,
        pointer=(),
        range=Range(position(at.span.start), position(at.span.end)),
        fingerprint=digest([rule.name, settings.place(at.path), attached.name, *holders]),
        properties=hit.properties,
    )
