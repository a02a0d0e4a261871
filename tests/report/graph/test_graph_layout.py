"""Where boxes and arrows are: in columns towards the end, and nothing covers a text."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from iamlint.fast_dataclass import replace
from iamlint.graph.answer import Graph, StepLevel
from iamlint.report.graph.boxes import GraphPicture, picture
from iamlint.report.graph.layout import GraphLayout, PlacedArrow, layout, short
from iamlint.report.graph.view import GraphView
from tests.report.graph.graphs import ACCESS, EMPTY, GRAPH, hostile
from tests.report.graph.many import many

GRAPHS = (GRAPH, ACCESS, hostile(), many(20), many(200))


def drawn(graph: Graph) -> tuple[GraphPicture, GraphLayout]:
    found = picture(GraphView(graph, StepLevel.UNKNOWN))
    return found, layout(found)


def crossings(arrows: tuple[PlacedArrow, ...]) -> int:
    """Return how many pairs of arrows between the same columns cross."""
    return sum(
        (one.x, one.end_x) == (other.x, other.end_x)
        and (one.y - other.y) * (one.end_y - other.end_y) < 0
        for one, other in combinations(arrows, 2)
    )


@pytest.mark.parametrize("graph", GRAPHS)
def test_everything_is_in_the_picture_once(graph: Graph) -> None:
    found, places = drawn(graph)

    assert sorted(one.box.number for one in places.boxes) == list(range(len(found.boxes)))
    assert [one.arrow for one in places.arrows] == list(found.arrows)
    assert all(one.x >= 0 and one.x + one.width <= places.width for one in places.boxes)
    assert all(one.y >= 0 and one.y + one.height <= places.height for one in places.boxes)
    assert all(one.bend <= places.width for one in places.arrows)


@pytest.mark.parametrize("graph", GRAPHS)
def test_boxes_do_not_touch_each_other(graph: Graph) -> None:
    _, places = drawn(graph)

    for one, other in combinations(places.boxes, 2):
        if one.x == other.x:
            assert one.y + one.height < other.y or other.y + other.height < one.y
        else:
            assert one.x + one.width < other.x or other.x + other.width < one.x


@pytest.mark.parametrize("graph", GRAPHS)
def test_labels_have_room_beside_their_box(graph: Graph) -> None:
    _, places = drawn(graph)

    for one in places.arrows:
        assert max(map(len, one.labels)) * 5 <= one.bend - one.x
    starts = sorted((one.x, one.y) for one in places.arrows)
    assert all(a[0] != b[0] or b[1] - a[1] >= 30 for a, b in pairwise(starts))


@pytest.mark.parametrize("graph", GRAPHS)
def test_arrows_go_from_the_right_side_of_a_box_to_the_left_side_of_another(graph: Graph) -> None:
    _, places = drawn(graph)
    boxes = {one.box.number: one for one in places.boxes}

    for one in places.arrows:
        start, end = boxes[one.arrow.start], boxes[one.arrow.end]
        assert (one.x, one.end_x) == (start.x + start.width, end.x)
        assert start.y < one.y < start.y + start.height
        assert end.y < one.end_y < end.y + end.height
        assert one.end_x > one.bend


@pytest.mark.parametrize("graph", [GRAPH, replace(GRAPH, edges=GRAPH.edges[::-1])])
def test_arrows_of_a_box_leave_in_the_order_of_their_ends(graph: Graph) -> None:
    _, places = drawn(graph)
    tops = {one.box.number: one.y for one in places.boxes}

    for one, other in combinations(places.arrows, 2):
        if one.arrow.start == other.arrow.start:
            ends = tops[one.arrow.end] - tops[other.arrow.end]
            assert ends * (one.y - other.y) >= 0


def test_boxes_are_read_from_the_starts_to_the_ends() -> None:
    _, places = drawn(GRAPH)

    titles = [one.box.title for one in places.boxes]
    assert titles[0].endswith("saml-provider/corp")
    assert set(titles[-2:]) == {"admin", "role/debug (admin)"}


def test_order_of_boxes_avoids_crossings() -> None:
    _, places = drawn(many(200))

    assert crossings(places.arrows) == 0


def test_picture_of_nothing_is_empty() -> None:
    _, places = drawn(EMPTY)

    assert (places.boxes, places.arrows) == ((), ())


def test_names_are_short() -> None:
    assert short("arn:aws:iam::444455556666:root") == "444455556666:root"
    assert short("arn:aws:iam::111122223333:saml-provider/a:b") == "saml-provider/a:b"
    assert short("arn:aws:s3:::data/x") == "data/x"
    assert short("arn:odd") == "arn:odd"
    assert short("role/a") == "role/a"
