"""LTX-2 and LTX-2.5: films with sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKLLTX2Audio,
    AutoencoderKLLTX2Video,
    FlowMatchEulerDiscreteScheduler,
    LTX2VideoTransformer3DModel,
)
from diffusers.guiders import LTX2Guidance
from diffusers.models.autoencoders.ltx2_diffusion_decoder import LTX2VideoDiffusionDecoderModel
from diffusers.modular_pipelines import LTX2AutoBlocks, LTX25AutoBlocks
from diffusers.pipelines.ltx2.connectors import LTX2TextConnectors
from diffusers.pipelines.ltx2.duration_head import LTX2DurationHead
from diffusers.pipelines.ltx2.pipeline_ltx2_condition import LTX2VideoCondition
from diffusers.pipelines.ltx2.pipeline_ltx2_ic_lora import LTX2ReferenceCondition
from diffusers.pipelines.ltx2.vocoder import LTX2Vocoder
from tests.kit.film_parts import film, umt5_tokenizer
from tests.kit.parts import PROMPT, picture, seed
from tests.kit.recipes import Inputs, Recipe, write_repository
from transformers import Gemma3Config, Gemma3ForConditionalGeneration

CHANNELS = 4
_TEXT_WIDTH = 8
_TEXT_LAYERS = 2
_SIDE = 64


def text_encoder() -> Gemma3ForConditionalGeneration:
    """Gemma with eyes, as in LTX-2; they are not used here."""
    text = {
        "hidden_size": _TEXT_WIDTH,
        "intermediate_size": 2 * _TEXT_WIDTH,
        "num_hidden_layers": _TEXT_LAYERS,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 4,
        "vocab_size": 320,
    }
    vision = {
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": 16,
        "patch_size": 8,
    }
    return Gemma3ForConditionalGeneration(
        Gemma3Config(text_config=text, vision_config=vision, mm_tokens_per_image=4)
    )


def connectors() -> LTX2TextConnectors:
    """From all layers of the text encoder to what film and sound read."""
    return LTX2TextConnectors(
        caption_channels=_TEXT_WIDTH,
        text_proj_in_factor=_TEXT_LAYERS + 1,
        video_connector_num_attention_heads=2,
        video_connector_attention_head_dim=4,
        video_connector_num_layers=1,
        video_connector_num_learnable_registers=None,
        audio_connector_num_attention_heads=2,
        audio_connector_attention_head_dim=4,
        audio_connector_num_layers=1,
        audio_connector_num_learnable_registers=None,
        connector_rope_base_seq_len=32,
        rope_double_precision=False,
        rope_type="split",
    )


def vae() -> AutoencoderKLLTX2Video:
    """32 times smaller in space and eight times in time, as the real one."""
    return AutoencoderKLLTX2Video(
        latent_channels=CHANNELS,
        block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 16, 32),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1),
        spatial_compression_ratio=32,
        temporal_compression_ratio=8,
    )


def audio_vae() -> AutoencoderKLLTX2Audio:
    return AutoencoderKLLTX2Audio(
        base_channels=4, ch_mult=(1, 1, 1), num_res_blocks=1, latent_channels=2, mel_bins=8
    )


def vocoder() -> LTX2Vocoder:
    return LTX2Vocoder(
        in_channels=16,
        hidden_channels=8,
        upsample_kernel_sizes=[4, 4],
        upsample_factors=[2, 2],
        resnet_kernel_sizes=[3],
        resnet_dilations=[[1, 3, 5]],
    )


def transformer() -> LTX2VideoTransformer3DModel:
    return LTX2VideoTransformer3DModel(
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        audio_in_channels=4,
        audio_out_channels=4,
        audio_num_attention_heads=2,
        audio_attention_head_dim=4,
        audio_cross_attention_dim=8,
        num_layers=2,
        caption_channels=_TEXT_WIDTH,
        rope_double_precision=False,
        rope_type="split",
    )


def components() -> dict[str, Any]:
    return {
        "text_encoder": text_encoder(),
        "tokenizer": umt5_tokenizer(),
        "connectors": connectors(),
        "vae": vae(),
        "audio_vae": audio_vae(),
        "vocoder": vocoder(),
        "transformer": transformer(),
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
    }


def ship_guider(folder: Path) -> None:
    """Put a guider into a repository: the pipeline's own looks at the 29th of 48 layers."""
    guider = LTX2Guidance(
        guidance_scale=3.0, stg_scale=1.0, modality_scale=3.0, spatio_temporal_guidance_blocks=[1]
    )
    guider.save_pretrained(folder / "guider")
    index = folder / "modular_model_index.json"
    parts = json.loads(index.read_text())
    kind = ["diffusers", "LTX2Guidance"]
    place = {**parts["scheduler"][2], "subfolder": "guider", "type_hint": kind}
    index.write_text(json.dumps({**parts, "guider": [*kind, place]}))


