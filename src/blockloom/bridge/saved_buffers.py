"""The buffers of a model that are saved with its weights, read without the weights.

Blocks read some of them from models that they never run, the statistics of latents for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec
from safetensors import safe_open

from blockloom.bridge.repositories import Repository

_STEMS = ("diffusion_pytorch_model", "model")


def fill_saved_buffers(
    model: torch.nn.Module, repository: Repository, spec: ComponentSpec, device: torch.device
) -> None:
    """Give a model on the meta device the values of its saved buffers; unsaved ones stay as is."""
    saved = model.state_dict().keys()
    wanted = [name for name, _ in model.named_buffers() if name in saved]
    for name, value in _read(repository, spec, wanted):
        owner, _, short = name.rpartition(".")
        place = model.get_submodule(owner)
        place.register_buffer(short, value.to(device, place.get_buffer(short).dtype))


def _read(
    repository: Repository, spec: ComponentSpec, names: Iterable[str]
) -> Iterator[tuple[str, torch.Tensor]]:
    by_file: dict[str, list[str]] = {}
    for name in names:
        for path in _files_with(repository, spec, name):
            by_file.setdefault(path, []).append(name)
    for path, inside in by_file.items():
        file = repository.file(path)
        if file is not None:
            with safe_open(file, framework="pt") as weights:
                held = set(weights.keys())
                yield from ((name, weights.get_tensor(name)) for name in inside if name in held)


def _files_with(repository: Repository, spec: ComponentSpec, name: str) -> Iterator[str]:
    """The first file that should hold a tensor: of several parts, the one the index names."""
    folder = f"{spec.subfolder}/" if spec.subfolder else ""
    for stem in _STEMS:
        for variant in dict.fromkeys((spec.variant, None)):
            file = f"{folder}{stem}{f'.{variant}' if variant else ''}.safetensors"
            parts = f"{folder}{stem}.safetensors.index{f'.{variant}' if variant else ''}.json"
            index = repository.read_json(parts)
            if index is not None:
                part = index.get("weight_map", {}).get(name)
                yield from (f"{folder}{part}",) if part else ()
                return
            if repository.file(file) is not None:
                yield file
                return
