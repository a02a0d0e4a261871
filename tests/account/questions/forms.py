"""Every form in which the organization can be written; the answers must be the same in each.

Forms with the account of each file are also read without a configured account.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.account.matrix import cloudformation, plans, terraform
from tests.account.matrix.carrier import Block, Files, Ref, Text, dumped, text
from tests.account.questions.organization import (
    ACCOUNTS,
    HOME,
    MANAGEMENT,
    Account,
    Identity,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.account.matrix.carrier import Value
    from tests.account.questions.organization import Policy

_KINDS: Final = ("scp", "rcp")
_OF_MANAGEMENT: Final = f'management-account = "{MANAGEMENT}"\n'
_ACCOUNT: Final = f'account = "{HOME}"\n'


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write the organization; `toml` is the configuration besides `account`."""

    name: str
    write: Callable[[], Files]
    toml: str = _OF_MANAGEMENT
    says_account: bool = True

    def __str__(self) -> str:
        return self.name

    def variants(self) -> Iterator[tuple[str, str]]:
        """Yield the configurations under which the form means the same, each with a name."""
        yield f"{self.name}, account configured", _ACCOUNT + self.toml
        if self.says_account:
            yield f"{self.name}, account not configured", self.toml or "# none\n"


def _levels() -> Files:
    """Return the policies that limit each account, as folders."""
    return {
        f"organization/{account.id}/{kind}/guard.json": text(limit)
        for account in ACCOUNTS
        for kind in _KINDS
        if (limit := getattr(account, kind)) is not None
    }


def _resources(account: Account) -> Files:
    return {
        f"accounts/{account.id}/resources/{number}.json": text(held)
        for number, held in enumerate(account.resources.values())
    }


# Folders.


def _folders(ending: str, write: Callable[[object], str]) -> Files:
    files: Files = {}
    for account in ACCOUNTS:
        top = f"accounts/{account.id}"
        for one in account.identities:
            place = f"{top}/{one.kind}s/{one.name}"
            files |= {f"{place}/{name}.{ending}": write(own) for name, own in one.policies.items()}
            if one.trust is not None:
                files[f"{place}/trust.{ending}"] = write(one.trust)
        for name, held in account.managed.items():
            files[f"{top}/managed-policies/{name}.{ending}"] = write(held)
    others = [each for account in ACCOUNTS for each in _resources(account).items()]
    return files | dict(others) | _levels()


def _beside_folders() -> str:
    """Return the facts without a place in folders: groups of users, tags, attached policies."""
    lines = []
    for account in ACCOUNTS:
        for one in account.identities:
            facts = {
                "groups": list(one.groups),
                "policies": list(one.attached),
                "boundary": one.boundary,
            }
            lines += _table(account, one, facts)
    return "\n".join(lines) + "\n"


def _table(account: Account, one: Identity, facts: Mapping[str, object]) -> list[str]:
    lines = [f"{key} = {json.dumps(value)}" for key, value in facts.items() if value]
    if one.tags:
        tags = ", ".join(f'"{key}" = "{value}"' for key, value in one.tags.items())
        lines.append(f"tags = {{ {tags} }}")
    return [f'[principals."{account.arn(one)}"]', *lines] if lines else []


# A configuration that declares files of any name.


def _declared() -> Files:
    files: Files = {}
    lines = [_OF_MANAGEMENT]
    levels: list[str] = []
    for account in ACCOUNTS:
        for one in account.identities:
            own = {f"p/{account.id}-{one.name}-{n}.json": v for n, v in one.policies.items()}
            files |= {path: text(held) for path, held in own.items()}
            facts: dict[str, object] = {
                "groups": list(one.groups),
                "policies": [*own, *one.attached],
                "boundary": one.boundary,
            }
            if one.trust is not None:
                facts["trust"] = f"p/{account.id}-{one.name}-trust.json"
                files[f"p/{account.id}-{one.name}-trust.json"] = text(one.trust)
            lines += _table(account, one, facts)
        files |= {
            f"managed-policies/{name}.json": text(held) for name, held in account.managed.items()
        }
        for number, (arn, held) in enumerate(account.resources.items()):
            files[f"p/{account.id}-{number}.json"] = text(held)
            lines += [f'[resources."{arn}"]', f'policy = "p/{account.id}-{number}.json"']
        table = "organization-policies"
        levels.append(f"[{table}]" if account.id == HOME else f'[{table}.accounts."{account.id}"]')
        for kind in _KINDS:
            if (limit := getattr(account, kind)) is not None:
                files[f"p/{account.id}-{kind}.json"] = text(limit)
                levels.append(f"{kind} = [['p/{account.id}-{kind}.json']]")
    return {"iamlint.toml": "\n".join([*lines, *levels]) + "\n", **files}


