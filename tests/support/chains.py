"""Small accounts in which principals become others, written in each carrier of policies.

An `Account` says who holds what; `write` makes the files of one carrier of it. All carriers of an
account describe the same account, but in those with unknown names `prod` at the end of a name is a
variable or a parameter without a value: what is true of the account is then true of one value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from iamlint.policy.pattern import pattern_of
from tests.support.loading import write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from iamlint.account.model import Accounts, Identity
    from iamlint.repository import Repository

Files = dict[str, str]
Value = Any
"""Plain data with a `Ref` at any place."""
Statement = dict[str, Value]

HOME: Final = "111122223333"
ABROAD: Final = "444455556666"
ENV: Final = "prod"
ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
GITHUB: Final = "token.actions.githubusercontent.com"


class Spelling(StrEnum):
    """How a policy names a principal that the same files describe."""

    REFERENCE = "by a reference to its ARN"
    BUILT = "by an ARN built of a reference to its name"
    TEXT = "by an ARN in which its name is written out"


class Names(StrEnum):
    """What a carrier says of names."""

    WRITTEN = "they are written out"
    OPEN = "their end is a variable without a value"
    MADE = "AWS makes them"


@dataclass(frozen=True, slots=True)
class Ref:
    """A user, group, role, managed policy or provider of the account, by its name."""

    kind: str
    name: str
    path: str = "/"
    spelling: Spelling = Spelling.REFERENCE

    @property
    def title(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{HOME}:{self.kind}{self.path}{self.name}"

    @property
    def built(self) -> Ref:
        return replace(self, spelling=Spelling.BUILT)

    @property
    def text(self) -> Ref:
        return replace(self, spelling=Spelling.TEXT)

    @property
    def stem(self) -> str:
        """The part of the name that is known in each carrier."""
        return self.name.removesuffix(f"-{ENV}")

    @property
    def is_whole(self) -> bool:
        """Whether the whole name is known in each carrier."""
        return self.stem == self.name

    @property
    def label(self) -> str:
        """Its name in a module."""
        return self.stem.replace("-", "_").replace(".", "_")

    @property
    def logical_id(self) -> str:
        """Its name in a template, which is one for all kinds of resources."""
        return "".join(part.title() for part in (*self.label.split("_"), *self.kind.split("-")))


@dataclass(frozen=True, slots=True)
class Principal:
    """A user, group or role; `policies` are its inline policies, each a list of statements.

    `attached` and `boundary` are managed policies of the account, or ARNs of AWS's.
    """

    ref: Ref
    policies: tuple[tuple[Statement, ...], ...] = ()
    attached: tuple[Ref | str, ...] = ()
    boundary: Ref | str | None = None
    groups: tuple[Ref, ...] = ()
    trust: tuple[Statement, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    has_profile: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `managed` are its managed policies by name, `scps` those attached to it."""

    principals: tuple[Principal, ...]
    managed: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    scps: tuple[tuple[Statement, ...], ...] = ()
    has_github: bool = False

    def write(self, folder: Path, carrier: str, *, is_known: bool = True) -> None:
        """Write the files of a carrier; the configuration names the account if it `is_known`."""
        files = CARRIERS[carrier](self)
        toml = f'account = "{HOME}"\n' if is_known else ""
        write_files(folder, {**files, "iamlint.toml": toml + files.get("iamlint.toml", "")})


def found(accounts: Accounts, ref: Ref) -> Identity:
    """Return a principal of an account that was read from any carrier."""
    if ref.title in accounts.identities:
        return accounts.identities[ref.title]
    addresses = _addresses(ref)
    every = [one for one in accounts.identities.values() if addresses & set(one.addresses)]
    assert len(every) == 1, f"{len(every)} principals are `{ref.title}`"
    return every[0]


def arn_in(repository: Repository, one: Ref | str) -> str:
    """Return the ARN of something in a repository, as questions take it."""
    if not isinstance(one, Ref):
        return one
    if one.kind == "policy":
        addresses = _addresses(one)
        for document in repository.documents:
            held = document.attachment
            if held.policy_arn is not None and addresses & set(held.addresses):
                return pattern_of(held.policy_arn)
    if one.kind in ("policy", "oidc-provider"):
        return one.arn
    return found(repository.account.accounts, one).arn


