"""The account and region of a resource, by the configuration of its provider.

https://developer.hashicorp.com/terraform/language/providers/configuration
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.terraform.language.block import Inside, reach
from iamlint.load.terraform.language.node import (
    Array,
    Hidden,
    Location,
    String,
    Whereabouts,
    as_string,
    known,
    plain,
)
from iamlint.load.terraform.language.write import as_name, same
from iamlint.text.hcl.tree import Access, Chunk, HclTemplate, Members, Name, Override
from iamlint.text.source import Pseudo
from iamlint.text.span import Span

if TYPE_CHECKING:
    from iamlint.load.terraform.language.node import Node
    from iamlint.load.terraform.language.provider import Address, Configures
    from iamlint.text.hcl.tree import Block, Expression


_ACCOUNT: Final = 4  # the field of an ARN
_CREDENTIALS: Final = ("access_key", "profile", "secret_key", "token")
_ROLES: Final = ("assume_role", "assume_role_with_web_identity")


def provider_of(module: Configures, block: Block) -> Whereabouts:
    """Return the whereabouts of a resource, a data source or a module's resource."""
    attribute = block.attributes.get("provider")
    address = _address(attribute.expression) if attribute else None
    return find_provider(module, address or (block.labels[0].partition("_")[0], ""))


def find_provider(module: Configures, address: Address) -> Whereabouts:
    """Return the whereabouts of a provider by local name and alias, in the module or its caller."""
    if address not in module.providers:
        module.providers[address] = Whereabouts(_key(module, address))  # while it is evaluated
        module.providers[address] = _configured(module, address)
    return module.providers[address]


def _configured(module: Configures, address: Address) -> Whereabouts:
    found = _block(module, address)
    if found is not None:
        return _of_block(module, address, found)
    if module.call is not None:
        passed = _passed(module, address)
        if passed is not None or not address[1]:
            return find_provider(module.call.caller, passed or address)
    elif not address[1]:
        return Whereabouts(_key(module, address))
    key = _key(module, address)
    text = module.folder.parts[0].text
    return Whereabouts(key, _other(key, address, Location(text, Span(0, 0))))


def _passed(module: Configures, address: Address) -> Address | None:
    """Return the provider of the caller that is passed to a module for one of its own."""
    given = module.call.block.attributes.get("providers") if module.call else None
    expression = given.expression if given else None
    while isinstance(expression, Override):
        expression = expression.expression
    for key, value in expression.members if isinstance(expression, Members) else ():
        if _address(key) == address:
            return _address(value)
    return None


def _of_block(module: Configures, address: Address, inside: Inside) -> Whereabouts:
    key = _key(module, address)
    region = inside.get("region")
    if isinstance(region, Hidden):
        region = replace(region, means=Pseudo.REGION)
    return Whereabouts(key, _account(module, address, inside), region)


def _account(module: Configures, address: Address, inside: Inside) -> Node | None:
    """Return the account of a configuration; that of another one if both are the same."""
    own = _named(inside)
    if known(own) is not None:
        return own
    main = module.root.accounts.main(address[0])
    if main is None:
        if not module.root.accounts.differ(address[0], inside):
            return None
    elif main[1].block is inside.block:
        return None
    elif _is_same(inside, own, main[1]):
        return find_provider(module.root, main[0]).account
    other = _other(_key(module, address), address, inside.spot)
    if isinstance(own, Hidden) and own.identity is not None:
        return replace(other, identity=own.identity)
    return other


def _is_same(one: Inside, named: Node | None, other: Inside) -> bool:
    """Return whether two configurations are surely for one account."""
    if named is None:
        return _credentials(one) == _credentials(other)
    theirs = _named(other)
    return theirs is not None and same(as_name(named)) == same(as_name(theirs))


@dataclass(eq=False)
class ConfiguredAccounts:
    """The accounts of the configurations of a root module, each evaluated once."""

    root: Configures
    _mains: dict[str, tuple[Address, Inside] | None] = field(default_factory=dict)
    _acts: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)

    def main(self, local: str) -> tuple[Address, Inside] | None:
        """Return the configuration of the account in which a root module is applied."""
        if local not in self._mains:
            self._mains[local] = _main(self.root, local)
        return self._mains[local]

    def differ(self, name: str, inside: Inside) -> bool:
        """Return whether a configuration may be for another account than the others of the root."""
        if name not in self._acts:
            self._acts[name] = _acts(self.root, name)
        return len(self._acts[name]) > 1 or bool(self._acts[name] - {_stated(inside)})


