"""Targets for the program as a whole: rules, reports, fixes, questions and files of iamlint."""

from __future__ import annotations

import json
import tempfile
import zlib
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from iamlint.account.ask.who_can import ask_everybody
from iamlint.config import Config, nearest
from iamlint.errors import BrokenError, IamlintError
from iamlint.linter import baseline
from iamlint.linter.apply_fixes import fix, write
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.plugins.extensions import load_extensions
from iamlint.policy.grammar import Kind
from iamlint.report.formats import BUILTIN as REPORTERS
from iamlint.report.formats import Output
from iamlint.repository import find_repository
from iamlint.rule.finding import Severity
from iamlint.testing.declarative import read_tests, run_case
from tests.fuzz import seeds
from tests.fuzz.target import OFTEN, Target, Wrong, equal, is_one_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iamlint.plugins.extensions import Extensions
    from iamlint.rule.finding import Finding
    from iamlint.rule.run import Run

_Made = TypeVar("_Made")
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a disk in memory: a million folders come and go
NOWHERE: Final = Path("/nowhere")
TODAY: Final = date(2026, 6, 1)
ACTIONS: Final = ("s3:GetObject", "iam:PassRole", "sts:AssumeRole")
_FEW: Final = 3
_SELDOM: Final = 100


def judge(files: Mapping[str, bytes]) -> None:
    """Check with all rules; all findings can be written in each format."""
    number = zlib.crc32(b"".join(files.values()))
    for name, body in files.items():
        kind = next((kind for kind in Kind if name.startswith(kind)), None)
        request = _in_memory({name: body}, kind=kind, honour_ignores=False)
        run = _sound(lint(request, _everything()))
        if is_one_in(OFTEN, body):
            equal("checking twice differs", run.findings, lint(request, _everything()).findings)
        prints = Counter(finding.fingerprint for finding in run.findings)
        if any(count > 1 for count in prints.values()):
            raise Wrong("two findings with one fingerprint", str(prints.most_common(1)))
        if number % _SELDOM < len(REPORTERS):
            form = sorted(REPORTERS)[number % _SELDOM]
            text = "".join(REPORTERS[form](run, Output()))
            text.encode("utf-8", "backslashreplace")
            if form in ("json", "sarif", "gitlab"):
                json.loads(text)


def ask(files: Mapping[str, bytes]) -> None:
    """Ask a repository for some actions: each question has an answer or a documented error."""
    with _on_disk({**files, "iamlint.toml": b'account = "111122223333"\n'}) as folder:
        found = _documented(partial(find_repository, folder, here=folder))
        if found is None:
            return
        for action in ACTIONS:
            _documented(partial(ask_everybody, found.account, action))
        for name in list(found.account.accounts.identities)[:_FEW]:
            subject = _documented(partial(found.subject, name))
            if subject is not None:
                _documented(partial(found.account.ask, subject, ["s3:PutObject"]))


def fix_files(files: Mapping[str, bytes]) -> None:
    """Fix: the result is valid, and a second fix changes nothing."""
    with _on_disk(files) as folder:
        request = _request(folder)
        before = lint(request, _everything())
        fixed = _documented(partial(fix, request, _everything(), unsafe=True))
        if fixed is None:
            return
        for file in fixed.files:
            if fixed.refused.get(file.path):
                raise Wrong("fixed and refused", file.path)
        write(fixed.files)
        _sound(after := lint(request, _everything()))
        equal("fixes that were written differ", _causes(after), _causes(fixed.run))
        equal("a fix takes a policy away", before.policies, after.policies)
        if _errors(after) > _errors(before):
            raise Wrong("a fix makes errors", str(_errors(after) - _errors(before)))
        again = fix(request, _everything(), unsafe=True)
        if again.files:
            raise Wrong(f"a second fix changes more: {sorted(again.rules)}")


def configure(files: Mapping[str, bytes]) -> None:
    """Lint under a configuration: it is valid, or an error names the file and the problem."""
    with _on_disk(files) as folder:
        config = _documented(partial(nearest, folder, folder))
        if config is None:
            return
        run = _documented(partial(lint, _request(folder, config=None), _everything()))
        if run is not None:
            _sound(run)
        _documented(partial(find_repository, folder, here=folder))


