"""The built encoder is the formula; the decoder's start is a picture already."""

from __future__ import annotations

from random import Random

import pytest
import torch
from torch import Tensor

from blockloom.demo.data import random_pictures
from blockloom.demo.train_decoder import decoder_loss, psnr
from blockloom.demo.vae import build_vae, fit_last_layer, latents_of


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    return random_pictures(Random(11), 16)


def test_encoder_matches_its_formula(pictures: Tensor) -> None:
    with torch.no_grad():
        encoded = build_vae().encode(pictures).latent_dist
    wanted = latents_of(pictures)
    assert wanted.shape == (16, 4, 16, 16)
    assert (encoded.mode() - wanted).abs().max() < 0.02
    assert encoded.std.max() < 0.01


def test_latents_of_one_cell() -> None:
    cell = torch.full((1, 3, 4, 4), 0.5)
    assert torch.allclose(latents_of(cell)[0, :, 0, 0], torch.tensor([1.0, 1.0, 1.0, 0.0]))
    cell[:, :, 2:, 2:] = 1.0
    latent = latents_of(cell)[0, :, 0, 0]
    assert torch.allclose(latent[:3], torch.tensor(1.25).expand(3))
    assert latent[3] == pytest.approx(1.25)


def test_untrained_decoder_is_an_upsampler(pictures: Tensor) -> None:
    torch.manual_seed(0)
    vae = build_vae()
    fit_last_layer(vae, pictures)
    with torch.no_grad():
        made = vae.decode(latents_of(pictures)).sample
    assert psnr((pictures, made)) > 17
    assert decoder_loss(made, pictures) > decoder_loss(pictures, pictures) == 0
