"""Socket types and widgets from hints, names and defaults."""

from __future__ import annotations

from typing import Any, Literal, Optional, Union

import numpy
import PIL.Image
import pytest
import torch

from blockloom.bridge.guess_types import guess_type, type_of_hint, types_by_majority
from blockloom.bridge.json_values import to_json
from blockloom.bridge.titles import block_role, block_title, family_label, readable
from blockloom.bridge.widgets import guess_widget
from blockloom.graph.node_types import Widget
from blockloom.graph.sockets import SocketType


class _Condition:
    """Something only diffusers knows."""


@pytest.mark.parametrize(
    ("hint", "name", "expected"),
    [
        (PIL.Image.Image, "image", SocketType.IMAGE),
        (PIL.Image.Image | list[PIL.Image.Image], "image", SocketType.IMAGE),
        (PIL.Image.Image, "mask_image", SocketType.MASK),
        (list[PIL.Image.Image], "images", SocketType.IMAGE),
        (list[PIL.Image.Image], "videos", SocketType.VIDEO),
        (list[list[PIL.Image.Image]] | list[torch.Tensor], "videos", SocketType.VIDEO),
        (Union[list[PIL.Image.Image], torch.Tensor], "images", SocketType.IMAGE),  # noqa: UP007
        (torch.Tensor, "latents", SocketType.TENSOR),
        (Optional[torch.Tensor], "latents", SocketType.TENSOR),  # noqa: UP045
        (list[torch.Tensor], "image_latents", SocketType.TENSOR),
        (torch.Tensor, "audio", SocketType.AUDIO),
        (torch.Tensor, "audio_latents", SocketType.TENSOR),
        (torch.Tensor, "velocity_sound", SocketType.TENSOR),
        (torch.Tensor, "prompt_embeds_mask", SocketType.TENSOR),
        (torch.Generator, "generator", SocketType.SEED),
        (torch.Generator | list[torch.Generator] | None, "generator", SocketType.SEED),
        (list[float], "sigmas", SocketType.LIST),
        (numpy.ndarray | list[float] | None, "betas", SocketType.LIST),
        (tuple[int, int], "crops_coords", SocketType.LIST),
        (list, "sigmas", SocketType.LIST),
        (list, "prompt", SocketType.STRING),
        (list, "latent_chunks", SocketType.TENSOR),
        (list[_Condition], "conditions", SocketType.OBJECT),
        (list[dict], "boxes", SocketType.LIST),
        (dict[str, Any], "attention_kwargs", SocketType.DICT),
        (int | list, "rates", SocketType.INT),
        (float | list[float] | torch.Tensor, "conditioning_scale", SocketType.FLOAT),
        (bool | None, "use_system_prompt", SocketType.BOOLEAN),
        (bool, "num_steps", SocketType.BOOLEAN),
        (Literal["a", "b"], "mode", SocketType.STRING),
        (torch.dtype, "dtype", SocketType.OBJECT),
        (_Condition, "action", SocketType.OBJECT),
        ("torch.Tensor | None", "latents", SocketType.TENSOR),
        ("float | list[float] | tuple[float]", "start", SocketType.FLOAT),
        (None, "latents", None),
        (Any, "latents", None),
    ],
)
def test_type_of_hint(hint: Any, name: str, expected: SocketType | None) -> None:
    assert type_of_hint(hint, name) is expected


@pytest.mark.parametrize(
    ("name", "default", "known", "expected"),
    [
        ("image", None, {"image": SocketType.IMAGE}, SocketType.IMAGE),
        ("generator", None, {}, SocketType.SEED),
        ("audio_scheduler", None, {}, SocketType.OBJECT),
        ("negative_original_size", None, {}, SocketType.LIST),
        ("mask_image", None, {}, SocketType.MASK),
        ("num_inference_steps", None, {}, SocketType.INT),
        ("eta", 0.0, {}, SocketType.FLOAT),
        ("guess_mode", False, {"guess_mode": SocketType.BOOLEAN}, SocketType.BOOLEAN),
        ("whatever", (1, 2), {}, SocketType.LIST),
        ("whatever", None, {}, SocketType.ANY),
    ],
)
def test_type_without_hint(
    name: str, default: Any, known: dict[str, SocketType], expected: SocketType
) -> None:
    assert guess_type(None, name, default, known) is expected


def test_the_majority_of_hints_decides() -> None:
    declared = [("sound", torch.Tensor), ("size", int), ("size", list[int]), ("size", list[int])]

    assert types_by_majority([*declared, ("size", None)]) == {
        "sound": SocketType.AUDIO,
        "size": SocketType.LIST,
    }


