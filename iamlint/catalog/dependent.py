"""Further actions that a request needs, which AWS's machine-readable references do not list.

As of 2026-11, from the API references of the services: a request must name a role if its parameter
is required, and tags of a new resource need the action that tags one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from iamlint.catalog.model import Action

PASSING: Final = "iam:PassRole"

# The required parameters are those of botocore 1.44.8, and that a role is passed is on
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
_WITH_ROLE: Final = """
    airflow: CreateEnvironment
    backup: StartBackupJob
    bedrock: CreateEvaluationJob CreateFlow CreateKnowledgeBase CreateModelCustomizationJob
        CreateModelImportJob CreateModelInvocationJob
    bedrock-agentcore: CreateAgentRuntime CreateGateway
    budgets: CreateBudgetAction
    cloudwatch: PutMetricStream
    codebuild: CreateProject
    codedeploy: CreateDeploymentGroup
    comprehend: CreateDocumentClassifier CreateEntityRecognizer CreateFlywheel
        StartDocumentClassificationJob StartDominantLanguageDetectionJob
        StartEntitiesDetectionJob StartEventsDetectionJob StartKeyPhrasesDetectionJob
        StartPiiEntitiesDetectionJob StartSentimentDetectionJob
        StartTargetedSentimentDetectionJob StartTopicsDetectionJob
    databrew: CreateProfileJob CreateProject CreateRecipeJob
    dax: CreateCluster
    dlm: CreateLifecyclePolicy
    eks: CreateCluster CreateFargateProfile CreateNodegroup CreatePodIdentityAssociation
    emr-serverless: StartJobRun StartSession
    fis: CreateExperimentTemplate
    glue: CreateColumnStatisticsTaskSettings CreateCrawler CreateDevEndpoint CreateJob
        CreateMLTransform CreateSession StartBlueprintRun StartColumnStatisticsTaskRun
        StartDataQualityRuleRecommendationRun StartDataQualityRulesetEvaluationRun
    healthlake: StartDataTransformationJob StartFHIRExportJob StartFHIRImportJob
    iot: CreateOTAUpdate CreateProvisioningTemplate CreateRoleAlias CreateStream
    iotsitewise: CreateBulkImportJob CreatePortal
    kendra: CreateFaq CreateIndex CreateQuerySuggestionsBlockList CreateThesaurus
    kinesisanalytics: CreateApplication
    lambda: CreateFunction
    logs: PutDestination
    mediaconvert: CreateJob
    omics: StartAnnotationImportJob StartReadSetExportJob StartReadSetImportJob
        StartReferenceImportJob StartRun StartVariantImportJob
    personalize: CreateBatchInferenceJob CreateBatchSegmentJob CreateDataDeletionJob
        CreateDatasetExportJob
    pipes: CreatePipe
    rds: AddRoleToDBCluster AddRoleToDBInstance CreateDBProxy StartExportTask
    redshift: CreateScheduledAction
    s3: CreateJob
    sagemaker: CreateAutoMLJob CreateAutoMLJobV2 CreateCompilationJob
        CreateDataQualityJobDefinition CreateEdgePackagingJob CreateFlowDefinition CreateImage
        CreateInferenceExperiment CreateInferenceRecommendationsJob CreateJob
        CreateLabelingJob CreateMlflowApp CreateMlflowTrackingServer
        CreateModelBiasJobDefinition CreateModelExplainabilityJobDefinition
        CreateModelQualityJobDefinition CreateNotebookInstance CreateOptimizationJob
        CreatePipeline CreateProcessingJob CreateTrainingJob
    ssm: CreateActivation
    states: CreateStateMachine
    storagegateway: CreateNFSFileShare CreateSMBFileShare StartCacheReport
    synthetics: CreateCanary
    timestream: CreateScheduledQuery
    transfer: CreateAccess CreateAgreement CreateConnector CreateUser
    translate: StartTextTranslationJob
"""


def _actions(lines: str) -> frozenset[str]:
    """Return the actions of lines of a service and names."""
    found, service = set(), ""
    for word in lines.split():
        if word.endswith(":"):
            service = word
        else:
            found.add(f"{service}{word}".lower())
    return frozenset(found)


WITH_ROLE: Final = _actions(_WITH_ROLE)
"""Actions whose requests always name a role, in lower case."""

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
# https://docs.aws.amazon.com/efs/latest/ug/supported-iam-actions-tagging-efs.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html
# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_TAGGING: Final = {
    "ec2": "ec2:CreateTags",
    "ecs": "ecs:TagResource",
    "elasticfilesystem": "elasticfilesystem:TagResource",
    "elasticloadbalancing": "elasticloadbalancing:AddTags",
    "kms": "kms:TagResource",
    "secretsmanager": "secretsmanager:TagResource",
    "sqs": "sqs:TagQueue",
}


def tagging_action(action: Action) -> str | None:
    """Return the action that a request needs besides to tag what it creates, if it is known."""
    found = _TAGGING.get(action.service)
    return (
        found if action.name.startswith(("Create", "Run")) and found != action.full_name else None
    )
