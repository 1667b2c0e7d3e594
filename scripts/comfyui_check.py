"""Runs the examples inside a real ComfyUI and compares the pictures with diffusers' own.

``scripts/try_in_comfyui.sh`` makes the environment for it and calls it; see there.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import json
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comfyui_mixed import check_mixed
from comfyui_pictures import (
    Diffusers,
    difference,
    enlarged,
    example_picture,
    opened,
    write_inputs,
)
from comfyui_process import Comfy, Outcome, Place, Prompt, quick_start, running

from blockloom.export.png import read_png_origin
from blockloom.resources import examples_folder

ROOT = Path(__file__).resolve().parent.parent
BALLOON = "a red hot air balloon on the left over snowy mountains at sunset with the sun"
CASTLE = "a white castle on green hills at day"
OTHER = "a blue house at night"
STEPS = 25
LONG = 1000
START_UP_LIMIT = 1.0


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

    async def same_picture(self, what: str, outcome: Outcome, node: str, expected: Any) -> None:
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


# -- the checks


async def check_start(trial: Trial) -> None:
    """The pack is there, and quickly."""
    seconds = trial.comfy.import_seconds()
    note = f"{seconds:.1f} s of ComfyUI's own start" if seconds >= 0 else "see the log"
    trial.table.add("the pack is imported", 0 <= seconds < START_UP_LIMIT, note)
    info = await trial.comfy.get_json("/object_info")
    ours = [name for name, one in info.items() if one["python_module"].endswith(".blockloom")]
    trial.table.add("its node types are there", len(ours) > 700, f"{len(ours)} of {len(info)}")
    names = await trial.comfy.get_json("/extensions")
    scripts = [name for name in names if "blockloom" in name]
    for name in scripts:
        await trial.comfy.get(name)
    trial.table.add("its extension is served once", bool(scripts), f"{len(scripts)} files")
    page = await trial.comfy.get("/")
    trial.table.add("the frontend is served", b"<html" in page, "")


async def check_text_to_image(trial: Trial) -> None:
    """Text to image; then another prompt, other steps, and everything again."""
    prompt = await trial.prompt("text_to_image")
    given: dict[str, Any] = {"seed": 2, "num_inference_steps": STEPS}
    first = await trial.comfy.run(prompt)
    expected = enlarged(trial.diffusers.picture(prompt=BALLOON, **given))
    await trial.same_picture("text to image", first, "save", expected)
    trial.table.add(
        "  previews while it denoises", first.previews >= STEPS // 2, f"{first.previews}"
    )

    other = await trial.comfy.run(typed(prompt, "text_encoder", prompt=OTHER))
    expected = enlarged(trial.diffusers.picture(prompt=OTHER, **given))
    await trial.same_picture("  another prompt", other, "save", expected)
    behind = {"text_encoder", "denoise", "decode", "enlarge", "save"}
    trial.kept("  what comes before it was kept", other, {"model", "guider"}, behind)

    fewer = await trial.comfy.run(
        typed(typed(prompt, "text_encoder", prompt=OTHER), "denoise", num_inference_steps=9)
    )
    expected = enlarged(trial.diffusers.picture(prompt=OTHER, seed=2, num_inference_steps=9))
    await trial.same_picture("  other steps", fewer, "save", expected)
    behind = {"denoise", "decode", "enlarge", "save"}
    trial.kept("  the prompt was not encoded again", fewer, {"text_encoder"}, behind)

    graph = json.loads((examples_folder() / "text_to_image.json").read_text())["prompt"]
    by_name = await trial.comfy.run(graph)
    expected = enlarged(trial.diffusers.picture(prompt=BALLOON, **given))
    await trial.same_picture("  the graph file as it is, links by name", by_name, "save", expected)


async def check_inpainting(trial: Trial) -> None:
    """Inpainting; then another prompt."""
    prompt = await trial.prompt("inpainting")
    given: dict[str, Any] = {
        "seed": 7,
        "num_inference_steps": STEPS,
        "strength": 0.95,
        "image": example_picture("hills.png"),
        "mask_image": example_picture("hills_mask.png"),
    }
    first = await trial.comfy.run(prompt)
    expected = enlarged(trial.diffusers.picture(prompt=CASTLE, **given))
    await trial.same_picture("inpainting", first, "save", expected)
    other = await trial.comfy.run(typed(prompt, "text_encoder", prompt=OTHER))
    expected = enlarged(trial.diffusers.picture(prompt=OTHER, **given))
    await trial.same_picture("  another prompt", other, "save", expected)
    is_kept = {"model", "guider", "image", "mask_image"} <= set(other.kept)
    trial.table.add("  the pictures were kept", is_kept, f"kept {', '.join(other.kept)}")


async def check_two_schedulers(trial: Trial) -> None:
    """Two branches of one main wire, each with a scheduler of its own."""
    prompt = await trial.prompt("two_schedulers")
    for name in ("euler", "dpm"):
        preview = {"images": [f"decode_{name}", 1]}
        prompt[f"preview_{name}"] = {"class_type": "PreviewImage", "inputs": preview}
    outcome = await trial.comfy.run(prompt)
    for name, scheduler in (
        ("euler", "EulerAncestralDiscreteScheduler"),
        ("dpm", "DPMSolverMultistepScheduler"),
    ):
        expected = trial.diffusers.picture(
            prompt=BALLOON, seed=2, num_inference_steps=20, scheduler=scheduler
        )
        await trial.same_picture(f"two schedulers, {name}", outcome, f"preview_{name}", expected)


async def check_interrupt(trial: Trial) -> None:
    """The button stops a loop within a step or two, and what comes after is as ever."""
    prompt = await trial.prompt("text_to_image")
    is_sent: list[int] = []

    async def interrupt(step: int) -> None:
        if step >= 3 and not is_sent:
            is_sent.append(step)
            await trial.comfy.post("/interrupt", {})

    outcome = await trial.comfy.run(typed(prompt, "denoise", num_inference_steps=LONG), interrupt)
    late = max(outcome.steps) - is_sent[0] if is_sent else LONG
    note = f"{late} steps later, of {LONG}"
    trial.table.add("interrupted in mid-loop", outcome.is_interrupted and late < 50, note)
    again = await trial.comfy.run(prompt)
    expected = trial.diffusers.picture(prompt=BALLOON, seed=2, num_inference_steps=STEPS)
    await trial.same_picture("  the run after it", again, "save", enlarged(expected))


async def check_free(trial: Trial) -> None:
    """Memory given back, and everything made again."""
    prompt = await trial.prompt("text_to_image")
    await trial.comfy.run(prompt)
    status, _ = await trial.comfy.post("/free", {"unload_models": True, "free_memory": True})
    # Freeing waits for the worker's next idle moment.
    await asyncio.sleep(1)
    outcome = await trial.comfy.run(prompt)
    is_all = set(outcome.ran) == set(prompt)
    trial.table.add("memory freed", status == 200 and is_all, "every node runs again")
    expected = trial.diffusers.picture(prompt=BALLOON, seed=2, num_inference_steps=STEPS)
    await trial.same_picture("  the run after it", outcome, "save", enlarged(expected))


async def check_block_state(trial: Trial) -> None:
    """What the panels on the nodes ask for."""
    await trial.comfy.run(await trial.prompt("text_to_image"))
    state = await trial.comfy.get_json("/blockloom/block_state/last/denoise")
    names = {value["name"] for value in state["written"]}
    trial.table.add("block state of a node", "latents" in names, f"run {state['run']}")
    for path in ("state/last/decode", "steps/last/denoise", "statistics/last/denoise/latents"):
        await trial.comfy.get_json(f"/api/blockloom/{path}")
    await trial.comfy.get("/blockloom/thumbnail/last/decode/images?size=64")
    trial.table.add("state, steps, statistics, thumbnails", True)


async def check_saved_graph(trial: Trial) -> None:
    """A picture saved by ComfyUI's own node carries a graph that Blockloom reads."""
    prompt = await trial.prompt("text_to_image")
    note: dict[str, Any] = {"extra_pnginfo": {"workflow": {"nodes": []}}}
    outcome = await trial.comfy.run(typed(prompt, "save", filename_prefix="graph"), extra=note)
    (place,) = outcome.shown["save"]["images"]
    file = trial.comfy.place.base / "output" / place["filename"]
    found = read_png_origin(file).graph_json["prompt"]
    is_same = found == typed(prompt, "save", filename_prefix="graph")
    trial.table.add("the graph in a saved picture", is_same)


