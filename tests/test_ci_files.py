"""What CI systems read of this repository: the hooks, the action and the examples."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
import pytest
import yaml

from iamlint.cli.app import cli
from iamlint.cli.check import command as check
from iamlint.cli.diff import command as diff
from iamlint.load import json_yaml
from iamlint.report.diff.formats import DIFF_FORMATS
from iamlint.report.formats import BUILTIN
from tests.revisions.sides.repo import SETTINGS, Repo

if TYPE_CHECKING:
    from collections.abc import Mapping


ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
SCRIPT = ROOT / "scripts" / "action.sh"
CI_PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BAD = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
)


def test_there_are_five_hooks() -> None:
    assert [hook["id"] for hook in HOOKS] == [
        "iamlint",
        "iamlint-fix",
        "iamlint-repo",
        "iamlint-test",
        "iamlint-diff",
    ]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_entry_of_a_hook_can_be_parsed(hook: Mapping[str, object]) -> None:
    program, name, *rest = shlex.split(cast("str", hook["entry"]))
    command = cli.get_command(click.Context(cli), name)

    assert (program, hook["require_serial"]) == ("iamlint", True)
    assert {"json", "json5", "yaml", "terraform"} <= set(cast("list[str]", hook["types_or"]))
    assert command is not None
    command.make_context(name, [*rest, "a.json"])


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_every_file_that_is_read_in_folders_reaches_a_hook(hook: Mapping[str, object]) -> None:
    suffixes = [*json_yaml.SUFFIXES, ".tf", ".tofu", ".tf.json", ".tofu.json", ".csv"]
    pattern = cast("str", hook["files"])

    assert [one for one in suffixes if not re.search(pattern, f"folder/file{one}")] == []
    assert not re.search(pattern, "folder/file.py")


def test_inputs_of_the_action_are_options_or_its_own() -> None:
    own = {
        "paths",
        "version",
        "python-version",
        "working-directory",
        "config",
        "annotations",
        "summary",
        "upload-sarif",
        "upload-from-forks",
        "sarif-file",
        "category",
        "diff",
        "diff-fail-on",
    }
    options = {name.removeprefix("--") for param in check.params for name in param.opts}

    assert set(ACTION["inputs"]) - own <= options
    assert own <= set(ACTION["inputs"])


def test_every_input_reaches_the_script_and_none_as_its_text() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"inputs\.([a-z-]+)", text))
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]

    assert used == set(ACTION["inputs"])
    assert not any("${{" in script for script in scripts)


@pytest.fixture
def act(tmp_path: Path) -> dict[str, str]:
    """Return the environment in which the script finds this iamlint and installs nothing."""
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\nmkdir -p "$4/bin"\nprintf "#!/bin/sh\\n" > "$4/bin/python"\n'
        f'printf \'#!/bin/sh\\nexec "{sys.executable}" -m iamlint "$@"\\n\' > "$4/bin/iamlint"\n'
        'chmod +x "$4/bin/python" "$4/bin/iamlint"\n'
    )
    python.chmod(0o755)
    (tmp_path / "work").mkdir()
    steps = ACTION["runs"]["steps"]
    names = next(step["env"] for step in steps if step.get("id") == "check")
    defaults = {
        name: str(
            ACTION["inputs"].get(value.strip("${} ").removeprefix("inputs."), {}).get("default", "")
        )
        for name, value in names.items()
    }
    return {
        "PATH": os.environ["PATH"],
        **defaults,
        "ACTION": str(ROOT),
        "PYTHON": str(python),
        "GITHUB_REPOSITORY": "acme/infra",
        "HEAD_REPOSITORY": "acme/infra",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }


def run(act: dict[str, str], tmp_path: Path, **settings: str) -> tuple[str, dict[str, str]]:
    environment = {**act, **settings}
    done = subprocess.run(
        ["bash", SCRIPT],
        cwd=tmp_path / "work",
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    lines = (tmp_path / "output").read_text().splitlines()
    return done.stdout, dict(line.split("=", 1) for line in lines)


def test_script_annotates_summarises_and_writes_sarif(act: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "work" / "p.json").write_text(BAD)

    out, outputs = run(act, tmp_path, SELECT="wildcard-admin")

    sarif = tmp_path / "work" / "iamlint.sarif"
    assert out.startswith("::warning file=p.json,line=1,")
    assert outputs == {"exit-code": "1", "sarif-file": str(sarif), "upload": "true"}
    assert '"ruleId":"wildcard-admin"' in sarif.read_text()
    assert "| warning | `wildcard-admin` |" in (tmp_path / "summary").read_text()


def test_script_hands_over_every_input(act: dict[str, str], tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "sub").mkdir()
    for name in ("a b.json", "sub/c.json", "sub/left out.json", "sub/d.json"):
        (work / name).write_text(BAD)
    (work / "own.toml").write_text('ignore = ["pass-role-to-any-role"]\n')

    out, outputs = run(
        act,
        tmp_path,
        PATHS="a b.json\n\nsub",
        EXCLUDE="left out.json\n\nd.json",
        CONFIG="own.toml",
        SELECT="wildcard-admin,pass-role-to-any-role",
        EXTEND_SELECT="unknown-action",
        IGNORE="unknown-service",
        PROFILE="strict",
        MIN_SEVERITY="note",
        FAIL_ON="error",
        JOBS="1",
        ANNOTATIONS="false",
        SUMMARY="false",
        CATEGORY="x",
    )

    assert "2 warnings in 2 policies of 2 files" in out
    assert outputs["exit-code"] == "0"
    assert '"id":"iamlint/x/"' in (work / "iamlint.sarif").read_text()
    assert (tmp_path / "summary").read_text() == ""


@pytest.fixture
def pull_request(
    act: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Return the environment in a pull request that grants everything."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    repo = Repo(tmp_path / "work")
    repo.commit({"p.json": BAD.replace('"Action": "*"', '"Action": "s3:ListBucket"')})
    repo.commit({"p.json": BAD}, branch="feature")
    repo.git("checkout", "-q", "main")
    repo.commit({"other.json": BAD})
    repo.git("checkout", "-q", "feature")
    return {**act, "BASE": repo.git("rev-parse", "main")}


def test_script_compares_a_pull_request_with_its_base(
    pull_request: dict[str, str], tmp_path: Path
) -> None:
    out, outputs = run(pull_request, tmp_path, SELECT="unknown-action", DIFF="true")

    summary = (tmp_path / "summary").read_text()
    assert outputs["exit-code"] == "1"
    assert "p.json allows more" in out
    assert summary.index("### iamlint\n") < summary.index("### iamlint diff\n\n**1 gained**\n")
    assert "other.json" not in summary


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"DIFF": "true", "BASE": ""},
        {"DIFF": "true", "DIFF_FAIL_ON": "never", "SUMMARY": "false"},
    ],
)
def test_script_compares_only_pull_requests_that_ask_for_it(
    settings: dict[str, str], pull_request: dict[str, str], tmp_path: Path
) -> None:
    _, outputs = run(pull_request, tmp_path, SELECT="unknown-action", **settings)

    assert outputs["exit-code"] == "0"
    assert "### iamlint diff" not in (tmp_path / "summary").read_text()


@pytest.mark.parametrize(
    ("settings", "uploads", "summarises"),
    [
        ({}, "true", False),
        ({"UPLOAD": "false"}, "false", False),
        ({"HEAD_REPOSITORY": "mallory/infra"}, "false", True),
        ({"HEAD_REPOSITORY": ""}, "false", True),  # the fork was deleted
        ({"HEAD_REPOSITORY": "mallory/infra", "UPLOAD_FROM_FORKS": "true"}, "true", False),
        ({"HEAD_REPOSITORY": "", "BASE": ""}, "true", False),  # a push
    ],
)
def test_findings_of_a_fork_are_summarised_and_not_uploaded(
    settings: dict[str, str],
    uploads: str,
    summarises: bool,  # noqa: FBT001 - a column
    pull_request: dict[str, str],
    tmp_path: Path,
) -> None:
    _, outputs = run(pull_request, tmp_path, **{"SUMMARY": "false", **settings})

    assert outputs["upload"] == uploads
    assert bool((tmp_path / "summary").read_text()) is summarises


def test_script_fails_if_the_base_is_not_there(
    pull_request: dict[str, str], tmp_path: Path
) -> None:
    _, outputs = run(pull_request, tmp_path, SELECT="unknown-action", DIFF="true", BASE="0" * 40)

    assert outputs["exit-code"] == "2"


def test_nothing_of_the_checkout_is_imported_while_installing(
    act: dict[str, str], tmp_path: Path
) -> None:
    planted = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    for name in ("venv", "ensurepip", "pip", "site", "sitecustomize", "runpy", "json", "os"):
        package = tmp_path / "work" / name
        package.mkdir()
        for part in ("__init__.py", "__main__.py"):
            (package / part).write_text(planted)

    nothing = {"PYTHON": sys.executable, "PIP_NO_INDEX": "1", "VERSION": "0.0"}
    done = subprocess.run(
        ["bash", SCRIPT],
        cwd=tmp_path / "work",
        env={**act, **nothing, "PYTHONPATH": ".", "TMPDIR": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )

    assert "No matching distribution found for iamlint==0.0" in done.stderr
    assert not (tmp_path / "ran").exists()


def test_input_is_never_a_command(act: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "work" / "p.json").write_text(BAD)

    _, outputs = run(act, tmp_path, SELECT="$(touch owned)", IGNORE="`touch owned`; touch owned")

    assert outputs["exit-code"] == "2"
    assert not (tmp_path / "work" / "owned").exists()


@pytest.mark.parametrize("text", re.findall(r"iamlint check ([^\n#`]*)", CI_PAGE))
def test_example_of_a_command_can_be_parsed(text: str) -> None:
    words = shlex.split(text)
    context = check.make_context("check", words)
    targets = cast("tuple[str, ...]", context.params["output"])

    assert {target.split(":")[0] for target in targets if ":" in target} <= set(BUILTIN)


@pytest.mark.parametrize(
    "text", re.findall(r"iamlint diff ((?:\"[^\"]*\"|[^\n#`])*)", CI_PAGE + README)
)
def test_example_of_a_comparison_can_be_parsed(text: str) -> None:
    context = diff.make_context("diff", shlex.split(text))
    targets = cast("tuple[str, ...]", context.params["output"])

    assert {target.split(":")[0] for target in targets} <= set(DIFF_FORMATS)


EXAMPLES = re.findall(r"```yaml[^\n]*\n(.*?)```", CI_PAGE + README, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_example_is_yaml(text: str) -> None:
    assert yaml.safe_load(text)


def test_zizmor_reports_nothing_about_the_action_the_workflows_and_the_examples(
    tmp_path: Path,
) -> None:
    examples = tmp_path / ".github" / "workflows"
    examples.mkdir(parents=True)
    workflows = [text for text in EXAMPLES if re.search(r"^jobs:", text, re.MULTILINE)]
    for number, text in enumerate(workflows):
        (examples / f"{number}.yml").write_text(text)

    done = subprocess.run(
        [
            Path(sys.executable).with_name("zizmor"),
            *("--offline", "--no-progress", "--config", ROOT / ".github" / "zizmor.yml"),
            *(tmp_path, ROOT / "action.yml", ROOT / ".github" / "workflows"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(workflows) == 4
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflow_tests_every_python_that_the_package_names() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [
        text.rpartition(" ")[2]
        for text in classifiers["classifiers"]
        if re.search(r"Python :: \d+\.\d+$", text)
    ]

    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == named
    assert workflow["jobs"]["test"]["steps"][-1] == {"run": "make test"}


def test_own_hooks_name_what_is_there() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [shlex.split(hook["entry"]) for hook in config["repos"][-1]["hooks"]]

    assert [program for program, *_ in entries] == [
        ".venv/bin/mypy",
        ".venv/bin/iamlint",
        ".venv/bin/pytest",
    ]
    paths = [word for _, *words in entries for word in words if "/" in word]
    assert [path for path in paths if not (ROOT / path).exists()] == []


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_names_actions_by_commit_and_asks_for_its_permissions(workflow: Path) -> None:
    read = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert read["permissions"] == {}
    for job in read["jobs"].values():
        assert job["permissions"]
        used = [step["uses"] for step in job["steps"] if "uses" in step]
        assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", one) for one in used)


def test_the_nightly_rebuild_calls_scripts_with_their_options() -> None:
    text = (ROOT / ".github" / "workflows" / "catalog.yml").read_text(encoding="utf-8")
    called = re.findall(r"-m scripts\.(\w+)((?:[^\n]|\\\n)*)", text)
    assert [name for name, _ in called] == ["build_catalog", "catalog_changes"]
    for name, rest in called:
        done = subprocess.run(
            [sys.executable, "-m", f"scripts.{name}", "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        options = re.findall(r" (--[\w-]+)", rest)
        assert [option for option in options if option not in done.stdout] == []


def test_the_nightly_rebuild_runs_none_of_the_packages() -> None:
    text = (ROOT / ".github" / "workflows" / "catalog.yml").read_text(encoding="utf-8")
    fetched = re.findall(r"^ *(?:npm|pip) .*$", text, re.MULTILINE)
    assert len(fetched) == 3
    assert all("--ignore-scripts" in line or "--only-binary :all:" in line for line in fetched)
