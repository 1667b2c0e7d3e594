"""Describe one diffusers block as a node type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, get_args, get_origin

from diffusers.modular_pipelines.modular_pipeline import (
    ConditionalPipelineBlocks,
    ModularPipelineBlocks,
)
from diffusers.modular_pipelines.modular_pipeline_utils import (
    ComponentSpec,
    InputParam,
    OutputParam,
)

from blockloom.bridge.block_kinds import (
    has_own_call,
    is_as_made,
    kind_of,
    leaves,
    own_writes,
    selects_by_presence,
    takes_latent_output,
    undeclared_writes,
)
from blockloom.bridge.guess_types import guess_type
from blockloom.bridge.json_values import to_json
from blockloom.bridge.loop_calls import loop_call
from blockloom.bridge.selections import decisions_of
from blockloom.bridge.survey import Survey, first_reads, folder_of, outputs_of
from blockloom.bridge.titles import block_role, block_title, family_label
from blockloom.bridge.widgets import guess_widget
from blockloom.graph.node_types import (
    ComponentNeed,
    InputSocket,
    Kind,
    NodeType,
    OutputSocket,
    Role,
    SubBlock,
)
from blockloom.graph.sockets import SocketType

PIPELINE_INPUT = InputSocket(
    "pipeline", SocketType.PIPELINE, is_required=True, description="Components and state."
)
PIPELINE_OUTPUT = OutputSocket(
    "pipeline", SocketType.PIPELINE, description="Components and state after this block."
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What describing needs beside the block: the survey, and the id of each known class."""

    survey: Survey
    id_of_class: Callable[[type[ModularPipelineBlocks]], str | None]


def describe_block(block: ModularPipelineBlocks, type_id: str, setting: Setting) -> NodeType:
    """Describe a block; ``block`` should be a copy, since reading ``inputs`` changes them."""
    kind = kind_of(block)
    block_class = type(block)
    family = _family_of(block)
    description, warnings = _description_of(block)
    is_step = kind is Kind.LOOP_STEP
    survey = setting.survey
    folder = folder_of(block_class)
    is_preset = block_class.__name__ in survey.presets or block_class.__name__.endswith("Blocks")
    title = block_title(block_class.__name__, (family, folder), is_preset)
    if ":" in type_id:
        title += f" (in {block_title(type_id.split(':')[0], (family, folder))})"
    # Reading inputs changes blocks, so that they no longer look as their class makes them.
    places = [(name, id_) for name, id_, _ in places_of(block, type_id, setting)]
    group = survey.group_of(block_class, family)
    declared = tuple(_input_sockets(block, group, survey))
    inputs = (*declared, *_looked_at_only(block, {socket.name for socket in declared}, setting))
    node_type = NodeType(
        id=type_id,
        title=title,
        category=(
            family_label(family, survey.labels),
            block_role(block_class.__name__, block_class.__module__, is_preset, is_step),
        ),
        kind=kind,
        description=description,
        inputs=inputs if is_step else (PIPELINE_INPUT, *inputs),
        outputs=tuple(_output_sockets(block, survey, is_step)),
        components=tuple(_components_of(block)),
        family=family,
        origin=block_class.__module__,
        warnings=warnings,
        loop=loop_call(block) if kind in (Kind.LOOP, Kind.LOOP_STEP) else None,
    )
    sub_blocks = tuple(SubBlock(name, id_) for name, id_ in places)
    if isinstance(block, ConditionalPipelineBlocks) and kind is Kind.CONDITIONAL:
        return _conditional(replace(node_type, sub_blocks=sub_blocks), block)
    return replace(node_type, sub_blocks=sub_blocks)


def places_of(
    block: ModularPipelineBlocks, type_id: str, setting: Setting
) -> Iterator[tuple[str, str, ModularPipelineBlocks]]:
    """The sub-blocks of a composite: name, type id, block.

    The type id is the class's where the sub-block is as its class makes it, else its place.
    """
    if kind_of(block) is Kind.LEAF:
        return
    separator = "." if ":" in type_id else ":"
    for name, sub_block in block.sub_blocks.items():
        class_id = setting.id_of_class(type(sub_block))
        is_plain = class_id is not None and is_as_made(sub_block)
        yield name, class_id if is_plain and class_id else f"{type_id}{separator}{name}", sub_block


