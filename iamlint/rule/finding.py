"""What users see: a finding, at a place, with its severity."""

from __future__ import annotations

import json
import re
import sys
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Callable, Mapping
    from datetime import date

    from iamlint.policy.grammar import Kind
    from iamlint.text.span import Pointer, Position


class Severity(StrEnum):
    """Error: AWS rejects it, or it cannot do what it says. Warning: a weakness. Note: a nicety."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        return tuple(Severity).index(self)


class Confidence(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Profile(StrEnum):
    """Strict adds rules that are right but noisy."""

    DEFAULT = "default"
    STRICT = "strict"


class Family(StrEnum):
    SYNTAX = "syntax"
    ACTIONS = "actions"
    RESOURCES = "resources"
    CONDITIONS = "conditions"
    PRINCIPALS = "principals"
    TRUST = "trust"
    BREADTH = "breadth"
    ESCALATION = "escalation"
    EXPOSURE = "exposure"
    ORGANIZATIONS = "organizations"
    REDUNDANCY = "redundancy"
    QUOTAS = "quotas"
    HYGIENE = "hygiene"


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A stretch of a file; `end` is exclusive."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Related:
    """A further place that belongs to a finding; `path` is set where it is in another file."""

    pointer: Pointer
    range: Range
    message: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadFlow:
    """A chain of steps that leads to a finding: who takes the first one, and a place of each."""

    start: str
    steps: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    range: Range
    replacement: str


@dataclass(frozen=True, slots=True)
class Patch:
    """A way to fix a finding; `safe` when it cannot change who has access."""

    safe: bool
    description: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Which policy of the file: `pointer` leads to it from the top of the file.

    `attached_to` names the principals or the resource that have it, as far as known; `construct` is
    the path of CDK's construct that makes it. `account` is the one whose policy it is, as far as
    known, and `content` then a name of its text, the same for all texts that differ only in this
    number. A finding about an ignore is about no policy, and has no kind.
    """

    kind: Kind | None
    name: str | None
    pointer: Pointer
    attached_to: tuple[str, ...] = ()
    construct: str | None = None
    account: str | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class StatementRef:
    index: int
    sid: str | None


@dataclass(frozen=True, slots=True)
class Ignore:
    """A finding that the user does not want reported, and the reason; it is in `path` at `range`.

    `file` is a glob as in `.gitignore`, below the folder `root`; without a `root` it is the path of
    the file that the ignore is in. A `sid` or a `statement` narrows it to one statement; `line`
    is set when it comes from a comment, which applies to one line of its file, and `within` when it
    comes from a resource, to which it applies. `no_date` is what is in place of the date it
    expires on.
    """

    rule: str
    file: str
    reason: str
    path: str
    range: Range
    sid: str | None = None
    statement: int | None = None
    expires: date | None = None
    no_date: str = ""
    line: int | None = None
    within: Range | None = None
    root: str | None = None

    @property
    def glob(self) -> str:
        """The glob as it is written."""
        return self.file if self.root is None else self.file[len(self.root.rstrip("/")) + 1 :]


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count: the reason given, and where it was given."""

    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause at one place. `pointer` leads from the policy to the node at fault.

    `implied` are the rules whose findings at this place come of the same cause; each of those has
    the name of this one's rule as `implied_by`, and is not reported for itself. One that
    `hides` is at a secret, which no report shows. `flows` are chains of steps that lead to it.
    """

    rule: str
    family: Family
    severity: Severity
    confidence: Confidence
    profile: Profile
    security_severity: float | None
    access_analyzer: str | None
    message: str
    help: str | None
    path: str
    policy: PolicyRef
    statement: StatementRef | None
    pointer: Pointer
    range: Range
    fingerprint: str
    related: tuple[Related, ...] = ()
    properties: Mapping[str, object] = field(default_factory=dict)
    fix: Patch | None = None
    suppressed: Suppression | None = None
    implied: tuple[str, ...] = ()
    implied_by: str = ""
    hides: bool = False
    flows: tuple[ThreadFlow, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it counts: it is neither ignored nor part of another one."""
        return self.suppressed is None and not self.implied_by

    @property
    def order(self) -> tuple[str, Range, str, str]:
        """The key of the order of findings: path, line, column, rule."""
        return (self.path, self.range, self.rule, self.message)


def digest(value: object, account: str = "") -> str:
    """Return a short stable name of plain data; without the number of an account, if given."""
    text = without_account(_PLAIN.encode(value), account)
    return _sha256()(text.encode()).hexdigest()[:20]


def without_account(text: str, account: str) -> str:
    """Return a text with the number of an account left open, the same for each account."""
    if not account or account not in text:
        return text
    return re.sub(rf"(?<!\d){account}(?!\d)", "\0", text)


_PLAIN = json.JSONEncoder(sort_keys=True, default=str)


@cache
def _sha256() -> Callable[[bytes], hashlib._Hash]:
    """Return the function that Python has itself: `hashlib` loads OpenSSL, which takes long."""
    try:
        module = import_module("_sha2" if sys.version_info >= (3, 12) else "_sha256")
    except ImportError:  # pragma: no cover - a Python that is built without it
        module = import_module("hashlib")
    found: Callable[[bytes], hashlib._Hash] = module.sha256
    return found
