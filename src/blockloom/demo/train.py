"""Trains the demo model from nothing to the saved folder: ``python -m blockloom.demo.train``."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import CLIPTokenizer

from blockloom.demo import flat
from blockloom.demo.model import DemoModel, build_model, save_model
from blockloom.demo.text import build_tokenizer
from blockloom.demo.worker import Run, work

WORKERS = 2


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m blockloom.demo.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the finished model")
    parser.add_argument("--minutes", type=float, default=100.0, help="from now on; 0 only saves")
    parser.add_argument("--decoder-minutes", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes of one thread")
    parser.add_argument("--run", type=Path, help="folder of the training state (default: OUT.run)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder: Path = options.run or options.out.with_name(options.out.name + ".run")
    folder.mkdir(parents=True, exist_ok=True)
    if options.minutes > 0:
        end = time.time() + 60 * options.minutes
        run = Run(folder, _begin(folder), end, 60 * options.decoder_minutes, options.workers)
        _start_weights(folder)
        _train(run)
    save_model(trained_model(folder), options.out)
    sys.stdout.write(f"saved {options.out}\n")
    return 0


def trained_model(folder: Path) -> DemoModel:
    """The model as a run's averaged weights have it now, also while the run goes on."""
    model = build_model(CLIPTokenizer.from_pretrained(folder / "tokenizer"))
    parameters = flat.parameters_of(model.diffusion_parts())
    flat.copy_in(parameters, flat.mapped(folder / "average.bin", flat.size_of(parameters)))
    decoder = folder / "decoder.safetensors"
    if decoder.exists():
        model.vae.decoder.load_state_dict(load_file(decoder))
    return model


def _begin(folder: Path) -> float:
    """When the run began: a run that goes on keeps its first beginning, and so its schedule."""
    note = folder / "begin.json"
    if not note.exists():
        note.write_text(json.dumps({"begin": time.time()}))
    return float(json.loads(note.read_text())["begin"])


def _start_weights(folder: Path) -> None:
    if (folder / "weights.bin").exists():
        return
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    tokenizer.save_pretrained(folder / "tokenizer")
    parameters = flat.parameters_of(build_model(tokenizer).diffusion_parts())
    for name in ("weights.bin", "average.bin"):
        flat.copy_out(parameters, flat.mapped(folder / name, flat.size_of(parameters)))


def _train(run: Run) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=work, args=(run, rank)) for rank in range(run.workers)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit(f"a worker failed; see the logs in {run.folder}")


if __name__ == "__main__":
    sys.exit(main())
