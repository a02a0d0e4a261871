"""No name, Sid, value or path controls a terminal or is a command of a CI system, in any output."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


BAD = "\n::error title=x::pwned\x1b[31m\r\u202e##[error]x ##vso[task.complete]x"
SID = f"S{BAD}"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": SID, "Effect": "Allow", "Action": ["s3:*", "s3:Get*"], "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": f"arn:aws:s3:::{BAD}/*"},
    ],
}
TEMPLATE = {
    "Resources": {
        "R": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": f"r{BAD}",
                "AssumeRolePolicyDocument": POLICY,
                "Policies": [{"PolicyName": BAD, "PolicyDocument": POLICY}],
            },
        }
    }
}
SCENARIO = {
    "id": BAD,
    "request": {
        "principal": "arn:aws:iam::111122223333:user/a",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
    },
    "policies": {"identity": [POLICY]},
}
TEST = f"""
[[test]]
name = {json.dumps(BAD)}
as = {json.dumps(f"role/r{BAD}")}
cannot = ["s3:GetObject"]
"""
NAME = f"p{BAD}.json".replace("/", "")
ASK = ("s3:GetObject", "--on", "arn:aws:s3:::b/k")
COMMANDS = {
    "check": ("check", "."),
    "check concisely": ("check", ".", "--output-format", "concise"),
    "check for GitHub": ("check", ".", "--output-format", "github"),
    "check with statistics": ("check", ".", "--statistics"),
    "show files": ("-v", "check", ".", "--show-files"),
    "diff": ("check", ".", "--diff", "--unsafe-fixes", "--select", "all"),
    "compare": ("diff", "before.json", "policy.json"),
    "compare folders": ("diff", "none", "."),
    "compare for GitHub": ("diff", "none", ".", "--output-format", "markdown"),
    "compare what": ("diff", f"none{BAD}"),
    "fix": ("check", ".", "--fix", "--unsafe-fixes"),
    "missing": ("check", f"none{BAD}"),
    "can": ("can", "policy.json", *ASK),
    "can, traced": ("can", "policy.json", *ASK, "--trace"),
    "can what": ("can", "policy.json", BAD),
    "can who": ("can", f"role/r{BAD}", *ASK, "--trace"),
    "who-can": ("who-can", *ASK, "--expect", f"role/{BAD}"),
    "who-can, left open": ("who-can", "s3:GetObject", "--on", f"arn:aws:s3:::{BAD}/*"),
    "simulate": ("simulate", "scenarios.jsonl"),
    "simulate nothing": ("simulate", f"none{BAD}"),
    "test": ("-v", "test", "."),
    "configuration": ("config", "show", "."),
    "expand": ("expand", BAD),
    "rule": ("rule", BAD),
    "option": ("check", f"--{BAD}"),
    "command": (BAD,),
    "format": ("check", ".", "--output-format", BAD),
    "baseline": ("baseline", "create", ".", "--reason", BAD),
    "baseline shown": ("baseline", "show", "."),
}
_STEERS = re.compile("[^\n\t\x20-\x7e\xa1-\u2027\u2030-\ud7ff\ue000-\uffff]|\u202e")


def commands(text: str) -> list[str]:
    """Return the lines of a log that a CI system would obey, besides those of the github report."""
    lines = re.split("[\r\n]", text)
    return [line for line in lines if line.lstrip().startswith("::") or re.search(r"##\w*\[", line)]


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    (tmp_path / "policy.json").write_text(json.dumps(POLICY, indent=1))
    (tmp_path / "template.json").write_text(json.dumps(TEMPLATE, indent=1))
    (tmp_path / "p.yaml").write_text(
        "# \x7f ##[error]x\n\n ::error::x\n".replace(" ::", "# ::") + json.dumps(POLICY)
    )
    (tmp_path / "none").mkdir()
    (tmp_path / "before.json").write_text(json.dumps({**POLICY, "Statement": []}))
    (tmp_path / NAME).write_text(json.dumps(POLICY))
    (tmp_path / f"broken{BAD}.json").write_text('{"Statement": [{"Effect": "Allow", ')
    (tmp_path / "scenarios.jsonl").write_text(
        json.dumps(SCENARIO) + "\n" + json.dumps({**SCENARIO, BAD: 1}) + "\n"
    )
    (tmp_path / "t.iamtest.toml").write_text(TEST)
    (tmp_path / "iamlint.toml").write_text(f"exclude = [{json.dumps(BAD)}]\n")
    return tmp_path


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("name", COMMANDS)
def test_output_steers_and_commands_nothing(iamlint: Program, name: str) -> None:
    if name == "baseline shown":
        iamlint(*COMMANDS["baseline"])

    result = iamlint(*COMMANDS[name])

    obeyed = commands(result.out)
    if name == "check for GitHub":
        obeyed = [line for line in obeyed if not re.match(r"::(error|warning|notice) file=", line)]
    assert obeyed == commands(result.err) == []
    assert _STEERS.findall(result.out + result.err) == []


@pytest.mark.parametrize("name", ["iamlint.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    "text",
    [
        "extend = BAD\n",
        "account = BAD\n",
        "profile = BAD\n",
        "select = [BAD]\n",
        "plugins = [BAD]\n",
        "BAD = 1\n",
    ],
)
def test_values_of_a_configuration_steer_and_command_nothing(
    iamlint: Program, tmp_path: Path, name: str, text: str
) -> None:
    text = text.replace("BAD", json.dumps(BAD))
    head = "[tool.iamlint]\n" if name == "pyproject.toml" else ""
    (tmp_path / name).write_text(head + text)
    (tmp_path / "p.json").write_text(json.dumps(POLICY))

    result = iamlint("check", ".")

    assert result.code == 2
    assert commands(result.err) == _STEERS.findall(result.err) == []


def test_diff_keeps_tabs_and_ends_of_lines(iamlint: Program, tmp_path: Path) -> None:
    text = (
        '{\r\n\t"Statement": {\r\n\t\t"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}\r\n'
    )
    (tmp_path / "p.json").write_bytes(text.encode())

    result = iamlint("check", "p.json", "--diff", "--select", "missing-version")

    assert '\n+\t"Version": "2012-10-17",\r\n \t"Statement": {\r\n' in result.out
