"""Targets that read: texts, repositories with policies, and scenarios, which are decided."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from iamlint.errors import IamlintError
from iamlint.load import Document, LoadOptions, load
from iamlint.simulate.file import read_scenarios
from iamlint.simulate.scenario import simulate
from iamlint.text.comments import comments
from iamlint.text.hcl.parse import read_hcl
from iamlint.text.read import read_bytes
from iamlint.text.source import key_of
from tests.fuzz import seeds
from tests.fuzz.target import OFTEN, Target, Wrong, equal, is_one_in
from tests.load.carriers import data, dumps, modules, services, templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.text.hcl.tree import Block
    from iamlint.text.source import Source
    from tests.load.carriers.carrier import Carrier

NOWHERE: Final = Path("/nowhere")


def read_texts(files: Mapping[str, bytes]) -> None:
    """Read each file twice: alike, and with every node inside of the text."""
    for name, body in files.items():
        one = read_bytes(body, name=name)
        if is_one_in(OFTEN, body):
            other = read_bytes(body, name=name)
            equal("reading twice differs", _told(one), _told(other))
        for pointer, place in one.places.items():
            for span in filter(None, (place.value, place.key)):
                if not 0 <= span.start <= span.end <= len(one.text):
                    raise Wrong("node outside of its text", f"{pointer}: {span}")
            characters = one.characters(pointer) if pointer and is_one_in(OFTEN, body) else None
            if characters is not None and list(characters) != sorted(characters):
                raise Wrong("characters out of order", str(pointer))
        for span in comments(one.text, name):
            if not 0 <= span.start < span.end <= len(one.text):
                raise Wrong("comment outside of its text", str(span))


def _told(source: Source) -> tuple[object, ...]:
    return source.text, source.dialect, source.flaws, key_of(source.value), dict(source.places)


def read_code(files: Mapping[str, bytes]) -> None:
    for body in files.values():
        text = body.decode("utf-8", "replace")
        one = read_hcl(text)
        words = _words(one.blocks)
        if is_one_in(OFTEN, body):
            other = read_hcl(text)
            equal("reading twice differs", words, _words(other.blocks))
            equal("reading twice differs", one.broken, other.broken)
            equal("reading twice differs", one.attributes, other.attributes)
        for span in comments(text, "main.tf"):
            if not 0 <= span.start < span.end <= len(text):
                raise Wrong("comment outside of its text", str(span))


def _words(blocks: Iterable[Block]) -> list[object]:
    """Return what blocks say, and where."""
    return [
        (b.type, b.labels, b.span, b.key, repr(dict(b.attributes)), _words(b.blocks))
        for b in blocks
    ]


def find_policies(files: Mapping[str, bytes]) -> None:
    """Load a repository twice: alike, without a broken loader, each policy with its place."""
    contents = {f"{NOWHERE}/{name}": body for name, body in files.items()}
    options = LoadOptions(root=NOWHERE, here=NOWHERE, contents=contents)
    one = load(["."], options)
    for broken in one.broken:
        raise Wrong(f"loader broke: {broken.error}")
    if is_one_in(OFTEN, *files.values()):
        other = load(["."], options)
        told = [[*map(_policy, loaded.documents)] for loaded in (one, other)]
        equal("loading twice differs", *told)
        equal("what is left out differs", one.not_analysed, other.not_analysed)
    for document in one.documents:
        for statement in document.policy.statements:
            _, source = document.file_of(statement.at)
            span = document.span(statement.at)
            if not 0 <= span.start <= span.end <= len(source.text):
                raise Wrong("statement outside of its text", str(span))


def _policy(document: Document) -> tuple[object, ...]:
    value = key_of(document.value) if document.source.readable else None
    return (
        *(document.path, document.pointer, document.kind, document.name, document.certainty),
        *(document.attachment, document.readings, document.problems, value),
    )


def decide(files: Mapping[str, bytes]) -> None:
    """Decide scenarios: each has a decision or says why not, and the same one each time."""
    for body in files.values():
        with suppress(IamlintError):
            for scenario in read_scenarios(io.BytesIO(body)):
                if scenario.faults:
                    continue
                value = cast("Mapping[str, object]", scenario.value)
                one = simulate(value)
                if is_one_in(OFTEN, body):
                    equal("deciding twice differs", one, simulate(value))
                json.dumps(one)
                if (one["decision"] is None) != bool(one["errors"]):
                    raise Wrong("neither decision nor error", str(one))


def _loads(word: str, carriers: tuple[Carrier, ...], *folders: str) -> Target:
    def found() -> Iterator[bytes]:
        yield from seeds.carried(carriers)
        yield from seeds.folders(*folders)
        yield from seeds.calls() if word == "modules" else ()

    return Target(f"load-{word}", find_policies, found)


_PLAIN: Final = "tests/load/inputs", "sample_policies"
_OF_TEMPLATES: Final = "tests/load/cloudformation/inputs", "tests/load/manifests/inputs"
TARGETS: Final = {
    target.name: target
    for target in (
        Target("read", read_texts, seeds.texts, 2_000),
        Target("read-code", read_code, partial(seeds.folders, "tests/load/terraform")),
        _loads("data", data.CARRIERS, *_PLAIN),
        _loads("templates", templates.CARRIERS, *_OF_TEMPLATES),
        _loads("modules", modules.CARRIERS, "tests/load/terraform/inputs"),
        _loads("dumps", dumps.CARRIERS, "tests/load/dumps/inputs"),
        _loads("services", services.CARRIERS, "tests/load/manifests/inputs"),
        Target("decide", decide, seeds.scenarios),
    )
}
