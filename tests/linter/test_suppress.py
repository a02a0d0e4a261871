"""Ignores: each form works, each flawed one is a finding, and nothing is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

from tests.support.steps import growth

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Program, Result


STATEMENT = """{
      "Sid": "Tags", "Effect": "Allow", "Action": "ec2:CreateTags",
      "Resource": "arn:aws:ec2:*:*:instance/*",
      "Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/"}}
    }"""
POLICY = '{"Version": "2012-10-17", "Statement": [' + STATEMENT + "]}"
IGNORE = """
[[ignore-finding]]
rule = "unguarded-for-all-values"
file = "p.json"
"""


def found(result: Result) -> list[tuple[str, bool]]:
    findings = cast("list[dict[str, object]]", json.loads(result.out)["findings"])
    return [(str(f["rule"]), f["suppressed"] is not None) for f in findings]


@pytest.fixture
def check(iamlint: Program, tmp_path: Path) -> Callable[..., Result]:
    """Check `p.json` under a configuration."""

    def call(config: str, *args: str) -> Result:
        (tmp_path / "p.json").write_text(POLICY)
        (tmp_path / "iamlint.toml").write_text(config)
        return iamlint("check", "p.json", "--output-format", "json", *args)

    return call


def test_ignored_finding_is_kept_with_its_reason_and_counted(check: Callable[..., Result]) -> None:
    result = check(IGNORE + 'reason = "SEC-3"\n')

    output = json.loads(result.out)
    assert result.code == 0
    assert output["findings"][0]["suppressed"] == {"reason": "SEC-3", "where": "iamlint.toml:3"}
    assert output["summary"]["warning"] == 0
    assert output["summary"]["suppressed"] == 1


def test_ignore_without_a_reason_ignores_nothing(check: Callable[..., Result]) -> None:
    result = check(IGNORE)

    assert result.code == 1
    assert found(result) == [("unexplained-ignore", False), ("unguarded-for-all-values", False)]


def test_expired_ignore_ignores_nothing(check: Callable[..., Result]) -> None:
    result = check(IGNORE + 'reason = "SEC-3"\nexpires = 2020-01-01\n')

    assert result.code == 1
    assert found(result) == [("expired-ignore", False), ("unguarded-for-all-values", False)]


def test_ignore_runs_until_its_day(check: Callable[..., Result]) -> None:
    assert check(IGNORE + 'reason = "SEC-3"\nexpires = 2999-01-01\n').code == 0


@pytest.mark.parametrize("narrow", ['sid = "Tags"', "statement = 0"])
def test_ignore_may_name_the_statement(check: Callable[..., Result], narrow: str) -> None:
    assert check(IGNORE + 'reason = "SEC-3"\n' + narrow + "\n").code == 0


@pytest.mark.parametrize("narrow", ['sid = "Other"', "statement = 1"])
def test_ignore_of_another_statement_is_unused(check: Callable[..., Result], narrow: str) -> None:
    result = check(IGNORE + 'reason = "SEC-3"\n' + narrow + "\n")

    assert found(result) == [("unused-ignore", False), ("unguarded-for-all-values", False)]


def test_ignore_of_a_rule_that_did_not_run_is_not_called_unused(
    check: Callable[..., Result],
) -> None:
    config = 'ignore = ["unguarded-for-all-values"]\n' + IGNORE + 'reason = "SEC-3"\n'

    assert found(check(config)) == []


def test_ignore_of_a_file_that_was_not_checked_is_not_called_unused(
    check: Callable[..., Result],
) -> None:
    config = IGNORE.replace("p.json", "other.json") + 'reason = "SEC-3"\n'

    assert found(check(config)) == [("unguarded-for-all-values", False)]


def test_no_ignores_reports_everything(check: Callable[..., Result]) -> None:
    result = check(IGNORE + 'reason = "SEC-3"\n', "--no-ignores")

    assert result.code == 1
    assert found(result) == [("unguarded-for-all-values", False)]


COMMENTED = {
    "p.json5": "// iamlint: ignore[unguarded-for-all-values] SEC-3",
    "p.yaml": "# iamlint: ignore[unguarded-for-all-values] SEC-3",
}
TEXTS = {
    "p.json5": """{Version: "2012-10-17", Statement: {
  Effect: "Allow", Action: "ec2:CreateTags", Resource: "arn:aws:ec2:*:*:instance/*",
  Condition: {"ForAllValues:StringEquals": {
    ABOVE
    "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/", BESIDE
  }}}}
