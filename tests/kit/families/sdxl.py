"""Stable Diffusion XL: alone, with ControlNets of both kinds, and with an IP-Adapter."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import torch
from diffusers import ControlNetModel, ControlNetUnionModel, ModularPipeline
from safetensors.torch import save_file
from tests.kit.parts import PROMPT, mask, picture, seed
from tests.kit.recipes import Inputs, Recipe, without_zeros
from tests.tiny_models import TEXT_WIDTH, build_tiny_sdxl, build_unet
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from blockloom.graph.model import Graph, Link, Literal, Node

CONTROLNET = "controlnet"
UNION = "controlnet_union"
ADAPTERS = "adapters"
IP = "ip_adapter"
IP_ADAPTER_FILE = "ip-adapter.safetensors"
IMAGE_ENCODER = "image_encoder"
_UNION_WIDTHS = {"num_trans_channel": 8, "num_trans_head": 2, "num_proj_channel": 8}


def build(folder: Path) -> None:
    build_tiny_sdxl(folder)
    for name, model in ((CONTROLNET, ControlNetModel), (UNION, ControlNetUnionModel)):
        made = model(**_controlnet_config(), **(_UNION_WIDTHS if name == UNION else {}))
        without_zeros(made)
        made.save_pretrained(folder.parent / name)
    image_encoder().save_pretrained(folder.parent / IMAGE_ENCODER)
    write_ip_adapter(folder.parent / ADAPTERS / IP)


def image_encoder() -> CLIPVisionModelWithProjection:
    """It sees pictures as wide as diffusers makes them for it."""
    config = CLIPVisionConfig(
        hidden_size=TEXT_WIDTH,
        intermediate_size=2 * TEXT_WIDTH,
        projection_dim=TEXT_WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=224,
        patch_size=56,
    )
    return CLIPVisionModelWithProjection(config)


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


def write_ip_adapter(folder: Path) -> None:
    """An IP-Adapter for the tiny UNet: four tokens made of a picture, for each cross-attention."""
    width = 2 * TEXT_WIDTH
    weights = {
        "image_proj.proj.weight": torch.randn(4 * width, TEXT_WIDTH),
        "image_proj.proj.bias": torch.randn(4 * width),
        "image_proj.norm.weight": torch.ones(width),
        "image_proj.norm.bias": torch.zeros(width),
    }
    layers = [layer for name, layer in build_unet().named_modules() if name.endswith("attn2")]
    for index, layer in enumerate(layers):
        for part in ("to_k_ip", "to_v_ip"):
            shape = (layer.inner_dim, width)
            weights[f"ip_adapter.{2 * index + 1}.{part}.weight"] = torch.randn(shape)
    folder.mkdir(parents=True)
    save_file(weights, folder / IP_ADAPTER_FILE)


def controlnet_of(workflow: str) -> str:
    """The folder of the ControlNet that a workflow needs, or ""."""
    return next((name for name in (UNION, CONTROLNET) if name in workflow), "")


def prepare(pipeline: ModularPipeline, folder: Path, workflow: str) -> None:
    name = controlnet_of(workflow)
    if name:
        model = ControlNetUnionModel if name == UNION else ControlNetModel
        pipeline.update_components(controlnet=model.from_pretrained(folder.parent / name))
    if "ip_adapter" in workflow:
        encoder = CLIPVisionModelWithProjection.from_pretrained(folder.parent / IMAGE_ENCODER)
        pipeline.update_components(image_encoder=encoder)
        adapters = str(folder.parent / ADAPTERS)
        pipeline.load_ip_adapter(adapters, subfolder=IP, weight_name=IP_ADAPTER_FILE)
        pipeline.set_ip_adapter_scale(0.7)


def adapt(graph: Graph, folder: Path, workflow: str) -> Graph:
    """The template with the names of what lies in folders of its own."""
    if "ip_adapter" in workflow:
        encoder = {"model": Literal(str(folder.parent / IMAGE_ENCODER))}
        graph = graph.with_node(Node("encoder", "BlockloomLoadComponent", encoder))
        inputs: dict[str, Literal | Link] = {
            "model": Literal(str(folder.parent / ADAPTERS)),
            "weight_name": Literal(f"{IP}/{IP_ADAPTER_FILE}"),
            "scale": Literal(0.7),
            "image_encoder": Link("encoder", "component"),
        }
        for name, given in inputs.items():
            graph = graph.with_node(graph.nodes["load_ip_adapter"].with_input(name, given))
    name = controlnet_of(workflow)
    if name:
        model = Literal(str(folder.parent / name))
        graph = graph.with_node(graph.nodes["load_controlnet"].with_input("model", model))
    return graph


def inputs_for(workflow: str) -> Inputs:
    """What a workflow needs, by the words in its name."""
    inputs: Inputs = {"prompt": PROMPT, "num_inference_steps": 2, "generator": seed()}
    if "controlnet" in workflow:
        inputs |= {"control_image": picture(hue=90), "controlnet_conditioning_scale": 0.8}
    if "union" in workflow:
        inputs |= {"control_mode": [3]}
    if "ip_adapter" in workflow:
        inputs |= {"ip_adapter_image": picture(hue=40)}
    if "text2image" not in workflow:
        inputs |= {"image": picture(), "strength": 0.9}
    if "inpainting" in workflow:
        inputs |= {"mask_image": mask()}
    return inputs


_TASKS = ("text2image", "image2image", "inpainting")
_NETS = ("", "controlnet_", "controlnet_union_")


def recipe(start: str) -> Recipe:
    """The workflows whose names begin so."""
    names = [f"{start}{net}{task}" for net in _NETS for task in _TASKS]
    workflows = {name: partial(inputs_for, name) for name in names}
    return Recipe("stable-diffusion-xl", build, workflows, prepare=prepare, adapt=adapt)


PLAIN = recipe("")
WITH_IP_ADAPTER = recipe("ip_adapter_")
RECIPES = (PLAIN, WITH_IP_ADAPTER)
