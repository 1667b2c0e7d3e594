"""Helios: long films, chunk by chunk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import HeliosTransformer3DModel
from diffusers.modular_pipelines import HeliosAutoBlocks, HeliosPyramidAutoBlocks
from diffusers.schedulers import HeliosScheduler
from tests.kit.film_parts import LATENT_CHANNELS, TEXT_WIDTH, film, umt5, umt5_tokenizer, wan_vae
from tests.kit.parts import PROMPT, picture, seed
from tests.kit.recipes import Inputs, Recipe, write_repository


def _transformer() -> HeliosTransformer3DModel:
    return HeliosTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        text_dim=TEXT_WIDTH,
        freq_dim=16,
        ffn_dim=16,
        num_layers=2,
        rope_dim=(4, 4, 4),
    )


def _components(scheduler: HeliosScheduler) -> dict[str, Any]:
    return {
        "text_encoder": umt5(),
        "tokenizer": umt5_tokenizer(),
        "vae": wan_vae(),
        "transformer": _transformer(),
        "scheduler": scheduler,
    }


def build(folder: Path) -> None:
    scheduler = HeliosScheduler(stages=1, stage_range=[0, 1], use_dynamic_shifting=True)
    write_repository(folder, HeliosAutoBlocks, _components(scheduler))


def build_pyramid(folder: Path) -> None:
    # A third, the default, makes a covariance of noise that has no root in single precision.
    scheduler = HeliosScheduler(use_dynamic_shifting=True, gamma=0.3)
    write_repository(folder, HeliosPyramidAutoBlocks, _components(scheduler))


def text_inputs() -> Inputs:
    """Two chunks."""
    return {
        "prompt": PROMPT,
        "negative_prompt": "fog",
        "height": 32,
        "width": 32,
        "num_frames": 13,
        "num_latent_frames_per_chunk": 2,
        "num_inference_steps": 2,
        "max_sequence_length": 64,
        "generator": seed(),
    }


def image_inputs() -> Inputs:
    return {**text_inputs(), "image": picture(32)}


def video_inputs() -> Inputs:
    return {**text_inputs(), "video": film(33)}


def _pyramid(inputs: Inputs) -> Inputs:
    """The same with small, middling and full-sized steps; the smallest latents are 2 x 2."""
    kept = {name: value for name, value in inputs.items() if name != "num_inference_steps"}
    sizes = {"height": 64, "width": 64, "pyramid_num_inference_steps_list": [1, 1, 1]}
    return {**kept, **sizes}


RECIPES = (
    Recipe(
        "helios",
        build,
        {"text2video": text_inputs, "image2video": image_inputs, "video2video": video_inputs},
    ),
    Recipe(
        "helios-pyramid",
        build_pyramid,
        {
            "text2video": lambda: _pyramid(text_inputs()),
            "image2video": lambda: _pyramid(image_inputs()),
            "video2video": lambda: _pyramid(video_inputs()),
        },
        later={"pyramid_num_inference_steps_list": [1, 1, 2]},
    ),
)
