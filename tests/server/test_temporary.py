"""Pictures that are only to be looked at: found again while a job shows them, gone after that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.server.server_kit import Lab, play, slow_graph

from blockloom.jobs.retention import Retention
from blockloom.server.tidying import tidy


async def shown(lab: Lab, job_id: str) -> dict[str, Any]:
    (file,) = (await lab.ended(job_id))["outputs"]["2"]["images"]
    return dict(file)


async def seen(lab: Lab, file: dict[str, Any]) -> int:
    async with lab.session.get(lab.url("/view"), params=file) as response:
        return response.status


def test_what_the_history_shows_is_there_after_a_restart_and_nothing_else(tmp_path: Path) -> None:
    files: dict[str, dict[str, Any]] = {}

    async def before(lab: Lab) -> None:
        for number, name in enumerate(("kept", "forgotten")):
            await lab.prompt(slow_graph(seconds=0, seed=number), prompt_id=name)
            files[name] = await shown(lab, name)
        assert {file["type"] for file in files.values()} == {"temp"}
        await lab.post("/history", {"delete": ["forgotten"]})
        assert [await seen(lab, file) for file in files.values()] == [200, 200]
        (lab.folders.temporary / "sub").mkdir()
        (lab.folders.temporary / "sub" / "lost.png").touch()
        (lab.folders.temporary / ".half.part").touch()
        lab.folders.output.mkdir()
        (lab.folders.output / "mine.png").touch()

    async def after(lab: Lab) -> None:
        assert await shown(lab, "kept") == files["kept"]
        assert await seen(lab, files["kept"]) == 200
        # The next picture takes no number of one that is there.
        job_id = await lab.prompt(slow_graph(seconds=0, seed=9))
        assert (await shown(lab, job_id))["filename"] not in (files["kept"]["filename"], "")

    play(tmp_path, before)
    play(tmp_path, after)
    left = sorted(path.name for path in (tmp_path / "temp").rglob("*"))
    assert files["kept"]["filename"] in left
    assert len(left) == 2
    assert (tmp_path / "output" / "mine.png").exists()


def test_limits_of_the_history_hold_for_them_too(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        for number in range(3):
            await lab.ended(await lab.prompt(slow_graph(seconds=0, seed=number)))
        assert len(list(lab.folders.temporary.iterdir())) == 3
        tidy(lab.server.app)
        assert len(list(lab.folders.temporary.iterdir())) == 1

    play(tmp_path, story, retention=Retention(max_jobs=1))
