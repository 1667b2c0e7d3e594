"""Looking inside: what nodes read and wrote, the whole state, the steps of a loop, pictures."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from e2e.pages import node, run, settles

WIDE = {"viewport": {"width": 2700, "height": 1000}}
PROMPT = "a red circle on a blue background"
TIMES = "\u00d7"
LATENTS = TIMES.join(["1", "4", "16", "16"])
PICTURE = TIMES.join(["64", "64"])
OTHER_PROMPT = "a yellow square on a green background"


def inspector(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Inspector")


def look_at(page: Page, node_id: str, tab: str) -> Locator:
    """Select a node and open a tab of the inspector; gives the tab's content."""
    node(page, node_id).locator("header").click()
    expect(node(page, node_id)).to_have_attribute("data-selected", "true")
    inspector(page).get_by_role("tab", name=tab).click()
    return inspector(page).get_by_role("tabpanel")


def value(place: Locator, name: str) -> Locator:
    return place.locator(f'[data-value="{name}"]')


def run_prompt(page: Page, prompt: str) -> None:
    """Run with a prompt, and wait until that run is over and shown."""
    field = node(page, "text_encoder").get_by_role("textbox", name="prompt", exact=True)
    field.fill(prompt)
    field.blur()
    with page.expect_response("**/api/prompt") as answer:
        run(page)
    job = answer.value.json()["prompt_id"]
    while page.request.get(f"/api/jobs/{job}").json()["status"] != "completed":
        page.wait_for_timeout(100)
    settles(page, "save")


def picture_bytes(page: Page, picture: Locator) -> bytes:
    found = page.request.get(picture.get_attribute("src") or "")
    assert found.ok
    return found.body()


def test_the_inspector_tells_where_values_are_from_and_who_wrote_them(new_page):
    page: Page = new_page(**WIDE)
    before = look_at(page, "denoise", "Values")
    expect(before).to_contain_text("Not run yet")
    expect(value(before, "prompt_embeds")).to_contain_text("from Text encoder")
    run_prompt(page, PROMPT)
    values = look_at(page, "denoise", "Values")
    wrote = values.get_by_role("region", name="Wrote")
    expect(value(wrote, "latents")).to_contain_text(f"{LATENTS} float32")
    read = values.get_by_role("region", name="Read")
    expect(value(read, "num_inference_steps")).to_contain_text("typed here")
    expect(value(read, "height")).to_be_hidden()
    read.get_by_text("at their defaults").click()
    expect(value(read, "height")).to_contain_text("default")
    value(read, "prompt_embeds").get_by_role("button", name="from Text encoder").click()
    expect(inspector(page).get_by_role("heading", name="Text encoder")).to_be_visible()
    expect(node(page, "text_encoder")).to_have_attribute("data-selected", "true")


def test_a_node_shows_its_block_state_until_it_is_folded(new_page):
    page: Page = new_page(**WIDE)
    run_prompt(page, PROMPT)
    denoise = node(page, "denoise")
    expect(denoise).to_contain_text(LATENTS)
    expect(denoise.get_by_role("button", name="Look closer: latents")).to_be_visible()
    denoise.get_by_role("button", name="Fold the block state").click()
    expect(denoise).not_to_contain_text(LATENTS)
    expect(node(page, "decode")).to_contain_text(PICTURE)
    page.keyboard.press("Control+I")
    expect(node(page, "decode")).not_to_contain_text(PICTURE)
    page.keyboard.press("Control+I")
    expect(denoise).to_contain_text(LATENTS)


def test_numbers_about_a_tensor_come_on_request(new_page):
    page: Page = new_page(**WIDE)
    run_prompt(page, PROMPT)
    latents = value(
        look_at(page, "denoise", "Values").get_by_role("region", name="Wrote"), "latents"
    )
    latents.get_by_role("button").first.click()
    expect(latents).to_contain_text("Tensor")
    latents.get_by_role("button", name="Statistics").click()
    expect(latents.get_by_role("img", name=re.compile("^Histogram from -"))).to_be_visible()
    latents.get_by_text("By channel").click()
    expect(latents.get_by_role("listitem", name=re.compile("Channel"))).to_have_count(4)
    with page.expect_download() as download:
        latents.get_by_role("link", name="npy").click()
    assert download.value.suggested_filename == "denoise_latents.npy"


