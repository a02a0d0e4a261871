from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.errors import BrokenPart
from iamlint.load import Document, File, Loaded, LoadOptions, NotAnalysed, json_yaml, load
from iamlint.load.document import Cause
from iamlint.load.recognise.marks import may_hold_policy
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
)
TRUST = (
    '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "sts:AssumeRole"}]}'
)


def from_stdin(text: str | bytes, name: str | None = None, kind: Kind | None = None) -> Loaded:
    data = text.encode() if isinstance(text, str) else text
    return load(["-"], LoadOptions(stdin=data, stdin_name=name, kind=kind))


def found(text: str | bytes, name: str | None = None) -> list[tuple[object, ...]]:
    loaded = from_stdin(text, name)
    assert loaded.not_analysed == ()
    return [(*d.pointer, d.kind.value) for d in loaded.documents]


def left_out(text: str | bytes, name: str = "a.json") -> list[NotAnalysed]:
    loaded = from_stdin(text, name)
    assert loaded.documents == ()
    return list(loaded.not_analysed)


def listing(loaded: Loaded) -> str:
    lines = [
        f"{d.path} {'/'.join(map(str, d.pointer)) or '.'}\n    {d.kind} {d.certainty}"
        f" name={d.name} principal={', '.join(map(str, d.attachment.holders)) or None}"
        f" type={d.attachment.resource_type}"
        f"{'' if d.source.readable else ' unreadable'}\n"
        for d in loaded.documents
    ]
    lines += [
        f"{n.path} {'/'.join(map(str, n.pointer)) or '.'}\n    left out: {n.reason}\n"
        for n in loaded.not_analysed
    ]
    return "".join(lines)


def test_policies_of_a_folder_are_found_as_the_listing_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(HERE / "inputs")

    loaded = load(["."], LoadOptions())

    assert listing(loaded) == (HERE / "inputs.txt").read_text(encoding="utf-8")


def test_every_policy_found_is_read_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "inputs")

    for document in load(["."], LoadOptions()).documents:
        if document.source.readable:
            assert document.written.lstrip()[0] in '{"%' or document.path.startswith("yaml/")
            for statement in document.policy.statements:
                assert document.span(statement.at).end <= len(document.source.text)


def test_lines_are_those_of_the_file_around_embedded_json() -> None:
    loaded = from_stdin(json.dumps({"Policy": POLICY}, indent=1), "a.json")

    assert [loaded.lines["a.json"].text(line) for line in (1, 3)] == ["{", "}"]


def test_policies_embedded_in_one_file_share_its_lines() -> None:
    loaded = from_stdin(json.dumps([POLICY, json.dumps({"Policy": POLICY})]), "a.json")

    assert len(loaded.documents) == 2
    assert len({id(document.source.lines) for document in loaded.documents}) == 1


@pytest.mark.parametrize(
    ("data", "may"),
    [
        (b'{"Statement": []}', True),
        (rb'"{\"Statement\":[]}"', True),
        (b"%22Statement%22", True),
        (b"{Statment: [{Effect: Allow}]}", True),
        (b'{"Version": "2012-10-17"}', True),
        ('{"Statement": []}'.encode("utf-16"), True),
        ('{"Statement": []}'.encode("utf-16-le"), True),
        ('{"Statement": []}'.encode("utf-16-be"), True),
        (b"Type: AWS::IAM::User", True),
        (b"KeyPolicy: !Ref Text", True),
        (b"Fn::Transform: {Name: AWS::Include}", True),
        (b"Type: AWS::EC2::VPC", False),
        (b'{"name": "x", "statements": 1}', False),
        (rb'{"\u0053tate": 1}', True),
        (rb'"\x53tate": 1', True),
        (rb'"\U00000053tate": 1', True),
        (b'"Stat\\\n  ement": 1', True),
        (b'"effect": "Allow"', True),
        (b"EFCT: 'DENY'", True),
        (rb"{\"effect\": \"allow\"}", True),
        (b'{"statements": [', True),
        (b"Statements : \n  - x", True),
        (b"eyJTdGF0ZW1lbnQiOltdfQ==", True),
        ('{"statements": []}'.encode("utf-32-be"), True),
        (rb'{"html": "\u003cb\u003e \u00fc \n"}', False),
        (b"run: curl \\\n  --fail", False),
        (b"run: apt install \\\n  curl", False),
        (b"allow: true\nname: allowed\nsecurity:\n  allowPrivilege: x", False),
        (b"\0binary", False),
        (b"", False),
    ],
)
def test_bytes_tell_files_that_hold_no_policy(data: bytes, may: bool) -> None:  # noqa: FBT001 - a column of the table
    assert may_hold_policy(data) is may


def test_json_in_a_string_is_read_three_deep_and_what_lies_deeper_is_left_out() -> None:
    once, twice = json.dumps({"a": POLICY}), json.dumps({"b": json.dumps({"a": POLICY})})
    thrice = json.dumps({"c": twice})

    assert found(once) == [("a", "identity")]
    assert found(twice) == [("b", "a", "identity")]
    assert found(thrice) == [("c", "b", "a", "identity")]
    reason = "json in more than 3 strings, one in another"
    assert left_out(json.dumps({"d": thrice})) == [
        NotAnalysed("a.json", ("d", "c", "b", "a"), reason, unreadable=True)
    ]


