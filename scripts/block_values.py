"""Check the files of a page by what they are for: schemas of CI systems, our configuration."""

from __future__ import annotations

import json
import re
import shlex
import tempfile
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for

from iamlint.config import read
from iamlint.testing.declarative import read_tests
from scripts.block_commands import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).parent.parent
_OWN_ACTION = re.compile(r"iamlint/iamlint@v\d")
_OWN_HOOKS: Final = "https://github.com/iamlint/iamlint"
_RUNS: Final = ("run", "script", "before_script")


@cache
def _validator(name: str) -> Any:
    """Return what checks a file of a CI system; the schemas are in check-jsonschema."""
    place = files("check_jsonschema.builtin_schemas") / "vendor" / f"{name}.json"
    schema = json.loads(place.read_text(encoding="utf-8"))
    return validator_for(schema)(schema)


def check_file(path: Path, language: str) -> None:
    """Raise if a file is not what its name or its language says."""
    text = path.read_text(encoding="utf-8")
    check = next((check for pattern, check in _BY_NAME if path.match(pattern)), None)
    if check:
        check(path, text)
    elif language == "json":
        check_json(text)
    elif language == "yaml":
        list(yaml.compose_all(text, yaml.SafeLoader))
    elif language == "python":
        compile(text, str(path), "exec")
    elif language == "toml":
        tomllib.loads(text)


def check_json(text: str) -> None:
    json.loads(text)


def check_configuration(text: str) -> None:
    """Raise `UsageError` if a text is not a configuration."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "iamlint.toml").touch()  # so that it can be extended
        path = Path(folder) / "nested" / "iamlint.toml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        read(path)


def check_steps(text: str) -> None:
    """Raise if a text does not hold the steps of a job."""
    job = {"runs-on": "ubuntu-latest", "steps": yaml.safe_load(text)}
    _check_workflow(Path(), yaml.safe_dump({"on": "push", "jobs": {"job": job}}))


def _check_workflow(_: Path, text: str) -> None:
    value = _fits("github-workflows", text)
    for step in _tables(value):
        uses = str(step.get("uses", ""))
        if uses.startswith("iamlint") and not _OWN_ACTION.match(uses):
            raise ValueError(f"there is no action `{uses}`")
        if _OWN_ACTION.match(uses):
            action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
            if unknown := step.get("with", {}).keys() - action["inputs"]:
                raise ValueError(f"the action has no input {sorted(unknown)}")


def _check_gitlab(_: Path, text: str) -> None:
    _fits("gitlab-ci", text)


def _fits(name: str, text: str) -> object:
    """Return the value of a text, if it has the form of the schema, and its calls are correct."""
    # `on` is a word here, and not a truth value.
    value = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - texts alone
    plain = {"on" if key is True else key: item for key, item in yaml.safe_load(text).items()}
    if error := best_match(_validator(name).iter_errors(plain)):
        raise ValueError(f"{error.json_path}: {error.message}")
    for words in _calls(value):
        parse(words)
    return value


def _calls(value: object) -> Iterator[list[str]]:
    """Yield the calls of iamlint in what a job runs."""
    for table in _tables(value):
        for key in _RUNS:
            lines = table.get(key, [])
            for line in lines.splitlines() if isinstance(lines, str) else lines:
                if line.startswith("iamlint "):
                    yield shlex.split(line, comments=True)


def _tables(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _tables(item)


def _check_hooks(_: Path, text: str) -> None:
    """Raise if hooks of ours are named that do not exist, or get words that they do not take."""
    own = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    entries = {hook["id"]: shlex.split(hook["entry"]) for hook in own}
    for repository in yaml.safe_load(text)["repos"]:
        if repository["repo"] != _OWN_HOOKS:
            raise ValueError(f"`{repository['repo']}` has hooks that are not ours")
        if not re.fullmatch(r"v\d+\.\d+\.\d+", repository["rev"]):
            raise ValueError(f"`{repository['rev']}` is not a version")
        for hook in repository["hooks"]:
            parse([*entries[hook["id"]], *hook.get("args", ())])


_BY_NAME: Final[tuple[tuple[str, Callable[[Path, str], None]], ...]] = (
    (".github/workflows/*.yml", _check_workflow),
    (".gitlab-ci.yml", _check_gitlab),
    (".pre-commit-config.yaml", _check_hooks),
    ("iamlint.toml", lambda path, _: _read_configuration(path)),
    ("pyproject.toml", lambda path, _: _read_configuration(path)),
    ("*.iamtest.toml", lambda path, _: _read_tests(path)),
)


def _read_configuration(path: Path) -> None:
    read(path)


def _read_tests(path: Path) -> None:
    read_tests(path, path.name)
