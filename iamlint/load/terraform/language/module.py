"""A module, as one call makes it or by itself: the values of its names."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.terraform.language.block import Inside
from iamlint.load.terraform.language.choices import Choices
from iamlint.load.terraform.language.conversion import convert
from iamlint.load.terraform.language.evaluate import Evaluator
from iamlint.load.terraform.language.folder import Folder, folder_at
from iamlint.load.terraform.language.inner import handed_on
from iamlint.load.terraform.language.instances import (
    MAX_COUNT,
    every_instance,
    instances,
    instances_of,
)
from iamlint.load.terraform.language.memory import Keeps
from iamlint.load.terraform.language.node import (
    Hidden,
    Location,
    Node,
    Scalar,
    Turn,
    Whereabouts,
    known,
)
from iamlint.load.terraform.language.outline import Outlines
from iamlint.load.terraform.language.reads import Reads
from iamlint.load.terraform.language.unknown import name_unknown
from iamlint.load.terraform.language.work import COST_OF_A_POLICY
from iamlint.text.hcl.tree import Access, Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iamlint.load.terraform.language.folder import ModuleFile
    from iamlint.load.terraform.language.inputs import Inputs
    from iamlint.load.terraform.language.node import Evaluate, Given, Instances, Outline, Text
    from iamlint.load.terraform.language.provider import ProviderAccounts
    from iamlint.load.terraform.language.work import Work
    from iamlint.text.hcl.tree import Block, Expression

    _Make = Callable[[], Node | None]

_ANY: Final = Turn()
_MAX_CALLS: Final = 20  # calls within calls that are followed


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """A call of a module: the caller, the block and its file, and the instance of the call."""

    caller: Module
    part: ModuleFile
    block: Block
    turn: Turn

    @property
    def is_one(self) -> bool:
        """Whether the module is one instance of the call, and not all of them."""
        return bool(self.turn.key) or not self.block.attributes.keys() & {"count", "for_each"}


@dataclass(eq=False)
class Module(Reads, Keeps):
    """A module; each value is evaluated at most once in a reading. `call` is its call.

    A root module has `inputs`.
    """

    folder: Folder
    work: Work
    call: ModuleCall | None = None
    inputs: Inputs | None = None
    providers: dict[tuple[str, str], Whereabouts] = field(default_factory=dict)
    _called: dict[str, Sequence[Module] | str] = field(default_factory=dict)

    @cached_property
    def _outlines(self) -> Outlines:
        return Outlines(self)

    def outline(self, kind: str, name: str, /) -> Outline | None:
        """Return the members of a local or a variable that is an object in the text."""
        return self._outlines.get(kind, name)

    def prefix(self, text: Text | None = None, /) -> str:
        """Return the prefix of addresses: of its resources, or of those of the caller in `text`."""
        own = next((m for m in self.above if text is None or m.folder.has(text)), self)
        return own._prefix  # noqa: SLF001 - of its own kind

    @cached_property
    def _prefix(self) -> str:
        if (call := self.call) is None:
            return ""
        return f"{call.caller._prefix}module.{call.block.labels[0]}{call.turn.step}."  # noqa: SLF001

    @cached_property
    def scope(self) -> str | None:
        """The scope of its names; None if it means several instances."""
        if any(m.call and not m.call.is_one for m in self.above):
            return None
        return f"{self.root.folder.known_as}#{self.prefix()}"

    def is_within(self, text: Text, /) -> bool:
        """Return whether a file is of this module or of one of its callers."""
        return any(module.folder.has(text) for module in self.above)

    @property
    def given(self) -> Given:
        """The conditions of its call."""
        return frozenset().union(*(m.call.turn.given for m in self.above if m.call))

    @property
    def place(self) -> str:
        """The folder of its root module, as identities have it."""
        return self.root.folder.known_as

    @property
    def home(self) -> Folder:
        return self.root.folder

    def evaluator(
        self, part: ModuleFile, choices: Choices | None = None, *, depth: int = 0
    ) -> Evaluator:
        self.work.uses.note(part.path)
        return Evaluator(self, part.text, choices or Choices(), depth=depth)

    def inside(self, part: ModuleFile, of: Evaluate) -> Evaluator:
        """Return the evaluator of another file of the module in the same reading."""
        return self.evaluator(part, of.choices, depth=of.depth)

    def local(self, name: str, of: Evaluate, /) -> Node | None:
        def work_out() -> Node | None:
            found = self.folder.local(name)
            return self.inside(found[0], of).value(found[1]) if found else None

        return self._once("local", name, of.choices, work_out)

    def variable(self, name: str, of: Evaluate, spot: Location, /) -> Node | None:
        """Return the value of a variable from the call, or from the user in a root module."""
        call = self.call
        if call is None:
            node = self.inputs.value(name, spot, self.spend) if self.inputs else None
            if node is not None:
                self.work.uses.note(node.spot.text.path)
            return node
        found = self.folder.find("variable", name)
        inside = self.inside(found[0], of) if found else None
        self.work.uses.note(call.part.path)

        def work_out() -> Node | None:
            return convert(self._given(call, name, of), found and found[1], inside, self.spend)

        return self._once("variable", name, of.choices, work_out)

    def _given(self, call: ModuleCall, name: str, of: Evaluate) -> Node | None:
        given = call.block.attributes.get(name)
        found = self.folder.find("variable", name)
        if given is not None:
            node = self.outside(call, of).value(given.expression)
            is_null = isinstance(node, Scalar) and node.value is None
            if not is_null or found is None or "nullable" not in found[1].attributes:
                return node
        if found is None or "default" not in found[1].attributes:
            return None
        part, block = found
        inside = self.inside(part, of)
        return inside.value(block.attributes["default"].expression)

    def outside(self, call: ModuleCall, of: Evaluate) -> Evaluator:
        """Return the evaluator of the arguments of the call."""
        outside = call.caller.inside(call.part, of)
        return outside.within(**(self._turn(call, of) or call.turn).names)

    def meaning(self, reference: Access, of: Evaluate, /) -> tuple[Evaluator, Expression] | None:
        """Return the expression of a local or a variable, and its evaluator."""
        match reference:
            case Access(Name("local" as kind), (str(name),)) if kind not in of.names:
                if (found := self.folder.local(name)) and of.depth < _MAX_CALLS:
                    part, expression = found
                    return self.evaluator(part, of.choices, depth=of.depth + 1), expression
            case Access(Name("var" as kind), (str(name),)) if kind not in of.names and self.call:
                given = self.call.block.attributes.get(name)
                if given is not None and of.depth < _MAX_CALLS:
                    caller, part = self.call.caller, self.call.part
                    outside = caller.evaluator(part, of.choices, depth=of.depth + 1)
                    return outside.within(
                        **(self._turn(self.call, of) or self.call.turn).names
                    ), given.expression
        return None

    def _turn(self, call: ModuleCall, of: Evaluate) -> Turn | None:
        """Return the instance of a call in this reading; None if it does not exist."""
        if call.is_one and not call.turn.key:
            return call.turn
        made = call.caller.turns(call.block, call.caller.inside(call.part, of))
        return next((turn for turn in made if turn.key in ("", call.turn.key)), None)

    def is_made(self, of: Evaluate, key: str | None = None) -> bool:
        """Return whether the module exists in this reading, and is the instance of a key."""
        if self.call is None or (key is not None and self.call.turn.key not in ("", key)):
            return self.call is None
        return not self.call.turn.key or self._turn(self.call, of) is not None

    def outputs(
        self, call: str, name: str, of: Evaluate, spot: Location, /, key: str | None = None
    ) -> list[Node | None]:
        """Return the values of an output of a called module, of all instances or that of a key.

        An instance that means all of them is that of every key.
        """
        modules = self.called(call)
        if isinstance(modules, str):
            text = f"${{module.{call}.{name}}}"
            return [Hidden(text, spot, modules) if modules else None]
        return [
            module._output(name, of)  # noqa: SLF001 - of its own kind
            for module in modules
            if module.call and module.is_made(of, key)
        ]

    def _output(self, name: str, of: Evaluate) -> Node | None:
        found = self.folder.find("output", name)
        if found is None or "value" not in found[1].attributes:
            return None

        def work_out() -> Node | None:
            part, block = found
            inside = self.inside(part, of)
            return inside.value(block.attributes["value"].expression)

        return self._once("output", name, of.choices, work_out)

    def called(self, name: str) -> Sequence[Module] | str:
        """Return the modules of a call, or the reason why none is known; empty if not reported."""
        if name not in self._called:
            self.work.uses.begin()
            self._called[name] = self._follow(name)
            self.work.uses.end((self, name))
        self.work.uses.add((self, name))
        return self._called[name]

    def note_calls(self) -> None:
        """Note the files that decide the number of instances of the module."""
        for module in self.above if self.work.uses.are_noted else ():
            if (call := module.call) and call.block.attributes.keys() & {"count", "for_each"}:
                self.work.uses.add((call.caller, call.block.labels[0]))

    def _follow(self, name: str) -> Sequence[Module] | str:
        found = self.folder.find("module", name)
        given = found[1].attributes.get("source") if found else None
        if found is None or given is None:
            return ""
        part, block = found
        evaluator = self.evaluator(part)
        source = known(evaluator.value(given.expression)) or ""
        if not source.startswith(("./", "../")):
            return ""
        endless = f"the calls of `{source}` never end"
        if self.work.is_spent:
            return endless
        place = self.folder.beside(source)
        if place not in self.work.folders:
            self.work.folders[place] = folder_at(place, self.folder)
        folder = self.work.folders[place]
        if folder is None:
            return f"`{source}` is not a module in the repository"
        above = [module.folder.place for module in self.above]
        if place in above or len(above) > _MAX_CALLS:
            return endless
        turns = [turn for turn, _ in every_instance(block, evaluator)]
        if not turns:
            self.work.enter(folder)  # it is called, though without instances
        if len(turns) > MAX_COUNT:
            turns = [Turn()]
        if not all(self.work.enter(folder, block, by_root=self.call is None) for _ in turns):
            return endless
        return [Module(folder, self.work, ModuleCall(self, part, block, turn)) for turn in turns]

    @cached_property
    def above(self) -> Sequence[Module]:
        """This module and its callers, direct or not."""
        return (self, *self.call.caller.above) if self.call else (self,)

    @cached_property
    def distinguished(self) -> Sequence[Module]:
        """Those of them that are one instance of a call and do not exist in all readings."""
        return [module for module in self.above if module.call and module.call.turn.key]

    @property
    def root(self) -> Module:
        """The root module that calls this one, directly or not."""
        return self.above[-1]

    def tree(self) -> Iterator[Module]:
        """Yield this module and all that it calls, directly or not."""
        todo = [self]
        while todo:
            module = todo.pop()
            yield module
            below = [module.called(name) for name in module.folder.calls]
            todo += reversed([m for made in below if not isinstance(made, str) for m in made])

    def takes(self, spot: Location) -> bool:
        """Return whether the steps of the group suffice for one more policy at a place."""
        return self.folder.has(spot.text) or self.work.share(COST_OF_A_POLICY, spot)

    def documents(self, type_: str, name: str, of: Evaluate, /) -> Instances | None:
        """Return the instances of a data source; None if there is no such source."""
        found = self.folder.find("data", type_, name)
        return found and [
            (turn, self.document(type_, name, of, turn))
            for turn in self.turns(found[1], self.inside(found[0], of))
        ]

    def document(self, type_: str, name: str, of: Evaluate, turn: Turn = _ANY, /) -> Node | None:
        """Return the JSON of a data source, of one instance or of an unknown one."""

        def work_out() -> Node | None:
            found = self.folder.find("data", type_, name)
            inside = found and self.inside(found[0], of).within(**turn.names)
            if not found or not inside:
                return None
            return self.work.provider.document(Inside(found[1], inside))

        return self._once("document", f"{type_}.{name}{turn.step}", of.choices, work_out)

    def turns(self, block: Block, of: Evaluate, /) -> list[Turn]:
        """Return the instances of a block; they are unknown if it refers to itself."""
        return self.memories.turns.get(block, of.choices, lambda: instances(block, of))

    def _once(self, what: str, name: str, choices: Choices, work_out: _Make) -> Node | None:
        """Return a value, evaluated once; unknown if it refers to itself."""
        return self.memories.values.get(
            (what, name), choices, lambda: name_unknown(work_out(), what, name, self.scope)
        )

    def attributes(self, steps: Sequence[str], of: Evaluate, spot: Location, /) -> Instances:
        """Return an attribute of the instances of a resource; unknown if AWS decides it."""
        words = steps[:-1] if steps[0] == "data" else ("resource", *steps[:-1])
        found = self.folder.find(*words)
        turns = self.turns(found[1], self.inside(found[0], of)) if found else [Turn()]
        return [(turn, self.attribute(steps, of, spot, turn)) for turn in turns]

    def attribute(
        self, steps: Sequence[str], of: Evaluate, spot: Location, turn: Turn = _ANY, /
    ) -> Node | None:
        """Return an attribute of one instance, or of an unknown one."""
        one = Evaluator(of.around, of.text, of.choices, turn.names, of.depth)
        name = ".".join(steps) + turn.step
        return self._once(
            "attribute",
            name,
            of.choices,
            lambda: self.work.provider.attribute(self.folder, steps, one, spot),
        )

    @cached_property
    def accounts(self) -> ProviderAccounts:
        return self.work.provider.accounts(self)

    def provider(self, block: Block, /) -> Whereabouts:
        return self.work.provider.whereabouts(self, block)

    def whole(self, words: Sequence[str], of: Evaluate, spot: Location, /) -> Node | None:
        """Return a resource or a data source as a value: all its instances."""
        found = self.folder.find(*(words if words[0] == "data" else ("resource", *words)))
        if found is None:
            return None
        made = []
        for turn in self.turns(found[1], self.inside(found[0], of)):

            def work_out(name: str, choices: Choices, turn: Turn = turn) -> Node | None:
                now = Evaluator(of.around, of.text, choices, of.names, of.depth)
                return self.attribute((*words, name), now, spot, turn)

            made.append((turn, handed_on(work_out, of, spot)))
        return instances_of(found[1], made, spot)

    def whole_module(self, call: str, of: Evaluate, spot: Location, /) -> Node | None:
        """Return a module as a value: its outputs, by instance."""
        found, modules = self.folder.find("module", call), self.called(call)
        if found is None or isinstance(modules, str):
            return None
        made = []
        for module in modules:

            def work_out(name: str, choices: Choices, module: Module = module) -> Node | None:
                now = Evaluator(of.around, of.text, choices, of.names, of.depth)
                return module._output(name, now)

            if module.call and module.is_made(of):
                made.append((module.call.turn, handed_on(work_out, of, spot)))
        return instances_of(found[1], made, spot)