def _main(root: Configures, local: str) -> tuple[Address, Inside] | None:
    """Return the main configuration: without an alias, or the only one if no block uses another.

    That of the provider for AWS is the main one for other providers of AWS.
    https://developer.hashicorp.com/terraform/language/providers/configuration
    """
    for name in dict.fromkeys((local, "aws")):
        every = [address for address in root.folder.providers if address[0] == name]
        is_only = len(every) == 1 and not _uses_default(root, name)
        address = next((a for a in every if not a[1]), every[0] if is_only else None)
        if address is not None and (inside := _block(root, address)) is not None:
            return address, inside
    return None


def _acts(root: Configures, name: str) -> set[tuple[str, ...]]:
    """Return the credentials of the configurations of a provider."""
    every = (_block(root, address) for address in root.folder.providers if address[0] == name)
    found = {_stated(inside) for inside in every if inside is not None}
    return found | ({()} if _uses_default(root, name) else set())


def _stated(inside: Inside) -> tuple[str, ...]:
    return tuple(filter(None, _credentials(inside)))


def _uses_default(module: Configures, name: str) -> bool:
    """Return whether a block of a module uses the configuration without an alias."""
    return any(
        block.labels[0].startswith(f"{name}_") and "provider" not in block.attributes
        if block.type in ("resource", "data")
        else block.type == "module" and "providers" not in block.attributes
        for part in module.folder.parts
        for block in part.blocks
    )


def _block(module: Configures, address: Address) -> Inside | None:
    """Return the block that configures a provider in the module itself."""
    found = module.folder.providers.get(address)
    return Inside(found[1], module.evaluator(found[0])) if found else None


def _named(inside: Inside) -> Node | None:
    """Return the account in a configuration: that of the role, or the only one allowed."""
    arns = [node for name in _ROLES for node in reach(inside, (name, "role_arn"))]
    if arns:
        return _account_in(arns[-1])
    allowed = inside.get("allowed_account_ids")
    items = allowed.items if isinstance(allowed, Array) and allowed.whole else ()
    return as_string(items[0]) if len(items) == 1 else None


def _account_in(arn: Node) -> Node | None:
    """Return the account in an ARN."""
    if not isinstance(arn, String):
        return arn if isinstance(arn, Hidden) else None
    fields: list[list[Chunk | Hidden]] = [[]]
    for piece in arn.pieces:
        if isinstance(piece, Hidden):
            fields[-1].append(piece)
        elif isinstance(piece, Chunk):
            first, *rest = piece.text.split(":")
            fields[-1] += [Chunk(first, ())] if first else []
            fields += [[Chunk(text, ())] if text else [] for text in rest]
    match fields[_ACCOUNT] if len(fields) > _ACCOUNT else ():
        case [Hidden() as node]:
            return node
        case [Chunk(text)]:
            return plain(text, arn.spot)
    return None


def _credentials(inside: Inside) -> tuple[str | None, ...]:
    """Return the credentials of a provider; None for those that are not known."""
    found = []
    for name in _CREDENTIALS:
        node = inside.get(name)
        found.append(None if node is None else same(as_name(node)))
    roles = [node for name in _ROLES for node in reach(inside, (name, "role_arn"))]
    return (*found, *(same(as_name(node)) for node in roles))


def _other(key: str, address: Address, spot: Location) -> Hidden:
    text = f"${{account of {'.'.join(filter(None, address))}}}"
    return Hidden(text, spot, means=Pseudo.OTHER_ACCOUNT, identity=f"{key}:account")


def _key(module: Configures, address: Address) -> str:
    return f"{module.root.folder.known_as}#{module.prefix()}provider.{'.'.join(address)}"


def _address(expression: Expression) -> Address | None:
    """Return the local name and the alias of a provider that an expression names."""
    match expression:
        case Override(inner):
            return _address(inner)
        case Access(Name(local), (str(alias),)):
            return local, alias
        case Name(local):
            return local, ""
        case HclTemplate((Chunk(text),)):
            local, _, alias = text.partition(".")
            return local, alias
    return None
