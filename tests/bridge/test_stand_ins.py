"""Stand-ins have no weights, but what is saved besides the weights they have."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from diffusers import AutoencoderKLLTXVideo
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec
from safetensors.torch import load_file, save_file

from blockloom.bridge.repositories import Repository
from blockloom.bridge.stand_ins import make_stand_in

WEIGHTS = "diffusion_pytorch_model.safetensors"


def saved_vae(folder: Path) -> tuple[Repository, ComponentSpec]:
    model = AutoencoderKLLTXVideo(
        latent_channels=2,
        block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1, 1),
    )
    model.latents_mean.copy_(torch.tensor([0.25, -0.5]))
    model.save_pretrained(folder / "vae")
    spec = ComponentSpec("vae", AutoencoderKLLTXVideo, pretrained_model_name_or_path=str(folder))
    spec.subfolder = "vae"
    return Repository(folder.name, str(folder)), spec


def stand_in(repository: Repository, spec: ComponentSpec) -> AutoencoderKLLTXVideo:
    made = make_stand_in(repository, spec, torch.float16, torch.device("cpu"))
    assert isinstance(made, AutoencoderKLLTXVideo)
    return made


def test_saved_buffers_have_their_values(tmp_path: Path) -> None:
    made = stand_in(*saved_vae(tmp_path))

    assert made.latents_mean.tolist() == [0.25, -0.5]
    assert made.latents_mean.dtype is torch.float16, "as the loaded model has it"
    assert all(weight.is_meta for weight in made.parameters())


def test_buffers_are_found_in_weights_of_several_parts(tmp_path: Path) -> None:
    repository, spec = saved_vae(tmp_path)
    folder = tmp_path / "vae"
    mean = load_file(folder / WEIGHTS)["latents_mean"]
    save_file({"latents_mean": mean}, folder / "part-2.safetensors")
    (folder / WEIGHTS).unlink()
    index = {"weight_map": {"latents_mean": "part-2.safetensors", "latents_std": "lost"}}
    (folder / f"{WEIGHTS}.index.json").write_text(json.dumps(index))
    made = stand_in(repository, spec)

    assert made.latents_mean.tolist() == [0.25, -0.5]
    assert made.latents_std.is_meta


def test_without_weights_nothing_is_filled(tmp_path: Path) -> None:
    repository, spec = saved_vae(tmp_path)
    (tmp_path / "vae" / WEIGHTS).unlink()

    assert stand_in(repository, spec).latents_mean.is_meta
