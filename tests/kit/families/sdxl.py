"""Stable Diffusion XL, alone, with a ControlNet, and with a ControlNet of many kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import ControlNetModel, ControlNetUnionModel, ModularPipeline
from tests.kit.parts import PROMPT, mask, picture, seed
from tests.kit.recipes import Inputs, Recipe, without_zeros
from tests.tiny_models import TEXT_WIDTH, build_tiny_sdxl

from blockloom.graph.model import Graph, Link, Literal, Node

CONTROLNET = "controlnet"
UNION = "controlnet_union"
_UNION_WIDTHS = {"num_trans_channel": 8, "num_trans_head": 2, "num_proj_channel": 8}


def build(folder: Path) -> None:
    build_tiny_sdxl(folder)
    for name, model in ((CONTROLNET, ControlNetModel), (UNION, ControlNetUnionModel)):
        made = model(**_controlnet_config(), **(_UNION_WIDTHS if name == UNION else {}))
        without_zeros(made)
        made.save_pretrained(folder.parent / name)


def _controlnet_config() -> dict[str, Any]:
    return {
        "block_out_channels": (8, 16),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "layers_per_block": 1,
        "transformer_layers_per_block": 1,
        "attention_head_dim": 2,
        "cross_attention_dim": 2 * TEXT_WIDTH,
        "norm_num_groups": 4,
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 4,
        "projection_class_embeddings_input_dim": 6 * 4 + TEXT_WIDTH,
        "conditioning_embedding_out_channels": (4, 8, 8, 8),
    }


def controlnet_of(workflow: str) -> str:
    """The folder of the ControlNet that a workflow needs, or ""."""
    return next((name for name in (UNION, CONTROLNET) if name in workflow), "")


def prepare(pipeline: ModularPipeline, folder: Path, workflow: str) -> None:
    name = controlnet_of(workflow)
    if name:
        model = ControlNetUnionModel if name == UNION else ControlNetModel
        pipeline.update_components(controlnet=model.from_pretrained(folder.parent / name))


def adapt(graph: Graph, folder: Path, workflow: str) -> Graph:
    """The template with the ControlNet from its own folder put on the main wire."""
    name = controlnet_of(workflow)
    if not name:
        return graph
    load = Node("net", "BlockloomLoadComponent", {"model": Literal(str(folder.parent / name))})
    inputs = {
        "pipeline": Link("model", "pipeline"),
        "component": Link("net", "component"),
        "name": Literal("controlnet"),
    }
    for reader in graph.nodes.values():
        if reader.inputs.get("pipeline") == Link("model", "pipeline"):
            graph = graph.with_node(reader.with_input("pipeline", Link("with_net", "pipeline")))
    return graph.with_node(load).with_node(Node("with_net", "BlockloomSetComponents", inputs))


def inputs_for(workflow: str) -> Inputs:
    """What a workflow needs, by the words in its name."""
    inputs: Inputs = {"prompt": PROMPT, "num_inference_steps": 2, "generator": seed()}
    if "controlnet" in workflow:
        inputs |= {"control_image": picture(hue=90), "controlnet_conditioning_scale": 0.8}
    if "union" in workflow:
        inputs |= {"control_mode": [3]}
    if "text2image" not in workflow:
        inputs |= {"image": picture(), "strength": 0.9}
    if "inpainting" in workflow:
        inputs |= {"mask_image": mask()}
    return inputs


_TASKS = ("text2image", "image2image", "inpainting")
WORKFLOWS = [
    f"{kind}{task}" for kind in ("", "controlnet_", "controlnet_union_") for task in _TASKS
]

RECIPES = (
    Recipe(
        "stable-diffusion-xl",
        build,
        {name: lambda name=name: inputs_for(name) for name in WORKFLOWS},
        prepare=prepare,
        adapt=adapt,
    ),
)
