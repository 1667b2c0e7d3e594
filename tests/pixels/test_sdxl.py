"""Graphs give the very same pixels as diffusers: whole runs, and runs from kept values."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from diffusers import ClassifierFreeGuidance, ModularPipeline
from tests.real_sessions import (
    first_reader,
    make_pictures,
    open_real_session,
    pictures_of,
    reference_pipeline,
    run,
    template,
    with_input,
    with_node_behind,
)

from blockloom.graph.model import Graph, Literal, Node

SCHEDULERS = (
    "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler",
    "DPMSolverMultistepScheduler",
    "UniPCMultistepScheduler",
    "DDIMScheduler",
)
INPUTS: dict[str, tuple[str, ...]] = {
    "text2image": (),
    "image2image": ("image",),
    "inpainting": ("image", "mask_image"),
}
PROMPT = "a red balloon over snowy mountains at night"


@cache
def pipeline_with(scheduler: str) -> ModularPipeline:
    return reference_pipeline(scheduler)


def expected_pixels(folder: Path, scheduler: str, workflow: str, **given: Any) -> numpy.ndarray:
    pictures = {name: pictures_of(folder)[name] for name in INPUTS[workflow]}
    seed = given.pop("seed", 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        images = pipeline_with(scheduler)(
            generator=torch.Generator().manual_seed(seed), output="images", **pictures, **given
        )
    return numpy.asarray(images[0])


def graph_for(workflow: str, is_leaf: bool, scheduler: str, **given: Any) -> Graph:
    graph = template(workflow, is_leaf=is_leaf)
    graph = with_node_behind(graph, "model", Node("scheduler", f"BlockloomSet{scheduler}"))
    seed = given.pop("seed", 0)
    for name, value in {**given, "generator": seed}.items():
        value = list(value) if isinstance(value, tuple) else value
        graph = with_input(graph, first_reader(graph, name), name, value)
    return graph


def compared(folder: Path, workflow: str, is_leaf: bool, **given: Any) -> None:
    """Assert that graph and diffusers agree on one picture."""
    scheduler = "EulerAncestralDiscreteScheduler"
    expected = expected_pixels(folder, scheduler, workflow, **given)
    graph = graph_for(workflow, is_leaf, scheduler, **given)
    found = pixels(run(open_real_session(), graph, make_pictures(folder)))
    assert numpy.array_equal(found, expected)


def pixels(report: Any) -> numpy.ndarray:
    return numpy.asarray(report.value("decode", "images")[0])


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("is_leaf", [False, True], ids=["coarse", "leaf"])
@pytest.mark.parametrize("workflow", list(INPUTS))
def test_pixels_are_those_of_diffusers(
    tmp_path: Path, workflow: str, is_leaf: bool, scheduler: str
) -> None:
    host = make_pictures(tmp_path)
    given: dict[str, Any] = {"prompt": PROMPT, "num_inference_steps": 6}
    if "image" in INPUTS[workflow]:
        given["strength"] = 0.7
    expected = expected_pixels(tmp_path, scheduler, workflow, **given)
    session = open_real_session()
    graph = graph_for(workflow, is_leaf, scheduler, **given)
    assert numpy.array_equal(pixels(run(session, graph, host)), expected)

    # A run from kept values, with more steps; then back to the first.
    longer = graph_for(workflow, is_leaf, scheduler, **{**given, "num_inference_steps": 8})
    report = run(session, longer, host)
    assert "text_encoder" in report.kept
    more = expected_pixels(tmp_path, scheduler, workflow, **{**given, "num_inference_steps": 8})
    assert numpy.array_equal(pixels(report), more)
    assert not numpy.array_equal(more, expected)
    back = run(session, graph, host)
    assert back.ran == ()
    assert numpy.array_equal(pixels(back), expected)


@pytest.mark.parametrize("is_leaf", [False, True], ids=["coarse", "leaf"])
def test_cropped_inpainting_takes_the_overlay_branch(tmp_path: Path, is_leaf: bool) -> None:
    make_pictures(tmp_path)
    given = {"num_inference_steps": 5, "strength": 0.8, "padding_mask_crop": 4}
    compared(tmp_path, "inpainting", is_leaf, prompt=PROMPT, **given)


@pytest.mark.parametrize("is_leaf", [False, True], ids=["coarse", "leaf"])
def test_a_guider_set_upstream_counts_for_encoder_and_denoiser(
    tmp_path: Path, is_leaf: bool
) -> None:
    pipeline = reference_pipeline()
    pipeline.update_components(guider=ClassifierFreeGuidance(guidance_scale=2.5))
    images = pipeline(
        prompt=PROMPT,
        num_inference_steps=4,
        generator=torch.Generator().manual_seed(0),
        output="images",
    )
    graph = graph_for(
        "text2image", is_leaf, "EulerDiscreteScheduler", prompt=PROMPT, num_inference_steps=4
    )
    guider = Node("guider", "BlockloomSetClassifierFreeGuidance", {"guidance_scale": Literal(2.5)})
    session, host = open_real_session(), make_pictures(tmp_path)
    plain = pixels(run(session, graph, host))
    report = run(session, with_node_behind(graph, "model", guider), host)
    assert numpy.array_equal(pixels(report), numpy.asarray(images[0]))
    assert not numpy.array_equal(pixels(report), plain)
    assert "text_encoder" in report.ran


@pytest.mark.parametrize("is_leaf", [False, True], ids=["coarse", "leaf"])
@pytest.mark.parametrize(
    "given",
    [
        {"negative_prompt": "a house", "num_images_per_prompt": 2},
        {"height": 96, "width": 64, "seed": 9},
        {"output_type": "np"},
        {"original_size": (96, 80), "crops_coords_top_left": (4, 8), "target_size": (64, 64)},
    ],
    ids=["negative", "size", "numpy", "tuples"],
)
def test_other_inputs(tmp_path: Path, is_leaf: bool, given: dict[str, Any]) -> None:
    compared(tmp_path, "text2image", is_leaf, prompt=PROMPT, num_inference_steps=4, **given)
