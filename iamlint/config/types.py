"""The types of keys: how a value is read, its JSON schema, and what counts of two files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from iamlint.account.build.declared import (
    DeclaredOrganization,
    DeclaredPrincipal,
    DeclaredResource,
)
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.given import TakerKind, Var, VarFile
from iamlint.paths import real
from iamlint.policy.arn import is_account_id
from iamlint.policy.grammar import Kind
from iamlint.rule import ForbiddenAccess, ReferencePolicy, RequireCondition, Through
from iamlint.rule.finding import Ignore, Profile, Range, Severity
from iamlint.text.masked import mask_own

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

    from iamlint.config.table import TomlTable

Schema: TypeAlias = dict[str, object]
Reader: TypeAlias = "Callable[[TomlTable, str], object]"
"""Returns the value of a key, None where it is not given."""

RULE: Final[Schema] = {"$ref": "#/definitions/rule"}
SELECTOR: Final[Schema] = {"$ref": "#/definitions/selector"}
_TWELVE: Final = "an account id has 12 digits"


def replace_inherited(_: object, given: object) -> object:
    """Return what a file gives in place of what it inherits."""
    return given


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type of values; `merge` returns what counts of an inherited and a given value."""

    read: Reader
    schema: Schema
    merge: Callable[[object, object], object] = replace_inherited

    def about(self, description: str) -> ValueType:
        """Return the same type for a key with a description."""
        return replace(self, schema={**self.schema, "description": description})


@dataclass(frozen=True, slots=True)
class TableKeys:
    """The keys of a table: those that are `needed`, and those that are `wanted` in the schema."""

    types: Mapping[str, ValueType]
    needed: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()

    def read(self, table: TomlTable) -> dict[str, object]:
        """Return what a table gives, by the names of fields."""
        found: dict[str, object] = {}
        for name, type_ in self.types.items():
            value = type_.read(table, name)
            if value is not None:
                found[name.replace("-", "_")] = value
            elif name in self.needed:
                raise table.wrong(name, f"`{table.name}` needs `{name}`")
        table.finish()
        return found

    @property
    def schema(self) -> Schema:
        required = [*self.needed, *self.wanted]
        shape = object_of({name: type_.schema for name, type_ in self.types.items()})
        return {**shape, "required": required} if required else shape


