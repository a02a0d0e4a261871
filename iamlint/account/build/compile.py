"""Documents into compiled policies, refusing those that AWS refuses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.account.origin import Origin, Unread, of_document, place
from iamlint.errors import ReadError, UsageError
from iamlint.evaluator.statement import compile_policy
from iamlint.fast_dataclass import replace
from iamlint.policy.model import Policy
from iamlint.policy.spelling import did_you_mean
from iamlint.text.source import value_at, without_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iamlint.account.build.declared import Declared
    from iamlint.account.origin import Why
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document, NotAnalysed
    from iamlint.policy.grammar import Kind
    from iamlint.policy.model import Statement


def compile_checked(document: Document, kind: Kind) -> CompiledPolicy:
    """Return a document compiled; raise if it cannot be read, or AWS refuses it."""
    unread = None if document.when else unread_in(document, kind)
    if unread is not None:
        raise refusal_of(unread)
    return compile_document(document, kind)


def refusal_of(unread: Unread) -> ReadError:
    """Return the error where nothing that could not be read is let pass."""
    return ReadError(str(unread), help="without it the answers may be wrong: fix or `exclude` it")


def unread_in(document: Document, kind: Kind) -> Unread | None:
    """Return why a document says nothing as a policy of a kind; None where it does."""
    if document.kind is not kind:
        document = replace(document, kind=kind)
    for problem in document.policy.problems:
        if not problem.is_accepted(kind):
            return Unread(place(document, problem.at), problem.message, document)
    return None


def unread_policy(unread: Unread, kind: Kind) -> CompiledPolicy:
    """Return a policy that could not be read: it may allow and deny anything."""
    policy = Policy(kind, (), opaque=frozenset({"Statement"}))
    return compile_policy(policy, Origin(str(unread), unread=unread))


def compile_document(document: Document, kind: Kind) -> CompiledPolicy:
    """Return a document compiled, as a policy of the kind that its use gives it.

    One that could not be read, or that AWS refuses, may say anything.
    """
    if document.when:
        # Which of its cases holds is decided elsewhere, so it may say anything.
        label = Origin(f"{document.path}, depending on {document.when}", document)
        return compile_policy(Policy(kind, (), opaque=frozenset({"Statement"})), label)
    if document.kind is not kind:
        document = replace(document, kind=kind)
    unread = unread_in(document, kind)
    if unread is not None:
        return unread_policy(unread, kind)
    return compile_policy(document.policy, of_document(document))


def compiled_cases(cases: Sequence[Document], kind: Kind) -> Iterator[CompiledPolicy]:
    """Yield one policy compiled: statements of all readings are sure, others may be there.

    Where not all readings are known, the policy may say anything.
    """
    of = cases[0].cases
    refused = next((document for document in cases if unread_in(document, kind)), None)
    if refused is not None:
        yield compile_document(replace(refused, readings=()), kind)
        return
    if of is None:
        yield from (compile_document(document, kind) for document in cases)
        return
    said = [_statements(document) for document in cases]
    met_readings = {reading for document in cases for reading in document.readings}
    is_whole = of.is_always and met_readings.issuperset(of.readings)
    sure = set(said[0]).intersection(*said) if is_whole else set()
    met: set[str] = set()
    for document, written in zip(cases, said, strict=True):
        policy = (document if document.kind is kind else replace(document, kind=kind)).policy
        statements = []
        for statement, text in zip(policy.statements, written, strict=True):
            if text not in met:
                statements.append(statement if text in sure else on_a_condition(statement))
        met.update(written)
        if statements or policy.opaque:
            yield compile_policy(
                replace(policy, statements=tuple(statements)), of_document(document)
            )


def by_place(documents: Iterable[Document]) -> list[list[Document]]:
    """Return the cases of each policy together."""
    found: dict[object, list[Document]] = {}
    for document in documents:
        found.setdefault((document.path, document.pointer), []).append(document)
    return list(found.values())


def _statements(document: Document) -> list[str]:
    """Return a text for each statement that distinguishes it: its version and all members."""
    found = []
    for statement in document.policy.statements:
        value = without_tag(value_at(document.value, statement.at.pointer))
        found.append(f"{document.policy.version} {value!r}")
    return found


def on_a_condition(statement: Statement) -> Statement:
    """Return a statement that may not apply."""
    opaque = statement.opaque | {"Condition"}
    return replace(statement, opaque=opaque, has_more_conditions=True)


def perhaps(policy: CompiledPolicy, why: Why) -> CompiledPolicy:
    """Return a policy that may not apply.

    `why` gives the reason.
    """
    return _opened(policy, why, lambda _: True)


def perhaps_denying(policy: CompiledPolicy, why: Why) -> CompiledPolicy:
    """Return a limit that may not be there: its allowed actions are allowed without it too."""
    return _opened(policy, why, lambda statement: not statement.allows)


def with_why(policy: CompiledPolicy, why: Why) -> CompiledPolicy:
    """Return the same policy with the reason why it may not apply."""
    return _opened(policy, why, lambda _: False)


def _opened(
    policy: CompiledPolicy, why: Why, is_open: Callable[[Statement], bool]
) -> CompiledPolicy:
    source = policy.source
    statements = tuple(on_a_condition(s) if is_open(s) else s for s in source.statements)
    label = policy.label
    if isinstance(label, Origin) and label.why is None:
        label = replace(label, why=why)
    return compile_policy(replace(source, statements=statements), label)


class Files:
    """The documents of a repository by the file they are in."""

    def __init__(
        self,
        documents: Iterable[Document],
        left_out: Iterable[NotAnalysed],
        declared: Declared,
    ) -> None:
        self.documents = tuple(documents)
        self._declared = declared
        self._by_file: dict[str, list[Document]] = {}
        for document in self.documents:
            self._by_file.setdefault(declared.place(document.path), []).append(document)
        self._left_out = {declared.place(item.path): item for item in left_out}

    def knows(self, path: Path) -> bool:
        key = self._declared.place(str(path))
        return key in self._by_file or key in self._left_out

    def unread(self, path: Path) -> Unread | None:
        """Return why a file that is named holds nothing that could be read; None where it does."""
        key = self._declared.place(str(path))
        item = None if key in self._by_file else self._left_out.get(key)
        return None if item is None else Unread(item.path, item.reason)

    def all_of(self, path: Path, who: str) -> tuple[Document, ...]:
        """Return the policies of a file, at least one."""
        file, _, name = str(path).partition("#")
        if name and not self.knows(path):
            return self._named(Path(file), name, who)
        key = self._declared.place(str(path))
        found = tuple(self._by_file.get(key, ()))
        if found:
            return found
        if key in self._left_out:
            item = self._left_out[key]
            raise ReadError(f"{item.path}: {item.reason}", help=f"{who} needs it")
        is_file = self._declared.tree.is_file(str(path))
        what = "contains no policy" if is_file else "does not exist"
        raise UsageError(f"`{path}` {what}", help=f"{who} names it")

    def _named(self, path: Path, name: str, who: str) -> tuple[Document, ...]:
        """Return the policy of a file by its name, or by what the file calls the thing it is of."""
        found = self.all_of(path, who)
        named = tuple(d for d in found if name in (d.name, d.attachment.address))
        if named:
            return named
        known = {n for d in found for n in (d.attachment.address, d.name) if n}
        guess = did_you_mean(name, sorted(known))
        raise UsageError(f"`{path}` has no policy `{name}`", help=guess or f"{who} names it")

    def one_of(self, path: Path, who: str) -> Document:
        found = self.all_of(path, who)
        if len(found) > 1:
            raise UsageError(
                f"`{path}` contains {len(found)} policies",
                help=f"{who} needs one of them: choose it with `{path.name}#NAME`",
            )
        return found[0]