# Dumps.


def _inline(policies: dict[str, Policy]) -> list[Value]:
    return [{"PolicyName": name, "PolicyDocument": held} for name, held in policies.items()]


def _details(account: Account) -> dict[str, Value]:
    """Return the output of `get-account-authorization-details`."""
    lists: dict[str, list[Value]] = {"user": [], "group": [], "role": []}
    for one in account.identities:
        word = one.kind.capitalize()
        facts: dict[str, Value] = {
            f"{word}Name": one.name,
            "Arn": account.arn(one),
            "Path": "/",
            f"{word}PolicyList": _inline(dict(one.policies)),
            "AttachedManagedPolicies": [
                {"PolicyName": each.rpartition("/")[2], "PolicyArn": each} for each in one.attached
            ],
            "Tags": [{"Key": key, "Value": value} for key, value in one.tags.items()],
        }
        if one.kind == "user":
            facts["GroupList"] = list(one.groups)
        if one.trust is not None:
            facts |= {"AssumeRolePolicyDocument": one.trust, "InstanceProfileList": []}
        if one.boundary is not None:
            facts["PermissionsBoundary"] = {
                "PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": one.boundary,
            }
        lists[one.kind].append(facts)
    managed = [
        {
            "PolicyName": name,
            "Arn": f"arn:aws:iam::{account.id}:policy/{name}",
            "Path": "/",
            "DefaultVersionId": "v1",
            "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": held}],
        }
        for name, held in account.managed.items()
    ]
    return {
        **{f"{kind.capitalize()}DetailList": each for kind, each in lists.items()},
        "Policies": managed,
        "IsTruncated": False,
    }


def _dumps(place: str) -> Files:
    files: Files = {}
    for account in ACCOUNTS:
        files[place.format(account.id)] = text(_details(account))
        files |= _resources(account)
    return files | _levels()


# Templates.


def _template(account: Account) -> list[Block]:
    blocks = []
    for name, held in account.managed.items():
        facts: dict[str, Value] = {"ManagedPolicyName": name, "PolicyDocument": Text(held)}
        blocks.append(Block("AWS::IAM::ManagedPolicy", name.capitalize(), facts))
    for one in account.identities:
        word = one.kind.capitalize()
        attached = [_managed(account, each) for each in one.attached]
        facts = {f"{word}Name": one.name, "Policies": _inline(dict(one.policies))}
        facts |= {"ManagedPolicyArns": attached} if attached else {}
        facts |= {"Groups": list(one.groups)} if one.groups else {}
        if one.trust is not None:
            facts["AssumeRolePolicyDocument"] = one.trust
        if one.boundary is not None:
            facts["PermissionsBoundary"] = _managed(account, one.boundary)
        if one.tags:
            facts["Tags"] = [{"Key": key, "Value": value} for key, value in one.tags.items()]
        blocks.append(Block(f"AWS::IAM::{word}", one.name.capitalize(), facts))
    return blocks + [_of_resource(arn, held) for arn, held in account.resources.items()]


def _managed(account: Account, arn: str) -> Value:
    name = arn.rpartition("/")[2]
    return Ref(name.capitalize()) if name in account.managed else arn


def _of_resource(arn: str, held: Policy) -> Block:
    name = arn.rpartition(":")[2]
    document: dict[str, Value] = {"PolicyDocument": Text(held)}
    if ":s3:" in arn:
        return Block("AWS::S3::BucketPolicy", "OfBucket", {"Bucket": name, **document})
    account, region = arn.split(":")[4], arn.split(":")[3]
    url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
    return Block("AWS::SQS::QueuePolicy", "OfQueue", {"Queues": [url], **document})


_TYPES: Final = {"scp": "SERVICE_CONTROL_POLICY", "rcp": "RESOURCE_CONTROL_POLICY"}


def _of_organization() -> Iterator[tuple[str, str, Policy]]:
    for account in ACCOUNTS:
        for kind in _KINDS:
            if (limit := getattr(account, kind)) is not None:
                yield account.id, kind, limit


