"""What the server answers when a check fails, or when texts change in the meantime."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from iamlint.server import session as sessions
from iamlint.server import start
from iamlint.server.session import IamlintServer
from iamlint.server.start import make_server

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.server.texts import OpenText

TEXT = '{"Version": "2012-10-17", "Statement": []}'


class Screen:
    """A server in this process; what it shows and publishes is kept."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.messages: list[str] = []
        self.published: list[str] = []
        self.news = asyncio.Event()
        self.server = make_server()
        self.server.texts.folders = (folder,)
        self.folder = folder
        monkeypatch.setattr(IamlintServer, "window_show_message", self._show)
        monkeypatch.setattr(IamlintServer, "text_document_publish_diagnostics", self._publish)
        monkeypatch.setattr(sessions, "PAUSE", 0)

    def _show(self, given: types.ShowMessageParams) -> None:
        self.messages.append(given.message)

    def _publish(self, given: types.PublishDiagnosticsParams) -> None:
        self.published.append(given.uri.rpartition("/")[2])
        self.news.set()

    def put(self, name: str, version: int = 1) -> OpenText:
        text = self.server.texts.put((self.folder / name).as_uri(), version, TEXT)
        assert text is not None
        return text


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Screen:
    return Screen(tmp_path.resolve(), monkeypatch)


def test_fault_in_a_check_is_shown_once(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise ValueError("odd")

    async def session() -> list[object]:
        text = screen.put("p.json")
        monkeypatch.setattr(sessions, "check", fails)
        failed = [await screen.server.checked(text), await screen.server.checked(text)]
        monkeypatch.undo()
        after = await screen.server.checked(text)
        return [*failed, after is not None]

    assert asyncio.run(session()) == [None, None, True]
    assert screen.messages == [
        "iamlint: `p.json` is not checked, which is a fault of iamlint: ValueError: odd"
    ]


def test_requests_at_the_same_time_share_a_check(screen: Screen) -> None:
    async def session() -> bool:
        text = screen.put("p.json")
        first, second = await asyncio.gather(*(screen.server.checked(text) for _ in range(2)))
        return first is not None and first is second

    assert asyncio.run(session())


def test_closed_text_is_forgotten_and_those_that_depend_on_it_are_checked_again(
    screen: Screen,
) -> None:
    async def session() -> None:
        closed, left, other = (screen.put(name) for name in ("a.tf", "b.tf", "c.json"))
        await screen.server.checked(other)
        late = asyncio.ensure_future(screen.server.checked(closed))
        await screen.server.checked(left)
        screen.server.close(closed.uri)
        await late
        while "b.tf" not in screen.published:
            screen.news.clear()
            await screen.news.wait()
        assert await screen.server.checked(left) is not None

    asyncio.run(asyncio.wait_for(session(), 60))

    assert screen.published == ["a.tf", "b.tf"]


def test_actions_of_a_text_that_has_changed_since_are_not_offered(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> list[types.CodeAction]:
        screen.put("p.json", 2)
        return [types.CodeAction("late")]

    async def session() -> object:
        text = screen.put("p.json")
        monkeypatch.setattr(start, "code_actions", slow)
        answer = screen.server.protocol.fm.features[types.TEXT_DOCUMENT_CODE_ACTION]
        place = types.Range(types.Position(0, 0), types.Position(0, 0))
        document = types.TextDocumentIdentifier(text.uri)
        found: object = await answer(
            types.CodeActionParams(document, place, types.CodeActionContext([]))
        )
        return found

    assert asyncio.run(session()) == []


def test_change_of_a_text_checks_only_those_again_that_depend_on_it(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "STOP", 0)

    async def session() -> None:
        names = ("a.tf", "b.tf", "c.json", "below/d.tf")
        first, *_ = texts = [screen.put(name) for name in names]
        for text in texts:
            await screen.server.checked(text)
        screen.server.changed(screen.put("a.tf", 2))
        while len(screen.published) < 2:
            screen.news.clear()
            await screen.news.wait()
        await asyncio.sleep(0.2)
        assert first.uri.endswith("a.tf")

    asyncio.run(asyncio.wait_for(session(), 60))

    assert screen.published == ["a.tf", "b.tf"]
