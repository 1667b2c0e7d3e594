"""The parts of the demo model, all plain SDXL, and the folder they are shipped in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    EulerDiscreteScheduler,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from blockloom.demo.text import POOLED_WIDTH, TEXT_WIDTH, build_encoders
from blockloom.demo.vae import build_vae

LATENT_SIDE = 16
TIME_IDS = (64.0, 64.0, 0.0, 0.0, 64.0, 64.0)
TIME_WIDTH = 32


@dataclass(frozen=True, slots=True)
class DemoModel:
    """Everything that is trained, and the tokenizer."""

    tokenizer: CLIPTokenizer
    text_encoder: CLIPTextModel
    text_encoder_2: CLIPTextModelWithProjection
    unet: UNet2DConditionModel
    vae: AutoencoderKL

    def diffusion_parts(self) -> tuple[nn.Module, ...]:
        """What learns to denoise, in a fixed order; the autoencoder learns on its own."""
        return (self.unet, self.text_encoder, self.text_encoder_2)


def build_model(tokenizer: CLIPTokenizer) -> DemoModel:
    """The whole model, untrained."""
    return DemoModel(tokenizer, *build_encoders(tokenizer), build_unet(), build_vae())


def build_unet() -> UNet2DConditionModel:
    """The denoiser. It looks at the text at 16 x 16 too: without that it never learns shapes."""
    return UNet2DConditionModel(
        sample_size=LATENT_SIDE,
        block_out_channels=(32, 80, 112),
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        layers_per_block=1,
        transformer_layers_per_block=1,
        attention_head_dim=(2, 4, 4),  # the number of heads, in spite of its name
        cross_attention_dim=TEXT_WIDTH,
        norm_num_groups=8,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=TIME_WIDTH,
        projection_class_embeddings_input_dim=len(TIME_IDS) * TIME_WIDTH + POOLED_WIDTH,
    )


def build_scheduler() -> EulerDiscreteScheduler:
    """Cosine noise that ends in pure noise; a steeper one drowns 16 x 16 latents too early."""
    scheduler = EulerDiscreteScheduler(
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        steps_offset=1,
    )
    # Not for Euler, but for DDIM made from this configuration: latents reach beyond -1..1.
    scheduler.register_to_config(clip_sample=False)
    return scheduler


def encode_captions(model: DemoModel, captions: list[str]) -> tuple[Tensor, Tensor]:
    """What the UNet sees of captions: per token (n, 28, 160), and pooled (n, 96)."""
    ids = model.tokenizer(
        captions,
        padding="max_length",
        max_length=model.tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).input_ids
    first = model.text_encoder(ids, output_hidden_states=True)
    second = model.text_encoder_2(ids, output_hidden_states=True)
    tokens = torch.cat([first.hidden_states[-2], second.hidden_states[-2]], dim=-1)
    return tokens, second.text_embeds


def save_model(model: DemoModel, folder: Path) -> None:
    """Write the model in half precision, in the layout of a Stable Diffusion XL pipeline."""
    pipeline = StableDiffusionXLPipeline(
        vae=model.vae,
        text_encoder=model.text_encoder,
        text_encoder_2=model.text_encoder_2,
        tokenizer=model.tokenizer,
        tokenizer_2=model.tokenizer,
        unet=model.unet,
        scheduler=build_scheduler(),
        add_watermarker=False,
    )
    pipeline.to(dtype=torch.float16).save_pretrained(folder, safe_serialization=True)
    index = folder / "model_index.json"
    parts = json.loads(index.read_text())
    kept = {name: part for name, part in parts.items() if part != [None, None]}
    index.write_text(json.dumps(kept, indent=2) + "\n")
