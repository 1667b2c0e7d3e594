"""The shipped model: complete, small, portable, and able to paint what it is asked for."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    ModularPipeline,
    UniPCMultistepScheduler,
)

from blockloom.demo import model_folder
from blockloom.demo.captions import full_caption
from blockloom.demo.check import held_out_scenes
from blockloom.demo.detect import judge
from blockloom.demo.painter import load_pipeline, paint

LARGEST = 12_000_000


def files() -> list[Path]:
    return [path for path in model_folder().rglob("*") if path.is_file()]


def test_folder_is_complete_and_small() -> None:
    names = {str(path.relative_to(model_folder())) for path in files()}
    weights = ("unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model")
    weights += ("text_encoder/model", "text_encoder_2/model")
    parts = ("unet", "vae", "text_encoder", "text_encoder_2")
    assert names == {
        "model_index.json",
        "scheduler/scheduler_config.json",
        *(f"{weight}.safetensors" for weight in weights),
        *(f"{part}/config.json" for part in parts),
        *(f"{part}/{file}" for part in ("tokenizer", "tokenizer_2") for file in TOKENIZER_FILES),
    }
    assert sum(path.stat().st_size for path in files()) <= LARGEST


TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def test_index_names_only_parts_that_are_there() -> None:
    index = json.loads((model_folder() / "model_index.json").read_text())
    parts = {name: part for name, part in index.items() if isinstance(part, list)}
    assert index["_class_name"] == "StableDiffusionXLPipeline"
    assert all(None not in part for part in parts.values())
    assert all((model_folder() / name).is_dir() for name in parts)


def test_no_file_holds_an_absolute_path() -> None:
    texts = [path.read_text() for path in files() if path.suffix == ".json"]
    values = [value for text in texts for value in _strings(json.loads(text))]
    assert values
    assert not [v for v in values if len(v) > 1 and (v.startswith("/") or v[1:3] == ":\\")]


def _strings(value: object) -> list[str]:
    """All text values in parsed JSON; keys are no paths, they are words of the vocabulary."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in inner for text in _strings(part)]


@pytest.fixture(scope="module")
def pipeline() -> ModularPipeline:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_pipeline(model_folder())


def test_paints_the_time_and_the_terrain_of_held_out_prompts(pipeline: ModularPipeline) -> None:
    scenes = held_out_scenes("land", 8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pictures = paint(pipeline, [full_caption(scene) for scene in scenes], seed=5, steps=15)
    right = [judge(scene, picture)["all"] for scene, picture in zip(scenes, pictures, strict=True)]
    others = scenes[1:] + scenes[:1]
    luck = [judge(scene, picture)["all"] for scene, picture in zip(others, pictures, strict=True)]
    assert sum(right) >= 6
    assert sum(luck) <= 3


@pytest.mark.parametrize(
    "kind",
    [
        DDIMScheduler,
        DPMSolverMultistepScheduler,
        EulerAncestralDiscreteScheduler,
        UniPCMultistepScheduler,
    ],
)
def test_other_schedulers_can_be_made_from_its_own(pipeline: ModularPipeline, kind: type) -> None:
    own = pipeline.scheduler
    scenes = held_out_scenes("land", 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline.update_components(scheduler=kind.from_config(own.config))
        pictures = paint(pipeline, [full_caption(scene) for scene in scenes], seed=6, steps=15)
        pipeline.update_components(scheduler=own)
    right = [judge(scene, picture)["time"] for scene, picture in zip(scenes, pictures, strict=True)]
    assert sum(right) >= 3