""",
    "p.yaml": """Version: "2012-10-17"
Statement:
  Effect: Allow
  Action: ec2:CreateTags
  Resource: arn:aws:ec2:*:*:instance/*
  Condition:
    ForAllValues:StringEquals:
      ABOVE
      aws:PrincipalOrgPaths: o-a1b2c3d4e5/r-ab12/  BESIDE
""",
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("place", ["ABOVE", "BESIDE"])
def test_comment_ignores_on_its_line_or_the_line_below(
    iamlint: Program, tmp_path: Path, name: str, place: str
) -> None:
    text = TEXTS[name].replace(place, COMMENTED[name])
    (tmp_path / name).write_text(text.replace("ABOVE", "").replace("BESIDE", ""))

    result = iamlint("check", name, "--output-format", "json")

    assert result.code == 0
    assert found(result) == [("unguarded-for-all-values", True)]


def test_suppressed_plus_reported_equals_the_run_without_ignores(
    iamlint: Program, tmp_path: Path
) -> None:
    two = POLICY.replace("]}", "," + STATEMENT.replace("Tags", "More") + "]}")
    (tmp_path / "p.json").write_text(two)
    (tmp_path / "iamlint.toml").write_text(IGNORE + 'sid = "Tags"\nreason = "SEC-3"\n')
    only = ("--select", "unguarded-for-all-values", "--output-format", "json")

    ignored = json.loads(iamlint("check", "p.json", *only).out)["findings"]
    whole = json.loads(iamlint("check", "p.json", *only, "--no-ignores").out)["findings"]

    assert [{**finding, "suppressed": None} for finding in ignored] == whole
    assert sorted(f["suppressed"] is not None for f in ignored) == [False, True]


UNGUARDED = """
    Effect: Allow
    Action: ec2:CreateTags
    Resource: arn:aws:ec2:*:*:instance/*
    Condition: {"ForAllValues:StringEquals": {aws:PrincipalOrgPaths: o-a1b2c3d4e5/r-ab12/}}
"""
TEMPLATE = f"""Resources:
  Tagger:
    Type: AWS::IAM::ManagedPolicy
    Metadata: {{iamlint: {{ignore: [{{WAIVER}}]}}}}
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {UNGUARDED.strip().replace(chr(10), chr(10) + " " * 8)}
"""
TERRAFORM = """
resource "aws_iam_policy" "tagger" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ec2:CreateTags"
      Resource = "arn:aws:ec2:*:*:instance/*"
      Condition = {
        COMMENT
        "ForAllValues:StringEquals" = { "aws:PrincipalOrgPaths" = "o-a1b2c3d4e5/r-ab12/" }
      }
    }]
  })
}
"""
RULE = "unguarded-for-all-values"
FORMS = {
    "configuration": ("p.json", POLICY),
    "baseline": ("p.json", POLICY),
    "json5": ("p.json5", TEXTS["p.json5"].replace("BESIDE", "").replace("ABOVE", "COMMENT")),
    "yaml": ("p.yaml", TEXTS["p.yaml"].replace("BESIDE", "").replace("ABOVE", "COMMENT")),
    "hcl": ("main.tf", TERRAFORM),
    "template": ("template.yaml", TEMPLATE),
}
CASES: dict[str, tuple[dict[str, str], list[tuple[str, bool]]]] = {
    "works": ({"rule": RULE, "reason": "SEC-3"}, [(RULE, True)]),
    "works until its day": (
        {"rule": RULE, "reason": "SEC-3", "expires": "2999-12-31"},
        [(RULE, True)],
    ),
    "ignores nothing": (
        {"rule": "wildcard-admin", "reason": "SEC-3"},
        [(RULE, False), ("unused-ignore", False)],
    ),
    "is over": (
        {"rule": RULE, "reason": "SEC-3", "expires": "2020-01-01"},
        [("expired-ignore", False), (RULE, False)],
    ),
    "gives no reason": ({"rule": RULE}, [("unexplained-ignore", False), (RULE, False)]),
    "gives no reason but a day": (
        {"rule": RULE, "expires": "2999-12-31"},
        [("unexplained-ignore", False), (RULE, False)],
    ),
}


@pytest.fixture
def ignoring(iamlint: Program, tmp_path: Path) -> Callable[..., Result]:
    """Check a file in which a rule is ignored in some form."""

    def call(form: str, told: dict[str, str]) -> Result:
        name, text = FORMS[form]
        mark = "//" if form == "json5" else "#"
        words = [f"{key}={told[key]}" if key == "expires" else told[key] for key in [*told][1:]]
        comment = f"{mark} iamlint: ignore[{told['rule']}] {' '.join(words)}".rstrip()
        text = text.replace("COMMENT", comment)
        (tmp_path / name).write_text(text.replace("{WAIVER}", json.dumps(told)))
        args = ["check", name, "--output-format", "json", "--select"]
        args += [f"{RULE},wildcard-admin,unused-ignore,expired-ignore,unexplained-ignore"]
        if form == "configuration":
            rows = [f'{key} = "{value}"\n' for key, value in told.items() if key != "expires"]
            rows += [f"expires = {told['expires']}\n"] if "expires" in told else []
            (tmp_path / "iamlint.toml").write_text(
                f'[[ignore-finding]]\nfile = "{name}"\n{"".join(rows)}'
            )
        elif form == "baseline":
            [finding] = json.loads(iamlint(*args).out)["findings"]
            entry = {"path": name, "message": "", "fingerprint": finding["fingerprint"], **told}
            entry["fingerprint"] += "" if told["rule"] == RULE else "x"
            (tmp_path / "b.json").write_text(json.dumps({"version": 1, "findings": [entry]}))
            args += ["--baseline", "b.json"]
        return iamlint(*args)

    return call


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_ignore(ignoring: Callable[..., Result], form: str, case: str) -> None:
    told, expected = CASES[case]

    result = ignoring(form, told)

    output = json.loads(result.out)
    assert sorted(found(result)) == sorted(expected)
    ignored = [f["suppressed"]["reason"] for f in output["findings"] if f["suppressed"]]
    assert ignored == ["SEC-3"] * output["summary"]["suppressed"]
    assert (result.code, output["summary"]["warning"]) == (
        (0, 0) if case.startswith("works") else (1, 2 - expected.count((RULE, True)))
    )


@pytest.mark.parametrize("form", ["json5", "yaml", "hcl", "template"])
@pytest.mark.parametrize("expires", ["soon", "2027-02-30", "31.3.2027"])
def test_what_is_no_date_ignores_nothing(
    ignoring: Callable[..., Result], form: str, expires: str
) -> None:
    result = ignoring(form, {"rule": RULE, "reason": "SEC-3", "expires": expires})

    assert sorted(found(result)) == [("expired-ignore", False), (RULE, False)]
    assert (
        f"`{expires}`, which is not a date (YYYY-MM-DD), so the ignore has no effect" in result.out
    )


@pytest.mark.parametrize("form", ["configuration", "baseline"])
def test_what_is_no_date_in_a_file_of_ours_exits_2(
    ignoring: Callable[..., Result], form: str
) -> None:
    result = ignoring(form, {"rule": RULE, "reason": "SEC-3", "expires": "31-03-2027"})

    assert (result.code, result.out) == (2, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("expires=2999-12-31 break-glass role, SEC-12", "break-glass role, SEC-12"),
        ("break-glass role, SEC-12 expires=2999-12-31", "break-glass role, SEC-12"),
        ("break-glass role expires=2999-12-31, SEC-12", "break-glass role, SEC-12"),
        ("break-glass expires=2999-12-31 role", "break-glass role"),
        ("break-glass role (expires=2999-12-31), SEC-12", "break-glass role, SEC-12"),
        (": break-glass role, SEC-12, expires=2999-12-31.", "break-glass role, SEC-12"),
        ("expires=2999-12-31 - the token", "the token"),
        ("- the token expires soon", "the token expires soon"),
    ],
)
def test_date_stands_anywhere_in_a_comment(
    iamlint: Program, tmp_path: Path, text: str, reason: str
) -> None:
    comment = f"# iamlint: ignore[{RULE}] {text}"
    (tmp_path / "p.yaml").write_text(
        TEXTS["p.yaml"].replace("BESIDE", comment).replace("ABOVE", "")
    )

    [finding] = json.loads(iamlint("check", "p.yaml", "--output-format", "json").out)["findings"]

    assert finding["suppressed"] == {"reason": reason, "where": "p.yaml:9"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", [" ", " -", " : …"])
def test_signs_are_no_reason(ignoring: Callable[..., Result], form: str, text: str) -> None:
    told = {"rule": RULE, "reason": text}

    assert sorted(found(ignoring(form, told))) == [("unexplained-ignore", False), (RULE, False)]


@pytest.mark.parametrize(
    "block", ["# iamlint: ignore[{}] SEC-3\n{}# see the wiki", "# so\n{1}# iamlint: ignore[{0}] x"]
)
def test_comment_may_have_others_beside_it(iamlint: Program, tmp_path: Path, block: str) -> None:
    comments = block.format(RULE, " " * 6)
    more = f"# iamlint: ignore[wildcard-admin] SEC-4\n      {comments}"
    (tmp_path / "p.yaml").write_text(TEXTS["p.yaml"].replace("ABOVE", more).replace("BESIDE", ""))

    result = iamlint("check", "p.yaml", "--output-format", "json")

    assert found(result) == [("unused-ignore", False), (RULE, True)]


def test_steps_are_linear_in_comments_one_above_the_other(iamlint: Program, tmp_path: Path) -> None:
    def look(count: int) -> None:
        comments = "      # iamlint: ignore[wildcard-admin] SEC-4\n" * count
        text = TEXTS["p.yaml"].replace("      ABOVE\n", comments).replace("BESIDE", "")
        (tmp_path / "p.yaml").write_text(text)
        assert iamlint("check", "p.yaml", "--select", "wildcard-admin").code == 0

    assert growth(look, 2_000) < 2.2


def test_block_comment_of_json5_ignores(iamlint: Program, tmp_path: Path) -> None:
    comment = f"/* iamlint: ignore[{RULE}] SEC-3 */"
    text = TEXTS["p.json5"].replace("BESIDE", comment).replace("ABOVE", "")
    (tmp_path / "p.json5").write_text(text)

    [finding] = json.loads(iamlint("check", "p.json5", "--output-format", "json").out)["findings"]

    assert finding["suppressed"]["reason"] == "SEC-3"


