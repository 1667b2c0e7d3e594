"""How long commands take that need no torch, beside a bare Python and a bare torch import.

    python benchmarks/startup.py [--rounds N]

Each command runs in a process of its own, in turn with the references; printed are medians of CPU
seconds (user and system) and of wall seconds, and the ratio to starting Python itself.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCKLOOM = [str(Path(sys.executable).with_name("blockloom"))]
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "python -c 'import torch'": [sys.executable, "-c", "import torch"],
    "blockloom nodes": [*BLOCKLOOM, "nodes"],
    "blockloom nodes denoise": [*BLOCKLOOM, "nodes", "denoise"],
    "blockloom pipelines": [*BLOCKLOOM, "pipelines"],
    "blockloom check": [*BLOCKLOOM, "check", str(ROOT / "examples" / "text_to_image.json")],
    "blockloom new": [*BLOCKLOOM, "new", "stable-diffusion-xl", "--force", "-o", "/dev/null"],
}


def seconds_of(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of one process."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, ended - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    # The first run makes the catalogue, which is kept on disk afterwards.
    seconds_of(COMMANDS["blockloom nodes"])
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            measured[name].append(seconds_of(command))
    bare = statistics.median(cpu for cpu, _ in measured["python -c pass"])
    for name, spans in measured.items():
        cpu = statistics.median(span for span, _ in spans)
        wall = statistics.median(span for _, span in spans)
        print(f"{name:28} {cpu:6.3f} s CPU, {wall:6.3f} s wall, {cpu / bare:6.1f} x Python")


if __name__ == "__main__":
    main()
