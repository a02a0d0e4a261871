from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.policy.variables import Escape, Variable, VariableFault, split_variables, variables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", ("plain",)),
        ("", ()),
        (
            "a/${aws:username}/b",
            ("a/", Variable("aws:username", None, "${aws:username}"), "/b"),
        ),
        (
            "${aws:PrincipalTag/team, 'company wide'}",
            (
                Variable(
                    "aws:PrincipalTag/team",
                    "company wide",
                    "${aws:PrincipalTag/team, 'company wide'}",
                ),
            ),
        ),
        ("${a:b,''}", (Variable("a:b", "", "${a:b,''}"),)),
        ("${*}${?}${$}", (Escape("*"), Escape("?"), Escape("$"))),
        ("$x {y}", ("$x {y}",)),
    ],
)
def test_a_value_is_split_into_text_variables_and_escapes(
    text: str, expected: tuple[object, ...]
) -> None:
    assert split_variables(text) == expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("${aws:username}", None),
        ("${aws:username", VariableFault.UNCLOSED),
        ("${", VariableFault.UNCLOSED),
        ("${}", VariableFault.EMPTY),
        ("${ }", VariableFault.EMPTY),
        ("${, 'x'}", VariableFault.EMPTY),
        ("${ aws:username }", VariableFault.SPACE),
        ("${aws: username}", VariableFault.SPACE),
        ("${aws:PrincipalTag/my team}", None),
        ("${aws:PrincipalTag/team, company}", VariableFault.UNQUOTED_DEFAULT),
        ("${aws:PrincipalTag/team, 'company}", VariableFault.UNQUOTED_DEFAULT),
        ("${aws:PrincipalTag/team, '}", VariableFault.UNQUOTED_DEFAULT),
        ("${aws:PrincipalTag/team,}", VariableFault.UNQUOTED_DEFAULT),
        ("${aws:PrincipalTag/team,'company'}", None),
    ],
)
def test_each_fault_of_a_variable_is_named(text: str, fault: VariableFault | None) -> None:
    assert [variable.fault for variable in variables(text)] == [fault]


def test_escapes_are_no_variables() -> None:
    assert variables("${*}/${aws:userid}") == (Variable("aws:userid", None, "${aws:userid}"),)


@given(text=st.text("a:${}*?,' ", max_size=30))
def test_the_parts_put_together_are_the_text(text: str) -> None:
    """Splitting loses nothing."""
    parts = split_variables(text)

    assert "".join(_written(part) for part in parts) == text


def _written(part: str | Variable | Escape) -> str:
    if isinstance(part, Escape):
        return f"${{{part.char}}}"
    return part.text if isinstance(part, Variable) else part
