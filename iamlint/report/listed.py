"""The findings as a report for people lists them: each, or equal ones of several accounts once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field
from iamlint.report.text import count, is_shown, shown
from iamlint.rule.finding import without_account

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.policy.grammar import Kind
    from iamlint.report.formats import Output
    from iamlint.rule.finding import Finding, Severity, StatementRef
    from iamlint.rule.run import Run
    from iamlint.text.span import Pointer


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding, or the first of so many equal ones, and the `accounts` that have those.

    `paths` are their files, and `attached_to` the principals and resources of their policies.
    """

    finding: Finding
    number: int = 1
    accounts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    attached_to: tuple[str, ...] = ()

    @classmethod
    def of_one(cls, finding: Finding) -> Listed:
        """Return a finding that is listed for itself."""
        return cls(finding, paths=(finding.path,), attached_to=finding.policy.attached_to)

    @property
    def where(self) -> str:
        """How many findings it is, and in which accounts; empty for one."""
        if not self.accounts:
            return ""
        many = f"{count(self.number, 'finding')} in {count(len(self.accounts), 'account')}"
        return f"{many}: {', '.join(self.accounts)}"


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a finding says, and about what text of a policy, without the account that has it."""

    rule: str
    severity: Severity
    kind: Kind | None
    content: str
    statement: StatementRef | None
    pointer: Pointer
    message: str
    help: str
    implied: tuple[str, ...]


@dataclass(slots=True)
class _Group:
    number: int = 0
    accounts: set[str] = field(default_factory=set)
    paths: dict[str, None] = field(default_factory=dict)
    attached_to: dict[str, None] = field(default_factory=dict)

    def add(self, finding: Finding, account: str) -> None:
        self.number += 1
        self.accounts.add(account)
        self.paths[finding.path] = None
        self.attached_to |= dict.fromkeys(finding.policy.attached_to)

    def as_listed(self, first: Finding) -> Listed:
        accounts = tuple(sorted(self.accounts))
        return Listed(first, self.number, accounts, tuple(self.paths), tuple(self.attached_to))


class Listing:
    """The findings that a report lists, in their order, as `output` groups them.

    Equal findings are at the place of the first. Those of one account alone are all listed, and so
    are those that are ignored, if a report lists them `with_ignored`.
    """

    def __init__(self, run: Run, output: Output, *, with_ignored: bool = False) -> None:
        self._run = run
        self._output = output
        self._with_ignored = with_ignored
        self._groups = {} if output.group_by is None else _grouped(shown(run, output))

    def __iter__(self) -> Iterator[Listed]:
        done: set[_Meaning] = set()
        for finding in self._run.findings:
            if not is_shown(finding, self._output):
                if self._with_ignored and finding.suppressed:
                    yield Listed.of_one(finding)
                continue
            meaning = _meaning(finding) if self._groups else None
            group = None if meaning is None else self._groups[meaning]
            if meaning is None or group is None or len(group.accounts) == 1:
                yield Listed.of_one(finding)
            elif meaning not in done:
                done.add(meaning)
                yield group.as_listed(finding)


def _grouped(findings: Iterable[Finding]) -> dict[_Meaning, _Group]:
    groups: dict[_Meaning, _Group] = {}
    for finding in findings:
        meaning, account = _meaning(finding), finding.policy.account
        if meaning is not None and account is not None:
            groups.setdefault(meaning, _Group()).add(finding, account)
    return groups


def _meaning(finding: Finding) -> _Meaning | None:
    """Return what a finding means without its account; None if that is not known."""
    policy = finding.policy
    if policy.account is None or not policy.content:
        return None
    return _Meaning(
        finding.rule,
        finding.severity,
        policy.kind,
        policy.content,
        finding.statement,
        finding.pointer,
        without_account(finding.message, policy.account),
        without_account(finding.help or "", policy.account),
        finding.implied,
    )
