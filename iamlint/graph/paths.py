"""How the graph follows each path of escalation; one that it does not follow is never a *no*."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from iamlint.catalog.escalation import escalation
from iamlint.fast_dataclass import dataclass
from iamlint.graph.answer import How

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.catalog.escalation import EscalationPath


@dataclass(frozen=True, slots=True)
class PathUse:
    """How a path is followed; a path without `how` is not modelled, and `why` says why.

    `runs` are the types of workloads on which it runs something, each with the service that a role
    of theirs trusts. `needs` is the type of something that must exist besides.
    """

    path: EscalationPath
    how: How | None
    why: str = ""
    runs: tuple[tuple[str, str], ...] = ()
    needs: str = ""


_NOT_MODELLED: Final = {
    "iam-set-default-policy-version": "no file shows what older versions of policies allow",
    "iam-service-specific-credential": "its passwords open CodeCommit, Keyspaces and Bedrock only",
    "iam-mfa-device-takeover": "it needs the password of the user",
    "iam-saml-provider-takeover": "no file shows who signs in through the provider",
    "sts-assume-root": "it acts as the root user of member accounts",
    "sso-new-admin-assignment": "no file shows all assignments of IAM Identity Center",
    "sso-attach-managed-policy": "no file shows all assignments of IAM Identity Center",
    "sso-put-inline-policy": "no file shows all assignments of IAM Identity Center",
    "sso-assign-existing": "no file shows all assignments of IAM Identity Center",
    "identitystore-join-group": "no file shows the groups of the identity store",
    "organizations-guardrail": "it lifts the policies of the organization",
    "rolesanywhere-new-anchor": "IAM Roles Anywhere is not modelled",
    "route53-acm-pca-mitm": "no file shows which clients trust the certificates",
    "eks-access-entry": "access inside of clusters is not modelled",
    "cognito-identity-pool-roles": "identity pools are not modelled",
    "eks-pod-identity": "no file shows who runs pods in the cluster",
    "events-rule-target": "no file shows the targets that run what a rule sends",
    "amplify-app": "no file shows who pushes to the repository",
    "codestar-project": "AWS has closed CodeStar",
    "codestar-team-member": "AWS has closed CodeStar",
    "codedeploy-deploy": "no file shows the instances of a deployment group",
    "ssm-association": "no file shows the targets of an association",
    "sagemaker-presigned-domain": "no file shows the user profiles of a domain",
}

_FOLLOWED: Final = {
    "iam-create-policy-version": How.POLICY_REWRITTEN,
    "iam-attach-user-policy": How.POLICY_REWRITTEN,
    "iam-attach-group-policy": How.POLICY_REWRITTEN,
    "iam-attach-role-policy": How.POLICY_REWRITTEN,
    "iam-put-user-policy": How.POLICY_REWRITTEN,
    "iam-put-group-policy": How.POLICY_REWRITTEN,
    "iam-put-role-policy": How.POLICY_REWRITTEN,
    "iam-delete-user-permissions-boundary": How.POLICY_REWRITTEN,
    "iam-delete-role-permissions-boundary": How.POLICY_REWRITTEN,
    "iam-put-user-permissions-boundary": How.POLICY_REWRITTEN,
    "iam-put-role-permissions-boundary": How.POLICY_REWRITTEN,
    "iam-detach-user-policy": How.POLICY_REWRITTEN,
    "iam-detach-role-policy": How.POLICY_REWRITTEN,
    "iam-delete-user-policy": How.POLICY_REWRITTEN,
    "iam-delete-role-policy": How.POLICY_REWRITTEN,
    "iam-attach-role-policy+assume": How.POLICY_REWRITTEN,
    "iam-attach-user-policy+access-key": How.POLICY_REWRITTEN,
    "iam-create-policy-version+assume": How.POLICY_REWRITTEN,
    "iam-put-role-policy+assume": How.POLICY_REWRITTEN,
    "iam-put-user-policy+access-key": How.POLICY_REWRITTEN,
    "iam-attach-role-policy+trust": How.POLICY_REWRITTEN,
    "iam-create-policy-version+trust": How.POLICY_REWRITTEN,
    "iam-put-role-policy+trust": How.POLICY_REWRITTEN,
    "iam-add-user-to-group": How.JOINS,
    "iam-create-access-key": How.CREDENTIALS,
    "iam-rotate-access-key": How.CREDENTIALS,
    "iam-create-login-profile": How.CREDENTIALS,
    "iam-update-login-profile": How.CREDENTIALS,
    "iam-update-assume-role-policy": How.TRUST_REWRITTEN,
    "iam-oidc-provider+trust": How.TRUST_REWRITTEN,
    "iam-create-role+policy": How.NEW_PRINCIPAL,
    "sts-assume-role": How.ASSUME_ROLE,
}

_EC2: Final = (("ec2:instance", "ec2.amazonaws.com"),)
_LAMBDA: Final = (("lambda:function", "lambda.amazonaws.com"),)
_STACK: Final = (("cloudformation:stack", "cloudformation.amazonaws.com"),)
_BUILD: Final = (("codebuild:project", "codebuild.amazonaws.com"),)
_NOTEBOOK: Final = (("sagemaker:notebook-instance", "sagemaker.amazonaws.com"),)
_TASK: Final = (("ecs:task-definition", "ecs-tasks.amazonaws.com"),)
_AGENTCORE: Final = "bedrock-agentcore.amazonaws.com"
_INTERPRETER: Final = (("bedrock-agentcore:code-interpreter-custom", _AGENTCORE),)

_RUNS: Final = {
    "lambda-update-code": _LAMBDA,
    "lambda-update-code-invoke": _LAMBDA,
    "lambda-update-code-permission": _LAMBDA,
    "lambda-update-config-layer": _LAMBDA,
    "glue-update-dev-endpoint": (("glue:devendpoint", "glue.amazonaws.com"),),
    "cloudformation-update-stack": _STACK,
    "cloudformation-change-set": _STACK,
    "codebuild-start-build": _BUILD,
    "codebuild-start-batch": _BUILD,
    "ec2-user-data": _EC2,
    "ec2-launch-template": (("ec2:launch-template", "ec2.amazonaws.com"),),
    "ec2-instance-connect": _EC2,
    "ec2-serial-console": _EC2,
    "ssm-start-session": _EC2,
    "ssm-send-command": _EC2,
    "sagemaker-presigned-notebook": _NOTEBOOK,
    "sagemaker-lifecycle": _NOTEBOOK,
    "apprunner-update": (("apprunner:service", "tasks.apprunner.amazonaws.com"),),
    "agentcore-code-interpreter-session": _INTERPRETER,
    "agentcore-runtime-command": (("bedrock-agentcore:runtime", _AGENTCORE),),
    "agentcore-browser-session": (("bedrock-agentcore:browser-custom", _AGENTCORE),),
    "batch-submit": (("batch:job-definition", "ecs-tasks.amazonaws.com"),),
    "ecs-execute-command": _TASK,
    "stepfunctions-update": (("states:statemachine", "states.amazonaws.com"),),
    "emr-add-steps": (("elasticmapreduce:cluster", "ec2.amazonaws.com"),),
}  # fmt: skip

_NEEDS: Final = {
    "ec2-associate-instance-profile": "ec2:instance",
    "ec2-replace-instance-profile": "ec2:instance",
    "iam-swap-instance-profile-role": "ec2:instance",
    "autoscaling-update-group": "autoscaling:autoScalingGroup",
    "lambda-update-role": "lambda:function",
    "glue-update-job-run": "glue:job",
    "glue-update-job-trigger": "glue:job",
    "cloudformation-update-stackset": "cloudformation:stackset",
    "cloudformation-update-stack-role": "cloudformation:stack",
    "codebuild-update-project": "codebuild:project",
    "ecs-service": "ecs:cluster",
    "ecs-run-task": "ecs:cluster",
    "ecs-start-task": "ecs:cluster",
    "ecs-own-container-instance": "ecs:task-definition",
    "ecs-run-task-override": "ecs:task-definition",
    "ecs-start-task-override": "ecs:task-definition",
    "batch-job": "batch:job-queue",
}

NOT_LISTED: Final = frozenset({"autoscaling:autoScalingGroup", "ecs:cluster", "batch:job-queue"})
"""Types of what has no role of its own, so that it is not among the workloads of files."""

BESIDE_PATHS: Final = ("iam:createinstanceprofile", "iam:createuser")
"""Actions that steps need besides those of the known paths."""

OF_OTHERS: Final = frozenset(
    {
        "batch:createjobqueue", "batch:submitjob",
        "bedrock-agentcore:connectbrowserautomationstream",
        "bedrock-agentcore:invokeagentruntimecommand", "bedrock-agentcore:invokecodeinterpreter",
        "bedrock-agentcore:startbrowsersession", "bedrock-agentcore:startcodeinterpretersession",
        "cloudformation:createstackinstances", "codebuild:startbuild", "codebuild:startbuildbatch",
        "datapipeline:createpipeline", "ec2:createlaunchtemplate", "ecs:createcluster",
        "ecs:registercontainerinstance", "emr-serverless:createapplication",
        "gamelift:createbuild", "glue:createtrigger", "glue:runstatement", "glue:startjobrun",
        "iam:createinstanceprofile", "imagebuilder:createcomponent", "imagebuilder:createimage",
        "imagebuilder:createimagerecipe", "kinesisanalytics:startapplication",
        "lambda:addpermission", "lambda:createeventsourcemapping", "lambda:invokefunction",
        "lambda:updatefunctioncode", "omics:createworkflow", "ssm:createdocument",
        "states:startexecution",
    }
)  # fmt: skip
"""Calls of paths with a passed role that do not take the role, so that others can make them."""


@cache
def path_uses() -> Mapping[str, PathUse]:
    """Return how each known path is followed, by its id."""
    return {path.id: _use(path) for path in escalation().paths}


def _use(path: EscalationPath) -> PathUse:
    if (why := _NOT_MODELLED.get(path.id)) is not None:
        return PathUse(path, None, why)
    if (how := _FOLLOWED.get(path.id)) is not None:
        return PathUse(path, how)
    if (runs := _RUNS.get(path.id)) is not None:
        return PathUse(path, How.RUN_AS, runs=runs)
    if path.services:
        return PathUse(path, How.PASS_ROLE, needs=_NEEDS.get(path.id, ""))
    return PathUse(path, None, "it is new to the graph")


def paths_followed(how: How) -> tuple[PathUse, ...]:
    """Return the paths that are followed in one way, in their order."""
    return tuple(use for use in path_uses().values() if use.how is how)


def paths_not_modelled() -> tuple[PathUse, ...]:
    """Return the paths that the graph does not follow."""
    return tuple(use for use in path_uses().values() if use.how is None)
