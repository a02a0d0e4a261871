"""Keys whose values are ids, names and ARNs. State of 2026-11."""

from __future__ import annotations

from typing import Final

from iamlint.catalog.values.described import Exclusion, KeyValues
from iamlint.catalog.values.shapes import (
    ACCOUNT,
    NAME,
    ORGANIZATION,
    PARTITION,
    PATHS,
    REGION,
    REGIONAL_SERVICES,
    REST,
    SERVICES,
    arns,
)

_IAM: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_GLOBAL: Final = f"{_IAM}reference_policies_condition-keys.html"
_PRINCIPALS: Final = f"{_IAM}reference_policies_variables.html#principaltable"
_AUTHORIZATION: Final = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
_KMS: Final = "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"

_IDENTITY_CENTER: Final = "aws-reserved/sso.amazonaws.com"
IAM_EXCLUSIONS: Final = (
    # https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    *(
        Exclusion(
            f"arn:*:iam::*:role/{path}AWSReservedSSO_*",
            "write the path that IAM Identity Center gives its roles: "
            f"`role/{_IDENTITY_CENTER}/AWSReservedSSO_…`, "
            f"or `role/{_IDENTITY_CENTER}/*/AWSReservedSSO_…` outside of us-east-1",
            (
                f"{PARTITION}:iam::{ACCOUNT}:role/{_IDENTITY_CENTER}/AWSReservedSSO_{NAME}",
                f"{PARTITION}:iam::{ACCOUNT}:role/{_IDENTITY_CENTER}/{REGION}/AWSReservedSSO_{NAME}",
            ),
        )
        for path in ("", "*/")
    ),
    # The ARN has one slash before the path, which begins and ends with a slash.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
    *(
        Exclusion(f"arn:*:iam::*:{type_}//*", f"write one slash after `{type_}`")
        for type_ in ("role", "user", "group", "policy", "instance-profile")
    ),
)
"""ARNs that IAM does not give to anything."""

_OF_PRINCIPAL: Final = KeyValues(
    "aws:principalarn",
    f"{_GLOBAL}#condition-keys-principalarn",
    shapes=(
        f"{PARTITION}:iam::{ACCOUNT}:role/{NAME}",
        f"{PARTITION}:iam::{ACCOUNT}:user/{NAME}",
        f"{PARTITION}:iam::{ACCOUNT}:root",
        f"{PARTITION}:iam::cloudfront:user/[^:]+",
        f"{PARTITION}:sts::{ACCOUNT}:federated-user/{NAME}",
    ),
    exclusions=(
        Exclusion(
            "arn:*:*::*:assumed-role/*",
            "for a session the key has the ARN of the role: write `arn:aws:iam::ACCOUNT:role/NAME`",
        ),
        Exclusion(
            "arn:*:iam::*:instance-profile/*",
            "an instance calls with a role: write `arn:aws:iam::ACCOUNT:role/NAME`",
        ),
        Exclusion("arn:*:iam::*:group/*", "a group does not call: name its users, or a role"),
        *IAM_EXCLUSIONS,
    ),
    advice="write the ARN of a role, a user, a federated user or the root user",
)
_OF_ACCOUNT: Final = KeyValues(
    "aws:principalaccount aws:resourceaccount aws:sourceaccount aws:sourceowner "
    "aws:vpceaccount aws:principalorgmasteraccountid",
    "https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html",
    words="anonymous",
    shapes=(ACCOUNT,),
    advice="an account id has twelve digits, without dashes",
)
_OF_SERVICE: Final = KeyValues(
    "aws:principalservicename aws:principalservicenameslist iam:passedtoservice "
    "iam:awsservicename sts:awsservicename iam:servicespecificcredentialservicename "
    "ec2:authorizedservice ec2:managedresourceoperator events:managedby",
    f"{_IAM}reference_policies_elements_principal.html#principal-services",
    shapes=SERVICES,
    advice="write a service principal like `lambda.amazonaws.com`, in lower case",
)
SERVICE_KEYS: Final = tuple(_OF_SERVICE.keys.split())