def _addresses(ref: Ref) -> set[str]:
    address = f"{_TERRAFORM[ref.kind]}.{ref.label}"
    own = [f"{address}{end}" for end in ("", *(f"[{key.value}]" for key in Repeated))]
    return {*own, *(f"module.within.{one}" for one in own), ref.logical_id}


def user(name: str, path: str = "/") -> Ref:
    return Ref("user", name, path)


def group(name: str) -> Ref:
    return Ref("group", name)


def role(name: str, path: str = "/") -> Ref:
    return Ref("role", name, path)


def managed(name: str) -> Ref:
    return Ref("policy", name)


def github() -> Ref:
    return Ref("oidc-provider", GITHUB)


def allow(actions: str | list[str], *resources: Value, **more: Value) -> Statement:
    """Return a statement; without resources it is about all."""
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources) or "*", **more}


def deny(actions: str | list[str], *resources: Value, **more: Value) -> Statement:
    return allow(actions, *resources, **more) | {"Effect": "Deny"}


def trusts(
    action: str | list[str] = "sts:AssumeRole",
    /,
    *,
    If: Value = None,  # noqa: N803 - an element
    **who: Value,
) -> Statement:
    """Return a statement of a trust policy: `AWS=`, `Service=` or `Federated=`."""
    condition = {"Condition": If} if If else {}
    return {"Effect": "Allow", "Principal": who, "Action": action, **condition}


EC2: Final = trusts(Service="ec2.amazonaws.com")
LAMBDA: Final = trusts(Service="lambda.amazonaws.com")


def _policy(statements: tuple[Statement, ...]) -> dict[str, Value]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _mapped(value: Value, write: Callable[[Ref], Value]) -> Value:
    """Return data with its references replaced."""
    if isinstance(value, dict):
        return {key: _mapped(item, write) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, write) for item in value]
    return write(value) if isinstance(value, Ref) else value


def _literal(value: Value) -> Value:
    """Return data with the ARNs of this account in place of references."""
    return _mapped(value, lambda ref: ref.arn)


def _document(statements: tuple[Statement, ...]) -> str:
    return json.dumps(_literal(_policy(statements)), indent=1)


# Modules of Terraform.

_TERRAFORM: Final = {
    "user": "aws_iam_user",
    "group": "aws_iam_group",
    "role": "aws_iam_role",
    "policy": "aws_iam_policy",
    "oidc-provider": "aws_iam_openid_connect_provider",
}


@dataclass(frozen=True, slots=True)
class _Expression:
    text: str


_WITHIN: Final = ("role", "policy")


class Repeated(StrEnum):
    """How a resource has instances, by the key of its only one."""

    COUNT = "0"
    EACH = '"one"'


_EACH: Final = '  for_each = toset(["one"])'


