"""Values of ComfyUI's own nodes into ours, and ours into theirs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import pytest
import torch
from tests.comfyui.core_nodes import PreviewAny, pixels
from tests.comfyui.executor import Report
from tests.comfyui.host import Host
from tests.comfyui.prompts import example, node, typed
from tests.comfyui.stand_ins import VideoInput
from tests.comfyui.validation import Prompt
from tests.real_sessions import reference_pipeline

FEW = 3
SIZE = (24, 16)


def ran(host: Host, prompt: Prompt) -> Report:
    report = host.run(prompt)
    assert report.error is None, (report.failed_node, report.error)
    return report


def give(host: Host, name: str, type_: str, value: Any) -> None:
    """A core node that gives this very value."""
    body = {
        "INPUT_TYPES": classmethod(lambda cls: {"required": {}}),
        "RETURN_TYPES": (type_,),
        "FUNCTION": "give",
        "give": lambda self: (value,),
        "NOT_IDEMPOTENT": True,
    }
    host.classes[name] = type(name, (), body)


def picture(folder: Path, name: str = "in.png", mode: str = "RGB") -> PIL.Image.Image:
    generator = numpy.random.default_rng(len(name))
    bands = len(PIL.Image.new(mode, (1, 1)).getbands())
    array = generator.integers(0, 256, (SIZE[1], SIZE[0], bands), dtype=numpy.uint8)
    made = PIL.Image.fromarray(array if bands > 1 else array[..., 0])
    made.save(folder / name)
    return made


def short(host: Host) -> Prompt:
    return typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)


# -- pictures and masks


def test_a_picture_of_the_cores_goes_through_a_node_of_ours(host: Host) -> None:
    given = picture(host.input_folder)
    prompt = {
        "1": node("LoadImage", image="in.png"),
        "2": node("ImageInvert", image=["1", 0]),
        "3": node("SaveImage", images=["2", 0], filename_prefix="inverted"),
    }
    (place,) = ran(host, prompt).ui["3"]["images"]
    found = numpy.asarray(PIL.Image.open(host.output_folder / place["filename"]))
    assert numpy.array_equal(found, 255 - numpy.asarray(given))


def test_batches_stay_batches(host: Host) -> None:
    one, other = picture(host.input_folder), picture(host.input_folder, "other.png")
    prompt = {
        "1": node("LoadImage", image="in.png"),
        "2": node("LoadImage", image="other.png"),
        "3": node("ImageBatch", image1=["1", 0], image2=["2", 0]),
        "4": node("ImageInvert", image=["3", 0]),
        "5": node("ImageInvert", image=["4", 0]),
        "6": node("SaveImage", images=["5", 0], filename_prefix="batch"),
    }
    report = ran(host, prompt)
    batch = report.value("5")
    assert batch.shape == (2, SIZE[1], SIZE[0], 3)
    assert len(report.ui["6"]["images"]) == 2
    for found, expected in zip(batch, (one, other), strict=True):
        assert numpy.array_equal(pixels(found), numpy.asarray(expected))


def test_what_lies_outside_of_a_picture_is_cut_off(host: Host) -> None:
    give(host, "Wild", "IMAGE", torch.tensor([[[[-3.0, 0.5, 7.0]]]]).expand(1, 8, 8, 3))
    prompt = {
        "1": node("Wild"),
        "2": node("ImageInvert", image=["1", 0]),
        "3": node("PreviewImage", images=["2", 0]),
    }
    assert pixels(ran(host, prompt).value("2")[0])[0, 0].tolist() == [255, 127, 0]


def test_masks_both_ways(host: Host) -> None:
    given = picture(host.input_folder, "clear.png", "RGBA")
    prompt = {
        "1": node("LoadImage", image="clear.png"),
        # The core's mask is 1 where nothing is drawn.
        "2": node("MaskToImage", mask=["1", 1]),
        "3": node("ImageToMask", image=["2", 0], channel="red"),
        "4": node("InvertMask", mask=["3", 0]),
        "5": node("MaskToImage", mask=["4", 0]),
        "6": node("PreviewImage", images=["5", 0]),
    }
    report = ran(host, prompt)
    mask = report.value("3")
    assert (mask.shape, mask.dtype) == ((1, SIZE[1], SIZE[0]), torch.float32)
    alpha = numpy.asarray(given.getchannel("A"))
    assert numpy.array_equal(pixels(report.value("2")[0])[..., 0], 255 - alpha)
    assert numpy.array_equal(pixels(report.value("5")[0])[..., 0], alpha)


def test_a_mask_without_a_batch_is_taken(host: Host) -> None:
    give(host, "Plane", "MASK", torch.ones(8, 8))
    prompt = {
        "1": node("Plane"),
        "2": node("MaskToImage", mask=["1", 0]),
        "3": node("PreviewImage", images=["2", 0]),
    }
    assert pixels(ran(host, prompt).value("2")[0]).min() == 255


def test_what_somebody_wrote_into_a_picture_is_seen_behind_it(host: Host) -> None:
    """A node of another pack changes our tensor in place; ours after it takes what is there now."""

    def darken(value: torch.Tensor) -> torch.Tensor:
        value.mul_(0.0)
        return value

    host.classes["Darken"] = changing("IMAGE", darken)
    picture(host.input_folder)
    prompt = {
        "1": node("LoadImage", image="in.png"),
        "2": node("ImageInvert", image=["1", 0]),
        "3": node("Darken", value=["2", 0]),
        "4": node("ImageInvert", image=["3", 0]),
        "5": node("PreviewImage", images=["4", 0]),
    }
    assert pixels(ran(host, prompt).value("4")[0]).min() == 255


def changing(type_: str, function: Any) -> Any:
    body = {
        "INPUT_TYPES": classmethod(lambda cls: {"required": {"value": (type_,)}}),
        "RETURN_TYPES": (type_,),
        "FUNCTION": "change",
        "change": lambda self, value: (function(value),),
    }
    return type("Changing", (), body)


# -- latents


def latents_of(host: Host, class_type: str) -> int:
    return list(host.classes[class_type].RETURN_NAMES).index("latents")


def test_latents_go_through_a_core_node_without_the_scaling_factor(host: Host) -> None:
    prompt = short(host)
    plain = pixels(ran(host, prompt).value("decode", 1)[0])
    place = latents_of(host, prompt["denoise"]["class_type"])
    prompt["times"] = node("LatentOf", value=["denoise", place])
    prompt["decode"]["inputs"]["latents"] = ["times", 0]
    report = ran(host, prompt)
    samples = report.value("times")["samples"]
    vae = reference_pipeline().vae
    assert samples.shape[:2] == (1, vae.config.latent_channels)
    # Of the autoencoder's own size: the denoiser's are larger or smaller by the factor.
    scaled = samples * vae.config.scaling_factor
    with torch.inference_mode():
        decoded = vae.decode(scaled / vae.config.scaling_factor).sample
    shown = (decoded / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1)[0]
    found = pixels(report.value("decode", 1)[0]).astype(int)
    assert abs(found - plain).max() <= 1
    assert abs(found - (shown.numpy() * 255).round()).max() <= 1


def test_latents_of_our_own_are_the_very_same_behind_a_link(host: Host) -> None:
    prompt = short(host)
    plain = pixels(ran(host, prompt).value("decode", 1)[0])
    place = latents_of(host, prompt["denoise"]["class_type"])
    prompt["decode"]["inputs"]["latents"] = ["denoise", place]
    assert numpy.array_equal(pixels(ran(host, prompt).value("decode", 1)[0]), plain)


def test_latents_that_only_comfyui_made(host: Host) -> None:
    vae = reference_pipeline().vae
    generator = torch.Generator().manual_seed(3)
    samples = torch.randn(1, vae.config.latent_channels, 8, 8, generator=generator)
    give(host, "Given", "LATENT", {"samples": samples, "noise_mask": None})
    prompt = short(host)
    prompt["given"] = node("Given")
    prompt["decode"]["inputs"] = {"pipeline": ["guider", 0], "latents": ["given", 0]}
    del prompt["denoise"], prompt["text_encoder"]
    with torch.inference_mode():
        decoded = vae.decode(samples).sample
    shown = (decoded / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1)[0].numpy() * 255
    found = pixels(ran(host, prompt).value("decode", 1)[0])
    assert abs(found - shown.round()).max() <= 1


# -- sounds and films


def test_sounds_both_ways(host: Host) -> None:
    waveform = torch.linspace(-1, 1, 800).expand(1, 2, 800)
    give(host, "Sound", "AUDIO", {"waveform": waveform, "sample_rate": 8000})
    prompt = {
        "1": node("Sound"),
        "2": node("TrimAudioDuration", audio=["1", 0], start_index=0.025, duration=0.05),
        "3": node("AudioOf", value=["2", 0]),
        "4": node("BlockloomSoundComponents", audio=["3", 0]),
        "5": node("PreviewAny", source=["4", 2]),
    }
    report = ran(host, prompt)
    sound = report.value("2")
    assert sound["sample_rate"] == 8000
    assert torch.equal(sound["waveform"], waveform[..., 200:600])
    assert report.value("4", 1) == 8000
    assert PreviewAny.seen == [pytest.approx(0.05)]


def test_films_both_ways(host: Host) -> None:
    frames = torch.rand(3, 16, 16, 3)
    give(host, "Frames", "IMAGE", frames)
    prompt = {
        "1": node("Frames"),
        "2": node("CreateVideo", images=["1", 0], fps=12.0),
        "3": node("VideoOf", value=["2", 0]),
        "4": node("GetVideoComponents", video=["3", 0]),
        "5": node("PreviewImage", images=["4", 0]),
    }
    report = ran(host, prompt)
    film = report.value("2")
    assert callable(film.get_components)
    assert film.get_components().frame_rate == Fraction(12)
    images = report.value("4")
    assert images.shape == frames.shape
    assert (images - frames).abs().max() <= 0.5 / 255 + 1e-6
    assert report.value("4", 2) == 12.0


def test_a_film_without_sound_of_the_cores_own(host: Host) -> None:
    class Film(VideoInput):
        def get_components(self) -> Any:
            parts = {"images": torch.zeros(2, 8, 8, 3), "frame_rate": Fraction(24000, 1001)}
            return type("Parts", (), {**parts, "audio": None})()

    give(host, "Film", "VIDEO", Film())
    prompt = {
        "1": node("Film"),
        "2": node("GetVideoComponents", video=["1", 0]),
        "3": node("PreviewAny", source=["2", 2]),
    }
    ran(host, prompt)
    assert PreviewAny.seen == [pytest.approx(23.976, abs=1e-3)]


# -- texts, numbers, lists, anything


def test_texts_and_numbers_of_core_nodes_are_as_if_typed(host: Host) -> None:
    prompt = typed(short(host), "text_encoder", prompt="a red house")
    expected = pixels(ran(host, prompt).value("decode", 1)[0])
    prompt["text"] = node("PrimitiveString", value="a red house")
    prompt["steps"] = node("PrimitiveInt", value=FEW)
    prompt["seed"] = node("PrimitiveInt", value=2)
    prompt["strength"] = node("PrimitiveFloat", value=4.0)
    prompt = typed(prompt, "text_encoder", prompt=["text", 0])
    prompt = typed(prompt, "denoise", num_inference_steps=["steps", 0], generator=["seed", 0])
    prompt = typed(prompt, "guider", guidance_scale=["strength", 0])
    report = ran(host, prompt)
    assert numpy.array_equal(pixels(report.value("decode", 1)[0]), expected)


def test_a_list_of_texts_makes_a_picture_of_each(host: Host) -> None:
    prompt = short(host)
    alone = {}
    for text in ("a red house", "a blue house"):
        report = ran(host, typed(prompt, "text_encoder", prompt=text))
        alone[text] = pixels(report.value("decode", 1)[0])
    prompt["texts"] = node("ListOfTexts", text="a red house\na blue house")
    report = ran(host, typed(prompt, "text_encoder", prompt=["texts", 0]))
    for found, expected in zip(report.outputs["decode"][1], alone.values(), strict=True):
        assert numpy.array_equal(pixels(found[0]), expected)
    assert len(report.ui["save"]["images"]) == 2


def test_a_value_of_the_main_wire_as_a_picture_for_the_core(host: Host) -> None:
    prompt = short(host)
    prompt["get"] = node("BlockloomGetValue", pipeline=["decode", 0], name="images")
    prompt["save"]["inputs"]["images"] = ["get", 0]
    del prompt["enlarge"]
    report = ran(host, prompt)
    assert torch.equal(report.value("get"), report.value("decode", 1))


def test_a_tensor_of_one_branch_for_another(host: Host) -> None:
    prompt = typed(short(host), "text_encoder", prompt="a red house")
    expected = pixels(ran(host, prompt).value("decode", 1)[0])
    prompt["other"] = node(
        "StableDiffusionXLTextEncoderStep", pipeline=["guider", 0], prompt="a blue house"
    )
    names = list(host.classes["StableDiffusionXLTextEncoderStep"].RETURN_NAMES)
    embeds = {
        name: ["text_encoder", names.index(name)] for name in names if name.endswith("_embeds")
    }
    prompt["denoise"]["inputs"] |= {"pipeline": ["other", 0], **embeds}
    report = ran(host, prompt)
    assert numpy.array_equal(pixels(report.value("decode", 1)[0]), expected)


def test_lists_are_typed_as_json(host: Host) -> None:
    prompt = short(host)
    plain = pixels(ran(host, prompt).value("decode", 1)[0])
    prompt["size"] = node("PrimitiveString", value="[16, 2000]")
    cropped = ran(host, typed(prompt, "denoise", original_size=["size", 0]))
    wrapped = ran(host, typed(prompt, "denoise", original_size={"__value__": [16, 2000]}))
    found = [pixels(report.value("decode", 1)[0]) for report in (cropped, wrapped)]
    assert numpy.array_equal(*found)
    assert not numpy.array_equal(found[0], plain)


def test_the_main_wire_shows_what_it_carries(host: Host) -> None:
    prompt = short(host)
    prompt["show"] = node("PreviewAny", source=["decode", 0])
    ran(host, prompt)
    assert "images" in str(PreviewAny.seen[0])
