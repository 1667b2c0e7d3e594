"""Where nodes stand in ComfyUI's editor: as they were drawn, spread until none overlaps.

Its nodes show every socket and are wider, so both axes are stretched as far as that needs; what
stood in a row or a column still does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from blockloom.export.comfyui_nodes import ComfyNode
from blockloom.graph.layout import NODE_WIDTH

TITLE = 30
"""How tall a title bar is; it stands above a node's position."""
_ROW, _WIDGET, _MULTILINE, _PICTURE = 20, 24, 100, 220
_PANEL = 38
"""The bar of the block state, below the widgets of our own nodes."""
_LETTER = 7.5
_LEAST_WIDTH = 225
_LONGEST = 60
"""So many letters of a title are made room for."""
_COLUMN_GAP, _ROW_GAP = 50, 40
_CELL = 25
_PADDING = 10


@dataclass(frozen=True, slots=True)
class Box:
    """A frame on the canvas, its title included."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def holds(self, other: Box) -> bool:
        """Whether the corner of another box lies in this one."""
        return self.x <= other.x <= self.right and self.y <= other.y <= self.bottom


@dataclass(frozen=True, slots=True)
class _Axis:
    """A growing map from places to places, known at some of them."""

    at: tuple[float, ...]
    to: tuple[float, ...]

    def __call__(self, place: float) -> float:
        if not self.at:
            return place
        index = bisect_right(self.at, place) - 1
        if index < 0:
            return self.to[0] + place - self.at[0]
        if index + 1 == len(self.at):
            return self.to[-1] + place - self.at[-1]
        span = self.at[index + 1] - self.at[index]
        share = (place - self.at[index]) / span
        return self.to[index] + share * (self.to[index + 1] - self.to[index])


@dataclass(frozen=True, slots=True)
class Spread:
    """Boxes spread apart."""

    boxes: Mapping[str, Box]
    _before: Mapping[str, Box]
    _across: _Axis
    _down: _Axis

    def frame(self, group: Box) -> Box:
        """A frame around what lay in it before."""
        left, top = self._across(group.x), self._down(group.y)
        right, bottom = self._across(group.right), self._down(group.bottom)
        for name, box in self._before.items():
            if group.holds(box):
                right = max(right, self.boxes[name].right + _PADDING)
                bottom = max(bottom, self.boxes[name].bottom + _PADDING)
        return Box(left, top, right - left, bottom - top)


def node_size(drawn: ComfyNode, title: str, *, more_sockets: int = 0) -> tuple[float, float]:
    """How large ComfyUI draws a node, its title bar apart; a guess, since it depends on fonts."""
    names = [len(socket.name) for socket in drawn.sockets]
    outputs = [len(name) for name, _ in drawn.outputs]
    sockets = (max(names, default=0) + max(outputs, default=0)) * _LETTER + 50
    typed = max((len(widget.name) for widget in drawn.widgets), default=0) * _LETTER + 140
    width = max(
        _LEAST_WIDTH, sockets, typed if drawn.widgets else 0, len(title[:_LONGEST]) * _LETTER + 50
    )
    rows = max(len(drawn.sockets) + more_sockets, len(drawn.outputs), 1)
    height = rows * _ROW + (14 if drawn.widgets else 6)
    for widget in drawn.widgets:
        height += _MULTILINE if widget.is_multiline else _WIDGET
    height += 0 if drawn.is_core else _PANEL
    return float(width), float(height + (_PICTURE if shows(drawn) else 0))


def shows(drawn: ComfyNode) -> bool:
    """Whether ComfyUI shows a picture in the node: one that was loaded, saved or looked at."""
    if any(widget.name == "upload" and not widget.is_input for widget in drawn.widgets):
        return True
    return not drawn.outputs and any(socket.name in ("images", "video") for socket in drawn.sockets)


def spread(boxes: Mapping[str, Box]) -> Spread:
    """Move boxes right and down until none overlaps, rows and columns together."""
    across = _across(boxes.values())
    moved = {name: Box(across(box.x), box.y, box.width, box.height) for name, box in boxes.items()}
    down = _down(moved.values())
    placed = {name: Box(box.x, down(box.y), box.width, box.height) for name, box in moved.items()}
    return Spread(placed, dict(boxes), across, down)


def _across(boxes: Iterable[Box]) -> _Axis:
    """Every column right of those that were left of it."""
    at: list[float] = []
    to: list[float] = []
    ends: list[tuple[float, float]] = []
    passed, edge = 0, float("-inf")
    for box in sorted(boxes, key=lambda box: box.x):
        if not at or box.x > at[-1]:
            while passed < len(ends) and ends[passed][0] <= box.x:
                edge = max(edge, ends[passed][1])
                passed += 1
            place = to[-1] + box.x - at[-1] if at else box.x
            at.append(box.x)
            to.append(max(place, edge + _COLUMN_GAP))
        ends.append((box.x + NODE_WIDTH, to[-1] + box.width))
    return _Axis(tuple(at), tuple(to))


def _down(boxes: Iterable[Box]) -> _Axis:
    """Every row below what stands above it in the same columns."""
    rows: dict[float, list[Box]] = {}
    for box in boxes:
        rows.setdefault(box.y, []).append(box)
    at: list[float] = []
    to: list[float] = []
    bottoms: dict[int, float] = {}
    for y in sorted(rows):
        place = to[-1] + y - at[-1] if at else y
        for box in rows[y]:
            for cell in _cells(box):
                place = max(place, bottoms.get(cell, float("-inf")) + _ROW_GAP)
        at.append(y)
        to.append(place)
        for box in rows[y]:
            for cell in _cells(box):
                bottoms[cell] = max(bottoms.get(cell, float("-inf")), place + box.height)
    return _Axis(tuple(at), tuple(to))


def _cells(box: Box) -> range:
    return range(int(box.x // _CELL), int(box.right // _CELL) + 1)
