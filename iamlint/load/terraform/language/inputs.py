"""The values of a root module's variables: from files beside it, and from the user.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.errors import ReadError
from iamlint.fast_dataclass import dataclass, field
from iamlint.load.document import Cause, Default, NotAnalysed
from iamlint.load.given import Taker, TakerKind, read_values
from iamlint.load.terraform.language.constant import constant, move_to
from iamlint.load.terraform.language.conversion import Conversion
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Location,
    Object,
    Scalar,
    String,
    Text,
    plain,
)
from iamlint.load.terraform.language.work import spender
from iamlint.text.hcl.parse import read_expression
from iamlint.text.hcl.tree import Literal, Name
from iamlint.text.source import Dialect, Input, Place, Source
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from iamlint.load.given import Assigned, Given
    from iamlint.load.terraform.language.folder import Folder, ModuleFile
    from iamlint.load.terraform.language.node import Node
    from iamlint.text.hcl.tree import Block, Expression

_FIRST: Final = ("terraform.tfvars", "terraform.tfvars.json")
_ENDS: Final = (".auto.tfvars", ".auto.tfvars.json")
_LITERAL: Final = ("string", "number", "bool")


@dataclass(eq=False)
class Inputs:
    """The values of the variables of the root module in a folder.

    `reads` whether the files beside it count; `broken` are those that cannot be read. `defaults`
    are those of the variables that were evaluated and have no other value; they count only if the
    module `takes_defaults`. A null or empty default does not count.
    """

    folder: Folder
    given: Given
    reads: bool = True
    takes_defaults: bool = False
    broken: list[NotAnalysed] = field(default_factory=list)
    defaults: dict[str, Default] = field(default_factory=dict)
    _made: dict[str, tuple[Node, bool] | None] = field(default_factory=dict)
    _texts: dict[Source, Text] = field(default_factory=dict)

    def value(self, name: str, spot: Location, spend: Callable[[int], bool]) -> Node | None:
        """Return the value of a variable, with its place, or else the place of the reference."""
        if name not in self._made:
            self._made[name] = self._make(name, spend)
        made = self._made[name]
        if made is None:
            return None
        node, is_placed = made
        return node if is_placed else move_to(node, spot, spend)

    def takers(self) -> Iterator[Taker]:
        """Yield the variables of the module, each with the problem of its given value."""
        for part in self.folder.parts:
            for block in part.blocks:
                if block.type == "variable" and len(block.labels) == 1:
                    name = block.labels[0]
                    problem, help_ = self._problem(name, part, block)
                    secret = _is_literally(block, "sensitive", truth=True)
                    yield Taker(part.path, name, TakerKind.VARIABLE, problem, help_, secret)

    def with_defaults(self) -> Inputs:
        """Return the inputs in which each variable without a value has its default."""
        return Inputs(self.folder, self.given, self.reads, takes_defaults=True)

    def _problem(self, name: str, part: ModuleFile, block: Block) -> tuple[str, str]:
        given, type_ = self.given.variables.get(name), _type_of(block)
        if given is None or type_ is None:
            return "", ""
        if self._converted(given, part, block, spender()) is not None:
            return "", ""
        wanted = part.text.source.text[type_.span.start : type_.span.end]
        line = part.text.source.lines.position(block.span.start).line
        return (
            f"{given.where}: the value of `{name}` is not a `{' '.join(wanted.split())}`",
            f'{part.path}:{line} declares the variable; a list is written as `["…"]`',
        )

    def _make(self, name: str, spend: Callable[[int], bool]) -> tuple[Node, bool] | None:
        assigned = self.given.variables.get(name) or self._beside.get(name)
        found = self.folder.find("variable", name)
        if found is None:
            return None
        if assigned is None:
            return self._default(name, *found, spend)
        node = self._converted(assigned, *found, spend)
        if isinstance(node, Scalar) and node.value is None:
            # https://developer.hashicorp.com/terraform/language/block/variable#nullable
            node = None if _is_literally(found[1], "nullable", truth=False) else node
        return None if node is None else (node, bool(assigned.path))

    def _default(
        self, name: str, part: ModuleFile, block: Block, spend: Callable[[int], bool]
    ) -> tuple[Node, bool] | None:
        written = block.attributes.get("default")
        default = constant(written.expression, part.text) if written else None
        node = default and _said(_fitting(default, part, block, spend))
        if written is None or node is None:
            return None
        self.defaults[name] = Default(Input(f"var.{name}"), part.path, written.expression.span)
        return (node, True) if self.takes_defaults else None

    def _converted(
        self, assigned: Assigned, part: ModuleFile, block: Block, spend: Callable[[int], bool]
    ) -> Node | None:
        """Return a value in the type of its variable; None if it does not fit."""
        node = self._node(assigned, _type_of(block))
        return None if isinstance(node, Hidden) else _fitting(node, part, block, spend)

    def _node(self, assigned: Assigned, type_: Expression | None) -> Node | None:
        """Return the node of a value; text is an expression only if the type is not string.

        https://developer.hashicorp.com/terraform/language/values/variables#complex-typed-values
        """
        written, source = assigned.written, assigned.source
        if not isinstance(written, str):
            return constant(written, self._text(source or _source(""), assigned.path))
        text = Text(assigned.where, _source(written))
        if type_ is None or (isinstance(type_, Name) and type_.name in _LITERAL):
            return plain(written, Location(text, Span(0, len(written))))
        expression = read_expression(written, lambda at: at)
        return None if expression is None else constant(expression, text)

    def _text(self, source: Source, path: str) -> Text:
        return self._texts.setdefault(source, Text(path, source))

    @cached_property
    def _beside(self) -> Mapping[str, Assigned]:
        """The values in the files beside the module; the last one of each name counts."""
        found: dict[str, Assigned] = {}
        for name in _files_in(self.folder) if self.reads else ():
            text = self.folder.text(name)
            if isinstance(text, str):
                path = f"{self.folder.name}/{name}" if self.folder.name else name
                self._leave_out(path, text, found)
                continue
            try:
                found.update(read_values(text.source.text, text.path).variables)
            except ReadError as error:
                reason = error.message.removeprefix(f"{text.path}:")
                self._leave_out(text.path, f"line {reason}", found)
        return found

    def _leave_out(self, path: str, reason: str, found: dict[str, Assigned]) -> None:
        """Note an unreadable file, and remove values before it: the file may replace them."""
        found.clear()
        left_out = NotAnalysed(path, (), reason, unreadable=True, cause=Cause.VALUES)
        self.broken.append(left_out)


def _files_in(folder: Folder) -> list[str]:
    """Return the files of values that Terraform reads automatically, in its order."""
    try:
        names = [child.name for child in folder.tree.children(folder.place)]
    except OSError:
        return []
    return [
        *(name for name in _FIRST if name in names),
        *(name for name in names if name.endswith(_ENDS)),
    ]


def _fitting(
    node: Node | None, part: ModuleFile, variable: Block, spend: Callable[[int], bool]
) -> Node | None:
    """Return a value in the type of its variable; None if it does not fit."""
    type_ = _type_of(variable)
    if node is None or type_ is None:
        return node
    conversion = Conversion(lambda default: constant(default, part.text), spend)
    made = conversion.convert(node, type_)
    return None if conversion.unfit else made


def _said(default: Node | None) -> Node | None:
    """Return the value of a default, None if it does not count."""
    match default:
        case Hidden() | Scalar(None) | Array([]):
            return None
        case Object(members) if not any(_said(member.node) for member in members.values()):
            return None
        case String() if not (default.known or "").strip():
            return None
    return default


def _type_of(variable: Block) -> Expression | None:
    attribute = variable.attributes.get("type")
    return attribute.expression if attribute else None


def _is_literally(variable: Block, name: str, *, truth: bool) -> bool:
    attribute = variable.attributes.get(name)
    expression = attribute.expression if attribute else None
    return isinstance(expression, Literal) and expression.value is truth


def _source(text: str) -> Source:
    whole = Place(Span(0, len(text)))
    return Source(text=text, value=None, dialect=Dialect.HCL, places=lambda: {(): whole})