@pytest.mark.parametrize("entry", ["unguarded-for-all-values", {"reason": "SEC-3"}, {"rule": 1}])
def test_entry_of_a_template_that_is_none_is_reported(
    iamlint: Program, tmp_path: Path, entry: object
) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE.replace("{WAIVER}", json.dumps(entry)))

    rules = [rule for rule, _ in found(iamlint("check", ".", "--output-format", "json"))]

    assert RULE in rules
    assert {"unexplained-ignore", "unused-ignore"} & {*rules}


def test_complaints_that_are_alike_have_fingerprints_of_their_own(
    iamlint: Program, tmp_path: Path
) -> None:
    comment = "# iamlint: ignore[wildcard-admin] SEC-3\n"
    (tmp_path / "p.yaml").write_text(comment + TEXTS["p.yaml"].replace("ABOVE", comment.strip()))

    output = json.loads(iamlint("check", "p.yaml", "--output-format", "json").out)

    prints = [f["fingerprint"] for f in output["findings"]]
    assert [f["rule"] for f in output["findings"]].count("unused-ignore") == 2
    assert len(set(prints)) == len(prints)


def test_complaint_has_the_same_fingerprint_wherever_the_repository_lies(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prints = set()
    for place in ("here", "there"):
        folder = tmp_path / place
        (folder / ".git").mkdir(parents=True)
        (folder / "p.json").write_text(POLICY)
        (folder / "iamlint.toml").write_text(IGNORE)
        monkeypatch.chdir(folder)
        output = json.loads(iamlint("check", "p.json", "--output-format", "json").out)
        prints.add(tuple(f["fingerprint"] for f in output["findings"]))

    assert len(prints) == 1


@pytest.mark.parametrize("form", [form for form in FORMS if form != "baseline"])
@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("wildcrd-admin", "there is no rule `wildcrd-admin`: did you mean `wildcard-admin`?"),
        ("CKV_AWS_40", "there is no rule `CKV_AWS_40`"),
        (
            "wildcard-admin",
            "no finding of `wildcard-admin` matches this ignore, so it has no effect",
        ),
    ],
)
def test_an_ignore_says_whether_its_rule_is_there(
    ignoring: Callable[..., Result], form: str, rule: str, message: str
) -> None:
    result = ignoring(form, {"rule": rule, "reason": "SEC-3"})

    told = json.loads(result.out)["findings"]
    assert [f["message"] for f in told if f["rule"] == "unused-ignore"] == [message]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"Id": "// iamlint: ignore[wildcard-admin] us", "Statement": %s}'),
        ("a.json", '{"Id": "\\" // iamlint: ignore[wildcard-admin] us", "Statement": %s}'),
        ("a.json5", "{Id: '// iamlint: ignore[wildcard-admin] us', Statement: %s}"),
        ("a.yaml", "{Id: '# iamlint: ignore[wildcard-admin] us', Statement: %s}"),
        ("a.tf", ('resource "aws_iam_policy" "a" {\n policy = jsonencode({Id = '
         '"# iamlint: ignore[wildcard-admin] us", Statement = %s})\n}\n')),
    ],
)  # fmt: skip
def test_text_in_a_string_ignores_nothing(
    name: str, text: str, iamlint: Program, tmp_path: Path
) -> None:
    statement = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'
    (tmp_path / name).write_text(text % statement)

    result = iamlint("check", name, "--select", "wildcard-admin", "--output-format", "concise")

    assert result.code == 1
    assert "warning[wildcard-admin]" in result.out


