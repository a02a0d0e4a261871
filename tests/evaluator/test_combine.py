from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.evaluator.context import Missing, context_of
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Request, anonymous, caller_of, service
from iamlint.evaluator.settings import Settings
from iamlint.evaluator.statement import CompiledPolicy, compile_policy
from iamlint.evaluator.trace import render_trace
from iamlint.evaluator.verdict import Verdict
from iamlint.policy.grammar import Effect, Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource
from iamlint.text.source import Unknown, Value

if TYPE_CHECKING:
    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.request import Caller

OWN, OTHER = "111122223333", "444455556666"
USER = f"arn:aws:iam::{OWN}:user/bob"
SESSION = f"arn:aws:sts::{OWN}:assumed-role/app/s1"
ROLE = f"arn:aws:iam::{OWN}:role/team/app"
FEDERATED = f"arn:aws:sts::{OWN}:federated-user/carol"
ACCOUNT = f"arn:aws:iam::{OWN}:root"
OBJECT = "arn:aws:s3:::bucket/key"
ALLOWED, IMPLICIT, EXPLICIT, UNDETERMINED = (
    Verdict.ALLOWED,
    Verdict.IMPLICITLY_DENIED,
    Verdict.EXPLICITLY_DENIED,
    Verdict.UNDETERMINED,
)


def caller(principal: str, **more: str) -> Caller:
    found = caller_of(principal, **more)
    assert found is not None
    return found


def policy(kind: Kind, label: Value = "", **members: Value) -> CompiledPolicy:
    statement: dict[str, Value] = {"Effect": "Allow", "Action": "*", "Resource": "*", **members}
    parsed = parse_policy({"Version": "2012-10-17", "Statement": [statement]}, kind)
    return compile_policy(parsed, label)


def named(principal: Value, **members: Value) -> tuple[CompiledPolicy, ...]:
    return (policy(Kind.RESOURCE, Principal=principal, **members),)


def silent(kind: Kind) -> tuple[CompiledPolicy, ...]:
    return (policy(kind, Action="sqs:*"),)


ALLOW = (policy(Kind.IDENTITY),)


def ask(
    who: Caller, policies: PolicySet, owner: str = OWN, *, block_public_access: bool = False
) -> Decision:
    request = Request(who, "s3:GetObject", RequestedResource.of(OBJECT), owner)
    return evaluate(request, policies, Settings(block_public_access=block_public_access))


@pytest.mark.parametrize(
    ("principal", "said", "boundary", "session"),
    [
        # The limits that silence of each kind puts on a grant of the resource policy.
        (USER, USER, ALLOWED, None),
        (SESSION, SESSION, ALLOWED, ALLOWED),
        (SESSION, ROLE, IMPLICIT, IMPLICIT),
        (SESSION, "*", ALLOWED, ALLOWED),
        (FEDERATED, FEDERATED, ALLOWED, ALLOWED),
        (FEDERATED, USER, IMPLICIT, IMPLICIT),
        (USER, ACCOUNT, IMPLICIT, None),
        (SESSION, OWN, IMPLICIT, IMPLICIT),
    ],
)
def test_how_a_resource_policy_names_the_caller_decides_which_limits_remain(
    principal: str, said: str, boundary: Verdict, session: Verdict | None
) -> None:
    who = caller(principal, federated_by=USER)
    resource = named({"AWS": said})
    limited = PolicySet(resource=resource, boundary=silent(Kind.BOUNDARY))
    if principal == FEDERATED:  # without any session policy it has no permissions to limit
        everything = (policy(Kind.SESSION),)
        limited = PolicySet(resource=resource, boundary=silent(Kind.BOUNDARY), session=everything)
    assert ask(who, limited).verdict is boundary
    if session is not None:
        found = ask(who, PolicySet(resource=resource, session=silent(Kind.SESSION)))
        assert found.verdict is session


def test_across_accounts_both_sides_must_allow_however_the_caller_is_named() -> None:
    for said in (USER, OWN, "*"):
        resource = named({"AWS": said})
        alone = ask(caller(USER), PolicySet(resource=resource), OTHER)
        assert (alone.verdict, alone.blocked_by) == (IMPLICIT, (Kind.IDENTITY,))
        both = PolicySet(identity=ALLOW, resource=resource)
        assert ask(caller(USER), both, OTHER).verdict is ALLOWED
        limited = PolicySet(identity=ALLOW, resource=resource, boundary=silent(Kind.BOUNDARY))
        assert ask(caller(USER), limited, OTHER).blocked_by == (Kind.BOUNDARY,)
    alone = ask(caller(USER), PolicySet(identity=ALLOW), OTHER)
    assert (alone.verdict, alone.blocked_by) == (IMPLICIT, (Kind.RESOURCE,))


