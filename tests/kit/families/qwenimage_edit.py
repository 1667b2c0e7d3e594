"""The editing pipelines of Qwen Image; their processor for pictures needs torchvision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import FlowMatchEulerDiscreteScheduler, QwenImageTransformer2DModel
from diffusers.modular_pipelines import (
    QwenImageEditAutoBlocks,
    QwenImageEditPlusAutoBlocks,
    QwenImageLayeredAutoBlocks,
)
from tests.kit.parts import (
    PROMPT,
    mask,
    picture,
    qwen2_vl_processor,
    qwen25_vl,
    qwen_tokenizer,
    qwen_vae,
    seed,
)
from tests.kit.recipes import TORCHVISION, Inputs, Recipe, write_repository


def components(*, channels: int = 3, **shape: Any) -> dict[str, object]:
    return {
        "text_encoder": qwen25_vl(),
        "processor": qwen2_vl_processor(),
        "vae": qwen_vae(channels),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "transformer": QwenImageTransformer2DModel(
            in_channels=16,
            out_channels=4,
            num_layers=1,
            attention_head_dim=8,
            num_attention_heads=1,
            joint_attention_dim=8,
            axes_dims_rope=(4, 2, 2),
            **shape,
        ),
    }


def build_edit(folder: Path) -> None:
    write_repository(folder, QwenImageEditAutoBlocks, components())


def build_edit_plus(folder: Path) -> None:
    write_repository(folder, QwenImageEditPlusAutoBlocks, components())


def build_layered(folder: Path) -> None:
    parts = components(channels=4, use_additional_t_cond=True, use_layer3d_rope=True)
    write_repository(folder, QwenImageLayeredAutoBlocks, {**parts, "tokenizer": qwen_tokenizer()})


def edit_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "image": picture(),
        "num_inference_steps": 2,
        "generator": seed(),
    }


def inpainting_inputs() -> Inputs:
    return {**edit_inputs(), "mask_image": mask(), "strength": 0.9}


def edit_plus_inputs() -> Inputs:
    return {**edit_inputs(), "height": 64, "width": 64}


def layered_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "image": picture().convert("RGBA"),
        "layers": 2,
        "num_inference_steps": 2,
        "generator": seed(),
    }


RECIPES = (
    Recipe(
        "qwenimage-edit",
        build_edit,
        {"image_conditioned": edit_inputs, "image_conditioned_inpainting": inpainting_inputs},
        needs=TORCHVISION,
    ),
    Recipe(
        "qwenimage-edit-plus", build_edit_plus, {"default": edit_plus_inputs}, needs=TORCHVISION
    ),
    Recipe("qwenimage-layered", build_layered, {"default": layered_inputs}, needs=TORCHVISION),
)
