"""Managed policies by ARN: those of the repository, then those of AWS as of the catalog's day.

An unknown policy is not guessed: it may allow and deny anything, so it leaves every answer open.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.account.build.agreement import may_be_same, open_one
from iamlint.account.build.compile import compiled_cases, on_a_condition, perhaps, perhaps_denying
from iamlint.account.origin import WHOLE, Origin, place
from iamlint.catalog.managed_policies import HOME, managed_policy, names, path_of
from iamlint.errors import UsageError
from iamlint.evaluator.statement import compile_policy
from iamlint.fast_dataclass import dataclass, replace
from iamlint.load.link import Held, Ref, Thing, key_of_name, shown
from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.model import Policy
from iamlint.policy.parse import parse_policy
from iamlint.policy.plain import is_plain
from iamlint.policy.spelling import slip_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.account.origin import Why
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.load.link import Name
    from iamlint.text.source import Value

_FOLDER: Final = "managed-policies"

# Organizations attaches it, and its like for resources, to everything:
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
FULL_ACCESS: Final = "FullAWSAccess"


@dataclass(frozen=True, slots=True)
class Managed:
    """A managed policy that an identity holds; `known` is false when its document is not.

    Several policies are the cases of one. `assumed` says what was taken for granted about it.
    """

    held: Held
    policies: tuple[CompiledPolicy, ...]
    known: bool = True
    assumed: str | None = None


class ManagedPolicies:
    """The documents of managed policies by what files call them: their ARNs and names."""

    def __init__(self, partition: str) -> None:
        self.partition = partition
        self._documents: dict[str, list[Document]] = {}
        self._found: dict[tuple[Ref, Kind], Managed | None] = {}

    def take(self, document: Document, account: str | None) -> None:
        """Take a document if it is a managed policy, by its ARN, or by its folder and name.

        `account` is that of its file, None for the home account.
        """
        if document.attachment.policy_arn is not None:
            self._add(document.attachment.policy_arn, document)
        folder, _, file = document.path.rpartition("/")
        if folder.rpartition("/")[2] == _FOLDER:
            name = file.rpartition(".")[0]
            arn = f"arn:{self.partition}:iam::{account}:policy/{name}"
            self._add(name if account is None else arn, document)

    def _add(self, name: Name, document: Document) -> None:
        key = key_of_name(name)
        if key is None:
            return
        known = self._documents.setdefault(key, [])
        for other in known:
            if other.attachment.scope == document.attachment.scope:
                _refuse_other(shown(name), other, document)
        known.append(document)

    def is_plain(self, arn: str) -> bool:
        """Return whether the documents of a policy are surely without faults, unparsed."""
        documents = self._documents.get(arn, ())
        return bool(documents) and all(
            is_plain(one.value, Kind.IDENTITY) and not (one.problems or one.source.flaws)
            for one in documents
        )

    def find(self, ref: Ref, kind: Kind) -> Managed | None:
        """Return the policy of an ARN, or of a name; None for a customer's one that is nowhere.

        One that is not known by name may be any policy. All policies are taken before.
        """
        if (ref, kind) not in self._found:
            self._found[ref, kind] = self._find(ref, kind)
        return self._found[ref, kind]

    def _find(self, ref: Ref, kind: Kind) -> Managed | None:
        key = key_of_name(ref.name)
        documents = self._documents.get(key, []) if key is not None else []
        if documents:
            return _of_documents(ref, documents, kind)
        if not isinstance(ref.name, str):
            return unknown(Held(ref), kind)
        parsed = parse_arn(ref.name)
        if parsed is None:
            return self._by_name(ref, ref.name, kind)
        if parsed.service != "iam" or not parsed.resource.startswith("policy/"):
            return None
        own = self._documents.get(parsed.resource_name)
        if own:
            return _of_documents(ref, own, kind)
        if parsed.account != "aws":
            return None
        return _of_aws(ref, parsed.resource.removeprefix("policy/"), parsed.partition, kind)

    def _by_name(self, ref: Ref, name: str, kind: Kind) -> Managed | None:
        """Return the one policy of a name, which the customer's and AWS's may share."""
        own = [arn for arn in self._documents if ":policy/" in arn and arn.endswith(f"/{name}")]
        path = path_of(name)
        if path is None or own:
            found = [one for arn in own for one in self._documents[arn]]
            return _of_documents(ref, found, kind) if len(own) == 1 else None
        of_aws = Ref(Thing.POLICY, f"arn:{self.partition}:iam::aws:policy/{path}")
        return _of_aws(of_aws, path, self.partition, kind)


def _refuse_other(name: str, known: Document, new: Document) -> None:
    """Raise where two files of one account say two things of one policy."""
    if known.value == new.value or (known.when and new.when) or may_be_same(known, new):
        return
    raise UsageError(
        f"the managed policy `{name}` has two documents: `{known.path}` and `{new.path}`",
        help="remove one, `exclude` it, or put it below `accounts/ID/`",
    )


def _of_documents(ref: Ref, documents: list[Document], kind: Kind) -> Managed:
    """Return the policy that documents are cases of; other stacks have other policies."""
    scopes = {document.attachment.scope for document in documents}
    near = ref.scope if ref.scope in scopes else next(iter(scopes)) if len(scopes) == 1 else None
    cases = [one for one in documents if one.attachment.scope == near]
    if cases and len({(d.path, d.pointer) for d in cases}) > 1:
        cases = [open_one(*cases)]  # they say the same
    if not cases:
        listed = " and ".join(f"`{place(document, WHOLE)}`" for document in documents[:2])
        return unknown(Held(Ref(Thing.POLICY, f"{ref}, which is both {listed}")), kind)
    cases = [_with_arn(document, ref.name) for document in cases]
    return Managed(Held(ref), tuple(compiled_cases(cases, kind)))


def _with_arn(document: Document, name: Name) -> Document:
    """Return a document with the ARN that its policy is held by, if its file does not give it."""
    about = document.attachment
    if about.policy_arn is not None or not isinstance(name, str) or parse_arn(name) is None:
        return document
    return replace(document, attachment=replace(about, policy_arn=name))


def _of_aws(ref: Ref, name: str, partition: str, kind: Kind) -> Managed:
    found = managed_policy(name, partition)
    if found is None:
        return unknown(Held(ref), kind)
    label = f"{ref} {found.version} of {found.changed}"
    assumed = None
    if partition != HOME:
        assumed = f"`{ref}` is the same as the policy of partition `{HOME}`"
    policy = _parsed(name, partition, kind)
    return Managed(Held(ref), (compile_policy(policy, Origin(label)),), assumed=assumed)


@lru_cache(maxsize=64)  # a few are attached to most roles
def _parsed(name: str, partition: str, kind: Kind) -> Policy:
    found = managed_policy(name, partition)
    return parse_policy(found.value if found else None, kind)


def where_to_keep(held: Held) -> str:
    """Return what makes a policy known: its right name, its document, or what it depends on."""
    if held.given or not isinstance(held.ref.name, str):
        return "write the value it depends on in the files, or ask about a dump of the account"
    arn = held.ref.name
    parsed = parse_arn(arn)
    name = arn.rpartition("/")[2]
    of_aws = parsed is not None and parsed.account == "aws"
    known = path_of(name) if of_aws else None
    if known is not None:
        return f"AWS has it as `{arn.partition(':policy/')[0]}:policy/{known}`"
    meant = slip_of(arn.partition(":policy/")[2], names()) if of_aws else None
    keep = f"keep its document as `{_FOLDER}/{name}.json`"
    return f"did you mean `{meant}`? if not, {keep}" if meant else keep


def unknown(held: Held, kind: Kind) -> Managed:
    """Return a policy whose text, or whether it is held, is not known."""
    return Managed(held, (unknown_policy(str(held), kind),), known=False)


def unknown_policy(name: str, kind: Kind) -> CompiledPolicy:
    """Return a policy about which nothing is known: it may allow and deny anything."""
    policy = Policy(kind, (), opaque=frozenset({"Statement"}))
    return compile_policy(policy, Origin(name))


def full_access(kind: Kind) -> CompiledPolicy:
    """Return a policy of a kind that allows everything."""
    return compile_policy(_everything(kind), Origin(FULL_ACCESS))


def _everything(kind: Kind) -> Policy:
    statement: Value = {
        "Effect": "Allow",
        **({"Principal": "*"} if kind.has_principal else {}),
        "Action": "*",
        **({} if kind is Kind.TRUST else {"Resource": "*"}),
    }
    return parse_policy({"Version": "2012-10-17", "Statement": [statement]}, kind)


def may_limit(
    policies: Sequence[CompiledPolicy], why: Why, *, is_one: bool = False
) -> tuple[CompiledPolicy, ...]:
    """Return limits that exclude each other: at most one applies; with `is_one` exactly one."""
    if not policies:
        return ()
    kind = policies[0].kind
    if len(policies) == 1 and not is_one:
        return perhaps_denying(policies[0], why), perhaps_unlimited(kind, why)
    every = tuple(perhaps(policy, why) for policy in policies)
    return every if is_one else (*every, perhaps_unlimited(kind, why))


def perhaps_unlimited(kind: Kind, why: Why) -> CompiledPolicy:
    """Return what is beside a limit that may not be there: it may be that all is allowed."""
    statement = _everything(kind).statements[0]
    open_ = on_a_condition(replace(statement, index=-1))
    return compile_policy(Policy(kind, (open_,)), Origin("no limit", why=why))
