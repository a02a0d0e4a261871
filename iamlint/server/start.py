"""The server over standard input and output: answers clients, and publishes findings to them.

One thread does all work, one piece after the other. A text is checked a moment after its last
change; what is asked about a text waits for its newest check.
https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from iamlint.errors import IamlintError
from iamlint.fast_dataclass import replace
from iamlint.server.checked import TextQuestion, check, check_all
from iamlint.server.diagnostics import diagnostics
from iamlint.server.fixes import KINDS, code_actions
from iamlint.server.ignores import ignores_of
from iamlint.server.lens import lenses
from iamlint.server.positions import ClientUnits
from iamlint.server.texts import OpenTexts, place_of
from iamlint.server.words import TRIGGERS, TextWords
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from iamlint.server.checked import CheckedText
    from iamlint.server.texts import OpenText

    _Made = TypeVar("_Made")

CHECK_ALL: Final = "iamlint.checkAll"
PAUSE: Final = 0.15
"""Seconds without a change before a text is checked."""


class IamlintServer(LanguageServer):
    """The state of a session: open texts, their last checks, and what the client can do."""

    def __init__(self) -> None:
        super().__init__("iamlint", VERSION, types.TextDocumentSyncKind.Full)
        self.texts = OpenTexts()
        self.units = ClientUnits(types.PositionEncodingKind.Utf16)
        self.trusts = self.has_snippets = False
        self._changes = 0
        self._checks: dict[str, tuple[int, CheckedText]] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._said: set[str] = set()
        self._elsewhere: set[str] = set()
        self._thread = ThreadPoolExecutor(1, "iamlint")

    def begin(self, given: types.InitializeParams) -> None:
        """Take what the client says of itself and its folders."""
        self.units = ClientUnits(types.PositionEncodingKind(self.workspace.position_encoding))
        uris = [folder.uri for folder in given.workspace_folders or ()]
        places = filter(None, map(place_of, uris or filter(None, [given.root_uri])))
        self.texts.folders = tuple(map(Path, places))
        self.has_snippets = _has_snippets(given.capabilities)
        options = given.initialization_options
        self.trusts = isinstance(options, dict) and options.get("allowPlugins") is True

    async def run(self, work: Callable[[], _Made]) -> _Made:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def changed(self, text: OpenText, pause: float = PAUSE) -> None:
        """Check a text soon, then the other open ones, which may depend on it."""
        self._changes += 1
        for other in self.texts.all():
            self._soon(other, pause if other.uri == text.uri else 2 * pause)

    def _soon(self, text: OpenText, pause: float) -> None:
        if (waiting := self._waiting.pop(text.uri, None)) is not None:
            waiting.cancel()
        self._waiting[text.uri] = asyncio.ensure_future(self._publish_after(text, pause))

    async def _publish_after(self, text: OpenText, pause: float) -> None:
        await asyncio.sleep(pause)
        checked = await self.checked(text)
        if checked is not None and self.texts.get(text.uri) is text:
            found = diagnostics(checked, text, self.texts, self.units)
            self._publish(text.uri, found, text.version)

    def _publish(self, uri: str, found: list[types.Diagnostic], version: int | None = None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def files_changed(self) -> None:
        """Check all open texts again: a file on disk, or a configuration, has changed."""
        self._changes += 1
        for uri in self._elsewhere - {text.uri for text in self.texts.all()}:
            self._publish(uri, [])
        self._elsewhere.clear()
        for text in self.texts.all():
            self._soon(text, PAUSE)

    async def checked(self, text: OpenText) -> CheckedText | None:
        """Return the check of a text as all files are now; None if that is not possible."""
        now = self._changes
        if (last := self._newest(text, now)) is not None:
            return last
        question = TextQuestion(
            text.place, self.texts.root(text.place), self.texts.contents, self.trusts
        )
        try:
            found = await self.run(partial(self._check, text, question, now))
        except IamlintError as error:
            self._say(str(error), types.MessageType.Error)
            return None
        except Exception as error:  # noqa: BLE001 - a fault of a rule must not end the findings of others
            name = type(error).__name__
            self._say(
                f"`{question.path}` is not checked, which is a fault of iamlint: {name}: {error}",
                types.MessageType.Error,
            )
            return None
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
        """Return the last check of a text, if nothing has changed since."""
        changes, found = self._checks.get(text.uri, (-1, None))
        return found if changes == now else None

    async def check_all(self) -> None:
        """Publish the findings of all files of the folders, which stay until a file changes."""
        for root in self.texts.folders:
            contents = self.texts.contents
            try:
                found = await self.run(partial(check_all, root, contents, trusts=self.trusts))
            except IamlintError as error:
                self._say(str(error), types.MessageType.Error)
                continue
            for path, lines in found.run.lines.items():
                text = self.texts.on_disk(root, path, lines)
                if self.texts.get(text.uri) is None:
                    self._elsewhere.add(text.uri)
                    of_file = replace(found, question=replace(found.question, place=text.place))
                    self._publish(text.uri, diagnostics(of_file, text, self.texts, self.units))

    def words(self, uri: str) -> TextWords | None:
        """Return what answers about the words of a text; None if it is not open."""
        text = self.texts.get(uri)
        _, last = self._checks.get(uri, (0, None))
        if text is None:
            return None
        return TextWords(text, self.units, last, has_snippets=self.has_snippets)

    def _say(self, what: str, level: types.MessageType = types.MessageType.Warning) -> None:
        """Show a message once."""
        if what not in self._said:
            self._said.add(what)
            self.window_show_message(types.ShowMessageParams(level, f"iamlint: {what}"))

    def close(self, uri: str) -> None:
        self.texts.close(uri)
        self._checks.pop(uri, None)
        if (waiting := self._waiting.pop(uri, None)) is not None:
            waiting.cancel()
        self._publish(uri, [])
        self._changes += 1  # from now on, others see the file on disk
        for other in self.texts.all():
            self._soon(other, PAUSE)


def _has_snippets(client: types.ClientCapabilities) -> bool:
    """Return whether a client can fill in the parts of a completion."""
    of_texts = client.text_document
    completion = of_texts.completion if of_texts else None
    item = completion.completion_item if completion else None
    return bool(item and item.snippet_support)


def make_server() -> IamlintServer:
    """Return a server that answers all that iamlint offers."""
    server = IamlintServer()

    @server.feature(types.INITIALIZE)
    def initialize(ls: IamlintServer, given: types.InitializeParams) -> None:
        ls.begin(given)

    _follow_texts(server)
    _answer_about_files(server)

    _answer_about_words(server)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(list(KINDS)))
    async def actions(ls: IamlintServer, asked: types.CodeActionParams) -> list[types.CodeAction]:
        text = ls.texts.get(asked.text_document.uri)
        checked = None if text is None else await ls.checked(text)
        if text is None or checked is None:
            return []
        found = await ls.run(lambda: code_actions(checked, text, ls.texts, asked, ls.units))
        return found if ls.texts.get(text.uri) is text else []  # edits of another text

    return server


def _answer_about_words(server: IamlintServer) -> None:
    """Answer what words mean and which may be written, from the text alone."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: IamlintServer, asked: types.HoverParams) -> types.Hover | None:
        words = ls.words(asked.text_document.uri)
        return await ls.run(lambda: words.hover(asked.position)) if words else None

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(list(TRIGGERS)))
    async def completion(
        ls: IamlintServer, asked: types.CompletionParams
    ) -> types.CompletionList | None:
        words = ls.words(asked.text_document.uri)
        return await ls.run(lambda: words.completion(asked.position)) if words else None

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def hints(
        ls: IamlintServer, asked: types.InlayHintParams
    ) -> list[types.InlayHint] | None:
        words = ls.words(asked.text_document.uri)
        return await ls.run(lambda: words.hints(asked.range)) if words else None


