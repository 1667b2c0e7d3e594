"""Where things stand in a workflow of ComfyUI's editor: nodes, groups and notes."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping

from blockloom.export.comfyui_drawing import GROUP_COLOURS, NOTE
from blockloom.export.comfyui_places import TITLE
from blockloom.graph.drawn import REROUTE
from blockloom.graph.model import Json

Record = Mapping[str, Json]
_NOTES = frozenset({NOTE, "MarkdownNote"})
_GREYEST = 0.17


def with_places(graph_json: dict[str, Json], workflow: Json) -> dict[str, Json]:
    """A graph file with the places, groups and notes that a workflow of the same nodes has.

    Only what the file does not have is taken. A workflow that cannot be read changes nothing.
    """
    prompt, extra = graph_json.get("prompt"), graph_json.get("extra")
    if not isinstance(workflow, dict) or not isinstance(prompt, dict):
        return graph_json
    records = {str(record.get("id")): record for record in _records(workflow)}
    placed = {id_: _placed(node, records.get(id_)) for id_, node in prompt.items()}
    more = dict(extra) if isinstance(extra, dict) else {}
    for name, found in (("groups", groups_in(workflow)), ("notes", notes_in(workflow))):
        if found and not more.get(name):
            more[name] = found
    return {**graph_json, "prompt": {**placed}, "extra": more}


def _placed(node: Json, record: Record | None) -> Json:
    meta = node.get("_meta", {}) if isinstance(node, dict) else None
    if record is None or not isinstance(node, dict) or not isinstance(meta, dict):
        return node
    found: dict[str, Json] = dict(meta)
    position, title, flags = position_in(record), record.get("title"), record.get("flags")
    if position is not None:
        found.setdefault("position", position)
    if isinstance(title, str) and title:
        found.setdefault("title", title)
    if isinstance(flags, dict) and flags.get("collapsed") is True:
        found.setdefault("collapsed", True)
    return {**node, "_meta": found}


def position_in(record: Record) -> list[Json] | None:
    """Where a node's frame begins: its title bar, which ComfyUI draws above its place."""
    corner = _numbers(record.get("pos"), 2)
    if corner is None:
        return None
    above = 0 if record.get("type") == REROUTE else TITLE
    return [round(corner[0]), round(corner[1] - above)]


def notes_in(workflow: Record) -> list[Json]:
    """The notes as a graph file has them."""
    found: list[Json] = []
    for record in _records(workflow):
        corner = position_in(record)
        if str(record.get("type")) not in _NOTES or corner is None:
            continue
        width, height = _numbers(record.get("size"), 2) or (240.0, 120.0)
        values = record.get("widgets_values")
        text = values[0] if isinstance(values, list) and values else ""
        found.append(
            {
                "id": f"note{len(found) + 1}",
                "text": text if isinstance(text, str) else "",
                "x": corner[0],
                "y": corner[1],
                "width": round(width),
                "height": round(height) + TITLE,
            }
        )
    return found


def groups_in(workflow: Record) -> list[Json]:
    """The groups as a graph file has them."""
    listed = workflow.get("groups")
    found: list[Json] = []
    for item in listed if isinstance(listed, list) else []:
        frame = _numbers(item.get("bounding"), 4) if isinstance(item, dict) else None
        if frame is None or not isinstance(item, dict):
            continue
        x, y, width, height = (round(number) for number in frame)
        title = item.get("title")
        found.append(
            {
                "id": f"group{len(found) + 1}",
                "title": title if isinstance(title, str) else "",
                "colour": _colour(item.get("color")),
                "x": x,
                "y": y,
                "width": width,
                "height": height,
            }
        )
    return found


def _records(workflow: Record) -> list[dict[str, Json]]:
    listed = workflow.get("nodes")
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _numbers(value: Json, count: int) -> list[float] | None:
    """So many numbers, which older files have as an object with their places as names."""
    if isinstance(value, dict):
        value = [value.get(str(place)) for place in range(count)]
    if not isinstance(value, list) or len(value) != count:
        return None
    found = [
        float(item)
        for item in value
        if isinstance(item, (int, float)) and not isinstance(item, bool) and abs(item) < 1e9
    ]
    return found if len(found) == count else None


def _colour(value: Json) -> str:
    """The nearest of our colours."""
    wanted = _hue(value) if isinstance(value, str) else None
    hues = {name: _hue(colour) for name, colour in GROUP_COLOURS.items()}
    if wanted is None:
        return "grey"

    def distance(name: str) -> float:
        hue = hues[name]
        apart = 1.0 if hue is None else abs(hue - wanted)
        return min(apart, 1 - apart) if hue is not None else apart

    return min(hues, key=distance)


def _hue(text: str) -> float | None:
    """Where a colour lies on the wheel, from 0 to 1; None for one that is nearly grey."""
    rgb = _rgb(text)
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in rgb)) if rgb else (0, 0, 0)
    return hue if saturation > _GREYEST else None


def _rgb(text: str) -> tuple[int, int, int] | None:
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    try:
        number = int(digits, 16) if len(digits) == 6 else -1
    except ValueError:
        return None
    return None if number < 0 else (number >> 16, number >> 8 & 255, number & 255)
