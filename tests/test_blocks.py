"""Each block of README and the docs does what its page shows: see `scripts/blocks.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts import blocks

if TYPE_CHECKING:
    from pathlib import Path

POLICY = '{"Version": "2012-10-17", "Statement": [%s]}'
ADMIN = POLICY % '{"Effect": "Allow", "Action": "*", "Resource": "*"}'
STEPS = "- uses: iamlint/iamlint@v0.1.0\n  with: {paths: policies}\n"


@pytest.mark.parametrize(
    "path", blocks.pages(), ids=lambda path: str(path.relative_to(blocks.ROOT))
)
def test_page_does_what_it_shows(path: Path) -> None:
    assert blocks.run_page(path).differences == []


def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    """Return how a page with this text differs, without the line that says where."""
    monkeypatch.setattr(blocks, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    return blocks.run_page(page).differences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```console\n$ iamlint expand s3:GetObjectt  # exit code 2\n…\n```\n", []),
        ("```console\n$ echo a b c; echo d\na … c\n…\n```\n", []),
        ("```console\n$ printf 'a\\nb\\n'\na\n…\nb\n```\n", []),
        ("```console\n$ pip install iamlint\n$ aws x | iamlint check -\n```\n", []),
        (f"```yaml\n{STEPS}```\n", []),
        ("```python\nx = 1\n```\n```python\nassert x == 1\n```\n", []),
        ("```console\n$ echo a\nb\n```\n", ["`echo a` prints\na\nand the page shows\nb\n"]),
        ("```console\n$ false\n```\n", ["`false` ends with code 1, not 0\n"]),
        (
            "```console\n$ aws x | iamlint check --nothing\n```\n",
            ["NoSuchOption: No such option…"],
        ),
        (
            "```console\n$ pip install iamlint\ndone\n```\n",
            ["ValueError: `pip install iamlint` cannot be run: its output may not be shown"],
        ),
        ("```python\nassert 1 == 2, 'no'\n```\n", ["AssertionError: no"]),
        ("```\nx\n```\n", ["`` is not a kind of block without a title"]),
        ("```sh\nx\n```\n", ["`sh` is not a kind of block without a title"]),
        ("```json\n{\n```\n", ["JSONDecodeError: Expecting property name …"]),
        ("```toml\nselekt = []\n```\n", ["ConfigurationError: … unknown key `selekt`"]),
        (
            f"```yaml\n{STEPS.replace('paths', 'pats')}```\n",
            ["ValueError: the action has no input ['pats']"],
        ),
        (
            f"```yaml\n{STEPS.replace('iamlint@', 'iamlintt@')}```\n",
            ["ValueError: there is no action `iamlint/iamlintt@v0.1.0`"],
        ),
        ("```yaml\n- use: a\n```\n", ["ValueError: …"]),
        ('```text title="../a"\nx\n```\n', ["`../a` is outside of the folder"]),
        ("Words:\n\n    $ iamlint check\n", ["a block that is indented, and not between ```"]),
    ],
)
def test_difference_of_a_block_is_reported(
    text: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(tmp_path, monkeypatch, text)

    assert len(found) == len(expected)
    for said, wanted in zip(found, expected, strict=True):
        place, _, what = said.partition(": ")
        start, dots, end = wanted.partition("…")
        assert place.startswith("page.md:")
        assert what.startswith(start)
        assert what.endswith(end.strip()) if dots else what == wanted


def test_files_of_a_page_are_in_one_folder_and_commands_see_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f'```json title="a/b.json"\n{ADMIN}\n```\n'
    shown = "a/b.json:1:71: warning[wildcard-admin] …\n1 warning in 1 policy of 1 file\n"
    command = "$ iamlint check --select wildcard-admin --output-format concise"

    assert (
        run(tmp_path, monkeypatch, f"{text}```console\n{command}  # exit code 1\n{shown}```\n")
        == []
    )
    assert run(tmp_path, monkeypatch, f"{text}```console\n{command}\n{shown}```\n") != []


def test_what_commands_print_can_be_written_into_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "```console\n$ echo a\nx\ny\n$ echo b \\\n  c\nz\n```\n\nEnd.\n"
    run(tmp_path, monkeypatch, text)
    blocks.write(blocks.run_page(tmp_path / "page.md"))

    assert (tmp_path / "page.md").read_text() == text.replace("x\ny\n", "a\n").replace(
        "z\n", "b c\n"
    )
