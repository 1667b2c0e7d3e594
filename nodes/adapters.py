"""Adapters: LoRA, ControlNet, IP-Adapter, textual inversion; each leaves other branches alone."""

from __future__ import annotations

from typing import Annotated, cast

from blockloom import Component, ModelName, ModelPart, Pipeline, Range, Title, node

Strength = Annotated[float, Range(-10.0, 10.0, step=0.05)]


def _file_fingerprint(model: str = "", revision: str = "", **_: object) -> str:
    """Changes when the adapter's files do, so that a replaced one is read again."""
    from blockloom.bridge.models import current_places
    from blockloom.bridge.repositories import fingerprint

    return fingerprint(model, revision or None, current_places())


@node(id="BlockloomApplyLoRA", title="Apply LoRA", category="model", fingerprint=_file_fingerprint)
def apply_lora(
    pipeline: Pipeline,
    model: Annotated[str, ModelName] = "",
    weight_name: Annotated[str, Title("file")] = "",
    strength: Strength = 1.0,
    component: str = "",
    revision: str = "",
) -> Pipeline:
    """Lay a LoRA over the models of this branch; put several in a row to add them up.

    Args:
        model: A folder, a .safetensors file, or a name on the Hugging Face Hub.
        weight_name: The file in it; may stay empty where there is only one.
        strength: How much of it; 0 is none at all.
        component: Only this part of the model, such as "unet"; empty means all it was made for.
    """
    from blockloom.bridge.apply import apply_lora as apply

    return cast(Pipeline, apply(pipeline, model, weight_name, revision, strength, component))


@node(
    id="BlockloomLoadControlNet",
    title="Load ControlNet",
    category="model",
    fingerprint=_file_fingerprint,
)
def load_controlnet(
    pipeline: Pipeline,
    model: Annotated[str, ModelName],
    component: Annotated[str, ModelPart] = "",
    revision: str = "",
    variant: str = "",
    name: str = "controlnet",
) -> Pipeline:
    """Load a ControlNet and put it on the main wire, for the blocks that take a control image.

    Args:
        component: Its folder in the model; leave it empty for a model that is nothing else.
        name: The name under which the blocks look for it.
    """
    from blockloom.bridge.models import LoadOptions, current_store, open_component

    options = LoadOptions(revision, variant)
    found = open_component(model, component, options, store=current_store())
    return pipeline.with_component(name.strip() or "controlnet", cast(Component, found))


@node(
    id="BlockloomLoadIPAdapter",
    title="Load IP-Adapter",
    category="model",
    fingerprint=_file_fingerprint,
)
def load_ip_adapter(
    pipeline: Pipeline,
    model: Annotated[str, ModelName],
    weight_name: Annotated[str, Title("file")] = "",
    scale: Annotated[float, Range(0.0, 2.0, step=0.05)] = 1.0,
    image_encoder: Component | None = None,
    revision: str = "",
) -> Pipeline:
    """Lay an IP-Adapter over the model of this branch, so that pictures can serve as prompts.

    Args:
        model: A folder, a .safetensors file, or a name on the Hugging Face Hub.
        weight_name: The file in it, with its folder: "sdxl_models/ip-adapter_sdxl.safetensors".
        scale: How much the picture counts beside the text.
        image_encoder: What reads the picture, where the model does not have one itself.
    """
    from blockloom.bridge.apply import apply_ip_adapter

    if image_encoder is not None:
        pipeline = pipeline.with_component("image_encoder", image_encoder)
    return cast(Pipeline, apply_ip_adapter(pipeline, model, weight_name, revision, scale))


@node(
    id="BlockloomLoadTextualInversion",
    title="Load Textual Inversion",
    category="model",
    fingerprint=_file_fingerprint,
)
def load_textual_inversion(
    pipeline: Pipeline,
    model: Annotated[str, ModelName],
    token: str,
    weight_name: Annotated[str, Title("file")] = "",
    text_encoder: str = "",
    revision: str = "",
) -> Pipeline:
    """Teach the text encoders of this branch a new word, to be used in prompts.

    Args:
        model: A folder, a .safetensors file, or a name on the Hugging Face Hub.
        token: The word, such as "<my-cat>".
        weight_name: The file in it; may stay empty where there is only one.
        text_encoder: Only this one, such as "text_encoder_2"; empty means all it was made for.
    """
    from blockloom.bridge.apply import apply_textual_inversion

    return cast(
        Pipeline,
        apply_textual_inversion(pipeline, model, weight_name, revision, token, text_encoder),
    )
