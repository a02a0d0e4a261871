"""Where boxes and arrows are in a picture: in layers by the distance to the end."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iamlint.report.graph.boxes import DrawnArrow, DrawnBox, GraphPicture

_BOX_LETTERS: Final = 26
_ARROW_LETTERS: Final = 28
_BOX_LETTER: Final = 6.9
"""The width of a letter, in pixels, as all of these."""
_ARROW_LETTER: Final = 5.9
_PADDING: Final = 16
_BEND: Final = 80
_GAP: Final = 10
_LOWEST: Final = 26
_PORT: Final = 30
_MARGIN: Final = 12
_DEEPEST: Final = 160
"""How far below the top of the picture a layer starts at most, so that ends are seen at once."""
_SWEEPS: Final = 5
"""An odd number: the last one goes from the ends to the starts, where steps join."""
_COLONS: Final = 5  # of an ARN


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box with its upper left corner and its height."""

    box: DrawnBox
    label: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PlacedArrow:
    """An arrow from the right side of a box to the left side of another one."""

    arrow: DrawnArrow
    labels: tuple[str, ...]
    x: int
    y: int
    bend: int
    end_x: int
    end_y: int

    @property
    def path(self) -> str:
        """The line as SVG draws it: straight beside the labels, then in a curve."""
        bend, tip = self.bend, self.end_x - 2
        half = _BEND // 2
        return (
            f"M{self.x} {self.y}H{bend}C{bend + half} {self.y} "
            f"{tip - half} {self.end_y} {tip} {self.end_y}"
        )


@dataclass(frozen=True, slots=True)
class GraphLayout:
    """A picture with all places; boxes are in the order in which they are read."""

    boxes: tuple[PlacedBox, ...]
    arrows: tuple[PlacedArrow, ...]
    width: int
    height: int


def layout(picture: GraphPicture) -> GraphLayout:
    layers = _ordered(_layers(picture), picture.arrows)
    labels = {box.number: _cut(short(box.title), _BOX_LETTERS) for box in picture.boxes}
    out: dict[int, list[DrawnArrow]] = defaultdict(list)
    for arrow in picture.arrows:
        out[arrow.start].append(arrow)
    boxes: dict[int, PlacedBox] = {}
    bends: dict[int, int] = {}
    x = _MARGIN
    tallest = max((_height(layer, out) for layer in layers), default=0)
    for layer in reversed(layers):
        width = _width([labels[one] for one in layer], _BOX_LETTER)
        texts = [text for one in layer for arrow in out[one] for text in _labels(arrow)]
        bend = x + width + _width(texts, _ARROW_LETTER)
        y = _MARGIN + min((tallest - _height(layer, out)) // 2, _DEEPEST)
        for number in layer:
            height = _box_height(out[number])
            box = picture.boxes[number]
            boxes[number] = PlacedBox(box, labels[number], x, y, width, height)
            bends[number] = bend
            y += height + _GAP
        x = bend + _BEND
    arrows = _connected(picture.arrows, boxes, bends)
    right = max(
        [*(one.x + one.width for one in boxes.values()), *(one.bend for one in arrows)], default=0
    )
    read = sorted(boxes.values(), key=lambda one: (one.x, one.y))
    return GraphLayout((*read,), arrows, right + _BEND // 2, tallest + 2 * _MARGIN)


def short(name: str) -> str:
    """Return a name that fits a box: of an ARN the account, or what is in it."""
    if not name.startswith("arn:") or name.count(":") < _COLONS:
        return name
    *_, account, resource = name.split(":", _COLONS)
    return f"{account}:{resource}" if resource == "root" else resource


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _labels(arrow: DrawnArrow) -> tuple[str, ...]:
    return tuple(_cut(text, _ARROW_LETTERS) for text in (arrow.action, arrow.limits) if text)


def _width(texts: Sequence[str], letter: float) -> int:
    return round(max(map(len, texts), default=0) * letter) + _PADDING


def _box_height(out: Sequence[DrawnArrow]) -> int:
    return max(_LOWEST, len(out) * _PORT)


def _height(layer: Sequence[int], out: Mapping[int, Sequence[DrawnArrow]]) -> int:
    return sum(_box_height(out[one]) + _GAP for one in layer)


def _layers(picture: GraphPicture) -> list[list[int]]:
    """Return the numbers of boxes by their distance to the end, the ends first."""
    layers: dict[int, list[int]] = defaultdict(list)
    for box in picture.boxes:
        layers[picture.depths[box.number]].append(box.number)
    return [layers[depth] for depth in sorted(layers)]


def _ordered(layers: list[list[int]], arrows: Sequence[DrawnArrow]) -> list[list[int]]:
    """Return the layers with each box near the middle of those that it is connected with."""
    beside: dict[int, list[int]] = defaultdict(list)
    for arrow in arrows:
        beside[arrow.start].append(arrow.end)
        beside[arrow.end].append(arrow.start)
    at = {number: place for layer in layers for place, number in enumerate(layer)}
    level = {number: depth for depth, layer in enumerate(layers) for number in layer}
    for sweep in range(_SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        for depth in range(len(layers))[::step]:
            near = depth - step
            middles = {
                number: _middle([at[one] for one in beside[number] if level[one] == near])
                for number in layers[depth]
            }
            wanted = {one: at[one] if found is None else found for one, found in middles.items()}
            layers[depth].sort(key=lambda one: (wanted[one], at[one]))
            at.update({number: place for place, number in enumerate(layers[depth])})
    return layers


def _middle(places: Sequence[int]) -> float | None:
    return sum(places) / len(places) if places else None


def _connected(
    arrows: Sequence[DrawnArrow], boxes: Mapping[int, PlacedBox], bends: Mapping[int, int]
) -> tuple[PlacedArrow, ...]:
    """Return arrows that start and end in the order of what they connect."""
    leaving: dict[int, list[DrawnArrow]] = defaultdict(list)
    arriving: dict[int, list[DrawnArrow]] = defaultdict(list)
    for arrow in arrows:
        leaving[arrow.start].append(arrow)
        arriving[arrow.end].append(arrow)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for number, each in leaving.items():
        each.sort(key=lambda one: boxes[one.end].y)
        top = boxes[number].y + (boxes[number].height - len(each) * _PORT) // 2
        starts |= {one.number: top + at * _PORT + _PORT // 2 for at, one in enumerate(each)}
    for number, each in arriving.items():
        each.sort(key=lambda one: starts[one.number])
        step = boxes[number].height / (len(each) + 1)
        ends |= {
            one.number: round(boxes[number].y + (at + 1) * step) for at, one in enumerate(each)
        }
    return tuple(
        PlacedArrow(
            one,
            _labels(one),
            boxes[one.start].x + boxes[one.start].width,
            starts[one.number],
            bends[one.start],
            boxes[one.end].x,
            ends[one.number],
        )
        for one in arrows
    )
