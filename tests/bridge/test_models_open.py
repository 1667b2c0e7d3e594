"""Opened models against diffusers itself, on a tiny Stable Diffusion XL."""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import (
    AutoencoderKL,
    ModularPipeline,
    StableDiffusionXLModularPipeline,
    UNet2DConditionModel,
)
from tests.tiny_models import COMPONENTS, build_tiny_sdxl

from blockloom.bridge.components import AbsentHandle, LoadedHandle
from blockloom.bridge.models import LoadOptions, ModelStore, open_component, open_model
from blockloom.errors import UsageError
from blockloom.execution.values import ComponentRef, NewPipeline
from blockloom.model_places import ModelPlaces

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

MODELS = ("text_encoder", "text_encoder_2", "unet", "vae")
PROPERTIES = (
    "vae_scale_factor",
    "default_height",
    "default_width",
    "default_sample_size",
    "num_channels_unet",
    "num_channels_latents",
    "device",
    "_execution_device",
    "dtype",
    "component_names",
    "null_component_names",
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sdxl(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def reference(repository: Path) -> Any:
    pipeline = ModularPipeline.from_pretrained(str(repository))
    pipeline.load_components(dtype=torch.float32)
    return pipeline


@pytest.fixture
def own_repository(repository: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(repository, tmp_path / "tiny"))


def _open(
    folder: Path, store: ModelStore | None = None, **options: str
) -> tuple[NewPipeline, ModelStore]:
    store = store or ModelStore()
    return open_model(str(folder), LoadOptions(**options), store=store), store


def _taken(opened: NewPipeline) -> dict[str, Any]:
    return {name: _handle(ref).take() for name, ref in opened.components.items()}


def _looked(opened: NewPipeline) -> dict[str, Any]:
    return {name: _handle(ref).look() for name, ref in opened.components.items()}


def _handle(ref: ComponentRef) -> Any:
    return ref.handle


def _build(opened: NewPipeline, components: Mapping[str, Any]) -> Any:
    handle: Any = opened.base.handle
    return handle.build(components)


def _picture(pipeline: Any, **inputs: Any) -> bytes:
    pictures = pipeline(
        prompt="a red circle",
        num_inference_steps=3,
        generator=torch.Generator().manual_seed(5),
        output="images",
        **inputs,
    )
    return pictures[0].tobytes()


def _keys(opened: NewPipeline) -> dict[str, str]:
    return {name: ref.key for name, ref in opened.components.items()}


def _changed(before: NewPipeline, after: NewPipeline) -> set[str]:
    keys = _keys(after)
    return {name for name, key in _keys(before).items() if key != keys[name]}


def _changed_configs(before: NewPipeline, after: NewPipeline) -> set[str]:
    refs = after.components
    return {n for n, ref in before.components.items() if ref.config_key != refs[n].config_key}


def test_the_whole_preset_gives_the_same_pixels(repository: Path, reference: Any) -> None:
    opened, _ = _open(repository)
    expected = _picture(reference)
    assert _picture(_build(opened, _taken(opened))) == expected
    assert _picture(_build(opened, _taken(opened))) == expected  # nothing was used up
    assert _picture(_build(opened, _taken(opened)), negative_prompt="blue") != expected


def test_weights_are_what_diffusers_loads(repository: Path, reference: Any) -> None:
    taken = _taken(_open(repository)[0])
    for name in MODELS:
        expected = reference.components[name]
        assert type(taken[name]) is type(expected)
        assert not taken[name].training
        weights, wanted = taken[name].state_dict(), expected.state_dict()
        assert weights.keys() == wanted.keys()
        assert all(torch.equal(weights[key], wanted[key]) for key in wanted)
        assert {weight.dtype for weight in weights.values()} >= {torch.float32}
    processors, wanted = taken["unet"].attn_processors, reference.unet.attn_processors
    assert {k: type(v) for k, v in processors.items()} == {k: type(v) for k, v in wanted.items()}


@pytest.mark.parametrize("give", [_looked, _taken], ids=["stand-ins", "loaded"])
def test_pipelines_have_the_properties_of_the_whole_one(
    repository: Path, reference: Any, give: Any
) -> None:
    opened, _ = _open(repository)
    pipeline = _build(opened, give(opened))
    assert isinstance(pipeline, StableDiffusionXLModularPipeline)
    assert type(pipeline).__name__ == type(reference).__name__
    found = {name: getattr(pipeline, name) for name in PROPERTIES}
    assert found == {name: getattr(reference, name) for name in PROPERTIES}
    assert dict(pipeline.config) == dict(ModularPipeline.from_pretrained(str(repository)).config)


def test_stand_ins_have_class_config_and_dtype_and_no_weights(
    repository: Path, reference: Any
) -> None:
    opened, store = _open(repository, dtype="bfloat16")
    looked = _looked(opened)
    assert _loaded_names(store) == {"tokenizer", "tokenizer_2"}
    for name in MODELS:
        expected = reference.components[name]
        assert type(looked[name]) is type(expected)
        assert looked[name].dtype is torch.bfloat16
        assert {weight.device.type for weight in looked[name].parameters()} == {"meta"}
        assert _config(looked[name]) == _config(expected)


def _config(model: Any) -> dict[str, Any]:
    config = model.config if isinstance(model.config, Mapping) else model.config.to_dict()
    ignored = ("dtype", "torch_dtype", "_name_or_path", "_use_default_values")
    return {key: value for key, value in config.items() if key not in ignored}


def _loaded_names(store: ModelStore) -> set[str]:
    return {loaded.label.partition(" of ")[0] for loaded in store.loaded()}


def test_the_dtype_is_that_of_the_first_model_even_as_a_stand_in(repository: Path) -> None:
    opened, _ = _open(repository, dtype="bfloat16")
    components = _looked(opened)
    components["vae"] = AutoencoderKL()
    pipeline = _build(opened, components)
    assert (pipeline.dtype, pipeline.device) == (torch.bfloat16, torch.device("cpu"))


def test_only_what_is_taken_is_loaded(repository: Path) -> None:
    opened, store = _open(repository)
    assert store.loaded() == ()
    vae = _handle(opened.components["vae"]).take()
    assert _loaded_names(store) == {"vae"}
    assert _handle(opened.components["vae"]).look() is vae
    assert store.size == sum(weight.nbytes for weight in vae.parameters())


def test_models_are_shared_between_nodes_runs_and_wires(repository: Path) -> None:
    opened, store = _open(repository)
    again, _ = _open(repository, store)
    first, second = _taken(opened), _taken(again)
    assert [name for name in MODELS if first[name] is not second[name]] == []
    assert first["tokenizer"] is second["tokenizer"]
    assert _loaded_names(store) == {*MODELS, "tokenizer", "tokenizer_2"}


def test_what_carries_state_is_given_as_copies(repository: Path) -> None:
    opened, _ = _open(repository)
    stateful = {n for n, ref in opened.components.items() if _handle(ref).carries_state}
    assert stateful == {"scheduler", "guider"}
    for give in ("take", "look"):
        used = getattr(_handle(opened.components["scheduler"]), give)()
        used.set_timesteps(4)
        used.betas.zero_()
        fresh = getattr(_handle(opened.components["scheduler"]), give)()
        assert fresh.num_inference_steps is None
        assert fresh.betas.any()


def test_absent_components_are_none_and_say_why(repository: Path) -> None:
    opened, _ = _open(repository)
    absent = {
        name: ref.handle.reason
        for name, ref in opened.components.items()
        if isinstance(ref.handle, AbsentHandle)
    }
    assert absent == {
        name: f'The model "{repository}" has no component "{name}".'
        for name in ("controlnet", "image_encoder")
    }
    assert {_handle(opened.components[name]).take() for name in absent} == {None}


def test_null_entries_of_the_index_are_absent(own_repository: Path) -> None:
    index = own_repository / "model_index.json"
    parts = json.loads(index.read_text())
    index.write_text(json.dumps({**parts, "image_encoder": [None, None]}))
    opened, _ = _open(own_repository)
    assert isinstance(opened.components["image_encoder"].handle, AbsentHandle)


def test_a_modular_index_opens_as_well(repository: Path, tmp_path: Path, reference: Any) -> None:
    saved = tmp_path / "modular"
    reference.save_pretrained(str(saved), overwrite_modular_index=True)
    assert (saved / "modular_model_index.json").is_file()
    moved = saved.rename(tmp_path / "moved")
    opened, _ = _open(moved)
    assert _picture(_build(opened, _taken(opened))) == _picture(reference)


def test_building_is_cheap_and_leaves_earlier_pipelines_alone(repository: Path) -> None:
    opened, _ = _open(repository)
    looked = _looked(opened)
    one = _build(opened, looked)
    two = _build(opened, {**looked, "vae": None, "extra": "thing"})
    assert (one.vae, two.vae) == (looked["vae"], None)
    assert (hasattr(one, "extra"), two.extra) == (False, "thing")
    assert two.components["extra"] == "thing"
    one.register_to_config(force_zeros_for_empty_prompt=False)
    assert two.config.force_zeros_for_empty_prompt is True
    assert _build(opened, looked).config.force_zeros_for_empty_prompt is True


def test_names_not_given_are_none(repository: Path) -> None:
    opened, _ = _open(repository)
    pipeline = _build(opened, {"unet": None})
    assert set(pipeline.components.values()) == {None}


def test_config_values_come_from_the_index(own_repository: Path) -> None:
    before, _ = _open(own_repository)
    index = own_repository / "model_index.json"
    parts = json.loads(index.read_text())
    index.write_text(json.dumps({**parts, "force_zeros_for_empty_prompt": False}))
    after, _ = _open(own_repository)
    handle: Any = after.base.handle
    assert handle.config["force_zeros_for_empty_prompt"] is False
    assert _build(after, {}).config.force_zeros_for_empty_prompt is False
    assert before.base.key != after.base.key
    assert _changed(before, after) == set()


def test_opening_twice_gives_the_same_keys(repository: Path) -> None:
    one, _ = _open(repository)
    two, _ = _open(repository)
    assert one.base.key == two.base.key
    assert (_changed(one, two), _changed_configs(one, two)) == (set(), set())
    keys = [ref.key for ref in one.components.values() if isinstance(ref.handle, LoadedHandle)]
    assert len(set(keys)) == len(keys)


def test_the_dtype_is_part_of_models_only(repository: Path) -> None:
    one, store = _open(repository, dtype="float32")
    two, _ = _open(repository, store, dtype="bfloat16")
    assert _changed(one, two) == _changed_configs(one, two) == set(MODELS)
    unets = [_handle(opened.components["unet"]).take() for opened in (one, two)]
    assert [unet.dtype for unet in unets] == [torch.float32, torch.bfloat16]


def test_changed_weights_change_one_key_and_no_config(own_repository: Path) -> None:
    before, store = _open(own_repository)
    weights = own_repository / "unet" / "diffusion_pytorch_model.safetensors"
    status = weights.stat()
    os.utime(weights, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    after, _ = _open(own_repository, store)
    assert (_changed(before, after), _changed_configs(before, after)) == ({"unet"}, set())
    unets = [_handle(opened.components["unet"]).take() for opened in (before, after)]
    assert unets[0] is not unets[1]


def test_a_changed_config_changes_key_and_config_key(own_repository: Path) -> None:
    before, _ = _open(own_repository)
    config = own_repository / "vae" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "scaling_factor": 0.5}))
    after, _ = _open(own_repository)
    assert _changed(before, after) == _changed_configs(before, after) == {"vae"}


