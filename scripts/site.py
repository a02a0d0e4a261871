"""Build the site in `build/site`, strictly and without a network, and check all its links.

The pages of `docs/` are staged first: the changelog is beside the code, and a rule's page is at
`rules/NAME/` for ever. Zensical builds what `mkdocs.yml` lists and reports broken links between
pages. What it does not report is checked here: images, anchors, and what a page loads from
another host.
https://zensical.org/docs/
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.rule.docs_url import PROJECT_URL
from scripts import moved_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"
STAGE: Final = ROOT / "build" / "docs"
SITE: Final = ROOT / "build" / "site"
PAGES_BESIDE_THE_CODE: Final = ("CHANGELOG.md", "CONTRIBUTING.md")
_SHIM: Final = "https://unpkg.com/iframe-worker/shim"
_OWN_SHIM: Final = "assets/iframe-worker.js"
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)\s]+?)(#[^)\s]*)?\)")
_UNSEEN = re.compile(r"^<!--\n.*?^-->\n+", re.DOTALL | re.MULTILINE)
_LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\ssrc=["']?(https?://[^"'\s>]+)"""
    r"""|<link\b(?=[^>]*\srel=["']?(?:stylesheet|preload|icon|preconnect|modulepreload))"""
    r"""[^>]*?\shref=["']?(https?://[^"'\s>]+)""",
    re.IGNORECASE,
)
_LOADED_BY_STYLE = re.compile(r"""(?:url\(|@import )["']?(https?://[^"')\s]+)""")


def build() -> None:
    """Build the site; raises `CalledProcessError` for a warning of the generator."""
    stage()
    shutil.rmtree(SITE, ignore_errors=True)
    program = Path(sys.executable).with_name("zensical")
    command: list[str | Path] = [
        program,
        "build",
        "--strict",
        "--clean",
        "--config-file",
        ROOT / "mkdocs.yml",
    ]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - the generator
    for page in SITE.rglob("*.html"):
        up = "../" * (len(page.relative_to(SITE).parts) - 1)
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(_SHIM, up + _OWN_SHIM), encoding="utf-8")


def stage() -> None:
    """Copy the pages to where the generator reads them, each rule's page into its own folder."""
    shutil.rmtree(STAGE, ignore_errors=True)
    shutil.copytree(DOCS, STAGE)
    for name in PAGES_BESIDE_THE_CODE:
        shutil.copy(ROOT / name, STAGE / name.lower())
    for page in sorted(STAGE.rglob("*.md")):
        at = page.relative_to(STAGE)
        text = _with_links(_UNSEEN.sub("", page.read_text(encoding="utf-8")), at)
        page.unlink()
        staged = STAGE / _place(at)
        staged.parent.mkdir(exist_ok=True)
        staged.write_text(text, encoding="utf-8")
    moved = moved_rules.DATA.read_text(encoding="utf-8")
    for name, text in moved_rules.pages(moved).items():
        (STAGE / "rules" / name).mkdir()
        (STAGE / "rules" / name / "index.md").write_text(text, encoding="utf-8")


def _with_links(text: str, at: Path) -> str:
    """Return a page with links that hold where the site has it."""
    is_beside = str(at) in map(str.lower, PAGES_BESIDE_THE_CODE)
    home = ROOT if is_beside else DOCS / at.parent

    def link(found: re.Match[str]) -> str:
        target = Path(os.path.normpath(home / found[1]))
        name = str(target.relative_to(ROOT))
        if name in PAGES_BESIDE_THE_CODE:
            target = DOCS / name.lower()
        if not target.is_relative_to(DOCS):
            return f"]({PROJECT_URL}/blob/main/{name}{found[2] or ''})"
        place = (
            _place(target.relative_to(DOCS)) if target.suffix == ".md" else target.relative_to(DOCS)
        )
        return f"]({os.path.relpath(place, _place(at).parent)}{found[2] or ''})"

    return _LINK.sub(link, text)


def _place(at: Path) -> Path:
    """Return where a page of `docs/` is in the site."""
    return at.with_suffix("") / "index.md" if at.parent.name == "rules" else at


def problems() -> Iterator[str]:
    """Yield what is wrong in the built site, a line each."""
    for page in sorted(SITE.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        for found in _LOADED.finditer(text):
            yield f"{page.relative_to(SITE)} loads {found[1] or found[2]}"
    for style in sorted(SITE.rglob("*.css")):
        for found in _LOADED_BY_STYLE.finditer(style.read_text(encoding="utf-8")):
            yield f"{style.relative_to(SITE)} loads {found[1]}"
    program = Path(sys.executable).with_name("lychee")
    command: list[str | Path] = [
        program,
        "--offline",
        "--include-fragments",
        "--root-dir",
        SITE,
        "--no-progress",
        "--quiet",
        SITE,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - lychee
    if done.returncode:
        yield done.stdout + done.stderr


if __name__ == "__main__":
    build()
    if found := list(problems()):
        sys.exit("\n".join(found))
