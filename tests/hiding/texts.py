"""Tricks of the text itself: encodings, escapes, tags, broken syntax, odd names of elements."""

from __future__ import annotations

import base64
import codecs
import gzip
import html
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from tests.hiding.trick import POLICY, STATEMENT, TEXT, Trick, trick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Without a version, whose date gives a policy away.
BARE: Final = json.dumps({"Statement": [STATEMENT]})
ONE: Final = json.dumps(STATEMENT)
REST: Final = "{Action: '*', Resource: '*'}"
YAML: Final = """\
Statement:
  - Effect: Allow
    Action: "*"
    Resource: "*"
"""
DATED: Final = f'Version: "2012-10-17"\n{YAML}'
ELEMENTS: Final = ("Statement", "Effect", "Action", "Resource")


def escaped(text: str, escape: Callable[[str], str], count: int = 1) -> str:
    """Escape the first letters of each name of an element."""
    for name in ELEMENTS:
        written = "".join(map(escape, name[:count])) + name[count:]
        text = text.replace(name, written)
    return text


def unicode_escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}"


def hex_escape(letter: str) -> str:
    return f"\\x{ord(letter):02x}"


def quoted(text: str) -> str:
    """Put the names of elements into quotes, in which YAML knows escapes."""
    for name in ELEMENTS:
        text = text.replace(f"{name}:", f'"{name}":')
    return text


def encodings() -> Iterator[Trick]:
    for encoding in (
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
    ):
        yield trick(f"json in {encoding}", BARE.encode(encoding))
        yield trick(f"yaml in {encoding}", YAML.encode(encoding), "p.yaml")
        hidden = escaped(BARE, unicode_escape)
        yield trick(f"escaped json in {encoding}", hidden.encode(encoding))
    big = codecs.BOM_UTF16_BE + BARE.encode("utf-16-be")
    yield trick("json in big endian with its mark", big)
    yield trick(
        "module in utf-16",
        f'resource "aws_iam_policy" "p" {{\n policy = {json.dumps(TEXT)}\n}}'.encode("utf-16"),
        "main.tf",
    )
    yield trick("byte that is no utf-8", BARE.replace("*", "*\xe9").encode("latin-1"))
    yield trick("overlong utf-8", BARE.encode().replace(b"S", b"\xc1\x93", 1))
    yield trick("NUL at the end", BARE.encode() + b"\0")
    yield trick("NUL in a name", BARE.replace("Effect", "Eff\0ect"))
    yield trick("two marks of byte order", "\ufeff\ufeff" + BARE)
    yield trick("mark of byte order within", BARE.replace('"Effect', '\ufeff"Effect'))
    yield trick("form feed before", "\f" + BARE)
    yield trick("no-break space before", "\xa0" + BARE)
    yield trick("line separator between", BARE.replace(", ", ",\u2028"))
    yield trick("line ends of old Macs", json.dumps(POLICY, indent=1).replace("\n", "\r"))
    yield trick("yaml with line ends of old Macs", YAML.replace("\n", "\r"), "p.yaml")
    yield trick("bell in yaml", YAML + "# \a", "p.yaml")
    yield trick("escape sequence of a terminal", "\x1b[2J" + BARE)
    yield trick("gzip", gzip.compress(TEXT.encode(), mtime=0))
    yield trick("code page of mainframes", TEXT.encode("cp037"))
    yield trick("utf-7", TEXT.encode("utf-7"))


