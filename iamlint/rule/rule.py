"""What a rule is: a reason, a check, and examples that are run as tests and printed as its page."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.grammar import Kind
from iamlint.policy.network import Network
from iamlint.rule.finding import Confidence, Family, Profile, Severity
from iamlint.rule.holders import UNKNOWN_HOLDERS, Holders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from iamlint.account.ask.account import Account
    from iamlint.account.described import DescribedFiles
    from iamlint.account.model import Accounts
    from iamlint.catalog import Catalog
    from iamlint.load.document import Document, NotAnalysed
    from iamlint.load.file_value import FileValue, Subject, SubjectKind
    from iamlint.load.link import Link, SourceCondition
    from iamlint.policy.at import At
    from iamlint.policy.model import Policy, Statement, Text
    from iamlint.rule.beside_content import BesideContent
    from iamlint.rule.controls import Controls
    from iamlint.rule.demands import ForbiddenAccess, ReferencePolicy, RequireCondition
    from iamlint.rule.finding import Ignore
    from iamlint.rule.fix import Fix
    from iamlint.text.source import Value

_Found = TypeVar("_Found")

ALL_KINDS = frozenset(Kind)

MARK = "//!"
"""Ends a line of an example that is reported."""

RESERVED = "new"
"""A word that cannot name a rule: `iamlint rule new` writes one."""


class Scope(StrEnum):
    """How much a check looks at; what the run itself finds has no check."""

    STATEMENT = "statement"
    POLICY = "policy"
    ATTACHMENT = "attachment"
    ACCOUNT = "account"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class OwnAccounts:
    """The accounts and the organization the policies belong to, as far as the user said.

    `demands` are what the organization asks of every grant, `never` what must not be possible, and
    `references` policies that limit what others allow.
    """

    account: str | None = None
    partition: str = "aws"
    organization: str | None = None
    trusted_accounts: frozenset[str] = frozenset()
    demands: tuple[RequireCondition, ...] = ()
    never: tuple[ForbiddenAccess, ...] = ()
    references: tuple[ReferencePolicy, ...] = ()

    def trusts(self, account: str) -> bool:
        return account == self.account or account in self.trusted_accounts

    @property
    def is_known(self) -> bool:
        """Whether "foreign" can be decided at all."""
        return self.account is not None or bool(self.trusted_accounts)


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a check may ask beside the statement: its policy, AWS's facts, the user's own facts.

    `value` is the document as plain data. `resource_type` is the CloudFormation name of what a
    resource policy is attached to, if known, `arn` its ARN, as far as known, and `network` from
    where it can be reached. The document `is_whole` when it surely is a policy with all its
    statements, and not a part of one. `options` are the rule's own settings, of the type its
    `Rule.options` names. The policy `is_beside_others` if an identity that has it has another one
    of the same file. `written` and `holders` ask what is `beside` its content.
    """

    policy: Policy
    catalog: Catalog
    home: OwnAccounts
    value: Value
    beside: BesideContent
    resource_type: str | None = None
    arn: Text | None = None
    network: Network = Network.INTERNET
    is_whole: bool = True
    options: object = None
    is_beside_others: bool = False

    def written(self) -> str:
        """Return the document as the file writes it, for what is counted in characters."""
        self.beside.read = True
        return self.beside.written()

    @property
    def holders(self) -> Holders:
        """The principals that hold the policy, as far as files say."""
        self.beside.asked = True
        return self.beside.holders


