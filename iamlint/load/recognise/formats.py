"""The format of a file, recognised by its content; unknown formats are searched.

Each format has a module with `items`, imported when its first file turns up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.dumps import outputs
from iamlint.load.link import Link
from iamlint.load.recognise.detect import is_statement_list
from iamlint.load.recognise.marks import is_collected
from iamlint.text.source import without_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iamlint.load.document import Item
    from iamlint.load.find.files import File
    from iamlint.load.link import Node
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

    Search = Callable[[Pointer], Iterator[Item]]


def items(file: File, source: Source, search: Search) -> Iterator[Item]:
    """Yield the items of a file; `search` searches a value of unknown format."""
    for one in _links(file, source):
        yield replace(one, source=source) if isinstance(one, Link) else one
    if isinstance(source.value, list):
        if is_statement_list(source.value):
            yield from statements(file, source, (), source.value)
            return
        for index, part in enumerate(source.value):
            yield from _of_format(file, source, (index,), part, search) or search((index,))
    else:
        yield from _of_format(file, source, (), source.value, search) or search(())


def _links(file: File, source: Source) -> Iterator[Node | Link]:
    """Yield the users, groups and roles of dumps, and their links."""
    if is_collected(file.path):
        from iamlint.load.dumps import iam_collect  # noqa: PLC0415 - few files are

        yield from iam_collect.links(file, source.value)
    if isinstance(source.value, list):
        for index, part in enumerate(source.value):
            yield from outputs.links(file.path, (index,), part)
    else:
        yield from outputs.links(file.path, (), source.value)


def _of_format(
    file: File, source: Source, at: Pointer, value: Value, search: Search
) -> Iterator[Item] | None:
    value = without_tag(value)
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("Resources"), dict) or source.once(_has_types):
        from iamlint.load.cloudformation import documents, shape  # noqa: PLC0415 - only its own files pay

        if shape.is_template(value) or shape.is_fragment(value):
            return documents.items(file, source, at, value, is_native=source.once(_is_native))
    if value.get("version") == "tree-0.1" and "tree" in value:
        reason = "construct tree of CDK: its policies are in the template"
        return iter((NotAnalysed(file.path, at, reason, cause=Cause.ELSEWHERE),))
    if "format_version" in value or "lineage" in value:
        from iamlint.load.terraform.plan import plan  # noqa: PLC0415 - the same

        if plan.is_plan(value):
            return plan.items(file, source, at, value)
    if "service" in value and "provider" in value:
        from iamlint.load.serverless import documents as serverless  # noqa: PLC0415 - the same

        if serverless.is_service(value):
            return serverless.items(file, source, at, value, search)
    return None


def statements(file: File, source: Source, at: Pointer, value: list[Value]) -> Iterator[Item]:
    """Yield the policy of a list of statements without a policy around it."""
    from iamlint.load.serverless import documents as serverless  # noqa: PLC0415 - the same

    return serverless.statements(file, source, at, value, is_native=source.once(_is_native))


def _is_native(source: Source) -> bool:
    from iamlint.load.serverless.variables import uses_variables  # noqa: PLC0415 - the same

    return not uses_variables(source.text)


def _has_types(source: Source) -> bool:
    """Return whether a file contains resource types of CloudFormation."""
    return "AWS::" in source.text
