"""How each known path of escalation works, from AWS's pages about the actions.

The tests of the graph compare with these rows, which the product does not read. A row is the path,
then what the principal must be allowed: one action of each group with `|`. The pages are those of
each service in https://docs.aws.amazon.com/service-authorization/latest/reference/.
"""

from __future__ import annotations

from typing import Final

Needs = tuple[tuple[str, ...], ...]


def needs(text: str) -> Needs:
    """Return groups of actions, of which one each is needed."""
    return tuple(tuple(group.split("|")) for group in text.split())


PASSED: Final[dict[str, tuple[str, Needs]]] = {
    path: (f"{service}.amazonaws.com", needs(text))
    for path, service, text in (
        ("ec2-run-instances", "ec2", "ec2:RunInstances"),
        ("ec2-request-spot-instances", "ec2", "ec2:RequestSpotInstances"),
        (
            "autoscaling-new-group",
            "ec2",
            "autoscaling:CreateAutoScalingGroup autoscaling:CreateLaunchConfiguration",
        ),
        ("lambda-create-invoke", "lambda", "lambda:CreateFunction lambda:InvokeFunction"),
        (
            "lambda-create-event-source",
            "lambda",
            "lambda:CreateFunction lambda:CreateEventSourceMapping",
        ),
        ("lambda-create-add-permission", "lambda", "lambda:CreateFunction lambda:AddPermission"),
        ("glue-dev-endpoint", "glue", "glue:CreateDevEndpoint"),
        ("glue-create-job-run", "glue", "glue:CreateJob glue:StartJobRun"),
        ("glue-create-job-trigger", "glue", "glue:CreateJob glue:CreateTrigger"),
        ("glue-session", "glue", "glue:CreateSession glue:RunStatement"),
        ("cloudformation-create-stack", "cloudformation", "cloudformation:CreateStack"),
        (
            "cloudformation-stackset",
            "cloudformation",
            "cloudformation:CreateStackSet cloudformation:CreateStackInstances",
        ),
        ("codebuild-create-build", "codebuild", "codebuild:CreateProject codebuild:StartBuild"),
        (
            "codebuild-create-batch",
            "codebuild",
            "codebuild:CreateProject codebuild:StartBuildBatch",
        ),
        (
            "datapipeline-new",
            "datapipeline",
            (
                "datapipeline:CreatePipeline datapipeline:PutPipelineDefinition "
                "datapipeline:ActivatePipeline"
            ),
        ),
        (
            "ecs-cluster-service",
            "ecs-tasks",
            "ecs:CreateCluster ecs:RegisterTaskDefinition ecs:CreateService",
        ),
        (
            "ecs-cluster-run-task",
            "ecs-tasks",
            "ecs:CreateCluster ecs:RegisterTaskDefinition ecs:RunTask",
        ),
        ("sagemaker-notebook", "sagemaker", "sagemaker:CreateNotebookInstance"),
        ("sagemaker-training", "sagemaker", "sagemaker:CreateTrainingJob"),
        ("sagemaker-processing", "sagemaker", "sagemaker:CreateProcessingJob"),
        ("apprunner-create", "tasks.apprunner", "apprunner:CreateService"),
        (
            "agentcore-code-interpreter",
            "bedrock-agentcore",
            (
                "bedrock-agentcore:CreateCodeInterpreter "
                "bedrock-agentcore:StartCodeInterpreterSession "
                "bedrock-agentcore:InvokeCodeInterpreter"
            ),
        ),
        (
            "agentcore-runtime",
            "bedrock-agentcore",
            "bedrock-agentcore:CreateAgentRuntime bedrock-agentcore:InvokeAgentRuntimeCommand",
        ),
        (
            "agentcore-harness",
            "bedrock-agentcore",
            "bedrock-agentcore:CreateHarness bedrock-agentcore:InvokeAgentRuntimeCommand",
        ),
        (
            "agentcore-browser",
            "bedrock-agentcore",
            (
                "bedrock-agentcore:CreateBrowser bedrock-agentcore:StartBrowserSession "
                "bedrock-agentcore:ConnectBrowserAutomationStream"
            ),
        ),
        (
            "batch-from-scratch",
            "ecs-tasks",
            (
                "batch:CreateComputeEnvironment batch:CreateJobQueue batch:RegisterJobDefinition "
                "batch:SubmitJob"
            ),
        ),
        ("braket-job", "braket", "braket:CreateJob"),
        ("emr-cluster", "elasticmapreduce", "elasticmapreduce:RunJobFlow"),
        (
            "emr-serverless",
            "emr-serverless",
            "emr-serverless:CreateApplication emr-serverless:StartJobRun",
        ),
        ("gamelift-fleet", "gamelift", "gamelift:CreateBuild gamelift:CreateFleet"),
        (
            "imagebuilder",
            "ec2",
            (
                "imagebuilder:CreateComponent imagebuilder:CreateImageRecipe "
                "imagebuilder:CreateInfrastructureConfiguration imagebuilder:CreateImage"
            ),
        ),
        (
            "kinesisanalytics-app",
            "kinesisanalytics",
            "kinesisanalytics:CreateApplication kinesisanalytics:StartApplication",
        ),
        ("omics-workflow", "omics", "omics:CreateWorkflow omics:StartRun"),
        ("scheduler-schedule", "scheduler", "scheduler:CreateSchedule"),
        ("ssm-automation", "ssm", "ssm:CreateDocument ssm:StartAutomationExecution"),
        ("stepfunctions-new", "states", "states:CreateStateMachine states:StartExecution"),
        ("codepipeline", "codepipeline", "codepipeline:CreatePipeline"),
        ("elasticbeanstalk", "ec2", "elasticbeanstalk:CreateEnvironment"),
        (
            "autoscaling-launch-template",
            "ec2",
            (
                "ec2:CreateLaunchTemplate "
                "autoscaling:CreateAutoScalingGroup|autoscaling:UpdateAutoScalingGroup"
            ),
        ),
    )
}
"""Paths that pass a role to a service, besides `iam:PassRole`, and need nothing that exists."""

