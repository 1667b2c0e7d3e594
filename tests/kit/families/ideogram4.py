"""Ideogram 4."""

from __future__ import annotations

from pathlib import Path

from diffusers import (
    FlowMatchEulerDiscreteScheduler,
    Ideogram4PromptEnhancerHead,
    Ideogram4Transformer2DModel,
)
from diffusers.modular_pipelines import Ideogram4AutoBlocks
from tests.kit.parts import PROMPT, flux2_vae, qwen3_vl, qwen_tokenizer, seed
from tests.kit.recipes import Inputs, Recipe, write_repository
from transformers import Qwen3VLModel

_WIDTH = 8
_TAPPED = 13
"""Layers of the text encoder that are listened to; the last one is its 36th."""


def build(folder: Path) -> None:
    components = {
        "text_encoder": qwen3_vl(Qwen3VLModel, layers=36, width=_WIDTH),
        "tokenizer": qwen_tokenizer(),
        "prompt_enhancer_head": Ideogram4PromptEnhancerHead(_WIDTH, 272),
        "transformer": transformer(),
        "unconditional_transformer": transformer(),
        "scheduler": FlowMatchEulerDiscreteScheduler(),
        "vae": flux2_vae(),
    }
    write_repository(folder, Ideogram4AutoBlocks, components)


def transformer() -> Ideogram4Transformer2DModel:
    return Ideogram4Transformer2DModel(
        in_channels=16,
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        intermediate_size=16,
        adaln_dim=8,
        llm_features_dim=_TAPPED * _WIDTH,
        mrope_section=(2, 1, 1),
    )


def inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "guidance_schedule": (7.0, 3.0),
        "max_sequence_length": 128,
        "generator": seed(),
    }


RECIPES = (
    Recipe("ideogram4", build, {"text2image": inputs}, later={"guidance_schedule": (5.0, 2.0)}),
)
