"""Blockloom: a node editor for diffusion pipelines, built on diffusers' modular blocks."""

from blockloom.catalogue.author import (
    AnyValue,
    Audio,
    Colour,
    Component,
    Context,
    Image,
    Mask,
    ModelName,
    ModelPart,
    Multiline,
    PictureFile,
    Pipeline,
    Range,
    Seed,
    Tensor,
    Title,
    Video,
    node,
)

__version__ = "0.1.0"

__all__ = [
    "AnyValue",
    "Audio",
    "Colour",
    "Component",
    "Context",
    "Image",
    "Mask",
    "ModelName",
    "ModelPart",
    "Multiline",
    "PictureFile",
    "Pipeline",
    "Range",
    "Seed",
    "Tensor",
    "Title",
    "Video",
    "__version__",
    "node",
]
