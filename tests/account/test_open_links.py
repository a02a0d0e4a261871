"""An unknown part of a link leaves answers open, and never turns them into the opposite."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.account.ask.account import Account
from iamlint.account.ask.answer import Ruling
from iamlint.account.ask.named import subject_of
from iamlint.account.build.build import build
from iamlint.account.build.declared import Declared
from iamlint.account.build.pseudo_parameters import fill_pseudo_parameters
from iamlint.catalog import Catalog
from iamlint.load import Loaded
from iamlint.load.document import Attachment, Document
from iamlint.load.link import Held, Link, LinkKind, Node, Ref, Thing
from iamlint.policy.grammar import Kind
from iamlint.text.json import read_json
from iamlint.text.source import Partial, Unknown
from tests.account.holding_texts import HOME, allow, deny, policy
from tests.support.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.link import Name

CATALOG = Catalog.open()
BUCKET = "arn:aws:s3:::depot"
OBJECT = f"{BUCKET}/key"
ROLES = ("ci", "ci-prod", "admin")
GROUPS = ("ops", "devs")
POLICY = f"arn:aws:iam::{HOME}:policy/"
TEXTS = (
    policy(allow("s3:GetObject")),
    policy(allow("*")),
    policy(allow("sqs:*")),
    policy(deny("s3:GetObject")),
    policy(deny("s3:PutObject")),
    policy(allow("s3:*"), deny("s3:GetObject", "arn:aws:s3:::depot/secret/*")),
)
ON_BUCKET = (
    allow("s3:GetObject", Principal={"AWS": HOME}),
    deny("s3:*", Principal="*"),
    deny("s3:PutObject", Principal="*"),
)
ACTIONS = ("s3:GetObject", "s3:PutObject")


@dataclass(frozen=True)
class Fact:
    """One link of an account, by the kind of its policy or of the link.

    `of` is the bucket that a policy is written for.
    """

    what: Kind | LinkKind
    holder: Ref | None
    target: Name
    text: int = 0
    of: str = ""


def _names(thing: Thing) -> st.SearchStrategy[Ref]:
    names = {Thing.ROLE: ROLES, Thing.USER: ("kim", "kim-admin"), Thing.GROUP: GROUPS}[thing]
    return st.sampled_from(names).map(lambda name: Ref(thing, name))


PRINCIPALS = st.one_of(_names(Thing.ROLE), _names(Thing.USER), _names(Thing.GROUP))
POLICIES = st.integers(0, len(TEXTS) - 1).map(lambda number: f"{POLICY}p{number}")
FACTS = st.one_of(
    st.builds(
        Fact,
        st.just(Kind.IDENTITY),
        PRINCIPALS,
        st.just(""),
        st.integers(0, len(TEXTS) - 1),
    ),
    st.builds(Fact, st.just(LinkKind.ATTACHED), PRINCIPALS, POLICIES),
    st.builds(Fact, st.just(LinkKind.BOUNDARY), _names(Thing.ROLE), POLICIES),
    st.builds(Fact, st.just(LinkKind.MEMBER), _names(Thing.USER), st.sampled_from(GROUPS)),
    st.builds(
        lambda arn, text: Fact(Kind.RESOURCE, None, arn, text, arn),
        st.sampled_from((BUCKET, "arn:aws:s3:::attic")),
        st.integers(0, len(ON_BUCKET) - 1),
    ),
    st.builds(
        Fact,
        st.just(Kind.SCP),
        st.none(),
        st.sampled_from((HOME, "444455556666", "r-ab12")),
        st.integers(0, len(TEXTS) - 1),
    ),
)


def _is_one(fact: Fact) -> object:
    """Return a key shared by facts that exclude each other: boundary of a role, bucket policy."""
    if fact.what is LinkKind.BOUNDARY:
        return fact.what, str(fact.holder)
    return (fact.what, fact.target) if fact.what is Kind.RESOURCE else object()


def _document(number: int, kind: Kind, value: object, attachment: Attachment) -> Document:
    source = read_json(json.dumps(value))
    return Document(f"{number}.json", source, (), (), kind, attachment=attachment)


def _items(facts: list[Fact]) -> Iterator[Document | Link | Node]:
    for name in ROLES:
        yield Node("a.json", (), Ref(Thing.ROLE, name))
    for name in ("kim", "kim-admin"):
        yield Node("a.json", (), Ref(Thing.USER, name))
    for name in GROUPS:
        yield Node("a.json", (), Ref(Thing.GROUP, name))
    for number, text in enumerate(TEXTS):
        about = Attachment(policy_arn=f"{POLICY}p{number}")
        yield _document(number, Kind.IDENTITY, text, about)
    for number, fact in enumerate(facts, 100):
        if fact.what is Kind.IDENTITY and fact.holder is not None:
            about = Attachment(holders=(Held(fact.holder),))
            yield _document(number, Kind.IDENTITY, TEXTS[fact.text], about)
        elif fact.what is Kind.RESOURCE:
            type_ = "AWS::S3::Bucket"
            about = Attachment(arn=fact.target, address="x", resource_type=type_)
            statement = {**ON_BUCKET[fact.text], "Resource": f"{fact.of}/*"}
            yield _document(number, Kind.RESOURCE, policy(statement), about)
        elif fact.what is Kind.SCP:
            about = Attachment(targets=(Held(Ref(Thing.TARGET, fact.target)),))
            yield _document(number, Kind.SCP, TEXTS[fact.text], about)
        elif isinstance(fact.what, LinkKind) and fact.holder is not None:
            thing = Thing.GROUP if fact.what is LinkKind.MEMBER else Thing.POLICY
            yield Link("a.json", (), fact.what, fact.holder, Ref(thing, fact.target))


def rulings(facts: list[Fact]) -> dict[tuple[str, str], Ruling]:
    """Return the answers for each role and user about an object."""
    items = list(_items(facts))
    declared = Declared(account=HOME)
    loaded = Loaded(
        tuple(item for item in items if isinstance(item, Document)),
        (),
        (),
        {},
        nodes=tuple(item for item in items if isinstance(item, Node)),
        links=tuple(item for item in items if isinstance(item, Link)),
    )
    account = Account(build(fill_pseudo_parameters(loaded, declared), declared), CATALOG)
    return {
        (who, action): account.ask(subject_of(account.accounts, who), [action], OBJECT).ruling
        for who in ("role/ci", "role/ci-prod", "role/admin", "user/kim", "user/kim-admin")
        for action in ACTIONS
    }


def _forgotten(name: Name, kept: int) -> Name:
    """Return a name with only the first characters known; none of them with 0."""
    gone = Unknown("${x}", identity="x")
    return Partial((name[:kept], gone)) if isinstance(name, str) and kept else gone


@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(FACTS, min_size=1, max_size=6, unique_by=_is_one),
    st.integers(0, 5),
    st.sampled_from((0, 1, 2, 20)),
    st.booleans(),
)
def test_a_reference_that_is_not_known_leaves_answers_or_opens_them(
    facts: list[Fact],
    at: int,
    kept: int,
    on_holder: bool,  # noqa: FBT001 - drawn
) -> None:
    at %= len(facts)
    fact = facts[at]
    if fact.holder is not None and (on_holder or not fact.target):
        name = _forgotten(fact.holder.name, kept)
        changed = replace(fact, holder=replace(fact.holder, name=name))
    else:
        changed = replace(fact, target=_forgotten(fact.target, kept))
    known, unknown = rulings(facts), rulings([*facts[:at], changed, *facts[at + 1 :]])

    turned = {
        question: (ruling, unknown[question])
        for question, ruling in known.items()
        if unknown[question] not in (ruling, Ruling.DEPENDS)
    }

    assert turned == {}
