from __future__ import annotations

import pytest

from iamlint.text.hcl.parse import _Block, read_expression, read_hcl, read_template
from iamlint.text.hcl.tree import (
    Access,
    Chunk,
    Conditional,
    Expression,
    For,
    FunctionCall,
    HclTemplate,
    Hole,
    Items,
    Literal,
    Members,
    Mistake,
    Name,
    Opaque,
    Operation,
    Repeat,
    Splat,
)


def same(index: int) -> int:
    return index


def shape(expression: Expression | None) -> object:
    """Return an expression without its places."""
    match expression:
        case Literal():
            return expression.value
        case HclTemplate():
            parts = [
                shape(p.expression) if isinstance(p, Hole) else p.text for p in expression.parts
            ]
            return ("text", *parts)
        case Items():
            return [shape(item) for item in expression.items]
        case Members():
            return {shape(key): shape(value) for key, value in expression.members}
        case Name():
            return expression.name
        case Access():
            return ("of", shape(expression.of), *map(step, expression.steps))
        case FunctionCall():
            spread = ["..."] if expression.spread else []
            return (expression.name, *map(shape, expression.arguments), *spread)
        case Conditional():
            sides = (shape(expression.then), shape(expression.otherwise))
            return ("if", shape(expression.condition), *sides)
        case For():
            return (
                "for",
                *expression.names,
                shape(expression.source),
                expression.result_key and shape(expression.result_key),
                shape(expression.result),
                expression.keep and shape(expression.keep),
            )
        case Repeat():
            return ("for", *expression.names, shape(expression.source), shape(expression.body))
        case Operation():
            return (expression.operator, *map(shape, expression.operands))
        case Opaque():
            return "opaque"
    return None


def step(of: str | Splat | Expression) -> object:
    if isinstance(of, Splat):
        return "*"
    return of if isinstance(of, str) else shape(of)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ('"a"', ("text", "a")),
        ('""', ("text",)),
        ("1", 1),
        ("1.5", 1.5),
        ("true", True),
        ("null", None),
        ('[1, "b",]', [1, ("text", "b")]),
        ('{a = 1, "b" : 2\n c = 3}', {("text", "a"): 1, ("text", "b"): 2, ("text", "c"): 3}),
        ("{(a) = 1}", {"a": 1}),
        ("var.x", ("of", "var", "x")),
        ("a.b[0].c", ("of", "a", "b", 0, "c")),
        ('a["b"]', ("of", "a", ("text", "b"))),
        ("a[*].b", ("of", "a", "*", "b")),
        ("a.*.b", ("of", "a", "*", "b")),
        ("(a.b).c", ("of", ("of", "a", "b"), "c")),
        ("f(1).b", ("of", ("f", 1), "b")),
        ("f(a, b...)", ("f", "a", "b", "...")),
        ("a ? b : c", ("if", "a", "b", "c")),
        ("!a.b", ("!", ("of", "a", "b"))),
        ("-1", ("-", 1)),
        ("a == b && (c || d)", ("&&", ("==", "a", "b"), ("||", "c", "d"))),
        ("[for x in y : x if x]", ("for", "x", "y", None, "x", "x")),
        ("{for k, v in y : k => v}", ("for", "k", "v", "y", "k", "v", None)),
        ('"a${b}c"', ("text", "a", "b", "c")),
        (r'"a\n\"\u00e9$${b}%%{c}"', ("text", "a", "\n", '"', "é", "${", "b}", "%{", "c}")),
        ('"%{ if a }b%{ endif }"', ("text", "opaque")),
        ('"${aws:username}/*"', ("text", "${aws:username}", "/*")),
        ('"$${aws:username}"', ("text", "${", "aws:username}")),
    ],
)
def test_expression_means(text: str, meaning: object) -> None:
    assert shape(read_expression(text, same)) == meaning


def test_what_is_no_expression_is_none() -> None:
    assert read_expression("a b", same) is None


def test_every_character_of_a_string_has_its_place() -> None:
    text = 'x {\n  é = "a\\té$${b"\n}\n'
    (block,) = read_hcl(text).blocks
    value = block.attributes["é"].expression

    assert isinstance(value, HclTemplate)
    chunks = [part for part in value.parts if isinstance(part, Chunk)]
    assert "".join(chunk.text for chunk in chunks) == "a\té${b"
    starts = [at for chunk in chunks for at in chunk.offsets[:-1]]
    assert [text[at] for at in starts] == ["a", "\\", "é", "$", "$", "b"]
    assert text[value.span.start : value.span.end] == '"a\\té$${b"'


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("<<EOT\n  a\n b\nEOT", "  a\n b\n"),
        ("<<-EOT\n    a\n\n     b\n   EOT", "a\n\n b\n"),
        ("<<-EOT\n  ${x}\n    b\n  EOT", "·\n  b\n"),
        ("<<EOT\n\\n$${a}\nEOT", "\\n${a}\n"),
        ("<<EOT\nEOT", ""),
    ],
)
def test_heredoc_says(text: str, content: str) -> None:
    value = read_expression(text, same)

    assert isinstance(value, HclTemplate)
    said = "".join("·" if isinstance(part, Hole) else part.text for part in value.parts)
    assert said == content