def names_of_elements() -> Iterator[Trick]:
    changes = {
        "lower case": {name: name.lower() for name in ELEMENTS},
        "upper case": {name: name.upper() for name in ELEMENTS},
        "one letter less": {"Statement": "Statment", "Effect": "Effct", "Action": "Acton"},
        "one letter more": {"Statement": "Statements", "Effect": "Effects", "Action": "Actions"},
        "letters changed places": {"Statement": "Statemnet", "Effect": "Efefct"},
        "misspelt effect": {"Effect": "Effct"},
        "misspelt effect, lower case": {"Effect": "efect", "Statement": "statement"},
        "cyrillic letter": {"Effect": "\u0415ffect", "Statement": "St\u0430tement"},
        "full width": {"Statement": "\uff33tatement", "Effect": "\uff25ffect"},
        "zero width space": {"Statement": "State\u200bment", "Effect": "Eff\u200bect"},
        "soft hyphen": {"Statement": "State\xadment", "Effect": "Ef\xadfect"},
        "space behind": {name: f"{name} " for name in ELEMENTS},
        "space before": {name: f" {name}" for name in ELEMENTS},
        "tab behind": {name: f"{name}\\t" for name in ELEMENTS},
        "combining accent": {"Statement": "State\u0301ment", "Effect": "Effe\u0301ct"},
    }
    for what, names in changes.items():
        text = BARE
        for name, other in names.items():
            text = text.replace(f'"{name}"', f'"{other}"')
        for named in (False, True):
            yield trick(f"elements with {what}", text, named=named)
    for effect in ("allow", "ALLOW", "Alow", "Allow ", "\u0410llow"):
        yield trick(f"effect {effect!a}", BARE.replace("Allow", effect))
    for version in (
        "2012-10-18",
        "2012/10/17",
        "2012-10-17 ",
        "20121017",
        "1",
        "2012-10-17T00:00:00Z",
    ):
        for named in (False, True):
            text = json.dumps({**POLICY, "Version": version})
            yield trick(f"version {version!r}", text, named=named)
    yield trick("version as a number", json.dumps({**POLICY, "Version": 20121017}))
    yield trick("no effect", json.dumps({"Statement": [{"Action": "*", "Resource": "*"}]}))
    yield trick("statement under a key", json.dumps({"Statement": {"a": STATEMENT}}))
    yield trick("statement in a list in a list", json.dumps({"Statement": [[STATEMENT]]}))
    yield trick("statement alone", json.dumps(STATEMENT))
    yield trick("list of statements", json.dumps([STATEMENT]))
    yield trick("other statements first", json.dumps({"Statement": [{"Sid": "a"}, STATEMENT]}))
    yield trick("policy in a list of lists", json.dumps([[[POLICY]]]))
    yield trick("policy under a long way", json.dumps({"a": {"b": [{"c": POLICY}]}}))
    yield trick("policy beside an empty one", json.dumps({"Statement": [], "x": POLICY}))
    yield trick(
        "words of another tool", json.dumps({"statements": [{"effect": "Allow", "actions": ["*"]}]})
    )
    yield trick(
        "words of another tool, no effect",
        json.dumps({"statements": [{"actions": ["*"], "resources": ["*"]}]}),
    )
    yield trick(
        "words of another tool, only actions", json.dumps({"statements": [{"actions": ["iam:*"]}]})
    )
    yield trick(
        "words of another tool, after one without",
        json.dumps({"statements": [{"sid": "x"}, {"effect": "Allow", "actions": ["*"]}]}),
    )
    yield trick(
        "words of another tool, one object",
        json.dumps({"statement": {"effect": "Allow", "actions": ["*"], "resources": ["*"]}}),
    )
    yield trick(
        "words with underlines",
        json.dumps(
            {"statement": [{"effect": "Allow", "not_actions": ["a:b"], "resources": ["*"]}]}
        ),
    )