@dataclass(frozen=True, slots=True)
class _Module:
    """How a module is written: with `count` or `for_each`, links in lists, texts in files.

    The roles and policies of one `of_two` are in a module that it calls, `within` which is the
    other.
    """

    names: Names = Names.WRITTEN
    repeated: Repeated | None = None
    has_lists: bool = False
    has_files: bool = False
    of_two: bool = False
    is_within: bool = False

    def name(self, ref: Ref) -> str:
        if ref.is_whole or self.names is not Names.OPEN:
            return ref.name
        return f"{ref.stem}-${{var.env}}"

    def has(self, ref: Ref) -> bool:
        """Return whether the resource is in this module."""
        return not self.of_two or (ref.kind in _WITHIN) is self.is_within

    @property
    def index(self) -> str:
        return "" if self.repeated is None else f"[{self.repeated.value}]"

    def path(self, ref: Ref, attribute: str) -> str:
        if self.has(ref):
            return f"{_TERRAFORM[ref.kind]}.{ref.label}{self.index}.{attribute}"
        return ("var." if self.is_within else "module.within.") + _exported(ref, attribute)

    def arn(self, ref: Ref) -> _Expression | str:
        match ref.spelling:
            case Spelling.REFERENCE:
                return _Expression(self.path(ref, "arn"))
            case Spelling.BUILT:
                account = "${data.aws_caller_identity.me.account_id}"
                name = f"${{{self.path(ref, 'name')}}}"
                return _Expression(f'"arn:aws:iam::{account}:{ref.kind}{ref.path}{name}"')
            case Spelling.TEXT:
                return f"arn:aws:iam::{HOME}:{ref.kind}{ref.path}{self.name(ref)}"

    def jsonencode(self, statements: tuple[Statement, ...]) -> _Expression:
        whole = _mapped(_escaped(_policy(statements)), self.arn)
        return _Expression(f"jsonencode({_hcl(whole)})")

    def attached(self, one: Ref | str) -> _Expression | str:
        return self.arn(one) if isinstance(one, Ref) else one

    def block(self, type_: str, label: str, attributes: Mapping[str, Value]) -> str:
        repeated = {None: [], Repeated.COUNT: ["  count = 1"], Repeated.EACH: [_EACH]}
        lines = [f"  {name} = {_hcl(value)}" for name, value in attributes.items()]
        return "\n".join(
            [f'resource "{type_}" "{label}" {{', *repeated[self.repeated], *lines, "}", ""]
        )

    def named(self, ref: Ref) -> dict[str, Value]:
        is_made = self.names is Names.MADE and ref.kind == "role"
        named = {} if is_made else {"name": self.name(ref)}
        return named | ({"path": ref.path} if ref.path != "/" else {})

    def principal(self, one: Principal) -> list[str]:
        ref = one.ref
        holder = {ref.kind: _Expression(self.path(ref, "name"))}
        own = self.named(ref)
        if one.trust:
            own["assume_role_policy"] = self.jsonencode(one.trust)
        if one.boundary is not None:
            own["permissions_boundary"] = self.attached(one.boundary)
        if one.tags:
            own["tags"] = dict(one.tags)
        blocks = [self.block(_TERRAFORM[ref.kind], ref.label, own)]
        for number, statements in enumerate(one.policies):
            inline = {"name": f"inline{number}", **holder, "policy": self.jsonencode(statements)}
            type_ = f"{_TERRAFORM[ref.kind]}_policy"
            blocks.append(self.block(type_, f"{ref.label}_{number}", inline))
        for number, policy in enumerate(one.attached):
            blocks.append(self.attachment(ref, f"{ref.kind}_{ref.label}_{number}", policy))
        blocks += self.memberships(one)
        if one.has_profile:
            blocks.append(self.block("aws_iam_instance_profile", ref.label, _profile_of(self, ref)))
        return blocks

    def attachment(self, ref: Ref, label: str, policy: Ref | str) -> str:
        held: dict[str, Value] = {"policy_arn": self.attached(policy)}
        name = _Expression(self.path(ref, "name"))
        if self.has_lists:
            held |= {"name": label, f"{ref.kind}s": [name]}
            return self.block("aws_iam_policy_attachment", label, held)
        return self.block(
            f"{_TERRAFORM[ref.kind]}_policy_attachment", label, held | {ref.kind: name}
        )

    def memberships(self, one: Principal) -> list[str]:
        me = _Expression(self.path(one.ref, "name"))
        groups = [_Expression(self.path(ref, "name")) for ref in one.groups]
        if not self.has_lists:
            link = {"user": me, "groups": groups}
            every = [self.block("aws_iam_user_group_membership", one.ref.label, link)]
            return every if groups else []
        return [
            self.block(
                "aws_iam_group_membership",
                f"{one.ref.label}_{number}",
                {"name": f"{one.ref.label}{number}", "group": name, "users": [me]},
            )
            for number, name in enumerate(groups)
        ]

    def files(self, account: Account) -> Files:
        texts: Files = {}
        blocks = self.blocks(account, texts)
        if not self.of_two:
            return {"main.tf": "".join(blocks), **texts}
        every = [*map(managed, account.managed), *(one.ref for one in account.principals)]
        within = replace(self, is_within=True)
        names = [(ref, name) for ref in every for name in ("arn", "name")]
        given = {
            _exported(ref, name): _Expression(self.path(ref, name))
            for ref, name in names
            if self.has(ref)
        }
        if account.has_github:
            given[_exported(github(), "arn")] = _Expression(self.path(github(), "arn"))
        if self.names is Names.OPEN:
            given["env"] = _Expression("var.env")
        inputs = [f"  {name} = {_hcl(value)}" for name, value in given.items()]
        call = "\n".join(['module "within" {', '  source = "./within"', *inputs, "}", ""])
        variables = [f'variable "{name}" {{}}\n' for name in given if name != "env"]
        outputs = [
            f'output "{_exported(ref, name)}" {{\n  value = {within.path(ref, name)}\n}}\n'
            for ref, name in names
            if within.has(ref)
        ]
        return {
            "main.tf": "".join([*blocks, call]),
            "within/main.tf": "".join([*within.blocks(account, texts), *variables, *outputs]),
            **texts,
        }

    def blocks(self, account: Account, texts: Files) -> list[str]:
        """Return the blocks of a module; add the files that they read to `texts`."""
        blocks = ['data "aws_caller_identity" "me" {}\n']
        if self.names is Names.OPEN:
            blocks.append('variable "env" {}\n')
        for name, statements in account.managed.items():
            ref = managed(name)
            if self.has(ref):
                text = self.jsonencode(statements)
                if self.has_files:
                    texts[f"policies/{ref.label}.json"] = _document(statements)
                    text = _Expression(f'file("${{path.module}}/policies/{ref.label}.json")')
                own = self.named(ref) | {"policy": text}
                blocks.append(self.block("aws_iam_policy", ref.label, own))
        for one in account.principals:
            if self.has(one.ref):
                blocks += self.principal(one)
        if self.is_within:
            return blocks
        if account.has_github:
            own = {"url": f"https://{GITHUB}", "client_id_list": ["sts.amazonaws.com"]}
            blocks.append(self.block("aws_iam_openid_connect_provider", github().label, own))
        for number, statements in enumerate(account.scps):
            label = f"scp{number}"
            own = {"name": label, "type": "SERVICE_CONTROL_POLICY"}
            own |= {"content": self.jsonencode(statements)}
            blocks.append(self.block("aws_organizations_policy", label, own))
            link: dict[str, Value] = {
                "policy_id": _Expression(f"aws_organizations_policy.{label}{self.index}.id")
            }
            link |= {"target_id": HOME}
            blocks.append(self.block("aws_organizations_policy_attachment", label, link))
        return blocks


