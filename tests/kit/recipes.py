"""What the kit knows of a pipeline: how to build a tiny model of it, and what to give it.

When diffusers gains a family, add a file to ``tests/kit/families`` with its ``RECIPES``, and a
test module of a few lines to ``tests/pixels`` (copy the one of Flux). A recipe builds a repository
of the family's own classes, with configs of a few thousand weights, the VAE's real compression
factor and a tokenizer that knows bytes, and names inputs for each workflow that ``blockloom
pipelines`` lists. What cannot be built is named with its reason in the file's ``MISSING``. Then
run ``scripts/make_coverage.py``; a test tells which workflows have neither.
"""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tests.kit.families
import torch
from diffusers import ModularPipeline, ModularPipelineBlocks

from blockloom.graph.model import Graph

Inputs = dict[str, object]

TORCHVISION = "torchvision"


def as_it_is(graph: Graph, folder: Path, workflow: str) -> Graph:
    """No change to the template."""
    return graph


def loaded(pipeline: ModularPipeline, folder: Path, workflow: str) -> None:
    """Nothing to do besides loading the components."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A pipeline of diffusers on a model with random weights.

    ``build`` writes the repository into a folder. ``workflows`` makes fresh keyword arguments of
    ``ModularPipeline.__call__`` for each workflow. What is changed for runs from kept values is
    read late (``later``) and, where the workflow has it, early (``early``). ``prepare`` does to
    diffusers' pipeline, and ``adapt`` to the template, what has to be done besides loading.
    ``needs`` names a package that the family cannot do without, and the other tests go without.
    """

    pipeline: str
    build: Callable[[Path], object]
    workflows: Mapping[str, Callable[[], Inputs]]
    later: Mapping[str, object] = field(default_factory=lambda: {"num_inference_steps": 3})
    early: Mapping[str, object] = field(default_factory=lambda: {"prompt": "a house in a wood"})
    prepare: Callable[[ModularPipeline, Path, str], None] = loaded
    adapt: Callable[[Graph, Path, str], Graph] = as_it_is
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A pipeline, or one workflow of it, that the kit cannot run, and why."""

    pipeline: str
    reason: str
    workflow: str = ""


def family_modules() -> Iterator[Any]:
    """The files of ``tests/kit/families``."""
    for found in sorted(pkgutil.iter_modules(tests.kit.families.__path__), key=lambda m: m.name):
        yield importlib.import_module(f"tests.kit.families.{found.name}")


def all_recipes() -> list[Recipe]:
    """Every recipe of every family."""
    return [recipe for module in family_modules() for recipe in getattr(module, "RECIPES", ())]


def all_missing() -> list[Missing]:
    """Everything that is said not to run here."""
    return [missing for module in family_modules() for missing in getattr(module, "MISSING", ())]


def write_repository(
    folder: Path, blocks: type[ModularPipelineBlocks], components: Mapping[str, Any], **config: Any
) -> None:
    """Write a modular repository with these components; ``config`` are the pipeline's values."""
    for component in components.values():
        if isinstance(component, torch.nn.Module):
            without_zeros(component)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = blocks().init_pipeline()
        pipeline.update_components(**components, **config)
        pipeline.save_pretrained(str(folder), overwrite_modular_index=True)


def without_zeros(model: torch.nn.Module) -> None:
    """Weights that begin as zeros, as those of ControlNets do, would hide what they are given."""
    with torch.no_grad():
        for weight in model.parameters():
            if weight.is_floating_point() and not weight.any():
                weight.normal_(std=0.1)
