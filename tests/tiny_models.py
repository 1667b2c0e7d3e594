"""A Stable Diffusion XL repository with random weights, built in a quarter of a second.

Tests import it as ``from tests.tiny_models import build_tiny_sdxl``.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    EulerDiscreteScheduler,
    SchedulerMixin,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from tokenizers import pre_tokenizers
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

TEXT_WIDTH = 8
MAX_TOKENS = 16
LATENT_SIDE = 8
IMAGE_SIDE = 8 * LATENT_SIDE
COMPONENTS = (
    "scheduler",
    "text_encoder",
    "text_encoder_2",
    "tokenizer",
    "tokenizer_2",
    "unet",
    "vae",
)
"""What the repository holds; the folders have the same names."""


def build_tiny_sdxl(
    folder: Path,
    *,
    dtype: torch.dtype = torch.float16,
    scheduler: SchedulerMixin | None = None,
    seed: int = 0,
) -> Path:
    """Write the repository (about 85 000 weights, 0.25 MB) into ``folder`` and return it.

    Pictures are 64 x 64 by default and the VAE's factor is 8, as in the real one. ``seed`` makes
    other weights, ``dtype`` is that of the files; torch's global random state is left alone.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        tokenizer = build_tokenizer()
        pipeline = StableDiffusionXLPipeline(
            vae=build_vae(),
            text_encoder=CLIPTextModel(_text_config(tokenizer, layers=2)),
            text_encoder_2=CLIPTextModelWithProjection(_text_config(tokenizer, layers=3)),
            tokenizer=tokenizer,
            tokenizer_2=build_tokenizer(),
            unet=build_unet(),
            scheduler=scheduler or EulerDiscreteScheduler(steps_offset=1),
            add_watermarker=False,
        )
    pipeline.to(dtype=dtype).save_pretrained(folder, safe_serialization=True)
    index = folder / "model_index.json"
    parts = json.loads(index.read_text())
    kept = {name: part for name, part in parts.items() if part != [None, None]}
    index.write_text(json.dumps(kept, indent=2) + "\n")
    return folder


def build_tokenizer() -> CLIPTokenizer:
    """A tokenizer that knows bytes only: every letter is a token."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    entries = [*letters, *(letter + "</w>" for letter in letters)]
    entries += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {entry: index for index, entry in enumerate(entries)}
    return CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=MAX_TOKENS)


def _text_config(tokenizer: CLIPTokenizer, layers: int) -> CLIPTextConfig:
    return CLIPTextConfig(
        hidden_size=TEXT_WIDTH,
        intermediate_size=2 * TEXT_WIDTH,
        num_hidden_layers=layers,
        num_attention_heads=2,
        projection_dim=TEXT_WIDTH,
        vocab_size=len(tokenizer),
        max_position_embeddings=MAX_TOKENS,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


def build_unet() -> UNet2DConditionModel:
    """Two levels, one with cross-attention."""
    return UNet2DConditionModel(
        sample_size=LATENT_SIDE,
        block_out_channels=(8, 16),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        layers_per_block=1,
        transformer_layers_per_block=1,
        attention_head_dim=2,
        cross_attention_dim=2 * TEXT_WIDTH,
        norm_num_groups=4,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=4,
        projection_class_embeddings_input_dim=6 * 4 + TEXT_WIDTH,
    )


def build_vae() -> AutoencoderKL:
    """Four levels, so the factor is 8: image processors do not follow another one."""
    return AutoencoderKL(
        block_out_channels=(4, 4, 4, 4),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=2,
        sample_size=IMAGE_SIDE,
        force_upcast=False,
        mid_block_add_attention=False,
    )