def test_a_deny_of_any_kind_is_final_and_is_named() -> None:
    def deny(kind: Kind) -> tuple[CompiledPolicy, ...]:
        everyone: dict[str, Value] = {"Principal": "*"} if kind.has_principal else {}
        return (policy(kind, f"the {kind}", Effect="Deny", Sid="No", **everyone),)

    sets = {
        Kind.IDENTITY: PolicySet(identity=ALLOW + deny(Kind.IDENTITY)),
        Kind.RESOURCE: PolicySet(identity=ALLOW, resource=deny(Kind.RESOURCE)),
        Kind.BOUNDARY: PolicySet(identity=ALLOW, boundary=deny(Kind.BOUNDARY)),
        Kind.SESSION: PolicySet(identity=ALLOW, session=deny(Kind.SESSION)),
        Kind.SCP: PolicySet(identity=ALLOW, scp=((policy(Kind.SCP),), deny(Kind.SCP))),
        Kind.RCP: PolicySet(identity=ALLOW, rcp=(deny(Kind.RCP),)),
        Kind.ENDPOINT: PolicySet(identity=ALLOW, endpoint=deny(Kind.ENDPOINT)),
    }
    for kind, policies in sets.items():
        found = ask(caller(SESSION), policies)
        assert found.verdict is EXPLICIT
        (decided,) = found.deciding
        told = (decided.kind, decided.statement, decided.sid, decided.effect, decided.label)
        assert told == (kind, 0, "No", Effect.DENY, f"the {kind}")


def test_every_level_of_scps_must_allow() -> None:
    full = (policy(Kind.SCP),)
    assert ask(caller(USER), PolicySet(identity=ALLOW, scp=(full, full))).verdict is ALLOWED
    for scp in ((full, ()), (full, silent(Kind.SCP), full)):
        found = ask(caller(USER), PolicySet(identity=ALLOW, scp=scp))
        assert (found.verdict, found.blocked_by) == (IMPLICIT, (Kind.SCP,))


def test_service_linked_roles_are_told_by_their_path() -> None:
    deny = (policy(Kind.SCP, Effect="Deny"),)
    policies = PolicySet(identity=ALLOW, scp=(deny,))
    session = f"arn:aws:sts::{OWN}:assumed-role/AWSServiceRoleForX/s"
    linked = caller(session, role_path="/aws-service-role/x.amazonaws.com/")
    assert ask(linked, policies).verdict is ALLOWED
    assert ask(caller(session), policies).verdict is EXPLICIT


def test_the_root_user_needs_no_policy_and_obeys_scps_and_resource_denies() -> None:
    root = caller(ACCOUNT)
    assert ask(root, PolicySet()).verdict is ALLOWED
    assert ask(root, PolicySet(scp=(silent(Kind.SCP),))).blocked_by == (Kind.SCP,)
    assert ask(root, PolicySet(resource=named("*", Effect="Deny"))).verdict is EXPLICIT
    assert ask(root, PolicySet(), OTHER).blocked_by == (Kind.RESOURCE,)


def test_services_and_strangers_have_the_resource_policy_alone() -> None:
    scp = (silent(Kind.SCP),)
    for who in (service("sns.amazonaws.com"), anonymous()):
        assert ask(who, PolicySet(resource=named("*"), scp=scp)).verdict is ALLOWED
        found = ask(who, PolicySet(identity=ALLOW))
        assert (found.verdict, found.blocked_by) == (IMPLICIT, (Kind.RESOURCE,))
    only = named({"Service": "sns.amazonaws.com"})
    assert ask(service("sns.amazonaws.com"), PolicySet(resource=only)).verdict is ALLOWED
    assert ask(service("sqs.amazonaws.com"), PolicySet(resource=only)).verdict is IMPLICIT


