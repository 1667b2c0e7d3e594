"""Every block of the installed diffusers as a node type: counts, places, and some in full."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from typing import Any

import diffusers.modular_pipelines
import pytest
from diffusers.modular_pipelines import modular_pipeline as base

from blockloom.errors import NotFoundError
from blockloom.graph.node_types import (
    ComponentNeed,
    InputSocket,
    Kind,
    NodeType,
    OutputSocket,
    Role,
    SubBlock,
    Widget,
)
from blockloom.graph.sockets import SocketType
from described import catalogue, library

_LOOKED_AT = "Decides which blocks inside run"
_MANY_LINES = Widget(is_multiline=True)


def test_no_block_class_is_dropped_silently() -> None:
    found = _walk_classes()
    described = {
        (node_type.origin, type_id.split(".")[-1])
        for type_id, node_type in library().types().items()
        if ":" not in type_id
    }
    left_out = library().problems()

    assert len(found) == 759
    assert len(described) == 739
    assert len(left_out) == 20
    assert all("abstract loop without steps" in line for line in left_out)
    names_left_out = {line.split(":")[0] for line in left_out}
    assert {name for _, name in found - described} == names_left_out


def test_classes_of_one_name_have_ids_of_their_own() -> None:
    ids = [
        type_id for type_id in library().types() if type_id.endswith("WanImage2VideoVaeEncoderStep")
    ]

    assert ids == [
        "wan22_i2v.WanImage2VideoVaeEncoderStep",
        "wan_i2v.WanImage2VideoVaeEncoderStep",
    ]
    for type_id in ids:
        module = type(library().resolve(type_id)).__module__
        assert module.endswith(f"modular_blocks_{type_id.split('.')[0]}")


@pytest.mark.parametrize(
    "place", ["FluxKontextVaeEncoderStep:encode", "WanImage2VideoDenoiseStep:denoiser"]
)
def test_a_place_that_differs_from_its_class_has_a_type_of_its_own(place: str) -> None:
    parent, name = place.split(":")
    sub_block = next(s for s in library().types()[parent].sub_blocks if s.name == name)
    held = library().resolve(parent).sub_blocks[name]

    assert sub_block.type_id == place
    assert library().types()[place].id == place
    assert vars(library().resolve(place)).keys() == vars(held).keys()
    assert _plain_vars(library().resolve(place)) == _plain_vars(held)
    assert _plain_vars(held) != _plain_vars(type(held)())


def test_every_sub_block_id_makes_the_very_block_that_is_held() -> None:
    differing = []
    for type_id, node_type in library().types().items():
        held = library().resolve(type_id).sub_blocks
        for sub_block in node_type.sub_blocks:
            made = library().resolve(sub_block.type_id)
            one, other = held[sub_block.name], made
            if type(one) is not type(other) or _sockets_of(one) != _sockets_of(other):
                differing.append((type_id, sub_block))

    assert differing == []


def test_described_sockets_are_the_declared_ones() -> None:
    for type_id, node_type in library().types().items():
        block = library().resolve(type_id)
        declared = {param.name for param in block.inputs if param.name}
        looked_at = {s.name for s in node_type.inputs if s.description.startswith(_LOOKED_AT)}
        inputs = [s.name for s in node_type.inputs]

        assert len(inputs) == len(set(inputs)), type_id
        assert {s.name for s in node_type.inputs if not s.is_bundle} - {"pipeline"} == (
            declared | looked_at
        )
        assert not declared & looked_at
        assert set(block.intermediate_output_names) <= {s.name for s in node_type.outputs}
        if node_type.kind is not Kind.LOOP_STEP:
            assert inputs[0] == "pipeline"
            assert node_type.outputs[0].name == "pipeline"


def test_sdxl_text_encoder_in_full() -> None:
    def prompt(name: str) -> InputSocket:
        return InputSocket(name, SocketType.STRING, has_default=True, widget=_MANY_LINES)

    def embeds(name: str, description: str) -> OutputSocket:
        return OutputSocket(name, SocketType.TENSOR, description, "denoiser_input_fields")

    assert library().types()["StableDiffusionXLTextEncoderStep"] == NodeType(
        id="StableDiffusionXLTextEncoderStep",
        title="Text Encoder",
        category=("Stable Diffusion XL", "Text Encoder"),
        kind=Kind.LEAF,
        description="Text Encoder step that generate text_embeddings to guide the image generation",
        inputs=(
            InputSocket(
                "pipeline",
                SocketType.PIPELINE,
                is_required=True,
                description="Components and state.",
            ),
            prompt("prompt"),
            prompt("prompt_2"),
            prompt("negative_prompt"),
            prompt("negative_prompt_2"),
            InputSocket("cross_attention_kwargs", SocketType.DICT, has_default=True),
            InputSocket("clip_skip", SocketType.INT, has_default=True, widget=Widget(step=1)),
        ),
        outputs=(
            OutputSocket("pipeline", SocketType.PIPELINE, "Components and state after this block."),
            embeds("prompt_embeds", "text embeddings used to guide the image generation"),
            embeds(
                "negative_prompt_embeds",
                "negative text embeddings used to guide the image generation",
            ),
            embeds(
                "pooled_prompt_embeds", "pooled text embeddings used to guide the image generation"
            ),
            embeds(
                "negative_pooled_prompt_embeds",
                "negative pooled text embeddings used to guide the image generation",
            ),
        ),
        components=(
            ComponentNeed("text_encoder", "CLIPTextModel"),
            ComponentNeed("text_encoder_2", "CLIPTextModelWithProjection"),
            ComponentNeed("tokenizer", "CLIPTokenizer"),
            ComponentNeed("tokenizer_2", "CLIPTokenizer"),
            ComponentNeed("guider", "ClassifierFreeGuidance", is_made=True),
        ),
        family="stable-diffusion-xl",
        origin="diffusers.modular_pipelines.stable_diffusion_xl.encoders",
    )


def test_a_conditional_that_chooses_by_presence() -> None:
    found = library().types()["StableDiffusionXLAutoVaeEncoderStep"]

    assert (found.kind, found.selects_by_presence, found.triggers, found.default_branch) == (
        Kind.CONDITIONAL,
        True,
        ("mask_image", "image"),
        "",
    )
    assert found.sub_blocks == (
        SubBlock("inpaint", "StableDiffusionXLInpaintVaeEncoderStep", "mask_image"),
        SubBlock("img2img", "StableDiffusionXLVaeEncoderStep", "image"),
    )


def test_a_conditional_with_a_choice_of_its_own() -> None:
    conditionals = [t for t in library().types().values() if t.kind is Kind.CONDITIONAL]
    own = [t for t in conditionals if not t.selects_by_presence]

    assert len(conditionals) == 76
    assert len(own) == 20
    assert all(sub_block.trigger == "" for t in own for sub_block in t.sub_blocks)


def test_a_conditional_can_be_given_all_it_looks_at() -> None:
    types = library().types()
    for node_type in types.values():
        if node_type.kind is Kind.CONDITIONAL:
            assert set(node_type.triggers) <= {socket.name for socket in node_type.inputs}

    for type_id in ("ErnieImageAutoPromptEnhancerStep", "ErnieImageAutoBlocks"):
        assert types[type_id].input("use_pe") == InputSocket(
            "use_pe",
            SocketType.BOOLEAN,
            has_default=True,
            description=f"{_LOOKED_AT}; none of them declares it.",
        )
    around = {
        node_type.id: socket.name
        for node_type in types.values()
        for socket in node_type.inputs
        if node_type.kind is Kind.SEQUENTIAL and socket.description.startswith(_LOOKED_AT)
    }
    assert around == {
        "ErnieImageAutoBlocks": "use_pe",
        "LTX2InContextCoreDenoiseStep": "conditioning_attention_mask",
    }


def test_kinds_by_count() -> None:
    kinds: dict[Kind, int] = {}
    for type_id, node_type in library().types().items():
        if ":" not in type_id:
            kinds[node_type.kind] = kinds.get(node_type.kind, 0) + 1

    assert kinds == {
        Kind.LEAF: 313,
        Kind.SEQUENTIAL: 184,
        Kind.CONDITIONAL: 76,
        Kind.LOOP: 59,
        Kind.LOOP_STEP: 107,
    }


def test_loop_steps_are_exactly_the_blocks_inside_loops() -> None:
    types = library().types()
    inside = {s.type_id for t in types.values() if t.kind is Kind.LOOP for s in t.sub_blocks}

    steps = {type_id for type_id, t in types.items() if t.kind is Kind.LOOP_STEP}
    assert inside <= steps
    classes_inside = {type(library().resolve(type_id)) for type_id in inside}
    assert {type(library().resolve(type_id)) for type_id in steps} == classes_inside
    assert all(types[type_id].input("pipeline") is None for type_id in steps)


def test_a_composite_with_its_own_call_is_one_unit() -> None:
    found = library().types()["Cosmos3TransferChunkDenoiseStep"]

    assert (found.kind, found.sub_blocks) == (Kind.LEAF, ())
    output_chunks = found.input("output_chunks")
    assert output_chunks is not None
    assert not output_chunks.is_required, "its own __call__ makes it"


def test_a_block_without_description_is_described_with_a_warning() -> None:
    found = library().types()["StableDiffusion3DenoiseStep"]

    assert found.kind is Kind.LOOP
    assert found.description == ""
    assert found.warnings == ("diffusers has no description of this block.",)


def test_what_a_block_writes_without_declaring_it_is_an_output() -> None:
    found = library().types()["HunyuanVideo15TextEncoderStep"].output("batch_size")

    assert found == OutputSocket("batch_size", SocketType.INT, "Written without being declared.")


def test_a_composite_requires_only_what_no_block_inside_it_makes() -> None:
    found = library().types()["QwenImageEditAutoBlocks"]

    assert [s.name for s in found.inputs if s.is_required] == ["pipeline", "image", "prompt"]


def test_defaults_that_branches_disagree_on_are_left_to_the_branch() -> None:
    found = library().types()["Flux3AutoBlocks"].input("height")

    assert found is not None
    assert (found.default, found.has_default, found.is_required) == (None, True, False)
    assert found.default_text == (
        "depends on the branch: image_conditioned: None, text2image: 1024"
    )


def test_defaults_that_are_no_json_are_shown_as_text() -> None:
    shown = {
        socket.default_text
        for t in library().types().values()
        for socket in t.inputs
        if socket.type is SocketType.OBJECT and socket.default_text
    }
    assert shown == {"float32"}


@pytest.mark.parametrize(
    ("type_id", "name", "role"),
    [
        ("StableDiffusionXLTextEncoderStep", "prompt", Role.USER),
        ("StableDiffusionXLSetTimestepsStep", "num_inference_steps", Role.USER),
        ("StableDiffusionXLSetTimestepsStep", "sigmas", Role.USER),
        ("StableDiffusionXLPrepareLatentsStep", "height", Role.USER),
        ("StableDiffusionXLPrepareLatentsStep", "latents", Role.USER),
        ("StableDiffusionXLVaeEncoderStep", "image", Role.USER),
        ("StableDiffusionXLDenoiseStep", "latents", Role.INTERMEDIATE),
        ("StableDiffusionXLDenoiseStep", "timesteps", Role.INTERMEDIATE),
        ("StableDiffusionXLDenoiseStep", "denoiser_input_fields", Role.INTERMEDIATE),
        ("StableDiffusionXLInputStep", "prompt_embeds", Role.INTERMEDIATE),
        ("StableDiffusionXLInputStep", "ip_adapter_embeds", Role.INTERMEDIATE),
    ],
)
def test_who_gives_an_input_its_value(type_id: str, name: str, role: Role) -> None:
    socket = library().types()[type_id].input(name)

    assert socket is not None
    assert socket.role is role


def test_hardly_any_socket_is_untyped() -> None:
    sockets = [s.type for t in library().types().values() for s in (*t.inputs, *t.outputs)]

    assert len(sockets) > 10_000
    assert sockets.count(SocketType.ANY) == 0
    assert sockets.count(SocketType.OBJECT) / len(sockets) < 0.03


def test_no_seed_is_anything_but_a_seed() -> None:
    generators = {
        s.type for t in library().types().values() for s in t.inputs if s.name == "generator"
    }
    assert generators == {SocketType.SEED}


def test_widgets_allow_the_defaults() -> None:
    for node_type in catalogue().types.values():
        for socket in node_type.inputs:
            default, widget = socket.default, socket.widget
            if widget.choices and default is not None:
                assert default in widget.choices, (node_type.id, socket.name)
            if isinstance(default, (int, float)) and not isinstance(default, bool):
                assert widget.minimum is None or default >= widget.minimum
                assert widget.maximum is None or default <= widget.maximum


def test_a_resolved_block_is_the_callers_own() -> None:
    one, other = library().resolve("EchoBlocks"), library().resolve("EchoBlocks")

    assert one is not other
    assert one.sub_blocks["text_encoder"] is not other.sub_blocks["text_encoder"]


@pytest.mark.parametrize("type_id", ["NoSuchStep", "EchoBlocks:nowhere", "wan.NoSuchStep"])
def test_what_is_not_there_is_said(type_id: str) -> None:
    with pytest.raises(NotFoundError, match=type_id.split(":")[-1].split(".")[-1]):
        library().resolve(type_id)


def test_one_block_is_made_without_importing_all() -> None:
    script = """
import sys
from blockloom.bridge.blocks import diffusers_blocks
module = "diffusers.modular_pipelines.stable_diffusion_xl.encoders"
library = diffusers_blocks({"StableDiffusionXLTextEncoderStep": module}.get)
library.resolve("StableDiffusionXLTextEncoderStep")
print(sorted({name.split(".")[2] for name in sys.modules
              if name.startswith("diffusers.modular_pipelines.") and name.count(".") > 2}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['stable_diffusion_xl']"


def _walk_classes() -> set[tuple[str, str]]:
    """All block classes but the base ones, found without the code under test."""
    package = diffusers.modular_pipelines
    found = set()
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        for name, value in inspect.getmembers(module, inspect.isclass):
            is_block = issubclass(value, base.ModularPipelineBlocks)
            if is_block and value.__module__ == info.name and info.name != base.__name__:
                found.add((info.name, name))
    return found


def _plain_vars(block: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(block).items() if name != "sub_blocks"}


def _sockets_of(block: Any) -> list[Any]:
    inputs = [(p.name, str(p.type_hint), p.default, p.kwargs_type) for p in block.inputs]
    return [*inputs, *[(p.name, p.kwargs_type) for p in block.intermediate_outputs]]
