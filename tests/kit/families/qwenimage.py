"""Qwen Image, with and without a ControlNet."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from diffusers import (
    FlowMatchEulerDiscreteScheduler,
    QwenImageControlNetModel,
    QwenImageTransformer2DModel,
)
from diffusers.modular_pipelines import QwenImageAutoBlocks
from tests.kit.parts import PROMPT, mask, picture, qwen25_vl, qwen_tokenizer, qwen_vae, seed
from tests.kit.recipes import Inputs, Recipe, write_repository

from blockloom.graph.model import Graph, Literal

_SHAPE: dict[str, Any] = {
    "in_channels": 16,
    "out_channels": 4,
    "num_layers": 1,
    "attention_head_dim": 8,
    "num_attention_heads": 2,
    "joint_attention_dim": 8,
    "axes_dims_rope": (4, 2, 2),
}


def build(folder: Path) -> None:
    components = {
        "text_encoder": qwen25_vl(),
        "tokenizer": qwen_tokenizer(),
        "vae": qwen_vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "transformer": QwenImageTransformer2DModel(**_SHAPE),
        "controlnet": QwenImageControlNetModel(**_SHAPE),
    }
    write_repository(folder, QwenImageAutoBlocks, components)


def adapt(graph: Graph, folder: Path, workflow: str) -> Graph:
    """The template with its ControlNet, which is a part of the repository here."""
    if "controlnet" not in workflow:
        return graph
    node = graph.nodes["load_controlnet"].with_input("model", Literal(str(folder)))
    return graph.with_node(node.with_input("component", Literal("controlnet")))


def inputs_for(workflow: str) -> Inputs:
    """What a workflow needs, by the words in its name."""
    inputs: Inputs = {
        "prompt": PROMPT,
        "negative_prompt": "a house",
        "height": 64,
        "width": 64,
        "num_inference_steps": 2,
        "generator": seed(),
    }
    if "text2image" not in workflow:
        inputs |= {"image": picture(), "strength": 0.9}
    if "inpainting" in workflow:
        inputs |= {"mask_image": mask()}
    if "controlnet" in workflow:
        inputs |= {"control_image": picture(hue=90), "controlnet_conditioning_scale": 0.8}
    return inputs


_TASKS = ("text2image", "image2image", "inpainting")
_WORKFLOWS = [f"{kind}{task}" for kind in ("", "controlnet_") for task in _TASKS]

RECIPES = (
    Recipe(
        "qwenimage",
        build,
        {name: partial(inputs_for, name) for name in _WORKFLOWS},
        adapt=adapt,
    ),
)
