"""Answers about the links of manifests, programs, services and dumps, for each kind of link.

The linked policy is a Deny or the only Allow. If the files name the other end of the link, the
answer follows it. If not, the answer is open if the policy could change it, and stays otherwise.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from tests.account.holding_texts import HOME, allow, deny, policy, trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.repository import Repository

    JSON = dict[str, object]
    Files = dict[str, object]
    Open = Callable[..., Repository]

GET = "s3:GetObject"
OBJECT = "arn:aws:s3:::depot/key"
QUEUE = f"arn:aws:sqs:eu-west-1:{HOME}:jobs"
GUARD = f"arn:aws:iam::{HOME}:policy/guard"
TRUST = trust({"Service": "ec2.amazonaws.com"})
ALLOW = policy(allow("s3:*"), allow("sqs:*"))
DENY = policy(deny(GET))
ELSEWHERE = policy(deny("s3:PutObject"))
NARROW = policy(allow("ec2:*"))
NOTHING = policy(allow("sts:GetCallerIdentity"))


def ask(opened: Repository, who: str, action: str = GET, on: str = OBJECT) -> Ruling:
    return opened.account.ask(opened.subject(who), [action], on).ruling


def text(document: object) -> str:
    return json.dumps(document)


# Pulumi: a program, and the export of a stack.


def pulumi(**resources: tuple[str, JSON]) -> Files:
    made = {n: {"type": f"aws:{t}", "properties": p} for n, (t, p) in resources.items()}
    program = {"name": "shop", "runtime": "yaml", "resources": made}
    return {"Pulumi.yaml": text(program)}


def pulumi_attached(document: JSON, base: JSON, *, known: bool) -> Files:
    arn = "${g.arn}" if known else "${configured}"
    return pulumi(
        app=("iam:Role", {"assumeRolePolicy": text(TRUST)}),
        b=("iam:RolePolicy", {"role": "${app.name}", "policy": text(base)}),
        a=("iam:RolePolicyAttachment", {"role": "${app}", "policyArn": arn}),
        g=("iam:Policy", {"policy": text(document)}),
    )


def pulumi_to(document: JSON, base: JSON, *, known: bool) -> Files:
    role = "${app.id}" if known else "${configured}"
    return pulumi(
        app=("iam:Role", {"name": "app", "assumeRolePolicy": text(TRUST)}),
        b=("iam:RolePolicy", {"role": "${app.name}", "policy": text(base)}),
        a=("iam:RolePolicyAttachment", {"role": role, "policyArn": "${g.arn}"}),
        g=("iam:Policy", {"policy": text(document)}),
    )


def pulumi_own(document: JSON, base: JSON, *, known: bool) -> Files:
    arns = ["${g.arn}"] if known else ["${configured}"]
    return pulumi(
        app=("iam:Role", {"assumeRolePolicy": text(TRUST), "managedPolicyArns": arns}),
        b=("iam:RolePolicy", {"role": "${app.name}", "policy": text(base)}),
        g=("iam:Policy", {"name": "guard", "policy": text(document)}),
    )


def pulumi_member(document: JSON, base: JSON, *, known: bool) -> Files:
    group = "${ops.name}" if known else "${configured}"
    return pulumi(
        app=("iam:User", {}),
        ops=("iam:Group", {}),
        b=("iam:UserPolicy", {"user": "${app.name}", "policy": text(base)}),
        g=("iam:GroupPolicy", {"group": "${ops.name}", "policy": text(document)}),
        m=("iam:UserGroupMembership", {"user": "${app.name}", "groups": [group]}),
    )


def export(**resources: tuple[str, JSON]) -> Files:
    listed = [
        {
            "urn": f"urn:pulumi:dev::shop::aws:{t}::{n}",
            "type": f"aws:{t}",
            "id": n,
            "inputs": {},
            "outputs": p,
        }
        for n, (t, p) in resources.items()
    ]
    return {"stack.json": {"version": 3, "deployment": {"resources": listed}}}


def export_attached(document: JSON, base: JSON, *, known: bool) -> Files:
    arn = GUARD if known else {"4dabf18193072939515e22adb298388d": "1b", "ciphertext": "x"}
    role: JSON = {
        "name": "app",
        "arn": f"arn:aws:iam::{HOME}:role/app",
        "assumeRolePolicy": text(TRUST),
    }
    return export(
        app=("iam/role:Role", role),
        b=("iam/rolePolicy:RolePolicy", {"role": "app", "policy": text(base)}),
        a=("iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "app", "policyArn": arn}),
        g=("iam/policy:Policy", {"name": "guard", "arn": GUARD, "policy": text(document)}),
    )


# Kubernetes: Crossplane and ACK.


def crossplane(*objects: tuple[str, str, JSON]) -> Files:
    return {
        f"m/{number}.yaml": text(
            {
                "apiVersion": f"{kind.partition('/')[0]}.aws.upbound.io/v1beta1",
                "kind": kind.partition("/")[2],
                "metadata": {"name": name},
                "spec": {"forProvider": provided},
            }
        )
        for number, (kind, name, provided) in enumerate(objects)
    }


def crossplane_attached(document: JSON, base: JSON, *, known: bool) -> Files:
    by: JSON = {"policyArnRef": {"name": "guard"}} if known else {"policyArnSelector": {}}
    return crossplane(
        ("iam/Role", "app", {"assumeRolePolicy": text(TRUST)}),
        ("iam/RolePolicy", "base", {"roleRef": {"name": "app"}, "policy": text(base)}),
        ("iam/Policy", "guard", {"policy": text(document)}),
        ("iam/RolePolicyAttachment", "a", {"roleRef": {"name": "app"}, **by}),
    )


def crossplane_to(document: JSON, base: JSON, *, known: bool) -> Files:
    by: JSON = (
        {"roleRef": {"name": "app"}} if known else {"roleSelector": {"matchLabels": {"a": "b"}}}
    )
    return crossplane(
        ("iam/Role", "app", {"assumeRolePolicy": text(TRUST)}),
        ("iam/RolePolicy", "base", {"roleRef": {"name": "app"}, "policy": text(base)}),
        ("iam/RolePolicy", "g", {**by, "policy": text(document)}),
    )


def crossplane_member(document: JSON, base: JSON, *, known: bool) -> Files:
    by: JSON = {"groupRefs": [{"name": "ops"}]} if known else {"groupSelector": {}}
    return crossplane(
        ("iam/User", "app", {}),
        ("iam/Group", "ops", {}),
        ("iam/UserPolicy", "base", {"userRef": {"name": "app"}, "policy": text(base)}),
        ("iam/GroupPolicy", "g", {"groupRef": {"name": "ops"}, "policy": text(document)}),
        ("iam/UserGroupMembership", "m", {"userRef": {"name": "app"}, **by}),
    )


def ack(document: JSON, base: JSON, *, known: bool) -> Files:
    role = {
        "name": "app",
        "assumeRolePolicyDocument": text(TRUST),
        "inlinePolicies": {"base": text(base)},
        "policyRefs": [{"from": {"name": "guard" if known else "elsewhere"}}],
    }
    managed = {"name": "Guard", "policyDocument": text(document)}
    api = "iam.services.k8s.aws/v1alpha1"
    return {
        "role.yaml": text(
            {"apiVersion": api, "kind": "Role", "metadata": {"name": "app"}, "spec": role}
        ),
        "policy.yaml": text(
            {"apiVersion": api, "kind": "Policy", "metadata": {"name": "guard"}, "spec": managed}
        ),
    }


HELD = {
    "Pulumi: attachment of a policy": (pulumi_attached, "role/app"),
    "Pulumi: attachment to a role": (pulumi_to, "role/app"),
    "Pulumi: managedPolicyArns": (pulumi_own, "role/app"),
    "Pulumi: membership": (pulumi_member, "user/app"),
    "Pulumi: export": (export_attached, "role/app"),
    "Crossplane: attachment": (crossplane_attached, "role/app"),
    "Crossplane: inline policy": (crossplane_to, "role/app"),
    "Crossplane: membership": (crossplane_member, "user/app"),
    "ACK: policyRefs": (ack, "role/app"),
}


@pytest.mark.parametrize("form", HELD)
def test_a_principal_holds_what_files_link_to_it(form: str, repository: Open) -> None:
    make, who = HELD[form]

    assert ask(repository(make(DENY, ALLOW, known=True)), who) is Ruling.DENIED
    assert ask(repository(make(ALLOW, NOTHING, known=True)), who) is Ruling.ALLOWED
    assert ask(repository(make(ELSEWHERE, ALLOW, known=True)), who) is Ruling.ALLOWED


@pytest.mark.parametrize("form", HELD)
def test_a_link_that_is_not_known_leaves_open_what_it_could_change(
    form: str, repository: Open
) -> None:
    make, who = HELD[form]

    assert ask(repository(make(DENY, ALLOW, known=False)), who) is Ruling.DEPENDS
    assert ask(repository(make(ALLOW, NOTHING, known=False)), who) is Ruling.DEPENDS
    assert ask(repository(make(DENY, NOTHING, known=False)), who) is not Ruling.ALLOWED


# Permissions boundaries: `ruling` is the answer where the boundary allows something else.


def pulumi_limit(value: object, base: JSON, limit: JSON) -> Files:
    return pulumi(
        app=("iam:Role", {"assumeRolePolicy": text(TRUST), "permissionsBoundary": value}),
        b=("iam:RolePolicy", {"role": "${app.name}", "policy": text(base)}),
        limit=("iam:Policy", {"policy": text(limit)}),
    )


def crossplane_limit(value: object, base: JSON, limit: JSON) -> Files:
    by = value if isinstance(value, dict) else {}
    return crossplane(
        ("iam/Role", "app", {"assumeRolePolicy": text(TRUST), **by}),
        ("iam/RolePolicy", "base", {"roleRef": {"name": "app"}, "policy": text(base)}),
        ("iam/Policy", "limit", {"policy": text(limit)}),
    )


def ack_limit(value: object, base: JSON, limit: JSON) -> Files:
    files = ack(limit, base, known=True)
    role = json.loads(str(files["role.yaml"]))
    del role["spec"]["policyRefs"]
    role["spec"] |= value
    return {**files, "role.yaml": text(role)}


def eksctl_limit(value: object, base: JSON, limit: JSON) -> Files:
    account = {"metadata": {"name": "s"}, "roleName": "app", "attachPolicy": base}
    held = [{**account, "permissionsBoundary": value}]
    cluster = {
        "apiVersion": "eksctl.io/v1alpha5",
        "kind": "ClusterConfig",
        "metadata": {"name": "c", "region": "eu-west-1"},
        "iam": {"serviceAccounts": held},
    }
    return {"cluster.yaml": text(cluster), "managed-policies/limit.json": limit}


LIMIT = f"arn:aws:iam::{HOME}:policy/limit"
LIMITS = {
    "Pulumi: reference": (pulumi_limit, "${limit.arn}", Ruling.DENIED),
    "Pulumi: configuration": (pulumi_limit, "${config}", Ruling.DEPENDS),
    "Pulumi: policy of AWS": (
        pulumi_limit,
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        Ruling.ALLOWED,
    ),
    "Crossplane: reference": (
        crossplane_limit,
        {"permissionsBoundaryRef": {"name": "limit"}},
        Ruling.DENIED,
    ),
    "Crossplane: selector": (
        crossplane_limit,
        {"permissionsBoundarySelector": {}},
        Ruling.DEPENDS,
    ),
    "ACK: reference": (
        ack_limit,
        {"permissionsBoundaryRef": {"from": {"name": "guard"}}},
        Ruling.DENIED,
    ),
    "ACK: reference to nothing": (
        ack_limit,
        {"permissionsBoundaryRef": {"from": {"name": "none"}}},
        Ruling.DEPENDS,
    ),
    "eksctl: ARN": (eksctl_limit, LIMIT, Ruling.DENIED),
}


@pytest.mark.parametrize("form", LIMITS)
def test_a_boundary_limits_the_principal_that_has_it(form: str, repository: Open) -> None:
    make, value, ruling = LIMITS[form]

    assert ask(repository(make(value, ALLOW, NARROW)), "role/app") is ruling
    assert ask(repository(make(value, NOTHING, NARROW)), "role/app") is Ruling.DENIED


# Policies of resources, one that denies everybody.

CLOSED = policy({**deny("sqs:SendMessage"), "Principal": "*"})


def asker(base: JSON = ALLOW) -> Files:
    return {
        "roles/app/trust.json": TRUST,
        "roles/app/base.json": base,
    }


def pulumi_queue(url: object) -> Files:
    return {
        **asker(),
        **pulumi(
            q=("sqs:Queue", {"name": "jobs"}),
            p=("sqs:QueuePolicy", {"queueUrl": url, "policy": text(CLOSED)}),
        ),
    }


def pulumi_own_queue(name: object) -> Files:
    queue = {"name": name, "policy": text(CLOSED)}
    return {**asker(), **pulumi(q=("sqs:Queue", queue))}


def crossplane_queue(by: object) -> Files:
    given = by if isinstance(by, dict) else {}
    return {
        **asker(),
        **crossplane(
            ("sqs/Queue", "q", {"name": "jobs", "region": "eu-west-1"}),
            ("sqs/QueuePolicy", "p", {**given, "policy": text(CLOSED)}),
        ),
    }


def ack_queue(name: object) -> Files:
    queue = {
        "apiVersion": "sqs.services.k8s.aws/v1alpha1",
        "kind": "Queue",
        "metadata": {"name": "q"},
        "spec": {"queueName": name, "policy": text(CLOSED)},
    }
    return {**asker(), "q.yaml": text(queue)}


URL = f"https://sqs.eu-west-1.amazonaws.com/{HOME}/jobs"
PLACES = {
    "Pulumi: id": (pulumi_queue, "${q.id}", Ruling.DENIED),
    "Pulumi: url": (pulumi_queue, "${q.url}", Ruling.DENIED),
    "Pulumi: literal URL": (pulumi_queue, URL, Ruling.DENIED),
    "Pulumi: configuration": (pulumi_queue, "${config}", Ruling.DEPENDS),
    "Pulumi: another queue": (pulumi_queue, URL.replace("jobs", "other"), Ruling.ALLOWED),
    "Pulumi: of the queue": (pulumi_own_queue, "jobs", Ruling.DENIED),
    "Pulumi: of another": (pulumi_own_queue, "other", Ruling.ALLOWED),
    "Crossplane: reference": (crossplane_queue, {"queueUrlRef": {"name": "q"}}, Ruling.DENIED),
    "Crossplane: to nothing": (crossplane_queue, {"queueUrlRef": {"name": "x"}}, Ruling.DEPENDS),
    "Crossplane: selector": (crossplane_queue, {"queueUrlSelector": {}}, Ruling.DEPENDS),
    "Crossplane: URL": (crossplane_queue, {"queueUrl": URL}, Ruling.DENIED),
    "ACK: of the queue": (ack_queue, "jobs", Ruling.DENIED),
    "ACK: of another": (ack_queue, "other", Ruling.ALLOWED),
}


@pytest.mark.parametrize("form", PLACES)
def test_a_resource_has_the_policy_that_names_it(form: str, repository: Open) -> None:
    make, value, ruling = PLACES[form]

    assert ask(repository(make(value)), "role/app", "sqs:SendMessage", QUEUE) is ruling
    assert ask(repository(make(value)), "role/app", "sqs:ReceiveMessage", QUEUE) is Ruling.ALLOWED


BUCKETS = {
    "Pulumi: name": ("${b.bucket}", Ruling.DENIED),
    "Pulumi: id": ("${b.id}", Ruling.DENIED),
    "Pulumi: itself": ("${b}", Ruling.DENIED),
    "Pulumi: literal": ("depot", Ruling.DENIED),
    "Pulumi: configuration": ("${config}", Ruling.DEPENDS),
    "Pulumi: partly known": ("depot-${config}", Ruling.ALLOWED),
}


@pytest.mark.parametrize("form", BUCKETS)
def test_a_bucket_has_the_policy_that_names_it(form: str, repository: Open) -> None:
    value, ruling = BUCKETS[form]
    closed = policy({**deny(GET, "${b.arn}/*"), "Principal": "*"})
    if "literal" in form or "known" in form or "configuration" in form:
        closed = policy({**deny(GET), "Principal": "*"})
    files = pulumi(
        b=("s3:Bucket", {"bucket": "depot"}),
        p=("s3:BucketPolicy", {"bucket": value, "policy": text(closed)}),
    )

    opened = repository({**asker(), **files})

    assert ask(opened, "role/app") is ruling
    assert ask(opened, "role/app", on="arn:aws:s3:::another/key") is (
        Ruling.DEPENDS if ruling is Ruling.DEPENDS else Ruling.ALLOWED
    )


# Dumps: outputs of AWS's command line, and trees of iam-collect.


def queue_attributes(arn: object) -> Files:
    return {**asker(), "q.json": {"Attributes": {"QueueArn": arn, "Policy": text(CLOSED)}}}


def collected_queue(arn: object) -> Files:
    folder = f"d/aws/accounts/{HOME}/sqs/eu-west-1/jobs"
    return {**asker(), f"{folder}/policy.json": CLOSED, f"{folder}/metadata.json": {"arn": arn}}


DUMPED = {
    "attributes of a queue": (queue_attributes, QUEUE, Ruling.DENIED),
    "attributes of another": (queue_attributes, QUEUE.replace("jobs", "other"), Ruling.ALLOWED),
    "tree": (collected_queue, QUEUE, Ruling.DENIED),
    "tree, another": (collected_queue, QUEUE.replace("jobs", "other"), Ruling.ALLOWED),
    "tree without metadata": (collected_queue, None, Ruling.DEPENDS),
}


@pytest.mark.parametrize("form", DUMPED)
def test_a_dump_says_on_what_a_policy_stands(form: str, repository: Open) -> None:
    make, arn, ruling = DUMPED[form]

    assert ask(repository(make(arn)), "role/app", "sqs:SendMessage", QUEUE) is ruling


POLICY_ID = "p-guard123"
SCP = f"arn:aws:organizations::999999999999:policy/o-a1b2/service_control_policy/{POLICY_ID}"


def described(**more: object) -> Files:
    summary = {"Id": POLICY_ID, "Arn": SCP, "Name": "g", "Type": "SERVICE_CONTROL_POLICY"}
    return {
        **asker(),
        "scp.json": {"Policy": {"PolicySummary": summary, "Content": text(DENY)}, **more},
    }


def collected(account: JSON, *, above: list[str]) -> Files:
    top = "d/aws/organizations/o-a1b2"
    return {
        **asker(),
        f"{top}/scps/{POLICY_ID}/policy.json": DENY,
        f"{top}/scps/{POLICY_ID}/metadata.json": {"arn": SCP, "name": "g"},
        f"{top}/accounts.json": {HOME: {"ou": "ou-ab12-1", "scps": [], **account}},
        f"{top}/ous.json": {"r-ab12": {"scps": above}, "ou-ab12-1": {"parent": "r-ab12"}},
    }


SCPS = {
    "described": (described(), Ruling.DEPENDS),
    "described with its target": (described(Targets=[{"TargetId": HOME}]), Ruling.DENIED),
    "described with another": (described(Targets=[{"TargetId": "999999999999"}]), Ruling.ALLOWED),
    "tree: the account": (collected({"scps": [SCP]}, above=[]), Ruling.DENIED),
    "tree: the root": (collected({}, above=[SCP]), Ruling.DENIED),
    "tree: nothing": (collected({}, above=[]), Ruling.ALLOWED),
}


@pytest.mark.parametrize("form", SCPS)
def test_a_dump_says_whom_a_policy_of_the_organization_limits(form: str, repository: Open) -> None:
    files, ruling = SCPS[form]

    assert ask(repository(files), "role/app") is ruling


def test_a_role_of_a_tree_has_the_name_in_its_metadata(repository: Open) -> None:
    folder = f"d/aws/accounts/{HOME}/iam/role/nightlyetl"
    files = {
        f"{folder}/trust-policy.json": TRUST,
        f"{folder}/inline-policies.json": [{"PolicyName": "p", "PolicyDocument": ALLOW}],
        f"{folder}/managed-policies.json": ["arn:aws:iam::aws:policy/AWSDenyAll"],
        f"{folder}/metadata.json": {
            "arn": f"arn:aws:iam::{HOME}:role/etl/NightlyEtl",
            "name": "NightlyEtl",
        },
    }

    assert ask(repository(files), "role/NightlyEtl") is Ruling.DENIED


# Serverless Framework: the role that it makes for all functions.


def serverless(role: JSON, resources: JSON | None = None) -> Files:
    provider = {"name": "aws", "iam": {"role": {"statements": [allow("s3:*")], **role}}}
    service: JSON = {
        "service": "shop",
        "provider": provider,
        "functions": {"f": {"handler": "a.b"}},
    }
    return {"serverless.yml": text({**service, "resources": {"Resources": resources or {}}})}


def changed(where: str, resources: JSON | None = None, **properties: object) -> Files:
    """Return a service that changes the properties of its own role."""
    role = {OWN: {"Type": "AWS::IAM::Role", "Properties": properties}}
    part: dict[str, object] = {
        "Resources": {**(resources or {}), **(role if where == "Resources" else {})}
    }
    part |= {"extensions": role} if where == "extensions" else {}
    service = json.loads(str(serverless({})["serverless.yml"]))
    return {"serverless.yml": text({**service, "resources": [part]})}


def inline(role: object) -> JSON:
    properties = {"PolicyName": "p", "PolicyDocument": DENY, "Roles": [role]}
    return {"P": {"Type": "AWS::IAM::Policy", "Properties": properties}}


def managed(document: JSON) -> JSON:
    return {"M": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}}


def elsewhere(content: str | None, named: str = "${file(./more/x.yml)}") -> Files:
    """Return a service whose resources are in another file, which may be missing."""
    service = json.loads(str(serverless({})["serverless.yml"]))
    file = {} if content is None else {"more/x.yml": content}
    return {"serverless.yml": text({**service, "resources": named}), **file}


OWN = "IamRoleLambdaExecution"
SERVICES = {
    "nothing": (serverless({}), Ruling.ALLOWED),
    "a policy of AWS": (
        serverless({"managedPolicies": ["arn:aws:iam::aws:policy/AWSDenyAll"]}),
        Ruling.DENIED,
    ),
    "a policy by Ref": (
        serverless({"managedPolicies": [{"Ref": "M"}]}, managed(DENY)),
        Ruling.DENIED,
    ),
    "a policy by variable": (
        serverless({"managedPolicies": ["${self:custom.x}"]}, managed(DENY)),
        Ruling.DEPENDS,
    ),
    "policies elsewhere": (serverless({"managedPolicies": "${file(a.yml)}"}), Ruling.DEPENDS),
    "a boundary": (
        serverless({"permissionsBoundary": {"Ref": "M"}}, managed(NARROW)),
        Ruling.DENIED,
    ),
    "an unknown boundary": (serverless({"permissionsBoundary": "${self:x}"}), Ruling.DEPENDS),
    "statements elsewhere": (serverless({"statements": "${file(a.yml)}"}), Ruling.DEPENDS),
    "a statement elsewhere": (
        serverless({"statements": [allow("s3:*"), "${file(a.yml)}"]}),
        Ruling.DEPENDS,
    ),
    "its own role by Ref": (serverless({}, inline({"Ref": OWN})), Ruling.DENIED),
    "its own role by Sub": (serverless({}, inline({"Fn::Sub": f"${{{OWN}}}"})), Ruling.DENIED),
    "another role": (serverless({}, inline("admin")), Ruling.ALLOWED),
    "an unknown role": (serverless({}, inline({"Fn::ImportValue": "r"})), Ruling.DEPENDS),
    "resources in a file that is missing": (elsewhere(None), Ruling.DEPENDS),
    "resources in a file that changes the role": (
        elsewhere(f"extensions: {{{OWN}: {{Properties: {{}}}}}}"),
        Ruling.DEPENDS,
    ),
    "resources in a file that names the role": (elsewhere(f"Resources: {OWN}"), Ruling.DEPENDS),
    "resources in a file that names another": (elsewhere("a: ${file(y.yml)}"), Ruling.DEPENDS),
    "resources in a file of other things": (elsewhere("Resources: {}"), Ruling.ALLOWED),
    "resources in a part of such a file": (
        elsewhere("a: {Resources: {}}", "${file(more/x.yml):a}"),
        Ruling.ALLOWED,
    ),
    "resources that code makes": (elsewhere("", "${file(more/x.js):run, 1}"), Ruling.DEPENDS),
    "resources outside of the repository": (elsewhere(None, "${file(../x.yml)}"), Ruling.DEPENDS),
}


@pytest.mark.parametrize("form", SERVICES)
def test_the_role_of_a_service_holds_what_is_linked_to_it(form: str, repository: Open) -> None:
    files, ruling = SERVICES[form]

    assert ask(repository(files), "role/provider") is ruling


# https://www.serverless.com/framework/docs/providers/aws/guide/resources
@pytest.mark.parametrize("where", ["Resources", "extensions"])
@pytest.mark.parametrize(
    ("properties", "ruling"),
    [
        ({"PermissionsBoundary": {"Ref": "M"}}, Ruling.DENIED),
        ({"PermissionsBoundary": "${self:x}"}, Ruling.DEPENDS),
        ({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AWSDenyAll"]}, Ruling.DENIED),
        ({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}, Ruling.ALLOWED),
        ({"Policies": [{"PolicyName": "p", "PolicyDocument": DENY}]}, Ruling.DEPENDS),
        ({"Path": "/x/"}, Ruling.ALLOWED),
    ],
)
def test_a_service_may_change_its_own_role(
    where: str, properties: JSON, ruling: Ruling, repository: Open
) -> None:
    opened = repository(changed(where, managed(NARROW), **properties))

    assert ask(opened, "role/provider") is ruling


def test_statements_of_a_function_that_stand_elsewhere_are_open(repository: Open) -> None:
    service = json.loads(str(serverless({})["serverless.yml"]))
    service["functions"]["f"]["iamRoleStatements"] = "${file(a.yml)}"
    opened = repository({"serverless.yml": text(service)})

    assert [ask(opened, who) for who in ("role/f", "role/provider")] == [
        Ruling.DEPENDS,
        Ruling.ALLOWED,
    ]


def test_a_function_may_have_a_role_of_its_own(repository: Open) -> None:
    files = serverless({})
    service = json.loads(str(files["serverless.yml"]))
    service["functions"]["f"]["iamRoleStatements"] = [allow("sqs:*")]

    opened = repository({"serverless.yml": text(service)})

    assert ask(opened, "role/f", "sqs:SendMessage", QUEUE) is Ruling.ALLOWED
    assert ask(opened, "role/f") is Ruling.DENIED
    assert ask(opened, "role/provider", "sqs:SendMessage", QUEUE) is Ruling.DENIED
