"""What drawing a graph costs over calling diffusers, as ratios measured in one run.

    python benchmarks/overhead.py [--rounds N] [--steps N]

1. Text to image on the demo model: graph run against ``ModularPipeline.__call__`` with the same
   blocks, inputs and components, one after the other, order swapped each round. The figure is the
   median of the rounds' ratios; both make the same pixels, which is checked.
2. Cost per node of chains of trivial nodes, cold and kept, with growing length.

Everything runs on one thread and is measured in CPU seconds of this process, so that whatever else
the machine does counts as little as possible.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy
import torch
from tests.real_sessions import (
    first_reader,
    open_real_session,
    reference_pipeline,
    template,
    with_input,
    without_sinks,
)
from tests.toys import toy_session

from blockloom.execution.session import RunOptions, RunReport, Session
from blockloom.graph.model import Graph, Link, Literal, Node

PROMPT = "a castle on green hills at sunset"


def measure_pictures(rounds: int, steps: int) -> None:
    """Time graph and pipeline in turn; each round has a seed of its own, so nothing is kept."""
    graph = without_sinks(template("text2image"))
    graph = with_input(graph, first_reader(graph, "prompt"), "prompt", PROMPT)
    graph = with_input(
        graph, first_reader(graph, "num_inference_steps"), "num_inference_steps", steps
    )
    session, pipeline = open_real_session(), reference_pipeline()
    reader = first_reader(graph, "generator")
    ratios, spans = [], []
    for number in range(-2, rounds):
        seeded = with_input(graph, reader, "generator", number + 100)
        # A prompt of its own, so that the text encoder runs as well.
        seeded = with_input(seeded, first_reader(seeded, "prompt"), "prompt", f"{PROMPT} {number}")
        seconds: dict[str, float] = {}
        pixels: dict[str, numpy.ndarray] = {}
        for name in ("graph", "diffusers") if number % 2 else ("diffusers", "graph"):
            started = time.process_time()
            if name == "graph":
                report = session.run(seeded)
                images = report.value("decode", "images")
            else:
                images = pipeline(
                    prompt=f"{PROMPT} {number}",
                    num_inference_steps=steps,
                    generator=torch.Generator().manual_seed(number + 100),
                    output="images",
                )
            seconds[name] = time.process_time() - started
            pixels[name] = numpy.asarray(images[0])
        if not numpy.array_equal(pixels["graph"], pixels["diffusers"]):
            raise SystemExit("The pictures differ: there is nothing to compare.")
        if number >= 0:
            ratios.append(seconds["graph"] / seconds["diffusers"])
            spans.append(seconds["diffusers"])
    print(
        f"text to image, {steps} steps, {rounds} rounds: graph / diffusers = "
        f"{statistics.median(ratios):.4f} (quartiles "
        f"{statistics.quantiles(ratios, n=4)[0]:.4f} to "
        f"{statistics.quantiles(ratios, n=4)[2]:.4f}; diffusers {statistics.median(spans):.3f} s)"
    )


def trivial_chain(length: int, first: float) -> Graph:
    """``length`` nodes along one wire, each adding one to what the wire carries."""
    nodes = {
        "start": Node("start", "ToyStart"),
        "make": Node(
            "make", "ToyMake", {"pipeline": Link("start", "pipeline"), "number": Literal(first)}
        ),
    }
    before = "make"
    for number in range(length):
        node_id = f"n{number}"
        nodes[node_id] = Node(node_id, "ToyIncrement", {"pipeline": Link(before, "pipeline")})
        before = node_id
    return Graph(nodes)


def timed(session: Session, graph: Graph) -> tuple[float, RunReport]:
    started = time.process_time()
    report = session.run(graph, RunOptions(seed=0))
    return time.process_time() - started, report


def measure_chains(lengths: tuple[int, ...]) -> None:
    """Milliseconds per node: first run, run with nothing changed, and how that grows."""
    for length in lengths:
        session = toy_session()
        session.run(trivial_chain(10, 0.0))
        cold, report = timed(session, trivial_chain(length, 1.0))
        assert len(report.ran) == length + 1
        kept, report = timed(session, trivial_chain(length, 1.0))
        assert not report.ran
        print(
            f"chain of {length:6d} nodes: cold {1000 * cold / length:.3f} ms, "
            f"kept {1000 * kept / length:.4f} ms per node"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    torch.set_num_threads(1)
    measure_chains((1000, 3000, 10_000))
    measure_pictures(options.rounds, options.steps)


if __name__ == "__main__":
    main()
