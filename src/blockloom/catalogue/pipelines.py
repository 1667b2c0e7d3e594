"""The pipelines diffusers has, as plain data: which blocks, in which order, for which workflow."""

from __future__ import annotations

from dataclasses import dataclass, field

from blockloom.graph.model import Json


@dataclass(frozen=True, slots=True)
class Step:
    """One block of a workflow: its dotted path inside the preset, and its node type."""

    path: str
    type_id: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """One way to use a pipeline.

    ``triggers`` are the inputs whose presence selects it, ``trigger_values`` the values of those
    that need a certain one, ``coarse`` the preset's own top-level
    blocks that run in it, ``leaf`` the blocks that remain when every composite is opened but those
    whose choice is still the user's.
    ``defaults`` are the preset's own defaults, resolved once for all blocks, by input name.
    """

    name: str
    triggers: tuple[str, ...] = ()
    coarse: tuple[Step, ...] = ()
    leaf: tuple[Step, ...] = ()
    defaults: dict[str, Json] = field(default_factory=dict)
    trigger_values: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PipelineEntry:
    """One entry of diffusers' pipeline mapping ("stable-diffusion-xl")."""

    name: str
    class_name: str
    preset: str
    workflows: tuple[Workflow, ...] = ()
    description: str = ""

    def workflow(self, name: str) -> Workflow | None:
        """The workflow of that name, if there is one."""
        return next((workflow for workflow in self.workflows if workflow.name == name), None)
