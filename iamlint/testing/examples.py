"""Runs the examples of rules as tests, of plugins too: `docs/api.md` shows how."""

from __future__ import annotations

from datetime import date
from functools import cache
from textwrap import dedent
from typing import TYPE_CHECKING, cast

from iamlint.account.build.declared import Declared
from iamlint.account.described import DescribedFiles
from iamlint.catalog import Catalog
from iamlint.fast_dataclass import dataclass, replace
from iamlint.linter.account_rules import apply_account_rules
from iamlint.linter.attached import check_attachments
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.linter.holders import HolderLookup
from iamlint.linter.subjects import check_subjects
from iamlint.linter.suppress import mark_suppressed
from iamlint.load import BUILTIN as BUILTIN_LOADERS
from iamlint.load import Binding, File, Link, Loaded, Node, NotAnalysed, Subject, read
from iamlint.load.document import Attachment, Certainty, Document, of_type
from iamlint.rule import MARK, Scope, SubjectContext, issue_code
from iamlint.rule.finding import Finding, Profile
from iamlint.rules import BUILTIN
from iamlint.text import Dialect, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.linter.check import Outcome
    from iamlint.rule import Example, Rule

_TODAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding, reduced to what an example can say about it."""

    line: int
    access_analyzer: str | None


@dataclass(frozen=True, slots=True)
class ExampleCase:
    """One example of one rule."""

    rule: Rule
    example: Example

    def __str__(self) -> str:
        return f"{self.rule.name}: {self.example.reason}"

    def expected(self) -> list[Reported]:
        """Return what the marks of the example say: each marked line, exactly once."""
        code = issue_code(self.rule, self.example.access_analyzer)
        lines = _text(self.example).splitlines()
        return [Reported(number, code) for number, line in enumerate(lines, 1) if MARK in line]

    def reported(self) -> list[Reported]:
        """Return what the rule reports; raise when a rule breaks."""
        found = [self._sound(item) for item in self._found()]
        if self.rule.scope is Scope.RUN:
            lines = {self._document.path: self._document.source.lines}
            ignores = self.example.ignores
            found = mark_suppressed(found, lines, ignores, self._rules, _TODAY).findings
        of_rule = sorted((f for f in found if f.rule == self.rule.name), key=lambda f: f.order)
        return [Reported(f.range.start.line, f.access_analyzer) for f in of_rule]

    def _found(self) -> Iterable[Outcome]:
        read = self._read()
        declared = Declared(account=self.example.home.account)
        described = DescribedFiles(lambda: read, declared, _catalog())
        lookup = HolderLookup(described)
        settings = replace(self._settings(), holders=lookup.of)
        files = {self.example.file, *self.example.files}
        made = apply_account_rules(described, settings, self.example.file)
        return (
            *check_documents(read.documents, settings),
            *check_attachments(lookup, files, settings),
            *check_subjects(read.subjects, self._about(read), settings),
            *made.found,
            *made.left_out,
        )

    def _about(self, read: Loaded) -> SubjectContext:
        is_strict = self.rule.profile is Profile.STRICT
        return SubjectContext(_catalog(), self.example.home, read.subjects, is_strict=is_strict)

    def _read(self) -> Loaded:
        """Return what is read: all files where a rule looks at several policies together."""
        is_several = self.rule.looks_at_account and self.example.file.endswith(".tf")
        if is_several or self.example.files or self._is_about_links:
            return loaded(self.example)
        return Loaded((self._document,), (), (), {})

    @property
    def _is_about_links(self) -> bool:
        return self.rule.looks_at_attachments or self.rule.scope is Scope.ACCOUNT

    @property
    def _document(self) -> Document:
        return document(self.example)

    @property
    def _rules(self) -> tuple[Rule, ...]:
        """The rules to run: all of them for a rule of the run itself."""
        return BUILTIN if self.rule.scope is Scope.RUN else (self.rule,)

    def _settings(self) -> CheckOptions:
        options = self.rule.options(**self.example.options) if self.rule.options else None
        return CheckOptions(
            rules=self._rules,
            catalog=_catalog(),
            home=self.example.home,
            options={self.rule.name: options},
        )

    def _sound(self, item: Outcome) -> Finding:
        if not isinstance(item, Finding):
            raise AssertionError(item)  # noqa: TRY004 - the rule broke
        return item


def cases(rules: Iterable[Rule]) -> tuple[ExampleCase, ...]:
    """Return every example of the rules."""
    return tuple(
        ExampleCase(rule, example) for rule in rules for example in (*rule.bad, *rule.good)
    )


def document(example: Example) -> Document:
    """Return the policy of an example: of a bare statement, or the first of a template."""
    text = _text(example).replace(MARK, " " * len(MARK))
    if example.file.startswith("template.") or example.file.endswith(".tf"):
        found = read(File(example.file, example.file, content=text.encode()), BUILTIN_LOADERS)
        return next(item for item in found if isinstance(item, Document))
    source = read_text(text, name=example.file)
    if source.readable and not _is_policy(source.value):
        # A prefix on the first line keeps every line where the example has it.
        source = read_text(f'{{Version: "2012-10-17", Statement: {text}\n}}', Dialect.JSON5)
    return Document(
        example.file,
        source,
        (),
        (),
        example.kind,
        certainty=Certainty.DECLARED,
        attachment=Attachment(resource_type=example.resource_type, network=example.network),
    )


def loaded(example: Example) -> Loaded:
    """Return what the files of an example describe together."""
    texts = {example.file: _text(example).replace(MARK, " " * len(MARK)), **example.files}
    files = [File(file, file, content=dedent(text).encode()) for file, text in texts.items()]
    items = [item for file in files for item in read(file, BUILTIN_LOADERS)]
    return Loaded(
        documents=tuple(of_type(items, Document)),
        not_analysed=tuple(of_type(items, NotAnalysed)),
        paths=(),
        lines={},
        nodes=tuple(of_type(items, Node)),
        links=tuple(of_type(items, Link)),
        bindings=tuple(of_type(items, Binding)),
        subjects=tuple(of_type(items, Subject)),
    )


def _text(example: Example) -> str:
    return dedent(example.text).strip()


def _is_policy(value: object) -> bool:
    keys = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    return not any(name in keys for name in ("Effect", "Action", "NotAction"))


@cache
def _catalog() -> Catalog:
    return Catalog.open()
