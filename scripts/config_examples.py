"""Examples of each key of a configuration; tests read them, and look for keys without one."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final = {
    "extend": 'extend = "../iamlint.toml"\n',
    "include": 'include = ["policies/**/*.json", "infra/**/*.tf", "**/template.yaml"]\n',
    "exclude": 'exclude = ["**/node_modules/**"]\n',
    "select": 'select = ["default", "hygiene"]\n',
    "extend-select": 'extend-select = ["wildcard-admin"]\n',
    "ignore": 'ignore = ["redundancy"]\n',
    "profile": 'profile = "strict"\n',
    "fail-on": 'fail-on = "error"\n',
    "fail-on-not-analysed": "fail-on-not-analysed = true\n",
    "aws-managed-policies": "aws-managed-policies = true\n",
    "account": 'account = "111122223333"\n',
    "partition": 'partition = "aws-cn"\n',
    "region": 'region = "eu-west-1"\n',
    "organization": 'organization = "o-a1b2c3d4e5"\n',
    "management-account": 'management-account = "777788889999"\n',
    "trusted-accounts": 'trusted-accounts = ["444455556666"]\n',
    "plugins": 'plugins = ["acme_rules"]\n',
    "kinds": """\
[kinds]
"policies/scp/*.json" = "scp"
"policies/boundaries/**" = "boundary"
""",
    "severity": """\
[severity]
wildcard-service = "error"
duplicate-sid = "note"
""",
    "rules": """\
[rules.oversized-scp]
maximum = 10240

[rules.unlisted-administrator]
allowed = ["role/break-glass"]
""",
    "require-condition": """\
[[require-condition]]
actions = ["iam:PassRole"]
keys = ["iam:PassedToService"]
reason = "a role is passed only to services that are named"
""",
    "never": """\
[[never]]
actions = ["s3:DeleteBucket"]
resources = ["arn:aws:s3:::prod-*"]
principals = ["role/ci-*", "outsiders"]
except = ["role/ci-cleanup"]
unless = { "aws:MultiFactorAuthPresent" = "true" }
through = "roles"
reason = "production data, DATA-4"

[[never]]
actions = ["lambda:UpdateFunctionCode", "codepipeline:PutApprovalResult"]
together = true
reason = "who writes code does not approve it"
""",
    "reference": """\
[[reference]]
policy = "guardrails/most.json"
kind = "identity"
files = ["policies/**"]
""",
    "ignore-finding": """\
[[ignore-finding]]
rule = "pass-role-to-any-role"
file = "policies/deployer.json"
sid = "PassAnyRole"
reason = "break-glass role, SEC-12"
expires = 2027-03-31

[[ignore-finding]]
rule = "wildcard-admin"
file = "policies/admin.json"
statement = 0
reason = "two-person control, SEC-13"
""",
    "principals": """\
[principals."role/deployer"]
policies = ["policies/deployer.json", "arn:aws:iam::aws:policy/ReadOnlyAccess"]
trust = "policies/trust/deployer.json"
boundary = "policies/boundary.json"
tags = { team = "platform" }
path = "/teams/"
max-session-duration = 3600

[principals."user/alice"]
groups = ["ops"]
""",
    "resources": """\
[resources."arn:aws:s3:::artifacts"]
policy = "policies/artifacts-bucket.json"
""",
    "organization-policies": """\
[organization-policies]
scp = [["policies/scp/root.json"], ["policies/scp/workloads.json"]]
rcp = [["policies/rcp/root.json"], []]

[organization-policies.accounts.444455556666]
scp = [["policies/scp/root.json"]]
""",
    "terraform": """\
[terraform]
vars = { env = "prod" }
var-files = ["prod.tfvars"]
""",
    "cloudformation": """\
[cloudformation]
parameters = { Env = "prod" }
""",
}
