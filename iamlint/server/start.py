"""The server over standard input and output: what it answers to clients.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lsprotocol import types

from iamlint.server.fixes import KINDS, code_actions
from iamlint.server.ignores import ignores_of
from iamlint.server.lens import lenses
from iamlint.server.session import IamlintServer
from iamlint.server.texts import place_of
from iamlint.server.words import TRIGGERS

CHECK_ALL: Final = "iamlint.checkAll"


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
        is_newest = ls.texts.get(text.uri) is text  # else they are edits of another text
        return list(ls.edits.fitting(found)) if is_newest else []

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
            ls.opened(text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: IamlintServer, given: types.DidChangeTextDocumentParams) -> None:
        one, whole = given.text_document, given.content_changes[-1].text
        if (text := ls.texts.put(one.uri, one.version, whole)) is not None:
            ls.changed(text)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: IamlintServer, given: types.DidCloseTextDocumentParams) -> None:
        ls.close(given.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: IamlintServer, given: types.DidSaveTextDocumentParams) -> None:
        ls.saved(given.text_document.uri)

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
