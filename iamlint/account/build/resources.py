"""Which resource a policy is on, and what two sources may say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.build.agreement import may_be_same, open_one
from iamlint.account.build.compile import by_place, compiled_cases, perhaps
from iamlint.account.build.identity_builder import both, is_same
from iamlint.account.build.managed import unknown_policy
from iamlint.account.model import DescribedResource, OpenPolicy
from iamlint.account.origin import WHOLE, on_conditions, place
from iamlint.errors import UsageError
from iamlint.load.link import key_of_name, shown
from iamlint.policy.arn import account_of, is_account_id, parse_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.origin import Unread
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document, NotAnalysed
    from iamlint.load.link import Name


class ResourcePolicies:
    """The policies of resources: of those that are known, and of those that are not."""

    def __init__(self, home: str | None) -> None:
        self.home = home
        self.owners: dict[str, str | None] = {}
        self._policies: dict[str, Document | None] = {}
        self._cases: dict[str, list[Document]] = {}
        self._joining: dict[str, list[Document]] = {}
        self._missing: dict[str, str] = {}
        self._open: dict[object, list[Document]] = {}
        self._gone: list[tuple[Name, str]] = []
        self._strays: list[Document] = []
        self._several: dict[str, list[Document]] = {}

    def place(self, document: Document, account: str | None) -> None:
        """Put a policy on the resource that its file, or the policy itself, names."""
        arn = document.attachment.arn
        if arn is None and document.attachment.address is None:
            arn = resource_of(document)
        if not isinstance(arn, str) or parse_arn(arn) is None or is_wild(arn):
            key = (key_of_name(arn) if arn is not None else None) or (
                document.path,
                document.pointer,
            )
            self._open.setdefault((key, document.attachment.scope), []).append(document)
            return
        owner = account_of(arn) or account or owner_of(document) or self.home
        if document.joins:
            self._joining.setdefault(arn, []).append(document)
            self.owners.setdefault(arn, owner)
        else:
            self._add(arn, document, owner)

    def stray(self, document: Document) -> None:
        """Take a policy without a resource in a file: it may be that of a resource it names."""
        self._strays.append(document)

    def declare(self, arn: str, document: Document | None) -> None:
        """Take what the configuration says of a resource; None for no policy."""
        self._strays = [stray for stray in self._strays if stray is not document]
        self._several.pop(arn, None)
        self._add(arn, document, account_of(arn) or self.home)

    def miss(self, item: NotAnalysed, name: str) -> None:
        """Note that a resource has a policy whose text is not known."""
        arn = item.attachment.arn
        if isinstance(arn, str) and parse_arn(arn) is not None:
            self._missing[arn] = name
        elif arn is not None or item.attachment.resource_type is not None:
            self._gone.append((any_of(item, None) if arn is None else arn, name))

    def miss_declared(self, arn: str, unread: Unread) -> None:
        """Note that the policy of a resource could not be read."""
        self._missing[arn] = str(unread)

    def _add(self, arn: str, document: Document | None, owner: str | None) -> None:
        if document is not None and (document.cases or document.attachment.given):
            self._cases.setdefault(arn, []).append(document)
            self.owners.setdefault(arn, owner)
            return
        known = self._policies.get(arn)
        if document is not None and (
            arn in self._several or (known is not None and _are_of_two_stacks(known, document))
        ):
            self._several.setdefault(arn, []).extend(filter(None, (known, document)))
            self._policies.pop(arn, None)
            return
        if arn in self._policies:
            document = _agreed(arn, self._policies[arn], document)
        self._policies[arn] = document
        self.owners[arn] = owner

    def known(self) -> dict[str, DescribedResource]:
        """Return the resources whose ARNs are known."""
        found = {
            arn: DescribedResource(
                arn, (unknown_policy(name, kind_at(arn)),), account_of(arn) or self.home
            )
            for arn, name in self._missing.items()
        }
        for arn in dict.fromkeys((*self._policies, *self._cases, *self._joining)):
            whole = self._policies.get(arn)
            parts = [[whole]] if whole else []
            parts += [[one] for one in self._joining.get(arn, [])]
            parts += by_place(self._cases.get(arn, []))
            policies = [p for part in parts for p in policies_of(part, kind_at(arn))]
            if arn in self._missing:
                policies.append(unknown_policy(self._missing[arn], kind_at(arn)))
            is_open = arn not in self._policies and arn not in self._cases
            found[arn] = DescribedResource(arn, tuple(policies), self.owners[arn], open=is_open)
        return found

    def open(self) -> tuple[OpenPolicy, ...]:
        """Return the policies whose resource is unknown, or known only in part."""
        found = []
        for documents in self._open.values():
            first = documents[0]
            arn = first.attachment.arn
            if arn is None or isinstance(arn, Unknown):
                arn = resource_of(first) or any_of(first, arn)
            owner = account_of(shown(arn)) or owner_of(first) or self.home
            found.append(OpenPolicy(arn, tuple(documents), owner, place(first, WHOLE)))
        found += [OpenPolicy(arn, (), self.home, name) for arn, name in self._gone]
        unsure = [(resource_of(one) or any_of(one, None), one) for one in self._strays]
        unsure += [(arn, one) for arn, several in self._several.items() for one in several]
        for arn, document in unsure:
            where = place(document, WHOLE)
            found.append(OpenPolicy(arn, (document,), self.home, where, is_placed=False))
        return tuple(found)


def policies_of(documents: list[Document], kind: Kind) -> Iterator[CompiledPolicy]:
    """Yield the policy that documents are the cases of; one that is there on conditions is open."""
    for policy in compiled_cases(documents, kind):
        given = documents[0].attachment.given
        if given:
            yield perhaps(policy, on_conditions(given))
        else:
            yield policy


def any_of(policy: Document | NotAnalysed, arn: Name | None) -> Name:
    """Return what the ARN of a policy's resource may be, by the type of the resource alone."""
    type_ = policy.attachment.resource_type or ""
    if policy.kind is Kind.ENDPOINT:
        type_ = _ENDPOINT
    word = type_.split("::")[1].lower() if type_.count("::") > 1 else ""
    service = _SERVICES.get(word, word)
    rest = arn if isinstance(arn, Unknown) else Unknown("…")
    anything = Unknown("…")
    if not service:
        return rest
    return Partial(("arn:", anything, f":{service}:", anything, ":", anything, ":", rest))