def test_the_steps_of_a_loop_are_there_to_go_through(new_page):
    page: Page = new_page(**WIDE)
    run_prompt(page, PROMPT)
    steps = look_at(page, "denoise", "Steps")
    expect(steps).to_contain_text("Step 25 of 25")
    picture = steps.get_by_role("img", name="Predicted picture after step 25")
    last = picture_bytes(page, picture)
    slider = steps.get_by_role("slider", name="Step")
    slider.focus()
    page.keyboard.press("Home")
    expect(steps).to_contain_text("Step 1 of 25")
    first = picture_bytes(page, steps.get_by_role("img", name="Predicted picture after step 1"))
    assert first != last
    page.keyboard.press("ArrowRight")
    expect(steps).to_contain_text("Step 2 of 25")
    steps.get_by_label("What to draw").select_option("latents")
    noisy = picture_bytes(page, steps.get_by_role("img", name="latents after step 2"))
    assert noisy != first
    steps.get_by_role("button", name="Play the steps").click()
    expect(steps).to_contain_text("Step 25 of 25")


def test_the_steps_follow_a_running_loop_and_hold_when_one_looks_back(new_page):
    page: Page = new_page(**WIDE)
    count = node(page, "denoise").get_by_role("spinbutton", name="num_inference_steps")
    count.fill("600")
    count.press("Enter")
    steps = look_at(page, "denoise", "Steps")
    run(page)
    live = steps.get_by_role("button", name="live")
    expect(live).to_have_attribute("aria-pressed", "true")
    expect(steps).to_contain_text(re.compile(r"Step \d{2,} of 600"))
    slider = steps.get_by_role("slider", name="Step")
    slider.focus()
    page.keyboard.press("Home")
    held = steps.get_by_role("button", name="held")
    expect(held).to_be_visible()
    expect(steps).to_contain_text("Step 1 of 600")
    expect(value(steps, "latents")).to_contain_text(LATENTS)
    expect(node(page, "denoise")).to_contain_text(re.compile(r"\d{2,}/600"))
    expect(steps).to_contain_text("Step 1 of 600")
    held.click()
    expect(live).to_be_visible()
    page.get_by_role("button", name="Cancel", exact=True).click()


def test_the_whole_state_keeps_inputs_apart_and_marks_what_changed(new_page):
    page: Page = new_page(**WIDE)
    run_prompt(page, PROMPT)
    state = look_at(page, "denoise", "State")
    given = state.get_by_role("region", name="As the user gave it")
    made = state.get_by_role("region", name="Made along the way")
    expect(value(given, "prompt")).to_contain_text(PROMPT)
    expect(value(given, "prompt")).to_contain_text("given at Text encoder")
    expect(value(made, "latents")).to_contain_text("from Denoise")
    expect(value(made, "prompt_embeds")).to_contain_text("denoiser_input_fields")
    expect(value(made, "prompt")).to_have_count(0)

    run_prompt(page, OTHER_PROMPT)
    changed = "Changed since the last run"
    same = "Same as in the last run"
    expect(value(given, "prompt").get_by_role("img", name=changed)).to_be_visible()
    expect(value(made, "latents").get_by_role("img", name=changed)).to_be_visible()
    expect(value(made, "height").get_by_role("img", name=same)).to_be_visible()
    expect(value(given, "num_inference_steps").get_by_role("img", name=same)).to_be_visible()
    state.get_by_role("checkbox").check()
    expect(value(made, "height")).to_have_count(0)
    expect(value(given, "prompt")).to_be_visible()
    state.get_by_role("searchbox").fill("embeds")
    expect(value(given, "prompt")).to_have_count(0)
    expect(value(made, "prompt_embeds")).to_be_visible()
    # On the node, too.
    encoder = node(page, "text_encoder")
    marked = encoder.locator("li", has_text=re.compile("^prompt_embeds"))
    expect(marked.get_by_role("img", name=changed)).to_be_visible()