def test_a_deny_with_not_principal_always_hits_a_principal_under_a_boundary() -> None:
    deny = parse_policy(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Deny",
                "NotPrincipal": {"AWS": [USER, OWN]},
                "Action": "*",
                "Resource": "*",
            },
        },
        Kind.RESOURCE,
    )
    resource = (compile_policy(deny),)
    assert ask(caller(USER), PolicySet(identity=ALLOW, resource=resource)).verdict is ALLOWED
    bounded = PolicySet(identity=ALLOW, resource=resource, boundary=(policy(Kind.BOUNDARY),))
    assert ask(caller(USER), bounded).verdict is EXPLICIT
    other = caller(f"arn:aws:iam::{OTHER}:user/eve")
    assert ask(other, PolicySet(identity=ALLOW, resource=resource)).verdict is EXPLICIT


def test_keys_and_roles_open_only_through_their_own_policy() -> None:
    asks = {
        "kms:Decrypt": f"arn:aws:kms:us-east-1:{OWN}:key/1",
        "sts:AssumeRole": f"arn:aws:iam::{OWN}:role/target",
    }
    for action, resource in asks.items():
        request = Request(caller(USER), action, RequestedResource.of(resource))
        kind = Kind.TRUST if action.startswith("sts") else Kind.RESOURCE

        def decide(policies: PolicySet, request: Request = request) -> tuple[Verdict, object]:
            found = evaluate(request, policies)
            return found.verdict, found.blocked_by

        def own(principal: Value, kind: Kind = kind) -> tuple[CompiledPolicy, ...]:
            return (policy(kind, Principal=principal),)

        account: Value = {"AWS": OWN}
        assert decide(PolicySet(identity=ALLOW)) == (IMPLICIT, (kind,))
        assert decide(PolicySet(resource=own(account))) == (IMPLICIT, (Kind.IDENTITY,))
        assert decide(PolicySet(identity=ALLOW, resource=own(account))) == (ALLOWED, ())
        assert decide(PolicySet(resource=own({"AWS": USER}))) == (ALLOWED, ())


def test_block_public_access_cuts_strangers_off_a_public_bucket() -> None:
    public = PolicySet(resource=named("*"))
    assert ask(anonymous(), public).verdict is ALLOWED
    assert ask(anonymous(), public, block_public_access=True).blocked_by == (Kind.RESOURCE,)
    service_ = service("sns.amazonaws.com")
    assert ask(service_, public, block_public_access=True).verdict is ALLOWED
    assert ask(caller(USER), public, block_public_access=True).verdict is ALLOWED
    trace = render_trace(ask(anonymous(), public, block_public_access=True))
    assert "it allows, but the service ignores it for this caller" in trace


@pytest.mark.parametrize(
    ("operator", "key", "value", "verdict"),
    [
        ("StringEquals", "aws:SourceVpce", "vpce-1", ALLOWED),
        ("StringLike", "aws:SourceVpce", "vpce-*", IMPLICIT),
        ("StringEquals", "aws:UserAgent", "agent", IMPLICIT),
        ("StringLike", "aws:userid", "AROAEXAMPLE:*", ALLOWED),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", ALLOWED),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/1", IMPLICIT),
    ],
)
def test_a_fixed_value_keeps_a_bucket_policy_from_being_public(
    operator: str, key: str, value: str, verdict: Verdict
) -> None:
    policies = PolicySet(resource=named("*", Condition={operator: {key: value}}))
    sent = {"vpce-*": "vpce-1", "AROAEXAMPLE:*": "AROAEXAMPLE:s"}.get(value, value)
    sent = "1.2.3.4" if value == "0.0.0.0/1" else sent.replace(".0/24", ".9")
    request = Request(
        anonymous(), "s3:GetObject", RequestedResource.of(OBJECT), OWN, context_of({key: sent})
    )
    assert evaluate(request, policies).verdict is ALLOWED
    assert evaluate(request, policies, Settings(block_public_access=True)).verdict is verdict


def test_get_caller_identity_cannot_be_denied() -> None:
    deny = PolicySet(identity=(policy(Kind.IDENTITY, Effect="Deny"),))
    assert evaluate(Request(caller(USER), "sts:GetCallerIdentity"), deny).verdict is ALLOWED


