"""Trains the autoencoder's decoder; the encoder is built and needs no training."""

from __future__ import annotations

import copy
import logging
import math
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file
from torch import Tensor

from blockloom.demo.data import random_pictures
from blockloom.demo.vae import fit_last_layer, latents_of

logger = logging.getLogger(__name__)

PEAK_RATE = 2e-3
LATENT_NOISE = 0.06
"""Noise on the latents while training: what the denoiser makes is never exact either."""

BATCH = 6
SAVE_EVERY = 60.0


def train_decoder(
    vae: AutoencoderKL, pictures: Callable[[int], Tensor], seconds: float, file: Path
) -> None:
    """Train for some seconds of wall-clock, from ``file`` if it is there; keep the average."""
    decoder = vae.decoder
    if file.exists():
        decoder.load_state_dict(load_file(file))
    else:
        fit_last_layer(vae, pictures(48))
    average = copy.deepcopy(decoder)
    optimiser = torch.optim.AdamW(
        decoder.parameters(), PEAK_RATE, betas=(0.9, 0.97), weight_decay=1e-4, fused=True
    )
    begin = saved = time.monotonic()
    step, recent = 0, 0.0
    while (done := (time.monotonic() - begin) / seconds) < 1:
        rate = PEAK_RATE * min(1.0, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * done))
        for group in optimiser.param_groups:
            group["lr"] = max(rate, 1e-6)
        batch = pictures(BATCH)
        latents = latents_of(batch)
        made = vae.decode(latents + LATENT_NOISE * torch.randn_like(latents)).sample
        loss = decoder_loss(made, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        step += 1
        _follow(average, decoder, 1 - max(0.01, 1 / (step + 1)))
        recent += (loss.item() - recent) / min(step, 100)
        if time.monotonic() - saved > SAVE_EVERY:
            saved = time.monotonic()
            save_file(average.state_dict(), file)
            logger.info("decoder: step %d, loss %.4f", step, recent)
    save_file(average.state_dict(), file)
    noted = psnr(average_decode(vae, average, pictures(64)))
    logger.info("decoder: %d steps, loss %.4f, %.1f dB", step, recent, noted)


def decoder_loss(made: Tensor, wanted: Tensor) -> Tensor:
    """Mean error of the pixels, and of their steps across and down, which keeps edges sharp."""
    error = made - wanted
    across, down = error.diff(dim=-1), error.diff(dim=-2)
    return error.abs().mean() + across.abs().mean() + down.abs().mean()


def average_decode(
    vae: AutoencoderKL, average: torch.nn.Module, pictures: Tensor
) -> tuple[Tensor, Tensor]:
    """Pictures, and what the averaged decoder makes of their exact latents."""
    current, vae.decoder = vae.decoder, average
    with torch.no_grad():
        made = vae.decode(latents_of(pictures)).sample.clamp(-1, 1)
    vae.decoder = current
    return pictures, made


def psnr(pair: tuple[Tensor, Tensor]) -> float:
    """Mean peak signal-to-noise ratio in dB of two batches in -1..1."""
    wanted, made = pair
    errors = (wanted - made).square().mean(dim=(1, 2, 3))
    return float((10 * torch.log10(4 / errors)).mean())


def _follow(average: torch.nn.Module, current: torch.nn.Module, keep: float) -> None:
    with torch.no_grad():
        for ours, theirs in zip(average.parameters(), current.parameters(), strict=True):
            ours.lerp_(theirs, 1 - keep)


def seeded_pictures(seed: int) -> Callable[[int], Tensor]:
    """A source of endless training pictures."""
    random = Random(seed)
    return lambda count: random_pictures(random, count)
