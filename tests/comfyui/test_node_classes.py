"""Every node type of the catalogue is a class as ComfyUI and its editors want it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from tests.comfyui.host import Host
from tests.real_sessions import workshop

from blockloom.graph.node_types import Kind

MOST = 2**53
# What a seed may be: editors count in doubles, ComfyUI's own seeds go further all the same.
MOST_SEED = 2**64 - 1


def ours(host: Host) -> dict[str, Any]:
    return dict(host.packs["blockloom"].NODE_CLASS_MAPPINGS)


def inputs(class_: Any) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    groups = class_.INPUT_TYPES()
    for group in ("required", "optional"):
        for name, config in groups.get(group, {}).items():
            # The type for any value equals every other one; a plain text does not.
            type_ = str(config[0]) if isinstance(config[0], str) else config[0]
            yield name, type_, config[1] if len(config) > 1 else {}


def all_inputs(host: Host) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    for class_type, class_ in ours(host).items():
        for name, type_, options in inputs(class_):
            yield class_type, name, type_, options


def test_everything_that_can_stand_on_a_canvas_is_there(loaded: Host) -> None:
    placeable = {t.id for t in workshop().catalogue.types.values() if t.kind is not Kind.LOOP_STEP}
    cores = {"LoadImage", "SaveImage", "PreviewImage", "ImageScale", "PreviewAny", "PrimitiveInt"}
    found = set(ours(loaded))
    assert cores <= placeable
    assert not cores & found, "ComfyUI's own nodes are left to it"
    assert placeable - found <= set(loaded.classes)
    assert found <= placeable
    assert len(found) > 700


def test_titles_and_places_in_the_menu(loaded: Host) -> None:
    for class_type, class_ in ours(loaded).items():
        assert loaded.titles[class_type].strip(), class_type
        parts = class_.CATEGORY.split("/")
        assert parts[0] == "Blockloom", class_type
        assert len(parts) >= 2, class_type
        assert all(part.strip() == part and part for part in parts), class_type
        assert isinstance(class_.DESCRIPTION, str), class_type
        assert callable(getattr(class_(), class_.FUNCTION)), class_type
        assert isinstance(getattr(class_, "OUTPUT_NODE", False), bool), class_type


def test_outputs_fit_together_and_a_block_begins_with_the_main_wire(loaded: Host) -> None:
    catalogue = workshop().catalogue
    for class_type, class_ in ours(loaded).items():
        names = class_.RETURN_NAMES
        assert len(class_.RETURN_TYPES) == len(names) == len(set(names)), class_type
        assert len(class_.OUTPUT_TOOLTIPS) == len(names), class_type
        assert all(isinstance(type_, str) and type_ for type_ in class_.RETURN_TYPES), class_type
        node_type = catalogue.get(class_type)
        assert node_type is not None
        assert tuple(names) == tuple(output.name for output in node_type.outputs), class_type
        if node_type.is_block:
            assert (names[0], class_.RETURN_TYPES[0]) == ("pipeline", "PIPELINE"), class_type


def test_what_the_server_tells_editors_is_json(loaded: Host) -> None:
    for class_type, class_ in ours(loaded).items():
        told = {
            "input": class_.INPUT_TYPES(),
            "output": class_.RETURN_TYPES,
            "output_name": class_.RETURN_NAMES,
            "output_tooltips": class_.OUTPUT_TOOLTIPS,
            "description": class_.DESCRIPTION,
        }
        again = json.loads(json.dumps(told, allow_nan=False))
        assert list(again["input"]) == ["required", "optional", "hidden"], class_type


def test_every_number_has_limits_and_a_step(loaded: Host) -> None:
    """Editors round what has none to one decimal, and end integers at 2048."""
    count = 0
    for class_type, name, type_, options in all_inputs(loaded):
        if type_ not in ("INT", "FLOAT") or options.get("forceInput"):
            continue
        count += 1
        where = f"{class_type}.{name}"
        low, high, step, default = (options[key] for key in ("min", "max", "step", "default"))
        assert math.isfinite(low), where
        assert math.isfinite(high), where
        assert low <= default <= high, where
        assert step > 0, where
        is_seed = bool(options.get("control_after_generate"))
        assert max(-low, high) <= (MOST_SEED if is_seed else MOST), where
        if type_ == "INT":
            assert all(type(value) is int for value in (low, high, step, default)), where
        else:
            assert 0 < options["round"] <= 0.001, where
    assert count > 1000


def test_what_is_chosen_from_a_list_is_in_it(loaded: Host) -> None:
    count = 0
    for class_type, name, type_, options in all_inputs(loaded):
        if isinstance(type_, list) and "default" in options:
            count += 1
            assert options["default"] in type_, f"{class_type}.{name}"
    assert count > 50


def test_no_hidden_input_takes_the_place_of_another(loaded: Host) -> None:
    for class_type, class_ in ours(loaded).items():
        hidden = class_.INPUT_TYPES()["hidden"]
        assert set(hidden.values()) == {"UNIQUE_ID", "PROMPT", "EXTRA_PNGINFO"}, class_type
        assert not set(hidden) & {name for name, _, _ in inputs(class_)}, class_type
        node_type = workshop().catalogue.get(class_type)
        assert node_type is not None
        assert not set(hidden) & {socket.name for socket in node_type.inputs}, class_type


def test_only_the_main_wire_of_a_block_is_required(loaded: Host) -> None:
    catalogue = workshop().catalogue
    for class_type, class_ in ours(loaded).items():
        node_type = catalogue.get(class_type)
        assert node_type is not None
        if node_type.is_block:
            assert list(class_.INPUT_TYPES()["required"]) == ["pipeline"], class_type


def test_what_is_sent_only_where_it_was_typed_is_never_required(loaded: Host) -> None:
    for class_type, class_ in ours(loaded).items():
        for name, config in class_.INPUT_TYPES()["required"].items():
            options = config[1] if len(config) > 1 else {}
            assert not options.get("blockloom_auto"), f"{class_type}.{name}"


@pytest.mark.parametrize(
    ("class_type", "name", "wanted"),
    [
        ("StableDiffusionXLAutoVaeEncoderStep", "image", "IMAGE"),
        ("StableDiffusionXLAutoVaeEncoderStep", "mask_image", "MASK"),
        ("StableDiffusionXLAutoDecodeStep", "latents", "LATENT"),
        ("StableDiffusionXLTextEncoderStep", "prompt", "STRING"),
        ("StableDiffusionXLCoreDenoiseStep", "num_inference_steps", "INT"),
        ("StableDiffusionXLCoreDenoiseStep", "generator", "INT"),
        ("StableDiffusionXLCoreDenoiseStep", "strength", "FLOAT"),
    ],
)
def test_inputs_take_what_comfyui_calls_them(
    loaded: Host, class_type: str, name: str, wanted: str
) -> None:
    types = {n: type_ for n, type_, _ in inputs(ours(loaded)[class_type])}
    assert wanted in types[name].split(",")


def test_outputs_are_called_as_comfyui_calls_them(loaded: Host) -> None:
    found = ours(loaded)
    decode, denoise = (
        found[f"StableDiffusionXL{name}Step"] for name in ("AutoDecode", "CoreDenoise")
    )
    assert dict(zip(decode.RETURN_NAMES, decode.RETURN_TYPES, strict=True))["images"] == "IMAGE"
    assert dict(zip(denoise.RETURN_NAMES, denoise.RETURN_TYPES, strict=True))["latents"] == "LATENT"
