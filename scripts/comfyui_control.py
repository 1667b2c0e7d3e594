"""Stopping, freeing memory, looking at block states and at saved graphs in a real ComfyUI."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import PIL.Image
from comfyui_pictures import difference, enlarged
from comfyui_trial import BALLOON, STEPS, Trial, typed

from blockloom.export.png import read_png_origin

LONG = 1000


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
    note = f"at step {max(outcome.steps)} of {LONG}, {late} after the button"
    trial.table.add("interrupted in mid-loop", outcome.is_interrupted and late <= 2, note)
    again = await trial.comfy.run(typed(prompt, "denoise", generator=13))
    expected = trial.diffusers.picture(prompt=BALLOON, seed=13, num_inference_steps=STEPS)
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
    """A picture saved by ComfyUI's own node carries a graph that Blockloom runs, to the pixel."""
    prompt = await trial.prompt("text_to_image")
    note: dict[str, Any] = {"extra_pnginfo": {"workflow": {"nodes": []}}}
    outcome = await trial.comfy.run(typed(prompt, "save", filename_prefix="graph"), extra=note)
    (place,) = outcome.shown["save"]["images"]
    base = trial.comfy.place.base
    picture = base / "output" / place["filename"]
    graph = base / "saved_graph.json"
    graph.write_text(json.dumps(read_png_origin(picture).graph_json))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "blockloom", "run", str(graph), "--out", str(base / "by_itself")),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaint = await process.communicate()
    apart = complaint.decode(errors="replace").strip()[-300:]
    if process.returncode == 0:
        (made,) = (base / "by_itself").glob("*.png")
        apart = difference(PIL.Image.open(made), PIL.Image.open(picture))
    what = "blockloom run of the graph in a saved picture"
    trial.table.add(what, not apart, apart or "identical pixels")
