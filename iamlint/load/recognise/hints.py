"""The kinds of policies that keys and paths around them hint at, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.text.span import Pointer

_KEYS: Final = {
    Kind.TRUST: (
        "AssumeRolePolicyDocument AssumeRolePolicy AssumeRolePolicyStd TrustPolicy"
        " TrustPolicyDocument TrustRelationship TrustRelationships"
    ),
    Kind.IDENTITY: (
        "UserPolicyList GroupPolicyList RolePolicyList PolicyVersion PolicyVersionList"
        " InlinePolicy InlinePolicies InlinePolicyDocument IdentityPolicy"
    ),
    Kind.BOUNDARY: "PermissionsBoundary PermissionBoundary PermissionsBoundaryPolicy",
    Kind.SESSION: "SessionPolicy SessionPolicies ScopeDownPolicy",
    Kind.SCP: "ServiceControlPolicy ServiceControlPolicies SCP SCPs",
    Kind.RCP: "ResourceControlPolicy ResourceControlPolicies RCP RCPs",
    Kind.ENDPOINT: "EndpointPolicy EndpointPolicyDocument VpcEndpointPolicy",
    Kind.RESOURCE: (
        "BucketPolicy KeyPolicy QueuePolicy TopicPolicy ResourcePolicy ResourceBasedPolicy"
        " RepositoryPolicy RepositoryPolicyText FileSystemPolicy VaultPolicy DomainPolicy"
        " AccessPolicies RegistryPolicy EventBusPolicy"
    ),
}
_PLAIN_KEYS: Final = (
    "PolicyDocument PolicyDocumentStd Document Policy PolicyStd PolicyText PolicyDoc"
    " PolicyInJson NewPolicyDocument ExistingPolicyDocument"
)
_PATHS: Final = {
    Kind.TRUST: "trust trusts trust-relationship trust-relationships assume-role assume-roles",
    Kind.BOUNDARY: (
        "boundary boundaries permission-boundary permission-boundaries permissions-boundary"
        " permissions-boundaries"
    ),
    Kind.SESSION: "session sessions scope-down",
    Kind.SCP: "scp scps service-control service-controls",
    Kind.RCP: "rcp rcps resource-control resource-controls",
    Kind.ENDPOINT: "vpce vpc-endpoint vpc-endpoints endpoint endpoints",
    Kind.RESOURCE: "resource resource-based",
    Kind.IDENTITY: "identity identity-based",
}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
_RESOURCE_TYPES: Final = {
    "acm-pca": "AWS::ACMPCA::CertificateAuthority",
    "backup": "AWS::Backup::BackupVault",
    "dynamodb": "AWS::DynamoDB::Table",
    "ecr": "AWS::ECR::Repository",
    "elasticfilesystem": "AWS::EFS::FileSystem",
    "es": "AWS::OpenSearchService::Domain",
    "events": "AWS::Events::EventBus",
    "execute-api": "AWS::ApiGateway::RestApi",
    "kinesis": "AWS::Kinesis::Stream",
    "kms": "AWS::KMS::Key",
    "lambda": "AWS::Lambda::Function",
    "s3": "AWS::S3::Bucket",
    "s3-object-lambda": "AWS::S3ObjectLambda::AccessPoint",
    "s3express": "AWS::S3Express::DirectoryBucket",
    "secretsmanager": "AWS::SecretsManager::Secret",
    "sns": "AWS::SNS::Topic",
    "sqs": "AWS::SQS::Queue",
}
_ARN_FIELDS: Final = 6
# The first words of a name hint only at these: `session-manager-policy` is about Session Manager.
_FIRST_WORDS: Final = (
    "trust assume-role scp rcp boundary permission-boundary permissions-boundary vpce"
    " vpc-endpoint service-control resource-control"
)
_POLICY_WORDS: Final = frozenset({"policy", "policies", "document", "documents"})
# https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/#built-in-functions
_SAME: Final = frozenset({"fn::tojson", "fn::secret"})
_SEPARATORS: Final = late_pattern(r"[-_. ]+")


def _plain(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()


_KIND_OF_KEY: Final = {_plain(key): kind for kind, keys in _KEYS.items() for key in keys.split()}
_TABLE: Final = {_plain(key) for key in _PLAIN_KEYS.split()} | _KIND_OF_KEY.keys()
_KIND_OF_NAME: Final = {name: kind for kind, names in _PATHS.items() for name in names.split()}


def is_in_table(pointer: Pointer) -> bool:
    """Return whether a node is under a key that holds policies."""
    way = without_calls(pointer)
    return bool(way) and isinstance(way[-1], str) and _plain(way[-1]) in _TABLE


def without_calls(pointer: Pointer) -> Pointer:
    """Return a pointer without the Pulumi functions at its end that return their argument."""
    while pointer and isinstance(pointer[-1], str) and pointer[-1].lower() in _SAME:
        pointer = pointer[:-1]
    return pointer


def of_keys(pointer: Pointer) -> Iterator[Kind]:
    """Yield the kinds in the keys above a policy, the nearest first."""
    for step in reversed(pointer):
        if isinstance(step, str) and (kind := _KIND_OF_KEY.get(_plain(step))):
            yield kind


def names_stack_policy(pointer: Pointer) -> bool:
    """Return whether a node is under a key that holds stack policies of CloudFormation.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SetStackPolicy.html
    """
    return any(isinstance(step, str) and _plain(step).startswith("stackpolicy") for step in pointer)


def of_path(path: str) -> Iterator[Kind]:
    """Yield the kinds in a path: the file's whole name, folders, the end of the name."""
    *folders, name = path.split("/")
    stem = _stem(name)
    wholes = (stem, *(_words(folder) for folder in reversed(folders)))
    for named in ("-".join(words) for words in (*wholes, stem[-2:], stem[-1:])):
        if kind := _KIND_OF_NAME.get(named):
            yield kind