def _exported(ref: Ref, attribute: str) -> str:
    """Return the name of a value that one module gives the other."""
    return f"{ref.label}_{ref.kind.replace('-', '_')}_{attribute}"


def _profile_of(module: _Module, ref: Ref) -> dict[str, Value]:
    return {"name": module.name(ref), "role": _Expression(module.path(ref, "name"))}


def _escaped(value: Value) -> Value:
    """Return data in which policy variables are not templates of Terraform."""
    if isinstance(value, dict):
        return {_escaped(key): _escaped(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_escaped(item) for item in value]
    return value.replace("${", "$${") if isinstance(value, str) else value


def _hcl(value: Value) -> str:
    if isinstance(value, _Expression):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(map(_hcl, value))}]"
    if isinstance(value, dict):
        members = (f"{json.dumps(key)} = {_hcl(item)}" for key, item in value.items())
        return f"{{ {', '.join(members)} }}"
    return json.dumps(value)


# Templates of CloudFormation.

_CLOUDFORMATION: Final = {
    "user": ("AWS::IAM::User", "UserName"),
    "group": ("AWS::IAM::Group", "GroupName"),
    "role": ("AWS::IAM::Role", "RoleName"),
    "policy": ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
}


@dataclass(frozen=True, slots=True)
class _Template:
    """How a template is written."""

    names: Names = Names.WRITTEN

    def name(self, ref: Ref) -> Value:
        if ref.is_whole or self.names is not Names.OPEN:
            return ref.name
        return {"Fn::Sub": f"{ref.stem}-${{Env}}"}

    def arn(self, ref: Ref) -> Value:
        match ref.spelling:
            case Spelling.REFERENCE if ref.kind in ("policy", "oidc-provider"):
                return {"Ref": ref.logical_id}
            case Spelling.REFERENCE:
                return {"Fn::GetAtt": [ref.logical_id, "Arn"]}
            case Spelling.BUILT:
                name = f"${{{ref.logical_id}}}"
            case Spelling.TEXT:
                name = ref.name
                if self.names is Names.OPEN and not ref.is_whole:
                    name = f"{ref.stem}-${{Env}}"
        return {"Fn::Sub": f"arn:aws:iam::${{AWS::AccountId}}:{ref.kind}{ref.path}{name}"}

    def policy(self, statements: tuple[Statement, ...]) -> Value:
        return _mapped(_policy(statements), self.arn)

    def attached(self, one: Ref | str) -> Value:
        return self.arn(one) if isinstance(one, Ref) else one

    def named(self, ref: Ref) -> dict[str, Value]:
        of_name = _CLOUDFORMATION[ref.kind][1]
        return ({} if self.names is Names.MADE else {of_name: self.name(ref)}) | (
            {"Path": ref.path} if ref.path != "/" else {}
        )

    def principal(self, one: Principal) -> dict[str, Value]:
        ref = one.ref
        own = self.named(ref)
        if one.policies:
            own["Policies"] = [
                {"PolicyName": f"inline{number}", "PolicyDocument": self.policy(statements)}
                for number, statements in enumerate(one.policies)
            ]
        if one.attached:
            own["ManagedPolicyArns"] = [self.attached(policy) for policy in one.attached]
        if one.trust:
            own["AssumeRolePolicyDocument"] = self.policy(one.trust)
        if one.boundary is not None:
            own["PermissionsBoundary"] = self.attached(one.boundary)
        if one.groups:
            own["Groups"] = [{"Ref": ref.logical_id} for ref in one.groups]
        if one.tags:
            own["Tags"] = [{"Key": key, "Value": value} for key, value in one.tags.items()]
        found = {ref.logical_id: _resource(_CLOUDFORMATION[ref.kind][0], own)}
        if one.has_profile:
            roles = {"Roles": [{"Ref": ref.logical_id}]}
            found[f"{ref.logical_id}Profile"] = _resource("AWS::IAM::InstanceProfile", roles)
        return found

    def files(self, account: Account) -> Files:
        found: dict[str, Value] = {}
        for name, statements in account.managed.items():
            ref = managed(name)
            own = self.named(ref) | {"PolicyDocument": self.policy(statements)}
            found[ref.logical_id] = _resource("AWS::IAM::ManagedPolicy", own)
        for one in account.principals:
            found |= self.principal(one)
        if account.has_github:
            own = {"Url": f"https://{GITHUB}", "ClientIdList": ["sts.amazonaws.com"]}
            found[github().logical_id] = _resource("AWS::IAM::OIDCProvider", own)
        for number, statements in enumerate(account.scps):
            own = {"Name": f"scp{number}", "Type": "SERVICE_CONTROL_POLICY", "TargetIds": [HOME]}
            own |= {"Content": self.policy(statements)}
            found[f"Scp{number}"] = _resource("AWS::Organizations::Policy", own)
        parameters = {"Parameters": {"Env": {"Type": "String"}}} if self.names is Names.OPEN else {}
        whole = {"AWSTemplateFormatVersion": "2010-09-09", **parameters, "Resources": found}
        return {"template.json": json.dumps(whole, indent=1)}


