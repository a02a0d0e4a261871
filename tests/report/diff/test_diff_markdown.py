"""The comment on a pull request: what it says, that it fits, and that no text becomes markup."""

from __future__ import annotations

import pytest

from iamlint.reason.answer import Comparison, Open, ValueTest
from iamlint.report.diff.formats import DIFF_FORMATS
from tests.report.diff.diffs import DIFF, GAIN, OUTPUT, deciding, diff, difference, unit, witness

report = DIFF_FORMATS["markdown"]
MARKDOWN = r"""
### iamlint diff

**2 gained, 2 lost, 2 same meaning, 2 unknown**

`main` → `working tree`; 1 place not analysed

| who | what | on | when | where |
|---|---|---|---|---|
| role/deployer | &#42; | &#42; |  | `deploy.json:10` |
| role/deployer | s3:DeleteObject, s3:PutObject&#42; | arn:aws:s3:::prod/&#42; | unless aws:MultiFactorAuthPresent is true | `deploy.json:5` |
| arn:aws:iam::444455556666:root | part of s3:GetObject | arn:aws:s3:::artifacts/&#42; except arn:aws:s3:::artifacts/public/&#42; | if aws:SourceIp is in 192.0.2.0/24, 198.51.100.0/24 and aws:SourceVpce is absent  unless aws:SourceIp is in 192.0.2.7/32 | bucket artifacts<br>`deploy.json:5` |

- bucket artifacts: unknown, because `${var.partner}` may be the account of `arn:aws:iam::111122223333:root`; give `--var partner=VALUE --var Env=VALUE`; it depends on `local.x`
- role/old (gone): unknown whether it loses access, because the budget is spent

same meaning: role/reader (a Sid is renamed), bucket logs

<details><summary>What is lost (5)</summary>

| who | what | on | when | where |
|---|---|---|---|---|
| role/deployer | s3:PutBucketPolicy | &#42; |  | `deploy.json:5` |
| role/deployer | ec2:RunInstances | &#42; |  | `deploy.json:5` |
| role/deployer | sqs:SendMessage | &#42; |  | `deploy.json:5` |
| role/deployer | s3:ListBucket | &#42; |  | `deploy.json:5` |
| role/old (gone) | s3:GetObject | arn:aws:s3:::prod/&#42; |  | `deploy.json:5` |

</details>

<details><summary>A request for each gain (3)</summary>

- `{"request": {"principal": "arn:aws:iam::111122223333:role/deployer", "action": "iam:CreateUser", "resource": "arn:aws:iam::111122223333:user/x", "resource_account": "111122223333", "context": {"x:y": "1"}}}`
- `iamlint can role/deployer s3:DeleteObject --on arn:aws:s3:::prod/x --absent aws:MultiFactorAuthPresent`
- `{"request": {"principal": "arn:aws:iam::444455556666:role/a", "action": "s3:GetObject", "resource": "arn:aws:s3:::artifacts/x", "resource_account": "111122223333", "context": {"aws:SourceIp": "192.0.2.1", "aws:TagKeys": ["a", "b"]}}}`

</details>
""".lstrip()  # noqa: E501 - as it is printed


def test_comment_has_a_headline_a_table_and_folds_the_rest() -> None:
    assert report(DIFF, OUTPUT) == MARKDOWN


def test_headline_says_that_no_principal_gains() -> None:
    lost = diff(unit("role/a", Comparison(lost=(GAIN,))))

    assert report(lost, OUTPUT).splitlines()[2] == "**no principal gains access: 1 lost**"
    assert report(diff(), OUTPUT) == (
        "### iamlint diff\n\n**no principal gains access**\n\n`main` → `working tree`\n"
    )


def test_long_comparison_is_cut_so_that_a_comment_holds_it() -> None:
    gains = tuple(difference(f"s3:A{number}") for number in range(2_000))
    known = unit("role/a", Comparison(gains, gains))
    others = [unit(f"role/{n}", Comparison(open=(Open(f"reason {n}"),))) for n in range(2_000)]

    text = report(diff(known, *others), OUTPUT)

    rows = text.split("<details>")[0].count("\n| role/a | s3:A")
    assert 60_000 < len(text) < 65_000
    assert f"\n{2_000 - rows} more gains left out.\n" in text
    assert text.count("left out.") == 4
    assert text.count("<details>") == text.count("</details>") == 2


def test_many_reasons_of_one_unit_are_one_line_with_the_names_of_all() -> None:
    opens = tuple(Open(f"reason {number}", (f"var.v{number}",)) for number in range(3))

    text = report(diff(unit("role/a", Comparison(open=opens))), OUTPUT)

    assert "- role/a: unknown, because reason 0, and for 2 more reasons; give " in text
    assert "--var v0=VALUE --var v1=VALUE --var v2=VALUE" in text


def test_long_example_does_not_fill_the_comment() -> None:
    one = difference(witness=witness(context={"a:k": "x" * 100_000}))

    assert len(report(diff(unit("role/a", Comparison((one,)))), OUTPUT)) < 1_000


HOSTILE = "a|b `c|d` <img src=x> [x](https://evil.example) ![x](y) @octocat **x** #1 \\| \n| x \x1b"


@pytest.mark.parametrize(
    "place", ["subject", "action", "resource", "condition", "reason", "path", "old"]
)
def test_text_of_a_user_is_shown_as_it_is(place: str) -> None:
    statement = deciding(
        '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}',
        HOSTILE.replace("/", "") + ".json" if place == "path" else "a.json",
    )
    one = difference(
        HOSTILE if place == "action" else "s3:GetObject",
        resources=(HOSTILE if place == "resource" else "*",),
        condition={
            "a:k": (ValueTest("StringEquals", (HOSTILE if place == "condition" else "x",)),)
        },
        because=(statement,),
    )
    open_ = Open(HOSTILE if place == "reason" else "x")
    found = diff(
        unit(HOSTILE if place == "subject" else "role/a", Comparison((one,), (one,), (open_,))),
        unit(HOSTILE if place == "subject" else "role/b", Comparison()),
        old=HOSTILE if place == "old" else "main",
    )

    text = report(found, OUTPUT)

    outside_code = "".join(text.split("`")[::2]).replace("<br>", "")
    for tag in ("details", "summary", "code"):
        outside_code = outside_code.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<" not in outside_code
    assert "](" not in outside_code
    assert "@octocat" not in outside_code
    assert "https://" not in outside_code
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {6}
    assert len(rows) == 6


def test_request_says_which_values_it_assumes() -> None:
    one = difference(witness=witness(given={"var.bucket": "prod"}))

    page = report(diff(unit("role/a", Comparison((one,)))), OUTPUT)

    command = "iamlint can role/a s3:DeleteObject --on arn:aws:s3:::prod/x --var bucket=prod"
    assert f"- if var.bucket is prod: `{command}`\n" in page
