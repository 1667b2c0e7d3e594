"""A film made from pictures: run, played on the node and in the inspector, reloaded, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import PIL.Image
from playwright.sync_api import Locator, Page, expect

from blockloom.film_files import open_film
from blockloom.film_forms import FORMS, write_film
from blockloom.films import Film
from e2e.pages import drop_file, last_job, node, run, settles, write_graph

WIDE = {"viewport": {"width": 2400, "height": 1200}}


def film_graph() -> dict[str, Any]:
    """One second: half of it red, half blue, with a sound."""

    def of(class_type: str, place: tuple[int, int], **inputs: Any) -> dict[str, Any]:
        return {"class_type": class_type, "inputs": inputs, "_meta": {"position": [*place]}}

    size = {"width": 64, "height": 48, "batch_size": 12}
    return {
        "prompt": {
            "red": of("EmptyImage", (0, 0), **size, color=0xFF0000),
            "blue": of("EmptyImage", (0, 420), **size, color=0x0000FF),
            "both": of("ImageBatch", (380, 0), image1=["red", 0], image2=["blue", 0]),
            "hush": of("EmptyAudio", (380, 420), duration=1.0, sample_rate=8000),
            "film": of("CreateVideo", (760, 0), images=["both", 0], fps=24, audio=["hush", 0]),
            "save": of("SaveVideo", (1140, 0), video=["film", 0]),
            "hear": of("SaveAudio", (1140, 620), audio=["hush", 0]),
        }
    }


def plays(player: Locator) -> dict[str, float]:
    """What the browser says of a film or a sound once it has moved on in it."""
    expect(player).to_be_visible()
    player.evaluate("(media) => { media.muted = true; return media.play(); }")
    moves_on(player, 0.05)
    player.evaluate("(media) => media.pause()")
    found: dict[str, float] = player.evaluate(
        "(media) => ({ width: media.videoWidth ?? 0, seconds: media.duration })"
    )
    return found


def moves_on(player: Locator, seconds: float) -> None:
    """Wait until a player stands behind a moment."""
    for _ in range(600):
        place = "(media) => media.seeking ? 0 : media.currentTime"
        if player.evaluate(place) >= seconds:
            return
        player.page.wait_for_timeout(50)
    raise AssertionError("it does not move on")


def test_a_film_is_made_played_saved_and_found_again(new_page, tmp_path: Path):
    page: Page = new_page(**WIDE)
    write_graph(page, film_graph(), "film.json")
    expect(node(page, "save")).to_be_visible()
    run(page)
    settles(page, "save")

    # On the node, with the browser's own controls; jumping about takes parts of the file.
    shown = last_job(page)["outputs"]["save"]
    file = shown["images"][0]
    assert shown["animated"] == [True]
    film = node(page, "save").get_by_label(f"Film {file['filename']}")
    played = plays(film)
    assert (played["width"], round(played["seconds"], 1)) == (64, 1.0)
    film.evaluate("(media) => { media.currentTime = 0.9; }")
    moves_on(film, 0.89)
    sound = node(page, "hear").get_by_label("Sound blockloom_00001_.flac")
    assert round(plays(sound)["seconds"], 1) == 1.0

    # In the inspector the value itself, before it is a file.
    node(page, "film").click(position={"x": 60, "y": 12})
    details = page.get_by_role("complementary", name="Inspector")
    details.get_by_role("button", name="Play as a film").first.click()
    assert plays(details.get_by_label("Film video").first)["width"] == 64

    # After a reload, and in the file.
    page.reload()
    plays(node(page, "save").get_by_label(f"Film {file['filename']}"))
    query = "&".join(f"{key}={file[key]}" for key in ("filename", "subfolder", "type"))
    content = page.request.get(f"/api/view?{query}").body()
    (tmp_path / "saved.mp4").write_bytes(content)
    saved = open_film(tmp_path / "saved.mp4")
    assert (len(saved.frames), saved.rate, saved.size) == (24, 24, (64, 48))

    # A film that knows its graph brings it back; any other one is loaded.
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(node(page, "save")).to_have_count(0)
    drop_file(page, "saved.mp4", "video/mp4", content, 900, 500)
    expect(node(page, "both")).to_be_visible()
    plain = Film(tuple(PIL.Image.new("RGB", (32, 32), (n * 9, 90, 30)) for n in range(24)))
    write_film(tmp_path / "plain.webm", plain, FORMS["webm", "vp9"])
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    drop_file(page, "plain.webm", "video/webm", (tmp_path / "plain.webm").read_bytes(), 900, 500)
    loader = page.locator("[data-node]").filter(has_text="Load Video")
    expect(loader.get_by_role("combobox")).to_have_value("plain.webm")
    assert plays(loader.get_by_label("Film plain.webm"))["width"] == 32
