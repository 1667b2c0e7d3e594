"""The examples inside a real ComfyUI: whole runs, and runs again after a change."""

from __future__ import annotations

import json
from typing import Any

from comfyui_pictures import enlarged, example_picture
from comfyui_trial import BALLOON, CASTLE, OTHER, STEPS, Trial, typed

from blockloom.resources import examples_folder


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
