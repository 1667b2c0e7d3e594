"""The pipelines diffusers has, with their workflows, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import diffusers
from diffusers.modular_pipelines.modular_pipeline import (
    MODULAR_PIPELINE_MAPPING,
    ModularPipelineBlocks,
)

from blockloom.bridge.block_kinds import kind_of
from blockloom.bridge.blocks import BlockLibrary
from blockloom.bridge.describe import Setting, places_of
from blockloom.bridge.json_values import to_json
from blockloom.bridge.open_steps import Place, open_steps
from blockloom.catalogue.pipelines import PipelineEntry, Step, Workflow
from blockloom.graph.model import Json
from blockloom.graph.node_types import Kind

DEFAULT_WORKFLOW = "default"


def describe_pipelines(library: BlockLibrary) -> dict[str, PipelineEntry]:
    """Every entry of diffusers' pipeline mapping, by name."""
    entries = {}
    for name, class_name_of in MODULAR_PIPELINE_MAPPING.items():
        class_name = class_name_of()
        preset = getattr(diffusers, class_name).default_blocks_name
        entries[name] = describe_pipeline(name, class_name, preset, library)
    return entries


def describe_pipeline(
    name: str, class_name: str, preset: str, library: BlockLibrary
) -> PipelineEntry:
    """One pipeline: ``preset`` is the type id of its blocks."""
    blocks = library.resolve(preset)
    by_place = _Preset(preset, blocks, library.setting())
    defaults = _defaults_of(library.resolve(preset))
    triggers_by_name = blocks._workflow_map or {DEFAULT_WORKFLOW: {}}
    workflows = tuple(
        replace(_workflow(by_place, workflow, _first_spelling(triggers)), defaults=defaults)
        for workflow, triggers in triggers_by_name.items()
    )
    description = (blocks.description or "").strip().split("\n\n")[0]
    return PipelineEntry(name, class_name, preset, workflows, description)


@dataclass(frozen=True, slots=True)
class _Preset:
    type_id: str
    blocks: ModularPipelineBlocks
    setting: Setting


def _workflow(preset: _Preset, name: str, triggers: Mapping[str, object]) -> Workflow:
    values = {key: to_json(value)[0] for key, value in triggers.items() if value is not True}
    workflow = Workflow(name, tuple(triggers), trigger_values=values)
    try:
        running = _running_blocks(preset.blocks, name)
    except NotImplementedError:  # diffusers says so of workflows that only run as a whole
        whole = (Step("", preset.type_id),)
        return replace(workflow, coarse=whole, leaf=whole)
    top = {sub_name: type_id for sub_name, type_id, _ in _sub_blocks(preset)}
    return replace(
        workflow,
        coarse=tuple(
            Step(path, top[path]) for path in dict.fromkeys(p.split(".")[0] for p in running)
        ),
        leaf=open_steps(running, list(_places_inside(preset)), triggers),
    )


def _first_spelling(
    triggers: dict[str, object] | tuple[dict[str, object], ...],
) -> dict[str, object]:
    """A workflow's triggers; of several spellings the first, as diffusers does."""
    return triggers[0] if isinstance(triggers, tuple) else triggers


def _running_blocks(
    blocks: ModularPipelineBlocks, workflow: str
) -> dict[str, ModularPipelineBlocks]:
    """The leaf blocks of a workflow by diffusers' path, which leaves out the names of branches."""
    if blocks._workflow_map is None:
        return dict(blocks.get_execution_blocks().sub_blocks)
    return dict(blocks.get_workflow(workflow).sub_blocks)


def _sub_blocks(preset: _Preset) -> list[tuple[str, str, ModularPipelineBlocks]]:
    return list(places_of(preset.blocks, preset.type_id, preset.setting))


def _places_inside(preset: _Preset, before: tuple[str, ...] = ()) -> Iterator[Place]:
    """Every block inside a preset."""
    if kind_of(preset.blocks) not in (Kind.SEQUENTIAL, Kind.CONDITIONAL):
        return
    for name, type_id, block in _sub_blocks(preset):
        yield Place((*before, name), type_id, block)
        yield from _places_inside(_Preset(type_id, block, preset.setting), (*before, name))


def _defaults_of(blocks: ModularPipelineBlocks) -> dict[str, Json]:
    """The defaults of a whole preset, as a call of its pipeline resolves them."""
    defaults: dict[str, Json] = {}
    for param in blocks.inputs:
        default, text = to_json(param.default)
        if param.name and default is not None and not text:
            defaults.setdefault(param.name, default)
    return defaults
