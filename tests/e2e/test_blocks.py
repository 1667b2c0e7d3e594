"""Blocks inside nodes: a loop with a block of one's own, a chain as one node of the palette."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.pages import last_job, node, run, settles, show_all, status_becomes, write_graph
from server.server_process import Process, server_in

WIDE = {"viewport": {"width": 2400, "height": 1000}}
BEND = '''
from diffusers.modular_pipelines import InputParam, ModularPipelineBlocks


class BendLatents(ModularPipelineBlocks):
    """Shift the latents at each step."""

    @property
    def inputs(self):
        return [InputParam("bend", type_hint=float, default=0.25)]

    def __call__(self, components, block_state, i, t):
        block_state.latents = block_state.latents + block_state.bend
        return components, block_state
'''


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server with a node file of the user's own."""
    folder = tmp_path_factory.mktemp("blocks")
    (folder / "nodes").mkdir()
    (folder / "nodes" / "bend.py").write_text(BEND)
    with server_in(folder) as found:
        found.start("--nodes", str(folder / "nodes"))
        yield found


def leaf_graph(page: Page) -> None:
    """The smallest blocks of text to image, with the built-in model and few steps."""
    path = "/blockloom/templates/stable-diffusion-xl/text2image?leaf=true&model=demo"
    graph = page.request.get(path).json()
    for found in graph["prompt"].values():
        if found["class_type"] == "StableDiffusionXLSetTimestepsStep":
            found["inputs"]["num_inference_steps"] = 3
    write_graph(page, graph)
    expect(node(page, "denoise")).to_be_visible()


def inside(page: Page, node_id: str) -> Locator:
    node(page, node_id).locator("header").click()
    page.get_by_role("tab", name="Info").click()
    return page.get_by_role("region", name="Blocks inside")


def test_a_block_of_ones_own_in_the_loop(new_page) -> None:
    page: Page = new_page(**WIDE)
    leaf_graph(page)
    run(page)
    settles(page, "save")
    blocks = inside(page, "denoise")
    expect(blocks.get_by_role("listitem")).to_have_count(3)
    blocks.get_by_role("button", name="Add a block").click()
    page.get_by_role("combobox", name="Search blocks").fill("bend")
    page.keyboard.press("Enter")
    expect(blocks.get_by_role("listitem")).to_have_count(4)
    bend = node(page, "denoise").get_by_role("spinbutton", name="bend")
    expect(bend).to_be_visible()
    run(page)
    status_becomes(page, "denoise", "done")
    settles(page, "save")
    inputs = last_job(page)["workflow"]["prompt"]["denoise"]["inputs"]
    assert [block["block"] for block in inputs["blocks"]["__value__"]][-1] == "BendLatents"

    # Without what makes the prediction the loop cannot run: said before anything runs.
    blocks.get_by_role("button", name="Remove denoiser").click()
    problem = node(page, "denoise").get_by_role("button", name=re.compile('needs "noise_pred"'))
    expect(problem.first).to_be_visible()
    page.keyboard.press("Control+z")
    expect(blocks.get_by_role("listitem")).to_have_count(4)
    blocks.get_by_role("button", name="As diffusers has it").click()
    expect(blocks.get_by_role("listitem")).to_have_count(3)
    run(page)
    status_becomes(page, "denoise", "kept")


def test_a_chain_becomes_a_node_of_the_palette(new_page) -> None:
    page: Page = new_page(**WIDE)
    leaf_graph(page)
    run(page)
    settles(page, "save")
    for place, name in enumerate(("set_timesteps", "prepare_latents", "prepare_add_cond")):
        node(page, name).locator("header").click(modifiers=["Shift"] if place else [])
    page.keyboard.press("Control+Shift+G")
    combined = page.locator("[data-node]", has_text="Group of blocks")
    expect(combined).to_be_visible()
    expect(node(page, "set_timesteps")).to_have_count(0)
    node_id = str(combined.get_attribute("data-node"))
    run(page)
    settles(page, "save")
    page.keyboard.press("F2")
    page.keyboard.type("My start")
    page.keyboard.press("Enter")
    blocks = inside(page, node_id)
    blocks.get_by_role("button", name="Save as a node of the palette").click()
    expect(page.get_by_text("is in the palette")).to_be_visible()
    # There it is after a reload, for another graph.
    page.reload()
    expect(page.get_by_role("application", name="Graph")).to_be_visible()
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("Space")
    page.get_by_role("combobox", name="Search nodes").fill("My start")
    page.get_by_role("option", name=re.compile("My start")).click()
    expect(page.locator("[data-node]", has_text="My start")).to_have_count(2)
    page.keyboard.press("Control+z")
    page.locator("[data-node]", has_text="My start").locator("header").click()
    page.keyboard.press("Control+Shift+E")
    show_all(page)
    expect(node(page, "set_timesteps")).to_be_visible()
    run(page)
    settles(page, "save")
