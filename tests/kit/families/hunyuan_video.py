"""HunyuanVideo 1.5: films from text or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKLHunyuanVideo15,
    FlowMatchEulerDiscreteScheduler,
    HunyuanVideo15Transformer3DModel,
)
from diffusers.modular_pipelines import HunyuanVideo15AutoBlocks
from tests.kit.parts import PROMPT, picture, qwen_tokenizer, seed, t5
from tests.kit.recipes import Inputs, Recipe, write_repository
from transformers import (
    ByT5Tokenizer,
    Qwen2_5_VLTextConfig,
    Qwen2_5_VLTextModel,
    SiglipImageProcessor,
    SiglipVisionConfig,
    SiglipVisionModel,
)

_TEXT_WIDTH = 16
_IMAGE_WIDTH = 8
_CHANNELS = 4
_CHAT = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def _text_encoder() -> Qwen2_5_VLTextModel:
    config = Qwen2_5_VLTextConfig(
        hidden_size=_TEXT_WIDTH,
        intermediate_size=_TEXT_WIDTH,
        num_hidden_layers=3,
        num_attention_heads=2,
        num_key_value_heads=2,
        vocab_size=320,
        bos_token_id=None,
        eos_token_id=None,
        rope_scaling={"mrope_section": [1, 1, 2], "rope_type": "default"},
    )
    return Qwen2_5_VLTextModel(config)


def _image_encoder() -> SiglipVisionModel:
    """729 patches, a number that the pipeline takes for granted."""
    config = SiglipVisionConfig(
        hidden_size=_IMAGE_WIDTH,
        intermediate_size=_IMAGE_WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=54,
        patch_size=2,
    )
    return SiglipVisionModel(config)


def _vae() -> AutoencoderKLHunyuanVideo15:
    """16 times smaller in space and four times in time, as the real one."""
    return AutoencoderKLHunyuanVideo15(
        latent_channels=_CHANNELS,
        block_out_channels=(16, 16, 16, 16, 16),
        layers_per_block=1,
        downsample_match_channel=False,
        upsample_match_channel=False,
    )


def _transformer() -> HunyuanVideo15Transformer3DModel:
    """``target_size`` makes small pictures of those that the pipeline sizes by itself."""
    return HunyuanVideo15Transformer3DModel(
        in_channels=2 * _CHANNELS + 1,
        out_channels=_CHANNELS,
        num_attention_heads=2,
        attention_head_dim=8,
        num_layers=1,
        num_refiner_layers=1,
        mlp_ratio=2.0,
        text_embed_dim=_TEXT_WIDTH,
        text_embed_2_dim=8,
        image_embed_dim=_IMAGE_WIDTH,
        rope_axes_dim=(2, 2, 4),
        target_size=32,
    )


def _components() -> dict[str, Any]:
    tokenizer = qwen_tokenizer(length=1200)
    tokenizer.chat_template = _CHAT
    return {
        "text_encoder": _text_encoder(),
        "tokenizer": tokenizer,
        "text_encoder_2": t5(),
        "tokenizer_2": ByT5Tokenizer(extra_ids=0),
        "image_encoder": _image_encoder(),
        "feature_extractor": SiglipImageProcessor(size={"height": 54, "width": 54}),
        "vae": _vae(),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=7.0),
        "transformer": _transformer(),
    }


def build(folder: Path) -> None:
    write_repository(folder, HunyuanVideo15AutoBlocks, _components())


def text_inputs() -> Inputs:
    return {
        "prompt": f'{PROMPT}, with the words "hello there"',
        "negative_prompt": "fog",
        "height": 32,
        "width": 32,
        "num_frames": 5,
        "num_inference_steps": 2,
        "generator": seed(),
    }


def image_inputs() -> Inputs:
    """Height and width follow the picture."""
    inputs = {**text_inputs(), "image": picture()}
    return {name: value for name, value in inputs.items() if name not in ("height", "width")}


RECIPES = (
    Recipe("hunyuan-video-1.5", build, {"text2video": text_inputs, "image2video": image_inputs}),
)