def _conditional(node_type: NodeType, block: ConditionalPipelineBlocks) -> NodeType:
    node_type = replace(
        node_type,
        triggers=tuple(dict.fromkeys(name for name in block.block_trigger_inputs if name)),
        default_branch=block.default_block_name or "",
    )
    if not selects_by_presence(block):
        decisions = decisions_of(block)
        return replace(
            node_type,
            selections=decisions.selections,
            by_truth=decisions.by_truth,
            by_value=decisions.by_value,
        )
    triggers = zip(node_type.sub_blocks, block.block_trigger_inputs, strict=True)
    sub_blocks = (replace(sub_block, trigger=trigger or "") for sub_block, trigger in triggers)
    return replace(node_type, sub_blocks=tuple(sub_blocks), selects_by_presence=True)


def _family_of(block: ModularPipelineBlocks) -> str:
    return block.model_name or folder_of(type(block)).replace("_", "-")


def _description_of(block: ModularPipelineBlocks) -> tuple[str, tuple[str, ...]]:
    try:
        return (block.description or "").strip(), ()
    except NotImplementedError:
        return "", ("diffusers has no description of this block.",)


def _input_sockets(
    block: ModularPipelineBlocks, group: str, survey: Survey
) -> Iterator[InputSocket]:
    needed = _needed_inputs(block)
    for params in _by_name(_all_inputs(block)).values():
        first = params[0]
        if first.name is None:
            yield _bundle_socket(first)
            continue
        merged = _merged(params)
        is_required = merged.required and merged.default is None
        is_required = is_required and (needed is None or merged.name in needed)
        socket = _input_socket(merged, is_required, survey)
        if socket.name == "output_type":
            can_be_latent = takes_latent_output(block)
            widget = guess_widget(socket.name, socket.type, socket.default, can_be_latent)
            socket = replace(socket, widget=widget)
        yield replace(socket, role=survey.role_of(group, socket.name, socket.type, is_required))


def _all_inputs(block: ModularPipelineBlocks) -> list[InputParam]:
    """The declared inputs, and the bundles inside that a composite's own list leaves out."""
    params: list[InputParam] = list(block.inputs)
    bundles = (param for leaf in leaves(block) for param in leaf.inputs if param.name is None)
    return [*params, *(param for param in bundles if param not in params)]


def _needed_inputs(block: ModularPipelineBlocks) -> set[str] | None:
    """The names a composite fails without; None where the declaration can be trusted.

    diffusers' own list is a union over all branches: it names what earlier blocks produce.
    """
    if kind_of(block) in (Kind.SEQUENTIAL, Kind.CONDITIONAL):
        return first_reads(block, set(), needed_only=True)
    if block.sub_blocks and has_own_call(block) and kind_of(block) is Kind.LEAF:
        return set(block.input_names) - set(own_writes(block))
    return None


def _by_name(params: Iterable[InputParam]) -> dict[tuple[str, str], list[InputParam]]:
    grouped: dict[tuple[str, str], list[InputParam]] = {}
    for param in params:
        bundle = "" if param.name else param.kwargs_type or ""
        if param.name or bundle:
            grouped.setdefault((param.name or "", bundle), []).append(param)
    return grouped


def _merged(params: list[InputParam]) -> InputParam:
    """One declaration of several of the same name, as a block reads them: the last default wins."""
    if len(params) == 1:
        return params[0]
    defaults = [param.default for param in params if param.default is not None]
    first = params[0]
    return InputParam(
        name=first.name,
        type_hint=next((p.type_hint for p in params if p.type_hint is not None), None),
        default=defaults[-1] if defaults else None,
        required=any(param.required for param in params),
        description=next((p.description for p in params if p.description), ""),
        kwargs_type=next((p.kwargs_type for p in params if p.kwargs_type), None),
        defaults_by_block=first.defaults_by_block,
    )