PASSED_TO_EXISTING: Final[dict[str, tuple[str, str, Needs]]] = {
    path: (f"{service}.amazonaws.com", type_, needs(text))
    for path, service, type_, text in (
        (
            "ec2-associate-instance-profile",
            "ec2",
            "ec2:instance",
            "ec2:AssociateIamInstanceProfile",
        ),
        (
            "ec2-replace-instance-profile",
            "ec2",
            "ec2:instance",
            "ec2:ReplaceIamInstanceProfileAssociation",
        ),
        (
            "iam-swap-instance-profile-role",
            "ec2",
            "ec2:instance",
            "iam:AddRoleToInstanceProfile",
        ),
        (
            "autoscaling-update-group",
            "ec2",
            "autoscaling:autoScalingGroup",
            "autoscaling:UpdateAutoScalingGroup autoscaling:CreateLaunchConfiguration",
        ),
        (
            "lambda-update-role",
            "lambda",
            "lambda:function",
            (
                "lambda:UpdateFunctionConfiguration "
                "lambda:UpdateFunctionCode|lambda:InvokeFunction|lambda:AddPermission"
            ),
        ),
        ("glue-update-job-run", "glue", "glue:job", "glue:UpdateJob glue:StartJobRun"),
        ("glue-update-job-trigger", "glue", "glue:job", "glue:UpdateJob glue:CreateTrigger"),
        (
            "cloudformation-update-stackset",
            "cloudformation",
            "cloudformation:stackset",
            "cloudformation:UpdateStackSet",
        ),
        (
            "cloudformation-update-stack-role",
            "cloudformation",
            "cloudformation:stack",
            "cloudformation:UpdateStack",
        ),
        (
            "codebuild-update-project",
            "codebuild",
            "codebuild:project",
            "codebuild:UpdateProject codebuild:StartBuild|codebuild:StartBuildBatch",
        ),
        ("ecs-service", "ecs-tasks", "ecs:cluster", "ecs:RegisterTaskDefinition ecs:CreateService"),
        ("ecs-run-task", "ecs-tasks", "ecs:cluster", "ecs:RegisterTaskDefinition ecs:RunTask"),
        ("ecs-start-task", "ecs-tasks", "ecs:cluster", "ecs:RegisterTaskDefinition ecs:StartTask"),
        (
            "ecs-own-container-instance",
            "ecs-tasks",
            "ecs:task-definition",
            "ecs:StartTask ecs:RegisterContainerInstance",
        ),
        ("ecs-run-task-override", "ecs-tasks", "ecs:task-definition", "ecs:RunTask"),
        ("ecs-start-task-override", "ecs-tasks", "ecs:task-definition", "ecs:StartTask"),
        (
            "batch-job",
            "ecs-tasks",
            "batch:job-queue",
            "batch:RegisterJobDefinition batch:SubmitJob",
        ),
    )
}
"""Paths that pass a role to something that exists: its type, and what else they need."""

