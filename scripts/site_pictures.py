"""Look at pages of the built site with Chromium: `python -m scripts.site_pictures [FOLDER]`.

Each of `PAGES` is opened from disk, as wide as a desk and as a telephone, in light and dark.
Errors in the console, a page wider than its window and a search that misses a rule are problems.
FOLDER gets the pictures, by default `build/pictures`. `make docs` builds the site before.
https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from scripts.site import ROOT, SITE

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES: Final = (
    "index.html",
    "start/first-check.html",
    "guides/account.html",
    "rules/path-to-admin/index.html",
    "configuration.html",
)
WIDTHS: Final = (1280, 400)
SCHEMES: Final = {"light": "default", "dark": "slate"}
"""What a reader prefers, and the colours that the page then has."""
SEARCHED: Final = "pass-role-to-any-role"
TRIES: Final = 300
"""How often the answer of the search is looked at, ten times a second."""
_HEIGHT: Final = 2400
_FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-quic", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--remote-debugging-pipe"),
)
_PIPE: Final = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
"""Chromium reads questions from descriptor 3 and writes answers to 4."""
_WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_SCHEME: Final = "document.body.dataset.mdColorScheme"
_FOUND: Final = """new Promise(resolve => {
  const look = left => {
    const roots = [document, ...[...document.querySelectorAll("*")].map(one => one.shadowRoot)];
    const links = roots.flatMap(root => root ? [...root.querySelectorAll("a")] : []);
    const is_found = links.some(link => link.href.includes("?h=") && link.href.includes(NAME));
    is_found || !left ? resolve(is_found) : setTimeout(look, 100, left - 1);
  };
  look(TRIES);
})"""


class Browser:
    """A page in Chromium without a window."""

    def __init__(self, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._questions = questions
        self._answers = answers
        self._asked = 0
        self._session: str | None = None
        self.said: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Ask the browser; raises `RuntimeError` if it cannot answer."""
        self._asked += 1
        question = {"id": self._asked, "method": method, "params": parameters}
        if self._session:
            question["sessionId"] = self._session
        self._questions.write(json.dumps(question).encode() + b"\0")
        self._questions.flush()
        while (heard := self._hear()).get("id") != self._asked:
            pass
        if "error" in heard:
            raise RuntimeError(f"{method}: {heard['error']}")
        result: dict[str, Any] = heard["result"]
        return result

    def open(self, page: Path, width: int, scheme: str) -> None:
        """Open a page and wait until all of it is loaded."""
        self.said.clear()
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=_HEIGHT,
            deviceScaleFactor=1,
            mobile=False,
        )
        preference = {"name": "prefers-color-scheme", "value": scheme}
        self.ask("Emulation.setEmulatedMedia", features=[preference])
        self.ask("Page.navigate", url=page.as_uri())
        while self._hear().get("method") != "Page.loadEventFired":
            pass

    def value(self, script: str) -> Any:
        answer = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, text=key)

    def picture(self) -> bytes:
        return base64.b64decode(self.ask("Page.captureScreenshot")["data"])

    def _hear(self) -> dict[str, Any]:
        """Return what the browser says next, and note what is said in the console."""
        text = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            if not byte:
                raise RuntimeError("the browser has ended")
            text += byte
        heard: dict[str, Any] = json.loads(text)
        parameters = heard.get("params", {})
        match heard.get("method"):
            case "Runtime.exceptionThrown":
                self.said.append(parameters["exceptionDetails"]["exception"]["description"])
            case "Runtime.consoleAPICalled" if parameters["type"] in {"error", "warning"}:
                self.said.append(" ".join(str(one.get("value")) for one in parameters["args"]))
            case "Log.entryAdded" if parameters["entry"]["level"] in {"error", "warning"}:
                self.said.append(parameters["entry"]["text"])
        return heard


@contextlib.contextmanager
def browser(program: str) -> Iterator[Browser]:
    with tempfile.TemporaryDirectory() as folder:
        command = [program, *_FLAGS, f"--user-data-dir={folder}/profile"]
        with subprocess.Popen(  # noqa: S603 - the browser
            ["/bin/sh", "-c", _PIPE, "sh", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as pipes:
            one = Browser(*cast("tuple[IO[bytes], IO[bytes]]", (pipes.stdin, pipes.stdout)))
            try:
                yield one
            finally:
                one.ask("Browser.close")


def problems(program: str, pictures: Path) -> Iterator[str]:
    """Take the pictures; yield what is wrong, a line each."""
    pictures.mkdir(parents=True, exist_ok=True)
    for scheme in SCHEMES:
        with browser(program) as shown:
            for page, width in itertools.product(PAGES, WIDTHS):
                name = f"{page.removesuffix('.html').replace('/', '-')}-{width}-{scheme}.png"
                shown.open(SITE / page, width, scheme)
                (pictures / name).write_bytes(shown.picture())
                if (shade := shown.value(_SCHEME)) != SCHEMES[scheme]:
                    yield f"{page} is `{shade}` for those who prefer {scheme}"
                if (wider := shown.value(_WIDER)) > 0:
                    yield f"{page} is {wider} wider than {width}"
                shown.press("/")
                shown.ask("Input.insertText", text=SEARCHED)
                script = _FOUND.replace("NAME", json.dumps(SEARCHED)).replace("TRIES", str(TRIES))
                if not shown.value(script):
                    yield f"{page} at {width}: the search does not find `{SEARCHED}`"
                yield from (f"{page} at {width}: {said}" for said in shown.said)


def main(arguments: list[str]) -> None:
    program = shutil.which("chromium")
    if program is None:
        sys.exit("error: the pictures need `chromium`")
    folder = Path(arguments[0]) if arguments else ROOT / "build" / "pictures"
    if found := list(problems(program, folder)):
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main(sys.argv[1:])