def test_equal_schedulers_of_two_models_are_one_value(repository: Path, tmp_path: Path) -> None:
    other = build_tiny_sdxl(tmp_path, seed=1)
    before, after = _open(repository)[0], _open(other)[0]
    assert _changed(before, after) == {*MODELS, "tokenizer", "tokenizer_2"}
    assert _changed_configs(before, after) == set()


def test_variants_choose_their_files(own_repository: Path, tmp_path: Path) -> None:
    other = build_tiny_sdxl(tmp_path / "other", seed=3)
    for folder, file in (("unet", "diffusion_pytorch_model"), ("vae", "diffusion_pytorch_model")):
        source = other / folder / f"{file}.safetensors"
        shutil.copy(source, own_repository / folder / f"{file}.ema.safetensors")
    for folder in ("text_encoder", "text_encoder_2"):
        source = other / folder / "model.safetensors"
        shutil.copy(source, own_repository / folder / "model.ema.safetensors")
    plain, store = _open(own_repository)
    varied, _ = _open(own_repository, store, variant="ema")
    expected, _ = _open(other)
    found = _taken(varied)["unet"].state_dict()
    wanted = _taken(expected)["unet"].state_dict()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    assert _changed(plain, varied) >= set(MODELS)


def test_models_are_found_by_name_in_the_store_folders(repository: Path) -> None:
    store = ModelStore(places=ModelPlaces((repository.parent,)))
    opened = open_model(repository.name, store=store)
    assert _keys(opened) == _keys(_open(repository)[0])