def test_policies_come_in_the_order_of_the_text() -> None:
    text = f'[{{"x": {json.dumps(POLICY)}, "y": {POLICY}}}, {TRUST}]'

    assert found(text) == [(0, "x", "identity"), (0, "y", "identity"), (1, "trust")]


def test_a_yaml_file_of_several_documents_is_searched_whole() -> None:
    text = f"{POLICY}\n---\na: 1\n---\n{TRUST}\n"

    assert found(text, "a.yaml") == [(0, "identity"), (2, "trust")]


def test_utf_16_is_read() -> None:
    assert found(POLICY.encode("utf-16"), "a.json") == [("identity",)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"Statement": "\xff\xfe"}', "not UTF-8"),
        (b'{"Statement": "\0"}', "contains a NUL character: not a text"),
        ('{"Statement": []}'.encode("utf-16-be"), "contains a NUL character: not a text"),
        (b'{"Statement":' + b"[" * 5000, "nested deeper than 200 levels"),
        (b'{"Statement":' * 5000, "nested deeper than 200 levels"),
        (
            b"{a: 'Statement', b: [" + b"1," * 200_000 + b"]}",
            "more than 250,000 characters of json5",
        ),
    ],
)
def test_what_is_not_read_for_its_form_is_unreadable(data: bytes, reason: str) -> None:
    assert left_out(data) == [NotAnalysed("a.json", (), reason, unreadable=True)]


def test_yaml_bombs_are_not_read() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    text = f"Effect: x\na0: &a0 [1]\n{levels}"

    assert left_out(text, "a.yaml") == [
        NotAnalysed("a.yaml", (), "aliases repeat more than 200,000 nodes", unreadable=True)
    ]


@pytest.mark.parametrize(
    ("text", "name", "reason", "has_sign"),
    [
        ("a: {{ .Values.x }}\nEffect: Allow\n", "a.yaml", "templated yaml", True),
        ("{% if x %}\nStatement: {Effect: Allow}\n{% endif %}\n", "a.yaml", "templated yaml", True),
        ("a: 1\n{{- if .b }}\nStatement:\n  - Effect: x\n", "a.yaml", "templated yaml", True),
        ("a:\n  {{- x .b | nindent 2 }}\nStatement: {}\n", "a.yaml", "templated yaml", True),
        ('{"Statement": [{% for x in y %}{}{% endfor %}]}', "a.json", "templated json", True),
        ('{"Statement": [%{ for x in y }{},%{ endfor }]}', "a.json", "templated json", True),
        ('{"sideEffect": false,,}', "a.json", "not json, and no sign of a policy", False),
    ],
)
def test_templated_and_foreign_files_are_an_error_only_with_a_sign_of_a_policy(
    text: str, name: str, reason: str, *, has_sign: bool
) -> None:
    assert left_out(text, name) == [NotAnalysed(name, (), reason, unreadable=has_sign)]


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  {{- x .b | nindent 2 }}\nsideEffects: None\n",
        "{{- if .b }}\neffect: NoSchedule\n# Effect\n{{- end }}\n",
        "{{- if .b }}\n# Statement: of account\naction: allow\n{{- end }}\n",
    ],
)
def test_template_without_a_sign_of_a_policy_is_not_listed(text: str) -> None:
    assert left_out(text, "a.yaml") == []


@pytest.mark.parametrize("name", ["a.json", "a.json5", "a.yaml", "a.txt", None])
def test_a_broken_policy_is_a_document(name: str | None) -> None:
    text = '{"Statement": [{"Effect": "Allow" "Action": "*"}]}'
    loaded = from_stdin(text, name)

    assert [d.source.readable for d in loaded.documents] == [False]
    assert loaded.not_analysed == ()


def test_a_malformed_policy_counts_only_where_a_policy_belongs() -> None:
    empty = '{"Version": "2012-10-17"}'

    assert found(empty, "a.json") == [("identity",)]
    assert found(f'{{"PolicyDocument": {empty}}}') == [("PolicyDocument", "identity")]
    assert found(f'{{"elsewhere": {empty}}}') == []
    assert found('{"elsewhere": {"Version": "2012-10-17", "Statment": []}}') == [
        ("elsewhere", "identity")
    ]


def test_a_file_without_policy_is_no_error() -> None:
    assert found('{"Effect": 1, "lockfileVersion": 3}', "package-lock.json") == []
    assert found("", "a.json") == []


def test_the_kind_that_the_user_gives_counts_for_every_policy() -> None:
    loaded = from_stdin(f"[{POLICY}, {TRUST}]", "scp/a.json", Kind.BOUNDARY)

    assert [(d.kind, d.certainty.value) for d in loaded.documents] == [
        (Kind.BOUNDARY, "declared"),
        (Kind.BOUNDARY, "declared"),
    ]


OTHER = '{"Version": %s, "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "%s"}]}'


