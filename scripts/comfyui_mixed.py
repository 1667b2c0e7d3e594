"""ComfyUI's own nodes between ours: pictures, masks, latents, texts and numbers, both ways."""

from __future__ import annotations

from typing import Any

from comfyui_pictures import difference, example_picture, farthest, opened
from comfyui_trial import Trial

STEPS = 9
# A latent of ComfyUI's is not scaled for the denoiser: there and back rounds.
NEAR = 2


def node(class_type: str, **inputs: Any) -> dict[str, Any]:
    """A node of a prompt."""
    return {"class_type": class_type, "inputs": inputs}


async def check_mixed(trial: Trial) -> None:
    """Each kind of value once."""
    await _texts_and_numbers(trial)
    await _pictures_and_masks(trial)
    await _latents(trial)
    await _films_and_sounds(trial)


async def _texts_and_numbers(trial: Trial) -> None:
    prompt = await trial.prompt("text_to_image")
    prompt["text"] = node("PrimitiveString", value="a red house")
    prompt["steps"] = node("PrimitiveInt", value=STEPS)
    prompt["seed"] = node("PrimitiveInt", value=5)
    prompt["text_encoder"]["inputs"]["prompt"] = ["text", 0]
    prompt["denoise"]["inputs"] |= {"num_inference_steps": ["steps", 0], "generator": ["seed", 0]}
    prompt["preview"] = node("PreviewImage", images=["decode", 1])
    info = (await trial.comfy.get_json("/object_info/PreviewAny"))["PreviewAny"]
    # Older ones have no such node of their own.
    is_cores = not info["python_module"].startswith("custom_nodes")
    if is_cores:
        prompt["wire"] = node("PreviewAny", source=["denoise", 0])
    outcome = await trial.comfy.run(prompt)
    expected = trial.diffusers.picture(prompt="a red house", seed=5, num_inference_steps=STEPS)
    await trial.same_picture("text and numbers from core nodes", outcome, "preview", expected)
    if is_cores:
        text = outcome.shown.get("wire", {}).get("text", [""])[0]
        trial.table.add("  Preview Any of the main wire", "latents" in text, f"{text[:40]} …")


async def _pictures_and_masks(trial: Trial) -> None:
    """A picture scaled by the core and inverted twice, a mask from the core's own node."""
    prompt = await trial.prompt("inpainting")
    hills = example_picture("hills.png")
    side = hills.size[0]
    prompt["scale"] = node(
        "ImageScale",
        image=["image", 0],
        upscale_method="lanczos",
        width=side,
        height=side,
        crop="disabled",
    )
    prompt["mask"] = node("LoadImageMask", image="hills_mask.png", channel="red")
    prompt["vae_encoder"]["inputs"] |= {"image": ["scale", 0], "mask_image": ["mask", 0]}
    prompt["denoise"]["inputs"]["num_inference_steps"] = STEPS
    prompt["preview"] = node("PreviewImage", images=["decode", 1])
    outcome = await trial.comfy.run(prompt)
    expected = trial.diffusers.picture(
        prompt="a white castle on green hills at day",
        seed=7,
        num_inference_steps=STEPS,
        strength=0.95,
        image=hills,
        mask_image=example_picture("hills_mask.png").convert("L"),
    )
    await trial.same_picture("picture and mask from core nodes", outcome, "preview", expected)


async def _latents(trial: Trial) -> None:
    """Latents through a core node that changes nothing, and one that mirrors them."""
    prompt = await trial.prompt("text_to_image")
    prompt["denoise"]["inputs"]["num_inference_steps"] = STEPS
    names = (await trial.comfy.get_json("/object_info/StableDiffusionXLCoreDenoiseStep"))[
        "StableDiffusionXLCoreDenoiseStep"
    ]["output_name"]
    latents = ["denoise", names.index("latents")]
    prompt["times"] = node("LatentMultiply", samples=latents, multiplier=1.0)
    prompt["decode"]["inputs"]["latents"] = ["times", 0]
    prompt["preview"] = node("PreviewImage", images=["decode", 1])
    outcome = await trial.comfy.run(prompt)
    expected = trial.diffusers.picture(
        prompt=prompt["text_encoder"]["inputs"]["prompt"], seed=2, num_inference_steps=STEPS
    )
    if outcome.error:
        trial.table.add("latents through a core node", False, outcome.error)
        return
    (place,) = outcome.shown["preview"]["images"]
    found = opened(await trial.comfy.picture(place))
    apart = farthest(found, expected)
    note = "identical pixels" if not apart else f"by rounding at most {apart} of 255 levels apart"
    trial.table.add("latents through a core node", apart <= NEAR, note)

    prompt["times"] = node("LatentFlip", samples=latents, flip_method="x-axis: vertically")
    flipped = await trial.comfy.run(prompt)
    if not flipped.error:
        (place,) = flipped.shown["preview"]["images"]
        is_other = bool(difference(opened(await trial.comfy.picture(place)), expected))
        trial.table.add("  mirrored by another one", is_other)
    else:
        trial.table.add("  mirrored by another one", False, flipped.error)


async def _films_and_sounds(trial: Trial) -> None:
    """A film of the core's through a node of ours, with a sound that went through another one."""
    info = await trial.comfy.get_json("/object_info")
    needed = {"CreateVideo", "GetVideoComponents", "EmptyAudio"}
    if any(info[name]["python_module"].startswith("custom_nodes") for name in needed):
        trial.table.add("film and sound through nodes of ours", True, "this ComfyUI has none")
        return
    prompt = await trial.prompt("text_to_image")
    prompt["denoise"]["inputs"]["num_inference_steps"] = STEPS
    prompt["silence"] = node("EmptyAudio", duration=0.5, sample_rate=44100, channels=2)
    prompt["sound"] = node("BlockloomResampleSound", audio=["silence", 0], sample_rate=22050)
    prompt["film"] = node("CreateVideo", images=["decode", 1], fps=12.0, audio=["sound", 0])
    prompt["slower"] = node("BlockloomSetFrameRate", video=["film", 0], fps=6.0, keep="frames")
    prompt["parts"] = node("GetVideoComponents", video=["slower", 0])
    prompt["preview"] = node("PreviewImage", images=["parts", 0])
    prompt["rate"] = node("PreviewAny", source=["parts", 2])
    outcome = await trial.comfy.run(prompt)
    expected = trial.diffusers.picture(
        prompt=prompt["text_encoder"]["inputs"]["prompt"], seed=2, num_inference_steps=STEPS
    )
    what = "film and sound through nodes of ours"
    await trial.same_picture(what, outcome, "preview", expected)
    rate = outcome.shown.get("rate", {}).get("text", [""])[0]
    trial.table.add("  at another frame rate", rate == "6.0", f"{rate} frames a second")