_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
# Services whose ARNs have another name than their types in CloudFormation.
_SERVICES: Final = {
    "acmpca": "acm-pca",
    "apigateway": "execute-api",
    "efs": "elasticfilesystem",
    "elasticsearch": "es",
    "eventschemas": "schemas",
    "msk": "kafka",
    "opensearchservice": "es",
    "paymentcryptography": "payment-cryptography",
    "redshiftserverless": "redshift-serverless",
    "s3objectlambda": "s3-object-lambda",
    "s3outposts": "s3-outposts",
}


def _are_of_two_stacks(known: Document, new: Document) -> bool:
    """Return whether two stacks have a resource of one ARN: they are of two accounts, then."""
    scopes = known.attachment.scope, new.attachment.scope
    return all(scopes) and scopes[0] != scopes[1] and not is_same(known, new)


def _agreed(arn: str, known: Document | None, new: Document | None) -> Document | None:
    """Return the policy of a resource that two sources describe; None if it has no policy."""
    if known is None or new is None:
        policy = known or new
        if policy is not None:
            raise UsageError(
                f'`[resources."{arn}"]` names no policy, and `{policy.path}` is one of it',
                help="name it there as the `policy`, or `exclude` its file",
            )
        return None
    if known.when or new.when:  # which of them holds is decided elsewhere
        return known if known.when else new
    if may_be_same(known, new):
        return open_one(known, new)
    if not is_same(known, new):
        raise UsageError(
            f"`{arn}` has two policies: {' and '.join(f'`{one}`' for one in both(known, new))}",
            help="a resource has one policy: remove or `exclude` the other",
        )
    return known


def arn_of_one(arn: str) -> str:
    """Return the ARN of a declared resource, or raise where it may be that of several."""
    if parse_arn(arn) is None or is_wild(arn):
        raise UsageError(f'`[resources."{arn}"]` is not the ARN of one resource')
    return arn


def owner_of(document: Document) -> str | None:
    """Return the account of a resource, where a file says it: the ARN of a bucket does not."""
    owner = document.attachment.owner
    return owner if isinstance(owner, str) and is_account_id(owner) else None


def kind_at(arn: str) -> Kind:
    """Return the kind of the policy that a resource has of its own."""
    return Kind.ENDPOINT if ":vpc-endpoint/" in arn else Kind.RESOURCE


def resource_of(document: Document) -> str | None:
    """Return the one resource that a resource policy can be on, as its statements name it.

    Those of a VPC endpoint name what is reached through it, not the endpoint.
    """
    if document.kind is Kind.ENDPOINT:
        return None
    arns = [e.known for s in document.policy.statements for e in s.resources]
    single = {arn for arn in arns if arn is not None and parse_arn(arn) and not is_wild(arn)}
    tops = {arn for arn in single if not any(arn != o and arn.startswith(f"{o}/") for o in single)}
    tops |= {
        arn.removesuffix("/*")
        for arn in arns
        if arn is not None and arn.endswith("/*") and not is_wild(arn.removesuffix("/*"))
    }
    tops = {arn for arn in tops if not any(arn != o and arn.startswith(f"{o}/") for o in tops)}
    return tops.pop() if len(tops) == 1 and parse_arn(min(tops)) else None
