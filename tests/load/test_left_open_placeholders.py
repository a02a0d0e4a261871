"""Policies with placeholders of another tool: those are unknown, the text for AWS is checked."""

from __future__ import annotations

from string import Template

from tests.load.twins import Twin, as_test

BUCKET = Template("""{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:PutObject",
  "Resource": "arn:aws:s3:::central-logs/*",
  "Condition": {"StringEquals": {"$key": "$value"}}
}]}""")
HOME = Template("""{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "$resource"
}]}""")
TRUST = Template("""{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow", "Principal": {"Federated": "$provider"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {
    "StringLike": {"token.actions.githubusercontent.com:sub": "$subject"},
    "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}
  }
}]}""")
GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
QUEUE = Template("""{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
  "Resource": "arn:aws:sqs:__REGION__:__ACCOUNT__:jobs",
  "Condition": {"ArnLike": {"aws:SourceArn": "$source"}}
}]}""")
KEY = Template("""{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow", "Principal": {"AWS": "$principal"}, "Action": "kms:Decrypt", "Resource": "*"
}]}""")


def bucket(value: str, key: str = "aws:PrincipalOrgID") -> dict[str, str]:
    return {"policy.json": BUCKET.substitute(key=key, value=value)}


def home(resource: str) -> dict[str, str]:
    return {"policy.json": HOME.substitute(resource=resource)}


def trust(provider: str, subject: str) -> dict[str, str]:
    return {"trust.json": TRUST.substitute(provider=provider, subject=subject)}


def queue(source: str) -> dict[str, str]:
    return {"queue.json": QUEUE.substitute(source=source)}


def key(principal: str) -> dict[str, str]:
    return {"key.json": KEY.substitute(principal=principal)}


GUARDED = Template("""{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "$allowed/*"},
  {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "$denied/*",
   "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}
]}""")


def guarded(allowed: str, denied: str) -> dict[str, str]:
    return {"bucket.json": GUARDED.substitute(allowed=allowed, denied=denied)}


TWINS = [
    Twin(
        "the same placeholder is the same bucket",
        harmless=guarded("arn:aws:s3:::${bucket}", "arn:aws:s3:::${bucket}"),
        faulty=guarded("arn:aws:s3:::a-${bucket}", "arn:aws:s3:::b-${bucket}"),
        rule="public-resource-policy",
    ),
    Twin(
        "every action of what is not named may be those of a repository",
        harmless={
            "ecr.json": """{"Version": "2012-10-17", "Statement": [{
              "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*",
              "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "${ORG_ID}"},
                            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}]}"""
        },
        faulty={
            "ecr.json": """{"Version": "2012-10-17", "Statement": [{
              "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*",
              "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "${ORG_ID}"},
                            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}]}"""
        },
        rule="missing-resource",
    ),
    *(
        Twin(
            f"the organization is filled in as {text}",
            harmless=bucket(text),
            faulty=bucket(text, key="aws:UserAgent"),
            rule="public-resource-policy",
        )
        for text in (
            *("${ORG_ID}", "%{org_id}", "{{ org_id }}", "{org}", "__ORG_ID__", "<org-id>"),
            *(
                "%%ORG_ID%%",
                "%ORG_ID%",
                "%(org_id)s",
                "%s",
                "((org_id))",
                "[[ org_id ]]",
                "[ORG ID]",
            ),
        )
    ),
    *(
        Twin(
            f"a bucket is filled in as {text}",
            harmless=home(f"arn:aws:s3:::{text}/home/*"),
            faulty=home(f"arn:aws:s3:::{text}/${{aws:usernme}}/*"),
            rule="unknown-variable",
        )
        for text in (
            *("${bucket}", "%{bucket}", "{bucket}", "__BUCKET__", "<bucket>", "$BUCKET"),
            *("%%BUCKET%%", "%s", "((bucket))"),
        )
    ),
    Twin(
        "a whole ARN is filled in",
        harmless=home("{bucket_arn}/build/*"),
        faulty=home("bucket_arn/build/*"),
        rule="malformed-arn",
    ),
    Twin(
        "what an installer fills in",
        harmless=home("arn:%%PARTITION%%:s3:::%%BUCKET%%/*"),
        faulty=home("arn:%%:s3:::%%BUCKET%%/*"),
        rule="unknown-partition",
    ),
    *(
        Twin(
            f"{account} is replaced before AWS sees it",
            harmless=home(f"arn:aws:s3:{region}:{account}:accesspoint/a/object/*"),
            faulty=home(f"arn:aws:s3:eu-west-1:12345{account[:3]}:accesspoint/a/object/*"),
            rule="invalid-account",
        )
        for account, region in (
            ("ACCOUNT_ID", "REGION"),
            ("AWS_ACCOUNT", "AWS_REGION"),
            ("XXXXXXXXXXXX", "XXXX"),
        )
    ),
    Twin(
        "a repository is filled in",
        harmless=trust(GITHUB, "repo:${github_repository}:*"),
        faulty=trust(GITHUB, "repo:*:${branch}"),
        rule="github-oidc-without-subject",
    ),
    Twin(
        "an account is filled in",
        harmless=queue("arn:aws:sns:__REGION__:__ACCOUNT__:news"),
        faulty=queue("arn:aws:sns:__REGION__:*:news"),
        rule="service-principal-without-source",
    ),
    Twin(
        "a principal is filled in",
        harmless=key("<role ARN>"),
        faulty=key("*"),
        rule="public-resource-policy",
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)
