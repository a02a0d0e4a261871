"""The faster `dataclass` makes what the standard one makes."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from dataclasses import field, replace
from typing import TYPE_CHECKING

import pytest

from iamlint import fast_dataclass
from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: str = "r"
    note: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Other:
    left: int
    right: str = "r"


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@dataclass(frozen=True, slots=True, eq=False)
class One:
    value: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    line: int


@dataclass(frozen=True, slots=True)
class Longer(Pair):
    last: int = 0


@dataclass(slots=True)
class Draft:
    value: int
    more: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    value: int

    def __repr__(self) -> str:
        return f"<{self.value}>"

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 7


def test_records_are_equal_by_what_they_hold_and_by_their_class() -> None:
    assert Pair(1) == Pair(1, "r")
    assert Pair(1) != Pair(2)
    assert Pair(1, note="a") == Pair(1, note="b")
    other: object = Other(1)
    assert Pair(1) != other
    assert Empty() == Empty()
    assert {Pair(1), Pair(1), Pair(1, "s"), Other(1)} == {Pair(1), Pair(1, "s"), Other(1)}


def test_records_that_are_not_compared_are_themselves_only() -> None:
    one = One(1)

    assert one != One(1)
    assert {one: "x"}[one] == "x"


def test_records_show_what_they_hold() -> None:
    assert repr(Pair(1, note="a")) == "Pair(left=1, right='r')"
    assert (repr(Empty()), repr(One(2))) == ("Empty()", "One(value=2)")


def test_what_a_class_says_itself_stays() -> None:
    assert (repr(Shown(1)), Shown(1) == Shown(2), hash(Shown(3))) == ("<1>", True, 7)


def test_records_are_dataclasses_with_slots() -> None:
    pair = Pair(1)

    assert [f.name for f in dataclasses.fields(pair)] == ["left", "right", "note"]
    assert replace(pair, left=2) == Pair(2)
    assert pickle.loads(pickle.dumps(pair)) == pair  # noqa: S301 - its own
    with pytest.raises(AttributeError):
        pair.more = 1  # type: ignore[attr-defined]


def test_a_record_that_no_run_has_used_yet_says_what_its_fields_are() -> None:
    @dataclass(frozen=True, slots=True)
    class New:
        value: int

    assert [f.name for f in dataclasses.fields(New)] == ["value"]
    assert New.__match_args__ == ("value",)


def test_a_record_that_no_run_has_used_yet_is_equal_to_its_copy() -> None:
    @dataclass(frozen=True, slots=True)
    class New:
        value: int

    one, two = New.__new__(New), New.__new__(New)
    for new in (one, two):
        object.__setattr__(new, "value", 1)

    assert one == two


def test_records_that_inherit_have_the_fields_of_both() -> None:
    longer = Longer(1, "s", last=2)

    assert (longer, longer == Longer(1, "s"), longer == Pair(1, "s")) == (
        Longer(1, "s", "", 2),
        False,
        False,
    )
    assert vars(Longer)["__slots__"] == ("last",)


def test_records_that_change_share_no_default_and_have_no_hash() -> None:
    one, two = Draft(1), Draft(1)
    one.more.append(2)

    assert (one.more, two.more, one == two) == ([2], [], False)
    with pytest.raises(TypeError):
        hash(one)


def test_records_with_an_order_are_in_it() -> None:
    one, two = Place(1), Place(2)

    assert (one < two, one <= two, two > one, one >= two) == (True, True, True, False)
    assert sorted([two, one]) == [one, two]
    with pytest.raises(TypeError):
        assert one < Pair(2)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Made:
    """A record with each sort of field."""

    value: int
    many: list[int] = fast_dataclass.field(default_factory=list)
    note: str = fast_dataclass.field(default="", compare=False, repr=False, metadata={"a": 1})
    twice: int = fast_dataclass.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "twice", 2 * self.value)


def test_fields_of_our_own_are_those_of_the_standard() -> None:
    made = Made(2, note="n")

    assert (made.many, made.note, made.twice) == ([], "n", 4)
    assert (repr(made), made == Made(2), made == Made(2, [1])) == (
        "Made(value=2, many=[])",
        True,
        False,
    )
    assert [(f.name, f.init, f.compare) for f in dataclasses.fields(made)] == [
        ("value", True, True),
        ("many", True, True),
        ("note", True, False),
        ("twice", False, False),
    ]
    assert dataclasses.fields(Made)[2].metadata["a"] == 1
    with pytest.raises(TypeError):
        Made()  # type: ignore[call-arg]


def test_records_are_alike_however_many_a_class_has_made() -> None:
    for number in range(60):
        made = Made(number, note=str(number))
        assert (made.value, made.many, made.note, made.twice) == (
            *(number, [], str(number)),
            2 * number,
        )
        longer = Longer(number, last=number)
        assert (longer.left, longer.right, longer.note, longer.last) == (number, "r", "", number)


@pytest.mark.parametrize("before", [0, 60])
def test_a_record_refuses_what_the_standard_refuses(before: int) -> None:
    def classes() -> Iterator[type]:
        for make in (dataclass, dataclasses.dataclass):

            @make(frozen=True, slots=True)
            class New:
                left: int
                right: int = 2
                twice: int = field(init=False, default=0)

            yield New

    wrong: list[tuple[tuple[int, ...], dict[str, int]]] = [
        ((), {}),
        ((1, 2, 3), {}),
        ((1,), {"left": 1}),
        ((1,), {"up": 1}),
        ((1,), {"twice": 1}),
    ]
    for given, named in wrong:
        said = set()
        for new in classes():
            for _ in range(before):
                new(1)
            with pytest.raises(TypeError) as refused:
                new(*given, **named)
            said.add(str(refused.value).rpartition(".")[2])
            assert new(1).left == 1
        assert len(said) == 1


def test_a_record_with_other_values_is_made_anew() -> None:
    made = Made(2, [1], "n")

    for way in (replace, *[fast_dataclass.replace] * 60):
        other = way(made, value=3)
        assert (other, other.note, other.twice) == (Made(3, [1]), "n", 6)
    with pytest.raises(TypeError):
        fast_dataclass.replace(made, color=1)  # type: ignore[call-arg]


def test_records_do_not_import_the_standard() -> None:
    code = (
        "import sys\nfrom iamlint.fast_dataclass import dataclass, field, replace\n"
        "@dataclass(frozen=True, slots=True)\nclass A:\n    a: int\n    b: int = 1\n"
        "assert (replace(A(1), a=2), hash(A(2))) == (A(2), hash((2, 1)))\n"
        "assert 'dataclasses' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
