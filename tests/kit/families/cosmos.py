"""Cosmos 3: pictures, films with sound, and what a robot does next."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import AutoencoderKLWan, Cosmos3OmniTransformer, UniPCMultistepScheduler
from diffusers.models.autoencoders.autoencoder_cosmos3_audio import Cosmos3AVAEAudioTokenizer
from diffusers.modular_pipelines import Cosmos3OmniBlocks
from diffusers.pipelines.cosmos.pipeline_cosmos3_omni import CosmosActionCondition
from tests.kit.film_parts import film
from tests.kit.parts import PROMPT, picture, qwen_tokenizer, seed
from tests.kit.recipes import Inputs, Recipe, write_repository

_CHANNELS = 4
_SOUND = 4


def _vae() -> AutoencoderKLWan:
    """Sixteen times smaller in space, with patches of two, as the real one."""
    return AutoencoderKLWan(
        base_dim=4,
        decoder_base_dim=4,
        z_dim=_CHANNELS,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.0] * _CHANNELS,
        latents_std=[1.0] * _CHANNELS,
        is_residual=True,
        in_channels=12,
        out_channels=12,
        patch_size=2,
        scale_factor_spatial=16,
    )


def _transformer() -> Cosmos3OmniTransformer:
    return Cosmos3OmniTransformer(
        head_dim=8,
        hidden_size=16,
        intermediate_size=16,
        latent_channel=_CHANNELS,
        latent_patch_size=2,
        patch_latent_dim=4 * _CHANNELS,
        num_attention_heads=2,
        num_hidden_layers=1,
        num_key_value_heads=1,
        rope_axes_dim=[2, 1, 1],
        vocab_size=320,
        action_dim=64,
        action_gen=True,
        sound_dim=_SOUND,
        sound_gen=True,
    )


def _sound_tokenizer() -> Cosmos3AVAEAudioTokenizer:
    return Cosmos3AVAEAudioTokenizer(
        vocoder_input_dim=_SOUND,
        dec_dim=4,
        dec_c_mults=(1, 1, 1, 1, 1),
        enc_dim=8,
        enc_intermediate_dim=8,
        enc_num_layers=1,
        enc_num_blocks=1,
        enc_latent_dim=8,
    )


def build(folder: Path) -> None:
    components = {
        "text_tokenizer": qwen_tokenizer(length=4096),
        "vae": _vae(),
        "transformer": _transformer(),
        "scheduler": UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
        "sound_tokenizer": _sound_tokenizer(),
    }
    write_repository(folder, Cosmos3OmniBlocks, components, enable_safety_checker=False)


def _base() -> Inputs:
    return {
        "prompt": PROMPT,
        "negative_prompt": "fog",
        "num_inference_steps": 2,
        "guidance_scale": 2.0,
        "use_system_prompt": False,
        "generator": seed(),
    }


def _sized() -> Inputs:
    return {**_base(), "height": 32, "width": 32, "num_frames": 5}


def _action(mode: str) -> Inputs:
    given = {"video": film(5)} if mode == "inverse_dynamics" else {"image": picture(32)}
    if mode == "forward_dynamics":
        given["raw_actions"] = torch.linspace(-1, 1, 4 * 10).reshape(4, 10)
    action = CosmosActionCondition(
        mode=mode, chunk_size=4, domain_name="bridge_orig_lerobot", resolution_tier=256, **given
    )
    return {**_base(), "action": action}


def _with_image() -> Inputs:
    return {**_sized(), "image": picture(32)}


def _with_video() -> Inputs:
    return {**_sized(), "video": film(5)}


RECIPES = (
    Recipe(
        "cosmos3-omni",
        build,
        {
            "text2image": lambda: {**_sized(), "num_frames": 1},
            "text2video": _sized,
            "image2video": _with_image,
            "video2video": _with_video,
            "text2video_with_sound": lambda: {**_sized(), "enable_sound": True},
            "image2video_with_sound": lambda: {**_with_image(), "enable_sound": True},
            "video2video_with_sound": lambda: {**_with_video(), "enable_sound": True},
            "action_policy": lambda: _action("policy"),
            "action_forward_dynamics": lambda: _action("forward_dynamics"),
            "action_inverse_dynamics": lambda: _action("inverse_dynamics"),
        },
    ),
)
