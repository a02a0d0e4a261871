"""The words of `Rule.when`: what a policy must show so that a rule can find something there.

Each member of `when` has one word, or several alternatives with ` | ` between them. A rule is not
asked about a statement that shows none of the alternatives of some member. So a rule may only use
words for what its check surely needs, which examples cannot prove.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.errors import BrokenError
from iamlint.policy.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.rule.rule import Rule

WORDS: Final = {
    "Allow": "the statement allows",
    "Deny": "the statement denies",
    "Principal": "it has the element",
    "NotPrincipal": "it has the element",
    "Action": "it has the element",
    "NotAction": "it has the element",
    "Resource": "it has the element",
    "NotResource": "it has the element",
    "Condition": "it has a condition",
    "Sid": "it has the element",
    "no Version": "the policy has none",
    "odd Sid": "its `Sid` is empty, or has other characters than letters and digits of ASCII",
    "several statements": "the policy has more than one",
    "several actions": "`Action` has more than one entry",
    "several resources": "`Resource` has more than one entry",
    "repeated action": "two entries of `Action` are the same, whatever their letter case",
    "repeated resource": "two entries of `Resource` are the same",
    "several conditions": "it has more than one condition",
    "several values": "one condition has more than one value",
    "malformed action": "an entry is not a pattern of actions",
    "unlisted action": "an entry names an action that the catalog does not have",
    "unlisted service": "an entry names a service that the catalog does not have",
    "wild action": "an entry of actions has a wildcard",
    "every action": "an entry names every action of a service, or of all",
    "wild service": "an entry has a wildcard in the name of the service",
    "last of a path": "an entry names an action that a path of escalation needs last",
    "listed resources": "`Resource` is there, and `*` is not among its entries",
    "wild resource": "an entry has a wildcard, a variable, or fewer fields than an ARN",
    "space at end": "an entry of resources ends in white space",
    "everyone": "a principal is `*`",
    "bare principal": "the element is the text `*`",
    "wild principal": "a principal has a wildcard, and is more than the account `*`",
    "variable": "`${` is in what is known of a resource, or of the value of a condition",
    "misplaced variable": "`${` is in an action, a principal or the key of a condition",
    "wild value": "the value of a condition has a wildcard",
    "like": "an operator is `StringLike` or `StringNotLike`",
    "negated": "an operator is negated",
    "ForAllValues": "an operator has the quantifier",
    "ForAnyValue": "an operator has the quantifier",
    "unlisted key": "the catalog does not have the key of a condition",
    "multivalued key": "the key of a condition holds several values",
    "own account": "the configuration says which account the policies are of",
    "own accounts": "the configuration says which accounts are trusted",
    "own organization": "the configuration says which organization the policies are of",
    "own demands": "the configuration demands conditions",
    "own never": "the configuration says what must not be possible",
    "own references": "the configuration names policies that limit others",
    "key of some requests": "not all requests of all services may carry the key of a condition",
}
"""Words that are complete, and what each means."""

STARTS: Final = {
    "action": "an entry may name this action: `action iam:PassRole`",
    "arn": "an entry of resources has this fault: `arn missing region`",
    "key": "a condition has a key that matches this pattern in lower case: `key aws:source*`",
    "on": "the policy is attached to a resource of this type: `on AWS::S3::Bucket`",
    "operator": "a condition has an operator of this family: `operator Date`",
    "principal": "a principal is of this type, or is this text: `principal Service`",
    "problem": "the policy has this fault of grammar: `problem duplicate key`",
    "resource": "an ARN is of this service: `resource kms`",
    "service": "an entry of actions may be of this service: `service iam`",
}
"""Words that something else follows, and what each means."""


class Vocabulary:
    """The bits of all words that some rules use."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.bits: dict[str, int] = {}
        self._masks: dict[str, int] = {}
        self.needs = [self._need(rule) for rule in rules]
        """For each rule, a mask of alternatives for each member of its `when`."""

    def _need(self, rule: Rule) -> tuple[int, ...]:
        try:
            return tuple(map(self._mask, rule.when))
        except KeyError as error:
            word = str(error.args[0])
            help_ = did_you_mean(word, [*WORDS, *STARTS])
            raise BrokenError(
                f"`when` of the rule `{rule.name}` has the unknown word `{word}`", help=help_
            ) from error

    def _mask(self, member: str) -> int:
        if member not in self._masks:
            mask = 0
            for word in member.split(" | "):
                mask |= self.bits.get(word) or self._new(word)
            self._masks[member] = mask
        return self._masks[member]

    def _new(self, word: str) -> int:
        if word not in WORDS and not (word.partition(" ")[0] in STARTS and " " in word):
            raise KeyError(word)
        bit = self.bits[word] = 1 << len(self.bits)
        return bit

    def starting(self, start: str) -> dict[str, int]:
        """Return the bits of what follows a word of `STARTS`."""
        before = f"{start} "
        return {
            word.removeprefix(before): bit
            for word, bit in self.bits.items()
            if word.startswith(before)
        }
