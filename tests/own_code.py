"""Repositories with code of their own, which leaves a marker where it runs."""

from __future__ import annotations

import json
from pathlib import Path

BLOCK = '''
from pathlib import Path

from diffusers.modular_pipelines import InputParam, ModularPipelineBlocks, OutputParam

from .parts.numbers import FACTOR

Path({marker!r}).write_text("was run")


class OwnTimes(ModularPipelineBlocks):
    """A number times another one."""

    @property
    def inputs(self):
        return [InputParam("amount", type_hint=int, default=4)]

    @property
    def intermediate_outputs(self):
        return [OutputParam("total", type_hint=int)]

    def __call__(self, components, state):
        block_state = self.get_block_state(state)
        block_state.total = block_state.amount * FACTOR
        self.set_block_state(state, block_state)
        return components, state
'''
STEP = '''
from pathlib import Path

from diffusers.modular_pipelines import InputParam, ModularPipelineBlocks, OutputParam

Path({marker!r}).write_text("was run")


class OwnStep(ModularPipelineBlocks):
    """Shift the latents at each step."""

    @property
    def inputs(self):
        return [InputParam("bend", type_hint=float, default=0.25)]

    def __call__(self, components, block_state, i: int, t):
        block_state.latents = block_state.latents + block_state.bend
        return components, block_state
'''


def write_block(folder: Path, marker: Path, source: str = BLOCK, name: str = "OwnTimes") -> Path:
    """A repository whose block is a class of its own code, in two files."""
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "numbers.py").write_text("FACTOR = 10\n")
    (folder / "block.py").write_text(source.replace("{marker!r}", repr(str(marker))))
    config = {
        "_class_name": name,
        "auto_map": {"ModularPipelineBlocks": f"block.{name}"},
        "requirements": {"no_such_package_at_all": ">=1.0"},
    }
    (folder / "modular_config.json").write_text(json.dumps(config))
    return folder