@pytest.mark.parametrize(
    ("name", "type_", "default", "expected"),
    [
        ("prompt", SocketType.STRING, None, Widget(is_multiline=True)),
        ("negative_prompt_2", SocketType.STRING, None, Widget(is_multiline=True)),
        ("output_path", SocketType.STRING, None, Widget()),
        ("output_type", SocketType.STRING, "pil", Widget(choices=("pil", "np", "pt"))),
        ("height", SocketType.INT, 1024, Widget(8, 16384, 8)),
        ("height", SocketType.INT, 1001, Widget(8, 16384, 1)),
        ("num_inference_steps", SocketType.INT, 50, Widget(1, 1000, 1)),
        ("num_inference_steps", SocketType.INT, 2000, Widget(1, None, 1)),
        ("num_images_per_prompt", SocketType.INT, 1, Widget(1, None, 1)),
        ("prompt_enhancement_seed", SocketType.INT, 10, Widget(0, 2**63 - 1, 1)),
        ("generator", SocketType.SEED, None, Widget(0, 2**63 - 1, 1)),
        ("strength", SocketType.FLOAT, 0.3, Widget(0, 1, 0.01)),
        ("guidance_scale", SocketType.FLOAT, 7.5, Widget(0, 100, 0.1)),
        ("control_guidance_end", SocketType.FLOAT, 1.0, Widget(0, 1, 0.01)),
        ("enabled", SocketType.BOOLEAN, True, Widget()),
        ("latents", SocketType.TENSOR, None, Widget()),
    ],
)
def test_widgets(name: str, type_: SocketType, default: Any, expected: Widget) -> None:
    assert guess_widget(name, type_, default) == expected


def test_latent_is_a_choice_only_where_the_block_takes_it() -> None:
    widget = guess_widget("output_type", SocketType.STRING, "pil", can_be_latent=True)
    assert widget.choices == ("pil", "np", "pt", "latent")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((0, 0), ([0, 0], "")),
        ({"a": (1, None)}, ({"a": [1, None]}, "")),
        (torch.float32, (None, "float32")),
        (float("inf"), (None, "inf")),
        ([torch.float16], (None, "[torch.float16]")),
        ({1: 2}, (None, "{1: 2}")),
        (True, (True, "")),
    ],
)
def test_defaults_as_json(value: Any, expected: tuple[Any, str]) -> None:
    assert to_json(value) == expected


@pytest.mark.parametrize(
    ("class_name", "families", "expected"),
    [
        ("StableDiffusionXLTextEncoderStep", ("stable-diffusion-xl",), "Text Encoder"),
        ("StableDiffusionXLIPAdapterStep", ("stable-diffusion-xl",), "IP Adapter"),
        ("HunyuanVideo15LoopDenoiser", ("hunyuan-video-1.5",), "Loop Denoiser"),
        ("LTX2Image2VideoDenoiseStep", ("ltx2", "ltx2"), "Image to Video Denoise"),
        ("WanTextEncoderStep", ("wan-i2v", "wan"), "Text Encoder"),
        ("HeliosI2VSeedHistoryStep", ("helios",), "Image to Video Seed History"),
        ("FluxRoPEInputsStep", ("flux",), "RoPE Inputs"),
        ("MyOwnVaeStep", ("toy",), "My Own VAE"),
        ("Step", ("toy",), "Step"),
    ],
)
def test_block_titles(class_name: str, families: tuple[str, ...], expected: str) -> None:
    assert block_title(class_name, families) == expected


def test_preset_titles() -> None:
    assert block_title("FluxAutoBlocks", ("flux",), is_preset=True) == "Whole Pipeline"
    assert block_title("Krea2TurboAutoBlocks", ("krea2",), True) == "Whole Pipeline (Turbo)"


@pytest.mark.parametrize(
    ("family", "class_name", "expected"),
    [
        ("stable-diffusion-xl", "StableDiffusionXLModularPipeline", "Stable Diffusion XL"),
        ("hunyuan-video-1.5", "HunyuanVideo15ModularPipeline", "Hunyuan Video 1.5"),
        ("ltx2.5", "LTX25ModularPipeline", "LTX2.5"),
        ("wan-i2v", "WanImage2VideoModularPipeline", "Wan I2V"),
        ("toy", "", "Toy"),
        ("", "", ""),
    ],
)
def test_family_labels(family: str, class_name: str, expected: str) -> None:
    assert family_label(family, {family: class_name}) == expected


@pytest.mark.parametrize(
    ("class_name", "module", "expected"),
    [
        ("FluxTextEncoderStep", "x.flux.encoders", "Text Encoder"),
        ("FluxVaeEncoderStep", "x.flux.encoders", "Image Encoder"),
        ("FluxSetTimestepsStep", "x.flux.before_denoise", "Before Denoise"),
        ("FluxDecodeStep", "x.flux.decoders", "Decode"),
        ("FluxCoreDenoiseStep", "x.flux.modular_blocks_flux", "Denoise"),
        ("FluxBeforeDenoiseStep", "x.flux.modular_blocks_flux", "Before Denoise"),
        ("SharpenStep", "my_nodes", "Other"),
    ],
)
def test_block_roles(class_name: str, module: str, expected: str) -> None:
    assert block_role(class_name, module, is_preset=False, is_loop_step=False) == expected


def test_readable_names() -> None:
    assert readable("EulerAncestralDiscreteScheduler") == "Euler Ancestral Discrete Scheduler"