def escapes() -> Iterator[Trick]:
    ways: dict[str, Callable[[str], str]] = {
        "small digits": unicode_escape,
        "large digits": lambda letter: f"\\u{ord(letter):04X}",
    }
    for what, way in ways.items():
        for count in (1, 9):
            text = escaped(BARE, way, count)
            for named in (False, True):
                yield trick(f"names escaped, {what}, {count}", text, named=named)
            yield trick(
                f"names escaped in yaml, {what}, {count}",
                escaped(quoted(YAML), way, count),
                "p.yaml",
            )
            yield trick(f"names escaped in a text, {what}, {count}", json.dumps({"policy": text}))
    yield trick("version escaped too", escaped(TEXT, unicode_escape).replace("2012", "\\u0032012"))
    yield trick("escaped values", BARE.replace("Allow", "\\u0041llow").replace('"*"', '"\\u002a"'))
    yield trick(
        "escaped text of yaml", f"p: {json.dumps(escaped(BARE, unicode_escape))}\n", "p.yaml"
    )
    for name in ("p.yaml", "p.json5"):
        yield trick(
            f"hexadecimal escapes in {name}",
            escaped(quoted(YAML) if name == "p.yaml" else BARE, hex_escape),
            name,
        )
        yield trick(
            f"hexadecimal escapes in {name}",
            escaped(quoted(YAML) if name == "p.yaml" else BARE, hex_escape),
            name,
            named=True,
        )
    wide = escaped(quoted(YAML), lambda letter: f"\\U{ord(letter):08x}")
    yield trick("eight digits in yaml", wide, "p.yaml")
    yield trick("names over two lines in yaml", f"p: {_over_lines('  ')}\n", "p.yaml")
    for named in (False, True):
        yield trick("names over two lines in json5", _over_lines(""), "p.json5", named=named)
    yield trick(
        "bare names escaped in json5",
        escaped("{Statement: [{Effect: 'Allow', Action: '*', Resource: '*'}]}", unicode_escape),
        "p.json5",
    )
    yield trick("single quotes in json", TEXT.replace('"', "'"))
    yield trick(
        "bare names in json", "{Statement: [{Effect: 'Allow', Action: '*', Resource: '*'}]}"
    )


def _over_lines(indent: str) -> str:
    """Break the names of elements, as JSON5 and YAML allow within quotes."""
    return BARE.replace('"Stat', f'"Stat\\\n{indent}').replace('"Eff', f'"Eff\\\n{indent}')


def texts_in_texts() -> Iterator[Trick]:
    encoded = base64.b64encode(TEXT.encode()).decode()
    twice = base64.b64encode(encoded.encode()).decode()
    zipped = base64.b64encode(gzip.compress(TEXT.encode(), mtime=0)).decode()
    inner: dict[str, Any] = {
        "json": TEXT,
        "json, twice": json.dumps(TEXT),
        "json, three times": json.dumps(json.dumps(TEXT)),
        "json, four times": json.dumps(json.dumps(json.dumps(TEXT))),
        "json, five times": json.dumps(json.dumps(json.dumps(json.dumps(TEXT)))),
        "base64": encoded,
        "base64 for addresses": base64.urlsafe_b64encode(TEXT.encode()).decode(),
        "base64 without its end": encoded.rstrip("="),
        "base64 in lines": "\n".join(encoded[at : at + 60] for at in range(0, len(encoded), 60)),
        "base64, twice": twice,
        "base64 of gzip": zipped,
        "hexadecimal": TEXT.encode().hex(),
        "percent signs": quote(TEXT),
        "percent signs for all": "".join(f"%{byte:02x}" for byte in TEXT.encode()),
        "percent signs, twice": quote(quote(TEXT)),
        "html": html.escape(TEXT),
        "blank lines before": "\n\n  " + TEXT,
        "mark of byte order before": "\ufeff" + TEXT,
        "comment before": "/* x */ " + TEXT,
        "words before": "policy: " + TEXT,
        "broken": TEXT[:-1],
        "single quotes": TEXT.replace('"', "'"),
        "yaml": DATED,
        "yaml without a version": YAML,
        "escaped names": escaped(BARE, unicode_escape),
        "escaped names, twice": json.dumps(escaped(BARE, unicode_escape)),
        "misspelt": BARE.replace("Statement", "Statment").replace("Effect", "Effct"),
    }
    for what, text in inner.items():
        yield trick(f"policy as a text, {what}", json.dumps({"PolicyDocument": text}))
        at = {
            "Resources": {
                "P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": text}}
            }
        }
        yield trick(f"policy of a template as a text, {what}", json.dumps(at), "t.json")
    for what in ("base64", "json, twice", "percent signs", "escaped names"):
        module = f'resource "aws_iam_policy" "p" {{\n  policy = {json.dumps(inner[what])}\n}}\n'
        yield trick(f"policy of a module as a text, {what}", module, "main.tf")
        yield trick(
            f"policy in tf.json as a text, {what}",
            json.dumps({"resource": {"aws_iam_policy": {"p": {"policy": inner[what]}}}}),
            "main.tf.json",
        )
    yield trick("policy as the name of a member", json.dumps({TEXT: 1}))