def _resource(type_: str, properties: Mapping[str, Value]) -> Value:
    return {"Type": type_, "Properties": dict(properties)}


# Folders, and the configuration for what they cannot say.


def _folders(account: Account) -> Files:
    files: Files = {}
    toml = ""
    for one in account.principals:
        folder = f"{one.ref.kind}s/{one.ref.name}"
        for number, statements in enumerate(one.policies):
            files[f"{folder}/inline{number}.json"] = _document(statements)
        if one.trust:
            files[f"{folder}/trust.json"] = _document(one.trust)
        toml += _configured(one)
    for name, statements in account.managed.items():
        files[f"managed-policies/{name}.json"] = _document(statements)
    return files | _organization(account) | {"iamlint.toml": toml}


def _configured(one: Principal) -> str:
    facts: dict[str, Value] = {}
    if one.attached:
        facts["policies"] = _literal(one.attached)
    if one.boundary is not None:
        facts["boundary"] = _literal(one.boundary)
    if one.groups:
        facts["groups"] = [ref.name for ref in one.groups]
    if one.ref.path != "/":
        facts["path"] = one.ref.path
    lines = [f"{name} = {json.dumps(value)}" for name, value in facts.items()]
    if one.tags:
        tags = ", ".join(f"{json.dumps(key)} = {json.dumps(v)}" for key, v in one.tags.items())
        lines.append(f"tags = {{ {tags} }}")
    return "\n".join([f'[principals."{one.ref.title}"]', *lines, ""])


def _organization(account: Account) -> Files:
    return {
        f"organization/scps/scp{number}.json": _document(statements)
        for number, statements in enumerate(account.scps)
    }


