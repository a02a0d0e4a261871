"""Policies whose elements are attributes of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.permissions import assemble
from iamlint.load.terraform.language.node import Array, Member, Object, known
from iamlint.load.terraform.language.write import Written

if TYPE_CHECKING:
    from iamlint.load.link import Name
    from iamlint.load.permissions import ElementNames
    from iamlint.load.terraform.language.block import Body

_TEST = ("type", "key", "value")


def gather(body: Body, form: ElementNames) -> Object:
    """Return the attributes of a resource that are elements of a statement; `""` is unset."""
    members = {
        name: member
        for name in form.elements
        if (member := body.member(name)) is not None and known(member.node) != ""
    }
    for name in form.of("Condition"):
        blocks = list(body.blocks(name)) if name not in members else []
        if blocks:
            tests = [
                Object({n: m for n in _TEST if (m := block.member(n)) is not None}, block.spot)
                for block in blocks
            ]
            members[name] = Member(blocks[0].key, Array(tests, body.spot))
    return Object(members, body.spot)


def assemble_policy(
    made: Written, form: ElementNames, arn: Name | None
) -> tuple[Written, Name | None]:
    """Return the policy of these attributes, and the ARN of the resource it is added to.

    If they do not give what it allows, there is no policy, and its value is null.
    """
    found = assemble(form, made.value if isinstance(made.value, dict) else {}, arn)
    if found is None:
        return Written(None, made.spots), arn
    spots = [(to, spot, key) for at, spot, key in made.spots for to in found.moved(at)]
    problems = [found.problem(problem) for problem in made.problems]
    return Written(found.value, [made.spots[0], *spots], problems), found.arn