def _input_socket(param: InputParam, is_required: bool, survey: Survey) -> InputSocket:
    type_ = guess_type(param.type_hint, param.name, param.default, survey.known_types)
    default, text = _default_of(param)
    return InputSocket(
        name=param.name,
        type=type_,
        is_required=is_required,
        default=default,
        has_default=not is_required or param.default is not None,
        default_text=text,
        description=(param.description or "").strip(),
        bundle=param.kwargs_type or "",
        widget=guess_widget(param.name, type_, default),
        is_tuple=type_ is SocketType.LIST and _is_tuple(param),
    )


def _looked_at_only(
    block: ModularPipelineBlocks, declared: set[str], setting: Setting
) -> Iterator[InputSocket]:
    """Sockets for what decides a branch though no block declares it as an input.

    A conditional has one for each of its own triggers; a block around it only for those that
    nothing inside writes.
    """
    survey = setting.survey
    group = survey.group_of(type(block), _family_of(block))
    own = set(getattr(block, "block_trigger_inputs", ()))
    written = set(outputs_of(block)) - own
    for name, is_truth in _triggers_of(block, declared | written).items():
        type_ = guess_type(None, name, None, survey.known_types)
        if type_ is SocketType.ANY and is_truth:
            type_ = SocketType.BOOLEAN
        yield InputSocket(
            name,
            type_,
            has_default=True,
            description="Decides which blocks inside run; none of them declares it.",
            role=survey.role_of(group, name, type_, is_required=False),
            widget=guess_widget(name, type_, None),
        )


def _triggers_of(block: ModularPipelineBlocks, known: set[str]) -> dict[str, bool]:
    """The unknown names that conditionals inside a block look at, and whether at the truth."""
    kind = kind_of(block)
    if kind not in (Kind.SEQUENTIAL, Kind.CONDITIONAL):
        return {}
    found: dict[str, bool] = {}
    if isinstance(block, ConditionalPipelineBlocks):
        names = [name for name in block.block_trigger_inputs if name and name not in known]
        by_truth = decisions_of(block).by_truth if names and not selects_by_presence(block) else ()
        found = {name: name in by_truth for name in names}
    for sub_block in block.sub_blocks.values():
        for name, is_truth in _triggers_of(sub_block, known).items():
            found[name] = found.get(name, False) or is_truth
    return found


_GEOMETRY = ("_size", "_coords", "_top_left")


def _is_tuple(param: InputParam) -> bool:
    """Whether blocks expect a tuple where the file can only say list: they add tuples up."""
    hints = [param.type_hint, *get_args(param.type_hint)]
    if any(hint is tuple or get_origin(hint) is tuple for hint in hints):
        return True
    if isinstance(param.default, tuple):
        return True
    return param.type_hint is None and param.name.endswith(_GEOMETRY)


def _default_of(param: InputParam) -> tuple[Any, str]:
    if param.defaults_by_block:
        branches = (f"{name}: {value}" for name, value in param.defaults_by_block.items())
        return None, "depends on the branch: " + ", ".join(branches)
    return to_json(param.default)


def _bundle_socket(param: InputParam) -> InputSocket:
    return InputSocket(
        name=param.kwargs_type,
        type=SocketType.DICT,
        has_default=True,
        description=(param.description or "").strip(),
        bundle=param.kwargs_type,
        is_bundle=True,
        role=Role.INTERMEDIATE,
    )


def _output_sockets(
    block: ModularPipelineBlocks, survey: Survey, is_step: bool
) -> Iterator[OutputSocket]:
    if not is_step:
        yield PIPELINE_OUTPUT
    params: dict[str, OutputParam] = {}
    for param in block.intermediate_outputs:
        params.setdefault(param.name, param)
    for name in undeclared_writes(block):
        params.setdefault(name, OutputParam(name, description="Written without being declared."))
    for param in params.values():
        yield OutputSocket(
            name=param.name,
            type=guess_type(param.type_hint, param.name, None, survey.known_types),
            description=(param.description or "").strip(),
            bundle=param.kwargs_type or "",
        )


def _components_of(block: ModularPipelineBlocks) -> Iterator[ComponentNeed]:
    specs: dict[str, ComponentSpec] = {}
    for spec in block.expected_components:
        specs.setdefault(spec.name, spec)
    for name, spec in specs.items():
        yield ComponentNeed(
            name=name,
            class_name=getattr(spec.type_hint, "__name__", ""),
            is_made=spec.default_creation_method == "from_config",
        )