def object_of(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map_of(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _enum(choices: type[StrEnum]) -> Schema:
    return {"enum": [choice.value for choice in choices]}


def _one_of(choices: type[StrEnum]) -> ValueType:
    return ValueType(lambda table, key: table.one_of(key, choices), _enum(choices))


def _each_one_of(choices: type[StrEnum], **more: Schema) -> ValueType:
    schema = {**_map_of(_enum(choices)), **more}
    return ValueType(lambda table, key: table.mapped(key, choices), schema, update_inherited)


def update_inherited(inherited: object, given: object) -> object:
    """Return all members of both; of the same name the given one counts."""
    return {**cast("Mapping[str, object]", inherited), **cast("Mapping[str, object]", given)}


def add_to_inherited(inherited: object, given: object) -> object:
    """Return what a file inherits, then what it gives."""
    return (*cast("tuple[object, ...]", inherited), *cast("tuple[object, ...]", given))


def _account(table: TomlTable, key: str) -> str | None:
    value = table.string(key)
    if value is not None and not is_account_id(value):
        raise table.wrong(key, f"`{value}` is not an account id", help=_TWELVE)
    return value


def _accounts(table: TomlTable, key: str) -> tuple[str, ...] | None:
    values = table.strings(key)
    for value in values or ():
        if not is_account_id(value):
            raise table.wrong(key, f"`{value}` is not an account id", help=_TWELVE)
    return values


def _options(table: TomlTable, key: str) -> dict[str, Mapping[str, object]]:
    return {name: inner.members for name, inner in table.tables(key)}


TEXT: Final = ValueType(lambda table, key: table.string(key), {"type": "string"})
NAME: Final = replace(TEXT, read=lambda table, key: table.string(key) or None)
TEXTS: Final = ValueType(lambda table, key: table.strings(key), _list_of(TEXT.schema))
TEXT_MAP: Final = ValueType(lambda table, key: table.texts(key), _map_of(TEXT.schema))
LEVELS: Final = ValueType(lambda table, key: table.levels(key), _list_of(TEXTS.schema))
SWITCH: Final = ValueType(lambda table, key: table.boolean(key), {"type": "boolean"})
INTEGER: Final = ValueType(lambda table, key: table.integer(key), {"type": "integer"})
DATE: Final = ValueType(lambda table, key: table.day(key), {"type": "string", "format": "date"})
ACCOUNT: Final = ValueType(_account, {"type": "string", "pattern": "^[0-9]{12}$"})

_DEMAND: Final = TableKeys(
    {
        "actions": TEXTS.about("names or patterns of the actions"),
        "keys": TEXTS.about("condition keys that each grant of them must have"),
        "reason": TEXT.about("why, as the finding says it"),
    },
    needed=("reason",),
)
_NEVER: Final = TableKeys(
    {
        "actions": TEXTS.about("names or patterns of actions"),
        "resources": TEXTS.about("ARNs or patterns; all if it is left out"),
        "principals": TEXTS.about(
            "names, ARNs, accounts, patterns, `outsiders`, `anonymous`; all if it is left out"
        ),
        "except": TEXTS.about("principals that may send these requests"),
        "unless": TEXT_MAP.about("keys and their values: requests that have all of them may be"),
        "reason": TEXT.about("why, as the finding says it"),
        "together": SWITCH.about("no principal may hold all of the actions"),
        "through": _one_of(Through).about("nor through roles and users that they can become"),
    },
    needed=("actions", "reason"),
)
_REFERENCE: Final = TableKeys(
    {
        "policy": TEXT.about("the file of the policy, from the folder of this file"),
        "kind": _one_of(Kind).about("the kind of the policies; identity if it is left out"),
        "files": TEXTS.about("the files that it limits, as in `.gitignore`"),
    },
    needed=("policy", "files"),
)
_IGNORE: Final = TableKeys(
    {
        "rule": replace(TEXT, schema=RULE).about("the rule of the finding"),
        "file": TEXT.about("a pattern as in `.gitignore`, from the folder of this file"),
        "reason": TEXT.about("why it is ignored; without a reason it is not"),
        "sid": TEXT.about("the `Sid` of the statement; all statements if it is left out"),
        "statement": replace(INTEGER, schema={"type": "integer", "minimum": 0}).about(
            "the index of the statement, from 0"
        ),
        "expires": DATE.about("the last day on which it is ignored"),
    },
    needed=("rule", "file"),
    wanted=("reason",),
)
_PRINCIPAL: Final = TableKeys(
    {
        "policies": TEXTS.about("files of identity policies, or ARNs of managed policies"),
        "trust": TEXT.about("the file of the trust policy of a role"),
        "boundary": TEXT.about("the file or the ARN of the permissions boundary"),
        "tags": TEXT_MAP.about("its tags, for conditions"),
        "groups": TEXTS.about("the groups of a user"),
        "path": TEXT.about("the path of its name, such as `/teams/`"),
        "max-session-duration": INTEGER.about("how long a session of the role lasts, in seconds"),
    }
)
_RESOURCE: Final = TableKeys({"policy": TEXT.about("the file of the resource's policy")})
_OF_ACCOUNT: Final = TableKeys(
    {
        "scp": LEVELS.about("files of SCPs: a list for each level, from the root to the account"),
        "rcp": LEVELS.about("files of RCPs in the same form"),
    }
)


def _demands(table: TomlTable, key: str) -> tuple[RequireCondition, ...]:
    make: Callable[..., RequireCondition] = partial(RequireCondition, actions=(), keys=())
    return tuple(make(**_DEMAND.read(inner)) for inner in table.each(key))


def _never(table: TomlTable, key: str) -> tuple[ForbiddenAccess, ...]:
    return tuple(_forbidden(inner) for inner in table.each(key))


def _forbidden(table: TomlTable) -> ForbiddenAccess:
    given = _NEVER.read(table)
    unless = cast("Mapping[str, str]", given.pop("unless", {}))
    besides = given.pop("except", ())
    for name in ("actions", "resources", "principals"):
        if given.get(name) == ():
            raise table.wrong(name, f"`{name}` is an empty list")
    if given.get("together") and given.get("through"):
        raise table.wrong("through", "`through` and `together` cannot be used together")
    make: Callable[..., ForbiddenAccess] = ForbiddenAccess
    return make(**given, besides=besides, unless=tuple(unless.items()))


def _references(table: TomlTable, key: str) -> tuple[ReferencePolicy, ...]:
    make: Callable[..., ReferencePolicy] = ReferencePolicy
    read = map(_REFERENCE.read, table.each(key))
    return tuple(make(**{"kind": Kind.IDENTITY, **given}) for given in read)


def _ignores(table: TomlTable, key: str) -> tuple[Ignore, ...]:
    return tuple(map(_ignore, table.each(key)))


def _ignore(table: TomlTable) -> Ignore:
    lines, line = table.toml.lines, table.line("rule")
    root = real(table.folder).as_posix()
    given = {"reason": "", **_IGNORE.read(table)}
    given["reason"] = mask_own(str(given["reason"]))
    make: Callable[..., Ignore] = partial(
        Ignore, path=table.file, range=Range(lines.start(line), lines.end(line)), root=root
    )
    return make(**{**given, "file": f"{root.rstrip('/')}/{given['file']}"})


def _principals(table: TomlTable, key: str) -> dict[str, DeclaredPrincipal]:
    make: Callable[..., DeclaredPrincipal] = DeclaredPrincipal
    return {name: make(name, **_PRINCIPAL.read(inner)) for name, inner in table.tables(key)}


def _resources(table: TomlTable, key: str) -> dict[str, DeclaredResource]:
    make: Callable[..., DeclaredResource] = DeclaredResource
    return {arn: make(arn, **_RESOURCE.read(inner)) for arn, inner in table.tables(key)}


def _levels_of(table: TomlTable, key: str) -> dict[str, DeclaredOrganization]:
    make: Callable[..., DeclaredOrganization] = DeclaredOrganization
    found: dict[str, DeclaredOrganization] = {}
    outer = table.table(key)
    for account, of_one in table.tables(key):
        if not is_account_id(account):
            raise outer.wrong(account, f"`{account}` is not an account id of 12 digits")
        found[account] = make(**_OF_ACCOUNT.read(of_one))
    return found


_ORGANIZATION: Final = TableKeys(
    {
        **_OF_ACCOUNT.types,
        "accounts": ValueType(_levels_of, _map_of(_OF_ACCOUNT.schema)).about(
            "the levels of other accounts, by account id"
        ),
    }
)


def _organization(table: TomlTable, key: str) -> DeclaredOrganization:
    make: Callable[..., DeclaredOrganization] = DeclaredOrganization
    return make(**_ORGANIZATION.read(table.table(key)))


def _merged(inherited: object, given: object) -> object:
    """Return the levels that a file gives, in place of those that it inherits."""
    below = cast("DeclaredOrganization", inherited)
    own = cast("DeclaredOrganization", given)
    return DeclaredOrganization(
        scp=below.scp if own.scp is None else own.scp,
        rcp=below.rcp if own.rcp is None else own.rcp,
        accounts={**below.accounts, **own.accounts},
    )


def _values(taker: TakerKind) -> ValueType:
    def read(table: TomlTable, key: str) -> tuple[Var, ...]:
        inner = table.table(key)
        return tuple(
            Var(name, inner.plain(name), f"{table.file}:{inner.line(name)}", (taker,))
            for name in inner.members
        )

    return ValueType(read, {"type": "object"})


def _var_files(table: TomlTable, key: str) -> tuple[VarFile, ...]:
    folder, where = table.folder, f"{table.file}:{table.line(key)}"
    return tuple(
        VarFile(str(folder / name), where, str(folder)) for name in table.strings(key) or ()
    )


_TERRAFORM: Final = TableKeys(
    {
        "vars": _values(TakerKind.VARIABLE).about("values of variables of root modules"),
        "var-files": ValueType(_var_files, TEXTS.schema).about(
            "files of values, relative to this file; they override `vars`"
        ),
    }
)
_CLOUDFORMATION: Final = TableKeys(
    {"parameters": _values(TakerKind.PARAMETER).about("values of parameters")}
)


def _in_order(members: TableKeys) -> ValueType:
    """Return the type of a table of values; later ones count."""

    def read(table: TomlTable, key: str) -> tuple[object, ...]:
        found = members.read(table.table(key)).values()
        return tuple(one for values in found for one in cast("tuple[object, ...]", values))

    return ValueType(read, members.schema, add_to_inherited)


TYPES: Final[Mapping[str, ValueType]] = {
    "bool": SWITCH,
    "str": NAME,
    "str | None": NAME,
    "tuple[str, ...]": TEXTS,
    "Selectors": replace(TEXTS, schema=_list_of(SELECTOR)),
    "AccountId | None": ACCOUNT,
    "AccountIds": ValueType(_accounts, _list_of(ACCOUNT.schema)),
    "Profile": _one_of(Profile),
    "Severity": _one_of(Severity),
    "Mapping[str, Kind]": _each_one_of(Kind),
    "Mapping[str, Severity]": _each_one_of(Severity, propertyNames=RULE),
    "RuleOptions": ValueType(_options, {"type": "object"}, update_inherited),
    "tuple[RequireCondition, ...]": ValueType(_demands, _list_of(_DEMAND.schema), add_to_inherited),
    "tuple[ForbiddenAccess, ...]": ValueType(_never, _list_of(_NEVER.schema), add_to_inherited),
    "tuple[ReferencePolicy, ...]": ValueType(
        _references, _list_of(_REFERENCE.schema), add_to_inherited
    ),
    "tuple[Ignore, ...]": ValueType(_ignores, _list_of(_IGNORE.schema), add_to_inherited),
    "Mapping[str, DeclaredPrincipal]": ValueType(
        _principals, _map_of(_PRINCIPAL.schema), update_inherited
    ),
    "Mapping[str, DeclaredResource]": ValueType(
        _resources, _map_of(_RESOURCE.schema), update_inherited
    ),
    "DeclaredOrganization": ValueType(_organization, _ORGANIZATION.schema, _merged),
    "TerraformVars": _in_order(_TERRAFORM),
    "Parameters": _in_order(_CLOUDFORMATION),
}
"""The types of keys by the annotations in `Config`."""