def test_a_picture_shows_its_pixels_and_is_compared_with_the_run_before(new_page):
    page: Page = new_page(**WIDE)
    run_prompt(page, PROMPT)
    run_prompt(page, OTHER_PROMPT)
    look_at(page, "decode", "Values").get_by_role("button", name="Look closer: images").click()
    viewer = page.get_by_role("dialog", name="images of Decode")
    stage = viewer.get_by_role("application")
    stage.hover()
    expect(viewer.get_by_role("status")).to_contain_text(
        re.compile(r"Pixel \d+, \d+.*#[0-9a-f]{6}.*\d+ \d+ \d+")
    )
    stage.focus()
    page.keyboard.press("1")
    size = viewer.get_by_role("button", name=re.compile("^Pixel for pixel"))
    expect(size).to_have_text("100 %")
    page.keyboard.press("+")
    expect(size).to_have_text("125 %")
    viewer.get_by_role("button", name="Compare").click()
    page.get_by_role("menuitemradio", name=re.compile("^Run at")).first.click()
    line = viewer.get_by_role("slider", name=re.compile("Where one picture ends"))
    expect(line).to_have_attribute("aria-valuenow", "50")
    both = stage.get_by_role("img")
    expect(both).to_have_count(2)
    assert picture_bytes(page, both.nth(0)) != picture_bytes(page, both.nth(1))
    line.focus()
    page.keyboard.press("Home")
    expect(line).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()


def test_a_saved_picture_is_seen_in_full(new_page):
    page: Page = new_page(**WIDE)
    run_prompt(page, PROMPT)
    node(page, "save").get_by_role("button", name=re.compile(r"text_to_image_\d+_\.png")).click()
    viewer = page.get_by_role("dialog", name=re.compile(r"text_to_image_\d+_\.png of Save"))
    viewer.get_by_role("application").hover()
    expect(viewer.get_by_role("status")).to_contain_text(re.compile(r"Pixel \d+, \d+"))
    with page.expect_download() as download:
        viewer.get_by_role("link", name="Save as PNG").click()
    assert re.fullmatch(r"text_to_image_\d+_\.png", download.value.suggested_filename)


def test_latents_are_taken_apart_into_channels(new_page):
    page: Page = new_page(**WIDE)
    run_prompt(page, PROMPT)
    look_at(page, "denoise", "Values").get_by_role("button", name="Look closer: latents").click()
    viewer = page.get_by_role("dialog", name="latents of Denoise")
    viewer.get_by_role("application").hover()
    numbers = re.compile(r"Cell \d+, \d+(\s*-?\d\S*){4}$")
    expect(viewer.get_by_role("status")).to_have_text(numbers)
    viewer.get_by_role("button", name="Channels").click()
    channels = viewer.get_by_role("listbox", name="Channels").get_by_role("option")
    expect(channels).to_have_count(4)
    channels.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(channels.nth(1)).to_have_attribute("aria-selected", "true")


def test_what_is_not_kept_any_more_can_be_run_again(new_page):
    page: Page = new_page(**WIDE)
    # Nobody has looked at a block state before they are gone: neither nodes nor the inspector.
    page.keyboard.press("Control+I")
    page.keyboard.press("i")
    expect(inspector(page)).to_be_hidden()
    run_prompt(page, PROMPT)
    status = page.request.post("/api/free", data={"free_memory": True}).status
    assert status == 200
    node(page, "guider").locator("header").click()
    page.keyboard.press("i")
    values = look_at(page, "guider", "Values")
    expect(values).to_contain_text("not kept any more")
    values.get_by_role("button", name="Run to here").click()
    expect(value(values, "guidance_scale")).to_contain_text("typed here")


def test_with_nothing_selected_the_run_as_a_whole_is_shown(new_page):
    page: Page = new_page(**WIDE)
    run_prompt(page, PROMPT)
    whole = inspector(page).get_by_role("region", name="The whole run")
    rows = whole.get_by_role("listitem")
    expect(rows).to_have_count(7)
    expect(rows.nth(3)).to_contain_text("Denoise")
    rows.nth(3).get_by_role("button").click()
    expect(inspector(page).get_by_role("heading", name="Denoise")).to_be_visible()
