"""Which blocks of a composite run, and what they read and write."""

from __future__ import annotations

import pytest
from tests.graph.fake_types import TYPES

from blockloom.graph.branches import BranchResolver, Resolved
from blockloom.graph.node_types import FixedNodeTypes


def resolve(type_id: str, *present: str, unknown: tuple[str, ...] = ()) -> Resolved:
    def presence(name: str) -> bool | None:
        return None if name in unknown else name in present

    return BranchResolver(TYPES).resolve(TYPES.types[type_id], presence)


def names(sockets) -> list[str]:
    return [socket.name for socket in sockets]


def test_a_leaf_is_what_it_declares():
    resolved = resolve("TextEncoder")
    assert resolved == Resolved(
        inputs=TYPES.types["TextEncoder"].inputs[1:],
        outputs=TYPES.types["TextEncoder"].outputs[1:],
        components=TYPES.types["TextEncoder"].components,
        leaves=(("", "TextEncoder"),),
        surely_written=frozenset({"embeds"}),
    )
    assert resolved.is_certain


@pytest.mark.parametrize(
    ("present", "choice", "leaves"),
    [
        ((), None, ()),
        (("image",), "img2img", (("img2img", "ImageEncoder"),)),
        (("image", "mask_image"), "inpaint", (("inpaint", "MaskEncoder"),)),
        (("mask_image",), "inpaint", (("inpaint", "MaskEncoder"),)),
    ],
)
def test_the_first_present_trigger_selects(present, choice, leaves):
    resolved = resolve("AutoEncoder", *present)
    assert (resolved.choices, resolved.leaves) == ((("", choice),), leaves)


def test_a_skipped_conditional_only_looks():
    resolved = resolve("AutoEncoder")
    assert names(resolved.inputs) == ["mask_image", "image"]
    assert resolved.by_presence == {"mask_image", "image"}
    assert not any(socket.is_required for socket in resolved.inputs)
    assert (resolved.outputs, resolved.components) == ((), ())


def test_what_the_branch_reads_is_read_and_required_again():
    resolved = resolve("AutoEncoder", "image")
    assert {socket.name: socket.is_required for socket in resolved.inputs} == {
        "mask_image": False,
        "image": True,
        "generator": False,
    }
    assert resolved.by_presence == {"mask_image"}
    assert names(resolved.outputs) == ["image_latents"]
    assert names(resolved.components) == ["vae"]


def test_outputs_of_blocks_before_count_as_present_inside_a_sequence():
    text = resolve("Preset", "prompt")
    image = resolve("Preset", "prompt", "image")
    mask = resolve("Preset", "prompt", "image", "mask_image")
    assert text.choices == (("vae", None), ("core.prepare", "text2img"), ("core.denoise", "plain"))
    assert image.choices == (
        ("vae", "img2img"),
        ("core.prepare", "img2img"),
        ("core.denoise", "plain"),
    )
    assert mask.choices == (
        ("vae", "inpaint"),
        ("core.prepare", "img2img"),
        ("core.denoise", "masked"),
    )
    assert mask.leaves == (
        ("text", "TextEncoder"),
        ("vae.inpaint", "MaskEncoder"),
        ("core.prepare.img2img", "PrepareFromImage"),
        ("core.denoise.masked", "MaskedDenoise"),
        ("decode", "Decode"),
    )


def test_only_what_is_read_before_it_is_written_is_an_input():
    resolved = resolve("Preset", "prompt", "image")
    assert "embeds" not in names(resolved.inputs)
    assert "latents" not in names(resolved.inputs)
    assert "strength" in names(resolved.inputs)
    assert "strength" not in names(resolve("Preset", "prompt").inputs)


def test_the_first_reader_decides_on_the_default():
    steps = {socket.name: socket for socket in resolve("Core").inputs}["steps"]
    assert steps.default == 50


def test_a_name_that_may_be_present_leaves_the_choice_open():
    resolved = resolve("AutoEncoder", unknown=("mask_image",))
    assert not resolved.is_certain
    assert resolved.undecided == ("",)
    assert names(resolved.outputs) == ["image_latents", "mask"]
    assert resolved.surely_written == frozenset()
    assert not any(socket.is_required for socket in resolved.inputs)
    either = resolve("AutoEncoder", "image", unknown=("mask_image",))
    assert either.surely_written == {"image_latents"}
    assert {s.name for s in either.inputs if s.is_required} == {"image"}


def test_an_open_choice_opens_later_ones():
    resolved = resolve("Preset", "prompt", unknown=("image",))
    assert resolved.undecided == ("vae", "core.prepare")
    assert ("core.denoise", "plain") in resolved.choices
    assert names(resolved.components) == ["text_encoder", "vae", "scheduler", "unet"]


def test_own_logic_is_never_decided_beforehand():
    resolved = resolve("OwnLogic", "prompt", "embeds")
    assert resolved.undecided == ("",)
    assert [type_id for _, type_id in resolved.leaves] == ["TextEncoder", "Prepare"]
    assert resolved.surely_written == frozenset()


def test_unknown_types_inside_are_undecided():
    types = FixedNodeTypes({k: v for k, v in TYPES.types.items() if k != "AutoEncoder"})
    resolved = BranchResolver(types).resolve(types.types["Preset"], {"prompt"}.__contains__)
    assert resolved.undecided == ("vae",)


def test_answers_are_remembered_by_the_triggers_alone():
    resolver = BranchResolver(TYPES)
    preset = TYPES.types["Preset"]
    first = resolver.resolve(preset, {"prompt", "image"}.__contains__)
    second = resolver.resolve(preset, {"image", "anything", "else"}.__contains__)
    assert first is second
