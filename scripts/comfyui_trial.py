"""What the checks inside a real ComfyUI share: the table, and pictures to compare with."""

from __future__ import annotations

import copy
import json
import sys
from dataclasses import dataclass, field
from typing import Any

import PIL.Image
from comfyui_pictures import Diffusers, difference, opened
from comfyui_process import Comfy, Outcome, Prompt

from blockloom.resources import examples_folder

BALLOON = "a red hot air balloon on the left over snowy mountains at sunset with the sun"
CASTLE = "a white castle on green hills at day"
OTHER = "a blue house at night"
STEPS = 25


@dataclass(slots=True)
class Table:
    """What was checked, and what came out."""

    rows: list[tuple[bool, str, str]] = field(default_factory=list)

    def add(self, what: str, is_good: bool, note: str = "") -> None:
        self.rows.append((is_good, what, note))
        say(f"{'ok  ' if is_good else 'FAIL'}  {what}{f': {note}' if note else ''}")

    def print(self) -> None:
        width = max(len(what) for _, what, _ in self.rows)
        say("")
        for is_good, what, note in self.rows:
            say(f"{'ok  ' if is_good else 'FAIL'}  {what:<{width}}  {note}".rstrip())
        failed = sum(not is_good for is_good, _, _ in self.rows)
        say(f"\n{len(self.rows) - failed} of {len(self.rows)} checks passed.")

    @property
    def has_failed(self) -> bool:
        return not all(is_good for is_good, _, _ in self.rows)


@dataclass(slots=True)
class Trial:
    """A running ComfyUI, diffusers to compare with, and the table."""

    comfy: Comfy
    diffusers: Diffusers
    table: Table

    async def prompt(self, example: str) -> Prompt:
        """An example as it is, as the prompt that ComfyUI takes."""
        graph = json.loads((examples_folder() / f"{example}.json").read_text())
        return await self.comfy.converted(graph)

    async def same_picture(
        self, what: str, outcome: Outcome, node: str, expected: PIL.Image.Image
    ) -> None:
        """Check that what a node shows is that very picture."""
        note = outcome.error
        if not note:
            (place,) = outcome.shown[node]["images"]
            found = opened(await self.comfy.picture(place))
            note = difference(found, expected)
        self.table.add(what, not note, note or f"identical pixels, {outcome.seconds:.1f} s")

    def kept(self, what: str, outcome: Outcome, kept: set[str], ran: set[str]) -> None:
        """Check which nodes ran and which were kept."""
        is_good = kept <= set(outcome.kept) and set(outcome.ran) == ran
        self.table.add(what, is_good, f"kept {', '.join(outcome.kept)}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def typed(prompt: Prompt, node: str, /, **values: Any) -> Prompt:
    """The prompt with other values on a node."""
    changed = copy.deepcopy(prompt)
    changed[node]["inputs"].update(values)
    return changed