def duration_head() -> LTX2DurationHead:
    """What says how long a film is to be."""
    return LTX2DurationHead(
        video_cross_attention_dim=8,
        audio_cross_attention_dim=8,
        pooler_hidden_dim=8,
        num_pooler_heads=2,
        mlp_hidden_dim=8,
    )


def decoder() -> LTX2VideoDiffusionDecoderModel:
    return LTX2VideoDiffusionDecoderModel(
        latent_channels=CHANNELS,
        decoder_head_dim=8,
        decoder_stage_channels=(64, 32, 16, 16, 8),
        decoder_stage_depths=(1, 1, 1, 1, 1),
        decoder_stage_kernels=((1, 1, 1), (1, 3, 3), (3, 3, 3), (3, 3, 3)),
        decoder_stage5_kernel=(3, 3, 3),
        decoder_t_emb_dim=8,
    )


def build(folder: Path) -> None:
    write_repository(folder, LTX2AutoBlocks, components())
    ship_guider(folder)


def build_25(folder: Path) -> None:
    """The same with a decoder that is a diffusion model itself, and a part that knows lengths."""
    more = {"diffusion_decoder": decoder(), "duration_head": duration_head()}
    write_repository(folder, LTX25AutoBlocks, {**components(), **more})


def text_inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "negative_prompt": "fog",
        "height": _SIDE,
        "width": _SIDE,
        "num_frames": 9,
        "frame_rate": 8.0,
        "num_inference_steps": 2,
        "max_sequence_length": 64,
        "generator": seed(),
    }


def image_inputs() -> Inputs:
    return {**text_inputs(), "image": picture()}


def condition_inputs() -> Inputs:
    """A film at the beginning, and a picture at the end."""
    begin = LTX2VideoCondition(frames=film(9, _SIDE), index=0, strength=0.8)
    end = LTX2VideoCondition(frames=picture(hue=60), index=-1)
    return {**text_inputs(), "conditions": [begin, end]}


def reference_inputs() -> Inputs:
    reference = LTX2ReferenceCondition(frames=film(9, _SIDE), strength=0.9)
    return {**text_inputs(), "reference_conditions": [reference]}


def _as_long_as_it_takes(inputs: Inputs) -> Inputs:
    """A second, few frames here: the model says how many."""
    kept = {name: value for name, value in inputs.items() if name != "num_frames"}
    return {**kept, "min_seconds": 1.0, "max_seconds": 1.2}


RECIPES = (
    Recipe(
        "ltx2",
        build,
        {
            "text2video": text_inputs,
            "image2video": image_inputs,
            "condition": condition_inputs,
            "in_context": reference_inputs,
        },
    ),
    Recipe(
        "ltx2.5",
        build_25,
        {
            "text2video": lambda: _as_long_as_it_takes(text_inputs()),
            "image2video": lambda: _as_long_as_it_takes(image_inputs()),
            "condition": lambda: _as_long_as_it_takes(condition_inputs()),
            "in_context": reference_inputs,
        },
    ),
)
