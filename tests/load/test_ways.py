"""Sets of conditions on which a link exists: fewer sets mean the same."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from iamlint.load.link import MAX_WAYS, SourceCondition, without_choices

NAMES = ("a", "b", "c")
LITERALS = [
    (SourceCondition(name, "s"), SourceCondition(name, "s", holds=False), None) for name in NAMES
]
WAYS = [frozenset(filter(None, chosen)) for chosen in product(*LITERALS)]
WORLDS = [dict(zip(NAMES, holds, strict=True)) for holds in product((True, False), repeat=3)]


def there(ways: list[frozenset[SourceCondition]]) -> list[bool]:
    """Return the worlds in which a link exists."""
    return [
        any(all(world[one.text] is one.holds for one in way) for way in ways) for world in WORLDS
    ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_fewer_ways_say_the_same_in_every_world(count: int) -> None:
    for several in combinations(WAYS, count):
        found = without_choices(several)

        assert there(found) == there(list(several))
        assert len(found) <= count


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ("a | !a", [""]),
        ("a b | a !b | !a", [""]),
        ("a b | a !b", ["a"]),
        ("a | a b", ["a"]),
        ("a | b", ["a", "b"]),
        ("a | !b", ["a", "!b"]),
        (" | a", [""]),
    ],
)
def test_what_is_there_either_way_does_not_depend(ways: str, expected: list[str]) -> None:
    def read(way: str) -> frozenset[SourceCondition]:
        return frozenset(
            SourceCondition(w.strip("!"), "s", holds="!" not in w) for w in way.split()
        )

    found = without_choices(map(read, ways.split("|")))

    assert sorted(map(sorted, found)) == sorted(map(sorted, map(read, expected)))


def test_names_of_two_templates_are_two_conditions() -> None:
    ways = [
        frozenset({SourceCondition("a", "one")}),
        frozenset({SourceCondition("a", "two", holds=False)}),
    ]

    assert without_choices(ways) == ways


def test_more_ways_than_are_compared_stay_as_they_are() -> None:
    ways = [
        frozenset({SourceCondition(str(n // 2), "s", holds=n % 2 > 0)}) for n in range(MAX_WAYS + 2)
    ]

    assert without_choices(ways) == ways