def syntax() -> Iterator[Trick]:
    admin = json.dumps(STATEMENT)
    clean = '{"Effect": "Deny", "Action": "*", "Resource": "*"}'
    yield trick(
        "statement twice, the last clean", f'{{"Statement": [{admin}], "Statement": [{clean}]}}'
    )
    yield trick(
        "statement twice, the first clean", f'{{"Statement": [{clean}], "Statement": [{admin}]}}'
    )
    yield trick(
        "effect twice",
        '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Effect": "Deny"}}',
    )
    yield trick(
        "effect twice, once escaped",
        BARE.replace("}", ', "\\u0045ffect": "Deny"}', 1),
    )
    yield trick("statement twice in yaml", YAML + "Statement: []\n", "p.yaml")
    yield trick("two texts of json", f'{{"a": 1}}{TEXT}')
    yield trick("json in lines", f'{{"a": 1}}\n{TEXT}\n')
    yield trick("text behind", TEXT + "x")
    yield trick("comma behind", TEXT.replace('"Statement"', ',"Statement"'))
    yield trick("comments", "// x\n" + TEXT)
    yield trick("comments of yaml in json", "# x\n" + TEXT)
    yield trick("policy in a comment that ends early", "/* x */" + TEXT + "/* y */")
    yield trick("not a number", TEXT[:-1] + ', "x": NaN}')
    for named in (False, True):
        yield trick("end missing", TEXT[:-1], named=named)
        yield trick("end missing, no version", BARE[:-1], named=named)
        yield trick(
            "end missing, lower case", BARE[:-1].lower().replace("allow", "Allow"), named=named
        )
        yield trick(
            "end missing, misspelt",
            BARE[:-1].replace("Effect", "Effct").replace("Statement", "Statment"),
            named=named,
        )
        yield trick("end missing, escaped", escaped(BARE, unicode_escape)[:-1], named=named)
        yield trick("quote missing", BARE.replace('"Effect', "Effect"), named=named)
        yield trick("comma missing", BARE.replace(", ", " "), named=named)
        yield trick(
            "yaml with a tab", YAML.replace("    Action", "\tAction"), "p.yaml", named=named
        )
        yield trick("yaml that ends early", YAML + 'x: "', "p.yaml", named=named)
        yield trick("yaml with a mapping as a key", YAML + "? {a: b}\n: c\n", "p.yaml", named=named)
        yield trick("yaml with a control line", YAML + "{% if x %}\n", "p.yaml", named=named)
        yield trick("json with a control line", TEXT[:-1] + "{% if x %}}", named=named)
        yield trick("yaml of helm", "{{- if x }}\n" + YAML + "{{- end }}\n", "p.yaml", named=named)
        yield trick(
            "error far from a control line", YAML + "x: [\n" + "# {% x %}\n", "p.yaml", named=named
        )
    for depth in (150, 250, 3000):
        yield trick(f"policy {depth} levels deep", "[" * depth + TEXT + "]" * depth)
        yield trick(
            f"policy {depth} levels deep in yaml", "[" * depth + TEXT + "]" * depth, "p.yaml"
        )
        yield trick(
            f"policy beside {depth} levels", f'{{"x": {"[" * depth}{"]" * depth}, "p": {TEXT}}}'
        )
    yield trick("json in a file of yaml", TEXT, "p.yaml")
    yield trick("yaml in a file of json", YAML, "p.json")
    yield trick("yaml in a file of json", YAML, "p.json", named=True)