_ROWS: Final = (
    _OF_PRINCIPAL,
    KeyValues(
        "aws:userid",
        _PRINCIPALS,
        words="anonymous",
        shapes=("AROA[^:]+:[^ ]+", "AIDA[^:*]+", ACCOUNT, f"{ACCOUNT}:[^ ]+"),
        exclusions=(
            Exclusion("AIDA*:*", "the id of a user has nothing after it: remove the colon"),
        ),
        advice="write `AROA…:SESSION` or `AROA…:*` for a role, `AIDA…` for a user, "
        "`ACCOUNT` for the root user",
    ),
    KeyValues(
        "aws:username",
        f"{_IAM}reference_iam-quotas.html#reference_iam-quotas-names",
        shapes=("[A-Za-z0-9_+=,.@-]{1,64}",),
        advice="write the name of the user alone; `aws:PrincipalArn` has the ARN",
    ),
    _OF_ACCOUNT,
    KeyValues(
        "aws:principalorgid aws:resourceorgid aws:sourceorgid aws:vpceorgid ssm:nodeorgid",
        "https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html",
        shapes=(ORGANIZATION,),
        exclusions=(
            Exclusion("ou-*", "an `ou-…` is not an organization: use the key for paths instead"),
            Exclusion("r-*", "an `r-…` is not an organization: use the key for paths instead"),
        ),
        advice="the id of an organization is `o-` with 10 to 32 small letters or digits",
    ),
    KeyValues(
        "aws:principalorgpaths aws:resourceorgpaths aws:sourceorgpaths aws:vpceorgpaths "
        "backup:copytargetorgpaths",
        f"{_GLOBAL}#condition-keys-principalorgpaths",
        shapes=PATHS,
        advice="write `o-…/r-…/ou-…/`: a path begins with the organization and ends with `/`",
    ),
    _OF_SERVICE,
    KeyValues(
        "aws:sourcearn",
        f"{_GLOBAL}#condition-keys-sourcearn",
        shapes=arns("[a-z0-9-]+", "[^\n]+"),
        exclusions=(
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
            Exclusion(
                "arn:*:s3:::*/*", "S3 sends the ARN of the bucket: remove the slash and the rest"
            ),
            Exclusion(
                "arn:*:iam:*",
                "the key has the ARN of a resource: use `aws:PrincipalArn` for a caller",
            ),
            Exclusion(
                "arn:*:sts:*",
                "the key has the ARN of a resource: use `aws:PrincipalArn` for a caller",
            ),
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
            Exclusion(
                "arn:*:execute-api:*//*",
                "write `API-ID/STAGE/METHOD/PATH` with single slashes",
            ),
        ),
        advice="write the ARN of the resource for which the service acts",
    ),
    KeyValues(
        "aws:sourcevpc aws:ec2instancesourcevpc ec2:vpcid codebuild:vpcconfig.vpcid "
        "vpc-lattice-svcs:sourcevpc",
        f"{_GLOBAL}#condition-keys-sourcevpc",
        shapes=("vpc-[0-9A-Za-z]{8}", "vpc-[0-9A-Za-z]{17}"),
        advice="write the id, like `vpc-0123456789abcdef0`",
    ),
    KeyValues(
        "aws:sourcevpce",
        f"{_GLOBAL}#condition-keys-sourcevpce",
        shapes=("vpce-[0-9A-Za-z]{8}", "vpce-[0-9A-Za-z]{17}"),
        advice="write the id, like `vpce-0123456789abcdef0`",
    ),
    KeyValues(
        "aws:sourcevpcarn ec2:vpc ec2:acceptervpc ec2:requestervpc networkmanager:vpcarn",
        f"{_AUTHORIZATION}list_amazonec2.html",
        shapes=arns("ec2", f"vpc/vpc-{REST}"),
        advice="write the ARN, `arn:aws:ec2:REGION:ACCOUNT:vpc/vpc-…`",
    ),
    KeyValues(
        "ec2:subnet",
        f"{_AUTHORIZATION}list_amazonec2.html",
        shapes=arns("ec2", f"subnet/subnet-{REST}"),
        advice="write the ARN, `arn:aws:ec2:REGION:ACCOUNT:subnet/subnet-…`",
    ),
    KeyValues(
        "ec2:instanceprofile ec2:newinstanceprofile",
        f"{_AUTHORIZATION}list_amazonec2.html",
        shapes=(f"{PARTITION}:iam::{ACCOUNT}:instance-profile/{NAME}",),
        advice="write the ARN, `arn:aws:iam::ACCOUNT:instance-profile/NAME`",
    ),
    KeyValues(
        "ec2:sourceinstancearn",
        f"{_GLOBAL}#condition-keys-source-instance-arn",
        shapes=arns("ec2", f"instance/i-{REST}"),
        advice="write the ARN, `arn:aws:ec2:REGION:ACCOUNT:instance/i-…`",
    ),
    KeyValues(
        "lambda:sourcefunctionarn",
        f"{_GLOBAL}#condition-keys-lambda-source-function-arn",
        shapes=arns("lambda", f"function:{REST}"),
        advice="write the ARN, `arn:aws:lambda:REGION:ACCOUNT:function:NAME`",
    ),
    KeyValues(
        "iam:policyarn iam:permissionsboundary",
        f"{_IAM}reference_policies_iam-condition-keys.html",
        shapes=(f"{PARTITION}:iam::[a-z0-9]+:policy/{NAME}",),
        advice="write the ARN of a policy, `arn:aws:iam::ACCOUNT:policy/NAME`",
    ),
    KeyValues(
        "iam:organizationspolicyid",
        f"{_IAM}reference_policies_iam-condition-keys.html",
        shapes=("p-[0-9A-Za-z_]{8,128}",),
        advice="write the id of the policy, `p-…`",
    ),
    KeyValues(
        "sts:taskpolicyarn",
        f"{_IAM}reference_policies_iam-condition-keys.html",
        shapes=(f"{PARTITION}:iam::aws:policy/root-task/{NAME}",),
        advice="write `arn:aws:iam::aws:policy/root-task/NAME`",
    ),
    KeyValues(
        "eks:policyarn",
        "https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
        shapes=(f"{PARTITION}:eks::aws:cluster-access-policy/{REST}",),
        advice="write `arn:aws:eks::aws:cluster-access-policy/NAME`",
    ),
    KeyValues(
        "eks:principalarn",
        "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
        shapes=_OF_PRINCIPAL.shapes[:2],
        exclusions=_OF_PRINCIPAL.exclusions,
        advice="write the ARN of a role or a user",
    ),
    KeyValues(
        "s3:x-amz-server-side-encryption-aws-kms-key-id "
        "s3express:x-amz-server-side-encryption-aws-kms-key-id",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html",
        shapes=arns("kms", f"key/{NAME}"),
        advice="write the ARN of the key, `arn:aws:kms:REGION:ACCOUNT:key/ID`",
    ),
    KeyValues(
        "s3:dataaccesspointarn",
        f"{_AUTHORIZATION}list_amazons3.html",
        shapes=arns("s3[a-z-]*", REST),
        advice="write the ARN of the access point, `arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME`",
    ),
    KeyValues(
        "kms:viaservice",
        f"{_KMS}#conditions-kms-via-service",
        shapes=REGIONAL_SERVICES,
        advice="write the name with its Region, like `s3.us-east-1.amazonaws.com`",
    ),
    KeyValues(
        "kms:requestalias kms:resourcealiases payment-cryptography:requestalias "
        "payment-cryptography:resourcealiases",
        f"{_KMS}#conditions-kms-request-alias",
        shapes=(f"alias/{REST}",),
        advice="write the name of the alias, `alias/NAME`, and not its ARN",
    ),
    KeyValues(
        "codecommit:references",
        "https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-conditional-branch.html",
        shapes=(f"refs/{REST}",),
        advice="write the whole reference, like `refs/heads/main`",
    ),
    KeyValues(
        "route53:changeresourcerecordsetsnormalizedrecordnames",
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html",
        shapes=("[^A-Z ]*[^A-Z. ]",),
        advice="write the name in lower case, without the dot at the end",
    ),
    KeyValues(
        "cloudformation:resourcetypes cloudformation:importresourcetypes",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html",
        shapes=(f"[A-Za-z0-9]+::{REST}",),
        advice="write a type of resource, like `AWS::EC2::Instance`",
    ),
)

