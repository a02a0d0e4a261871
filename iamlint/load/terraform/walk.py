"""Visits the blocks of a module and finds all policies in them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.document import Attachment, Certainty, NotAnalysed
from iamlint.load.link import Held
from iamlint.load.organization_types import not_judged
from iamlint.load.permissions import forms
from iamlint.load.terraform.aws import (
    attach,
    cloudformation_stacks,
    organization,
    permission_sets,
    promising,
    targets,
)
from iamlint.load.terraform.aws.found import FoundPolicy, in_readings, left, not_combined
from iamlint.load.terraform.aws.module_inputs import input_of, is_off, is_statement, policies
from iamlint.load.terraform.aws.openapi import unwrap
from iamlint.load.terraform.aws.permissions import gather
from iamlint.load.terraform.aws.policy_document import INCLUDING, TYPE
from iamlint.load.terraform.aws.table import not_iam, rows_of
from iamlint.load.terraform.language.block import Inside, around, attributes, reach
from iamlint.load.terraform.language.choices import Choices, explore
from iamlint.load.terraform.language.filenames import TERRAGRUNT
from iamlint.load.terraform.language.instances import every_instance
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Json,
    Object,
    String,
    hidden,
    json_alone,
    known,
)
from iamlint.load.terraform.language.override import place_of, places_of
from iamlint.load.unread import signs
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.terraform.aws.found import BlockPlace, Some
    from iamlint.load.terraform.aws.row import AttributeRow
    from iamlint.load.terraform.language.block import Path
    from iamlint.load.terraform.language.folder import ModuleFile
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Given, Node, Turn
    from iamlint.text.hcl.tree import Attribute, Block
    from iamlint.text.span import Pointer

    _Find: TypeAlias = "Callable[[Inside, Turn], Iterator[FoundPolicy]]"


def found_in(
    modules: Sequence[Module],
    left_out: dict[NotAnalysed, None],
    settled: AbstractSet[BlockPlace] = frozenset(),
) -> Iterator[FoundPolicy]:
    """Yield the policies of a module and those it calls, in each reading of their conditions.

    Policies with a kind by their place come first. Those in `settled` blocks are left out.
    """
    walks = [ModuleWalk(module, left_out, settled) for module in modules]
    parts = [(walk, part) for walk in walks for part in walk.module.folder.marked]
    # All are evaluated first: then it is known which of them are included in others.
    documents = [found for walk, part in parts for found in walk.documents(part)]
    for walk, part in parts:
        yield from walk.of_table(part)
    others = [found for walk, part in parts for found in walk.elsewhere(part)]
    yield from left((*others, *documents), modules[0].merged)


@dataclass(frozen=True, slots=True)
class ModuleWalk:
    """A walk through one module."""

    module: Module
    left_out: dict[NotAnalysed, None]
    settled: AbstractSet[BlockPlace]
    opened: list[FoundPolicy] = field(default_factory=list)

    def _explored(self, part: ModuleFile, block: Block, find: _Find) -> Iterator[FoundPolicy]:
        """Yield the policies in each instance of a block, in each reading of its conditions."""
        by_key: dict[int, tuple[list[Turn], dict[str, Turn]]] = {}
        for turn, _ in every_instance(block, self.module.evaluator(part)):

            def work_out(choices: Choices, key: str = turn.key, given: Given = turn.given) -> Some:
                evaluator = self.module.evaluator(part, choices)
                if not all(one.is_made(evaluator) for one in self.module.distinguished):
                    return None
                made = self.module.turns(block, evaluator)
                if id(made) not in by_key:
                    by_key[id(made)] = made, {one.key: one for one in reversed(made)}
                now = by_key[id(made)][1].get(key)
                if now is None:
                    return None
                before = len(self.opened)
                inside = Inside(block, evaluator.within(**now.names), given, now.step)
                found = list(find(inside, now))
                return found, len(self.opened) > before

            yield from self._in_readings(part, (block.type, *block.labels), explore(work_out))

    def _in_readings(
        self, part: ModuleFile, at: Pointer, groups: Sequence[Sequence[tuple[Choices, Some]]]
    ) -> Iterator[FoundPolicy]:
        for group in groups:
            yield from in_readings(at, group)
        self.left_out.update(dict.fromkeys(not_combined(part.path, at, groups)))

    def of_table(self, part: ModuleFile) -> Iterator[FoundPolicy]:
        for block in part.blocks:
            if _rows(block) and not self._is_settled(part, block):
                yield from self._noted(self._of_block(part, block))

    def _is_settled(self, part: ModuleFile, block: Block) -> bool:
        return (part.path, (block.type, *block.labels)) in self.settled

    def _of_block(self, part: ModuleFile, block: Block) -> Iterator[FoundPolicy]:
        for row in _rows(block):
            yield from self._explored(part, block, partial(self._of_row, part, row))

    def _noted(self, made: Iterator[FoundPolicy]) -> Iterator[FoundPolicy]:
        """Yield the policies of a block, with the files that they are evaluated from."""
        uses = self.module.work.uses
        files = uses.begin()
        self.module.note_calls()
        yield from (replace(found, uses=files) for found in made) if uses.are_noted else made
        uses.end()

    def elsewhere(self, part: ModuleFile) -> Iterator[FoundPolicy]:
        for block in part.blocks:
            yield from self._noted(self._elsewhere(part, block))
        for name, attribute in part.hcl.attributes.items():
            if promising.is_said(part.text, attribute.expression.span):
                yield from self._of_attribute(part, name, attribute)
            if part.path.lower().endswith(TERRAGRUNT):
                self._note_inputs(part, name, attribute)

    def _note_inputs(self, part: ModuleFile, name: str, attribute: Attribute) -> None:
        """Note statements in the inputs that Terragrunt gives to a module."""
        if self._has_statement(self.module.evaluator(part).value(attribute.expression)):
            reason = "how the module uses these statements is not known"
            self.left_out[NotAnalysed(part.path, (name,), reason)] = None

    def _of_attribute(
        self, part: ModuleFile, name: str, attribute: Attribute
    ) -> Iterator[FoundPolicy]:
        def work_out(choices: Choices) -> Some:
            node = self.module.evaluator(part, choices).value(attribute.expression)
            return list(self._inside_of(FoundPolicy(node, part.path, hint=(name,)))), False

        yield from self._in_readings(part, (name,), explore(work_out))

    def _of_row(
        self, part: ModuleFile, row: AttributeRow, inside: Inside, _: Turn
    ) -> Iterator[FoundPolicy]:
        block, kind = inside.block, _kind(row, inside)
        at = (block.type, *block.labels)
        if isinstance(kind, Hidden):
            reason = f"`{row.discriminator}` is not known: `{kind.text}`"
            self.left_out[NotAnalysed(part.path, (*at, row.discriminator or ""), reason)] = None
        if not isinstance(kind, Kind):
            self.left_out.update(dict.fromkeys(not_judged(kind, part.path, (*at, *row.path))))
            return
        if form := forms().get(row.shape):
            made = gather(inside, form)
            for about in self._attachments(around(inside), row):
                yield FoundPolicy(made, part.path, kind, None, Certainty.TABLE, about, row.shape)
            return
        for node in reach(inside, row.path):
            named = around(inside)
            is_open = attach.may_be_directory(named, row)
            for about in self._attachments(named, row):
                found = FoundPolicy(
                    node,
                    part.path,
                    kind,
                    attach.policy_name(named),
                    Certainty.TABLE,
                    about,
                    row.shape,
                    may_be=attach.DIRECTORY_BUCKET if is_open else None,
                )
                yield from self._shaped(found, (block.type, *block.labels, *row.path))

    def _attachments(self, inside: Inside, row: AttributeRow) -> list[Attachment]:
        found = attach.attachments(self.module, inside, row)
        if inside.block.labels[0] == permission_sets.INLINE:
            roles = tuple(Held(*one) for one in permission_sets.roles(self.module, inside))
            return [replace(one, holders=roles) for one in found]
        if inside.block.labels[0] not in (organization.TYPE, targets.CLOUD_CONTROL):
            return found
        held = targets.targets_of(self.module, inside)
        return [replace(one, targets=held) for one in found]

    def _shaped(self, found: FoundPolicy, at: Pointer) -> Iterator[FoundPolicy]:
        """Yield the policies in the value of an attribute, or in a document in it."""
        for carried in self._carried(found, at):
            if carried.shape == "document" or not isinstance(carried.node, Object):
                yield carried
            elif (policy := unwrap(carried.node, carried.shape)) is not None:
                inner = replace(carried, node=policy, shape="document")
                yield from self._carried(inner, at)

    def _carried(self, found: FoundPolicy, at: Pointer) -> Iterator[FoundPolicy]:
        """Yield the policies in the value of an attribute that holds policies."""
        node = found.node
        if isinstance(node, String):
            node = json_alone(node) or node
        if isinstance(node, Array):
            for item in node.items:
                yield from self._carried(replace(found, node=item), at)
        elif isinstance(node, Hidden):
            self.leave_out(found, at, node.reason or f"`{node.text}` is not known")
        elif isinstance(node, Json):
            yield from self._carried(replace(found, node=node.node), at)
        elif isinstance(node, String):
            yield from self._string(found, node, at)
        elif isinstance(node, Object):
            yield found

    def _string(self, found: FoundPolicy, node: String, at: Pointer) -> Iterator[FoundPolicy]:
        is_api = found.shape == "openapi"
        if not node.pieces or (is_api and not promising.speaks_of_a_policy(node)):
            return
        decoded = self.module.read(node, as_yaml=is_api)
        hidden = [piece.text for piece in node.pieces if isinstance(piece, Hidden)]
        directives = (text for text in hidden if text.startswith("%{"))
        unknown = next(iter((*directives, *hidden)), None)
        if decoded is not None and decoded.node is not None:
            flawed = None if promising.has_directives(node) else decoded
            yield replace(found, node=decoded.node, decoded=flawed)
        elif decoded is None and unknown is not None:
            self.leave_out(found, at, f"`{unknown}` is not known")
        elif decoded and not (is_api or decoded.is_open or promising.has_directives(node)):
            yield replace(found, decoded=decoded)
        else:
            what = "neither JSON nor YAML" if is_api else "not json"
            if decoded is not None and (decoded.is_open or promising.has_directives(node)):
                what += " as far as it is known" + (f": `{unknown}` is not" if unknown else "")
            self.leave_out(found, at, what)

    def leave_out(self, found: FoundPolicy, at: Pointer, reason: str) -> None:
        about = found.attachment
        item = NotAnalysed(found.user, at, reason, kind=found.kind, attachment=about)
        self.left_out[item] = None
        self.opened.append(found)

    def documents(self, part: ModuleFile) -> Iterator[FoundPolicy]:
        """Yield the policies of data sources, with any use."""
        for block in part.blocks:
            if (block.type, *block.labels[:1]) == ("data", TYPE) and (
                block.attributes.keys() & INCLUDING  # which says of others that they are not alone
                or not self._is_settled(part, block)
            ):
                found = self._explored(part, block, partial(self._of_data, part))
                yield from self._noted(found)

    def _of_data(self, part: ModuleFile, inside: Inside, turn: Turn) -> Iterator[FoundPolicy]:
        labels, about = inside.block.labels, attach.of_data(inside)
        node = self.module.document(labels[0], labels[-1], inside.evaluator, turn)
        if node is not None:
            yield FoundPolicy(node, part.path, None, None, Certainty.TABLE, about, hint=labels[1:])

    def _elsewhere(self, part: ModuleFile, block: Block) -> Iterator[FoundPolicy]:
        """Yield the policies by shape in attributes that are not in the table."""
        if (block.type, _type(block)) == ("data", TYPE):
            return
        is_plain_call = promising.only_calls(block) and not self.module.distinguished
        said = any(promising.is_said(*place) for place in places_of(block, part.text))
        if not said and (block.type != "module" or is_plain_call):
            return
        yield from self._explored(part, block, partial(self._of_others, part))

    def _of_others(self, part: ModuleFile, inside: Inside, _: Turn) -> Iterator[FoundPolicy]:
        block = inside.block
        known_paths = {row.path for row in _rows(block)}.union(not_iam(_type(block)))
        if block.type == "module":
            yield from self._of_inputs(part, inside)
        for path, holder, attribute in attributes(inside, ()):
            is_argument = block.type == "module" and "polic" in attribute.name.lower()
            if path in known_paths or self._is_template(inside, path):
                continue
            text, span = place_of(attribute.expression, part.text)
            if is_argument or promising.is_said(text, span):
                node = holder.evaluator.value(attribute.expression)
                hint = (*block.labels, *path)
                of_type = "" if block.type == "module" else _type(block)
                found = FoundPolicy(node, part.path, hint=hint, type=of_type)
                inner = list(self._inside_of(found))
                yield from inner
                if not inner and block.type == "resource" and promising.is_stray(text, span, node):
                    about = Attachment(address=f"{self.module.prefix()}{'.'.join(block.labels)}")
                    at = (block.type, *hint)
                    item = NotAnalysed(text.path, at, signs.TEXT, attachment=about)
                    self.left_out[item] = None

    def _of_inputs(self, part: ModuleFile, inside: Inside) -> Iterator[FoundPolicy]:
        """Yield the policies of statements that are given to a module of another repository."""
        source = known(inside.get("source")) or ""
        if source.startswith(("./", "../")):
            return
        for name in inside.block.attributes:
            node = inside.get(name)
            if node is None:
                continue
            at = ("module", *inside.block.labels, name)
            given = input_of(source, name)
            about = Attachment(
                resource_type=given.attached if given else None,
                address=".".join(("module", *inside.block.labels)),
            )
            if given is None and self._has_statement(node):
                reason = f"how the module `{source}` uses these statements is not known"
                self.left_out[NotAnalysed(part.path, at, reason, attachment=about)] = None
            elif given is not None and not is_off(inside, given):
                for policy in policies(node, given):
                    found = FoundPolicy(
                        policy, part.path, given.kind, None, Certainty.TABLE, about, given.shape
                    )
                    yield from self._carried(replace(found, joins=True), at)

    def _has_statement(self, node: Node) -> bool:
        """Return whether a value contains an object with actions and resources."""
        todo = [node]
        while todo and self.module.spend(1):
            node = todo.pop()
            if is_statement(node):
                return True
            if isinstance(node, Array):
                todo += node.items
            elif isinstance(node, Object):
                todo += [member.node for member in node.members.values()]
        return False

    def _is_template(self, inside: Inside, path: Path) -> bool:
        """Return whether the loader of CloudFormation reads a template."""
        if (cloudformation_stacks.ATTRIBUTES.get(_type(inside.block)),) != path:
            return False
        node = inside.get(path[0])
        return (
            node is not None
            and cloudformation_stacks.source_of(self.module, inside, node) is not None
        )

    def _inside_of(self, start: FoundPolicy) -> Iterator[FoundPolicy]:
        """Yield the policies in a value; a policy is not searched for others."""
        todo = [start]
        while todo and self.module.spend(1):
            found = todo.pop()
            node = found.node
            if isinstance(node, String):
                node = json_alone(node) or node
            if isinstance(node, Json):
                todo.append(replace(found, node=node.node))
            elif isinstance(node, Array):
                todo += [replace(found, node=item) for item in reversed(node.items)]
            elif isinstance(node, String):
                decoded = self.module.read(node) if promising.is_promising(node) else None
                if decoded is not None and decoded.node is not None:
                    todo.append(replace(found, node=decoded.node, decoded=decoded))
            elif isinstance(node, Object):
                if "Statement" in node.members:
                    yield found
                else:
                    todo += [
                        replace(found, node=member.node, hint=(*found.hint, name))
                        for name, member in reversed(list(node.members.items()))
                    ]


def _type(block: Block) -> str:
    return block.labels[0] if block.labels else ""


def _rows(block: Block) -> tuple[AttributeRow, ...]:
    if block.type not in ("resource", "data") or len(block.labels) < 2:  # noqa: PLR2004 - type, name
        return ()
    return rows_of(_type(block), data=block.type == "data")


def _kind(row: AttributeRow, inside: Inside) -> Kind | Hidden | str | None:
    """Return the kind of the policy of a row; its type, as text, if it is not an IAM policy."""
    if row.discriminator is None:
        return row.kind
    node = inside.get(row.discriminator)
    if node is None:
        return row.kinds.get(row.default)
    text = known(node)
    if text is None:
        return node if isinstance(node, Hidden) else hidden(node.spot)
    return row.kinds.get(text, text)
