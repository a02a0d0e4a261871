"""Flags more policies at a root, unit or account than AWS Organizations attaches, and too deep units.

AWS attaches ten SCPs to each of them since May 2026, and five RCPs; `FullAWSAccess` is one of them. Units
are at most five levels deep. AWS refuses the rest. `scps` and `rcps` are the rule's options.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.rule import AccountHit, Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene._levels import by_target, known_levels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iamlint.load.document import Document
    from iamlint.rule import AccountContext
    from iamlint.rules.hygiene._levels import AccountLevels

_QUOTAS: Final = (
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"
)
_UNITS: Final = 5
_ROOT_AND_ACCOUNT: Final = 2


@dataclass(frozen=True, slots=True)
class AttachedAtMost:
    """The rule's options: how many SCPs (`scps`) and RCPs (`rcps`) AWS attaches at one place.

    AWS doubled the number of SCPs in May 2026; set `scps` to 5 if you need the old one.
    """

    scps: int = 10
    rcps: int = 5

    def __post_init__(self) -> None:
        for name in ("scps", "rcps"):
            given: object = getattr(self, name)  # a configuration may hold anything
            if type(given) is not int or given < 1:
                raise UsageError(f"`{name}` must be a number of policies, not `{given}`")

    def of(self, kind: Kind) -> int:
        return self.scps if kind is Kind.SCP else self.rcps


def check_account(context: AccountContext) -> Iterator[AccountHit]:
    most = context.options if isinstance(context.options, AttachedAtMost) else AttachedAtMost()
    seen: set[object] = set()
    for (kind, _), policies in by_target(context.described).items():
        yield from _beyond([*policies.values()], kind, most, seen)
    for one in known_levels(context):
        for level in one.levels:
            documents = [policy.document for policy in level if policy.document is not None]
            yield from _beyond(documents, one.kind, most, seen)
        yield from _too_deep(one, seen)


def _beyond(
    documents: Sequence[Document], kind: Kind, most: AttachedAtMost, seen: set[object]
) -> Iterator[AccountHit]:
    limit = most.of(kind)
    if len(documents) > limit:
        name = kind.value.upper()
        message = f"{len(documents)} {name}s are attached at one place, and AWS attaches {limit}"
        yield from _once(documents[limit], message, seen)


def _too_deep(account: AccountLevels, seen: set[object]) -> Iterator[AccountHit]:
    """Yield the first policy of a level below the fifth unit, which AWS does not create."""
    depth = len(account.levels) - _ROOT_AND_ACCOUNT
    documents = [one.document for one in account.levels[-1] if one.document is not None]
    if depth > _UNITS and documents:
        message = f"{depth} units are above the account, and AWS nests {_UNITS}"
        yield from _once(documents[0], message, seen)


def _once(document: Document, message: str, seen: set[object]) -> Iterator[AccountHit]:
    if (place := (document.path, document.pointer)) not in seen:
        seen.add(place)
        yield AccountHit(document, None, Hit(At(()), message))


_POLICY: Final = """
resource "aws_organizations_policy" "p%(number)s" {
  name    = "p%(number)s"
  content = jsonencode({%(mark)s
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "s3:DeleteBucket", Resource = "*" }]
  })
}
resource "aws_organizations_policy_attachment" "p%(number)s" {
  policy_id = aws_organizations_policy.p%(number)s.id
  target_id = "%(target)s"
}
"""


def _policies(count: int, mark: str = "", target: str = "ou-abcd-12345678") -> str:
    """Return a module with policies of one unit, the last with a mark."""
    marks = [""] * (count - 1) + [mark]
    return "".join(
        _POLICY % {"number": number, "mark": one, "target": target}
        for number, one in enumerate(marks)
    )


RULE = Rule(
    name="too-many-scps",
    family=Family.HYGIENE,
    module=__name__,
    summary="more policies are attached at one place of the organization than AWS accepts",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.SCP, Kind.RCP}),
    of_part=True,
    options=AttachedAtMost,
    advice="put several of them into one policy, or attach some at the unit above",
    sources=(_QUOTAS,),
    check_account=check_account,
    bad=(
        bad("eleven SCPs of a unit", _policies(11, " //!"), file="main.tf"),
        bad(
            "six SCPs where the old quota counts",
            _policies(6, " //!", "111122223333"),
            file="main.tf",
            options={"scps": 5},
        ),
    ),
    good=(
        good("ten SCPs of a unit", _policies(10), file="main.tf"),
        good(
            "six SCPs of two units",
            _policies(5)
            + _policies(6, target="ou-abcd-87654321").replace('"p', '"q').replace(".p", ".q"),
            file="main.tf",
        ),
    ),
)
