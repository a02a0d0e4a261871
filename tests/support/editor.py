"""An editor that talks to a real server over its standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.client import LanguageClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

SECONDS = 60


class Editor:
    """Texts of a folder in a client; what the server publishes is kept, the newest by address."""

    def __init__(self, folder: Path, client: LanguageClient) -> None:
        self.folder, self.client = folder, client
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self._versions: defaultdict[str, int] = defaultdict(int)
        self._texts: dict[str, str] = {}
        self.news = asyncio.Event()

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def take(self, found: types.PublishDiagnosticsParams) -> None:
        self.published[found.uri] = found
        self.news.set()

    def open(self, name: str, text: str | None = None) -> None:
        text = (self.folder / name).read_text("utf-8") if text is None else text
        self._versions[name] += 1
        self._texts[name] = text
        language = Path(name).suffix[1:]
        item = types.TextDocumentItem(self.uri(name), language, self._versions[name], text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, name: str, text: str) -> None:
        self._versions[name] += 1
        self._texts[name] = text
        whole = types.TextDocumentContentChangeWholeDocument(text)
        document = types.VersionedTextDocumentIdentifier(self._versions[name], self.uri(name))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    def save(self, name: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, name: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    async def diagnostics(self, name: str) -> list[types.Diagnostic]:
        """Return the diagnostics of the newest version of a text, as soon as they are there."""
        uri, version = self.uri(name), self._versions[name]
        await self.wait(lambda: uri in self.published and self.published[uri].version == version)
        return list(self.published[uri].diagnostics)

    async def all_diagnostics(self, name: str) -> list[types.Diagnostic]:
        """Return the diagnostics of a text that the user has saved."""
        self.change(name, self._texts[name])  # a version of its own, to know them by
        self.save(name)
        return await self.diagnostics(name)

    async def wait(self, happened: Callable[[], bool]) -> None:
        """Wait for something that the server sends."""
        async with asyncio.timeout(SECONDS):
            while not happened():
                self.news.clear()
                await self.news.wait()

    async def codes(self, name: str) -> list[object]:
        return [one.code for one in await self.all_diagnostics(name)]

    async def actions(
        self, name: str, range_: types.Range, only: tuple[str, ...] | None = None
    ) -> list[types.CodeAction]:
        context = types.CodeActionContext(await self.diagnostics(name), only)
        document = types.TextDocumentIdentifier(self.uri(name))
        asked = types.CodeActionParams(document, range_, context)
        found = await self.client.text_document_code_action_async(asked)
        return [one for one in found or () if isinstance(one, types.CodeAction)]


@asynccontextmanager
async def editor(
    folder: Path,
    encodings: tuple[types.PositionEncodingKind, ...] | None = None,
    options: dict[str, object] | None = None,
    edits: types.WorkspaceEditClientCapabilities | None = None,
) -> AsyncIterator[Editor]:
    """Start a server, and an editor with one folder; end both."""
    client = LanguageClient("tests", "1")
    one = Editor(folder, client)

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator] # untyped in pygls
    def _(given: types.PublishDiagnosticsParams) -> None:
        one.take(given)

    @client.feature(types.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator] # the same
    def _(given: types.ShowMessageParams) -> None:
        one.messages.append(given.message)
        one.news.set()

    await client.start_io(sys.executable, "-m", "iamlint", "server", "--stdio")
    general = types.GeneralClientCapabilities(position_encodings=encodings)
    await client.initialize_async(
        types.InitializeParams(
            capabilities=types.ClientCapabilities(
                general=general, workspace=types.WorkspaceClientCapabilities(workspace_edit=edits)
            ),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)],
            initialization_options=options,
        )
    )
    client.initialized(types.InitializedParams())
    try:
        yield one
    finally:
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()  # type: ignore[no-untyped-call] # the same
