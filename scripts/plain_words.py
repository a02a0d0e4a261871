"""Count the words to avoid in what users and contributors read: `docs/words.md` says what to write.

Reads help, errors and messages (every text of the program with a blank in it), the pages of rules,
README, docs and the descriptions of the action and the hooks. Code in backticks and code blocks is
exempt. Prints `file:line: word: sentence` for each, and exits 1 if there is one. `--code` reads the
docstrings and comments of the code as well.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGES = ("iamlint", "pytest_iam")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "docs/[!r]*/*.md")
DESCRIPTIONS = ("action.yml", ".pre-commit-hooks.yaml")
SCHEMAS = ("docs/schemas/*.json",)

# A noun, not the adverbs and pronouns of ordinary English, nor "there is no file".
_NO = r"(?<!there )\b(?:is|are|was|were) (?:no(?! (?:longer|more|less|one)\b)|(?-i:none))\b"
WORDS = {
    "is no": _NO,
    "of which": r"\bof which\b",
    "whom": r"\b(?:of )?whom\b",
    "tell": r"\b(?:tells?(?!-tale)|told|telling)\b",
    "stand": r"\b(?:stands?(?!-)|standing|stood)\b",
    "lie": r"\b(?:lies?|lying)\b",
    "mend": r"\b(?:mend(?:s|ed|ing)?)\b",
    "work out": r"\bwork(?:s|ed|ing)? (?:\w+ )?out\b",
    "come to": r"\b(?:comes?|came|coming) to\b",
    "settle": r"\bsettl(?:e|es|ed|ing)\b",
    "speak of": r"\b(?:speaks?|spoke|spoken|speaking) of\b",
    "nobody": r"\b(?:nobody|somebody|everybody)(?:'s)?\b",
    # "What is not known is unknown": a clause as the subject of a sentence; no question, no table.
    "what … is": (
        r"(?:^|(?<=[.;:] ))(?:what|whatever|who|whoever)"
        r"(?= [^.?!;:|]+? (?:is|are|was|were|counts?|stays?) \w[^.?|]{0,120}(?:[.;:]|$))"
    ),
}
HABITS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in WORDS.items()}
_CODE = re.compile(r"^ *```.*?^ *```|``.+?``|`[^`]+`", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"(?<=\n\n)(?:    .*\n)+")
_HEADING = re.compile(r"^#.*$", re.MULTILINE)
_EXAMPLES = {"bad", "good"}


class Text(NamedTuple):
    """A text that somebody reads, and the line of its file that it starts in."""

    path: Path
    line: int
    text: str


class Found(NamedTuple):
    """A word to avoid, and the words around it."""

    path: Path
    line: int
    habit: str
    around: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.habit}: {self.around}"


def find(text: Text) -> Iterator[Found]:
    """Yield the words to avoid in a text; code in it is blanked out, line by line."""
    plain = _HEADING.sub(_blank, _CODE.sub(_blank, text.text))
    flat = re.sub(r"\s", " ", plain)
    squeezed, offsets = _squeeze(flat)
    for habit, pattern in HABITS.items():
        for match in pattern.finditer(squeezed):
            at = offsets[match.start()]
            line = text.line + plain.count("\n", 0, at)
            around = squeezed[max(0, match.start() - 40) : match.end() + 40].strip()
            yield Found(text.path, line, habit, around)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "`", match[0])


def _squeeze(flat: str) -> tuple[str, list[int]]:
    """Return the text with single blanks, and where each of its characters was."""
    kept = [i for i, c in enumerate(flat) if c != " " or (i and flat[i - 1] != " ")]
    return "".join(flat[i] for i in kept), kept


def pages() -> Iterator[Text]:
    """Yield the pages, of the changelog what is not released yet."""
    for pattern in PAGES:
        for path in sorted(ROOT.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            if path.name == "CHANGELOG.md":
                text = "\n## ".join(text.split("\n## ")[:2])
            yield Text(path, 1, _INDENTED.sub(_blank, text))


def descriptions() -> Iterator[Text]:
    """Yield the descriptions of the action, the hooks and the JSON schemas."""
    for name in DESCRIPTIONS:
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            if (key := line.partition(":"))[0].strip() in ("description", "name"):
                yield Text(ROOT / name, number, key[2].strip())
    for pattern in SCHEMAS:
        for path in sorted(ROOT.glob(pattern)):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if match := re.search(r'"(?:description|title)": ("(?:[^"\\]|\\.)*")', line):
                    yield Text(path, number, json.loads(match[1]))


def texts_of(path: Path, *, code: bool) -> Iterator[Text]:
    """Yield what a module says: its texts, and its docstrings where they are shown, or all."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    docstrings = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            docstrings.add(id(first.value))
            if isinstance(first.value.value, str) and (code or _is_shown(node, path)):
                yield Text(path, first.lineno, first.value.value)
    yield from _shown(tree, path, docstrings)
    if code:
        yield from _of_names(tree, path, docstrings)
        yield from _comments(source, path)


def _of_names(tree: ast.Module, path: Path, docstrings: set[int]) -> Iterator[Text]:
    """Yield the docstrings below constants, types and fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            text = node.value.value
            if isinstance(text, str) and id(node.value) not in docstrings:
                yield Text(path, node.lineno, text)


def _is_shown(node: ast.Module | ast.ClassDef | ast.FunctionDef, path: Path) -> bool:
    """Return whether a docstring is the text of a rule's page, or the help of a command."""
    if isinstance(node, ast.Module):
        return "rules" in path.parts and not path.name.startswith("_")
    if isinstance(node, ast.ClassDef):
        return False
    names = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(re.search(r"\b(?:command|group)\b", name) for name in names)


def _shown(node: ast.AST, path: Path, docstrings: set[int]) -> Iterator[Text]:
    """Yield the texts below a node, without the policies of examples."""
    if id(node) in docstrings:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if " " in node.value and not node.value.lstrip().startswith("{"):
            yield Text(path, node.lineno, node.value)
    elif isinstance(node, ast.JoinedStr):
        yield Text(path, node.lineno, "".join(_part(value) for value in node.values))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    children = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _EXAMPLES:
        children = children[:2] + [c for c in children[3:] if isinstance(c, ast.keyword)]
        children = [c for c in children if not (isinstance(c, ast.keyword) and c.arg != "help")]
    for child in children:
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from _shown(child, path, docstrings)


def _part(value: ast.expr) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else "…"


def _comments(source: str, path: Path) -> Iterator[Text]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type is tokenize.COMMENT:
            yield Text(path, token.start[0], token.string.lstrip("# "))


def texts(*, code: bool = False) -> Iterator[Text]:
    """Yield all that people read."""
    yield from pages()
    yield from descriptions()
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from texts_of(path, code=code)


def main(arguments: list[str]) -> int:
    found = [word for text in texts(code="--code" in arguments) for word in find(text)]
    for word in found:
        print(word)
    print(f"words to avoid: {len(found)}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