def test_blocks_have_type_labels_attributes_and_blocks() -> None:
    (block,) = read_hcl('resource "a" b {\n x = 1 # c\n c {\n y = 2\n }\n}\n').blocks

    assert (block.type, block.labels, list(block.attributes)) == ("resource", ("a", "b"), ["x"])
    assert [(inner.type, list(inner.attributes)) for inner in block.blocks] == [("c", ["y"])]


def test_text_without_a_block_is_broken_as_a_whole() -> None:
    hcl = read_hcl('"Statement": [\n')

    assert (list(hcl.blocks), [broken.words for broken in hcl.broken]) == ([], [()])


def test_broken_block_leaves_the_others() -> None:
    text = 'a "b" {\n x = 1\n}\nc "d" {\n x = = 1\n}\ne "f" {\n x = 2\n}\n'
    hcl = read_hcl(text)

    assert [(block.type, text[block.span.start]) for block in hcl.blocks] == [
        ("a", "a"),
        ("e", "e"),
    ]
    ((broken),) = hcl.broken
    assert broken.words == ("c", "d")
    assert text[broken.flaw.span.start :].startswith("= 1")


def test_block_without_an_end_does_not_swallow_the_next() -> None:
    hcl = read_hcl('a "b" {\n x = [1\n\nc "d" {\n x = 1\n}\n')

    assert [block.labels for block in hcl.blocks] == [("d",)]
    assert [broken.words for broken in hcl.broken] == [("a", "b")]


def test_template_has_texts_holes_and_parts() -> None:
    text = (
        '{"a": "${b("}")}", ${c.d}, %{ for x in y ~}%{ if x }${x}%{ endif }%{ endfor }, $${e}, '
        "${f:g}"
    )
    template = read_template(text)

    assert shape(template) == (
        *("text", '{"a": "', ("b", ("text", "}")), '", ', ("of", "c", "d"), ", "),
        ("for", "x", "y", ("text", ("if", "x", ("text", "x"), ("text",)))),
        *(", ", "${", "e}, ", "${f:g}"),
    )
    holes = [part for part in template.parts if isinstance(part, Hole | Mistake)]
    assert [text[hole.span.start : hole.span.end] for hole in holes] == [
        '${b("}")}',
        "${c.d}",
        "%{ for x in y ~}%{ if x }${x}%{ endif }%{ endfor }",
        "${f:g}",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%{if a}b%{else}c%{endif}", ("if", "a", ("text", "b"), ("text", "c"))),
        ("%{ if a ~}\n b \n%{~ endif }", ("if", "a", ("text", "b"), ("text",))),
        ("%{ for k, v in a }%{ endfor }", ("for", "k", "v", "a", ("text",))),
        (
            "%{ if a }%{ if b }x%{ else }y%{ endif }%{ else }z%{ endif }",
            ("if", "a", ("text", ("if", "b", ("text", "x"), ("text", "y"))), ("text", "z")),
        ),
        (
            '%{ if f("}") }%%{ if }%{ endif }',
            ("if", ("f", ("text", "}")), ("text", "%{", " if }"), ("text",)),
        ),
        ("%{ if a }%{ endfor }", "opaque"),
        ("%{ if a }%{ else }%{ else }%{ endif }", "opaque"),
        ("%{ for a }%{ endfor }", "opaque"),
        ("%{ if = }%{ endif }", "opaque"),
        ("%{ if a }" * 5_000 + "%{ endif }" * 5_000, None),
    ],
)
def test_directive_of_a_template_is_taken_apart(text: str, expected: object) -> None:
    in_heredoc = read_hcl(f"x = <<EOT\n{text}\nEOT\n")

    template = read_template(text)
    (hole,) = template.parts
    assert isinstance(hole, Hole)
    assert text[hole.span.start : hole.span.end] == text
    if expected is not None:
        assert shape(hole.expression) == expected
        if not in_heredoc.broken:
            assert shape(in_heredoc.attributes["x"].expression) == ("text", expected, "\n")


def test_template_with_an_open_hole_is_text() -> None:
    assert shape(read_template('a${b("')) == ("text", 'a${b("')


@pytest.mark.parametrize("depth", [500, 20_000])
def test_what_is_nested_too_deep_is_opaque(depth: int) -> None:
    value = read_expression("[" * depth + "]" * depth, same)

    levels = 0
    while isinstance(value, Items) and value.items:
        (value,) = value.items
        levels += 1
    assert isinstance(value, Opaque)
    assert levels == 100


def test_long_chain_of_operations_does_not_overflow() -> None:
    assert isinstance(read_expression("+".join(["1"] * 5_000), same), Operation)


def test_what_the_parser_made_goes_once_a_block_is_read() -> None:
    (outer,) = read_hcl("a {\n  b = [1]\n  c {\n    d = 2\n  }\n}\n").blocks
    assert isinstance(outer, _Block)

    assert list(outer.attributes) == ["b"]
    (inner,) = outer.blocks
    assert isinstance(inner, _Block)
    assert (outer._node is None, inner._node is None) == (True, False)  # noqa: SLF001
    assert list(inner.attributes) == ["d"]
    assert inner._node is None  # noqa: SLF001
