"""Flux 2, and its small form.

The text encoder of Flux 2 has a processor that needs torchvision for pictures, though the pipeline
gives it none: it is tried with the whole, and with the tokenizer alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from diffusers import FlowMatchEulerDiscreteScheduler, Flux2Transformer2DModel
from diffusers.modular_pipelines import Flux2AutoBlocks, Flux2KleinAutoBlocks
from tests.kit.parts import (
    PROMPT,
    flux2_vae,
    mistral3,
    picture,
    pixtral_processor,
    qwen3,
    qwen_tokenizer,
    seed,
)
from tests.kit.recipes import TORCHVISION, Inputs, Recipe, write_repository
from transformers import Mistral3ForConditionalGeneration, Qwen3ForCausalLM

_WIDTH = 8


def build_klein(folder: Path) -> None:
    components = {
        "text_encoder": qwen3(Qwen3ForCausalLM, layers=3, width=_WIDTH),
        "tokenizer": qwen_tokenizer(),
        "vae": flux2_vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "transformer": transformer(has_guidance=False),
    }
    write_repository(folder, Flux2KleinAutoBlocks, components)


def build_large(folder: Path, make_tokenizer: Callable[[], object] = qwen_tokenizer) -> None:
    components = {
        "text_encoder": mistral3(Mistral3ForConditionalGeneration, layers=3, width=_WIDTH),
        "tokenizer": make_tokenizer(),
        "vae": flux2_vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "transformer": transformer(has_guidance=True),
    }
    write_repository(folder, Flux2AutoBlocks, components)


def transformer(*, has_guidance: bool) -> Flux2Transformer2DModel:
    return Flux2Transformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=3 * _WIDTH,
        timestep_guidance_channels=8,
        axes_dims_rope=(2, 2, 2, 2),
        guidance_embeds=has_guidance,
    )


def text_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "max_sequence_length": 64,
        "text_encoder_out_layers": (1, 2, 3),
        "generator": seed(),
    }


def large_text_inputs() -> Inputs:
    return {**text_inputs(), "max_sequence_length": 320, "guidance_scale": 3.0}


def large_edit_inputs() -> Inputs:
    return {**large_text_inputs(), "image": picture()}


def edit_inputs() -> Inputs:
    return {**text_inputs(), "image": [picture(), picture(hue=90)]}


_LARGE = {"text2image": large_text_inputs, "image_conditioned": large_edit_inputs}

WITHOUT_PROCESSOR = Recipe("flux2", build_large, _LARGE)
WITH_PROCESSOR = Recipe(
    "flux2",
    partial(build_large, make_tokenizer=pixtral_processor),
    _LARGE,
    needs=TORCHVISION,
)
KLEIN = Recipe(
    "flux2-klein", build_klein, {"text2image": text_inputs, "image_conditioned": edit_inputs}
)
RECIPES = (WITHOUT_PROCESSOR, WITH_PROCESSOR, KLEIN)
