"""Inside ComfyUI the pictures are those of diffusers, whatever ran before and is kept."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import pytest
import torch
from diffusers import AutoencoderKL, ClassifierFreeGuidance, ModularPipeline
from tests.comfyui.core_nodes import pixels
from tests.comfyui.executor import Report
from tests.comfyui.host import Host
from tests.comfyui.prompts import example, node, typed, with_all_widgets
from tests.real_sessions import reference_pipeline

from blockloom.export.png import read_png_origin
from blockloom.resources import examples_folder

BALLOON = "a red hot air balloon on the left over snowy mountains at sunset with the sun"
CASTLE = "a white castle on green hills at day"
FEW = 5


@cache
def reference(scheduler: str = "") -> ModularPipeline:
    pipeline = reference_pipeline(scheduler)
    pipeline.update_components(guider=ClassifierFreeGuidance(guidance_scale=4.0))
    return pipeline


def expected(
    pipeline: ModularPipeline | None = None, *, seed: int = 2, **given: Any
) -> numpy.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        images = (pipeline or reference())(
            generator=torch.Generator().manual_seed(seed), output="images", **given
        )
    return numpy.asarray(images[0])


def found(report: Report, decode: str = "decode") -> numpy.ndarray:
    assert report.error is None, (report.failed_node, report.error)
    # The output after the main wire: what ComfyUI's own nodes get.
    images = report.value(decode, 1)
    assert images.dtype == torch.float32
    return pixels(images[0])


def enlarged(picture: numpy.ndarray) -> bytes:
    big = PIL.Image.fromarray(picture).resize((384, 384), PIL.Image.Resampling.LANCZOS)
    return big.tobytes()


def saved(host: Host, report: Report) -> PIL.Image.Image:
    (place,) = report.ui["save"]["images"]
    return PIL.Image.open(host.output_folder / place["subfolder"] / place["filename"])


def hills() -> dict[str, PIL.Image.Image]:
    names = {"image": "hills.png", "mask_image": "hills_mask.png"}
    folder = examples_folder()
    return {key: PIL.Image.open(folder / file).convert("RGB") for key, file in names.items()}


def test_text_to_image_then_another_prompt_then_other_steps(host: Host) -> None:
    prompt = example(host, "text_to_image")
    prompt = typed(prompt, "denoise", num_inference_steps=FEW)
    first = host.run(prompt)
    picture = expected(prompt=BALLOON, num_inference_steps=FEW)
    assert numpy.array_equal(found(first), picture)
    assert saved(host, first).tobytes() == enlarged(picture)

    other = host.run(typed(prompt, "text_encoder", prompt="a blue house"))
    assert numpy.array_equal(found(other), expected(prompt="a blue house", num_inference_steps=FEW))
    assert other.cached == ["model", "guider"]

    longer = host.run(typed(prompt, "denoise", num_inference_steps=FEW + 3))
    picture = expected(prompt=BALLOON, num_inference_steps=FEW + 3)
    assert numpy.array_equal(found(longer), picture)
    assert host.run(typed(prompt, "denoise", num_inference_steps=FEW + 3)).ran == []

    back = host.run(prompt)
    assert numpy.array_equal(found(back), found(first))


def test_only_what_comes_behind_a_change_runs_again(host: Host) -> None:
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    host.run(prompt)
    again = host.run(typed(prompt, "denoise", generator=11))
    assert again.cached == ["model", "guider", "text_encoder"]
    assert again.ran == ["denoise", "decode", "enlarge", "save"]
    picture = expected(prompt=BALLOON, num_inference_steps=FEW, seed=11)
    assert numpy.array_equal(found(again), picture)


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often an autoencoder encoded a picture."""
    calls = [0]
    own = AutoencoderKL.encode

    def encode(self: Any, *given: Any, **named: Any) -> Any:
        calls[0] += 1
        return own(self, *given, **named)

    monkeypatch.setattr(AutoencoderKL, "encode", encode)
    return calls


def test_inpainting_and_a_new_prompt_encodes_no_picture_again(
    host: Host, encoded: list[int]
) -> None:
    prompt = typed(example(host, "inpainting"), "denoise", num_inference_steps=FEW)
    given = {"num_inference_steps": FEW, "strength": 0.95, "seed": 7, **hills()}
    picture = expected(prompt=CASTLE, **given)
    other = expected(prompt="a red house", **given)
    encoded[0] = 0
    report = host.run(prompt)
    assert numpy.array_equal(found(report), picture)
    assert saved(host, report).tobytes() == enlarged(picture)
    assert encoded[0] > 0
    encoded[0] = 0
    assert numpy.array_equal(
        found(host.run(typed(prompt, "text_encoder", prompt="a red house"))), other
    )
    assert encoded[0] == 0


