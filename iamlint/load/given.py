"""Values that the user gives to Terraform variables and template parameters.

https://developer.hashicorp.com/terraform/language/values/variables
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.errors import ReadError, UsageError, os_reason
from iamlint.fast_dataclass import dataclass, field
from iamlint.late_pattern import late_pattern
from iamlint.load.find.tree import FileTree, is_inside
from iamlint.policy.spelling import did_you_mean
from iamlint.text.json import read_json
from iamlint.text.source import NO_VALUE, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iamlint.text.hcl.tree import Expression
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

MAX_FILE: Final = 5_000_000
"""Bytes of a file of values that are read."""

_NAME: Final = late_pattern(r"[A-Za-z_][\w-]*")


class TakerKind(StrEnum):
    """The kinds of names that take a value from the user."""

    VARIABLE = "variable of a root module"
    PARAMETER = "parameter of a template"


@dataclass(frozen=True, slots=True)
class Var:
    """A value that the user gives to a name, as text or as plain data, and its place."""

    name: str
    value: object
    where: str
    takers: tuple[TakerKind, ...] = tuple(TakerKind)


@dataclass(frozen=True, slots=True)
class VarFile:
    """A file of values that the user names, in the repository of the folder `within` if given."""

    path: str
    where: str
    within: str | None = None


Vars: TypeAlias = tuple[Var | VarFile, ...]
"""The values that the user gives, in order: the last value of a name counts."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The value of a variable: text as on a command line, or an expression of `source`.

    `path` is the file of values that contains it, empty if it is not from a file.
    """

    written: str | Expression
    where: str
    source: Source | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """The value of a parameter of a template; several are joined by commas."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Given:
    """The values of variables and parameters from the user, and those given by name."""

    variables: Mapping[str, Assigned] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    named: tuple[Var, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.variables or self.parameters)


NOTHING: Final = Given()


@dataclass(frozen=True, slots=True)
class Taker:
    """A variable of a root module or a parameter of a template: the user may give its value.

    `problem` is why it does not take the given value, `help` the advice. The value of a `secret` is
    never shown.
    """

    path: str
    name: str
    kind: TakerKind
    problem: str = ""
    help: str = ""
    secret: bool = False


def given_by(several: Vars, tree: FileTree) -> Given:
    """Return the values that the user gives; raise for a file that cannot be read."""
    variables: dict[str, Assigned] = {}
    parameters: dict[str, Parameter] = {}
    for item in several:
        if isinstance(item, VarFile):
            read = _read(item, tree)
            variables.update(read.variables)
            parameters.update(read.parameters)
            continue
        if TakerKind.VARIABLE in item.takers:
            variables[item.name] = _assigned(item)
        if TakerKind.PARAMETER in item.takers:
            parameters[item.name] = Parameter(parameter_text(item.value), item.where)
    return Given(variables, parameters, tuple(i for i in several if isinstance(i, Var)))


def refuse_unknown(several: Iterable[Var | VarFile], takers: Iterable[Taker]) -> None:
    """Raise for a value without a variable or parameter: it would have no effect."""
    known: dict[TakerKind, set[str]] = {kind: set() for kind in TakerKind}
    for taker in takers:
        known[taker.kind].add(taker.name)
    for var in several:
        if isinstance(var, VarFile):
            continue
        names = {name for kind in var.takers for name in known[kind]}
        if var.name not in names:
            things = " and no ".join(var.takers)
            listed = f"names: {', '.join(sorted(names)[:20])}"
            help_ = listed if names else "nothing that was read takes a value"
            raise UsageError(
                f"{var.where}: no {things} is named `{var.name}`",
                help=did_you_mean(var.name, names) or help_,
            )


def refuse_unfit(takers: Iterable[Taker]) -> None:
    """Raise for a value that its variable or parameter does not take."""
    for taker in takers:
        if taker.problem:
            raise UsageError(taker.problem, help=taker.help or None)


def vars_of(
    options: Iterable[tuple[str, str]], named: Mapping[str, object] | None = None, where: str = ""
) -> Vars:
    """Return the values of options such as `--var` and `--var-file`, then those given by name."""
    said = (
        VarFile(text, option) if option.endswith("-file") else var_of(text, option)
        for option, text in options
    )
    return (*said, *(Var(name, _plain(name, v, where), where) for name, v in (named or {}).items()))


def _plain(name: str, value: object, where: str) -> object:
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, list | tuple):
        return [_plain(name, item, where) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(name, item, where) for key, item in value.items()}
    raise UsageError(f"{where}: `{name}` is not plain data", help="give text, a number, a list …")


