"""A real server and a real client: what the editor shows is what `iamlint check` reports."""

from __future__ import annotations

import asyncio
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from tests.support.editor import Editor, editor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.support.program import Program

WIDE = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TODO = "TODO: why this is safe here"
LEVELS = {"error": 1, "warning": 2, "note": 3}
TEXTS = {
    "p.json": json.dumps({"Version": "2012-10-17", "Statement": [WIDE]}, indent=2),
    "p.json5": """{Version: "2012-10-17", Statement: [
  {Effect: "Allow", Action: "s3:GetObjcet", Resource: "*"},
]}
""",
    "p.yaml": """Version: 2012-10-17
Statement:
  - Effect: Allow
    Action: '*'
    Resource: '*'
""",
    "template.yaml": """Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: sts:AssumeRole
""",
    "main.tf": """data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.d.json
}
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path.resolve()


def reported(iamlint: Program, name: str) -> list[tuple[object, ...]]:
    """Return what `iamlint check` reports in a file, with places as the protocol counts them."""
    report = json.loads(iamlint("check", name, "--force-exclude", "--output-format", "json").out)
    return sorted(
        (one["rule"], LEVELS[one["severity"]], *place(one["range"]))
        for one in report["findings"]
        if one["suppressed"] is None and one["path"] == name
    )


def place(range_: dict[str, Any]) -> tuple[int, ...]:
    ends = (range_["start"], range_["end"])
    return tuple(number - 1 for end in ends for number in (end["line"], end["column"]))


def shown(diagnostics: Sequence[types.Diagnostic]) -> list[tuple[object, ...]]:
    return sorted(
        (
            one.code,
            one.severity.value if one.severity else None,
            *(one.range.start.line, one.range.start.character),
            *(one.range.end.line, one.range.end.character),
        )
        for one in diagnostics
    )


CAN_CREATE = types.WorkspaceEditClientCapabilities(
    document_changes=True, resource_operations=[types.ResourceOperationKind.Create]
)


@pytest.mark.usefixtures("iamlint")
def test_open_texts_have_the_findings_of_check(folder: Path, iamlint: Program) -> None:
    async def session() -> dict[str, list[tuple[object, ...]]]:
        async with editor(folder) as one:
            for name in TEXTS:
                one.open(name)
            return {name: shown(await one.diagnostics(name)) for name in TEXTS}

    found = asyncio.run(session())

    assert found == {name: reported(iamlint, name) for name in TEXTS}
    assert all(found.values())


def test_after_random_edits_the_findings_are_those_of_the_last_text(
    folder: Path, iamlint: Program
) -> None:
    chance = random.Random(7)  # noqa: S311 - edits, not secrets

    def edited(text: str) -> str:
        at = chance.randrange(len(text))
        return text[:at] + chance.choice(['"', "}", "x", "", "\n", "😀", ": "]) + text[at + 1 :]

    async def session() -> dict[str, list[tuple[object, ...]]]:
        async with editor(folder, (types.PositionEncodingKind.Utf32,)) as one:
            for name in TEXTS:
                one.open(name)
            texts = dict(TEXTS)
            for _ in range(40):
                name = chance.choice(list(TEXTS))
                texts[name] = edited(texts[name])
                one.change(name, texts[name])
            texts["p.json"] = TEXTS["p.json"].replace('"Allow"', '"Deny"')
            one.change("p.json", texts["p.json"])
            for name, text in texts.items():
                (folder / name).write_text(text, encoding="utf-8")
            return {name: shown(await one.all_diagnostics(name)) for name in TEXTS}

    assert asyncio.run(session()) == {name: reported(iamlint, name) for name in TEXTS}


MODULE = """variable "actions" {{ type = list(string) }}
resource "aws_iam_policy" "p" {{
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = {}, Resource = "*" }}]
  }})
}}
"""
CALLER = 'module "m" {\n  source  = "./module"\n  actions = ["*"]\n}\n'


def test_unsaved_text_of_a_module_decides_what_is_found_in_its_caller(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "module").mkdir()
    (folder / "module" / "main.tf").write_text(MODULE.format('"s3:ListAllMyBuckets"'))
    (folder / "caller.tf").write_text(CALLER)

    async def session() -> tuple[list[object], list[object]]:
        async with editor(folder) as one:
            one.open("caller.tf")
            before = await one.codes("caller.tf")
            one.open("module/main.tf")
            await one.diagnostics("module/main.tf")
            one.published.clear()
            one.change("module/main.tf", MODULE.format("var.actions"))
            return before, await one.codes("caller.tf")

    assert asyncio.run(session()) == ([], ["wildcard-admin"])


@pytest.mark.parametrize(
    ("encoding", "start"),
    [
        (None, 20),
        (types.PositionEncodingKind.Utf8, 22),
        (types.PositionEncodingKind.Utf32, 19),
    ],
)
def test_columns_are_in_the_units_of_the_client(
    tmp_path: Path, encoding: types.PositionEncodingKind | None, start: int
) -> None:
    text = '{Statement: [{/*😀*/Action: "s3:GetObjcet", Effect: "Allow", Resource: "*"}]}'
    (tmp_path / "p.json5").write_text(text, encoding="utf-8")

    async def session() -> list[types.Diagnostic]:
        async with editor(tmp_path, None if encoding is None else (encoding,)) as one:
            one.open("p.json5")
            return await one.diagnostics("p.json5")

    found = next(one for one in asyncio.run(session()) if one.code == "unknown-action")

    assert found.range.start.character == start + len("Action: ")


def applied(text: str, edits: Sequence[types.TextEdit | types.AnnotatedTextEdit | Any]) -> str:
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character))[::-1]:
        start, end = (
            starts[one.line] + one.character for one in (edit.range.start, edit.range.end)
        )
        text = text[:start] + edit.new_text + text[end:]
    return text


def test_fix_is_an_action_and_ends_its_finding(folder: Path) -> None:
    async def session() -> tuple[str, list[object]]:
        async with editor(folder) as one:
            one.open("p.json5")
            (found,) = [d for d in await one.diagnostics("p.json5") if d.code == "unknown-action"]
            actions = await one.actions("p.json5", found.range)
            fix = next(a for a in actions if a.title.startswith("write `s3:GetObject`"))
            assert fix.edit is not None
            assert fix.edit.changes is not None
            text = applied(TEXTS["p.json5"], fix.edit.changes[one.uri("p.json5")])
            one.change("p.json5", text)
            return fix.title, await one.codes("p.json5")

    title, left = asyncio.run(session())

    assert title == "write `s3:GetObject` (changes access)"
    assert "unknown-action" not in left


@pytest.mark.parametrize(
    ("name", "rule", "new"),
    [
        (
            "p.yaml",
            "wildcard-admin",
            f"# iamlint: ignore[wildcard-admin] {TODO}\n",
        ),
        (
            "main.tf",
            "wildcard-admin",
            f"# iamlint: ignore[wildcard-admin] {TODO}\n",
        ),
        (
            "p.json",
            "wildcard-admin",
            f'[[ignore-finding]]\nrule = "wildcard-admin"\nfile = "p.json"\nreason = "{TODO}"\n',
        ),
    ],
)
def test_ignore_is_an_action_in_the_form_of_the_language(
    folder: Path, name: str, rule: str, new: str
) -> None:
    async def session() -> types.CodeAction:
        async with editor(folder, edits=CAN_CREATE) as one:
            one.open(name)
            found = next(d for d in await one.diagnostics(name) if d.code == rule)
            actions = await one.actions(name, found.range)
            return next(a for a in actions if a.title.startswith(f"ignore `{rule}`"))

    action = asyncio.run(session())

    assert action.edit is not None
    edits = [edit for some in (action.edit.changes or {}).values() for edit in some]
    added = [edit.new_text for edit in edits]
    for change in action.edit.document_changes or ():
        if isinstance(change, types.TextDocumentEdit):
            added += [str(getattr(edit, "new_text", "")) for edit in change.edits]
    assert [text.lstrip() for text in added] == [new]


def test_configuration_that_is_not_valid_is_said_once(folder: Path) -> None:
    (folder / "iamlint.toml").write_text("selekt = []\n")

    async def session() -> list[str]:
        async with editor(folder) as one:
            one.open("p.json")
            one.open("p.yaml")
            await one.wait(lambda: bool(one.messages))
            (folder / "iamlint.toml").write_text("")
            one.save("p.json")
            await one.diagnostics("p.json")
            return one.messages

    (message,) = asyncio.run(session())

    assert message.startswith("iamlint: ")
    assert "`selekt`" in message


def test_plugins_run_only_in_a_workspace_that_the_user_trusts(folder: Path) -> None:
    (folder / "iamlint.toml").write_text('plugins = ["never_imported"]\n')

    async def session(*trusted: str) -> list[str]:
        async with editor(folder, options=dict.fromkeys(trusted, True)) as one:
            one.open("p.json")
            await one.wait(lambda: bool(one.messages))
            return one.messages

    (left_out,) = asyncio.run(session())
    (broken,) = asyncio.run(session("allowPlugins"))

    assert left_out == (
        "iamlint: plugins are left out, since the workspace is not trusted: `never_imported`"
    )
    assert "never_imported" in broken
    assert "left out" not in broken


def test_closed_text_has_no_diagnostics(folder: Path) -> None:
    async def session() -> Editor:
        async with editor(folder) as one:
            one.open("p.json")
            await one.diagnostics("p.json")
            one.published.clear()
            one.close("p.json")
            await one.wait(lambda: one.uri("p.json") in one.published)
            return one

    one = asyncio.run(session())

    assert list(one.published[one.uri("p.json")].diagnostics) == []


def test_safe_fixes_of_a_text_are_one_action(tmp_path: Path) -> None:
    text = """{Version: "2012-10-17", Statement: [
  {Effect: "Allow", Action: ["s3:GetObject", "s3:GetObject"], Resource: "arn:aws:s3:::b/*"},
]}
"""
    (tmp_path / "p.json5").write_text(text)

    async def session() -> tuple[str, list[object]]:
        async with editor(tmp_path) as one:
            one.open("p.json5")
            (found, *_) = await one.diagnostics("p.json5")
            (action,) = await one.actions("p.json5", found.range, ("source.fixAll",))
            assert action.edit is not None
            assert action.edit.changes is not None
            new = applied(text, action.edit.changes[one.uri("p.json5")])
            one.change("p.json5", new)
            return new, await one.codes("p.json5")

    new, left = asyncio.run(session())

    assert new.count("s3:GetObject") == 1
    assert left == []


@pytest.mark.parametrize(
    ("name", "text", "new"),
    [
        (
            "p.json5",
            '{Statement: [{Effect: "Allow", Action: ["sqs:Purge*"], Resource: "*"}]}',
            '{Statement: [{Effect: "Allow", Action: ["sqs:PurgeQueue"], Resource: "*"}]}',
        ),
        (
            "p.yaml",
            "Action:\n  - sqs:*MessageMoveTask\n",
            "Action:\n  - sqs:CancelMessageMoveTask\n  - sqs:StartMessageMoveTask\n",
        ),
    ],
)
def test_pattern_is_written_out(tmp_path: Path, name: str, text: str, new: str) -> None:
    (tmp_path / name).write_text(text)
    line = next(number for number, one in enumerate(text.splitlines()) if "sqs:" in one)
    at = types.Position(line, text.splitlines()[line].index("sqs:") + 2)

    async def session() -> str:
        async with editor(tmp_path) as one:
            one.open(name)
            (action,) = await one.actions(name, types.Range(at, at), ("refactor",))
            assert action.edit is not None
            assert action.edit.changes is not None
            return applied(text, action.edit.changes[one.uri(name)])

    assert asyncio.run(session()) == new


def test_line_above_a_policy_says_who_holds_it_and_what_it_allows(folder: Path) -> None:
    (folder / "role.tf").write_text("""resource "aws_iam_role_policy" "p" {
  role = "ci"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = "*" }]
  })
}
""")

    async def session() -> list[tuple[int, str]]:
        async with editor(folder) as one:
            one.open("role.tf")
            document = types.TextDocumentIdentifier(one.uri("role.tf"))
            asked = types.CodeLensParams(document)
            found = await one.client.text_document_code_lens_async(asked)
            return [(o.range.start.line, o.command.title) for o in found or () if o.command]

    assert asyncio.run(session()) == [
        (2, "held by role/ci · 1 action, 1 write, can escalate"),
    ]


def test_ignored_finding_leads_to_its_ignore(folder: Path) -> None:
    text = "# iamlint: ignore[wildcard-admin] it is a test\n" + TEXTS["p.yaml"]
    text = TEXTS["p.yaml"].replace(
        "    Action", "    # iamlint: ignore[wildcard-admin] it is a test\n    Action"
    )

    async def session() -> list[int]:
        async with editor(folder) as one:
            one.open("p.yaml", text)
            assert "wildcard-admin" not in await one.codes("p.yaml")
            document = types.TextDocumentIdentifier(one.uri("p.yaml"))
            asked = types.DefinitionParams(document, types.Position(4, 14))
            found = await one.client.text_document_definition_async(asked)
            return [place.range.start.line for place in found or ()]  # type: ignore[union-attr]

    assert asyncio.run(session()) == [3]


def test_all_files_are_checked_on_demand_until_one_changes(folder: Path) -> None:
    async def session() -> tuple[set[str], set[str]]:
        async with editor(folder) as one:
            asked = types.ExecuteCommandParams("iamlint.checkAll")
            await one.client.workspace_execute_command_async(asked)
            found = {uri for uri, given in one.published.items() if given.diagnostics}
            event = types.FileEvent(one.uri("p.json"), types.FileChangeType.Changed)
            one.client.workspace_did_change_watched_files(
                types.DidChangeWatchedFilesParams([event])
            )
            await one.wait(lambda: not any(g.diagnostics for g in one.published.values()))
            return found, set(one.published)

    found, published = asyncio.run(session())

    assert {uri.rpartition("/")[2] for uri in found} == set(TEXTS)
    assert published == found


def test_request_that_is_cancelled_is_not_answered_and_others_are(folder: Path) -> None:
    async def session() -> list[object]:
        async with editor(folder) as one:
            one.open("p.json")
            asked = types.CodeLensParams(types.TextDocumentIdentifier(one.uri("p.json")))
            future = asyncio.ensure_future(one.client.text_document_code_lens_async(asked))
            await asyncio.sleep(0)
            future.cancel()
            return await one.codes("p.json")

    assert "wildcard-admin" in asyncio.run(session())


def test_unsaved_configuration_counts_while_it_is_valid(folder: Path) -> None:
    start = 'ignore = ["wildcard-admin"]\n'
    (folder / "iamlint.toml").write_text(start)

    async def session() -> list[object]:
        async with editor(folder) as one:
            one.open("iamlint.toml")
            one.open("p.json")
            seen: list[object] = ["wildcard-admin" in await one.codes("p.json")]
            for text in ('ignore = ["wildcard-adm', "ignore = []\n"):
                one.published.clear()
                one.change("iamlint.toml", text)
                await one.wait(lambda: one.uri("iamlint.toml") in one.published)
                if text.endswith("\n"):
                    await one.wait(lambda: one.uri("p.json") in one.published)
                seen.append(len(await one.diagnostics("iamlint.toml")))
                seen.append("wildcard-admin" in await one.codes("p.json"))
            return [*seen, one.messages]

    assert asyncio.run(session()) == [False, 1, False, 0, True, []]


def test_configuration_that_is_not_valid_is_an_error_in_its_line(folder: Path) -> None:
    (folder / "iamlint.toml").write_text('profile = "strict"\nselekt = []\n')

    async def session() -> list[tuple[int, str]]:
        async with editor(folder) as one:
            one.open("iamlint.toml")
            found = await one.diagnostics("iamlint.toml")
            return [(d.range.start.line, d.message) for d in found]

    ((line, message),) = asyncio.run(session())

    assert line == 1
    assert message.startswith("unknown key `selekt`")


def test_error_is_shown_again_after_it_was_fixed(folder: Path) -> None:
    async def session() -> list[str]:
        async with editor(folder) as one:
            for count in (1, 2):
                (folder / "iamlint.toml").write_text("selekt = []\n")
                one.open("p.json")
                await one.wait(lambda: len(one.messages) == count)  # noqa: B023 - awaited here
                (folder / "iamlint.toml").write_text("")
                await one.all_diagnostics("p.json")
                one.close("p.json")
            return one.messages

    first, second = asyncio.run(session())

    assert first == second


def test_newer_check_of_all_files_takes_the_place_of_an_older_one(folder: Path) -> None:
    async def session() -> dict[str, list[object]]:
        async with editor(folder) as one:
            asked = types.ExecuteCommandParams("iamlint.checkAll")
            execute = one.client.workspace_execute_command_async
            first = asyncio.ensure_future(execute(asked))
            await asyncio.sleep(0)
            for name in TEXTS:
                (folder / name).write_text("")
            await asyncio.gather(first, execute(asked))
            return {uri: [d.code for d in p.diagnostics] for uri, p in one.published.items()}

    assert not any(asyncio.run(session()).values())


@pytest.mark.parametrize(
    ("can", "of_new_file", "of_old_file"),
    [
        (None, None, "changes"),
        (types.WorkspaceEditClientCapabilities(document_changes=True), None, "document_changes"),
        (CAN_CREATE, "document_changes", "document_changes"),
    ],
)
def test_ignore_in_a_configuration_is_offered_to_clients_that_can_write_it(
    folder: Path,
    can: types.WorkspaceEditClientCapabilities | None,
    of_new_file: str | None,
    of_old_file: str,
) -> None:
    async def form() -> str | None:
        async with editor(folder, edits=can) as one:
            one.open("p.json")
            found = await one.diagnostics("p.json")
            actions = await one.actions("p.json", found[0].range)
            edits = [a.edit for a in actions if a.edit and a.title.startswith("ignore ")]
            return next(("changes" if e.changes else "document_changes" for e in edits), None)

    before = asyncio.run(form())
    (folder / "iamlint.toml").write_text("")

    assert (before, asyncio.run(form())) == (of_new_file, of_old_file)


def test_files_with_crlf_or_outside_of_the_folder_have_the_findings_of_check(
    folder: Path, iamlint: Program
) -> None:
    crlf = TEXTS["p.json5"].replace("\n", "\r\n")
    (folder / "crlf.json5").write_bytes(crlf.encode())
    workspace = folder / "workspace"
    workspace.mkdir()

    async def session() -> list[tuple[object, ...]]:
        async with editor(workspace) as one:
            one.open("../crlf.json5", crlf)
            return shown(await one.diagnostics("../crlf.json5"))

    assert asyncio.run(session()) == reported(iamlint, "crlf.json5")


def test_text_without_a_file_is_left_alone(folder: Path) -> None:
    async def session() -> tuple[object, list[object]]:
        async with editor(folder) as one:
            item = types.TextDocumentItem("untitled:Untitled-1", "json", 1, TEXTS["p.json"])
            one.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
            place = types.HoverParams(types.TextDocumentIdentifier(item.uri), types.Position(3, 5))
            about = await one.client.text_document_hover_async(place)
            one.open("p.json")
            return about, await one.codes("p.json")

    about, codes = asyncio.run(session())

    assert about is None
    assert "wildcard-admin" in codes


def test_session_shows_what_check_reports_after_each_step(folder: Path, iamlint: Program) -> None:
    fixed = TEXTS["p.json5"].replace("Objcet", "Object")

    async def session() -> None:
        async with editor(folder) as one:

            async def same(name: str) -> None:
                assert shown(await one.all_diagnostics(name)) == reported(iamlint, name)

            one.open("p.json5")
            await same("p.json5")
            (folder / "p.json5").write_text(fixed)
            one.change("p.json5", fixed)
            await same("p.json5")
            one.close("p.json5")
            (folder / "p.json5").rename(folder / "renamed.json5")
            one.open("renamed.json5")
            await same("renamed.json5")
            one.change("renamed.json5", TEXTS["p.json5"])
            (folder / "renamed.json5").write_text(TEXTS["p.json5"])
            await same("renamed.json5")

    asyncio.run(session())


def test_all_of_five_hundred_files_is_checked_in_one_process(folder: Path) -> None:
    for number in range(500):
        (folder / f"{number}.json").write_text(TEXTS["p.json" if number % 50 == 0 else "p.json5"])

    async def session() -> dict[str, list[object]]:
        async with editor(folder) as one:
            asked = types.ExecuteCommandParams("iamlint.checkAll")
            await one.client.workspace_execute_command_async(asked)
            return {uri: [d.code for d in p.diagnostics] for uri, p in one.published.items()}

    found = asyncio.run(session())

    assert sum("wildcard-admin" in codes for codes in found.values()) > 10
    assert sum("unknown-action" in codes for codes in found.values()) > 480