def ignore(files: Mapping[str, bytes]) -> None:
    """Ignore: the ignored and the reported findings are all findings without any ignore."""
    request = _in_memory(files)
    run = _sound(lint(request, _everything()))
    bare = _sound(lint(replace(request, honour_ignores=False), _everything()))
    own = {"unused-ignore", "expired-ignore", "unexplained-ignore"}
    told = Counter(_cause(f) for f in run.findings if f.rule not in own)
    equal("an ignore loses findings", told, Counter(_cause(f) for f in bare.findings))


def remember(files: Mapping[str, bytes]) -> None:
    """Compare a run with a baseline; one that is written again reads the same."""
    with _on_disk(files) as folder:
        name = Path(baseline.FILE)
        if not (folder / name).is_file():
            return
        read = _documented(partial(baseline.read, name, folder))
        if read is None:
            return
        baseline.write(read)
        again = baseline.read(name, folder)
        equal("a baseline written again differs", read.entries, again.entries)
        equal("a baseline written again differs", read.expires, again.expires)
        request = replace(_request(folder), baseline=read)
        run = _sound(lint(request, _everything()))
        found = [f for f in run.findings if f.path != read.where]
        baseline.write(read.refreshed(request.paths, found, frozenset()))
        known = {entry.fingerprint for entry in baseline.read(name, folder).entries}
        equal("a baseline forgets", {f.fingerprint for f in found} - known, set())


def test(files: Mapping[str, bytes]) -> None:
    """Read declarative tests and run them; each error is a failure with its place."""
    with _on_disk({**files, "iamlint.toml": b'account = "111122223333"\n'}) as folder:
        repository = _documented(partial(find_repository, folder, here=folder))
        for path in sorted(folder.glob("*.iamtest.toml")):
            found = _documented(partial(read_tests, path, path.name))
            if found is None or repository is None:
                continue
            for case in found.cases[:_FEW]:
                for failure in run_case(repository, case, strict=True):
                    if not failure.place.startswith(path.name):
                        raise Wrong("a failure without its place", str(failure))


def _documented(make: Callable[[], _Made]) -> _Made | None:
    """Return the result; None for documented errors of input. All other errors are raised."""
    try:
        return make()
    except BrokenError:
        raise
    except IamlintError as error:
        if not error.message:
            raise Wrong("an error without words") from error
        return None


@cache
def _everything() -> Extensions:
    return load_extensions(Config(root=NOWHERE, here=NOWHERE))


def _request(folder: Path, **given: Any) -> LintOptions:
    config = Config(root=folder, here=folder)
    return LintOptions(
        **{"paths": (".",), "today": TODAY, "here": folder, "config": config, **given}
    )


def _in_memory(files: Mapping[str, bytes], **given: Any) -> LintOptions:
    contents = {f"{NOWHERE}/{name}": body for name, body in files.items()}
    return _request(NOWHERE, contents=contents, **given)


@contextmanager
def _on_disk(files: Mapping[str, bytes]) -> Iterator[Path]:
    """Write files into a folder of their own; a name that is a folder of another is left out."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as made:
        folder = Path(made)
        for name, body in files.items():
            place = folder / name
            with suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(body)
        yield folder


def _sound(run: Run) -> Run:
    for broken in run.broken:
        raise Wrong(f"{broken.part} {broken.name} broke: {broken.error}")
    return run


def _cause(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.path, finding.range, finding.message


def _causes(run: Run) -> list[tuple[object, ...]]:
    return [_cause(finding) for finding in run.findings]


def _errors(run: Run) -> Counter[str]:
    return Counter(f.rule for f in run.open if f.severity is Severity.ERROR)


TARGETS: Final = {
    target.name: target
    for target in (
        Target("judge", judge, seeds.examples),
        Target("ask", ask, seeds.accounts, 8_000),
        Target("fix", fix_files, seeds.examples),
        Target("configure", configure, seeds.configurations),
        Target("ignore", ignore, seeds.ignores),
        Target("remember", remember, seeds.baselines),
        Target("test", test, seeds.tests),
    )
}