ADMIN = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'
WHOLE = '{"Version": "2012-10-17", "Statement": [%s]}'


@pytest.mark.parametrize(
    ("glob", "ignored"),
    [
        ("policies/*.json", ["policies/p.json"]),
        ("policies/p.json", ["policies/p.json"]),
        ("/p.json", ["p.json"]),
        ("policies/**", ["policies/p.json", "policies/sub/p.json"]),
        ("policies/", ["policies/p.json", "policies/sub/p.json"]),
        ("policies/[!p].json", []),
        ("*/p.json", ["policies/p.json"]),
        ("**/sub/*", ["policies/sub/p.json"]),
        ("p.json", ["p.json", "policies/p.json", "policies/sub/p.json"]),
        ("!p.json", []),
        ("../work/p.json", []),
    ],
)
def test_glob_of_an_ignore_is_one_of_kinds(
    iamlint: Program, tmp_path: Path, glob: str, ignored: list[str]
) -> None:
    for name in ("p.json", "policies/p.json", "policies/sub/p.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(WHOLE % ADMIN)
    head = f'rule = "wildcard-admin"\nfile = "{glob}"\nreason = "SEC-3"\n'

    (tmp_path / "iamlint.toml").write_text(f"[[ignore-finding]]\n{head}")
    args = ("check", ".", "--output-format", "json", "--select")
    findings = json.loads(iamlint(*args, "wildcard-admin").out)["findings"]
    (tmp_path / "iamlint.toml").write_text(f'[kinds]\n"{glob}" = "scp"\n')
    kinds = json.loads(iamlint(*args, "wildcard-admin").out)["findings"]

    assert [f["path"] for f in findings if f["suppressed"]] == ignored
    assert {f["path"] for f in findings} - {f["path"] for f in kinds} == {*ignored}


def test_ignore_of_a_file_does_not_reach_through_a_link(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "hidden.json").write_text(WHOLE % ADMIN)
    (tmp_path / "policies" / "p.json").symlink_to(tmp_path / "hidden.json")
    ignore = '[[ignore-finding]]\nrule = "wildcard-admin"\nfile = "policies/*"\nreason = "SEC-3"\n'
    (tmp_path / "iamlint.toml").write_text(ignore)

    result = iamlint("--config", "iamlint.toml", "check", "policies", "--select", "wildcard-admin")

    assert result.code == 1


ONE_LINE = {
    "p.json5": '{Version: "2012-10-17",\nBEFORE\nStatement: [STATEMENTS] BESIDE\n}',
    "p.yaml": 'Version: "2012-10-17"\nBEFORE\nStatement: [STATEMENTS] BESIDE\n',
    "main.tf": """
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    BEFORE
    Statement = [STATEMENTS] BESIDE
    Version = "2012-10-17"
  })
}
""",
    "template.yaml": """
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      BEFORE
      PolicyDocument: {Version: "2012-10-17", Statement: [STATEMENTS]} BESIDE
""",
}


@pytest.mark.parametrize("place", ["BEFORE", "BESIDE"])
@pytest.mark.parametrize("name", ONE_LINE)
@pytest.mark.parametrize(
    ("statements", "ignored"),
    [
        ("ADMIN, ADMIN", [0]),
        ("FINE, ADMIN", []),
        ("ADMIN, FINE, ADMIN", [0]),
        ("\nADMIN, ADMIN", []),
    ],
)
def test_comment_is_about_the_first_statement_of_its_line(
    iamlint: Program, tmp_path: Path, name: str, place: str, statements: str, ignored: list[int]
) -> None:
    mark = "//" if name.endswith("json5") else "#"
    fine = ADMIN.replace('"*"', '"s3:GetObject"', 1)
    for old, new in {"ADMIN": ADMIN, "FINE": fine, "\n": "\n        "}.items():
        statements = statements.replace(old, new)
    text = ONE_LINE[name].replace("STATEMENTS", statements)
    text = text.replace(place, f"{mark} iamlint: ignore[wildcard-admin] SEC-3")
    (tmp_path / name).write_text(text.replace("BEFORE", "").replace("BESIDE", ""))
    if place == "BESIDE" and "\n" in statements:
        ignored = [0]

    output = json.loads(
        iamlint("check", name, "--output-format", "json", "--select", "wildcard-admin").out
    )

    assert [f["statement"]["index"] for f in output["findings"] if f["suppressed"]] == ignored


def test_comment_is_about_the_first_policy_of_its_line(iamlint: Program, tmp_path: Path) -> None:
    one = f"Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: [{ADMIN}]}}}}"
    comment = "# iamlint: ignore[missing-version] SEC-3"
    (tmp_path / "p.yaml").write_text(f"Resources: {{A: {{{one}}}, B: {{{one}}}}} {comment}\n")

    result = iamlint("check", "p.yaml", "--output-format", "json", "--select", "missing-version")

    assert found(result) == [("missing-version", True), ("missing-version", False)]
