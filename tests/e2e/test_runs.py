"""Running: what runs again and what is kept, cancelling, coming back, going back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.pages import last_job, node, run, settles, status_becomes

WIDE = {"viewport": {"width": 2700, "height": 1000}}


def test_a_new_prompt_runs_only_what_depends_on_it(new_page):
    page: Page = new_page(**WIDE)
    run(page)
    settles(page, "save")
    prompt = node(page, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
    prompt.fill("a blue square on a yellow background")
    prompt.press("Control+Enter")
    status_becomes(page, "model", "kept")
    settles(page, "save")
    job = last_job(page)
    assert job["kept"] == ["model", "guider"]
    assert job["ran"] == ["text_encoder", "denoise", "decode", "enlarge", "save"]
    assert job["workflow"]["prompt"]["text_encoder"]["inputs"]["prompt"].startswith("a blue square")


def test_cancel_ends_the_loop_and_the_next_run_goes_on_from_what_was_kept(new_page):
    page: Page = new_page(**WIDE)
    steps = node(page, "denoise").get_by_role("spinbutton", name="num_inference_steps")
    steps.fill("900")
    steps.press("Enter")
    run(page)
    status_becomes(page, "denoise", "running")
    expect(node(page, "denoise")).to_contain_text(re.compile(r"\d+/900"))
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_hidden()
    assert last_job(page)["status"] == "cancelled"
    # How far the loop came can be looked at.
    node(page, "denoise").locator("h2").click()
    page.get_by_role("tab", name="Steps").click()
    expect(page.get_by_text(re.compile(r"^Step \d+ of 900$"))).to_be_visible()
    page.get_by_role("button", name="First step").click()
    expect(page.get_by_text("Step 1 of 900", exact=True)).to_be_visible()
    steps.fill("3")
    steps.press("Enter")
    run(page)
    settles(page, "save")
    assert last_job(page)["kept"] == ["model", "guider", "text_encoder"]


def test_a_page_that_is_loaded_again_in_mid_run_finds_everything(new_page):
    page: Page = new_page(**WIDE)
    prompt = node(page, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
    prompt.fill("a green circle on the left")
    steps = node(page, "denoise").get_by_role("spinbutton", name="num_inference_steps")
    steps.fill("120")
    steps.press("Enter")
    run(page)
    status_becomes(page, "denoise", "running")
    page.reload()
    expect(prompt).to_have_value("a green circle on the left")
    settles(page, "model")
    status_becomes(page, "denoise", "running")
    settles(page, "save")
    expect(node(page, "save").locator("img").first).to_be_visible()
    # And once more when all is over.
    page.reload()
    settles(page, "save")
    expect(node(page, "save").locator("img").first).to_be_visible()


def test_an_error_appears_on_its_node_with_what_to_do(new_page):
    page: Page = new_page(**WIDE)
    model = node(page, "model").get_by_role("combobox", name="model")
    model.fill("nobody/nothing")
    model.press("Enter")
    run(page)
    status_becomes(page, "model", "failed")
    expect(node(page, "model").get_by_role("alert")).to_contain_text("nobody/nothing")
    details = node(page, "model").get_by_text(re.compile("^Traceback"))
    expect(details).to_be_hidden()
    node(page, "model").get_by_text("NotFoundError", exact=True).click()
    expect(details).to_be_visible()
    assert last_job(page)["execution_error"]["node_id"] == "model"
    model.fill("demo")
    model.press("Enter")
    run(page)
    settles(page, "save")


def test_an_earlier_run_is_opened_again_with_graph_and_seed(new_page):
    page: Page = new_page(**WIDE)
    prompt = node(page, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
    expect(prompt).to_be_visible()
    before = prompt.input_value()
    run(page)
    settles(page, "save")
    first = last_job(page)
    prompt.fill("a red triangle")
    prompt.press("Control+Enter")
    status_becomes(page, "denoise", "running")
    settles(page, "save")
    second = last_job(page)
    page.get_by_role("button", name="History").click()
    card = page.locator(f'[data-job="{first["id"]}"]')
    card.get_by_role("button", name=re.compile("Open graph and seed")).click()
    expect(prompt).to_have_value(before)
    page.keyboard.press("Control+z")
    expect(prompt).to_have_value("a red triangle")

    card.get_by_role("button", name="Compare").click()
    page.locator(f'[data-job="{second["id"]}"]').get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog", name="Two runs")
    expect(dialog.locator("ins")).to_contain_text("a red triangle")
    expect(dialog.locator("del")).to_contain_text(before[:20])
    slider = dialog.get_by_role("slider")
    slider.press("ArrowRight")
    expect(slider).to_have_value("51")