def _templates(name: str, write: Callable[[object], str]) -> Files:
    files = {}
    for account in ACCOUNTS:
        blocks = _template(account)
        if account.id == MANAGEMENT:
            for target, kind, limit in _of_organization():
                facts = {"Name": f"{kind}{target}", "Type": _TYPES[kind], "Content": Text(limit)}
                facts |= {"TargetIds": [target]}
                blocks.append(Block("AWS::Organizations::Policy", f"X{kind}{target}", facts))
        files[f"accounts/{account.id}/{name}"] = write(cloudformation.template(blocks))
    return files


# Terraform.


def _module(account: Account) -> list[Block]:
    blocks = []
    for name, held in account.managed.items():
        blocks.append(Block("aws_iam_policy", name, {"name": name, "policy": Text(held)}))
    for one in account.identities:
        label = f"{one.kind}_{one.name}"
        facts: dict[str, Value] = {"name": one.name}
        if one.trust is not None:
            facts["assume_role_policy"] = Text(one.trust)
        if one.boundary is not None:
            facts["permissions_boundary"] = _policy(account, one.boundary)
        facts |= {"tags": dict(one.tags)} if one.tags else {}
        blocks.append(Block(f"aws_iam_{one.kind}", label, facts))
        identity = {one.kind: Ref(label, "name")}
        for name, held in one.policies.items():
            facts = {"name": name, "policy": Text(held), **identity}
            blocks.append(Block(f"aws_iam_{one.kind}_policy", f"{label}_{name}", facts))
        for number, each in enumerate(one.attached):
            facts = {"policy_arn": _policy(account, each), **identity}
            kind = f"aws_iam_{one.kind}_policy_attachment"
            blocks.append(Block(kind, f"{label}_{number}", facts))
        if one.groups:
            groups = [Ref(f"group_{group}", "name") for group in one.groups]
            facts = {"groups": groups, **identity}
            blocks.append(Block("aws_iam_user_group_membership", f"{label}_groups", facts))
    for arn, held in account.resources.items():
        blocks += _with_policy(arn, held)
    return blocks


def _policy(account: Account, arn: str) -> Value:
    name = arn.rpartition("/")[2]
    return Ref(name, "arn") if name in account.managed else arn


def _with_policy(arn: str, held: Policy) -> list[Block]:
    name = arn.rpartition(":")[2]
    document: dict[str, Value] = {"policy": Text(held)}
    if ":s3:" in arn:
        return [
            Block("aws_s3_bucket", name, {"bucket": name}),
            Block("aws_s3_bucket_policy", f"of_{name}", {"bucket": Ref(name, "id"), **document}),
        ]
    url = f"https://sqs.{arn.split(':')[3]}.amazonaws.com/{arn.split(':')[4]}/{name}"
    return [Block("aws_sqs_queue_policy", f"of_{name}", {"queue_url": url, **document})]


def _modules(name: str, write: Callable[[list[Block]], str]) -> Files:
    files = {}
    for account in ACCOUNTS:
        blocks = _module(account)
        if account.id == MANAGEMENT:
            for target, kind, limit in _of_organization():
                label = f"{kind}_{target}"
                facts: dict[str, Value] = {"name": label, "type": _TYPES[kind]}
                facts |= {"content": Text(limit)}
                blocks.append(Block("aws_organizations_policy", label, facts))
                link = {"policy_id": Ref(label, "id"), "target_id": target}
                blocks.append(Block("aws_organizations_policy_attachment", f"at_{label}", link))
        files[f"accounts/{account.id}/{name}"] = write(blocks)
    return files


FORMS: Final = (
    Form("folders", lambda: _folders("json", text), _OF_MANAGEMENT + _beside_folders()),
    Form("folders of YAML", lambda: _folders("yaml", dumped), _OF_MANAGEMENT + _beside_folders()),
    Form("configuration", _declared, "", says_account=False),
    Form("dumps", lambda: _dumps("dumps/{}.json")),
    Form("dumps in folders", lambda: _dumps("accounts/{}/details.json")),
    Form("templates in JSON", lambda: _templates("template.json", text)),
    Form("templates in YAML", lambda: _templates("template.yaml", dumped)),
    Form("modules", lambda: _modules("main.tf", terraform.module)),
    Form("modules in JSON", lambda: _modules("main.tf.json", lambda b: text(terraform.in_json(b)))),
    Form("plans", lambda: _modules("plan.json", lambda b: text(plans.planned(b)))),
)
