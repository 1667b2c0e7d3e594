"""MiniMax Music 3: songs from a description and lyrics."""

from __future__ import annotations

from pathlib import Path

from diffusers import FlowMatchEulerDiscreteScheduler
from diffusers.models.autoencoders.minimax_music3_vocoder import MiniMaxMusic3Vocoder
from diffusers.models.condition_embedders.condition_embedder_minimax_music3 import (
    MiniMaxMusic3ConditionEncoder,
)
from diffusers.models.transformers.minimax_music3_rvq_depth_decoder import (
    MiniMaxMusic3RVQDepthDecoder,
)
from diffusers.models.transformers.transformer_minimax_music3 import (
    MiniMaxMusic3Transformer1DModel,
)
from diffusers.modular_pipelines import MiniMaxMusic3Blocks
from tests.kit.parts import qwen_tokenizer, seed
from tests.kit.recipes import Inputs, Recipe, write_repository
from transformers import Qwen2Tokenizer, Qwen3Config, Qwen3ForCausalLM

_WIDTH = 8
_CHANNELS = 4


def _language_model() -> Qwen3ForCausalLM:
    """The pipeline takes the numbers of its tokens for granted, up to 168 058."""
    config = Qwen3Config(
        vocab_size=168_064,
        hidden_size=_WIDTH,
        intermediate_size=_WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=4,
        tie_word_embeddings=True,
    )
    return Qwen3ForCausalLM(config)


def _tokenizer() -> Qwen2Tokenizer:
    marks = [f"<|{name}_{end}|>" for name in ("caption", "lyrics") for end in ("start", "end")]
    tokenizer = qwen_tokenizer()
    tokenizer.add_tokens([*marks, "<|audio_start|>"], special_tokens=True)
    return tokenizer


def build(folder: Path) -> None:
    components = {
        "tokenizer": _tokenizer(),
        "language_model": _language_model(),
        "rvq_depth_decoder": MiniMaxMusic3RVQDepthDecoder(
            hidden_size=_WIDTH,
            num_layers=1,
            num_attention_heads=2,
            intermediate_size=_WIDTH,
            audio_vocab_size=64,
            num_codebooks=3,
        ),
        "condition_encoder": MiniMaxMusic3ConditionEncoder(
            condition_hidden_dim=_WIDTH, num_condition_layers=3, out_dim=_WIDTH
        ),
        "transformer": MiniMaxMusic3Transformer1DModel(
            in_channels=_CHANNELS,
            condition_dim=_WIDTH,
            num_layers=1,
            num_attention_heads=2,
            attention_head_dim=8,
            ff_inner_dim=8,
            rotary_dim=4,
            fourier_embedding_dim=8,
        ),
        "scheduler": FlowMatchEulerDiscreteScheduler(),
        "vocoder": MiniMaxMusic3Vocoder(
            latent_channels=_CHANNELS, decoder_input_dim=16, decoder_hidden_dim=16
        ),
    }
    write_repository(folder, MiniMaxMusic3Blocks, components)


def inputs() -> Inputs:
    return {
        "prompt": "a bright waltz for two pianos",
        "lyrics": "[verse]\nround and round",
        "audio_duration": 0.2,
        "num_inference_steps": 2,
        "generator": seed(),
    }


RECIPES = (Recipe("minimax-music3", build, {"default": inputs}),)