@pytest.mark.parametrize(
    "text",
    [
        OTHER % ('"2"', "acs:oss:*:*:logs"),
        OTHER % ('"2"', "qcs::cos:::*"),
        '{"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.aliyuncs.com"}}]}',
    ],
)
def test_policy_of_another_cloud_is_left_out(text: str) -> None:
    reason = "policy of another cloud, whose language is not AWS's"

    assert left_out(text) == [NotAnalysed("a.json", (), reason, cause=Cause.OTHER_CLOUD)]


def test_policy_that_only_its_version_takes_from_aws_is_an_error_where_it_is_named() -> None:
    (item,) = left_out(OTHER % ('"1"', "*"))

    assert (item.unreadable, item.cause) == (True, Cause.SIGN)


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (OTHER % ('"1"', "arn:aws:s3:::logs"), ()),
        (f'{{"format_version": "1.0", {POLICY[1:]}', ()),
        (f'{{"service": "x", "provider": "y", {POLICY[1:]}', ()),
        (f'{{"lineage": "x", "resources": {{}}, "p": {POLICY}}}', ("p",)),
    ],
)
def test_policy_that_only_looks_like_another_carrier_is_found(
    text: str, pointer: tuple[str, ...]
) -> None:
    assert found(text, "a.json") == [(*pointer, "identity")]


def test_string_under_a_tag_that_is_not_known_is_left_out() -> None:
    reason = "string under `!Foo`, which is not resolved"

    assert left_out(f"P: !Foo '{POLICY}'\n", "a.yaml") == [
        NotAnalysed("a.yaml", ("P",), reason, unreadable=True)
    ]


def test_where_the_user_says_policy_a_bare_statement_is_one() -> None:
    text = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'

    assert from_stdin(text, "a.json").documents == ()
    assert len(from_stdin(text, "a.json", Kind.SCP).documents) == 1
    assert from_stdin('{"Effect": 1, "version": 1}', "a.json", Kind.SCP).documents == ()


def test_the_last_glob_that_matches_gives_the_kind(tmp_path: Path) -> None:
    for name in ("a/x.json", "a/b/y.json", "z.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(POLICY)
    kinds = {"a/": Kind.SCP, "a/b/*.json": Kind.SESSION}

    loaded = load([tmp_path], LoadOptions(root=tmp_path, kinds=kinds))

    assert [(Path(d.path).name, d.kind.value, d.certainty.value) for d in loaded.documents] == [
        ("y.json", "session", "declared"),
        ("x.json", "scp", "declared"),
        ("z.json", "identity", "shape"),
    ]


def test_where_a_loader_breaks_on_all_files_together_the_one_at_fault_is_named(
    tmp_path: Path,
) -> None:
    class Together:
        def claims(self, file: File) -> bool:
            return file.suffix == ".note"

        def read_all(self, files: Sequence[File]) -> Iterator[NotAnalysed]:
            for file in files:
                yield NotAnalysed(file.path, (), str(1 / int(file.data)))

    for name, text in (("a", "1"), ("b", "0"), ("c", "2")):
        (tmp_path / f"{name}.note").write_text(text)

    loaded = load([tmp_path], LoadOptions(root=tmp_path, loaders=(Together(),)))  # type: ignore[arg-type]  # it needs no `read`

    assert [n.reason for n in loaded.not_analysed] == ["1.0", "0.5"]
    assert [(b.part, b.name, Path(b.path).name) for b in loaded.broken] == [
        (BrokenPart.LOADER, "Together", "b.note")
    ]


def test_loader_that_breaks_on_files_together_and_on_none_alone_is_broken(tmp_path: Path) -> None:
    class Together:
        def claims(self, file: File) -> bool:
            return file.suffix == ".note"

        def read_all(self, files: Sequence[File]) -> Iterator[NotAnalysed]:
            (file,) = files
            yield NotAnalysed(file.path, (), "alone")

    for name in "ab":
        (tmp_path / f"{name}.note").write_text(name)

    loaded = load([tmp_path], LoadOptions(root=tmp_path, loaders=(Together(),)))  # type: ignore[arg-type]  # it needs no `read`

    assert [item.reason for item in loaded.not_analysed] == ["alone", "alone"]
    assert [(b.name, Path(b.path).name) for b in loaded.broken] == [("Together", "a.note")]


def test_a_loader_that_comes_first_takes_the_files_it_claims(tmp_path: Path) -> None:
    class Notes:
        def claims(self, file: File) -> bool:
            return file.suffix == ".note"

        def read(self, file: File) -> list[Document | NotAnalysed]:
            return [NotAnalysed(file.path, (), file.data.decode())]

    (tmp_path / "a.note").write_text("hello")
    (tmp_path / "b.json").write_text(POLICY)

    loaded = load([tmp_path], LoadOptions(root=tmp_path, loaders=(Notes(), json_yaml)))  # type: ignore[arg-type]  # a list iterates as well

    assert [n.reason for n in loaded.not_analysed] == ["hello"]
    assert [Path(d.path).name for d in loaded.documents] == ["b.json"]
