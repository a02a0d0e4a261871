"""The account and region of an instance, by ARNs of its provider, or by the configuration.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.terraform.plan.configuration import members
from iamlint.policy.arn import account_of, is_account_id, parse_arn
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iamlint.load.link import Name
    from iamlint.load.terraform.plan.configuration import Configuration, Members
    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.text.source import Value

CALLER: Final = "aws_caller_identity"
"""The data source that returns the account of a provider."""

# Arguments that decide the credentials of a provider.
_CREDENTIALS: Final = (
    *("access_key", "assume_role", "assume_role_with_web_identity", "profile", "secret_key"),
    *("shared_config_files", "shared_credentials_files", "token"),
)


class Providers:
    """The accounts and regions of providers, by the keys of their configurations."""

    def __init__(
        self, configuration: Configuration, instances: Iterable[Instance], scope: str
    ) -> None:
        self.configuration = configuration
        self.scope = scope
        self._met: dict[str, set[str]] = {}
        self._regions: dict[str, set[str]] = {}
        self._made: dict[str, Name | None] = {}
        for instance in instances:
            if (account := _said(instance)) is not None:
                self._met.setdefault(self.key(instance), set()).add(account)
            if region := _region_said(instance):
                self._regions.setdefault(self.key(instance), set()).add(region)

    def key(self, instance: Instance) -> str:
        """Return the key of the provider of an instance."""
        block = self.configuration.block(instance.module, instance.block)
        key = block.get("provider_config_key")
        return key if isinstance(key, str) else instance.provider

    def account(self, instance: Instance) -> Name | None:
        """Return the account of an instance; None for the account of the file."""
        arn = None if instance.is_data else instance.text("arn")
        own = account_of(arn) if arn else None
        if own is not None:
            return own
        key = self.key(instance)
        if key not in self._made:
            self._made[key] = self._account(key)
        return self._made[key]

    def is_shared(self, instance: Instance) -> bool:
        """Return whether a file uses one name for the providers of several accounts."""
        return len(self._met.get(self.key(instance), ())) > 1

    def _account(self, key: str) -> Name | None:
        met = self._met.get(key, set())
        if met:
            return min(met) if len(met) == 1 else self._other(key)
        main = _main(key)
        own = members(self.configuration.providers, key)
        named = self._named(members(own, "expressions"))
        if named is not None:
            return named
        if key == main or not own:
            return self._account(main) if self._met.get(main) else None
        first = members(members(self.configuration.providers, main), "expressions")
        if _credentials(members(own, "expressions")) == _credentials(first):
            return self._account(main)
        return self._other(key)

    def _other(self, key: str) -> Unknown:
        return Unknown(
            f"${{account of {key}}}", Pseudo.OTHER_ACCOUNT, f"{self.scope}#{key}:account"
        )

    def _named(self, expressions: Members) -> str | None:
        """Return the account of the role that a provider assumes, or the only one allowed."""
        match expressions.get("assume_role"):
            case [dict(role), *_]:
                arn = self.configuration.constant(role.get("role_arn"))
                return account_of(arn) if isinstance(arn, str) else None
        allowed = self.configuration.constant(expressions.get("allowed_account_ids"))
        match allowed:
            case [str(account)] if is_account_id(account):
                return account
        return None

    def region(self, instance: Instance) -> Name:
        """Return the region of an instance."""
        own = instance.text("region")
        key = self.key(instance)
        expressions = members(members(self.configuration.providers, key), "expressions")
        said = own or self.configuration.constant(expressions.get("region"))
        if isinstance(said, str):
            return said
        met = self._regions.get(key, set())
        if len(met) == 1:
            return min(met)
        return Unknown("${region}", Pseudo.REGION, f"{self.scope}#{key}:region")


def _main(key: str) -> str:
    """Return the key of the provider without an alias: `aws`, or the notation of states."""
    name, bracket, _ = key.rpartition("]")
    return name + bracket if bracket else key.rpartition(":")[2].partition(".")[0]


def _said(instance: Instance) -> str | None:
    """Return the account of a provider in the attributes of an instance; None if not shown."""
    if instance.is_data:
        return instance.text("account_id") if instance.type == CALLER else None
    arn = instance.text("arn")
    account = account_of(arn) if arn else None
    return account if account is not None and is_account_id(account) else None


def _region_said(instance: Instance) -> str | None:
    """Return the region of a provider in the attributes of an instance; None if not shown."""
    arn = parse_arn(instance.text("arn") or "") if not instance.is_data else None
    return arn.region if arn else None


def _credentials(expressions: Members) -> Mapping[str, Value]:
    return {name: expressions[name] for name in _CREDENTIALS if name in expressions}