_EC2_IDS: Final = {
    "ec2:allocationid": "eipalloc",
    "ec2:dhcpoptionsid": "dopt",
    "ec2:imageid": "ami",
    "ec2:instanceid": "i",
    "ec2:internetgatewayid": "igw",
    "ec2:networkaclid": "acl",
    "ec2:networkinterfaceid": "eni",
    "ec2:routetableid": "rtb",
    "ec2:snapshotid": "snap",
    "ec2:transitgatewayattachmentid": "tgw-attach",
    "ec2:transitgatewayid": "tgw",
    "ec2:transitgatewayroutetableid": "tgw-rtb",
    "ec2:volumeid": "vol",
    "ec2:vpcpeeringconnectionid": "pcx",
}


def _of_ids(keys: str, prefix: str) -> KeyValues:
    return KeyValues(
        keys,
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html",
        shapes=(f"{prefix}-[0-9A-Za-z]{{8,17}}",),
        advice=f"write the id, `{prefix}-…`",
    )


IDENTITIES: Final = (
    *_ROWS,
    _of_ids("ec2:subnetid cloud9:subnetid sagemaker:vpcsubnets comprehend:vpcsubnets", "subnet"),
    _of_ids(
        "ec2:securitygroupid elasticloadbalancing:securitygroup sagemaker:vpcsecuritygroupids "
        "comprehend:vpcsecuritygroupids",
        "sg",
    ),
    *(_of_ids(key, prefix) for key, prefix in _EC2_IDS.items()),
)

# By what a name of AWS's list ends with, for keys without a row.
ENDINGS: Final = {
    ("account", "accountid", "accountids"): _OF_ACCOUNT,
    ("vpcid", "vpcids"): _of_ids("", "vpc"),
    ("subnetid", "subnetids"): _of_ids("", "subnet"),
    ("securitygroupid", "securitygroupids"): _of_ids("", "sg"),
    ("passedtoservice", "serviceprincipal"): _OF_SERVICE,
    ("createaction", "taggingaction"): KeyValues(
        "",
        f"{_IAM}access_tags.html",
        shapes=("[A-Z][A-Za-z0-9]+",),
        advice="write the name of the operation alone, like `RunInstances`",
    ),
}
OF_ARNS: Final = KeyValues(
    "",
    f"{_IAM}reference-arns.html",
    shapes=arns("[a-z0-9-]+", "[^\n]+"),
    advice="the key has an ARN, `arn:aws:SERVICE:REGION:ACCOUNT:…`",
)
"""The values of a key whose type is ARN."""
