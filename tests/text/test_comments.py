"""Only what a reader takes for a comment is one: a text inside a string is a value."""

from __future__ import annotations

import pytest

from iamlint.text.comments import comments

HEREDOC = 'a = <<E\n# in\nE\n# out\nb = "${"# in"}" // out\n/* out\n */ c = "/* in */" # out\n'


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.json", '{"a": "// in"} // out', ["// out"]),
        ("a.json", '{"a": "\\" // in", /* out */ "b": 1}', ["/* out */"]),
        ("a.json", '{"a": "x\n// in"} // out', ["// out"]),
        ("a.json5", "{a: '// in', /* out\n */}", ["/* out\n */"]),
        ("a.jsonc", '{"a": "/* in */"} // out', ["// out"]),
        ("a.yaml", "a: '# in' # out\nb: x#in\n# out\n", ["# out", "# out"]),
        ("a.yaml", "a: |\n  x\n  # in\n# out\nb: [1, # out\n  2]\n", ["# out", "# out"]),
        ("a.yaml", 'a: "x\n  # in"\nb: >-\n  # in\n\n  # in\n', []),
        ("a.yaml", "a: x\n  # out\n---\n# out\nb: *c # out\n", ["# out", "# out", "# out"]),
        ("a.yaml", '{"a": "# in"} # out', ["# out"]),
        ("a.template", '{"a": "// in"} // out', ["// out"]),
        ("a.tf", HEREDOC, ["# out", "// out\n", "/* out\n */", "# out\n"]),
        ("a.tf", 'a "b" {\n  c = \n}\nd "e" {\n  # out\n  f = "# in"\n}\n', ["# out"]),
        ("a.tf", 'ä = "é" # out', ["# out"]),
        ("a.tf.json", '{"a": "// in"}', []),
    ],
)
def test_comments_are_told_from_values(name: str, text: str, expected: list[str]) -> None:
    found = [text[span.start : span.end] for span in comments(text, name)]

    assert [one.rstrip("\n") for one in found] == [one.rstrip("\n") for one in expected]
