"""A tree of answers: the same as the files that it was asked about, and nothing else."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from iamlint.load.find.answered import Answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iamlint.load.find.tree import FileTree

QUESTIONS: dict[str, Callable[[FileTree, str], object]] = {
    "place": lambda tree, at: tree.place(at),
    "repository": lambda tree, at: tree.repository(at),
    "beside": lambda tree, at: tree.beside(f"{at}/a.json", "b.json"),
    "exists": lambda tree, at: tree.exists(f"{at}/a.json"),
    "no file": lambda tree, at: tree.is_file(f"{at}/c.json"),
    "folder": lambda tree, at: tree.is_folder(at),
    "pipe": lambda tree, at: tree.is_pipe(f"{at}/a.json"),
    "link": lambda tree, at: tree.is_link(f"{at}/b.json"),
    "size": lambda tree, at: tree.size(f"{at}/a.json"),
    "bytes": lambda tree, at: tree.read(f"{at}/a.json", 10),
    "first bytes": lambda tree, at: tree.read(f"{at}/a.json", 2),
    "children": lambda tree, at: [
        (one.name, one.path, one.is_dir(follow_symlinks=False), one.is_symlink())
        for one in tree.children(at)
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.json").write_text("four")
    (tmp_path / "b.json").symlink_to(tmp_path / "a.json")
    (tmp_path / "inner").mkdir()
    return tmp_path


def test_answers_are_those_of_the_files_after_these_are_gone(folder: Path) -> None:
    answers = Answers()
    tree = answers.asked(folder, ".", {})
    asked = {name: ask(tree, str(folder)) for name, ask in QUESTIONS.items()}
    sent: Answers = pickle.loads(pickle.dumps(answers))  # noqa: S301 - our own
    (folder / "a.json").unlink()
    (folder / "b.json").unlink()

    known = sent.known(folder, ".", {})

    assert {name: ask(known, str(folder)) for name, ask in QUESTIONS.items()} == asked
    assert (sent.missing, sent.size) == ([], 4)


def test_error_is_an_answer(folder: Path) -> None:
    answers = Answers()
    tree, nowhere = answers.asked(folder, ".", {}), str(folder / "nowhere")
    for ask in (tree.size, tree.children):
        with pytest.raises(FileNotFoundError):
            ask(nowhere)
    known = answers.known(folder, ".", {})

    for ask in (known.size, known.children):
        with pytest.raises(FileNotFoundError):
            ask(nowhere)

    assert answers.missing == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_without_an_answer_is_missing_although_the_file_is_there(
    folder: Path, name: str
) -> None:
    answers = Answers()
    answers.asked(folder, ".", {})
    known = answers.known(folder, ".", {})

    with pytest.raises(FileNotFoundError):
        QUESTIONS[name](known, str(folder))

    assert answers.missing


def test_bytes_beyond_those_that_were_read_are_missing(folder: Path) -> None:
    answers = Answers()
    answers.asked(folder, ".", {}).read(str(folder / "a.json"), 2)
    known = answers.known(folder, ".", {})

    assert known.read(str(folder / "a.json"), 2) == b"fo"
    with pytest.raises(FileNotFoundError):
        known.read(str(folder / "a.json"), 3)


def test_bytes_that_are_added_are_the_whole_file(folder: Path) -> None:
    answers = Answers()
    place = str(folder / "a.json")
    answers.asked(folder, ".", {}).read(place, 2)
    answers.forget([place])
    answers.add(place, b"other")

    assert answers.known(folder, ".", {}).read(place, 1_000) == b"other"
    answers.forget([place])
    with pytest.raises(FileNotFoundError):
        answers.known(folder, ".", {}).read(place, 1)