MFA: Value = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def test_a_denial_names_the_missing_keys_that_would_matter() -> None:
    asked = PolicySet(identity=(policy(Kind.IDENTITY, Condition=MFA),))
    assert ask(caller(USER), asked).missing_keys == ("aws:MultiFactorAuthPresent",)
    elsewhere = PolicySet(
        identity=(policy(Kind.IDENTITY, Condition=MFA, Resource="arn:aws:s3:::other"),)
    )
    assert ask(caller(USER), elsewhere).missing_keys == ()
    two = (*asked.identity, policy(Kind.IDENTITY, Condition={"Null": {"aws:Odd": "false"}}))
    both = PolicySet(identity=two, boundary=silent(Kind.BOUNDARY))
    assert ask(caller(USER), both).missing_keys == ()
    no_boundary = ask(caller(USER), PolicySet(identity=two))
    assert no_boundary.missing_keys == ("aws:MultiFactorAuthPresent", "aws:Odd")
    other: Value = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
    bounded = PolicySet(identity=asked.identity, boundary=(policy(Kind.BOUNDARY, Condition=other),))
    assert ask(caller(USER), bounded).missing_keys == ("aws:MultiFactorAuthPresent",)
    not_ours: Value = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    deny = policy(Kind.IDENTITY, Effect="Deny", Condition=not_ours)
    assert ask(caller(USER), PolicySet(identity=(*ALLOW, deny))).missing_keys == (
        "aws:PrincipalOrgID",
    )


def test_an_undetermined_decision_names_the_keys_that_would_settle_it() -> None:
    context = context_of({}, Missing.UNKNOWN)
    request = Request(caller(USER), "s3:GetObject", RequestedResource.of(OBJECT), OWN, context)
    found = evaluate(request, PolicySet(identity=(policy(Kind.IDENTITY, Condition=MFA),)))
    told = (found.verdict, found.missing_keys)
    assert told == (UNDETERMINED, ("aws:MultiFactorAuthPresent",))
    sure = evaluate(request, PolicySet(identity=ALLOW))
    assert (sure.verdict, sure.missing_keys) == (ALLOWED, ())


@pytest.mark.parametrize("element", ["Action", "Resource"])
def test_an_unknown_element_may_or_may_not_allow(element: str) -> None:
    unknown: dict[str, Value] = {element: Unknown("${var.x}")}
    found = ask(caller(USER), PolicySet(identity=(policy(Kind.IDENTITY, **unknown),)))
    assert found.verdict is UNDETERMINED


def test_an_unknown_principal_may_be_anyone() -> None:
    resource = named(Unknown("${var.who}"))
    assert ask(anonymous(), PolicySet(resource=resource)).verdict is UNDETERMINED
    both = named({"AWS": [OWN, Unknown("${var.who}")]})
    assert ask(caller(USER), PolicySet(resource=both)).verdict is UNDETERMINED


def test_a_whole_unknown_policy_leaves_all_open() -> None:
    unknown = compile_policy(parse_policy(Unknown("${var.policy}"), Kind.IDENTITY))
    assert ask(caller(USER), PolicySet(identity=(unknown,))).verdict is UNDETERMINED
    both = PolicySet(identity=(*ALLOW, unknown))
    assert ask(caller(USER), both).verdict is UNDETERMINED


def test_an_unknown_operator_never_allows_and_may_deny() -> None:
    odd: Value = {"StringEqual": {"aws:username": "bob"}}
    allow = PolicySet(identity=(policy(Kind.IDENTITY, Condition=odd),))
    assert ask(caller(USER), allow).verdict is IMPLICIT
    deny = policy(Kind.IDENTITY, Effect="Deny", Condition=odd)
    assert ask(caller(USER), PolicySet(identity=(*ALLOW, deny))).verdict is UNDETERMINED


def test_a_trace_tells_what_each_kind_said_and_the_nearest_miss() -> None:
    identity = (
        policy(Kind.IDENTITY, "far.json", Action="sqs:*"),
        policy(Kind.IDENTITY, "near.json", Sid="WithMfa", Condition=MFA),
    )
    policies = PolicySet(identity=identity, boundary=(policy(Kind.BOUNDARY, "limit.json"),))
    assert render_trace(ask(caller(USER), policies)).splitlines() == [
        f"denied: nothing allows it: `s3:GetObject` on `{OBJECT}` by `{USER}`",
        "  identity: silent",
        "    nearest: statement 0 `WithMfa` (Allow) in near.json",
        "      the request has no `aws:MultiFactorAuthPresent`: `Bool` expects `true`",
        "  boundary: allows",
        "    statement 0 (Allow) in limit.json",
        "  with `aws:MultiFactorAuthPresent` in the request, the answer may differ",
    ]
