"""Plugins: rules, loaders, reporters and a catalog of others, through the four hooks."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import Catalog
from iamlint.config import Config
from iamlint.errors import BrokenError, UsageError
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Program, Result


RULE = '''
"""Flags statements without a Sid: nobody can speak of them."""

from iamlint.hookspecs import hookimpl
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good


def check(statement, ask):
    if statement.sid is None:
        yield Hit(statement.at, "the statement has no `Sid`")


RULE = Rule(
    name="acme-nameless-statement",
    family=Family.HYGIENE,
    module=__name__,
    summary="a statement without a name",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="give it a `Sid`",
    sources=("https://wiki.acme.example/sids",),
    check=check,
    bad=(bad("no name", '{Effect: "Allow", Action: "s3:GetObject", Resource: "*"} //!'),),
    good=(good("a name", '{Sid: "A", Effect: "Allow", Action: "s3:GetObject", Resource: "*"}'),),
)


@hookimpl
def iamlint_rules():
    return [RULE]


@hookimpl
def iamlint_reporters():
    return {"shout": lambda run, output: f"{len(run.findings)} FINDINGS!\\n"}
'''
POLICY = """{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Install a distribution whose one module plugs into iamlint."""

    def install(code: str) -> None:
        site = tmp_path / "site"
        info = site / "acme_iam-1.0.dist-info"
        info.mkdir(parents=True)
        (site / "acme_iam.py").write_text(code)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-iam\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[iamlint]\nacme = acme_iam\n")
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.delitem(sys.modules, "acme_iam", raising=False)

    return install


def test_rule_of_an_installed_distribution_runs(
    install: Callable[[str], None], iamlint: Program, tmp_path: Path
) -> None:
    install(RULE)
    (tmp_path / "p.json").write_text(POLICY)

    result = iamlint("check", "p.json", "--output-format", "concise")

    assert result.code == 1
    assert "p.json:1:40: warning[acme-nameless-statement] the statement has no `Sid`" in result.out


def test_examples_of_a_plugins_rule_run_in_the_same_harness(install: Callable[[str], None]) -> None:
    install(RULE)
    import acme_iam  # type: ignore[import-not-found] # noqa: PLC0415 - installed a line above

    from iamlint.testing.examples import cases  # noqa: PLC0415 - beside what it is tested with

    for case in cases([acme_iam.RULE]):
        assert case.reported() == case.expected()


def test_reporter_of_a_plugin_is_an_output_format(
    install: Callable[[str], None], iamlint: Program, tmp_path: Path
) -> None:
    install(RULE)
    (tmp_path / "p.json").write_text(POLICY)

    assert iamlint("check", "p.json", "--output-format", "shout").out == "1 FINDINGS!\n"


PIECES = """

def pieces(run, output):
    yield "first\\n"
    {last}


@hookimpl
def iamlint_reporters():
    return {{"pieces": pieces}}
"""


@pytest.fixture
def run_pieces(
    install: Callable[[str], None], iamlint: Program, tmp_path: Path
) -> Callable[..., Result]:
    """Check a policy with a reporter that yields `first`, then runs a line."""

    def run(last: str, *words: str) -> Result:
        install(RULE.partition("@hookimpl\ndef iamlint_reporters")[0] + PIECES.format(last=last))
        (tmp_path / "p.json").write_text(POLICY)
        return iamlint("check", "p.json", *words)

    return run


def test_reporter_may_yield_pieces(run_pieces: Callable[..., Result], tmp_path: Path) -> None:
    result = run_pieces('yield "last\\n"', "--output-format", "pieces", "-o", "pieces:out")

    assert result.out == "first\nlast\n"
    assert (tmp_path / "out").read_text() == "first\nlast\n"


def test_piece_is_written_before_the_next_is_made(run_pieces: Callable[..., Result]) -> None:
    result = run_pieces("1 / 0", "--output-format", "pieces")

    assert (result.code, result.out) == (3, "first\n")


def test_reporter_that_breaks_between_pieces_leaves_the_old_file_whole(
    run_pieces: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("old")

    assert run_pieces("1 / 0", "-o", "pieces:out").code == 3
    assert (tmp_path / "out").read_text() == "old"


@pytest.mark.parametrize("end", ["raise SystemExit(0)", "raise KeyboardInterrupt"])
def test_reporter_that_ends_the_program_between_pieces_is_broken(
    end: str, run_pieces: Callable[..., Result]
) -> None:
    result = run_pieces(end, "--output-format", "pieces")

    assert result.code == 3
    assert "`acme_iam` tried to end the program" in result.err


def test_built_in_rules_come_first_and_are_the_same_through_the_hooks(
    install: Callable[[str], None], tmp_path: Path
) -> None:
    alone = load_extensions(Config(root=tmp_path))
    install(RULE)

    together = load_extensions(Config(root=tmp_path))

    assert [rule.name for rule in together.rules] == [
        *(rule.name for rule in alone.rules),
        "acme-nameless-statement",
    ]
    assert together.loaders == alone.loaders
    assert {*together.reporters} == {*alone.reporters, "shout"}
    assert together.catalog.date == alone.catalog.date


def test_catalog_of_a_plugin_takes_the_place_of_ours(
    install: Callable[[str], None], tmp_path: Path
) -> None:
    install(
        "from iamlint.catalog import Catalog\nfrom iamlint.hookspecs import hookimpl\n"
        "OURS = Catalog.open()\n\n@hookimpl\ndef iamlint_catalog(config):\n    return OURS\n"
    )

    catalog = load_extensions(Config(root=tmp_path)).catalog

    assert isinstance(catalog, Catalog)
    assert catalog is sys.modules["acme_iam"].OURS


def test_rule_cannot_have_the_name_of_the_command_that_writes_rules(
    install: Callable[[str], None], tmp_path: Path
) -> None:
    install(RULE.replace("acme-nameless-statement", "new"))

    with pytest.raises(BrokenError, match="a rule cannot have the name `new`"):
        load_extensions(Config(root=tmp_path))


def test_clash_of_output_formats_is_an_error(
    install: Callable[[str], None], tmp_path: Path
) -> None:
    install(RULE.replace('"shout"', '"json"'))

    with pytest.raises(UsageError, match="two plugins offer the output format `json`"):
        load_extensions(Config(root=tmp_path))


def test_unknown_hook_is_an_error_that_names_it(
    install: Callable[[str], None], tmp_path: Path
) -> None:
    install(RULE.replace("def iamlint_rules", "def iamlint_ruels"))

    with pytest.raises(BrokenError, match="iamlint_ruels"):
        load_extensions(Config(root=tmp_path))


def test_local_plugin_runs_only_when_the_configuration_names_it(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "local_rules.py").write_text(RULE)
    (tmp_path / "p.json").write_text(POLICY)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert iamlint("check", "p.json").code == 0
    assert "local_rules" not in sys.modules

    (tmp_path / "iamlint.toml").write_text('plugins = ["local_rules"]\n')

    assert iamlint("check", "--allow-plugins", "p.json").code == 1
    monkeypatch.delitem(sys.modules, "local_rules")


REFUSED = """\
error: iamlint.toml names plugins, and a plugin runs code: `local_rules`
help: if you trust the file, pass `--allow-plugins` or `--config`, or set `IAMLINT_ALLOW_PLUGINS=1`
"""


@pytest.mark.parametrize(
    ("command", "environment", "code"),
    [
        (["check", "p.json"], {}, 2),
        (["can", "role/x", "s3:GetObject"], {}, 2),
        (["check", "--allow-plugins", "p.json"], {}, 1),
        (["--config", "iamlint.toml", "check", "p.json"], {}, 1),
        (["check", "p.json"], {"IAMLINT_ALLOW_PLUGINS": "1"}, 1),
    ],
    ids=["check", "can", "option", "named", "environment"],
)
def test_scanned_configuration_loads_no_plugin_unless_the_user_allows_it(
    command: list[str],
    environment: dict[str, str],
    code: int,
    iamlint: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "local_rules.py").write_text(RULE)
    (tmp_path / "p.json").write_text(POLICY)
    (tmp_path / "iamlint.toml").write_text('plugins = ["local_rules"]\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    sys.modules.pop("local_rules", None)
    result = iamlint(*command)

    assert result.code == code
    assert (sys.modules.pop("local_rules", None) is not None) is (code != 2)
    assert result.err.endswith(REFUSED) is (code == 2)


@pytest.mark.parametrize("end", ["raise SystemExit(0)", "raise KeyboardInterrupt"])
@pytest.mark.parametrize(
    "place",
    [
        "import sys",  # while it is imported
        "    if statement.sid is None:",
        "    return [RULE]",
        '    return {"shout": ',
    ],
)
def test_plugin_that_ends_the_program_is_broken(
    end: str, place: str, install: Callable[[str], None], iamlint: Program, tmp_path: Path
) -> None:
    code = f"import sys\n{RULE}"
    before = "    " if place.startswith("    ") else ""
    install(code.replace(place, f"{before}{end}\n{place}", 1))
    (tmp_path / "p.json").write_text(POLICY)

    result = iamlint("check", "p.json")

    assert result.code == 3
    assert "tried to end the program" in result.err


def test_plugin_that_cannot_be_imported_is_an_error_with_help(
    iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "p.json").write_text(POLICY)
    (tmp_path / "iamlint.toml").write_text('plugins = ["no_such_module"]\n')

    result = iamlint("check", "--allow-plugins", "p.json")

    assert result.code == 2
    assert "no_such_module" in result.err


def test_no_module_of_the_working_folder_is_imported(tmp_path: Path) -> None:
    for name in ("click", "json5", "pluggy", "yaml", "tree_sitter", "dataclasses"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    (tmp_path / "p.json5").write_text(POLICY.replace('"Version"', "Version"))

    command = [sys.executable, "-m", "iamlint", "check", "p.json5"]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)

    assert done.stdout == "no findings in 1 policy of 1 file\n"
    assert not (tmp_path / "ran").exists()
