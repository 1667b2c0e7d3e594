"""Small parts that several families share: tokenizers, text encoders, pictures, seeds."""

from __future__ import annotations

import PIL.Image
import PIL.ImageDraw
import torch
from tests.tiny_models import build_tokenizer
from tokenizers import pre_tokenizers
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    Qwen2Tokenizer,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
)

PROMPT = "a red balloon over snowy mountains at night"
SIDE = 64


def seed(number: int = 7) -> torch.Generator:
    """A generator as users give it."""
    return torch.Generator().manual_seed(number)


def picture(side: int = SIDE, hue: int = 0) -> PIL.Image.Image:
    """A sky with a balloon; ``hue`` makes other colours."""
    image = PIL.Image.new("RGB", (side, side), (120, (180 + hue) % 256, 240))
    box = (side // 4, side // 3, side * 2 // 3, side * 3 // 4)
    PIL.ImageDraw.Draw(image).ellipse(box, fill=((220 + hue) % 256, 60, 40))
    return image


def mask(side: int = SIDE) -> PIL.Image.Image:
    """White where something new is to be painted."""
    image = PIL.Image.new("RGB", (side, side))
    box = (side // 5, side // 5, side * 2 // 3, side * 2 // 3)
    PIL.ImageDraw.Draw(image).rectangle(box, fill=(255, 255, 255))
    return image


def clip(width: int = 8, *, is_projected: bool = False) -> CLIPTextModel:
    """A CLIP text encoder for :func:`clip_tokenizer`."""
    tokenizer = clip_tokenizer()
    config = CLIPTextConfig(
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=3,
        num_attention_heads=2,
        projection_dim=width,
        vocab_size=len(tokenizer),
        max_position_embeddings=tokenizer.model_max_length,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return (CLIPTextModelWithProjection if is_projected else CLIPTextModel)(config)


clip_tokenizer = build_tokenizer


def t5_tokenizer(length: int = 64) -> T5Tokenizer:
    """A T5 tokenizer whose pieces are single letters."""
    letters = [chr(code) for code in range(32, 127)]
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    pieces += [(letter, -3.0) for letter in letters if letter != " "]
    return T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=length)


def t5(width: int = 8) -> T5EncoderModel:
    """A T5 encoder for :func:`t5_tokenizer`."""
    config = T5Config(
        d_model=width,
        d_kv=width // 2,
        d_ff=2 * width,
        num_layers=2,
        num_heads=2,
        vocab_size=128,
        feed_forward_proj="gated-gelu",
    )
    return T5EncoderModel(config)


def qwen_tokenizer(*extra: str, length: int = 1024) -> Qwen2Tokenizer:
    """A Qwen tokenizer that knows bytes and its special tokens only."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *extra]
    vocabulary = {entry: index for index, entry in enumerate([*letters, *special])}
    tokenizer = Qwen2Tokenizer(vocab=vocabulary, merges=[], model_max_length=length)
    tokenizer.add_special_tokens({"additional_special_tokens": special[1:]})
    return tokenizer
