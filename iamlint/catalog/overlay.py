"""Facts by hand that AWS's machine-readable references lack; they survive every rebuild.

As of 2026-11. Sources: the pages named beside each table, and what IAM Access Analyzer accepts
although the references no longer name it (seen in its findings of 2026-03 on AWS managed policies).
"""

from __future__ import annotations

from iamlint.catalog.model import ConditionKey, KeyType

DATE = "2026-11-29"

UNLISTED_SERVICES = frozenset(
    # The references dropped these, and AWS still accepts them.
    {"deepcomposer", "deeplens", "deepracer", "iot1click", "zocalo"}
    # Managed policies of AWS name this one, which the references do not have yet:
    # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSupplyChainFederationAdminAccess.html
    | {"builderid"}
)
"""Service prefixes that AWS accepts and the references lack. Which actions and keys they have is
not known: any is taken for real, so a typo under these prefixes goes unseen."""

ARN_ONLY_SERVICES = frozenset({"catalog"})
"""Names AWS accepts in the service field of an ARN though no action has them as its prefix.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsservicecatalog.html"""

ARN_REJECTED_SERVICES = frozenset({"elastic-inference"})
"""Service fields of ARNs that AWS rejects although EC2's reference still has such a template."""

# The reference has none of these, and the service's own page names them as permissions:
# https://docs.aws.amazon.com/transform/latest/userguide/security_iam_permissions.html
_TRANSFORM = """
    BatchGetMessage BatchGetUserDetails CompleteArtifactUpload CreateArtifactDownloadUrl
    CreateArtifactUploadUrl CreateAssetDownloadUrl CreateConnector CreateFeedback CreateJob
    CreateSession CreateWorkspace DeleteJob DeleteSelfRoleMappings
    DeleteUserRoleMappings DeleteWorkspace DetectIsAllowedForOperation
    GetFeedbackQuestions GetHitlTask GetJob GetLoginRedirectUri GetUserDetails
    GetUserPreferences GetWorkspace ListArtifacts ListHitlTasks
    ListJobPlanSteps ListJobs ListMessages ListPlanUpdates ListUserRoleMappings ListWorklogs
    ListWorkspaces PutUserPreferences PutUserRoleMappings RevokeSession SearchUsers
    SearchUsersTypeahead SendMessage
"""

# Managed policies of AWS name these, and the references do not. Those that AWS's own validator
# rejects in its managed policies, such as `cloudhsm:GetConfig`, are not here.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSManagedSettingsAdminAccess.html
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSIAMIdentityCenterAllowListForIdentityContext.html
_MANAGED = """
    budgets:CreateBudget budgets:DeleteBudget budgets:DescribeBudget budgets:DescribeBudgets
    budgets:UpdateBudget
    organizations:CreateBuilderIDOwnedAccount
    payments:AcceptTermsAndConditionsForProgramByAccountId payments:BatchGetPaymentProfiles
    payments:CreatePaymentAttempt payments:CreatePaymentProfile payments:Get
    payments:GetAcceptedTermsAndConditionsForProgramByAccountId
    payments:GetDefaultPaymentProfile payments:GetEligibleCurrencies payments:GetPaymentAttempt
    payments:GetPaymentPreferences payments:GetPreferredCurrency
    payments:GetRecommendedTermsAndConditionsForProgram payments:ListPaymentProfiles
    payments:SearchFinancialRecords payments:SetPreferredCurrency payments:UpdatePaymentProfile
    qapps:ImportDocumentToQApp qapps:ImportDocumentToQAppSession
"""

# Denials of AWS name these: "is not authorized to perform: apigateway:TagResource". MediaLive makes
# the requests to MediaConnect with the role of its channel.
# https://docs.aws.amazon.com/apigateway/latest/api/API_TagResource.html
# https://docs.aws.amazon.com/medialive/latest/ug/trusted-entity-requirements.html
_DENIED = """
    apigateway:TagResource apigateway:UntagResource
    mediaconnect:ManagedAddOutput mediaconnect:ManagedDescribeFlow
    mediaconnect:ManagedRemoveOutput
"""

EXTRA_ACTIONS = frozenset(
    name.lower()
    for name in (
        *_MANAGED.split(),
        *_DENIED.split(),
        # A token with scopes needs it:
        # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
        "sts:SetWebIdentityTokenScope",
        "route53-recovery-control-config:DescribeRoutingControlByName",
        "sagemaker-unified-studio-mcp:CallPrivilegedTool",
        "sagemaker-unified-studio-mcp:CallReadOnlyTool",
        "sagemaker-unified-studio-mcp:InvokeMcp",
        "securityagent:BatchGetAgentInstances",
        "securityagent:BatchGetSecurityTestContentMetadata",
        "securityagent:BatchGetTasks",
        "securityagent:CreateDocumentReview",
        "securityagent:DeleteDocumentReview",
        "securityagent:GetCodeReviewTask",
        "securityagent:GetDocReviewTask",
        "securityagent:GetDocumentReview",
        "securityagent:GetDocumentReviewArtifact",
        "securityagent:ListAgentInstances",
        "securityagent:ListControls",
        "securityagent:ListDocumentReviewComments",
        "securityagent:ListDocumentReviews",
        "securityagent:ListTasks",
        "securityagent:StartPentestExecution",
        "securityagent:StopPentestExecution",
    )
) | frozenset(f"transform:{name.lower()}" for name in _TRANSFORM.split())
"""Actions that the references do not have under this name and that AWS accepts or documents; no
facts are known."""

