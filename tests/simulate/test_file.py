"""Lines of scenarios: those with the same policies are read as each would be alone."""

from __future__ import annotations

import io
import json
from itertools import permutations

import pytest

from iamlint.simulate.file import read_scenarios
from iamlint.simulate.scenario import simulate

OWN = "111122223333"
POLICIES = (
    '{"identity": [{"Version": "2012-10-17", "Statement": '
    '[{"Effect": "Allow", "Action": "*", "Resource": "*"}]}], "resource": [{"Version": '
    f'"2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {{"AWS": "{OWN}"}}, '
    '"Action": "*"}}]}'
)
REQUEST = (
    f'{{"principal": "arn:aws:iam::{OWN}:user/u", "action": "%s", '
    f'"resource": "arn:aws:iam::{OWN}:role/r"}}'
)


def line(action: str = "iam:GetRole", policies: str = POLICIES, end: str = "}") -> str:
    return f'{{"request": {REQUEST % action}, "policies": {policies}{end}'


LINES = {
    "plain": line(),
    "of a trust policy": line("sts:AssumeRole"),
    "with a wrong request": line("nothing"),
    "with wrong policies": line(policies=POLICIES.replace("Effect", "Efect")),
    "with policies that are a list": line(policies="[]"),
    "with a member twice in the policies": line(policies=POLICIES.replace("2012", '", "x": "', 1)),
    "with policies twice": f'{{"policies": {{}}, {line()[1:]}',
    "with a member twice": f'{{"request": {{}}, {line()[1:]}',
    "with more behind the policies": line(end=', "id": 7}'),
    "with blanks at the end": line(end=" } \t\r"),
    "with text behind": line(end="} x"),
    "that breaks off": line(end=""),
    "with the name in a text": f'{{"id": "\\"policies\\": {{}}}}", {line()[1:]}',
    "with the name at the end of a text": f'{{"id": "x\\"policies": {POLICIES}}}',
    "with policies inside of the request": f'{{"request": {{"policies": {POLICIES}}}}}',
    "with an id that JSON has not": f'{{"id": NaN, {line()[1:]}',
    "with policies that JSON has not": line(policies="Infinity"),
    "without a colon": f'{{"policies", {line()[1:]}',
    "that is a list": f'["policies", {line()}]',
    "that is not UTF-8": line().replace("user/u", "user/\udce9"),
}


def read(text: str) -> list[tuple[object, object, list[str]]]:
    """Return what the lines of a file say, and the answers; the numbers of lines left out."""
    data = f"{{}}\n{text}".encode("utf-8", "surrogateescape")
    found = list(read_scenarios(io.BytesIO(data)))[1:]
    said = [[fault.split(" ", 2)[-1] for fault in one.faults] for one in found]
    answers = [
        simulate(one.value) if isinstance(one.value, dict) and not one.faults else None
        for one in found
    ]
    return [
        (one.value, answer, faults)
        for one, answer, faults in zip(found, answers, said, strict=True)
    ]


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_comes_again_is_read_as_the_first(name: str) -> None:
    alone = read(LINES[name])
    assert read("\n".join([LINES[name]] * 4)) == alone * 4
    if alone[0][0] is not None:
        assert alone[0][0] == json.loads(LINES[name])


def test_lines_with_equal_ends_are_read_as_each_is_alone() -> None:
    alone = {name: read(text) for name, text in LINES.items()}
    for first, second in permutations(LINES, 2):
        names = [first, first, second, first, second]
        assert read("\n".join(LINES[name] for name in names)) == [
            one for name in names for one in alone[name]
        ]