def var_of(text: str, option: str = "--var") -> Var:
    """Return the value of `--var NAME=VALUE`."""
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals:
        raise UsageError(f"`{option} {text}` has no value", help=f"write `{option} {text}=VALUE`")
    if not _NAME.fullmatch(name):
        help_ = f"write `{option} NAME=VALUE`"
        raise UsageError(f"`{option} {text}`: `{name}` is not a name", help=help_)
    return Var(name, value, option)


def parameter_text(value: object) -> str:
    """Return a value as the text of a CloudFormation parameter."""
    if isinstance(value, list | tuple):
        return ",".join(map(parameter_text, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _assigned(var: Var) -> Assigned:
    if isinstance(var.value, str):
        return Assigned(var.value, var.where)
    import json  # noqa: PLC0415 - few give such values

    from iamlint.load.terraform.language.json_syntax import literal  # noqa: PLC0415 - slow to import

    source = read_json(json.dumps(var.value))
    return Assigned(literal(source, (), source.value), var.where, source)


def _read(file: VarFile, tree: FileTree) -> Given:
    tree = tree.of_user if file.within is None else tree
    place, shown = tree.place(file.path), tree.shown(file.path)
    if file.within is not None and not is_inside(place, tree.repository(tree.place(file.within))):
        raise UsageError(
            f"{file.where}: `{shown}` is outside of the repository",
            help="name a file of the repository, or use `--var-file`",
        )
    try:
        data = tree.read(place, MAX_FILE + 1)
        if len(data) > MAX_FILE:
            raise ReadError(f"{file.where}: `{shown}` is larger than {MAX_FILE:,} bytes")
        return read_values(data.decode("utf-8-sig"), shown)
    except OSError as error:
        raise ReadError(f"{file.where}: `{shown}` cannot be read: {os_reason(error)}") from error
    except UnicodeDecodeError as error:
        raise ReadError(f"{file.where}: `{shown}` is not UTF-8 text") from error


def read_values(text: str, path: str) -> Given:
    """Return the values in a file of variables or parameters; raise if it cannot be read."""
    if path.lower().endswith(".json"):
        return _read_json(text, path)

    from iamlint.text.hcl import parse  # noqa: PLC0415 - slow to import

    source, attributes = parse.read_values(text)
    _refuse_flaws(source, path, "write `name = value`, one on a line")
    return Given(
        {
            name: Assigned(
                attribute.expression,
                f"{path}:{source.lines.position(attribute.key.start).line}",
                source,
                path,
            )
            for name, attribute in attributes.items()
        }
    )


def _read_json(text: str, path: str) -> Given:
    """Return the values of the JSON form: an object of variables, or parameters of CloudFormation.

    https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
    """
    from iamlint.load.terraform.language.json_syntax import literal  # noqa: PLC0415 - slow to import

    source = read_json(text)
    _refuse_flaws(source, path, "write a JSON object, or a list of parameters")
    value = source.value
    if isinstance(value, list):
        found = [_parameter(item, _line(source, path, (i,))) for i, item in enumerate(value)]
        return Given(parameters=dict(entry for entry in found if entry is not None))
    if not isinstance(value, dict):
        raise ReadError(f"{path}:1: contains no values", help="write a JSON object")
    inner = value.get("Parameters")
    if isinstance(inner, dict):
        return Given(
            parameters={
                name: Parameter(parameter_text(item), _line(source, path, ("Parameters", name)))
                for name, item in inner.items()
            }
        )
    return Given(
        {
            name: Assigned(
                literal(source, (name,), item), _line(source, path, (name,)), source, path
            )
            for name, item in value.items()
        }
    )


def _line(source: Source, path: str, at: Pointer) -> str:
    return f"{path}:{source.lines.position(source.locate(at, key=True).start).line}"


def _parameter(item: Value, where: str) -> tuple[str, Parameter] | None:
    """Return an entry of a list of parameters; None if it keeps the value of the stack."""
    if not isinstance(item, dict) or not isinstance(name := item.get("ParameterKey"), str):
        help_ = 'write {"ParameterKey": "…", "ParameterValue": "…"}'
        raise ReadError(f"{where}: not a parameter", help=help_)
    if "ParameterValue" not in item:
        return None
    return name, Parameter(parameter_text(item["ParameterValue"]), where)


def _refuse_flaws(source: Source, path: str, help_: str) -> None:
    flaw = next((flaw for flaw in source.flaws if flaw.fault in NO_VALUE), None)
    if flaw is not None:
        line = source.lines.position(flaw.span.start).line
        raise ReadError(f"{path}:{line}: cannot be read: {flaw.message}", help=help_)
