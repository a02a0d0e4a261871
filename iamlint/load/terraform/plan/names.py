"""The values of attributes of instances, as names and ARNs.

A value that is known after apply has the identity of the attribute that decides it, the same for
all references to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.link import Ref, SourceCondition, Thing, join_names, key_of_name, shown
from iamlint.load.terraform.aws.linking import MANAGED, PRINCIPALS
from iamlint.load.terraform.aws.row import UNIQUE
from iamlint.load.terraform.aws.table import PART, shape_of
from iamlint.load.terraform.plan.body import part
from iamlint.text.source import Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.link import Name
    from iamlint.load.terraform.aws.row import AttributeArn
    from iamlint.load.terraform.plan.follow import Follower, Referred
    from iamlint.load.terraform.plan.instances import Instance
    from iamlint.load.terraform.plan.providers import Providers

    Given: TypeAlias = frozenset[SourceCondition]
    Pick: TypeAlias = Callable[[Instance], Name | None]

_DEPTH: Final = 16
_ACCOUNTS: Final = 64


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible name of an attribute, with its conditions, and the instance that has the name."""

    name: Name
    given: Given = frozenset()
    owner: Instance | None = None


class InstanceNames:
    """The names in one plan or state; they are looked up in `scope` first."""

    def __init__(
        self,
        instances: Sequence[Instance],
        follower: Follower,
        providers: Providers,
        scope: str,
        gone: AbstractSet[tuple[str, str]],
    ) -> None:
        self.follower = follower
        self.providers = providers
        self.scope = scope
        self._gone = gone
        self._principals: dict[tuple[Thing, str], dict[str | None, Instance]] = {}
        for instance in instances:
            thing = PRINCIPALS.get(instance.type)
            name = self.own(instance) if thing and not instance.is_data else None
            if thing and isinstance(name, str):
                of_name = self._principals.setdefault((thing, name), {})
                of_name.setdefault(self._account_key(instance), instance)

    def is_gone(self, instance: Instance, attribute: str, what: str) -> bool:
        """Return whether a plan removes a policy that AWS returned for a role before."""
        is_left = bool(self._gone) and self.follower.is_left_to_aws(instance, attribute)
        return is_left and (instance.text("name") or "", what) in self._gone

    def _is_read_back(self, instance: Instance, attribute: str) -> bool:
        """Return whether the provider only reads back an attribute: it adds no policy itself."""
        return instance.type in PRINCIPALS and self.follower.is_left_to_aws(instance, attribute)

    def unknown(self, instance: Instance, attribute: str) -> Unknown:
        """Return the unknown of an attribute that is known after apply."""
        address = f"{instance.address}.{attribute}"
        return Unknown(f"${{{address}}}", identity=f"{self.scope}#{address}")

    def own(self, instance: Instance) -> Name:
        """Return the name of an instance."""
        shape = shape_of(instance.type)
        if shape is None:
            return instance.text("name") or instance.text("id") or self.unknown(instance, "name")
        same = ("id",) if shape.id == "name" else ()
        for attribute in (shape.name, *shape.same, *same):
            known = instance.text(attribute) if attribute else None
            if known:
                return known.removeprefix(shape.without)
        rest = self.unknown(instance, shape.name or "id")
        prefix = self._prefix(shape, instance)
        return join_names(prefix, rest) if prefix else rest

    def _prefix(self, shape: AttributeArn, instance: Instance) -> str | None:
        """Return the prefix of a name that AWS or the provider generates."""
        if not shape.prefix or shape.name is None:
            return None
        is_made = all(
            self.follower.is_left_to_aws(instance, one) for one in (shape.name, shape.prefix)
        )
        return instance.text(shape.prefix) or (UNIQUE if is_made else None)

    def arn(self, instance: Instance) -> Name:
        """Return the ARN of an instance, unknown if the shape of the ARN is."""
        shape = shape_of(instance.type)
        attribute = shape.get if shape else "arn"
        known = instance.text(attribute)
        if known is None and shape is not None and shape.id == "arn":
            known = instance.text("id")
        if known:
            return known
        if shape is None:
            return self.unknown(instance, attribute)
        return self.built(shape, instance, self.own(instance))

    def built(self, shape: AttributeArn, instance: Instance, name: Name) -> Name:
        """Return the ARN of a resource by name, in the account and region of an instance."""
        parts = PART.split(shape.arn)  # every second one is a word to replace
        of_own = shape_of(instance.type) is shape
        return join_names(
            *(
                self._part(text, instance, name, of_own=of_own) if number % 2 else text
                for number, text in enumerate(parts)
            )
        )

    def _part(self, what: str, instance: Instance, name: Name, *, of_own: bool) -> Name:
        match what:
            case "@":
                return name
            case "/" if of_own and instance.unknown is not None:
                is_open = part(instance.unknown, "path") is True
                return self.unknown(instance, "path") if is_open else instance.text("path") or "/"
            case "/":
                return (instance.text("path") if of_own else None) or "/"
            case "region":
                return self.providers.region(instance)
            case "account":
                account = self.providers.account(instance)
                return account or Unknown("${account}", Pseudo.ACCOUNT, f"{self.scope}#account")
            case "partition":
                return Unknown("${partition}", Pseudo.PARTITION, f"{self.scope}#partition")
        return self.unknown(instance, what)

    def refs(self, instance: Instance, attribute: str, thing: Thing) -> Iterator[tuple[Ref, Given]]:
        """Yield the refs of an attribute, with their conditions."""

        def pick(of: Instance) -> Name | None:
            if thing is Thing.POLICY:
                return self.policy(of)
            if thing is Thing.WORKLOAD:
                from iamlint.load.terraform.aws.workload_types import workload_type  # noqa: PLC0415 - few runs ask for it

                return self.arn(of) if workload_type(of.type) else None
            return self.own(of) if PRINCIPALS.get(of.type) is thing else None

        for one in self.named(instance, attribute, pick):
            if thing.is_principal:
                yield from self._principal(instance, thing, one)
            else:
                yield Ref(thing, one.name, scope=self.scope), one.given

    def policy(self, instance: Instance) -> Name | None:
        """Return the ARN of a managed policy, or else the name by which AWS looks it up."""
        if instance.type not in MANAGED:
            return None
        if instance.is_data and instance.text("arn") is None:
            return instance.text("name") or self.unknown(instance, "arn")
        return self.arn(instance)

    def ref(self, instance: Instance) -> Ref:
        """Return the principal that an instance is."""
        label = instance.address.replace(f"{instance.type}.", "", 1)
        thing, account = PRINCIPALS[instance.type], self.providers.account(instance)
        return Ref(thing, self.own(instance), label, self.scope, account)

    def _principal(
        self, instance: Instance, thing: Thing, one: Candidate
    ) -> Iterator[tuple[Ref, Given]]:
        """Yield the principals of a name, in the account of the resource that names them."""
        if one.owner is not None and not one.owner.is_data:
            yield self.ref(one.owner), one.given
            return
        found = self._principals.get((thing, one.name), {}) if isinstance(one.name, str) else {}
        if not self.providers.is_shared(instance):
            own = self._account_key(instance)
            found = {own: found[own]} if own in found else {}
        for of in list(found.values())[:_ACCOUNTS]:
            ref = self.ref(of)
            more = frozenset({self.condition(instance, shown(one.name), ref.account)})
            yield ref, one.given | more if len(found) > 1 else one.given
        if not found:
            account = self.providers.account(instance)
            yield Ref(thing, one.name, scope=self.scope, account=account), one.given

    def _account_key(self, instance: Instance) -> str | None:
        account = self.providers.account(instance)
        return None if account is None else key_of_name(account)

    def condition(self, instance: Instance, what: str, account: Name | None) -> SourceCondition:
        of = "" if account is None else f" of account {shown(account)}"
        return SourceCondition(f"{instance.address} is about {what}{of}", self.scope)

    def named(
        self, instance: Instance, attribute: str, pick: Pick, depth: int = 0
    ) -> Iterator[Candidate]:
        """Yield the names in an attribute; `pick` gives those of the right instances."""
        value, unknown = instance.values.get(attribute), part(instance.unknown, attribute)
        items = value if isinstance(value, list) and _is_list(attribute) else [value]
        known = [item for item in items if isinstance(item, str) and item]
        known = [item for item in known if not self.is_gone(instance, attribute, item)]
        yield from map(Candidate, known)
        hidden = 0
        if unknown is True and not self._is_read_back(instance, attribute):
            hidden = 1
        elif isinstance(unknown, list):
            hidden = sum(one is True for one in unknown)
        if hidden:
            is_whole = unknown is True
            yield from self._after_apply(
                instance, attribute, pick, depth, known, None if is_whole else hidden
            )

    def _after_apply(
        self,
        instance: Instance,
        attribute: str,
        pick: Pick,
        depth: int,
        known: list[str],
        hidden: int | None,
    ) -> Iterator[Candidate]:
        """Yield the possible names of an attribute that is known after apply."""
        ways = self.follower.of(instance, attribute)
        found: dict[object, Candidate] = {}
        for reached in _right(ways.reached, pick):
            for name in self._reached(reached, pick, depth):
                if name.name not in known:
                    found.setdefault(key_of_name(name.name) or id(name), name)
        if not found:
            yield Candidate(self.unknown(instance, attribute))
            return
        is_list = hidden is not None or _is_list(attribute)
        is_each = is_list and not any(one.is_loose for one in ways.reached)
        is_sure = ways.whole and (len(found) == 1 or is_each or len(found) == hidden)
        for one in found.values():
            if is_sure:
                yield one
                continue
            text = f"{instance.address}.{attribute} is {_text(one)}"
            subject = None if is_list else f"{instance.address}.{attribute}"
            more = SourceCondition(text, self.scope, subject=subject)
            yield replace(one, given=one.given | {more})
        if not ways.whole:
            text = f"{instance.address}.{attribute} is something else"
            yield Candidate(
                replace(self.unknown(instance, attribute), identity=None),
                frozenset({SourceCondition(text, self.scope)}),
            )

    def _reached(self, one: Referred, pick: Pick, depth: int) -> Iterator[Candidate]:
        name = pick(one.instance)
        if name is not None:
            yield Candidate(name, owner=one.instance)
            return
        attribute = one.attribute or "id"
        is_computed = not self.follower.has(one.instance, attribute)
        known = one.instance.text(attribute)
        if known is not None or is_computed or depth > _DEPTH:
            yield Candidate(known or self.unknown(one.instance, attribute))
        else:
            yield from self.named(one.instance, attribute, pick, depth + 1)


def _is_list(attribute: str) -> bool:
    """Return whether an attribute is a list by its name: `roles`, `policy_arns`."""
    return attribute.endswith("s")


def _right(reached: Iterable[Referred], pick: Pick) -> list[Referred]:
    """Return the references to an instance of the right type, or all if none is."""
    every = list(reached)
    return [one for one in every if pick(one.instance) is not None] or every


def _text(one: Candidate) -> str:
    return one.owner.address if one.owner is not None else shown(one.name)
