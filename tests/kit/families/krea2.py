"""Krea 2."""

from __future__ import annotations

from pathlib import Path

from diffusers import FlowMatchEulerDiscreteScheduler, Krea2Transformer2DModel
from diffusers.modular_pipelines import Krea2AutoBlocks
from tests.kit.parts import PROMPT, qwen3_vl, qwen_tokenizer, qwen_vae, seed
from tests.kit.recipes import Inputs, Recipe, write_repository
from transformers import Qwen3VLModel

_WIDTH = 8
_TAPPED = 12
"""Layers of the text encoder that are listened to; the last one is its 35th."""


def build(folder: Path) -> None:
    components = {
        "text_encoder": qwen3_vl(Qwen3VLModel, layers=36, width=_WIDTH),
        "tokenizer": qwen_tokenizer(),
        "transformer": transformer(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "vae": qwen_vae(),
    }
    write_repository(folder, Krea2AutoBlocks, components)


def transformer() -> Krea2Transformer2DModel:
    return Krea2Transformer2DModel(
        in_channels=16,
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        num_key_value_heads=1,
        intermediate_size=16,
        timestep_embed_dim=8,
        text_hidden_dim=_WIDTH,
        num_text_layers=_TAPPED,
        text_num_attention_heads=2,
        text_num_key_value_heads=2,
        text_intermediate_size=16,
        num_layerwise_text_blocks=1,
        num_refiner_text_blocks=1,
        axes_dims_rope=(4, 2, 2),
    )


def inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "negative_prompt": "a house",
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "max_sequence_length": 320,
        "generator": seed(),
    }


RECIPES = (Recipe("krea2", build, {"text2image": inputs}),)
