"""Keys whose values AWS lists. State of 2026-11.

Keys are left out where the list grows with every new feature, such as types of instances, and where
it is not documented that the key has the value of the parameter of the same name.
"""

from __future__ import annotations

from typing import Final

from iamlint.catalog.values.described import Exclusion, KeyValues
from iamlint.catalog.values.shapes import ACCOUNT

DATE: Final = "2026-11-20"

_DOCS: Final = "https://docs.aws.amazon.com"
_EC2: Final = f"{_DOCS}/service-authorization/latest/reference/list_amazonec2.html"
_S3: Final = f"{_DOCS}/AmazonS3/latest/API"
_KMS: Final = f"{_DOCS}/kms/latest/developerguide/conditions-kms.html"
_KMS_API: Final = f"{_DOCS}/kms/latest/APIReference"
_SAGEMAKER: Final = f"{_DOCS}/sagemaker/latest/APIReference"
_CONDITIONS: Final = (
    f"{_DOCS}/IAM/latest/UserGuide/reference_policies_variables.html#principaltable"
)

WORDS: Final = (
    # The type of a service is not documented: these two are let pass.
    KeyValues(
        "aws:principaltype",
        _CONDITIONS,
        "Account User FederatedUser AssumedRole Anonymous AWSService Service",
        exclusions=(
            Exclusion("Role", "the session of a role is `AssumedRole`"),
            Exclusion("IAMRole", "the session of a role is `AssumedRole`"),
            Exclusion("IAMUser", "an IAM user is `User`"),
            Exclusion("Root", "the root user is `Account`"),
        ),
        advice="the values are `Account`, `User`, `FederatedUser`, `AssumedRole` and `Anonymous`",
    ),
    KeyValues(
        "s3:x-amz-server-side-encryption s3express:x-amz-server-side-encryption "
        "s3-outposts:x-amz-server-side-encryption",
        f"{_S3}/API_PutObject.html",
        "AES256 aws:kms aws:kms:dsse aws:fsx aws:backup",
    ),
    KeyValues(
        "s3:x-amz-server-side-encryption-customer-algorithm",
        f"{_S3}/API_PutObject.html",
        "AES256",
    ),
    KeyValues(
        "s3:x-amz-acl s3-outposts:x-amz-acl",
        f"{_DOCS}/AmazonS3/latest/userguide/acl-overview.html#canned-acl",
        "private public-read public-read-write authenticated-read aws-exec-read bucket-owner-read "
        "bucket-owner-full-control log-delivery-write",
    ),
    KeyValues(
        "s3:x-amz-storage-class s3-outposts:x-amz-storage-class",
        f"{_S3}/API_PutObject.html",
        "STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER "
        "DEEP_ARCHIVE OUTPOSTS GLACIER_IR SNOW EXPRESS_ONEZONE FSX_OPENZFS FSX_ONTAP "
        "AWS_BACKUP_WARM AWS_BACKUP_LOW_COST_WARM",
    ),
    KeyValues(
        "s3:x-amz-metadata-directive s3-outposts:x-amz-metadata-directive",
        f"{_S3}/API_CopyObject.html",
        "COPY REPLACE",
    ),
    KeyValues(
        "s3:x-amz-object-ownership",
        f"{_S3}/API_OwnershipControlsRule.html",
        "BucketOwnerPreferred ObjectWriter BucketOwnerEnforced",
    ),
    KeyValues(
        "s3:object-lock-mode", f"{_S3}/API_ObjectLockRetention.html", "GOVERNANCE COMPLIANCE"
    ),
    KeyValues("s3:object-lock-legal-hold", f"{_S3}/API_ObjectLockLegalHold.html", "ON OFF"),
    KeyValues(
        "s3:signatureversion s3express:signatureversion s3-outposts:signatureversion",
        f"{_S3}/bucket-policy-s3-sigv4-conditions.html",
        "AWS",
        shapes=("AWS4-[A-Z0-9-]+",),
        advice="the values are `AWS4-HMAC-SHA256`, and `AWS` for version 2",
    ),
    KeyValues(
        "s3:authtype s3express:authtype s3-outposts:authtype s3-object-lambda:authtype",
        f"{_S3}/bucket-policy-s3-sigv4-conditions.html",
        "REST-HEADER REST-QUERY-STRING POST",
    ),
    KeyValues(
        "s3:accesspointnetworkorigin s3express:accesspointnetworkorigin "
        "s3-outposts:accesspointnetworkorigin",
        f"{_DOCS}/AmazonS3/latest/userguide/access-points-policies.html",
        "Internet VPC",
    ),
    KeyValues("s3express:sessionmode", f"{_S3}/API_CreateSession.html", "ReadOnly ReadWrite"),
    KeyValues(
        "s3tables:ssealgorithm",
        f"{_S3}/API_s3Buckets_EncryptionConfiguration.html",
        "AES256 aws:kms",
    ),
    KeyValues(
        "s3vectors:ssetype",
        f"{_S3}/API_S3VectorBuckets_EncryptionConfiguration.html",
        "AES256 aws:kms",
    ),
    KeyValues(
        "kms:keyspec kms:customermasterkeyspec",
        f"{_KMS_API}/API_CreateKey.html",
        "SYMMETRIC_DEFAULT RSA_2048 RSA_3072 RSA_4096 ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 "
        "ECC_SECG_P256K1 ECC_NIST_EDWARDS25519 HMAC_224 HMAC_256 HMAC_384 HMAC_512 SM2 ML_DSA_44 "
        "ML_DSA_65 ML_DSA_87 ML_KEM_512 ML_KEM_768 ML_KEM_1024",
    ),
    KeyValues(
        "kms:keyusage kms:customermasterkeyusage",
        f"{_KMS_API}/API_CreateKey.html",
        "ENCRYPT_DECRYPT SIGN_VERIFY GENERATE_VERIFY_MAC KEY_AGREEMENT ENCAPSULATE_DECAPSULATE",
    ),
    KeyValues(
        "kms:keyorigin",
        f"{_KMS_API}/API_CreateKey.html",
        "AWS_KMS EXTERNAL AWS_CLOUDHSM EXTERNAL_KEY_STORE",
    ),
    KeyValues(
        "kms:encryptionalgorithm",
        f"{_KMS}#conditions-kms-encryption-algorithm",
        "SYMMETRIC_DEFAULT RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256 SM2PKE",
    ),
    KeyValues(
        "kms:signingalgorithm",
        f"{_KMS_API}/API_Sign.html",
        "RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512 RSASSA_PKCS1_V1_5_SHA_256 "
        "RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 ECDSA_SHA_256 ECDSA_SHA_384 "
        "ECDSA_SHA_512 SM2DSA ML_DSA_SHAKE_256 ED25519_SHA_512 ED25519_PH_SHA_512",
    ),
    KeyValues(
        "kms:macalgorithm",
        f"{_KMS_API}/API_GenerateMac.html",
        "HMAC_SHA_224 HMAC_SHA_256 HMAC_SHA_384 HMAC_SHA_512",
    ),
    KeyValues("kms:messagetype", f"{_KMS_API}/API_Sign.html", "RAW DIGEST EXTERNAL_MU"),
    KeyValues(
        "kms:grantoperations",
        f"{_KMS_API}/API_CreateGrant.html",
        "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo "
        "Sign Verify GetPublicKey CreateGrant RetireGrant DescribeKey GenerateDataKeyPair "
        "GenerateDataKeyPairWithoutPlaintext GenerateMac VerifyMac DeriveSharedSecret Encapsulate "
        "Decapsulate",
    ),
    KeyValues(
        "kms:grantconstrainttype",
        f"{_KMS}#conditions-kms-grant-constraint-type",
        "EncryptionContextEquals EncryptionContextSubset",
    ),
    KeyValues(
        "kms:expirationmodel",
        f"{_KMS_API}/API_ImportKeyMaterial.html",
        "KEY_MATERIAL_EXPIRES KEY_MATERIAL_DOES_NOT_EXPIRE",
    ),
    KeyValues(
        "kms:wrappingalgorithm",
        f"{_KMS_API}/API_GetParametersForImport.html",
        "RSAES_PKCS1_V1_5 RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256 RSA_AES_KEY_WRAP_SHA_1 "
        "RSA_AES_KEY_WRAP_SHA_256 SM2PKE",
    ),
    KeyValues(
        "kms:multiregionkeytype", f"{_KMS}#conditions-kms-multiregion-key-type", "PRIMARY REPLICA"
    ),
    KeyValues("ec2:tenancy", _EC2, "default dedicated host"),
    KeyValues(
        "ec2:metadatahttptokens autoscaling:metadatahttptokens imagebuilder:ec2metadatahttptokens",
        f"{_DOCS}/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html",
        "optional required",
    ),
    KeyValues(
        "ec2:metadatahttpendpoint autoscaling:metadatahttpendpoint ec2:instancemetadatatags",
        f"{_DOCS}/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html",
        "enabled disabled",
    ),
    KeyValues(
        "ec2:instancemarkettype",
        _EC2,
        "spot on-demand capacity-block interruptible-capacity-reservation",
    ),
    KeyValues("ec2:rootdevicetype", _EC2, "ebs instance-store"),
    KeyValues("ec2:volumetype", _EC2, "gp2 gp3 io1 io2 st1 sc1 standard"),
    KeyValues("ec2:placementgroupstrategy", _EC2, "cluster spread partition precision-time"),
    KeyValues(
        "ec2:hostrecovery ec2:autoplacement",
        f"{_DOCS}/AWSEC2/latest/APIReference/API_Host.html",
        "on off",
    ),
    KeyValues("ec2:permission", _EC2, "INSTANCE-ATTACH EIP-ASSOCIATE"),
    KeyValues(
        "ec2:owner ec2:vpceserviceowner",
        _EC2,
        "amazon aws-marketplace aws-backup-vault",
        shapes=(ACCOUNT,),
        advice="write `amazon`, `aws-marketplace` or the twelve digits of an account",
    ),
    KeyValues(
        "lambda:functionurlauthtype",
        f"{_DOCS}/lambda/latest/dg/urls-auth.html",
        "NONE AWS_IAM",
    ),
    KeyValues(
        "vpc-lattice:authtype",
        f"{_DOCS}/vpc-lattice/latest/APIReference/API_CreateService.html",
        "NONE AWS_IAM",
    ),
    KeyValues(
        "sns:protocol",
        f"{_DOCS}/sns/latest/api/API_Subscribe.html",
        "http https email email-json sms sqs application lambda firehose",
    ),
    KeyValues(
        "elasticloadbalancing:scheme",
        f"{_DOCS}/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
        "internet-facing internal",
    ),
    KeyValues(
        "elasticloadbalancing:listenerprotocol",
        f"{_DOCS}/elasticloadbalancing/latest/APIReference/API_CreateListener.html",
        "HTTP HTTPS TCP TLS UDP TCP_UDP GENEVE QUIC TCP_QUIC SSL",
    ),
    KeyValues(
        "dynamodb:select",
        f"{_DOCS}/amazondynamodb/latest/APIReference/API_Query.html",
        "ALL_ATTRIBUTES ALL_PROJECTED_ATTRIBUTES SPECIFIC_ATTRIBUTES COUNT",
    ),
    KeyValues(
        "dynamodb:returnvalues",
        f"{_DOCS}/amazondynamodb/latest/developerguide/specifying-conditions.html",
        "NONE ALL_OLD UPDATED_OLD ALL_NEW UPDATED_NEW",
    ),
    KeyValues(
        "dynamodb:returnconsumedcapacity",
        f"{_DOCS}/amazondynamodb/latest/developerguide/specifying-conditions.html",
        "TOTAL INDEXES NONE",
    ),
    KeyValues(
        "eks:authenticationmode",
        f"{_DOCS}/eks/latest/APIReference/API_CreateAccessConfigRequest.html",
        "API API_AND_CONFIG_MAP CONFIG_MAP",
    ),
    KeyValues(
        "eks:accessscope",
        f"{_DOCS}/eks/latest/APIReference/API_AccessScope.html",
        "cluster namespace",
    ),
    KeyValues(
        "sagemaker:directinternetaccess sagemaker:rootaccess",
        f"{_SAGEMAKER}/API_CreateNotebookInstance.html",
        "Enabled Disabled",
    ),
    KeyValues(
        "sagemaker:appnetworkaccesstype",
        f"{_SAGEMAKER}/API_CreateDomain.html",
        "PublicInternetOnly VpcOnly",
    ),
    KeyValues(
        "sagemaker:modelapprovalstatus",
        f"{_SAGEMAKER}/API_UpdateModelPackage.html",
        "Approved Rejected PendingManualApproval",
    ),
    KeyValues(
        "acm:validationmethod",
        f"{_DOCS}/acm/latest/userguide/acm-conditions.html",
        "EMAIL DNS HTTP",
    ),
    KeyValues(
        "acm:keyalgorithm",
        f"{_DOCS}/acm/latest/userguide/acm-conditions.html",
        "RSA_1024 RSA_2048 RSA_3072 RSA_4096 EC_prime256v1 EC_secp384r1 EC_secp521r1",
    ),
    KeyValues(
        "acm:certificatetransparencylogging acm:export",
        f"{_DOCS}/acm/latest/userguide/acm-conditions.html",
        "ENABLED DISABLED",
    ),
    KeyValues(
        "route53:changeresourcerecordsetsactions",
        f"{_DOCS}/Route53/latest/DeveloperGuide/specifying-conditions-route53.html",
        "CREATE UPSERT DELETE",
    ),
    KeyValues(
        "route53:changeresourcerecordsetsrecordtypes",
        f"{_DOCS}/Route53/latest/APIReference/API_ResourceRecordSet.html",
        "SOA A TXT NS CNAME MX NAPTR PTR SRV SPF AAAA CAA DS TLSA SSHFP SVCB HTTPS",
    ),
    KeyValues(
        "apigateway:request/endpointtype apigateway:resource/endpointtype",
        f"{_DOCS}/apigateway/latest/developerguide/security_iam_service-with-iam.html",
        "EDGE REGIONAL PRIVATE",
    ),
    KeyValues(
        "transfer:requestserverendpointtype",
        f"{_DOCS}/transfer/latest/APIReference/API_CreateServer.html",
        "PUBLIC VPC VPC_ENDPOINT",
    ),
    KeyValues(
        "transfer:requestserverprotocols",
        f"{_DOCS}/transfer/latest/APIReference/API_CreateServer.html",
        "SFTP FTP FTPS AS2",
    ),
    KeyValues(
        "codebuild:projectvisibility",
        f"{_DOCS}/codebuild/latest/APIReference/API_Project.html",
        "PUBLIC_READ PRIVATE",
    ),
    KeyValues(
        "rds:databaseengine",
        f"{_DOCS}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
        shapes=("[a-z0-9-]+",),
        exclusions=(
            Exclusion("postgresql", "the engine is `postgres`"),
            Exclusion("sqlserver", "the engines are `sqlserver-ee`, `sqlserver-se` and others"),
            Exclusion("oracle", "the engines are `oracle-ee`, `oracle-se2` and others"),
        ),
        advice="write the name of the engine in lower case, like `postgres`",
    ),
    KeyValues(
        "rds:databaseclass",
        f"{_DOCS}/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html",
        shapes=("db.[a-z0-9.-]+",),
        advice="write the class in lower case, like `db.t4g.micro`",
    ),
    KeyValues(
        "ec2:instancetype autoscaling:instancetype cloud9:instancetype",
        f"{_DOCS}/AWSEC2/latest/UserGuide/instance-types.html",
        shapes=("[a-z0-9-]+.[a-z0-9-]+",),
        advice="write the type with its size in lower case, like `t3.micro`",
    ),
    KeyValues(
        "sagemaker:instancetypes",
        f"{_SAGEMAKER}/API_CreateTrainingJob.html",
        "system",
        shapes=("ml.[a-z0-9-]+.[a-z0-9-]+",),
        advice="write the type in lower case, like `ml.t3.medium`",
    ),
)