RUN: Final[dict[str, tuple[str, str, Needs]]] = {
    path: (service, type_, needs(text))
    for path, service, type_, text in (
        ("lambda-update-code", "lambda", "lambda:function", "lambda:UpdateFunctionCode"),
        (
            "lambda-update-code-invoke",
            "lambda",
            "lambda:function",
            "lambda:UpdateFunctionCode lambda:InvokeFunction",
        ),
        (
            "lambda-update-code-permission",
            "lambda",
            "lambda:function",
            "lambda:UpdateFunctionCode lambda:AddPermission",
        ),
        (
            "lambda-update-config-layer",
            "lambda",
            "lambda:function",
            "lambda:UpdateFunctionConfiguration",
        ),
        ("glue-update-dev-endpoint", "glue", "glue:devendpoint", "glue:UpdateDevEndpoint"),
        (
            "cloudformation-update-stack",
            "cloudformation",
            "cloudformation:stack",
            "cloudformation:UpdateStack",
        ),
        (
            "cloudformation-change-set",
            "cloudformation",
            "cloudformation:stack",
            "cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet",
        ),
        ("codebuild-start-build", "codebuild", "codebuild:project", "codebuild:StartBuild"),
        ("codebuild-start-batch", "codebuild", "codebuild:project", "codebuild:StartBuildBatch"),
        (
            "ec2-user-data",
            "ec2",
            "ec2:instance",
            "ec2:ModifyInstanceAttribute ec2:StopInstances ec2:StartInstances",
        ),
        (
            "ec2-launch-template",
            "ec2",
            "ec2:launch-template",
            "ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate",
        ),
        (
            "ec2-instance-connect",
            "ec2",
            "ec2:instance",
            "ec2-instance-connect:SendSSHPublicKey",
        ),
        (
            "ec2-serial-console",
            "ec2",
            "ec2:instance",
            "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
        ),
        ("ssm-start-session", "ec2", "ec2:instance", "ssm:StartSession"),
        ("ssm-send-command", "ec2", "ec2:instance", "ssm:SendCommand"),
        (
            "sagemaker-presigned-notebook",
            "sagemaker",
            "sagemaker:notebook-instance",
            "sagemaker:CreatePresignedNotebookInstanceUrl",
        ),
        (
            "sagemaker-lifecycle",
            "sagemaker",
            "sagemaker:notebook-instance",
            (
                "sagemaker:CreateNotebookInstanceLifecycleConfig sagemaker:StopNotebookInstance "
                "sagemaker:UpdateNotebookInstance sagemaker:StartNotebookInstance"
            ),
        ),
        ("apprunner-update", "tasks.apprunner", "apprunner:service", "apprunner:UpdateService"),
        (
            "agentcore-code-interpreter-session",
            "bedrock-agentcore",
            "bedrock-agentcore:code-interpreter-custom",
            "bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter",
        ),
        (
            "agentcore-runtime-command",
            "bedrock-agentcore",
            "bedrock-agentcore:runtime",
            "bedrock-agentcore:InvokeAgentRuntimeCommand",
        ),
        (
            "agentcore-browser-session",
            "bedrock-agentcore",
            "bedrock-agentcore:browser-custom",
            (
                "bedrock-agentcore:StartBrowserSession "
                "bedrock-agentcore:ConnectBrowserAutomationStream"
            ),
        ),
        ("batch-submit", "ecs-tasks", "batch:job-definition", "batch:SubmitJob"),
        ("ecs-execute-command", "ecs-tasks", "ecs:task-definition", "ecs:ExecuteCommand"),
        (
            "stepfunctions-update",
            "states",
            "states:statemachine",
            "states:UpdateStateMachine states:StartExecution",
        ),
        ("emr-add-steps", "ec2", "elasticmapreduce:cluster", "elasticmapreduce:AddJobFlowSteps"),
    )
}
"""Paths that run something as a role of what exists: the service, the type and the actions."""