def test_the_store_says_where_models_go_that_were_not_told(repository: Path) -> None:
    store = ModelStore(device="meta")
    with pytest.raises(UsageError, match='"meta" is not a device'):
        open_model(str(repository), store=store)
    assert open_model(str(repository), LoadOptions(device="cpu"), store=store)


def test_the_demo_model_opens() -> None:
    opened = open_model("demo", store=ModelStore())
    handle: Any = opened.base.handle
    assert handle.pipeline_class is StableDiffusionXLModularPipeline
    assert set(COMPONENTS) <= set(opened.components)


@pytest.mark.parametrize("component", ["unet", "vae", "text_encoder", "tokenizer", "scheduler"])
def test_one_component_is_the_same_value_as_in_its_pipeline(
    repository: Path, component: str
) -> None:
    opened, store = _open(repository)
    ref = open_component(str(repository), component, store=store)
    expected = opened.components[component]
    assert (ref.key, ref.config_key) == (expected.key, expected.config_key)
    if not _handle(ref).carries_state:
        assert _handle(ref).take() is _handle(expected).take()


def test_a_folder_that_is_a_component_opens_by_itself(repository: Path) -> None:
    ref = open_component(str(repository / "vae"), "", store=ModelStore())
    assert type(_handle(ref).take()) is AutoencoderKL
    tokenizer = open_component(str(repository / "tokenizer"), "", store=ModelStore())
    assert _handle(tokenizer).take()("a").input_ids


def test_a_component_may_be_replaced_on_the_wire(repository: Path, tmp_path: Path) -> None:
    other = build_tiny_sdxl(tmp_path, seed=1)
    opened, store = _open(repository)
    unet = open_component(str(other), "unet", store=store)
    replaced = NewPipeline(opened.base, {**opened.components, "unet": unet})
    expected = ModularPipeline.from_pretrained(str(repository))
    expected.load_components(dtype=torch.float32)
    expected.update_components(unet=UNet2DConditionModel.from_pretrained(other, subfolder="unet"))
    assert _picture(_build(replaced, _taken(replaced))) == _picture(expected)


def test_the_offload_policy_changes_nothing_on_a_cpu(repository: Path) -> None:
    one, store = _open(repository)
    two, _ = _open(repository, store, offload="model")
    assert _taken(one)["unet"] is _taken(two)["unet"]


def test_handles_survive_a_shallow_copy_of_their_wire(repository: Path) -> None:
    opened, _ = _open(repository)
    copied = copy.copy(opened)
    assert _taken(copied)["vae"] is _taken(opened)["vae"]