def yaml() -> Iterator[Trick]:
    for what, text in {
        "tag on the statement": YAML.replace("- Effect", "- !x\n    Effect"),
        "tag on the policy": "p: !x\n" + _indented(YAML),
        "tag on all": "!x\n" + YAML,
        "tag on the list": YAML.replace("Statement:", "Statement: !x"),
        "tag on the effect": YAML.replace("Allow", "!x Allow"),
        "tag on the action": YAML.replace('Action: "*"', 'Action: !x "*"'),
        "tag on a key": YAML.replace("Statement:", "!x Statement:"),
        "tag on two keys": YAML.replace("Statement:", "!x Statement:").replace(
            "Effect:", "!x Effect:"
        ),
        "tag on a text": f"p: !x {json.dumps(TEXT)}\n",
        "tag on a block": "p: !x |\n" + _indented(DATED),
        "tag of yaml": YAML.replace("Statement:", "Statement: !!seq"),
        "tag with a handle": "%TAG ! tag:x.org,2000:\n---\n"
        + YAML.replace("- Effect", "- !y\n    Effect"),
        "verbatim tag": YAML.replace("Allow", "!<tag:x.org,2000:y> Allow"),
        "binary": f"PolicyDocument: !!binary {base64.b64encode(TEXT.encode()).decode()}\n",
        "set": "p: !!set\n  ? " + json.dumps(TEXT) + "\n",
        "merge key": f"a: &a {TEXT}\np:\n  <<: *a\n",
        "merged statement": f"a: &a {ONE}\nStatement:\n  - <<: *a\n",
        "several merged": f"a: &a {{Effect: Allow}}\nb: &b {REST}\nStatement:\n  - <<: [*a, *b]\n",
        "merge below another key": f"a: &a {ONE}\nStatement:\n  - <<: *a\n    Sid: x\n",
        "anchor on a key": "a: &s Statement\n" + YAML.replace("Statement:", "*s :"),
        "anchored value": "a: &a '*'\n" + YAML.replace('"*"', "*a"),
        "alias of a policy": f"a: &a {TEXT}\nb: *a\n",
        "explicit keys": "? Statement\n: - ? Effect\n    : Allow\n    ? Action\n    : '*'\n"
        "    ? Resource\n    : '*'\n",
        "second document": "a: 1\n---\n" + YAML,
        "third document after an empty one": "a: 1\n---\n---\n" + YAML,
        "document after an end": "a: 1\n...\n---\n" + YAML,
        "document after a broken one": "a: [\n---\n" + YAML,
        "version of yaml": "%YAML 1.2\n---\n" + YAML,
        "unknown version of yaml": "%YAML 3.0\n---\n" + YAML,
        "block of json": "p: |\n" + _indented(TEXT),
        "folded block of json": "p: >-\n" + _indented(json.dumps(POLICY, indent=1)),
        "block of yaml": "p: |\n" + _indented(DATED),
        "flow over lines": "p: {\n" + _indented(TEXT[1:]),
        "one line": "{Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}",
        "boolean of old yaml": YAML.replace("Allow", "yes"),
        "alias without its anchor": YAML.replace("Allow", "*x"),
        "many aliases": "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n"
            for n in range(6)
        )
        + YAML,
    }.items():
        yield trick(f"yaml, {what}", text, "p.yaml")


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def tricks() -> Iterator[Trick]:
    yield from encodings()
    yield from names_of_elements()
    yield from escapes()
    yield from texts_in_texts()
    yield from syntax()
    yield from yaml()