EXTRA_ARNS = {
    # A request through a global inference profile names the model without a region:
    # https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
    ("bedrock", "foundation-model"): ("arn:${Partition}:bedrock:::foundation-model/${ResourceId}",),
}
"""Formats of ARNs that the references lack, by service and resource type."""

ACTION_TYPES = {
    # https://docs.aws.amazon.com/lambda/latest/dg/web-functions-endpoint-access-control.html
    ("lambda", "invokewebfunctionendpoint"): ("webFunctionEndpoint",),
}
"""Resource types of actions for which the references name none, by service and action."""

ACTION_HINTS = {
    # An API operation and the action that controls it:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
    "s3:listbuckets": "s3:ListAllMyBuckets",
    "s3:listobjects": "s3:ListBucket",
    "s3:listobjectsv2": "s3:ListBucket",
    "s3:listobjectversions": "s3:ListBucketVersions",
    "s3:listmultipartuploads": "s3:ListBucketMultipartUploads",
    "s3:listparts": "s3:ListMultipartUploadParts",
    "s3:headbucket": "s3:ListBucket",
    "s3:headobject": "s3:GetObject",
    "s3:copyobject": "s3:PutObject",
    "s3:createmultipartupload": "s3:PutObject",
    "s3:completemultipartupload": "s3:PutObject",
    "s3:uploadpart": "s3:PutObject",
    "s3:deleteobjects": "s3:DeleteObject",
    "s3:selectobjectcontent": "s3:GetObject",
    "s3:getbucketencryption": "s3:GetEncryptionConfiguration",
    "s3:putbucketencryption": "s3:PutEncryptionConfiguration",
    "s3:deletebucketencryption": "s3:PutEncryptionConfiguration",
    "s3:getbucketlifecycleconfiguration": "s3:GetLifecycleConfiguration",
    "s3:putbucketlifecycleconfiguration": "s3:PutLifecycleConfiguration",
    "s3:deletebucketlifecycle": "s3:PutLifecycleConfiguration",
    "s3:getbucketreplication": "s3:GetReplicationConfiguration",
    "s3:putbucketreplication": "s3:PutReplicationConfiguration",
    "s3:deletebucketreplication": "s3:PutReplicationConfiguration",
    "s3:deletebuckettagging": "s3:PutBucketTagging",
    "s3:deletebucketcors": "s3:PutBucketCORS",
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    "sqs:changemessagevisibilitybatch": "sqs:ChangeMessageVisibility",
    "sqs:deletemessagebatch": "sqs:DeleteMessage",
    "sqs:sendmessagebatch": "sqs:SendMessage",
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
    "lambda:getlayerversionbyarn": "lambda:GetLayerVersion",
    "lambda:invoke": "lambda:InvokeFunction",
}
"""API operations people write as actions, in lower case, and the action that controls each."""


def _keys(type_: KeyType, names: str, *, multivalued: bool = False) -> list[ConditionKey]:
    return [ConditionKey(name, type_, multivalued) for name in names.split()]


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# Trusted identity propagation: a provider with a context provider sets the origin of an identity.
# https://docs.aws.amazon.com/STS/latest/APIReference/API_OriginIdentity.html
# https://docs.aws.amazon.com/STS/latest/APIReference/API_TransactionContext.html
_GLOBAL = (
    *_keys(
        KeyType.STRING,
        """
        aws:CalledViaAWSMCP aws:CalledViaFirst aws:CalledViaLast aws:Ec2InstanceSourceVpc
        aws:FederatedProvider aws:OriginIdentity/Issuer aws:OriginIdentity/Subject
        aws:OriginIdentity/SubjectType aws:PrincipalAccount aws:PrincipalOrgID
        aws:PrincipalOrgMasterAccountId aws:PrincipalServiceName
        aws:PrincipalTag/${TagKey} aws:PrincipalType aws:referer aws:RequestedRegion
        aws:RequestTag/${TagKey} aws:ResourceAccount aws:ResourceOrgID
        aws:ResourceTag/${TagKey} aws:SourceAccount aws:SourceIdentity aws:SourceOrgID
        aws:SourceOwner aws:SourceVpc aws:SourceVpce aws:TransactionContext/IdentityProvider/${Key}
        aws:UserAgent aws:userid aws:username aws:ViaCustomerDomain aws:VpceAccount aws:VpceOrgID
        """,
    ),
    *_keys(
        KeyType.STRING,
        """
        aws:CalledVia aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:ResourceOrgPaths
        aws:SourceOrgPaths aws:TagKeys aws:VpceOrgPaths
        """,
        multivalued=True,
    ),
    *_keys(
        KeyType.ARN,
        """
        aws:ChatbotSourceArn aws:IdentityCenterInstanceArn aws:IdentityStoreArn
        aws:OriginIdentity/FederatedProviderArn aws:PrincipalArn aws:SignInSessionArn aws:SourceArn
        aws:SourceVpcArn
        """,
    ),
    *_keys(
        KeyType.BOOL,
        """
        aws:AssumedRoot aws:IsMcpServiceAction aws:MultiFactorAuthPresent aws:PrincipalIsAWSService
        aws:SecureTransport aws:ViaAWSMCPService aws:ViaAWSService
        """,
    ),
    # aws:EpochTime works with numeric operators too.
    *_keys(KeyType.DATE, "aws:CurrentTime aws:EpochTime aws:TokenIssueTime"),
    *_keys(KeyType.NUMERIC, "aws:MultiFactorAuthAge"),
    *_keys(KeyType.IP, "aws:Ec2InstanceSourcePrivateIPv4 aws:SourceIp aws:VpcSourceIp"),
)

