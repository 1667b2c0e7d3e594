"""Anima: with the padding mask of its transformer, which needs torchvision, and without."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from diffusers import (
    AnimaTextConditioner,
    CosmosTransformer3DModel,
    FlowMatchEulerDiscreteScheduler,
)
from diffusers.modular_pipelines import AnimaAutoBlocks
from tests.kit.parts import PROMPT, picture, qwen3, qwen_tokenizer, qwen_vae, seed, t5_tokenizer
from tests.kit.recipes import TORCHVISION, Inputs, Recipe, write_repository
from transformers import Qwen3Model

_WIDTH = 8


def build(folder: Path, *, has_padding_mask: bool = False) -> None:
    components = {
        "text_encoder": qwen3(Qwen3Model, width=_WIDTH),
        "tokenizer": qwen_tokenizer(),
        "t5_tokenizer": t5_tokenizer(),
        "text_conditioner": conditioner(),
        "transformer": transformer(has_padding_mask),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=3.0),
        "vae": qwen_vae(),
    }
    write_repository(folder, AnimaAutoBlocks, components)


def conditioner() -> AnimaTextConditioner:
    return AnimaTextConditioner(
        source_dim=_WIDTH,
        target_dim=_WIDTH,
        model_dim=_WIDTH,
        num_layers=1,
        num_attention_heads=2,
        target_vocab_size=128,
        min_sequence_length=64,
    )


def transformer(has_padding_mask: bool) -> CosmosTransformer3DModel:
    return CosmosTransformer3DModel(
        in_channels=4,
        out_channels=4,
        num_attention_heads=2,
        attention_head_dim=16,
        num_layers=1,
        text_embed_dim=_WIDTH,
        adaln_lora_dim=4,
        max_size=(4, 16, 16),
        concat_padding_mask=has_padding_mask,
        extra_pos_embed_type=None,
    )


def text_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "negative_prompt": "a house",
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "max_sequence_length": 64,
        "generator": seed(),
    }


def image_inputs() -> Inputs:
    return {**text_inputs(), "image": picture(), "strength": 0.9}


_WORKFLOWS = {"text2image": text_inputs, "img2img": image_inputs}
WITHOUT_MASK = Recipe("anima", build, _WORKFLOWS)
WITH_MASK = Recipe("anima", partial(build, has_padding_mask=True), _WORKFLOWS, needs=TORCHVISION)
RECIPES = (WITHOUT_MASK, WITH_MASK)
