"""Wan Animate 2: a picture comes to life as a film shows it."""

from __future__ import annotations

from pathlib import Path

from diffusers import FlowMatchEulerDiscreteScheduler
from diffusers.models.transformers.transformer_wan_animate_2 import WanAnimate2Transformer3DModel
from diffusers.modular_pipelines import (
    ModularPipelineBlocks,
    WanAnimate2Blocks,
    WanAnimate2DistilledBlocks,
)
from tests.kit.film_parts import LATENT_CHANNELS, TEXT_WIDTH, film, umt5, umt5_tokenizer, wan_vae
from tests.kit.parts import PROMPT, picture, seed
from tests.kit.recipes import Inputs, Recipe, write_repository
from transformers import CLIPVisionConfig, CLIPVisionModel


def _image_encoder() -> CLIPVisionModel:
    """The transformer takes 1280 channels of pictures of 224 pixels, and no others."""
    config = CLIPVisionConfig(
        hidden_size=1280,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=224,
        patch_size=28,
    )
    return CLIPVisionModel(config)


def _transformer() -> WanAnimate2Transformer3DModel:
    return WanAnimate2Transformer3DModel(
        in_dim=2 * LATENT_CHANNELS + 4,
        out_dim=LATENT_CHANNELS,
        dim=24,
        ffn_dim=16,
        freq_dim=16,
        text_dim=TEXT_WIDTH,
        num_heads=2,
        num_layers=1,
    )


def _build(folder: Path, blocks: type[ModularPipelineBlocks]) -> None:
    components = {
        "text_encoder": umt5(),
        "tokenizer": umt5_tokenizer(),
        "image_encoder": _image_encoder(),
        "vae": wan_vae(),
        "transformer": _transformer(),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=5.0),
    }
    write_repository(folder, blocks, components)


def build(folder: Path) -> None:
    _build(folder, WanAnimate2Blocks)


def build_distilled(folder: Path) -> None:
    _build(folder, WanAnimate2DistilledBlocks)


def inputs() -> Inputs:
    """Two segments of five frames."""
    return {
        "prompt": PROMPT,
        "image": picture(48),
        "driving_video": film(9),
        "height": 32,
        "width": 32,
        "segment_frame_length": 5,
        "prev_segment_conditioning_frames": 1,
        "num_inference_steps": 2,
        "max_sequence_length": 64,
        "generator": seed(),
    }


RECIPES = (
    Recipe("wan-animate-2", build, {"default": inputs}),
    Recipe("wan-animate-2-distilled", build_distilled, {"default": inputs}),
)
