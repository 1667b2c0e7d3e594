"""Where models come from: whole pipelines, single components, and putting them on the main wire."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from blockloom import Component, ModelName, ModelPart, Pipeline, Title, node
from blockloom.errors import UsageError

Dtype = Literal["auto", "float32", "bfloat16", "float16"]
Device = Literal["auto", "cuda", "xpu", "mps", "cpu", "cuda:0", "cuda:1", "cuda:2", "cuda:3"]
Offload = Literal["none", "model"]
Quantization = Literal[
    "none",
    "bitsandbytes 8-bit",
    "bitsandbytes 4-bit",
    "torchao int8",
    "torchao float8",
    "quanto int8",
    "quanto int4",
    "quanto float8",
]


def _model_fingerprint(model: str, revision: str = "", **_: object) -> str:
    """Changes when the model's files do, so that a replaced model is opened again."""
    from blockloom.bridge.models import current_places, trust_mark
    from blockloom.bridge.repositories import fingerprint

    return fingerprint(model, revision or None, current_places()) + trust_mark(model)


@node(
    id="BlockloomLoadPipeline",
    title="Load Pipeline",
    category="model",
    fingerprint=_model_fingerprint,
)
def load_pipeline(
    model: Annotated[str, ModelName] = "demo",
    revision: str = "",
    variant: str = "",
    dtype: Dtype = "auto",
    device: Device = "auto",
    offload: Offload = "none",
    quantization: Quantization = "none",
    quantized: str = "",
) -> Pipeline:
    """Open a model: a folder, a name on the Hugging Face Hub, or "demo".

    Its parts are loaded when a block needs them. Revision is a branch, tag or commit; variant
    chooses among weight files ("fp16"). Offload keeps models in main memory while they rest.
    Quantization makes weights smaller as they are loaded: those of the components named in
    quantized, with commas, or else of what makes the picture.
    """
    from blockloom.bridge.models import LoadOptions, current_store, open_model

    options = LoadOptions(revision, variant, dtype, device, offload, quantization, quantized)
    # The host puts what was opened on a wire of its own.
    return cast(Pipeline, open_model(model, options, store=current_store()))


@node(
    id="BlockloomLoadComponent",
    title="Load Component",
    category="model",
    fingerprint=_model_fingerprint,
)
def load_component(
    model: Annotated[str, ModelName],
    component: Annotated[str, ModelPart] = "",
    revision: str = "",
    variant: str = "",
    dtype: Dtype = "auto",
    device: Device = "auto",
    class_name: str = "",
) -> Component:
    """Load one part of a model, such as a vae, to put it on another model's wire.

    Component is its name in the model, or its folder; leave it empty for a repository that holds
    nothing else. A single weights file needs the class name ("AutoencoderKL").
    """
    from blockloom.bridge.models import LoadOptions, current_store, open_component

    options = LoadOptions(revision, variant, dtype, device)
    return open_component(model, component, options, class_name=class_name, store=current_store())


@node(id="BlockloomSetComponents", title="Set Components", category="model")
def set_components(
    pipeline: Pipeline,
    component: Component,
    name: str = "unet",
    component_2: Annotated[Component | None, Title("component 2")] = None,
    name_2: Annotated[str, Title("name 2")] = "",
) -> Pipeline:
    """Replace or add parts of the pipeline, by name: unet, transformer, vae, controlnet …"""
    pairs = [(name.strip(), component), (name_2.strip(), component_2)]
    if not pairs[0][0]:
        raise UsageError("The component has no name.", remedy='Type one, such as "vae".')
    if component_2 is not None and not pairs[1][0]:
        raise UsageError("The second component has no name.", remedy="Type one into name 2.")
    if component_2 is None and pairs[1][0]:
        raise UsageError(
            f'There is a name 2, but nothing is linked for "{pairs[1][0]}".',
            remedy="Link a component to component 2, or clear name 2.",
        )
    for one, given in pairs:
        pipeline = pipeline.with_component(one, given) if one else pipeline
    return pipeline