NOT_MODELLED: Final[dict[str, Needs]] = {
    path: needs(text)
    for path, text in (
        ("iam-set-default-policy-version", "iam:SetDefaultPolicyVersion"),
        (
            "iam-service-specific-credential",
            "iam:CreateServiceSpecificCredential|iam:ResetServiceSpecificCredential",
        ),
        ("iam-saml-provider-takeover", "iam:UpdateSAMLProvider"),
        (
            "iam-mfa-device-takeover",
            "iam:DeactivateMFADevice|iam:EnableMFADevice|iam:ResyncMFADevice",
        ),
        ("sts-assume-root", "sts:AssumeRoot"),
        (
            "sso-new-admin-assignment",
            (
                "sso:CreatePermissionSet sso:CreateAccountAssignment "
                "sso:AttachManagedPolicyToPermissionSet|sso:PutInlinePolicyToPermissionSet|"
                "sso:AttachCustomerManagedPolicyReferenceToPermissionSet"
            ),
        ),
        ("sso-attach-managed-policy", "sso:AttachManagedPolicyToPermissionSet"),
        ("sso-put-inline-policy", "sso:PutInlinePolicyToPermissionSet"),
        ("sso-assign-existing", "sso:CreateAccountAssignment"),
        (
            "identitystore-join-group",
            "identitystore:CreateGroupMembership|sso-directory:AddMemberToGroup",
        ),
        (
            "organizations-guardrail",
            (
                "organizations:DetachPolicy|organizations:UpdatePolicy|organizations:DeletePolicy|"
                "organizations:LeaveOrganization"
            ),
        ),
        (
            "rolesanywhere-new-anchor",
            "iam:PassRole rolesanywhere:CreateTrustAnchor rolesanywhere:CreateProfile",
        ),
        (
            "route53-acm-pca-mitm",
            (
                "route53:CreateHostedZone route53:ChangeResourceRecordSets "
                "acm-pca:IssueCertificate acm-pca:GetCertificate"
            ),
        ),
        ("eks-access-entry", "eks:CreateAccessEntry eks:AssociateAccessPolicy"),
        ("cognito-identity-pool-roles", "iam:PassRole cognito-identity:SetIdentityPoolRoles"),
        ("amplify-app", "iam:PassRole amplify:CreateApp amplify:CreateBranch amplify:StartJob"),
        ("codestar-project", "iam:PassRole codestar:CreateProject"),
        ("eks-pod-identity", "iam:PassRole eks:CreatePodIdentityAssociation"),
        ("events-rule-target", "iam:PassRole events:PutRule events:PutTargets"),
        ("sagemaker-presigned-domain", "sagemaker:CreatePresignedDomainUrl"),
        (
            "codedeploy-deploy",
            "codedeploy:CreateDeployment codedeploy:RegisterApplicationRevision",
        ),
        ("ssm-association", "ssm:CreateAssociation"),
        ("codestar-team-member", "codestar:CreateProject codestar:AssociateTeamMember"),
    )
}
"""Paths that files do not show enough about: who may go one has an answer that is unknown."""

WORKLOADS: Final = {
    "lambda:function": ("aws_lambda_function", "role = {role}.arn"),
    "glue:devendpoint": ("aws_glue_dev_endpoint", "role_arn = {role}.arn"),
    "glue:job": ("aws_glue_job", "role_arn = {role}.arn"),
    "cloudformation:stack": ("aws_cloudformation_stack", "iam_role_arn = {role}.arn"),
    "cloudformation:stackset": (
        "aws_cloudformation_stack_set",
        "administration_role_arn = {role}.arn",
    ),
    "codebuild:project": ("aws_codebuild_project", "service_role = {role}.arn"),
    "ec2:instance": ("aws_instance", "iam_instance_profile = {profile}.name"),
    "ec2:launch-template": (
        "aws_launch_template",
        "iam_instance_profile {{\n arn = {profile}.arn\n }}",
    ),
    "sagemaker:notebook-instance": (
        "aws_sagemaker_notebook_instance",
        "role_arn = {role}.arn",
    ),
    "apprunner:service": (
        "aws_apprunner_service",
        "instance_configuration {{\n instance_role_arn = {role}.arn\n }}",
    ),
    "bedrock-agentcore:code-interpreter-custom": (
        "aws_bedrockagentcore_code_interpreter",
        "execution_role_arn = {role}.arn",
    ),
    "bedrock-agentcore:runtime": (
        "aws_bedrockagentcore_agent_runtime",
        "role_arn = {role}.arn",
    ),
    "bedrock-agentcore:browser-custom": (
        "aws_bedrockagentcore_browser",
        "execution_role_arn = {role}.arn",
    ),
    "batch:job-definition": (
        "aws_batch_job_definition",
        "container_properties = jsonencode({{ jobRoleArn = {role}.arn }})",
    ),
    "ecs:task-definition": ("aws_ecs_task_definition", "task_role_arn = {role}.arn"),
    "states:statemachine": ("aws_sfn_state_machine", "role_arn = {role}.arn"),
    "elasticmapreduce:cluster": (
        "aws_emr_cluster",
        "ec2_attributes {{\n instance_profile = {profile}.arn\n }}",
    ),
}
"""A resource of Terraform of each type that runs with a role, and how it names the role."""

NOT_IN_FILES: Final = ("autoscaling:autoScalingGroup", "ecs:cluster", "batch:job-queue")
"""Types of what has no role of its own."""