GLOBAL_KEYS = {key.name.lower(): key for key in _GLOBAL}
"""Global condition keys by lower-case name."""

_EXTRA = (
    # Accepted by AWS though its service reference may lack them.
    *_keys(
        KeyType.STRING,
        """
        s3:ExistingObjectTag/${TagKey} s3:RequestObjectTag/${TagKey}
        secretsmanager:ResourceTag/${TagKey} deepracer:UserToken
        """,
    ),
    *_keys(KeyType.BOOL, "deepracer:MultiUser"),
    # The references call it text, and it is compared as a number:
    # https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-lock-policy.html
    *_keys(KeyType.NUMERIC, "glacier:ArchiveAgeInDays"),
    # IoT Core policies know the thing of a connection, and the references do not:
    # https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html
    *_keys(
        KeyType.STRING,
        """
        iot:ClientId iot:Connection.Thing.ThingName iot:Connection.Thing.ThingTypeName
        iot:Connection.Thing.Attributes[${TagKey}]
        """,
    ),
    *_keys(KeyType.BOOL, "iot:Connection.Thing.IsAttached"),
    # Trusted identity propagation of providers of OIDC and SAML, and tokens for other services; the
    # references do not have these yet:
    # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
    *_keys(KeyType.BOOL, "iam:EnableIdentityCenterAssociation iam:EnableIdentityPropagation"),
    *_keys(
        KeyType.ARN,
        "iam:RequestIdentityCenterInstanceArn iam:ResourceIdentityCenterInstanceArn",
    ),
    *_keys(
        KeyType.STRING,
        """
        iam:RequestIdentityProviderIssuers iam:ResourceIdentityProviderIssuers
        sts:IdentityTokenScope
        """,
        multivalued=True,
    ),
    *_keys(KeyType.STRING, "sts:SubjectMode"),
    # A request may name several collectors and repositories; the source does not say so:
    # https://docs.aws.amazon.com/continuum/latest/userguide/security-iam.html
    *_keys(KeyType.ARN, "continuum:CollectorArn", multivalued=True),
    *_keys(KeyType.STRING, "continuum:RepositoryName", multivalued=True),
    # The references call it one string; the claim is a list of authentication methods:
    # https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
    *_keys(KeyType.STRING, "cognito-identity.amazonaws.com:amr", multivalued=True),
)

EXTRA_KEYS = {key.name.lower(): key for key in _EXTRA}
"""Keys of services that come before what the references say, by lower-case name."""

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
CREDENTIAL_KEYS = frozenset(
    {
        *("codebuild:buildarn", "codebuild:projectarn", "ec2:roledelivery"),
        *("ec2:sourceinstancearn", "glue:credentialissuingservice", "glue:roleassumedby"),
        *("identitystore:userid", "lambda:sourcefunctionarn", "ssm:sourceinstancearn"),
    }
)
"""Keys of one service that requests to any service carry: they come with the credentials."""

# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
ASSUMING = "sts:assumerole"
WITH_ASSUMING = frozenset({"sts:setcontext", "sts:setsourceidentity", "sts:tagsession"})
"""Actions that are not operations: a request to assume a role needs them beside its own."""

PARTLY_LISTED = frozenset({"aws-marketplace"})
"""Services some of whose actions carry keys for which the reference does not list them."""

_OF_PATHS = """
    acm-pca amplify apprunner autoscaling batch bedrock-agentcore braket cloudformation
    codebuild codedeploy codepipeline codestar cognito-identity datapipeline ec2
    ec2-instance-connect ecs eks elasticbeanstalk elasticmapreduce emr-serverless events
    gamelift glue iam identitystore imagebuilder kinesisanalytics lambda omics organizations
    rolesanywhere route53 sagemaker scheduler ssm sso sso-directory states sts
"""
PATH_SERVICES = frozenset(_OF_PATHS.split())
"""The services of all paths of escalation, so that these are not read for a policy of others."""
