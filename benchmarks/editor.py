"""Measure the editor with large graphs, beside ComfyUI's own where that is installed.

    python benchmarks/editor.py [--nodes 300,1000] [--rounds N] [--comfyui FOLDER]

Graphs of real node types, some fifteen sockets each, are opened at a saved place in headless
Chromium, without a GPU: time from the request of the page until nodes are painted, the median
frame and the milliseconds of script while the canvas is moved, zoomed and a node is dragged, the
heap after a collection, and how many nodes are mounted. Printed are medians of the rounds, with the
editors in turn.

ComfyUI's is measured once with its nodes on a canvas and once as HTML ("Nodes 2.0"), with a
Blockloom server behind it, which speaks its protocol; ``FOLDER`` is where its package
``comfyui-frontend-package`` was unpacked, if it is not installed. Its first view ends when the
workflow, given to it as soon as it is ready, is painted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, WebSocketRoute, sync_playwright

if not __package__:  # started as a script
    sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.comfyui_editor import hosted, static_folder
from benchmarks.editor_graphs import ACROSS, ZOOM, Drawn, Json, chains, graph_file, workflow
from benchmarks.server import server

SIZE = {"width": 1440, "height": 900}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
DRAGGED = 1
MOVES, PUSHES, EVENTS = 40, 7, 60
# One step of the wheel zooms by the same in both editors.
OUR_STEP, THEIR_STEP = 70, 120

WHEN_PAINTED = """() => {
    const look = () => {
        if (document.querySelector("[data-node]") === null) {
            requestAnimationFrame(look);
        } else {
            requestAnimationFrame(() => { window.paintedAt = performance.now(); });
        }
    };
    requestAnimationFrame(look);
}"""
OPEN_WORKFLOW = """async (workflow) => {
    await window.app.loadGraphData(workflow);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now();
}"""
COUNT_FRAMES = """() => {
    const frames = (window.frames_ = []);
    let last = performance.now();
    const next = () => {
        const now = performance.now();
        frames.push(now - last);
        last = now;
        if (window.frames_ === frames) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
}"""
TAKE_FRAMES = "() => { const found = window.frames_; window.frames_ = null; return found; }"


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds, but for the heap and the count of nodes that are elements of the page.

    Those of script, and of the page's main thread until the first view, are of the processor.
    """

    first_view: float
    first_view_cpu: float
    pan_frame: float
    pan_script: float
    zoom_frame: float
    zoom_script: float
    drag_frame: float
    drag_script: float
    heap_mb: float
    mounted: float
    progress_script: float = float("nan")


@dataclass(frozen=True, slots=True)
class Gestures:
    """How the canvas of an editor is moved, and where a node is grasped."""

    empty: tuple[float, float]
    title: tuple[float, float]
    step: int


class Meter:
    """A page, and what Chromium has counted of it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        # Of the processor: what else goes on on this machine does not count.
        self.cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def counted(self, name: str) -> float:
        metrics = self.cdp.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == name))

    def script_ms(self, act: Callable[[], None]) -> float:
        before = self.counted("ScriptDuration")
        act()
        return (self.counted("ScriptDuration") - before) * 1000

    def frame_and_script(self, act: Callable[[], None]) -> tuple[float, float]:
        """The median frame while something is done, and the script it takes."""
        self.page.evaluate(COUNT_FRAMES)
        script = self.script_ms(act)
        return statistics.median(self.page.evaluate(TAKE_FRAMES)), script

    def heap_mb(self) -> float:
        self.cdp.send("HeapProfiler.collectGarbage")
        return self.counted("JSHeapUsedSize") / 2**20


def measure_gestures(meter: Meter, gestures: Gestures) -> dict[str, float]:
    mouse = meter.page.mouse

    def drag(start: tuple[float, float], button: str) -> None:
        mouse.move(*start)
        mouse.down(button=button)  # type: ignore[arg-type]
        for move in range(MOVES):
            across = move if move < MOVES // 2 else MOVES - move
            mouse.move(start[0] + across * 12, start[1] + across * 5)
        mouse.up(button=button)  # type: ignore[arg-type]

    def zoom() -> None:
        mouse.move(*gestures.empty)
        for direction in (1, -1) * 2:
            for _ in range(PUSHES):
                mouse.wheel(0, direction * gestures.step)
                meter.page.wait_for_timeout(16)

    found: dict[str, float] = {}
    acts: dict[str, Callable[[], None]] = {
        "pan": lambda: drag(gestures.empty, "middle"),
        "zoom": zoom,
        "drag": lambda: drag(gestures.title, "left"),
    }
    for name, act in acts.items():
        found[f"{name}_frame"], found[f"{name}_script"] = meter.frame_and_script(act)
        meter.page.wait_for_timeout(800)
    return found


def measure_ours(browser: Browser, address: str, nodes: list[Drawn]) -> Figures:
    context = browser.new_context(viewport=SIZE, locale="en-US")  # type: ignore[arg-type]
    page = context.new_page()
    routes: list[WebSocketRoute] = []

    def connect(route: WebSocketRoute) -> None:
        route.connect_to_server()
        routes.append(route)

    page.route_web_socket("**/ws*", connect)
    draft = json.dumps({"name": "", "isChanged": True, "file": graph_file(nodes)})
    kept = {"blockloom.draft": draft, "blockloom.tour": "done"}
    # Only where nothing is kept yet: the page itself keeps what is done with the graph.
    page.add_init_script(f"Object.assign(localStorage, {json.dumps(kept)})")
    page.add_init_script(f"({WHEN_PAINTED})()")
    meter = Meter(page)
    page.goto(address)
    page.wait_for_function("() => window.paintedAt !== undefined")
    first_view_cpu = meter.counted("TaskDuration") * 1000
    first_view = page.evaluate("window.paintedAt")
    # The first check of the graph is over, too.
    page.get_by_role("button", name="1 problem").wait_for()
    mounted = page.locator("[data-node]").count()
    box = page.locator(f'[data-node="{DRAGGED}"] header').bounding_box()
    assert box is not None
    title = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    found = measure_gestures(meter, Gestures((box["x"], box["y"] + 480), title, OUR_STEP))
    figures = Figures(
        first_view=first_view,
        first_view_cpu=first_view_cpu,
        heap_mb=meter.heap_mb(),
        mounted=mounted,
        progress_script=measure_progress(meter, routes[-1]),
        **found,
    )
    context.close()
    return figures


def measure_progress(meter: Meter, route: WebSocketRoute) -> float:
    """Milliseconds of script that an event about a node takes, its arrival included."""

    def send(name: str, **data: Any) -> None:
        route.send(json.dumps({"type": name, "data": {"prompt_id": "benchmark", **data}}))

    def step(value: int) -> None:
        state = {"state": "running", "value": value, "max": EVENTS, "node_id": str(DRAGGED)}
        send("progress_state", nodes={str(DRAGGED): state})
        meter.page.wait_for_timeout(33)

    def run() -> None:
        for value in range(EVENTS):
            step(value)

    send("execution_start", timestamp=0)
    step(0)
    return meter.script_ms(run) / EVENTS


def measure_theirs(browser: Browser, address: str, file: Json) -> Figures:
    context = browser.new_context(viewport=SIZE, locale="en-US")  # type: ignore[arg-type]
    page = context.new_page()
    meter = Meter(page)
    page.goto(address)
    page.wait_for_function("() => window.app?.vueAppReady === true", timeout=120_000)
    first_view = page.evaluate(OPEN_WORKFLOW, file)
    first_view_cpu = meter.counted("TaskDuration") * 1000
    page.wait_for_timeout(3000)
    mounted = page.locator("[data-node-id]").count()
    x, y = file["extra"]["ds"]["offset"]
    title = ((DRAGGED * ACROSS + x + 90) * ZOOM, (y - 15) * ZOOM)
    found = measure_gestures(meter, Gestures((title[0], title[1] + 480), title, THEIR_STEP))
    figures = Figures(
        first_view=first_view,
        first_view_cpu=first_view_cpu,
        heap_mb=meter.heap_mb(),
        mounted=mounted,
        **found,
    )
    context.close()
    return figures


def median_of(rounds: list[Figures]) -> dict[str, float]:
    found = [asdict(figures) for figures in rounds]
    return {name: statistics.median(figures[name] for figures in found) for name in found[0]}


def print_table(count: int, measured: dict[str, list[Figures]]) -> None:
    """The medians of every editor, and what ours takes of what the others take."""
    columns = {name: median_of(rounds) for name, rounds in measured.items()}
    ours = columns.pop("Blockloom")
    print(f"\n{count} nodes  {'Blockloom':>12}" + "".join(f"{name:>26}" for name in columns))
    for name, value in ours.items():
        line = f"{name:16} {value:12.1f}"
        for other in columns.values():
            is_there = other[name] == other[name] and other[name] > 0
            ratio = f"({value / other[name]:.2f} x)" if is_there else ""
            line += f"{other[name]:16.1f} {ratio:>9}" if is_there else f"{'-':>26}"
        print(line)


@contextlib.contextmanager
def their_editors(folder: str, address: str) -> Iterator[dict[str, str]]:
    """The addresses of ComfyUI's editor in both of its ways; none where it is not there."""
    static = static_folder(folder)
    if static is None:
        print("ComfyUI's editor is not installed (comfyui-frontend-package): ours alone.")
        yield {}
        return
    with hosted(static, address, False) as canvas, hosted(static, address, True) as html:
        yield {"ComfyUI, canvas": canvas, "ComfyUI, HTML": html}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--nodes", default="300,1000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--comfyui", default="", metavar="FOLDER")
    options = parser.parse_args()
    executable = next(filter(None, map(shutil.which, CHROMIUM)))
    with (
        tempfile.TemporaryDirectory() as data,
        server(Path(data)) as (address, _, _),
        their_editors(options.comfyui, address) as others,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        with urllib.request.urlopen(f"{address}/object_info") as answer:
            object_info = json.load(answer)
        for count in map(int, options.nodes.split(",")):
            nodes = chains(count)
            file = workflow(nodes, object_info)
            measured: dict[str, list[Figures]] = {}
            for _ in range(options.rounds):
                ours = measure_ours(browser, address, nodes)
                measured.setdefault("Blockloom", []).append(ours)
                for name, url in others.items():
                    measured.setdefault(name, []).append(measure_theirs(browser, url, file))
            print_table(count, measured)
        browser.close()


if __name__ == "__main__":
    main()
