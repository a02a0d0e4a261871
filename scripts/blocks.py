"""Run every block of README and the docs, and compare what commands print with what pages show.

A block with a title is a file. The other kinds are in `KINDS`; a kind that is not there is an
error, so that no block stays unread by accident. All blocks of a page run in one folder, in order,
which is empty at first. `python -m scripts.blocks` reports differences and counts blocks; with
`--write` it writes what commands print into the pages.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sybil import Document, Region
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from scripts.block_commands import NEED_MORE, Command, commands, difference, environment, run
from scripts.block_values import check_configuration, check_file, check_json, check_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sybil import Example

ROOT: Final = Path(__file__).parent.parent
CASES: Final = ("docs/commands.md", "docs/fixes.md", "docs/json.md", "docs/rules/*.md")
"""Generated pages: their blocks are what their generators ran, or cases of other tests."""
_INFO = re.compile(r'(?P<language>[^\s`]*)[ \t]*(?:title="(?P<title>[^"\n]+)")?(?P<rest>[^\n]*)\n')
_LEXER = RawFencedCodeBlockLexer(_INFO)
_ITEM = re.compile(r" *(?:[-*+]|\d+\.) ")
_FENCED = re.compile(r"^( *)```.*?^\1```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page, and the line of the page on which its first line is."""

    language: str
    title: str | None
    source: str
    line: int


@dataclass(slots=True)
class Page:
    """A page: the differences that were found, and what was counted."""

    path: Path
    differences: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    printed: list[tuple[Command, str]] = field(default_factory=list)
    names: dict[str, object] = field(default_factory=lambda: {"__name__": "__page__"})

    def differ(self, line: int, what: str) -> None:
        self.differences.append(f"{self.path.relative_to(ROOT)}:{line}: {what}")


def pages() -> list[Path]:
    """Return README and the pages whose blocks are run."""
    cases = {path for pattern in CASES for path in ROOT.glob(pattern)}
    found = {ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")}
    return sorted(found - cases)


def run_page(path: Path) -> Page:
    """Run all blocks of a page in a folder of their own."""
    page = Page(path)
    document = Document.parse(str(path), _examples)
    for line in _indented(document.text):
        page.differ(line, "a block that is indented, and not between ```")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve() / "example"
        folder.mkdir()
        modules = set(sys.modules)
        with contextlib.chdir(folder), environment():
            for example in document.examples():
                _evaluate(example, page)
        for module in set(sys.modules) - modules:
            if str(getattr(sys.modules[module], "__file__", None)).startswith(name):
                del sys.modules[module]
    return page


def _examples(document: Document) -> Iterator[Region]:
    for region in _LEXER(document):
        found = region.lexemes
        fence = document.text.count("\n", 0, region.start) + 1
        language = found["language"] if not found["rest"].strip() else found["rest"]
        block = Block(language, found["title"], str(found["source"]), fence + 1)
        yield Region(region.start, region.end, block, lambda _: None)


def _indented(text: str) -> Iterator[int]:
    """Yield the lines at which code begins that is only indented; a list may go on like this."""
    in_list = False
    before = ""
    for number, line in enumerate(_FENCED.sub(_blank, text).splitlines(), 1):
        if line and not line.startswith(" "):
            in_list = bool(_ITEM.match(line))
        if line.startswith("    ") and line.strip() and not before.strip() and not in_list:
            yield number
        before = line


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "`", found[0])


def _evaluate(example: Example, page: Page) -> None:
    block: Block = example.parsed
    kind = "file" if block.title else block.language
    try:
        (_file if block.title else KINDS.get(block.language, _of_no_kind))(block, page)
    except Exception as error:  # noqa: BLE001 - whatever a block does is reported at its line
        page.differ(block.line, f"{type(error).__name__}: {error}")
    page.counts[kind] += 1


def _of_no_kind(block: Block, page: Page) -> None:
    page.differ(block.line, f"`{block.language}` is not a kind of block without a title")


def _file(block: Block, page: Page) -> None:
    path = Path(block.title or "")
    if path.is_absolute() or ".." in path.parts:
        page.differ(block.line, f"`{path}` is outside of the folder")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.source, encoding="utf-8")
    check_file(path, block.language)


def _console(block: Block, page: Page) -> None:
    for command in commands(block.source, block.line):
        ended = run(command)
        if ended is None:
            page.counts[NEED_MORE] += 1
            continue
        page.counts["command"] += 1
        page.counts["command with output"] += bool(command.shown)
        if what := difference(command, *ended):
            page.differ(command.line, what)
            page.printed.append((command, ended[1]))


def _python(block: Block, page: Page) -> None:
    code = compile(block.source, f"{page.path}:{block.line}", "exec")
    exec(code, page.names)  # noqa: S102 - a block of our own pages


KINDS: Final[dict[str, Callable[[Block, Page], None]]] = {
    "console": _console,
    "python": _python,
    "json": lambda block, _: check_json(block.source),
    "toml": lambda block, _: check_configuration(block.source),
    "yaml": lambda block, _: check_steps(block.source),
    "text": lambda _block, _page: None,
}
"""`toml` is a configuration, `yaml` are steps of a job on GitHub, `text` is for readers alone."""


def write(page: Page) -> None:
    """Write into a page what its commands print."""
    lines = page.path.read_text(encoding="utf-8").splitlines(keepends=True)
    for command, printed in reversed(page.printed):
        end = command.line - 1 + command.length
        text = printed.strip("\n")
        lines[end : end + command.shown_lines] = [text + "\n"] if text else []
    page.path.write_text("".join(lines), encoding="utf-8")


def main(arguments: list[str]) -> int:
    counts: Counter[str] = Counter()
    code = 0
    named = [Path(name).resolve() for name in arguments if name != "--write"]
    for path in named or pages():
        page = run_page(path)
        counts += page.counts
        code |= bool(page.differences)
        print(*page.differences, sep="\n\n", end="\n" * bool(page.differences))
        if "--write" in arguments:
            write(page)
    print(", ".join(f"{count} {kind}" for kind, count in counts.most_common()))
    return code


if __name__ == "__main__":
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp()
    sys.exit(main(sys.argv[1:]))
