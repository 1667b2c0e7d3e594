"""The state on the main wire: taking values out, putting values in, joining two wires."""

from __future__ import annotations

import difflib

from blockloom import AnyValue, Pipeline, node
from blockloom.errors import UsageError


@node(category="state", id="BlockloomGetValue", title="Get Value")
def get_value(pipeline: Pipeline, name: str) -> AnyValue:
    """Take a value out of the state on the main wire.

    Args:
        name: Its name, such as "latents" or "prompt_embeds".
    """
    if not pipeline.has(name):
        near = difflib.get_close_matches(name, pipeline.names(), n=3)
        there = ", ".join(sorted(pipeline.names())) or "nothing yet"
        raise UsageError(
            f'The state has no value "{name}".',
            remedy=f"Did you mean {' or '.join(near)}?" if near else f"It has: {there}.",
        )
    return pipeline.get(name)


@node(category="state", id="BlockloomSetValue", title="Set Value")
def set_value(pipeline: Pipeline, name: str, value: AnyValue, bundle: str = "") -> Pipeline:
    """Put a value into the state under a name; the blocks that follow read it.

    Args:
        name: Its name, such as "latents".
        bundle: A group of values that a block reads as a whole, such as "denoiser_input_fields".
    """
    if not name.strip():
        raise UsageError("The value needs a name.", remedy='Type one, such as "latents".')
    return pipeline.with_value(name, value, bundle)


@node(category="state", id="BlockloomJoinPipelines", title="Join Pipelines")
def join_pipelines(pipeline: Pipeline, other: Pipeline) -> Pipeline:
    """Bring two main wires together; where both have a value of one name, the other one wins."""
    return pipeline.joined(other)
