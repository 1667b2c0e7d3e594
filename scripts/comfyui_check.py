"""Runs the examples inside a real ComfyUI and compares the pictures with diffusers' own.

``scripts/try_in_comfyui.sh`` makes the environment for it and calls it; see there.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from comfyui_control import check_block_state, check_free, check_interrupt, check_saved_graph
from comfyui_examples import check_inpainting, check_text_to_image, check_two_schedulers
from comfyui_mixed import check_mixed
from comfyui_pictures import Diffusers, write_inputs
from comfyui_process import Comfy, Place, import_seconds, quick_start, running
from comfyui_trial import Table, Trial, say

ROOT = Path(__file__).resolve().parent.parent
START_UP_LIMIT = 1.0
# Not the project's own name: a pack works whatever its folder is called.
FOLDER = "My-Blockloom.pack"


async def check_start(trial: Trial, first_log: str) -> None:
    """The pack is there, and quickly; of two starts the first may read everything from disk."""
    logs = (first_log, trial.comfy.place.log.read_text(errors="replace"))
    seconds = min(import_seconds(log, FOLDER) for log in logs)
    note = f"{seconds:.1f} s of ComfyUI's own start" if seconds >= 0 else "see the log"
    trial.table.add("the pack is imported", 0 <= seconds < START_UP_LIMIT, note)
    info = await trial.comfy.get_json("/object_info")
    ours = [name for name, one in info.items() if one["python_module"].endswith(FOLDER)]
    trial.table.add("its node types are there", len(ours) > 700, f"{len(ours)} of {len(info)}")
    names = await trial.comfy.get_json("/extensions")
    scripts = [name for name in names if "blockloom" in name.lower()]
    for name in scripts:
        await trial.comfy.get(name)
    is_once = bool(scripts) and all(f"/{FOLDER}/" in name for name in scripts)
    trial.table.add("its extension is served once", is_once, f"{len(scripts)} files")
    page = await trial.comfy.get("/")
    trial.table.add("the frontend is served", b"<html" in page, "")


def check_broken(place: Place, table: Table) -> None:
    """A pack that cannot be loaded does not keep ComfyUI from starting."""
    broken = place.packs / "blockloom"
    (broken / "src" / "blockloom").mkdir(parents=True)
    shutil.copy(ROOT / "__init__.py", broken / "__init__.py")
    (broken / "src" / "blockloom" / "__init__.py").write_text("raise RuntimeError('broken')\n")
    status, log = quick_start(place)
    is_told = "Blockloom cannot be loaded" in log
    table.add("a broken pack stops nothing", status == 0 and is_told, "ComfyUI starts, and says so")


CHECKS: tuple[Callable[[Trial], Awaitable[None]], ...] = (
    check_text_to_image,
    check_inpainting,
    check_two_schedulers,
    check_mixed,
    check_interrupt,
    check_free,
    check_block_state,
    check_saved_graph,
)


async def check_all(place: Place, table: Table, has_browser: bool) -> None:
    """Start ComfyUI and go through the checks; one that breaks does not end the others."""
    place.prepare(ROOT, FOLDER)
    write_inputs(place.base / "input")
    _, first_log = await asyncio.to_thread(quick_start, place)
    async with running(place) as comfy:
        system = (await comfy.get_json("/system_stats"))["system"]
        say(f"ComfyUI {system['comfyui_version']}, PyTorch {system['pytorch_version']}")
        trial = Trial(comfy, Diffusers(), table)
        await check_start(trial, first_log)
        for check in CHECKS:
            try:
                await check(trial)
            except Exception as error:
                name = check.__name__.removeprefix("check_").replace("_", " ")
                table.add(name, False, f"{type(error).__name__}: {error}")
        if has_browser:
            await check_browser(comfy, table)


async def check_browser(comfy: Comfy, table: Table) -> None:
    """The browser's check of the extension, where the project's environment has a browser."""
    script, python = ROOT / "scripts" / "comfyui_browser.py", ROOT / ".venv" / "bin" / "python"
    if not script.exists() or not python.exists():
        table.add("the browser's check", False, f"{script.name} or {python} is not there")
        return
    process = await asyncio.create_subprocess_exec(str(python), str(script), comfy.address)
    table.add("the browser's check", await process.wait() == 0)


def main() -> int:
    """0 where everything is as it should be, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("comfyui", type=Path)
    parser.add_argument("stand_ins", type=Path)
    parser.add_argument("--frontend", type=Path, default=None)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    table = Table()
    base = Path(tempfile.mkdtemp(prefix="blockloom-comfyui-"))
    place = Place(options.comfyui, base / "run", options.stand_ins, options.frontend)
    broken = Place(options.comfyui, base / "broken", options.stand_ins, options.frontend)
    broken.packs.mkdir(parents=True)
    try:
        asyncio.run(check_all(place, table, options.browser))
        check_broken(broken, table)
    finally:
        if options.keep:
            say(f"ComfyUI's folders and logs are in {base}")
        else:
            shutil.rmtree(base, ignore_errors=True)
    table.print()
    return 1 if table.has_failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
