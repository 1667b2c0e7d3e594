"""Wan: films from text, from pictures, and with a control film."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import UniPCMultistepScheduler, WanTransformer3DModel, WanVACETransformer3DModel
from diffusers.modular_pipelines import Wan22VaceBlocks, WanBlocks, WanImage2VideoAutoBlocks
from tests.kit.film_parts import (
    LATENT_CHANNELS,
    TEXT_WIDTH,
    film,
    film_mask,
    umt5,
    umt5_tokenizer,
    wan_vae,
)
from tests.kit.parts import PROMPT, picture, seed
from tests.kit.recipes import TORCHVISION, Inputs, Recipe, write_repository
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModel

_IMAGE_WIDTH = 8
_SIZES: dict[str, Any] = {
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "out_channels": LATENT_CHANNELS,
    "text_dim": TEXT_WIDTH,
    "freq_dim": 16,
    "ffn_dim": 16,
    "num_layers": 2,
    "rope_max_seq_len": 32,
}


def _components() -> dict[str, Any]:
    return {
        "text_encoder": umt5(),
        "tokenizer": umt5_tokenizer(),
        "vae": wan_vae(),
        "scheduler": UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
    }


def build(folder: Path) -> None:
    transformer = WanTransformer3DModel(in_channels=LATENT_CHANNELS, **_SIZES)
    write_repository(folder, WanBlocks, {**_components(), "transformer": transformer})


def build_image2video(folder: Path, **config: Any) -> None:
    """The transformer gets latents, the picture's latents, and a mask of four channels."""
    transformer = WanTransformer3DModel(
        in_channels=2 * LATENT_CHANNELS + 4,
        image_dim=_IMAGE_WIDTH,
        added_kv_proj_dim=24,
        **_SIZES,
        **config,
    )
    encoder = CLIPVisionModel(
        CLIPVisionConfig(
            hidden_size=_IMAGE_WIDTH,
            intermediate_size=2 * _IMAGE_WIDTH,
            num_hidden_layers=2,
            num_attention_heads=2,
            image_size=32,
            patch_size=16,
        )
    )
    processor = CLIPImageProcessor(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    )
    components = {"image_encoder": encoder, "image_processor": processor}
    write_repository(
        folder,
        WanImage2VideoAutoBlocks,
        {**_components(), **components, "transformer": transformer},
    )


def build_two_frames(folder: Path) -> None:
    """The same for two pictures of five tokens each."""
    build_image2video(folder, pos_embed_seq_len=10)


def build_vace(folder: Path) -> None:
    """Two transformers, one for each end of the noise; a mask has a channel for each pixel."""
    config: dict[str, Any] = {**_SIZES, "in_channels": LATENT_CHANNELS}
    vace = {"vace_layers": [0, 1], "vace_in_channels": 2 * LATENT_CHANNELS + 64}
    transformers = {
        "transformer": WanVACETransformer3DModel(**config, **vace),
        "transformer_2": WanVACETransformer3DModel(**config, **vace),
    }
    write_repository(folder, Wan22VaceBlocks, {**_components(), **transformers})


def text_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "negative_prompt": "fog",
        "height": 32,
        "width": 32,
        "num_frames": 5,
        "num_inference_steps": 2,
        "max_sequence_length": 64,
        "generator": seed(),
    }


def image_inputs() -> Inputs:
    return {**text_inputs(), "image": picture(48)}


def frame_inputs() -> Inputs:
    """The first frame and the last one."""
    return {**image_inputs(), "last_image": picture(48, hue=60)}


def vace_inputs() -> Inputs:
    return {
        **text_inputs(),
        "video": film(5),
        "mask": film_mask(5),
        "reference_images": picture(32, hue=90),
        "conditioning_scale": 0.8,
    }


RECIPES = (
    Recipe("wan", build, {"default": text_inputs}),
    Recipe("wan-i2v", build_image2video, {"image2video": image_inputs}),
    Recipe("wan-i2v", build_two_frames, {"flf2v": frame_inputs}, needs=TORCHVISION),
    Recipe("wan-vace", build_vace, {"default": vace_inputs}),
)
