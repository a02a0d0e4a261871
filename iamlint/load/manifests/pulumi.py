"""Programs of Pulumi in YAML, and the states of stacks: their resources and references.

https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/
https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.link import join_names
from iamlint.load.manifests.described import ANY, Described, as_list
from iamlint.policy.arn import account_of
from iamlint.text.placeholder import placeholder_end
from iamlint.text.source import Partial, Pseudo, Tagged, Unknown

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

    from iamlint.load.link import Name
    from iamlint.load.manifests.described import ManifestText
    from iamlint.text.source import Value
    from iamlint.text.span import Pointer

TYPE: Final = late_pattern(r"aws(-native)?:([a-z0-9-]+)(?:/[A-Za-z0-9]+)?:([A-Za-z0-9]+)")

_REFERENCE: Final = late_pattern(r"\$\{\s*([\w-]+)((?:\.[\w-]+|\[[^\]]*\])*)\s*\}")
_STEP: Final = late_pattern(r"[\w-]+")
_PROVIDER: Final = "pulumi:providers:aws"
# Properties that may give a provider another account than that of the program.
_OF_ACCOUNT: Final = frozenset(
    {
        *("accessKey", "allowedAccountIds", "assumeRole", "assumeRoles"),
        *("assumeRoleWithWebIdentity", "profile"),
    }
)
# The values in an export for one that is unknown yet, and for the mark of a secret.
_NOT_KNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_MARK: Final = "4dabf18193072939515e22adb298388d"
_DEPTH: Final = 16


class Program:
    """A program, with the resources and variables that its references name."""

    def __init__(self, file: ManifestText, at: Pointer, value: Mapping[str, Value]) -> None:
        self.file = file
        self.at = at
        resources, variables = value.get("resources"), value.get("variables")
        config = value.get("config")
        self.resources = resources if isinstance(resources, dict) else {}
        self.variables = variables if isinstance(variables, dict) else {}
        self.names_itself = isinstance(config, dict) and "pulumi:autonaming" in config
        self.labels: dict[str, str] = {}
        self._depth = 0

    def resource(self, logical: str) -> Programmed | None:
        """Return an AWS resource by its logical name."""
        value = self.resources.get(logical)
        found = TYPE.fullmatch(type_) if isinstance(type_ := _member(value, "type"), str) else None
        return (
            Programmed(self, logical, value, found) if found and isinstance(value, dict) else None
        )

    def all(self) -> Iterator[Programmed]:
        """Yield the AWS resources in the order of the text."""
        yield from filter(None, map(self.resource, self.resources))

    def pieces(self, text: str) -> Iterator[str | Unknown]:
        """Yield the parts of a string; known `${…}` are replaced, `$${` is a plain `${`."""
        done = 0
        while (start := text.find("${", done)) >= 0:
            if start and text[start - 1] == "$":
                yield text[done : start - 1] + "${"
                done = start + 2
                continue
            end = placeholder_end(text, start)
            if end is None:
                break
            if start > done:
                yield text[done:start]
            name = self.named_by(text[start:end])
            yield from name.parts if isinstance(name, Partial) else (name,)
            done = end
        if done < len(text):
            yield text[done:]

    def text(self, value: Value) -> Name:
        """Return the text of a value."""
        if self._depth > _DEPTH:
            return ANY
        self._depth += 1
        found = self._text(value)
        self._depth -= 1
        return found

    def _text(self, value: Value) -> Name:
        if isinstance(value, dict) and _is_call(value):
            return self._called(*next(iter(value.items())))
        match value:
            case str():
                return join_names(*self.pieces(value))
            case Unknown() | Partial():
                return value
            case Tagged(_, inner):
                return self.text(inner)
            case bool() | None | dict() | list():
                return ANY
        return str(value)

    def _called(self, function: str, argument: Value) -> Name:
        match function.lower(), argument:
            case "fn::secret", _:
                return self.text(argument)
            case "fn::join", [str(between), list(items)]:
                every = [part for item in items for part in (between, self.text(item))]
                return join_names(*every[1:])
            case "fn::select", [int(index), list(items)] if 0 <= index < len(items):
                return self.text(items[index])
        return ANY

    def list_of(self, value: Value) -> list[Value]:
        """Return the items of a list, which may be a variable."""
        if isinstance(value, str) and (found := _REFERENCE.fullmatch(value)) and not found[2]:
            variable = self.variables.get(found[1])
            value = variable if isinstance(variable, list) else value
        return as_list(value)

    def named_by(self, reference: str) -> Name:
        """Return the value of `${…}`."""
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            return Unknown(reference)
        steps = _STEP.findall(found[2])
        unknown = Unknown(
            reference, identity=f"{self.file.known_as}#{'.'.join((found[1], *steps))}"
        )
        if (resource := self.resource(found[1])) is not None:
            is_inside = len(steps) > 1  # an attribute: its parts are not resolved
            attribute = None if is_inside else resource.attribute(steps[0] if steps else "id")
            return unknown if attribute is None else attribute
        if found[1] in self.variables and not steps:
            name = self.text(self.variables[found[1]])
            return unknown if isinstance(name, Unknown) and name.identity is None else name
        return unknown


class Programmed(Described):
    """A resource of a program."""

    def __init__(
        self, program: Program, logical: str, value: Mapping[str, Value], type_: re.Match[str]
    ) -> None:
        self.program = program
        self.file, self.scope = program.file, program.file.known_as
        self.labels = program.labels
        self.at = (*program.at, "resources", logical)
        self.is_native = type_[1] is not None
        self.service, self.thing = type_[2], type_[3]
        self.label = logical
        properties, looked_up = value.get("properties"), value.get("get")
        self.values = properties if isinstance(properties, dict) else {}
        self.looked_up = _member(looked_up, "id")
        self.is_described = self.looked_up is None
        given = value.get("name")
        self.logical = given if isinstance(given, str) else logical
        self.options = value.get("options")

    def name(self) -> Name:
        """Return its name; Pulumi appends random characters to it.

        https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
        """
        if self.looked_up is not None:
            return self.text(self.looked_up)
        found = next((n for p in self._naming() if (n := self.values.get(p)) is not None), None)
        if found is not None:
            name = self.text(found)
            return self._as_one(name)
        shape = self.shape
        identity = self.identity("name")
        self.labels[identity] = self.label
        end = Unknown(f"${{{self.label}}}", identity=identity)
        if shape is None or shape.name is None or self.program.names_itself:
            return end
        prefix = self.values.get("namePrefix") or self.values.get(f"{shape.name}Prefix")
        return join_names(f"{self.logical}-" if prefix is None else self.text(prefix), end)

    def _as_one(self, name: Name) -> Name:
        """Return a name without parts that equal only themselves."""
        if isinstance(name, Unknown) and name.identity is None:
            self.labels[self.identity("name")] = self.label
            return Unknown(name.text, identity=self.identity("name"))
        return name

    def _naming(self) -> tuple[str, ...]:
        from iamlint.load.manifests import spellings  # noqa: PLC0415 - only manifests need the tables

        shape, thing = self.shape, self.thing[0].lower() + self.thing[1:]
        of_shape = (spellings.spelt(shape.name),) if shape and shape.name else ()
        return (*of_shape, "name", f"{thing}Name")

    def id_of_policy(self) -> Name | None:
        return self.attribute("id") or self.name()

    def attribute(self, name: str) -> Name | None:
        """Return the value of an attribute; None if only AWS knows it."""
        shape = self.shape
        if name == "id" and shape:
            name = shape.id
        if name == "arn" or (name.endswith("Arn") and name not in self.values):
            return self.arn()
        if name in ("url", "queueUrl"):
            return self.url()
        if name == "name" or name in self._naming() or (shape and name in map(_spelt, shape.same)):
            return self.name()
        if name not in self.values:
            return None
        found = self.text(self.values[name])
        return None if isinstance(found, Unknown) and found.identity is None else found

    def text(self, value: Value) -> Name:
        return self.program.text(value)

    def names(self, property_: str) -> Iterator[Name]:
        for item in self.program.list_of(self.values.get(property_)):
            if not isinstance(item, dict) or _is_call(item):
                yield self.text(item)

    def identity(self, attribute: str) -> str:
        return f"{self.file.known_as}#{self.label}.{attribute}"

    def of_file(self, word: str) -> str | None:
        """Return an identity of what all resources of the program share."""
        return None if word == "region" else f"{self.file.known_as}#{word}"

    def account(self) -> Name | None:
        """Return the account of its own provider; None if it is that of the program."""
        given = _member(self.options, "provider")
        found = _REFERENCE.fullmatch(given) if isinstance(given, str) else None
        provider = self.program.resources.get(found[1]) if found else None
        properties = _member(provider, "properties")
        if _member(provider, "type") != _PROVIDER or not isinstance(properties, dict):
            return None
        if not _OF_ACCOUNT & properties.keys() or found is None:
            return None
        match properties.get("allowedAccountIds"):
            case [str(only)]:
                return self.text(only)
        text = f"${{account of {found[1]}}}"
        return Unknown(text, Pseudo.OTHER_ACCOUNT, f"{self.file.known_as}#{found[1]} account")


class Deployed(Described):
    """A resource in the state of a stack, whose values are final."""

    def __init__(
        self,
        file: ManifestText,
        at: Pointer,
        value: Mapping[str, Value],
        type_: re.Match[str],
    ) -> None:
        self.file, self.at, self.labels = file, at, {}
        self.is_native = type_[1] is not None
        self.service, self.thing = type_[2], type_[3]
        self.urn = str(value.get("urn"))
        self.label = self.urn.rpartition("::")[2]
        inputs, outputs = value.get("inputs"), value.get("outputs")
        self.values = {
            **(inputs if isinstance(inputs, dict) else {}),
            **(outputs if isinstance(outputs, dict) else {}),
        }
        self.id = value.get("id")
        self.is_described = value.get("external") is not True

    def name(self) -> Name:
        thing = self.thing[0].lower() + self.thing[1:]
        for property_ in ("name", f"{thing}Name", thing):
            if isinstance(self.values.get(property_), str):
                return self.text(self.values[property_])
        return self.text(self.id) if self.id else Unknown("…", identity=self.identity("name"))

    def given_arn(self) -> Name | None:
        found = self.values.get("arn") or self.values.get("policyArn")
        return found if isinstance(found, str) and found.startswith("arn:") else None

    def id_of_policy(self) -> Name | None:
        return self.text(self.id) if self.id else None

    def account(self) -> Name | None:
        arn = self.given_arn()
        return account_of(arn) if isinstance(arn, str) else None

    def text(self, value: Value) -> Name:
        if isinstance(value, str) and value != _NOT_KNOWN:
            return value
        return str(value) if type(value) in (int, float) else ANY

    def names(self, property_: str) -> Iterator[Name]:
        for item in as_list(self.values.get(property_)):
            if not isinstance(item, dict) or _MARK in item:
                yield self.text(item)

    def identity(self, attribute: str) -> str | None:
        return f"{self.file.known_as}#{self.urn}.{attribute}"


def _spelt(name: str) -> str:
    from iamlint.load.manifests import spellings  # noqa: PLC0415 - the same

    return spellings.spelt(name)


def _is_call(value: Mapping[str, Value]) -> bool:
    return len(value) == 1 and next(iter(value)).lower().startswith("fn::")


def _member(value: Value, name: str) -> Value:
    return value.get(name) if isinstance(value, dict) else None
