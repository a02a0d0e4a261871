"""Folders of `iam-collect`: one for each resource of an account, named by its path.

https://github.com/cloud-copilot/iam-collect
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.link import Held, Link, LinkKind, Node, Ref, Thing, shown
from iamlint.load.recognise.context import About, member, text_of
from iamlint.policy.grammar import Kind
from iamlint.text.json import read_json
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from iamlint.load.find.files import File
    from iamlint.load.link import Name
    from iamlint.text.source import Value

_PLACE: Final = late_pattern(
    r"(?:.*/)?([a-z-]+)/accounts/([0-9]{12})/"
    r"iam/(aws/)?(role|user|group|policy)/([^/]+)/([a-z-]+)\.json"
)
# A policy of any other resource: the ARN is in its metadata, and its path is in lower case.
_RESOURCE: Final = late_pattern(
    r"(?:.*/)?([a-z-]+)/accounts/([0-9]{12})/(?!iam/)([a-z0-9-]+)/(.+)/[a-z-]*policy\.json"
)
_ORGANIZATION: Final = late_pattern(
    r"((?:.*/)?[a-z-]+/organizations/[^/]+)/(scps|rcps)/([^/]+)/[a-z-]*policy\.json"
)
_ACCOUNTS: Final = late_pattern(r"(?:.*/)?[a-z-]+/organizations/[^/]+/accounts\.json")
_KINDS: Final = {"scps": Kind.SCP, "rcps": Kind.RCP}
_LEVELS: Final = 8  # units are nested five deep at most
_MAX_BYTES: Final = 10_000_000
_METADATA: Final = "metadata.json"
# Files without policies that describe identities and their attachments.
_FACTS: Final = ("managed-policies", "metadata", "groups", "tags")
_HOLDERS: Final = ("role", "user", "group")


def is_fact(path: str) -> bool:
    """Return whether a file holds no policy, but describes a user, group, role or account."""
    if "/organizations/" in path:
        return _ACCOUNTS.fullmatch(path) is not None
    found = _PLACE.fullmatch(path)
    return found is not None and found[4] in _HOLDERS and found[6] in _FACTS


def describe(file: File) -> About | None:
    """Return the facts about the policies in a file by its path."""
    path = file.path
    if "/iam/" not in path:
        return _of_resource(file) or _of_organization(file)
    found = _PLACE.fullmatch(path)
    if found is None:
        return None
    kind, name, arn = found[4], _name(file, found), _arn(file, found)
    if kind == "policy":
        return About(Kind.IDENTITY, name, policy_arn=arn)
    own = Kind.TRUST if found[6] == "trust-policy" else Kind.IDENTITY
    return About(own, holders=(_ref(file, found),), arn=arn)


def _of_resource(file: File) -> About | None:
    """Return the facts about the policy of a resource; its metadata has the ARN."""
    found = _RESOURCE.fullmatch(file.path)
    if found is None:
        return None
    partition, service, name = found[1], found[3], _unquoted(found[4])
    arn: Name = text_of(_beside(file, _METADATA), "arn") or Unknown("…")
    is_bucket = service == "s3" and "/" not in name.removeprefix("bucket/")
    if is_bucket:
        name = name.removeprefix("bucket/")
        arn = arn if isinstance(arn, str) else f"arn:{partition}:s3:::{name}"
    type_ = "AWS::S3::Bucket" if is_bucket else None
    return About(
        Kind.RESOURCE, name.rpartition("/")[2], resource_type=type_, arn=arn, address=shown(arn)
    )


def _of_organization(file: File) -> About | None:
    """Return the facts about a policy of an organization; accounts and units list theirs."""
    found = _ORGANIZATION.fullmatch(file.path)
    if found is None:
        return None
    facts = _beside(file, _METADATA)
    arn, name = text_of(facts, "arn"), text_of(facts, "name")
    accounts = _beside(file, "../../accounts.json")
    limited = tuple(_limited(file, found, arn, accounts))
    return About(
        _KINDS[found[2]],
        name or _unquoted(found[3]),
        targets=limited if accounts else (Held(Ref(Thing.TARGET, Unknown("…"))),),
    )


def _limited(file: File, found: re.Match[str], arn: str | None, accounts: Value) -> Iterator[Held]:
    """Yield the accounts that a policy limits, by itself or by a unit above them."""
    units = _beside(file, "../../ous.json")
    ids = {arn, _unquoted(found[3])}

    def has(facts: Value) -> bool:
        named = member(facts, found[2])
        return any(one in ids for one in named if one) if isinstance(named, list) else False

    for account, facts in accounts.items() if isinstance(accounts, dict) else ():
        if any(map(has, _levels(facts, units))):
            yield Held(Ref(Thing.TARGET, account))


def _levels(account: Value, units: Value) -> Iterator[Value]:
    """Yield the description of an account, and of each unit above it."""
    above = account
    for _ in range(_LEVELS):
        if above is None:
            return
        yield above
        unit = text_of(above, "ou", "parent")
        above = member(units, unit) if unit else None


def _assigned(file: File, accounts: Value) -> Iterator[Link]:
    """Yield the policies of accounts that were not collected."""
    units = _beside(file, "ous.json")
    for account, facts in accounts.items() if isinstance(accounts, dict) else ():
        for level in _levels(facts, units):
            for kind in _KINDS:
                named = member(level, kind)
                for arn in named if isinstance(named, list) else ():
                    if isinstance(arn, str) and not _is_collected(file, kind, arn):
                        target = Ref(Thing.POLICY, arn)
                        held = Ref(Thing.TARGET, account)
                        yield Link(file.path, (account,), LinkKind.ORGANIZATION, held, target)


def _is_collected(file: File, kind: str, arn: str) -> bool:
    policy = f"{kind}/{arn.rpartition('/')[2].lower()}/policy.json"
    place = file.tree.beside(file.place, policy) if file.content is None else None
    return place is not None and file.tree.is_file(place)


def _beside(file: File, name: str) -> Value:
    """Return the value of a JSON file near another one; None if there is none."""
    place = file.tree.beside(file.place, name) if file.content is None else None
    if place is None or not file.tree.is_file(place):
        return None
    try:
        data = file.tree.read(place, _MAX_BYTES)
    except OSError:
        return None
    return read_json(data.decode("utf-8", "replace")).value


def _name(file: File, found: re.Match[str]) -> str:
    """Return the name in the spelling of IAM, from the metadata."""
    named = text_of(_beside(file, _METADATA), "name")
    return named or _unquoted(found[5]).rpartition("/")[2]


def _ref(file: File, found: re.Match[str]) -> Ref:
    return Ref(Thing(found[4]), _name(file, found), account=found[2])


def links(file: File, value: Value) -> Iterator[Node | Link]:
    """Yield the nodes and links in one file of a user, group, role or organization."""
    path = file.path
    if "/organizations/" in path and _ACCOUNTS.fullmatch(path):
        yield from _assigned(file, value)
        return
    found = _PLACE.fullmatch(path) if "/iam/" in path else None
    if found is None or not is_fact(path):
        return
    listed = value if isinstance(value, list) else ()
    names = [(index, item) for index, item in enumerate(listed) if isinstance(item, str)]
    facts = value if isinstance(value, dict) else {}
    bound = text_of(facts, "permissionBoundary") if found[6] == "metadata" else None
    ref = _ref(file, found)
    yield Node(
        path,
        (),
        ref,
        _arn(file, found),
        whole=found[6] == "managed-policies",
        has_no_other_tags=found[6] == "tags",
        lists_profiles=False,
        tags=tuple((k, v) for k, v in facts.items() if found[6] == "tags" and isinstance(v, str)),
    )
    if bound:
        yield Link(path, (), LinkKind.BOUNDARY, ref, Ref(Thing.POLICY, bound))
    for index, name in names:
        if found[6] == "managed-policies":
            held = Ref(Thing.POLICY, name)
            yield Link(path, (), LinkKind.ATTACHED, ref, held, target_at=(index,))
        elif found[6] == "groups":
            group = Ref(Thing.GROUP, name.rpartition("/")[2], account=found[2])
            yield Link(path, (), LinkKind.MEMBER, ref, group)


def _arn(file: File, found: re.Match[str]) -> str:
    """Return the ARN from the metadata; the path is in lower case."""
    if (arn := text_of(_beside(file, _METADATA), "arn")) is not None:
        return arn
    partition, account, name = found[1], found[2], _unquoted(found[5])
    return f"arn:{partition}:iam::{'aws' if found[3] else account}:{found[4]}/{name}"


def _unquoted(name: str) -> str:
    from urllib.parse import unquote  # noqa: PLC0415 - slow to import and seldom needed

    return unquote(name) if "%" in name else name