@dataclass(frozen=True, slots=True)
class Note:
    """A further place of a hit."""

    at: At
    message: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check yields: a node and what is wrong with it; the engine adds all the rest.

    `access_analyzer` chooses among the issue codes of the rule where it mirrors several, and is
    empty where AWS's validator is silent;
    `severity` lowers the rule's where something could not be decided; `security_severity` is
    given where what can be reached makes a hit graver or lighter than the rule. `fix` is what
    would make it vanish, where that can be said with certainty. `identity` is what it is about,
    such as an ARN, where a subject has many things that are known by it: see `Subject`. In a policy
    it is what the hit says of the statement: the fingerprint has it in place of the node.
    """

    at: At
    message: str
    help: str | None = None
    related: tuple[Note, ...] = ()
    properties: Mapping[str, object] = field(default_factory=dict)
    access_analyzer: str | None = None
    severity: Severity | None = None
    security_severity: float | None = None
    fix: Fix | None = None
    hides: bool = False
    identity: str = ""


@dataclass(frozen=True, slots=True)
class AccountContext:
    """What a check of the whole account may ask: what files describe, the user's own facts.

    `account` answers questions about it, `accounts` is all that the files of the run describe. An
    unknown of the files is open there, and is not a fact that a rule may report. Both are built
    when they are asked for; `described` says at once who holds what by name. `options` are the
    rule's own settings, of the type its `Rule.options` names.
    """

    described: DescribedFiles
    catalog: Catalog
    home: OwnAccounts
    options: object = None

    @property
    def account(self) -> Account:
        return self.described.account

    @property
    def accounts(self) -> Accounts:
        return self.account.accounts


@dataclass(frozen=True, slots=True)
class SubjectContext:
    """What a check of a subject may ask: AWS's facts, the user's own facts, and other subjects.

    `at` is the time that the user asks about, in place of that of the subject. It `is_strict` if
    the user selects the strict profile. `subjects` are all of the run. `options` are the rule's own
    settings, of the type its `Rule.options` names.
    """

    catalog: Catalog
    home: OwnAccounts
    subjects: Sequence[Subject]
    at: datetime | None = None
    is_strict: bool = False
    options: object = None
    memory: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    def time_of(self, subject: Subject) -> datetime | None:
        """Return the time at which to judge a subject; None if nothing states it."""
        return self.at or subject.as_of

    def stated_time_of(self, subject: Subject) -> datetime | None:
        """Return the time that the user or the file states; None if one in the file must do.

        At the newest time in a file, what it describes looks newer than it is.
        """
        return self.time_of(subject) if self.at or subject.is_dated else None

    def of_kind(self, kind: SubjectKind) -> Sequence[Subject]:
        """Return the subjects of a kind in the run."""
        return self.once(_by_kind).get(kind, ())

    def once(self, find: Callable[[SubjectContext], _Found]) -> _Found:
        """Return what a function finds in the subjects of the run, without a look at `options`.

        It is asked once for all subjects and rules, so a check of each takes no longer for more.
        """
        if find not in self.memory:
            self.memory[find] = find(self)
        found: _Found = self.memory[find]
        return found


def _by_kind(context: SubjectContext) -> Mapping[SubjectKind, Sequence[Subject]]:
    found: dict[SubjectKind, list[Subject]] = {}
    for one in context.subjects:
        found.setdefault(one.kind, []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class AttachedPolicy:
    """A policy that AWS manages, by path and name, and the links that attach it at one place.

    `holders` are the principals of the links, as far as files describe them.
    """

    links: tuple[Link, ...]
    name: str
    holders: Holders = UNKNOWN_HOLDERS


@dataclass(frozen=True, slots=True)
class HitFlow:
    """A chain of steps that leads to a hit: who takes the first one, and a place of each."""

    start: str
    steps: tuple[tuple[FileValue, Note], ...]


@dataclass(frozen=True, slots=True)
class AccountHit:
    """What a check of the whole account yields: a hit in a document, or at the place of a link.

    `notes` are further places, each in a document of its own, and `flows` chains of steps that lead
    there. It holds only if the conditions `given` do, which variables of the file decide.
    """

    document: Document | Subject
    statement: Statement | None
    hit: Hit
    notes: tuple[tuple[FileValue, Note], ...] = ()
    given: frozenset[SourceCondition] = frozenset()
    flows: tuple[HitFlow, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A policy or a single statement in JSON5; `MARK` ends the line that is reported.

    `file` names the dialect by its ending where that is the point of the example. `files` are the
    texts beside it, by their paths, for a rule that looks at the whole account.
    """

    reason: str
    text: str
    kind: Kind = Kind.IDENTITY
    file: str = "example.json5"
    home: OwnAccounts = OwnAccounts()
    resource_type: str | None = None
    network: Network = Network.INTERNET
    options: Mapping[str, object] = field(default_factory=dict)
    access_analyzer: str | None = None
    ignores: tuple[Ignore, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


def issue_code(rule: Rule, chosen: str | None) -> str | None:
    """Return the issue code of a hit of a rule: the first of the rule, unless one is chosen."""
    if chosen is None:
        return next(iter(rule.access_analyzer), None)
    return chosen or None


bad = Example
good = Example

StatementCheck: TypeAlias = "Callable[[Statement, RuleContext], Iterator[Hit]]"
PolicyCheck: TypeAlias = "Callable[[Policy, RuleContext], Iterator[Hit]]"
AttachmentCheck: TypeAlias = "Callable[[AttachedPolicy, AccountContext], Iterator[Hit]]"
SubjectCheck: TypeAlias = "Callable[[Subject, SubjectContext], Iterator[Hit]]"
AccountCheck: TypeAlias = "Callable[[AccountContext], Iterator[AccountHit | NotAnalysed]]"
"""Yields what is wrong, and what could not be decided."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as data. Its name reads after the word *allow*; its module's docstring says why.

    At most one of `check` (a statement) and `check_policy` is given, or none when the run itself
    finds it. `check_attachment` (a link to a policy of AWS) may be given alone, or beside one of
    them. So may `check_account`, for what only several policies together do, and `check_subject`,
    for what is not a policy: `subjects` are the kinds of subjects that it looks at. A rule on the
    account is asked only if the run reads all of it, unless it is `of_part`: then other files
    cannot contradict what some of them say. `advice` is how to fix it, for every hit without a
    `help` of its own.
    `implies` are the families whose findings at the same place come of the same cause.
    `kinds` are the kinds of policy it looks at. A rule `of_use` finds nothing in a text that
    another policy uses without that fault. `module` is the `__name__` of its module. `when` is
    what a policy must show so that the rule can find something: see `iamlint/rule/when.py`. Where
    the user sets no `options`, those of the rule `options_from` count, which have the same type.
    `controls` are those of benchmarks that ask for the same. `since` is the release that first
    had the rule.
    """

    name: str
    family: Family
    summary: str
    severity: Severity
    confidence: Confidence
    advice: str
    sources: tuple[str, ...]
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    module: str
    check: StatementCheck | None = None
    check_policy: PolicyCheck | None = None
    check_attachment: AttachmentCheck | None = None
    check_account: AccountCheck | None = None
    check_subject: SubjectCheck | None = None
    subjects: frozenset[SubjectKind] = frozenset()
    profile: Profile = Profile.DEFAULT
    security_severity: float | None = None
    access_analyzer: tuple[str, ...] = ()
    cwe: int | None = None
    kinds: frozenset[Kind] = ALL_KINDS
    options: type | None = None
    implies: frozenset[Family] = frozenset()
    of_use: bool = False
    of_part: bool = False
    options_from: str = ""
    when: tuple[str, ...] = ()
    controls: Controls | None = None
    since: str = "0.1.0"
    scope: Scope = field(init=False, repr=False, compare=False)
    looks_at_account: bool = field(init=False, repr=False, compare=False)
    looks_at_attachments: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scope", self._scope())
        object.__setattr__(self, "looks_at_account", self.check_account is not None)
        object.__setattr__(self, "looks_at_attachments", self.check_attachment is not None)

    def _scope(self) -> Scope:
        if self.check is not None:
            return Scope.STATEMENT
        if self.check_policy is not None:
            return Scope.POLICY
        if self.check_attachment is not None:
            return Scope.ATTACHMENT
        is_of_run = self.check_account is None and self.check_subject is None
        return Scope.RUN if is_of_run else Scope.ACCOUNT

    @property
    def why(self) -> str:
        """The reason: the docstring of the rule's module."""
        return (import_module(self.module).__doc__ or "").strip()

    if not TYPE_CHECKING:  # for the type checker nothing is left out

        def __getattr__(self, name: str) -> object:
            """Take all from the rule's module, since something is asked that `outline` left out."""
            if name not in Rule.__slots__:
                raise AttributeError(name)
            whole = import_module(self.module).RULE
            for one in Rule.__slots__:
                object.__setattr__(self, one, getattr(whole, one))
            return getattr(self, name)
