"""One of the processes that train the denoiser and the text encoders together."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from torch import Tensor
from transformers import CLIPTokenizer

from blockloom.demo import flat
from blockloom.demo.data import Phase, captioned_batch, phase_at
from blockloom.demo.model import (
    TIME_IDS,
    DemoModel,
    build_model,
    build_scheduler,
    encode_captions,
)
from blockloom.demo.train_decoder import seeded_pictures, train_decoder
from blockloom.demo.vae import SCALING, latents_of

logger = logging.getLogger(__name__)

PEAK_RATE = 1e-3
WARM_UP = 90.0
"""Seconds in which the rate rises from nothing."""

DECAY_FROM = 0.77
"""Where in the run the rate begins to fall to zero."""

BATCH = 24
BLANK_SHARE = 0.07
"""Pictures trained with all-zero text, which is what guidance compares against by default."""

STRONG_FROM = 0.88
"""Part of the timesteps above which little but the order of a pair is left to decide."""

AVERAGE_SHARE = 0.04
LONGEST_AVERAGE = 700
NOTE_EVERY = 60.0


@dataclass(frozen=True, slots=True)
class Run:
    """A training run: where its state is kept, and when (Unix time) it began and will end."""

    folder: Path
    begin: float
    end: float
    decoder_seconds: float
    workers: int

    def progress(self) -> float:
        """How much of the run is over, 0 to 1."""
        return min(1.0, (time.time() - self.begin) / (self.end - self.begin))

    def rate(self) -> float:
        """The learning rate now: a rise, a plateau, a straight fall."""
        fall = min(1.0, (1.0 - self.progress()) / (1.0 - DECAY_FROM))
        return PEAK_RATE * fall * min(1.0, (time.time() - self.begin) / WARM_UP)

    def tokenizer(self) -> CLIPTokenizer:
        """The tokenizer that the run began with."""
        return CLIPTokenizer.from_pretrained(self.folder / "tokenizer")

    def decoder_file(self) -> Path:
        """Where the decoder's averaged weights are."""
        return self.folder / "decoder.safetensors"


def work(run: Run, rank: int) -> None:
    """Train until the run ends. The last worker trains the decoder first, then joins the others."""
    torch.set_num_threads(1)
    seed = (time.time_ns() + 7919 * rank + os.getpid()) % 2**31
    torch.manual_seed(seed)
    logging.basicConfig(
        filename=run.folder / f"worker{rank}.log",
        level=logging.INFO,
        format="%(asctime)s %(message)s",
    )
    model = build_model(run.tokenizer())
    if rank == run.workers - 1 and run.decoder_seconds > 0:
        train_decoder(model.vae, seeded_pictures(seed), run.decoder_seconds, run.decoder_file())
    _train_denoiser(run, rank, model, Random(seed))


def _train_denoiser(run: Run, rank: int, model: DemoModel, random: Random) -> None:
    parameters = flat.parameters_of(model.diffusion_parts())
    size = flat.size_of(parameters)
    weights = flat.mapped(run.folder / "weights.bin", size)
    average = flat.mapped(run.folder / "average.bin", size) if rank == 0 else None
    gradient = flat.bind(parameters, weights)
    vector, optimiser, steps = _optimiser(run, rank, weights, gradient)
    signal = build_scheduler().alphas_cumprod
    noted, count, recent = time.time(), 0, 0.0
    while run.progress() < 1:
        loss = denoising_loss(model, signal, random, phase_at(run.progress()))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([vector], 1.0)
        optimiser.param_groups[0]["lr"] = run.rate()
        optimiser.step()
        gradient.zero_()
        steps += 1
        if average is not None:
            length = min(LONGEST_AVERAGE, 1 + AVERAGE_SHARE * float(steps[0]))
            average.lerp_(weights, 1 / length)
        count += 1
        recent += (loss.item() - recent) / min(count, 200)
        if time.time() - noted > NOTE_EVERY:
            noted = time.time()
            logger.info(
                "%.3f: %d pictures, loss %.4f, rate %.2e",
                run.progress(), int(steps[0]) * BATCH, recent, run.rate(),
            )  # fmt: skip
            if not recent < 10:
                raise RuntimeError("the loss left all bounds; go back to the last checkpoint")


def _optimiser(
    run: Run, rank: int, weights: Tensor, gradient: Tensor
) -> tuple[torch.nn.Parameter, torch.optim.Optimizer, Tensor]:
    """AdamW over the one flat vector; its moments and its step count are files, too."""
    vector = torch.nn.Parameter(weights)
    vector.grad = gradient
    optimiser = torch.optim.AdamW(
        [vector], PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.01, fused=True
    )
    steps = flat.mapped(run.folder / f"steps{rank}.bin", 1)
    optimiser.state[vector] = {
        "step": steps[0].clone(),
        "exp_avg": flat.mapped(run.folder / f"mean{rank}.bin", weights.numel()),
        "exp_avg_sq": flat.mapped(run.folder / f"square{rank}.bin", weights.numel()),
    }
    return vector, optimiser, steps


def denoising_loss(model: DemoModel, signal: Tensor, random: Random, phase: Phase) -> Tensor:
    """Mean squared error of the predicted velocity over one fresh batch.

    ``signal`` is the scheduler's cumulative product of alphas, one value per timestep.
    """
    pictures, captions, pairs = captioned_batch(random, BATCH, phase)
    latents = latents_of(pictures) * SCALING
    tokens, pooled = encode_captions(model, captions)
    told = (torch.rand(BATCH) >= BLANK_SHARE).float()
    slots = (torch.randperm(BATCH) + torch.rand(BATCH)) / BATCH
    strong = pairs & (torch.rand(BATCH) < phase.strong)
    slots = torch.where(strong, STRONG_FROM + (1 - STRONG_FROM) * slots, slots)
    times = (slots * len(signal)).long().clamp(max=len(signal) - 1)
    kept = signal[times].sqrt().view(-1, 1, 1, 1)
    lost = (1 - signal[times]).sqrt().view(-1, 1, 1, 1)
    noise = torch.randn_like(latents)
    predicted = model.unet(
        kept * latents + lost * noise,
        times,
        tokens * told.view(-1, 1, 1),
        added_cond_kwargs={
            "text_embeds": pooled * told.view(-1, 1),
            "time_ids": torch.tensor([TIME_IDS]).repeat(BATCH, 1),
        },
        return_dict=False,
    )[0]
    return (predicted - (kept * noise - lost * latents)).square().mean()
