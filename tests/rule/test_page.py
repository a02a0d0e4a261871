"""The page of a rule."""

from __future__ import annotations

import json

import pytest

from iamlint.rule import page
from iamlint.rules import BUILTIN
from tests.report.report_runs import PLAIN, WIDE

TEXT = """
too-wide: it is too wide

  Since: 0.1.0
  Family: breadth
  Severity: warning
  Confidence: high
  Profile: default
  Security severity: 8.1
  CWE: 269
  Access Analyzer: ONE, TWO
  Policies: identity, trust

Why
  A small run with everything that is hard to print.

Reported
  All of it:
      {Action: "*", // <-- reported
        Resource: "*"}

  `Deny` at last (trust policy, `most-of-it`: 3):
      Effect: Deny # <-- reported

Not reported
  Little of it:
      {Action: "s3:GetObject"}

How to fix
  Make it narrow.

How to ignore
  In `iamlint.toml`, for one file or, with `sid`, for one statement of it:
      [[ignore-finding]]
      rule = "too-wide"
      file = "policies/deployer.json"
      sid = "Deploy"
      reason = "why this is safe here"

  Or by a comment on the line or above it, if the language has comments:
      # iamlint: ignore[too-wide] why this is safe here

  Or by the `Metadata` of a resource in a template of CloudFormation:
      Metadata:
        iamlint:
          ignore: [{rule: too-wide, reason: why this is safe here}]

Options
  How much is enough.
      [rules.too-wide]
      most-of-it = 7

Sources
  - https://docs.aws.amazon.com/IAM/
""".strip()

MARKDOWN = """
# `plain-rule`

It is too wide.

Since: 0.1.0  
Family: syntax  
Severity: error  
Confidence: high  
Profile: default

## Why

A small run with everything that is hard to print.

## How to ignore

This rule has no single place to ignore; switch it off in `iamlint.toml`:

```toml
ignore = ["plain-rule"]
```

## Sources

- https://docs.aws.amazon.com/IAM/
""".strip()  # noqa: W291 - two blanks end a line in Markdown


def test_text_says_all_about_a_rule() -> None:
    assert page.as_text(WIDE) == TEXT


def test_markdown_leaves_out_what_a_rule_has_not() -> None:
    assert page.as_markdown(PLAIN) == MARKDOWN


def test_markdown_fences_code_by_its_language() -> None:
    assert '```json5\n{Action: "*", // <-- reported\n  Resource: "*"}\n```' in page.as_markdown(
        WIDE
    )
    assert "```yaml\nEffect: Deny # <-- reported\n```" in page.as_markdown(WIDE)


def test_json_has_this_shape() -> None:
    assert json.loads(json.dumps(page.as_json(WIDE))) == {
        "name": "too-wide",
        "url": None,
        "since": "0.1.0",
        "family": "breadth",
        "summary": "it is too wide",
        "severity": "warning",
        "confidence": "high",
        "profile": "default",
        "security_severity": 8.1,
        "access_analyzer": ["ONE", "TWO"],
        "cwe": 269,
        "kinds": ["identity", "trust"],
        "scope": "statement",
        "why": "A small run with everything that is hard to print.",
        "bad": [
            {
                "reason": "all of it",
                "kind": "identity",
                "file": "example.json5",
                "text": '{Action: "*", // <-- reported\n  Resource: "*"}',
            },
            {
                "reason": "`Deny` at last",
                "kind": "trust",
                "file": "trust.yaml",
                "text": "Effect: Deny # <-- reported",
            },
        ],
        "good": [
            {
                "reason": "little of it",
                "kind": "identity",
                "file": "example.json5",
                "text": '{Action: "s3:GetObject"}',
            }
        ],
        "advice": "make it narrow",
        "options": {"most-of-it": 7},
        "see_also": [],
        "sources": ["https://docs.aws.amazon.com/IAM/"],
        "peers": {},
    }


def test_page_of_an_account_rule_says_so_and_shows_every_file_of_an_example() -> None:
    (rule,) = (rule for rule in BUILTIN if rule.name == "passed-role-escalation")
    text = page.as_text(rule)

    assert "\n  Scope: policy, and all policies of one principal together\n" in text
    assert "(in `roles/deployer/pass.json5`, `account`: 111122223333):\n" in text
    assert "\n  Beside it `roles/deployer/functions.json5`:\n      {\n" in text
    bad = page.as_json(rule)["bad"]
    assert isinstance(bad, list)
    files = [[*example["files"]] for example in bad if "files" in example]
    assert files == [["roles/deployer/functions.json5"]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("it is", "It is."),
        ("iam:PassRole is", "iam:PassRole is."),
        ("`x` is", "`x` is."),
        ("NotAction is", "NotAction is."),
        ("is it?", "Is it?"),
        ("it is.", "It is."),
        ("", "."),
    ],
)
def test_sentence_begins_large_unless_with_a_name(text: str, sentence: str) -> None:
    assert page.sentence(text) == sentence


@pytest.mark.parametrize("rule", BUILTIN, ids=lambda rule: rule.name)
def test_every_rule_has_a_page(rule: object) -> None:
    for render in (page.as_text, page.as_markdown):
        text = render(rule)  # type: ignore[arg-type]
        assert "//!" not in text
        assert text.count("<-- reported") >= 2
    json.dumps(page.as_json(rule))  # type: ignore[arg-type]


def test_page_names_the_checks_of_other_tools() -> None:
    (rule,) = (rule for rule in BUILTIN if rule.name == "duplicate-sid")

    assert page.as_text(rule).endswith(
        "\nChecks of other tools\n  - cfn-lint: E3510\n  - parliament: DUPLICATE_SID"
    )


def rule_of(name: str) -> str:
    return page.as_text(next(rule for rule in BUILTIN if rule.name == name))


def test_page_of_a_rule_about_reports_has_benchmarks_and_no_statement() -> None:
    text = rule_of("unused-credential")

    assert "sid =" not in text
    assert "N/A <-- reported" in text
    assert text.partition("Benchmarks\n")[2].partition("\n\n")[0].splitlines() == [
        "  - CIS AWS Foundations Benchmark 3.0 and 4.0: 1.12",
        "  - CIS AWS Foundations Benchmark 5.0: 1.11",
        "  - CIS AWS Foundations Benchmark 6.0: 2.11",
        "  - CIS AWS Foundations Benchmark 7.0: 2.11",
        "  - AWS Foundational Security Best Practices: IAM.8",
        "  - other controls of AWS Security Hub: IAM.22",
    ]


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("unlisted-administrator", "(`allowed`: role/break-glass)"),
        ("weak-password-policy", "(`classes`: true)"),
        ("old-access-key", "(`days`: 180)"),
    ],
)
def test_options_of_an_example_are_shown_as_a_configuration_has_them(
    name: str, setting: str
) -> None:
    assert setting in rule_of(name)