def _answer_about_files(server: IamlintServer) -> None:
    """Answer what needs a check: lines above policies, where an ignore is, and all files."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def lens(ls: IamlintServer, asked: types.CodeLensParams) -> list[types.CodeLens]:
        text = ls.texts.get(asked.text_document.uri)
        checked = None if text is None else await ls.checked(text)
        if text is None or checked is None:
            return []
        found = await ls.run(lambda: list(lenses(checked)))
        places = [ls.units.position(text.lines.position(at), text.lines) for at, _ in found]
        return [
            types.CodeLens(types.Range(at, at), types.Command(title, ""))
            for at, (_, title) in zip(places, found, strict=True)
        ]

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(
        ls: IamlintServer, asked: types.DefinitionParams
    ) -> list[types.Location] | None:
        text = ls.texts.get(asked.text_document.uri)
        checked = None if text is None else await ls.checked(text)
        if text is None or checked is None:
            return None
        return ignores_of(checked, ls.texts, ls.units.offset(asked.position, text.lines))

    @server.command(CHECK_ALL)
    async def everything(ls: IamlintServer) -> None:
        await ls.check_all()


def _follow_texts(server: IamlintServer) -> None:
    """Follow what the client says of texts and files."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: IamlintServer, given: types.DidOpenTextDocumentParams) -> None:
        one = given.text_document
        if (text := ls.texts.put(one.uri, one.version, one.text)) is not None:
            ls.changed(text, pause=0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: IamlintServer, given: types.DidChangeTextDocumentParams) -> None:
        one, whole = given.text_document, given.content_changes[-1].text
        if (text := ls.texts.put(one.uri, one.version, whole)) is not None:
            ls.changed(text)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: IamlintServer, given: types.DidCloseTextDocumentParams) -> None:
        ls.close(given.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: IamlintServer, given: types.DidSaveTextDocumentParams) -> None:  # noqa: ARG001 - pygls' form
        ls.files_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(ls: IamlintServer, given: types.DidChangeWatchedFilesParams) -> None:  # noqa: ARG001 - the same
        ls.files_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders(ls: IamlintServer, given: types.DidChangeWorkspaceFoldersParams) -> None:
        gone = {place_of(one.uri) for one in given.event.removed}
        new = filter(None, (place_of(one.uri) for one in given.event.added))
        kept = (one for one in ls.texts.folders if str(one) not in gone)
        ls.texts.folders = (*kept, *map(Path, new))
        ls.files_changed()
