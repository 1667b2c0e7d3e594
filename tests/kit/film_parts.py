"""Parts that the families of films share: UMT5, the VAE of Wan, films and their masks."""

from __future__ import annotations

import PIL.Image
from diffusers import AutoencoderKLWan
from tests.kit.parts import picture
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast, UMT5Config, UMT5EncoderModel

TEXT_WIDTH = 8
LATENT_CHANNELS = 4


def umt5_tokenizer() -> PreTrainedTokenizerFast:
    """Every byte is a token, and ``</s>`` ends a text."""
    entries = ["<pad>", "</s>", "<unk>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    vocabulary = {entry: index for index, entry in enumerate(entries)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )


def umt5(width: int = TEXT_WIDTH) -> UMT5EncoderModel:
    """A UMT5 encoder for :func:`umt5_tokenizer`."""
    config = UMT5Config(
        vocab_size=320, d_model=width, d_kv=4, d_ff=2 * width, num_layers=2, num_heads=2
    )
    return UMT5EncoderModel(config)


def wan_vae(channels: int = LATENT_CHANNELS) -> AutoencoderKLWan:
    """Eight times smaller in space and four times in time, as the real one."""
    return AutoencoderKLWan(
        base_dim=4,
        z_dim=channels,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.1 * index for index in range(channels)],
        latents_std=[1.0 + 0.1 * index for index in range(channels)],
    )


def film(frames: int, side: int = 32) -> list[PIL.Image.Image]:
    """A balloon that changes its colour."""
    return [picture(side, hue=8 * index) for index in range(frames)]


def film_mask(frames: int, side: int = 32) -> list[PIL.Image.Image]:
    """White on the right half, in every frame."""
    mask = PIL.Image.new("L", (side, side))
    mask.paste(255, (side // 2, 0, side, side))
    return [mask.copy() for _ in range(frames)]
