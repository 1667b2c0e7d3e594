"""Latents in colour: guessed at first, learned from what was decoded."""

from __future__ import annotations

from typing import Any

import numpy
import PIL.Image
import pytest
import torch
from tests.real_sessions import (
    first_reader,
    open_real_session,
    template,
    with_input,
    without_sinks,
)
from tests.toys import chain, toy_session

from blockloom.bridge.latent_colours import (
    LatentColours,
    fit_colours,
    guessed_colours,
)
from blockloom.bridge.tiles import SIGNAL_COLOUR
from blockloom.execution.events import StepPreview
from blockloom.execution.session import RunOptions, Session
from blockloom.graph.model import Graph


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def decoded(latents: torch.Tensor, weights: torch.Tensor, factor: int = 8) -> PIL.Image.Image:
    """A picture whose cells have linear colours."""
    colours = torch.einsum("chw,cb->hwb", latents[0], weights).mul(0.1).add(0.5).clamp(0, 1)
    pixels = (colours * 255).round().to(torch.uint8).numpy()
    return PIL.Image.fromarray(pixels.repeat(factor, 0).repeat(factor, 1))


def likeness(picture: PIL.Image.Image, other: PIL.Image.Image) -> float:
    """Correlation of two pictures, both as small as latents."""
    small = [
        numpy.asarray(p.convert("RGB").resize((16, 16), PIL.Image.Resampling.BOX), dtype=float)
        for p in (picture, other)
    ]
    return float(numpy.corrcoef(small[0].ravel(), small[1].ravel())[0, 1])


def test_a_linear_decoder_is_learned_exactly() -> None:
    latents, weights = noise(1, 8, 16, 16), noise(8, 3) / 2
    picture = decoded(latents, weights)
    colours = LatentColours()
    before = colours.preview(latents, ["vae"])
    colours.observe("vae", [latents], [[picture]])
    after = colours.preview(latents, ["other", "vae"])
    assert before is not None
    assert after is not None
    assert (before.size, after.size) == ((256, 256), (256, 256))
    assert likeness(after, picture) > 0.999 > 0.9 > likeness(before, picture)
    known = colours.map_for(["vae"], 8)
    assert known is not None
    assert known.fit > 0.999


def test_of_a_film_a_frame_from_its_middle_is_drawn() -> None:
    film = noise(1, 16, 5, 12, 20)
    colours = LatentColours()
    found, wanted = colours.preview(film), colours.preview(film[:, :, 2])
    assert found is not None
    assert wanted is not None
    assert found.tobytes() == wanted.tobytes()


