"""Declarative tests: `*.iamtest.toml` says who can and cannot do what, without any Python."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from iamlint.account.ask.answer import Ruling
from iamlint.account.ask.explain import explain
from iamlint.account.ask.who_can import who_can
from iamlint.config.table import TomlTable
from iamlint.errors import IamlintError, UsageError, os_reason
from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.wildcard import is_wild
from iamlint.text.toml import Toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Answer
    from iamlint.repository import Repository

ENDING = ".iamtest.toml"


@dataclass(frozen=True, slots=True)
class IamTest:
    """One test. `lines` are the lines of its keys; `absent` names keys no request carries."""

    name: str
    file: str
    line: int
    subject: str | None = None
    can: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    resource: tuple[str, ...] | None = None
    who_can: str | None = None
    equals: tuple[str, ...] = ()
    context: Mapping[str, object] = field(default_factory=dict)
    at: str | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IamTestFile:
    """All tests of a file; `account` is what its defaults say."""

    __test__ = False

    account: str | None
    cases: tuple[IamTest, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """What did not hold, where the test says so, and why at length; an error has no `detail`."""

    place: str
    message: str
    detail: str = ""
    help: str | None = None

    def __str__(self) -> str:
        help_ = f"\nhelp: {self.help}" if self.help else ""
        return f"{self.place}: {self.message}{help_}"


def read_tests(path: Path, shown: str) -> IamTestFile:
    """Return the tests of a file; every unknown or wrong key is an error at its line."""
    try:
        toml = Toml(path.read_text(encoding="utf-8"))
        members = toml.members
    except OSError as error:
        raise UsageError(f"`{shown}` cannot be read: {os_reason(error)}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{shown}: {error}") from error
    table = TomlTable(shown, path.parent, toml, members)
    defaults = table.table("defaults")
    account = defaults.string("account")
    context, at = _context(defaults), defaults.string("at")
    defaults.finish()
    cases = tuple(_case(inner, context, at) for inner in table.each("test"))
    table.finish()
    if not cases:
        raise UsageError(f"{shown}: the file contains no test", help="a test starts with [[test]]")
    _refuse_twins(cases)
    return IamTestFile(account, cases)


def _context(table: TomlTable) -> dict[str, object]:
    given = dict(table.table("context").members)
    return {**given, **dict.fromkeys(table.strings("absent") or ())}


def _case(table: TomlTable, context: Mapping[str, object], at: str | None) -> IamTest:
    case = IamTest(
        name=table.required("name"),
        file=table.file,
        line=table.line("name"),
        subject=table.string("as"),
        can=table.strings("can") or (),
        cannot=table.strings("cannot") or (),
        resource=table.strings("resource"),
        who_can=table.string("who_can"),
        equals=table.strings("equals") or (),
        context={**context, **_context(table)},
        at=table.string("at") or at,
        lines={key: table.line(key) for key in table.members},
    )
    table.finish()
    asks = bool(case.can or case.cannot)
    if case.who_can is not None and (case.subject is not None or asks):
        raise table.wrong(
            "who_can", "`who_can` asks about all principals: remove `as`, `can` and `cannot`"
        )
    if case.who_can is not None and "equals" not in table.members:
        raise table.wrong("who_can", "`who_can` needs `equals`", help='equals = ["role/…"]')
    if case.who_can is None and "equals" in table.members:
        raise table.wrong("equals", "`equals` belongs to `who_can`")
    if case.who_can is None and (case.subject is None or not asks):
        raise table.wrong(
            "name", f"`{case.name}` does not ask anything", help="give `as` and `can` or `cannot`"
        )
    return case


def _refuse_twins(cases: tuple[IamTest, ...]) -> None:
    seen: dict[str, int] = {}
    for case in cases:
        if case.name in seen:
            raise UsageError(
                f"{case.file}:{case.line}: `{case.name}` is already the name of the test "
                f"in line {seen[case.name]}"
            )
        seen[case.name] = case.line


def run_case(repository: Repository, case: IamTest, *, strict: bool = False) -> tuple[Failure, ...]:
    """Return the failures of a test: also errors of questions, and if `strict` assumptions."""
    try:
        repository.refuse_unread()
        repository.refuse_empty()
        if case.who_can:
            return tuple(_who(repository, case, strict=strict))
        return tuple(_can(repository, case, strict=strict))
    except IamlintError as error:
        return (_mistake(f"{case.file}:{case.line}", error),)


def _can(repository: Repository, case: IamTest, *, strict: bool) -> Iterator[Failure]:
    account = repository.account
    subject = repository.subject(case.subject or "")
    context = account.context(case.context)
    rows = [("can", Ruling.ALLOWED, action) for action in case.can]
    rows += [("cannot", Ruling.DENIED, action) for action in case.cannot]
    for key, wanted, action in rows:
        try:
            for resource in _resources(account, case, action):
                answer = account.ask(
                    subject,
                    [action],
                    resource,
                    context=context,
                    at=case.at,
                    also_for=(*case.can, *case.cannot),
                )
                if answer.ruling is not wanted:
                    yield _failure(case, key, answer)
                elif strict:
                    yield from _assumed(case, key, answer)
        except IamlintError as error:
            yield _mistake(f"{case.file}:{case.lines[key]}", error)


def _resources(account: Account, case: IamTest, action: str) -> tuple[str | None, ...]:
    """Return the resources to ask about for an action.

    For a pattern of actions these are the resources that it acts on, and everything if there are
    none: the resources of a test are there for all its actions.
    """
    if case.resource is None or not is_wild(action):
        return case.resource or (None,)
    return tuple(arn for arn in case.resource if account.acts_on(action, arn)) or (None,)


def _mistake(place: str, error: IamlintError) -> Failure:
    return Failure(place, error.message, help=error.help)


def _assumed(case: IamTest, key: str, answer: Answer) -> Iterator[Failure]:
    place = f"{case.file}:{case.lines.get(key, case.line)}"
    for note in answer.assumptions:
        yield Failure(
            place, f"the answer depends on an assumption, which `--iam-strict` rejects: {note}"
        )


def _failure(case: IamTest, key: str, answer: Answer) -> Failure:
    return Failure(f"{case.file}:{case.lines.get(key, case.line)}", answer.line, explain(answer))


def _who(repository: Repository, case: IamTest, *, strict: bool) -> Iterator[Failure]:
    account = repository.account
    context = account.context(case.context)
    asked = [
        who_can(account, case.who_can or "", resource, context=context, at=case.at)
        for resource in case.resource or (None,)
    ]
    if strict:
        answers = [a for who in asked for a in (*who.allowed.values(), *who.denied.values())]
        yield from dict.fromkeys(f for a in answers for f in _assumed(case, "who_can", a))
    allowed = {name: answer for who in asked for name, answer in who.allowed.items()}
    place = f"{case.file}:{case.lines['equals']}"
    for name in sorted(allowed.keys() - set(case.equals)):
        yield Failure(place, f"`{name}` can too: {allowed[name].line}", explain(allowed[name]))
    for name in sorted(set(case.equals) - allowed.keys()):
        yield Failure(place, f"`{name}` cannot: {asked[0].why(name)}")