def check_broken(place: Place, table: Table) -> None:
    """A pack that cannot be loaded does not keep ComfyUI from starting."""
    broken = place.packs / "blockloom"
    (broken / "src" / "blockloom").mkdir(parents=True)
    shutil.copy(ROOT / "__init__.py", broken / "__init__.py")
    (broken / "src" / "blockloom" / "__init__.py").write_text("raise RuntimeError('broken')\n")
    status, log = quick_start(place)
    is_told = "Blockloom cannot be loaded" in log
    table.add("a broken pack stops nothing", status == 0 and is_told, "ComfyUI starts, and says so")


CHECKS: tuple[Callable[[Trial], Awaitable[None]], ...] = (
    check_start,
    check_text_to_image,
    check_inpainting,
    check_two_schedulers,
    check_mixed,
    check_interrupt,
    check_free,
    check_block_state,
    check_saved_graph,
)


async def check_all(place: Place, table: Table, has_browser: bool) -> None:
    """Start ComfyUI and go through the checks; one that breaks does not end the others."""
    place.prepare(ROOT)
    write_inputs(place.base / "input")
    async with running(place) as comfy:
        system = (await comfy.get_json("/system_stats"))["system"]
        say(f"ComfyUI {system['comfyui_version']}, PyTorch {system['pytorch_version']}")
        trial = Trial(comfy, Diffusers(), table)
        for check in CHECKS:
            try:
                await check(trial)
            except Exception as error:
                name = check.__name__.removeprefix("check_").replace("_", " ")
                table.add(name, False, f"{type(error).__name__}: {error}")
        if has_browser:
            await check_browser(comfy, table)


async def check_browser(comfy: Comfy, table: Table) -> None:
    """The browser's check of the extension, where the project's environment has a browser."""
    script, python = ROOT / "scripts" / "comfyui_browser.py", ROOT / ".venv" / "bin" / "python"
    if not script.exists() or not python.exists():
        table.add("the browser's check", False, f"{script.name} or {python} is not there")
        return
    process = await asyncio.create_subprocess_exec(str(python), str(script), comfy.address)
    table.add("the browser's check", await process.wait() == 0)


def main() -> int:
    """0 where everything is as it should be, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("comfyui", type=Path)
    parser.add_argument("stand_ins", type=Path)
    parser.add_argument("--frontend", type=Path, default=None)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    table = Table()
    base = Path(tempfile.mkdtemp(prefix="blockloom-comfyui-"))
    place = Place(options.comfyui, base / "run", options.stand_ins, options.frontend)
    broken = Place(options.comfyui, base / "broken", options.stand_ins, options.frontend)
    broken.packs.mkdir(parents=True)
    try:
        asyncio.run(check_all(place, table, options.browser))
        check_broken(broken, table)
    finally:
        if options.keep:
            say(f"ComfyUI's folders and logs are in {base}")
        else:
            shutil.rmtree(base, ignore_errors=True)
    table.print()
    return 1 if table.has_failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
