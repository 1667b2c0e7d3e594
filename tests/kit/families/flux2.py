"""Flux 2, and its small form.

The text encoder of Flux 2 comes with a tokenizer alone here: its whole processor needs torchvision
for pictures, and the pipeline gives it none.
"""

from __future__ import annotations

from pathlib import Path

from diffusers import FlowMatchEulerDiscreteScheduler, Flux2Transformer2DModel
from diffusers.modular_pipelines import Flux2AutoBlocks, Flux2KleinAutoBlocks
from tests.kit.parts import PROMPT, flux2_vae, mistral3, picture, qwen3, qwen_tokenizer, seed
from tests.kit.recipes import Inputs, Recipe, write_repository
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


def build_large(folder: Path) -> None:
    components = {
        "text_encoder": mistral3(Mistral3ForConditionalGeneration, layers=3, width=_WIDTH),
        "tokenizer": qwen_tokenizer(),
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


RECIPES = (
    Recipe(
        "flux2",
        build_large,
        {"text2image": large_text_inputs, "image_conditioned": large_edit_inputs},
    ),
    Recipe(
        "flux2-klein",
        build_klein,
        {"text2image": text_inputs, "image_conditioned": edit_inputs},
    ),
)
