"""Credential reports: in every form that AWS, the console and scripts write them."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import yaml

from iamlint.load import LoadOptions, SubjectKind, load
from iamlint.text.table import Table, read_table
from tests.load.reports.report import COLUMNS, OLD, ROOT, output, reports, table, user
from tests.support.loading import load_text, reasons

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.load import Loaded, Subject
    from tests.support.program import Program

ANN = user("ann", password_enabled="true", password_last_used="2026-02-01T10:00:00+00:00")
BOB = user("bob", access_key_1_active="true", access_key_1_last_rotated="2025-01-01T00:00:00Z")
TEXT = table(ANN, BOB)
CUT = ["credential report that ends in the middle of a row"]


def names(loaded: Loaded) -> list[str]:
    assert {one.kind for one in reports(loaded)} <= {SubjectKind.CREDENTIALS}
    return [one.name for one in reports(loaded)]


def written(subject: Subject, column: str) -> str:
    """Return the stretch of the file that a cell of a subject is at."""
    span = subject.source.locate((*subject.root, column))
    return subject.source.text[span.start : span.end]


FORMS = {
    "live.csv": TEXT,
    "old.csv": table(ANN, BOB, columns=OLD),
    "more.csv": table(
        {**ANN, "additional_credentials_info": "N/A"},
        {**BOB, "additional_credentials_info": "N/A"},
        columns=(*COLUMNS, "additional_credentials_info"),
    ),
    "order.csv": table(ANN, BOB, columns=COLUMNS[::-1]),
    "windows.csv": "\ufeff" + table(ANN, BOB, line_end="\r\n") + "\r\n",
    "spaces.csv": TEXT.replace(",", " , "),
    "quoted.csv": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in TEXT.splitlines()
    ),
    "blank.csv": TEXT.replace("\n", "\n\n") + "\n\n",
    "output.json": output(TEXT),
    "output.yaml": yaml.safe_dump(json.loads(output(TEXT))),
    "folded.yaml": yaml.safe_dump(
        {
            "Content": "\n".join(
                b64encode(TEXT.encode()).decode()[at : at + 76] for at in range(0, 2000, 76)
            )
        }
    ),
    "binary.yaml": yaml.safe_dump({"Content": TEXT.encode(), "ReportFormat": "text/csv"}),
    "around.json": json.dumps({"prod": [{"report": json.loads(output(TEXT))}]}),
    "slashes.json": output(TEXT).replace("/", "\\/"),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_a_report_has_the_same_users_and_exact_places(name: str) -> None:
    loaded = load_text(FORMS[name], name)
    ann, bob = reports(loaded)

    assert names(loaded) == ["ann", "bob"]
    assert reasons(loaded) == []
    assert ann.identity == ANN["arn"]
    for subject, row in ((ann, ANN), (bob, BOB)):
        for column in ("arn", "password_enabled", "access_key_1_last_rotated"):
            cell = written(subject, column)
            if not name.endswith(".csv"):
                assert row[column] in decoded(cell)
            else:
                assert cell.strip('"') == row[column]
            assert subject.node((column,)) == row[column]


def decoded(cell: str) -> str:
    """Return what a part of a base64 text says, wherever it starts among three bytes."""
    bare = "".join(cell.replace("\\", "").split())
    tries = ("A" * before + bare + "A" * (-(before + len(bare)) % 4) for before in range(4))
    return " ".join(b64decode(one).decode("latin-1") for one in tries)


def test_a_place_in_base64_is_the_shortest_stretch_that_encodes_the_cell() -> None:
    text = output(TEXT)
    content = json.loads(text)["Content"]
    start = TEXT.index("user/ann") - len("arn:aws:iam::111122223333:")
    end = start + len(ANN["arn"])
    first = text.index(content)

    ann = reports(load_text(text, "report.json"))[0]
    span = ann.source.locate((0, "arn"))

    assert (span.start - first, span.end - first) == (start * 4 // 3, -(-end * 4 // 3))


def test_names_beyond_ascii_have_exact_places() -> None:
    zoe = user("zoë", mfa_active="true")

    (found,) = reports(load_text(output(table(zoe)), "report.json"))

    assert decoded(written(found, "mfa_active")).count("true") == 1
    assert found.name == "zoë"


def test_the_root_user_is_a_subject_like_others() -> None:
    (root,) = reports(load_text(table(user(ROOT)), "report.csv"))

    assert (root.name, root.identity) == (ROOT, "arn:aws:iam::111122223333:root")
    assert root.pointer == (0,)


def test_a_missing_column_has_the_place_of_its_row() -> None:
    (ann,) = reports(load_text(table(ANN, columns=OLD), "report.csv"))

    assert ann.node(("access_key_1_last_used_date",)) is None
    assert written(ann, "access_key_1_last_used_date").startswith("ann,arn:aws:iam")


@pytest.mark.parametrize("left", [1, 40, 120])
def test_whole_rows_of_a_report_that_is_cut_off_are_read_and_the_rest_is_listed(left: int) -> None:
    loaded = load_text(TEXT[:-left], "report.csv")

    expected = (["ann", "bob"], []) if left == 1 else (["ann"], CUT)
    assert (names(loaded), reasons(loaded)) == expected


@pytest.mark.parametrize("broken", ["", "*", "=x", "A===="])
def test_whole_rows_of_broken_base64_are_read_and_the_rest_is_listed(broken: str) -> None:
    content = b64encode(TEXT.encode()).decode()[:-100] + broken
    loaded = load_text(json.dumps({"Content": content, "ReportFormat": "text/csv"}), "a.json")

    assert (names(loaded), reasons(loaded)) == (["ann"], CUT)


def test_base64_that_is_broken_at_the_end_of_a_row_is_listed() -> None:
    whole = b64encode((TEXT + "\n" * (-len(TEXT) % 3)).encode()).decode()
    loaded = load_text(json.dumps({"Content": whole + "*!"}), "a.json")

    assert (names(loaded), reasons(loaded)) == (["ann", "bob"], CUT)


def test_json_around_a_report_that_is_cut_off_is_listed() -> None:
    loaded = load_text(output(TEXT)[:-300], "report.json")

    assert names(loaded) == []
    assert reasons(loaded) == ["not json, and it seems to be a report on an account"]


def test_rows_with_too_many_cells_are_listed_and_the_others_are_read() -> None:
    lines = TEXT.splitlines()
    loaded = load_text("\n".join([lines[0], lines[1] + ",x", lines[2]]), "report.csv")

    assert names(loaded) == ["bob"]
    assert reasons(loaded) == [
        "row 2 of the credential report does not have one cell for each column"
    ]


def test_a_quote_that_nothing_closes_ends_the_report() -> None:
    loaded = load_text(TEXT.replace("bob", '"bob'), "report.csv")

    assert (names(loaded), reasons(loaded)) == (["ann"], CUT)


OTHERS = {
    "other.csv": "name,Statement,Effect\na,b,Allow\n",
    "header.csv": "user,arn,mfa_active,password_enabled\na,b,true,true\n",
    "empty.csv": "",
    "cut.csv": TEXT[:60],
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_tables_are_no_reports(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(OTHERS[name])
    for path in (tmp_path, tmp_path / name):
        loaded = load([path], LoadOptions(root=tmp_path, here=tmp_path))

        assert (reports(loaded), loaded.not_analysed, loaded.documents) == ([], (), ())


def test_a_policy_in_a_file_named_csv_is_still_read_where_it_is_named() -> None:
    policy = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'

    assert len(load_text(policy, "policy.csv").documents) == 1


def test_reports_in_folders_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT)
    (tmp_path / "b.csv").write_text(TEXT, encoding="utf-16")
    (tmp_path / "c.json").write_text(output(TEXT), encoding="utf-16")

    assert names(load([tmp_path], LoadOptions(root=tmp_path))) == ["ann", "bob"] * 3


@pytest.mark.parametrize("name", ["<stdin>", "report", "report.txt"])
@pytest.mark.parametrize("text", [TEXT, output(TEXT)])
def test_both_forms_are_read_from_standard_input(text: str, name: str) -> None:
    options = LoadOptions(stdin=text.encode(), stdin_name=None if name == "<stdin>" else name)

    assert names(load(["-"], options)) == ["ann", "bob"]


CIVIL = user(
    "civil", password_last_used="2026-05-05T01:02:03Z", password_next_rotation="2099-01-01"
)
TIMES = [
    ("a.csv", table(ANN, BOB), datetime(2026, 2, 1, 10, tzinfo=UTC)),
    ("a.csv", table(CIVIL), datetime(2026, 5, 5, 1, 2, 3, tzinfo=UTC)),
    ("status_reports_2026-03-04T05-06-07-0700.csv", TEXT, datetime(2026, 3, 4, tzinfo=UTC)),
    ("status_reports_2026_03.csv", TEXT, datetime(2026, 2, 1, 10, tzinfo=UTC)),
    ("status_reports_2026-02-01.csv", TEXT, datetime(2026, 2, 1, 10, tzinfo=UTC)),
    ("a.json", output(TEXT), datetime(2026, 3, 1, 10, tzinfo=UTC)),
    ("a.json", output(TEXT, None), datetime(2026, 2, 1, 10, tzinfo=UTC)),
    ("a.csv", table(user("x", user_creation_time="N/A")), None),
]


@pytest.mark.parametrize(("name", "text", "expected"), TIMES)
def test_a_report_is_of_the_time_that_it_states_or_of_its_newest_date(
    name: str, text: str, expected: datetime | None
) -> None:
    assert {one.as_of for one in reports(load_text(text, name))} == {expected}


def test_only_the_header_of_another_table_is_read(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sales.csv").write_text("shelf,price\n" + "poetry,12\n" * 1000)
    read: list[int] = []

    def counted(text: str) -> Table:
        read.append(len(text))
        return read_table(text)

    monkeypatch.setattr("iamlint.text.table.read_table", counted)
    monkeypatch.setattr("iamlint.load.reports.credentials.read_table", counted)

    assert iamlint("check", "sales.csv").code == 0
    assert read == [len("shelf,price")]
