"""Prints figures about the code: its tree, its imports, its sizes, and what it repeats.

    python scripts/figures.py [FOLDER]

FOLDER is a checkout of the project, by default this one, so that two commits can be compared.
Reads the source; imports nothing of it.
"""

from __future__ import annotations

import ast
import io
import statistics
import sys
import tokenize
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).parent.parent
PACKAGES: Final = ("iamlint", "pytest_iam")
Imports = dict[str, set[str]]
_MANY: Final = 6
_BRANCHES: Final = (
    *(ast.If, ast.For, ast.While, ast.IfExp, ast.comprehension, ast.ExceptHandler),
    *(ast.match_case, ast.Assert),
)


class Source:
    """One file of the project."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path.relative_to(root)
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        dotted = ".".join(self.path.with_suffix("").parts)
        self.module = dotted.removesuffix(".__init__")

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def functions(self) -> Iterator[ast.FunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef))

    def imports(self, *, lazy: bool, types: bool) -> Iterator[str]:
        """Yield what the file imports on top, and inside of functions or for types alone."""
        left: list[ast.AST] = [self.tree]
        while left:
            node = left.pop()
            if isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            is_skipped = isinstance(node, ast.FunctionDef) and not lazy
            if not is_skipped and (types or not _is_for_types(node)):
                left += ast.iter_child_nodes(node)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def sources(root: Path, folders: Iterable[str]) -> list[Source]:
    found = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
    return [Source(path, root) for path in found]


def graph(files: list[Source], *, lazy: bool, types: bool) -> Imports:
    """Return which module imports which."""
    modules = {file.module for file in files}
    found: Imports = {}
    for file in files:
        targets = file.imports(lazy=lazy, types=types)
        known = (t if t in modules else t.rpartition(".")[0] for t in targets)
        found[file.module] = {target for target in known if target in modules} - {file.module}
    return found


def circles(imports: Imports) -> list[set[str]]:
    """Return each largest set of modules in which every one reaches every other."""
    imports = _without_ends(imports)
    reached = {module: _reached(module, imports) for module in imports}
    found: list[set[str]] = []
    for module in imports:
        circle = {other for other in reached[module] if module in reached[other]}
        if circle and circle not in found:
            found.append(circle)
    return found


def _without_ends(imports: Imports) -> Imports:
    """Return the modules that may be in a circle: others import only ends, and ends of these."""
    left = dict(imports)
    while ends := [module for module, others in left.items() if others.isdisjoint(left)]:
        for module in ends:
            del left[module]
    return {module: others & left.keys() for module, others in left.items()}


def _reached(module: str, imports: Imports) -> set[str]:
    found: set[str] = set()
    left = [*imports[module]]
    while left:
        if (other := left.pop()) not in found:
            found.add(other)
            left += imports[other]
    return found


def arrows(imports: Imports, below: str) -> set[tuple[str, str]]:
    """Return which part of a package imports which; a part is a module or a package in it."""

    def part(module: str) -> str | None:
        return (
            module[len(below) + 1 :].split(".", maxsplit=1)[0]
            if module.startswith(f"{below}.")
            else None
        )

    pairs = {(part(one), part(other)) for one, others in imports.items() for other in others}
    return {(one, other) for one, other in pairs if one and other and one != other}


def complexity(function: ast.FunctionDef) -> int:
    """Return the number of ways through a function, as McCabe counts them."""
    nodes = list(ast.walk(function))
    branches = sum(isinstance(node, _BRANCHES) for node in nodes)
    return 1 + branches + sum(len(n.values) - 1 for n in nodes if isinstance(n, ast.BoolOp))


def shape(numbers: list[int]) -> str:
    ordered = sorted(numbers)
    p90 = ordered[int(len(ordered) * 0.9)]
    mean = statistics.mean(ordered)
    return (
        f"median {statistics.median(ordered):g}, mean {mean:.1f}, p90 {p90}, longest {max(ordered)}"
    )


def share_of_prose(files: list[Source]) -> str:
    """Return how many lines are comments and docstrings, in percent."""
    comments = docstrings = 0
    for file in files:
        tokens = tokenize.generate_tokens(io.StringIO(file.text).readline)
        comments += sum(token.type == tokenize.COMMENT for token in tokens)
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                text = ast.get_docstring(node, clean=False)
                docstrings += 0 if text is None else text.count("\n") + 1
    total = sum(file.lines for file in files)
    return f"{100 * comments / total:.1f} / {100 * docstrings / total:.1f}"


def sizes(files: list[Source], tests: list[Source]) -> Iterator[tuple[str, str]]:
    code = [file for file in files if "/rules/" not in file.path.as_posix()]
    functions = [one for file in files for one in file.functions()]
    lengths = [(one.end_lineno or 0) - one.lineno + 1 for one in functions]
    ways = sorted(map(complexity, functions))
    text = "\n".join(file.text for file in files)
    yield (
        "modules, lines, functions",
        (f"{len(files)}, {sum(file.lines for file in files):,}, {len(functions):,}"),
    )
    yield "lines of a module, without rules", shape([file.lines for file in code])
    lengths = [(one.end_lineno or 0) - one.lineno + 1 for one in functions]
    yield "lines of a function", shape(lengths)
    yield (
        "complexity",
        (
            f"mean {statistics.mean(ways):.1f}, over 10: {sum(n > 10 for n in ways)}, "  # noqa: PLR2004
            f"over 15: {sum(n > 15 for n in ways)}, highest {ways[-1]}"  # noqa: PLR2004
        ),
    )
    yield (
        "functions with more than 6 arguments",
        str(sum(len(one.args.args) + len(one.args.kwonlyargs) > _MANY for one in functions)),
    )
    yield "comments / docstrings, % of lines", share_of_prose(files)
    with_docstring = sum(ast.get_docstring(one) is not None for one in functions)
    yield "functions with a docstring", f"{100 * with_docstring / len(functions):.0f} %"
    ignores = ("type: ignore", "noqa", "except Exception")
    yield "type: ignore / noqa / except Exception", " / ".join(str(text.count(w)) for w in ignores)
    yield (
        "tests ÷ code, lines",
        (f"{sum(file.lines for file in tests) / sum(file.lines for file in files):.2f}"),
    )


def names(files: list[Source]) -> Iterator[tuple[str, str]]:
    classes = Counter(
        node.name
        for file in files
        for node in file.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    several = sorted(name for name, count in classes.items() if count > 1)
    yield "class names defined more than once", f"{len(several)} {', '.join(several)}".strip()
    functions = Counter(
        node.name for file in files for node in file.tree.body if isinstance(node, ast.FunctionDef)
    )
    common = ", ".join(f"{name} {count}" for name, count in functions.most_common(6))
    yield "function names defined most often", common


def flow(files: list[Source]) -> Iterator[tuple[str, str]]:
    for title, lazy, types in (
        ("at import time", False, False),
        ("with imports in functions", True, False),
        ("with imports for types", True, True),
    ):
        found = circles(graph(files, lazy=lazy, types=types))
        yield f"import circles {title}", f"{len(found)} {[sorted(c) for c in found] or ''}".strip()
    imports = graph(files, lazy=True, types=True)
    top = arrows(imports, "iamlint")
    parts = {part for pair in top for part in pair}
    yield "parts on the top level", str(len(parts))
    yield "arrows between them", str(len(top))
    for package in ("load", "load.terraform", "account", "evaluate", "evaluator", "linter"):
        name = f"iamlint.{package}"
        if any(module.startswith(f"{name}.") for module in imports):
            found_arrows = arrows(imports, name)
            both = [pair for pair in found_arrows if pair[::-1] in found_arrows]
            yield f"arrows inside of {package}", f"{len(found_arrows)}, both ways {len(both) // 2}"


def tree(files: list[Source]) -> Iterator[str]:
    """Yield the folders with the number of their modules, as a tree."""
    counts = Counter(file.path.parent for file in files)
    folders = sorted({folder for path in counts for folder in (path, *path.parents)} - {Path()})
    for folder in folders:
        yield f"{'  ' * (len(folder.parts) - 1)}{folder.name}/ {counts[folder]}"


def main(root: Path) -> None:
    files, tests = sources(root, PACKAGES), sources(root, ("tests",))
    for title, rows in (
        ("Sizes", sizes(files, tests)),
        ("Names", names(files)),
        ("Imports", flow(files)),
    ):
        print(f"## {title}\n")
        print("\n".join(f"| {what} | {figure} |" for what, figure in rows), end="\n\n")
    print("## Tree (modules in each folder)\n")
    print("\n".join(tree(files)))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)
