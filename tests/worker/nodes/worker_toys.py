"""Nodes as users write them in files of their own, with every bad manner."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import time
import weakref

import PIL.Image
import torch
from diffusers import ModularPipelineBlocks
from diffusers.modular_pipelines.modular_pipeline import LoopSequentialPipelineBlocks
from diffusers.modular_pipelines.modular_pipeline_utils import InputParam, OutputParam

from blockloom import Context, Image, node
from blockloom.worker import bench

HOARD: list[weakref.ref[torch.Tensor]] = []


@node(category="toys", id="ToyNumber")
def toy_number(number: float = 1.0) -> float:
    """Give a number."""
    return number


@node(category="toys", id="ToyShow", output=True)
def toy_show(ctx: Context, text: str = "") -> None:
    """Show a text."""
    ctx.show(text)


@node(category="toys", id="ToyPid", output=True, volatile=True)
def toy_pid(ctx: Context) -> None:
    """Show the id of the process."""
    ctx.show(str(os.getpid()))


@node(category="toys", id="ToySleep", output=True, volatile=True)
def toy_sleep(ctx: Context, seconds: float = 60.0) -> None:
    """Sleep without looking up."""
    time.sleep(seconds)


@node(category="toys", id="ToySteps", output=True, volatile=True)
def toy_steps(ctx: Context, count: int = 1000, seconds: float = 0.02) -> None:
    """Take steps, looking up at each."""
    for done in range(count):
        ctx.progress(done, count)
        time.sleep(seconds)


@node(category="toys", id="ToyDie", output=True, volatile=True)
def toy_die(ctx: Context, seconds: float = 0.0, number: int = signal.SIGKILL) -> None:
    """Kill the process."""
    sys.stdout.write("about to die\n")
    time.sleep(seconds)
    os.kill(os.getpid(), number)


@node(category="toys", id="ToyOutOfMemory", output=True, volatile=True)
def toy_out_of_memory(ctx: Context, kind: str = "torch") -> None:
    """Run out of memory, or say so."""
    if kind == "torch":
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")
    if kind == "real":
        torch.empty(2**50)
    raise MemoryError


@node(category="toys", id="ToyHoard", output=True, volatile=True)
def toy_hoard(ctx: Context) -> None:
    """Hold much memory while running out of it."""
    held = torch.zeros(2**20)
    HOARD.append(weakref.ref(held))
    raise torch.OutOfMemoryError("CUDA out of memory.")


@node(category="toys", id="ToyHoardLeft", output=True, volatile=True)
def toy_hoard_left(ctx: Context) -> None:
    """Show how much of it is still held."""
    ctx.show(str(sum(held() is not None for held in HOARD)))


@node(category="toys", id="ToyBreakDevice", output=True, volatile=True)
def toy_break_device(ctx: Context) -> None:
    """Behave as a device does after a failed assertion in a kernel."""

    def fail(name: str) -> None:
        raise RuntimeError("CUDA error: device-side assert triggered")

    bench.device_memory = fail
    fail("")


@node(category="toys", id="ToyRaise", output=True, volatile=True)
def toy_raise(ctx: Context, kind: str = "ValueError") -> None:
    """Raise what is asked for."""
    if kind == "exit":
        sys.exit(7)
    if kind == "interrupt":
        raise KeyboardInterrupt
    raise ValueError("the toy is broken \ud800")


@node(category="toys", id="ToyNoise", output=True, volatile=True)
def toy_noise(ctx: Context, lines: int = 3) -> None:
    """Print everything everywhere."""
    for number in range(lines):
        sys.stdout.write(f"line {number}\n")
    sys.stdout.write('{"type": "ended", "job_id": "x"}\n')
    sys.stderr.write("to stderr\n")
    sys.stdout.buffer.write(b"\x00\xff\xfe bytes\n[1,2")
    sys.stdout.flush()
    os.write(1, b"\n\x00\x00\x00\x10 frame\n")
    ctypes.CDLL(None).puts(b"from C")
    ctypes.CDLL(None).fflush(None)
    logging.getLogger("toys").warning("from a log")
    sys.stdout.close()


@node(category="toys", id="ToyMessy", output=True, volatile=True)
def toy_messy(ctx: Context) -> None:
    """Show what no JSON holds."""
    ctx.show("half a pair: \udc00")
    ctx.show(float("nan"))


@node(category="toys", id="ToyPicture")
def toy_picture(side: int = 16) -> Image:
    """A red square."""
    return PIL.Image.new("RGB", (side, side), (255, 0, 0))


class WorkerToyStep(ModularPipelineBlocks):
    """Wait a little, then add t to latents."""

    model_name = "toy"

    @property
    def description(self) -> str:
        return "Wait a little, then add t to latents."

    @property
    def inputs(self) -> list[InputParam]:
        return [InputParam("pause", type_hint=float, default=0.0)]

    @property
    def intermediate_outputs(self) -> list[OutputParam]:
        return [OutputParam("latents", type_hint=torch.Tensor)]

    def __call__(self, components, block_state, i: int, t: int):
        time.sleep(block_state.pause)
        block_state.latents = block_state.latents + t
        return components, block_state


class WorkerToyLoop(LoopSequentialPipelineBlocks):
    """Add 0, 1, 2 … to latents."""

    model_name = "toy"
    block_classes = [WorkerToyStep]
    block_names = ["add"]

    @property
    def description(self) -> str:
        return "Add 0, 1, 2 … to latents."

    @property
    def loop_inputs(self) -> list[InputParam]:
        return [InputParam("num_inference_steps", type_hint=int, default=3)]

    def __call__(self, components, state):
        block_state = self.get_block_state(state)
        block_state.timesteps = list(range(block_state.num_inference_steps))
        block_state.latents = torch.zeros(1, 4, 8, 8)
        for i, t in enumerate(block_state.timesteps):
            components, block_state = self.loop_step(components, block_state, i=i, t=t)
        self.set_block_state(state, block_state)
        return components, state