# The output of `get-account-authorization-details`.


def _dump(account: Account) -> Files:
    details: dict[str, Value] = {
        f"{kind.title()}DetailList": [
            _detail(one) for one in account.principals if one.ref.kind == kind
        ]
        for kind in ("user", "group", "role")
    }
    details["Policies"] = [
        {
            "PolicyName": name,
            "Arn": managed(name).arn,
            "Path": "/",
            "DefaultVersionId": "v1",
            "PolicyVersionList": [
                {
                    "VersionId": "v1",
                    "IsDefaultVersion": True,
                    "Document": _literal(_policy(statements)),
                }
            ],
        }
        for name, statements in account.managed.items()
    ]
    details["IsTruncated"] = False
    return {"details.json": json.dumps(details, indent=1)} | _organization(account)


def _detail(one: Principal) -> dict[str, Value]:
    ref, title = one.ref, one.ref.kind.title()
    held = [
        {"PolicyName": f"inline{number}", "PolicyDocument": _literal(_policy(statements))}
        for number, statements in enumerate(one.policies)
    ]
    arns = [_literal(policy) for policy in one.attached]
    found: dict[str, Value] = {
        f"{title}Name": ref.name,
        f"{title}Id": "A" + ref.kind[0].upper() + ref.label.upper(),
        "Path": ref.path,
        "Arn": ref.arn,
        f"{title}PolicyList": held,
        "AttachedManagedPolicies": [
            {"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns
        ],
    }
    if ref.kind == "user":
        found["GroupList"] = [ref.name for ref in one.groups]
    if ref.kind == "role":
        found["AssumeRolePolicyDocument"] = _literal(_policy(one.trust))
        found["InstanceProfileList"] = [_profile(found)] if one.has_profile else []
    if one.boundary is not None:
        found["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": _literal(one.boundary),
        }
    if ref.kind != "group":
        found["Tags"] = [{"Key": key, "Value": value} for key, value in one.tags.items()]
    return found


def _profile(of_role: Mapping[str, Value]) -> dict[str, Value]:
    name = of_role["RoleName"]
    inside = {key: of_role[key] for key in ("RoleName", "RoleId", "Path", "Arn")}
    return {
        "InstanceProfileName": name,
        "InstanceProfileId": "AIPA1",
        "Path": "/",
        "Arn": f"arn:aws:iam::{HOME}:instance-profile/{name}",
        "Roles": [inside],
    }


LITERAL: Final[dict[str, Callable[[Account], Files]]] = {
    "terraform": _Module().files,
    "terraform-count": _Module(repeated=Repeated.COUNT).files,
    "terraform-each": _Module(repeated=Repeated.EACH).files,
    "terraform-files": _Module(has_files=True).files,
    "terraform-modules": _Module(of_two=True).files,
    "terraform-lists": _Module(has_lists=True).files,
    "template": _Template().files,
    "folders": _folders,
    "dump": _dump,
}
"""The carriers in which all names are known, by name."""

WITH_UNKNOWN_NAMES: Final[dict[str, Callable[[Account], Files]]] = {
    "terraform-unknown-names": _Module(Names.OPEN).files,
    "terraform-count-unknown-names": _Module(Names.OPEN, Repeated.COUNT).files,
    "terraform-each-unknown-names": _Module(Names.OPEN, Repeated.EACH).files,
    "terraform-modules-unknown-names": _Module(Names.OPEN, of_two=True).files,
    "terraform-lists-unknown-names": _Module(Names.OPEN, has_lists=True).files,
    "template-unknown-names": _Template(Names.OPEN).files,
}
"""Those in which the end of a name is not known."""

MADE_NAMES: Final[dict[str, Callable[[Account], Files]]] = {
    "terraform-made-names": _Module(Names.MADE).files,
    "terraform-count-made-names": _Module(Names.MADE, Repeated.COUNT).files,
    "terraform-each-made-names": _Module(Names.MADE, Repeated.EACH).files,
    "terraform-modules-made-names": _Module(Names.MADE, of_two=True).files,
    "template-made-names": _Template(Names.MADE).files,
}
"""Those in which AWS makes the names: of roles in modules, of all in templates."""

CARRIERS: Final = LITERAL | WITH_UNKNOWN_NAMES | MADE_NAMES
