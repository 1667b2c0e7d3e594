"""When ``blockloom serve`` opens a browser, and what ``./run`` starts."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.server.server_process import until

from blockloom.cli.browser import has_browser

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("darwin", {}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"BROWSER": "firefox"}, True),
    ],
)
def test_a_browser_needs_a_display(
    platform: str, environment: dict[str, str], expected: bool
) -> None:
    assert has_browser(environment, platform) is expected


@pytest.mark.parametrize("options", [[], ["--no-browser"]])
def test_serve_opens_the_editor_unless_told_not_to(tmp_path: Path, options: list[str]) -> None:
    """The browser is a script that writes down what it is to open."""
    opened, log = tmp_path / "opened", tmp_path / "log"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}.part"; mv "{opened}.part" "{opened}"\n')
    browser.chmod(0o755)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{found.getsockname()[1]}/"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "blockloom", "--device", "cpu", *options),
                *("--port", url[:-1].rpartition(":")[2], "--data", str(tmp_path / "data")),
            ],
            stderr=output,
            env={**os.environ, "BROWSER": str(browser)},
        )
    try:
        until(lambda: f"Blockloom is at {url}" in log.read_text(), "the server says where it is")
        if not options:
            until(opened.exists, "the browser is opened")
            assert opened.read_text().strip() == url
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert opened.exists() is not bool(options)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["serve"]),
        (["--port", "9000"], ["serve", "--port", "9000"]),
        (["mine.json", "--set", "seed=7"], ["run", "mine.json", "--set", "seed=7"]),
    ],
)
def test_run_opens_the_editor_or_runs_a_graph(
    tmp_path: Path, arguments: list[str], expected: list[str]
) -> None:
    """``./run`` in a project whose environment is there already, and whose command only listens."""
    shutil.copy(ROOT / "run", tmp_path / "run")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "environment.sh").write_text('set_up() { echo "set up $1 $2"; }\n')
    command = tmp_path / ".venv" / "bin" / "blockloom"
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\npwd\nprintf "%s\\n" "$@"\n')
    command.chmod(0o755)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    found = subprocess.run(
        [tmp_path / "run", *arguments], cwd=elsewhere, capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines() == ["set up run .", str(elsewhere), *expected]
