"""Z-Image."""

from __future__ import annotations

from pathlib import Path

from diffusers import FlowMatchEulerDiscreteScheduler, ZImageTransformer2DModel
from diffusers.modular_pipelines import ZImageAutoBlocks
from tests.kit.families.stable_diffusion_3 import vae
from tests.kit.parts import PROMPT, picture, qwen3, qwen_tokenizer, seed
from tests.kit.recipes import Inputs, Recipe, write_repository
from transformers import Qwen3Model


def build(folder: Path) -> None:
    components = {
        "text_encoder": qwen3(Qwen3Model),
        "tokenizer": qwen_tokenizer(),
        "vae": vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=3.0),
        "transformer": transformer(),
    }
    write_repository(folder, ZImageAutoBlocks, components)


def transformer() -> ZImageTransformer2DModel:
    return ZImageTransformer2DModel(
        in_channels=16,
        dim=16,
        n_layers=1,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=8,
        axes_dims=[4, 2, 2],
        axes_lens=[256, 32, 32],
    )


def text_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "max_sequence_length": 64,
        "generator": seed(),
    }


def image_inputs() -> Inputs:
    return {**text_inputs(), "image": picture(), "strength": 0.9}


RECIPES = (Recipe("z-image", build, {"text2image": text_inputs, "image2image": image_inputs}),)