def of_first_words(path: str) -> Iterator[Kind]:
    """Yield the kinds at the start of the name of a file: `scp-logs` may be about logs of SCPs."""
    stem = _stem(path.rpartition("/")[2])
    for named in ("-".join(stem[:length]) for length in (2, 1)):
        if named in _FIRST_WORDS.split():
            yield _KIND_OF_NAME[named]


def _stem(name: str) -> list[str]:
    return _words(name.partition(".")[0] or name)


def resource_type(prefixes: Iterable[str], arns: Iterable[str]) -> str | None:
    """Return the resource type of actions of these services and of these ARNs, None if unknown.

    All actions of all services are those of the service of the ARNs.
    """
    arns = tuple(arns)
    services = set(prefixes)
    if services == {"*"}:
        services = {arn.split(":", _ARN_FIELDS - 1)[2] for arn in arns if arn.count(":") > 1}
    found = _RESOURCE_TYPES.get(services.pop()) if len(services) == 1 else None
    if found != "AWS::S3::Bucket":
        return found
    types = {_s3_type(arn) for arn in arns}
    return types.pop() if len(types) == 1 else (None if types else found)


def _s3_type(arn: str) -> str | None:
    """Return the type of a bucket or access point, which share actions; None for other ARNs.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
    """
    fields = arn.split(":", 5)
    if arn == "*" or len(fields) < _ARN_FIELDS:
        return None
    if not fields[5].startswith("accesspoint/"):
        return "AWS::S3::Bucket"
    return "AWS::S3::AccessPoint" if fields[3] else "AWS::S3::MultiRegionAccessPoint"


def _words(name: str) -> list[str]:
    """Return the words of a name in lower case, without a closing `policy`."""
    words = [word for word in _SEPARATORS.split(name.lower()) if word]
    while len(words) > 1 and words[-1] in _POLICY_WORDS:
        words.pop()
    return words
