"""Ernie Image."""

from __future__ import annotations

from pathlib import Path

from diffusers import ErnieImageTransformer2DModel, FlowMatchEulerDiscreteScheduler
from diffusers.modular_pipelines import ErnieImageAutoBlocks
from tests.kit.parts import PROMPT, flux2_vae, mistral3, qwen_tokenizer, seed
from tests.kit.recipes import Inputs, Recipe, write_repository
from transformers import Mistral3Model

_WIDTH = 8


def build(folder: Path) -> None:
    components = {
        "text_encoder": mistral3(Mistral3Model, width=_WIDTH),
        "tokenizer": qwen_tokenizer(),
        "transformer": transformer(),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=3.0),
        "vae": flux2_vae(),
    }
    write_repository(folder, ErnieImageAutoBlocks, components)


def transformer() -> ErnieImageTransformer2DModel:
    return ErnieImageTransformer2DModel(
        hidden_size=16,
        num_attention_heads=2,
        num_layers=1,
        ffn_hidden_size=16,
        in_channels=16,
        out_channels=16,
        text_in_dim=_WIDTH,
        rope_axes_dim=(4, 2, 2),
    )


def inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "negative_prompt": "a house",
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "generator": seed(),
    }


RECIPES = (Recipe("ernie-image", build, {"text2image": inputs}),)