def test_two_branches_with_two_schedulers(host: Host) -> None:
    prompt = example(host, "two_schedulers")
    for name in ("euler", "dpm"):
        prompt = typed(prompt, f"denoise_{name}", num_inference_steps=FEW)
    report = host.run(prompt)
    for name, scheduler in (
        ("euler", "EulerAncestralDiscreteScheduler"),
        ("dpm", "DPMSolverMultistepScheduler"),
    ):
        picture = expected(reference(scheduler), prompt=BALLOON, num_inference_steps=FEW)
        assert numpy.array_equal(found(report, f"decode_{name}"), picture), name
    # One branch alone; the other one's schedulers and values are as they were.
    again = host.run(typed(prompt, "denoise_dpm", num_inference_steps=FEW + 1))
    assert "denoise_euler" in again.cached
    picture = expected(
        reference("DPMSolverMultistepScheduler"), prompt=BALLOON, num_inference_steps=FEW + 1
    )
    assert numpy.array_equal(found(again, "decode_dpm"), picture)


def test_untouched_widgets_of_model_and_guider_change_nothing(host: Host) -> None:
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    plain = found(host.run(prompt))
    sent = with_all_widgets(host, prompt, ["model", "guider"])
    assert len(sent["guider"]["inputs"]) > len(prompt["guider"]["inputs"])
    host.free()
    assert numpy.array_equal(found(host.run(sent)), plain)


def test_several_pictures_of_one_prompt_are_a_batch(host: Host) -> None:
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    report = host.run(typed(prompt, "denoise", num_images_per_prompt=2))
    assert report.error is None, report.error
    batch = report.value("decode", 1)
    assert batch.shape[0] == len(report.ui["save"]["images"]) == 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        images = reference()(
            generator=torch.Generator().manual_seed(2),
            output="images",
            prompt=BALLOON,
            num_inference_steps=FEW,
            num_images_per_prompt=2,
        )
    for one, picture in zip(batch, images, strict=True):
        assert numpy.array_equal(pixels(one), numpy.asarray(picture))


def test_a_node_run_again_alone_from_kept_values(host: Host) -> None:
    """Again and again from the very same objects on the wires: nobody wrote into them."""
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    first = found(host.run(prompt))
    for steps in (FEW + 1, FEW, FEW + 2, FEW):
        report = host.run(typed(prompt, "denoise", num_inference_steps=steps))
        assert "text_encoder" in report.cached
    assert numpy.array_equal(found(report), first)


def test_all_memory_freed_in_between(host: Host) -> None:
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    first = found(host.run(prompt))
    # The executor keeps what it has, and only we are told to let go.
    host.free(forget=False)
    again = host.run(typed(prompt, "decode", output_type="pil"))
    assert again.ran == ["decode", "enlarge", "save"]
    assert numpy.array_equal(found(again), first)
    host.free()
    whole = host.run(prompt)
    assert len(whole.ran) == len(prompt)
    assert numpy.array_equal(found(whole), first)


def test_a_core_node_that_writes_in_place_harms_no_other(host: Host) -> None:
    """Packs do write into the tensors they get. What we keep is not theirs."""
    host.classes["Blacken"] = _blackening()
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    first = found(host.run(prompt))
    prompt["blacken"] = node("Blacken", image=["decode", 1])
    prompt["enlarge"]["inputs"]["image"] = ["blacken", 0]
    report = host.run(prompt)
    assert report.error is None
    assert saved(host, report).convert("L").getextrema() == (0, 0)
    picture = host.run(typed(prompt, "enlarge", image=["decode", 1], width=300))
    assert picture.error is None
    # The object on the wire is ComfyUI's; behind it, all is made from what we kept.
    prompt["enlarge"]["inputs"]["image"] = ["decode", 1]
    prompt.pop("blacken")
    host.executor.reset()
    assert numpy.array_equal(found(host.run(prompt)), first)


def _blackening() -> Any:
    def change(self: Any, image: torch.Tensor) -> tuple[torch.Tensor]:
        image.zero_()
        return (image,)

    body = {
        "INPUT_TYPES": classmethod(lambda cls: {"required": {"image": ("IMAGE",)}}),
        "RETURN_TYPES": ("IMAGE",),
        "FUNCTION": "change",
        "change": change,
    }
    return type("Blacken", (), body)


def test_a_picture_saved_by_comfyui_carries_a_graph_of_ours(host: Host) -> None:
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    report = host.run(prompt, extra_pnginfo={"workflow": {"nodes": []}})
    (place,) = report.ui["save"]["images"]
    origin = read_png_origin(Path(host.output_folder / place["filename"]))
    assert origin.graph_json["prompt"] == prompt
