"""Small parts that several families share: tokenizers, text encoders, pictures, seeds."""

from __future__ import annotations

from typing import Any

import PIL.Image
import PIL.ImageDraw
import torch
from diffusers import AutoencoderKLFlux2, AutoencoderKLQwenImage
from tests.tiny_models import build_tokenizer
from tokenizers import pre_tokenizers
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    Mistral3Config,
    PixtralImageProcessor,
    PixtralProcessor,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2Tokenizer,
    Qwen2VLImageProcessor,
    Qwen2VLProcessor,
    Qwen2VLVideoProcessor,
    Qwen3_5Config,
    Qwen3_5ForConditionalGeneration,
    Qwen3Config,
    Qwen3VLConfig,
    Qwen3VLProcessor,
    Qwen3VLVideoProcessor,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
)

PROMPT = "a red balloon over snowy mountains at night"
SIDE = 64

_QWEN_PICTURE_MARKS = (
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
QWEN_PICTURE_TOKENS = {
    "vision_start_token_id": 259,
    "vision_end_token_id": 260,
    "image_token_id": 261,
    "video_token_id": 262,
}


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


def qwen_tokenizer(*, length: int = 1024) -> Qwen2Tokenizer:
    """A Qwen tokenizer that knows bytes and its special tokens only."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *_QWEN_PICTURE_MARKS]
    vocabulary = {entry: index for index, entry in enumerate([*letters, *special])}
    tokenizer = Qwen2Tokenizer(vocab=vocabulary, merges=[], model_max_length=length)
    tokenizer.add_special_tokens({"additional_special_tokens": special[1:]})
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}"
    "{% else %}{% for part in message['content'] %}{% if part['type'] == 'image' %}"
    "<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part['text'] }}{% endif %}"
    "{% endfor %}{% endif %}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def qwen3(model: type[Any], layers: int = 2, width: int = 8) -> Any:
    """A language model of the third Qwen series for :func:`qwen_tokenizer`."""
    return model(Qwen3Config(**_language(layers, width), head_dim=width // 2))


def _language(layers: int, width: int) -> dict[str, Any]:
    return {
        "vocab_size": 272,
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_hidden_layers": layers,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "max_position_embeddings": 2048,
        "bos_token_id": None,
        "eos_token_id": 256,
        "pad_token_id": 256,
    }


def qwen25_vl(width: int = 8) -> Qwen2_5_VLForConditionalGeneration:
    """The language and picture model of Qwen Image."""
    rope = {"type": "default", "rope_type": "default", "mrope_section": [1, 1, 0]}
    text = {**_language(2, width), "rope_parameters": {**rope, "rope_theta": 10000.0}}
    vision = {
        "depth": 1,
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_heads": 2,
        "out_hidden_size": width,
        "fullatt_block_indexes": [0],
    }
    return Qwen2_5_VLForConditionalGeneration(
        Qwen2_5_VLConfig(text_config=text, vision_config=vision, **QWEN_PICTURE_TOKENS)
    )


def qwen3_vl(model: type[Any], layers: int = 2, width: int = 8) -> Any:
    """A language and picture model of the third Qwen series."""
    rope = {"rope_type": "default", "mrope_section": [1, 1, 0], "rope_theta": 10000.0}
    text = {**_language(layers, width), "head_dim": width // 2, "rope_parameters": rope}
    vision = {
        "depth": 1,
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_heads": 2,
        "out_hidden_size": width,
        "deepstack_visual_indexes": [0],
        "num_position_embeddings": 16,
    }
    return model(Qwen3VLConfig(text_config=text, vision_config=vision, **QWEN_PICTURE_TOKENS))


def qwen_vae(channels: int = 3) -> AutoencoderKLQwenImage:
    """Latents an eighth as wide as the picture, one frame."""
    return AutoencoderKLQwenImage(
        input_channels=channels,
        base_dim=4,
        z_dim=4,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.1, -0.2, 0.3, 0.0],
        latents_std=[1.1, 0.9, 1.2, 1.0],
    )


def flux2_vae() -> AutoencoderKLFlux2:
    """Latents an eighth as wide as the picture, packed two by two by the pipelines."""
    return AutoencoderKLFlux2(
        block_out_channels=(4, 4, 4, 4),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=2,
        sample_size=SIDE,
    )


def mistral3(model: type[Any], layers: int = 2, width: int = 8) -> Any:
    """A language and picture model of Mistral's for :func:`qwen_tokenizer`."""
    text = {**_language(layers, width), "model_type": "mistral", "head_dim": width // 2}
    vision = {
        "model_type": "pixtral",
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "head_dim": width // 2,
        "image_size": 28,
        "patch_size": 14,
    }
    return model(Mistral3Config(text_config=text, vision_config=vision, image_token_index=261))


def qwen2_vl_processor() -> Qwen2VLProcessor:
    """Text and pictures for :func:`qwen25_vl`; needs torchvision."""
    images = Qwen2VLImageProcessor(min_pixels=28 * 28, max_pixels=56 * 56)
    return Qwen2VLProcessor(
        image_processor=images,
        tokenizer=qwen_tokenizer(),
        video_processor=Qwen2VLVideoProcessor(),
        chat_template=CHAT_TEMPLATE,
    )


def qwen3_vl_processor() -> Qwen3VLProcessor:
    """Text and pictures for :func:`qwen3_vl` and :func:`qwen3_5`; needs torchvision."""
    images = Qwen2VLImageProcessor(
        patch_size=16, size={"shortest_edge": 32 * 32, "longest_edge": 64 * 64}
    )
    return Qwen3VLProcessor(
        image_processor=images,
        tokenizer=qwen_tokenizer(),
        video_processor=Qwen3VLVideoProcessor(),
        chat_template=CHAT_TEMPLATE,
    )


def qwen3_5(width: int = 8) -> Qwen3_5ForConditionalGeneration:
    """A language and picture model of the series after; one of its layers is linear."""
    text = {
        **_language(2, width),
        "head_dim": width // 2,
        "layer_types": ["linear_attention", "full_attention"],
        "linear_key_head_dim": 4,
        "linear_value_head_dim": 4,
        "linear_num_key_heads": 2,
        "linear_num_value_heads": 2,
        "rope_parameters": {
            "rope_type": "default",
            "rope_theta": 10000.0,
            "partial_rotary_factor": 1.0,
            "mrope_section": [1, 1, 0],
        },
    }
    vision = {
        "depth": 1,
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_heads": 2,
        "out_hidden_size": width,
        "num_position_embeddings": 16,
    }
    return Qwen3_5ForConditionalGeneration(
        Qwen3_5Config(text_config=text, vision_config=vision, **QWEN_PICTURE_TOKENS)
    )


def pixtral_processor() -> PixtralProcessor:
    """Text and pictures for :func:`mistral3`; needs torchvision."""
    return PixtralProcessor(
        image_processor=PixtralImageProcessor(),
        tokenizer=qwen_tokenizer(),
        chat_template=CHAT_TEMPLATE,
        image_token="<|image_pad|>",
        image_break_token="<|vision_start|>",
        image_end_token="<|vision_end|>",
    )
