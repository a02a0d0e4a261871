"""Endless nesting is not parsed; large files are."""

from __future__ import annotations

import pytest

from iamlint.text.hcl.depth import MAX_OPEN
from iamlint.text.hcl.parse import Broken, read_expression, read_hcl, read_values
from iamlint.text.source import SyntaxFault, SyntaxFlaw
from iamlint.text.span import Span

MANY = MAX_OPEN + 30
MESSAGE = f"more than {MAX_OPEN} of `${{` and `%{{` may be within each other"
DEEP = {
    "never closed": "${" * MANY,
    "never closed directives": "%{" * MANY,
    "closed at the end": "${" * MANY + "a" + "}" * MANY,
    "strings in strings": '${"' * MANY + "a" + '"}' * MANY,
    "closed in a comment": "${ /*}*/" * MANY,
    "closed in a line's comment": "${ #}\n" * MANY,
    "closed in a string": '${ "}"' * MANY,
    "closed in a heredoc": "${ <<F\n}\nF\n" * MANY,
    "heredocs in heredocs": "".join(f"${{\na = <<F{n}\n" for n in range(MANY)),
}
WIDE = {
    "names": "${var.x}",
    "a loop of names": '${join(",", [for a in var.b : "${a}/{x}"])}\n',
    "JSON with an address": '${jsonencode({a = {b = "${x}"}, c = "https://#"})}\n',
    "quotes with escapes": r'${f("a \"}\" ${g({b = "c"})}")}' + "\n",
    "directives": "%{ if a }${b}%{ else }%{ endif }\n",
    "numbers": "${a % 3}${a / 3}${a < 3}\n",
    "policy variables": '"$${aws:username}"\n',
}


@pytest.mark.parametrize("name", DEEP)
def test_block_that_is_too_deep_is_broken_and_the_others_are_read(name: str) -> None:
    text = f'a "b" {{\n  c = <<E\n{DEEP[name]}\nE\n}}\nd "e" {{\n}}\n'

    hcl = read_hcl(text)

    at = min(n for n in (text.find("${"), text.find("%{")) if n >= 0)
    assert hcl.broken == (
        Broken(("a", "b"), SyntaxFlaw(SyntaxFault.LIMIT, MESSAGE, Span(at, at + 2))),
    )
    assert [block.type for block in hcl.blocks] == ["d"]


@pytest.mark.parametrize("name", WIDE)
def test_much_beside_each_other_is_read(name: str) -> None:
    hcl = read_hcl(f"a = <<E\n{WIDE[name] * MANY}\nE\n")

    assert (hcl.broken, list(hcl.attributes)) == ((), ["a"])


def test_values_and_expressions_that_are_too_deep_are_not_read() -> None:
    text = 'a = "' + "${" * MANY + '"\n'

    source, values = read_values(text)

    assert (source.flaws, values) == ((SyntaxFlaw(SyntaxFault.LIMIT, MESSAGE, Span(5, 7)),), {})
    assert read_expression(text[4:-1], lambda at: at) is None
