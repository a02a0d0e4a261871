"""A session with an editor: which texts are open, when they are checked, and what is published.

One thread does all work, one piece after the other. A text is checked a moment after its last
change; what is asked about a text waits for its newest check. New findings are published when
the user stops for longer, or saves; then the texts that depend on it are checked too.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from iamlint.errors import ConfigurationError, IamlintError
from iamlint.fast_dataclass import replace
from iamlint.server.checked import TextQuestion, check, check_all
from iamlint.server.client_edits import ClientEdits
from iamlint.server.diagnostics import diagnostics, of_error
from iamlint.server.positions import ClientUnits
from iamlint.server.texts import OpenTexts, place_of
from iamlint.server.unfinished import ShownFindings, while_typing
from iamlint.server.words import TextWords
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from typing import TypeVar

    from iamlint.rule.finding import Finding
    from iamlint.server.checked import CheckedText
    from iamlint.server.texts import OpenText

    _Made = TypeVar("_Made")

PAUSE: Final = 0.15
"""Seconds without a change before a text is checked."""

STOP: Final = 1.0
"""Seconds without a change after which the user has stopped."""


class IamlintServer(LanguageServer):
    """The state of a session: open texts, their last checks, and what the client can do."""

    def __init__(self) -> None:
        super().__init__("iamlint", VERSION, types.TextDocumentSyncKind.Full)
        self.texts = OpenTexts()
        self.units = ClientUnits(types.PositionEncodingKind.Utf16)
        self.edits = ClientEdits()
        self.trusts = self.has_snippets = False
        self._changes = self._all_changed = self._runs = 0
        self._changed: dict[str, int] = {}
        self._checks: dict[str, tuple[int, CheckedText]] = {}
        self._shown: dict[str, ShownFindings] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._failed: dict[str, str] = {}
        self._wrong: dict[str, ConfigurationError] = {}
        self._said: set[str] = set()
        self._elsewhere: set[str] = set()
        self._thread = ThreadPoolExecutor(1, "iamlint")

    def begin(self, given: types.InitializeParams) -> None:
        """Take what the client says of itself and its folders."""
        self.units = ClientUnits(types.PositionEncodingKind(self.workspace.position_encoding))
        uris = [folder.uri for folder in given.workspace_folders or ()]
        places = filter(None, map(place_of, uris or filter(None, [given.root_uri])))
        self.texts.folders = tuple(map(Path, places))
        self.edits = ClientEdits.of(given.capabilities)
        self.has_snippets = _has_snippets(given.capabilities)
        options = given.initialization_options
        self.trusts = isinstance(options, dict) and options.get("allowPlugins") is True

    async def run(self, work: Callable[[], _Made]) -> _Made:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def opened(self, text: OpenText) -> None:
        """Check a text, and those that depend on it, at once."""
        self._note(text)
        self._follow(text, self._publish_all_after(text, 0))

    def changed(self, text: OpenText) -> None:
        """Check a text soon, and publish what is new in it when the user stops."""
        self._note(text)
        self._follow(text, self._publish_while_typing(text))

    def saved(self, uri: str) -> None:
        """Publish all findings of a text, and of those that depend on it."""
        if (text := self.texts.get(uri)) is not None:
            if text.is_configuration:
                self.texts.refuse(text)
                self._note(text)
            self._follow(text, self._publish_all_after(text, 0))

    def files_changed(self) -> None:
        """Check all open texts again: a file on disk has changed."""
        self._all_changed = self._changes = self._changes + 1
        self._clear_elsewhere(set())
        for text in self.texts.all():
            if not self._is_typed(text):
                self._follow(text, self._publish_after(text, PAUSE))

    def close(self, uri: str) -> None:
        text = self.texts.get(uri)
        self.texts.close(uri)
        for known in (self._checks, self._shown, self._failed, self._wrong):
            known.pop(uri, None)
        if (waiting := self._waiting.pop(uri, None)) is not None:
            waiting.cancel()
        self._publish(uri, [])
        if text is not None:  # from now on, others see the file on disk
            self._note(text)
            self._follow_dependants(text)

    def _note(self, text: OpenText) -> None:
        """Note that a text is another one than before, for the checks that depend on it."""
        self._changes += 1
        self._changed[text.place] = self._changes

    def _follow(self, text: OpenText, work: Coroutine[None, None, None]) -> None:
        """Do what a change of a text calls for, in place of what the last one did."""
        if (waiting := self._waiting.pop(text.uri, None)) is not None:
            waiting.cancel()
        self._waiting[text.uri] = asyncio.ensure_future(work)

    def _follow_dependants(self, text: OpenText) -> None:
        """Check the other texts again that depend on one; those that are typed will be anyway."""
        for other in self.texts.all():
            _, last = self._checks.get(other.uri, (0, None))
            depends = last is None or last.depends_on(text.place)
            if other.uri != text.uri and depends and not self._is_typed(other):
                self._follow(other, self._publish_found(other))

    def _is_typed(self, text: OpenText) -> bool:
        """Return whether all findings of a text will be published soon."""
        waiting = self._waiting.get(text.uri)
        return waiting is not None and not waiting.done()

    async def _publish_while_typing(self, text: OpenText) -> None:
        await asyncio.sleep(PAUSE)
        before = self._shown.get(text.uri)
        checked = await self.checked(text)
        if checked is not None and before is not None and self._is_newest(text):
            self._publish_findings(text, checked, while_typing(before, checked, text))
        await self._publish_all_after(text, STOP - PAUSE)

    async def _publish_all_after(self, text: OpenText, pause: float) -> None:
        await self._publish_after(text, pause)
        self._follow_dependants(text)

    async def _publish_after(self, text: OpenText, pause: float) -> None:
        await asyncio.sleep(pause)
        await self._publish_found(text)

    async def _publish_found(self, text: OpenText) -> None:
        """Publish what `iamlint check` finds in a text, or what is wrong with a configuration."""
        checked = await self.checked(text)
        while checked is not None and self._newest(text, self._changes) is None:
            checked = await self.checked(text)  # what it depends on has changed meanwhile
        if not self._is_newest(text):
            return
        if checked is not None:
            self._shown[text.uri] = ShownFindings(text, checked.findings)
            self._publish_findings(text, checked, checked.findings)
        elif (wrong := self._wrong.get(text.uri)) is not None:
            self._publish(text.uri, [of_error(wrong, text, self.units)], text.version)

    def _is_newest(self, text: OpenText) -> bool:
        return self.texts.get(text.uri) is text

    def _publish_findings(
        self, text: OpenText, checked: CheckedText, findings: tuple[Finding, ...]
    ) -> None:
        found = diagnostics(findings, checked, text, self.texts, self.units)
        self._publish(text.uri, found, text.version)

    def _publish(self, uri: str, found: list[types.Diagnostic], version: int | None = None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    async def checked(self, text: OpenText) -> CheckedText | None:
        """Return the check of a text as all files are now; None if that is not possible."""
        now = self._changes
        if (last := self._newest(text, now)) is not None:
            return last
        contents = self.texts.contents
        if text.is_configuration:
            contents = {**contents, text.place: text.data}
        question = TextQuestion(text.place, self.texts.root(text.place), contents, self.trusts)
        try:
            found = await self.run(partial(self._check, text, question, now))
        except IamlintError as error:
            self._fail(text, error)
            return None
        except Exception as error:  # noqa: BLE001 - a fault of a rule must not end the findings of others
            name = type(error).__name__
            self._say_of(
                text,
                f"`{question.path}` is not checked, which is a fault of iamlint: {name}: {error}",
            )
            return None
        for wrong in (self._failed, self._wrong):
            wrong.pop(text.uri, None)
        self._accept(text, found)
        if found.left_out:
            names = ", ".join(f"`{name}`" for name in found.left_out)
            self._say(f"plugins are left out, since the workspace is not trusted: {names}")
        return found

    def _check(self, text: OpenText, question: TextQuestion, now: int) -> CheckedText:
        """Check a text, unless another request has done so meanwhile; runs in the thread."""
        found = self._newest(text, now) or check(question)
        if self.texts.get(text.uri) is not None:
            self._checks[text.uri] = (now, found)
        return found

    def _newest(self, text: OpenText, now: int) -> CheckedText | None:
        """Return the last check of a text, if nothing has changed since that it depends on."""
        known, found = self._checks.get(text.uri, (-1, None))
        if found is None or known < self._all_changed:
            return None
        later = (place for place, at in list(self._changed.items()) if known < at <= now)
        return None if any(map(found.depends_on, later)) else found

    def _accept(self, text: OpenText, checked: CheckedText) -> None:
        """Let a configuration count that is valid."""
        if text.is_configuration and self._is_newest(text) and self.texts.accept(text):
            self._note(text)
            self._checks[text.uri] = (self._changes, checked)

    async def check_all(self) -> None:
        """Publish the findings of all files of the folders, which stay until a file changes."""
        self._runs += 1
        run, published = self._runs, set[str]()
        for root in self.texts.folders:
            found = await self._all_of(root)
            if run != self._runs:
                return  # a newer run publishes its own
            for text, diagnosed in self._found_in(root, found) if found else ():
                published.add(text.uri)
                self._elsewhere.add(text.uri)
                self._publish(text.uri, diagnosed)
        self._clear_elsewhere(published)

    async def _all_of(self, root: Path) -> CheckedText | None:
        """Return the check of a folder as the files are at its end."""
        while True:
            before, contents = self._all_changed, self.texts.contents
            try:
                found = await self.run(partial(check_all, root, contents, trusts=self.trusts))
            except IamlintError as error:
                self._say(str(error), types.MessageType.Error)
                return None
            if before == self._all_changed:
                return found

    def _found_in(
        self, root: Path, found: CheckedText
    ) -> Iterator[tuple[OpenText, list[types.Diagnostic]]]:
        """Yield the files with findings that are not open."""
        for path in dict.fromkeys(f.path for f in found.run.open):
            lines = found.run.lines.get(path)
            text = self.texts.on_disk(root, path, lines) if lines else None
            if text is not None and self.texts.get(text.uri) is None:
                of_file = replace(found, question=replace(found.question, place=text.place))
                yield (
                    text,
                    diagnostics(of_file.findings, of_file, text, self.texts, self.units),
                )

    def _clear_elsewhere(self, kept: set[str]) -> None:
        """Take back what was published of files that are not open, but for some."""
        for uri in self._elsewhere - kept - {text.uri for text in self.texts.all()}:
            self._publish(uri, [])
        self._elsewhere = kept

    def words(self, uri: str) -> TextWords | None:
        """Return what answers about the words of a text; None if it is not open."""
        text = self.texts.get(uri)
        _, last = self._checks.get(uri, (0, None))
        if text is None:
            return None
        return TextWords(text, self.units, last, has_snippets=self.has_snippets)

    def _fail(self, text: OpenText, error: IamlintError) -> None:
        """Show why a text cannot be checked: in it, if it is the configuration that is wrong."""
        if isinstance(error, ConfigurationError) and str(error.place) == text.place:
            self._wrong[text.uri] = error
        else:
            self._say_of(text, str(error))

    def _say_of(self, text: OpenText, what: str) -> None:
        """Show an error, once for all texts that have it."""
        is_known = what in self._failed.values()
        self._failed[text.uri] = what
        if not is_known:
            self._show(what, types.MessageType.Error)

    def _say(self, what: str, level: types.MessageType = types.MessageType.Warning) -> None:
        """Show a message once."""
        if what not in self._said:
            self._said.add(what)
            self._show(what, level)

    def _show(self, what: str, level: types.MessageType) -> None:
        self.window_show_message(types.ShowMessageParams(level, f"iamlint: {what}"))


def _has_snippets(client: types.ClientCapabilities) -> bool:
    """Return whether a client can fill in the parts of a completion."""
    of_texts = client.text_document
    completion = of_texts.completion if of_texts else None
    item = completion.completion_item if completion else None
    return bool(item and item.snippet_support)
