"""How the subjects of tokens are built, issuer by issuer, and how much a pattern leaves open.

State of 2026-11, from the providers' own pages. Patterns of another form are left alone: most issuers
let their customers choose what the subject holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.grants.pinned import text_of
from iamlint.policy.wildcard import is_wild, matches, overlaps
from iamlint.rules.conditions._openness import short_run

if TYPE_CHECKING:
    from iamlint.policy.model import Condition, Entry


@dataclass(frozen=True, slots=True)
class SubjectName:
    """A name inside a subject, after fixed text.

    `gravity` is how bad it is to leave it open; 0 is what providers themselves leave open.
    """

    before: str
    name: str
    gravity: float = 0


@dataclass(frozen=True, slots=True)
class SubjectForm:
    """The subjects of the issuers whose host matches a pattern. `source` documents them.

    `is_whole`: every subject has all the parts, so that an exact value without them is in vain.
    """

    hosts: str
    parts: tuple[SubjectName, ...]
    source: str
    is_whole: bool = False


_POD: Final = (
    SubjectName("system:serviceaccount:", "namespace", 7.6),
    SubjectName(":", "service account", 4.5),
)

FORMS: Final = (
    SubjectForm(
        "oidc.eks.*/id/*",
        _POD,
        "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
        is_whole=True,
    ),
    SubjectForm(
        "rh-oidc.s3.us-east-1.amazonaws.com/*",
        _POD,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
    ),
    SubjectForm(
        "oidc.op1.openshiftapps.com/*",
        _POD,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
    ),
    SubjectForm(
        "app.terraform.io",
        (
            SubjectName("organization:", "organization", 9.2),
            SubjectName(":project:", "project", 5.6),
            SubjectName(":workspace:", "workspace", 4.4),
            SubjectName(":run_phase:", "phase"),
        ),
        "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration",
    ),
    SubjectForm(
        "gitlab.*",
        (
            SubjectName("project_path:", "group", 9.2),
            SubjectName("/", "project", 5.4),
            SubjectName(":ref_type:", "kind of ref", 3.4),
            SubjectName(":ref:", "branch or tag", 3.0),
        ),
        "https://docs.gitlab.com/ci/cloud_services/aws/",
    ),
    SubjectForm(
        "agent.buildkite.com",
        (
            SubjectName("organization:", "organization", 9.2),
            SubjectName(":pipeline:", "pipeline", 5.4),
            SubjectName(":ref:", "branch or tag", 3.4),
            SubjectName(":commit:", "commit"),
        ),
        "https://buildkite.com/docs/pipelines/security/oidc/aws",
    ),
    SubjectForm(
        "oidc.vercel.com*",
        (
            SubjectName("owner:", "team", 9.2),
            SubjectName(":project:", "project", 5.4),
            SubjectName(":environment:", "environment", 4.0),
        ),
        "https://vercel.com/docs/oidc/aws",
    ),
    SubjectForm(
        "oidc.circleci.com/org/*",
        (
            SubjectName("org/", "organization", 5.4),
            SubjectName("/project/", "project", 5.4),
            SubjectName("/user/", "user"),
        ),
        "https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/",
    ),
    SubjectForm(
        "*.semaphoreci.com",
        (
            SubjectName("org:", "organization", 5.4),
            SubjectName(":project:", "project", 5.4),
            SubjectName(":repo:", "repository"),
        ),
        "https://docs.semaphore.io/using-semaphore/openid",
    ),
    SubjectForm(
        "*.spacelift.io",
        (
            SubjectName("space:", "space", 5.4),
            SubjectName(":stack:", "stack", 3.4),
            SubjectName(":run_type:", "run"),
        ),
        "https://docs.spacelift.io/integrations/cloud-providers/oidc/",
    ),
    SubjectForm(
        "api.bitbucket.org/2.0/workspaces/*",
        (SubjectName("{", "repository", 5.4), SubjectName("}", "environment or step")),
        "https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/",
    ),
    SubjectForm(
        "oidc.fly.io/*",
        (
            SubjectName("", "organization", 5.0),
            SubjectName(":", "app", 5.0),
            SubjectName(":", "machine"),
        ),
        "https://fly.io/docs/security/openid-connect/",
    ),
    SubjectForm(
        "vstoken.dev.azure.com/*",
        (
            SubjectName("sc://", "organization", 5.4),
            SubjectName("/", "project", 5.4),
            SubjectName("/", "service connection", 4.4),
        ),
        "https://learn.microsoft.com/azure/devops/pipelines/library/connect-to-azure",
    ),
)


def form_of(host: str) -> SubjectForm | None:
    """Return how the issuer builds its subjects, if that is known."""
    return next((form for form in FORMS if matches(form.hosts, host)), None)


def left_open(entry: Entry, condition: Condition, form: SubjectForm) -> SubjectName | None:
    """Return the first part of a subject that a value leaves open; None for another form."""
    if condition.operator is None or not condition.operator.wildcards:
        return None
    rest = text_of(entry)
    for at, part in enumerate(form.parts):
        if not part.gravity:
            return None
        if not rest.startswith(part.before):
            return part if is_wild(rest) and overlaps(rest, part.before + "*") else None
        following = form.parts[at + 1 : at + 2]
        rest = rest.removeprefix(part.before)
        name, rest = _cut(rest, following[0].before) if following else (rest, "")
        if is_wild(name):
            return part
    return None


def _cut(rest: str, before: str) -> tuple[str, str]:
    """Return a name and the rest, which begins with the fixed text, or with a wildcard for it."""
    end = rest.find(before)
    if end < 0:
        end = rest.find(before[0])
    return (rest, "") if end < 0 else (rest[:end], rest[end:])


def is_wild_subject(condition: Condition) -> bool:
    """Return whether a subject holds a value that every token has: `*`."""
    return condition.name.endswith(":sub") and any(
        set(text_of(entry)) == {"*"} for entry in condition.values
    )


def lacks_form(entry: Entry, condition: Condition, form: SubjectForm) -> bool:
    """Return whether an exact value lacks what every subject of the issuer begins with."""
    if not form.is_whole or condition.operator is None or entry.known is None:
        return False
    text = entry.known
    if is_wild(text) or "$" in text or "{" in text:
        return False
    return not overlaps("*".join(["", *(p.before for p in form.parts), ""])[1:], text)


TOO_PERMISSIVE: Final = "WILDCARD_USAGE_TOO_PERMISSIVE"


def code_for(entry: Entry, condition: Condition) -> str | None:
    """Return the code under which AWS reports the value of a subject, if it does."""
    if condition.operator is None or not condition.operator.wildcards:
        return None
    return TOO_PERMISSIVE if short_run(text_of(entry).replace("$", "_"), "*?") else None