@pytest.mark.parametrize(("frames", "kept"), [(17, 3), (9, 9), (25, 4)])
def test_a_film_in_one_row_is_told_by_its_frames(frames: int, kept: int) -> None:
    film = noise(1, 12, kept, 6, 10)
    packed = film.flatten(2).transpose(1, 2)
    colours = LatentColours()
    found = colours.preview(packed, (), (320, 192), frames)
    wanted = colours.preview(film[:, :, kept // 2])
    assert found is not None
    assert wanted is not None
    assert found.tobytes() == wanted.tobytes()
    assert colours.preview(packed, (), (320, 192), frames + 1) is None
    assert colours.preview(packed, (), (330, 192), frames) is None


def test_the_colours_of_a_film_in_one_row_are_learned() -> None:
    film, weights = noise(1, 8, 3, 16, 16), noise(8, 3) / 2
    packed = film.flatten(2).transpose(1, 2)
    first = decoded(film[:, :, 0], weights)
    colours = LatentColours()
    colours.observe("vae", [packed], [[[first] * 17]])
    known = colours.map_for(["vae"], 8)
    assert known is not None
    assert known.fit > 0.999


def test_of_several_tensors_the_one_that_was_decoded_is_found() -> None:
    latents, weights = noise(1, 4, 16, 16), noise(4, 3) / 2
    others = [torch.rand(1, 4, 16, 16), torch.full((1, 4, 16, 16), torch.nan), noise(1, 4, 5, 5)]
    colours = LatentColours()
    colours.observe("vae", [*others, latents, "no tensor"], [None, decoded(latents, weights)])
    known = colours.map_for(["vae"], 4)
    assert known is not None
    assert known.fit > 0.999


def test_what_does_not_belong_together_teaches_nothing() -> None:
    colours = LatentColours()
    picture = decoded(noise(1, 4, 16, 16), noise(4, 3))
    colours.observe("vae", [torch.rand(1, 4, 16, 16)], [picture])
    colours.observe("vae", [noise(1, 4, 16, 16)], [PIL.Image.new("RGB", (128, 128))])
    assert colours.map_for(["vae"], 4) is None
    latents, weights = noise(1, 4, 16, 16), noise(4, 3) / 2
    colours.observe("vae", [latents], [decoded(latents, weights)])
    assert colours.map_for(["vae"], 4) is not None
    assert colours.map_for(["vae"], 16) is None


def encoded(picture: PIL.Image.Image, factor: int, layout: str) -> torch.Tensor:
    """Latents of five channels, of which three are the colours of the cells."""
    size = (picture.width // factor, picture.height // factor)
    small = torch.tensor(numpy.asarray(picture.resize(size, PIL.Image.Resampling.BOX))).float()
    cells = torch.cat([small / 100, noise(size[1], size[0], 2)], dim=2)
    if layout == "row":
        return cells.reshape(1, -1, 5)
    grid = cells.movedim(2, 0)
    return grid[None] if layout == "grid" else grid[None, :, None].expand(2, -1, 3, -1, -1)


@pytest.mark.parametrize("layout", ["grid", "frames", "row"])
@pytest.mark.parametrize(("size", "factor"), [((128, 128), 8), ((64, 32), 2), ((64, 128), 4)])
def test_every_layout_of_latents_is_learned_and_drawn(
    layout: str, size: tuple[int, int], factor: int
) -> None:
    picture = decoded(noise(1, 3, 16, 16), torch.eye(3)).resize(size)
    latents, colours = encoded(picture, factor, layout), LatentColours()
    colours.observe("vae", [latents], [picture])
    found = colours.preview(latents, ["vae"], size)
    assert found is not None
    assert found.width * size[1] == found.height * size[0]
    assert likeness(found.resize(size, 0), picture) > 0.99
    if layout == "row":
        assert colours.preview(latents, ["vae"]) is None


@pytest.mark.parametrize("size", [(120, 120), (128, 64), (16, 16)])
def test_pictures_of_other_sizes_are_none_of_these_latents(size: tuple[int, int]) -> None:
    picture = decoded(noise(1, 3, 16, 16), torch.eye(3))
    latents, colours = encoded(picture, 8, "grid"), LatentColours()
    colours.observe("vae", [latents, latents[:, :2], noise(1, 77, 16)], [picture.resize(size)])
    assert colours.map_for(["vae"], 5) is None


@pytest.mark.parametrize("channels", [3, 4, 16, 128])
def test_guessed_hues_are_orthogonal_and_tell_cells_apart(channels: int) -> None:
    unit = numpy.stack([numpy.eye(channels), -numpy.eye(channels)])
    bands = guessed_colours(unit).reshape(-1, 3) - 0.5
    products = bands.T @ bands
    assert numpy.allclose(products, numpy.diag(numpy.diag(products)))
    assert len(numpy.unique(bands.round(6), axis=0)) == 2 * channels


def test_more_channels_than_cells_is_still_a_map() -> None:
    values = numpy.random.default_rng(0)
    found = fit_colours([(values.normal(size=(9, 128)), values.random((9, 3)))])
    assert numpy.isfinite(found.weights).all()


@pytest.mark.parametrize("shape", [(1, 4, 8, 8), (2, 4, 3, 8, 8), (1, 1, 8, 8)])
def test_previews_of_all_shapes(shape: tuple[int, ...]) -> None:
    picture = LatentColours().preview(noise(*shape))
    assert picture is not None
    assert (picture.mode, picture.size) == ("RGB", (256, 256))
    assert len(picture.getcolors() or []) > 30


@pytest.mark.parametrize("shape", [(), (8,), (8, 8), (8, 8, 8), (1, 4, 0, 8), (1, 1, 1, 4, 8, 8)])
def test_no_latents_no_preview(shape: tuple[int, ...]) -> None:
    assert LatentColours().preview(torch.zeros(shape)) is None


def test_broken_cells_are_marked_and_large_ones_averaged() -> None:
    latents = noise(1, 4, 8, 8).to(torch.bfloat16)
    latents[0, 1, 2, 3] = torch.nan
    picture = LatentColours().preview(latents)
    assert picture is not None
    assert picture.getpixel((100, 70)) == SIGNAL_COLOUR
    assert picture.getpixel((70, 70)) != SIGNAL_COLOUR
    large = LatentColours().preview(noise(1, 4, 300, 600))
    assert large is not None
    assert large.size == (256, 256)


# -- in runs


def demo_graph(seed: int, prompt: str = "a red balloon over snowy mountains at night") -> Graph:
    graph = without_sinks(template("text2image"))
    for name, value in (("prompt", prompt), ("num_inference_steps", 8), ("generator", seed)):
        graph = with_input(graph, first_reader(graph, name), name, value)
    return graph


def last_preview(session: Session, graph: Graph) -> tuple[PIL.Image.Image, Any]:
    seen: list[StepPreview] = []
    report = session.run(graph, RunOptions(on_preview=seen.append))
    assert [(p.node_id, p.done, p.total) for p in seen] == [("denoise", n, 8) for n in range(1, 9)]
    picture = seen[-1].make_image()
    assert picture is not None
    return picture, report


def test_previews_come_to_look_like_what_is_decoded() -> None:
    session = open_real_session()
    learned, report = last_preview(session, demo_graph(3))
    real = report.value("decode", "images")[0]
    guessed = LatentColours().preview(report.value("denoise", "latents"))
    assert guessed is not None
    assert likeness(learned, real) > 0.9 > likeness(guessed, real)
    # Another picture, whose preview is drawn before it is decoded, after a few more were.
    for number, prompt in enumerate(("a pink house in the desert at night", "a blue heart")):
        session.run(demo_graph(number, prompt))
    graph = demo_graph(7, "a white sailboat on the sea by day")
    seen: list[PIL.Image.Image | None] = []
    report = session.run(graph, RunOptions(on_preview=lambda p: seen.append(p.make_image())))
    other = report.value("decode", "images")[0]
    last = seen[-1]
    assert last is not None
    assert likeness(last, other) > 0.8
    assert likeness(last, other) > likeness(last, real)


def test_loops_without_latents_have_no_previews() -> None:
    graph = chain(("make", "ToyMake", {}), ("loop", "ToyLoop", {}))
    seen: list[StepPreview] = []
    toy_session().run(graph, RunOptions(on_preview=seen.append))
    assert seen == []
